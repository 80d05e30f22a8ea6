//! What is over the window when nobody is signed in any more: dialogs, menus and tooltips can show names, and are shown
//! over the lock screen.

use tauri::{AppHandle, WebviewWindow};

/// Watches the web view: what is pressed in it, and that it shows no tooltip while it may not show names. Answers
/// whether it can be watched, which is so on Linux only.
pub(crate) fn watch(
    window: &WebviewWindow,
    may_show_names: fn(&AppHandle) -> bool,
    saw_input: fn(&AppHandle),
) -> bool {
    #[cfg(target_os = "linux")]
    {
        let watched = on_gtk::watch(window, may_show_names, saw_input);
        if let Err(error) = &watched {
            tracing::warn!(%error, "the web view is not watched");
        }
        watched.is_ok()
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (window, may_show_names, saw_input);
        false
    }
}

/// Closes everything but the window itself. Dialogs are declined by that. Elsewhere than on Linux they cannot be
/// reached; what they answer counts no more.
pub(crate) fn close_all(app: &AppHandle) {
    #[cfg(target_os = "linux")]
    if let Err(error) = app.run_on_main_thread(on_gtk::close_all) {
        tracing::warn!(%error, "the dialogs stay");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = app;
}

#[cfg(target_os = "linux")]
mod on_gtk {
    use gtk::prelude::*;
    use gtk::{gdk, glib};
    use tauri::{AppHandle, Manager as _, WebviewWindow};

    /// What becomes of a window of the program when nobody is signed in any more.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(super) enum AtLock {
        /// The app's own window, which shows the lock screen.
        Stays,
        /// A dialog: closing it declines.
        Closes,
        /// A menu, the list of a field, a tooltip, what is dragged.
        Hides,
    }

    pub(super) fn at_lock(window: &gtk::Window) -> AtLock {
        if window.is::<gtk::ApplicationWindow>() {
            AtLock::Stays
        } else if window.window_type() == gtk::WindowType::Popup {
            AtLock::Hides
        } else {
            AtLock::Closes
        }
    }

    pub(super) fn close_all() {
        for window in gtk::Window::list_toplevels() {
            let Ok(window) = window.downcast::<gtk::Window>() else {
                continue;
            };
            match at_lock(&window) {
                AtLock::Stays => {}
                AtLock::Closes => window.close(),
                AtLock::Hides => hide(&window),
            }
        }
        // The web view is asked for its tooltip once more, and has none now.
        if let Some(display) = gdk::Display::default() {
            gtk::Tooltip::trigger_tooltip_query(&display);
        }
    }

    fn hide(popup: &gtk::Window) {
        if let Some(menu) = popup
            .child()
            .and_then(|child| child.downcast::<gtk::Menu>().ok())
        {
            menu.cancel();
        }
        for widget in popup.child().iter().chain([popup.upcast_ref()]) {
            if widget.has_grab() {
                widget.grab_remove();
            }
        }
        popup.hide();
    }

    pub(super) fn watch(
        window: &WebviewWindow,
        may_show_names: fn(&AppHandle) -> bool,
        saw_input: fn(&AppHandle),
    ) -> tauri::Result<()> {
        let app = window.app_handle().clone();
        window.with_webview(move |view| {
            let view = view.inner();
            let asking = app.clone();
            view.connect_query_tooltip(move |view, _, _, _, _| {
                if !may_show_names(&asking) {
                    // Its own handler would answer with the name of the file under the mouse.
                    glib::signal::signal_stop_emission_by_name(view, "query-tooltip");
                }
                false
            });
            let pressed = app.clone();
            view.connect_button_press_event(move |_, _| {
                saw_input(&pressed);
                glib::Propagation::Proceed
            });
            view.connect_key_press_event(move |_, _| {
                saw_input(&app);
                glib::Propagation::Proceed
            });
        })
    }
}
