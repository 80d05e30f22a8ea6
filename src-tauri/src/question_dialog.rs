//! How a question is shown: a dialog of the system that keys and clicks meant for the page do not agree to. The page
//! knows when the user is about to press a key, and decides when the dialog comes up.

use tauri::WebviewWindow;
use tokio::sync::oneshot;

use crate::consent::question::Question;
#[cfg(not(target_os = "linux"))]
use crate::language;

#[cfg(not(target_os = "linux"))]
use crate::quiet::QUIET;

/// Asks before something is done; closing the dialog declines.
#[cfg(target_os = "linux")]
pub(crate) async fn agrees(window: &WebviewWindow, question: Question) -> bool {
    let (chosen, answer) = oneshot::channel();
    let parent = window.clone();
    let shown = window.run_on_main_thread(move || gtk_dialog::show(&parent, &question, chosen));
    shown.is_ok() && answer.await.unwrap_or(false)
}

/// Elsewhere the dialogs that can be had agree by Return: what is agreed to too soon was meant for the page, and is
/// asked again.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn agrees(window: &WebviewWindow, question: Question) -> bool {
    use tauri_plugin_dialog::{DialogExt as _, MessageDialogButtons, MessageDialogKind};

    loop {
        let (chosen, answer) = oneshot::channel();
        let shown_at = std::time::Instant::now();
        window
            .dialog()
            .message(&question.message)
            .title(&question.title)
            .kind(MessageDialogKind::Warning)
            .buttons(MessageDialogButtons::OkCancelCustom(
                question.agree.clone(),
                language::text("button.cancel"),
            ))
            .parent(window)
            .show(move |agrees| {
                // Who asked may be gone by now.
                let _ = chosen.send(agrees);
            });
        if !answer.await.unwrap_or(false) {
            return false;
        }
        if shown_at.elapsed() >= QUIET {
            return true;
        }
    }
}

#[cfg(target_os = "linux")]
mod gtk_dialog {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;
    use std::time::Instant;

    use gtk::glib;
    use gtk::prelude::*;
    use gtk::{
        Button, ButtonsType, DialogFlags, GestureMultiPress, Label, MessageDialog, MessageType,
        PropagationPhase, ResponseType,
    };
    use tauri::WebviewWindow;
    use tokio::sync::oneshot::Sender;

    use super::Question;
    use crate::language;
    use crate::quiet::{QUIET, Quiet};

    /// Characters of a line.
    const WIDEST: i32 = 72;

    /// Return and the space bar press "Cancel", which has the keyboard. What agrees has its first letter for a key,
    /// with Alt.
    pub(super) fn show(window: &WebviewWindow, question: &Question, chosen: Sender<bool>) {
        let parent = window.gtk_window().ok();
        let dialog = MessageDialog::new(
            parent.as_ref(),
            DialogFlags::MODAL | DialogFlags::DESTROY_WITH_PARENT,
            MessageType::Warning,
            ButtonsType::None,
            &question.title,
        );
        dialog.set_title(&question.title);
        dialog.set_secondary_text(Some(&question.message));
        make_readable(&dialog);
        let agree = dialog.add_button(&format!("_{}", question.agree), ResponseType::Accept);
        let cancel = dialog.add_button(&language::text("button.cancel"), ResponseType::Cancel);
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
        let quiet = Rc::new(RefCell::new(Quiet::new(Instant::now())));
        watch_input(&dialog, &quiet);
        dialog.show_all();
        cancel.grab_focus();
        if let Ok(agree) = agree.downcast::<Button>() {
            enable_when_quiet(&agree, quiet, QUIET);
        }
    }

    /// Has every key and click in the dialog begin the wait anew, also those on a button that cannot be pressed yet.
    fn watch_input(dialog: &MessageDialog, quiet: &Rc<RefCell<Quiet>>) {
        let disturbs = || {
            let quiet = Rc::clone(quiet);
            move || quiet.borrow_mut().disturb(Instant::now())
        };
        let (pressed, released) = (disturbs(), disturbs());
        dialog.connect_key_press_event(move |_, _| {
            pressed();
            glib::Propagation::Proceed
        });
        dialog.connect_key_release_event(move |_, _| {
            released();
            glib::Propagation::Proceed
        });
        let clicks = GestureMultiPress::new(dialog);
        clicks.set_button(0);
        clicks.set_propagation_phase(PropagationPhase::Capture);
        let (pressed, released) = (disturbs(), disturbs());
        clicks.connect_pressed(move |_, _, _, _| pressed());
        clicks.connect_released(move |_, _, _, _| released());
        // The dialog does not keep it.
        dialog.connect_destroy(move |_| clicks.reset());
    }

    /// Looks after what was pressed so far has been dealt with, however busy the program was.
    fn enable_when_quiet(agree: &Button, quiet: Rc<RefCell<Quiet>>, left: std::time::Duration) {
        let button = agree.downgrade();
        let look = move || {
            let Some(agree) = button.upgrade() else {
                return;
            };
            let left = quiet.borrow_mut().left(Instant::now());
            match left {
                Some(left) => enable_when_quiet(&agree, Rc::clone(&quiet), left),
                None => agree.set_sensitive(true),
            }
        };
        let mut look = Some(look);
        glib::timeout_add_local_full(left, glib::Priority::DEFAULT_IDLE, move || {
            if let Some(look) = look.take() {
                look();
            }
            glib::ControlFlow::Break
        });
    }

    /// Keys and addresses are compared with others: all of them is on the screen, however long they are, and with no
    /// hyphen that is not theirs.
    fn make_readable(dialog: &MessageDialog) {
        let area = dialog.message_area().downcast::<gtk::Container>();
        for child in area.map(|area| area.children()).unwrap_or_default() {
            if let Ok(label) = child.downcast::<Label>() {
                label.set_selectable(true);
                label.set_line_wrap(true);
                label.set_line_wrap_mode(gtk::pango::WrapMode::WordChar);
                label.set_max_width_chars(WIDEST);
                let text = glib::markup_escape_text(&label.text());
                label.set_markup(&format!("<span insert_hyphens=\"false\">{text}</span>"));
            }
        }
    }
}
