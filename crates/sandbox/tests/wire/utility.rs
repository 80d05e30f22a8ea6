//! Rows 1 and 2, and what every operation has in common.

use crate::http::{self, raw};
use privicore_sandbox::Dialect;

use crate::person::{Person, in_dialect, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn health_needs_no_token() {
    let sandbox = sandbox().await;
    let reply = raw(
        &sandbox.addresses().api,
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    )
    .await
    .unwrap();
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body, br#"{"status":"ok"}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_are_not_found() {
    let sandbox = sandbox().await;
    for path in ["/", "/nowhere", "/policy/nowhere", "/__sandbox/clock"] {
        let reply = http::get(&sandbox.addresses().api, path, "").await;
        assert_eq!(reply.status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_but_the_public_ones_needs_a_token() {
    let sandbox = sandbox().await;
    let api = &sandbox.addresses().api;
    for path in [
        "/profile/retrieve-profile-id",
        "/public-key/retrieve-public-key",
        "/dptcab/public-key",
        "/data-token/retrieve-temporary-data-token/x",
        "/data-token/list-data-tokens",
        "/data-token/transaction-count-statistics",
        "/device/retrieve-profile-devices",
        "/device/retrieve-device-configuration/x",
        "/storage/list-storage-devices",
    ] {
        assert_eq!(http::get(api, path, "").await.status, 401, "{path}");
        let unknown = "X-DPT-AUTHORIZATION: T-unknown\r\n";
        assert_eq!(http::get(api, path, unknown).await.status, 401, "{path}");
    }
    for path in POSTS {
        assert_eq!(http::post(api, path, "", &[]).await.status, 401, "{path}");
    }
}

const POSTS: [&str; 24] = [
    "/profile/change-password",
    "/profile/generate-token-qr",
    "/profile/reauthorize-authorization-token",
    "/profile/revoke-authorization-token",
    "/profile/authorization-token/expiry",
    "/public-key/register-public-key",
    "/data-token/reserve-token-space",
    "/data-token/exchange-data-for-token",
    "/data-token/request-data",
    "/data-token/configure-information-security-risk-meta",
    "/data-token/configure-file-meta",
    "/data-token/update-data",
    "/data-token/update-data-token",
    "/data-token/delete-data",
    "/device/request-unique-identifier",
    "/device/retrieve-unique-identifier",
    "/device/configure-meta",
    "/device/approve-device",
    "/device/reject-device",
    "/device/download-device-configuration",
    "/device/remove",
    "/storage/register",
    "/storage/sync-device",
    "/storage/remove",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_names_the_fields_it_misses() {
    let sandbox = sandbox().await;
    let ada = Person::new(&sandbox, "ada").await;
    for (path, missing) in [
        ("/profile/register-profile", vec!["password", "username"]),
        ("/profile/authenticate", vec!["password", "username"]),
        (
            "/profile/change-password",
            vec!["currentPassword", "newPassword"],
        ),
        ("/profile/reauthorize-authorization-token", vec!["ttl"]),
        ("/public-key/register-public-key", vec!["publicKey"]),
        ("/data-token/reserve-token-space", vec!["context"]),
        (
            "/data-token/exchange-data-for-token",
            vec!["data", "temporaryTokenSpace"],
        ),
        ("/data-token/request-data", vec!["token"]),
        (
            "/data-token/configure-information-security-risk-meta",
            vec!["token"],
        ),
        (
            "/data-token/configure-file-meta",
            vec!["context", "extension", "fileName", "path", "size", "token"],
        ),
        ("/data-token/update-data", vec!["data", "dataToken"]),
        ("/data-token/update-data-token", vec!["token"]),
        ("/data-token/delete-data", vec!["token"]),
        ("/device/request-unique-identifier", vec!["deviceName"]),
        ("/device/retrieve-unique-identifier", vec!["id"]),
        ("/device/configure-meta", vec!["deviceIdentifier"]),
        ("/device/approve-device", vec!["deviceIdentifier"]),
        ("/device/reject-device", vec!["deviceIdentifier"]),
        (
            "/device/download-device-configuration",
            vec!["deviceIdentifier"],
        ),
        ("/device/remove", vec!["deviceIdentifier"]),
        ("/storage/register", vec!["deviceIdentifier"]),
        ("/storage/sync-device", vec!["deviceIdentifier"]),
        ("/storage/remove", vec!["deviceIdentifier"]),
    ] {
        let mut missed = ada.post(path, &[]).await.wrong_fields();
        missed.sort_unstable();
        assert_eq!(missed, missing, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_of_a_command_needs_a_token_when_documented_and_none_when_observed() {
    for (dialect, get, post) in [
        (Dialect::Documented, [200, 404, 401], [405, 404, 401]),
        (Dialect::Observed, [405, 405, 405], [200, 200, 200]),
    ] {
        let sandbox = in_dialect(dialect).await;
        let mut ada = Person::new(&sandbox, "ada").await;
        let bob = Person::new(&sandbox, "bob").await;
        let id = ada
            .done("/data-token/reserve-token-space", &[("context", "x")])
            .await;
        let path = format!("/request-status/{id}");
        let nobody = String::new();
        for (at, headers) in [ada.headers(), bob.headers(), nobody].iter().enumerate() {
            let got = http::get(&ada.at.api, &path, headers).await;
            let posted = http::post(&ada.at.api, &path, headers, &[]).await;
            assert_eq!(
                (got.status, posted.status),
                (get[at], post[at]),
                "{dialect:?} {at}"
            );
        }
        assert_eq!(ada.poll(&id).await, "succeeded");
        let unknown = "/request-status/unknown";
        let (got, posted) = (ada.get(unknown).await, ada.post(unknown, &[]).await);
        assert!([404, 405].contains(&got.status) && [404, 405].contains(&posted.status));
    }
}
