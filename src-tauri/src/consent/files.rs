//! Questions about files, and about what the service says of them.

use std::path::Path;

use privicore_vault::{self as vault, Phrase};

use crate::consent::Question;
use crate::consent::question::line;

impl Question {
    /// `versions` are those of all files, and records of empty folders.
    pub(crate) fn delete(files: usize, versions: usize) -> Self {
        Self::of(&if files == 0 {
            Phrase::new("ask.delete_folders").number("count", versions)
        } else if versions > files {
            let message = Phrase::new("ask.delete_versions").number("count", files);
            message.number("versions", versions)
        } else {
            Phrase::new("ask.delete").number("count", files)
        })
    }

    /// Closing the window stops transfers.
    pub(crate) fn close(running: usize) -> Self {
        Self::of(&Phrase::new("ask.close").number("count", running))
    }

    pub(crate) fn save_to_downloads(files: usize) -> Self {
        Self::of(&Phrase::new("ask.save_to_downloads").number("count", files))
    }

    /// The page knows no path, and the dialog for a folder says nothing about the files in it.
    pub(crate) fn replace(files: usize, folder: &Path) -> Self {
        let name = folder.file_name().unwrap_or(folder.as_os_str());
        let message = Phrase::new("ask.replace").number("count", files);
        Self::of(&message.text("folder", line(&name.to_string_lossy())))
    }

    pub(crate) fn show_contents() -> Self {
        Self::of(&Phrase::new("ask.show_contents"))
    }

    pub(crate) fn open_elsewhere() -> Self {
        Self::of(&Phrase::new("ask.open_elsewhere"))
    }

    pub(crate) fn forget(name: &str) -> Self {
        Self::of(&Phrase::new("ask.forget").text("name", line(name)))
    }

    /// A service that exchanges the names of two files makes one pass for the other: only the user knows better.
    pub(crate) fn accept_name(name: &str, listed: &str) -> Self {
        let message = Phrase::new("ask.accept_name").text("name", line(name));
        Self::of(&message.text("listed", line(listed)))
    }

    pub(crate) fn accept_list(alarm: &vault::ListAlarm) -> Self {
        let message = Phrase::new("ask.accept_list").number("listed", alarm.listed);
        Self::of(&message.number("count", alarm.expected))
    }
}
