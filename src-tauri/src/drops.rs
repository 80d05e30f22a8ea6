//! Files dropped on the window. The system hands the paths to Rust; the page hears how many there are, and where the
//! pointer is.

use std::path::PathBuf;

use parking_lot::Mutex;
use privicore_vault::FolderKey;
use tauri::{AppHandle, DragDropEvent, Manager as _, PhysicalPosition, Window};
use tauri_specta::Event as _;

use crate::drag_out::OwnDrags;
use crate::events::{DropChanged, Notice, RowsDropped};
use crate::storing::storing;
use crate::vault_handle::VaultHandle;
use crate::view::ErrorView;

/// The pointer has to move so far before the page hears of it again.
const STEP: f64 = 4.0;

/// Under which label and in which folder dropped files are stored.
#[derive(Clone, Debug, Default)]
pub(crate) struct DropTarget {
    pub context: String,
    pub folder: FolderKey,
}

/// What is dragged over the window, and what becomes of it.
#[derive(Default)]
pub(crate) struct Drops {
    target: Mutex<DropTarget>,
    dragged: Mutex<Option<Dragged>>,
}

#[derive(Clone, Copy, Debug)]
struct Dragged {
    files: u32,
    folders: u32,
    own: bool,
    at: (f64, f64),
}

impl Drops {
    pub(crate) fn set(&self, target: DropTarget) {
        *self.target.lock() = target;
    }

    pub(crate) fn target(&self) -> DropTarget {
        self.target.lock().clone()
    }

    /// Something is dragged over another place; answers what the page is to hear of it.
    fn moved(&self, at: (f64, f64)) -> Option<DropChanged> {
        let mut dragged = self.dragged.lock();
        let dragged = dragged.as_mut()?;
        let (x, y) = (at.0 - dragged.at.0, at.1 - dragged.at.1);
        if x.hypot(y) < STEP {
            return None;
        }
        dragged.at = at;
        Some(DropChanged::from(*dragged))
    }
}

impl From<Dragged> for DropChanged {
    fn from(dragged: Dragged) -> Self {
        Self {
            over: true,
            count: dragged.files.saturating_add(dragged.folders),
            folders: dragged.folders,
            own: dragged.own,
            x: dragged.at.0,
            y: dragged.at.1,
        }
    }
}

/// Follows a drag over the window and takes what is dropped.
pub(crate) fn on_drag_drop(window: &Window, event: &DragDropEvent) {
    let app = window.app_handle();
    let drops = window.state::<Drops>();
    match event {
        DragDropEvent::Drop { paths, .. } if is_own(app, paths) => {
            let are_rows = drops.dragged.lock().is_some_and(|dragged| dragged.own);
            if are_rows {
                // The page knows which rows they are, and the folder under the pointer.
                let _ = RowsDropped.emit(app);
            }
            ended(app, &drops);
            app.state::<OwnDrags>().dropped_here(paths);
        }
        // A copy that another program has, and not a row that is dragged now.
        DragDropEvent::Enter { paths, .. } if is_own(app, paths) && !is_in_air(app, paths) => {}
        DragDropEvent::Enter { paths, position } => {
            let own = is_in_air(app, paths);
            // Only names are looked at here, and what they stand for: nothing is opened. Own files need not be there
            // yet.
            let folders = paths.iter().filter(|path| !own && path.is_dir()).count();
            let dragged = Dragged {
                files: as_u32(paths.len() - folders),
                folders: as_u32(folders),
                own,
                at: in_page(window, *position),
            };
            *drops.dragged.lock() = Some(dragged);
            emit(app, dragged.into());
        }
        DragDropEvent::Over { position } => {
            if let Some(moved) = drops.moved(in_page(window, *position)) {
                emit(app, moved);
            }
        }
        DragDropEvent::Leave => ended(app, &drops),
        DragDropEvent::Drop { paths, .. } => {
            ended(app, &drops);
            store(app.clone(), paths.clone());
        }
        _ => {}
    }
}

/// Whether files come back that were dragged out of this window, or that lie where it makes copies for others: what is
/// stored is not stored once more.
fn is_own(app: &AppHandle, paths: &[PathBuf]) -> bool {
    let dragged = app.state::<OwnDrags>();
    let vault = app.state::<VaultHandle>().vault_if_open();
    let is_copy = |path: &PathBuf| vault.as_ref().is_some_and(|vault| vault.is_copy(path));
    let is_own = |path: &PathBuf| dragged.has(path) || is_copy(path);
    !paths.is_empty() && paths.iter().all(is_own)
}

/// Whether these are the rows that are being dragged out of this window.
fn is_in_air(app: &AppHandle, paths: &[PathBuf]) -> bool {
    let dragged = app.state::<OwnDrags>();
    !paths.is_empty() && paths.iter().all(|path| dragged.has_in_air(path))
}

/// Where in the page that is. Windows counts the pixels of the screen, the others those of the page.
fn in_page(window: &Window, position: PhysicalPosition<f64>) -> (f64, f64) {
    let scale = if cfg!(windows) {
        window.scale_factor().unwrap_or(1.0)
    } else {
        1.0
    };
    (position.x / scale, position.y / scale)
}

fn ended(app: &AppHandle, drops: &Drops) {
    *drops.dragged.lock() = None;
    emit(app, DropChanged::default());
}

fn emit(app: &AppHandle, changed: DropChanged) {
    // A page that is not there yet has no overlay to show.
    let _ = changed.emit(app);
}

fn as_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn store(app: AppHandle, paths: Vec<PathBuf>) {
    tauri::async_runtime::spawn(async move {
        let DropTarget { context, folder } = app.state::<Drops>().target();
        let vault_handle = app.state::<VaultHandle>();
        let stored = async {
            let vault = vault_handle.vault().await?;
            let storing = storing(&vault, &context, folder)?;
            vault.store_dropped(paths, storing).await?;
            Ok::<(), ErrorView>(())
        };
        if let Err(error) = stored.await {
            let _ = Notice::error(error).emit(&app);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_hears_of_a_drag_that_moves_and_of_nothing_when_none_is_there() {
        let drops = Drops::default();
        assert!(drops.moved((50.0, 50.0)).is_none());
        *drops.dragged.lock() = Some(Dragged {
            files: 3,
            folders: 1,
            own: false,
            at: (10.0, 10.0),
        });
        assert!(drops.moved((11.0, 12.0)).is_none());
        let moved = drops.moved((10.0, 20.0)).unwrap();
        assert_eq!((moved.count, moved.folders), (4, 1));
        assert!(drops.moved((10.0, 21.0)).is_none());
    }
}
