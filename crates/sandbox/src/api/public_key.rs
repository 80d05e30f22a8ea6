//! Public keys: rows 19 to 22.

use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::caller::Caller;
use super::device::must_exist;
use super::profile::identify;
use crate::commands::{self, Work};
use crate::layers::engine::EngineKey;
use crate::state::{engine_keys, profiles};
use crate::wire::answer::Refusal;
use crate::wire::fields::{Fields, FormFields};
use crate::wire::settings::KeyOrder;
use crate::wire::signed_key;
use crate::world::Shared;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/generate-keys", get(generate))
        .route("/public-key/register-public-key", post(register))
        .route("/public-key/retrieve-public-key", get(own))
        .route("/dptcab/public-key", get(engine))
}

/// Row 19 (documented).
async fn generate() -> Result<Json<Value>, Refusal> {
    let key = EngineKey::generate()?;
    Ok(Json(json!({
        "private": hex::encode(&*key.private()?),
        "public": signed_key::to_text(key.public()),
    })))
}

/// Row 20 (documented): the key of the profile, or of a device that is named.
async fn register(
    State(world): State<Shared>,
    caller: Result<Caller, Refusal>,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let public_key = fields.required("publicKey");
    if !signed_key::is_valid(&public_key) {
        fields.wrong("publicKey", "must be a signed public key of 200 hex digits");
    }
    let device = fields.optional("deviceIdentifier");
    let is_first = world.dialect.settings().key_order == KeyOrder::BeforeAuthenticate;
    let profile = match caller {
        Ok(caller) => caller.profile,
        Err(Refusal::Unauthorized) if is_first => {
            let (username, password) = (fields.required("username"), fields.password("password"));
            fields.done()?;
            fields = Fields::none();
            identify(&world, username, password).await?
        }
        Err(refusal) => return Err(refusal),
    };
    fields.done()?;
    let work = match device {
        Some(device) => {
            must_exist(&world, &device).await?;
            Work::RegisterDeviceKey { device, public_key }
        }
        None => Work::RegisterPublicKey { public_key },
    };
    commands::accept(&world, &profile, work).await
}

/// Row 21 (observed).
async fn own(State(world): State<Shared>, caller: Caller) -> Result<Json<Value>, Refusal> {
    let key = world
        .state
        .read(move |db| profiles::public_key(db, &caller.profile))
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok(Json(json!({ "publicKey": key })))
}

/// Row 22 (observed).
async fn engine(State(world): State<Shared>, _: Caller) -> Result<Json<Value>, Refusal> {
    let (_, key) = world.state.write(engine_keys::current).await?;
    Ok(Json(
        json!({ "publicKey": signed_key::to_text(key.public()) }),
    ))
}
