//! Which file a person has agreed to replace. Days may pass until the bytes come: what is there by then may be another
//! one.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::transfers::size_and_time::SizeAndTime;

/// What was at a target when its replacement was agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Agreed {
    Nothing,
    /// It could not be looked at. Nobody agreed to replace what was seen by no one.
    Unknown,
    File {
        /// Its number on its file system, where that keeps it.
        number: Option<u64>,
        look: SizeAndTime,
    },
}

impl Agreed {
    /// Looks at it now. Follows no link. Blocks.
    ///
    /// # Errors
    /// What the system said; [`io::ErrorKind::AlreadyExists`] for what is no regular file.
    pub(super) fn at(target: &Path) -> io::Result<Self> {
        match file_at(target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::Nothing),
            found => found,
        }
    }

    /// Whether what is there now may be replaced. A file that was written to since counts as another one: nobody agreed
    /// to lose what came into it, and an editor that writes a new file under the old name does the same. One that is
    /// gone is not in the way.
    pub(super) fn covers(&self, now: &Self) -> bool {
        match (self, now) {
            (_, Self::Nothing) => true,
            (Self::Nothing | Self::Unknown, _) | (Self::File { .. }, Self::Unknown) => false,
            (
                Self::File { number, look },
                Self::File {
                    number: number_now,
                    look: look_now,
                },
            ) => {
                look == look_now
                    && (number_now.is_none() || number.is_none() || number == number_now)
            }
        }
    }
}

#[cfg(target_os = "linux")]
fn file_at(target: &Path) -> io::Result<Agreed> {
    use rustix::fs::{Mode, OFlags};

    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = std::fs::File::from(rustix::fs::open(target, flags, Mode::empty())?);
    agreed(
        &file.metadata()?,
        crate::system::folder_names::lasting_number(&file),
    )
}

#[cfg(not(target_os = "linux"))]
fn file_at(target: &Path) -> io::Result<Agreed> {
    agreed(&target.symlink_metadata()?, None)
}

fn agreed(metadata: &std::fs::Metadata, number: Option<u64>) -> io::Result<Agreed> {
    if !metadata.is_file() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let look = SizeAndTime::of(metadata);
    Ok(Agreed::File { number, look })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_the_agreed_one_by_its_number_where_there_is_one_and_by_its_looks() {
        let file = |number, size, modified| Agreed::File {
            number,
            look: SizeAndTime { size, modified },
        };
        let agreed = file(Some(1), 10, Some(100));
        for (now, covers, what) in [
            (agreed.clone(), true, "the same"),
            (Agreed::Nothing, true, "gone"),
            (file(None, 10, Some(100)), true, "no numbers by now"),
            (
                file(Some(2), 10, Some(100)),
                false,
                "another that looks alike",
            ),
            (file(Some(1), 11, Some(100)), false, "longer"),
            (file(Some(1), 10, Some(101)), false, "written to"),
            (file(None, 11, Some(100)), false, "longer, without numbers"),
        ] {
            assert_eq!(agreed.covers(&now), covers, "{what}");
        }
        for nothing in [Agreed::Nothing, Agreed::Unknown] {
            assert!(nothing.covers(&Agreed::Nothing));
            assert!(!nothing.covers(&agreed), "one that nobody agreed to");
            assert!(!nothing.covers(&Agreed::Unknown));
        }
        assert!(!agreed.covers(&Agreed::Unknown));
    }
}
