//! Encrypted file names: `pv1.` and the base64url of a sealed record.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::keys::secret_bytes::NameKey;
use crate::modified_time::ModifiedTime;
use crate::xchacha;

/// Marks a sealed name; it is also its associated data.
const PREFIX: &str = "pv1.";
/// Records are padded to a multiple of this many bytes, so that the length tells little about the name.
const PAD_BYTES: usize = 64;

/// The media type of a record that stands for a folder without files: nothing else would tell of it.
pub const FOLDER_MEDIA_TYPE: &str = "inode/directory";

/// What a file is called and where it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct NameRecord {
    pub name: String,
    /// The folder it belongs in, empty at the top.
    pub path: String,
    /// The media type, if it is known.
    pub media_type: Option<String>,
    /// When the file was last changed.
    pub modified: Option<ModifiedTime>,
    /// Whether its owner may run it as a program.
    pub is_executable: bool,
    /// The length of the plaintext in bytes.
    pub size: u64,
    /// Whether name and folder are not UTF-8 on the machine that stored them and stand here as [`escape_name`] wrote
    /// them.
    pub is_escaped: bool,
    /// When the file was stored, in milliseconds since 1970 (UTC), by the clock of the computer that stored it. It
    /// orders the versions of a path: the service cannot make an old one newer.
    pub stored: Option<i64>,
    /// Which file the record was made for, once that was renamed.
    pub renamed: Option<Renamed>,
}

/// What a record says that was made when a file was renamed, moved or given another label. A service that puts the
/// record on another file, or an older one in its place, cannot make this fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renamed {
    /// The id of the file.
    pub file: String,
    /// The label it was given with the name.
    pub label: String,
    /// How often it had been renamed then, this time included.
    pub count: u64,
}

impl NameRecord {
    /// Whether it stands for a folder without files, and its bytes mean nothing.
    pub fn is_folder(&self) -> bool {
        self.media_type.as_deref() == Some(FOLDER_MEDIA_TYPE)
    }
}

/// The fields as they are written. What was added to the first version can be left out, and is passed over by older
/// readers.
#[derive(Serialize, Deserialize)]
struct Written {
    name: String,
    path: String,
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    media_type: Option<String>,
    /// Milliseconds since 1970 (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    modified: Option<i64>,
    /// Nanoseconds after that.
    #[serde(default, skip_serializing_if = "is_zero")]
    modified_ns: u64,
    #[serde(default, skip_serializing_if = "is_false")]
    executable: bool,
    size: u64,
    #[serde(default, skip_serializing_if = "is_false")]
    escaped: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stored: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    renamed: Option<Renamed>,
}

impl From<Written> for NameRecord {
    fn from(written: Written) -> Self {
        let modified = written.modified;
        Self {
            name: written.name,
            path: written.path,
            media_type: written.media_type,
            modified: modified.map(|ms| ModifiedTime::new(ms, written.modified_ns)),
            is_executable: written.executable,
            size: written.size,
            is_escaped: written.escaped,
            stored: written.stored,
            renamed: written.renamed,
        }
    }
}

impl From<NameRecord> for Written {
    fn from(record: NameRecord) -> Self {
        let ns = record.modified.map(ModifiedTime::nanoseconds);
        Self {
            name: record.name,
            path: record.path,
            media_type: record.media_type,
            modified: record.modified.map(ModifiedTime::milliseconds),
            modified_ns: ns.unwrap_or_default().into(),
            executable: record.is_executable,
            size: record.size,
            escaped: record.is_escaped,
            stored: record.stored,
            renamed: record.renamed,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks like this")]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks like this")]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// Why a name does not open.
#[derive(Debug, thiserror::Error)]
pub enum NameError {
    /// It does not begin with `pv1.`: another program gave it.
    #[error("the name is not a sealed one")]
    NotSealed,
    /// Another key sealed it, or it was changed.
    #[error("the name does not open with this key")]
    DoesNotOpen,
    /// It opens, and what it holds cannot be read.
    #[error("the sealed name holds nothing that can be read")]
    Unreadable,
}

/// Seals a name: JSON, padded with spaces to the next multiple of 64 bytes, XChaCha20-Poly1305 with a random nonce
/// before it.
///
/// # Panics
/// Never: a record is always JSON.
pub fn seal_name(key: &NameKey, record: &NameRecord) -> String {
    let json = serde_json::to_vec(record).expect("strings and numbers are always JSON");
    let mut plaintext = Zeroizing::new(json);
    let padded = plaintext.len().next_multiple_of(PAD_BYTES);
    plaintext.resize(padded, b' ');
    let sealed = xchacha::seal(key.expose(), PREFIX.as_bytes(), &plaintext);
    format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(sealed))
}

/// Opens a sealed name.
///
/// # Errors
/// [`NameError`]
pub fn open_name(key: &NameKey, name: &str) -> Result<NameRecord, NameError> {
    let encoded = name.strip_prefix(PREFIX).ok_or(NameError::NotSealed)?;
    let sealed = BASE64_URL_SAFE_NO_PAD
        .decode(encoded)
        .map_err(|_| NameError::DoesNotOpen)?;
    let plaintext =
        xchacha::open(key.expose(), PREFIX.as_bytes(), &sealed).ok_or(NameError::DoesNotOpen)?;
    serde_json::from_slice(&plaintext).map_err(|_| NameError::Unreadable)
}

/// Writes bytes as a text that [`unescape_name`] turns back into them: what is not UTF-8 becomes `\xHH` for each byte,
/// and a backslash `\\`.
pub fn escape_name(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(&chunk.valid().replace('\\', r"\\"));
        for byte in chunk.invalid() {
            text.push_str(r"\x");
            text.push_str(&hex::encode([*byte]));
        }
    }
    text
}

/// The bytes behind an escaped name. What [`escape_name`] would not write stands for itself.
pub fn unescape_name(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let (byte, after) = match after {
            [b'\\', after @ ..] if first == b'\\' => (b'\\', after),
            [b'x', high, low, after @ ..] if first == b'\\' => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, after),
                _ => (first, &rest[1..]),
            },
            _ => (first, after),
        };
        bytes.push(byte);
        rest = after;
    }
    bytes
}

fn digit(hex: u8) -> Option<u8> {
    match hex {
        b'0'..=b'9' => Some(hex - b'0'),
        b'a'..=b'f' => Some(hex - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_come_back_from_their_escaped_form(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(unescape_name(&escape_name(&bytes)), bytes);
        }

        #[test]
        fn any_text_can_be_taken_for_an_escaped_name(text in any::<String>()) {
            prop_assert!(unescape_name(&text).len() <= text.len());
        }
    }

    #[test]
    fn an_escaped_name_shows_the_bytes_that_are_not_utf_8() {
        assert_eq!(
            escape_name(b"a\xff\\\xc3\xa4\xc3.txt"),
            "a\\xff\\\\ä\\xc3.txt"
        );
        assert_eq!(unescape_name(r"\xfg\"), br"\xfg\");
    }

    #[test]
    fn a_record_of_an_older_version_says_nothing_of_escapes() {
        let record: NameRecord =
            serde_json::from_str(r#"{"name":"a\\xff","path":"","size":1}"#).unwrap();
        assert!(!record.is_escaped);
        let json = serde_json::to_string(&record).unwrap();
        assert!(!json.contains("escaped"));
    }

    proptest! {
        #[test]
        fn any_record_comes_back_from_its_sealed_form(
            (name, path) in any::<(String, String)>(),
            media_type in any::<Option<String>>(),
            modified in any::<Option<(i64, u64)>>(),
            (is_executable, is_escaped) in any::<(bool, bool)>(),
            (stored, renamed) in any::<(Option<i64>, Option<(String, String, u64)>)>(),
            size: u64,
        ) {
            let modified = modified.map(|(ms, ns)| ModifiedTime::new(ms, ns));
            let renamed = renamed.map(|(file, label, count)| Renamed { file, label, count });
            let record = NameRecord {
                name, path, media_type, modified, is_executable, size, is_escaped, stored, renamed,
            };
            let key = NameKey::generate();
            prop_assert_eq!(open_name(&key, &seal_name(&key, &record)).unwrap(), record);
        }
    }

    #[test]
    fn a_record_of_the_first_version_opens_and_is_written_as_it_was() {
        for json in [
            r#"{"name":"a","path":"b/c","size":1}"#,
            r#"{"name":"a","path":"","type":"text/plain","modified":-1,"size":1}"#,
        ] {
            let record: NameRecord = serde_json::from_str(json).unwrap();
            assert!(!record.is_executable && !record.is_folder());
            assert_eq!(serde_json::to_string(&record).unwrap(), json);
        }
    }

    #[test]
    fn more_nanoseconds_than_a_millisecond_has_are_none() {
        let json = r#"{"name":"a","path":"","modified":7,"modified_ns":1000000,"size":1}"#;
        let record: NameRecord = serde_json::from_str(json).unwrap();
        assert_eq!(record.modified, Some(ModifiedTime::new(7, 0)));
    }

    #[test]
    fn only_a_record_of_its_type_stands_for_a_folder() {
        let folder = NameRecord {
            media_type: Some(FOLDER_MEDIA_TYPE.to_owned()),
            ..record("empty")
        };
        assert!(folder.is_folder());
        assert!(!record("inode/directory").is_folder());
    }

    fn record(name: &str) -> NameRecord {
        NameRecord {
            name: name.to_owned(),
            path: "Letters/2026".to_owned(),
            media_type: Some("application/pdf".to_owned()),
            modified: Some(ModifiedTime::new(-1, 999_999)),
            is_executable: true,
            size: u64::MAX,
            is_escaped: false,
            stored: None,
            renamed: None,
        }
    }

    #[test]
    fn a_name_reads_back() {
        let key = NameKey::generate();
        for name in ["", "a", "Zürich \"β\" \\ \n\u{1F512}.pdf", &"x".repeat(300)] {
            let sealed = seal_name(&key, &record(name));
            assert_eq!(open_name(&key, &sealed).unwrap(), record(name));
        }
    }

    #[test]
    fn what_is_unknown_is_left_out() {
        let key = NameKey::generate();
        let unknown = NameRecord {
            media_type: None,
            modified: None,
            is_executable: false,
            ..record("a")
        };
        assert_eq!(
            open_name(&key, &seal_name(&key, &unknown)).unwrap(),
            unknown
        );
    }

    #[test]
    fn the_length_tells_only_steps_of_64_bytes() {
        let key = NameKey::generate();
        let lengths: Vec<usize> = (0..130)
            .map(|length| {
                let sealed = seal_name(&key, &record(&"n".repeat(length)));
                let raw = BASE64_URL_SAFE_NO_PAD.decode(&sealed[4..]).unwrap();
                raw.len() - 24 - 16
            })
            .collect();
        assert!(lengths.iter().all(|length| length % 64 == 0));
        assert!(
            lengths
                .windows(2)
                .all(|pair| pair[1] - pair[0] == 0 || pair[1] - pair[0] == 64)
        );
    }

    #[test]
    fn a_sealed_name_is_safe_in_a_file_name_and_a_query() {
        let sealed = seal_name(&NameKey::generate(), &record("a"));
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        assert!(sealed.starts_with("pv1.") && sealed.chars().all(allowed));
    }

    #[test]
    fn a_name_that_is_not_sealed_is_told_apart_from_one_that_does_not_open() {
        let key = NameKey::generate();
        let sealed = seal_name(&key, &record("a"));
        let other = open_name(&NameKey::generate(), &sealed);
        assert!(matches!(
            open_name(&key, "report.pdf"),
            Err(NameError::NotSealed)
        ));
        assert!(matches!(open_name(&key, ""), Err(NameError::NotSealed)));
        assert!(matches!(
            open_name(&key, "pv1."),
            Err(NameError::DoesNotOpen)
        ));
        assert!(matches!(
            open_name(&key, "pv1.ä"),
            Err(NameError::DoesNotOpen)
        ));
        assert!(matches!(other, Err(NameError::DoesNotOpen)));
        assert!(matches!(
            open_name(&key, &sealed[..sealed.len() - 4]),
            Err(NameError::DoesNotOpen)
        ));
    }

    #[test]
    fn a_record_that_is_no_record_is_unreadable() {
        let key = NameKey::generate();
        let raw = xchacha::seal(key.expose(), PREFIX.as_bytes(), b"[]");
        let sealed = format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(raw));
        assert!(matches!(
            open_name(&key, &sealed),
            Err(NameError::Unreadable)
        ));
    }
}
