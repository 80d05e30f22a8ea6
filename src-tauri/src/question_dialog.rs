//! How a question is shown: a dialog of the system that keys and clicks meant for the page do not agree to. The page knows when the
//! user is about to press a key, and decides when the dialog comes up.

use std::time::Duration;

use tauri::WebviewWindow;
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

#[cfg(target_os = "linux")]
mod gtk_dialog {
    use std::cell::Cell;

    use gtk::glib;
    use gtk::prelude::*;
    use gtk::{ButtonsType, DialogFlags, Label, MessageDialog, MessageType, ResponseType};
    use tauri::WebviewWindow;
    use tokio::sync::oneshot::Sender;

    use super::{Question, TOO_SOON};

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
        make_selectable(&dialog);
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

    /// Keys and addresses are compared with others.
    fn make_selectable(dialog: &MessageDialog) {
        let area = dialog.message_area().downcast::<gtk::Container>();
        for child in area.map(|area| area.children()).unwrap_or_default() {
            if let Ok(label) = child.downcast::<Label>() {
                label.set_selectable(true);
            }
        }
    }
}
