//! Which sealed name a file has at the service.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The digest of a sealed name: no two sealed names are alike. Written in hexadecimal.
#[derive(Clone, PartialEq, Eq)]
pub struct NameDigest(Digest);

#[derive(Clone, PartialEq, Eq)]
enum Digest {
    Of([u8; BYTES]),
    /// What a record has in its place.
    Other(Box<str>),
}

/// Of the digest, from its beginning.
const BYTES: usize = 16;

impl NameDigest {
    /// The first half of it as a number; none of what is no digest.
    pub(crate) fn number(&self) -> Option<u64> {
        match &self.0 {
            Digest::Of(bytes) => bytes.first_chunk().map(|half| u64::from_be_bytes(*half)),
            Digest::Other(text) => u64::from_str_radix(text.get(..BYTES)?, 16).ok(),
        }
    }
}

/// Of no name.
impl Default for NameDigest {
    fn default() -> Self {
        Self(Digest::Other("".into()))
    }
}

impl From<&str> for NameDigest {
    fn from(text: &str) -> Self {
        let mut bytes = [0; BYTES];
        // Other letters would not be written again as they were read.
        let is_digest = hex::decode_to_slice(text, &mut bytes).is_ok()
            && !text.bytes().any(|letter| letter.is_ascii_uppercase());
        Self(if is_digest {
            Digest::Of(bytes)
        } else {
            Digest::Other(text.into())
        })
    }
}

impl From<String> for NameDigest {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl fmt::Display for NameDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Digest::Of(bytes) => f.write_str(&hex::encode(bytes)),
            Digest::Other(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for NameDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for NameDigest {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for NameDigest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;

        impl serde::de::Visitor<'_> for Text {
            type Value = NameDigest;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a digest")
            }

            fn visit_str<E>(self, text: &str) -> Result<NameDigest, E> {
                Ok(text.into())
            }
        }

        from.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_record_has_is_written_as_it_was_read() {
        let digest = "0123456789abcdef".repeat(2);
        let upper = digest.to_uppercase();
        for text in [digest.as_str(), upper.as_str(), "sealed 1", "", "00ff"] {
            let json = serde_json::to_string(text).unwrap();
            let read: NameDigest = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
            assert_eq!(read, NameDigest::from(text));
        }
        assert_ne!(NameDigest::from(upper), NameDigest::from(digest));
    }

    #[test]
    fn the_number_of_a_digest_is_its_first_half() {
        let digest = NameDigest::from("000000000000002a00000000000000ff");
        assert_eq!(digest.number(), Some(42));
        assert_eq!(NameDigest::from("000000000000002a").number(), Some(42));
        assert_eq!(NameDigest::from("sealed 1").number(), None);
    }
}
