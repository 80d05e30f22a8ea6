//! Proxies, client certificates and addresses of the other family.

use std::io;
use std::path::PathBuf;

use super::*;
use crate::error::{FileProblem, ProxyProblem};
use crate::failure::Failure;
use crate::network::Network;
use crate::proxy::{Proxy, ProxyAddress, ProxyCredentials};

const ALL: [Which; 4] = [
    Which::Api,
    Which::WebSocket,
    Which::Upstream,
    Which::Downstream,
];

/// A service that only a proxy knows.
fn behind(proxy: &str, credentials: Option<ProxyCredentials>) -> Configuration {
    let service = "https://service.invalid";
    let endpoints = Endpoints::parse(service, "wss://service.invalid", service, service).unwrap();
    let mut configuration = Configuration::new(endpoints);
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

async fn problem(client: &Client, which: Which) -> ProxyProblem {
    match client.check(which).await {
        Err(Error::Proxy { problem, .. }) => problem,
        other => panic!("{which}: {other:?}"),
    }
}

#[tokio::test]
async fn what_a_proxy_says_is_told_alike_for_all_four_servers() {
    let asking = Server::start(|_| Say::Answer(407, "")).await;
    let client = client_of(behind(&asking.url, None));
    for which in ALL {
        assert_eq!(
            problem(&client, which).await,
            ProxyProblem::CredentialsNeeded
        );
    }
    let credentials = ProxyCredentials {
        username: "anna".to_owned(),
        password: "wrong".into(),
    };
    let client = client_of(behind(&asking.url, Some(credentials)));
    for which in ALL {
        assert_eq!(
            problem(&client, which).await,
            ProxyProblem::WrongCredentials
        );
    }
    let lost = Server::start(|_| Say::Answer(503, "")).await;
    let client = client_of(behind(&lost.url, None));
    for which in ALL {
        assert_eq!(problem(&client, which).await, ProxyProblem::Refused(503));
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
    for which in ALL {
        assert_eq!(
            problem(&client, which).await,
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
    for which in ALL {
        assert!(matches!(
            client.check(which).await,
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
    client_of(configuration).check(Which::Api).await.unwrap();
    assert!(proxy.seen().is_empty());
}

#[tokio::test]
async fn another_way_is_taken_without_losing_the_session() {
    let asking = Server::start(|_| Say::Answer(407, "")).await;
    let other = Server::start(|_| Say::Answer(503, "")).await;
    let client = client_of(behind(&asking.url, None));
    client.authorize(token("T-1"));
    assert_eq!(
        problem(&client, Which::Api).await,
        ProxyProblem::CredentialsNeeded
    );
    client.adopt(through(&other.url, None)).unwrap();
    assert_eq!(
        problem(&client, Which::Api).await,
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
    client.check(Which::Api).await.unwrap();
}

#[tokio::test]
async fn the_other_address_family_is_spoken_to_on_all_four_servers() {
    let server = Server::start_at("[::1]:0", |_| Say::Answer(200, r#"{"status":"ok"}"#)).await;
    let exchange = peer::Exchange::open_at("[::1]:0").await;
    let endpoints =
        Endpoints::parse(&server.url, &exchange.url(), &server.url, &server.url).unwrap();
    let client = client_of(Configuration::new(endpoints));
    for which in [Which::Api, Which::Upstream, Which::Downstream] {
        client.check(which).await.unwrap();
    }
    let (knocked, _) = tokio::join!(client.check(Which::WebSocket), async {
        exchange.accept().await.hear().await
    });
    knocked.unwrap();
}
