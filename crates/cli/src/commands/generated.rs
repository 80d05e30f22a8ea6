//! What is made from the command line's own description: completions and manual pages.

use std::path::Path;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::Args;
use crate::exit::{self, Failure};
use crate::output;

const NAME: &str = "privicore";

pub(super) fn completions(shell: Shell) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), NAME, &mut script);
    output::print(String::from_utf8_lossy(&script).trim_end());
    exit::DONE
}

/// Writes `privicore.1` and one page a command into a folder.
pub(super) fn manual(folder: &Path) -> Result<u8, Failure> {
    clap_mangen::generate_to(Args::command().name(NAME), folder).map_err(Failure::Io)?;
    Ok(exit::DONE)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    fn commands() -> Vec<String> {
        let command = Args::command();
        let shown = command.get_subcommands().filter(|one| !one.is_hide_set());
        shown.map(|one| one.get_name().to_owned()).collect()
    }

    #[test]
    fn every_shell_completes_every_command() {
        for shell in Shell::value_variants() {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Args::command(), NAME, &mut script);
            let script = String::from_utf8(script).unwrap();
            for command in commands() {
                assert!(script.contains(&command), "{shell}: {command}");
            }
        }
    }

    #[test]
    fn every_command_has_a_page_in_the_manual_and_a_folder_that_is_not_there_is_told() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(manual(folder.path()), Ok(exit::DONE)));
        for command in commands() {
            let page = folder.path().join(format!("{NAME}-{command}.1"));
            let text = std::fs::read_to_string(&page).unwrap();
            assert!(text.contains(".SH NAME"), "{command}");
        }
        assert!(matches!(
            manual(&folder.path().join("none")),
            Err(Failure::Io(_))
        ));
    }
}
