//! What a user chose to save a file as: it has to be that place still when the bytes come, which may be days later.

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
    /// The folder it is in, without links, and its number if it keeps one. Another one may have its name by the time it is needed.
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

    /// The same place, where `agreed` may be replaced: that was found out in an earlier run of the app.
    pub(crate) fn with_agreed(self, agreed: Option<Agreed>) -> Self {
        Self {
            agreed: agreed.unwrap_or(self.agreed),
            ..self
        }
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
