//! Questions about files, and about what the service says of them.

use privicore_vault as vault;

use crate::consent::Question;
use crate::consent::question::line;

impl Question {
    pub(crate) fn delete(files: usize) -> Self {
        Self {
            title: "Delete these files?",
            message: format!(
                "{} deleted at the service a few seconds from now. After that nobody can bring {} back.",
                vault::counted(files, "file is", "files are"),
                if files == 1 { "it" } else { "them" }
            ),
            agree: "Delete",
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
