//! Atomic and durable replacement of whole files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Waits between attempts to replace a file that another program has open: less than a second together.
const IN_USE_WAITS_MS: [u64; 6] = [10, 20, 40, 80, 160, 320];

/// Reads a regular file of at most so many bytes, or none when it is longer.
///
/// # Errors
/// What the system said, or that it is no regular file.
pub fn read(path: &Path, max_bytes: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    open_to_read(path)?
        .take(max_bytes + 1)
        .read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= max_bytes).then_some(bytes))
}

/// Opens a regular file without blocking: a pipe without a writer would block a reader for ever.
fn open_to_read(path: &Path) -> io::Result<File> {
    step()?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, NotAFile));
    }
    Ok(file)
}

#[derive(Debug, thiserror::Error)]
#[error("it is not a regular file")]
struct NotAFile;

/// Whether something is at `path`. Only what the system does not find is absent. What cannot be looked at is an error,
/// and so is a link that leads nowhere, at the end of the path or on the way: the volume behind it may not be mounted.
///
/// # Errors
/// Why it cannot be told.
pub fn is_there(path: &Path) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            require_no_broken_link(path)?;
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

fn require_no_broken_link(path: &Path) -> io::Result<()> {
    for part in path.ancestors() {
        match fs::symlink_metadata(part) {
            Ok(found) if found.is_symlink() && fs::metadata(part).is_err() => {
                return Err(io::Error::other(BrokenLink(part.to_owned())));
            }
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A link whose target is not there.
#[derive(Debug, thiserror::Error)]
#[error("“{}” is a link whose target is not there", .0.file_name().unwrap_or_default().display())]
struct BrokenLink(PathBuf);

/// Puts bytes in the place of whatever is at `path`: at any moment the old or the new file is there, whole.
/// Only this user can read it.
///
/// # Errors
/// What the system said; the old file is then there.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<Named> {
    prepare(path, bytes)?.put_in_place(path)
}

/// Writes bytes beside `path`, to the disk, for [`Prepared::put_in_place`]. Dropped, they are gone; what a crash has
/// left of an earlier one goes first. One writer at a time.
///
/// # Errors
/// What the system said; nothing is then left behind.
pub fn prepare(path: &Path, bytes: &[u8]) -> io::Result<Prepared> {
    let name = new_name(path);
    remove(&name)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    step()?;
    let file = options.open(&name)?;
    let mut prepared = Prepared {
        file,
        name,
        not_synced: None,
    };
    step()?;
    prepared.file.write_all(bytes)?;
    prepared.not_synced = match step().and_then(|()| prepared.file.sync_all()) {
        Err(error) if !cannot_sync(&error) => return Err(error),
        synced => synced.err(),
    };
    Ok(prepared)
}

/// Opens a file of the app for reading and writing, made if need be, for this user alone. One that others may read is
/// closed to them, as far as the system lets.
///
/// # Errors
/// What the system said.
pub fn open_own(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    // It may be another user's, who can do as they like with it.
    let _ = close_file_to_others(path);
    Ok(file)
}

/// Makes an empty file for this user alone, unless something is there, which is not opened: a program that closes a
/// database once more loses its locks on it. One that others may read is closed to them, as far as the system lets.
///
/// # Errors
/// What the system said.
pub fn create_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let _ = close_file_to_others(path);
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Takes all rights of others to a regular file. Anything else at `path` stays as it is: nothing, a folder, or a link
/// and what it leads to.
///
/// # Errors
/// What the system said.
pub fn close_file_to_others(path: &Path) -> io::Result<()> {
    close_to_others(path, fs::FileType::is_file)
}

/// Takes all rights of others to a folder. Anything else at `path` stays as it is: nothing, a file, or a link and what
/// it leads to.
///
/// # Errors
/// What the system said.
pub fn close_folder_to_others(path: &Path) -> io::Result<()> {
    close_to_others(path, fs::FileType::is_dir)
}

/// Opens the path alone: whoever opens and closes a database once more loses its locks on it.
#[cfg(target_os = "linux")]
fn close_to_others(path: &Path, is_kind: fn(&fs::FileType) -> bool) -> io::Result<()> {
    use rustix::fs::{Mode, OFlags};
    use std::os::fd::AsRawFd as _;
    use std::os::unix::fs::PermissionsExt as _;

    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(opened) => File::from(opened),
        Err(rustix::io::Errno::NOENT) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    match own_mode(&file.metadata()?, is_kind) {
        // Linux changes no mode through such a handle, only through the name it has here.
        Some(own) => fs::set_permissions(
            format!("/proc/self/fd/{}", file.as_raw_fd()),
            fs::Permissions::from_mode(own),
        ),
        None => Ok(()),
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
fn close_to_others(path: &Path, is_kind: fn(&fs::FileType) -> bool) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, Mode, RawMode, chmodat};

    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    match own_mode(&found, is_kind) {
        Some(own) => {
            let own = Mode::from_raw_mode(own as RawMode);
            Ok(chmodat(CWD, path, own, AtFlags::SYMLINK_NOFOLLOW)?)
        }
        None => Ok(()),
    }
}

/// The mode without the rights of others, unless that is the mode already or the kind is another one.
#[cfg(unix)]
fn own_mode(found: &fs::Metadata, is_kind: fn(&fs::FileType) -> bool) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = found.permissions().mode() & 0o777;
    (is_kind(&found.file_type()) && mode & 0o077 != 0).then_some(mode & 0o700)
}

/// Windows keeps the files of a user's own folders to that user.
#[cfg(not(unix))]
fn close_to_others(_: &Path, _: fn(&fs::FileType) -> bool) -> io::Result<()> {
    Ok(())
}

/// Bytes that are on the disk and wait for their name.
#[derive(Debug)]
pub struct Prepared {
    file: File,
    name: PathBuf,
    not_synced: Option<io::Error>,
}

/// A file has got its name. Whatever happens after that does not undo it.
#[derive(Debug, Default)]
pub struct Named {
    /// Why the name may not survive a power cut in the next seconds, if so.
    pub not_synced: Option<io::Error>,
}

impl Prepared {
    /// # Errors
    /// What the system said; the old file is then there, and the new one is gone.
    pub fn put_in_place(mut self, path: &Path) -> io::Result<Named> {
        rename_over(&self.name, path)?;
        Ok(self.sync_name(path))
    }

    /// What is worse is told: a name that is not on the disk, before bytes that no sync of this file system brings
    /// there.
    fn sync_name(&mut self, path: &Path) -> Named {
        let named = sync_name(&self.file, folder_of(path));
        Named {
            not_synced: named.not_synced.or_else(|| self.not_synced.take()),
        }
    }

    /// The same, unless something is there: that stays as it is.
    ///
    /// # Errors
    /// `AlreadyExists`, or what the system said; the new file is gone then.
    pub fn put_in_new_place(mut self, path: &Path) -> io::Result<Named> {
        if is_there(path)? {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        match step().and_then(|()| fs::hard_link(&self.name, path)) {
            Ok(()) => Ok(self.sync_name(path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            // Not every file system has second names. Nothing was there a moment ago, and whoever makes keys has the
            // lock of the profile.
            Err(_) => self.put_in_place(path),
        }
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // Once it has its name there is nothing under the old one; what cannot be removed goes with the next one.
        let _ = step().and_then(|()| fs::remove_file(&self.name));
    }
}

/// Gives what is at `path`, of whatever kind, another name as well, so that it stays when it is replaced. Where it
/// cannot have two names it has the new one alone.
///
/// # Errors
/// `AlreadyExists` when something has the new name; or what the system said. Everything is then as it was.
pub fn keep_as(path: &Path, kept: &Path) -> io::Result<()> {
    if is_there(kept)? {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    match step().and_then(|()| fs::hard_link(path, kept)) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // Folders have one name, and so have all files of some file systems.
        Err(_) => rename_over(path, kept),
        Ok(()) => Ok(()),
    }
}

/// Gives the file `from` the name `to`, in the place of any file that has it.
///
/// Windows refuses that for as long as another program has one of them open in its own way, which virus scanners do for
/// moments: so it is tried a few times.
///
/// # Errors
/// What the system said; both files are then as they were.
pub fn rename_over(from: &Path, to: &Path) -> io::Result<()> {
    retry(&IN_USE_WAITS_MS, may_pass, || {
        step().and_then(|()| fs::rename(from, to))
    })
}

/// Makes the name durable that `file` has just got in `folder`.
///
/// On Unix that is the folder's to do. Windows opens no folders; NTFS notes a new name in its log, which is on the disk
/// when the file is synced after that.
pub fn sync_name(file: &File, folder: &Path) -> Named {
    let synced = if cfg!(unix) {
        sync_folder(folder)
    } else {
        file.sync_all()
    };
    Named {
        not_synced: synced.err(),
    }
}

/// Whether an error says that this file, folder or file system cannot be synced at all, which says nothing against the
/// disk.
pub fn cannot_sync(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidInput
            | io::ErrorKind::Unsupported
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::PermissionDenied
    )
}

/// Brings a file that is there, and its name, to the disk.
///
/// # Errors
/// Why the file cannot be opened.
pub fn sync(path: &Path) -> io::Result<Named> {
    // Windows syncs only what is open for writing.
    let file = OpenOptions::new()
        .read(true)
        .write(cfg!(windows))
        .open(path)?;
    let bytes = file.sync_all();
    let named = sync_name(&file, folder_of(path));
    Ok(Named {
        not_synced: match bytes {
            Err(error) if !cannot_sync(&error) => Some(error),
            bytes => named.not_synced.or(bytes.err()),
        },
    })
}

/// Whether an error says that another program has the file open in a way that excludes this. Windows alone has such a
/// rule.
pub fn is_in_use(error: &io::Error) -> bool {
    cfg!(windows) && error.raw_os_error().is_some_and(is_exclusion)
}

/// Windows, system error codes: `ERROR_SHARING_VIOLATION` and `ERROR_LOCK_VIOLATION`.
fn is_exclusion(code: i32) -> bool {
    matches!(code, 32 | 33)
}

/// Windows also says "access denied" while another program has a file open.
fn may_pass(error: &io::Error) -> bool {
    is_in_use(error) || (cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied)
}

#[expect(
    clippy::disallowed_methods,
    reason = "Windows tells nobody when another program closes a file"
)]
fn retry(
    waits_ms: &[u64],
    may_pass: impl Fn(&io::Error) -> bool,
    mut attempt: impl FnMut() -> io::Result<()>,
) -> io::Result<()> {
    for wait in waits_ms {
        match attempt() {
            Err(error) if may_pass(&error) => std::thread::sleep(Duration::from_millis(*wait)),
            outcome => return outcome,
        }
    }
    attempt()
}

/// Removes a file, if it is there.
///
/// # Errors
/// What the system said; the file is then there.
pub fn remove(path: &Path) -> io::Result<()> {
    match step().and_then(|()| fs::remove_file(path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => {
            // It is gone, and not every system can make that durable at once.
            let _ = sync_folder(folder_of(path));
            Ok(())
        }
    }
}

/// Removes what [`prepare`] has written for `path` and what could not be removed when it was dropped.
///
/// # Errors
/// What the system said; the file is then there.
pub(crate) fn remove_prepared(path: &Path) -> io::Result<()> {
    remove(&new_name(path))
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    step()?;
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

/// What a file is called until it is put in its place.
pub(crate) fn new_name(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

/// The folder that a path lies in.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Before each call of the system: tests let it fail there.
#[cfg(not(test))]
#[expect(clippy::unnecessary_wraps, reason = "in tests it fails")]
fn step() -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
use self::faults::step;

/// Disks that fail.
#[cfg(test)]
pub(crate) mod faults {
    use std::cell::Cell;
    use std::io;

    /// Which calls fail, counted from 1.
    #[derive(Clone, Copy, Debug)]
    pub(crate) enum Fault {
        At(u32),
        /// It and all after it.
        From(u32),
    }

    thread_local! {
        static FAULT: Cell<Option<Fault>> = const { Cell::new(None) };
        static STEPS: Cell<u32> = const { Cell::new(0) };
    }

    /// Does it on a disk that fails; answers whether anything has failed, too.
    pub(crate) fn with<T>(fault: Fault, act: impl FnOnce() -> T) -> (T, bool) {
        STEPS.set(0);
        FAULT.set(Some(fault));
        let answer = act();
        FAULT.set(None);
        let (Fault::At(first) | Fault::From(first)) = fault;
        (answer, STEPS.get() >= first)
    }

    pub(super) fn step() -> io::Result<()> {
        let at = STEPS.get() + 1;
        STEPS.set(at);
        match FAULT.get() {
            Some(Fault::At(failing)) if at == failing => Err(io::Error::other("the disk")),
            Some(Fault::From(failing)) if at >= failing => Err(io::Error::other("the disk")),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "whole_file_tests.rs"]
mod tests;
