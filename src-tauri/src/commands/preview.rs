//! Files that are looked at in the window.

use privicore_vault::{Error, FileError, FileId, PictureBounds, Preview, WorkError};
use tauri::{State, WebviewWindow};

use super::Answer;
use crate::consent::Question;
use crate::shown_pictures::ShownPictures;
use crate::vault_handle::VaultHandle;
use crate::view::{AppView, FilePreview};

/// Opens a file in memory and shows what it holds. `width` and `height` are the room for a picture, in pixels of the
/// screen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_file(
    vault_handle: State<'_, VaultHandle>,
    pictures: State<'_, ShownPictures>,
    id: String,
    width: u32,
    height: u32,
) -> Answer<FilePreview> {
    let turn = pictures.begin();
    let vault = vault_handle.vault().await?;
    let id = FileId::parse(&id).ok_or(Error::File(FileError::Unknown))?;
    let preview = vault.preview(id, PictureBounds { width, height }).await?;
    Ok(match preview {
        Preview::Hidden => FilePreview::Hidden,
        Preview::Picture(picture) => FilePreview::Picture {
            address: pictures
                .hold(&vault, turn, picture.png)
                .ok_or(Error::from(WorkError::Canceled))?,
            width: picture.width,
            height: picture.height,
        },
        Preview::Text(text) => FilePreview::Text {
            text: text.text.to_string(),
            is_whole: text.is_whole,
        },
        Preview::OtherKind => FilePreview::OtherKind,
        Preview::TooLarge => FilePreview::TooLarge,
        Preview::NotReadable => FilePreview::NotReadable,
    })
}

/// Ends what is being opened, and holds nothing to be shown.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_preview(
    vault_handle: State<'_, VaultHandle>,
    pictures: State<'_, ShownPictures>,
) -> Answer<()> {
    pictures.clear();
    vault_handle.vault().await?.close_preview();
    Ok(())
}

/// Sets whether what files hold is never shown. The user alone can allow it again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_hides_contents(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    pictures: State<'_, ShownPictures>,
    on: bool,
) -> Answer<AppView> {
    let vault = vault_handle.vault().await?;
    if on {
        pictures.clear();
    } else {
        Question::show_contents().ask(&window).await?;
    }
    vault.set_hides_contents(on).await?;
    Ok(AppView::from(&vault.status()))
}
