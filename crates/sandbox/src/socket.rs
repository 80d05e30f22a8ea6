//! The WebSocket server: join a channel, hear what becomes of commands and data requests.

use std::time::Duration;

use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{State, WebSocketUpgrade as Upgrade};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use crate::channels::Joined;
use crate::clock::later;
use crate::state::authorizations;
use crate::tokens::digest_of;
use crate::world::Shared;

/// A connection on which nothing comes or goes for this long is dropped.
pub(crate) const IDLE: Duration = Duration::from_mins(15);
/// The longest message that is read.
const LONGEST: usize = 64 * 1024;

pub(crate) fn router(world: Shared) -> Router {
    Router::new().fallback(get(upgrade)).with_state(world)
}

async fn upgrade(State(world): State<Shared>, upgrade: Upgrade) -> Response {
    let tasks = world.tasks.clone();
    limited(upgrade).on_upgrade(move |socket| async move {
        // Tracked, so that a shutdown waits for the close frame.
        let _ = tasks.spawn(converse(world, socket)).await;
    })
}

fn limited(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade.max_message_size(LONGEST).max_frame_size(LONGEST)
}

async fn converse(world: Shared, mut socket: WebSocket) {
    let mut joined: Option<Joined> = None;
    loop {
        let idle = later(world.clock.now(), IDLE);
        let sent = tokio::select! {
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    match heard(&world, &mut joined, &text).await {
                        Some(answer) => socket.send(text_of(&answer)).await,
                        None => Ok(()),
                    }
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                // Pings are answered underneath; the rest is ignored.
                Some(Ok(_)) => Ok(()),
            },
            message = next_message(&mut joined) => match message {
                Some(text) => socket.send(Message::Text(text)).await,
                None => break close(socket).await,
            },
            () = world.clock.reach(idle) => break close(socket).await,
            () = world.stop.cancelled() => break close(socket).await,
        };
        if sent.is_err() {
            break;
        }
    }
    if let Some(joined) = joined {
        world.channels.leave(&joined.profile, &joined.channel);
    }
}

async fn close(mut socket: WebSocket) {
    // Whoever is gone needs no goodbye.
    let _ = socket.send(Message::Close(None)).await;
}

/// The next message of the joined channel; waits for ever while none is joined.
async fn next_message(joined: &mut Option<Joined>) -> Option<Utf8Bytes> {
    match joined {
        Some(joined) => joined.messages.recv().await,
        None => std::future::pending().await,
    }
}

/// What a message is answered, if it is one that is known.
async fn heard(world: &Shared, joined: &mut Option<Joined>, text: &str) -> Option<Value> {
    let message: Value = serde_json::from_str(text).ok()?;
    let data = message.get("data").unwrap_or(&Value::Null);
    let (status, data) = match message.get("action").and_then(Value::as_str) {
        Some("joinChannel") => join(world, joined, data).await,
        Some("leaveChannel") => leave(world, joined, data),
        _ => return None,
    };
    let mut answer = json!({ "status": status, "data": data });
    let correlation = message
        .get("correlationId")
        .or_else(|| message.get("data")?.get("correlationId"));
    if let Some(correlation) = correlation {
        answer["correlationId"] = correlation.clone();
    }
    Some(answer)
}

async fn join(world: &Shared, joined: &mut Option<Joined>, data: &Value) -> (u16, Value) {
    if joined.is_some() {
        return (409, json!({ "message": "one channel per connection" }));
    }
    let token = data.get("authorizationToken").and_then(Value::as_str);
    let digest = digest_of(token.unwrap_or_default());
    let now = world.clock.now();
    let found = world
        .state
        .read(move |db| authorizations::find(db, &digest, now))
        .await;
    match found {
        Ok(Some((profile, _))) => {
            let channel = world.channels.join(&profile, digest);
            let answer = json!({ "channelId": channel.channel, "message": "joined" });
            *joined = Some(channel);
            (200, answer)
        }
        Ok(None) => (401, json!({ "message": "authorization.required" })),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "join failed");
            (500, json!({ "message": "internal" }))
        }
    }
}

fn leave(world: &Shared, joined: &mut Option<Joined>, data: &Value) -> (u16, Value) {
    let channel = data.get("channelId").and_then(Value::as_str);
    match joined.take_if(|joined| channel == Some(joined.channel.as_str())) {
        Some(left) => {
            world.channels.leave(&left.profile, &left.channel);
            (200, json!({ "channelId": left.channel, "message": "left" }))
        }
        None => (404, json!({ "message": "channel.unknown" })),
    }
}

fn text_of(answer: &Value) -> Message {
    Message::Text(answer.to_string().into())
}
