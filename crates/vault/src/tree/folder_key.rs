//! Which folder, for who may not name paths.

use std::fmt;

use super::name::Name;

/// The opaque name of a folder of the tree. It is the same as long as the folder is where it is, on every machine, and
/// stands for nothing where there is no such folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FolderKey(Option<[u8; LENGTH]>);

const LENGTH: usize = 16;

impl FolderKey {
    /// The folder that all others are in.
    pub const TOP: Self = Self(None);

    /// Reads what `Display` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::TOP);
        }
        let mut key = [0; LENGTH];
        hex::decode_to_slice(text, &mut key).ok()?;
        Some(Self(Some(key)))
    }

    /// Of a folder in this one.
    pub(super) fn of_child(self, name: &Name) -> Self {
        let mut digest = blake3::Hasher::new_derive_key("privicore desktop folder key v1");
        digest.update(&self.0.unwrap_or_default());
        digest.update(&[u8::from(name.is_escaped())]);
        digest.update(name.text().as_bytes());
        let mut key = [0; LENGTH];
        key.copy_from_slice(&digest.finalize().as_bytes()[..LENGTH]);
        Self(Some(key))
    }
}

impl fmt::Display for FolderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |key| f.write_str(&hex::encode(key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_and_differs_by_the_whole_way_to_the_folder() {
        let [a, b, raw] = [("a", false), ("b", false), (r"a\xff", true)]
            .map(|(text, is_escaped)| Name::written(text, is_escaped));
        let keys = [
            FolderKey::TOP,
            FolderKey::TOP.of_child(&a),
            FolderKey::TOP.of_child(&b),
            FolderKey::TOP.of_child(&a).of_child(&b),
            FolderKey::TOP.of_child(&b).of_child(&a),
            FolderKey::TOP.of_child(&raw),
            FolderKey::TOP.of_child(&Name::written(raw.text(), false)),
        ];
        for (at, key) in keys.iter().enumerate() {
            assert_eq!(FolderKey::parse(&key.to_string()), Some(*key));
            assert!(!keys[..at].contains(key), "{at}");
        }
        assert_eq!(FolderKey::parse("a/b"), None);
    }
}
