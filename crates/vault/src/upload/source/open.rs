//! Opening what was found, and nothing else: from the folder that was walked on, through no link, and never waiting for
//! a pipe.

#[cfg(unix)]
use std::ffi::OsStr;
use std::fs::File;
use std::io;

#[cfg(unix)]
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

#[cfg(unix)]
use rustix::fs::{Mode, OFlags};

/// How a folder on the way is opened: on Linux also one that may only be passed through.
#[cfg(unix)]
pub(super) const FOLDER: OFlags = OFlags::DIRECTORY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC)
    .union(PATH_ALONE);
#[cfg(target_os = "linux")]
const PATH_ALONE: OFlags = OFlags::PATH;
#[cfg(all(unix, not(target_os = "linux")))]
const PATH_ALONE: OFlags = OFlags::empty();

/// Opens `inside`, a path from `root` on, for reading.
///
/// # Errors
/// What the system said; [`not_a_file`] when there is a link by now.
#[cfg(unix)]
pub(super) fn open_beneath(root: impl AsFd, inside: &Path) -> io::Result<File> {
    let file = OFlags::NOFOLLOW
        .union(OFlags::NONBLOCK)
        .union(OFlags::NOCTTY)
        .union(OFlags::CLOEXEC);
    let Some(name) = inside.file_name() else {
        return Err(not_a_file());
    };
    let mut at = None;
    for folder in inside.parent().unwrap_or(Path::new("")) {
        let from = at.as_ref().map_or(root.as_fd(), OwnedFd::as_fd);
        at = Some(open_at(from, folder, FOLDER)?);
    }
    let from = at.as_ref().map_or(root.as_fd(), OwnedFd::as_fd);
    Ok(open_at(from, name, file)?.into())
}

#[cfg(unix)]
pub(super) fn open_at(folder: impl AsFd, name: &OsStr, flags: OFlags) -> io::Result<OwnedFd> {
    use rustix::io::Errno;
    rustix::fs::openat(folder, name, flags, Mode::empty()).map_err(|error| match error {
        Errno::LOOP | Errno::MLINK => not_a_file(),
        error => error.into(),
    })
}

/// Others may read it and give it another name meanwhile, and not write to it.
///
/// # Errors
/// What the system said; [`not_a_file`] when there is a link by now.
#[cfg(windows)]
pub(super) fn open_beneath(root: &Path, inside: &Path) -> io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt as _;
    const SHARE_READ: u32 = 1;
    const SHARE_DELETE: u32 = 4;
    let path = root.join(inside);
    through_no_link(&path)?;
    let file = File::options()
        .read(true)
        .share_mode(SHARE_READ | SHARE_DELETE)
        .open(&path)?;
    through_no_link(&path)?;
    Ok(file)
}

#[cfg(windows)]
fn through_no_link(path: &Path) -> io::Result<()> {
    for part in path.ancestors() {
        if part.symlink_metadata()?.is_symlink() {
            return Err(not_a_file());
        }
    }
    Ok(())
}

/// Stands for whatever is no regular file.
pub(super) fn not_a_file() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, NotAFile)
}

/// Whether an error is [`not_a_file`].
pub(super) fn is_not_a_file(error: &io::Error) -> bool {
    let inner = error.get_ref();
    inner
        .and_then(|inner| inner.downcast_ref::<NotAFile>())
        .is_some()
}

#[derive(Debug, thiserror::Error)]
#[error("not a regular file")]
struct NotAFile;

/// Whether the file has as many bytes as the system says. Files of /proc and /sys have not, nor have some on network
/// drives.
pub(super) fn has_length(file: &File, length: u64) -> io::Result<bool> {
    let mut byte = [0];
    if read_at(file, &mut byte, length)? > 0 {
        return Ok(false);
    }
    match length.checked_sub(1) {
        Some(last) => Ok(read_at(file, &mut byte, last)? > 0),
        None => Ok(true),
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}
