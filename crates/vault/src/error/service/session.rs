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
            Self::WrongPassword => (
                Code::WrongPassword,
                "The user name or the password is wrong.".into(),
                "Check both and try again. Nothing was changed.",
            ),
            Self::SignedOut => (
                Code::SignedOut,
                "Nobody is signed in.".into(),
                "Sign in and try again.",
            ),
            Self::Locked => (
                Code::Locked,
                "The app is locked.".into(),
                "Unlock it and try again.",
            ),
            Self::SignedInAlready => (
                Code::SignedIn,
                "A profile is signed in already.".into(),
                "Sign out first.",
            ),
            Self::Ended => (
                Code::SessionEnded,
                "The service has ended this session and did not renew it.".into(),
                "Sign in again. What was stored is still stored.",
            ),
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
