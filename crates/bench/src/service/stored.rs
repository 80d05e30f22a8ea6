//! What the service has, and the two file servers: bytes come in by `POST /up/?auth=`, and go out by `GET
//! /down/?auth=`.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use parking_lot::{Mutex, MutexGuard};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use crate::contest::Addresses;
use crate::service::keep::{Keep, Kept};

/// Messages a channel may lag behind.
const MESSAGES: usize = 4096;

pub(crate) type Shared = Arc<Service>;

/// The service. Everything is called by the number of the command that reserved its place.
pub(crate) struct Service {
    pub(crate) keep: Keep,
    pub(crate) addresses: Addresses,
    /// How many files of other programs it lists.
    pub(crate) listed: u64,
    pub(crate) messages: broadcast::Sender<String>,
    stored: Mutex<Stored>,
    next: AtomicU64,
}

#[derive(Default)]
pub(crate) struct Stored {
    pub(crate) public_key: Option<String>,
    pub(crate) bytes: HashMap<u64, Kept>,
    /// By path, for other tools.
    pub(crate) files: HashMap<String, Kept>,
}

impl Service {
    pub(crate) fn new(keep: Keep, addresses: Addresses, listed: u64) -> Self {
        Self {
            keep,
            addresses,
            listed,
            messages: broadcast::channel(MESSAGES).0,
            stored: Mutex::default(),
            next: AtomicU64::new(1),
        }
    }

    pub(crate) fn stored(&self) -> MutexGuard<'_, Stored> {
        self.stored.lock()
    }

    pub(crate) fn next(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Says something on the channel; without a listener it is lost, as at the real service.
    pub(crate) fn say(&self, data: Value) {
        let _ = self.messages.send(json!({ "data": data }).to_string());
    }

    /// Where the bytes of a number go to and come from.
    pub(crate) fn link(server: &str, number: u64) -> String {
        format!("{server}/?auth={number}")
    }

    pub(crate) fn put(&self, number: u64, kept: Kept) {
        let before = self.stored().bytes.insert(number, kept);
        if let Some(before) = before {
            before.discard();
        }
    }
}

#[derive(Deserialize)]
struct Auth {
    auth: u64,
}

pub(crate) fn router(service: Shared) -> Router {
    Router::new()
        .route("/up/", post(up))
        .route("/down/", get(down))
        .with_state(service)
}

async fn up(
    State(service): State<Shared>,
    Query(Auth { auth }): Query<Auth>,
    headers: HeaderMap,
    body: Body,
) -> StatusCode {
    let name = format!("stored-{auth}");
    match service.keep.take(body, length(&headers), &name).await {
        Ok(kept) => {
            service.put(auth, kept);
            StatusCode::OK
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn down(State(service): State<Shared>, Query(Auth { auth }): Query<Auth>) -> Response {
    let kept = service.stored().bytes.get(&auth).cloned();
    whole(kept.as_ref())
}

/// All that was kept, as an answer.
pub(crate) fn whole(kept: Option<&Kept>) -> Response {
    let answer = kept.and_then(|kept| {
        let size = kept.size();
        Some(([(header::CONTENT_LENGTH, size)], kept.body(0..size)?))
    });
    match answer {
        Some(answer) => answer.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

pub(crate) fn length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}
