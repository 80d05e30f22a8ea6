//! Files and their receipts on the disk, which several processes of this machine write.
//!
//! No row is written from memory alone: what another process wrote since it was read is looked at in the transaction
//! that writes.

use std::sync::Arc;

use crate::error::{Error, FileError, RecordError};
use crate::files::deletion::scheduled::{DeletionMark, Doubt, Sent};
use crate::files::file::{File, FileRow};
use crate::files::file_id::FileId;
use crate::files::renaming::note::RenamingNote;
use crate::files::service_list::name_digest::NameDigest;
use crate::receipts::forgotten::Forgotten;
use crate::receipts::{Receipt, Verification};
use crate::store::rows::{Change, Disk, Kind, Pairs, RowId, Rows, Version};

/// Files and receipts as they were at one moment.
pub(crate) struct FilesOnDisk {
    pub version: Version,
    pub files: Vec<Arc<File>>,
    /// Files whose receipt is not there although one was written.
    pub lost_receipts: usize,
    /// Rows of older versions, or that do not tell of their receipts, made good.
    pub repairs: Vec<Change>,
}

impl FilesOnDisk {
    /// Reads them; nothing if no other process has written since `known`.
    pub(crate) async fn read(rows: &Rows, known: Option<Version>) -> Result<Option<Self>, Error> {
        let kinds = [Kind::File, Kind::Receipt];
        let pairs = rows.pairs(kinds, known, FileOnDisk::of).await?;
        let Some(Pairs {
            version,
            made,
            damaged: [_, damaged_receipts],
        }) = pairs
        else {
            return Ok(None);
        };
        let mut read = Self {
            version,
            files: Vec::with_capacity(made.len()),
            lost_receipts: 0,
            repairs: Vec::new(),
        };
        for found in made {
            read.lost_receipts += usize::from(found.lost_receipt);
            if !found.is_whole {
                read.repairs.push(repaired(found.file.id.0));
            }
            read.files.push(found.file);
        }
        // Damaged ones are counted where they are set aside.
        read.lost_receipts = read.lost_receipts.saturating_sub(damaged_receipts);
        Ok(Some(read))
    }
}

/// A file as its rows tell of it.
struct FileOnDisk {
    file: Arc<File>,
    lost_receipt: bool,
    /// Its rows tell of each other.
    is_whole: bool,
}

impl FileOnDisk {
    fn of(id: RowId, row: Option<FileRow>, receipt: Option<Receipt>) -> Option<Self> {
        let (row, mut receipt) = match (row, receipt) {
            (Some(row), receipt) => (row, receipt),
            // Its row is lost: the file is expected all the same.
            (None, Some(receipt)) => {
                return Some(Self {
                    file: Arc::new(File::from_receipt(FileId(id), receipt)),
                    lost_receipt: false,
                    is_whole: true,
                });
            }
            (None, None) => return None,
        };
        let had_receipt = row.has_receipt();
        let mut is_whole = receipt.is_some() == had_receipt;
        if let Some(receipt) = &mut receipt
            && receipt.token.is_none()
        {
            receipt.token = Some(row.token().into());
            is_whole = false;
        }
        Some(Self {
            lost_receipt: receipt.is_none() && had_receipt,
            is_whole,
            file: Arc::new(File::from_row(FileId(id), row, receipt)),
        })
    }
}

/// Receipts of older versions do not tell which file they are of, should its row be lost; rows of older versions do not
/// tell that they have a receipt.
fn repaired(id: RowId) -> Change {
    Change::decide(move |disk| {
        let Some(row) = disk.row::<FileRow>(Kind::File, id)? else {
            return Ok(Vec::new());
        };
        let mut receipt = disk.row::<Receipt>(Kind::Receipt, id)?;
        let mut changes = Vec::new();
        if let Some(receipt) = &mut receipt
            && receipt.token.is_none()
        {
            receipt.token = Some(row.token().into());
            changes.push(disk.sealed(Kind::Receipt, id, receipt)?);
        }
        let had_receipt = row.has_receipt();
        let file = File::from_row(FileId(id), row, receipt);
        if file.receipt.is_some() != had_receipt {
            changes.push(disk.sealed(Kind::File, id, &file.row())?);
        }
        Ok(changes)
    })
}

/// Whether a file is new to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// It was there before: if it is there no more, another process has taken it off, and it stays off.
    Before,
    /// It has just appeared.
    Now,
}

impl Since {
    pub(crate) fn of(was_known: bool) -> Self {
        if was_known { Self::Before } else { Self::Now }
    }
}

/// Writes down how a file stands. Its receipt, and what is known of its deletion, are those on the disk; a deletion
/// that has `ended` did not happen, unless another one was sent since.
pub(crate) fn kept(file: &File, since: Since, ended: Option<&Doubt>) -> Change {
    let did_not_happen = ended.and_then(|doubt| doubt.mark.clone());
    let file = file.clone();
    Change::decide(move |disk| {
        let id = file.id.0;
        let known = disk.row::<FileRow>(Kind::File, id)?;
        let receipt = disk.row::<Receipt>(Kind::Receipt, id)?;
        if since == Since::Before && known.is_none() && receipt.is_none() {
            return Ok(Vec::new());
        }
        let mut now = file.clone();
        if let Some(known) = known.map(|row| File::from_row(file.id, row, receipt.clone())) {
            let ends =
                did_not_happen.is_some() && did_not_happen == DeletionMark::of(&known.at_service);
            if !ends {
                now.at_service.deletion_sent = known.at_service.deletion_sent;
                now.at_service.deletion_by = known.at_service.deletion_by;
                now.at_service
                    .deletion_command
                    .clone_from(&known.at_service.deletion_command);
            }
            now.at_service
                .renaming
                .clone_from(&known.at_service.renaming);
            now.receipt_lost |= known.receipt_lost;
        }
        let mut changes = Vec::new();
        if let Some(mut receipt) = receipt {
            now.stored_size_bytes = Some(receipt.stored_size);
            now.receipt_lost = false;
            let here = now.named();
            if let Some(named) = receipt.named.clone() {
                let is_later = here.renames() > named.renames() || now.at_service.awaits(&here);
                if is_later {
                    receipt.named = Some(here);
                    changes.push(disk.sealed(Kind::Receipt, id, &receipt)?);
                } else if !here.says_the_same(&named) {
                    let seen = now.at_service.renamed.take();
                    now.take_name(named.clone());
                    now.at_service.renamed = seen.filter(|seen| !seen.says_the_same(&named));
                }
            }
            now.receipt = Some(Box::new(receipt));
        }
        now.settle_renaming();
        changes.push(disk.sealed(Kind::File, id, &now.row())?);
        Ok(changes)
    })
}

#[derive(Clone, Debug)]
pub(crate) enum Noted {
    /// The one that is being sent.
    Newest,
    /// What became of this one. Another one that was sent since stays as it is.
    Outcome(DeletionMark),
}

/// Notes how far the deletion of a file is. One that another process has taken off stays off.
pub(crate) fn noted(id: FileId, sent: Sent, which: Noted) -> Change {
    Change::decide(move |disk| {
        let receipt = disk.row::<Receipt>(Kind::Receipt, id.0)?;
        let row = disk.row::<FileRow>(Kind::File, id.0)?;
        let file = match (row, &receipt) {
            (Some(row), _) => Some(File::from_row(id, row, receipt)),
            (None, Some(receipt)) => Some(File::from_receipt(id, receipt.clone())),
            (None, None) => None,
        };
        let Some(mut file) = file else {
            return Ok(Vec::new());
        };
        if let Noted::Outcome(mark) = &which
            && DeletionMark::of(&file.at_service).as_ref() != Some(mark)
        {
            return Ok(Vec::new());
        }
        sent.note(&mut file.at_service);
        Ok(vec![disk.sealed(Kind::File, id.0, &file.row())?])
    })
}

/// Gives a file another name, also in its receipt.
pub(crate) fn named(file: &File) -> Vec<Change> {
    let (id, name) = (file.id.0, file.named());
    let receipt = Change::decide(move |disk| {
        let Some(mut receipt) = disk.row::<Receipt>(Kind::Receipt, id)? else {
            return Ok(Vec::new());
        };
        receipt.named = Some(name.clone());
        Ok(vec![disk.sealed(Kind::Receipt, id, &receipt)?])
    });
    vec![receipt, kept(file, Since::Before, None)]
}

/// Notes how far a renaming is. One that another process has taken off stays off.
///
/// # Errors
/// When the write is due: [`FileError::RenamePending`] when another one is under way that must not be lost.
pub(crate) fn noted_renaming(id: FileId, note: RenamingNote) -> Change {
    Change::decide(move |disk| {
        let receipt = disk.row::<Receipt>(Kind::Receipt, id.0)?;
        let row = disk.row::<FileRow>(Kind::File, id.0)?;
        let file = match (row, &receipt) {
            (Some(row), _) => File::from_row(id, row, receipt.clone()),
            (None, Some(receipt)) => File::from_receipt(id, receipt.clone()),
            (None, None) if matches!(note, RenamingNote::Begin { .. }) => {
                return Err(FileError::Unknown.into());
            }
            (None, None) => return Ok(Vec::new()),
        };
        let mut noted = file.clone();
        noted.note_renaming(&note)?;
        let mut changes = Vec::new();
        if let Some(receipt) = &noted.receipt
            && noted.receipt != file.receipt
        {
            changes.push(disk.sealed(Kind::Receipt, id.0, receipt)?);
        }
        changes.push(disk.sealed(Kind::File, id.0, &noted.row())?);
        Ok(changes)
    })
}

/// Takes everything about a file off the disk.
pub(crate) fn forgetting(id: FileId) -> Vec<Change> {
    [Kind::File, Kind::Receipt, Kind::FileKey, Kind::Forgotten]
        .map(|kind| Change::Delete(kind, id.0))
        .into()
}

/// Moves a file to the forgotten ones, with its receipt. One that another process has taken off already stays what it
/// is there.
pub(crate) fn moved_to_forgotten(file: &File) -> Change {
    let file = file.clone();
    Change::decide(move |disk| {
        let id = file.id.0;
        let receipt = disk.row::<Receipt>(Kind::Receipt, id)?;
        if receipt.is_none() && !disk.has(Kind::File, id)? {
            return Ok(Vec::new());
        }
        let forgotten = Forgotten {
            file: file.row(),
            receipt: receipt.or_else(|| file.receipt.as_deref().cloned()),
        };
        let mut changes = forgetting(file.id);
        changes.push(disk.sealed(Kind::Forgotten, id, &forgotten)?);
        Ok(changes)
    })
}

/// A forgotten file that the service lists again gets its receipt back, unless it has another by now.
pub(crate) fn back_from_forgotten(id: FileId) -> Change {
    Change::decide(move |disk| {
        let mut changes = vec![Change::Delete(Kind::Forgotten, id.0)];
        let forgotten = disk.row::<Forgotten>(Kind::Forgotten, id.0)?;
        if let Some(receipt) = forgotten.and_then(|forgotten| forgotten.receipt)
            && !disk.has(Kind::Receipt, id.0)?
        {
            changes.push(disk.sealed(Kind::Receipt, id.0, &receipt)?);
        }
        Ok(changes)
    })
}

/// Takes down what came of comparing a file with `against`: only in the receipt that says the same.
pub(crate) fn verified(id: FileId, against: &Receipt, found: Verification) -> Change {
    let against = against.clone();
    Change::decide(move |disk| {
        let known = disk.row::<Receipt>(Kind::Receipt, id.0)?;
        let is_listed = disk.has(Kind::File, id.0)?;
        let receipt = match known {
            Some(known) => (known.digest == against.digest).then_some(known),
            // It was damaged, and is known here.
            None => is_listed.then(|| against.clone()),
        };
        let Some(receipt) = receipt else {
            return Ok(Vec::new());
        };
        let receipt = Receipt {
            verification: Some(found),
            ..receipt
        };
        Ok(vec![disk.sealed(Kind::Receipt, id.0, &receipt)?])
    })
}

/// The receipt of new bytes takes the place of the one that is `known`. Bytes of which another process wrote a receipt
/// meanwhile stay right beside them: nobody can tell which of them came last.
pub(crate) fn resealed(file: &File, receipt: Receipt, known: Option<Receipt>) -> Vec<Change> {
    let (id, row) = (file.id, file.clone());
    let replaced = Change::decide(move |disk| {
        let receipt = receipt
            .clone()
            .beside(disk.row::<Receipt>(Kind::Receipt, id.0)?, known.as_ref());
        let forgotten = disk.row::<Forgotten>(Kind::Forgotten, id.0)?;
        if let Some(forgotten) = forgotten {
            let receipt = Some(receipt);
            let forgotten = Forgotten {
                receipt,
                ..forgotten
            };
            return Ok(vec![disk.sealed(Kind::Forgotten, id.0, &forgotten)?]);
        }
        if !disk.has(Kind::File, id.0)? && !disk.has(Kind::Receipt, id.0)? {
            // Another process has deleted it.
            return Ok(Vec::new());
        }
        Ok(vec![disk.sealed(Kind::Receipt, id.0, &receipt)?])
    });
    vec![replaced, kept(&row, Since::Before, None)]
}

/// What must hold of the disk before a file is new: nothing is known of it, or a list has brought it under this very
/// name.
///
/// # Errors
/// [`RecordError::Known`] when its token stands for another file.
pub(crate) fn require_new(id: FileId, sealed_name: &str) -> Change {
    let sealed_name = NameDigest::from(sealed_name);
    Change::decide(move |disk| {
        if disk.has(Kind::Receipt, id.0)? || disk.has(Kind::Forgotten, id.0)? {
            return Err(RecordError::Known.into());
        }
        let row = disk.row::<FileRow>(Kind::File, id.0)?;
        let file = row.map(|row| File::from_row(id, row, None));
        let is_other = file.is_some_and(|file| {
            file.receipt_lost || file.at_service.sealed_name.as_ref() != Some(&sealed_name)
        });
        if is_other {
            return Err(RecordError::Known.into());
        }
        Ok(Vec::new())
    })
}

/// What must hold of the disk before new bytes are sent for a file: its receipt is still `known`.
///
/// # Errors
/// [`RecordError::Known`] when another process has written another one, [`FileError::Unknown`] when one has taken the
/// file off.
pub(crate) fn require_receipt(
    disk: &Disk<'_>,
    id: FileId,
    known: Option<&Receipt>,
) -> Result<(), Error> {
    let now = disk.row::<Receipt>(Kind::Receipt, id.0)?;
    let digest = |receipt: &Receipt| receipt.digest.clone();
    match (&now, known) {
        // It was damaged, and is known here.
        (None, Some(_)) if disk.has(Kind::File, id.0)? || disk.has(Kind::Receipt, id.0)? => Ok(()),
        (None, Some(_)) => Err(FileError::Unknown.into()),
        _ if now.as_ref().map(digest) == known.map(digest) => Ok(()),
        _ => Err(RecordError::Known.into()),
    }
}

#[cfg(test)]
#[path = "on_disk_tests.rs"]
mod tests;
