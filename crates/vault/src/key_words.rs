//! The pairs for what can go wrong around keys and recipients.

use privicore_envelope::{RecipientError, SharedKeyError};

use crate::error::{Error, Words};

pub(crate) fn explain_keys(error: &Error) -> Words {
    match error {
        Error::SharedKeyName(problem) => shared_key_name(*problem),
        Error::SharedKeyKnown { name } => (
            "shared_key_known",
            format!("This key is there already, as “{name}”."),
            "Use it under that name, or rename it.",
        ),
        Error::BadSharedKey => (
            "bad_shared_key",
            "This is not a shared key.".into(),
            "A shared key has 32 bytes: 64 hexadecimal digits, or 44 characters of base64.",
        ),
        Error::SharedKeyMissing { fingerprint } => (
            "shared_key_missing",
            format!("The shared key {fingerprint} is not on this machine."),
            "Import it under Security, then try again. Nothing was changed.",
        ),
        Error::WrongSharedKey => (
            "wrong_shared_key",
            "The shared key does not open this file, or the file is damaged: its form does not tell which.".into(),
            "Choose the shared key that it was stored with. Nothing was saved.",
        ),
        Error::TooLongForSharedKey { name } => (
            "too_long_for_shared_key",
            format!("“{name}” is too long for the shared-key form, which takes 64 GiB at the most."),
            "Store it as an age file. Nothing of it was stored.",
        ),
        Error::BadRecipient(problem) => bad_recipient(problem),
        Error::RecipientKnown => (
            "recipient_known",
            "This recipient is there already.".into(),
            "Files are sealed to them once. Nothing was changed.",
        ),
        Error::UnknownRecipient => (
            "unknown_recipient",
            "There is no such recipient.".into(),
            "Look at the list for the key or the label. One of a context has to be removed there.",
        ),
        Error::TooLargeToReseal { name } => (
            "too_large_to_reseal",
            format!("“{name}” is too large to be replaced in place: the service takes about 50 KB this way."),
            "Save it, store it again and delete the old one. It is as it was, and the old keys still open it.",
        ),
        Error::StaysShared { name } => (
            "stays_shared",
            format!("“{name}” is sealed with a shared key, which a new application key does not replace."),
            "To change its form, save it and store it again. It is as it was.",
        ),
        _ => (
            "too_many_recipients",
            "A file can be sealed to 40 recipients beside you.".into(),
            "Remove one that is not needed any more.",
        ),
    }
}

fn shared_key_name(problem: SharedKeyError) -> Words {
    match problem {
        SharedKeyError::NotFound => (
            "unknown_shared_key",
            "There is no shared key of this name.".into(),
            "Look at the list of shared keys under Security.",
        ),
        SharedKeyError::NameTaken => (
            "shared_key_name",
            "Another shared key has this name.".into(),
            "Choose another name. Nothing was changed.",
        ),
        _ => (
            "shared_key_name",
            format!("This name cannot be used: {problem}."),
            "Choose a name of 1 to 64 characters, on one line. Nothing was changed.",
        ),
    }
}

fn bad_recipient(problem: &RecipientError) -> Words {
    let code = match problem {
        RecipientError::PrivateKey => "private_key",
        _ => "bad_recipient",
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
