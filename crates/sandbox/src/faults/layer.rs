//! The middleware of all routes: counts calls, and plays the faults that strike before or after a request is served.

use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;

use super::{Fault, Stage};
use crate::channels::after_answer::answering;
use crate::server::listener::Cut;
use crate::wire::answer::Refusal;
use crate::world::{Shared, World};

/// So much of a body is taken in although it is refused.
const LONGEST_UNWANTED_BYTES: usize = 1 << 20;

/// Whose faults a door plays: of one operation, or of the one the path names.
#[derive(Clone)]
pub(crate) struct FaultLayer {
    pub(crate) world: Shared,
    pub(crate) operation: Option<&'static str>,
}

/// Counts the call and plays the faults that strike around the serving of a request.
pub(crate) async fn apply_faults(
    State(layer): State<FaultLayer>,
    path: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let matched = path.as_ref().map_or("", MatchedPath::as_str);
    let operation = layer.operation.unwrap_or_else(|| operation_of(matched));
    layer.world.calls.count(operation);
    let fault = layer.world.faults.take(operation, Stage::Request);
    if let Some(answer) = fault.as_ref().and_then(refusal) {
        linger(request.into_body()).await;
        return answer;
    }
    let cut = request.extensions().get().cloned();
    let (answer, unwritten) = answering(next.run(request)).await;
    if answer.status().is_success()
        && let Some(fault) = layer.world.faults.take(operation, Stage::Answer)
    {
        // What waits for an answer that never comes is said at once.
        drop(unwritten);
        lose_answer(&layer.world, &fault, cut).await;
        return answer;
    }
    unwritten.go_with(answer).await
}

/// Takes in a body that is not wanted, up to a bound: closing with bytes unread resets the connection, and the answer
/// is lost with it.
pub(crate) async fn linger(body: Body) {
    let mut body = body.into_data_stream();
    let mut left = LONGEST_UNWANTED_BYTES;
    while let Some(Ok(bytes)) = body.next().await
        && left > 0
    {
        left = left.saturating_sub(bytes.len());
    }
}

/// How a fault before the serving answers.
fn refusal(fault: &Fault) -> Option<Response> {
    match fault {
        Fault::Unauthorized => Some(StatusCode::UNAUTHORIZED.into_response()),
        Fault::Invalid { field } => Some(Refusal::field(field, "is not valid").into_response()),
        Fault::InternalError => Some(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
        Fault::Unavailable { retry_after } => {
            let after = [(header::RETRY_AFTER, retry_after.to_string())];
            Some((StatusCode::SERVICE_UNAVAILABLE, after).into_response())
        }
        Fault::Redirect { to } => {
            let to = [(header::LOCATION, to.clone())];
            Some((StatusCode::TEMPORARY_REDIRECT, to).into_response())
        }
        _ => None,
    }
}

/// Ends the connection before the answer is written: at once, or, if it is withheld, when the sandbox stops. A client
/// that gives up earlier ends this too.
async fn lose_answer(world: &World, fault: &Fault, cut: Option<ConnectInfo<Cut>>) {
    if *fault == Fault::AnswerWithheld {
        world.stop.cancelled().await;
    }
    if let Some(ConnectInfo(cut)) = cut {
        cut.now();
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
    fn an_operation_is_named_by_the_literal_part_of_its_path() {
        assert_eq!(operation_of("/request-status/{id}"), "request-status");
        assert_eq!(operation_of("/storage/remove"), "storage/remove");
    }
}
