//! What is to be stored: files, and the files below folders, looked at before, while and after they are read.
//!
//! Each rule has its place: `walk` finds, `open` opens, `stamp` says what must not change, `lossy` mends what a drop
//! brings.

mod lossy;
mod open;
mod root;
mod stamp;
#[cfg(test)]
#[path = "source/tests.rs"]
mod tests;
mod walk;

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use privicore_envelope::{ModifiedTime, escape_name};
use serde::{Deserialize, Serialize};

pub(crate) use self::lossy::find_dropped;
use self::open::{has_length, open_beneath};
use self::root::Root;
pub(crate) use self::stamp::FileStamp;
pub(crate) use self::walk::{Found, find};
use crate::error::{Error, SourceError, WorkError};
use crate::files::attributes::Attributes;
use crate::spool::file::{Spool, SpoolReader};
use crate::store::rows::{RowId, Rows};
use crate::tree::path::TreePath;

/// A file to be stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Source {
    /// The folder that was walked, or that the file lies in.
    #[serde(default)]
    root: Root,
    /// The way from there.
    #[serde(with = "crate::system::os_path")]
    path: PathBuf,
    /// Its name, in the form that its name record has.
    pub name: String,
    /// The folder it lies in, from the folder that was named on, in the same form; `/` separates.
    pub folder: String,
    /// Whether name and folder are not UTF-8 and are escaped.
    #[serde(default)]
    pub is_escaped: bool,
    /// Its length when it was found.
    pub size: u64,
    /// When it was last changed, as it was found.
    #[serde(skip)]
    pub modified: Option<ModifiedTime>,
    /// It is a folder in which there is nothing to be stored.
    #[serde(default)]
    pub is_folder: bool,
    /// It is no file of a person's: its content is encrypted in a file of the app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    spooled: Option<Box<Spooled>>,
}

/// What is known of content in a spool.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Spooled {
    id: RowId,
    attributes: Attributes,
    /// What opens it; given when it is to be read.
    #[serde(skip)]
    rows: Option<Rows>,
}

/// A file that is being read, with what was known of it at the start.
#[derive(Debug)]
pub(crate) struct OpenSource {
    /// None of a folder.
    file: Option<Content>,
    name: String,
    before: FileStamp,
    left: u64,
}

/// Where the bytes come from.
#[derive(Debug)]
enum Content {
    File(File),
    Spool(SpoolReader),
}

impl Content {
    fn file(&self) -> &File {
        match self {
            Self::File(file) => file,
            Self::Spool(spool) => spool.file(),
        }
    }
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Spool(spool) => spool.read(buffer),
        }
    }
}

impl Source {
    /// Content that came as a stream, or was got back.
    pub(crate) fn spooled(spool: &Spool, name: &str, attributes: Attributes) -> Self {
        let folder = spool.path.parent().unwrap_or(Path::new(""));
        let (_, name, is_escaped) = TreePath::of_file("", name, false).written();
        Self {
            root: Root::found(folder),
            path: spool
                .path
                .file_name()
                .map(PathBuf::from)
                .unwrap_or_default(),
            name,
            folder: String::new(),
            is_escaped,
            size: spool.bytes,
            modified: attributes.modified,
            is_folder: false,
            spooled: Some(Box::new(Spooled {
                id: spool.id,
                attributes,
                rows: None,
            })),
        }
    }

    /// The name of the spool, if it is one.
    pub(crate) fn spool_name(&self) -> Option<OsString> {
        self.spooled.as_ref()?;
        self.path.file_name().map(OsStr::to_owned)
    }

    /// The same with what opens it.
    pub(crate) fn with_rows(&self, rows: &Rows) -> Self {
        let mut source = self.clone();
        if let Some(spooled) = &mut source.spooled {
            spooled.rows = Some(rows.clone());
        }
        source
    }

    /// Removes the spool when it was stored.
    pub(crate) fn remove_spool(&self) {
        if self.spooled.is_some() {
            // What cannot be removed is swept later.
            let _ = std::fs::remove_file(self.place());
        }
    }

    /// Stands for a file that cannot be read, so that it can be listed.
    pub(crate) fn unreadable(name: &str) -> Self {
        Self {
            root: Root::default(),
            path: PathBuf::new(),
            name: name.to_owned(),
            folder: String::new(),
            is_escaped: false,
            size: 0,
            modified: None,
            is_folder: false,
            spooled: None,
        }
    }

    /// An empty folder of the tree that is nowhere on the disk.
    pub(crate) fn new_folder(path: &TreePath) -> Self {
        let mut folder = Self {
            is_folder: true,
            ..Self::unreadable("")
        };
        folder.store_as(path);
        folder
    }

    /// Its path in the list of stored files.
    pub(crate) fn stored_path(&self) -> TreePath {
        TreePath::of_file(&self.folder, &self.name, self.is_escaped)
    }

    /// Where it is on the disk.
    pub(crate) fn place(&self) -> PathBuf {
        self.root.path().join(&self.path)
    }

    /// It is stored under this path.
    pub(crate) fn store_as(&mut self, path: &TreePath) {
        (self.folder, self.name, self.is_escaped) = path.written();
    }

    /// `parts` are the names on the way to it, its own last.
    fn new(root: &Root, inside: &Path, parts: &[&OsStr], metadata: &Metadata) -> Self {
        let is_escaped = parts.iter().any(|part| part.to_str().is_none());
        let text = |part: &&OsStr| match part.to_str() {
            Some(text) if !is_escaped => text.to_owned(),
            _ => escape_name(part.as_encoded_bytes()),
        };
        let mut names: Vec<String> = parts.iter().map(text).collect();
        Self {
            root: root.clone(),
            path: inside.to_owned(),
            name: names.pop().unwrap_or_default(),
            folder: names.join("/"),
            is_escaped,
            size: if metadata.is_dir() { 0 } else { metadata.len() },
            modified: metadata.modified().ok().and_then(ModifiedTime::of),
            is_folder: metadata.is_dir(),
            spooled: None,
        }
    }

    /// Looks at the file without holding it open. Blocks.
    ///
    /// # Errors
    /// [`SourceError::Unreadable`], [`SourceError::InUse`], [`SourceError::NotAFile`], [`SourceError::LengthUntrue`].
    pub(crate) fn stamp(&self) -> Result<FileStamp, Error> {
        if self.is_folder {
            return self.look_at_folder();
        }
        // Opened for a moment: what may not be read is refused before a place is reserved for it.
        let (file, seen) = self.opened()?;
        if self.spooled.is_some() {
            return Ok(seen);
        }
        let is_true = has_length(&file, seen.size()).map_err(|error| self.failed(error))?;
        if is_true {
            return Ok(seen);
        }
        let after = FileStamp::of(&file).map_err(|error| self.failed(error))?;
        Err(not_all_there(&self.name, seen, after))
    }

    /// Opens the file to read what was `seen`. Blocks.
    ///
    /// # Errors
    /// [`SourceError::Changed`] when it does not look like that any more; those of [`stamp`](Self::stamp).
    pub(crate) fn open(&self, seen: FileStamp) -> Result<OpenSource, Error> {
        if self.is_folder {
            return Ok(OpenSource {
                file: None,
                name: self.name.clone(),
                before: seen,
                left: 0,
            });
        }
        let (file, now) = self.opened()?;
        if now != seen {
            return Err(changed(&self.name));
        }
        if let Some(spooled) = &self.spooled {
            let rows = spooled.rows.clone().ok_or(WorkError::Broken)?;
            return Ok(OpenSource {
                file: Some(Content::Spool(SpoolReader::new(file, spooled.id, rows))),
                name: self.name.clone(),
                before: seen,
                left: seen.size(),
            });
        }
        // Another program may have the file mapped into its memory: a write to a page that is dirty already is seen
        // only when the page was synced before. Not every system can.
        let _ = file.sync_data();
        Ok(OpenSource {
            file: Some(Content::File(file)),
            name: self.name.clone(),
            before: seen,
            left: seen.size(),
        })
    }

    /// What its name record says of it when it looks like this.
    pub(crate) fn attributes(&self, seen: &FileStamp) -> Attributes {
        if self.is_folder {
            return Attributes::FOLDER;
        }
        if let Some(spooled) = &self.spooled {
            return spooled.attributes;
        }
        Attributes {
            modified: seen.modified(),
            is_executable: seen.is_executable(),
            is_folder: false,
            stored: None,
            renames: 0,
        }
    }

    fn look_at_folder(&self) -> Result<FileStamp, Error> {
        if !self.root.is_known() && self.path.as_os_str().is_empty() {
            return Ok(FileStamp::of_folder());
        }
        let found = self.root.path().join(&self.path).symlink_metadata();
        if found.map_err(|error| self.failed(error))?.is_dir() {
            Ok(FileStamp::of_folder())
        } else {
            Err(changed(&self.name))
        }
    }

    fn opened(&self) -> Result<(File, FileStamp), Error> {
        let file = self.open_file().map_err(|error| self.failed(error))?;
        let seen = self.stamp_of(&file).map_err(|error| self.failed(error))?;
        Ok((file, seen))
    }

    fn stamp_of(&self, file: &File) -> io::Result<FileStamp> {
        let seen = FileStamp::of(file)?;
        Ok(match self.spooled {
            // The file is longer than what is in it.
            Some(_) => seen.with_size(self.size),
            None => seen,
        })
    }

    #[cfg(unix)]
    fn open_file(&self) -> io::Result<File> {
        if self.root.is_known() {
            return open_beneath(self.root.open()?, &self.path);
        }
        let (folder, name) = self.folder_and_name();
        open_beneath(File::open(folder)?, name)
    }

    #[cfg(windows)]
    fn open_file(&self) -> io::Result<File> {
        if self.root.is_known() {
            return open_beneath(self.root.path(), &self.path);
        }
        let (folder, name) = self.folder_and_name();
        open_beneath(folder, name)
    }

    /// Of a path that is all that is known.
    fn folder_and_name(&self) -> (&Path, &Path) {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let name = self.path.file_name().unwrap_or_default();
        (folder, Path::new(name))
    }

    fn failed(&self, error: io::Error) -> Error {
        Error::source(self.name.clone(), error)
    }
}

impl OpenSource {
    /// The length that will be read, no more and no less.
    pub(crate) fn size(&self) -> u64 {
        self.before.size()
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Confirms, after the last byte, that there are no more, and that the file is still the one that was opened.
    /// Blocks.
    ///
    /// # Errors
    /// [`SourceError::Changed`] when it grew, shrank or was written to meanwhile, [`SourceError::LengthUntrue`].
    pub(crate) fn confirm_unchanged(&self) -> Result<(), Error> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let failed = |error| Error::source(self.name.clone(), error);
        let (has_end, after) = match file {
            Content::File(file) => (
                has_length(file, self.size()).map_err(failed)?,
                FileStamp::of(file).map_err(failed)?,
            ),
            // Its end is sealed.
            Content::Spool(spool) => (
                true,
                FileStamp::of(spool.file())
                    .map_err(failed)?
                    .with_size(self.size()),
            ),
        };
        let is_whole = self.left == 0 && has_end;
        if after != self.before {
            return Err(changed(&self.name));
        }
        if is_whole {
            Ok(())
        } else {
            Err(not_all_there(&self.name, self.before, after))
        }
    }

    /// Sorts an error that reading gave.
    pub(crate) fn explain(&self, error: io::Error) -> Error {
        let Some(file) = self
            .file
            .as_ref()
            .filter(|_| error.kind() == io::ErrorKind::UnexpectedEof)
        else {
            return Error::source(self.name.clone(), error);
        };
        match FileStamp::of(file.file()) {
            Ok(after) => not_all_there(&self.name, self.before, after),
            Err(error) => Error::source(self.name.clone(), error),
        }
    }
}

impl Read for OpenSource {
    /// Ends after the length that was seen at the start; a file that ends earlier is an error, not an end.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        if wanted == 0 {
            return Ok(0);
        }
        let read = match &mut self.file {
            Some(file) => file.read(&mut buffer[..wanted])?,
            None => 0,
        };
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}

/// A file has not the bytes it should have: it was written to, or its length was never true.
fn not_all_there(name: &str, before: FileStamp, after: FileStamp) -> Error {
    if before == after {
        Error::Source(SourceError::LengthUntrue {
            name: name.to_owned(),
            bytes: before.size(),
        })
    } else {
        changed(name)
    }
}

fn changed(name: &str) -> Error {
    Error::Source(SourceError::Changed {
        name: name.to_owned(),
    })
}

impl Error {
    /// Sorts a failure to read a file that is to be stored.
    fn source(name: String, error: io::Error) -> Self {
        if open::is_not_a_file(&error) {
            SourceError::NotAFile { name }.into()
        } else if privicore_envelope::whole_file::is_in_use(&error) {
            SourceError::InUse { name }.into()
        } else {
            SourceError::Unreadable { name, error }.into()
        }
    }
}
