//! The forms of the sandbox's answers. The vendor's reference and the answers of a live engine differ: `Documented`
//! uses the first, `Observed` the second, and `Mixed` alternates, so that every form occurs. A setting overrides the
//! dialect.

use std::collections::HashMap;
use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use clap::ValueEnum;
use jiff::Timestamp;
use parking_lot::{Mutex, RwLock};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::clock::later;
use crate::commands::Status;
use crate::server::addresses::Addresses;
use crate::wire::answer::Refusal;
use crate::wire::settings::{
    FileMetaForm, LinkForm, ListForm, PendingStatus, Settings, StatusMethod, StreamReady,
};

/// How long after the HTTP answer the outcome of a command is sent at the earliest.
const ACKNOWLEDGE_AFTER: Duration = Duration::from_millis(50);
/// How long an undelivered message is kept.
const UNDELIVERED_LIFE: Duration = Duration::from_secs(10);
const COMMAND_HEADER: &str = "x-dpt-cab-id";
const REQUEST_HEADER: &str = "x-dpt-cab-request-id";

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

/// How the answer to a data request delivers the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// Inline as base64 when small, otherwise as a bare auth token.
    Inline,
    /// A status text first, then a complete URL.
    UrlAfterStatus,
    /// A link. `STREAM-READY` follows one without an address of its own.
    Link(LinkForm),
}

#[derive(Debug)]
pub(crate) struct DialectWriter {
    dialect: RwLock<Dialect>,
    settings: RwLock<Settings>,
    /// How often each wording has been used: `Mixed` goes round.
    rotations: Mutex<HashMap<String, usize>>,
}

impl DialectWriter {
    pub(crate) fn new(dialect: Dialect, settings: Settings) -> Self {
        Self {
            dialect: RwLock::new(dialect),
            settings: RwLock::new(settings),
            rotations: Mutex::default(),
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        *self.dialect.read()
    }

    pub(crate) fn set(&self, dialect: Dialect) {
        *self.dialect.write() = dialect;
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings.read().clone()
    }

    pub(crate) fn choose(&self, settings: Settings) {
        *self.settings.write() = settings;
    }

    /// How long after the HTTP answer the outcome of a command is sent at the earliest. `Mixed` does not wait, so that
    /// an outcome may come before the answer.
    pub(crate) fn acknowledges_after(&self) -> Option<Duration> {
        match (self.settings().acknowledge_after, self.dialect()) {
            (Some(milliseconds), _) => Some(Duration::from_millis(milliseconds)),
            (None, Dialect::Mixed) => None,
            (None, Dialect::Documented | Dialect::Observed) => Some(ACKNOWLEDGE_AFTER),
        }
    }

    /// Until when an undelivered message is kept for the next channel that joins. Observed: for a moment.
    pub(crate) fn keeps_undelivered(&self, now: Timestamp) -> Option<Timestamp> {
        match self.dialect() {
            Dialect::Observed => Some(later(now, UNDELIVERED_LIFE)),
            Dialect::Documented | Dialect::Mixed => None,
        }
    }

    /// Whether the sandbox reports a command as pending while a vote holds it; otherwise clients poll. `Mixed`
    /// alternates.
    pub(crate) fn says_pending(&self) -> bool {
        match self.dialect() {
            Dialect::Documented => true,
            Dialect::Observed => false,
            Dialect::Mixed => self.rotation("pending").is_multiple_of(2),
        }
    }

    /// An accepted command names its id: bare, in an array, or in an object; in the header alone only when mixed.
    pub(crate) fn command(&self, operation: &str, id: &str) -> Response {
        let form = match self.dialect() {
            Dialect::Documented => steady(operation) % 2,
            Dialect::Observed => steady(operation) % 3,
            Dialect::Mixed => self.rotation(operation) % 4,
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
        let settings = self.settings();
        let form = steady(id) % 4;
        let (usual, form) = match self.dialect() {
            Dialect::Documented => (StatusMethod::Get, 0),
            Dialect::Observed => (StatusMethod::Post, 1 + form % 2),
            Dialect::Mixed if form < 2 => (StatusMethod::Get, steady(id) / 4 % 3),
            Dialect::Mixed => (StatusMethod::Post, steady(id) / 4 % 3),
        };
        let asked = match settings.status_method.unwrap_or(usual) {
            StatusMethod::Get => Method::GET,
            StatusMethod::Post => Method::POST,
        };
        if *method != asked {
            return Err(Refusal::OtherMethod);
        }
        if status == Status::Pending && settings.pending_status == PendingStatus::Unknown {
            return Err(Refusal::NotFound);
        }
        Ok(match form {
            0 => by_status(status, reason),
            1 => Json(json!(status.word())).into_response(),
            _ => Json(json!([status.word()])).into_response(),
        })
    }

    /// Whether polling a command needs a token. Observed: no, it is polled before there is one.
    pub(crate) fn polls_with_a_token(&self) -> bool {
        self.dialect() == Dialect::Documented
    }

    /// A temporary token and where to stream to.
    pub(crate) fn space(&self, token: &str, auth: &str, addresses: &Addresses) -> Response {
        let usual = match self.dialect() {
            Dialect::Documented => LinkForm::Placed,
            Dialect::Observed => LinkForm::Url,
            Dialect::Mixed => match self.rotation("space") % 3 {
                0 => LinkForm::Url,
                1 => LinkForm::Placed,
                _ => LinkForm::Token,
            },
        };
        let form = self.settings().uploads.unwrap_or(usual);
        let mut answer = json!({ "token": token, "stream": link(form, &addresses.upstream, auth) });
        if form == LinkForm::Placed {
            let (host, port) = Addresses::place(&addresses.upstream);
            answer["stream_server_id"] = json!(host);
            answer["stream_server_port"] = json!(port);
        }
        Json(answer).into_response()
    }

    pub(crate) fn delivery(&self) -> Delivery {
        if let Some(form) = self.settings().downloads {
            return Delivery::Link(form);
        }
        match self.dialect() {
            Dialect::Documented => Delivery::UrlAfterStatus,
            Dialect::Observed => Delivery::Inline,
            Dialect::Mixed => match self.rotation("handing") % 4 {
                0 => Delivery::Inline,
                1 => Delivery::UrlAfterStatus,
                2 => Delivery::Link(LinkForm::Token),
                _ => Delivery::Link(LinkForm::Url),
            },
        }
    }

    /// `STREAM-READY` names the request as `id` or as `requestId`. `None`: it never comes.
    pub(crate) fn ready(&self, request: &str, address: &str) -> Option<Value> {
        match self.settings().stream_ready {
            StreamReady::Never => None,
            StreamReady::WithUrl => Some(json!({
                "type": "STREAM-READY",
                "requestId": request,
                "streamUrl": address,
            })),
            StreamReady::Usual => Some(match self.dialect() {
                Dialect::Mixed if self.rotation("ready").is_multiple_of(2) => {
                    json!({ "type": "STREAM-READY", "requestId": request })
                }
                _ => json!({ "type": "STREAM-READY", "id": request }),
            }),
        }
    }

    /// The accepted data request names itself in the header; the reference also shows it as the body. A command of
    /// another id is named in its own header.
    pub(crate) fn data_request(&self, command: &str, request: &str) -> Response {
        let mut answer = match self.dialect() {
            Dialect::Documented => (StatusCode::ACCEPTED, Json(json!(request))).into_response(),
            _ => StatusCode::ACCEPTED.into_response(),
        };
        let mut name = |header: &'static str, id: &str| {
            if let Ok(id) = HeaderValue::from_str(id) {
                answer.headers_mut().insert(header, id);
            }
        };
        name(REQUEST_HEADER, request);
        if command != request {
            name(COMMAND_HEADER, command);
        }
        answer
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
        let form = self.settings().lists.unwrap_or_else(|| {
            if self.second(operation) {
                ListForm::Items
            } else {
                ListForm::Array
            }
        });
        let meta = json!({ "count": count, "page": page, "perPage": per_page });
        Json(match form {
            ListForm::Array => json!(items),
            ListForm::Items => json!({ "items": items, "meta": meta }),
            ListForm::Data => json!({ "data": items, "meta": meta }),
            ListForm::Keyed => Value::Object(keyed(items)),
        })
        .into_response()
    }

    /// How `configure-file-meta` is answered.
    pub(crate) fn file_meta(&self) -> FileMetaForm {
        let usual = || match self.dialect() {
            Dialect::Documented => FileMetaForm::CommandThenToken,
            Dialect::Observed => FileMetaForm::Object,
            Dialect::Mixed => FileMetaForm::Bare,
        };
        self.settings().file_meta.unwrap_or_else(usual)
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

    /// Whether the risk meta of data may have any fields, instead of the documented three.
    pub(crate) fn takes_any_risk(&self) -> bool {
        self.dialect() != Dialect::Documented
    }

    /// Whether every voting strategy needs `strategy_params`, instead of `minimum_percentage` alone.
    pub(crate) fn needs_strategy_parameters(&self) -> bool {
        self.dialect() == Dialect::Observed
    }

    /// Whether a policy may be registered without a name, a voting configuration and a configuration.
    pub(crate) fn takes_bare_policies(&self) -> bool {
        self.dialect() == Dialect::Documented
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
            Dialect::Mixed => self.rotation(wording) % 2 == 1,
        }
    }

    fn rotation(&self, wording: &str) -> usize {
        let mut rotations = self.rotations.lock();
        let rotation = rotations
            .entry(wording.to_owned())
            .or_insert_with(|| steady(wording));
        *rotation = rotation.wrapping_add(1);
        *rotation
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

/// A link of this form to the file server at `address`.
pub(crate) fn link(form: LinkForm, address: &str, auth: &str) -> String {
    match form {
        LinkForm::Url => format!("{address}/?auth={auth}"),
        LinkForm::WithoutScheme => {
            let place = address
                .split_once("://")
                .map_or(address, |(_, place)| place);
            format!("{place}/?auth={auth}")
        }
        LinkForm::Token | LinkForm::Placed => auth.to_owned(),
    }
}

/// A list as an object whose names are the ids of its entries.
fn keyed(items: Vec<Value>) -> Map<String, Value> {
    const IDS: [&str; 6] = [
        "token",
        "deviceIdentifier",
        "applicationId",
        "directoryId",
        "profileId",
        "id",
    ];
    let numbered = items.into_iter().enumerate();
    let named = numbered.map(|(number, mut item)| {
        let id = IDS.iter().find_map(|id| item.as_object_mut()?.remove(*id));
        let id = id.as_ref().and_then(Value::as_str).map(str::to_owned);
        (id.unwrap_or_else(|| number.to_string()), item)
    });
    named.collect()
}

/// A number that is always the same for the same text.
fn steady(text: &str) -> usize {
    text.bytes().fold(7, |sum: usize, byte| {
        sum.wrapping_mul(31).wrapping_add(usize::from(byte))
    }) >> 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_follows_its_answer_by_50_milliseconds_unless_mixed() {
        let after = |dialect| DialectWriter::new(dialect, Settings::default()).acknowledges_after();
        let wait = Some(Duration::from_millis(50));
        assert_eq!(after(Dialect::Observed), wait);
        assert_eq!(after(Dialect::Documented), wait);
        assert_eq!(after(Dialect::Mixed), None);
    }
}
