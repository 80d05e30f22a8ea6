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
            Self::NameTaken => (
                Code::NameTaken,
                "This user name is taken.".into(),
                "Choose another name, or sign in if the profile is yours.",
            ),
            Self::ProfileNotReady { first_key } => (
                Code::ProfileNotReady,
                match first_key {
                    FirstKey::Registered => {
                        "The profile was requested and its public key registered, but the service \
                        does not sign it in yet."
                            .into()
                    }
                    FirstKey::Refused => {
                        "The profile was requested, but the service does not sign it in yet, and \
                        takes no public key before."
                            .into()
                    }
                },
                "Wait a minute, then sign in with the same name and password.",
            ),
            Self::MadeAndNotSignedIn { user_name } => (
                Code::SignedIn,
                format!(
                    "The profile “{user_name}” was made, and its keys are on this machine. Another profile was \
                    signed in meanwhile, so that this one has to be signed in to later."
                ),
                "Sign out, then sign in with this name.",
            ),
            Self::NotThePassword => (
                Code::NotThePassword,
                "The current password is another one.".into(),
                "Type the one you sign in with, not the passphrase of this machine. Nothing was changed.",
            ),
            Self::EmptyPassword => (
                Code::EmptyPassword,
                "The new password is empty.".into(),
                "Choose one that others cannot guess. Nothing was changed.",
            ),
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
