//! The WebSocket server: clients join a channel and receive the outcomes of commands and data requests.

use std::time::Duration;

use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{State, WebSocketUpgrade as Upgrade};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use crate::channels::listeners::Joined;
use crate::clock::later;
use crate::faults::{Fault, FaultLayer, Stage, WEBSOCKET, apply_faults};
use crate::wire::authorized;
use crate::wire::scopes::Scopes;
use crate::world::Shared;

/// A connection on which nothing comes or goes for this long is dropped.
pub(crate) const IDLE: Duration = Duration::from_mins(15);
/// The longest message that is read.
const LONGEST: usize = 64 * 1024;

pub(crate) fn router(world: Shared) -> Router {
    let faults = FaultLayer {
        world: world.clone(),
        operation: Some(WEBSOCKET),
    };
    Router::new()
        .fallback(get(upgrade))
        .layer(from_fn_with_state(faults, apply_faults))
        .with_state(world)
}

async fn upgrade(State(world): State<Shared>, upgrade: Upgrade) -> Response {
    let tasks = world.tasks.clone();
    limited(upgrade).on_upgrade(move |socket| async move {
        let conversation = Conversation {
            world,
            joined: None,
            left: None,
        };
        // Tracked, so that a shutdown waits for the close frame.
        let _ = tasks.spawn(conversation.hold(socket)).await;
    })
}

fn limited(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade.max_message_size(LONGEST).max_frame_size(LONGEST)
}

/// One connection from its opening to its end.
struct Conversation {
    world: Shared,
    joined: Option<Joined>,
    /// How many messages are still delivered before the connection is dropped, if it is to be.
    left: Option<u32>,
}

impl Conversation {
    async fn hold(mut self, mut socket: WebSocket) {
        loop {
            let idle = later(self.world.clock.now(), IDLE);
            let sent = tokio::select! {
                message = socket.recv() => match message {
                    Some(Ok(Message::Text(text))) => match self.heard(&text).await {
                        Next::Answer(answer) => socket.send(text_of(&answer)).await,
                        Next::Nothing => Ok(()),
                        Next::Drop => break,
                    },
                    Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                    // Pings are answered underneath; the rest is ignored.
                    Some(Ok(_)) => Ok(()),
                },
                message = next_message(&mut self.joined) => match message {
                    Some(text) => {
                        self.left = self.left.map(|left| left - 1);
                        socket.send(Message::Text(text)).await
                    }
                    None => break close(socket).await,
                },
                () = self.world.clock.reach(idle) => break close(socket).await,
                () = self.world.stop.cancelled() => break close(socket).await,
            };
            if sent.is_err() || self.left == Some(0) {
                break;
            }
        }
        if let Some(joined) = self.joined {
            self.world.channels.leave(&joined.profile, &joined.channel);
        }
    }

    async fn heard(&mut self, text: &str) -> Next {
        let Ok(message) = serde_json::from_str::<Value>(text) else {
            return Next::Nothing;
        };
        let data = message.get("data").unwrap_or(&Value::Null);
        let (world, joined) = (&self.world, &mut self.joined);
        let (status, data) = match message.get("action").and_then(Value::as_str) {
            Some("joinChannel") => {
                if world.faults.take(WEBSOCKET, Stage::Joining).is_some() {
                    return Next::Drop;
                }
                let answer = join(world, joined, data).await;
                if answer.0 == 200 {
                    self.left = messages_left(world.faults.take(WEBSOCKET, Stage::Joined));
                }
                answer
            }
            Some("leaveChannel") => leave(world, joined, data),
            _ => return Next::Nothing,
        };
        Next::Answer(answer(&message, status, data))
    }
}

/// What a message that was heard leads to.
enum Next {
    Answer(Value),
    Nothing,
    Drop,
}

fn messages_left(fault: Option<Fault>) -> Option<u32> {
    match fault {
        Some(Fault::DropAfterJoin { messages }) => Some(messages),
        _ => None,
    }
}

fn answer(message: &Value, status: u16, data: Value) -> Value {
    let mut answer = json!({ "status": status, "data": data });
    let correlation = message
        .get("correlationId")
        .or_else(|| message.get("data")?.get("correlationId"));
    if let Some(correlation) = correlation {
        answer["correlationId"] = correlation.clone();
    }
    answer
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

async fn join(world: &Shared, joined: &mut Option<Joined>, data: &Value) -> (u16, Value) {
    if joined.is_some() {
        return (409, json!({ "message": "one channel per connection" }));
    }
    let token = data.get("authorizationToken").and_then(Value::as_str);
    let found = authorized::find(world, token.unwrap_or_default()).await;
    match found {
        Ok(Some(found)) => {
            let hears_data = found.granted.as_ref().is_none_or(Scopes::hear_data);
            let channel =
                world
                    .channels
                    .join(&found.profile, found.digest, hears_data, world.clock.now());
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
