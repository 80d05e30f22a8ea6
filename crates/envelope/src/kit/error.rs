//! Errors of making and reading a recovery kit.

use crate::SealError;

/// Whose kit it is, and when it was made.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) user_name: String,
    pub(crate) server: String,
    /// Seconds since 1970 (UTC).
    pub(crate) made_at: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum KitNotMade {
    /// The secret half of the recovery key is in an earlier kit only: a new kit needs a new recovery key.
    #[error("the recovery key is not kept on this machine")]
    SecretForgotten,
    /// The keys cannot be sealed to it.
    #[error("the keys cannot be sealed to the recovery key")]
    NotSealed(#[from] SealError),
}

/// A part of a kit that is typed or scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KitPart {
    /// `AGE-SECRET-KEY-1…`
    RecoveryKey,
    /// `PRIVICORE-NAME-KEY-1…`
    NameKey,
    /// User name and server, in the QR code.
    Account,
}

impl std::fmt::Display for KitPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::RecoveryKey => "the recovery key",
            Self::NameKey => "the name key",
            Self::Account => "the account",
        })
    }
}

/// Why a text is not a kit, and which part of it is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KitError {
    /// Nothing in it begins with `AGE-SECRET-KEY-1`.
    #[error("there is no recovery key in the text: it begins with AGE-SECRET-KEY-1")]
    NoRecoveryKey,
    /// A key has fewer characters than it should have.
    #[error("{part} is incomplete: it has {found} of {expected} characters")]
    Incomplete {
        part: KitPart,
        /// How many characters it should have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// A character is not the right one: its checksum tells, not which.
    #[error("{part} is mistyped: check the characters")]
    Mistyped { part: KitPart },
    /// The block with all keys is not as it was written, or cut.
    #[error("the block of keys in the kit is damaged")]
    BundleDamaged,
    /// The block with all keys is sealed to another recovery key.
    #[error("the block of keys belongs to another recovery key")]
    BundleOfAnotherKey,
    /// The name key is not the one in the block with all keys.
    #[error("the name key and the block of keys are from different kits")]
    DifferentKits,
    /// A newer program made the kit.
    #[error("the kit has version {version}, which is not known")]
    UnknownVersion { version: u32 },
}
