//! What goes wrong on request.

use std::time::Duration;

use privicore_sandbox::{DOWNSTREAM, Fault, UPSTREAM};

use crate::data_tokens::bytes;
use crate::http;
use crate::person::{Person, command_id, sandbox};

const RESERVE: &str = "data-token/reserve-token-space";
const RESERVE_PATH: &str = "/data-token/reserve-token-space";

#[tokio::test(flavor = "multi_thread")]
async fn an_ack_can_come_before_the_response() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    sandbox
        .control()
        .faults()
        .plan(RESERVE, Fault::AckBeforeResponse, 1);
    let reply = ada.post(RESERVE_PATH, &[("context", "x")]).await;
    let id = command_id(&reply);
    let path = format!("/request-status/{id}");
    let poll = ada.post(&path, &[]).await;
    assert!(String::from_utf8(poll.body).unwrap().contains("succeeded"));
    assert_eq!(ada.outcome(&id).await.0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ack_can_come_late() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let late = Fault::AckLate {
        milliseconds: 60_000,
    };
    sandbox.control().faults().plan(RESERVE, late, 1);
    let id = ada.command(RESERVE_PATH, &[("context", "x")]).await;
    let path = format!("/request-status/{id}");
    let poll = ada.post(&path, &[]).await;
    assert!(String::from_utf8(poll.body).unwrap().contains("started"));
    let space = format!("/data-token/retrieve-temporary-data-token/{id}");
    assert_eq!(ada.get(&space).await.status, 404);
    sandbox.control().clock().advance(Duration::from_secs(61));
    assert_eq!(ada.outcome(&id).await.0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ack_can_be_lost_or_come_twice() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let faults = sandbox.control();
    faults.faults().plan(RESERVE, Fault::AckLost, 1);
    faults.faults().plan(RESERVE, Fault::AckTwice, 1);
    let lost = ada.command(RESERVE_PATH, &[("context", "x")]).await;
    let path = format!("/request-status/{lost}");
    while !String::from_utf8(ada.post(&path, &[]).await.body)
        .unwrap()
        .contains("succeeded")
    {}
    let twice = ada.done(RESERVE_PATH, &[("context", "x")]).await;
    assert_eq!(ada.outcome(&twice).await.0, 2);
    ada.done(RESERVE_PATH, &[("context", "x")]).await;
    assert_eq!(ada.line.shelved_about(&lost), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_can_be_rejected_with_a_reason() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("kept", b"kept", true).await;
    let reject = Fault::Reject {
        reason: "policy.rejected".to_owned(),
    };
    sandbox
        .control()
        .faults()
        .plan("data-token/delete-data", reject, 1);
    let outcome = ada
        .settled("/data-token/delete-data", &[("token", &token)])
        .await;
    assert_eq!(outcome, (3, "policy.rejected".to_owned()));
    assert_eq!(ada.fetch(&token).await, b"kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_can_be_refused_at_the_door() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let control = sandbox.control();
    let operation = "profile/retrieve-profile-id";
    control.faults().plan(operation, Fault::Unauthorized, 1);
    control.faults().plan(operation, Fault::InternalError, 1);
    control
        .faults()
        .plan(operation, Fault::Unavailable { retry_after: 7 }, 1);
    assert_eq!(ada.get("/profile/retrieve-profile-id").await.status, 401);
    assert_eq!(ada.get("/profile/retrieve-profile-id").await.status, 500);
    let reply = ada.get("/profile/retrieve-profile-id").await;
    assert_eq!(
        (reply.status, reply.header("retry-after")),
        (503, Some("7"))
    );
    assert_eq!(ada.get("/profile/retrieve-profile-id").await.status, 200);
    control.faults().plan(UPSTREAM, Fault::InternalError, 1);
    let (_, auth) = ada.space().await;
    assert_eq!(ada.upload(&auth, b"x").await.unwrap().status, 500);
    assert_eq!(ada.upload(&auth, b"x").await.unwrap().status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_upload_leaves_nothing_behind() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let control = sandbox.control();
    control
        .faults()
        .plan(UPSTREAM, Fault::UploadCut { after: 600_000 }, 1);
    let (temporary, auth) = ada.space().await;
    let stored = bytes(2_000_000);
    assert!(ada.upload(&auth, &stored).await.is_none());
    assert_eq!(ada.upload(&auth, &stored).await.unwrap().status, 401);
    assert_eq!(
        ada.file_meta(&temporary, "cut", stored.len()).await.status,
        422
    );
    while control
        .list_devices()
        .await
        .unwrap()
        .iter()
        .any(|device| device.files > 0)
    {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_the_client_breaks_off_leaves_nothing_behind() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let control = sandbox.control();
    let (temporary, auth) = ada.space().await;
    let head = format!(
        "POST /?auth={auth} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2000000\r\n\r\n"
    );
    let mut request = head.into_bytes();
    request.extend(bytes(1_000_000));
    break_off(&ada.at.upstream, &request).await;
    while control
        .list_devices()
        .await
        .unwrap()
        .iter()
        .any(|device| device.files > 0)
    {
        tokio::task::yield_now().await;
    }
    assert_eq!(ada.file_meta(&temporary, "cut", 1).await.status, 422);
}

async fn break_off(address: &str, request: &[u8]) {
    use tokio::io::AsyncWriteExt;
    let stream = tokio::net::TcpStream::connect(http::authority(address)).await;
    stream.unwrap().write_all(request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_can_be_cut_or_changed_or_anothers() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let control = sandbox.control();
    let stored = bytes(1_000_000);
    let token = ada.store("mine", &stored, false).await;
    ada.store("other", b"other bytes", true).await;

    control
        .faults()
        .plan(DOWNSTREAM, Fault::DownloadCut { after: 300_000 }, 1);
    let auth = ada.link(&token).await;
    let reply = ada.download(&auth).await;
    assert!(reply.cut);
    assert_eq!(reply.body.len(), 300_000);

    control
        .faults()
        .plan(DOWNSTREAM, Fault::FlipByte { at: 700_000 }, 1);
    let fetched = ada.fetch(&token).await;
    let changed: Vec<usize> = (0..stored.len())
        .filter(|at| fetched[*at] != stored[*at])
        .collect();
    assert_eq!(changed, [700_000]);

    control.faults().plan(DOWNSTREAM, Fault::OtherBytes, 1);
    assert_eq!(ada.fetch(&token).await, b"other bytes");
    assert!(ada.fetch(&token).await == stored);
}
