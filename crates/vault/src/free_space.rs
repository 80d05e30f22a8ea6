//! How much room there is where a file is saved.

use std::path::Path;

/// How many bytes fit beside `target`, if the system tells. Blocks.
#[cfg(unix)]
pub(crate) fn free_bytes(target: &Path) -> Option<u64> {
    let folder = target.parent().filter(|folder| folder.is_absolute())?;
    let told = rustix::fs::statvfs(folder).ok()?;
    told.f_bavail.checked_mul(told.f_frsize)
}

/// How many bytes fit beside `target`: not asked for here.
#[cfg(not(unix))]
pub(crate) fn free_bytes(_: &Path) -> Option<u64> {
    None
}
