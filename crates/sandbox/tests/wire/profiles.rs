//! Rows 3 to 10 and 19 to 22.

use std::time::Duration;

use privicore_sandbox::Dialect;

use crate::http::{self, post};
use crate::person::{PASSWORD, Person, authenticate, command_id, in_dialect, sandbox};

const KNOWN_KEY: &str = "31420500000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1fa9c98b8f85f06cb2f2e859f14b9aa2285ca668f4e73c4dd3d2c4d5db8c0d8c7db8844358d19979382a28fca25153e2efdd00fe0c1209c992bc21bfbaa9aa9dd3";

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_taken_once() {
    let sandbox = sandbox().await;
    Person::new(&sandbox, "ada").await;
    let fields = [("username", "ada"), ("password", "another")];
    let reply = post(
        &sandbox.addresses().api,
        "/profile/register-profile",
        "",
        &fields,
    )
    .await;
    assert_eq!(reply.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_or_an_unknown_name_is_unauthorized() {
    let sandbox = sandbox().await;
    Person::new(&sandbox, "ada").await;
    for (username, password) in [("ada", "wrong"), ("nobody", PASSWORD)] {
        let fields = [("username", username), ("password", password)];
        let reply = post(
            &sandbox.addresses().api,
            "/profile/authenticate",
            "",
            &fields,
        )
        .await;
        assert_eq!(reply.status, 401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_profile_has_an_id_of_its_own() {
    let sandbox = sandbox().await;
    let ada = Person::new(&sandbox, "ada").await;
    let bob = Person::new(&sandbox, "bob").await;
    let id_of = async |person: &Person| {
        let json = person.get("/profile/retrieve-profile-id").await.json();
        json["profileId"].as_str().unwrap().to_owned()
    };
    assert_ne!(id_of(&ada).await, id_of(&bob).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_counts_and_tokens_stay_valid() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let path = "/profile/change-password";
    let wrong = [("currentPassword", "wrong"), ("newPassword", "new")];
    assert_eq!(
        ada.post(path, &wrong).await.wrong_fields(),
        ["currentPassword"]
    );
    ada.done(
        path,
        &[("currentPassword", PASSWORD), ("newPassword", "new")],
    )
    .await;
    assert!(authenticate(&ada.at, "ada", PASSWORD).await.is_none());
    assert!(authenticate(&ada.at, "ada", "new").await.is_some());
    assert_eq!(ada.get("/profile/retrieve-profile-id").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_qr_token_says_when_it_expires() {
    let sandbox = sandbox().await;
    let ada = Person::new(&sandbox, "ada").await;
    let json = ada.post("/profile/generate-token-qr", &[]).await.json();
    assert!(json["qrToken"].as_str().unwrap().len() > 40);
    assert!(json["expiresAt"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_expires_after_an_hour() {
    let sandbox = sandbox().await;
    let ada = Person::new(&sandbox, "ada").await;
    let clock = sandbox.control().clock().clone();
    clock.advance(Duration::from_mins(59));
    assert_eq!(ada.get("/profile/retrieve-profile-id").await.status, 200);
    clock.advance(Duration::from_mins(1));
    assert_eq!(ada.get("/profile/retrieve-profile-id").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn reauthorizing_gives_a_new_token_when_documented() {
    let sandbox = in_dialect(Dialect::Documented).await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let path = "/profile/reauthorize-authorization-token";
    assert_eq!(
        ada.post(path, &[("ttl", "0")]).await.wrong_fields(),
        ["ttl"]
    );
    let reply = ada.post(path, &[("ttl", "7200")]).await;
    assert_eq!(reply.status, 200);
    ada.token = reply.json()["authorizationToken"]
        .as_str()
        .unwrap()
        .to_owned();
    sandbox.control().clock().advance(Duration::from_secs(7100));
    assert_eq!(ada.get("/profile/retrieve-profile-id").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn reauthorizing_prolongs_the_token_when_observed() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let reply = ada
        .post(
            "/profile/reauthorize-authorization-token",
            &[("ttl", "7200")],
        )
        .await;
    assert_eq!(reply.status, 202);
    ada.outcome(&command_id(&reply)).await;
    sandbox.control().clock().advance(Duration::from_secs(7100));
    let reply = ada.post("/profile/authorization-token/expiry", &[]).await;
    assert_eq!(reply.status, 200);
    assert!(reply.json()["expiresAt"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_is_unauthorized_and_its_channel_closed() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let path = "/profile/revoke-authorization-token";
    assert_eq!(ada.post(path, &[]).await.status, 200);
    assert_eq!(ada.post(path, &[]).await.status, 401);
    assert_eq!(ada.line.next().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_key_is_registered_and_replaced() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let path = "/public-key/register-public-key";
    ada.done(path, &[("publicKey", KNOWN_KEY)]).await;
    let json = ada.get("/public-key/retrieve-public-key").await.json();
    assert_eq!(json["publicKey"], KNOWN_KEY);
    let typo = KNOWN_KEY.replacen("1f", "1e", 1);
    assert_eq!(
        ada.post(path, &[("publicKey", &typo)]).await.wrong_fields(),
        ["publicKey"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_without_a_public_key_is_inert() {
    let sandbox = sandbox().await;
    let at = sandbox.addresses();
    let fields = [("username", "eve"), ("password", PASSWORD)];
    post(&at.api, "/profile/register-profile", "", &fields).await;
    let mut eve = Person::sign_in(at, "eve").await;
    assert_eq!(eve.get("/public-key/retrieve-public-key").await.status, 404);
    let outcome = eve
        .settled("/data-token/reserve-token-space", &[("context", "x")])
        .await;
    assert_eq!(outcome, (3, "profile.public_key_missing".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_key_changes_when_it_is_rotated() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("kept", b"under the old key", true).await;
    let before = ada.get("/dptcab/public-key").await.json();
    assert_eq!(ada.get("/dptcab/public-key").await.json(), before);
    sandbox.control().rotate_engine_key().await.unwrap();
    let after = ada.get("/dptcab/public-key").await.json();
    assert_ne!(before, after);
    assert_eq!(after["publicKey"].as_str().unwrap().len(), 200);
    assert_eq!(ada.fetch(&token).await, b"under the old key");
}

#[tokio::test(flavor = "multi_thread")]
async fn generated_keys_have_their_lengths() {
    let sandbox = sandbox().await;
    let json = http::get(&sandbox.addresses().api, "/generate-keys", "")
        .await
        .json();
    assert_eq!(json["private"].as_str().unwrap().len(), 64);
    assert_eq!(json["public"].as_str().unwrap().len(), 200);
}
