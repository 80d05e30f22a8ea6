//! View models: what the page is shown. No path, no key, no token.

use std::time::Duration;

use privicore_vault as vault;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::commands::custody::VerificationView;
use crate::commands::lock::{AutoLock, LockReason};
use crate::commands::security::PinAlarmView;

/// How far a person has come.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Stage {
    FirstStart,
    SignedOut,
    Locked,
    SignedIn,
}

/// How the window is coloured.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Theme {
    System,
    Light,
    Dark,
}

/// The four addresses of a service.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Addresses {
    pub api: String,
    pub websocket: String,
    pub upstream: String,
    pub downstream: String,
}

/// Which kind of service.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ConnectionKind {
    Sandbox,
    Service,
}

/// The chosen service.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionView {
    pub kind: ConnectionKind,
    pub label: String,
    pub addresses: Option<Addresses>,
}

/// Whether the keyring can be used.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyringView {
    pub available: bool,
    pub reason: Option<String>,
}

/// The app as a whole.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppView {
    /// Answers and events may overtake each other: of two views, the one with the smaller figure is out of date.
    pub revision: Number,
    pub stage: Stage,
    /// Why it is locked, if it is.
    pub locked_for: Option<LockReason>,
    pub auto_lock: AutoLock,
    /// How long a copied token stays on the clipboard.
    pub clipboard_seconds: u16,
    pub connection: Option<ConnectionView>,
    pub profile: Option<String>,
    /// The profile that "Try it now" made on this machine, if it did.
    pub trial_profile: Option<String>,
    pub keyring: KeyringView,
    pub theme: Theme,
    pub limits: Limits,
    /// Whether the recovery kit was confirmed, once somebody is signed in.
    pub recovery_confirmed: Option<bool>,
    /// Whether everything that is stored is read back afterwards.
    pub verify_uploads: bool,
    /// Whether the system's notifications tell of votes and of the end of transfers.
    pub notifications: bool,
    /// Keys of others that have changed. While there is one, nothing is stored.
    pub alarms: Vec<PinAlarmView>,
    /// Why the service's list was not taken over, if it was not.
    pub list_alarm: Option<ListAlarmView>,
    pub version: String,
}

/// How fast bytes may pass, in bytes a second; nothing stands for no limit.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Limits {
    pub upload: Option<Number>,
    pub download: Option<Number>,
}

/// What happened and what to do.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorView {
    pub code: String,
    pub message: String,
    pub hint: String,
}

/// One of the four addresses.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Which {
    Api,
    Websocket,
    Upstream,
    Downstream,
}

/// What trying one address brought to light.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AddressCheck {
    pub which: Which,
    pub ok: bool,
    pub message: String,
    pub hint: Option<String>,
}

/// How certain the app is of a file.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FileState {
    Missing,
    NotListed,
    Unanswered,
    Stored,
    Verified,
    Mismatch,
    NotConfirmed,
    MissingReceipt,
    Deleting,
}

/// A row of the list.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileView {
    pub id: String,
    pub name: String,
    pub folder: String,
    pub context: String,
    pub size: Option<Number>,
    pub stored_size: Option<Number>,
    /// Milliseconds since 1970.
    pub stored_at: Option<Number>,
    pub state: FileState,
    /// Whether there is a receipt to compare it with.
    pub verifiable: bool,
    pub verification: Option<VerificationView>,
    /// Since when it is missing at the service, in milliseconds since 1970.
    pub missing_since: Option<Number>,
    /// When the service listed a missing file last.
    pub last_seen: Option<Number>,
    /// No list ever had it.
    pub never_listed: bool,
    /// There was a receipt, and it is damaged or was deleted.
    pub receipt_lost: bool,
    /// What the service says of it, if that is something else than was stored.
    pub renamed: Option<RenamedView>,
}

/// What the service says of a file instead of what was stored.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RenamedView {
    pub name: String,
    pub folder: String,
    pub context: String,
    /// Says which name was looked at when it is taken over.
    pub mark: String,
}

/// The service's list is suddenly empty or at most half as long, and was not taken over.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListAlarmView {
    pub expected: u32,
    pub listed: u32,
}

/// What came of comparing saved bytes with what was stored.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum AsStored {
    Yes,
    No,
    NotComparable,
}

/// A column of the list.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Sort {
    Name,
    Size,
    StoredAt,
    Context,
    State,
}

/// What the list is asked for.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileQuery {
    pub search: String,
    pub context: Option<String>,
    /// Only files that need attention.
    pub needs_attention: bool,
    pub sort: Sort,
    pub descending: bool,
    pub offset: u32,
    pub limit: u32,
    /// Files whose places are wanted, at most [`FOLLOWED`]; ids that are none are in no place.
    pub follow: Vec<String>,
}

/// More files than any window shows.
pub(crate) const FOLLOWED: usize = 256;

/// A context and how many files it has.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContextView {
    pub name: String,
    pub count: u32,
}

/// A window of the list.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilePage {
    pub rows: Vec<FileView>,
    pub offset: u32,
    pub total: u32,
    pub total_bytes: Number,
    pub all_files: u32,
    pub contexts: Vec<ContextView>,
    /// Files in the whole list that are missing at the service, have another name there, or are not what was stored.
    pub need_attention: u32,
    /// The places of the files to follow, in their order; nothing for one that is not in the list.
    pub followed: Vec<Option<u32>>,
}

/// Which way the bytes go.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Direction {
    Upload,
    Download,
    Reseal,
    Verify,
}

/// Where a transfer stands.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum TransferState {
    Waiting,
    Running,
    Finishing,
    Held,
    Paused,
    Done,
    Failed,
    Canceled,
    NotConfirmed,
}

/// A transfer.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransferView {
    pub id: String,
    pub direction: Direction,
    pub name: String,
    pub context: String,
    pub done_bytes: Number,
    pub total_bytes: Number,
    pub state: TransferState,
    pub error: Option<ErrorView>,
    /// In how many milliseconds it is tried again by itself, if it is.
    pub retry_in_ms: Option<Number>,
    /// The name under which what came instead of the stored file can be kept, or was.
    pub mismatch_name: Option<String>,
    /// Of a download whose bytes have come: whether they are what was stored.
    pub as_stored: Option<AsStored>,
    /// The poll that holds it, if a vote does and it is known which.
    pub poll: Option<String>,
}

/// All transfers in one line.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransferSummary {
    pub waiting: u32,
    pub running: u32,
    pub held: u32,
    pub paused: u32,
    pub done: u32,
    pub failed: u32,
    pub not_confirmed: u32,
    pub done_bytes: Number,
    pub total_bytes: Number,
    pub bytes_per_second: Option<f64>,
    pub seconds_left: Option<f64>,
    pub current: Option<String>,
}

/// All transfers.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransfersView {
    pub items: Vec<TransferView>,
    pub summary: TransferSummary,
}

/// A deletion that can be undone.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deletion {
    pub id: String,
    pub count: u32,
    pub name: Option<String>,
    /// How long it can be undone, in milliseconds.
    pub until_ms: Number,
}

/// Bytes and milliseconds as the page counts them: exact up to 2^53.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Number(f64);

impl Number {
    /// The whole number nearest to zero; what is none is 0.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what does not fit becomes the nearest that does"
    )]
    fn whole(self) -> u64 {
        self.0 as u64
    }
}

/// In TypeScript a plain `number`: unlike any `f64`, it is never NaN and so never `null`.
impl Type for Number {
    fn definition(types: &mut specta::Types) -> specta::datatype::DataType {
        u32::definition(types)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "JavaScript has no other number; 2^53 bytes are 9 PB"
)]
pub(crate) fn number(value: u64) -> Number {
    Number(value as f64)
}

/// Milliseconds since 1970; a time before is 0.
pub(crate) fn moment(at: jiff::Timestamp) -> Number {
    number(u64::try_from(at.as_millisecond()).unwrap_or_default())
}

fn milliseconds(time: Duration) -> Number {
    number(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

pub(crate) fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

impl From<&vault::Error> for ErrorView {
    fn from(error: &vault::Error) -> Self {
        error.explain().into()
    }
}

impl From<vault::Error> for ErrorView {
    fn from(error: vault::Error) -> Self {
        error.explain().into()
    }
}

impl From<vault::Explanation> for ErrorView {
    fn from(explanation: vault::Explanation) -> Self {
        Self {
            code: explanation.code.to_string(),
            message: shown(&explanation.message),
            hint: shown(&explanation.hint),
        }
    }
}

/// A name as it is shown: signs that turn round what follows them, and others without a shape, are escaped. `invoice\u{202e}gpj.exe`
/// would look like a picture.
pub(crate) fn shown(text: &str) -> String {
    let is_hidden = |sign: char| vault::is_bidi_control(sign) || sign.is_control();
    let mut all = String::with_capacity(text.len());
    for sign in text.chars() {
        if is_hidden(sign) {
            all.extend(sign.escape_default());
        } else {
            all.push(sign);
        }
    }
    all
}

impl From<&vault::Status> for AppView {
    fn from(status: &vault::Status) -> Self {
        let stage = match status.stage {
            vault::Stage::FirstStart => Stage::FirstStart,
            vault::Stage::SignedOut => Stage::SignedOut,
            vault::Stage::Locked => Stage::Locked,
            vault::Stage::SignedIn => Stage::SignedIn,
        };
        let connection = status.connection.as_ref().map(|connection| ConnectionView {
            kind: match connection {
                vault::Connection::Sandbox => ConnectionKind::Sandbox,
                vault::Connection::Service(_) => ConnectionKind::Service,
            },
            label: connection.label().to_owned(),
            addresses: status.addresses.clone().map(Addresses::from),
        });
        Self {
            revision: number(status.revision),
            stage,
            locked_for: status.locked_for.map(LockReason::from),
            auto_lock: status.auto_lock.into(),
            clipboard_seconds: status.clipboard.get(),
            connection,
            profile: status.username.clone(),
            trial_profile: status.trial.clone(),
            keyring: KeyringView {
                available: status.keyring.is_ok(),
                reason: status.keyring.err().map(|reason| reason.to_string()),
            },
            theme: status.theme.into(),
            limits: Limits {
                upload: status.limits.upload.map(number),
                download: status.limits.download.map(number),
            },
            recovery_confirmed: status
                .recovery
                .map(|state| state == vault::RecoveryState::Confirmed),
            verify_uploads: status.verify_uploads,
            notifications: status.notifications,
            alarms: status
                .alarms
                .iter()
                .cloned()
                .map(PinAlarmView::from)
                .collect(),
            list_alarm: status.list_alarm.map(|alarm| ListAlarmView {
                expected: count(alarm.expected),
                listed: count(alarm.listed),
            }),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

impl From<Limits> for vault::Limits {
    fn from(limits: Limits) -> Self {
        let limit = |limit: Option<Number>| limit.map(Number::whole).filter(|limit| *limit > 0);
        Self {
            upload: limit(limits.upload),
            download: limit(limits.download),
        }
    }
}

impl From<vault::Theme> for Theme {
    fn from(theme: vault::Theme) -> Self {
        match theme {
            vault::Theme::System => Self::System,
            vault::Theme::Light => Self::Light,
            vault::Theme::Dark => Self::Dark,
        }
    }
}

impl From<Theme> for vault::Theme {
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::System => Self::System,
            Theme::Light => Self::Light,
            Theme::Dark => Self::Dark,
        }
    }
}

impl From<vault::Addresses> for Addresses {
    fn from(addresses: vault::Addresses) -> Self {
        Self {
            api: addresses.api,
            websocket: addresses.websocket,
            upstream: addresses.upstream,
            downstream: addresses.downstream,
        }
    }
}

impl From<Addresses> for vault::Addresses {
    fn from(addresses: Addresses) -> Self {
        Self {
            api: addresses.api,
            websocket: addresses.websocket,
            upstream: addresses.upstream,
            downstream: addresses.downstream,
        }
    }
}

impl From<vault::AddressCheck> for AddressCheck {
    fn from(check: vault::AddressCheck) -> Self {
        let which = match check.which {
            vault::Which::Api => Which::Api,
            vault::Which::WebSocket => Which::Websocket,
            vault::Which::Upstream => Which::Upstream,
            vault::Which::Downstream => Which::Downstream,
        };
        match check.problem {
            None => Self {
                which,
                ok: true,
                message: "Reached.".into(),
                hint: None,
            },
            Some(problem) => Self {
                which,
                ok: false,
                message: problem.message,
                hint: Some(problem.hint),
            },
        }
    }
}

impl From<&vault::File> for FileView {
    fn from(file: &vault::File) -> Self {
        Self {
            id: file.id.to_string(),
            name: shown(&file.name),
            folder: shown(&file.folder),
            context: file.context.clone(),
            size: file.size_bytes.map(number),
            stored_size: file.stored_size_bytes.map(number),
            stored_at: file.stored_at_ms().map(|ms| number(ms.unsigned_abs())),
            state: match file.state {
                vault::FileState::Missing => FileState::Missing,
                vault::FileState::NotListed => FileState::NotListed,
                vault::FileState::Unanswered => FileState::Unanswered,
                vault::FileState::Stored => FileState::Stored,
                vault::FileState::Verified => FileState::Verified,
                vault::FileState::Mismatch => FileState::Mismatch,
                vault::FileState::NotConfirmed => FileState::NotConfirmed,
                vault::FileState::MissingReceipt => FileState::MissingReceipt,
                vault::FileState::Deleting => FileState::Deleting,
            },
            verifiable: file.receipt.is_some(),
            verification: file
                .receipt
                .as_ref()
                .and_then(|receipt| receipt.verification)
                .map(VerificationView::from),
            missing_since: file.at_service.missing_since.map(moment),
            last_seen: file.at_service.last_seen.map(moment),
            never_listed: file.at_service.ever_listed == Some(false),
            receipt_lost: file.receipt_lost,
            renamed: file.at_service.renamed.as_ref().map(|named| RenamedView {
                name: shown(&named.name),
                folder: shown(&named.folder),
                context: named.context.clone(),
                mark: named.mark(),
            }),
        }
    }
}

impl From<FileQuery> for vault::FileQuery {
    fn from(query: FileQuery) -> Self {
        Self {
            search: query.search,
            context: query.context,
            needs_attention: query.needs_attention,
            sort: match query.sort {
                Sort::Name => vault::Sort::Name,
                Sort::Size => vault::Sort::Size,
                Sort::StoredAt => vault::Sort::StoredAt,
                Sort::Context => vault::Sort::Context,
                Sort::State => vault::Sort::State,
            },
            descending: query.descending,
            offset: query.offset as usize,
            limit: query.limit as usize,
        }
    }
}

impl FilePage {
    pub(crate) fn new(page: &vault::FilePage, offset: u32, followed: Vec<Option<u32>>) -> Self {
        Self {
            followed,
            rows: page
                .rows
                .iter()
                .map(|file| FileView::from(&**file))
                .collect(),
            offset,
            total: count(page.total),
            total_bytes: number(page.total_bytes),
            all_files: count(page.all_files),
            contexts: page
                .contexts
                .iter()
                .map(|(name, files)| ContextView {
                    name: name.clone(),
                    count: count(*files),
                })
                .collect(),
            need_attention: count(page.need_attention),
        }
    }
}

impl From<&vault::Transfer> for TransferView {
    fn from(transfer: &vault::Transfer) -> Self {
        Self {
            id: transfer.id.0.to_string(),
            direction: match transfer.direction {
                vault::Direction::Upload => Direction::Upload,
                vault::Direction::Download => Direction::Download,
                vault::Direction::Reseal => Direction::Reseal,
                vault::Direction::Verify => Direction::Verify,
            },
            name: shown(&transfer.name),
            context: transfer.context.clone(),
            done_bytes: number(transfer.done_bytes),
            total_bytes: number(transfer.total_bytes),
            state: match transfer.state {
                vault::TransferState::Waiting => TransferState::Waiting,
                vault::TransferState::Running => TransferState::Running,
                vault::TransferState::Finishing => TransferState::Finishing,
                vault::TransferState::Held => TransferState::Held,
                vault::TransferState::Paused => TransferState::Paused,
                vault::TransferState::Done => TransferState::Done,
                vault::TransferState::Failed => TransferState::Failed,
                vault::TransferState::Canceled => TransferState::Canceled,
                vault::TransferState::NotConfirmed => TransferState::NotConfirmed,
            },
            error: transfer.error.clone().map(ErrorView::from),
            retry_in_ms: transfer.retry_in.map(milliseconds),
            mismatch_name: transfer.mismatch_name.as_deref().map(shown),
            as_stored: transfer.as_stored.map(|as_stored| match as_stored {
                vault::AsStored::Yes => AsStored::Yes,
                vault::AsStored::No => AsStored::No,
                vault::AsStored::NotComparable => AsStored::NotComparable,
            }),
            poll: transfer.poll.clone(),
        }
    }
}

impl From<&vault::TransferSummary> for TransferSummary {
    fn from(summary: &vault::TransferSummary) -> Self {
        Self {
            waiting: count(summary.waiting),
            running: count(summary.running),
            held: count(summary.held),
            paused: count(summary.paused),
            done: count(summary.done),
            failed: count(summary.failed),
            not_confirmed: count(summary.not_confirmed),
            done_bytes: number(summary.done_bytes),
            total_bytes: number(summary.total_bytes),
            bytes_per_second: summary.bytes_per_second,
            seconds_left: summary.seconds_left,
            current: summary.current.as_deref().map(shown),
        }
    }
}

impl TransfersView {
    pub(crate) fn new(items: &[vault::Transfer], summary: &vault::TransferSummary) -> Self {
        Self {
            items: items.iter().map(TransferView::from).collect(),
            summary: TransferSummary::from(summary),
        }
    }
}

impl From<vault::Deletion> for Deletion {
    fn from(deletion: vault::Deletion) -> Self {
        Self {
            id: deletion.id.0.to_string(),
            count: count(deletion.count),
            name: deletion.name.as_deref().map(shown),
            until_ms: milliseconds(deletion.undo_time),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_poses_as_another_by_signs_that_are_not_seen() {
        assert_eq!(shown("invoice\u{202e}gpj.exe"), "invoice\\u{202e}gpj.exe");
        assert_eq!(shown("two\nlines"), "two\\nlines");
        for name in [
            "Ünïcode 文件.txt",
            "family 👨\u{200d}👩\u{200d}👧.jpg",
            "שלום.txt",
        ] {
            assert_eq!(shown(name), name);
        }
    }
}
