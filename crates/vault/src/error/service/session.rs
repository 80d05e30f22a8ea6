//! Signing in, locking, and the end of a session.

use crate::error::code::Code;
use crate::error::words::Words;

/// Why a session does not start, or does not allow something.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum SessionError {
    /// The service does not know this user name with this password.
    #[error("wrong user name or password")]
    WrongPassword,
    /// Nobody is signed in.
    #[error("signed out")]
    SignedOut,
    /// Somebody is signed in, but the keys are not open.
    #[error("locked")]
    Locked,
    /// Somebody is signed in already.
    #[error("signed in already")]
    SignedInAlready,
    /// The session ended and could not be renewed with the password in use.
    #[error("the session has ended")]
    Ended,
}

impl SessionError {
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::WrongPassword => Code::WrongPassword.words(),
            Self::SignedOut => Code::SignedOut.words_of("nobody"),
            Self::Locked => Code::Locked.words(),
            Self::SignedInAlready => Code::SignedIn.words_of("already"),
            Self::Ended => Code::SessionEnded.words(),
        }
    }
}

#[cfg(test)]
impl SessionError {
    /// One of each.
    pub(crate) fn every() -> Vec<Self> {
        vec![
            Self::WrongPassword,
            Self::SignedOut,
            Self::Locked,
            Self::SignedInAlready,
            Self::Ended,
        ]
    }
}
