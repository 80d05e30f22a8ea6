//! Who may read a file that is saved: never more people than could read what was there before.

use std::fs::{File, Metadata};
use std::path::Path;

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Whoever may read any other new file of this user.
    AsTheUserSet,
    /// This user only.
    Private,
}

/// Gives a file, which only this user can read until now, the access that it is to have in the place of `replaced`, or as a new
/// file. A file system that has no such thing does as it does.
#[cfg(unix)]
pub(super) fn permit(file: &File, access: Access, replaced: Option<&Metadata>) {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let new_file = 0o666 & !umask();
    let mut mode = replaced.map_or(new_file, |replaced| replaced.mode() & 0o777);
    if let Some(replaced) = replaced
        && !is_owned_as(file, replaced)
    {
        // Whoever is in the new group may do no more than everybody could.
        mode &= 0o707 | ((mode & 0o007) << 3);
    }
    if access == Access::Private {
        mode &= 0o600;
    }
    let _ = file.set_permissions(std::fs::Permissions::from_mode(mode));
}

/// Takes a file from everybody but this user.
pub(super) fn close(file: &File) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let _ = file.set_permissions(std::fs::Permissions::from_mode(0o600));
    }
    #[cfg(not(unix))]
    let _ = file;
}

#[cfg(not(unix))]
pub(super) fn permit(_: &File, _: Access, _: Option<&Metadata>) {}

/// Gives the file the owner and the group of `replaced`, as far as this user may; answers whether it has the group.
#[cfg(unix)]
fn is_owned_as(file: &File, replaced: &Metadata) -> bool {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let (owner, group) = (replaced.uid(), replaced.gid());
    let Ok(now) = file.metadata() else {
        return false;
    };
    if (now.uid(), now.gid()) == (owner, group) || fchown(file, Some(owner), Some(group)).is_ok() {
        return true;
    }
    now.gid() == group || fchown(file, None, Some(group)).is_ok()
}

/// What this process takes from the permissions of every new file. It is asked for once, and for that moment set to what takes
/// most: a file that another thread makes meanwhile can only be more private.
#[cfg(unix)]
fn umask() -> u32 {
    use std::sync::OnceLock;

    use rustix::fs::Mode;
    static UMASK: OnceLock<u32> = OnceLock::new();
    *UMASK.get_or_init(|| {
        let mask = rustix::process::umask(Mode::RWXG | Mode::RWXO);
        rustix::process::umask(mask);
        let is_taken = |bit: &u32| mask.contains(Mode::from_bits_truncate(1 << bit));
        (0..9).filter(is_taken).map(|bit| 1 << bit).sum()
    })
}

/// The file that is at `target`, if it is one.
pub(super) fn at(target: &Path) -> Option<Metadata> {
    let there = target.symlink_metadata().ok()?;
    there.is_file().then_some(there)
}
