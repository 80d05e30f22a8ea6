//! What the window is started with.

use std::path::{Path, PathBuf};

use clap::Parser;
use privicore_vault::default_data_dir;
use tauri::Url;

/// Store files with Privicore, end-to-end encrypted, and get them back.
#[derive(Debug, Parser)]
#[command(name = "privicore-desktop", version)]
pub(crate) struct Arguments {
    /// Keep keys, settings and the sandbox in this folder [default: the app's own folder]. A window that is open
    /// already keeps its folder.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Files and folders to store, by path or by file: address. The window asks first.
    #[arg(value_name = "PATH")]
    files: Vec<PathBuf>,
}

impl Arguments {
    /// What is to be stored. Relative paths are below the folder of the start.
    pub(crate) fn files(&self, folder: &Path) -> Vec<PathBuf> {
        self.files
            .iter()
            .map(|given| folder.join(path_of(given)))
            .collect()
    }

    /// Starts the program anew, with addresses for paths that are no text: a window that is open already is told text
    /// alone. Nothing where all of them are.
    #[cfg(unix)]
    pub(crate) fn hand_over_as_text(&self) -> Option<std::process::ExitCode> {
        use std::os::unix::process::CommandExt as _;

        if self.files.iter().all(|path| path.to_str().is_some()) {
            return None;
        }
        let folder = std::env::current_dir().unwrap_or_default();
        let addresses = self.files(&folder).into_iter().map(Url::from_file_path);
        let mut anew = std::process::Command::new(std::env::current_exe().unwrap_or_default());
        if let Some(data_dir) = &self.data_dir {
            anew.arg("--data-dir").arg(data_dir);
        }
        anew.arg("--").args(addresses.flatten().map(String::from));
        let error = anew.exec();
        eprintln!("Privicore cannot start with these paths: {error}.");
        Some(std::process::ExitCode::FAILURE)
    }

    /// The folder of this start. A relative one is below the current folder.
    pub(crate) fn data_dir(self) -> PathBuf {
        let Some(chosen) = self.data_dir else {
            return default_data_dir();
        };
        std::path::absolute(&chosen).unwrap_or(chosen)
    }
}

/// File managers give addresses.
fn path_of(given: &Path) -> PathBuf {
    let address = given.to_str().filter(|text| text.starts_with("file://"));
    let address = address.and_then(|text| Url::parse(text).ok());
    let path = address.and_then(|address| address.to_file_path().ok());
    // The address of what is called `c:` is taken for that of a drive, and gets a slash.
    path.map_or_else(|| given.to_owned(), |path| path.components().collect())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn a_relative_folder_is_below_the_current_one() {
        let arguments = Arguments::parse_from(["privicore-desktop", "--data-dir", "portable"]);
        let here = std::env::current_dir().unwrap();
        assert_eq!(arguments.data_dir(), here.join("portable"));
    }

    #[cfg(unix)]
    #[test]
    fn paths_and_addresses_stand_for_the_same_files() {
        let table = [
            ("/tmp/a b.txt", "/tmp/a b.txt"),
            ("a.txt", "/home/ada/a.txt"),
            ("-rf", "/home/ada/-rf"),
            ("100%.txt", "/home/ada/100%.txt"),
            ("file:///tmp/a%20b.txt", "/tmp/a b.txt"),
            ("file:///tmp/100%25.txt", "/tmp/100%.txt"),
            ("file:///tmp/c:", "/tmp/c:"),
            ("c:", "/home/ada/c:"),
            ("https://example.com/a", "/home/ada/https://example.com/a"),
        ];
        let given = table.map(|(given, _)| given);
        let line = ["privicore-desktop", "--"].into_iter().chain(given);
        let files = Arguments::parse_from(line).files(Path::new("/home/ada"));
        // Paths are equal with and without a slash at their ends.
        let files: Vec<_> = files.into_iter().map(PathBuf::into_os_string).collect();
        assert_eq!(files, table.map(|(_, path)| path));
    }

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
