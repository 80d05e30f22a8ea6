//! Files that are handed over from outside: on the command line, by a second start, from a file manager's menu.

use std::path::PathBuf;

use parking_lot::Mutex;
use privicore_vault::{FolderKey, Stage};
use tauri::{AppHandle, Manager as _};
use tauri_specta::Event as _;

use crate::consent::Question;
use crate::drops::Drops;
use crate::events::Notice;
use crate::main_window::{self, show};
use crate::storing::storing;
use crate::vault_handle::VaultHandle;
use crate::view::ErrorView;

/// More than these are not held while nobody is signed in: whoever starts the program decides how many there are.
const HELD_AT_MOST: usize = 1000;

/// Until the page has said under which label files are stored.
const LABEL: &str = "documents";

/// What waits for somebody who is signed in, and agrees.
#[derive(Default)]
pub(crate) struct Handed(Mutex<Vec<PathBuf>>);

impl Handed {
    fn add(&self, paths: Vec<PathBuf>) {
        let mut waiting = self.0.lock();
        for path in paths {
            if waiting.len() < HELD_AT_MOST && !waiting.contains(&path) {
                waiting.push(path);
            }
        }
    }

    fn take(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.0.lock())
    }
}

/// Shows the window, and asks about what was handed over as soon as somebody is signed in.
pub(crate) fn take_over(app: &AppHandle, paths: Vec<PathBuf>) {
    show(app);
    app.state::<Handed>().add(paths);
    offer(app);
}

/// Asks about what waits, if somebody is signed in.
pub(crate) fn offer(app: &AppHandle) {
    let vault = app.state::<VaultHandle>().vault_if_open();
    let Some(vault) = vault.filter(|vault| vault.status().stage == Stage::SignedIn) else {
        return;
    };
    let paths = app.state::<Handed>().take();
    if paths.is_empty() {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let stored = async {
            // Without a window nobody can be asked.
            let Some(window) = main_window::of(&app) else {
                return Ok(());
            };
            let mut label = app.state::<Drops>().target().context;
            if label.is_empty() {
                LABEL.clone_into(&mut label);
            }
            Question::store(&paths, &label).ask(&window).await?;
            let storing = storing(&vault, &label, FolderKey::default())?;
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
    fn what_is_handed_over_twice_is_asked_about_once_and_in_order() {
        let handed = Handed::default();
        handed.add(["/b", "/a"].map(PathBuf::from).to_vec());
        handed.add(["/a", "/c"].map(PathBuf::from).to_vec());
        assert_eq!(handed.take(), ["/b", "/a", "/c"].map(PathBuf::from));
        assert_eq!(handed.take(), Vec::<PathBuf>::new());
    }

    #[test]
    fn no_more_is_held_than_can_be_asked_about() {
        let handed = Handed::default();
        let many = (0..2 * HELD_AT_MOST).map(|at| PathBuf::from(at.to_string()));
        handed.add(many.collect());
        assert_eq!(handed.take().len(), HELD_AT_MOST);
    }
}
