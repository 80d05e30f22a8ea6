//! Rows 23 to 34.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use privicore_sandbox::Sandbox;
use serde_json::json;

use crate::http;
use crate::person::{Person, command_id, sandbox, start, text};

const EXCHANGE: &str = "/data-token/exchange-data-for-token";
const NOT_AN_OWNER: &str = "profile.not_an_owner";

/// Bytes without a pattern that a mistake could hide in.
pub(crate) fn bytes(len: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let next = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    next.take(len).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn small_data_is_exchanged_and_comes_back_inline() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("small", b"some bytes", true).await;
    let id = ada.request(&token).await;
    let data = ada.line.about(&id).await;
    assert_eq!(data["type"], "X-DPT-CAB-REQUEST-ID");
    assert_eq!(data["data_context"], "tests");
    assert_eq!(data["output_type"], 0);
    assert_eq!(data["body"], STANDARD.encode(b"some bytes"));
}

#[tokio::test(flavor = "multi_thread")]
async fn data_of_any_size_is_streamed_and_comes_back_the_same() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let chunk = 256 * 1024;
    for len in [0, 1, chunk - 1, chunk, chunk + 1, 5 * chunk + 12_345] {
        let stored = bytes(len);
        let token = ada.store("large", &stored, false).await;
        assert!(ada.fetch(&token).await == stored, "{len} bytes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_may_come_in_http_chunks() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let (temporary, auth) = ada.space().await;
    let request = format!(
        "POST /?auth={auth} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
         Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n7\r\n second\r\n0\r\n\r\n"
    );
    let reply = http::raw(&ada.at.upstream, request.as_bytes())
        .await
        .unwrap();
    assert_eq!(reply.status, 200);
    let token = ada.file_meta(&temporary, "chunked", 12).await.json();
    assert_eq!(ada.fetch(&text(&token, "token")).await, b"first second");
}

#[tokio::test(flavor = "multi_thread")]
async fn upload_and_download_links_are_good_once() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let (temporary, auth) = ada.space().await;
    let stored = bytes(100_000);
    assert_eq!(ada.upload(&auth, &stored).await.unwrap().status, 200);
    assert_eq!(ada.upload(&auth, &stored).await.unwrap().status, 401);
    let token = ada.file_meta(&temporary, "once", stored.len()).await.json();
    let auth = ada.link(&text(&token, "token")).await;
    assert!(ada.download(&auth).await.body == stored);
    assert_eq!(ada.download(&auth).await.status, 401);
    assert_eq!(ada.download("unknown").await.status, 401);
    assert_eq!(http::get(&ada.at.downstream, "/", "").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_link_expires() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("late", &bytes(100_000), false).await;
    let auth = ada.link(&token).await;
    sandbox.control().clock().advance(Duration::from_secs(301));
    assert_eq!(ada.download(&auth).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_space_lives_as_many_minutes_as_asked() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let reserve = "/data-token/reserve-token-space";
    for refused in ["0", "300", "3600", "soon"] {
        let fields = [("context", "x"), ("ttl", refused)];
        assert_eq!(ada.post(reserve, &fields).await.wrong_fields(), ["ttl"]);
    }
    let id = ada.done(reserve, &[("context", "x"), ("ttl", "2")]).await;
    let clock = sandbox.control().clock().clone();
    clock.advance(Duration::from_secs(115));
    let (temporary, auth) = ada.space_of(&id).await;
    clock.advance(Duration::from_secs(10));
    let path = format!("/data-token/retrieve-temporary-data-token/{id}");
    assert_eq!(ada.get(&path).await.status, 404);
    assert_eq!(ada.upload(&auth, b"late").await.unwrap().status, 401);
    assert_eq!(ada.file_meta(&temporary, "late", 4).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn data_without_file_meta_expires_with_its_space() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let (temporary, auth) = ada.space().await;
    assert_eq!(ada.upload(&auth, &bytes(1000)).await.unwrap().status, 200);
    assert_eq!(files(&sandbox).await, 3);
    sandbox.control().clock().advance(Duration::from_secs(301));
    assert_eq!(ada.file_meta(&temporary, "late", 1000).await.status, 404);
    while files(&sandbox).await > 0 {
        tokio::task::yield_now().await;
    }
}

async fn files(sandbox: &Sandbox) -> usize {
    let devices = sandbox.control().list_devices().await.unwrap();
    devices.iter().map(|device| device.files).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_space_takes_data_once_and_needs_it_to_become_permanent() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let (temporary, _) = ada.space().await;
    assert_eq!(ada.file_meta(&temporary, "empty", 0).await.status, 422);
    let fields = [
        ("temporaryTokenSpace", temporary.as_str()),
        ("data", "AAAA"),
    ];
    ada.done(EXCHANGE, &fields).await;
    assert_eq!(ada.post(EXCHANGE, &fields).await.status, 409);
    let first = ada.file_meta(&temporary, "full", 3).await.json();
    let again = ada.file_meta(&temporary, "full", 3).await.json();
    assert_eq!(first, again);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_takes_only_base64_of_little_data() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let (temporary, _) = ada.space().await;
    let large = STANDARD.encode(bytes(50 * 1024 + 1));
    for data in [large.as_str(), "not base64!"] {
        let fields = [("temporaryTokenSpace", temporary.as_str()), ("data", data)];
        assert_eq!(ada.post(EXCHANGE, &fields).await.wrong_fields(), ["data"]);
    }
    let unknown = [("temporaryTokenSpace", "tmp-unknown"), ("data", "AAAA")];
    assert_eq!(ada.post(EXCHANGE, &unknown).await.status, 404);
    let most = STANDARD.encode(bytes(50 * 1024));
    let fields = [("temporaryTokenSpace", temporary.as_str()), ("data", &most)];
    ada.done(EXCHANGE, &fields).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_storage_device_nothing_becomes_permanent() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut ada = Person::new(&sandbox, "ada").await;
    let (temporary, auth) = ada.space().await;
    assert_eq!(ada.upload(&auth, b"bytes").await.unwrap().status, 503);
    let fields = [
        ("temporaryTokenSpace", temporary.as_str()),
        ("data", "AAAA"),
    ];
    let id = ada.command(EXCHANGE, &fields).await;
    let path = format!("/request-status/{id}");
    assert!(
        String::from_utf8(ada.post(&path, &[]).await.body)
            .unwrap()
            .contains("started")
    );
    assert_eq!(ada.file_meta(&temporary, "nowhere", 3).await.status, 422);
    sandbox.control().clock().advance(Duration::from_secs(301));
    assert_eq!(ada.outcome(&id).await, (3, "storage.no_device".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_one_profile_is_out_of_reach_for_another() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let mut bob = Person::new(&sandbox, "bob").await;
    let token = ada.store("mine", b"mine", true).await;
    let reservation = ada
        .done("/data-token/reserve-token-space", &[("context", "x")])
        .await;
    let (temporary, _) = ada.space_of(&reservation).await;

    let path = format!("/data-token/retrieve-temporary-data-token/{reservation}");
    assert_eq!(bob.get(&path).await.status, 404);
    let fields = [
        ("temporaryTokenSpace", temporary.as_str()),
        ("data", "AAAA"),
    ];
    assert_eq!(bob.post(EXCHANGE, &fields).await.status, 404);
    assert_eq!(bob.file_meta(&temporary, "mine", 3).await.status, 404);
    let request = bob
        .post("/data-token/request-data", &[("token", &token)])
        .await;
    assert_eq!(request.status, 404);
    assert!(bob.list(&[("filters[token]", &token)]).await.is_empty());

    let update = json!({ "dataToken": token, "data": "AAAA" });
    let reply = bob.post_json("/data-token/update-data", &update).await;
    let outcome = bob.outcome(&command_id(&reply)).await;
    assert_eq!(outcome, (3, NOT_AN_OWNER.to_owned()));
    let risk = [
        ("token", token.as_str()),
        ("classification", "c"),
        ("label", "l"),
        ("handling", "h"),
    ];
    for (path, fields) in [
        ("/data-token/delete-data", &risk[..1]),
        ("/data-token/update-data-token", &risk[..1]),
        (
            "/data-token/configure-information-security-risk-meta",
            &risk[..],
        ),
    ] {
        assert_eq!(
            bob.settled(path, fields).await,
            (3, NOT_AN_OWNER.to_owned()),
            "{path}"
        );
    }
    assert_eq!(ada.fetch(&token).await, b"mine");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_tokens_are_not_found() {
    let sandbox = sandbox().await;
    let ada = Person::new(&sandbox, "ada").await;
    let fields = [
        ("token", "dtk-unknown"),
        ("classification", "c"),
        ("label", "l"),
        ("handling", "h"),
    ];
    for path in [
        "/data-token/request-data",
        "/data-token/delete-data",
        "/data-token/update-data-token",
        "/data-token/configure-information-security-risk-meta",
    ] {
        assert_eq!(ada.post(path, &fields).await.status, 404, "{path}");
    }
    let update = json!({ "dataToken": "dtk-unknown", "data": "AAAA" });
    assert_eq!(
        ada.post_json("/data-token/update-data", &update)
            .await
            .status,
        404
    );
    let path = "/data-token/retrieve-temporary-data-token/unknown";
    assert_eq!(ada.get(path).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_data_is_gone_from_list_and_devices() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("gone", b"gone", true).await;
    assert_eq!(files(&sandbox).await, 3);
    ada.done("/data-token/delete-data", &[("token", &token)])
        .await;
    assert_eq!(files(&sandbox).await, 0);
    assert!(ada.list(&[]).await.is_empty());
    let request = ada
        .post("/data-token/request-data", &[("token", &token)])
        .await;
    assert_eq!(request.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn updated_data_keeps_its_token() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("old", b"old bytes", true).await;
    let update = json!({
        "dataToken": token,
        "data": STANDARD.encode(b"new bytes!"),
        "meta": {
            "data": { "type": "note" },
            "file": { "fileName": "new" },
            "information_security_risk": { "label": "secret" },
        },
    });
    let reply = ada.post_json("/data-token/update-data", &update).await;
    assert_eq!(ada.outcome(&command_id(&reply)).await.0, 2);
    assert_eq!(ada.fetch(&token).await, b"new bytes!");
    assert_eq!(files(&sandbox).await, 3);
    let listed = ada.list(&[("filters[meta.data.type]", "note")]).await;
    assert_eq!(listed[0]["token"], token);
    assert_eq!(listed[0]["fileName"], "new");
    assert_eq!(listed[0]["size"], 10);
    assert_eq!(
        listed[0]["meta"]["information_security_risk"]["label"],
        "secret"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_is_changed_field_by_field() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("name", b"x", true).await;
    let fields = [("token", token.as_str()), ("extension", "txt")];
    ada.done("/data-token/update-data-token", &fields).await;
    let risk = [
        ("token", token.as_str()),
        ("classification", "internal"),
        ("label", "amber"),
        ("handling", "careful"),
    ];
    ada.done(
        "/data-token/configure-information-security-risk-meta",
        &risk,
    )
    .await;
    let listed = &ada.list(&[]).await[0];
    assert_eq!(listed["fileName"], "name");
    assert_eq!(listed["extension"], "txt");
    let expected = json!({ "classification": "internal", "label": "amber", "handling": "careful" });
    assert_eq!(listed["meta"]["information_security_risk"], expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_paged_newest_first() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    for name in ["one", "two", "three"] {
        ada.store(name, b"x", true).await;
    }
    let names = async |query: &[(&str, &str)]| -> Vec<String> {
        let listed = ada.list(query).await;
        listed
            .iter()
            .map(|token| token["fileName"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&[]).await, ["three", "two", "one"]);
    assert_eq!(names(&[("page", "2"), ("perPage", "2")]).await, ["one"]);
    assert!(names(&[("page", "3"), ("perPage", "2")]).await.is_empty());
    assert_eq!(
        names(&[("filters[meta.file.fileName]", "two")]).await,
        ["two"]
    );
    assert_eq!(
        names(&[("filters[meta.file.extension]", "bin")])
            .await
            .len(),
        3
    );
    assert!(names(&[("filters[context]", "other")]).await.is_empty());
    for refused in ["perPage=0", "perPage=1001", "page=0", "page=x"] {
        let path = format!("/data-token/list-data-tokens?{refused}");
        assert_eq!(ada.get(&path).await.status, 422, "{refused}");
    }
    let reply = ada.get("/data-token/list-data-tokens?perPage=1000").await;
    assert_eq!(
        reply.json()["meta"],
        json!({ "count": 3, "page": 1, "perPage": 1000 })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_is_counted() {
    let sandbox = start(Sandbox::builder()).await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("exchanged", b"x", true).await;
    ada.store("streamed", b"x", false).await;
    ada.fetch(&token).await;
    let update = json!({ "dataToken": token, "data": STANDARD.encode(b"y") });
    let update = ada.post_json("/data-token/update-data", &update).await;
    assert_eq!(ada.outcome(&command_id(&update)).await.0, 2);
    ada.done("/data-token/delete-data", &[("token", &token)])
        .await;
    let counts = ada
        .get("/data-token/transaction-count-statistics")
        .await
        .json();
    let expected = json!({ "stored": 2, "requested": 1, "updated": 1, "deleted": 1 });
    assert_eq!(counts, expected);
}
