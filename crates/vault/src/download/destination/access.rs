//! Who may read a file that is saved: never more people than could read what was there before.

use std::fs::File;

#[cfg(unix)]
use std::fs::Metadata;
use std::path::Path;

#[cfg(unix)]
use super::acl::{self, Acl};

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Whoever may read any other new file of this user.
    AsTheUserSet,
    /// This user only.
    Private,
}

/// A file that is there, and who may read it.
#[derive(Debug)]
pub(super) struct Replaced {
    #[cfg(unix)]
    metadata: Metadata,
    #[cfg(unix)]
    acl: Acl,
}

/// The file that is at `target`, if it is one.
pub(super) fn at(target: &Path) -> Option<Replaced> {
    let metadata = target.symlink_metadata().ok()?;
    metadata.is_file().then(|| Replaced {
        #[cfg(unix)]
        acl: Acl::of(target),
        #[cfg(unix)]
        metadata,
    })
}

/// Gives a file in `folder`, which only this user can read until now, the access that it is to have in the place of
/// `replaced`, or as a new file. A file system that has no such thing does as it does.
#[cfg(unix)]
pub(super) fn permit(
    file: &File,
    folder: &Path,
    access: Access,
    replaced: Option<&Replaced>,
    is_executable: bool,
) {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    let mut mode = match replaced {
        None => acl::mode_of_new_files(folder).unwrap_or(0o666 & !umask()),
        Some(Replaced { metadata, .. }) => metadata.mode() & 0o777,
    };
    if let Some(replaced) = replaced {
        let is_owned_alike = is_owned_as(file, &replaced.metadata);
        let can_have_the_list =
            replaced.acl == Acl::None || is_owned_alike && access == Access::AsTheUserSet;
        if !can_have_the_list || !replaced.acl.copy_to(file) {
            // The mode alone says something else than both did.
            mode &= 0o600;
        } else if !is_owned_alike {
            // Whoever is in the new group may do no more than everybody could.
            mode &= 0o707 | ((mode & 0o007) << 3);
        }
    }
    if access == Access::Private {
        mode &= 0o600;
    }
    if is_executable {
        // Whoever may read it may run it, as with new programs that are made here.
        mode |= (mode & 0o444) >> 2;
    }
    let _ = file.set_permissions(std::fs::Permissions::from_mode(mode));
}

/// Takes a file from everybody but this user.
pub(super) fn close(file: &File, is_executable: bool) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = if is_executable { 0o700 } else { 0o600 };
        let _ = file.set_permissions(std::fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = (file, is_executable);
}

#[cfg(not(unix))]
pub(super) fn permit(_: &File, _: &Path, _: Access, _: Option<&Replaced>, _: bool) {}

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

/// What this process takes from the permissions of every new file. It is asked for once, and for that moment set to
/// what takes most: a file that another thread makes meanwhile can only be more private.
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
