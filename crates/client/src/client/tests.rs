//! The client against servers on loopback.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::back_off::BackOff;
use crate::error::{Phase, TlsProblem};
use crate::operations::data_token::{DeleteData, ReserveTokenSpace};
use crate::operations::device::DeviceConfiguration;
use crate::operations::profile::{Authenticate, RegisterProfile, RetrieveProfileId};
use crate::operations::utility::{CommandState, CommandStatus};
use crate::server_urls::ServerUrls;
use crate::test_server::{Say, Seen, Server, closed_address};
use crate::transport::socket::peer;

mod command_outcome;
mod network;
mod requesting;
mod transfers;

const NOWHERE: &str = "ws://127.0.0.1:1";

fn configuration(api: &str, websocket: &str) -> Configuration {
    let servers =
        ServerUrls::parse(api, websocket, "http://127.0.0.1:1", "http://127.0.0.1:1").unwrap();
    let quick = BackOff {
        first: Duration::from_millis(2),
        longest: Duration::from_millis(10),
    };
    let mut configuration = Configuration::new(servers);
    configuration.retry_back_off = quick;
    configuration.reconnect_back_off = quick;
    configuration.poll_back_off = BackOff {
        first: Duration::from_mins(1),
        longest: Duration::from_mins(1),
    };
    configuration
}

fn client_of(configuration: Configuration) -> Client {
    Client::new(configuration).unwrap()
}

fn public_client(api: &str) -> Client {
    client_of(configuration(api, NOWHERE))
}

fn authorized_client(api: &str) -> Client {
    let client = public_client(api);
    client.authorize(token("T-1"));
    client
}

fn token(text: &str) -> AuthorizationToken {
    AuthorizationToken::from(text.to_owned())
}

fn register() -> RegisterProfile {
    RegisterProfile {
        username: "anna".to_owned(),
        password: "pw".to_owned().into(),
    }
}

#[tokio::test]
async fn session_operations_carry_the_authorization_and_public_ones_do_not() {
    let server = Server::start(|seen| match seen.line.as_str() {
        "GET /profile/retrieve-profile-id" => Say::Answer(200, r#"{"profileId":"p-1"}"#),
        _ => Say::Answer(202, "\"c-1\""),
    })
    .await;
    let client = authorized_client(&server.url);
    assert_eq!(
        client.call(&RetrieveProfileId).await.unwrap().as_str(),
        "p-1"
    );
    assert_eq!(client.call(&register()).await.unwrap().as_str(), "c-1");
    let seen = server.seen();
    assert_eq!(
        seen[0]
            .headers
            .get("x-dpt-authorization")
            .map(String::as_str),
        Some("T-1")
    );
    assert_eq!(seen[1].headers.get("x-dpt-authorization"), None);
    assert_eq!(
        seen[1].headers["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(seen[1].body, b"username=anna&password=pw");
}

#[tokio::test]
async fn without_an_authorization_session_operations_are_not_sent() {
    let server = Server::start(|_| Say::Answer(200, "{}")).await;
    let client = public_client(&server.url);
    assert!(matches!(
        client.call(&RetrieveProfileId).await,
        Err(Error::Closed)
    ));
    client.authorize(token("T-1"));
    client.deauthorize().await;
    assert!(matches!(
        client.call(&RetrieveProfileId).await,
        Err(Error::Closed)
    ));
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn an_api_under_a_path_keeps_its_path() {
    let server = Server::start(|_| Say::Answer(200, r#"{"status":"ok"}"#)).await;
    public_client(&format!("{}/engine/", server.url))
        .check(ServerKind::Api)
        .await
        .unwrap();
    assert_eq!(server.lines(), ["GET /engine/health"]);
}

#[tokio::test]
async fn statuses_become_errors_that_name_the_state() {
    let status = |status: u16| async move {
        let server = Server::start(move |_| Say::Answer(status, "\"why\"")).await;
        public_client(&server.url)
            .call(&register())
            .await
            .unwrap_err()
    };
    assert!(matches!(status(401).await, Error::Unauthorized));
    assert!(matches!(
        status(404).await,
        Error::NotFound {
            operation: "profile.register",
            ..
        }
    ));
    assert!(matches!(status(409).await, Error::Conflict));
    assert!(matches!(status(422).await, Error::Invalid { details } if details == "why"));
    assert!(matches!(status(500).await, Error::Refused { status: 500, body, .. } if body == "why"));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let other = Server::start(|_| Say::Answer(200, "\"c-1\"")).await;
    let location = other.url.clone();
    let server =
        Server::start(move |_| Say::With(307, vec![("Location", location.clone())], Vec::new()))
            .await;
    let error = public_client(&server.url)
        .call(&register())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Refused { status: 307, .. }));
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn an_answer_of_another_form_is_unexpected() {
    let server = Server::start(|_| Say::Answer(200, "<html>")).await;
    let authenticate = Authenticate {
        username: "a".to_owned(),
        password: "b".to_owned().into(),
    };
    let error = public_client(&server.url)
        .call(&authenticate)
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        Error::UnexpectedAnswer {
            operation: "profile.authenticate",
            ..
        }
    ));
}

#[tokio::test]
async fn reads_are_repeated_after_failures_that_may_pass() {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => Say::With(503, vec![("Retry-After", "0".to_owned())], Vec::new()),
        1 => Say::Cut,
        _ => Say::Answer(200, r#"{"profileId":"p-1"}"#),
    })
    .await;
    let client = authorized_client(&server.url);
    assert_eq!(
        client.call(&RetrieveProfileId).await.unwrap().as_str(),
        "p-1"
    );
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn reads_are_not_repeated_for_ever_nor_against_the_wish_of_the_service() {
    let server = Server::start(|_| Say::Answer(500, "")).await;
    let error = authorized_client(&server.url)
        .call(&RetrieveProfileId)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Refused { status: 500, .. }));
    assert_eq!(server.seen().len(), 3);

    let server =
        Server::start(|_| Say::With(503, vec![("Retry-After", "3600".to_owned())], Vec::new()))
            .await;
    authorized_client(&server.url)
        .call(&RetrieveProfileId)
        .await
        .unwrap_err();
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn changes_are_never_repeated_and_a_lost_answer_is_not_confirmed() {
    let server = Server::start(|_| Say::Cut).await;
    let client = authorized_client(&server.url);
    assert!(matches!(
        client.call(&register()).await,
        Err(Error::NotConfirmed { command: None })
    ));
    let delete = DeleteData {
        token: "dtk-1".to_owned().into(),
    };
    assert!(matches!(
        client.run_command(&delete).await,
        Err(Error::NotConfirmed { command: None })
    ));
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_change_without_an_answer_in_time_is_not_confirmed_but_a_read_timed_out() {
    let server = Server::start(|_| Say::Hang).await;
    let mut configuration = configuration(&server.url, NOWHERE);
    configuration.answer_timeout = Duration::from_millis(50);
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    assert!(matches!(
        client.call(&register()).await,
        Err(Error::NotConfirmed { command: None })
    ));
    let error = client.call(&RetrieveProfileId).await.unwrap_err();
    assert!(matches!(
        error,
        Error::TimedOut {
            server: ServerKind::Api,
            phase: Phase::Answer
        }
    ));
}

#[tokio::test]
async fn before_anything_was_sent_even_a_change_may_be_repeated() {
    let address = closed_address().await;
    let error = authorized_client(&format!("http://{address}"))
        .run_command(&reserve())
        .await
        .unwrap_err();
    assert!(error.nothing_was_sent());
    assert!(matches!(
        error,
        Error::Offline { server: ServerKind::Api, host, kind: io::ErrorKind::ConnectionRefused } if host == address
    ));
    let error = authorized_client("https://nowhere.invalid")
        .run_command(&reserve())
        .await
        .unwrap_err();
    assert!(error.nothing_was_sent());
    assert!(matches!(error, Error::UnknownHost { host, .. } if host == "nowhere.invalid"));
}

#[tokio::test]
async fn a_server_without_tls_is_told_apart() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let talk = tokio::spawn(async move {
        use tokio::io::AsyncWriteExt as _;
        let (mut stream, _) = listener.accept().await.unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .unwrap();
        stream
    });
    let error = public_client(&format!("https://{address}"))
        .call(&register())
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Tls {
                problem: TlsProblem::NotTls,
                ..
            }
        ),
        "{error:?}"
    );
    talk.await.unwrap();
}

#[tokio::test]
async fn the_form_that_works_is_remembered() {
    let server = Server::start(|seen| match seen.line.split_once(' ').unwrap().0 {
        "POST" => Say::Answer(405, ""),
        _ => Say::Answer(200, "[\"succeeded\"]"),
    })
    .await;
    let client = authorized_client(&server.url);
    let ask = CommandStatus {
        command_id: CommandId::from("c-1"),
    };
    assert_eq!(client.call(&ask).await.unwrap(), CommandState::Succeeded);
    assert_eq!(client.call(&ask).await.unwrap(), CommandState::Succeeded);
    let get = "GET /request-status/c-1";
    assert_eq!(server.lines(), ["POST /request-status/c-1", get, get]);
}

#[tokio::test]
async fn an_unknown_thing_is_not_found_in_either_form() {
    let server = Server::start(|_| Say::Answer(404, "")).await;
    let ask = DeviceConfiguration {
        device_identifier: "dev-1".into(),
    };
    let error = authorized_client(&server.url).call(&ask).await.unwrap_err();
    assert!(matches!(
        error,
        Error::NotFound {
            operation: "device.configuration",
            ..
        }
    ));
}

#[tokio::test]
async fn checks_every_server_for_what_it_should_speak() {
    let exchange = peer::Exchange::open().await;
    let other = Server::start(|_| Say::Answer(404, "")).await;
    let upstream = Server::start(|_| Say::Answer(403, "")).await;
    let servers = ServerUrls::parse(
        &other.url,
        &exchange.url(),
        &upstream.url,
        "http://127.0.0.1:1",
    )
    .unwrap();
    let client = client_of(Configuration::new(servers));
    assert!(matches!(
        client.check(ServerKind::Api).await,
        Err(Error::OtherServer {
            server: ServerKind::Api,
            status: Some(404),
            ..
        })
    ));
    let (websocket, _) = tokio::join!(client.check(ServerKind::WebSocket), async {
        exchange.accept().await.hear().await
    });
    websocket.unwrap();
    client.check(ServerKind::Upstream).await.unwrap();
    assert!(matches!(
        client.check(ServerKind::Downstream).await,
        Err(Error::Offline {
            server: ServerKind::Downstream,
            ..
        })
    ));
}

/// Who checks upload addresses by their 404.
async fn checked_upload(say: impl Fn(&str) -> Say + Send + Sync + 'static) -> Result<(), Error> {
    let server = Server::start(move |seen| say(&seen.line)).await;
    let here = &server.url;
    let servers = ServerUrls::parse(here, &here.replace("http", "ws"), here, here).unwrap();
    let client = client_of(Configuration::new(servers));
    client.check(ServerKind::Upstream).await
}

#[tokio::test]
async fn a_file_server_may_refuse_with_404_and_other_servers_that_do_are_known() {
    checked_upload(|_| Say::Answer(404, "")).await.unwrap();
    let page = |_: &str| {
        let html = vec![("Content-Type", "text/html; charset=utf-8".to_owned())];
        Say::With(404, html, Vec::new())
    };
    let api = |line: &str| {
        if line.starts_with("GET /health") {
            Say::Answer(200, r#"{"status":"ok"}"#)
        } else {
            Say::Answer(404, "")
        }
    };
    for other in [checked_upload(page).await, checked_upload(api).await] {
        let is_other = matches!(
            other,
            Err(Error::OtherServer {
                status: Some(404),
                ..
            })
        );
        assert!(is_other, "{other:?}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_off_accuses_no_other_server() {
    let closed = checked_upload(|_| Say::Cut).await;
    assert!(
        matches!(closed, Err(Error::ClosedUnanswered { .. })),
        "{closed:?}"
    );
}

fn reserve() -> ReserveTokenSpace {
    ReserveTokenSpace {
        context: "letters".to_owned(),
        ttl: None,
        meta: None,
    }
}

#[tokio::test]
async fn no_service_can_ask_to_be_left_alone_for_ever() {
    for (asked, waited) in [("7", 7), ("3601", 3600), ("18446744073709551615", 3600)] {
        let server = Server::start(move |_| {
            Say::With(503, vec![("Retry-After", asked.to_owned())], Vec::new())
        })
        .await;
        let refused = authorized_client(&server.url).submit(&reserve()).await;
        assert!(
            matches!(
                refused,
                Err(Error::Refused { retry_after: Some(wait), .. }) if wait == Duration::from_secs(waited)
            ),
            "{asked}: {refused:?}"
        );
    }
}
