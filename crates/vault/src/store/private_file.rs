//! New files that only this user can read.

use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};

use crate::Existing;
use crate::download::destination::Destination;
use crate::error::{Error, Explanation};

/// A new file that only this user can read. Whether it can be made is known before its contents are there; its name it
/// gets when they are whole and on the disk.
pub(crate) struct PrivateFile(Destination);

impl PrivateFile {
    /// # Errors
    /// When there is a file of this name, or none can be made beside it.
    pub(crate) fn create(path: &Path) -> Result<Self, Error> {
        Destination::private(path, Existing::Keep).map(Self)
    }

    /// Answers what is to be remarked about the file.
    ///
    /// # Errors
    /// When it cannot be written, or there is a file of its name by now; nothing is then left behind.
    pub(crate) fn write(self, text: &SecretString) -> Result<Option<Explanation>, Error> {
        self.0
            .write_whole(|out| writeln!(out, "{}", text.expose_secret().trim_end()))
    }
}

/// Answers what is to be remarked about the file. Blocks.
///
/// # Errors
/// Those of [`PrivateFile`].
pub(crate) fn write_private(
    file: &Path,
    text: &SecretString,
) -> Result<Option<Explanation>, Error> {
    PrivateFile::create(file)?.write(text)
}
