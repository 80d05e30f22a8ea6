//! How a question is shown: a dialog of the system that keys and clicks meant for the page do not agree to. The page knows when the
//! user is about to press a key, and decides when the dialog comes up.

use std::time::Duration;

use tauri::{AppHandle, WebviewWindow};
use tokio::sync::oneshot;

use crate::consent::Question;

/// So long after it came up a question cannot be agreed to: about what it takes to see that it is there.
const TOO_SOON: Duration = Duration::from_secs(1);

/// Asks before something is done; closing the dialog declines.
#[cfg(target_os = "linux")]
pub(crate) async fn agrees(window: &WebviewWindow, question: Question) -> bool {
    let (chosen, answer) = oneshot::channel();
    let parent = window.clone();
    let shown = window.run_on_main_thread(move || gtk_dialog::show(&parent, &question, chosen));
    shown.is_ok() && answer.await.unwrap_or(false)
}

/// Elsewhere the dialogs that can be had agree by Return: what is agreed to too soon was meant for the page, and is asked again.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn agrees(window: &WebviewWindow, question: Question) -> bool {
    use tauri_plugin_dialog::{DialogExt as _, MessageDialogButtons, MessageDialogKind};

    loop {
        let (chosen, answer) = oneshot::channel();
        let shown_at = std::time::Instant::now();
        window
            .dialog()
            .message(&question.message)
            .title(question.title)
            .kind(MessageDialogKind::Warning)
            .buttons(MessageDialogButtons::OkCancelCustom(
                question.agree.to_owned(),
                "Cancel".to_owned(),
            ))
            .parent(window)
            .show(move |agrees| {
                // Who asked may be gone by now.
                let _ = chosen.send(agrees);
            });
        if !answer.await.unwrap_or(false) {
            return false;
        }
        if shown_at.elapsed() >= TOO_SOON {
            return true;
        }
    }
}

/// Closes every dialog, which declines what it asks. Elsewhere than on Linux they cannot be reached; what they answer counts no more.
pub(crate) fn close_all(app: &AppHandle) {
    #[cfg(target_os = "linux")]
    if let Err(error) = app.run_on_main_thread(gtk_dialog::close_all) {
        tracing::warn!(%error, "the dialogs stay");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = app;
}

#[cfg(target_os = "linux")]
mod gtk_dialog {
    use std::cell::Cell;

    use gtk::glib;
    use gtk::prelude::*;
    use gtk::{ButtonsType, DialogFlags, Label, MessageDialog, MessageType, ResponseType};
    use tauri::WebviewWindow;
    use tokio::sync::oneshot::Sender;

    use super::{Question, TOO_SOON};

    /// Characters of a line.
    const WIDEST: i32 = 72;

    /// Return and the space bar press "Cancel", which has the keyboard. What agrees has its first letter for a key, with Alt.
    pub(super) fn show(window: &WebviewWindow, question: &Question, chosen: Sender<bool>) {
        let parent = window.gtk_window().ok();
        let dialog = MessageDialog::new(
            parent.as_ref(),
            DialogFlags::MODAL | DialogFlags::DESTROY_WITH_PARENT,
            MessageType::Warning,
            ButtonsType::None,
            question.title,
        );
        dialog.set_title(question.title);
        dialog.set_secondary_text(Some(&question.message));
        make_readable(&dialog);
        let agree = dialog.add_button(&format!("_{}", question.agree), ResponseType::Accept);
        let cancel = dialog.add_button("Cancel", ResponseType::Cancel);
        dialog.set_default_response(ResponseType::Cancel);
        agree.set_sensitive(false);
        let chosen = Cell::new(Some(chosen));
        dialog.connect_response(move |dialog, response| {
            if let Some(chosen) = chosen.take() {
                // Who asked may be gone by now.
                let _ = chosen.send(response == ResponseType::Accept);
                dialog.close();
            }
        });
        dialog.show_all();
        cancel.grab_focus();
        let agree = agree.downgrade();
        glib::timeout_add_local_once(TOO_SOON, move || {
            if let Some(agree) = agree.upgrade() {
                agree.set_sensitive(true);
            }
        });
    }

    /// Questions, and the system's own for files.
    pub(super) fn close_all() {
        for window in gtk::Window::list_toplevels() {
            if let Ok(dialog) = window.downcast::<gtk::Dialog>() {
                dialog.close();
            }
        }
    }

    /// Keys and addresses are compared with others: all of them is on the screen, however long they are.
    fn make_readable(dialog: &MessageDialog) {
        let area = dialog.message_area().downcast::<gtk::Container>();
        for child in area.map(|area| area.children()).unwrap_or_default() {
            if let Ok(label) = child.downcast::<Label>() {
                label.set_selectable(true);
                label.set_line_wrap(true);
                label.set_line_wrap_mode(gtk::pango::WrapMode::WordChar);
                label.set_max_width_chars(WIDEST);
            }
        }
    }
}
