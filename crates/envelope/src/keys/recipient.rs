//! A recipient: a public key added by the user, such as a colleague's or another machine's.

use std::fmt;
use std::str::FromStr;

use crate::keys::application_key::ApplicationRecipient;
use crate::keys::kinds::KeyError;
use crate::keys::recovery_key::RecoveryRecipient;

/// What every age recipient begins with, those of plugins too.
const AGE: &str = "age1";
/// Characters of an age recipient that are enough to recognise it by, from its begin and its end.
const SHORT_CHARS: (usize, usize) = (12, 6);
/// `SHA256:` and the first 12 characters of the digest.
const SHORT_FINGERPRINT_CHARS: usize = 7 + 12;

/// Whom a file can be sealed to, read from `age1…` or `ssh-rsa AAAA… comment`.
///
/// Two are equal when their keys are; `Display` writes the key in its one canonical form, without the label.
#[derive(Clone)]
pub struct Recipient {
    key: Key,
    label: Option<String>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Key {
    X25519(RecoveryRecipient),
    Rsa(ApplicationRecipient),
}

/// What kind of key a recipient is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecipientKind {
    /// `age1…`
    X25519,
    /// `ssh-rsa …`
    Rsa,
}

/// Why a text is no recipient.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipientError {
    /// There is nothing but spaces and comments.
    #[error("there is no key in the text")]
    Empty,
    /// One recipient is one line.
    #[error("the text has several lines: enter one public key at a time")]
    SeveralLines,
    /// The text is a secret key.
    #[error(
        "this is a PRIVATE key: it must never be given away. Enter the public key, and replace this one if others may \
        have seen it"
    )]
    PrivateKey,
    /// An SSH key of a kind that is not offered: `ssh-ed25519`, `ecdsa-sha2-nistp256`, …
    #[error("SSH keys of the kind {kind} cannot be used: enter an age1 or an ssh-rsa key")]
    OtherSshKey {
        /// The kind, as the line names it.
        kind: String,
    },
    /// A recipient that needs a plugin of the age tools, or is of a newer kind (`age1pq1…`).
    #[error("this key needs the age plugin {name}, which cannot be used")]
    Plugin { name: String },
    /// An RSA key that is too short to be safe or too long to be usable.
    #[error("an RSA key of {bits} bits is not accepted: it needs at least 2048")]
    UnacceptedSize { bits: usize },
    /// It begins like a key and is none: a character is wrong, or some are missing.
    #[error("the key is mistyped or incomplete")]
    Mistyped,
    /// It does not even begin like a public key.
    #[error("this is not a public key: those begin with age1 or ssh-rsa")]
    NotAKey,
}

impl Recipient {
    pub fn kind(&self) -> RecipientKind {
        match self.key {
            Key::X25519(_) => RecipientKind::X25519,
            Key::Rsa(_) => RecipientKind::Rsa,
        }
    }

    /// What two people compare: `SHA256:…` as `ssh-keygen -l` prints it, or the whole `age1…`, which is as short.
    pub fn fingerprint(&self) -> String {
        match &self.key {
            Key::X25519(key) => key.to_string(),
            Key::Rsa(key) => key.fingerprint(),
        }
    }

    /// The fingerprint abbreviated with `…`, to tell keys apart in a list; too short to compare.
    pub fn short(&self) -> String {
        let full = self.fingerprint();
        match self.key {
            Key::X25519(_) => {
                let (first, last) = SHORT_CHARS;
                format!("{}…{}", &full[..first], &full[full.len() - last..])
            }
            Key::Rsa(_) => format!("{}…", &full[..SHORT_FINGERPRINT_CHARS]),
        }
    }

    /// The comment that followed the key.
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// The same key under another label; an empty one is none.
    #[must_use]
    pub fn with_label(mut self, label: &str) -> Self {
        self.label = Some(label.trim().to_owned()).filter(|label| !label.is_empty());
        self
    }

    pub(crate) fn key(&self) -> &Key {
        &self.key
    }
}

impl PartialEq for Recipient {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Recipient {}

impl From<ApplicationRecipient> for Recipient {
    fn from(key: ApplicationRecipient) -> Self {
        Self {
            key: Key::Rsa(key),
            label: None,
        }
    }
}

impl From<RecoveryRecipient> for Recipient {
    fn from(key: RecoveryRecipient) -> Self {
        Self {
            key: Key::X25519(key),
            label: None,
        }
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Key::X25519(key) => key.fmt(f),
            Key::Rsa(key) => key.fmt(f),
        }
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({})", self.short())
    }
}

impl FromStr for Recipient {
    type Err = RecipientError;

    /// Reads `age1…` or `ssh-rsa AAAA…`; what follows the key is its label. Empty lines and lines that begin with `#`
    /// are passed over, as the age tools do.
    fn from_str(text: &str) -> Result<Self, RecipientError> {
        if is_private(text) {
            return Err(RecipientError::PrivateKey);
        }
        let mut lines = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let line = lines.next().ok_or(RecipientError::Empty)?;
        if lines.next().is_some() {
            return Err(RecipientError::SeveralLines);
        }
        parse_line(line)
    }
}

/// Whether a secret is anywhere in the text, whatever surrounds it: identities of age and its plugins, PEM and OpenSSH
/// keys.
fn is_private(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    ["AGE-SECRET-KEY-", "AGE-PLUGIN-", "PRIVATE KEY-----"]
        .iter()
        .any(|mark| text.contains(mark))
}

fn parse_line(line: &str) -> Result<Recipient, RecipientError> {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    if word == "ssh-rsa" {
        let (_key, label) = rest
            .trim_start()
            .split_once(char::is_whitespace)
            .unwrap_or((rest, ""));
        let key: ApplicationRecipient = line.parse().map_err(key_error)?;
        Ok(Recipient::from(key).with_label(label))
    } else if is_ssh_kind(word) {
        Err(RecipientError::OtherSshKey {
            kind: word.to_owned(),
        })
    } else {
        parse_age(&word.to_ascii_lowercase()).map(|key| key.with_label(rest))
    }
}

fn is_ssh_kind(word: &str) -> bool {
    ["ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"]
        .iter()
        .any(|begin| word.starts_with(begin))
}

fn parse_age(word: &str) -> Result<Recipient, RecipientError> {
    if !word.starts_with(AGE) {
        return Err(RecipientError::NotAKey);
    }
    // Bech32 (BIP 173) ends its readable part with the last 1: `age1yubikey1…` is of a plugin.
    let readable = word.rsplit_once('1').map_or("", |(readable, _)| readable);
    if let Some(name) = readable.strip_prefix(AGE) {
        return Err(RecipientError::Plugin {
            name: name.to_owned(),
        });
    }
    let key: RecoveryRecipient = word.parse().map_err(key_error)?;
    Ok(key.into())
}

fn key_error(error: KeyError) -> RecipientError {
    match error {
        KeyError::UnacceptedSize { bits } => RecipientError::UnacceptedSize { bits },
        KeyError::Malformed | KeyError::NotMade => RecipientError::Mistyped,
    }
}

#[cfg(test)]
#[path = "recipient_tests.rs"]
mod tests;
