//! Commands and requests for data, with the WebSocket.

use crate::{DataAnswer, DataToken};
use std::sync::Mutex as Shared;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::*;

fn accepting(seen: &Seen) -> Say {
    if asks_for_outcome(seen) {
        Say::Answer(200, "\"started\"")
    } else {
        Say::Answer(202, "[\"c-1\"]")
    }
}

fn asks_for_outcome(seen: &Seen) -> bool {
    seen.line.contains("request-status")
}

/// A client whose channel is joined, and the far end of its socket.
async fn joined(server: &Server, exchange: &peer::Exchange) -> (Client, peer::Peer) {
    let client = client_of(configuration(&server.url, &exchange.url()));
    client.authorize(token("T-1"));
    let (peer, _) = exchange.join().await;
    client.joined().await.unwrap();
    (client, peer)
}

/// A client without a socket that polls quickly.
fn polling(server: &Server) -> Client {
    let mut configuration = configuration(&server.url, NOWHERE);
    configuration.poll_back_off = BackOff {
        first: Duration::from_millis(10),
        longest: Duration::from_millis(10),
    };
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    client
}

async fn until_asked(server: &Server, times: usize) {
    while server.seen().len() < times {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_command_is_settled_by_its_acknowledgement_before_or_after_its_answer() {
    let (server, exchange) = (Server::start(accepting).await, peer::Exchange::open().await);
    let (client, mut peer) = joined(&server, &exchange).await;
    peer.acknowledge("c-1", 1, "").await;
    peer.acknowledge("c-1", 2, "").await;
    assert_eq!(client.settle(&reserve()).await.unwrap().as_str(), "c-1");

    let settling = tokio::spawn(async move { client.settle(&reserve()).await });
    until_asked(&server, 2).await;
    peer.acknowledge("c-1", 3, "profile.not_an_owner").await;
    let error = settling.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Rejected { reason, .. } if reason == "profile.not_an_owner"));
}

#[tokio::test]
async fn a_lost_acknowledgement_is_asked_for_after_rejoining() {
    let script = |seen: &Seen| {
        if asks_for_outcome(seen) {
            Say::Answer(200, "\"succeeded\"")
        } else {
            accepting(seen)
        }
    };
    let (server, exchange) = (Server::start(script).await, peer::Exchange::open().await);
    let (client, peer) = joined(&server, &exchange).await;
    let settling = tokio::spawn(async move { client.settle(&reserve()).await });
    until_asked(&server, 1).await;
    drop(peer);
    let _again = exchange.join().await;
    settling.await.unwrap().unwrap();
    assert_eq!(server.lines().last().unwrap(), "POST /request-status/c-1");
}

#[tokio::test]
async fn without_a_socket_the_outcome_is_polled_for() {
    let polls = AtomicUsize::new(0);
    let server = Server::start(move |seen| {
        if !asks_for_outcome(seen) {
            return accepting(seen);
        }
        match polls.fetch_add(1, Ordering::SeqCst) {
            0 => Say::Answer(503, ""),
            1 => Say::Answer(401, ""),
            2 => Say::Answer(200, "started"),
            _ => Say::Answer(200, "[\"rejected\"]"),
        }
    })
    .await;
    assert!(matches!(
        polling(&server).settle(&reserve()).await,
        Err(Error::Rejected { .. })
    ));
    assert_eq!(server.seen().len(), 5);
}

#[tokio::test]
async fn a_command_nobody_knows_three_times_in_a_row_has_failed() {
    let script = |seen: &Seen| {
        if asks_for_outcome(seen) {
            Say::Answer(404, "")
        } else {
            accepting(seen)
        }
    };
    let server = Server::start(script).await;
    assert!(matches!(
        polling(&server).settle(&reserve()).await,
        Err(Error::Rejected { .. })
    ));
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn an_outcome_that_does_not_come_in_time_is_not_confirmed() {
    let server = Server::start(accepting).await;
    let mut configuration = configuration(&server.url, NOWHERE);
    configuration.settle_timeout = Duration::from_millis(50);
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    let error = client.settle(&reserve()).await.unwrap_err();
    assert!(matches!(error, Error::NotConfirmed { command: Some(id) } if id.as_str() == "c-1"));
}

#[tokio::test]
async fn a_command_accepted_without_an_id_is_not_confirmed() {
    let server = Server::start(|_| Say::Answer(202, "")).await;
    let error = authorized_client(&server.url)
        .settle(&reserve())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotConfirmed { command: None }));
}

#[tokio::test]
async fn a_command_the_service_does_not_accept_is_an_error_at_once() {
    let server = Server::start(|_| Say::Answer(422, r#"{"ttl":"too long"}"#)).await;
    let error = authorized_client(&server.url)
        .settle(&reserve())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Invalid { details } if details == r#"{"ttl":"too long"}"#));
    let gateway = Server::start(|_| Say::Answer(504, "")).await;
    let error = authorized_client(&gateway.url)
        .settle(&reserve())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotConfirmed { command: None }));
}

#[tokio::test]
async fn signing_out_ends_every_wait() {
    let (server, exchange) = (Server::start(accepting).await, peer::Exchange::open().await);
    let (client, mut peer) = joined(&server, &exchange).await;
    let settling = tokio::spawn({
        let client = client.clone();
        async move { client.settle(&reserve()).await }
    });
    until_asked(&server, 1).await;
    let ending = tokio::spawn(async move { client.deauthorize().await });
    assert_eq!(peer.hear().await.unwrap()["action"], "leaveChannel");
    assert!(peer.hear().await.is_none());
    ending.await.unwrap();
    assert!(matches!(
        settling.await.unwrap(),
        Err(Error::NotConfirmed { command: Some(_) })
    ));
}

/// Answers requests for data with the ids `r-1`, `r-2` and so on, and tells the test of each.
fn numbering() -> (
    impl Fn(&Seen) -> Say + Send + Sync,
    UnboundedReceiver<String>,
) {
    let (asked, ids) = unbounded_channel();
    let count = Shared::new(0);
    let script = move |seen: &Seen| {
        if asks_for_outcome(seen) {
            return Say::Answer(404, "");
        }
        let mut count = count.lock().unwrap();
        *count += 1;
        let id = format!("r-{count}");
        asked.send(id.clone()).unwrap();
        Say::With(202, vec![("X-DPT-CAB-REQUEST-ID", id)], Vec::new())
    };
    (script, ids)
}

#[tokio::test]
async fn data_comes_inline_after_a_status_text() {
    let (script, mut ids) = numbering();
    let (server, exchange) = (Server::start(script).await, peer::Exchange::open().await);
    let (client, mut peer) = joined(&server, &exchange).await;
    let play = async {
        let id = ids.recv().await.unwrap();
        peer.answer(&id, 0, "data is being prepared").await;
        peer.answer(&id, 0, "aGVsbG8=").await;
    };
    let asked = data();
    let (answer, ()) = tokio::join!(client.retrieve(&asked, || {}), play);
    assert_eq!(
        answer.unwrap(),
        DataAnswer::Inline(Bytes::from_static(b"hello"))
    );
}

#[tokio::test]
async fn data_comes_by_an_address_or_by_a_token_for_the_configured_server() {
    let (script, mut ids) = numbering();
    let (server, exchange) = (Server::start(script).await, peer::Exchange::open().await);
    let (client, mut peer) = joined(&server, &exchange).await;
    let address = |answer| match answer {
        Ok(DataAnswer::Link(link)) => link.url().to_string(),
        other => panic!("{other:?}"),
    };

    let play = async {
        let id = ids.recv().await.unwrap();
        peer.answer(&id, 1, "https://d.example.com/?auth=x").await;
    };
    let asked = data();
    let (answer, ()) = tokio::join!(client.retrieve(&asked, || {}), play);
    assert_eq!(address(answer), "https://d.example.com/?auth=x");

    let play = async {
        let id = ids.recv().await.unwrap();
        peer.say(&format!(
            r#"{{"data":{{"type":"STREAM-READY","requestId":"{id}"}}}}"#
        ))
        .await;
        peer.answer(&id, 1, "d-token").await;
    };
    let (answer, ()) = tokio::join!(client.retrieve(&asked, || {}), play);
    assert_eq!(address(answer), "http://127.0.0.1:1/?auth=d-token");

    let play = async {
        let id = ids.recv().await.unwrap();
        peer.answer(&id, 1, "http://d.example.com/?auth=x").await;
    };
    let (answer, ()) = tokio::join!(client.retrieve(&asked, || {}), play);
    assert!(matches!(answer, Err(Error::Insecure { host }) if host == "d.example.com"));
}

#[tokio::test]
async fn data_is_requested_again_when_its_answer_was_lost() {
    let (script, mut ids) = numbering();
    let (server, exchange) = (Server::start(script).await, peer::Exchange::open().await);
    let (client, peer) = joined(&server, &exchange).await;
    let play = async {
        assert_eq!(ids.recv().await.unwrap(), "r-1");
        drop(peer);
        let (mut again, _) = exchange.join().await;
        // A request that was on its way while the connection broke is answered on the new one.
        let id = ids.recv().await.unwrap();
        again.answer(&id, 0, "aGVsbG8=").await;
        again
    };
    let asked = data();
    let (answer, _peer) = tokio::join!(client.retrieve(&asked, || {}), play);
    assert_eq!(
        answer.unwrap(),
        DataAnswer::Inline(Bytes::from_static(b"hello"))
    );
}

#[tokio::test]
async fn a_request_that_a_vote_holds_is_not_made_again_after_rejoining() {
    let (asked, mut ids) = unbounded_channel();
    let script = move |seen: &Seen| {
        if asks_for_outcome(seen) {
            return Say::Answer(200, "\"started\"");
        }
        asked.send(()).unwrap();
        let id = "r-1".to_owned();
        Say::With(202, vec![("X-DPT-CAB-REQUEST-ID", id)], Vec::new())
    };
    let (server, exchange) = (Server::start(script).await, peer::Exchange::open().await);
    let (client, peer) = joined(&server, &exchange).await;
    let play = async {
        ids.recv().await.unwrap();
        drop(peer);
        let (mut again, _) = exchange.join().await;
        until_asked(&server, 2).await;
        again.answer("r-1", 0, "aGVsbG8=").await;
        again
    };
    let asked = data();
    let (answer, _peer) = tokio::join!(client.retrieve(&asked, || {}), play);
    assert_eq!(
        answer.unwrap(),
        DataAnswer::Inline(Bytes::from_static(b"hello"))
    );
    assert!(ids.try_recv().is_err(), "it was asked for again");
}

#[tokio::test]
async fn data_cannot_be_had_while_the_socket_is_down() {
    let server = Server::start(|_| Say::Answer(202, "")).await;
    let mut configuration = configuration(&server.url, &format!("ws://{}", closed_address().await));
    configuration.connect_timeout = Duration::from_millis(50);
    let client = client_of(configuration);
    assert!(matches!(
        client.retrieve(&data(), || {}).await,
        Err(Error::Closed)
    ));
    client.authorize(token("T-1"));
    let error = client.retrieve(&data(), || {}).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Offline {
                server: Which::WebSocket,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(server.seen().is_empty());
}

fn data() -> DataToken {
    DataToken::from("dtk-1".to_owned())
}
