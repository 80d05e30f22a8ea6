//! What is printed: results on standard output, what a person should know on standard error.

use std::io::{self, Write as _};
use std::process::ExitCode;

use privicore_vault::{Explanation, File, FileState};
use serde::Serialize;

use crate::exit::Failure;

/// How results are printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    pub json: bool,
}

/// A stored file as `put --json` and `ls --json` print it.
#[derive(Serialize)]
struct FileLine<'a> {
    id: String,
    token: &'a str,
    name: &'a str,
    folder: &'a str,
    context: &'a str,
    size: Option<u64>,
    stored_size: Option<u64>,
    state: FileState,
}

/// An error as `--json` prints it.
#[derive(Serialize)]
struct ErrorLine<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    message: &'a str,
    hint: &'a str,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints a stored file: one JSON object, or one line for a person.
    pub(crate) fn file(self, file: &File) -> io::Result<()> {
        if !self.json {
            let place = match file.folder.as_str() {
                "" => file.name.clone(),
                folder => format!("{folder}/{}", file.name),
            };
            let size = file
                .size_bytes
                .or(file.stored_size_bytes)
                .unwrap_or_default();
            let size = indicatif::HumanBytes(size).to_string();
            let state = state_word(file.state);
            return self.line(&format!("{}  {size:>12}  {state:<13}  {place}", file.id));
        }
        self.object(&FileLine {
            id: file.id.to_string(),
            token: file.token.reveal(),
            name: &file.name,
            folder: &file.folder,
            context: &file.context,
            size: file.size_bytes,
            stored_size: file.stored_size_bytes,
            state: file.state,
        })
    }

    /// Prints one JSON object on a line of its own.
    pub(crate) fn object(self, object: &impl Serialize) -> io::Result<()> {
        self.line(&serde_json::to_string(object)?)
    }

    /// Prints a line on standard output.
    #[expect(clippy::unused_self, reason = "all output goes through one value")]
    pub(crate) fn line(self, line: &str) -> io::Result<()> {
        writeln!(io::stdout().lock(), "{line}")
    }

    /// Prints what happened and what to do, about `name` if it is about one file.
    pub(crate) fn problem(self, name: Option<&str>, problem: &Explanation) {
        let text = if self.json {
            serde_json::to_string(&ErrorLine {
                error: problem.code.as_str(),
                name,
                message: &problem.message,
                hint: &problem.hint,
            })
            .unwrap_or_default()
        } else {
            let about = name.map(|name| format!("{name}: ")).unwrap_or_default();
            format!("privicore: {about}{}\n  {}", problem.message, problem.hint)
        };
        // Without standard error there is nobody to tell.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    pub(crate) fn failure(self, failure: &Failure) -> ExitCode {
        self.problem(None, &failure.explanation());
        ExitCode::from(failure.code())
    }
}

fn state_word(state: FileState) -> &'static str {
    match state {
        FileState::Stored => "stored",
        FileState::Verified => "verified",
        FileState::Mismatch => "mismatch",
        FileState::MissingReceipt => "no receipt",
        FileState::NotConfirmed => "not confirmed",
        FileState::Deleting => "deleting",
    }
}
