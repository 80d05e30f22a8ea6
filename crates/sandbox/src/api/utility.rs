//! Health and command status: rows 1 and 2.

use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::{any, get};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::caller::Caller;
use crate::state::commands;
use crate::wire::answer::Refusal;
use crate::world::Shared;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/health", get(health))
        .route("/request-status/{id}", any(status))
}

/// Row 1 (observed).
async fn health() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// Row 2 (observed: POST and without a token, documented: GET).
async fn status(
    State(world): State<Shared>,
    method: Method,
    caller: Result<Caller, Refusal>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let asked = id.clone();
    let profile = if world.dialect.polls_with_a_token() {
        Some(caller?.profile)
    } else {
        None
    };
    let (status, reason) = world
        .state
        .read(move |db| commands::status(db, &asked, profile.as_deref()))
        .await?
        .ok_or(Refusal::NotFound)?;
    world.dialect.poll(&method, &id, (status, &reason))
}
