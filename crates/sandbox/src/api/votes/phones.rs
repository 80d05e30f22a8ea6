//! Simulated phones under `/__sandbox/`: their ballots, their scripts, new ones. Whoever watches them by HTTP asks
//! again.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::control::{Body, checked, found};
use crate::control::Control;
use crate::voting::{Script, Vote};
use crate::wire::answer::Refusal;

pub(crate) fn routes(control: Control) -> Router {
    Router::new()
        .route("/profiles/{username}/ballots", get(ballots))
        .route("/profiles/{username}/phones", get(phones).post(pair))
        .route("/phones/{device}/script", post(set_script))
        .route("/ballots/{poll}/{device}", post(cast))
        .with_state(control)
}

async fn ballots(
    State(control): State<Control>,
    Path(username): Path<String>,
) -> Result<Json<Value>, Refusal> {
    Ok(Json(json!(control.list_ballots(&username).await?)))
}

async fn phones(
    State(control): State<Control>,
    Path(username): Path<String>,
) -> Result<Json<Value>, Refusal> {
    Ok(Json(json!(control.list_phones(&username).await?)))
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

async fn pair(
    State(control): State<Control>,
    Path(username): Path<String>,
    body: Body<Named>,
) -> Result<Json<Value>, Refusal> {
    let Named { name } = checked(body)?;
    let device = control.pair_phone(&username, &name).await?;
    let device = device.ok_or(Refusal::NotFound)?;
    Ok(Json(json!({ "deviceIdentifier": device })))
}

async fn set_script(
    State(control): State<Control>,
    Path(device): Path<String>,
    body: Body<Script>,
) -> Result<StatusCode, Refusal> {
    found(control.set_script(&device, checked(body)?).await?)
}

#[derive(Deserialize)]
struct Cast {
    vote: Vote,
}

async fn cast(
    State(control): State<Control>,
    Path((poll, device)): Path<(String, String)>,
    body: Body<Cast>,
) -> Result<StatusCode, Refusal> {
    let Cast { vote } = checked(body)?;
    found(control.cast(&poll, &device, vote).await?)
}
