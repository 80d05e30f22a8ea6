//! One name in a path.

use std::cmp::Ordering;
use std::ffi::{OsStr, OsString};
use std::fmt;

use privicore_envelope::{escape_name, unescape_name};

use super::order::natural::natural;
use crate::files::file_id::FileId;

/// A name of a file or a folder. Two are equal when their bytes are, however their records write them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    text: Box<str>,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    /// The bytes are the text's.
    Text,
    /// The bytes are not UTF-8, and the text is their escaped form.
    Escaped,
    /// Only the service says that this file is called so: no other file has the same name, whatever it is called.
    OfService(Box<FileId>),
}

/// How its text stands for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum NameKind {
    Text,
    Escaped,
    OfService,
}

impl Name {
    /// As a name record writes it.
    pub(crate) fn written(text: &str, is_escaped: bool) -> Self {
        if is_escaped && text.contains('\\') {
            Self::of_bytes(&unescape_name(text))
        } else {
            Self {
                text: text.into(),
                kind: Kind::Text,
            }
        }
    }

    /// What the service calls a file whose record this profile cannot open.
    pub(crate) fn of_service(text: &str, id: FileId) -> Self {
        Self {
            text: text.into(),
            kind: Kind::OfService(Box::new(id)),
        }
    }

    /// A whole path as one name.
    pub(super) fn of_whole(path: &str, is_escaped: bool) -> Self {
        let kind = if is_escaped {
            Kind::Escaped
        } else {
            Kind::Text
        };
        Self {
            text: path.into(),
            kind,
        }
    }

    /// What [`written_as`](Self::written_as) said of a name with this text.
    pub(super) fn of_kind(text: &str, kind: NameKind, id: FileId) -> Self {
        Self {
            text: text.into(),
            kind: match kind {
                NameKind::Text => Kind::Text,
                NameKind::Escaped => Kind::Escaped,
                NameKind::OfService => Kind::OfService(Box::new(id)),
            },
        }
    }

    pub(super) fn written_as(&self) -> NameKind {
        match self.kind {
            Kind::Text => NameKind::Text,
            Kind::Escaped => NameKind::Escaped,
            Kind::OfService(_) => NameKind::OfService,
        }
    }

    /// The file that the service calls so.
    pub(super) fn of_file(&self) -> Option<FileId> {
        match &self.kind {
            Kind::OfService(id) => Some(**id),
            Kind::Text | Kind::Escaped => None,
        }
    }

    pub(crate) fn of_os(name: &OsStr) -> Self {
        Self::of_bytes(name.as_encoded_bytes())
    }

    fn of_bytes(bytes: &[u8]) -> Self {
        match str::from_utf8(bytes) {
            Ok(text) => Self {
                text: text.into(),
                kind: Kind::Text,
            },
            Err(_) => Self {
                text: escape_name(bytes).into(),
                kind: Kind::Escaped,
            },
        }
    }

    /// The name in the form that this system has for names.
    pub(crate) fn to_os(&self) -> OsString {
        #[cfg(unix)]
        if self.is_escaped() {
            return std::os::unix::ffi::OsStringExt::from_vec(unescape_name(&self.text));
        }
        (*self.text).into()
    }

    /// The name as it is shown. What is not UTF-8 in it is `\xHH`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is no part of a path, though it may be shown like one.
    pub(super) fn stands_alone(&self) -> bool {
        matches!(self.kind, Kind::OfService(_)) || self.text.contains('/')
    }

    /// Whether the text stands for bytes that are not UTF-8.
    pub fn is_escaped(&self) -> bool {
        self.kind == Kind::Escaped
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        natural(&self.text, &other.text)
            .then_with(|| self.text.cmp(&other.text))
            .then_with(|| self.kind.cmp(&other.kind))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(text: &str) -> Name {
        Name::written(text, false)
    }

    #[test]
    fn a_name_is_the_same_however_its_record_writes_it() {
        assert_eq!(Name::written(r"a\\b", true), plain(r"a\b"));
        assert_eq!(Name::written("plain", true), plain("plain"));
        let raw = Name::written(r"a\xff", true);
        assert!(raw.is_escaped());
        assert_ne!(raw, plain(r"a\xff"));
        assert_eq!(raw.text(), r"a\xff");
    }

    proptest! {
        #[test]
        fn the_order_is_one(mut names in proptest::collection::vec("[aAbB0-2 ä]{0,6}", 3)) {
            let [a, b, c] = [&names[0], &names[1], &names[2]].map(|name| plain(name));
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            prop_assert_eq!(a.cmp(&b) == Ordering::Equal, a == b);
            if a <= b && b <= c {
                prop_assert!(a <= c);
            }
            names.sort();
        }
    }
}
