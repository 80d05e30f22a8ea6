use super::peer::Exchange;
use super::*;
use crate::configuration::UnclaimedLimits;
use crate::identifier::CommandId;
use crate::inbox::{Awaited, WaitEvent};
use crate::server_urls::ServerUrls;
use crate::test_server::closed_address;

const UNCLAIMED: UnclaimedLimits = UnclaimedLimits {
    bytes: 1024 * 1024,
    count: 8,
    age: Duration::from_mins(1),
};

fn params(url: &str) -> ConnectParams {
    let servers = ServerUrls::parse(
        "http://localhost:1",
        url,
        "http://localhost:1",
        "http://localhost:1",
    )
    .unwrap();
    let mut configuration = Configuration::new(servers);
    configuration.reconnect_back_off = BackOff {
        first: Duration::from_millis(5),
        longest: Duration::from_millis(20),
    };
    let tls = crate::transport::tls::configuration(&configuration.network).unwrap();
    let proxies = Proxies::new(&configuration.network.proxy);
    ConnectParams::new(&configuration, proxies, Arc::new(tls))
}

fn token(text: &str) -> AuthorizationToken {
    AuthorizationToken::from(text.to_owned())
}

async fn until(socket: &Socket, wanted: impl FnMut(&SocketState) -> bool) {
    socket.state().wait_for(wanted).await.unwrap();
}

#[tokio::test]
async fn joins_delivers_and_leaves() {
    let exchange = Exchange::open().await;
    let mailbox = Mailbox::new(UNCLAIMED);
    let mut waiter = mailbox.wait_for(Awaited::Command(CommandId::from("c-1")));
    let socket = Socket::open(params(&exchange.url()), token("T-1"), mailbox);
    let (mut peer, joined_with) = exchange.join().await;
    assert_eq!(joined_with, "T-1");
    until(&socket, |state| *state == SocketState::Joined).await;
    peer.acknowledge("c-1", 2, "").await;
    assert_eq!(waiter.next_event().await, WaitEvent::Succeeded);

    let closing = tokio::spawn(socket.close());
    let farewell = peer.hear().await.unwrap();
    assert_eq!(farewell["action"], "leaveChannel");
    assert_eq!(farewell["data"]["channelId"], "ch-1");
    assert_eq!(farewell["data"]["authorizationToken"], "T-1");
    assert!(peer.hear().await.is_none());
    closing.await.unwrap();
}

#[tokio::test]
async fn an_outcome_that_overtakes_the_join_is_delivered() {
    let exchange = Exchange::open().await;
    let mailbox = Mailbox::new(UNCLAIMED);
    let mut waiter = mailbox.wait_for(Awaited::Command(CommandId::from("c-1")));
    let _socket = Socket::open(params(&exchange.url()), token("T-1"), mailbox);
    let mut peer = exchange.accept().await;
    peer.hear().await.unwrap();
    peer.acknowledge("c-1", 2, "").await;
    assert_eq!(waiter.next_event().await, WaitEvent::Succeeded);
}

#[tokio::test]
async fn connects_and_joins_again_and_has_outcomes_polled_once() {
    let exchange = Exchange::open().await;
    let mailbox = Mailbox::new(UNCLAIMED);
    let _socket = Socket::open(params(&exchange.url()), token("T-1"), mailbox.clone());
    let (peer, _) = exchange.join().await;
    let mut waiter = mailbox.wait_for(Awaited::Command(CommandId::from("c-1")));
    drop(peer);
    let (mut peer, joined_with) = exchange.join().await;
    assert_eq!(joined_with, "T-1");
    assert_eq!(waiter.next_event().await, WaitEvent::PollNow);
    peer.acknowledge("c-1", 3, "no").await;
    assert_eq!(
        waiter.next_event().await,
        WaitEvent::Failed("no".to_owned())
    );
}

#[tokio::test]
async fn joins_anew_with_a_new_token_and_stays_with_the_same() {
    let exchange = Exchange::open().await;
    let socket = Socket::open(
        params(&exchange.url()),
        token("T-1"),
        Mailbox::new(UNCLAIMED),
    );
    let (mut first, _) = exchange.join().await;
    socket.renew(token("T-1"));
    socket.renew(token("T-2"));
    assert_eq!(first.hear().await.unwrap()["action"], "leaveChannel");
    let (_second, joined_with) = exchange.join().await;
    assert_eq!(joined_with, "T-2");
}

#[tokio::test]
async fn a_refused_token_is_not_tried_again_but_a_new_one_is() {
    let exchange = Exchange::open().await;
    let socket = Socket::open(
        params(&exchange.url()),
        token("T-old"),
        Mailbox::new(UNCLAIMED),
    );
    let mut peer = exchange.accept().await;
    peer.hear().await.unwrap();
    peer.say(r#"{"status":401,"data":{"message":"no"}}"#).await;
    until(&socket, |state| *state == SocketState::Unauthorized).await;
    socket.renew(token("T-new"));
    let (_peer, joined_with) = exchange.join().await;
    assert_eq!(joined_with, "T-new");
}

#[tokio::test]
async fn a_connection_without_a_sign_of_life_is_given_up() {
    let exchange = Exchange::open().await;
    let mut params = params(&exchange.url());
    params.ping_interval = Duration::from_millis(20);
    let _socket = Socket::open(params, token("T-1"), Mailbox::new(UNCLAIMED));
    // Nobody reads this end any more, so nobody answers its pings either.
    let (_silent, _) = exchange.join().await;
    let (mut peer, _) = exchange.join().await;
    let reading = tokio::spawn(async move { peer.hear().await });
    drop(reading);
}

#[tokio::test]
async fn a_connection_that_stands_is_opened_anew_at_once_when_it_is_to_be() {
    let exchange = Exchange::open().await;
    let params = params(&exchange.url());
    let mailbox = Mailbox::new(UNCLAIMED);
    let socket = Socket::open(params.clone(), token("T-1"), mailbox.clone());
    // Nobody reads this end, as after a sleep of the machine.
    let (_dead, _) = exchange.join().await;
    let mut waiter = mailbox.wait_for(Awaited::Command(CommandId::from("c-1")));
    until(&socket, |state| *state == SocketState::Joined).await;
    socket.reopen(params);
    let (_peer, joined_with) = exchange.join().await;
    assert_eq!(joined_with, "T-1");
    assert_eq!(waiter.next_event().await, WaitEvent::PollNow);
}

#[tokio::test]
async fn waiting_for_the_next_attempt_ends_when_it_is_to_be_opened_anew() {
    let exchange = Exchange::open().await;
    let nowhere = format!("ws://{}", closed_address().await);
    let mut lost = params(&nowhere);
    lost.reconnect_back_off = BackOff {
        first: Duration::from_hours(1),
        longest: Duration::from_hours(1),
    };
    let socket = Socket::open(lost, token("T-1"), Mailbox::new(UNCLAIMED));
    until(&socket, |state| matches!(state, SocketState::Down(_))).await;
    socket.reopen(params(&exchange.url()));
    let (_peer, joined_with) = exchange.join().await;
    assert_eq!(joined_with, "T-1");
}

#[tokio::test]
async fn a_connection_that_is_being_made_in_vain_is_given_up_when_it_is_to_be_opened_anew() {
    let silent = crate::test_server::Server::start(|_| crate::test_server::Say::Hang).await;
    let exchange = Exchange::open().await;
    let socket = Socket::open(
        params(&silent.url.replace("http", "ws")),
        token("T-1"),
        Mailbox::new(UNCLAIMED),
    );
    while silent.seen().is_empty() {
        tokio::task::yield_now().await;
    }
    socket.reopen(params(&exchange.url()));
    let (_peer, joined_with) = exchange.join().await;
    assert_eq!(joined_with, "T-1");
}

#[tokio::test]
async fn says_why_it_is_down() {
    let socket = Socket::open(
        params(&format!("ws://{}", closed_address().await)),
        token("T-1"),
        Mailbox::new(UNCLAIMED),
    );
    until(&socket, |state| {
        *state == SocketState::Down(Failure::Offline(std::io::ErrorKind::ConnectionRefused))
    })
    .await;
    let socket = Socket::open(
        params("wss://nowhere.invalid"),
        token("T-1"),
        Mailbox::new(UNCLAIMED),
    );
    until(&socket, |state| {
        *state == SocketState::Down(Failure::UnknownHost)
    })
    .await;
}

#[tokio::test]
async fn closing_does_not_wait_for_a_server_that_is_not_there() {
    let socket = Socket::open(
        params(&format!("ws://{}", closed_address().await)),
        token("T-1"),
        Mailbox::new(UNCLAIMED),
    );
    socket.close().await;
}

#[tokio::test]
async fn probing_tells_a_websocket_from_other_servers() {
    let exchange = Exchange::open().await;
    let server = params(&exchange.url());
    let (probed, _) = tokio::join!(probe(&server), async {
        exchange.accept().await.hear().await
    });
    assert_eq!(probed, Ok(()));

    let other =
        crate::test_server::Server::start(|_| crate::test_server::Say::Answer(404, "")).await;
    let server = params(&other.url.replace("http", "ws"));
    assert_eq!(probe(&server).await, Err(Failure::Refused(404)));
}
