//! The files of one path, the newest first.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::haystack::Row;
use crate::files::file::File;
use crate::files::file_id::FileId;

/// One of the files of one path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    pub(super) id: FileId,
    has_receipt: bool,
    /// It was stored by a computer that has the keys: this one has its receipt, or its record says when that was.
    is_own: bool,
    stored_at: Option<Timestamp>,
    /// When its name record was first there: listed again under another token it is no newer.
    since: Option<Timestamp>,
    /// The first bytes of the digest of its sealed name.
    sealed: Option<u64>,
    pub(super) row: Row,
}

impl Version {
    pub(super) fn of(file: &File, row: Row) -> Self {
        let sealed = file.at_service.sealed_name.as_deref();
        let sealed = sealed.and_then(|digest| digest.get(..16));
        let recorded = file.attributes.and_then(|attributes| attributes.stored);
        let recorded = recorded.and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let stored_at = recorded.or(file.stored_at);
        Self {
            id: file.id,
            has_receipt: file.receipt.is_some(),
            is_own: file.receipt.is_some() || recorded.is_some(),
            stored_at,
            since: stored_at,
            sealed: sealed.and_then(|digest| u64::from_str_radix(digest, 16).ok()),
            row,
        }
    }

    /// What the service alone says is never newer than what was stored with the keys. Of two of the same moment one is
    /// always the newer.
    fn rank(&self) -> impl Ord + use<> {
        (
            self.is_own,
            self.since,
            self.has_receipt,
            Reverse(self.stored_at),
            self.id,
        )
    }

    fn has_record_of(&self, other: &Self) -> bool {
        self.sealed.is_some() && self.sealed == other.sealed
    }
}

pub(super) fn add(versions: &mut Vec<Version>, mut version: Version) {
    let known = versions.iter().find(|known| known.has_record_of(&version));
    if let Some(since) = known.map(|known| known.since) {
        if since <= version.since {
            version.since = since;
        } else {
            date_back(versions, &version, version.since);
        }
    }
    let at = versions.partition_point(|known| known.rank() > version.rank());
    versions.reserve_exact(1);
    versions.insert(at, version);
}

pub(super) fn take(versions: &mut Vec<Version>, id: FileId) -> Option<Row> {
    let at = versions.iter().position(|version| version.id == id)?;
    let taken = versions.remove(at);
    let same = versions.iter().filter(|it| it.has_record_of(&taken));
    if let Some(since) = same.map(|it| it.stored_at).min()
        && since != taken.since
    {
        date_back(versions, &taken, since);
    }
    Some(taken.row)
}

fn date_back(versions: &mut [Version], like: &Version, since: Option<Timestamp>) {
    for version in versions.iter_mut().filter(|it| it.has_record_of(like)) {
        version.since = since;
    }
    versions.sort_by_key(|version| Reverse(version.rank()));
}
