//! Commands and requests for data, with the WebSocket.

use tokio::sync::mpsc::unbounded_channel;

use super::*;

pub(super) fn accepting(seen: &Seen) -> Say {
    if asks_for_outcome(seen) {
        Say::Answer(200, "\"started\"")
    } else {
        Say::Answer(202, "[\"c-1\"]")
    }
}

pub(super) fn asks_for_outcome(seen: &Seen) -> bool {
    seen.line.contains("request-status")
}

/// A client whose channel is joined, and the far end of its socket.
pub(super) async fn joined(server: &Server, exchange: &peer::Exchange) -> (Client, peer::Peer) {
    let client = client_of(configuration(&server.url, &exchange.url()));
    client.authorize(token("T-1"));
    let (peer, _) = exchange.join().await;
    client.joined().await.unwrap();
    (client, peer)
}

/// A client without a socket that polls quickly.
pub(super) fn polling(server: &Server) -> Client {
    let client = client_of(polling_configuration(server));
    client.authorize(token("T-1"));
    client
}

pub(super) fn polling_configuration(server: &Server) -> Configuration {
    let mut configuration = configuration(&server.url, NOWHERE);
    configuration.poll_back_off = BackOff {
        first: Duration::from_millis(10),
        longest: Duration::from_millis(10),
    };
    configuration
}

pub(super) async fn until_asked(server: &Server, times: usize) {
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
    assert_eq!(
        client.run_command(&reserve()).await.unwrap().as_str(),
        "c-1"
    );

    let running = tokio::spawn(async move { client.run_command(&reserve()).await });
    until_asked(&server, 2).await;
    peer.acknowledge("c-1", 3, "profile.not_an_owner").await;
    let error = running.await.unwrap().unwrap_err();
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
    let running = tokio::spawn(async move { client.run_command(&reserve()).await });
    until_asked(&server, 1).await;
    drop(peer);
    let _again = exchange.join().await;
    running.await.unwrap().unwrap();
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
        polling(&server).run_command(&reserve()).await,
        Err(Error::Rejected { .. })
    ));
    assert_eq!(server.seen().len(), 5);
}

/// Answers every question for an outcome with this status, in either form.
pub(super) async fn knowing_no_command() -> Server {
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
        polling(&server).run_command(&reserve()).await,
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
    configuration.outcome_timeout = Duration::from_millis(300);
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    assert!(matches!(
        client.run_command(&reserve()).await,
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
    configuration.outcome_timeout = Duration::from_millis(300);
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    client.run_command(&reserve()).await.unwrap();
    assert!(matches!(
        client.run_command(&reserve()).await,
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
    configuration.outcome_timeout = Duration::from_millis(300);
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    assert!(matches!(
        client.run_command(&reserve()).await,
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
        client.run_command(&reserve()).await.unwrap();
        client.run_command(&reserve()).await.unwrap();
        let posts = |line: &&String| line.starts_with("POST /request-status");
        assert_eq!(server.lines().iter().filter(posts).count(), 1, "{refusal}");
        let habits = client.habits();
        assert!(habits.tells_states_otherwise);

        let next = polling(&server);
        next.recall(habits, |_| {});
        next.run_command(&reserve()).await.unwrap();
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
    let (sender, mut kept) = unbounded_channel();
    client.recall(Habits::default(), move |habits| {
        sender.send(habits.clone()).unwrap();
    });
    client.run_command(&reserve()).await.unwrap();
    client.run_command(&reserve()).await.unwrap();
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
    let running = tokio::spawn(async move { client.run_command(&reserve()).await });
    let (mut peer, _) = exchange.join().await;
    until_asked(&server, 1).await;
    peer.acknowledge("c-1", 2, "").await;
    running.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_command_is_sent_although_the_channel_is_not_joined() {
    let (server, exchange) = (Server::start(accepting).await, peer::Exchange::open().await);
    let mut configuration = polling_configuration(&server);
    configuration.servers = ServerUrls {
        websocket: exchange.url().parse().unwrap(),
        ..configuration.servers
    };
    configuration.join_wait = Duration::from_millis(20);
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    // Nobody lets it join.
    assert_eq!(client.submit(&reserve()).await.unwrap().as_str(), "c-1");
}

#[tokio::test]
async fn an_outcome_that_does_not_come_in_time_is_not_confirmed() {
    let server = Server::start(accepting).await;
    let mut configuration = configuration(&server.url, NOWHERE);
    configuration.outcome_timeout = Duration::from_millis(50);
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    let error = client.run_command(&reserve()).await.unwrap_err();
    assert!(matches!(error, Error::NotConfirmed { command: Some(id) } if id.as_str() == "c-1"));
}

#[tokio::test]
async fn a_command_accepted_without_an_id_is_not_confirmed() {
    let server = Server::start(|_| Say::Answer(202, "")).await;
    let error = authorized_client(&server.url)
        .run_command(&reserve())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotConfirmed { command: None }));
}

#[tokio::test]
async fn a_command_the_service_does_not_accept_is_an_error_at_once() {
    let server = Server::start(|_| Say::Answer(422, r#"{"ttl":"too long"}"#)).await;
    let error = authorized_client(&server.url)
        .run_command(&reserve())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Invalid { details } if details == r#"{"ttl":"too long"}"#));
    let gateway = Server::start(|_| Say::Answer(504, "")).await;
    let error = authorized_client(&gateway.url)
        .run_command(&reserve())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotConfirmed { command: None }));
}

#[tokio::test]
async fn signing_out_ends_every_wait() {
    let (server, exchange) = (Server::start(accepting).await, peer::Exchange::open().await);
    let (client, mut peer) = joined(&server, &exchange).await;
    let running = tokio::spawn({
        let client = client.clone();
        async move { client.run_command(&reserve()).await }
    });
    until_asked(&server, 1).await;
    let ending = tokio::spawn(async move { client.deauthorize().await });
    assert_eq!(peer.hear().await.unwrap()["action"], "leaveChannel");
    assert!(peer.hear().await.is_none());
    ending.await.unwrap();
    assert!(matches!(
        running.await.unwrap(),
        Err(Error::NotConfirmed { command: Some(_) })
    ));
}
