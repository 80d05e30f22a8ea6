//! Moving, renaming, labelling.

use privicore_vault::{
    ChangeOutcome, Code, Error, Explanation, FileError, Sensitivity, TransferState, TreeEntry,
    TreeItem, TreePath, Vault, counted,
};
use serde::Serialize;

use crate::args::{Classify, Label, Move, RestoreVersion};
use crate::commands::files::finish;
use crate::commands::finder::{Finder, Found, NotFound};
use crate::commands::report::{report_error, report_not_found};
use crate::exit::{self, Failure};
use crate::output::Output;
use crate::progress::{Interrupt, follow};
use crate::prompt;

/// What came of it.
#[derive(Serialize)]
struct ChangedLine {
    done: usize,
    not_confirmed: usize,
    failed: usize,
}

pub(in crate::commands) async fn mv(
    vault: &Vault,
    what: Move,
    output: Output,
) -> Result<u8, Failure> {
    let (items, code) = items(vault, what.files, output).await?;
    let to = TreePath::parse(&what.to);
    let is_folder = to.is_top() || what.to.ends_with('/') || vault.list_folder(&to)?.is_some();
    let outcome = match &items[..] {
        [] => return Ok(code),
        items if is_folder => vault.move_to(items, &to).await?,
        [item] => vault.move_as(item, &to).await?,
        _ => {
            let name = to.to_string();
            return Err(Error::File(FileError::NoFolder { name }).into());
        }
    };
    let code = code.max(print_outcome(&outcome, "moved", output));
    let kept = match &outcome.kept[..] {
        [] => Vec::new(),
        kept => follow(vault, kept, Interrupt::Cancels).await?,
    };
    let lost = kept.iter().filter(|it| it.state != TransferState::Done);
    let codes = lost.map(|transfer| {
        let why = transfer.error.as_ref().map(|error| error.message.as_str());
        let why = why.unwrap_or("it was not stored");
        output.remark(&format!("the empty folder {}: {why}", transfer.name));
        exit::FAILED
    });
    Ok(codes.fold(code, u8::max))
}

pub(in crate::commands) async fn label(
    vault: &Vault,
    what: Label,
    output: Output,
) -> Result<u8, Failure> {
    let (items, code) = items(vault, what.files, output).await?;
    if items.is_empty() {
        return Ok(code);
    }
    let outcome = vault.label(&items, &what.label).await?;
    Ok(code.max(print_outcome(&outcome, "labelled", output)))
}

pub(in crate::commands) async fn restore(
    vault: &Vault,
    what: RestoreVersion,
    output: Output,
) -> Result<u8, Failure> {
    let mut finder = Finder::new(vault);
    finder.refresh().await?;
    let named = finder.find(&what.file).await?;
    let entries = vault.entries_at(&named.path())?;
    let entry = entries.iter().find(|entry| entry.newest().is_some());
    let versions = entry.map(TreeEntry::files).unwrap_or_default();
    let file = match what.version {
        None => Some(&named),
        Some(number) => versions.iter().rev().nth(number.wrapping_sub(1)),
    };
    let Some(file) = file else {
        let versions = counted(versions.len(), "version", "versions");
        let problem = format!("the file has {versions}; `privicore versions` lists them\n");
        let problem = clap::Error::raw(clap::error::ErrorKind::ValueValidation, problem);
        return Err(problem.into());
    };
    let Some(id) = vault.restore_version(file.id).await? else {
        output.remark("It is the newest version already.");
        output.file(file, None);
        return Ok(exit::DONE);
    };
    finish(vault, &[id], Interrupt::Cancels, output).await
}

pub(in crate::commands) async fn classify(
    vault: &Vault,
    what: Classify,
    output: Output,
) -> Result<u8, Failure> {
    let file = Finder::new(vault).find(&what.file).await?;
    let sensitivity = Sensitivity {
        classification: what.classification,
        label: what.label,
        handling: what.handling,
    };
    vault.classify(file.id, &sensitivity).await?;
    output.file(&file, None);
    Ok(exit::DONE)
}

/// What the arguments stand for; and the exit code for those that stand for nothing.
async fn items(
    vault: &Vault,
    named: Vec<String>,
    output: Output,
) -> Result<(Vec<TreeItem>, u8), Failure> {
    let mut finder = Finder::new(vault);
    finder.refresh().await?;
    let (mut items, mut code) = (Vec::new(), exit::DONE);
    for wanted in prompt::files(named)? {
        match finder.literal(&wanted) {
            Ok(Found::File(file)) if file.is_folder() => items.push(TreeItem::Folder(file.path())),
            Ok(Found::File(file)) => items.push(TreeItem::File(file.id)),
            Ok(Found::Entries(entries)) => match &entries[..] {
                [only] => items.push(item(only)),
                _ => code = code.max(report_not_found(&wanted, &both(&wanted), output)),
            },
            Err(error) => code = code.max(report_not_found(&wanted, &error, output)),
        }
    }
    Ok((items, code))
}

fn item(entry: &TreeEntry) -> TreeItem {
    match entry.newest() {
        Some(newest) => TreeItem::File(newest.id),
        None => TreeItem::Folder(entry.path.clone()),
    }
}

fn both(wanted: &str) -> NotFound {
    NotFound::Ambiguous(Explanation::new(
        Code::Usage,
        format!("“{wanted}” stands for more than one thing."),
        "Name what you mean by its id.",
    ))
}

/// Prints what came of it; answers the exit code.
fn print_outcome(outcome: &ChangeOutcome, what: &str, output: Output) -> u8 {
    let mut code = exit::DONE;
    for (path, error) in &outcome.failed {
        code = code.max(report_error(Some(path), error, output));
    }
    if output.json {
        output.object(&ChangedLine {
            done: outcome.done,
            not_confirmed: outcome.not_confirmed,
            failed: outcome.failed.len(),
        });
    } else if outcome.done > 0 || (outcome.not_confirmed == 0 && outcome.failed.is_empty()) {
        output.line(&format!(
            "{} {what}",
            counted(outcome.done, "file", "files")
        ));
    }
    if outcome.not_confirmed > 0 {
        output.remark(&format!(
            "{} not confirmed: the change waits for a vote, or its outcome was lost. The old name stays until the \
             service confirms the new one; `privicore ls` asks.",
            counted(outcome.not_confirmed, "file is", "files are")
        ));
        code = code.max(exit::NOT_CONFIRMED);
    }
    code
}
