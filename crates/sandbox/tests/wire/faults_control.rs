//! The sandbox's own paths.

use privicore_sandbox::{Addresses, Sandbox};
use serde_json::{Value, json};

use crate::http;
use crate::person::{Person, start};

async fn controlled() -> Sandbox {
    start(Sandbox::builder().control(true)).await
}

async fn set(at: &Addresses, path: &str, body: Value) -> http::Reply {
    http::post_json(&at.api, &format!("/__sandbox{path}"), "", &body).await
}

async fn seen(at: &Addresses, path: &str) -> Value {
    let path = format!("/__sandbox{path}");
    http::get(&at.api, &path, "").await.json()
}

async fn plan(at: &Addresses, operation: &str, fault: Value) {
    let plan = json!({ "operation": operation, "fault": fault });
    assert_eq!(set(at, "/faults", plan).await.status, 204, "{operation}");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_can_be_set_over_http() {
    let sandbox = Sandbox::builder()
        .control(true)
        .auto_storage(1)
        .start()
        .await
        .unwrap();
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("x", b"x", true).await;
    let api = ada.at.api.clone();
    let set = async |path: &str, body| {
        let path = format!("/__sandbox{path}");
        http::post_json(&api, &path, "", &body).await.status
    };
    let fault = json!({ "kind": "unavailable", "retryAfter": 3 });
    let plan = json!({ "operation": "health", "fault": fault, "times": 1 });
    assert_eq!(set("/faults", plan.clone()).await, 204);
    assert_eq!(http::get(&api, "/health", "").await.status, 503);
    assert_eq!(set("/faults", plan).await, 204);
    let cleared = http::send(&api, ("DELETE", "/__sandbox/faults"), "", b"").await;
    assert_eq!(cleared.unwrap().status, 204);
    assert_eq!(http::get(&api, "/health", "").await.status, 200);

    assert_eq!(
        set("/dialect", json!({ "dialect": "documented" })).await,
        204
    );
    let dialect = http::get(&api, "/__sandbox/dialect", "").await.json();
    assert_eq!(dialect["dialect"], "documented");
    assert_eq!(set("/dialect", json!({ "dialect": "klingon" })).await, 422);

    assert_eq!(set("/engine/rotate", json!({})).await, 204);
    let devices = http::get(&api, "/__sandbox/devices", "").await.json();
    let device = devices[0]["deviceIdentifier"].as_str().unwrap();
    let damage = json!({ "token": token, "damage": { "kind": "flip-bit", "chunk": 0 } });
    assert_eq!(set(&format!("/devices/{device}/damage"), damage).await, 204);
    assert_eq!(
        set(&format!("/devices/{device}"), json!({ "online": false })).await,
        204
    );
    assert_eq!(
        set("/devices/unknown", json!({ "online": false })).await,
        404
    );

    assert_eq!(set("/clock/advance", json!({ "seconds": 3600 })).await, 200);
    assert_eq!(ada.get("/profile/retrieve-profile-id").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_can_be_planned_over_http() {
    let sandbox = controlled().await;
    let at = sandbox.addresses();
    for fault in [
        json!({ "kind": "ack-before-response" }),
        json!({ "kind": "ack-late", "milliseconds": 5 }),
        json!({ "kind": "ack-lost" }),
        json!({ "kind": "ack-twice" }),
        json!({ "kind": "reject", "reason": "policy.rejected" }),
        json!({ "kind": "held-for-vote" }),
        json!({ "kind": "unauthorized" }),
        json!({ "kind": "invalid", "field": "context" }),
        json!({ "kind": "internal-error" }),
        json!({ "kind": "unavailable", "retryAfter": 3 }),
        json!({ "kind": "answer-lost" }),
        json!({ "kind": "answer-withheld" }),
        json!({ "kind": "drop-before-join" }),
        json!({ "kind": "drop-after-join" }),
        json!({ "kind": "drop-after-join", "messages": 2 }),
        json!({ "kind": "upload-cut", "after": 5 }),
        json!({ "kind": "download-cut", "after": 5 }),
        json!({ "kind": "slow-body", "bytes": 5, "milliseconds": 5 }),
        json!({ "kind": "download-stalled", "after": 5 }),
        json!({ "kind": "flip-byte", "at": 5 }),
        json!({ "kind": "other-bytes" }),
        json!({ "kind": "older-bytes" }),
        json!({ "kind": "bytes-appended", "count": 5 }),
        json!({ "kind": "disk-full" }),
        json!({ "kind": "link-expired" }),
        json!({ "kind": "link-used" }),
        json!({ "kind": "no-stream" }),
    ] {
        plan(at, "nowhere", fault).await;
    }
    let unknown = json!({ "operation": "health", "fault": { "kind": "earthquake" } });
    assert_eq!(set(at, "/faults", unknown).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn votes_can_be_decided_over_http() {
    let sandbox = controlled().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let at = &ada.at.clone();
    let delete = "data-token/delete-data";
    let mut ids = Vec::new();
    for name in ["first", "second", "third"] {
        let token = ada.store(name, b"x", true).await;
        plan(at, delete, json!({ "kind": "held-for-vote" })).await;
        let fields = [("token", token.as_str())];
        ids.push(ada.command("/data-token/delete-data", &fields).await);
    }
    let held = seen(at, "/held").await;
    assert_eq!(held.as_array().unwrap().len(), 3);
    assert_eq!(
        (&held[0]["id"], &held[0]["operation"]),
        (&json!(ids[0]), &json!(delete))
    );

    for _ in 0..2 {
        let again = set(at, &format!("/held/{}/remind", ids[0]), json!({})).await;
        assert_eq!(again.status, 204);
        assert_eq!(ada.next_message(&ids[0]).await, (1, String::new()));
    }
    let path = format!("/held/{}", ids[0]);
    let reject = json!({ "verdict": "reject", "reason": "vote.timed_out" });
    assert_eq!(set(at, &path, reject.clone()).await.status, 204);
    assert_eq!(ada.outcome(&ids[0]).await, (3, "vote.timed_out".to_owned()));
    assert_eq!(set(at, &path, reject).await.status, 404);
    assert_eq!(
        set(at, &path, json!({ "verdict": "perhaps" })).await.status,
        422
    );

    let rest = set(at, "/held", json!({ "verdict": "approve" })).await;
    assert_eq!(rest.json()["released"], 2);
    assert_eq!(ada.list(&[]).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_can_be_counted_over_http() {
    let sandbox = controlled().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let at = &ada.at.clone();
    let token = ada.store("kept", b"kept", true).await;
    let tokens = seen(at, "/profiles/ada/tokens").await;
    let expected = json!([{
        "token": token, "context": "tests", "fileName": "kept",
        "statedBytes": 4, "storedBytes": 4,
    }]);
    assert_eq!(tokens, expected);
    assert_eq!(seen(at, "/profiles/nobody/tokens").await, json!([]));
    let disk = json!({ "blobs": 1, "temporary": 0, "copies": 3, "unfinished": 0 });
    assert_eq!(seen(at, "/disk").await, disk);
    assert_eq!(
        seen(at, "/calls").await["data-token/configure-file-meta"],
        1
    );
    let forgotten = http::send(&at.api, ("DELETE", "/__sandbox/calls"), "", b"").await;
    assert_eq!(forgotten.unwrap().status, 204);
    assert_eq!(seen(at, "/calls").await, json!({}));
}
