//! A text that many files have in common, once in memory: folders, labels, fingerprints.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Clones are the same text in the same place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SharedText(Arc<str>);

thread_local! {
    /// The texts that were read on this thread, as long as others may be the same.
    static READ: RefCell<Option<HashSet<SharedText>>> = const { RefCell::new(None) };
}

/// Equal texts that are read by `work` on this thread share their place. Nothing of them is kept beyond it.
pub(crate) fn sharing<T>(work: impl FnOnce() -> T) -> T {
    /// Also when it panics.
    struct Sharing;

    impl Drop for Sharing {
        fn drop(&mut self) {
            READ.take();
        }
    }

    READ.replace(Some(HashSet::new()));
    let _sharing = Sharing;
    work()
}

impl SharedText {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn read(text: &str) -> Self {
        READ.with_borrow_mut(|read| {
            let Some(read) = read else {
                return text.into();
            };
            if let Some(known) = read.get(text) {
                return known.clone();
            }
            let new = Self::from(text);
            read.insert(new.clone());
            new
        })
    }
}

impl Default for SharedText {
    fn default() -> Self {
        "".into()
    }
}

impl Deref for SharedText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for SharedText {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for SharedText {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SharedText {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for SharedText {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&String> for SharedText {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<SharedText> for String {
    fn from(text: SharedText) -> Self {
        text.as_str().to_owned()
    }
}

impl PartialEq<str> for SharedText {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for SharedText {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<String> for SharedText {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<SharedText> for String {
    fn eq(&self, other: &SharedText) -> bool {
        self == other.as_str()
    }
}

impl fmt::Debug for SharedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for SharedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for SharedText {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for SharedText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(Read)
    }
}

struct Read;

impl Visitor<'_> for Read {
    type Value = SharedText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<SharedText, E> {
        Ok(SharedText::read(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> [SharedText; 2] {
        serde_json::from_str(json).unwrap()
    }

    fn is_one(texts: &[SharedText; 2]) -> bool {
        Arc::ptr_eq(&texts[0].0, &texts[1].0)
    }

    #[test]
    fn equal_texts_share_their_place_only_while_they_are_read_together() {
        let json = r#"["a\\b", "a\\b"]"#;
        assert!(!is_one(&read(json)));
        let texts = sharing(|| {
            let texts = read(json);
            assert!(is_one(&texts));
            assert!(!is_one(&read(r#"["a", "b"]"#)));
            texts
        });
        assert_eq!(texts[0], r"a\b");
        assert_eq!(Arc::strong_count(&texts[0].0), 2, "nothing else has it");
        assert!(!is_one(&read(json)));
    }

    #[test]
    fn a_text_is_written_as_it_is_read() {
        let text = SharedText::from("Ä \"x\"");
        let json = serde_json::to_string(&text).unwrap();
        assert_eq!(serde_json::from_str::<SharedText>(&json).unwrap(), text);
        assert_eq!(json, serde_json::to_string("Ä \"x\"").unwrap());
    }
}
