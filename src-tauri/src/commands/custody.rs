//! Reading back what is stored, keeping what is not what was stored, and receipts.

use privicore_vault as vault;
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{State, WebviewWindow};

use super::Answer;
use super::files::{count, parse};
use super::transfers::parse as parse_transfer;
use crate::dialogs;
use crate::door::Door;
use crate::view::{AppView, Number, moment};

/// How bytes that came back differ from those that were stored.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Mismatch {
    Swapped,
    Damaged,
    CutShort,
}

/// What came of reading a file back the last time.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VerificationView {
    /// Milliseconds since 1970.
    pub at: Number,
    pub mismatch: Option<Mismatch>,
    /// How many storage devices the service listed then.
    pub storage_devices: Option<u32>,
}

/// Reads files back and compares them with their receipts; answers how many were queued.
#[tauri::command]
#[specta::specta]
pub(crate) async fn verify_files(door: State<'_, Door>, ids: Vec<String>) -> Answer<u32> {
    let vault = door.vault().await?;
    Ok(count(vault.verify(&parse(&ids)?).await?.len()))
}

/// Repeats a download that came to something else than what was stored, and keeps what comes beside the target.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keep_anyway(door: State<'_, Door>, id: String) -> Answer<()> {
    Ok(door.vault().await?.keep_anyway(parse_transfer(&id)?)?)
}

/// Sets whether everything that is stored is read back afterwards.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_verify_uploads(door: State<'_, Door>, on: bool) -> Answer<AppView> {
    let vault = door.vault().await?;
    vault.set_verify_uploads(on).await?;
    Ok(AppView::from(&vault.status()))
}

/// Writes the receipts where the user says; answers how many, or nothing if the user did not say.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_receipts(
    window: WebviewWindow,
    door: State<'_, Door>,
) -> Answer<Option<u32>> {
    let vault = door.vault().await?;
    let Some(target) =
        dialogs::save_as(&window, "Export receipts", "privicore-receipts.jsonl").await
    else {
        return Ok(None);
    };
    let receipts = vault
        .export_receipts(&target, vault::Existing::Replace)
        .await?;
    Ok(Some(count(receipts)))
}

impl From<vault::Mismatch> for Mismatch {
    fn from(mismatch: vault::Mismatch) -> Self {
        match mismatch {
            vault::Mismatch::Swapped => Self::Swapped,
            vault::Mismatch::Damaged => Self::Damaged,
            vault::Mismatch::CutShort => Self::CutShort,
        }
    }
}

impl From<vault::Verification> for VerificationView {
    fn from(found: vault::Verification) -> Self {
        Self {
            at: moment(found.at),
            mismatch: found.mismatch.map(Mismatch::from),
            storage_devices: found.storage_devices,
        }
    }
}
