//! What an OAuth access token is good for as authorization.

use serde_json::json;

use crate::http::{get, post};
use crate::oauth::Application;
use crate::person::{Person, sandbox};
use crate::websocket::Line;

const LIST_DEVICES: &str = "/device/retrieve-profile-devices";

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_opens_its_group_of_operations_and_no_other() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let application = Application::new(&mut ada, "all").await;
    let reads = [
        ("device", LIST_DEVICES),
        ("storage", "/storage/list-storage-devices"),
        ("data-token", "/data-token/list-data-tokens"),
        ("profile", "/profile/retrieve-profile-id"),
        ("public-key", "/dptcab/public-key"),
    ];
    for (scope, _) in reads {
        let pair = application.pair(&mut ada, &[scope]).await;
        for (group, path) in reads {
            let reply = get(&ada.at.api, path, &pair.headers()).await;
            let expected = if scope == group { 200 } else { 403 };
            assert_eq!(reply.status, expected, "{scope}: {path}");
            if expected == 403 {
                assert_eq!(reply.json()["error"], "oauth.scope_missing");
            }
        }
    }
    let pair = application.pair(&mut ada, &["all"]).await;
    for (_, path) in reads {
        let reply = get(&ada.at.api, path, &pair.headers()).await;
        assert_eq!(reply.status, 200, "all: {path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_acts_for_the_profile_that_granted_it() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let mut bob = Person::new(&sandbox, "bob").await;
    let application = Application::new(&mut ada, "profile").await;
    let pair = application.pair(&mut bob, &["profile"]).await;
    let path = "/profile/retrieve-profile-id";
    let acting = get(&ada.at.api, path, &pair.headers()).await.json();
    assert_eq!(acting, bob.get(path).await.json());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_cannot_help_itself_to_more() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let application = Application::new(&mut ada, "all").await;
    let profile = application.pair(&mut ada, &["profile"]).await;
    for path in [
        "/profile/change-password",
        "/profile/generate-token-qr",
        "/profile/oauth-application-register",
        "/profile/retrieve-oauth-application-configuration",
    ] {
        let reply = post(&ada.at.api, path, &profile.headers(), &[]).await;
        assert_eq!(reply.status, 403, "{path}");
    }
    let code = "/profile/oauth-application-request-authorization-code";
    let reply = get(&ada.at.api, code, &profile.headers()).await;
    assert_eq!(reply.status, 403);
    let all = application.pair(&mut ada, &["all"]).await;
    let longer = "/profile/reauthorize-authorization-token";
    let fields = [("ttl", "86400")];
    let reply = post(&ada.at.api, longer, &all.headers(), &fields).await;
    assert_eq!(reply.status, 403);
    assert_eq!(reply.json()["error"], "oauth.refresh_instead");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_can_be_revoked() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let application = Application::new(&mut ada, "profile,device").await;
    let pair = application.pair(&mut ada, &["profile", "device"]).await;
    let revoke = "/profile/revoke-authorization-token";
    let reply = post(&ada.at.api, revoke, &pair.headers(), &[]).await;
    assert_eq!(reply.status, 200);
    let reply = get(&ada.at.api, LIST_DEVICES, &pair.headers()).await;
    assert_eq!(reply.status, 401);
    assert_eq!(ada.get(LIST_DEVICES).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_hears_outcomes_but_no_data_beyond_its_scope() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("secret", b"secret", true).await;
    let application = Application::new(&mut ada, "device,data-token").await;
    let device = application.pair(&mut ada, &["device"]).await;
    let reader = application.pair(&mut ada, &["data-token"]).await;
    let mut deaf = Line::joined(&ada.at.websocket, &device.access).await;
    let mut hearing = Line::joined(&ada.at.websocket, &reader.access).await;
    assert_eq!(ada.fetch(&token).await, b"secret");
    let heard = hearing.next().await.unwrap();
    assert_eq!(heard["data"]["type"], "X-DPT-CAB-REQUEST-ID");
    let fields = [("deviceName", "Phone")];
    let id = ada.done("/device/request-unique-identifier", &fields).await;
    let first = deaf.next().await.unwrap();
    assert_eq!(first["data"]["id"], json!(id));
}
