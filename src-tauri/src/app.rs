//! The window's life: open, show, close in good order.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Parser as _;
use privicore_vault::{KeyCost, KeyringUse, Language, Options, RetryPolicy};
use tauri::webview::PageLoadEvent;
use tauri::{App, AppHandle, Listener as _, Manager as _, RunEvent, Window, WindowEvent};
use tauri_specta::Event as _;

use crate::arguments::Arguments;
use crate::clipboard::Clipboard;
use crate::commands::connection::TestedAddresses;
use crate::commands::recovery::ChosenKit;
use crate::consent::Questions;
use crate::console_state::ConsoleState;
use crate::drag_out::OwnDrags;
use crate::drops::{self, Drops};
use crate::events::AppChanged;
use crate::handed::{self, Handed};
use crate::held_secrets::HeldSecrets;
use crate::network::ChosenFiles;
use crate::notifications::Notifications;
use crate::shown_pictures::{self, ShownPictures};
use crate::unasked::Unasked;
use crate::vault_handle::VaultHandle;
use crate::{bindings, confinement, dialogs, events, gate, language, toplevels, window_place};

/// Opens the window and serves it until it is closed.
///
/// # Errors
/// When there is no display or no web view.
pub(crate) fn run(arguments: Arguments) -> tauri::Result<()> {
    let handed = arguments.files(&std::env::current_dir().unwrap_or_default());
    let data_dir = arguments.data_dir();
    // The web view would make it first, open to everybody. What fails here fails again when the vault is opened, and is
    // told then.
    if data_dir.is_absolute()
        && let Err(error) = privicore_vault::make_data_dir(&data_dir)
    {
        tracing::warn!(%error, "the app's folder was not made");
    }
    language::speak(Language::of_system());
    let builder = bindings::builder();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(
            |app, started_with, folder| {
                // What cannot be understood was refused by the program that was started.
                let again = Arguments::try_parse_from(started_with);
                let files = again.map(|again| again.files(folder.as_ref()));
                handed::take_over(app, files.unwrap_or_default());
            },
        ))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(window_place::remembering())
        .manage(VaultHandle::default())
        .manage(Drops::default())
        .manage(Handed::default())
        .manage(OwnDrags::default())
        .manage(ChosenKit::default())
        .manage(HeldSecrets::default())
        .manage(ChosenFiles::default())
        .manage(ConsoleState::default())
        .manage(Questions::default())
        .manage(TestedAddresses::default())
        .manage(Unasked::default())
        .manage(Clipboard::default())
        .manage(ShownPictures::default())
        .manage(Notifications::default())
        .register_uri_scheme_protocol(shown_pictures::SCHEME, shown_pictures::serve)
        .invoke_handler(gate::guarded(builder.invoke_handler()))
        .on_window_event(on_window_event)
        .on_page_load(|webview, load| {
            // Only then does the window manager's answer say where it is.
            if load.event() == PageLoadEvent::Finished
                && let Err(error) = window_place::bring_into_sight(&webview.window())
            {
                tracing::warn!(%error, "the window stays where it is");
            }
        })
        .setup(move |app| {
            builder.mount_events(app);
            tauri::async_runtime::spawn(privicore_vault::end_at_signal());
            #[cfg(target_os = "linux")]
            crate::recently_used::spare();
            let window = confinement::open_window(app)?;
            let is_input_seen = toplevels::watch(
                &window,
                |app| app.state::<Questions>().may_show_names(),
                |app| app.state::<Questions>().saw_input(),
            );
            if is_input_seen {
                app.state::<Questions>().input_is_seen();
            }
            let asking = app.handle().clone();
            app.listen(AppChanged::NAME, move |_| handed::offer(&asking));
            open_vault(app, data_dir);
            handed::take_over(app.handle(), handed);
            Ok(())
        })
        .build(tauri::generate_context!())?;
    let closing = AtomicBool::new(false);
    app.run(move |app, event| {
        if let RunEvent::ExitRequested { api, .. } = event
            && !closing.swap(true, Ordering::SeqCst)
        {
            api.prevent_exit();
            close_vault(app.clone());
        }
    });
    Ok(())
}

/// Opens the vault beside the window, so that the window is there at once.
fn open_vault(app: &App, data_dir: PathBuf) {
    let app = app.handle().clone();
    tauri::async_runtime::spawn(async move {
        let options = Options {
            data_dir,
            keyring: KeyringUse::System,
            retry_policy: RetryPolicy::UntilDone,
            key_cost: KeyCost::from_environment(),
        };
        app.state::<VaultHandle>().open(options).await;
    });
}

fn close_vault(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        events::clear_clipboard_now(&app).await;
        if let Some(vault) = app.state::<VaultHandle>().vault_if_open() {
            vault.shut_down().await;
        }
        app.exit(0);
    });
}

fn on_window_event(window: &Window, event: &WindowEvent) {
    match event {
        WindowEvent::DragDrop(drop) => drops::on_drag_drop(window, drop),
        WindowEvent::CloseRequested { api, .. } => {
            let running = window.state::<VaultHandle>().running_transfers();
            if running > 0 {
                api.prevent_close();
                dialogs::ask_to_close(window, running);
            }
        }
        _ => {}
    }
}
