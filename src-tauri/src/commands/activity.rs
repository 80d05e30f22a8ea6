//! What was asked of the service in this session, figures about it, and the log on its way out.

use std::collections::BTreeMap;

use privicore_vault::{
    ActivityEntry, ActivityOutcome, ActivityPage, ActivityQuery, ActivityState, Existing, FileId,
    Statistics, StoredDay, Vault,
};
use serde::Serialize;
use specta::Type;
use tauri::{State, WebviewWindow};

use super::Answer;
use super::votes::mark;
use crate::dialogs;
use crate::vault_handle::VaultHandle;
use crate::view::{ErrorView, shown};

/// Something that the service was asked for, and how it stands.
#[derive(Serialize, Type)]
pub(crate) struct ActivityEntryView {
    #[serde(flatten)]
    entry: ActivityEntry,
    state: ActivityState,
    outcome: ActivityOutcome,
    /// The name of the file that it is about, where the list has it.
    file: Option<String>,
}

/// The newest of the entries that were wanted.
#[derive(Serialize, Type)]
pub(crate) struct ActivityView {
    entries: Vec<ActivityEntryView>,
    found: usize,
    all: usize,
    groups: Vec<&'static str>,
}

/// Figures about a profile.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatisticsView {
    days: Vec<StoredDay>,
    outcomes: BTreeMap<ActivityOutcome, usize>,
    groups: BTreeMap<&'static str, usize>,
    /// What the service counts, by its own words; nothing if it does not tell.
    service: Option<BTreeMap<String, u64>>,
    service_error: Option<ErrorView>,
    /// What is said of it, as it is not documented.
    service_mark: Option<String>,
}

/// What was asked of the service in this session, the newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn activity(
    vault_handle: State<'_, VaultHandle>,
    query: ActivityQuery,
) -> Answer<ActivityView> {
    let vault = vault_handle.vault().await?;
    Ok(ActivityView::new(vault.activity(&query)?, &vault))
}

/// Figures about the profile.
#[tauri::command]
#[specta::specta]
pub(crate) async fn statistics(vault_handle: State<'_, VaultHandle>) -> Answer<StatisticsView> {
    Ok(vault_handle.vault().await?.statistics().await?.into())
}

/// Writes the log where the user says; answers how many entries, or nothing if the user did not say.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_activity(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
) -> Answer<Option<usize>> {
    let vault = vault_handle.vault().await?;
    let Some(target) =
        dialogs::save_as(&window, "dialog.activity", "privicore-activity.jsonl").await?
    else {
        return Ok(None);
    };
    Ok(Some(
        vault.export_activity(&target, Existing::Replace).await?,
    ))
}

impl ActivityView {
    fn new(page: ActivityPage, vault: &Vault) -> Self {
        let name = |id: FileId| {
            vault
                .file(&id.to_string())
                .ok()
                .map(|file| shown(&file.name))
        };
        let entries = page.entries.into_iter().map(|entry| {
            let state = entry.state();
            ActivityEntryView {
                file: entry.file.and_then(name),
                entry,
                state,
                outcome: state.outcome(),
            }
        });
        Self {
            entries: entries.collect(),
            found: page.found,
            all: page.all,
            groups: page.groups,
        }
    }
}

impl From<Statistics> for StatisticsView {
    fn from(figures: Statistics) -> Self {
        Self {
            days: figures.days,
            outcomes: figures.outcomes,
            groups: figures.groups,
            service: figures.service,
            service_error: figures.service_error.map(ErrorView::from),
            service_mark: mark(&["data-token.transaction-statistics"]),
        }
    }
}
