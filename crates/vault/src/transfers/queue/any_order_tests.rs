//! Whatever is done to the queue in whatever order, it stays sound.

use proptest::prelude::*;
use proptest::sample::select;

use super::tests::*;
use super::*;

/// What a person or the service may do.
#[derive(Clone, Copy, Debug)]
enum Act {
    Add(Size, Route),
    Begin,
    Done(usize),
    Fail(usize, Retry),
    Lose(usize),
    Stop(usize),
    Hold(usize, bool),
    Move(usize),
    Cancel(usize),
    Pause(usize),
    Resume(usize),
    Retry(usize),
    Clear,
    Wait,
}

/// The same, told so simply that it must be right: where each transfer is, and whether its attempt is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Waiting,
    Active,
    Paused,
    Failed,
    Canceled,
    Unclear,
    Done,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let which = 0_usize..12;
    let again = prop_oneof![
        Just(Retry::Never),
        Just(Retry::Later(Duration::ZERO)),
        Just(Retry::WhenReachable)
    ];
    let act = prop_oneof![
        4 => (select(&Size::ALL), select(&Route::ALL)).prop_map(|(size, route)| Act::Add(size, route)),
        8 => Just(Act::Begin),
        3 => which.clone().prop_map(Act::Done),
        3 => (which.clone(), again).prop_map(|(n, again)| Act::Fail(n, again)),
        1 => which.clone().prop_map(Act::Lose),
        3 => which.clone().prop_map(Act::Stop),
        1 => (which.clone(), any::<bool>()).prop_map(|(n, held)| Act::Hold(n, held)),
        1 => which.clone().prop_map(Act::Move),
        2 => which.clone().prop_map(Act::Cancel),
        2 => which.clone().prop_map(Act::Pause),
        2 => which.clone().prop_map(Act::Resume),
        1 => which.prop_map(Act::Retry),
        1 => Just(Act::Clear),
        3 => Just(Act::Wait),
    ];
    prop::collection::vec(act, 1..200)
}

fn place(queue: &Queue, id: TransferId) -> Place {
    match state(queue, id) {
        TransferState::Waiting => Place::Waiting,
        TransferState::Running | TransferState::Finishing | TransferState::Held => Place::Active,
        TransferState::Paused => Place::Paused,
        TransferState::Done => Place::Done,
        TransferState::Failed => Place::Failed,
        TransferState::Canceled => Place::Canceled,
        TransferState::NotConfirmed => Place::Unclear,
    }
}

/// Where a transfer may be after an act, going by where it was.
#[expect(clippy::match_same_arms, reason = "one line a rule")]
fn may_follow(before: Place, act: Act) -> &'static [Place] {
    use Place::{Active, Canceled, Done, Failed, Paused, Unclear, Waiting};
    match (act, before) {
        (Act::Begin, Waiting | Unclear) => &[Active],
        (Act::Done(_), Active) => &[Done],
        (Act::Fail(..), Active) => &[Waiting, Failed, Canceled, Paused],
        (Act::Lose(_), Active) => &[Unclear],
        (Act::Stop(_), Active) => &[Waiting, Canceled, Paused],
        (Act::Cancel(_), Waiting | Paused) => &[Canceled],
        (Act::Pause(_), Waiting) => &[Paused],
        (Act::Resume(_), Paused) => &[Waiting],
        (Act::Resume(_) | Act::Retry(_), Unclear) => &[Unclear],
        (Act::Retry(_), Failed | Canceled | Paused) => &[Waiting],
        (_, Waiting) => &[Waiting],
        (_, Active) => &[Active],
        (_, Paused) => &[Paused],
        (_, Failed) => &[Failed],
        (_, Canceled) => &[Canceled],
        (_, Unclear) => &[Unclear],
        (_, Done) => &[Done],
    }
}

/// Whether the service is known to be out of reach on one way, and who tries to reach it: told once more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Reach {
    is_out: bool,
    probe: Option<TransferId>,
}

impl Reach {
    /// `id` goes this way and was touched by `act`.
    fn follow(&mut self, act: Act, id: TransferId) {
        match act {
            Act::Begin if self.is_out => {
                assert_eq!(self.probe, None, "two try at a time");
                self.probe = Some(id);
            }
            Act::Fail(_, Retry::WhenReachable) if !self.is_out => self.is_out = true,
            Act::Done(_) | Act::Fail(_, Retry::Later(_)) => *self = Self::default(),
            Act::Move(_) | Act::Hold(_, true) if self.probe == Some(id) => *self = Self::default(),
            Act::Fail(..) | Act::Lose(_) | Act::Stop(_) if self.probe == Some(id) => {
                self.probe = None;
            }
            _ => {}
        }
    }
}

/// Whatever happened before: when the service does what it is asked, everything that waits gets done.
fn finish_all(queue: &mut Queue, mut now: Instant) {
    for id in queue.ids() {
        if place(queue, id) == Place::Active {
            queue.item(id).unwrap().progress.hold(false);
            queue.end(id, End::Done(FILE), now, 0);
        }
    }
    queue.look_at_attempts();
    while let Some(due) = queue
        .next_due()
        .map(|at| at.max(now))
        .or_else(|| (!queue.is_idle()).then_some(now))
    {
        now = due;
        let begun = begin_all(queue, now);
        let waits = queue.next_due().is_some_and(|due| due > now);
        assert!(!begun.is_empty() || waits, "something waits for nothing");
        for id in begun {
            queue.end(id, End::Done(FILE), now, 0);
        }
    }
    for id in queue.ids() {
        let place = place(queue, id);
        assert!(
            !matches!(place, Place::Waiting | Place::Unclear),
            "{id:?} was forgotten"
        );
    }
}

proptest! {
    #[test]
    fn every_transfer_is_where_its_history_puts_it(acts in acts()) {
        let mut queue = Queue::new(RetryPolicy::UntilDone);
        let mut now = Instant::now();
        let mut reach = ByRoute::<Reach>::default();
        for act in acts {
            let ids = queue.ids();
            let before: Vec<_> = ids.iter().map(|id| (*id, place(&queue, *id))).collect();
            let target = |n: usize| (!ids.is_empty()).then(|| ids[n % ids.len()]);
            let active = |n: usize, queue: &Queue| {
                target(n).filter(|id| place(queue, *id) == Place::Active)
            };
            let touched = match act {
                Act::Add(size, route) => {
                    let bytes = match size {
                        Size::Small => 0,
                        Size::Large => 1_000_000_000,
                    };
                    let added = match route {
                        Route::Up => upload_ticket(bytes),
                        Route::Down => ticket(bytes),
                    };
                    queue.add([1; 16], added);
                    None
                }
                Act::Begin => queue.begin_next(now),
                Act::Done(n) => active(n, &queue).inspect(|id| {
                    queue.end(*id, End::Done(FILE), now, 0);
                }),
                Act::Fail(n, again) => active(n, &queue).inspect(|id| {
                    queue.end(*id, End::Failed(trouble(), again), now, 0);
                }),
                Act::Lose(n) => active(n, &queue).inspect(|id| {
                    queue.end(*id, End::NotConfirmed(trouble()), now, 0);
                }),
                Act::Stop(n) => active(n, &queue).inspect(|id| {
                    queue.end(*id, End::Stopped, now, 0);
                }),
                Act::Hold(n, held) => active(n, &queue).inspect(|id| {
                    queue.item(*id).unwrap().progress.hold(held);
                    queue.look_at_attempts();
                }),
                Act::Move(n) => active(n, &queue).inspect(|id| {
                    queue.item(*id).unwrap().progress.add(1);
                    queue.look_at_attempts();
                }),
                Act::Cancel(n) => target(n).inspect(|id| { queue.cancel(*id); }),
                Act::Pause(n) => target(n).inspect(|id| { queue.pause(*id); }),
                Act::Resume(n) => target(n).inspect(|id| { queue.resume(*id); }),
                Act::Retry(n) => target(n).inspect(|id| { queue.retry(*id); }),
                Act::Clear => {
                    queue.clear_finished();
                    None
                }
                Act::Wait => {
                    now += Duration::from_mins(1);
                    None
                }
            };
            for (id, was) in before {
                let Some(item) = queue.item(id) else {
                    prop_assert!(matches!(act, Act::Clear), "{id:?} is gone after {act:?}");
                    prop_assert!(matches!(was, Place::Done | Place::Failed | Place::Canceled));
                    continue;
                };
                let is = place(&queue, id);
                let allowed = if touched == Some(id) { may_follow(was, act) } else { &[was][..] };
                prop_assert!(allowed.contains(&is), "{id:?}: {was:?} -{act:?}-> {is:?}");
                let is_ready = queue.lanes[item.size()].ready[item.route()].contains(&id);
                let is_delayed = queue.delayed.iter().any(|(_, delayed)| *delayed == id);
                let waits = matches!(is, Place::Waiting | Place::Unclear);
                prop_assert_eq!(is_ready || is_delayed, waits, "{:?} in {:?}", id, is);
                prop_assert!(!(is_ready && is_delayed));
            }
            if let Some(id) = touched && let Some(item) = queue.item(id) {
                reach[item.route()].follow(act, id);
            }
            for route in Route::ALL {
                let (outage, reach) = (&queue.outages[route], &reach[route]);
                prop_assert_eq!(outage.is_some(), reach.is_out);
                let probe = outage.and_then(|outage| outage.probe);
                prop_assert_eq!(probe, reach.probe);
                prop_assert!(probe.is_none_or(|id| place(&queue, id) == Place::Active));
            }
            for size in Size::ALL {
                let with_slot = queue.items.values();
                let with_slot = with_slot.filter(|item| item.has_slot && item.size() == size);
                prop_assert_eq!(with_slot.count(), queue.lanes[size].running);
                prop_assert!(queue.lanes[size].running <= size.at_a_time());
            }
        }
        finish_all(&mut queue, now);
    }
}
