//! What did not go well with a file, and the exit code for it.

use privicore_vault::{Code, Error, Explanation, File, Transfer};

use super::finder::NotFound;
use crate::exit;
use crate::output::Output;
use crate::text::place;

/// Prints why a transfer did not end well; answers the exit code for it.
pub(crate) fn report(transfer: &Transfer, output: Output) -> u8 {
    match &transfer.error {
        Some(problem) => {
            output.problem_in(&transfer.folder, Some(&transfer.name), problem);
            exit::code_of(problem)
        }
        None => exit::INTERRUPTED,
    }
}

/// Says that the service lists a file under another name; answers the exit code.
pub(super) fn report_renamed(file: &File, output: Output) -> u8 {
    let Some(renamed) = &file.at_service.renamed else {
        return 0;
    };
    let problem = Explanation::new(
        Code::RenamedElsewhere,
        format!(
            "It was renamed elsewhere: the service lists it as “{}”, label “{}”.",
            place(&renamed.folder, &renamed.name),
            renamed.context
        ),
        "Here it keeps the name it was stored under. If that change is right, take it over with `privicore \
            accept-name`.",
    );
    output.problem_in(&file.folder, Some(&file.name), &problem);
    exit::NOT_AS_STORED
}

/// Prints why it is not known what a command is about, and goes on; answers the exit code.
pub(super) fn report_not_found(wanted: &str, problem: &NotFound, output: Output) -> u8 {
    match problem {
        NotFound::Failed(error) => report_error(Some(wanted), error, output),
        NotFound::Ambiguous(problem) => {
            output.problem(Some(wanted), problem);
            exit::code_of(problem)
        }
    }
}

/// Prints an error, about the file that it names or else the one that was `wanted`, and goes on; answers the exit code.
pub(super) fn report_error(wanted: Option<&str>, error: &Error, output: Output) -> u8 {
    let problem = error.explain();
    output.problem(error.subject().or(wanted), &problem);
    exit::code_of(&problem)
}
