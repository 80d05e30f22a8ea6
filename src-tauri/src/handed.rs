//! Files that are handed over from outside: on the command line, by a second start, from a file manager's menu.

use std::collections::HashSet;
use std::path::PathBuf;

use parking_lot::Mutex;
use privicore_vault::{Code, FolderKey, Phrase, Stage};
use tauri::{AppHandle, Manager as _};
use tauri_specta::Event as _;

use crate::consent::Question;
use crate::drops::Drops;
use crate::events::Notice;
use crate::main_window::{self, show};
use crate::storing::storing;
use crate::vault_handle::VaultHandle;
use crate::view::ErrorView;

/// More than these are not held: whoever starts the program decides how many there are.
const HELD_AT_MOST: usize = 100_000;

/// Until the page has said under which label files are stored.
const LABEL: &str = "documents";

/// What waits for somebody who is signed in, and agrees.
#[derive(Default)]
pub(crate) struct Handed(Mutex<Vec<PathBuf>>);

impl Handed {
    /// All of them or none; answers whether they are held.
    fn add(&self, paths: Vec<PathBuf>) -> bool {
        let mut waiting = self.0.lock();
        if waiting.len() + paths.len() > HELD_AT_MOST {
            return false;
        }
        let known: HashSet<PathBuf> = waiting.iter().cloned().collect();
        waiting.extend(paths.into_iter().filter(|path| !known.contains(path)));
        true
    }

    fn take(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.0.lock())
    }
}

/// Shows the window, and asks about what was handed over as soon as somebody is signed in.
pub(crate) fn take_over(app: &AppHandle, paths: Vec<PathBuf>) {
    show(app);
    if !app.state::<Handed>().add(paths) {
        let refused = ErrorView::own(Code::NotAsked, Phrase::new("error.too_many_handed"));
        let _ = Notice::error(refused).emit(app);
    }
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
            if let Err(error) = Question::store(&paths, &label).ask(&window).await {
                if error.code == Code::NotAsked {
                    // Another dialog was open: they are asked about later.
                    app.state::<Handed>().add(paths);
                }
                return Err(error);
            }
            let storing = storing(&vault, &label, FolderKey::default())?;
            vault.store_with(paths, storing).await?;
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
    fn of_more_than_can_be_held_nothing_is_left_out_silently() {
        let handed = Handed::default();
        assert!(handed.add(vec!["/a".into()]));
        let many = (0..HELD_AT_MOST).map(|at| PathBuf::from(at.to_string()));
        assert!(!handed.add(many.collect()));
        assert_eq!(handed.take(), [PathBuf::from("/a")]);
    }
}
