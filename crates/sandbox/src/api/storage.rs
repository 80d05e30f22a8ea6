//! Storage devices: rows 43 to 46.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::caller::Caller;
use super::device::on_device;
use crate::commands::Work;
use crate::state::data::storage::{self, StorageDevice};
use crate::wire::answer::Refusal;
use crate::wire::fields::FormFields;
use crate::world::Shared;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/storage/register", post(register))
        .route("/storage/list-storage-devices", get(list))
        .route("/storage/sync-device", post(synchronize))
        .route("/storage/remove", post(remove))
}

/// Row 43 (observed).
async fn register(
    state: State<Shared>,
    caller: Caller,
    form: FormFields,
) -> Result<Response, Refusal> {
    on_device(state, caller, form, |device| Work::RegisterStorage {
        device,
    })
    .await
}

/// Row 44 (observed).
async fn list(State(world): State<Shared>, caller: Caller) -> Result<Response, Refusal> {
    let folder = world.devices.clone();
    let found = world
        .state
        .read(move |db| storage::of_profile(db, &caller.profile, &folder))
        .await?;
    let items: Vec<Value> = found.iter().map(as_listed).collect();
    let count = items.len() as u64;
    let operation = "storage/list-storage-devices";
    Ok(world.dialect.list(operation, items, (count, 1, count)))
}

fn as_listed(storage: &StorageDevice) -> Value {
    json!({
        "deviceIdentifier": storage.device.id,
        "status": if storage.online { "online" } else { "offline" },
    })
}

/// Row 45 (documented).
async fn synchronize(
    state: State<Shared>,
    caller: Caller,
    form: FormFields,
) -> Result<Response, Refusal> {
    on_device(state, caller, form, |device| Work::SynchronizeStorage {
        device,
    })
    .await
}

/// Row 46 (documented).
async fn remove(
    state: State<Shared>,
    caller: Caller,
    form: FormFields,
) -> Result<Response, Refusal> {
    on_device(state, caller, form, |device| Work::RemoveStorage { device }).await
}
