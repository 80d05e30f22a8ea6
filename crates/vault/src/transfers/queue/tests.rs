use proptest::prelude::*;

use super::*;
use crate::download::destination::Existing;
use crate::error::code::Code;
use crate::transfers::tickets::{Download, DownloadStep, Upload, UploadStep, Verify};
use crate::upload::source::Source;

const FILE: FileId = FileId([7; 16]);

fn ticket(size_bytes: u64) -> Ticket {
    Ticket {
        run: [0; 16],
        order: 0,
        name: "a.txt".into(),
        folder: String::new(),
        context: "documents".into(),
        size_bytes,
        job: Job::Download(Download {
            file: FILE,
            target: "/tmp/a.txt".into(),
            existing: Existing::Keep,
            chosen: None,
            agreed: None,
            key: None,
            keeps_mismatch: false,
            step: DownloadStep::Start,
        }),
        rest: Rest::None,
    }
}

fn upload_ticket(size_bytes: u64) -> Ticket {
    let job = Job::Upload(Upload {
        form: crate::keys::choices::Form::Age,
        source: Source::unreadable("a.txt"),
        step: UploadStep::Start,
        verify: false,
    });
    Ticket {
        job,
        ..ticket(size_bytes)
    }
}

fn unreachable() -> End {
    End::Failed(trouble(), Again::WhenReachable)
}

fn trouble() -> Explanation {
    Explanation {
        code: Code::Offline,
        message: "Not reached.".into(),
        hint: "Check the network.".into(),
    }
}

fn patient(sizes: &[u64]) -> (Queue, Vec<TransferId>) {
    let mut queue = Queue::new(Patience::Patient);
    let ids = sizes
        .iter()
        .map(|size| queue.add([1; 16], ticket(*size)))
        .collect();
    (queue, ids)
}

fn state(queue: &Queue, id: TransferId) -> TransferState {
    queue.view(id, Instant::now()).unwrap().state
}

fn begin_all(queue: &mut Queue, now: Instant) -> Vec<TransferId> {
    std::iter::from_fn(|| queue.begin_next(now)).collect()
}

#[test]
fn many_small_ones_and_few_large_ones_run_at_a_time_in_their_order() {
    let sizes: Vec<u64> = (0..40).map(|n| (n % 2) * 1_000_000_000).collect();
    let (mut queue, ids) = patient(&sizes);
    let running = begin_all(&mut queue, Instant::now());
    let small = ids.iter().step_by(2).take(8);
    let large = ids.iter().skip(1).step_by(2).take(2);
    assert_eq!(running, small.chain(large).copied().collect::<Vec<_>>());
}

#[test]
fn what_may_pass_is_tried_again_later_and_later() {
    let (mut queue, ids) = patient(&[1]);
    let mut now = Instant::now();
    for seconds in [1, 2, 4, 8, 16, 30, 30] {
        assert_eq!(begin_all(&mut queue, now), ids);
        queue.end(ids[0], unreachable(), now, u32::MAX);
        assert_eq!(state(&queue, ids[0]), TransferState::Waiting);
        let due = queue.next_due().unwrap();
        assert_eq!(due - now, Duration::from_secs(seconds));
        assert!(queue.begin_next(due - Duration::from_millis(1)).is_none());
        now = due;
    }
}

#[test]
fn a_service_that_answers_with_errors_is_not_asked_for_ever() {
    let (mut queue, ids) = patient(&[1]);
    let mut now = Instant::now();
    let mut tries = 0;
    while state(&queue, ids[0]) != TransferState::Failed {
        begin_all(&mut queue, now);
        queue.end(
            ids[0],
            End::Failed(trouble(), Again::Later(Duration::ZERO)),
            now,
            0,
        );
        now = queue.next_due().unwrap_or(now);
        tries += 1;
    }
    assert_eq!(tries, TRIES);
}

#[test]
fn a_service_that_asks_to_be_left_alone_is() {
    let (mut queue, ids) = patient(&[1]);
    let now = Instant::now();
    begin_all(&mut queue, now);
    let busy = Again::Later(Duration::from_secs(90));
    queue.end(ids[0], End::Failed(trouble(), busy), now, 0);
    assert_eq!(queue.next_due().unwrap() - now, Duration::from_secs(90));
}

#[test]
fn what_cannot_pass_fails_at_once_and_is_kept_to_be_retried() {
    let (mut queue, ids) = patient(&[1]);
    let now = Instant::now();
    begin_all(&mut queue, now);
    let record = queue.end(ids[0], End::Failed(trouble(), Again::Never), now, 0);
    assert_eq!(record, Record::Write);
    assert_eq!(state(&queue, ids[0]), TransferState::Failed);
    assert_eq!(queue.retry(ids[0]), Record::Write);
    assert_eq!(begin_all(&mut queue, now), ids);
}

#[test]
fn who_is_impatient_hears_of_the_first_failure() {
    let mut queue = Queue::new(Patience::Impatient);
    let id = queue.add([1; 16], ticket(1));
    let now = Instant::now();
    begin_all(&mut queue, now);
    let record = queue.end(id, unreachable(), now, 0);
    assert_eq!(
        (record, state(&queue, id)),
        (Record::Delete, TransferState::Failed)
    );
}

#[test]
fn an_outcome_that_is_not_known_is_asked_for_until_it_is() {
    let (mut queue, ids) = patient(&[1]);
    let now = Instant::now();
    begin_all(&mut queue, now);
    queue.end(ids[0], End::NotConfirmed(trouble()), now, 0);
    assert_eq!(state(&queue, ids[0]), TransferState::NotConfirmed);
    assert_eq!(queue.cancel(ids[0]), Record::Keep);
    assert!(
        queue.clear_finished().is_empty(),
        "it cannot be cleared away"
    );
    let due = queue.next_due().unwrap();
    assert_eq!(begin_all(&mut queue, due), ids);
}

#[test]
fn while_the_service_is_out_of_reach_one_tries_and_the_others_wait_for_it() {
    let (mut queue, ids) = patient(&vec![1; 5000]);
    let mut now = Instant::now();
    for id in begin_all(&mut queue, now) {
        queue.end(id, unreachable(), now, 0);
    }
    for _ in 0..10 {
        assert!(queue.begin_next(now).is_none());
        now = queue.next_due().unwrap();
        assert_eq!(begin_all(&mut queue, now), ids[..1]);
        assert!(queue.next_due().is_none(), "nothing is due before it ends");
        queue.end(ids[0], unreachable(), now, 0);
    }
    now = queue.next_due().unwrap();
    begin_all(&mut queue, now);
    queue.end(ids[0], End::Done(FILE), now, 0);
    assert_eq!(begin_all(&mut queue, now), ids[1..9]);
}

#[test]
fn the_others_go_on_as_soon_as_bytes_move() {
    let (mut queue, ids) = patient(&[1_000_000_000, 1, 1]);
    let now = Instant::now();
    assert_eq!(begin_all(&mut queue, now), [ids[1], ids[2], ids[0]]);
    for id in &ids {
        queue.end(*id, unreachable(), now, 0);
    }
    let now = queue.next_due().unwrap();
    assert_eq!(begin_all(&mut queue, now), [ids[1]]);
    queue.item(ids[1]).unwrap().progress.add(1);
    queue.look_at_attempts();
    assert_eq!(begin_all(&mut queue, now), [ids[2], ids[0]]);
}

#[test]
fn uploads_and_downloads_are_out_of_reach_each_for_themselves() {
    let (mut queue, downloads) = patient(&[1, 1]);
    let upload = queue.add([2; 16], upload_ticket(1));
    let now = Instant::now();
    begin_all(&mut queue, now);
    queue.end(upload, unreachable(), now, 0);
    let later = queue.add([3; 16], upload_ticket(1));
    queue.end(downloads[0], End::Done(FILE), now, 0);
    let fetched = queue.add([4; 16], ticket(1));
    assert_eq!(begin_all(&mut queue, now), [fetched]);
    assert_eq!(queue.resume(later), Record::Keep);
    assert_eq!(
        begin_all(&mut queue, now),
        [upload],
        "who hurries hurries the one that tries"
    );
}

#[test]
fn one_that_is_stopped_while_it_tries_leaves_the_trying_to_the_next() {
    let (mut queue, ids) = patient(&[1, 1]);
    let now = Instant::now();
    for id in begin_all(&mut queue, now) {
        queue.end(id, unreachable(), now, 0);
    }
    let now = queue.next_due().unwrap();
    assert_eq!(begin_all(&mut queue, now), ids[..1]);
    queue.cancel(ids[0]);
    queue.end(ids[0], End::Stopped, now, 0);
    assert_eq!(begin_all(&mut queue, now), ids[1..]);
}

#[test]
fn a_vote_gives_its_place_to_the_next_and_takes_none_from_it() {
    let (mut queue, ids) = patient(&[1_000_000_000; 4]);
    let now = Instant::now();
    assert_eq!(begin_all(&mut queue, now), ids[..2]);
    queue.item(ids[0]).unwrap().progress.hold(true);
    queue.look_at_attempts();
    assert_eq!(state(&queue, ids[0]), TransferState::Held);
    assert_eq!(begin_all(&mut queue, now), [ids[2]]);
    queue.item(ids[0]).unwrap().progress.hold(false);
    queue.look_at_attempts();
    assert_eq!(state(&queue, ids[0]), TransferState::Running);
    assert!(queue.begin_next(now).is_none());
    queue.end(ids[0], End::Done(FILE), now, 0);
    assert!(queue.begin_next(now).is_none(), "its place was given away");
}

#[test]
fn that_a_vote_holds_it_is_reported_once() {
    let (mut queue, ids) = patient(&[1]);
    let now = Instant::now();
    begin_all(&mut queue, now);
    queue.item(ids[0]).unwrap().progress.hold(true);
    let reported = |queue: &mut Queue| {
        queue.look_at_attempts();
        let changed = queue.report(now).changed.into_iter();
        changed.map(|one| one.state).collect::<Vec<_>>()
    };
    assert_eq!(reported(&mut queue), [TransferState::Held]);
    assert_eq!(reported(&mut queue), []);
    queue.item(ids[0]).unwrap().progress.hold(false);
    assert_eq!(reported(&mut queue), [TransferState::Running]);
}

#[test]
fn a_paused_transfer_keeps_its_place() {
    let (mut queue, ids) = patient(&[1_000_000_000; 4]);
    let now = Instant::now();
    begin_all(&mut queue, now);
    assert_eq!(queue.pause(ids[0]), Record::Keep);
    assert!(queue.item(ids[0]).unwrap().cancel.is_cancelled());
    assert_eq!(queue.end(ids[0], End::Stopped, now, 0), Record::Write);
    assert_eq!(state(&queue, ids[0]), TransferState::Paused);
    assert_eq!(begin_all(&mut queue, now), [ids[2]]);
    assert_eq!(queue.resume(ids[0]), Record::Write);
    queue.end(ids[1], End::Done(FILE), now, 0);
    assert_eq!(
        begin_all(&mut queue, now),
        [ids[0]],
        "before the one that waited behind it"
    );
}

#[test]
fn what_failed_before_a_restart_is_still_failed() {
    let mut queue = Queue::new(Patience::Patient);
    let mut failed = ticket(1);
    failed.rest = Rest::Failed(trouble());
    let id = queue.add([1; 16], failed);
    assert_eq!(state(&queue, id), TransferState::Failed);
    assert!(queue.begin_next(Instant::now()).is_none());
}

/// What a person or the service may do.
#[derive(Clone, Copy, Debug)]
enum Act {
    Add { large: bool, upload: bool },
    Begin,
    Done(usize),
    Fail(usize, Again),
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
        Just(Again::Never),
        Just(Again::Later(Duration::ZERO)),
        Just(Again::WhenReachable)
    ];
    let act = prop_oneof![
        4 => any::<(bool, bool)>().prop_map(|(large, upload)| Act::Add { large, upload }),
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

/// Whether the service is known to be out of reach in one direction, and who tries to reach it: told once more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Reach {
    is_out: bool,
    probe: Option<TransferId>,
}

impl Reach {
    /// `id` is of this direction and was touched by `act`.
    fn follow(&mut self, act: Act, id: TransferId) {
        match act {
            Act::Begin if self.is_out => {
                assert_eq!(self.probe, None, "two try at a time");
                self.probe = Some(id);
            }
            Act::Fail(_, Again::WhenReachable) if !self.is_out => self.is_out = true,
            Act::Done(_) | Act::Fail(_, Again::Later(_)) => *self = Self::default(),
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
        let mut queue = Queue::new(Patience::Patient);
        let mut now = Instant::now();
        let mut reach = [Reach::default(); 2];
        for act in acts {
            let ids = queue.ids();
            let before: Vec<_> = ids.iter().map(|id| (*id, place(&queue, *id))).collect();
            let target = |n: usize| (!ids.is_empty()).then(|| ids[n % ids.len()]);
            let active = |n: usize, queue: &Queue| {
                target(n).filter(|id| place(queue, *id) == Place::Active)
            };
            let touched = match act {
                Act::Add { large, upload } => {
                    let size = u64::from(large) * 1_000_000_000;
                    queue.add([1; 16], if upload { upload_ticket(size) } else { ticket(size) });
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
                let is_ready = queue.lanes[item.lane()].ready[item.direction()].contains(&id);
                let is_delayed = queue.delayed.iter().any(|(_, delayed)| *delayed == id);
                let waits = matches!(is, Place::Waiting | Place::Unclear);
                prop_assert_eq!(is_ready || is_delayed, waits, "{:?} in {:?}", id, is);
                prop_assert!(!(is_ready && is_delayed));
            }
            if let Some(id) = touched && let Some(item) = queue.item(id) {
                reach[item.direction()].follow(act, id);
            }
            for (outage, reach) in queue.outages.iter().zip(&reach) {
                prop_assert_eq!(outage.is_some(), reach.is_out);
                let probe = outage.and_then(|outage| outage.probe);
                prop_assert_eq!(probe, reach.probe);
                prop_assert!(probe.is_none_or(|id| place(&queue, id) == Place::Active));
            }
            for (lane, at_a_time) in AT_A_TIME.into_iter().enumerate() {
                let with_slot = queue.items.values();
                let with_slot = with_slot.filter(|item| item.has_slot && item.lane() == lane);
                prop_assert_eq!(with_slot.count(), queue.lanes[lane].running);
                prop_assert!(queue.lanes[lane].running <= at_a_time);
            }
        }
        finish_all(&mut queue, now);
    }
}

#[test]
fn what_is_locked_lets_go_of_all_but_what_runs() {
    let now = Instant::now();
    let (mut queue, ids) = patient(&[1; 12]);
    let running = queue.begin_next(now).unwrap();
    queue.pause(ids[5]);
    queue.lock();
    assert_eq!(queue.ids(), [running]);
    assert_eq!(queue.begin_next(now), None);
    assert_eq!(queue.next_due(), None);
    assert!(!queue.is_still());
    let report = queue.report(now);
    assert_eq!(report.removed.len(), 11);
    assert!(report.changed.is_empty(), "a name would be in it");
    assert_eq!(
        (report.summary.running, report.summary.current),
        (1, None::<String>)
    );
}

#[test]
fn what_ends_while_locked_is_let_go_and_its_failure_written_down() {
    let now = Instant::now();
    let (mut queue, _) = patient(&[1, 1, 1]);
    let running: Vec<TransferId> = std::iter::from_fn(|| queue.begin_next(now)).collect();
    queue.lock();
    let ends = [
        End::Done(FILE),
        unreachable(),
        End::Failed(trouble(), Again::Never),
    ];
    let expected = [Record::Keep, Record::Keep, Record::Write];
    for ((id, end), expected) in running.into_iter().zip(ends).zip(expected) {
        assert_eq!(queue.end(id, end, now, 0), expected);
        queue.let_go_if_locked(id);
    }
    assert!(queue.ids().is_empty() && queue.is_still() && queue.is_idle());
    assert_eq!(queue.next_due(), None);
}

#[test]
fn a_vote_is_not_waited_for_while_locked() {
    let now = Instant::now();
    let (mut queue, ids) = patient(&[1, 1]);
    for id in &ids {
        assert_eq!(queue.begin_next(now), Some(*id));
    }
    let cancels = |queue: &Queue| {
        let of = |id: &TransferId| queue.item(*id).unwrap().cancel.is_cancelled();
        ids.iter().map(of).collect::<Vec<bool>>()
    };
    queue.item(ids[0]).unwrap().progress.hold(true);
    queue.look_at_attempts();
    queue.lock();
    assert_eq!(cancels(&queue), [true, false]);
    queue.item(ids[1]).unwrap().progress.hold(true);
    queue.look_at_attempts();
    assert_eq!(cancels(&queue), [true, true]);
    assert_eq!(queue.end(ids[0], End::Stopped, now, 0), Record::Keep);
}

#[test]
fn what_is_unlocked_begins_again() {
    let now = Instant::now();
    let (mut queue, _) = patient(&[1]);
    queue.lock();
    queue.unlock();
    assert_eq!(queue.begin_next(now), None);
    let id = queue.add([2; 16], ticket(1));
    assert!(queue.has_ticket(&[2; 16]) && !queue.has_ticket(&[1; 16]));
    assert_eq!(queue.begin_next(now), Some(id));
}

fn verdict() -> End {
    let told = Explanation {
        code: Code::Damaged,
        ..trouble()
    };
    End::Failed(told, Again::Never)
}

fn keeps_mismatch(queue: &Queue, id: TransferId) -> bool {
    matches!(&queue.item(id).unwrap().ticket.job, Job::Download(job) if job.keeps_mismatch)
}

#[test]
fn only_a_download_that_came_to_something_else_is_repeated_to_be_kept() {
    let now = Instant::now();
    let (mut queue, ids) = patient(&[1, 1]);
    let (id, other) = (queue.begin_next(now).unwrap(), ids[1]);
    assert_eq!(queue.keep_anyway(id), Record::Keep);
    queue.end(id, verdict(), now, 0);
    let name = queue.view(id, now).unwrap().mismatch_name;
    assert_eq!(name.as_deref(), Some("a (DAMAGED).txt"));
    assert_eq!(queue.keep_anyway(id), Record::Write);
    assert_eq!(state(&queue, id), TransferState::Waiting);
    assert!(keeps_mismatch(&queue, id));
    queue.keep_anyway(other);
    assert!(!keeps_mismatch(&queue, other));
}

#[test]
fn a_file_is_read_back_by_one_transfer_at_a_time() {
    let now = Instant::now();
    let mut queue = Queue::new(Patience::Patient);
    let job = Job::Verify(Verify {
        file: FILE,
        step: DownloadStep::Start,
    });
    assert_eq!(queue.verification_of(FILE), None);
    let id = queue.add([1; 16], Ticket { job, ..ticket(1) });
    assert_eq!(queue.verification_of(FILE), Some(id));
    queue.begin_next(now).unwrap();
    queue.end(id, verdict(), now, 0);
    assert_eq!(queue.view(id, now).unwrap().mismatch_name, None);
    assert_eq!(queue.verification_of(FILE), Some(id), "it is tried again");
    queue.retry(id);
    queue.begin_next(now).unwrap();
    queue.end(id, End::Done(FILE), now, 0);
    assert_eq!(queue.verification_of(FILE), None);
}
