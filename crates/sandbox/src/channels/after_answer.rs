//! Holds back WebSocket messages about a command until the HTTP answer that names the command has been sent, as the
//! service does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header;
use axum::response::Response;
use futures_util::stream;
use serde_json::Value;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::world::{Shared, World};

/// The longest HTTP answer that a message may wait for, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

tokio::task_local! {
    static ANSWER: Arc<Answer>;
}

/// The HTTP answer being made.
#[derive(Default)]
struct Answer {
    /// Cancelled when it has been written, or never will be.
    written: CancellationToken,
    is_awaited: AtomicBool,
}

/// Messages wait for the answer until this is dropped.
pub(crate) struct Unwritten {
    answer: Arc<Answer>,
    guard: DropGuard,
}

/// Serves a request. Messages held back by its handler with [`hold_back`] wait until the guard is dropped.
pub(crate) async fn answering(serving: impl Future<Output = Response>) -> (Response, Unwritten) {
    let answer = Arc::<Answer>::default();
    let guard = answer.written.clone().drop_guard();
    let response = ANSWER.scope(answer.clone(), serving).await;
    (response, Unwritten { answer, guard })
}

impl Unwritten {
    /// Attaches the guard to the body of the answer, which the server drops once it is written.
    pub(crate) async fn go_with(self, response: Response) -> Response {
        if !self.answer.is_awaited.load(Ordering::Acquire) {
            return response;
        }
        let (mut head, body) = response.into_parts();
        // Answers that name a command are made in memory.
        let whole = to_bytes(body, LONGEST_ANSWER).await.unwrap_or_default();
        head.headers
            .insert(header::CONTENT_LENGTH, whole.len().into());
        let pieces = stream::unfold((Some(whole), self.guard), |(whole, guard)| async move {
            whole.map(|whole| (Ok::<_, std::convert::Infallible>(whole), (None, guard)))
        });
        Response::from_parts(head, Body::from_stream(pieces))
    }
}

/// Holds back messages about `id` until the current HTTP answer is sent, and a while longer; does nothing outside of a
/// request.
pub(crate) fn hold_back(world: &Shared, id: &str) {
    let Some(after) = world.dialect.acknowledges_after() else {
        return;
    };
    let Ok(answer) = ANSWER.try_with(Arc::clone) else {
        return;
    };
    answer.is_awaited.store(true, Ordering::Release);
    world.deliveries.lock().insert(id.to_owned(), Vec::new());
    let (world, id) = (world.clone(), id.to_owned());
    world
        .clone()
        .tasks
        .spawn(async move { deliver(&world, &id, (answer, after)).await });
}

async fn deliver(world: &World, id: &str, (answer, after): (Arc<Answer>, Duration)) {
    tokio::select! {
        () = async {
            answer.written.cancelled().await;
            tokio::time::sleep(after).await;
        } => {}
        () = world.stop.cancelled() => {}
    }
    // Sent under the lock, to keep the order.
    let mut waiting = world.deliveries.lock();
    for (profile, message) in waiting.remove(id).unwrap_or_default() {
        world.send(&profile, &message);
    }
}

impl World {
    /// Sends a message about the command or request `id` to the channels of `profile`, now or once the HTTP answer is
    /// sent.
    pub(crate) fn say(&self, id: &str, profile: &str, message: Value) {
        let mut waiting = self.deliveries.lock();
        match waiting.get_mut(id) {
            Some(messages) => messages.push((profile.to_owned(), message)),
            None => self.send(profile, &message),
        }
    }

    fn send(&self, profile: &str, message: &Value) {
        let kept_until = self.dialect.keeps_undelivered(self.clock.now());
        self.channels.send(profile, message, kept_until);
    }
}
