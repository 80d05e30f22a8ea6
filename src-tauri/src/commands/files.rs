//! The list of files, and what can be done with them.

use std::ffi::OsStr;
use std::path::PathBuf;

use parking_lot::Mutex;
use privicore_vault::{DeletionId, Error, Existing, FileError, FileId, saved_name};
use tauri::{State, WebviewWindow};

use super::Answer;
use crate::consent::Question;
use crate::dialogs;
use crate::drops::DropContext;
use crate::vault_handle::VaultHandle;
use crate::view::{Deletion, FOLLOWED, FilePage, FollowingQuery, shown};

/// A window of the list.
#[tauri::command]
#[specta::specta]
pub(crate) async fn query_files(
    vault_handle: State<'_, VaultHandle>,
    query: FollowingQuery,
) -> Answer<FilePage> {
    let follow: Vec<Option<FileId>> = query
        .follow
        .iter()
        .take(FOLLOWED)
        .map(|id| FileId::parse(id))
        .collect();
    let known: Vec<FileId> = follow.iter().flatten().copied().collect();
    let vault = vault_handle.vault().await?;
    let (page, places) = vault.query_and_follow(&query.query, &known)?;
    let mut places = places.into_iter();
    let followed = follow
        .into_iter()
        .map(|id| id.and_then(|_| places.next().flatten()));
    Ok(FilePage::new(&page, query.query.offset, followed.collect()))
}

/// Asks the service for its list.
#[tauri::command]
#[specta::specta]
pub(crate) async fn refresh_files(vault_handle: State<'_, VaultHandle>) -> Answer<()> {
    Ok(vault_handle.vault().await?.refresh().await?)
}

/// The user has looked: the service's shorter list is taken for true. Each file it left out is looked for by its token.
#[tauri::command]
#[specta::specta]
pub(crate) async fn accept_list(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let Some(alarm) = vault.list_alarm()? else {
        return Ok(vault.refresh().await?);
    };
    Question::accept_list(&alarm).ask(&window).await?;
    // What was asked about, and nothing else that the list lacks by now.
    Ok(vault.accept_list(alarm.expected, alarm.listed).await?)
}

/// Takes a file off the list that is missing at the service.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_file(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    id: String,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let id = FileId::parse(&id).ok_or(Error::File(FileError::Unknown))?;
    let file = vault.file(&id.to_string())?;
    if file.at_service.missing_since.is_some() {
        Question::forget(&file.name).ask(&window).await?;
    }
    Ok(vault.forget(id).await?)
}

/// Takes over the name under which the service lists a file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn accept_name(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    id: String,
    shown: String,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let id = FileId::parse(&id).ok_or(Error::File(FileError::Unknown))?;
    let file = vault.file(&id.to_string())?;
    if let Some(listed) = &file.at_service.renamed {
        if listed.mark() != shown {
            let name = file.name.clone();
            return Err(Error::File(FileError::RenamedAgain { name }).into());
        }
        let question = Question::accept_name(&file.name, &listed.name);
        question.ask(&window).await?;
    }
    // The answer is about this name, not about one that came while the question was open.
    Ok(vault.accept_name(id, &shown).await?)
}

/// Lets the user choose files to store; answers how many were taken.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_files(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    context: String,
) -> Answer<usize> {
    let vault = vault_handle.vault().await?;
    let paths = dialogs::pick_files(&window).await?;
    if paths.is_empty() {
        return Ok(0);
    }
    Ok(vault.store(paths, &context).await?.len())
}

/// Lets the user choose a folder to store; answers how many files were taken.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_folder(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    context: String,
) -> Answer<usize> {
    let vault = vault_handle.vault().await?;
    let Some(folder) = dialogs::pick_folder(&window).await? else {
        return Ok(0);
    };
    Ok(vault.store(vec![folder], &context).await?.len())
}

/// The context that dropped files are stored under.
#[tauri::command]
#[specta::specta]
pub(crate) fn set_drop_context(drops: State<'_, DropContext>, context: String) {
    drops.set(context);
}

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
        let file = vault.file(&id.to_string())?;
        let name = saved_name(&file);
        let shown = shown(&name.to_string_lossy());
        let Some(chosen) = dialogs::save_as(&window, "Save file", &shown).await? else {
            return Ok(0);
        };
        let target = as_it_was(chosen, &name);
        vault.save(id, &target, Existing::Replace).await?;
        return Ok(1);
    }
    let Some(folder) = dialogs::save_folder(&window).await? else {
        return Ok(0);
    };
    Ok(vault.save_into(&ids, &folder).await?.len())
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

/// How many files were deleted since the user was last asked. The page could hide that they can be kept.
#[derive(Default)]
pub(crate) struct UnaskedDeletions(Mutex<usize>);

impl UnaskedDeletions {
    const MOST: usize = 20;

    /// Counts some more, if they may be deleted without a question.
    fn take(&self, files: usize) -> bool {
        let mut unasked = self.0.lock();
        let all = unasked.saturating_add(files);
        let may_go = all <= Self::MOST;
        if may_go {
            *unasked = all;
        }
        may_go
    }

    fn begin_anew(&self) {
        *self.0.lock() = 0;
    }
}

/// Deletes files when the time to undo has passed. Many are asked about first, at once or one after another.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_files(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    unasked: State<'_, UnaskedDeletions>,
    ids: Vec<String>,
) -> Answer<Deletion> {
    let vault = vault_handle.vault().await?;
    let ids = parse(&ids)?;
    if !unasked.take(ids.len()) {
        Question::delete(ids.len()).ask(&window).await?;
        unasked.begin_anew();
    }
    Ok(vault.delete_later(&ids)?.into())
}

/// Keeps the files after all; answers whether it was in time.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_deletion(
    vault_handle: State<'_, VaultHandle>,
    id: String,
) -> Answer<bool> {
    let vault = vault_handle.vault().await?;
    let id = id.parse().map_err(|_| Error::File(FileError::Unknown))?;
    Ok(vault.undo_deletion(DeletionId(id))?)
}

pub(super) fn parse(ids: &[String]) -> Result<Vec<FileId>, Error> {
    ids.iter()
        .map(|id| FileId::parse(id).ok_or(Error::File(FileError::Unknown)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_deletions_without_a_question_counts_all_calls() {
        let unasked = UnaskedDeletions::default();
        assert!(!unasked.take(UnaskedDeletions::MOST + 1));
        assert!(!unasked.take(usize::MAX));
        for _ in 0..UnaskedDeletions::MOST {
            assert!(unasked.take(1));
        }
        assert!(!unasked.take(1));
        unasked.begin_anew();
        assert!(unasked.take(UnaskedDeletions::MOST));
        assert!(!unasked.take(1));
    }
}
