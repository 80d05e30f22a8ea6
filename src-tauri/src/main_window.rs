//! The window.

use tauri::{AppHandle, Manager as _, WebviewWindow};

/// Nothing once it is closed.
pub(crate) fn of(app: &AppHandle) -> Option<WebviewWindow> {
    app.get_webview_window("main")
}

/// Brings the window to the front.
pub(crate) fn show(app: &AppHandle) {
    if let Some(window) = of(app) {
        // A window that cannot be raised is still there.
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

/// Closes the window as its own button does, so that the same is asked before.
pub(crate) fn ask_to_quit(app: &AppHandle) {
    show(app);
    if let Some(window) = of(app)
        && let Err(error) = window.close()
    {
        tracing::warn!(%error, "the window does not close");
    }
}
