//! What the page hears: the vault's events as view models.

use std::time::{Duration, Instant};

use privicore_vault::{
    Code, Event, KeyProgress as VaultKeyProgress, KeyStep, Stage, TransferReport, TransferSummary,
    Vault,
};
use serde::Serialize;
use specta::Type;
use tauri::{AppHandle, Manager as _};
use tauri_specta::Event as _;
use tokio::sync::broadcast::error::RecvError;

use crate::clipboard::{Clipboard, End};
use crate::consent::Questions;
use crate::console_state::ConsoleState;
use crate::held_secrets::HeldSecrets;
use crate::language;
use crate::notifications::{self, Notifications};
use crate::shown_pictures::ShownPictures;
use crate::tray::Tray;
use crate::view::{AppView, ErrorView, TransferView, TransfersView, shown_summary};

/// Connection, profile, lock or look changed.
#[derive(Clone, Serialize, Type, tauri_specta::Event)]
pub(crate) struct AppChanged(pub AppView);

/// Something was asked of the service, or went on; ask for the log that is shown.
#[derive(Clone, Serialize, Type, tauri_specta::Event)]
pub(crate) struct ActivityChanged;

/// The list of files changed; ask for the window that is shown.
#[derive(Clone, Serialize, Type, tauri_specta::Event)]
pub(crate) struct FilesChanged;

/// Transfers moved, came or went.
#[derive(Clone, Serialize, Type, tauri_specta::Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransfersChanged {
    pub changed: Vec<TransferView>,
    pub removed: Vec<String>,
    pub summary: TransferSummary,
}

/// Files are being dragged over the window, or not any more.
#[derive(Clone, Debug, Default, Serialize, Type, tauri_specta::Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DropChanged {
    pub over: bool,
    /// Files and folders.
    pub count: u32,
    pub folders: u32,
    /// They are rows of this window, which are moved and not stored once more.
    pub own: bool,
    /// Where the pointer is in the page, in its pixels.
    pub x: f64,
    pub y: f64,
}

/// Rows of this window were dropped on it, where the pointer was last.
#[derive(Clone, Serialize, Type, tauri_specta::Event)]
pub(crate) struct RowsDropped;

/// A step on the way to a usable profile.
#[derive(Clone, Serialize, Type, tauri_specta::Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyProgress {
    pub step: KeyStepView,
}

/// The steps in their order.
#[derive(Clone, Copy, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum KeyStepView {
    Engine,
    Application,
    Recovery,
    Saving,
    Registering,
}

/// The time to undo a deletion has passed and the service was asked.
#[derive(Clone, Serialize, Type, tauri_specta::Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeletionEnded {
    pub id: String,
    pub error: Option<ErrorView>,
}

/// The time of a copied token was over.
#[derive(Clone, Serialize, Type, tauri_specta::Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CopyEnded {
    /// Whether it was still on the clipboard and was taken off; something else stays.
    pub cleared: bool,
}

/// Something a person should know, outside of what was asked for.
#[derive(Clone, Serialize, Type, tauri_specta::Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Notice {
    pub kind: NoticeKind,
    pub code: Code,
    pub message: String,
    pub hint: String,
}

/// How urgent a notice is.
#[derive(Clone, Copy, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum NoticeKind {
    Warning,
    Error,
}

impl Notice {
    pub(crate) fn error(error: ErrorView) -> Self {
        Self::new(NoticeKind::Error, error)
    }

    pub(crate) fn warning(error: ErrorView) -> Self {
        Self::new(NoticeKind::Warning, error)
    }

    fn new(kind: NoticeKind, error: ErrorView) -> Self {
        Self {
            kind,
            code: error.code,
            message: error.message,
            hint: error.hint,
        }
    }
}

/// Passes the vault's events on to the page until the vault is gone.
pub(crate) fn forward(app: AppHandle, vault: &Vault) {
    let mut events = vault.events();
    let vault = vault.clone();
    tauri::async_runtime::spawn(async move {
        let status = vault.status();
        language::speak(status.language.language());
        let mut tray = Tray::new(app.clone(), &status);
        loop {
            let told = match events.recv().await {
                Ok(event) => handle(&app, &mut tray, &vault, event),
                Err(RecvError::Lagged(_)) => catch_up(&app, &mut tray, &vault),
                Err(RecvError::Closed) => return,
            };
            if let Err(error) = told {
                tracing::debug!(%error, "the page did not hear an event");
            }
        }
    });
}

/// Takes a copied token off the clipboard when its time is over, unless it was copied anew.
pub(crate) fn take_back_later(app: AppHandle, lifetime: Duration) {
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(lifetime).await;
        clear_clipboard(&app, |clipboard| clipboard.clear_when_due(Instant::now())).await;
    });
}

/// Takes a copied token off the clipboard now.
pub(crate) async fn clear_clipboard_now(app: &AppHandle) {
    clear_clipboard(app, Clipboard::clear_now).await;
}

async fn clear_clipboard(
    app: &AppHandle,
    how: impl FnOnce(&Clipboard) -> Option<End> + Send + 'static,
) {
    let clipboard = app.state::<Clipboard>().inner().clone();
    let end = tauri::async_runtime::spawn_blocking(move || how(&clipboard)).await;
    if let Ok(Some(end)) = end {
        let cleared = end == End::Cleared;
        // A page that is not there any more need not know.
        let _ = CopyEnded { cleared }.emit(app);
    }
}

fn handle(app: &AppHandle, tray: &mut Tray, vault: &Vault, event: Event) -> tauri::Result<()> {
    match event {
        Event::StatusChanged => tell_status(app, tray, vault),
        Event::FilesChanged => FilesChanged.emit(app),
        Event::FilesMissing(files) => {
            let is_wanted = vault.status().notifications;
            notifications::tell_missing(app, is_wanted, files);
            Ok(())
        }
        Event::ActivityChanged => ActivityChanged.emit(app),
        Event::TransfersChanged(report) => tell_transfers(app, tray, vault, &report),
        Event::KeyProgress(step) => KeyProgress {
            step: KeyStepView::from(step),
        }
        .emit(app),
        Event::DeletionEnded { id, error } => DeletionEnded {
            id: id.0.to_string(),
            error: error.map(ErrorView::from),
        }
        .emit(app),
        Event::Notice(explanation) => Notice::warning(explanation.into()).emit(app),
    }
}

/// The page hears of it, and through the system who does not look at the page.
fn tell_transfers(
    app: &AppHandle,
    tray: &mut Tray,
    vault: &Vault,
    report: &TransferReport,
) -> tauri::Result<()> {
    let is_wanted = vault.status().notifications;
    let (changed, summary) = (&report.changed, &report.summary);
    app.state::<Notifications>()
        .see(app, is_wanted, changed, summary);
    tray.see_transfers(summary);
    TransfersChanged {
        changed: changed.iter().map(TransferView::from).collect(),
        removed: report.removed.iter().map(|id| id.0.to_string()).collect(),
        summary: shown_summary(summary),
    }
    .emit(app)
}

/// Who is locked out, or signed out, leaves no token on the clipboard, and no application's secret.
fn tell_status(app: &AppHandle, tray: &mut Tray, vault: &Vault) -> tauri::Result<()> {
    let status = vault.status();
    if language::speak(status.language.language()) {
        speak_anew(app, vault);
    }
    tray.see_status(&status);
    app.state::<Questions>().see(app, status.stage);
    if status.stage != Stage::SignedIn {
        app.state::<HeldSecrets>().clear();
        app.state::<ShownPictures>().clear();
        app.state::<ConsoleState>().clear();
        app.state::<Notifications>().forget();
    }
    if app.state::<Clipboard>().has_to_end(&status) {
        let app = app.clone();
        tauri::async_runtime::spawn(async move { clear_clipboard_now(&app).await });
    }
    AppChanged(AppView::from(&status)).emit(app)
}

/// What the page has heard in another language it is told again.
fn speak_anew(app: &AppHandle, vault: &Vault) {
    let Ok((items, summary)) = vault.transfers() else {
        return;
    };
    let all = TransfersView::new(&items, &summary);
    let told = TransfersChanged {
        changed: all.items,
        removed: Vec::new(),
        summary: all.summary,
    };
    // A page that is not there any more need not know.
    let _ = told.emit(app);
}

/// Events were missed: tells the whole state instead.
fn catch_up(app: &AppHandle, tray: &mut Tray, vault: &Vault) -> tauri::Result<()> {
    tell_status(app, tray, vault)?;
    FilesChanged.emit(app)?;
    ActivityChanged.emit(app)?;
    if let Ok((items, summary)) = vault.transfers() {
        let is_wanted = vault.status().notifications;
        app.state::<Notifications>()
            .see(app, is_wanted, &items, &summary);
        tray.see_transfers(&summary);
        let all = TransfersView::new(&items, &summary);
        TransfersChanged {
            changed: all.items,
            removed: Vec::new(),
            summary: all.summary,
        }
        .emit(app)?;
    }
    Ok(())
}

impl From<VaultKeyProgress> for KeyStepView {
    fn from(progress: VaultKeyProgress) -> Self {
        match progress {
            VaultKeyProgress::Making(KeyStep::Engine) => Self::Engine,
            VaultKeyProgress::Making(KeyStep::Application) => Self::Application,
            VaultKeyProgress::Making(_) => Self::Recovery,
            VaultKeyProgress::Saving => Self::Saving,
            VaultKeyProgress::Registering => Self::Registering,
        }
    }
}
