//! What a user chose to save a file as: it has to be that place still when the bytes come, which may be days later.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use privicore_envelope::whole_file::folder_of;

use super::folder::Folder;
use super::{Agreed, Destination, Existing, free_place};
use crate::download::destination::access::Access;
use crate::error::{Error, TargetError, file_name};
use crate::store::rows::TicketId;
use crate::system::folder_names::real_path;

/// A place for a file, found out when it was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// What was asked for; it may be taken.
    pub(super) wanted: PathBuf,
    /// Where that is: the target of a link that may be written through, or a free name.
    pub(super) target: PathBuf,
    pub(super) existing: Existing,
    /// What may be replaced there.
    pub(super) agreed: Agreed,
    /// The folder it is in, without links, and its number if it keeps one. Another one may have its name by the time it
    /// is needed.
    folder: (Option<PathBuf>, Option<u64>),
}

impl Chosen {
    /// Looks at it now. Blocks.
    ///
    /// # Errors
    /// What stands in the way of saving it there, sorted by what a person can do.
    pub(crate) fn now(target: &Path, existing: Existing) -> Result<Self, Error> {
        let wanted = target.to_owned();
        let target = free_place(target, existing)?;
        let agreed = match existing {
            Existing::Replace => {
                Agreed::at(&target).map_err(|error| Error::target(&target, error))?
            }
            Existing::Keep | Existing::KeepBoth => Agreed::Nothing,
        };
        let folder = Folder::open(folder_of(&target));
        let folder = folder.map_err(|error| Error::target(&target, error))?;
        Ok(Self {
            folder: (real_path(folder_of(&target)).ok(), folder.lasting_number()),
            wanted,
            target,
            existing,
            agreed,
        })
    }

    /// A place in a folder that was entered through no link: what has the name there is not followed either. Blocks.
    ///
    /// # Errors
    /// What stands in the way of saving it there.
    pub(super) fn inside(
        folder: &Folder,
        wanted: &OsStr,
        name: &OsStr,
        existing: Existing,
    ) -> Result<Self, Error> {
        let target = folder.path().join(name);
        let agreed = match existing {
            Existing::Replace => Agreed::at(&folder.at(&target)).map_err(|error| {
                let name = file_name(&target);
                match error.kind() {
                    io::ErrorKind::AlreadyExists => TargetError::NotAFile { name }.into(),
                    _ => Error::target(&target, error),
                }
            })?,
            Existing::Keep | Existing::KeepBoth => Agreed::Nothing,
        };
        Ok(Self {
            wanted: folder.path().join(wanted),
            target,
            existing,
            agreed,
            folder: (Some(folder.path().to_owned()), folder.lasting_number()),
        })
    }

    /// The same place, if there is still no link on the way to it.
    ///
    /// # Errors
    /// A link, or a folder, has taken the place of what was there.
    pub(crate) fn through_no_link(self) -> Result<Self, Error> {
        let folder = folder_of(&self.wanted);
        let is_direct = self.folder.0.as_deref() == Some(folder)
            && folder_of(&self.target) == folder
            && (self.existing != Existing::Replace || self.target == self.wanted);
        if is_direct {
            return Ok(self);
        }
        let replaced = io::Error::other("a link has taken the place of a folder or a file");
        Err(Error::target(&self.wanted, replaced))
    }

    /// The same place, where `agreed` may be replaced: that was found out in an earlier run of the app.
    pub(crate) fn with_agreed(self, agreed: Option<Agreed>) -> Self {
        Self {
            agreed: agreed.unwrap_or(self.agreed),
            ..self
        }
    }

    /// Where it goes.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    pub(crate) fn existing(&self) -> Existing {
        self.existing
    }

    /// What may be replaced there.
    pub(crate) fn agreed(&self) -> &Agreed {
        &self.agreed
    }

    /// Begins the file. Blocks.
    ///
    /// # Errors
    /// What stands in the way, or that there is another folder by now.
    pub(crate) fn begin(&self, transfer: &TicketId) -> Result<Destination, Error> {
        Destination::in_place(self.clone(), transfer, Access::AsTheUserSet)
    }

    /// Finds out whether it can be saved there, with everything that can be known beforehand. Leaves nothing. Blocks.
    ///
    /// # Errors
    /// Those of [`begin`](Self::begin), and whatever came there meanwhile.
    pub(crate) fn check(&self, transfer: &TicketId) -> Result<(), Error> {
        free_place(&self.target, self.existing)?;
        self.require_agreed()?;
        self.begin(transfer).map(drop)
    }

    /// Whether what would be replaced is what was agreed to. It is looked at once more when it is replaced.
    fn require_agreed(&self) -> Result<(), Error> {
        if self.existing != Existing::Replace {
            return Ok(());
        }
        let now = Agreed::at(&self.target).map_err(|error| Error::target(&self.target, error))?;
        if self.agreed.covers(&now) {
            return Ok(());
        }
        Err(TargetError::NotAsAgreed {
            name: file_name(&self.target),
        }
        .into())
    }

    pub(super) fn require_same(&self, folder: &Folder) -> Result<(), Error> {
        let (path, number) = &self.folder;
        let has_path = path.is_none() || *path == real_path(folder_of(&self.target)).ok();
        let has_number = match (number, folder.lasting_number()) {
            (Some(before), Some(now)) => *before == now,
            _ => true,
        };
        if has_path && has_number {
            return Ok(());
        }
        let replaced =
            io::Error::other("another folder has taken the place of the one that was chosen");
        Err(Error::target(&self.target, replaced))
    }
}
