//! Devices, applications and votes.

use crate::error::code::Code;
use crate::error::explanation::Explanation;
use crate::error::words::Words;

/// Why a device, an application or a voting rule is not set up.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum CollaborationError {
    /// The code for a device does not fit into a picture.
    #[error("the code is too long")]
    CodeTooLong,
    /// The service has told the secret of an application before, and tells it once.
    #[error("the application's secret was told already")]
    SecretToldAlready,
    /// Of two rules for votes the first holds, the second does not.
    #[error("the quorum was set, the number of attempts was not")]
    OnlyQuorumSet(Explanation),
}

impl CollaborationError {
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::CodeTooLong => Code::PairingCodeTooLong.words(),
            Self::SecretToldAlready => Code::SecretToldAlready.words(),
            Self::OnlyQuorumSet(reason) => Code::OnlyQuorumSet.words().because(reason),
        }
    }
}

#[cfg(test)]
impl CollaborationError {
    /// One of each.
    pub(crate) fn every() -> Vec<Self> {
        let reason = Code::Locked.words().explain();
        let mut all = vec![Self::CodeTooLong, Self::SecretToldAlready];
        all.push(Self::OnlyQuorumSet(reason));
        all
    }
}
