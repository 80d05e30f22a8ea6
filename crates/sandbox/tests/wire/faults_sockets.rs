//! WebSocket connections that end too early.

use privicore_sandbox::{Fault, WEBSOCKET};
use serde_json::json;

use crate::http;
use crate::person::{Person, both_dialects, sandbox};
use crate::websocket::Line;

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_can_be_dropped_before_the_join() {
    for sandbox in both_dialects().await {
        let ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        control.faults().plan(WEBSOCKET, Fault::DropBeforeJoin, 1);
        let mut line = Line::open(&ada.at.websocket).await;
        let join = json!({
            "action": "joinChannel",
            "correlationId": "c-1",
            "data": { "authorizationToken": ada.token },
        });
        line.say(&join).await;
        assert_eq!(line.next().await, None);
        Line::joined(&ada.at.websocket, &ada.token).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_can_be_dropped_after_the_join() {
    for sandbox in both_dialects().await {
        let ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let drop = Fault::DropAfterJoin { messages: 0 };
        control.faults().plan(WEBSOCKET, drop, 1);
        let mut refused = Line::open(&ada.at.websocket).await;
        assert_eq!(refused.join("T-unknown").await["status"], 401);
        let mut line = Line::joined(&ada.at.websocket, &ada.token).await;
        assert_eq!(line.next().await, None);
        Line::joined(&ada.at.websocket, &ada.token).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_can_be_dropped_between_two_acks() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let drop = Fault::DropAfterJoin { messages: 1 };
        control.faults().plan(WEBSOCKET, drop, 1);
        ada.line = Line::joined(&ada.at.websocket, &ada.token).await;
        let reserve = "/data-token/reserve-token-space";
        ada.done(reserve, &[("context", "x")]).await;
        assert_eq!(ada.line.next().await, None);
        let missed = ada.command(reserve, &[("context", "x")]).await;
        while ada.poll(&missed).await != "succeeded" {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_can_be_refused_at_the_door() {
    let sandbox = sandbox().await;
    let control = sandbox.control();
    let fault = Fault::Unavailable { retry_after: 7 };
    control.faults().plan(WEBSOCKET, fault, 1);
    let at = &sandbox.addresses().websocket;
    let upgrade = "Upgrade: websocket\r\n";
    let reply = http::get(at, "/", upgrade).await;
    assert_eq!(
        (reply.status, reply.header("retry-after")),
        (503, Some("7"))
    );
    Line::open(at).await;
    assert_eq!(control.calls(WEBSOCKET), 2);
}
