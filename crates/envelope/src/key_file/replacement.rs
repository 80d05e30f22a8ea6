//! Replaces a key file and its copy. If a later step fails, the previous file is restored, so that "nothing was
//! changed" is true.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::KeyFileError;
use crate::key_file::durability::{Durability, MAX_FILE_BYTES};
use crate::whole_file::{self, Named, Prepared, new_name};

/// The suffix of the previous file, which exists only during the replacement.
const BEFORE: &str = ".before";

/// The bytes of a key file and of the copy beside it.
pub(super) struct New<'a> {
    pub file: &'a [u8],
    pub copy: &'a [u8],
}

/// Replaces the file first: until it is durable, the old copy still opens with the old secret. `between` then removes
/// what the old secret opens.
///
/// # Errors
/// [`KeyFileError::NotPutBack`] when the new file is in its place; any other means that the file and its copy are
/// unchanged.
pub(super) fn replace(
    path: &Path,
    copy: &Path,
    new: &New,
    between: impl FnOnce() -> io::Result<()>,
) -> Result<Durability, KeyFileError> {
    let before = PreviousFile::keep(path)?;
    let new_file = whole_file::prepare(path, new.file)?;
    let new_copy = whole_file::prepare(copy, new.copy)?;
    let named = new_file.put_in_place(path)?;
    let replaced = Durability::of(named).and_then(|durability| {
        between()?;
        let copied = new_copy.put_in_place(copy)?;
        // The file itself is on the disk by now.
        Ok(durability.and(as_far_as_known(&copied)))
    });
    match replaced {
        Ok(durability) => Ok(durability.and(before.forget())),
        Err(error) => Err(before.put_back(path, error)),
    }
}

/// Whether an interrupted or running change has left its files.
pub(super) fn has_left(path: &Path, copy: &Path) -> bool {
    let is_left = |name: &Path| matches!(whole_file::is_there(name), Ok(true));
    is_left(&before_name(path)) || [path, copy].iter().any(|at| is_left(&new_name(at)))
}

/// Completes an interrupted change; the file at `path` contains `sealed`, which opens. The copy gets the same bytes if
/// they were prepared for it, or if it opens with another secret. The previous file is removed last, so that another
/// call can continue.
///
/// # Errors
/// What the system said.
pub(super) fn finish(
    path: &Path,
    copy: &Path,
    sealed: &[u8],
    copy_opens: impl FnOnce() -> Result<bool, KeyFileError>,
    between: impl FnOnce() -> io::Result<()>,
) -> Result<(), KeyFileError> {
    let before = before_name(path);
    let is_replaced = bytes_of(&before)?.is_some_and(|bytes| bytes != sealed);
    let new_copy = new_name(copy);
    let was_to_be_same = bytes_of(&new_copy)?.is_some_and(|bytes| bytes == sealed);
    if was_to_be_same {
        between()?;
        whole_file::rename_over(&new_copy, copy)?;
        Durability::of(whole_file::sync(copy)?)?;
    } else if is_replaced && !copy_opens()? {
        between()?;
        Durability::of(whole_file::replace(copy, sealed)?)?;
    }
    for left in [&new_name(path), &new_copy, &before] {
        whole_file::remove(left)?;
    }
    Ok(())
}

fn bytes_of(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match whole_file::read(path, MAX_FILE_BYTES) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => read,
    }
}

/// The path of the previous file during a change.
pub(super) fn before_name(path: &Path) -> PathBuf {
    new_name(&before(path))
}

fn before(path: &Path) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(BEFORE);
    name.into()
}

fn as_far_as_known(named: &Named) -> Durability {
    match named.not_synced {
        None => Durability::Synced,
        Some(_) => Durability::Unknown,
    }
}

/// The previous file, kept on the disk; `None` if there was none.
struct PreviousFile(Option<(PathBuf, Prepared)>);

impl PreviousFile {
    fn keep(path: &Path) -> Result<Self, KeyFileError> {
        let name = before(path);
        let bytes = match whole_file::read(path, MAX_FILE_BYTES) {
            Ok(bytes) => bytes.ok_or(KeyFileError::Damaged)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self(None)),
            Err(error) => return Err(error.into()),
        };
        let kept = whole_file::prepare(&name, &bytes)?;
        Ok(Self(Some((name, kept))))
    }

    /// Removes the file that the old secret opens. If that fails, the change is not fully durable.
    fn forget(self) -> Durability {
        let Some((name, kept)) = self.0 else {
            return Durability::Synced;
        };
        drop(kept);
        match whole_file::remove_prepared(&name) {
            Ok(()) => Durability::Synced,
            Err(_) => Durability::Unknown,
        }
    }

    fn put_back(self, path: &Path, error: KeyFileError) -> KeyFileError {
        let put_back = match self.0 {
            Some((_, kept)) => kept.put_in_place(path),
            None => whole_file::remove(path).map(|()| Named::default()),
        };
        match (put_back, error) {
            (Ok(Named { not_synced: None }), error) => error,
            (Ok(_), KeyFileError::Io(error)) => KeyFileError::NotSynced(error),
            (Ok(_), error) => error,
            (Err(_), KeyFileError::Io(error) | KeyFileError::NotSynced(error)) => {
                KeyFileError::NotPutBack(error)
            }
            (Err(io), _) => KeyFileError::NotPutBack(io),
        }
    }
}
