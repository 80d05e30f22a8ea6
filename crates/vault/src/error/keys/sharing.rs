//! Shared keys and recipients.

use privicore_envelope::{RecipientError, SharedKeyError};

use crate::error::code::Code;
use crate::error::words::Words;

/// Why a shared key or a recipient cannot be used.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum SharingError {
    /// The name of a shared key cannot be used, or is not known.
    #[error("the shared key's name: {0}")]
    SharedKeyName(#[source] SharedKeyError),
    #[error("the shared key is known as {name}")]
    SharedKeyKnown { name: String },
    /// A text is no shared key.
    #[error("not a shared key")]
    BadSharedKey,
    /// The shared key that is needed is not kept here.
    #[error("the shared key {fingerprint} is missing")]
    SharedKeyMissing { fingerprint: String },
    /// No shared key opens the stored bytes, or they are damaged.
    #[error("the shared key does not open the stored bytes")]
    WrongSharedKey,
    /// A file is longer than the shared-key form allows.
    #[error("{name} is too long for the shared-key form")]
    TooLongForSharedKey { name: String },
    /// A text is no public key that files can be sealed to.
    #[error("not a recipient: {0}")]
    BadRecipient(#[source] RecipientError),
    /// Files are sealed to this recipient already.
    #[error("the recipient is known")]
    RecipientKnown,
    /// There is no such recipient.
    #[error("no such recipient")]
    UnknownRecipient,
    /// A file cannot be sealed to so many.
    #[error("too many recipients")]
    TooManyRecipients,
}

impl SharingError {
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::SharedKeyName(problem) => shared_key_name(*problem),
            Self::SharedKeyKnown { name } => (
                Code::SharedKeyKnown,
                format!("This key is there already, as “{name}”."),
                "Use it under that name, or rename it.",
            ),
            Self::BadSharedKey => (
                Code::BadSharedKey,
                "This is not a shared key.".into(),
                "A shared key has 32 bytes: 64 hexadecimal digits, or 44 characters of base64.",
            ),
            Self::SharedKeyMissing { fingerprint } => (
                Code::SharedKeyMissing,
                format!("The shared key {fingerprint} is not on this machine."),
                "Import it under Security, then try again. Nothing was changed.",
            ),
            Self::WrongSharedKey => (
                Code::WrongSharedKey,
                "The shared key does not open this file, or the file is damaged: its form does not tell which.".into(),
                "Choose the shared key that it was stored with. Nothing was saved.",
            ),
            Self::TooLongForSharedKey { name } => (
                Code::TooLongForSharedKey,
                format!("“{name}” is too long for the shared-key form, which takes 64 GiB at the most."),
                "Store it as an age file. Nothing of it was stored.",
            ),
            Self::BadRecipient(problem) => bad_recipient(problem),
            Self::RecipientKnown => (
                Code::RecipientKnown,
                "This recipient is there already.".into(),
                "Files are sealed to them once. Nothing was changed.",
            ),
            Self::UnknownRecipient => (
                Code::UnknownRecipient,
                "There is no such recipient.".into(),
                "Look at the list for the key or the label. One of a context has to be removed there.",
            ),
            Self::TooManyRecipients => (
                Code::TooManyRecipients,
                "A file can be sealed to 40 recipients beside you.".into(),
                "Remove one that is not needed any more.",
            ),
        }
    }
}

fn shared_key_name(problem: SharedKeyError) -> Words {
    match problem {
        SharedKeyError::NotFound => (
            Code::UnknownSharedKey,
            "There is no shared key of this name.".into(),
            "Look at the list of shared keys under Security.",
        ),
        SharedKeyError::NameTaken => (
            Code::SharedKeyName,
            "Another shared key has this name.".into(),
            "Choose another name. Nothing was changed.",
        ),
        SharedKeyError::NameEmpty | SharedKeyError::NameTooLong | SharedKeyError::NameNotText => (
            Code::SharedKeyName,
            format!("This name cannot be used: {problem}."),
            "Choose a name of 1 to 64 characters, on one line. Nothing was changed.",
        ),
    }
}

fn bad_recipient(problem: &RecipientError) -> Words {
    let code = match problem {
        RecipientError::PrivateKey => Code::PrivateKey,
        RecipientError::Empty
        | RecipientError::SeveralLines
        | RecipientError::OtherSshKey { .. }
        | RecipientError::Plugin { .. }
        | RecipientError::UnacceptedSize { .. }
        | RecipientError::Mistyped
        | RecipientError::NotAKey => Code::BadRecipient,
    };
    let mut message = problem.to_string();
    // The envelope's words are parts of a sentence.
    if let Some(first) = message.get(..1) {
        message.replace_range(..1, &first.to_uppercase());
    }
    (
        code,
        format!("{message}."),
        "Ask for the public key: one line that begins with age1 or ssh-rsa. Nothing was changed.",
    )
}

#[cfg(test)]
impl SharingError {
    pub(crate) fn every() -> Vec<Self> {
        let name = || "report.pdf".to_owned();
        let mut all = vec![
            Self::SharedKeyKnown {
                name: "team".into(),
            },
            Self::BadSharedKey,
            Self::SharedKeyMissing {
                fingerprint: "SHA256:abc".into(),
            },
            Self::WrongSharedKey,
            Self::TooLongForSharedKey { name: name() },
            Self::RecipientKnown,
            Self::UnknownRecipient,
            Self::TooManyRecipients,
        ];
        let names = [
            SharedKeyError::NameEmpty,
            SharedKeyError::NameTooLong,
            SharedKeyError::NameNotText,
            SharedKeyError::NameTaken,
            SharedKeyError::NotFound,
        ];
        all.extend(names.map(Self::SharedKeyName));
        let recipients = [
            RecipientError::Empty,
            RecipientError::SeveralLines,
            RecipientError::PrivateKey,
            RecipientError::UnacceptedSize { bits: 512 },
            RecipientError::Mistyped,
            RecipientError::NotAKey,
        ];
        all.extend(recipients.map(Self::BadRecipient));
        all
    }
}
