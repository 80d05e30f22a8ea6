//! Proxies, client certificates and addresses of the other family.

use std::io;
use std::path::PathBuf;

use super::*;
use crate::error::{FileProblem, ProxyProblem};
use crate::link::Place;
use crate::transport::failure::Failure;
use crate::transport::network::Network;
use crate::transport::proxy::{Proxy, ProxyAddress, ProxyCredentials};

const ALL: [ServerKind; 4] = [
    ServerKind::Api,
    ServerKind::WebSocket,
    ServerKind::Upstream,
    ServerKind::Downstream,
];

/// A service that only a proxy knows.
fn behind(proxy: &str, credentials: Option<ProxyCredentials>) -> Configuration {
    let service = "https://service.invalid";
    let servers = ServerUrls::parse(service, "wss://service.invalid", service, service).unwrap();
    let mut configuration = Configuration::new(servers);
    configuration.network = through(proxy, credentials);
    configuration
}

fn through(proxy: &str, credentials: Option<ProxyCredentials>) -> Network {
    Network {
        proxy: Proxy::Explicit {
            address: ProxyAddress::parse(proxy).unwrap(),
            credentials,
        },
        ..Network::default()
    }
}

async fn problem(client: &Client, server: ServerKind) -> ProxyProblem {
    match client.check(server).await {
        Err(Error::Proxy { problem, .. }) => problem,
        other => panic!("{server}: {other:?}"),
    }
}

#[tokio::test]
async fn what_a_proxy_says_is_told_alike_for_all_four_servers() {
    let asking = Server::start(|_| Say::Answer(407, "")).await;
    let client = client_of(behind(&asking.url, None));
    for server in ALL {
        assert_eq!(
            problem(&client, server).await,
            ProxyProblem::CredentialsNeeded
        );
    }
    let credentials = ProxyCredentials {
        username: "anna".to_owned(),
        password: "wrong".into(),
    };
    let client = client_of(behind(&asking.url, Some(credentials)));
    for server in ALL {
        assert_eq!(
            problem(&client, server).await,
            ProxyProblem::WrongCredentials
        );
    }
    let lost = Server::start(|_| Say::Answer(503, "")).await;
    let client = client_of(behind(&lost.url, None));
    for server in ALL {
        assert_eq!(problem(&client, server).await, ProxyProblem::Refused(503));
    }
    assert!(
        lost.lines()
            .iter()
            .all(|line| line == "CONNECT service.invalid:443")
    );
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_told_alike_for_all_four_servers() {
    let client = client_of(behind(&closed_address().await, None));
    for server in ALL {
        assert_eq!(
            problem(&client, server).await,
            ProxyProblem::Unreachable(io::ErrorKind::ConnectionRefused)
        );
    }
}

#[tokio::test]
async fn a_proxy_that_says_nothing_uses_up_the_time_for_connecting() {
    let silent = Server::start(|_| Say::Hang).await;
    let mut configuration = behind(&silent.url, None);
    configuration.connect_timeout = Duration::from_millis(50);
    let client = client_of(configuration);
    for server in ALL {
        assert!(matches!(
            client.check(server).await,
            Err(Error::TimedOut {
                phase: Phase::Connect,
                ..
            })
        ));
    }
}

#[tokio::test]
async fn commands_stopped_by_a_proxy_were_not_sent() {
    let asking = Server::start(|_| Say::Answer(407, "")).await;
    let client = client_of(behind(&asking.url, None));
    let refused = client.call(&register()).await.unwrap_err();
    assert!(matches!(refused, Error::Proxy { .. }), "{refused:?}");
    assert!(refused.nothing_was_sent());
}

#[tokio::test]
async fn this_machine_is_reached_past_every_proxy() {
    let proxy = Server::start(|_| Say::Answer(407, "")).await;
    let service = Server::start(|_| Say::Answer(200, r#"{"status":"ok"}"#)).await;
    let mut configuration = configuration(&service.url, NOWHERE);
    configuration.network = through(&proxy.url, None);
    client_of(configuration)
        .check(ServerKind::Api)
        .await
        .unwrap();
    assert!(proxy.seen().is_empty());
}

#[tokio::test]
async fn another_way_is_taken_without_losing_the_session() {
    let asking = Server::start(|_| Say::Answer(407, "")).await;
    let other = Server::start(|_| Say::Answer(503, "")).await;
    let client = client_of(behind(&asking.url, None));
    client.authorize(token("T-1"));
    assert_eq!(
        problem(&client, ServerKind::Api).await,
        ProxyProblem::CredentialsNeeded
    );
    client.adopt(through(&other.url, None)).unwrap();
    assert_eq!(
        problem(&client, ServerKind::Api).await,
        ProxyProblem::Refused(503)
    );
    assert!(client.token().is_some());
    let mut states = client.socket_states().unwrap();
    let down = |state: &SocketState| {
        matches!(
            state,
            SocketState::Down(Failure::Proxy(_, ProxyProblem::Refused(503)))
        )
    };
    states.wait_for(down).await.unwrap();
}

#[tokio::test]
async fn a_way_that_cannot_be_taken_changes_nothing() {
    let server = Server::start(|_| Say::Answer(200, r#"{"status":"ok"}"#)).await;
    let client = public_client(&server.url);
    let gone = Network {
        ca_file: Some(PathBuf::from("/nowhere/ca.pem")),
        ..Network::default()
    };
    assert!(matches!(
        client.adopt(gone),
        Err(Error::File {
            problem: FileProblem::Unreadable(io::ErrorKind::NotFound),
            ..
        })
    ));
    client.check(ServerKind::Api).await.unwrap();
}

#[tokio::test]
async fn the_other_address_family_is_spoken_to_on_all_four_servers() {
    let api = Server::start_at("[::1]:0", |_| Say::Answer(200, r#"{"status":"ok"}"#)).await;
    let files = Server::start_at("[::1]:0", |_| Say::Answer(403, "")).await;
    let exchange = peer::Exchange::open_at("[::1]:0").await;
    let servers = ServerUrls::parse(&api.url, &exchange.url(), &files.url, &files.url).unwrap();
    let client = client_of(Configuration::new(servers));
    for server in [
        ServerKind::Api,
        ServerKind::Upstream,
        ServerKind::Downstream,
    ] {
        client.check(server).await.unwrap();
    }
    let (probed, _) = tokio::join!(client.check(ServerKind::WebSocket), async {
        exchange.accept().await.hear().await
    });
    probed.unwrap();
}

fn elsewhere(api: &str) -> Client {
    let servers = ServerUrls::parse(
        api,
        "wss://socket.example.com",
        "https://up.example.com",
        "https://down.example.com",
    );
    let mut configuration = Configuration::new(servers.unwrap());
    configuration.network.proxy = Proxy::None;
    client_of(configuration)
}

fn download_from(client: &Client, link: &str) -> DownstreamLink {
    let place = Place::of(link);
    DownstreamLink::resolve(&place, client.url(ServerKind::Downstream), true).unwrap()
}

/// A service that is not on this computer, nor in its network, sends nobody there, however it writes the host.
#[tokio::test]
async fn a_service_elsewhere_names_no_host_that_is_nearer() {
    let here = Server::start(|_| Say::Answer(200, "secret")).await;
    let port = here.url.rsplit_once(':').unwrap().1.to_owned();
    let client = elsewhere("https://93.184.216.34");
    for host in [
        "127.0.0.1",
        "localhost",
        "LOCALHOST.",
        "files.localhost",
        "0.0.0.0",
        "2130706433",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "[fd00::1]",
        "[fe80::1]",
        "[::ffff:10.0.0.1]",
    ] {
        let link = download_from(&client, &format!("https://{host}:{port}/?auth=v"));
        let refused = client.fetch_downstream(&link).await.unwrap_err();
        assert!(
            matches!(refused, Error::TooNear { .. }),
            "{host}: {refused:?}"
        );
        assert!(refused.nothing_was_sent());
        let place = Place::of(link.reveal());
        let up = UpstreamLink::resolve(&place, client.url(ServerKind::Upstream)).unwrap();
        let body = futures_util::stream::empty();
        let refused = client.send_upstream(&up, Some(0), body).await.unwrap_err();
        assert!(
            matches!(refused, Error::TooNear { .. }),
            "{host}: {refused:?}"
        );
    }
    assert!(here.seen().is_empty());
}

#[tokio::test]
async fn a_service_in_a_network_names_hosts_of_that_network_and_none_of_this_computer() {
    let client = elsewhere("https://10.9.9.9");
    let loopback = download_from(&client, "https://127.0.0.1:9/?auth=v");
    let refused = client.fetch_downstream(&loopback).await.unwrap_err();
    assert!(matches!(refused, Error::TooNear { .. }), "{refused:?}");
    let http = |host: &str| {
        let url = format!("https://{host}/?auth=v").parse().unwrap();
        let servers = client.configuration().servers.clone();
        async move { crate::transport::named_host::may_be_named(&servers, false, &url).await }
    };
    assert!(http("10.1.1.1").await.is_ok());
    assert!(http("93.184.216.34").await.is_ok());
    assert!(http("169.254.169.254").await.is_err());
}

/// A question to the name service takes a while; what is decided without one is decided at once.
#[tokio::test]
async fn names_behind_a_proxy_are_not_resolved_here_and_near_addresses_are_refused() {
    use futures_util::FutureExt as _;
    let client = elsewhere("https://93.184.216.34");
    let servers = &client.configuration().servers;
    let decided = |is_proxied, host: &str| {
        let url = format!("https://{host}/?auth=v").parse().unwrap();
        crate::transport::named_host::may_be_named(servers, is_proxied, &url).now_or_never()
    };
    assert!(matches!(decided(true, "storage.invalid"), Some(Ok(()))));
    assert!(decided(false, "storage.invalid").is_none());
    for host in [
        "127.0.0.1",
        "localhost",
        "x.localhost",
        "[::1]",
        "10.0.0.1",
        "169.254.169.254",
    ] {
        for is_proxied in [true, false] {
            assert!(matches!(decided(is_proxied, host), Some(Err(_))), "{host}");
        }
    }
}

/// A TLS server that asks for a client certificate and tells whether one was shown.
async fn asking_for_certificates(
    own: &rcgen::CertifiedKey<rcgen::KeyPair>,
    client: &rcgen::CertifiedKey<rcgen::KeyPair>,
) -> (u16, tokio::sync::mpsc::UnboundedReceiver<bool>) {
    use rustls::server::WebPkiClientVerifier;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots.add(client.cert.der().clone()).unwrap();
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .allow_unauthenticated()
            .build()
            .unwrap();
    let key = own.signing_key.serialize_der().try_into().unwrap();
    let configuration = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(configuration));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, shown) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, sender) = (acceptor.clone(), sender.clone());
            tokio::spawn(async move {
                use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
                let mut stream = acceptor.accept(stream).await.unwrap();
                let certificates = stream.get_ref().1.peer_certificates();
                sender
                    .send(certificates.is_some_and(|chain| !chain.is_empty()))
                    .unwrap();
                let _request = stream.read(&mut [0; 1000]).await;
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                stream.write_all(answer).await.unwrap();
                let _ = stream.shutdown().await;
            });
        }
    });
    (port, shown)
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_the_hosts_the_user_named_and_to_no_other() {
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let own = rcgen::generate_simple_self_signed(names).unwrap();
    let mine = rcgen::generate_simple_self_signed(["me.test".to_owned()]).unwrap();
    let (port, mut shown) = asking_for_certificates(&own, &mine).await;
    let files = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = files.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let network = Network {
        proxy: Proxy::None,
        ca_file: Some(write("ca.pem", own.cert.pem())),
        client_certificate: Some(crate::transport::network::ClientCertificate {
            chain: write("me.pem", mine.cert.pem()),
            key: Some(write("me.key", mine.signing_key.serialize_pem())),
        }),
    };
    let here = "https://127.0.0.1:1";
    let servers = ServerUrls::parse(here, "wss://127.0.0.1:1", here, here).unwrap();
    let mut configuration = Configuration::new(servers);
    configuration.network = network;
    let client = client_of(configuration);
    for (host, is_named) in [
        ("127.0.0.1", true),
        ("localhost", false),
        ("127.0.0.1", true),
    ] {
        let link = download_from(&client, &format!("https://{host}:{port}/?auth=v"));
        client.fetch_downstream(&link).await.unwrap();
        assert_eq!(shown.recv().await, Some(is_named), "{host}");
    }
}
