//! Bodies that are slow, silent, too long or of another time, and a disk that is full.

use std::time::Duration;

use privicore_sandbox::{Control, DOWNSTREAM, DiskState, Fault, UPSTREAM};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::data_tokens::bytes;
use crate::http::authority;
use crate::person::{Person, both_dialects, sandbox};

/// A download, by hand: the head has been read.
async fn begin_download(address: &str, auth: &str) -> TcpStream {
    let mut stream = TcpStream::connect(authority(address)).await.unwrap();
    let request = format!("GET /?auth={auth} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 200"));
    stream
}

/// Reads exactly `wanted`, moving the clock on until it is there.
async fn read_on(stream: &mut TcpStream, wanted: usize, control: &Control) -> Vec<u8> {
    let mut read = vec![0; wanted];
    let moving = async {
        loop {
            control.clock().advance(Duration::from_mins(1));
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        done = stream.read_exact(&mut read) => done.unwrap(),
        () = moving => unreachable!("the clock moves for ever"),
    };
    read
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_can_be_slow() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let stored = bytes(300_000);
        let token = ada.store("slow", &stored, false).await;
        let slow = Fault::SlowBody {
            bytes: 100_000,
            milliseconds: 60_000,
        };
        control.faults().plan(DOWNSTREAM, slow, 1);
        let auth = ada.link(&token).await;
        let mut stream = begin_download(&ada.at.downstream, &auth).await;
        let before = control.clock().now();
        let mut read = vec![0; 100_000];
        stream.read_exact(&mut read).await.unwrap();
        read.extend(read_on(&mut stream, 100_000, &control).await);
        read.extend(read_on(&mut stream, 100_000, &control).await);
        assert!(read == stored);
        let passed = control.clock().now().duration_since(before);
        assert!(passed.as_secs() >= 120, "{passed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_can_go_silent() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let token = ada.store("silent", &bytes(700_000), false).await;
        let stalled = Fault::DownloadStalled { after: 300_000 };
        control.faults().plan(DOWNSTREAM, stalled, 1);
        let auth = ada.link(&token).await;
        let mut stream = begin_download(&ada.at.downstream, &auth).await;
        let mut read = vec![0; 300_000];
        stream.read_exact(&mut read).await.unwrap();
        assert!(read == bytes(700_000)[..300_000]);
        sandbox.shutdown().await;
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        assert!(rest.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_upload_arrives_whole() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let slow = Fault::SlowBody {
        bytes: 50_000,
        milliseconds: 1,
    };
    sandbox.control().faults().plan(UPSTREAM, slow, 1);
    let stored = bytes(300_000);
    let token = ada.store("slow", &stored, false).await;
    assert!(ada.fetch(&token).await == stored);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_can_be_given_up_in_the_middle() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let slow = Fault::SlowBody {
            bytes: 100_000,
            milliseconds: 3_600_000,
        };
        control.faults().plan(UPSTREAM, slow, 1);
        let (_, auth) = ada.space().await;
        let uploading = tokio::spawn(async move { ada.upload(&auth, &bytes(900_000)).await });
        while control.disk().await.unwrap().unfinished < 3 {}
        assert!(!uploading.is_finished());
        uploading.abort();
        while control.disk().await.unwrap() != DiskState::default() {
            control.clock().advance(Duration::from_mins(10));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_can_bring_the_version_before_the_last_update() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let token = ada.store("changing", b"first", true).await;
        control.faults().plan(DOWNSTREAM, Fault::OlderBytes, 1);
        update(&mut ada, &token, "c2Vjb25k").await;
        assert_eq!(ada.fetch(&token).await, b"first");
        assert_eq!(ada.fetch(&token).await, b"second");
        assert_eq!(control.disk().await.unwrap().temporary, 1);

        update(&mut ada, &token, "dGhpcmQ=").await;
        assert_eq!(control.disk().await.unwrap().blobs, 1);
        control.faults().plan(DOWNSTREAM, Fault::OlderBytes, 1);
        assert_eq!(ada.fetch(&token).await, b"third");
        control.faults().plan(DOWNSTREAM, Fault::OlderBytes, 1);
        update(&mut ada, &token, "Zm91cnRo").await;
        ada.done("/data-token/delete-data", &[("token", &token)])
            .await;
        while control.disk().await.unwrap() != DiskState::default() {}
    }
}

async fn update(person: &mut Person, token: &str, data: &str) {
    let body = json!({ "dataToken": token, "data": data });
    let reply = person.post_json("/data-token/update-data", &body).await;
    let id = crate::person::command_id(&reply);
    assert_eq!(person.outcome(&id).await, (2, String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_can_bring_more_than_was_stored() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        for stored in [bytes(300_000), b"small".to_vec(), Vec::new()] {
            let token = ada.store("more", &stored, false).await;
            let more = Fault::BytesAppended { count: 5 };
            control.faults().plan(DOWNSTREAM, more, 1);
            assert!(ada.fetch(&token).await == [&stored[..], b"+++++"].concat());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_keeps_nothing() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        control.faults().plan(UPSTREAM, Fault::DiskFull, 1);
        let (temporary, auth) = ada.space().await;
        let stored = bytes(600_000);
        let reply = ada.upload(&auth, &stored).await.unwrap();
        assert_eq!(reply.status, 507);
        assert_eq!(reply.json()["error"], "storage.disk_full");
        assert_eq!(control.disk().await.unwrap(), DiskState::default());
        assert_eq!(ada.file_meta(&temporary, "x", 1).await.status, 422);

        let exchange = "data-token/exchange-data-for-token";
        control.faults().plan(exchange, Fault::DiskFull, 1);
        let full = (3, "storage.disk_full".to_owned());
        assert_eq!(ada.exchange(&temporary, b"x").await, full);
        while control.disk().await.unwrap() != DiskState::default() {}
        assert_eq!(ada.file_meta(&temporary, "x", 1).await.status, 422);
        assert_eq!(ada.exchange(&temporary, b"x").await, (2, String::new()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_can_bring_any_bytes_instead() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let faults = sandbox.control();
        for size in [300, 300_000] {
            let stored = bytes(size);
            let token = ada.store("mine", &stored, false).await;
            let instead = Fault::Instead {
                bytes: b"others".to_vec(),
            };
            faults.faults().plan(DOWNSTREAM, instead, 1);
            assert_eq!(ada.fetch(&token).await, b"others");
            assert!(ada.fetch(&token).await == stored);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_can_go_on_without_end() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("mine", &bytes(60_000), false).await;
    sandbox
        .control()
        .faults()
        .plan(DOWNSTREAM, Fault::Endless, 1);
    let auth = ada.link(&token).await;
    let mut stream = begin_download(&ada.at.downstream, &auth).await;
    let mut more = vec![0; 10 << 20];
    stream.read_exact(&mut more).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_can_be_sent_elsewhere() {
    let sandbox = sandbox().await;
    let ada = Person::new(&sandbox, "ada").await;
    let to = "http://127.0.0.1:1/".to_owned();
    let elsewhere = Fault::Redirect { to };
    sandbox.control().faults().plan(DOWNSTREAM, elsewhere, 1);
    assert_eq!(ada.download("any").await.status, 307);
}
