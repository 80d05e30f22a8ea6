//! Answers that name a field, or never arrive although the request was served.

use privicore_sandbox::{DOWNSTREAM, Fault, UPSTREAM};

use crate::data_tokens::bytes;
use crate::http;
use crate::person::{Person, both_dialects, sandbox};

const RESERVE: &str = "data-token/reserve-token-space";
const RESERVE_PATH: &str = "/data-token/reserve-token-space";
const FILE_META: &str = "data-token/configure-file-meta";
const FILE_META_PATH: &str = "/data-token/configure-file-meta";

fn meta(temporary: &str) -> [(&str, &str); 6] {
    [
        ("token", temporary),
        ("fileName", "kept"),
        ("extension", "bin"),
        ("context", "tests"),
        ("size", "4"),
        ("path", "/"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_request_can_be_answered_422_with_a_field() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let field = "context".to_owned();
        let faults = sandbox.control();
        faults.faults().plan(RESERVE, Fault::Invalid { field }, 1);
        let reply = ada.post(RESERVE_PATH, &[("context", "x")]).await;
        assert_eq!(reply.wrong_fields(), ["context"]);
        ada.done(RESERVE_PATH, &[("context", "x")]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_can_be_done_without_its_answer_arriving() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        control.faults().plan(RESERVE, Fault::AnswerLost, 1);
        assert_eq!(ada.post(RESERVE_PATH, &[]).await.status, 422);
        assert!(
            ada.try_post(RESERVE_PATH, &[("context", "x")])
                .await
                .is_none()
        );
        let ack = ada.line.next().await.unwrap();
        assert_eq!(ack["data"]["command_status"], 2);
        let id = ack["data"]["id"].as_str().unwrap();
        ada.space_of(id).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_can_become_permanent_without_its_answer_arriving() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let (temporary, auth) = ada.space().await;
        ada.upload(&auth, b"kept").await.unwrap();
        control.faults().plan(FILE_META, Fault::AnswerLost, 1);
        assert!(
            ada.try_post(FILE_META_PATH, &meta(&temporary))
                .await
                .is_none()
        );
        let kept = control.list_tokens("ada").await.unwrap();
        assert_eq!(kept.len(), 1);
        let again = ada.post(FILE_META_PATH, &meta(&temporary)).await.json();
        assert_eq!(crate::person::text(&again, "token"), kept[0].token);
        assert_eq!(control.list_tokens("ada").await.unwrap(), kept);
        assert_eq!(control.calls(FILE_META), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_or_download_can_lose_its_answer() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let control = sandbox.control();
    let (temporary, auth) = ada.space().await;
    control.faults().plan(UPSTREAM, Fault::AnswerLost, 1);
    let stored = bytes(300_000);
    assert!(ada.upload(&auth, &stored).await.is_none());
    let reply = ada.file_meta(&temporary, "kept", stored.len()).await;
    assert_eq!(reply.status, 200);

    let token = crate::person::text(&reply.json(), "token");
    let auth = ada.link(&token).await;
    control.faults().plan(DOWNSTREAM, Fault::AnswerLost, 1);
    let path = format!("/?auth={auth}");
    let nothing = http::send(&ada.at.downstream, ("GET", &path), "", b"").await;
    assert!(nothing.is_none());
    assert_eq!(ada.download(&auth).await.status, 401);
    assert!(ada.fetch(&token).await == stored);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_can_be_withheld_until_the_end() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let (temporary, auth) = ada.space().await;
        ada.upload(&auth, b"kept").await.unwrap();
        control.faults().plan(FILE_META, Fault::AnswerWithheld, 1);
        let asking =
            tokio::spawn(async move { ada.try_post(FILE_META_PATH, &meta(&temporary)).await });
        while control.list_tokens("ada").await.unwrap().is_empty() {}
        assert!(!asking.is_finished());
        sandbox.shutdown().await;
        assert!(asking.await.unwrap().is_none());
    }
}
