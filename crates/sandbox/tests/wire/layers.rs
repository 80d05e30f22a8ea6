//! The layers at rest, fall-over and repair.

use privicore_sandbox::{Damage, Sandbox};

use crate::data_tokens::bytes;
use crate::person::{Person, sandbox, start};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_the_stored_bytes_is_readable_on_a_device() {
    let directory = tempfile::tempdir().unwrap();
    let sandbox = start(Sandbox::builder().data_dir(directory.path())).await;
    let mut ada = Person::new(&sandbox, "ada").await;
    ada.store("secret", &b"a very recognizable text ".repeat(100), true)
        .await;
    let mut copies = Vec::new();
    for device in std::fs::read_dir(directory.path().join("devices")).unwrap() {
        for copy in std::fs::read_dir(device.unwrap().path()).unwrap() {
            copies.push(std::fs::read(copy.unwrap().path()).unwrap());
        }
    }
    assert_eq!(copies.len(), 3);
    for copy in &copies {
        assert!(!copy.windows(12).any(|part| part == b"recognizable"));
    }
    assert_ne!(copies[0], copies[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_copy_is_made_up_for_by_the_next_device_in_mid_stream() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let stored = bytes(5 * 256 * 1024 + 99);
    let token = ada.store("damaged", &stored, false).await;
    let control = sandbox.control();
    let devices = ada.storage().await;
    let hits = [
        (&devices[0], Damage::LoseChunk { chunk: 2 }),
        (&devices[1], Damage::FlipBit { chunk: 3 }),
    ];
    for (device, damage) in hits {
        assert!(control.damage(device, &token, damage).await.unwrap());
        assert!(ada.fetch(&token).await == stored);
    }
    control
        .damage(&devices[2], &token, Damage::FlipBit { chunk: 4 })
        .await
        .unwrap();
    let auth = ada.link(&token).await;
    let reply = ada.download(&auth).await;
    assert!(reply.cut, "no device has chunk 4 any more");
    assert!(reply.body == stored[..reply.body.len()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offline_device_is_passed_over() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("away", b"away", true).await;
    let control = sandbox.control();
    let devices = ada.storage().await;
    for device in &devices[..2] {
        assert!(control.set_online(device, false).await.unwrap());
    }
    assert_eq!(ada.fetch(&token).await, b"away");
    control.set_online(&devices[2], false).await.unwrap();
    let auth = ada.link(&token).await;
    assert_eq!(ada.download(&auth).await.status, 503);
    assert!(!control.set_online("unknown", false).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn synchronizing_repairs_a_device() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let control = sandbox.control();
    let devices = ada.storage().await;
    let stored = bytes(600_000);
    let damaged = ada.store("damaged", &stored, false).await;
    let lost = ada.store("lost", b"lost", true).await;
    control.set_online(&devices[2], false).await.unwrap();
    let missed = ada.store("missed", b"missed", true).await;
    control.set_online(&devices[2], true).await.unwrap();
    control
        .damage(&devices[2], &damaged, Damage::FlipBit { chunk: 1 })
        .await
        .unwrap();
    control
        .damage(&devices[2], &lost, Damage::LoseCopy)
        .await
        .unwrap();
    ada.done("/storage/sync-device", &[("deviceIdentifier", &devices[2])])
        .await;
    for device in &devices[..2] {
        control.set_online(device, false).await.unwrap();
    }
    assert!(ada.fetch(&damaged).await == stored);
    assert_eq!(ada.fetch(&lost).await, b"lost");
    assert_eq!(ada.fetch(&missed).await, b"missed");
}

#[tokio::test(flavor = "multi_thread")]
async fn data_deleted_while_a_device_was_away_is_removed_when_it_is_back() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let control = sandbox.control();
    let device = ada.storage().await.remove(0);
    let token = ada.store("gone", b"gone", true).await;
    control.set_online(&device, false).await.unwrap();
    ada.done("/data-token/delete-data", &[("token", &token)])
        .await;
    let files = async || control.list_devices().await.unwrap()[0].files;
    assert_eq!(files().await, 1);
    control.set_online(&device, true).await.unwrap();
    assert_eq!(files().await, 0);
}
