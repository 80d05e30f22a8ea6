//! Access control lists of files on Linux (acl(5)): what the mode of a file does not say.
//!
//! A file that has one shows its mask in the place of the group's rights, so its mode alone would let in who was kept
//! out.

use std::fs::File;
use std::path::Path;

#[cfg(target_os = "linux")]
const OF_FILE: &str = "system.posix_acl_access";
#[cfg(target_os = "linux")]
const OF_NEW_FILES: &str = "system.posix_acl_default";
/// As long as an extended attribute can be (xattr(7)).
#[cfg(target_os = "linux")]
const LONGEST_BYTES: usize = 65_536;

/// Who may do what with a file, beside its mode.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Acl {
    /// The mode says all.
    None,
    /// As the system keeps it.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "only Linux has it")
    )]
    List(Vec<u8>),
    /// The system did not tell.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "only Linux has it")
    )]
    Unknown,
}

#[cfg(target_os = "linux")]
impl Acl {
    /// That of the file itself at `path`.
    pub(super) fn of(path: &Path) -> Self {
        let mut list = vec![0; LONGEST_BYTES];
        match rustix::fs::lgetxattr(path, OF_FILE, &mut list) {
            Ok(length) => {
                list.truncate(length);
                Self::List(list)
            }
            Err(error) if is_none(error) => Self::None,
            Err(_) => Self::Unknown,
        }
    }

    /// Gives it to `file` instead of what that got from its folder; answers whether `file` has it.
    pub(super) fn copy_to(&self, file: &File) -> bool {
        use rustix::fs::{XattrFlags, fremovexattr, fsetxattr};

        match self {
            Self::List(list) => fsetxattr(file, OF_FILE, list, XattrFlags::empty()).is_ok(),
            Self::None => match fremovexattr(file, OF_FILE) {
                Ok(()) => true,
                Err(error) => is_none(error),
            },
            Self::Unknown => false,
        }
    }
}

/// The mode of a new file in a folder that has a list for new files. The rest of that list the file has by itself.
#[cfg(target_os = "linux")]
pub(super) fn mode_of_new_files(folder: &Path) -> Option<u32> {
    let mut list = vec![0; LONGEST_BYTES];
    match rustix::fs::getxattr(folder, OF_NEW_FILES, &mut list) {
        Ok(length) => Some(mode_in(&list[..length]).unwrap_or(0o600) & 0o666),
        Err(error) if is_none(error) => None,
        Err(_) => Some(0o600),
    }
}

#[cfg(target_os = "linux")]
fn is_none(error: rustix::io::Errno) -> bool {
    use rustix::io::Errno;
    matches!(error, Errno::NODATA | Errno::NOTSUP | Errno::NOSYS)
}

/// The owner's, the mask's (or else the group's) and the others' rights in a list: a version of four bytes, then
/// entries of a kind, rights and an id, all little-endian (Linux, `posix_acl_xattr.h`).
#[cfg(target_os = "linux")]
fn mode_in(list: &[u8]) -> Option<u32> {
    const VERSION: [u8; 4] = [2, 0, 0, 0];
    const OWNER: u16 = 0x01;
    const GROUP: u16 = 0x04;
    const MASK: u16 = 0x10;
    const OTHERS: u16 = 0x20;

    let entries = list.strip_prefix(&VERSION)?;
    let rights_of = |wanted: u16| {
        let mut entries = entries.chunks_exact(8);
        entries.find_map(|entry| {
            let kind = u16::from_le_bytes([entry[0], entry[1]]);
            let rights = u16::from_le_bytes([entry[2], entry[3]]);
            (kind == wanted).then_some(u32::from(rights) & 0o7)
        })
    };
    let group = rights_of(MASK).or_else(|| rights_of(GROUP))?;
    Some(rights_of(OWNER)? << 6 | group << 3 | rights_of(OTHERS)?)
}

#[cfg(not(target_os = "linux"))]
impl Acl {
    pub(super) fn of(_: &Path) -> Self {
        Self::None
    }

    pub(super) fn copy_to(&self, _: &File) -> bool {
        true
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn mode_of_new_files(_: &Path) -> Option<u32> {
    None
}
