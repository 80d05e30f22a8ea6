//! Questions about files, and about what the service says of them.

use std::path::Path;

use privicore_vault as vault;

use crate::consent::Question;
use crate::consent::question::line;

impl Question {
    /// `versions` are those of all files, and records of empty folders.
    pub(crate) fn delete(files: usize, versions: usize) -> Self {
        let what = if files == 0 {
            vault::counted(versions, "empty folder is", "empty folders are")
        } else if versions > files {
            let files = vault::counted(files, "file", "files");
            format!("{files} with {versions} versions are")
        } else {
            vault::counted(files, "file is", "files are")
        };
        Self {
            title: "Delete these files?",
            message: format!(
                "{what} deleted at the service a few seconds from now. After that nobody can bring {} back.",
                if versions == 1 { "it" } else { "them" }
            ),
            agree: "Delete",
        }
    }

    pub(crate) fn save_to_downloads(files: usize) -> Self {
        Self {
            title: "Save these files to Downloads?",
            message: format!(
                "{} decrypted and saved in your downloads, where other programs can read them.",
                vault::counted(files, "file is", "files are")
            ),
            agree: "Save",
        }
    }

    /// The page knows no path, and the dialog for a folder says nothing about the files in it.
    pub(crate) fn replace(files: usize, folder: &Path) -> Self {
        let name = folder.file_name().unwrap_or(folder.as_os_str());
        Self {
            title: "Replace files of the same name?",
            message: format!(
                "{} saved in “{}”. Files that have the same names there are replaced.",
                vault::counted(files, "file is", "files are"),
                line(&name.to_string_lossy())
            ),
            agree: "Replace",
        }
    }

    pub(crate) fn show_contents() -> Self {
        Self {
            title: "Show what files hold?",
            message: "Whoever sees this window can look into your files while it is unlocked."
                .into(),
            agree: "Show",
        }
    }

    pub(crate) fn open_elsewhere() -> Self {
        Self {
            title: "Open files in other applications?",
            message: "Other applications get a copy that is not encrypted. Privicore removes it when it locks.".into(),
            agree: "Allow",
        }
    }

    pub(crate) fn forget(name: &str) -> Self {
        Self {
            title: "Forget this file?",
            message: format!(
                "“{}” leaves your list. The service does not have it, so it cannot be downloaded. Its receipt stays \
                in the export.",
                line(name)
            ),
            agree: "Forget",
        }
    }

    /// A service that exchanges the names of two files makes one pass for the other: only the user knows better.
    pub(crate) fn accept_name(name: &str, listed: &str) -> Self {
        Self {
            title: "Use the service's name?",
            message: format!(
                "You stored this file as “{}”. The service lists it as “{}”. Accept the name only if you or another \
                of your computers renamed it.",
                line(name),
                line(listed)
            ),
            agree: "Use name",
        }
    }

    pub(crate) fn accept_list(alarm: &vault::ListAlarm) -> Self {
        Self {
            title: "Accept the shorter list?",
            message: format!(
                "The service lists {} of {}. Each of the others is looked for once more, and is shown as missing if \
                the service does not have it.",
                alarm.listed,
                vault::counted(alarm.expected, "file", "files")
            ),
            agree: "Accept list",
        }
    }
}
