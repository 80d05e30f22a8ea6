use super::*;
use crate::download::destination::Existing;
use crate::error::code::Code;
use crate::transfers::queue::item::TRIES;
use crate::transfers::tickets::{Download, DownloadStep, Upload, UploadStep, Verify};
use crate::upload::source::Source;

pub(super) const FILE: FileId = FileId([7; 16]);

pub(super) fn ticket(size_bytes: u64) -> Ticket {
    Ticket {
        run: [0; 16],
        order: 0,
        name: "a.txt".into(),
        folder: String::new(),
        context: "documents".into(),
        size_bytes,
        plain_bytes: None,
        job: Job::Download(Download {
            file: FILE,
            target: "/tmp/a.txt".into(),
            existing: Existing::Keep,
            chosen: None,
            agreed: None,
            is_beneath: false,
            key: None,
            keeps_mismatch: false,
            step: DownloadStep::Start,
        }),
        rest: Rest::None,
    }
}

pub(super) fn upload_ticket(size_bytes: u64) -> Ticket {
    let job = Job::Upload(Upload {
        form: crate::keys::sealing_policy::Encryption::Age,
        source: Source::unreadable("a.txt"),
        step: UploadStep::Start,
        verify: false,
    });
    Ticket {
        job,
        ..ticket(size_bytes)
    }
}

pub(super) fn unreachable() -> End {
    End::Failed(trouble(), Retry::WhenReachable)
}

pub(super) fn trouble() -> Explanation {
    Explanation::new(Code::Offline, "Not reached.", "Check the network.")
}

pub(super) fn patient(sizes: &[u64]) -> (Queue, Vec<TransferId>) {
    let mut queue = Queue::new(RetryPolicy::UntilDone);
    let ids = sizes
        .iter()
        .map(|size| queue.add([1; 16], ticket(*size)))
        .collect();
    (queue, ids)
}

pub(super) fn state(queue: &Queue, id: TransferId) -> TransferState {
    queue.view(id, Instant::now()).unwrap().state
}

pub(super) fn begin_all(queue: &mut Queue, now: Instant) -> Vec<TransferId> {
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
            End::Failed(trouble(), Retry::Later(Duration::ZERO)),
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
    let busy = Retry::Later(Duration::from_secs(90));
    queue.end(ids[0], End::Failed(trouble(), busy), now, 0);
    assert_eq!(queue.next_due().unwrap() - now, Duration::from_secs(90));
}

#[test]
fn what_cannot_pass_fails_at_once_and_is_kept_to_be_retried() {
    let (mut queue, ids) = patient(&[1]);
    let now = Instant::now();
    begin_all(&mut queue, now);
    let record = queue.end(ids[0], End::Failed(trouble(), Retry::Never), now, 0);
    assert_eq!(record, Record::Write);
    assert_eq!(state(&queue, ids[0]), TransferState::Failed);
    assert_eq!(queue.retry(ids[0]), Record::Write);
    assert_eq!(begin_all(&mut queue, now), ids);
}

#[test]
fn who_is_impatient_hears_of_the_first_failure() {
    let mut queue = Queue::new(RetryPolicy::Never);
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
fn what_failed_stays_when_what_came_to_a_good_end_is_cleared_away() {
    let (mut queue, ids) = patient(&[1; 4]);
    let now = Instant::now();
    begin_all(&mut queue, now);
    queue.end(ids[0], End::Done(FileId([1; 16])), now, 0);
    queue.end(ids[1], End::Failed(trouble(), Retry::Never), now, 0);
    queue.cancel(ids[2]);
    queue.end(ids[2], End::Stopped, now, 0);
    assert_eq!(queue.clear_settled().len(), 2);
    let left: Vec<_> = [ids[1], ids[3]].into();
    assert_eq!(queue.ids(), left);
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
    let mut queue = Queue::new(RetryPolicy::UntilDone);
    let mut failed = ticket(1);
    failed.rest = Rest::Failed(trouble());
    let id = queue.add([1; 16], failed);
    assert_eq!(state(&queue, id), TransferState::Failed);
    assert!(queue.begin_next(Instant::now()).is_none());
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
        End::Failed(trouble(), Retry::Never),
    ];
    let expected = [Record::Keep, Record::Keep, Record::Write];
    for ((id, end), expected) in running.into_iter().zip(ends).zip(expected) {
        assert_eq!(queue.end(id, end, now, 0), expected);
        queue.suspend_if_locked(id);
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
    let told = Explanation::new(Code::Damaged, "Not whole.", "Try again.");
    End::Failed(told, Retry::Never)
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
fn the_sizes_that_are_told_are_those_of_the_files_and_not_of_their_sealed_bytes() {
    let now = Instant::now();
    let mut queue = Queue::new(RetryPolicy::UntilDone);
    let up = queue.add([1; 16], upload_ticket(1000));
    let down = Ticket {
        plain_bytes: Some(1000),
        ..ticket(1500)
    };
    let down = queue.add([2; 16], down);
    begin_all(&mut queue, now);
    queue.item(up).unwrap().progress.expect(1500);
    for id in [up, down] {
        let told = |queue: &Queue| {
            let transfer = queue.view(id, now).unwrap();
            (transfer.done_bytes, transfer.total_bytes)
        };
        assert_eq!(told(&queue), (0, 1000));
        queue.item(id).unwrap().progress.add(750);
        assert_eq!(told(&queue), (500, 1000));
        queue.item(id).unwrap().progress.add(750);
        assert_eq!(told(&queue), (1000, 1000));
    }
    let summary = queue.summary();
    assert_eq!((summary.done_bytes, summary.total_bytes), (2000, 2000));
}

#[test]
fn a_file_is_read_back_by_one_transfer_at_a_time() {
    let now = Instant::now();
    let mut queue = Queue::new(RetryPolicy::UntilDone);
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
