//! The sandbox's own paths under `/__sandbox/`: faults, votes, dialect, clock, device state, engine key, and what is
//! there to be counted.

use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::{Control, Verdict};
use crate::faults::Fault;
use crate::layers::device::Damage;
use crate::wire::answer::Refusal;
use crate::wire::dialect::Dialect;
use crate::wire::settings::Settings;

pub(super) type Body<T> = Result<Json<T>, JsonRejection>;

pub(super) fn routes(control: Control) -> Router {
    Router::new()
        .route("/clock", get(clock))
        .route("/clock/advance", post(advance))
        .route("/dialect", get(dialect).post(set_dialect))
        .route("/settings", get(settings).post(choose))
        .route("/faults", post(plan))
        .route("/faults", delete(clear))
        .route("/held", get(held).post(release_all))
        .route("/held/{id}", post(release))
        .route("/held/{id}/remind", post(remind))
        .route("/calls", get(calls).delete(forget_calls))
        .route("/profiles/{username}/tokens", get(tokens))
        .route("/disk", get(disk))
        .route("/devices", get(devices))
        .route("/devices/{id}", post(set_online))
        .route("/devices/{id}/damage", post(damage))
        .route("/engine/rotate", post(rotate))
        .with_state(control)
}

pub(super) fn checked<T>(body: Body<T>) -> Result<T, Refusal> {
    body.map(|Json(body)| body)
        .map_err(|_| Refusal::field("body", "is not the JSON this path takes"))
}

async fn clock(State(control): State<Control>) -> Json<Value> {
    Json(json!({ "now": control.clock().now().to_string() }))
}

#[derive(Deserialize)]
struct Advance {
    seconds: u64,
}

async fn advance(
    State(control): State<Control>,
    body: Body<Advance>,
) -> Result<Json<Value>, Refusal> {
    let Advance { seconds } = checked(body)?;
    control.clock().advance(Duration::from_secs(seconds));
    Ok(clock(State(control)).await)
}

#[derive(Deserialize)]
struct Spoken {
    dialect: Dialect,
}

async fn dialect(State(control): State<Control>) -> Json<Value> {
    Json(json!({ "dialect": control.dialect() }))
}

async fn set_dialect(
    State(control): State<Control>,
    body: Body<Spoken>,
) -> Result<StatusCode, Refusal> {
    control.set_dialect(checked(body)?.dialect);
    Ok(StatusCode::NO_CONTENT)
}

async fn settings(State(control): State<Control>) -> Json<Settings> {
    Json(control.settings())
}

async fn choose(
    State(control): State<Control>,
    body: Body<Settings>,
) -> Result<StatusCode, Refusal> {
    control.choose(checked(body)?);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct Plan {
    operation: String,
    fault: Fault,
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

async fn plan(State(control): State<Control>, body: Body<Plan>) -> Result<StatusCode, Refusal> {
    let plan = checked(body)?;
    control
        .faults()
        .plan(&plan.operation, plan.fault, plan.times);
    Ok(StatusCode::NO_CONTENT)
}

async fn clear(State(control): State<Control>) -> StatusCode {
    control.faults().clear();
    StatusCode::NO_CONTENT
}

async fn held(State(control): State<Control>) -> Result<Json<Value>, Refusal> {
    Ok(Json(json!(control.list_held().await?)))
}

async fn release(
    State(control): State<Control>,
    Path(id): Path<String>,
    body: Body<Verdict>,
) -> Result<StatusCode, Refusal> {
    found(control.release(&id, checked(body)?).await?)
}

async fn release_all(
    State(control): State<Control>,
    body: Body<Verdict>,
) -> Result<Json<Value>, Refusal> {
    let released = control.release_all(checked(body)?).await?;
    Ok(Json(json!({ "released": released })))
}

async fn remind(
    State(control): State<Control>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    found(control.remind(&id).await?)
}

async fn calls(State(control): State<Control>) -> Json<Value> {
    Json(json!(control.list_calls()))
}

async fn forget_calls(State(control): State<Control>) -> StatusCode {
    control.forget_calls();
    StatusCode::NO_CONTENT
}

async fn tokens(
    State(control): State<Control>,
    Path(username): Path<String>,
) -> Result<Json<Value>, Refusal> {
    Ok(Json(json!(control.list_tokens(&username).await?)))
}

async fn disk(State(control): State<Control>) -> Result<Json<Value>, Refusal> {
    Ok(Json(json!(control.disk().await?)))
}

async fn devices(State(control): State<Control>) -> Result<Json<Value>, Refusal> {
    Ok(Json(json!(control.list_devices().await?)))
}

#[derive(Deserialize)]
struct Online {
    online: bool,
}

async fn set_online(
    State(control): State<Control>,
    Path(id): Path<String>,
    body: Body<Online>,
) -> Result<StatusCode, Refusal> {
    let Online { online } = checked(body)?;
    found(control.set_online(&id, online).await?)
}

#[derive(Deserialize)]
struct Hit {
    token: String,
    damage: Damage,
}

async fn damage(
    State(control): State<Control>,
    Path(id): Path<String>,
    body: Body<Hit>,
) -> Result<StatusCode, Refusal> {
    let Hit { token, damage } = checked(body)?;
    found(control.damage(&id, &token, damage).await?)
}

async fn rotate(State(control): State<Control>) -> Result<StatusCode, Refusal> {
    control.rotate_engine_key().await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) fn found(found: bool) -> Result<StatusCode, Refusal> {
    if found {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Refusal::NotFound)
    }
}
