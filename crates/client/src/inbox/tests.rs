use std::time::Duration;

use super::*;
use crate::identifier::RequestId;
use crate::link::Place;

const LIMITS: UnclaimedLimits = UnclaimedLimits {
    count: 3,
    bytes: 1024 * 1024,
    age: Duration::from_mins(1),
};

/// An inbox, and a clock that only tests move.
struct Room {
    inbox: Inbox<&'static str>,
    now: Instant,
}

impl Room {
    fn new() -> Self {
        Self {
            inbox: Inbox::new(LIMITS),
            now: Instant::now(),
        }
    }

    fn wait(&mut self, who: &'static str, awaited: Awaited) -> Vec<(&'static str, WaitEvent)> {
        self.wait_for_asked(who, awaited, self.inbox.breaks())
    }

    fn wait_for_asked(
        &mut self,
        who: &'static str,
        awaited: Awaited,
        asked: Breaks,
    ) -> Vec<(&'static str, WaitEvent)> {
        self.inbox.wait_for(awaited, asked, who, self.now).1
    }

    fn deliver(&mut self, message: Message) -> Vec<(&'static str, WaitEvent)> {
        self.inbox.deliver(message, self.now)
    }
}

fn command(id: &str) -> Awaited {
    Awaited::Command(CommandId::from(id))
}

fn data(id: &str) -> Awaited {
    Awaited::Data(DataRequest::from(id))
}

fn ack(id: &str, outcome: Outcome) -> Message {
    Message::Ack {
        command: CommandId::from(id),
        outcome,
    }
}

fn part(id: &str, part: Part) -> Message {
    Message::Data {
        ids: vec![RequestId::from(id)],
        part,
    }
}

#[test]
fn an_outcome_reaches_its_waiter_and_nobody_else() {
    let mut room = Room::new();
    assert!(room.wait("a", command("1")).is_empty());
    assert!(room.wait("b", command("2")).is_empty());
    assert_eq!(
        room.deliver(ack("2", Outcome::Succeeded)),
        [("b", WaitEvent::Succeeded)]
    );
    assert_eq!(
        room.deliver(ack("1", Outcome::Failed("no".to_owned()))),
        [("a", WaitEvent::Failed("no".to_owned()))]
    );
}

#[test]
fn pending_may_repeat_before_the_outcome() {
    let mut room = Room::new();
    room.wait("a", command("1"));
    for _ in 0..2 {
        assert_eq!(
            room.deliver(ack("1", Outcome::Pending)),
            [("a", WaitEvent::Pending)]
        );
    }
    assert_eq!(
        room.deliver(ack("1", Outcome::Succeeded)),
        [("a", WaitEvent::Succeeded)]
    );
}

#[test]
fn an_early_outcome_waits_on_the_shelf() {
    let mut room = Room::new();
    room.deliver(ack("1", Outcome::Pending));
    room.deliver(ack("1", Outcome::Succeeded));
    assert_eq!(room.wait("a", command("1")), [("a", WaitEvent::Succeeded)]);
    assert!(room.inbox.waits.is_empty());
    assert!(room.inbox.unclaimed.is_empty());
}

#[test]
fn a_repeated_outcome_is_told_once() {
    let mut room = Room::new();
    room.wait("a", command("1"));
    assert_eq!(room.deliver(ack("1", Outcome::Succeeded)).len(), 1);
    assert!(room.deliver(ack("1", Outcome::Succeeded)).is_empty());
}

#[test]
fn everybody_who_waits_for_the_same_outcome_is_told() {
    let mut room = Room::new();
    room.wait("a", command("1"));
    room.wait("b", command("1"));
    assert_eq!(
        room.deliver(ack("1", Outcome::Succeeded)),
        [("a", WaitEvent::Succeeded), ("b", WaitEvent::Succeeded)]
    );
}

#[test]
fn the_shelf_is_bounded_in_number() {
    let mut room = Room::new();
    for id in ["1", "2", "3", "4"] {
        room.deliver(ack(id, Outcome::Succeeded));
    }
    assert!(room.wait("oldest", command("1")).is_empty());
    assert_eq!(
        room.wait("newest", command("4")),
        [("newest", WaitEvent::Succeeded)]
    );
}

#[test]
fn the_shelf_is_bounded_in_age() {
    let mut room = Room::new();
    room.deliver(ack("1", Outcome::Succeeded));
    room.deliver(ack("2", Outcome::Succeeded));
    room.now += LIMITS.age;
    assert_eq!(
        room.wait("in time", command("1")),
        [("in time", WaitEvent::Succeeded)]
    );
    room.now += Duration::from_millis(1);
    assert!(room.wait("too late", command("2")).is_empty());
}

#[test]
fn pending_and_unknown_messages_take_no_place_on_the_shelf() {
    let mut room = Room::new();
    room.deliver(ack("1", Outcome::Pending));
    room.deliver(Message::Unknown);
    room.deliver(part("r", Part::Preparing));
    assert!(room.inbox.unclaimed.is_empty());
}

#[test]
fn after_rejoining_every_awaited_command_is_polled_once() {
    let mut room = Room::new();
    room.wait("a", command("1"));
    assert!(room.inbox.disconnected().is_empty());
    room.wait("later", command("2"));
    assert_eq!(room.inbox.rejoined(), [("a", WaitEvent::PollNow)]);
    assert!(room.inbox.rejoined().is_empty());
    assert_eq!(
        room.deliver(ack("1", Outcome::Succeeded)),
        [("a", WaitEvent::Succeeded)]
    );
}

#[test]
fn data_is_lost_with_the_connection() {
    let mut room = Room::new();
    room.wait("d", data("r"));
    assert_eq!(room.inbox.disconnected(), [("d", WaitEvent::Lost)]);
    assert!(room.inbox.rejoined().is_empty());
}

#[test]
fn data_asked_for_before_a_break_is_lost_to_who_waits_after_it() {
    let mut room = Room::new();
    let asked = room.inbox.breaks();
    room.inbox.disconnected();
    room.inbox.rejoined();
    assert_eq!(
        room.wait_for_asked("d", data("r"), asked),
        [("d", WaitEvent::Lost)]
    );
}

#[test]
fn data_that_came_after_the_break_is_not_lost() {
    let mut room = Room::new();
    let asked = room.inbox.breaks();
    room.inbox.disconnected();
    let bytes = Bytes::from_static(b"hello");
    room.deliver(part("r", Part::Inline(bytes.clone())));
    assert_eq!(
        room.wait_for_asked("d", data("r"), asked),
        [("d", WaitEvent::Data(Delivered::Inline(bytes)))]
    );
}

fn place(text: &str) -> Place {
    Place::of(text)
}

#[test]
fn a_bare_token_waits_for_its_stream_in_either_order() {
    let bare = || part("r", Part::Place(place("t")));
    let ready = || part("r", Part::Ready(Place::default()));
    for (order, first_news) in [
        (
            [bare(), ready()],
            vec![("d", WaitEvent::Unannounced(place("t")))],
        ),
        ([ready(), bare()], vec![]),
    ] {
        let [first, second] = order;
        let mut room = Room::new();
        room.wait("d", data("r"));
        assert_eq!(room.deliver(first.clone()), first_news);
        let expected = ("d", WaitEvent::Data(Delivered::Place(place("t"))));
        assert_eq!(
            room.deliver(second.clone()),
            std::slice::from_ref(&expected)
        );

        let mut early = Room::new();
        early.deliver(first);
        early.deliver(second);
        assert_eq!(early.wait("d", data("r")).last(), Some(&expected));
    }
}

#[test]
fn a_stream_may_be_ready_elsewhere_than_its_token_says() {
    let mut room = Room::new();
    room.wait("d", data("r"));
    room.deliver(part("r", Part::Place(place("t"))));
    let url = Some("https://d.example.com/".to_owned());
    let elsewhere = Place {
        url: url.clone(),
        ..Place::default()
    };
    let expected = Place { url, ..place("t") };
    assert_eq!(
        room.deliver(part("r", Part::Ready(elsewhere))),
        [("d", WaitEvent::Data(Delivered::Place(expected)))]
    );
}

#[test]
fn a_request_with_two_ids_is_answered_under_either() {
    let both = || {
        Awaited::Data(DataRequest {
            request: "r".into(),
            command: Some("c".into()),
        })
    };
    let bytes = Bytes::from_static(b"x");
    for id in ["r", "c"] {
        let mut room = Room::new();
        room.wait("d", both());
        assert_eq!(
            room.deliver(ack(id, Outcome::Pending)),
            [("d", WaitEvent::Pending)]
        );
        assert_eq!(
            room.deliver(ack(id, Outcome::Succeeded)),
            [("d", WaitEvent::Succeeded)]
        );
        assert_eq!(
            room.deliver(part(id, Part::Inline(bytes.clone()))),
            [("d", WaitEvent::Data(Delivered::Inline(bytes.clone())))]
        );
        let mut refused = Room::new();
        refused.wait("d", both());
        assert_eq!(
            refused.deliver(ack(id, Outcome::Failed("vote".to_owned()))),
            [("d", WaitEvent::Failed("vote".to_owned()))]
        );
    }
}

#[test]
fn the_shelf_is_bounded_in_bytes() {
    let mut room = Room::new();
    let large = |id| part(id, Part::Inline(vec![0; LIMITS.bytes / 2].into()));
    for id in ["1", "2", "3"] {
        room.deliver(large(id));
    }
    assert!(room.inbox.unclaimed_bytes <= LIMITS.bytes);
    assert!(room.wait("oldest", data("1")).is_empty());
    assert_eq!(room.wait("newest", data("3")).len(), 1);
    assert_eq!(room.inbox.unclaimed_bytes, 0);
    let endless = part("4", Part::Inline(vec![0; LIMITS.bytes].into()));
    room.deliver(endless);
    assert!(
        room.inbox.unclaimed.is_empty(),
        "one alone may be too large"
    );
}

#[test]
fn data_comes_inline_or_by_address_after_any_number_of_status_texts() {
    let mut room = Room::new();
    room.wait("i", data("1"));
    room.wait("l", data("2"));
    assert_eq!(
        room.deliver(part("1", Part::Preparing)),
        [("i", WaitEvent::Pending)]
    );
    let inline = part("1", Part::Inline(Bytes::from_static(b"x")));
    assert_eq!(
        room.deliver(inline),
        [(
            "i",
            WaitEvent::Data(Delivered::Inline(Bytes::from_static(b"x")))
        )]
    );
    let address = place("https://d.example.com/?auth=x");
    assert_eq!(
        room.deliver(part("2", Part::Place(address.clone()))),
        [("l", WaitEvent::Data(Delivered::Place(address)))]
    );
}

#[test]
fn a_request_for_data_can_fail() {
    let mut room = Room::new();
    room.wait("a", data("1"));
    room.wait("b", data("2"));
    assert_eq!(
        room.deliver(ack("1", Outcome::Succeeded)),
        [("a", WaitEvent::Succeeded)]
    );
    assert_eq!(
        room.deliver(ack("1", Outcome::Failed("vote".to_owned()))),
        [("a", WaitEvent::Failed("vote".to_owned()))]
    );
    assert_eq!(
        room.deliver(part("2", Part::Failed("gone".to_owned()))),
        [("b", WaitEvent::Failed("gone".to_owned()))]
    );
}

#[test]
fn a_forgotten_waiter_is_told_nothing() {
    let mut room = Room::new();
    let asked = room.inbox.breaks();
    let (ticket, _) = room.inbox.wait_for(command("1"), asked, "a", room.now);
    room.inbox.forget(ticket);
    assert!(room.deliver(ack("1", Outcome::Succeeded)).is_empty());
}

#[test]
fn closing_tells_everybody_and_clears_the_shelf() {
    let mut room = Room::new();
    room.deliver(ack("9", Outcome::Succeeded));
    room.wait("a", command("1"));
    assert_eq!(room.inbox.close(), [("a", WaitEvent::Closed)]);
    assert!(room.wait("b", command("9")).is_empty());
}
