//! Any operation of the service, filled in and sent by hand.

use privicore_vault::{
    ApplicationSecret, Error, OperationAnswer, OperationEntry, OperationRequest, Vault, WorkError,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, Manager as _, State, WebviewWindow};

use super::Answer;
use crate::clipboard::Clipboard;
use crate::consent::Question;
use crate::console_state::{ConsoleState, RequestedDataView};
use crate::dialogs;
use crate::held_secrets::HeldSecrets;
use crate::vault_handle::VaultHandle;

/// What was typed for a field.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FieldValue {
    pub name: String,
    pub value: String,
}

/// What the service said.
#[expect(
    clippy::struct_excessive_bools,
    reason = "the page is told four things that have nothing to do with each other"
)]
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OperationAnswerView {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    /// The id under which a command was accepted. Nothing of it is done yet.
    pub command: Option<String>,
    /// Without tokens. Nothing when it is not text, or cannot be shown.
    pub body: Option<String>,
    /// Whether there is more to see with [`show_answer_tokens`].
    pub hides_tokens: bool,
    pub length: u64,
    pub is_cut: bool,
    pub elapsed_ms: u64,
    /// It told an application's secret, which is told once and is held among the applications.
    pub is_held: bool,
    /// It accepted a request for data: what is answered to it comes over the WebSocket, see [`await_requested_data`].
    pub awaits_data: bool,
}

/// Every operation, in the order of the wire's table.
#[tauri::command]
#[specta::specta]
pub(crate) fn operations() -> Vec<OperationEntry> {
    Vault::operations().collect()
}

/// What calling an operation will send. Nothing is sent.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_operation(
    vault_handle: State<'_, VaultHandle>,
    id: String,
    values: Vec<FieldValue>,
) -> Answer<OperationRequest> {
    let vault = vault_handle.vault().await?;
    Ok(vault.show_operation(&id, &pairs(values)).await?)
}

/// Calls an operation. A refusal by the service is an answer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call_operation(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    console: State<'_, ConsoleState>,
    secrets: State<'_, HeldSecrets>,
    id: String,
    values: Vec<FieldValue>,
) -> Answer<OperationAnswerView> {
    let vault = vault_handle.vault().await?;
    let turn = console.turn();
    console.may_send(&window, &id).await?;
    let answer = vault.call_operation(&id, &pairs(values)).await?;
    let told = ApplicationSecret::from_answer(&id, &answer);
    let is_held =
        told.is_some_and(|secret| secrets.hold(&vault, secret.application.clone(), secret));
    console.keep(turn, answer.shown_body(), answer.request.clone());
    Ok(OperationAnswerView {
        is_held,
        ..answer.into()
    })
}

/// The body of the last answer with its tokens, after the user was asked; nothing when it is gone.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_answer_tokens(
    window: WebviewWindow,
    console: State<'_, ConsoleState>,
) -> Answer<Option<String>> {
    let asked_about = console.number();
    Question::show_tokens().ask(&window).await?;
    let session = console.session();
    // The page may have called something else meanwhile.
    let answer = session
        .answer
        .as_ref()
        .filter(|_| session.number == asked_about);
    Ok(answer.map(|body| body.expose_secret().to_owned()))
}

/// Waits for the outcome of a command; an answer is that it was done.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settle_operation(
    vault_handle: State<'_, VaultHandle>,
    command: String,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    Ok(vault.confirm_operation(&command, || {}).await?)
}

/// Waits for what is answered to the request for data that was accepted last.
#[tauri::command]
#[specta::specta]
pub(crate) async fn await_requested_data(
    vault_handle: State<'_, VaultHandle>,
    console: State<'_, ConsoleState>,
) -> Answer<RequestedDataView> {
    let vault = vault_handle.vault().await?;
    let (number, request) = {
        let session = console.session();
        (session.number, session.request.clone())
    };
    let request = request.ok_or(Error::Work(WorkError::Canceled))?;
    let data = vault.await_requested_data(&request).await?;
    Ok(console.keep_data(number, data)?)
}

/// Saves what came where the user says, as it is stored; answers how many bytes, or nothing when no place was chosen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_requested_data(
    window: WebviewWindow,
    vault_handle: State<'_, VaultHandle>,
    console: State<'_, ConsoleState>,
) -> Answer<Option<u64>> {
    let vault = vault_handle.vault().await?;
    let title = "dialog.stored_data";
    let Some(target) = dialogs::save_as(&window, title, "stored.age").await? else {
        return Ok(None);
    };
    let data = console.take_data()?;
    Ok(Some(vault.save_requested_data(&data, &target).await?))
}

/// Copies the request as a command line for `curl`, with the token of the session and other secrets left out.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_operation(
    app: AppHandle,
    vault_handle: State<'_, VaultHandle>,
    id: String,
    values: Vec<FieldValue>,
) -> Answer<()> {
    let vault = vault_handle.vault().await?;
    let shown = vault.show_operation(&id, &pairs(values)).await?;
    let clipboard = app.state::<Clipboard>().inner().clone();
    let put = tauri::async_runtime::spawn_blocking(move || clipboard.keep(&shown.curl)).await;
    put.map_err(|_| Error::Work(WorkError::Broken))?
}

fn pairs(values: Vec<FieldValue>) -> Vec<(String, SecretString)> {
    let values = values.into_iter();
    values
        .map(|field| (field.name, SecretString::from(field.value)))
        .collect()
}

impl From<OperationAnswer> for OperationAnswerView {
    fn from(answer: OperationAnswer) -> Self {
        let masked = answer.masked_body();
        Self {
            status: answer.status,
            command: answer.command,
            body: masked.text.map(|body| body.expose_secret().to_owned()),
            hides_tokens: masked.hides_tokens,
            length: answer.length_bytes,
            is_cut: answer.is_cut,
            elapsed_ms: u64::try_from(answer.elapsed.as_millis()).unwrap_or(u64::MAX),
            headers: answer.headers,
            is_held: false,
            awaits_data: answer.request.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::bindings::tests::assert_kept;

    /// The page's own tests try the form of each operation on it.
    #[test]
    fn the_tests_beside_the_bindings_have_the_catalog() {
        let made = serde_json::to_string_pretty(&super::operations()).unwrap() + "\n";
        assert_kept("tests/catalog.json", &made);
    }
}
