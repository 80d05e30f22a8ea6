//! The pairs for what can go wrong around keys and recipients.

use privicore_envelope::{RecipientError, SharedKeyError};

use crate::error::code::Code;
use crate::error::words::Words;

pub(crate) fn shared_key_name(problem: SharedKeyError) -> Words {
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

pub(crate) fn bad_recipient(problem: &RecipientError) -> Words {
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
