//! Where opened bytes end up: a file that gets its name when it is whole and on the disk.
//!
//! Until [`Destination::commit`] names it, the target is as it was; dropped before that, nothing is left behind. Each
//! rule has its place: `place` says where a file can be saved, `names` what it can be called, `free_names` what is not
//! taken, `chosen` that it stays the place that was chosen, `agreed` which file may be replaced there, `folder` how its
//! folder stays the one that was chosen, `look` how it is known again after a crash, `parts` what it is until it has
//! its name and how it gets it, `access` who can read it, `signals` what happens to it when the process is ended.

mod access;
#[cfg(unix)]
mod acl;
mod agreed;
pub(crate) mod beneath;
mod chosen;
mod existing;
mod folder;
mod free_names;
mod look;
mod names;
mod parts;
mod place;
mod signals;
#[cfg(test)]
#[path = "destination/tests.rs"]
mod tests;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use privicore_envelope::ModifiedTime;
use privicore_envelope::whole_file::{cannot_sync, folder_of, sync_name};

pub(crate) use self::access::Access;
pub(crate) use self::agreed::Agreed;
pub(crate) use self::chosen::Chosen;
pub use self::existing::{Existing, SavedAlready};
pub(crate) use self::free_names::FreeNames;
pub(crate) use self::look::FileIdentity;
pub(crate) use self::names::saved_name_of;
use self::names::with_mark;
pub use self::names::{safe_name, saved_name};
use self::parts::Part;
pub use self::signals::{EndingSignals, INTERRUPT, end_at_signal, remove_half_saved};
use crate::error::code::Code;
use crate::error::{Error, Explanation, TargetError, file_name};
use crate::files::attributes::Attributes;
use crate::store::process_lock::random_id;
use crate::store::rows::TicketId;
use crate::system::folder_names::real_path;
use crate::transfers::flusher::Flusher;

/// So many names are tried for a file when each is taken in the moment before it is used: a folder that does that is
/// broken.
const RENAMINGS_AT_MOST: u32 = 1_000;

/// A file that appears as a whole or not at all.
#[derive(Debug)]
pub(crate) struct Destination {
    /// The place that was asked for; it may be taken.
    wanted: PathBuf,
    target: PathBuf,
    existing: Existing,
    agreed: Agreed,
    part: Part,
    flusher: Flusher,
    /// The names that were free when they were looked for, and taken when they were needed.
    names: FreeNames,
    renamings: u32,
    attributes: Attributes,
    /// Why the bytes may not survive a power cut in the next seconds, if so.
    not_synced: Option<io::Error>,
}

impl Destination {
    /// Begins a file in the target's folder. What an earlier attempt at the same transfer, or a crash, left there goes.
    /// Blocks.
    ///
    /// # Errors
    /// What stands in the way of saving it there, sorted by what a person can do.
    #[cfg(test)]
    pub(crate) fn beside(
        target: &Path,
        existing: Existing,
        transfer: &TicketId,
    ) -> Result<Self, Error> {
        Self::with_access(target, existing, transfer, Access::AsTheUserSet)
    }

    /// Begins a file that only this user will be able to read. Blocks.
    ///
    /// # Errors
    /// Those of [`beside`](Self::beside).
    pub(crate) fn private(target: &Path, existing: Existing) -> Result<Self, Error> {
        Self::with_access(target, existing, &random_id()?, Access::Private)
    }

    fn with_access(
        target: &Path,
        existing: Existing,
        number: &TicketId,
        access: Access,
    ) -> Result<Self, Error> {
        Self::in_place(Chosen::now(target, existing)?, number, access)
    }

    fn in_place(chosen: Chosen, number: &TicketId, access: Access) -> Result<Self, Error> {
        let folder = folder_of(&chosen.target);
        parts::sweep(folder);
        let part = Part::make(parts::part_path(folder, number), access)
            .map_err(|error| Error::target(&chosen.target, error))?;
        chosen.require_same(part.folder())?;
        let Chosen {
            wanted,
            target,
            existing,
            agreed,
            ..
        } = chosen;
        let names = FreeNames::in_folder(part.folder().itself());
        Ok(Self {
            wanted,
            target,
            existing,
            agreed,
            part,
            flusher: Flusher::default(),
            names,
            renamings: 0,
            attributes: Attributes::default(),
            not_synced: None,
        })
    }

    /// It gets this time, and can be run if it could be, before it has its name.
    pub(crate) fn with_attributes(mut self, attributes: Attributes) -> Self {
        self.part.is_executable = attributes.is_executable;
        Self { attributes, ..self }
    }

    /// Where it is to appear.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Goes to another name in the same folder, over nothing that is there.
    pub(crate) fn aside(self, target: PathBuf) -> Self {
        Self {
            target,
            existing: Existing::Keep,
            ..self
        }
    }

    /// Whether it takes another name when its own has been taken meanwhile; then it has that. Blocks.
    pub(crate) fn take_next_name(&mut self) -> bool {
        if self.existing != Existing::KeepBoth || self.renamings == RENAMINGS_AT_MOST {
            return false;
        }
        self.renamings += 1;
        let name = self.wanted.file_name().unwrap_or_default();
        let free = self.names.take(name);
        self.target = self.target.with_file_name(free.file_name().unwrap_or(name));
        true
    }

    /// Makes the whole file durable before it has its name; answers how it looks.
    pub(crate) fn sync(&mut self) -> Result<FileIdentity, Error> {
        let failed = |error| Error::target(&self.target, error);
        self.flusher.stop().map_err(failed)?;
        let modified = self.attributes.modified;
        if let Some(time) = modified.and_then(ModifiedTime::to_system_time)
            && let Err(error) = self.part.file.set_modified(time)
        {
            tracing::debug!(%error, "a file system does not keep the time of a saved file");
        }
        self.part.permit_running();
        self.not_synced = match self.part.file.sync_all() {
            Err(error) if !cannot_sync(&error) => return Err(failed(error)),
            synced => synced.err(),
        };
        FileIdentity::of(&self.part.file).map_err(failed)
    }

    /// Gives the whole file its name. It was made durable before. Answers what is to be remarked about a file that is
    /// there.
    ///
    /// # Errors
    /// [`TargetError::Exists`], [`TargetError::NotAsAgreed`], or what the system said: the target is then as it was.
    pub(crate) fn commit(&mut self) -> Result<Option<Explanation>, Error> {
        let named = match self.existing {
            Existing::Replace => self.part.name_over(&self.target, &self.agreed),
            Existing::Keep | Existing::KeepBoth => self.part.name_new(&self.target),
        };
        named.map_err(|error| self.not_named(error))?;
        // From here on the file is there, whatever else happens.
        let folder = self.part.folder();
        let synced = sync_name(&self.part.file, folder.itself());
        if let Some(moved_to) = folder.moved_to() {
            return Ok(Some(saved_elsewhere(&self.target, &moved_to)));
        }
        let not_synced_yet = synced.not_synced.or_else(|| self.not_synced.take());
        Ok(not_synced_yet.map(|error| {
            tracing::warn!(%error, "a saved file may not be on the disk yet");
            not_synced(&self.target)
        }))
    }
}

impl Destination {
    fn not_named(&self, error: io::Error) -> Error {
        if self.existing == Existing::Replace && error.kind() == io::ErrorKind::AlreadyExists {
            let name = file_name(&self.target);
            return Error::Target(TargetError::NotAsAgreed { name });
        }
        Error::target(&self.target, error)
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.part.file.write(bytes)?;
        self.flusher.wrote(written, &self.part.file)?;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.part.file.flush()
    }
}

fn saved_elsewhere(target: &Path, folder: &Path) -> Explanation {
    (Code::SavedElsewhere.words())
        .name(file_name(target))
        .text("folder", folder.display())
        .explain()
}

fn not_synced(target: &Path) -> Explanation {
    let words = Code::SavedNotSynced.words();
    words.name(file_name(target)).explain()
}

fn free_place(target: &Path, existing: Existing) -> Result<PathBuf, Error> {
    match place::place_of(target, existing) {
        Err(Error::Target(
            TargetError::Exists { .. }
            | TargetError::IsFolder { .. }
            | TargetError::NotAFile { .. }
            | TargetError::BadName { .. },
        )) if existing == Existing::KeepBoth => Ok(numbered(target)),
        place => place,
    }
}

fn numbered(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default();
    FreeNames::in_folder(folder_of(target)).take(name)
}

/// Writes a file that only this user can read, and that appears as a whole or not at all. Answers what is to be
/// remarked. Blocks.
///
/// # Errors
/// Those of [`Destination::beside`], or it cannot be written; the target is then as it was.
pub(crate) fn write_private(
    target: &Path,
    existing: Existing,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Option<Explanation>, Error> {
    Destination::private(target, existing)?.write_whole(write)
}

impl Destination {
    /// Writes all of it and gives it its name.
    ///
    /// # Errors
    /// Those of [`commit`](Self::commit).
    pub(crate) fn write_whole(
        mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Option<Explanation>, Error> {
        let target = self.target.clone();
        let failed = |error| Error::target(&target, error);
        let mut out = io::BufWriter::new(&mut self);
        write(&mut out).map_err(failed)?;
        out.flush().map_err(failed)?;
        drop(out);
        self.sync()?;
        self.commit()
    }
}

/// Removes what a crash left of a transfer to `target`, unless another process works on it.
pub(crate) fn remove_leftover(target: &Path, transfer: &TicketId) {
    let real = real_path(target);
    let places = [Some(target), real.as_deref().ok()];
    for place in places.into_iter().flatten() {
        parts::remove_if_left(&parts::part_path(folder_of(place), transfer));
    }
}

/// A file in the same folder as `target` that has no name and is gone when it is closed.
pub(crate) fn nameless_file_beside(target: &Path) -> io::Result<File> {
    tempfile::tempfile_in(folder_of(target))
}

/// The name of `target` with a mark before its extension: `report (DAMAGED).pdf`.
pub(crate) fn marked_name(target: &Path, mark: &str) -> String {
    let name = with_mark(target.file_name().unwrap_or_default(), mark);
    name.to_string_lossy().into_owned()
}

/// `name (2).ext`, of a length that all systems take.
pub(crate) fn numbered_name(name: &OsStr, number: u32) -> OsString {
    with_mark(name, &number.to_string())
}

/// A path beside `target` with a mark in its name, at which there is nothing.
pub(crate) fn free_marked_name(target: &Path, mark: &str) -> PathBuf {
    let name = with_mark(target.file_name().unwrap_or_default(), mark);
    FreeNames::in_folder(folder_of(target)).take(&name)
}
