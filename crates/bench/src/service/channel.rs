//! The WebSocket: everybody joins, everybody hears everything.

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use crate::service::stored::Shared;

pub(crate) fn router(service: Shared) -> Router {
    Router::new()
        .route("/channel", get(upgrade))
        .with_state(service)
}

async fn upgrade(State(service): State<Shared>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| hold(service, socket))
}

async fn hold(service: Shared, mut socket: WebSocket) {
    let mut messages = service.messages.subscribe();
    loop {
        let sent = tokio::select! {
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => match answer(&text) {
                    Some(answer) => socket.send(Message::Text(answer.into())).await,
                    None => Ok(()),
                },
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => Ok(()),
            },
            message = messages.recv() => match message {
                Ok(text) => socket.send(Message::Text(text.into())).await,
                Err(RecvError::Lagged(_)) => Ok(()),
                Err(RecvError::Closed) => return,
            },
        };
        if sent.is_err() {
            return;
        }
    }
}

fn answer(text: &str) -> Option<String> {
    let message: Value = serde_json::from_str(text).ok()?;
    message.get("action")?;
    let answer = json!({
        "correlationId": message.get("correlationId"),
        "status": 200,
        "data": { "channelId": "bench", "message": "joined" },
    });
    Some(answer.to_string())
}
