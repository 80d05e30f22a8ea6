//! Links and auth tokens that are good for nothing.

use privicore_sandbox::Fault;

use crate::data_tokens::bytes;
use crate::person::{Person, both_dialects, sandbox};

const REQUEST: &str = "data-token/request-data";
const TEMPORARY: &str = "data-token/retrieve-temporary-data-token";

#[tokio::test(flavor = "multi_thread")]
async fn a_link_can_be_expired_or_missing() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let control = sandbox.control();
    let token = ada.store("late", &bytes(60_000), false).await;
    control.faults().plan(REQUEST, Fault::LinkExpired, 1);
    let auth = ada.link(&token).await;
    assert_eq!(ada.download(&auth).await.status, 401);

    control.faults().plan(TEMPORARY, Fault::LinkExpired, 1);
    let (_, auth) = ada.space().await;
    assert_eq!(ada.upload(&auth, b"x").await.unwrap().status, 401);

    control.faults().plan(TEMPORARY, Fault::NoStream, 1);
    let id = ada
        .done("/data-token/reserve-token-space", &[("context", "x")])
        .await;
    let reply = ada.get(&format!("/{TEMPORARY}/{id}")).await;
    assert!(reply.json().is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_can_have_been_used_already() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let stored = bytes(60_000);
        let token = ada.store("once", &stored, false).await;
        control.faults().plan(REQUEST, Fault::LinkUsed, 1);
        let auth = ada.link(&token).await;
        assert_eq!(ada.download(&auth).await.status, 401);
        assert!(ada.fetch(&token).await == stored);

        control.faults().plan(TEMPORARY, Fault::LinkUsed, 1);
        let (_, auth) = ada.space().await;
        assert_eq!(ada.upload(&auth, b"x").await.unwrap().status, 401);
        let (_, auth) = ada.space().await;
        assert_eq!(ada.upload(&auth, b"x").await.unwrap().status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_can_lead_elsewhere() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let elsewhere = Fault::LinkTo {
        address: "http://elsewhere.example/?auth=x".into(),
    };
    let faults = sandbox.control();
    faults.faults().plan(TEMPORARY, elsewhere, 1);
    let id = ada
        .done("/data-token/reserve-token-space", &[("context", "x")])
        .await;
    let reply = ada.get(&format!("/{TEMPORARY}/{id}")).await.json();
    assert_eq!(reply["stream"], "http://elsewhere.example/?auth=x");
}
