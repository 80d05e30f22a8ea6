//! Files dropped on the window. The system hands the paths to Rust; the page hears only how many there are.

use std::path::PathBuf;

use parking_lot::Mutex;
use tauri::{AppHandle, DragDropEvent, Manager as _, Window};
use tauri_specta::Event as _;

use crate::drag_out::OwnDrag;
use crate::events::{DropChanged, Notice};
use crate::vault_handle::VaultHandle;
use crate::view::ErrorView;

/// The context that dropped files are stored under.
#[derive(Default)]
pub(crate) struct DropContext(Mutex<String>);

impl DropContext {
    pub(crate) fn set(&self, context: String) {
        *self.0.lock() = context;
    }

    pub(crate) fn get(&self) -> String {
        self.0.lock().clone()
    }
}

/// Follows a drag over the window and takes what is dropped.
pub(crate) fn on_drag_drop(window: &Window, event: &DragDropEvent) {
    let app = window.app_handle();
    match event {
        DragDropEvent::Enter { paths, .. } if is_own(app, paths) => {}
        DragDropEvent::Drop { paths, .. } if is_own(app, paths) => {}
        DragDropEvent::Enter { paths, .. } => emit(app, true, paths.len()),
        DragDropEvent::Leave => emit(app, false, 0),
        DragDropEvent::Drop { paths, .. } => {
            emit(app, false, 0);
            store(app.clone(), paths.clone());
        }
        _ => {}
    }
}

/// Whether files come back that were dragged out of this window, or that lie where it makes copies for others: what is
/// stored is not stored once more.
fn is_own(app: &AppHandle, paths: &[PathBuf]) -> bool {
    let dragged = app.state::<OwnDrag>();
    let vault = app.state::<VaultHandle>().vault_if_open();
    let is_copy = |path: &PathBuf| vault.as_ref().is_some_and(|vault| vault.is_copy(path));
    let is_own = |path: &PathBuf| dragged.has(path) || is_copy(path);
    !paths.is_empty() && paths.iter().all(is_own)
}

fn emit(app: &AppHandle, over: bool, count: usize) {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    // A page that is not there yet has no overlay to show.
    let _ = DropChanged { over, count }.emit(app);
}

fn store(app: AppHandle, paths: Vec<PathBuf>) {
    tauri::async_runtime::spawn(async move {
        let context = app.state::<DropContext>().get();
        let vault_handle = app.state::<VaultHandle>();
        let stored = match vault_handle.vault().await {
            Ok(vault) => match vault.store_dropped(paths, &context).await {
                Ok(_) => Ok(()),
                Err(error) => Err(ErrorView::from(&error)),
            },
            Err(error) => Err(error),
        };
        if let Err(error) = stored {
            let _ = Notice::error(error).emit(&app);
        }
    });
}
