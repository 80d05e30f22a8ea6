//! Questions about files, and about what the service says of them.

use std::path::{Path, PathBuf};

use privicore_vault::{self as vault, Phrase};

use crate::consent::Question;
use crate::consent::question::{LONGEST, line, whole};
use crate::view::ErrorView;

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

    /// What was handed over from outside of the window.
    pub(crate) fn store(paths: &[PathBuf], label: &str) -> Self {
        let first = paths
            .first()
            .map(|path| path.file_name().unwrap_or(path.as_os_str()));
        let message = Phrase::new("ask.store").number("count", paths.len());
        let message = message.text("name", line(&first.unwrap_or_default().to_string_lossy()));
        Self::of(&message.text("label", line(label)))
    }

    pub(crate) fn rename(files: usize, name: &str) -> Self {
        let message = Phrase::new("ask.rename").number("count", files);
        Self::of(&message.text("name", line(name)))
    }

    /// `folder` is a path, empty at the top.
    pub(crate) fn relocate(files: usize, folder: &str) -> Self {
        if folder.is_empty() {
            return Self::of(&Phrase::new("ask.move_to_top").number("count", files));
        }
        let message = Phrase::new("ask.move").number("count", files);
        Self::of(&message.text("folder", line(folder)))
    }

    pub(crate) fn label(files: usize, label: &str) -> Self {
        let message = Phrase::new("ask.label").number("count", files);
        Self::of(&message.text("label", line(label)))
    }

    pub(crate) fn new_folder(name: &str) -> Self {
        Self::of(&Phrase::new("ask.new_folder").text("name", line(name)))
    }

    /// # Errors
    /// When a text is longer than what the question shows.
    pub(crate) fn classify(
        name: &str,
        sensitivity: &vault::Sensitivity,
    ) -> Result<Self, ErrorView> {
        let classification = whole("what.classification", &sensitivity.classification, LONGEST)?;
        let message = Phrase::new("ask.classify").text("name", line(name));
        let message = message.text("classification", classification);
        let message = message.text("label", whole("what.label", &sensitivity.label, LONGEST)?);
        let handling = whole("what.handling", &sensitivity.handling, LONGEST)?;
        Ok(Self::of(&message.text("handling", handling)))
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
