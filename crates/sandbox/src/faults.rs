//! Things that go wrong on request: for one operation, the next so many times.
//!
//! To add a fault: a variant, the stage at which it strikes, and the place of that stage that plays it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::world::Shared;

/// The operation name of uploads.
pub const UPSTREAM: &str = "upstream";
/// The operation name of downloads, inline ones included.
pub const DOWNSTREAM: &str = "downstream";

/// One thing that can go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
#[non_exhaustive]
pub enum Fault {
    /// The outcome of the command is on the WebSocket before the HTTP response names its id.
    AckBeforeResponse,
    /// The command settles this much later.
    AckLate {
        /// How much later, in milliseconds.
        milliseconds: u64,
    },
    /// The command settles, but nothing is sent.
    AckLost,
    /// The outcome is sent twice.
    AckTwice,
    /// The command is rejected.
    Reject {
        /// The reason given.
        reason: String,
    },
    /// The request is answered 401 although its token is good.
    Unauthorized,
    /// The request is answered 500.
    InternalError,
    /// The request is answered 503.
    Unavailable {
        /// What `Retry-After` says, in seconds.
        retry_after: u64,
    },
    /// The connection of an upload ends after this many bytes.
    UploadCut {
        /// Bytes that still arrive.
        after: u64,
    },
    /// The connection of a download ends after this many bytes.
    DownloadCut {
        /// Bytes that are still sent.
        after: u64,
    },
    /// One byte of a download is not what was stored.
    FlipByte {
        /// Its position.
        at: u64,
    },
    /// A download brings the bytes of another token.
    OtherBytes,
    /// The link or auth token that is handed out has expired already.
    LinkExpired,
    /// The temporary token comes alone, as a bare string.
    NoStream,
}

/// Where a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Before a request is served.
    Door,
    /// When a command settles.
    Settling,
    /// While the bytes of an upload arrive.
    Upload,
    /// While stored bytes are sent.
    Download,
    /// When a link is handed out.
    Link,
}

impl Fault {
    pub(crate) fn stage(&self) -> Stage {
        match self {
            Self::Unauthorized | Self::InternalError | Self::Unavailable { .. } => Stage::Door,
            Self::AckBeforeResponse
            | Self::AckLate { .. }
            | Self::AckLost
            | Self::AckTwice
            | Self::Reject { .. } => Stage::Settling,
            Self::UploadCut { .. } => Stage::Upload,
            Self::DownloadCut { .. } | Self::FlipByte { .. } | Self::OtherBytes => Stage::Download,
            Self::LinkExpired | Self::NoStream => Stage::Link,
        }
    }

    /// How a fault at the door answers.
    fn answer(&self) -> Option<Response> {
        match self {
            Self::Unauthorized => Some(StatusCode::UNAUTHORIZED.into_response()),
            Self::InternalError => Some(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
            Self::Unavailable { retry_after } => {
                let after = [(header::RETRY_AFTER, retry_after.to_string())];
                Some((StatusCode::SERVICE_UNAVAILABLE, after).into_response())
            }
            _ => None,
        }
    }

    /// How long a late command waits.
    pub(crate) fn delay(&self) -> Duration {
        match self {
            Self::AckLate { milliseconds } => Duration::from_millis(*milliseconds),
            _ => Duration::ZERO,
        }
    }
}

/// The faults that are still to happen.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Vec<Planned>>);

#[derive(Debug)]
struct Planned {
    operation: String,
    fault: Fault,
    left: u32,
}

impl Faults {
    /// Lets `fault` happen the next `times` times `operation` is called. An operation is named by its path, such as
    /// `data-token/request-data`, or is [`UPSTREAM`], [`DOWNSTREAM`], or `*` for any.
    pub fn plan(&self, operation: &str, fault: Fault, times: u32) {
        self.planned().push(Planned {
            operation: operation.trim_matches('/').to_owned(),
            fault,
            left: times,
        });
    }

    /// Nothing goes wrong any more.
    pub fn clear(&self) {
        self.planned().clear();
    }

    /// The fault that happens now, if one does. It is used up by this.
    pub(crate) fn take(&self, operation: &str, stage: Stage) -> Option<Fault> {
        let mut planned = self.planned();
        planned.retain(|planned| planned.left > 0);
        let found = planned.iter_mut().find(|planned| {
            planned.fault.stage() == stage
                && (planned.operation == "*" || planned.operation == operation)
        })?;
        found.left -= 1;
        Some(found.fault.clone())
    }

    fn planned(&self) -> MutexGuard<'_, Vec<Planned>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose faults a door plays: of one operation, or of the one the path names.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) world: Shared,
    pub(crate) operation: Option<&'static str>,
}

/// Plays the faults that strike before a request is served.
pub(crate) async fn at_the_door(
    State(door): State<Door>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let operation = door
        .operation
        .unwrap_or_else(|| operation_of(path.as_str()));
    let fault = door.world.faults.take(operation, Stage::Door);
    match fault.as_ref().and_then(Fault::answer) {
        Some(answer) => answer,
        None => next.run(request).await,
    }
}

/// `/request-status/{id}` is the operation `request-status`.
fn operation_of(path: &str) -> &str {
    let literal = path.find("/{").map_or(path, |at| &path[..at]);
    literal.trim_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn happens_as_often_as_planned_and_only_there() {
        let faults = Faults::default();
        faults.plan("/health", Fault::InternalError, 2);
        assert_eq!(faults.take("other", Stage::Door), None);
        assert_eq!(faults.take("health", Stage::Settling), None);
        for _ in 0..2 {
            assert_eq!(
                faults.take("health", Stage::Door),
                Some(Fault::InternalError)
            );
        }
        assert_eq!(faults.take("health", Stage::Door), None);
    }

    #[test]
    fn an_operation_is_named_by_the_literal_part_of_its_path() {
        assert_eq!(operation_of("/request-status/{id}"), "request-status");
        assert_eq!(operation_of("/storage/remove"), "storage/remove");
    }
}
