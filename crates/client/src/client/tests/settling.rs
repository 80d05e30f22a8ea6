//! Commands and requests for data, with the WebSocket.

use std::future::ready;
use std::sync::Mutex as Shared;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::*;
use crate::{DataAnswer, DataToken};

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
    let client = client_of(polling_configuration(server));
    client.authorize(token("T-1"));
    client
}

fn polling_configuration(server: &Server) -> Configuration {
    let mut configuration = configuration(&server.url, NOWHERE);
    configuration.poll_back_off = BackOff {
        first: Duration::from_millis(10),
        longest: Duration::from_millis(10),
    };
    configuration
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

/// Answers every question for an outcome with this status, in either form.
async fn knowing_no_command() -> Server {
    Server::start(|seen| {
        if asks_for_outcome(seen) {
            Say::Answer(404, "")
        } else {
            accepting(seen)
        }
    })
    .await
}

#[tokio::test]
async fn a_command_that_an_http_status_said_was_running_has_failed_when_it_is_unknown() {
    let polls = AtomicUsize::new(0);
    let server = Server::start(move |seen| match asks_for_outcome(seen) {
        true if polls.fetch_add(1, Ordering::SeqCst) == 0 => Say::Answer(202, ""),
        true => Say::Answer(404, ""),
        false => accepting(seen),
    })
    .await;
    assert!(matches!(
        polling(&server).settle(&reserve()).await,
        Err(Error::Rejected { .. })
    ));
}

#[tokio::test]
async fn a_command_that_was_running_in_words_is_not_failed_because_it_is_unknown() {
    let polls = AtomicUsize::new(0);
    let server = Server::start(move |seen| match asks_for_outcome(seen) {
        true if polls.fetch_add(1, Ordering::SeqCst) == 0 => Say::Answer(200, "started"),
        true => Say::Answer(404, ""),
        false => accepting(seen),
    })
    .await;
    let mut configuration = polling_configuration(&server);
    configuration.settle_timeout = Duration::from_millis(300);
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    assert!(matches!(
        client.settle(&reserve()).await,
        Err(Error::NotConfirmed { command: Some(_) })
    ));
}

#[tokio::test]
async fn an_unknown_command_is_not_confirmed_although_the_service_has_known_others() {
    let outcomes = AtomicUsize::new(0);
    let server = Server::start(move |seen| match asks_for_outcome(seen) {
        true if outcomes.fetch_add(1, Ordering::SeqCst) == 0 => Say::Answer(200, "\"succeeded\""),
        true => Say::Answer(404, ""),
        false => accepting(seen),
    })
    .await;
    let mut configuration = polling_configuration(&server);
    configuration.settle_timeout = Duration::from_millis(300);
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    client.settle(&reserve()).await.unwrap();
    assert!(matches!(
        client.settle(&reserve()).await,
        Err(Error::NotConfirmed { command: Some(_) })
    ));
    let sent = server.lines();
    let sent = sent.iter().filter(|line| !line.contains("request-status"));
    assert_eq!(sent.count(), 2, "each command is sent once");
}

#[tokio::test]
async fn a_service_that_knows_no_command_says_nothing_by_not_knowing_one() {
    let server = knowing_no_command().await;
    let mut configuration = polling_configuration(&server);
    configuration.settle_timeout = Duration::from_millis(300);
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    assert!(matches!(
        client.settle(&reserve()).await,
        Err(Error::NotConfirmed { command: Some(_) })
    ));
    let polls = server.lines().into_iter().skip(1);
    assert!(polls.clone().any(|line| line.starts_with("POST")));
    assert!(polls.clone().any(|line| line.starts_with("GET")));
}

/// Whatever a service says to the form that it does not speak, the other one is tried, and comes first from then on.
#[tokio::test]
async fn the_form_in_which_a_service_tells_outcomes_is_found_out_once() {
    for refusal in [400, 403, 404, 405, 415, 422, 501] {
        let server = Server::start(move |seen| match asks_for_outcome(seen) {
            true if seen.line.starts_with("GET") => Say::Answer(200, "\"succeeded\""),
            true => Say::Answer(refusal, ""),
            false => accepting(seen),
        })
        .await;
        let client = polling(&server);
        client.settle(&reserve()).await.unwrap();
        client.settle(&reserve()).await.unwrap();
        let posts = |line: &&String| line.starts_with("POST /request-status");
        assert_eq!(server.lines().iter().filter(posts).count(), 1, "{refusal}");
        let habits = client.habits();
        assert!(habits.tells_states_otherwise);

        let next = polling(&server);
        next.recall(habits, |_| {});
        next.settle(&reserve()).await.unwrap();
        assert_eq!(server.lines().iter().filter(posts).count(), 1, "{refusal}");
    }
}

#[tokio::test]
async fn what_is_learnt_is_told_once_to_be_remembered() {
    let script = |seen: &Seen| match asks_for_outcome(seen) {
        true if seen.line.starts_with("GET") => Say::Answer(200, "\"succeeded\""),
        true => Say::Answer(405, ""),
        false => accepting(seen),
    };
    let server = Server::start(script).await;
    let client = polling(&server);
    let (told, mut kept) = unbounded_channel();
    client.recall(Habits::default(), move |habits| {
        told.send(habits.clone()).unwrap();
    });
    client.settle(&reserve()).await.unwrap();
    client.settle(&reserve()).await.unwrap();
    assert!(kept.recv().await.unwrap().tells_states_otherwise);
    assert!(kept.try_recv().is_err());
}

#[tokio::test]
async fn a_command_is_sent_when_its_outcome_can_be_heard() {
    let (server, exchange) = (Server::start(accepting).await, peer::Exchange::open().await);
    let mut configuration = configuration(&server.url, &exchange.url());
    configuration.join_wait = Duration::from_mins(1);
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    let settling = tokio::spawn(async move { client.settle(&reserve()).await });
    let (mut peer, _) = exchange.join().await;
    until_asked(&server, 1).await;
    peer.acknowledge("c-1", 2, "").await;
    settling.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_command_is_sent_although_the_channel_is_not_joined() {
    let (server, exchange) = (Server::start(accepting).await, peer::Exchange::open().await);
    let mut configuration = polling_configuration(&server);
    configuration.endpoints = Endpoints {
        websocket: exchange.url().parse().unwrap(),
        ..configuration.endpoints
    };
    configuration.join_wait = Duration::from_millis(20);
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    // Nobody lets it join.
    assert_eq!(client.accept(&reserve()).await.unwrap().as_str(), "c-1");
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

#[tokio::test]
async fn a_vote_that_holds_a_request_by_its_other_id_is_waited_for() {
    let script = with_two_ids(|id| match id {
        "c-1" => Say::Answer(200, "\"started\""),
        _ => Say::Answer(404, ""),
    });
    let (server, exchange) = (Server::start(script).await, peer::Exchange::open().await);
    let mut configuration = polling_configuration(&server);
    configuration.settle_timeout = Duration::from_secs(2);
    configuration.endpoints = Endpoints {
        websocket: exchange.url().parse().unwrap(),
        ..configuration.endpoints
    };
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    let (mut peer, _) = exchange.join().await;
    let (told, mut pending) = unbounded_channel();
    let asked = data();
    let play = async {
        // It is held for longer than anything else is waited for.
        let since = tokio::time::Instant::now();
        while since.elapsed() < Duration::from_secs(3) {
            let request: crate::DataRequest = pending.recv().await.unwrap();
            assert_eq!(request.ids().collect::<Vec<_>>(), ["c-1", "r-1"]);
        }
        peer.answer("r-1", 0, "aGVsbG8=").await;
    };
    let retrieving = client.retrieve_from(&asked, None, |request| {
        let _ = told.send(request.clone());
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
    configuration.endpoints = Endpoints {
        websocket: exchange.url().parse().unwrap(),
        ..configuration.endpoints
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
    configuration.endpoints.downstream = files.url.parse().unwrap();
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
    configuration.settle_timeout = Duration::from_millis(50);
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    let _peer = exchange.join().await;
    let answer = client.retrieve(&data(), || {}).await;
    assert!(matches!(answer, Err(Error::NobodyAnswered)), "{answer:?}");
}
