//! How the sandbox words its answers. The vendor's reference and what an engine was seen to answer differ in shapes;
//! `Documented` speaks the first, `Observed` the second, `Mixed` takes turns, so that every shape occurs.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, RwLock};

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::addresses::Addresses;
use crate::answer::Refusal;
use crate::commands::Status;

const COMMAND_HEADER: &str = "x-dpt-cab-id";

/// Which of the known forms of the protocol the sandbox speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// The forms the vendor's reference documents.
    Documented,
    /// The forms an engine was seen to answer.
    #[default]
    Observed,
    /// All forms in turn, operation by operation.
    Mixed,
}

/// How stored bytes are handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handing {
    /// Inline as base64 when small, otherwise as `Token`.
    Inline,
    /// A status text first, then a complete URL.
    UrlAfterStatus,
    /// A complete URL.
    Url,
    /// A bare auth token, then `STREAM-READY`.
    Token,
}

/// Speaks the dialect that is set.
#[derive(Debug)]
pub(crate) struct Tongue {
    dialect: RwLock<Dialect>,
    /// How often each wording has been used: `Mixed` goes round.
    turns: Mutex<HashMap<String, usize>>,
}

impl Tongue {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self {
            dialect: RwLock::new(dialect),
            turns: Mutex::default(),
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        *self.dialect.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, dialect: Dialect) {
        *self.dialect.write().unwrap_or_else(PoisonError::into_inner) = dialect;
    }

    /// An accepted command names its id: bare, in an array, in an object, or in the header alone.
    pub(crate) fn command(&self, operation: &str, id: &str) -> Response {
        let form = match self.dialect() {
            Dialect::Documented => steady(operation) % 2,
            Dialect::Observed => steady(operation) % 4,
            Dialect::Mixed => self.turn(operation) % 4,
        };
        let header = [(COMMAND_HEADER, id.to_owned())];
        match (form, self.dialect()) {
            (0, Dialect::Documented) => (StatusCode::ACCEPTED, Json(json!(id))).into_response(),
            (1, Dialect::Documented) => (StatusCode::ACCEPTED, Json(json!([id]))).into_response(),
            (0, _) => (StatusCode::ACCEPTED, header, Json(json!(id))).into_response(),
            (1, Dialect::Mixed) => Json(json!([id])).into_response(),
            (1, _) => (StatusCode::ACCEPTED, header, Json(json!([id]))).into_response(),
            (2, _) => (StatusCode::ACCEPTED, Json(json!({ "commandId": id }))).into_response(),
            _ => (StatusCode::ACCEPTED, header).into_response(),
        }
    }

    /// How far a command is. Documented: GET, by HTTP status. Observed: POST, by a word, bare or in an array.
    pub(crate) fn poll(
        &self,
        method: &Method,
        id: &str,
        (status, reason): (Status, &str),
    ) -> Result<Response, Refusal> {
        let form = steady(id) % 4;
        let (asked, form) = match self.dialect() {
            Dialect::Documented => (Method::GET, 0),
            Dialect::Observed => (Method::POST, 1 + form % 2),
            Dialect::Mixed if form < 2 => (Method::GET, steady(id) / 4 % 3),
            Dialect::Mixed => (Method::POST, steady(id) / 4 % 3),
        };
        if *method != asked {
            return Err(Refusal::OtherMethod);
        }
        Ok(match form {
            0 => by_status(status, reason),
            1 => Json(json!(status.word())).into_response(),
            _ => Json(json!([status.word()])).into_response(),
        })
    }

    /// A temporary token and where to stream to: a bare auth value with host and port, or a complete URL.
    pub(crate) fn space(&self, token: &str, auth: &str, addresses: &Addresses) -> Response {
        let whole =
            json!({ "token": token, "stream": format!("{}/?auth={auth}", addresses.upstream) });
        let (host, port) = addresses.upstream_place();
        let bare = json!({ "token": token, "stream": auth });
        let placed = json!({
            "token": token,
            "stream": auth,
            "stream_server_id": host,
            "stream_server_port": port,
        });
        let answer = match self.dialect() {
            Dialect::Documented => placed,
            Dialect::Observed => whole,
            Dialect::Mixed => match self.turn("space") % 3 {
                0 => whole,
                1 => placed,
                _ => bare,
            },
        };
        Json(answer).into_response()
    }

    /// How the answer to a data request hands out the bytes.
    pub(crate) fn handing(&self) -> Handing {
        match self.dialect() {
            Dialect::Documented => Handing::UrlAfterStatus,
            Dialect::Observed => Handing::Inline,
            Dialect::Mixed => match self.turn("handing") % 4 {
                0 => Handing::Inline,
                1 => Handing::UrlAfterStatus,
                2 => Handing::Token,
                _ => Handing::Url,
            },
        }
    }

    /// `STREAM-READY` names the request as `id` or as `requestId`.
    pub(crate) fn ready(&self, request: &str) -> Value {
        match self.dialect() {
            Dialect::Mixed if self.turn("ready").is_multiple_of(2) => {
                json!({ "type": "STREAM-READY", "requestId": request })
            }
            _ => json!({ "type": "STREAM-READY", "id": request }),
        }
    }

    /// The accepted data request names itself in the header; the reference also shows it as the body.
    pub(crate) fn data_request(&self, request: &str) -> Response {
        let header = [("x-dpt-cab-request-id", request.to_owned())];
        match self.dialect() {
            Dialect::Documented => {
                (StatusCode::ACCEPTED, header, Json(json!(request))).into_response()
            }
            _ => (StatusCode::ACCEPTED, header).into_response(),
        }
    }

    /// What the body of a download claims to be.
    pub(crate) fn download_type(&self) -> &'static str {
        match self.dialect() {
            Dialect::Documented => "text/plain",
            _ => "application/octet-stream",
        }
    }

    /// A list: an array, or an object with `items` and `meta`.
    pub(crate) fn list(
        &self,
        operation: &str,
        items: Vec<Value>,
        (count, page, per_page): (u64, u64, u64),
    ) -> Response {
        if self.second(operation) {
            let meta = json!({ "count": count, "page": page, "perPage": per_page });
            Json(json!({ "items": items, "meta": meta })).into_response()
        } else {
            Json(items).into_response()
        }
    }

    /// One value: in an object under its name, or bare.
    pub(crate) fn value(&self, operation: &str, name: &str, value: &str) -> Response {
        if self.second(operation) {
            Json(json!(value)).into_response()
        } else {
            Json(json!({ name: value })).into_response()
        }
    }

    /// Whether reauthorizing is answered like a command, the token at hand living longer, instead of by a new token.
    pub(crate) fn reauthorizes_by_command(&self) -> bool {
        self.second("profile/reauthorize-authorization-token")
    }

    /// Whether the configuration of this device is fetched the documented way.
    pub(crate) fn serves_configuration_by(&self, documented: bool, device: &str) -> bool {
        match self.dialect() {
            Dialect::Documented => documented,
            Dialect::Observed => !documented,
            Dialect::Mixed => steady(device).is_multiple_of(2) == documented,
        }
    }

    /// Whether an OAuth code is exchanged this way: by the code itself, as documented, or by the client's credentials.
    pub(crate) fn obtains_by(&self, code: bool) -> bool {
        match self.dialect() {
            Dialect::Documented => code,
            Dialect::Observed => !code,
            Dialect::Mixed => true,
        }
    }

    /// What a policy calls the voting configuration it is registered with.
    pub(crate) fn configuration_fields(&self) -> &'static [&'static str] {
        match self.dialect() {
            Dialect::Documented => &["configurationId"],
            Dialect::Observed => &["votingConfigurationId"],
            Dialect::Mixed => &["votingConfigurationId", "configurationId"],
        }
    }

    /// Of two forms: the first when documented, the second when observed, in turns when mixed.
    fn second(&self, wording: &str) -> bool {
        match self.dialect() {
            Dialect::Documented => false,
            Dialect::Observed => true,
            Dialect::Mixed => self.turn(wording) % 2 == 1,
        }
    }

    fn turn(&self, wording: &str) -> usize {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = turns
            .entry(wording.to_owned())
            .or_insert_with(|| steady(wording));
        *turn = turn.wrapping_add(1);
        *turn
    }
}

/// An older engine answered by HTTP status alone.
fn by_status(status: Status, reason: &str) -> Response {
    match status {
        Status::Pending => StatusCode::ACCEPTED.into_response(),
        Status::Succeeded => StatusCode::OK.into_response(),
        Status::Rejected => {
            let body = Json(json!({ "error": "command.failed", "reason": reason }));
            (StatusCode::NOT_FOUND, body).into_response()
        }
    }
}

/// A number that is always the same for the same text.
fn steady(text: &str) -> usize {
    text.bytes().fold(7, |sum: usize, byte| {
        sum.wrapping_mul(31).wrapping_add(usize::from(byte))
    }) >> 3
}
