//! What was acknowledged is there after the next start.

use privicore_sandbox::{Dialect, Fault, Sandbox, StartError};

use crate::data_tokens::bytes;
use crate::person::{Person, start};

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_there_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let builder = Sandbox::builder()
        .data_dir(directory.path())
        .dialect(Dialect::Documented);
    let sandbox = start(builder.clone()).await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let stored = bytes(700_000);
    let token = ada.store("kept", &stored, false).await;
    let authorization = ada.token.clone();
    let engine = ada.get("/dptcab/public-key").await.json();
    sandbox.shutdown().await;

    let sandbox = start(builder).await;
    let mut ada = Person::sign_in(sandbox.addresses(), "ada").await;
    assert!(ada.fetch(&token).await == stored);
    assert_eq!(ada.get("/dptcab/public-key").await.json(), engine);
    ada.token = authorization;
    assert_eq!(ada.list(&[]).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_accepted_before_a_stop_is_done_after_it() {
    let directory = tempfile::tempdir().unwrap();
    let builder = Sandbox::builder().data_dir(directory.path());
    let sandbox = start(builder.clone()).await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("doomed", b"doomed", true).await;
    let late = Fault::AckLate {
        milliseconds: 3_600_000,
    };
    sandbox
        .control()
        .faults()
        .plan("data-token/delete-data", late, 1);
    ada.command("/data-token/delete-data", &[("token", &token)])
        .await;
    sandbox.shutdown().await;

    let sandbox = start(builder).await;
    let ada = Person::sign_in(sandbox.addresses(), "ada").await;
    while !ada.list(&[]).await.is_empty() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_directory_is_used_by_one_sandbox_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let builder = Sandbox::builder().data_dir(directory.path());
    let first = builder.clone().start().await.unwrap();
    let second = builder.clone().start().await;
    assert!(matches!(second.err(), Some(StartError::InUse(_))));
    first.shutdown().await;
    builder.start().await.unwrap().shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_nobody_knows_are_removed_at_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let builder = Sandbox::builder().data_dir(directory.path());
    let sandbox = start(builder.clone()).await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("kept", b"kept", true).await;
    let device = ada.storage().await.remove(0);
    sandbox.shutdown().await;
    let folder = directory.path().join("devices").join(device);
    std::fs::write(folder.join("half-an-upload.part"), b"x").unwrap();
    std::fs::create_dir(directory.path().join("devices/unknown-device")).unwrap();

    let sandbox = start(builder).await;
    let devices = sandbox.control().list_devices().await.unwrap();
    assert!(devices.iter().all(|device| device.files == 1));
    assert!(!directory.path().join("devices/unknown-device").exists());
    let mut ada = Person::sign_in(sandbox.addresses(), "ada").await;
    assert_eq!(ada.fetch(&token).await, b"kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_listens_on_loopback_only() {
    let anywhere = std::net::Ipv4Addr::UNSPECIFIED;
    let refused = Sandbox::builder().host(anywhere.into()).start().await;
    assert!(matches!(refused.err(), Some(StartError::NotLoopback(_))));
}
