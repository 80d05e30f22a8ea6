//! Each setting on its own, by raw bytes.

use std::time::Duration;

use privicore_sandbox::{
    DeviceKeys, Dialect, Fault, FileMetaForm, KeyOrder, LinkForm, ListForm, PendingStatus,
    RequestIds, Sandbox, Settings, StatusMethod, StreamReady, TtlUnit, UpdatedMetadata, Verdict,
};
use serde_json::{Value, json};

use crate::data_tokens::bytes;
use crate::http;
use crate::person::{PASSWORD, Person, authenticate, command_id, items, start, text};

const RESERVE: &str = "/data-token/reserve-token-space";
const LIST: &str = "/data-token/list-data-tokens";

async fn ada_with(settings: Settings) -> (Sandbox, Person) {
    let sandbox = start(Sandbox::builder().settings(settings)).await;
    let ada = Person::new(&sandbox, "ada").await;
    (sandbox, ada)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_may_have_another_id_than_its_command() {
    let (sandbox, mut ada) = ada_with(Settings {
        request_ids: RequestIds::Separate,
        ..Settings::default()
    })
    .await;
    let token = ada.store("x", b"bytes", true).await;
    let fields = [("token", token.as_str())];
    let reply = ada.post("/data-token/request-data", &fields).await;
    let request = reply.header("x-dpt-cab-request-id").unwrap().to_owned();
    let command = reply.header("x-dpt-cab-id").unwrap().to_owned();
    assert_ne!(request, command);
    assert_eq!(ada.outcome(&command).await, (2, String::new()));
    assert_eq!(ada.fetch_of(&request).await, b"bytes");
    assert_eq!(ada.poll(&command).await, "succeeded");
    let unknown = format!("/request-status/{request}");
    assert_eq!(ada.post(&unknown, &[]).await.status, 404);

    let held = Fault::HeldForVote;
    let faults = sandbox.control();
    faults.faults().plan("data-token/request-data", held, 1);
    let reply = ada.post("/data-token/request-data", &fields).await;
    let command = reply.header("x-dpt-cab-id").unwrap().to_owned();
    assert_eq!(ada.poll(&command).await, "started");
    let reason = "vote.rejected".to_owned();
    let verdict = Verdict::Reject { reason };
    assert!(faults.release(&command, verdict).await.unwrap());
    assert_eq!(ada.outcome(&command).await, (3, "vote.rejected".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ttl_may_count_seconds() {
    let (sandbox, mut ada) = ada_with(Settings {
        ttl_unit: TtlUnit::Seconds,
        ..Settings::default()
    })
    .await;
    let too_long = [("context", "x"), ("ttl", "3601")];
    assert_eq!(ada.post(RESERVE, &too_long).await.wrong_fields(), ["ttl"]);
    let id = ada.done(RESERVE, &[("context", "x"), ("ttl", "60")]).await;
    ada.space_of(&id).await;
    sandbox.control().clock().advance(Duration::from_secs(61));
    let path = format!("/data-token/retrieve-temporary-data-token/{id}");
    assert_eq!(ada.get(&path).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ttl_beyond_the_cap_is_refused() {
    let (_sandbox, mut ada) = ada_with(Settings {
        longest_ttl: Some(5),
        ..Settings::default()
    })
    .await;
    let too_long = [("context", "x"), ("ttl", "6")];
    assert_eq!(ada.post(RESERVE, &too_long).await.wrong_fields(), ["ttl"]);
    ada.done(RESERVE, &[("context", "x"), ("ttl", "5")]).await;
    ada.done(RESERVE, &[("context", "x")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_beyond_the_cap_is_refused() {
    let (sandbox, mut ada) = ada_with(Settings {
        largest_page: Some(2),
        ..Settings::default()
    })
    .await;
    for name in ["a", "b", "c"] {
        ada.store(name, b"x", true).await;
    }
    let refused = ada.get(&format!("{LIST}?perPage=3")).await;
    assert_eq!(refused.wrong_fields(), ["perPage"]);
    assert_eq!(ada.list(&[("perPage", "2")]).await.len(), 2);
    assert_eq!(ada.list(&[]).await.len(), 2);
    sandbox.control().choose(Settings {
        largest_page: Some(0),
        ..Settings::default()
    });
    let refused = ada.get(&format!("{LIST}?perPage=1")).await;
    assert_eq!(refused.wrong_fields(), ["perPage"]);
    assert_eq!(ada.list(&[("page", "3")]).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_the_form_that_is_chosen() {
    let (sandbox, mut ada) = ada_with(Settings::default()).await;
    let token = ada.store("x", b"x", true).await;
    let list = async |form| {
        sandbox.control().choose(Settings {
            lists: Some(form),
            ..Settings::default()
        });
        ada.get(LIST).await.json()
    };
    assert_eq!(list(ListForm::Array).await[0]["token"], token);
    assert_eq!(list(ListForm::Items).await["items"][0]["token"], token);
    let data = list(ListForm::Data).await;
    assert_eq!(data["data"][0]["token"], token);
    assert_eq!(data["meta"]["count"], 1);
    let keyed = list(ListForm::Keyed).await;
    assert_eq!(keyed[&token]["fileName"], "x");
    assert_eq!(keyed[&token]["token"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_may_have_to_be_registered_before_the_first_sign_in() {
    let sandbox = start(Sandbox::builder().settings(Settings {
        key_order: KeyOrder::BeforeAuthenticate,
        ..Settings::default()
    }))
    .await;
    let at = sandbox.addresses();
    let named = [("username", "ada"), ("password", PASSWORD)];
    let reply = http::post(&at.api, "/profile/register-profile", "", &named).await;
    settled_without_a_token(&sandbox, &command_id(&reply)).await;
    assert_eq!(authenticate(at, "ada", PASSWORD).await, None);
    let keys = http::get(&at.api, "/generate-keys", "").await.json();
    let key = ("publicKey", keys["public"].as_str().unwrap());
    let path = "/public-key/register-public-key";
    let wrong = [("username", "ada"), ("password", "guess"), key];
    assert_eq!(http::post(&at.api, path, "", &wrong).await.status, 401);
    let reply = http::post(&at.api, path, "", &[named[0], named[1], key]).await;
    settled_without_a_token(&sandbox, &command_id(&reply)).await;
    assert!(authenticate(at, "ada", PASSWORD).await.is_some());
}

/// Polls as a client does that cannot sign in yet.
async fn settled_without_a_token(sandbox: &Sandbox, id: &str) {
    let path = format!("/request-status/{id}");
    loop {
        let reply = http::post(&sandbox.addresses().api, &path, "", &[]).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        if String::from_utf8_lossy(&reply.body).contains("succeeded") {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stream_ready_may_bring_the_address_or_never_come() {
    let (sandbox, mut ada) = ada_with(Settings {
        stream_ready: StreamReady::WithUrl,
        ..Settings::default()
    })
    .await;
    let token = ada.store("large", &bytes(60_000), false).await;
    let id = ada.request(&token).await;
    let auth = text(&ada.line.about(&id).await["body"], "");
    let ready = ada.line.about(&id).await;
    assert_eq!(
        (&ready["type"], &ready["id"]),
        (&json!("STREAM-READY"), &Value::Null)
    );
    let address = format!("{}/?auth={auth}", ada.at.downstream);
    assert_eq!(ready["streamUrl"], address);

    sandbox.control().choose(Settings {
        stream_ready: StreamReady::Never,
        ..Settings::default()
    });
    let id = ada.request(&token).await;
    let auth = text(&ada.line.about(&id).await["body"], "");
    assert_eq!(ada.download(&auth).await.body, bytes(60_000));
    // Whatever comes next is about something else.
    let other = ada.request(&token).await;
    assert_eq!(ada.line.next().await.unwrap()["data"]["id"], other);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_download_has_the_form_that_is_chosen() {
    let (sandbox, mut ada) = ada_with(Settings::default()).await;
    let token = ada.store("small", b"small", true).await;
    let place = ada.at.downstream.trim_start_matches("http://").to_owned();
    for (form, start) in [
        (LinkForm::Url, format!("http://{place}/?auth=")),
        (LinkForm::WithoutScheme, format!("{place}/?auth=")),
        (LinkForm::Token, String::new()),
        (LinkForm::Placed, String::new()),
    ] {
        sandbox.control().choose(Settings {
            downloads: Some(form),
            stream_ready: StreamReady::Never,
            ..Settings::default()
        });
        let id = ada.request(&token).await;
        let data = ada.line.about(&id).await;
        assert_eq!(data["output_type"], 1);
        let auth = data["body"].as_str().unwrap().strip_prefix(&start).unwrap();
        assert_eq!(ada.download(auth).await.body, b"small", "{form:?}");
        if form == LinkForm::Placed {
            let (host, port) = place.split_once(':').unwrap();
            assert_eq!(data["download_server_id"], host);
            assert_eq!(data["download_server_port"].to_string(), port);
        } else {
            assert_eq!(data["download_server_id"], Value::Null);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_upload_has_the_form_that_is_chosen() {
    let (sandbox, mut ada) = ada_with(Settings::default()).await;
    let place = ada.at.upstream.trim_start_matches("http://").to_owned();
    let id = ada.done(RESERVE, &[("context", "x")]).await;
    let path = format!("/data-token/retrieve-temporary-data-token/{id}");
    for (form, start, is_placed) in [
        (LinkForm::Url, format!("http://{place}/?auth="), false),
        (LinkForm::WithoutScheme, format!("{place}/?auth="), false),
        (LinkForm::Token, String::new(), false),
        (LinkForm::Placed, String::new(), true),
    ] {
        sandbox.control().choose(Settings {
            uploads: Some(form),
            ..Settings::default()
        });
        let space = ada.get(&path).await.json();
        let auth = space["stream"].as_str().unwrap();
        let auth = auth.strip_prefix(&start).unwrap();
        assert!(!auth.contains('='), "{form:?}");
        assert_eq!(space["stream_server_id"].is_string(), is_placed);
        assert_eq!(space["stream_server_port"].is_number(), is_placed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_may_replace_all_metadata() {
    for (updated_metadata, kept) in [
        (UpdatedMetadata::Merged, "name"),
        (UpdatedMetadata::Replaced, ""),
    ] {
        let (_sandbox, mut ada) = ada_with(Settings {
            updated_metadata,
            ..Settings::default()
        })
        .await;
        let token = ada.store("name", b"one", true).await;
        let update = async |ada: &mut Person, meta: Value| {
            let body = json!({ "dataToken": token, "data": "dHdv", "meta": meta });
            let reply = ada.post_json("/data-token/update-data", &body).await;
            assert_eq!(ada.outcome(&command_id(&reply)).await.0, 2);
            ada.list(&[("filters[token]", &token)]).await.remove(0)
        };
        let listed = update(&mut ada, Value::Null).await;
        assert_eq!(listed["fileName"], kept, "{updated_metadata:?}");
        let file = json!({ "file": { "fileName": "sent", "path": "/there" } });
        let listed = update(&mut ada, file).await;
        assert_eq!(listed["fileName"], "sent");
        assert_eq!(listed["meta"]["file"]["path"], "/there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_may_be_told_to_one_method_alone() {
    for dialect in [Dialect::Documented, Dialect::Observed, Dialect::Mixed] {
        for (method, get, post) in [
            (StatusMethod::Get, 200, 405),
            (StatusMethod::Post, 405, 200),
        ] {
            let settings = Settings {
                status_method: Some(method),
                ..Settings::default()
            };
            let sandbox = start(Sandbox::builder().dialect(dialect).settings(settings)).await;
            let mut ada = Person::new(&sandbox, "ada").await;
            let id = ada.done(RESERVE, &[("context", "x")]).await;
            let path = format!("/request-status/{id}");
            assert_eq!(ada.get(&path).await.status, get, "{dialect:?}");
            assert_eq!(ada.post(&path, &[]).await.status, post, "{dialect:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_may_be_unknown_until_the_command_is_settled() {
    let (sandbox, mut ada) = ada_with(Settings {
        pending_status: PendingStatus::Unknown,
        ..Settings::default()
    })
    .await;
    let late = Fault::AckLate {
        milliseconds: 60_000,
    };
    let control = sandbox.control();
    control
        .faults()
        .plan("data-token/reserve-token-space", late, 1);
    let id = ada.command(RESERVE, &[("context", "x")]).await;
    let path = format!("/request-status/{id}");
    assert_eq!(ada.post(&path, &[]).await.status, 404);
    control.clock().advance(Duration::from_mins(2));
    assert_eq!(ada.outcome(&id).await, (2, String::new()));
    assert_eq!(ada.post(&path, &[]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn file_meta_may_be_a_command_however_often_it_is_asked() {
    let (_sandbox, mut ada) = ada_with(Settings {
        file_meta: Some(FileMetaForm::Command),
        ..Settings::default()
    })
    .await;
    let (temporary, auth) = ada.space().await;
    ada.upload(&auth, b"x").await.unwrap();
    for _ in 0..2 {
        let reply = ada.file_meta(&temporary, "x", 1).await;
        assert_eq!(reply.status, 202);
        assert_eq!(ada.outcome(&command_id(&reply)).await, (2, String::new()));
    }
    assert_eq!(ada.list(&[]).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_may_need_a_key_before_it_is_approved() {
    let (_sandbox, mut ada) = ada_with(Settings {
        device_keys: DeviceKeys::Required,
        ..Settings::default()
    })
    .await;
    let device = ada.device("Disk").await;
    let this = ("deviceIdentifier", device.as_str());
    let (status, reason) = ada.settled("/device/approve-device", &[this]).await;
    assert_eq!((status, reason.as_str()), (3, "device.public_key_missing"));
    let keys = http::get(&ada.at.api, "/generate-keys", "").await.json();
    let key = ("publicKey", keys["public"].as_str().unwrap());
    let own = ada.get("/public-key/retrieve-public-key").await.json();
    ada.done("/public-key/register-public-key", &[key, this])
        .await;
    ada.done("/device/approve-device", &[this]).await;
    // The profile's own key is another.
    assert_eq!(ada.get("/public-key/retrieve-public-key").await.json(), own);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_chosen_at_run_time() {
    let sandbox = start(Sandbox::builder().control(true)).await;
    let api = &sandbox.addresses().api;
    let path = "/__sandbox/settings";
    let chosen = json!({ "lists": "keyed", "ttlUnit": "seconds", "largestPage": 7 });
    assert_eq!(http::post_json(api, path, "", &chosen).await.status, 204);
    let told = http::get(api, path, "").await.json();
    assert_eq!(
        (&told["lists"], &told["largestPage"]),
        (&json!("keyed"), &json!(7))
    );
    let unknown = json!({ "lists": "sideways" });
    assert_eq!(http::post_json(api, path, "", &unknown).await.status, 422);
    let ada = Person::new(&sandbox, "ada").await;
    let devices = ada.get("/device/retrieve-profile-devices").await.json();
    assert_eq!(devices.as_object().unwrap().len(), 3);
    sandbox.control().choose(Settings::default());
    assert_eq!(
        items(&ada.get("/device/retrieve-profile-devices").await).len(),
        3
    );
}
