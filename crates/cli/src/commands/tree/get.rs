//! Getting back: one file, or several and folders as the tree they were.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use privicore_vault::{
    EntryKind, Existing, File, SavedAlready, SavingTree, Transfer, TransferState, TreeEntry,
    TreePath, Vault, WantedEntry, counted,
};

use crate::args::{AlreadySaved, Get};
use crate::commands::files::{self, SaveRequest};
use crate::commands::finder::{Finder, Found};
use crate::commands::report::{report, report_error};
use crate::exit::{self, Failure};
use crate::output::Output;
use crate::progress::{Interrupt, follow};
use crate::prompt;

pub(in crate::commands) async fn get(
    vault: &Vault,
    wish: Get,
    output: Output,
) -> Result<u8, Failure> {
    if wish.all {
        vault.refresh().await?;
        let all = vault.list_below(&TreePath::default())?;
        let all = all.unwrap_or_default().into_iter();
        let wanted = all.map(|entry| WantedEntry { entry, above: 0 });
        return get_tree(vault, wanted.collect(), &wish, output).await;
    }
    let mut finder = Finder::new(vault);
    let (mut wanted, mut code) = (Vec::new(), exit::DONE);
    let named = prompt::files(wish.files.clone())?;
    for name in &named {
        let found = match finder.wanted(name).await {
            Ok(Found::File(file)) if named.len() == 1 && !wish.flat => {
                return files::get(vault, file, one(&wish), output).await;
            }
            Ok(Found::File(file)) => vec![version(file)],
            Ok(Found::Entries(entries)) => entries,
            Err(error) if named.len() == 1 => return Err(error.into()),
            Err(error) => {
                code = code.max(report_error(Some(name), &error, output));
                continue;
            }
        };
        if let ([only], 1, false) = (&found[..], named.len(), wish.flat)
            && let Some(file) = only.newest()
        {
            let file = Arc::clone(file);
            return files::get(vault, file, one(&wish), output).await;
        }
        for entry in found {
            with_what_is_in_it(vault, entry, &mut wanted)?;
        }
    }
    Ok(code.max(get_tree(vault, wanted, &wish, output).await?))
}

fn one(wish: &Get) -> SaveRequest<'_> {
    let existing = match wish.existing {
        _ if wish.force => Some(Existing::Replace),
        Some(AlreadySaved::Replace) => Some(Existing::Replace),
        Some(AlreadySaved::KeepBoth | AlreadySaved::Skip) => Some(Existing::KeepBoth),
        None => None,
    };
    SaveRequest {
        target: wish.output.clone(),
        existing,
        shared_key: wish.shared_key.as_deref(),
        keep_mismatch: wish.keep_mismatch,
    }
}

/// One version of a file, as if it were the newest.
fn version(file: Arc<File>) -> TreeEntry {
    TreeEntry {
        path: file.path(),
        kind: EntryKind::File {
            versions: vec![file],
        },
    }
}

/// A folder keeps its own name, and loses those above it.
fn with_what_is_in_it(
    vault: &Vault,
    entry: TreeEntry,
    wanted: &mut Vec<WantedEntry>,
) -> Result<(), Failure> {
    let above = entry.path.names().len().saturating_sub(1);
    if entry.newest().is_none() {
        let below = vault.list_below(&entry.path)?.unwrap_or_default();
        let below = below.into_iter();
        wanted.extend(below.map(|entry| WantedEntry { entry, above }));
    }
    wanted.push(WantedEntry { entry, above });
    Ok(())
}

async fn get_tree(
    vault: &Vault,
    wanted: Vec<WantedEntry>,
    wish: &Get,
    output: Output,
) -> Result<u8, Failure> {
    if wish.shared_key.is_some() || wish.keep_mismatch {
        let problem = "--shared-key and --keep-mismatch are for one file\n";
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
    let folder = wish.output.clone().unwrap_or_else(|| PathBuf::from("."));
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
