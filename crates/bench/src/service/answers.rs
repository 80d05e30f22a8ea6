//! The API, as far as storing and fetching go.

use std::collections::HashMap;

use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::service::keep::{Keep, Kept};
use crate::service::stored::{Service, Shared};

const COMMAND_ID: &str = "x-dpt-cab-id";
const REQUEST_ID: &str = "x-dpt-cab-request-id";
/// The test vector of a signed public key: the bytes 00 to 1f.
const ENGINE_KEY: &str = "31420500000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1fa9c98b8f85f06cb2f2e859f14b9aa2285ca668f4e73c4dd3d2c4d5db8c0d8c7db8844358d19979382a28fca25153e2efdd00fe0c1209c992bc21bfbaa9aa9dd3";

type Fields = Form<HashMap<String, String>>;

pub(crate) fn router(service: Shared) -> Router {
    Router::new()
        .route("/health", get(|| async { Json(json!({ "status": "ok" })) }))
        .route(
            "/request-status/{command}",
            post(|| async { Json("succeeded") }),
        )
        .route("/profile/register-profile", post(accept))
        .route("/profile/authenticate", post(authenticate))
        .route("/profile/revoke-authorization-token", post(|| async {}))
        .route("/public-key/register-public-key", post(register_public_key))
        .route("/public-key/retrieve-public-key", get(public_key))
        .route("/dptcab/public-key", get(engine_key))
        .route("/data-token/reserve-token-space", post(accept))
        .route(
            "/data-token/retrieve-temporary-data-token/{command}",
            get(space),
        )
        .route("/data-token/exchange-data-for-token", post(exchange))
        .route("/data-token/configure-file-meta", post(configure))
        .route("/data-token/request-data", post(request_data))
        .route("/data-token/list-data-tokens", get(list))
        .with_state(service)
}

/// A command that is done as soon as it is accepted.
async fn accept(State(service): State<Shared>) -> Response {
    done(&service)
}

fn done(service: &Service) -> Response {
    let id = format!("c-{}", service.next());
    service.say(json!({ "type": "X-DPT-CAB-ID", "id": id, "command_status": 2, "body": "" }));
    (StatusCode::ACCEPTED, [(COMMAND_ID, id)]).into_response()
}

async fn authenticate() -> Response {
    Json(json!({ "authorizationToken": "T-bench", "expiresAt": "2099-01-01T00:00:00Z" }))
        .into_response()
}

async fn register_public_key(State(service): State<Shared>, Form(fields): Fields) -> Response {
    service.stored().public_key = fields.get("publicKey").cloned();
    done(&service)
}

async fn public_key(State(service): State<Shared>) -> Response {
    match service.stored().public_key.clone() {
        Some(key) => Json(json!({ "publicKey": key })).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn engine_key() -> Response {
    Json(json!({ "publicKey": ENGINE_KEY })).into_response()
}

async fn space(State(service): State<Shared>, Path(command): Path<String>) -> Response {
    let Some(number) = number(&command) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let stream = Service::link(&service.addresses.upstream, number);
    Json(json!({ "token": format!("tmp-{number}"), "stream": stream })).into_response()
}

async fn exchange(State(service): State<Shared>, Form(fields): Fields) -> Response {
    let place = fields
        .get("temporaryTokenSpace")
        .and_then(|place| number(place));
    let (Some(place), Some(data)) = (place, fields.get("data")) else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    if !matches!(service.keep, Keep::Nothing) {
        let Ok(bytes) = STANDARD.decode(data) else {
            return StatusCode::UNPROCESSABLE_ENTITY.into_response();
        };
        service.put(place, Kept::Memory(bytes.into()));
    }
    done(&service)
}

async fn configure(Form(fields): Fields) -> Response {
    match fields.get("token").and_then(|token| number(token)) {
        Some(number) => Json(json!({ "token": format!("dtk-{number}") })).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn request_data(State(service): State<Shared>, Form(fields): Fields) -> Response {
    let number = fields.get("token").and_then(|token| number(token));
    let found = number.filter(|number| service.stored().bytes.contains_key(number));
    let Some(number) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let id = format!("r-{}", service.next());
    service.say(json!({
        "type": "X-DPT-CAB-REQUEST-ID",
        "id": id,
        "data_context": "",
        "output_type": 1,
        "body": Service::link(&service.addresses.downstream, number),
    }));
    (StatusCode::ACCEPTED, [(REQUEST_ID, id)]).into_response()
}

/// What another program stored, as many as the service was told to list: what is stored here is not in it.
async fn list(State(service): State<Shared>, Query(fields): Query<Pages>) -> Response {
    let first = fields.page.saturating_sub(1) * fields.per_page;
    let last = (first + fields.per_page).min(service.listed);
    let items: Vec<Value> = (first..last).map(listed).collect();
    let meta = json!({ "count": service.listed, "page": fields.page, "perPage": fields.per_page });
    Json(json!({ "items": items, "meta": meta })).into_response()
}

#[derive(Deserialize)]
struct Pages {
    #[serde(default = "one")]
    page: u64,
    #[serde(default = "one", rename = "perPage")]
    per_page: u64,
}

fn one() -> u64 {
    1
}

fn listed(number: u64) -> Value {
    let (day, second) = (number % 28 + 1, number % 60);
    json!({
        "token": format!("listed-{number}"),
        "context": format!("project-{}", number % 7),
        "fileName": format!("Report {number:06} of the month.pdf"),
        "extension": "pdf",
        "size": number * 1000,
        "createdAt": format!("2026-01-{day:02}T12:00:{second:02}Z"),
    })
}

/// The number in `c-7`, `tmp-7` and `dtk-7`.
fn number(text: &str) -> Option<u64> {
    text.rsplit_once('-')?.1.parse().ok()
}
