//! The files of one path, the newest first.

use std::cmp::Reverse;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use jiff::Timestamp;

use super::name::{Name, NameKind};
use super::table::FolderNumber;
use super::texts::Row;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::service_list::name_digest::NameDigest;

/// One of the files of one path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    pub(super) id: FileId,
    has_receipt: bool,
    /// It was stored by a computer that has the keys: this one has its receipt, or its record says when that was.
    is_own: bool,
    stored_at: Moment,
    /// When its name record was first there: listed again under another token it is no newer.
    since: Moment,
    /// The first bytes of the digest of its sealed name; 0 without one.
    sealed: u64,
    pub(super) row: Row,
}

/// Nanoseconds since 1970, as far as they go; what is not known is before everything.
type Moment = i64;

fn moment(at: Option<Timestamp>) -> Moment {
    let Some(at) = at.map(Timestamp::as_nanosecond) else {
        return Moment::MIN;
    };
    let furthest = if at < 0 { Moment::MIN + 1 } else { Moment::MAX };
    Moment::try_from(at)
        .unwrap_or(furthest)
        .max(Moment::MIN + 1)
}

impl Version {
    pub(super) fn of(file: &File, row: Row) -> Self {
        let sealed = file.at_service.sealed_name.as_ref();
        let recorded = file.attributes.and_then(|attributes| attributes.stored);
        let recorded = recorded.and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let stored_at = moment(recorded.or(file.stored_at));
        Self {
            id: file.id,
            has_receipt: file.receipt.is_some(),
            is_own: file.receipt.is_some() || recorded.is_some(),
            stored_at,
            since: stored_at,
            sealed: sealed.and_then(NameDigest::number).unwrap_or(0),
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
        self.sealed != 0 && self.sealed == other.sealed
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

fn date_back(versions: &mut [Version], like: &Version, since: Moment) {
    for version in versions.iter_mut().filter(|it| it.has_record_of(like)) {
        version.since = since;
    }
    versions.sort_by_key(|version| Reverse(version.rank()));
}

/// What is kept of each row: which file it is, and the next older version of its path.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) id: FileId,
    stored_at: Moment,
    since: Moment,
    sealed: u64,
    older: u32,
    /// Where the newest version is among the files of its folder.
    pub(super) place: u32,
    has_receipt: bool,
    is_own: bool,
    pub(super) name: NameKind,
}

const NONE: u32 = u32::MAX;

impl Kept {
    pub(super) fn of(version: &Version, name: NameKind) -> Self {
        Self {
            id: version.id,
            stored_at: version.stored_at,
            since: version.since,
            sealed: version.sealed,
            older: NONE,
            place: 0,
            has_receipt: version.has_receipt,
            is_own: version.is_own,
            name,
        }
    }

    pub(super) fn version(&self, row: u32) -> Version {
        Version {
            id: self.id,
            has_receipt: self.has_receipt,
            is_own: self.is_own,
            stored_at: self.stored_at,
            since: self.since,
            sealed: self.sealed,
            row: row.into(),
        }
    }
}

/// The version and those that are older.
pub(super) fn from(kept: &[Kept], newest: u32) -> Vec<Version> {
    let mut versions = Vec::new();
    let mut row = newest;
    while let Some(version) = kept.get(row as usize) {
        versions.push(version.version(row));
        row = version.older;
    }
    versions
}

/// Takes note of their order and of what has changed in them.
pub(super) fn keep(kept: &mut [Kept], versions: &[Version]) {
    for (at, version) in versions.iter().enumerate() {
        let older = versions.get(at + 1);
        let kept = &mut kept[version.row.number()];
        kept.since = version.since;
        kept.older = older.map_or(NONE, |older| older.row.as_u32());
    }
}

/// The newest file of each path, by folder and name.
#[derive(Debug, Default)]
pub(super) struct Newest {
    rows: HashTable<u32>,
    /// Those of which only the service says what they are called, by that.
    of_service: HashTable<u32>,
    hasher: RandomState,
}

/// Folder and name of a row.
pub(super) struct Place<'a> {
    pub(super) folder: FolderNumber,
    pub(super) text: &'a str,
    pub(super) kind: NameKind,
    pub(super) id: FileId,
}

/// Whether both are the same path.
impl PartialEq for Place<'_> {
    fn eq(&self, other: &Self) -> bool {
        let is_of_file = self.kind != NameKind::OfService || self.id == other.id;
        self.folder == other.folder
            && self.kind == other.kind
            && is_of_file
            && self.text == other.text
    }
}

impl Place<'_> {
    fn is(&self, folder: FolderNumber, name: &Name) -> bool {
        let is_of_file = name.of_file().is_none_or(|id| id == self.id);
        self.folder == folder
            && self.kind == name.written_as()
            && is_of_file
            && self.text == name.text()
    }
}

impl Newest {
    /// Makes room at once: what grows is looked up again, all over the memory.
    pub(super) fn reserve<'a>(
        &mut self,
        rows: usize,
        of_service: usize,
        place: impl Fn(u32) -> Place<'a>,
    ) {
        let hasher = &self.hasher;
        self.rows.reserve(rows, |row| hash(hasher, &place(*row)));
        let hash_of_service = |row: &u32| hasher.hash_one(place(*row).text);
        self.of_service.reserve(of_service, hash_of_service);
    }

    pub(super) fn find<'a>(
        &self,
        folder: FolderNumber,
        name: &Name,
        place: impl Fn(u32) -> Place<'a>,
    ) -> Option<u32> {
        let hash = hash_of_name(&self.hasher, folder, name);
        let row = self.rows.find(hash, |row| place(*row).is(folder, name))?;
        Some(*row)
    }

    pub(super) fn insert<'a>(&mut self, row: u32, place: impl Fn(u32) -> Place<'a>) {
        let hasher = &self.hasher;
        let hash_of = |row: &u32| hash(hasher, &place(*row));
        self.rows.insert_unique(hash_of(&row), row, hash_of);
        self.insert_of_service(row, place);
    }

    /// The newest of the path of this row; if there is none, it is this row from now on.
    pub(super) fn find_or_insert<'a>(
        &mut self,
        row: u32,
        place: impl Fn(u32) -> Place<'a>,
    ) -> Option<u32> {
        let hasher = &self.hasher;
        let of_row = place(row);
        let entry = self.rows.entry(
            hash(hasher, &of_row),
            |other| place(*other) == of_row,
            |other| hash(hasher, &place(*other)),
        );
        match entry {
            Entry::Occupied(known) => return Some(*known.get()),
            Entry::Vacant(free) => free.insert(row),
        };
        self.insert_of_service(row, place);
        None
    }

    fn insert_of_service<'a>(&mut self, row: u32, place: impl Fn(u32) -> Place<'a>) {
        let hasher = &self.hasher;
        if place(row).kind == NameKind::OfService {
            let hash = |row| hasher.hash_one(place(row).text);
            self.of_service
                .insert_unique(hash(row), row, |row| hash(*row));
        }
    }

    pub(super) fn remove(&mut self, row: u32, place: &Place<'_>) {
        if place.kind == NameKind::OfService {
            let hash = self.hasher.hash_one(place.text);
            if let Ok(entry) = self.of_service.find_entry(hash, |it| *it == row) {
                entry.remove();
            }
        }
        let hash = hash(&self.hasher, place);
        if let Ok(entry) = self.rows.find_entry(hash, |it| *it == row) {
            entry.remove();
        }
    }

    /// The files that the service calls so, and maybe others.
    pub(super) fn of_service(&self, text: &str) -> impl Iterator<Item = u32> + '_ {
        let hash = self.hasher.hash_one(text);
        self.of_service.iter_hash(hash).copied()
    }
}

fn hash(hasher: &RandomState, place: &Place<'_>) -> u64 {
    let of_file = (place.kind == NameKind::OfService).then_some(place.id);
    hasher.hash_one((place.folder, place.kind, of_file, place.text))
}

fn hash_of_name(hasher: &RandomState, folder: FolderNumber, name: &Name) -> u64 {
    hasher.hash_one((folder, name.written_as(), name.of_file(), name.text()))
}
