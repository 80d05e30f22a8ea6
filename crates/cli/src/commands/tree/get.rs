//! Getting back: one file, or several and folders as the tree they were.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use privicore_vault::{
    Code, Error, Existing, File, FileError, SavedAlready, SavingTree, Transfer, TransferState,
    TreeEntry, TreePath, Vault, WantedEntry, counted,
};

use crate::args::{AlreadySaved, Get};
use crate::commands::files::{self, SaveRequest};
use crate::commands::finder::{Finder, Found};
use crate::commands::report::{report, report_error};
use crate::exit::{self, Failure};
use crate::output::{Output, results};
use crate::progress::{Interrupt, follow};
use crate::prompt;

pub(in crate::commands) async fn get(
    vault: &Vault,
    wish: Get,
    output: Output,
) -> Result<u8, Failure> {
    if wish
        .output
        .as_deref()
        .is_some_and(|path| path.as_os_str() == "-")
    {
        return write_out(vault, &wish).await;
    }
    if wish.all || wish.label.is_some() {
        let wanted = all_or_labelled(vault, wish.label.as_deref()).await?;
        return get_tree(vault, wanted, &wish, output).await;
    }
    let mut finder = Finder::new(vault);
    let got = get_named(vault, &mut finder, &wish, output).await;
    match (got, finder.take_stale()) {
        (got, None) => got,
        // Whether there is one was not seen.
        (Err(Failure::Explained(problem)), Some(error)) if problem.code == Code::UnknownFile => {
            Err(error.into())
        }
        (got, Some(error)) => {
            output.remark("The list is the one that was last known here.");
            // The exit code tells that there may be newer files and versions.
            let code = report_error(None, &error, output);
            got.map(|got| got.max(code))
        }
    }
}

async fn all_or_labelled(vault: &Vault, label: Option<&str>) -> Result<Vec<WantedEntry>, Failure> {
    vault.refresh().await?;
    let all = vault.list_below(&TreePath::default())?;
    let has_it = |entry: &TreeEntry| {
        label.is_none_or(|label| entry.newest().is_some_and(|file| file.context == label))
    };
    let wanted: Vec<_> = all
        .unwrap_or_default()
        .into_iter()
        .filter(has_it)
        .map(|entry| WantedEntry { entry, above: 0 })
        .collect();
    if label.is_some() && wanted.is_empty() {
        return Err(Error::File(FileError::Unknown).into());
    }
    Ok(wanted)
}

/// Writes one file to standard output, after it was received and verified.
async fn write_out(vault: &Vault, wish: &Get) -> Result<u8, Failure> {
    let is_plain = wish.shared_key.is_none() && !wish.keep_mismatch && wish.existing.is_none();
    let named = prompt::files(wish.files.clone())?;
    let is_named = !wish.all && wish.label.is_none();
    let ([name], true) = (&named[..], is_plain && is_named && !wish.flat) else {
        let problem = "-o - is for one file, without other options\n";
        let problem = clap::Error::raw(clap::error::ErrorKind::ArgumentConflict, problem);
        return Err(problem.into());
    };
    let mut finder = Finder::new(vault);
    finder.refresh_for(name).await?;
    let file = match finder.newest(name).await? {
        Found::File(file) => Some(file),
        Found::Entries(found) => match &found[..] {
            [only] => only.newest().cloned(),
            _ => None,
        },
    };
    let file = file.filter(|file| !file.is_folder());
    let file = file.ok_or(Error::File(FileError::Unknown))?;
    vault.write_out(file.id, results()).await?;
    Ok(exit::DONE)
}

async fn get_named(
    vault: &Vault,
    finder: &mut Finder<'_>,
    wish: &Get,
    output: Output,
) -> Result<u8, Failure> {
    let (mut wanted, mut code) = (Vec::new(), exit::DONE);
    let named = prompt::files(wish.files.clone())?;
    let is_single = named.len() == 1 && !wish.flat;
    for name in &named {
        match finder.newest(name).await {
            Ok(Found::File(file)) if is_single && !file.is_folder() => {
                return get_one(vault, file, wish, output).await;
            }
            Ok(Found::File(file)) => {
                wanted.push(WantedEntry::by_its_own_name(TreeEntry::of_one(file)));
            }
            Ok(Found::Entries(found)) => {
                if let ([only], true) = (&found[..], is_single)
                    && let Some(file) = only.newest()
                {
                    remark_on_later_versions([only].into_iter(), output);
                    return get_one(vault, Arc::clone(file), wish, output).await;
                }
                for entry in found {
                    with_what_is_in_it(vault, entry, &mut wanted)?;
                }
            }
            Err(error) if named.len() == 1 => return Err(error.into()),
            Err(error) => code = code.max(report_error(Some(name), &error, output)),
        }
    }
    Ok(code.max(get_tree(vault, wanted, wish, output).await?))
}

async fn get_one(
    vault: &Vault,
    file: Arc<File>,
    wish: &Get,
    output: Output,
) -> Result<u8, Failure> {
    if !matches!(wish.existing, Some(AlreadySaved::Skip)) {
        return files::get(vault, file, one(wish), output).await;
    }
    let wanted = WantedEntry::by_its_own_name(TreeEntry::of_one(file));
    let (folder, wanted) = placed(wanted, wish.output.as_deref());
    get_below(vault, vec![wanted], folder, wish, output).await
}

/// The folder to save one file in, and the file under the name that it gets there.
fn placed(mut wanted: WantedEntry, target: Option<&Path>) -> (PathBuf, WantedEntry) {
    let folder = match target {
        None => Path::new("."),
        Some(target) if target.is_dir() => target,
        Some(target) => match target.file_name().map(Path::new).and_then(TreePath::of_os) {
            None => target,
            Some(name) => {
                wanted = WantedEntry {
                    entry: TreeEntry {
                        path: name,
                        ..wanted.entry
                    },
                    above: 0,
                };
                let parent = target.parent();
                let parent = parent.filter(|parent| !parent.as_os_str().is_empty());
                parent.unwrap_or(Path::new("."))
            }
        },
    };
    (folder.to_owned(), wanted)
}

fn one(wish: &Get) -> SaveRequest<'_> {
    let existing = match wish.existing {
        _ if wish.force => Some(Existing::Replace),
        Some(AlreadySaved::Replace) => Some(Existing::Replace),
        Some(AlreadySaved::KeepBoth) => Some(Existing::KeepBoth),
        // Skipping is not done one by one.
        Some(AlreadySaved::Skip) | None => None,
    };
    SaveRequest {
        target: wish.output.clone(),
        existing,
        shared_key: wish.shared_key.as_deref(),
        keep_mismatch: wish.keep_mismatch,
    }
}

fn with_what_is_in_it(
    vault: &Vault,
    entry: TreeEntry,
    wanted: &mut Vec<WantedEntry>,
) -> Result<(), Failure> {
    let itself = WantedEntry::by_its_own_name(entry);
    if itself.entry.newest().is_none() {
        let below = vault.list_below(&itself.entry.path)?.unwrap_or_default();
        let above = itself.above;
        let below = below.into_iter();
        wanted.extend(below.map(|entry| WantedEntry { entry, above }));
    }
    wanted.push(itself);
    Ok(())
}

async fn get_tree(
    vault: &Vault,
    wanted: Vec<WantedEntry>,
    wish: &Get,
    output: Output,
) -> Result<u8, Failure> {
    let folder = wish.output.clone().unwrap_or_else(|| PathBuf::from("."));
    remark_on_later_versions(wanted.iter().map(|wanted| &wanted.entry), output);
    get_below(vault, wanted, folder, wish, output).await
}

/// Where no record says when a version was stored, the one with a receipt is downloaded.
fn remark_on_later_versions<'a>(entries: impl Iterator<Item = &'a TreeEntry>, output: Output) {
    let later: Vec<_> = entries
        .filter(|entry| entry.has_later_without_receipt())
        .collect();
    if let Some(first) = later.first() {
        output.remark(&format!(
            "{} a later version without a receipt on this computer. It was not downloaded. \
             To see it, run privicore versions {}.",
            counted(later.len(), "file has", "files have"),
            first.path
        ));
    }
}

async fn get_below(
    vault: &Vault,
    wanted: Vec<WantedEntry>,
    folder: PathBuf,
    wish: &Get,
    output: Output,
) -> Result<u8, Failure> {
    if wish.shared_key.is_some() || wish.keep_mismatch {
        let problem =
            "--shared-key and --keep-mismatch are for one file, and not with --existing skip\n";
        let problem = clap::Error::raw(clap::error::ErrorKind::ArgumentConflict, problem);
        return Err(problem.into());
    }
    let saving = SavingTree {
        existing: match wish.existing {
            None if wish.force => SavedAlready::Replace,
            None => SavedAlready::KeepBoth,
            Some(existing) => existing.into(),
        },
        is_flat: wish.flat,
    };
    let saved = vault.save_tree(wanted, &folder, saving).await?;
    let mut code = exit::DONE;
    for (path, problem) in &saved.problems {
        output.problem(Some(&path.to_string()), problem);
        code = code.max(exit::code_of(problem));
    }
    if !saved.identical.is_empty() {
        let files = counted(saved.identical.len(), "file", "files");
        output.remark(&format!(
            "{files} skipped: there with the same size and time."
        ));
    }
    let transfers = follow(vault, &saved.transfers, Interrupt::Cancels).await?;
    if transfers.len() < saved.transfers.len() {
        code = code.max(exit::INTERRUPTED);
    }
    for transfer in &transfers {
        code = code.max(print_ended(vault, transfer, output));
    }
    Ok(code)
}

fn print_ended(vault: &Vault, transfer: &Transfer, output: Output) -> u8 {
    let file = transfer
        .file
        .and_then(|id| vault.file(&id.to_string()).ok());
    match (transfer.state, file) {
        (TransferState::Done, Some(file)) => {
            let target = transfer.target.as_deref().unwrap_or(Path::new(""));
            files::print_got(&file, transfer, target, output)
        }
        _ => report(transfer, output),
    }
}
