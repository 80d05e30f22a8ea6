//! What was asked of the service in this session, figures about it, and the log on its way out.

use privicore_vault as vault;
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{State, WebviewWindow};

use super::Answer;
use super::votes::mark;
use crate::dialogs;
use crate::vault_handle::VaultHandle;
use crate::view::{ErrorView, Number, count, moment, number};

/// So many entries are shown at most.
const MOST_ENTRIES: u32 = 2_000;

/// How far something is.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ActivityState {
    Sent,
    Accepted,
    Pending,
    Held,
    Done,
    Rejected,
    RejectedByVote,
    NoQuorum,
    VoteTimedOut,
    Failed,
    NotConfirmed,
    LeftOff,
}

/// How something ended, coarsely.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ActivityOutcome {
    UnderWay,
    Held,
    Done,
    NotDone,
    NotKnown,
}

/// When something got how far.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActivityStepView {
    pub state: ActivityState,
    /// Milliseconds since 1970.
    pub at: Number,
}

/// Something that the service was asked for.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActivityEntryView {
    pub id: String,
    pub operation: String,
    pub doc: String,
    pub command: Option<String>,
    pub state: ActivityState,
    pub outcome: ActivityOutcome,
    pub steps: Vec<ActivityStepView>,
    pub reason: Option<String>,
}

/// Which entries are wanted; nothing stands for all.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActivityQuery {
    pub outcome: Option<ActivityOutcome>,
    pub group: Option<String>,
    pub text: String,
    pub limit: u32,
}

/// The newest of the entries that were wanted.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActivityPage {
    pub entries: Vec<ActivityEntryView>,
    pub found: u32,
    pub all: u32,
    pub groups: Vec<String>,
}

/// What was stored on one day and is still there.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoredDayView {
    /// As `2026-11-26`, in this machine's time.
    pub day: String,
    pub files: Number,
    pub bytes: Number,
}

/// How many entries ended how.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OutcomeCount {
    pub outcome: ActivityOutcome,
    pub count: u32,
}

/// How much there is of something.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WordCount {
    pub word: String,
    pub count: Number,
}

/// Figures about a profile.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatisticsView {
    pub days: Vec<StoredDayView>,
    pub outcomes: Vec<OutcomeCount>,
    pub groups: Vec<WordCount>,
    /// What the service counts, by its own words; nothing if it does not tell.
    pub service: Option<Vec<WordCount>>,
    pub service_error: Option<ErrorView>,
    /// What is said of it, as it is not documented.
    pub service_mark: Option<String>,
}

/// What was asked of the service in this session, the newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn activity(
    vault_handle: State<'_, VaultHandle>,
    query: ActivityQuery,
) -> Answer<ActivityPage> {
    Ok(vault_handle.vault().await?.activity(&query.into())?.into())
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
) -> Answer<Option<u32>> {
    let vault = vault_handle.vault().await?;
    let Some(target) =
        dialogs::save_as(&window, "Export activity", "privicore-activity.jsonl").await?
    else {
        return Ok(None);
    };
    let entries = vault
        .export_activity(&target, vault::Existing::Replace)
        .await?;
    Ok(Some(count(entries)))
}

impl From<ActivityQuery> for vault::ActivityQuery {
    fn from(query: ActivityQuery) -> Self {
        Self {
            outcome: query.outcome.map(vault::ActivityOutcome::from),
            group: query.group,
            text: query.text,
            limit: usize::try_from(query.limit.min(MOST_ENTRIES)).unwrap_or_default(),
        }
    }
}

impl From<vault::ActivityPage> for ActivityPage {
    fn from(page: vault::ActivityPage) -> Self {
        let entries = page.entries.into_iter();
        Self {
            entries: entries.map(ActivityEntryView::from).collect(),
            found: count(page.found),
            all: count(page.all),
            groups: page.groups.into_iter().map(str::to_owned).collect(),
        }
    }
}

impl From<vault::ActivityEntry> for ActivityEntryView {
    fn from(entry: vault::ActivityEntry) -> Self {
        let state = entry.state();
        let steps = entry.steps.iter();
        Self {
            id: entry.id.to_string(),
            operation: entry.operation.to_owned(),
            doc: entry.doc.to_owned(),
            state: state.into(),
            outcome: state.outcome().into(),
            steps: steps
                .map(|step| ActivityStepView {
                    state: step.state.into(),
                    at: moment(step.at),
                })
                .collect(),
            command: entry.command,
            reason: entry.reason.map(std::borrow::Cow::into_owned),
        }
    }
}

impl From<vault::Statistics> for StatisticsView {
    fn from(figures: vault::Statistics) -> Self {
        let words = |counts: Vec<(String, u64)>| -> Vec<WordCount> {
            let counts = counts.into_iter();
            counts
                .map(|(word, count)| WordCount {
                    word,
                    count: number(count),
                })
                .collect()
        };
        let groups = figures.groups.into_iter();
        Self {
            days: figures
                .days
                .iter()
                .map(|day| StoredDayView {
                    day: day.day.to_string(),
                    files: number(day.files),
                    bytes: number(day.bytes),
                })
                .collect(),
            outcomes: figures
                .outcomes
                .into_iter()
                .map(|(outcome, entries)| OutcomeCount {
                    outcome: outcome.into(),
                    count: count(entries),
                })
                .collect(),
            groups: words(
                groups
                    .map(|(group, entries)| (group.to_owned(), u64::from(count(entries))))
                    .collect(),
            ),
            service: figures
                .service
                .map(|counts| words(counts.into_iter().collect())),
            service_error: figures.service_error.map(ErrorView::from),
            service_mark: mark(&["data-token.transaction-statistics"]),
        }
    }
}

impl From<vault::ActivityState> for ActivityState {
    fn from(state: vault::ActivityState) -> Self {
        match state {
            vault::ActivityState::Sent => Self::Sent,
            vault::ActivityState::Accepted => Self::Accepted,
            vault::ActivityState::Pending => Self::Pending,
            vault::ActivityState::Held => Self::Held,
            vault::ActivityState::Done => Self::Done,
            vault::ActivityState::Rejected => Self::Rejected,
            vault::ActivityState::RejectedByVote => Self::RejectedByVote,
            vault::ActivityState::NoQuorum => Self::NoQuorum,
            vault::ActivityState::VoteTimedOut => Self::VoteTimedOut,
            vault::ActivityState::Failed => Self::Failed,
            vault::ActivityState::NotConfirmed => Self::NotConfirmed,
            vault::ActivityState::LeftOff => Self::LeftOff,
        }
    }
}

impl From<vault::ActivityOutcome> for ActivityOutcome {
    fn from(outcome: vault::ActivityOutcome) -> Self {
        match outcome {
            vault::ActivityOutcome::UnderWay => Self::UnderWay,
            vault::ActivityOutcome::Held => Self::Held,
            vault::ActivityOutcome::Done => Self::Done,
            vault::ActivityOutcome::NotDone => Self::NotDone,
            vault::ActivityOutcome::NotKnown => Self::NotKnown,
        }
    }
}

impl From<ActivityOutcome> for vault::ActivityOutcome {
    fn from(outcome: ActivityOutcome) -> Self {
        match outcome {
            ActivityOutcome::UnderWay => Self::UnderWay,
            ActivityOutcome::Held => Self::Held,
            ActivityOutcome::Done => Self::Done,
            ActivityOutcome::NotDone => Self::NotDone,
            ActivityOutcome::NotKnown => Self::NotKnown,
        }
    }
}
