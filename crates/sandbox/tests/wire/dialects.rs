//! Every known form occurs in the dialect it belongs to.

use std::collections::HashSet;

use privicore_sandbox::Dialect;
use serde_json::Value;

use crate::data_tokens::bytes;
use crate::http::Reply;
use crate::person::{Person, in_dialect, text};

const RESERVE: &str = "/data-token/reserve-token-space";

fn form(reply: &Reply) -> &'static str {
    match serde_json::from_slice(&reply.body) {
        Ok(Value::String(_)) => "bare",
        Ok(Value::Array(_)) => "array",
        Ok(Value::Object(fields)) if fields.contains_key("items") => "items",
        Ok(Value::Object(_)) => "object",
        _ => "header",
    }
}

async fn command_forms(dialect: Dialect) -> HashSet<&'static str> {
    let sandbox = in_dialect(dialect).await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let device = ada.device("Disk").await;
    let this = [("deviceIdentifier", device.as_str()), ("name", "x")];
    let mut forms = HashSet::new();
    for path in ["/device/approve-device", "/device/configure-meta"] {
        for _ in 0..4 {
            forms.insert(form(&ada.post(path, &this).await));
        }
    }
    for _ in 0..4 {
        forms.insert(form(&ada.post(RESERVE, &[("context", "x")]).await));
    }
    forms
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_names_itself_in_every_form() {
    let documented = command_forms(Dialect::Documented).await;
    assert!(
        documented.is_subset(&HashSet::from(["bare", "array"])),
        "{documented:?}"
    );
    let observed = command_forms(Dialect::Observed).await;
    assert!(!observed.contains("header"), "{observed:?}");
    let mixed = command_forms(Dialect::Mixed).await;
    assert_eq!(mixed, HashSet::from(["bare", "array", "object", "header"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_operation_keeps_its_form_when_observed() {
    let sandbox = in_dialect(Dialect::Observed).await;
    let ada = Person::new(&sandbox, "ada").await;
    let mut forms = HashSet::new();
    for _ in 0..4 {
        forms.insert(form(&ada.post(RESERVE, &[("context", "x")]).await));
    }
    assert_eq!(forms.len(), 1);
}

/// How polling a settled command by GET and by POST is answered, for a few commands.
async fn polls(dialect: Dialect) -> HashSet<(u16, u16, &'static str)> {
    let sandbox = in_dialect(dialect).await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let mut seen = HashSet::new();
    for _ in 0..24 {
        let id = ada.done(RESERVE, &[("context", "x")]).await;
        let path = format!("/request-status/{id}");
        let (get, post) = (ada.get(&path).await, ada.post(&path, &[]).await);
        let served = if get.status == 200 { &get } else { &post };
        if form(served) != "header" {
            assert!(String::from_utf8_lossy(&served.body).contains("succeeded"));
        }
        seen.insert((get.status, post.status, form(served)));
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_is_answered_to_the_method_of_the_dialect() {
    let documented = HashSet::from([(200, 405, "header")]);
    assert_eq!(polls(Dialect::Documented).await, documented);
    let observed = HashSet::from([(405, 200, "bare"), (405, 200, "array")]);
    assert_eq!(polls(Dialect::Observed).await, observed);
    let mixed = polls(Dialect::Mixed).await;
    assert!(mixed.iter().any(|seen| seen.0 == 200) && mixed.iter().any(|seen| seen.1 == 200));
    let forms: HashSet<_> = mixed.iter().map(|seen| seen.2).collect();
    assert_eq!(forms, HashSet::from(["header", "bare", "array"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_command_polls_as_404_when_documented() {
    let sandbox = in_dialect(Dialect::Documented).await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let mut bob = Person::new(&sandbox, "bob").await;
    let device = ada.device("Disk").await;
    let theirs = [("deviceIdentifier", device.as_str())];
    let id = bob.command("/device/remove", &theirs).await;
    assert_eq!(bob.outcome(&id).await.0, 3);
    let reply = bob.get(&format!("/request-status/{id}")).await;
    assert_eq!(reply.status, 404);
    assert_eq!(reply.json()["reason"], "profile.not_an_owner");
}

/// Which forms the temporary token's `stream` takes.
async fn stream_forms(dialect: Dialect) -> HashSet<(bool, bool)> {
    let sandbox = in_dialect(dialect).await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let id = ada.done(RESERVE, &[("context", "x")]).await;
    let path = format!("/data-token/retrieve-temporary-data-token/{id}");
    let mut seen = HashSet::new();
    for _ in 0..3 {
        let space = ada.get(&path).await.json();
        let is_url = space["stream"]
            .as_str()
            .unwrap()
            .starts_with(&ada.at.upstream);
        let placed = space["stream_server_id"] == "127.0.0.1"
            && ada
                .at
                .upstream
                .ends_with(&space["stream_server_port"].to_string());
        seen.insert((is_url, placed));
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_a_url_or_a_bare_value() {
    let documented = stream_forms(Dialect::Documented).await;
    assert_eq!(documented, HashSet::from([(false, true)]));
    let observed = stream_forms(Dialect::Observed).await;
    assert_eq!(observed, HashSet::from([(true, false)]));
    let mixed = stream_forms(Dialect::Mixed).await;
    assert_eq!(
        mixed,
        HashSet::from([(true, false), (false, true), (false, false)])
    );
}

/// The messages that answer one data request, until the data can be had.
async fn answers(ada: &mut Person, token: &str) -> Vec<&'static str> {
    let id = ada.request(token).await;
    let mut seen = Vec::new();
    loop {
        let data = ada.line.about(&id).await;
        let body = data["body"].as_str().unwrap_or_default();
        seen.push(match (data["output_type"].as_u64(), body) {
            (None, _) => "ready",
            (Some(0), body) if body.contains(' ') => "status",
            (Some(0), _) => "inline",
            (Some(_), body) if body.starts_with("http") => "url",
            (Some(_), _) => "token",
        });
        if matches!(seen.last(), Some(&("inline" | "url" | "ready"))) {
            return seen;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn data_is_handed_out_in_every_way() {
    let sandbox = in_dialect(Dialect::Documented).await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let small = ada.store("small", b"small", true).await;
    let large = ada.store("large", &bytes(60_000), false).await;
    assert_eq!(answers(&mut ada, &small).await, ["status", "url"]);
    assert_eq!(answers(&mut ada, &large).await, ["status", "url"]);
    sandbox.control().set_dialect(Dialect::Observed);
    assert_eq!(answers(&mut ada, &small).await, ["inline"]);
    assert_eq!(answers(&mut ada, &large).await, ["token", "ready"]);
    sandbox.control().set_dialect(Dialect::Mixed);
    let mut seen = HashSet::new();
    for _ in 0..4 {
        seen.insert(answers(&mut ada, &small).await.join(" "));
    }
    let expected = ["status url", "inline", "token ready", "url"];
    assert_eq!(seen, expected.map(str::to_owned).into());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_dialect_stores_and_brings_back() {
    for dialect in [Dialect::Documented, Dialect::Observed, Dialect::Mixed] {
        let sandbox = in_dialect(dialect).await;
        let mut ada = Person::new(&sandbox, "ada").await;
        for _ in 0..4 {
            let small = ada.store("small", b"small", true).await;
            let large = ada.store("large", &bytes(300_000), false).await;
            assert_eq!(ada.fetch(&small).await, b"small");
            assert!(ada.fetch(&large).await == bytes(300_000));
        }
        assert_eq!(ada.list(&[]).await.len(), 8);
        assert_eq!(ada.storage().await.len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_have_the_form_of_the_dialect() {
    for (dialect, list) in [(Dialect::Documented, "array"), (Dialect::Observed, "items")] {
        let sandbox = in_dialect(dialect).await;
        let ada = Person::new(&sandbox, "ada").await;
        for path in [
            "/data-token/list-data-tokens",
            "/device/retrieve-profile-devices",
            "/storage/list-storage-devices",
        ] {
            assert_eq!(form(&ada.get(path).await), list, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn file_meta_is_answered_by_the_token_or_by_a_command() {
    for (dialect, expected) in [
        (Dialect::Documented, (202, "object")),
        (Dialect::Observed, (200, "object")),
        (Dialect::Mixed, (200, "bare")),
    ] {
        let sandbox = in_dialect(dialect).await;
        let mut ada = Person::new(&sandbox, "ada").await;
        let (temporary, auth) = ada.space().await;
        ada.upload(&auth, b"x").await.unwrap();
        let reply = ada.file_meta(&temporary, "x", 1).await;
        assert_eq!((reply.status, form(&reply)), expected, "{dialect:?}");
        if reply.status == 200 {
            assert!(text(&reply.json(), "token").starts_with("dtk-"));
        }
    }
}
