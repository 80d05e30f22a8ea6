//! What somebody else on the machine, or a page of the web, gets from a sandbox.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use privicore_sandbox::{Sandbox, owner_file};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::data_tokens::bytes;
use crate::http::{self, PATIENCE, authority};
use crate::person::{PASSWORD, Person, authenticate, sandbox, start};

const HEALTH: &[u8] = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// All that can be read after `request` was sent as it is.
async fn raw(address: &str, request: &[u8]) -> Vec<u8> {
    let exchange = async {
        let mut stream = TcpStream::connect(authority(address)).await.unwrap();
        let _ = stream.write_all(request).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        answer
    };
    tokio::time::timeout(PATIENCE, exchange).await.unwrap()
}

async fn status(address: &str, request: &str) -> String {
    let answer = raw(address, request.as_bytes()).await;
    let answer = String::from_utf8(answer).unwrap();
    answer.split(' ').nth(1).unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_for_another_host_are_refused_by_every_server() {
    let sandbox = sandbox().await;
    let at = sandbox.addresses();
    for address in [&at.api, &at.websocket, &at.upstream, &at.downstream] {
        for host in [
            "rebound.example",
            "127.0.0.1.rebound.example:80",
            "10.1.2.3",
        ] {
            let request =
                format!("GET /?auth=x HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            assert_eq!(status(address, &request).await, "421", "{address} {host}");
        }
        let absolute =
            "GET http://rebound.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        assert_eq!(status(address, absolute).await, "421", "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_from_a_foreign_page_are_refused_by_every_server() {
    let sandbox = sandbox().await;
    let at = sandbox.addresses();
    for address in [&at.api, &at.websocket, &at.upstream, &at.downstream] {
        for origin in ["https://evil.example", "null"] {
            let request = format!(
                "GET / HTTP/1.1\r\nHost: {}\r\nOrigin: {origin}\r\nConnection: close\r\n\r\n",
                authority(address)
            );
            assert_eq!(status(address, &request).await, "403", "{address} {origin}");
        }
    }
    let register = |origin| {
        let body = "username=page&password=x";
        format!(
            "POST /profile/register-profile HTTP/1.1\r\nHost: localhost\r\nOrigin: {origin}\r\n\
             Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    assert_eq!(
        status(&at.api, &register("https://evil.example")).await,
        "403"
    );
    assert_eq!(
        status(&at.api, &register("http://localhost:5173")).await,
        "202"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_is_not_opened_to_a_foreign_page() {
    let sandbox = sandbox().await;
    let at = &sandbox.addresses().websocket;
    let open = |host: &str, origin: &str| {
        format!(
            "GET / HTTP/1.1\r\nHost: {host}\r\n{origin}Upgrade: websocket\r\nConnection: Upgrade, close\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
    };
    let foreign = "Origin: https://evil.example\r\n";
    let refused = http::raw(at, open(authority(at), foreign).as_bytes()).await;
    assert_eq!(refused.unwrap().status, 403);
    let refused = http::raw(at, open("evil.example", "").as_bytes()).await;
    assert_eq!(refused.unwrap().status, 421);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_tried_so_often_and_then_not_for_a_while() {
    let sandbox = sandbox().await;
    let at = sandbox.addresses();
    let mut ada = Person::new(&sandbox, "ada").await;
    let guess = async |name| {
        let fields = [("username", name), ("password", "guess")];
        http::post(&at.api, "/profile/authenticate", "", &fields).await
    };
    for _ in 0..20 {
        assert_eq!(guess("ada").await.status, 401);
    }
    let refused = guess("ada").await;
    assert_eq!(refused.status, 429);
    let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=301).contains(&seconds), "{seconds}");
    // The right one is not looked at either, and another way in is none.
    assert_eq!(authenticate(at, "ada", PASSWORD).await, None);
    let change = [("currentPassword", "guess"), ("newPassword", "x")];
    assert_eq!(
        ada.post("/profile/change-password", &change).await.status,
        429
    );
    // Whoever is in stays in, and others are not concerned.
    ada.space().await;
    assert_eq!(guess("nobody").await.status, 401);
    sandbox.control().clock().advance(Duration::from_mins(5));
    assert!(authenticate(at, "ada", PASSWORD).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_is_stored_than_the_quota_allows() {
    let sandbox = start(Sandbox::builder().quota(100_000)).await;
    let control = sandbox.control();
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("fits", &bytes(90_000), false).await;
    let (_, auth) = ada.space().await;
    let refused = ada.upload(&auth, &bytes(20_000)).await.unwrap();
    assert_eq!(refused.status, 507);
    assert_eq!(refused.json()["error"], "storage.quota_exceeded");
    let (temporary, _) = ada.space().await;
    let data = "A".repeat(16_000);
    let fields = [("temporaryTokenSpace", &*temporary), ("data", &data)];
    let refused = ada
        .post("/data-token/exchange-data-for-token", &fields)
        .await;
    assert_eq!(refused.json()["error"], "storage.quota_exceeded");
    let disk = control.disk().await.unwrap();
    assert_eq!((disk.blobs, disk.temporary), (1, 0));
    // What was stored is whole, and room that is made is room.
    assert!(ada.fetch(&token).await == bytes(90_000));
    ada.done("/data-token/delete-data", &[("token", &token)])
        .await;
    ada.store("fits again", &bytes(90_000), false).await;
}

/// A sandbox in `directory` for those who can read it.
async fn owned(directory: &Path) -> Sandbox {
    let builder = Sandbox::builder().data_dir(directory).owner_only();
    start(builder).await
}

/// The answer over TLS to a client that trusts the sandbox in `directory` and shows the file of `shown`.
async fn over_tls(address: &str, directory: &Path, shown: Option<&Path>) -> Option<String> {
    let mut trusted = RootCertStore::empty();
    trusted.add(chain(directory).pop().unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(trusted);
    let configuration = match shown {
        Some(shown) => {
            let key = PrivateKeyDer::from_pem_file(owner_file(shown)).unwrap();
            builder.with_client_auth_cert(chain(shown), key).unwrap()
        }
        None => builder.with_no_client_auth(),
    };
    let stream = TcpStream::connect(authority(address)).await.unwrap();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let connector = TlsConnector::from(Arc::new(configuration));
    let mut stream = connector.connect(name, stream).await.ok()?;
    stream.write_all(HEALTH).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    (!answer.is_empty()).then(|| String::from_utf8(answer).unwrap())
}

fn chain(directory: &Path) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_file_iter(owner_file(directory))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_of_its_owner_serves_only_who_has_its_file() {
    let [ours, theirs] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let sandbox = owned(ours.path()).await;
    let _other = owned(theirs.path()).await;
    let at = sandbox.addresses();
    assert!(at.api.starts_with("https://") && at.websocket.starts_with("wss://"));
    for address in [&at.api, &at.websocket, &at.upstream, &at.downstream] {
        let mine = over_tls(address, ours.path(), Some(ours.path())).await;
        assert!(mine.unwrap().starts_with("HTTP/1.1 "), "{address}");
        for shown in [None, Some(theirs.path())] {
            let answer = over_tls(address, ours.path(), shown).await;
            assert_eq!(answer, None, "{address}");
        }
        let plain = raw(address, HEALTH).await;
        assert!(!plain.starts_with(b"HTTP"), "{address}");
    }
    let mine = over_tls(&at.api, ours.path(), Some(ours.path()))
        .await
        .unwrap();
    assert!(mine.starts_with("HTTP/1.1 200") && mine.ends_with(r#"{"status":"ok"}"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_says_nothing_keeps_nobody_out() {
    let directory = tempfile::tempdir().unwrap();
    let sandbox = owned(directory.path()).await;
    let at = sandbox.addresses();
    let mut silent = Vec::new();
    for _ in 0..8 {
        silent.push(TcpStream::connect(authority(&at.api)).await.unwrap());
    }
    let mine = over_tls(&at.api, directory.path(), Some(directory.path())).await;
    assert!(mine.unwrap().starts_with("HTTP/1.1 200"));
}
