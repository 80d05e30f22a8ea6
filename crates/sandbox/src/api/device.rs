//! Devices: rows 35 to 42.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::caller::Caller;
use crate::commands::{self, Work};
use crate::state::devices::{self, ProfileDevice, Standing};
use crate::wire::answer::Refusal;
use crate::wire::fields::FormFields;
use crate::world::Shared;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/device/request-unique-identifier", post(request))
        .route("/device/retrieve-unique-identifier", post(identifier))
        .route("/device/retrieve-profile-devices", get(list))
        .route("/device/configure-meta", post(configure))
        .route("/device/approve-device", post(approve))
        .route("/device/reject-device", post(reject))
        .route(
            "/device/retrieve-device-configuration/{id}",
            get(documented_configuration),
        )
        .route(
            "/device/download-device-configuration",
            post(observed_configuration),
        )
        .route("/device/remove", post(remove))
}

/// Row 35 (observed).
async fn request(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let name = fields.required("deviceName");
    fields.done()?;
    commands::accept(&world, &caller.profile, Work::RequestIdentifier { name }).await
}

/// Row 36 (observed).
async fn identifier(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let request = fields.required("id");
    fields.done()?;
    let id = world
        .state
        .read(move |db| devices::by_request(db, &request, &caller.profile))
        .await?
        .ok_or(Refusal::NotFound)?;
    let operation = "device/retrieve-unique-identifier";
    Ok(world.dialect.value(operation, "deviceIdentifier", &id))
}

/// Row 37 (observed).
async fn list(State(world): State<Shared>, caller: Caller) -> Result<Response, Refusal> {
    let found = world
        .state
        .read(move |db| devices::of_profile(db, &caller.profile))
        .await?;
    let items: Vec<Value> = found.iter().map(ProfileDevice::to_json).collect();
    let count = items.len() as u64;
    let operation = "device/retrieve-profile-devices";
    Ok(world.dialect.list(operation, items, (count, 1, count)))
}

/// Row 38 (observed).
async fn configure(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let device = fields.required("deviceIdentifier");
    let name = fields.optional("name");
    fields.done()?;
    must_exist(&world, &device).await?;
    let work = Work::ConfigureDevice { device, name };
    commands::accept(&world, &caller.profile, work).await
}

/// Row 39 (documented).
async fn approve(
    state: State<Shared>,
    caller: Caller,
    form: FormFields,
) -> Result<Response, Refusal> {
    on_device(state, caller, form, |device| Work::ApproveDevice { device }).await
}

/// Row 40 (observed).
async fn reject(
    state: State<Shared>,
    caller: Caller,
    form: FormFields,
) -> Result<Response, Refusal> {
    on_device(state, caller, form, |device| Work::RejectDevice { device }).await
}

/// Row 42 (documented).
async fn remove(
    state: State<Shared>,
    caller: Caller,
    form: FormFields,
) -> Result<Response, Refusal> {
    on_device(state, caller, form, |device| Work::RemoveDevice { device }).await
}

/// Accepts a command about the device named by `deviceIdentifier`.
pub(super) async fn on_device(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
    work: impl FnOnce(String) -> Work,
) -> Result<Response, Refusal> {
    let device = fields.required("deviceIdentifier");
    fields.done()?;
    must_exist(&world, &device).await?;
    commands::accept(&world, &caller.profile, work(device)).await
}

/// 404 unless there is such a device. Whose it is shows when the command settles.
pub(super) async fn must_exist(world: &Shared, device: &str) -> Result<(), Refusal> {
    let device = device.to_owned();
    let found = world
        .state
        .read(move |db| devices::find(db, &device))
        .await?;
    found.map(drop).ok_or(Refusal::NotFound)
}

/// Row 41 (documented).
async fn documented_configuration(
    State(world): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    configuration(&world, caller, id, true).await
}

/// Row 41 (observed).
async fn observed_configuration(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Json<Value>, Refusal> {
    let id = fields.required("deviceIdentifier");
    fields.done()?;
    configuration(&world, caller, id, false).await
}

async fn configuration(
    world: &Shared,
    caller: Caller,
    id: String,
    documented: bool,
) -> Result<Json<Value>, Refusal> {
    if !world.dialect.serves_configuration_by(documented, &id) {
        return Err(Refusal::NotFound);
    }
    let asked = id.clone();
    let found = world
        .state
        .read(move |db| {
            let kept = devices::find(db, &asked)?;
            let secrets = devices::secrets(db, &asked, &caller.profile)?;
            Ok(kept.zip(secrets))
        })
        .await?;
    let (device, mut answer) = found.ok_or(Refusal::NotFound)?;
    if device.standing == Standing::Rejected {
        return Err(Refusal::Invalid("device.rejected"));
    }
    answer["device-identifier"] = json!(id);
    answer["rabbit-host"] = json!("127.0.0.1");
    answer["rabbit-port"] = json!(5672);
    Ok(Json(answer))
}
