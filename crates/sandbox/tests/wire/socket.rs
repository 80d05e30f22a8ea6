//! The WebSocket: joining, leaving, and what is ignored.

use std::time::Duration;

use serde_json::json;

use crate::http;
use crate::person::{Person, sandbox};
use crate::websocket::Line;

#[tokio::test(flavor = "multi_thread")]
async fn a_join_names_a_channel_and_repeats_the_correlation() {
    let sandbox = sandbox().await;
    let ada = Person::new(&sandbox, "ada").await;
    let mut line = Line::open(&ada.at.websocket).await;
    let answer = line.join(&ada.token).await;
    assert_eq!(answer["status"], 200);
    assert!(answer["data"]["channelId"].is_string());
    let again = line.join(&ada.token).await;
    assert_eq!(again["status"], 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_join_without_a_correlation_or_with_it_inside_data_is_answered() {
    let sandbox = sandbox().await;
    let ada = Person::new(&sandbox, "ada").await;
    let mut line = Line::open(&ada.at.websocket).await;
    line.say(&json!({ "action": "joinChannel", "data": { "authorizationToken": ada.token } }))
        .await;
    let answer = line.next().await.unwrap();
    assert_eq!(answer["status"], 200);
    assert!(answer.get("correlationId").is_none());
    let channel = &answer["data"]["channelId"];
    let leave = json!({
        "action": "leaveChannel",
        "data": { "authorizationToken": ada.token, "channelId": channel, "correlationId": "in" },
    });
    line.say(&leave).await;
    let answer = line.next().await.unwrap();
    assert_eq!(
        (&answer["status"], &answer["correlationId"]),
        (&json!(200), &json!("in"))
    );
    line.say(&leave).await;
    assert_eq!(line.next().await.unwrap()["status"], 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_join_with_a_bad_token_is_refused() {
    let sandbox = sandbox().await;
    let mut line = Line::open(&sandbox.addresses().websocket).await;
    assert_eq!(line.join("T-unknown").await["status"], 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_messages_are_ignored() {
    let sandbox = sandbox().await;
    let ada = Person::new(&sandbox, "ada").await;
    let mut line = Line::open(&ada.at.websocket).await;
    line.say(&json!({ "action": "dance" })).await;
    line.send(1, b"no json").await;
    line.send(2, b"binary").await;
    assert_eq!(line.join(&ada.token).await["status"], 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn acks_reach_every_joined_channel_of_the_profile_and_no_other() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let bob = Person::new(&sandbox, "bob").await;
    let mut second = Line::joined(&ada.at.websocket, &ada.token).await;
    let id = ada
        .done("/data-token/reserve-token-space", &[("context", "x")])
        .await;
    assert_eq!(second.about(&id).await["command_status"], 2);
    let own = Person::sign_in(&bob.at, "bob").await;
    assert_eq!(own.line.shelved_about(&id), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_is_dropped() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let control = sandbox.control();
    // Idle time begins after the last ack was sent, which may be later than it arrived here.
    let moving = async {
        loop {
            control.clock().advance(Duration::from_mins(15));
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        message = ada.line.next() => assert_eq!(message, None),
        () = moving => unreachable!("the clock moves for ever"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_websocket_server_serves_nothing_else() {
    let sandbox = sandbox().await;
    let reply = http::get(&sandbox.addresses().websocket, "/health", "").await;
    assert!((400..500).contains(&reply.status));
}
