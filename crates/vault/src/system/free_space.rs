//! How much room there is where a file is saved.

use std::path::Path;

/// How many bytes fit beside `target`, if the system tells. Blocks.
#[cfg(unix)]
pub(crate) fn free_bytes(target: &Path) -> Option<u64> {
    let folder = target.parent().filter(|folder| folder.is_absolute())?;
    let told = rustix::fs::statvfs(folder).ok()?;
    room(told.f_bavail, told.f_frsize)
}

/// Some file systems report no free blocks because they count none. A disk that is full refuses the bytes itself.
#[cfg(unix)]
fn room(free_blocks: u64, block_bytes: u64) -> Option<u64> {
    let free = free_blocks.checked_mul(block_bytes)?;
    (free > 0).then_some(free)
}

/// How many bytes fit beside `target`: not asked for here.
#[cfg(not(unix))]
pub(crate) fn free_bytes(_: &Path) -> Option<u64> {
    None
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_without_free_blocks_does_not_tell_how_many_bytes_fit() {
        assert_eq!(room(3, 4096), Some(12_288));
        assert_eq!(room(0, 4096), None);
        assert_eq!(room(3, 0), None);
        assert_eq!(room(u64::MAX, 4096), None);
    }
}
