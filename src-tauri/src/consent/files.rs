//! Questions about files, and about what the service says of them.

use std::path::Path;

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

    pub(crate) fn rename(files: usize, name: &str) -> Self {
        Self {
            title: "Rename this?",
            message: format!(
                "Its name becomes “{}”. {} changed at the service.",
                line(name),
                vault::counted(files, "stored file is", "stored files are")
            ),
            agree: "Rename",
        }
    }

    /// `folder` is a path, empty at the top.
    pub(crate) fn relocate(files: usize, folder: &str) -> Self {
        let to = match folder {
            "" => "out of all folders".to_owned(),
            folder => format!("into “{}”", line(folder)),
        };
        Self {
            title: "Move these files?",
            message: format!(
                "{} moved {to}.",
                vault::counted(files, "stored file is", "stored files are")
            ),
            agree: "Move",
        }
    }

    pub(crate) fn label(files: usize, label: &str) -> Self {
        Self {
            title: "Label these files?",
            message: format!(
                "{} labelled “{}”. The service reads labels.",
                vault::counted(files, "stored file is", "stored files are"),
                line(label)
            ),
            agree: "Label",
        }
    }

    pub(crate) fn new_folder(name: &str) -> Self {
        Self {
            title: "Make this folder?",
            message: format!("The folder “{}” is stored.", line(name)),
            agree: "Make folder",
        }
    }

    /// # Errors
    /// When a text is longer than what the question shows.
    pub(crate) fn classify(
        name: &str,
        sensitivity: &vault::Sensitivity,
    ) -> Result<Self, ErrorView> {
        Ok(Self {
            title: "Tell the service about this file?",
            message: format!(
                "The service reads that “{}” is “{}”, labelled “{}” and handled “{}”.",
                line(name),
                whole("The classification", &sensitivity.classification, LONGEST)?,
                whole("The label", &sensitivity.label, LONGEST)?,
                whole("The handling", &sensitivity.handling, LONGEST)?
            ),
            agree: "Tell the service",
        })
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
