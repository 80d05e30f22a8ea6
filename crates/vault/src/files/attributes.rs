//! What a name record says of a file beside its name and its length.

use jiff::Timestamp;
use privicore_envelope::{FOLDER_MEDIA_TYPE, ModifiedTime, NameRecord};
use serde::{Deserialize, Serialize};

/// What a file brings along, and gets back when it is saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attributes {
    /// When it was last changed, if that is known.
    pub(crate) modified: Option<ModifiedTime>,
    /// Its owner may run it.
    pub is_executable: bool,
    /// It is a folder without files: its stored bytes mean nothing.
    pub is_folder: bool,
    /// When it was stored, in milliseconds since 1970, as its record says. Older records do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stored: Option<i64>,
    /// How often it had been renamed when it got this name, as far as a record tells that was made for this very file.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) renames: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks like this")]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

impl Attributes {
    /// A folder without files.
    pub(crate) const FOLDER: Self = Self {
        modified: None,
        is_executable: false,
        is_folder: true,
        stored: None,
        renames: 0,
    };

    /// When the file was last changed. None for what is not known, and for years after 9999.
    pub fn modified_at(&self) -> Option<Timestamp> {
        let modified = self.modified?;
        let ns = i128::from(modified.milliseconds()) * 1_000_000;
        Timestamp::from_nanosecond(ns + i128::from(modified.nanoseconds())).ok()
    }

    /// When the file was last changed, in milliseconds since 1970.
    pub fn modified_ms(&self) -> Option<i64> {
        self.modified.map(ModifiedTime::milliseconds)
    }

    pub(crate) fn media_type(&self) -> Option<String> {
        self.is_folder.then(|| FOLDER_MEDIA_TYPE.to_owned())
    }
}

impl From<&NameRecord> for Attributes {
    fn from(record: &NameRecord) -> Self {
        Self {
            modified: record.modified,
            is_executable: record.is_executable,
            is_folder: record.is_folder(),
            stored: record.stored,
            // Whether the record is this file's shows only beside the token.
            renames: 0,
        }
    }
}
