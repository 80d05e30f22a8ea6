//! What a person reads who asks for help, or whose command line is not understood.

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Args;
use crate::exit::{self, usage};
use crate::output::{Output, is_read_by_a_person, print, print_error_line};
use crate::text::shown;

/// Prints the output of `--help` and `--version`, or the usage error.
pub(crate) fn answer(problem: &clap::Error, is_json: bool) -> ExitCode {
    let output = Output::new(is_json);
    if problem.exit_code() != 0 {
        if is_json {
            let message = misunderstood(problem);
            let problem = usage(&message);
            output.problem(None, &problem);
            return exit::USAGE.into();
        }
        for line in misunderstood(problem).lines() {
            print_error_line(&shown(line));
        }
        return exit::USAGE.into();
    }
    let text = problem.render();
    // This text is the program's own.
    if is_read_by_a_person() {
        print(text.ansi().to_string().trim_end());
    } else {
        print(text.to_string().trim_end());
    }
    output.end(exit::DONE)
}

/// What is wrong with the command line. It repeats arguments, whose line ends must not pass for ours: so it is said of
/// the arguments as they are shown.
fn misunderstood(problem: &clap::Error) -> String {
    let arguments = std::env::args_os();
    let shown = arguments.map(|argument| shown(&argument.to_string_lossy()).into_owned());
    match Args::try_parse_from(shown) {
        Err(problem) => problem.render().to_string(),
        Ok(_) => format!("error: {}", problem.kind()),
    }
}
