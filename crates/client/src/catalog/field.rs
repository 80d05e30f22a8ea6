//! The fields of an operation: name on the wire, kind, and description.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name on the wire. One that ends in `[]` is repeated for each text of a list.
    pub name: &'static str,
    /// What its text means.
    pub kind: Kind,
    /// Whether it must be given.
    pub required: bool,
    /// What it is, in the user's words.
    pub doc: &'static str,
}

/// What the text of a field means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// One of these words.
    Choice(&'static [&'static str]),
    Texts,
    /// A text that must not be shown, and that a command line does not take.
    Secret,
    /// What names stored data, or a place for it: not shown either, but handled wherever files are.
    Token,
    /// Bytes, in base64.
    Bytes,
    /// A JSON object.
    Json,
}

impl Field {
    /// A device of the profile.
    pub(crate) const DEVICE: Self = Self::required(
        "deviceIdentifier",
        Kind::Text,
        "The device: its identifier, as the list of devices shows it.",
    );
    pub(crate) const TOKEN: Self = Self::required(
        "token",
        Kind::Token,
        "The stored data: its permanent token.",
    );
    pub(crate) const DIRECTORY: Self =
        Self::required("directoryId", Kind::Text, "The directory: its id.");
    pub(crate) const PROFILE: Self = Self::required(
        "profileId",
        Kind::Text,
        "Whom it is about: the profile's id.",
    );
    pub(crate) const POLICY: Self = Self::required("policyId", Kind::Text, "The policy: its id.");

    pub const fn required(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self {
            name,
            kind,
            required: true,
            doc,
        }
    }

    /// A field that may be left out.
    pub const fn optional(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self {
            name,
            kind,
            required: false,
            doc,
        }
    }
}

impl Kind {
    /// Whether it must not be shown.
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::Token)
    }
}

impl fmt::Display for Kind {
    /// What is to be given, for a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("a text"),
            Self::Number => f.write_str("a whole number"),
            Self::Boolean => f.write_str("true or false"),
            Self::Choice(words) => write!(f, "one of {}", words.join(", ")),
            Self::Texts => f.write_str("a list of texts"),
            Self::Secret => f.write_str("a secret text"),
            Self::Token => f.write_str("a token"),
            Self::Bytes => f.write_str("bytes in base64"),
            Self::Json => f.write_str("a JSON object"),
        }
    }
}
