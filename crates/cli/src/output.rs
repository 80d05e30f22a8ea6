//! All that is printed: results on standard output, what a person should know on standard error. Nothing is printed
//! elsewhere.
//!
//! Text from outside gets to the terminal through here only, with everything escaped that the terminal would obey.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::OnceLock;

use privicore_vault::{Code, DEFAULT_CONTEXT, Explanation, File, FileState, TreePath};
use serde::Serialize;

use crate::exit::{self, Failure};
use crate::hints::in_commands;
use crate::progress;
use crate::text::{exact, place, shown, shown_json};

/// Why standard output takes no more. What was asked for is done all the same.
static LOST: OnceLock<io::Error> = OnceLock::new();

/// How results are printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    pub json: bool,
}

/// A stored file as `put --json` and `ls --json` print it.
#[derive(Serialize)]
struct FileLine<'a> {
    kind: &'static str,
    id: String,
    token: &'a str,
    name: &'a str,
    folder: &'a str,
    context: &'a str,
    size: Option<u64>,
    stored_size: Option<u64>,
    stored_at: Option<String>,
    state: FileState,
    /// Where it is in the tree, unless the line says where it was saved.
    #[serde(flatten)]
    path: PathFields,
    /// When it was last changed.
    modified: Option<String>,
    /// How many files its path stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    versions: Option<usize>,
    /// Which of them it is; the oldest is 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<usize>,
    /// Since when it is missing at the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_since: Option<String>,
    /// When the service listed it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen: Option<String>,
    /// When it was read back last and was what was stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_verified: Option<String>,
    /// What the service says of it instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    renamed: Option<RenamedPart<'a>>,
}

/// What a line says of a file beside what is known of it.
#[derive(Default)]
struct Beside<'a> {
    saved: Option<&'a Path>,
    versions: Option<usize>,
    version: Option<usize>,
}

/// A folder as `ls --json` prints it.
#[derive(Serialize)]
struct FolderLine<'a> {
    kind: &'static str,
    name: &'a str,
    folder: String,
    path: String,
}

#[derive(Serialize)]
struct RenamedPart<'a> {
    name: &'a str,
    folder: &'a str,
    context: &'a str,
    size: Option<u64>,
}

/// A path as `--json` prints it: as text, and byte for byte when the text cannot say it.
#[derive(Serialize)]
pub(crate) struct PathFields {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_escaped: Option<String>,
}

/// An error as `--json` prints it.
#[derive(Serialize)]
struct ErrorLine<'a> {
    error: Code,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    message: &'a str,
    hint: &'a str,
}

/// Something a person should know, as `--json` prints it.
#[derive(Serialize)]
struct NoticeLine<'a> {
    notice: Code,
    message: &'a str,
    hint: &'a str,
}

impl From<&Path> for PathFields {
    fn from(path: &Path) -> Self {
        Self {
            path: path.to_string_lossy().into_owned(),
            path_escaped: exact(path),
        }
    }
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints a stored file, and where it was saved if it was: one JSON object, or one line for a person.
    pub(crate) fn file(self, file: &File, saved: Option<&Path>) {
        self.file_line(
            file,
            Beside {
                saved,
                ..Beside::default()
            },
        );
    }

    /// Prints a file of the tree.
    pub(crate) fn listed(self, file: &File, versions: usize, is_long: bool) {
        if is_long && !self.json {
            return self.line(&long_line(file, versions));
        }
        let versions = Some(versions);
        self.file_line(
            file,
            Beside {
                versions,
                ..Beside::default()
            },
        );
    }

    /// Prints one of the versions of a file.
    pub(crate) fn version(self, file: &File, version: usize, versions: usize) {
        self.file_line(
            file,
            Beside {
                versions: Some(versions),
                version: Some(version),
                ..Beside::default()
            },
        );
    }

    /// Prints a folder of the tree.
    pub(crate) fn folder(self, path: &TreePath) {
        if !self.json {
            return self.line(&format!("{path}/"));
        }
        if let Some((folder, name)) = path.split() {
            self.object(&FolderLine {
                kind: "folder",
                name: name.text(),
                folder: folder.to_string(),
                path: path.to_string(),
            });
        }
    }

    fn file_line(self, file: &File, beside: Beside<'_>) {
        if !self.json {
            let place = place(&file.folder, &file.name);
            let size = file
                .size_bytes
                .or(file.stored_size_bytes)
                .unwrap_or_default();
            let size = indicatif::HumanBytes(size).to_string();
            let state = state_word(file.state);
            let stored_at = file.stored_at.map(|at| format!("{at:.0}"));
            let context = match file.context.as_str() {
                "" | DEFAULT_CONTEXT => String::new(),
                context => format!("  [{context}]"),
            };
            let version = beside.version.map(|it| format!("{it:>4}  "));
            let versions = beside.versions.filter(|it| *it > 1 && version.is_none());
            let versions = versions.map(|it| format!("  ({it} versions)"));
            let slash = if file.is_folder() { "/" } else { "" };
            self.line(&format!(
                "{}{}  {size:>12}  {state:<13}  {:<20}  {place}{slash}{context}{}{}",
                version.unwrap_or_default(),
                file.id,
                stored_at.unwrap_or_default(),
                versions.unwrap_or_default(),
                remark(file)
            ));
            if let Some(saved) = beside.saved {
                self.line(&format!("    saved as {}", saved.display()));
            }
            return;
        }
        let stored = || PathFields {
            path: file.path().to_string(),
            path_escaped: None,
        };
        let modified = file.attributes.and_then(|it| it.modified_at());
        self.object(&FileLine {
            kind: if file.is_folder() { "folder" } else { "file" },
            id: file.id.to_string(),
            token: file.token.reveal(),
            name: &file.name,
            folder: &file.folder,
            context: &file.context,
            size: file.size_bytes,
            stored_size: file.stored_size_bytes,
            stored_at: file.stored_at.map(|at| at.to_string()),
            state: file.state,
            path: beside.saved.map_or_else(stored, PathFields::from),
            modified: modified.map(|at| at.to_string()),
            versions: beside.versions,
            version: beside.version,
            missing_since: file.at_service.missing_since.map(|at| at.to_string()),
            last_seen: file.at_service.last_seen.map(|at| at.to_string()),
            last_verified: last_verified(file).filter(|_| file.at_service.missing_since.is_some()),
            renamed: file.at_service.renamed.as_ref().map(|renamed| RenamedPart {
                name: &renamed.name,
                folder: &renamed.folder,
                context: &renamed.context,
                size: renamed.size_bytes,
            }),
        });
    }

    /// Prints one JSON object on a line of its own.
    #[expect(clippy::unused_self, reason = "all output goes through one value")]
    pub(crate) fn object(self, object: &impl Serialize) {
        match serde_json::to_string(object) {
            Ok(json) => print(&shown_json(&json)),
            Err(error) => lose(error.into()),
        }
    }

    /// Prints a line on standard output.
    #[expect(clippy::unused_self, reason = "all output goes through one value")]
    pub(crate) fn line(self, line: &str) {
        print(&shown(line));
    }

    /// Tells a person, and no program, what goes with the results.
    pub(crate) fn remark(self, text: &str) {
        if !self.json {
            print_error_line(&shown(text));
        }
    }

    /// Prints what happened and what to do, about `name` if it is about one file.
    pub(crate) fn problem(self, name: Option<&str>, problem: &Explanation) {
        self.problem_in("", name, problem);
    }

    /// [`problem`](Self::problem) about a file in a folder. Text shows the folder, since several files may have the
    /// same name. JSON shows the name only, because it is often kept as a log.
    pub(crate) fn problem_in(self, folder: &str, name: Option<&str>, problem: &Explanation) {
        let problem = in_commands(problem);
        let about = name.map(|name| format!("{}: ", place(folder, name)));
        self.explain(
            &ErrorLine {
                error: problem.code,
                name,
                message: &problem.message,
                hint: &problem.hint,
            },
            &about.unwrap_or_default(),
            &problem,
        );
    }

    /// Prints something that a person should know outside of what was asked for.
    pub(crate) fn notice(self, notice: &Explanation) {
        let notice = in_commands(notice);
        self.explain(
            &NoticeLine {
                notice: notice.code,
                message: &notice.message,
                hint: &notice.hint,
            },
            "note: ",
            &notice,
        );
    }

    fn explain(self, object: &impl Serialize, about: &str, explanation: &Explanation) {
        let Explanation { message, hint, .. } = explanation;
        if !self.json {
            print_error_line(&format!("privicore: {}{}", shown(about), shown(message)));
            // The commands that a hint names have lines of their own.
            for line in hint.lines() {
                print_error_line(&format!("  {}", shown(line)));
            }
        } else if let Ok(json) = serde_json::to_string(object) {
            print_error_line(&shown_json(&json));
        }
    }

    /// Prints why the command did not end well; answers the exit code.
    pub(crate) fn failure(self, failure: &Failure) -> u8 {
        self.problem(None, &failure.explanation());
        failure.code()
    }

    /// The exit code of the process: that of the command, unless its results could not be printed.
    pub(crate) fn end(self, code: u8) -> ExitCode {
        let Some(error) = LOST.get() else {
            return code.into();
        };
        // Who reads no more wants no more: that is no news to anybody.
        if error.kind() == io::ErrorKind::BrokenPipe {
            return first_of(code, exit::CLOSED_PIPE).into();
        }
        self.problem(None, &lost(error));
        first_of(code, exit::OUTPUT_LOST).into()
    }
}

/// Where content goes that was asked for there: what cannot be written is an error.
pub(crate) fn results() -> impl io::Write + Send {
    io::stdout()
}

/// Asks on the terminal, without a line end.
pub(crate) fn ask(question: &str) {
    let mut terminal = io::stderr().lock();
    // Without standard error the question is lost, and the answer is still read.
    let _ = write!(terminal, "{}", shown(question));
    let _ = terminal.flush();
}

/// Prints a line on standard error.
pub(crate) fn print_error_line(line: &str) {
    progress::aside(|| {
        // Standard error may be closed.
        let _ = writeln!(io::stderr().lock(), "{line}");
    });
}

/// Whether results go to a terminal.
pub(crate) fn is_read_by_a_person() -> bool {
    io::stdout().is_terminal()
}

pub(crate) fn print(line: &str) {
    if LOST.get().is_some() {
        return;
    }
    let mut output = io::stdout().lock();
    let printed = writeln!(output, "{line}").and_then(|()| output.flush());
    if let Err(error) = printed {
        lose(error);
    }
}

fn lose(error: io::Error) {
    // The first reason is the one to tell.
    let _ = LOST.set(error);
}

fn lost(error: &io::Error) -> Explanation {
    Explanation::new(
        Code::OutputLost,
        format!("The results could not be printed: {error}."),
        "The command did its work: exit code 9 says that only its output is lost. See `privicore ls` for what \
            is stored.",
    )
}

/// A failure of the command takes precedence over one of its output.
fn first_of(code: u8, otherwise: u8) -> u8 {
    if code == exit::DONE { otherwise } else { code }
}

/// Everything that is known of a file and fits a line.
fn long_line(file: &File, versions: usize) -> String {
    let bytes = |size: Option<u64>| size.map_or("-".to_owned(), |size| size.to_string());
    let modified = file.attributes.and_then(|it| it.modified_at());
    let modified = modified.map(|at| format!("{at:.0}"));
    let stored_at = file.stored_at.map(|at| format!("{at:.0}"));
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let slash = if file.is_folder() { "/" } else { "" };
    format!(
        "{}  {:>14}  {:>14}  {:<20}  {:<20}  {:<13}  {:<20}  {versions:>3}  {:<16}  {}{slash}{}",
        file.id,
        bytes(file.size_bytes),
        bytes(file.stored_size_bytes),
        or_dash(modified),
        or_dash(stored_at),
        state_word(file.state),
        or_dash(last_verified(file)),
        file.context,
        place(&file.folder, &file.name),
        remark(file)
    )
}

/// When it was read back last and was what was stored.
fn last_verified(file: &File) -> Option<String> {
    let found = file.receipt.as_ref()?.verification?;
    found.mismatch.is_none().then(|| found.at.to_string())
}

/// What a line says beside the state: when a missing file was seen last, or its other name.
fn remark(file: &File) -> String {
    let at = &file.at_service;
    if let Some(since) = at.missing_since {
        let seen = match (at.last_seen, at.ever_listed) {
            (Some(seen), _) => Some(format!(", last seen {seen:.0}")),
            (None, Some(false)) => Some(", never listed".to_owned()),
            (None, Some(true) | None) => None,
        };
        let verified = last_verified(file).map(|verified| format!(", last verified {verified}"));
        return format!(
            "  (missing since {since:.0}{}{})",
            seen.unwrap_or_default(),
            verified.unwrap_or_default()
        );
    }
    match &at.renamed {
        Some(renamed) => format!("  (renamed elsewhere: {})", renamed.name),
        None => String::new(),
    }
}

fn state_word(state: FileState) -> &'static str {
    match state {
        FileState::Missing => "missing",
        FileState::NotListed => "not listed",
        FileState::Unanswered => "not listed, not answered",
        FileState::Stored => "stored",
        FileState::Verified => "verified",
        FileState::Mismatch => "mismatch",
        FileState::MissingReceipt => "no receipt",
        FileState::NotConfirmed => "not confirmed",
        FileState::Deleting => "deleting",
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn nothing_is_printed_elsewhere() {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut folders = vec![sources];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("output.rs") {
                    let text = fs::read_to_string(&path).unwrap();
                    for printing in ["stdout()", "stderr()", "println!", "print!", "/dev/stdout"] {
                        assert!(!text.contains(printing), "{printing} in {}", path.display());
                    }
                }
            }
        }
    }

    #[test]
    fn a_failure_is_told_rather_than_lost_output() {
        assert_eq!(first_of(exit::DONE, exit::OUTPUT_LOST), exit::OUTPUT_LOST);
        assert_eq!(
            first_of(exit::UNREACHABLE, exit::CLOSED_PIPE),
            exit::UNREACHABLE
        );
    }
}
