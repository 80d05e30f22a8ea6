//! Requests for data, with the WebSocket.

use std::future::ready;

use parking_lot::Mutex as Shared;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

use super::command_outcome::*;
use super::*;
use crate::{DataAnswer, DataToken};

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
        let mut count = count.lock();
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
async fn data_is_requested_a_few_times_on_a_connection_that_breaks_each_time() {
    let (script, mut ids) = numbering();
    let (server, exchange) = (Server::start(script).await, peer::Exchange::open().await);
    let (client, mut peer) = joined(&server, &exchange).await;
    let breaking = async {
        loop {
            ids.recv().await.unwrap();
            drop(peer);
            peer = exchange.join().await.0;
        }
    };
    let asked = data();
    let answer = tokio::select! {
        answer = client.retrieve(&asked, || {}) => answer,
        () = breaking => unreachable!("it breaks for ever"),
    };
    assert!(matches!(answer, Err(Error::NobodyAnswered)), "{answer:?}");
    let requests = server.lines().into_iter();
    let requests = requests.filter(|line| line.contains("request-data"));
    assert_eq!(requests.count(), 3);
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
                server: ServerKind::WebSocket,
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

/// Accepts requests for data under one id and answers them under another.
fn with_two_ids(status: impl Fn(&str) -> Say + Send + Sync) -> impl Fn(&Seen) -> Say + Send + Sync {
    move |seen: &Seen| match seen.line.rsplit_once('/') {
        Some((path, id)) if path.contains("request-status") => status(id),
        _ => Say::With(
            202,
            vec![("X-DPT-CAB-REQUEST-ID", "r-1".to_owned())],
            br#"{"commandId":"c-1"}"#.to_vec(),
        ),
    }
}

fn polls_of(server: &Server, id: &str) -> usize {
    let polls = server.lines().into_iter();
    polls.filter(|line| line.ends_with(id)).count()
}

/// At ten milliseconds each they last longer than a wait without news does.
const REPORTS: u32 = 300;

#[tokio::test]
async fn a_vote_that_holds_a_request_by_its_other_id_is_waited_for() {
    let script = with_two_ids(|id| match id {
        "c-1" => Say::Answer(200, "\"started\""),
        _ => Say::Answer(404, ""),
    });
    let (server, exchange) = (Server::start(script).await, peer::Exchange::open().await);
    let mut configuration = polling_configuration(&server);
    configuration.outcome_timeout = Duration::from_secs(2);
    configuration.servers = ServerUrls {
        websocket: exchange.url().parse().unwrap(),
        ..configuration.servers
    };
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    let (mut peer, _) = exchange.join().await;
    let (sender, mut pending) = unbounded_channel();
    let asked = data();
    let play = async {
        for _ in 0..REPORTS {
            let next = timeout(Duration::from_secs(30), pending.recv()).await;
            let request: crate::DataRequest = next.expect("the request is reported again").unwrap();
            assert_eq!(request.ids().collect::<Vec<_>>(), ["c-1", "r-1"]);
        }
        peer.answer("r-1", 0, "aGVsbG8=").await;
    };
    let retrieving = client.retrieve_from(&asked, None, |request| {
        let _ = sender.send(request.clone());
        ready(())
    });
    let (answer, ()) = tokio::join!(retrieving, play);
    assert!(matches!(answer, Ok(DataAnswer::Inline(_))), "{answer:?}");
    let requests = server.lines().into_iter();
    assert_eq!(
        requests
            .filter(|line| line.contains("request-data"))
            .count(),
        1
    );
}

#[tokio::test]
async fn a_request_refused_under_its_other_id_is_told_at_once_pushed_or_polled() {
    let held = |_: &str| Say::Answer(200, "\"started\"");
    let (server, exchange) = (
        Server::start(with_two_ids(held)).await,
        peer::Exchange::open().await,
    );
    let (client, mut peer) = joined(&server, &exchange).await;
    let play = async {
        until_asked(&server, 1).await;
        peer.acknowledge("c-1", 3, "vote.rejected").await;
    };
    let asked = data();
    let (answer, ()) = tokio::join!(client.retrieve(&asked, || {}), play);
    assert!(matches!(answer, Err(Error::NotDelivered { reason }) if reason == "vote.rejected"));

    let refused = |id: &str| match id {
        "c-1" => Say::Answer(200, r#"{"status":"rejected","reason":"vote.rejected"}"#),
        _ => Say::Answer(404, ""),
    };
    let server = Server::start(with_two_ids(refused)).await;
    let mut configuration = polling_configuration(&server);
    configuration.servers = ServerUrls {
        websocket: exchange.url().parse().unwrap(),
        ..configuration.servers
    };
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    let _peer = exchange.join().await;
    let answer = client.retrieve(&asked, || {}).await;
    assert!(matches!(answer, Err(Error::NotDelivered { reason }) if reason == "vote.rejected"));
    assert!(polls_of(&server, "/c-1") > 0);
}

#[tokio::test]
async fn a_stream_that_is_never_said_to_be_ready_is_tried_for() {
    let (script, mut ids) = numbering();
    let (server, exchange) = (Server::start(script).await, peer::Exchange::open().await);
    let mut configuration = configuration(&server.url, &exchange.url());
    configuration.ready_wait = Duration::from_millis(20);
    configuration.poll_back_off = BackOff {
        first: Duration::from_millis(10),
        longest: Duration::from_millis(10),
    };
    let files = {
        let early = AtomicUsize::new(0);
        Server::start(move |_| match early.fetch_add(1, Ordering::SeqCst) {
            0 => Say::Answer(404, ""),
            1 => Say::Answer(425, ""),
            _ => Say::Answer(200, "stored"),
        })
        .await
    };
    configuration.servers.downstream = files.url.parse().unwrap();
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    let (mut peer, _) = exchange.join().await;
    let play = async {
        let id = ids.recv().await.unwrap();
        peer.answer(&id, 1, "d-token").await;
    };
    let asked = data();
    let (answer, ()) = tokio::join!(client.retrieve(&asked, || {}), play);
    let Ok(DataAnswer::Link(link)) = answer else {
        panic!("{answer:?}")
    };
    assert!(!link.is_announced());
    let download = client.fetch_downstream(&link).await.unwrap();
    assert_eq!(download.length, Some(6));
    assert_eq!(files.lines(), ["GET /?auth=d-token"; 3]);
}

#[tokio::test]
async fn what_nobody_answers_is_told_as_that() {
    let (script, _ids) = numbering();
    let (server, exchange) = (Server::start(script).await, peer::Exchange::open().await);
    let mut configuration = configuration(&server.url, &exchange.url());
    configuration.outcome_timeout = Duration::from_millis(50);
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    let _peer = exchange.join().await;
    let answer = client.retrieve(&data(), || {}).await;
    assert!(matches!(answer, Err(Error::NobodyAnswered)), "{answer:?}");
}
