//! Rows 35 to 46.

use std::time::Duration;

use privicore_sandbox::{Dialect, Fault, Sandbox};

use crate::person::{Person, in_dialect, items, sandbox, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_requested_named_approved_and_removed() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut ada = Person::new(&sandbox, "ada").await;
    let device = ada.device("Phone").await;
    let this = [("deviceIdentifier", device.as_str())];
    let renamed = [("deviceIdentifier", device.as_str()), ("name", "My phone")];
    ada.done("/device/configure-meta", &renamed).await;
    ada.done("/device/approve-device", &this).await;
    let listed = items(&ada.get("/device/retrieve-profile-devices").await);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["deviceIdentifier"], device);
    assert_eq!(listed[0]["name"], "My phone");
    assert_eq!(listed[0]["status"], "approved");
    ada.done("/device/remove", &this).await;
    assert!(items(&ada.get("/device/retrieve-profile-devices").await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storage_device_keeps_data_until_it_is_removed() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut ada = Person::new(&sandbox, "ada").await;
    let device = ada.device("Disk").await;
    let this = [("deviceIdentifier", device.as_str())];
    ada.done("/storage/register", &this).await;
    let again = ada.settled("/storage/register", &this).await;
    assert_eq!(again, (3, "storage.already_registered".to_owned()));
    let token = ada.store("kept", b"kept", true).await;
    assert_eq!(ada.fetch(&token).await, b"kept");
    assert_eq!(ada.storage().await, std::slice::from_ref(&device));
    ada.done("/storage/remove", &this).await;
    assert!(ada.storage().await.is_empty());
    assert_eq!(
        items(&ada.get("/device/retrieve-profile-devices").await).len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_a_rejected_device() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let device = ada.device("Stranger").await;
    let this = [("deviceIdentifier", device.as_str())];
    ada.done("/device/reject-device", &this).await;
    for path in ["/storage/register", "/device/approve-device"] {
        assert_eq!(ada.post(path, &this).await.status, 404, "{path}");
    }
    let listed = items(&ada.get("/device/retrieve-profile-devices").await);
    assert!(
        !listed
            .iter()
            .any(|listed| listed["deviceIdentifier"] == *device)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_is_fetched_one_way_or_the_other() {
    for (dialect, documented) in [(Dialect::Documented, true), (Dialect::Observed, false)] {
        let sandbox = in_dialect(dialect).await;
        let mut ada = Person::new(&sandbox, "ada").await;
        let device = ada.device("Disk").await;
        let path = format!("/device/retrieve-device-configuration/{device}");
        let this = [("deviceIdentifier", device.as_str())];
        let one = ada.get(&path).await;
        let other = ada
            .post("/device/download-device-configuration", &this)
            .await;
        let (reply, refused) = if documented {
            (one, other)
        } else {
            (other, one)
        };
        assert_eq!((reply.status, refused.status), (200, 404));
        let configuration = reply.json();
        assert_eq!(configuration["device-identifier"], device);
        for secret in [
            "client-id",
            "client-secret",
            "rabbit-user",
            "rabbit-pass",
            "rabbit-host",
        ] {
            assert!(configuration[secret].is_string(), "{secret}");
        }
        assert!(configuration["rabbit-port"].is_u64());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_of_others_and_unknown_ones_are_refused() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let mut bob = Person::new(&sandbox, "bob").await;
    let device = ada.device("Disk").await;
    let theirs = [("deviceIdentifier", device.as_str())];
    for path in [
        "/device/configure-meta",
        "/device/approve-device",
        "/device/reject-device",
        "/device/remove",
        "/storage/register",
        "/storage/sync-device",
        "/storage/remove",
    ] {
        let outcome = bob.settled(path, &theirs).await;
        assert_eq!(outcome, (3, "profile.not_an_owner".to_owned()), "{path}");
        let unknown = [("deviceIdentifier", "unknown")];
        assert_eq!(bob.post(path, &unknown).await.status, 404, "{path}");
    }
    let reply = bob
        .post("/device/download-device-configuration", &theirs)
        .await;
    assert_eq!(reply.status, 404);
    let reply = bob
        .post("/device/retrieve-unique-identifier", &[("id", "unknown")])
        .await;
    assert_eq!(reply.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_brings_the_broker_and_the_keys_of_the_device() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let device = ada.device("Phone").await;
    let this = [("deviceIdentifier", device.as_str())];
    let path = "/device/download-device-configuration";
    let bundle = ada.post(path, &this).await.json();
    for name in [
        "client-id",
        "client-secret",
        "rabbit-user",
        "rabbit-pass",
        "rabbit-host",
        "rabbit-vhost",
        "routing-key",
    ] {
        assert!(bundle[name].is_string(), "{name}");
    }
    assert_eq!(bundle["device-private-key"].as_str().unwrap().len(), 64);
    assert_eq!(bundle["device-public-key"].as_str().unwrap().len(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_holds_several_roles() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let device = ada.device("Phone").await;
    let this = [("deviceIdentifier", device.as_str())];
    for path in [
        "/device/approve-device",
        "/storage/register",
        "/verified-authenticator/register",
    ] {
        ada.done(path, &this).await;
    }
    for path in [
        "/storage/list-storage-devices",
        "/verified-authenticator/list-verified-authenticators",
    ] {
        let listed = items(&ada.get(path).await);
        assert!(
            listed
                .iter()
                .any(|listed| listed["deviceIdentifier"] == *device),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_device_is_unknown_to_every_operation() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let request = [("deviceName", "Phone")];
    let request = ada
        .done("/device/request-unique-identifier", &request)
        .await;
    let asked = [("id", request.as_str())];
    let path = "/device/retrieve-unique-identifier";
    let device = text(&ada.post(path, &asked).await.json(), "deviceIdentifier");
    let this = [("deviceIdentifier", device.as_str())];
    ada.done("/device/remove", &this).await;
    assert_eq!(ada.post(path, &asked).await.status, 404);
    for path in [
        "/device/configure-meta",
        "/device/approve-device",
        "/device/reject-device",
        "/device/download-device-configuration",
        "/device/remove",
        "/storage/register",
    ] {
        assert_eq!(ada.post(path, &this).await.status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_asked_for_before_it_is_there() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let bob = Person::new(&sandbox, "bob").await;
    let late = Fault::AckLate {
        milliseconds: 60_000,
    };
    let path = "/device/request-unique-identifier";
    let operation = path.trim_start_matches('/');
    sandbox.control().faults().plan(operation, late, 1);
    let id = ada.command(path, &[("deviceName", "Phone")]).await;
    let asked = [("id", id.as_str())];
    let path = "/device/retrieve-unique-identifier";
    assert_eq!(ada.post(path, &asked).await.status, 404);
    sandbox.control().clock().advance(Duration::from_mins(1));
    assert_eq!(ada.outcome(&id).await.0, 2);
    assert_eq!(ada.post(path, &asked).await.status, 200);
    assert_eq!(bob.post(path, &asked).await.status, 404);
}
