//! The binary's contract: scripts rely on it.

use std::path::Path;
use std::process::Stdio;

use privicore_sandbox::Addresses;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::http::{self, PATIENCE};

fn program(arguments: &[&str]) -> Child {
    let free = [
        "--api-port",
        "0",
        "--websocket-port",
        "0",
        "--upstream-port",
        "0",
    ];
    Command::new(env!("CARGO_BIN_EXE_privicore-sandbox"))
        .args(free)
        .args(["--downstream-port", "0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// The one line on stdout.
async fn addresses(child: &mut Child) -> Value {
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.as_mut().unwrap());
    tokio::time::timeout(PATIENCE, stdout.read_line(&mut line))
        .await
        .unwrap()
        .unwrap();
    serde_json::from_str(&line).unwrap()
}

async fn signal(child: &Child, name: &str) {
    let id = child.id().unwrap().to_string();
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &id])
        .status()
        .await;
    assert!(sent.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_prints_its_addresses_and_ends_with_0_when_told_to_stop() {
    for name in ["TERM", "INT"] {
        let mut child = program(&["--memory"]);
        let addresses = addresses(&mut child).await;
        let mut keys: Vec<_> = addresses.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(keys, ["api", "downstream", "upstream", "websocket"]);
        let api = addresses["api"].as_str().unwrap();
        assert!(api.starts_with("http://127.0.0.1:"));
        assert!(
            addresses["websocket"]
                .as_str()
                .unwrap()
                .starts_with("ws://127.0.0.1:")
        );
        assert_eq!(http::get(api, "/health", "").await.status, 200);
        assert_eq!(http::get(api, "/__sandbox/clock", "").await.status, 404);
        signal(&child, name).await;
        let ended = tokio::time::timeout(PATIENCE, child.wait()).await.unwrap();
        assert_eq!(ended.unwrap().code(), Some(0));
        let mut rest = String::new();
        child
            .stdout
            .unwrap()
            .read_to_string(&mut rest)
            .await
            .unwrap();
        assert_eq!(rest, "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_serves_the_control_paths_when_asked() {
    let mut child = program(&["--memory", "--control", "--dialect", "mixed"]);
    let addresses = addresses(&mut child).await;
    let api = addresses["api"].as_str().unwrap();
    let dialect = http::get(api, "/__sandbox/dialect", "").await;
    assert_eq!(dialect.json()["dialect"], "mixed");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_refuses_a_data_directory_in_use() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    let mut first = program(&["--data-dir", path]);
    addresses(&mut first).await;
    let second = program(&["--data-dir", path])
        .wait_with_output()
        .await
        .unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(second.stdout.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    let (token, stored) = store_and_kill(directory.path()).await;
    let sandbox = privicore_sandbox::Sandbox::builder()
        .data_dir(directory.path())
        .start()
        .await;
    let sandbox = sandbox.unwrap();
    let mut ada = crate::person::Person::sign_in(sandbox.addresses(), "ada").await;
    assert!(ada.fetch(&token).await == stored);
}

async fn store_and_kill(directory: &Path) -> (String, Vec<u8>) {
    let path = directory.to_str().unwrap();
    let mut child = program(&["--data-dir", path, "--auto-storage", "3"]);
    let at: Addresses = serde_json::from_value(addresses(&mut child).await).unwrap();
    let mut ada = crate::person::Person::registered(&at, "ada").await;
    let stored = crate::data_tokens::bytes(700_000);
    let token = ada.store("kept", &stored, false).await;
    child.kill().await.unwrap();
    (token, stored)
}
