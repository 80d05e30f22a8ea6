//! Opening what was found, and nothing else: from the folder that was walked on, through no link, and never waiting for a pipe.

use std::fs::File;
use std::io;
use std::path::Path;

/// Opens `inside`, a path from `root` on, for reading. `root` has no link in it, as it was when it was found.
///
/// # Errors
/// What the system said; [`not_a_file`] when there is a link by now.
#[cfg(unix)]
pub(super) fn open_beneath(root: &Path, inside: &Path) -> io::Result<File> {
    use rustix::fs::{CWD, Mode, OFlags, openat};
    use rustix::io::Errno;

    #[cfg(target_os = "linux")]
    const PASSED_THROUGH: OFlags = OFlags::PATH;
    #[cfg(not(target_os = "linux"))]
    const PASSED_THROUGH: OFlags = OFlags::empty();
    let folder = PASSED_THROUGH
        .union(OFlags::DIRECTORY)
        .union(OFlags::NOFOLLOW)
        .union(OFlags::CLOEXEC);
    let file = OFlags::NOFOLLOW
        .union(OFlags::NONBLOCK)
        .union(OFlags::NOCTTY)
        .union(OFlags::CLOEXEC);
    let mut at = openat(CWD, root, folder, Mode::empty())?;
    let mut parts = inside.iter().peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        let flags = if is_last { file } else { folder };
        at = openat(&at, part, flags, Mode::empty()).map_err(|error| match error {
            Errno::LOOP | Errno::MLINK => not_a_file(),
            error => error.into(),
        })?;
    }
    Ok(at.into())
}

/// Others may read it and give it another name meanwhile, and not write to it.
#[cfg(windows)]
pub(super) fn open_beneath(root: &Path, inside: &Path) -> io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt as _;
    const SHARE_READ: u32 = 1;
    const SHARE_DELETE: u32 = 4;
    through_no_link(root, inside)?;
    let file = File::options()
        .read(true)
        .share_mode(SHARE_READ | SHARE_DELETE)
        .open(root.join(inside))?;
    through_no_link(root, inside)?;
    Ok(file)
}

#[cfg(windows)]
fn through_no_link(root: &Path, inside: &Path) -> io::Result<()> {
    let mut at = root.to_owned();
    for part in inside {
        at.push(part);
        if at.symlink_metadata()?.is_symlink() {
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

/// Whether the file has as many bytes as the system says. Files of /proc and /sys have not, nor have some on network drives.
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
