//! The local records.

use crate::error::code::Code;
use crate::error::words::Words;
use crate::store::rows::{RecordsProblem, explain_records};

/// Why a local record cannot be used.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum RecordError {
    /// The local records cannot be used.
    #[error("the local records cannot be used")]
    Rows(#[from] rusqlite::Error),
    /// A local record does not open with this profile's key.
    #[error("a local record is damaged")]
    Damaged,
    /// A local record that had to be new is there already.
    #[error("a local record is there already")]
    Known,
}

impl RecordError {
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Rows(error) => explain_records(RecordsProblem::of(error)),
            Self::Damaged => Code::RecordDamaged.words(),
            Self::Known => Code::RecordKnown.words(),
        }
    }
}

#[cfg(test)]
impl RecordError {
    /// One of each.
    pub(crate) fn every() -> Vec<Self> {
        use rusqlite::{Error, ffi};
        let mut all = vec![Self::Damaged, Self::Known];
        let codes = [
            ffi::SQLITE_FULL,
            ffi::SQLITE_BUSY,
            ffi::SQLITE_IOERR,
            ffi::SQLITE_READONLY,
            ffi::SQLITE_CANTOPEN,
            ffi::SQLITE_CORRUPT,
            ffi::SQLITE_NOTADB,
            ffi::SQLITE_NOMEM,
        ];
        let failed = codes.map(|code| Error::SqliteFailure(ffi::Error::new(code), None));
        all.push(Self::Rows(Error::InvalidQuery));
        all.extend(failed.map(Self::Rows));
        all
    }
}
