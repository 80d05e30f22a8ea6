//! Files and folders on their way out.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use privicore_vault::{
    Code, Error, Existing, File, FileError, Phrase, SavingTree, TransferState, TreeSaved, Vault,
    WantedEntry, saved_name,
};
use tauri::{Manager as _, State, WebviewWindow};
use tauri_specta::Event as _;

use super::Answer;
use super::files::parse;
use super::transfers;
use crate::consent::Question;
use crate::dialogs;
use crate::events::Notice;
use crate::language::say;
use crate::unasked::Unasked;
use crate::vault_handle::VaultHandle;
use crate::view::{AlreadySaved, ErrorView, Layout, RowRef, rows_meant, shown};

/// Saves one file where the user says, or several into a folder; answers how many were queued.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_files(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    ids: Vec<String>,
) -> Answer<usize> {
    let vault = vault_handle.vault().await?;
    let ids = parse(&ids)?;
    if let [id] = ids[..] {
        return save_one(&window, &vault, vault.file(&id.to_string())?).await;
    }
    let Some(folder) = dialogs::save_folder(&window).await? else {
        return Ok(0);
    };
    Ok(vault.save_into(&ids, &folder).await?.len())
}

/// Saves one file where the user says, or the tree of several and of folders below a folder; answers how many files
/// were queued.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_rows(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    rows: Vec<RowRef>,
    layout: Layout,
    existing: AlreadySaved,
) -> Answer<usize> {
    let vault = vault_handle.vault().await?;
    let wanted = vault.wanted(&rows_meant(&rows)?)?;
    if let [only] = &wanted[..]
        && let Some(file) = only.entry.newest()
    {
        return save_one(&window, &vault, Arc::clone(file)).await;
    }
    let Some(folder) = dialogs::save_folder(&window).await? else {
        return Ok(0);
    };
    // The dialog for a folder says nothing about what is in it.
    if existing == AlreadySaved::Replace {
        Question::replace(files_in(&wanted), &folder)
            .ask(&window)
            .await?;
    }
    let saving = SavingTree {
        existing: existing.into(),
        is_flat: layout == Layout::Flat,
    };
    save_below(&window, &vault, wanted, &folder, saving).await
}

/// Saves files and folders into the user's downloads; answers how many files were queued.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_to_downloads(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    unasked: State<'_, Unasked>,
    rows: Vec<RowRef>,
) -> Answer<usize> {
    let vault = vault_handle.vault().await?;
    let folder = downloads(&window)?;
    let wanted = vault.wanted(&rows_meant(&rows)?)?;
    let files = files_in(&wanted);
    let question = || Question::save_to_downloads(files);
    unasked.downloads.ask(&window, files, question).await?;
    let saving = SavingTree {
        existing: AlreadySaved::KeepBoth.into(),
        is_flat: false,
    };
    save_below(&window, &vault, wanted, &folder, saving).await
}

/// Shows what a download has saved in the file manager.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_saved(
    vault_handle: State<'_, VaultHandle>,
    transfer: String,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let transfer = vault.transfer(transfers::parse(&transfer)?)?;
    let done = transfer.filter(|it| it.state == TransferState::Done);
    let saved = done.and_then(|it| it.target);
    let saved = saved.ok_or(Error::File(FileError::Unknown))?;
    let name = saved.file_name().unwrap_or_default();
    let name = shown(&name.to_string_lossy());
    // It asks the desktop and waits for the answer.
    let asked = move || tauri_plugin_opener::reveal_item_in_dir(&saved);
    let answer = tauri::async_runtime::spawn_blocking(asked).await;
    match answer {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => {
            tracing::info!(%error, "the file manager did not show a file");
            Err(not_shown(&name))
        }
        Err(error) => {
            tracing::warn!(%error, "asking the file manager came to no end");
            Err(not_shown(&name))
        }
    }
}

/// Where no desktop has set one, the folder is made under its usual name.
fn downloads(window: &WebviewWindow) -> Answer<PathBuf> {
    let folders = window.path();
    let usual = || folders.home_dir().map(|home| home.join("Downloads"));
    folders
        .download_dir()
        .or_else(|_| usual())
        .map_err(|error| {
            tracing::info!(%error, "no folder for downloads");
            no_downloads()
        })
}

async fn save_one(window: &WebviewWindow, vault: &Vault, file: Arc<File>) -> Answer<usize> {
    let name = saved_name(&file);
    let as_shown = shown(&name.to_string_lossy());
    let Some(chosen) = dialogs::save_as(window, "dialog.save_file", &as_shown).await? else {
        return Ok(0);
    };
    let target = as_it_was(chosen, &name);
    vault.save(file.id, &target, Existing::Replace).await?;
    Ok(1)
}

async fn save_below(
    window: &WebviewWindow,
    vault: &Vault,
    wanted: Vec<WantedEntry>,
    folder: &Path,
    saving: SavingTree,
) -> Answer<usize> {
    let newer = wanted
        .iter()
        .filter(|it| it.entry.has_later_without_receipt());
    let newer = newer.count();
    let saved = vault.save_tree(wanted, folder, saving).await?;
    for notice in notices(&saved, newer) {
        // A page that is not there any more need not know.
        let _ = notice.emit(window.app_handle());
    }
    Ok(saved.transfers.len())
}

fn files_in(wanted: &[WantedEntry]) -> usize {
    let files = wanted.iter().filter(|it| it.entry.newest().is_some());
    files.count()
}

/// What to say about files that are not saved.
fn notices(saved: &TreeSaved, newer: usize) -> Vec<Notice> {
    let mut notices = Vec::new();
    if let Some((path, problem)) = saved.problems.first() {
        let mut told = ErrorView::from(problem.clone());
        let message = match saved.problems.len() - 1 {
            0 => Phrase::new("saving.problem"),
            others => Phrase::new("saving.problems").number("count", others),
        };
        let message = message.text("path", shown(&path.to_string()));
        told.message = say(&message.text("reason", &told.message));
        notices.push(Notice::error(told));
    }
    let counted = |code, key, count: usize| {
        let message = Phrase::new(key).number("count", count);
        Notice::warning(ErrorView::own(code, message))
    };
    if !saved.identical.is_empty() {
        let count = saved.identical.len();
        notices.push(counted(Code::Skipped, "saving.identical", count));
    }
    if newer > 0 {
        notices.push(counted(Code::NoReceipt, "saving.newer", newer));
    }
    notices
}

/// The dialog shows a name that is not UTF-8 with its bytes replaced, and hidden signs escaped. Where the user has left
/// it so, the file gets its own back, unless there is such a file: nobody was asked whether to replace that.
fn as_it_was(chosen: PathBuf, name: &OsStr) -> PathBuf {
    let as_shown = shown(&name.to_string_lossy());
    let is_as_shown = chosen.file_name() == Some(OsStr::new(&as_shown));
    let own = chosen.with_file_name(name);
    if is_as_shown && own.symlink_metadata().is_err() {
        own
    } else {
        chosen
    }
}

fn no_downloads() -> ErrorView {
    ErrorView::own(Code::TargetFolderMissing, Phrase::new("error.no_downloads"))
}

fn not_shown(name: &str) -> ErrorView {
    let message = Phrase::new("error.not_shown").text("name", name);
    ErrorView::own(Code::Target, message)
}
