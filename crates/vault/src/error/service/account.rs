//! The profile at the service, and its password.

use crate::error::code::Code;
use crate::error::words::Words;
use crate::session::first_key::FirstKey;

/// Why the profile's account is not created or changed.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum AccountError {
    /// Another profile has this user name.
    #[error("the user name is taken")]
    NameTaken,
    /// The new profile did not become usable in time.
    #[error("the new profile is not ready")]
    ProfileNotReady {
        /// What came of registering its public key first.
        first_key: FirstKey,
    },
    /// A profile was made, and another process has signed another one in meanwhile.
    #[error("the profile was made, and another one is signed in")]
    MadeAndNotSignedIn { user_name: String },
    /// What was typed as the current password is not it.
    #[error("not the current password")]
    NotThePassword,
    /// A new password has no characters.
    #[error("the password is empty")]
    EmptyPassword,
}

impl AccountError {
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::NameTaken => Code::NameTaken.words(),
            Self::ProfileNotReady { first_key } => {
                Code::ProfileNotReady.words_of(match first_key {
                    FirstKey::Registered => "registered",
                    FirstKey::Refused => "refused",
                })
            }
            Self::MadeAndNotSignedIn { user_name } => {
                Code::SignedIn.words_of("another").name(user_name)
            }
            Self::NotThePassword => Code::NotThePassword.words(),
            Self::EmptyPassword => Code::EmptyPassword.words(),
        }
    }
}

#[cfg(test)]
impl AccountError {
    /// One of each.
    pub(crate) fn every() -> Vec<Self> {
        vec![
            Self::NameTaken,
            Self::ProfileNotReady {
                first_key: FirstKey::Registered,
            },
            Self::ProfileNotReady {
                first_key: FirstKey::Refused,
            },
            Self::MadeAndNotSignedIn {
                user_name: "ada".into(),
            },
            Self::NotThePassword,
            Self::EmptyPassword,
        ]
    }
}
