//! Native dialogs. The page asks for one and learns how many files were chosen, never which paths.

use std::path::PathBuf;

use tauri::{Manager as _, Runtime, WebviewWindow, Window};
use tauri_plugin_dialog::{
    DialogExt as _, FileDialogBuilder, FilePath, MessageDialogButtons, MessageDialogKind,
};
use tokio::sync::oneshot;

use crate::consent::{Asked, Question, Questions};
use crate::language::text;
use crate::network::NetworkFile;
use crate::view::ErrorView;

/// What was chosen, or why there is no dialog now.
type Answer<T> = Result<T, ErrorView>;

/// Files to be stored.
pub(crate) async fn pick_files<R: Runtime>(window: &WebviewWindow<R>) -> Answer<Vec<PathBuf>> {
    let chosen = asked(window, |chosen| {
        dialog(window, "dialog.add_files").pick_files(move |paths| drop(chosen.send(paths)));
    });
    Ok(paths(chosen.await?.unwrap_or_default()))
}

/// A folder whose files are to be stored.
pub(crate) async fn pick_folder<R: Runtime>(window: &WebviewWindow<R>) -> Answer<Option<PathBuf>> {
    folder(window, "dialog.add_folder").await
}

/// A file for the network settings.
pub(crate) async fn pick_network_file<R: Runtime>(
    window: &WebviewWindow<R>,
    file: NetworkFile,
) -> Answer<Option<PathBuf>> {
    let title = match file {
        NetworkFile::Ca => "dialog.trusted",
        NetworkFile::ClientCertificate => "dialog.certificate",
        NetworkFile::ClientKey => "dialog.certificate_key",
    };
    let chosen = asked(window, |chosen| {
        dialog(window, title)
            .add_filter("PEM", &["pem", "crt", "cer", "key"])
            .add_filter(text("filter.all"), &["*"])
            .pick_file(move |path| drop(chosen.send(path)));
    });
    Ok(path(chosen.await?))
}

/// Where the recovery kit goes.
pub(crate) async fn kit_folder<R: Runtime>(window: &WebviewWindow<R>) -> Answer<Option<PathBuf>> {
    folder(window, "dialog.kit_folder").await
}

/// A recovery kit: a file of it, or a picture of its code.
pub(crate) async fn pick_kit<R: Runtime>(window: &WebviewWindow<R>) -> Answer<Option<PathBuf>> {
    let chosen = asked(window, |chosen| {
        dialog(window, "dialog.kit")
            .add_filter(text("filter.kit"), &["html", "txt", "png", "jpg", "jpeg"])
            .add_filter(text("filter.all"), &["*"])
            .pick_file(move |path| drop(chosen.send(path)));
    });
    Ok(path(chosen.await?))
}

/// A folder to save into.
pub(crate) async fn save_folder<R: Runtime>(window: &WebviewWindow<R>) -> Answer<Option<PathBuf>> {
    folder(window, "dialog.save_folder").await
}

/// Where to save one file, a key, or receipts, as the title of this key says. The dialog itself asks before an existing
/// file is chosen.
pub(crate) async fn save_as<R: Runtime>(
    window: &WebviewWindow<R>,
    title: &str,
    name: &str,
) -> Answer<Option<PathBuf>> {
    let chosen = asked(window, |chosen| {
        dialog(window, title)
            .set_file_name(name)
            .save_file(move |path| drop(chosen.send(path)));
    });
    Ok(path(chosen.await?))
}

/// Asks once before transfers are stopped by closing the window.
pub(crate) fn ask_to_close(window: &Window, running: usize) {
    let closing = window.clone();
    let question = Question::close(running);
    window
        .app_handle()
        .dialog()
        .message(question.message)
        .title(question.title)
        .kind(MessageDialogKind::Warning)
        .buttons(MessageDialogButtons::OkCancelCustom(
            question.agree,
            text("button.keep_open"),
        ))
        .parent(window)
        .show(move |close| {
            if close && let Err(error) = closing.destroy() {
                tracing::warn!(%error, "the window does not close");
            }
        });
}

async fn folder<R: Runtime>(window: &WebviewWindow<R>, title: &str) -> Answer<Option<PathBuf>> {
    let mut dialog = dialog(window, title);
    // Among recently used files, where it would begin, there is no folder to choose.
    let folders = window.path();
    if let Ok(begin) = folders.document_dir().or_else(|_| folders.home_dir()) {
        dialog = dialog.set_directory(begin);
    }
    let chosen = asked(window, |chosen| {
        dialog.pick_folder(move |path| drop(chosen.send(path)));
    });
    Ok(path(chosen.await?))
}

/// What was chosen in a dialog. One that is answered after the session has ended chooses nothing, as if it had been
/// closed.
///
/// # Errors
/// When there is to be no dialog now.
async fn asked<R: Runtime, T>(
    window: &WebviewWindow<R>,
    show: impl FnOnce(oneshot::Sender<Option<T>>),
) -> Answer<Option<T>> {
    let questions = window.state::<Questions>();
    let asking = questions.begin(Asked::Files)?;
    let (chosen, answer) = oneshot::channel();
    show(chosen);
    let chosen = answer.await.ok().flatten();
    Ok(chosen.filter(|_| asking.agreed()))
}

fn path(chosen: Option<FilePath>) -> Option<PathBuf> {
    chosen?.into_path().ok()
}

/// A dialog whose title has this key.
fn dialog<R: Runtime>(window: &WebviewWindow<R>, title: &str) -> FileDialogBuilder<R> {
    let dialog = window.dialog().file().set_parent(window);
    dialog.set_title(text(title))
}

fn paths(chosen: Vec<FilePath>) -> Vec<PathBuf> {
    chosen
        .into_iter()
        .filter_map(|path| path.into_path().ok())
        .collect()
}
