//! Local database rows, sealed one by one.

use zeroize::Zeroizing;

use crate::keys::secret_bytes::RecordKey;
use crate::xchacha;

/// A row does not open: other key, other place, or changed bytes.
#[derive(Debug, thiserror::Error)]
#[error("the record does not open with this key at this place")]
pub struct RecordError;

/// Seals a row. `associated` says where it belongs (its kind and id): moved elsewhere it does not open.
pub fn seal_record(key: &RecordKey, associated: &[u8], plaintext: &[u8]) -> Vec<u8> {
    xchacha::seal(key.expose(), associated, plaintext)
}

/// Opens a row.
///
/// # Errors
/// [`RecordError`] when key, place or bytes are not those of the sealed row.
pub fn open_record(
    key: &RecordKey,
    associated: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, RecordError> {
    xchacha::open(key.expose(), associated, sealed).ok_or(RecordError)
}

/// Opens one of many rows into memory that is used again for the next one.
///
/// # Errors
/// Those of [`open_record`]; nothing of the row is in `opened` then.
pub fn open_record_into(
    key: &RecordKey,
    associated: &[u8],
    sealed: &[u8],
    opened: &mut Zeroizing<Vec<u8>>,
) -> Result<(), RecordError> {
    if xchacha::open_into(key.expose(), associated, sealed, opened) {
        Ok(())
    } else {
        Err(RecordError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_opens_where_it_was_sealed() {
        let key = RecordKey::generate();
        let sealed = seal_record(&key, b"file 7", b"row");
        assert_eq!(
            open_record(&key, b"file 7", &sealed).unwrap().as_slice(),
            b"row"
        );
    }

    #[test]
    fn a_record_opens_nowhere_else_and_with_no_other_key() {
        let key = RecordKey::generate();
        let sealed = seal_record(&key, b"file 7", b"row");
        assert!(open_record(&key, b"file 8", &sealed).is_err());
        assert!(open_record(&RecordKey::generate(), b"file 7", &sealed).is_err());
    }

    #[test]
    fn the_same_record_never_looks_the_same() {
        let key = RecordKey::generate();
        assert_ne!(
            seal_record(&key, b"", b"row"),
            seal_record(&key, b"", b"row")
        );
    }
}
