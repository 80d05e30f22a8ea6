//! What the window is started with.

use std::path::PathBuf;

use clap::Parser;
use privicore_vault::default_data_dir;

/// Store files with Privicore, end-to-end encrypted, and get them back.
#[derive(Debug, Parser)]
#[command(name = "privicore-desktop", version)]
pub(crate) struct Arguments {
    /// Keep keys, settings and the sandbox in this folder [default: the app's own folder]. A window that is open
    /// already keeps its folder.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

impl Arguments {
    /// The folder of this start. A relative one is below the current folder.
    pub(crate) fn data_dir(self) -> PathBuf {
        let Some(chosen) = self.data_dir else {
            return default_data_dir();
        };
        std::path::absolute(&chosen).unwrap_or(chosen)
    }
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

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
