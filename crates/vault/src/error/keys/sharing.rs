//! Shared keys and recipients.

use privicore_envelope::{MAX_SHARED_KEY_NAME_CHARS, RecipientError, SharedKeyError};

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
            Self::SharedKeyKnown { name } => Code::SharedKeyKnown.words().name(name),
            Self::BadSharedKey => Code::BadSharedKey.words(),
            Self::SharedKeyMissing { fingerprint } => Code::SharedKeyMissing
                .words()
                .text("fingerprint", fingerprint),
            Self::WrongSharedKey => Code::WrongSharedKey.words(),
            Self::TooLongForSharedKey { name } => Code::TooLongForSharedKey.words().name(name),
            Self::BadRecipient(problem) => bad_recipient(problem),
            Self::RecipientKnown => Code::RecipientKnown.words(),
            Self::UnknownRecipient => Code::UnknownRecipient.words(),
            Self::TooManyRecipients => Code::TooManyRecipients.words(),
        }
    }
}

fn shared_key_name(problem: SharedKeyError) -> Words {
    match problem {
        SharedKeyError::NotFound => Code::UnknownSharedKey.words(),
        SharedKeyError::NameTaken => Code::SharedKeyName.words_of("name_taken"),
        SharedKeyError::NameEmpty => Code::SharedKeyName.words_of("empty"),
        SharedKeyError::NameTooLong => {
            (Code::SharedKeyName.words_of("too_long")).number("count", MAX_SHARED_KEY_NAME_CHARS)
        }
        SharedKeyError::NameNotText => Code::SharedKeyName.words_of("not_text"),
    }
}

fn bad_recipient(problem: &RecipientError) -> Words {
    let words = |cause| Code::BadRecipient.words_of(cause);
    let words = match problem {
        RecipientError::PrivateKey => Code::PrivateKey.words(),
        RecipientError::Empty => words("empty"),
        RecipientError::SeveralLines => words("several_lines"),
        RecipientError::OtherSshKey { kind } => words("other_ssh_key").text("kind", kind),
        RecipientError::Plugin { name } => words("plugin").name(name),
        RecipientError::UnacceptedSize { bits } => words("unaccepted_size").number("bits", *bits),
        RecipientError::Mistyped => words("mistyped"),
        RecipientError::NotAKey => words("not_a_key"),
    };
    words.hint("bad_recipient.hint")
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
            RecipientError::OtherSshKey {
                kind: "ssh-ed25519".into(),
            },
            RecipientError::Plugin {
                name: "yubikey".into(),
            },
            RecipientError::UnacceptedSize { bits: 512 },
            RecipientError::Mistyped,
            RecipientError::NotAKey,
        ];
        all.extend(recipients.map(Self::BadRecipient));
        all
    }
}
