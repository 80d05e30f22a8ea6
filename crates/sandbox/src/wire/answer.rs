//! Refusals of requests, and internal errors.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use thiserror::Error;

/// Something inside the sandbox failed; answered with 500.
#[derive(Debug, Error)]
pub(crate) enum Broken {
    #[error("the state could not be read or written")]
    State(#[from] rusqlite::Error),
    #[error("a kept value could not be read back")]
    Kept(#[from] serde_json::Error),
    #[error("a storage device failed")]
    Device(#[from] std::io::Error),
    #[error("a layer could not be sealed or opened")]
    Layer,
    #[error("a password could not be hashed")]
    Password,
    #[error(transparent)]
    Control(#[from] ControlError),
    #[error("the sandbox is shutting down")]
    Closed,
}

/// A request that is not served, and why.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// 401: no token, or one that is unknown, expired, revoked or spent.
    Unauthorized,
    /// 403 with a machine key: the token is good, but not for this.
    Forbidden(&'static str),
    /// 404
    NotFound,
    /// 405
    OtherMethod,
    /// 409 with a machine key.
    Conflict(&'static str),
    /// 421: meant for another host.
    Misdirected,
    /// 429: tried too often; how many seconds until the next try.
    TooMany(u64),
    /// 422 with the fields that are not valid and what they should be.
    Fields(Vec<(String, &'static str)>),
    /// 422 with a machine key.
    Invalid(&'static str),
    /// 503 with a machine key: nothing can serve this at the moment.
    Unavailable(&'static str),
    /// 507 with a machine key: no room for what was sent.
    Full(&'static str),
    /// 500
    Broken(Broken),
}

impl<E: Into<Broken>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Broken(error.into())
    }
}

impl Refusal {
    pub(crate) fn field(name: &str, should: &'static str) -> Self {
        Self::Fields(vec![(name.to_owned(), should)])
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthorized => keyed(StatusCode::UNAUTHORIZED, "authorization.required"),
            Self::Forbidden(key) => keyed(StatusCode::FORBIDDEN, key),
            Self::NotFound => keyed(StatusCode::NOT_FOUND, "not_found"),
            Self::OtherMethod => StatusCode::METHOD_NOT_ALLOWED.into_response(),
            Self::Conflict(key) => keyed(StatusCode::CONFLICT, key),
            Self::Invalid(key) => keyed(StatusCode::UNPROCESSABLE_ENTITY, key),
            Self::Unavailable(key) => keyed(StatusCode::SERVICE_UNAVAILABLE, key),
            Self::Misdirected => keyed(StatusCode::MISDIRECTED_REQUEST, "host.foreign"),
            Self::TooMany(seconds) => {
                let after = [(header::RETRY_AFTER, seconds.to_string())];
                let body = Json(json!({ "error": "authorization.too_many_tries" }));
                (StatusCode::TOO_MANY_REQUESTS, after, body).into_response()
            }
            Self::Full(key) => keyed(StatusCode::INSUFFICIENT_STORAGE, key),
            Self::Fields(fields) => invalid_fields(fields),
            Self::Broken(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "request failed");
                keyed(StatusCode::INTERNAL_SERVER_ERROR, "internal")
            }
        }
    }
}

fn keyed(status: StatusCode, key: &str) -> Response {
    (status, Json(json!({ "error": key }))).into_response()
}

fn invalid_fields(fields: Vec<(String, &'static str)>) -> Response {
    let errors: Map<String, Value> = fields
        .into_iter()
        .map(|(name, should)| (name, json!([should])))
        .collect();
    let body = json!({ "error": "validation.failed", "errors": errors });
    (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response()
}

/// A control could not be applied; the state or a device failed.
#[derive(Debug, Error)]
#[error("the sandbox could not do that")]
pub struct ControlError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl From<Broken> for ControlError {
    fn from(broken: Broken) -> Self {
        Self(Box::new(broken))
    }
}
