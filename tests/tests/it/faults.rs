//! Every fault the sandbox can play, one at a time, met by a batch of three files: what a person reads, that the other
//! files go on, that nothing is left behind, and that the next try succeeds.
//!
//! Votes, and answers that are lost after the last step, are in `retries.rs`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use Shown::{Code, Nothing};
use privicore_sandbox::{Dialect, Fault};
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{Existing, Transfer, TransferState};

pub(crate) const RESERVE: &str = "data-token/reserve-token-space";
const TEMPORARY: &str = "data-token/retrieve-temporary-data-token";
const EXCHANGE: &str = "data-token/exchange-data-for-token";
const META: &str = "data-token/configure-file-meta";
const REQUEST: &str = "data-token/request-data";
const UPSTREAM: &str = "upstream";
const DOWNSTREAM: &str = "downstream";
const WEBSOCKET: &str = "websocket";

/// Travels inside a command, and as a stream.
pub(crate) const SMALL: usize = 1000;
const LARGE: usize = 300_000;
pub(crate) const FILES: usize = 3;
/// Longer than any life in the sandbox.
const AGES: Duration = Duration::from_hours(3);

/// What a person sees of a fault.
#[derive(Clone, Copy, Debug)]
enum Shown {
    /// Nothing: it passes by itself.
    Nothing,
    /// One file fails with this code.
    Code(&'static str),
}

/// A fault where it strikes, how often, and what is seen of it.
type Row = (&'static str, fn() -> Fault, u32, Shown);

macro_rules! faults {
    ($meet:ident($size:expr): $($name:ident = $row:expr;)*) => {
        $(async fn $name(dialect: Dialect) {
            const ROW: Row = $row;
            $meet(dialect, $size, ROW).await;
        })*
        in_each_dialect!($($name),*);
    };
}

mod small_uploads {
    use super::*;

    faults! { stored(SMALL):
        an_ack_before_the_response_passes = (RESERVE, || Fault::AckBeforeResponse, 3, Nothing);
        an_ack_of_an_exchange_before_the_response_passes = (EXCHANGE, || Fault::AckBeforeResponse, 3, Nothing);
        a_late_ack_passes = (EXCHANGE, || Fault::AckLate { milliseconds: 500 }, 1, Nothing);
        a_lost_ack_is_asked_for = (RESERVE, || Fault::AckLost, 1, Nothing);
        a_lost_ack_of_an_exchange_is_asked_for = (EXCHANGE, || Fault::AckLost, 1, Nothing);
        an_ack_that_comes_twice_counts_once = (EXCHANGE, || Fault::AckTwice, 3, Nothing);
        a_rejected_exchange_is_told = (EXCHANGE, rejected, 1, Code("rejected"));
        a_full_disk_is_told = (EXCHANGE, || Fault::DiskFull, 1, Code("rejected"));
        a_401_at_the_reservation_renews_the_session = (RESERVE, || Fault::Unauthorized, 1, Nothing);
        a_401_at_the_exchange_renews_the_session = (EXCHANGE, || Fault::Unauthorized, 1, Nothing);
        a_401_at_the_last_step_renews_the_session = (META, || Fault::Unauthorized, 1, Nothing);
        a_422_for_the_life_of_a_reservation_is_stepped_down_from = (RESERVE, || invalid("ttl"), 2, Nothing);
        a_422_at_the_exchange_is_told = (EXCHANGE, || invalid("data"), 1, Code("invalid"));
        a_422_at_the_last_step_is_told = (META, || invalid("fileName"), 1, Code("invalid"));
        a_500_at_the_exchange_is_told = (EXCHANGE, || Fault::InternalError, 1, Code("refused"));
        a_503_is_told = (RESERVE, || Fault::Unavailable { retry_after: 1 }, 1, Code("refused"));
        a_503_of_a_read_is_waited_for = (TEMPORARY, || Fault::Unavailable { retry_after: 1 }, 1, Nothing);
        a_lost_answer_to_the_reservation_is_told = (RESERVE, || Fault::AnswerLost, 1, Code("timed_out"));
        a_lost_answer_to_a_read_is_asked_for_again = (TEMPORARY, || Fault::AnswerLost, 1, Nothing);
        a_withheld_answer_to_the_reservation_is_told = (RESERVE, || Fault::AnswerWithheld, 1, Code("timed_out"));
        a_withheld_answer_to_the_last_step_is_found_out_about = (META, || Fault::AnswerWithheld, 1, Nothing);
        no_stream_is_none_needed = (TEMPORARY, || Fault::NoStream, 3, Nothing);
    }
}

mod streamed_uploads {
    use super::*;

    faults! { stored(LARGE):
        a_cut_is_told = (UPSTREAM, || Fault::UploadCut { after: 100_000 }, 1, Code("interrupted"));
        a_slow_server_is_waited_for = (UPSTREAM, || Fault::SlowBody { bytes: 100_000, milliseconds: 50 }, 1, Nothing);
        a_server_that_stalls_is_told = (UPSTREAM,
            || Fault::SlowBody { bytes: 200_000, milliseconds: 3_600_000 }, 1, Code("timed_out"));
        a_full_disk_is_told = (UPSTREAM, || Fault::DiskFull, 1, Code("refused"));
        a_500_is_told = (UPSTREAM, || Fault::InternalError, 1, Code("refused"));
        a_503_is_told = (UPSTREAM, || Fault::Unavailable { retry_after: 1 }, 1, Code("refused"));
        an_expired_link_is_told = (TEMPORARY, || Fault::LinkExpired, 1, Code("link_spent"));
        a_used_link_is_told = (TEMPORARY, || Fault::LinkUsed, 1, Code("link_spent"));
        a_lost_answer_is_told = (UPSTREAM, || Fault::AnswerLost, 1, Code("interrupted"));
        a_withheld_answer_is_told = (UPSTREAM, || Fault::AnswerWithheld, 1, Code("timed_out"));
        no_stream_is_told = (TEMPORARY, || Fault::NoStream, 1, Code("no_upload_link"));
    }
}

mod small_downloads {
    use super::*;

    faults! { fetched(SMALL):
        an_ack_before_the_response_passes = (REQUEST, || Fault::AckBeforeResponse, 3, Nothing);
        a_late_answer_passes = (REQUEST, || Fault::AckLate { milliseconds: 500 }, 1, Nothing);
        an_answer_that_never_comes_is_told = (REQUEST, || Fault::AckLost, 1, Code("no_storage_answered"));
        an_answer_that_comes_twice_counts_once = (REQUEST, || Fault::AckTwice, 3, Nothing);
        a_refusal_is_told = (REQUEST, rejected, 1, Code("not_delivered"));
        a_full_disk_is_told = (REQUEST, || Fault::DiskFull, 1, Code("not_delivered"));
        a_401_renews_the_session = (REQUEST, || Fault::Unauthorized, 1, Nothing);
        a_422_is_told = (REQUEST, || invalid("token"), 1, Code("invalid"));
        a_500_is_asked_again = (REQUEST, || Fault::InternalError, 1, Nothing);
        a_503_is_waited_for = (REQUEST, || Fault::Unavailable { retry_after: 1 }, 1, Nothing);
        a_503_for_long_is_told = (REQUEST, || Fault::Unavailable { retry_after: 3600 }, 1, Code("refused"));
        a_lost_answer_is_asked_for_again = (REQUEST, || Fault::AnswerLost, 1, Nothing);
        a_withheld_answer_is_told = (REQUEST, || Fault::AnswerWithheld, 1, Code("timed_out"));
    }
}

mod streamed_downloads {
    use super::*;

    faults! { fetched(LARGE):
        a_cut_is_told = (DOWNSTREAM, || Fault::DownloadCut { after: 100_000 }, 1, Code("interrupted"));
        a_slow_server_is_waited_for = (DOWNSTREAM, || Fault::SlowBody { bytes: 100_000, milliseconds: 50 }, 1, Nothing);
        a_download_that_stalls_is_told = (DOWNSTREAM,
            || Fault::DownloadStalled { after: 100_000 }, 1, Code("timed_out"));
        a_changed_byte_is_told = (DOWNSTREAM, || Fault::FlipByte { at: 200_000 }, 1, Code("damaged"));
        other_bytes_are_told = (DOWNSTREAM, || Fault::OtherBytes, 1, Code("swapped"));
        appended_bytes_are_told = (DOWNSTREAM, || Fault::BytesAppended { count: 100 }, 1, Code("damaged"));
        a_500_is_told = (DOWNSTREAM, || Fault::InternalError, 1, Code("refused"));
        a_503_is_told = (DOWNSTREAM, || Fault::Unavailable { retry_after: 1 }, 1, Code("refused"));
        an_expired_link_is_asked_for_again = (REQUEST, || Fault::LinkExpired, 1, Nothing);
        a_used_link_is_asked_for_again = (REQUEST, || Fault::LinkUsed, 1, Nothing);
        a_lost_answer_is_told = (DOWNSTREAM, || Fault::AnswerLost, 1, Code("interrupted"));
        a_withheld_answer_is_told = (DOWNSTREAM, || Fault::AnswerWithheld, 1, Code("timed_out"));
    }
}

/// A fault that is added to the sandbox needs a row or a test here, in `retries.rs` if a vote holds it, or in
/// `attacks.rs`.
#[test]
fn every_fault_of_the_sandbox_is_met() {
    let faults = include_str!("../../../crates/sandbox/src/faults/mod.rs");
    let tests = concat!(
        include_str!("faults.rs"),
        include_str!("retries.rs"),
        include_str!("attacks.rs")
    );
    let (_, variants) = faults.split_once("pub enum Fault {").unwrap();
    let (variants, _) = variants.split_once("\n}").unwrap();
    // A variant stands at the first indentation and begins with a capital letter.
    let lines = variants
        .lines()
        .filter_map(|line| line.strip_prefix("    "));
    let names = lines.filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()));
    let names: Vec<&str> = names
        .filter_map(|line| line.split([' ', ',']).next())
        .collect();
    assert!(names.contains(&"AckLost"), "{names:?}");
    for name in names {
        let is_met = tests
            .split(&format!("Fault::{name}"))
            .skip(1)
            .any(|after| !after.starts_with(|next: char| next.is_ascii_alphanumeric()));
        assert!(is_met, "no test meets {name}");
    }
}

in_each_dialect!(
    a_422_whatever_the_life_of_a_reservation_is_told,
    a_socket_dropped_before_the_join_is_opened_again,
    a_socket_dropped_after_the_join_is_opened_again,
    older_bytes_are_told,
    a_rotated_engine_key_changes_nothing,
    a_clock_that_jumps_renews_the_session,
    a_clock_that_jumps_while_bytes_move_is_told
);

fn rejected() -> Fault {
    Fault::Reject {
        reason: "quota.exceeded".into(),
    }
}

fn invalid(field: &str) -> Fault {
    Fault::Invalid {
        field: field.into(),
    }
}

/// Stores a batch that meets the fault, then once more what failed.
async fn stored(dialect: Dialect, size: usize, (operation, fault, times, shown): Row) {
    let fixture = TestVault::with_short_limits(dialect).await;
    let control = fixture.sandbox().control();
    control.faults().plan(operation, fault(), times);
    let ended = fixture.store(originals(&fixture, size), "").await;
    assert_struck(&fixture);
    control.faults().clear();
    assert_shown(&ended, shown);
    let failed = failed(&ended);
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.names().len(), FILES - failed.len());
    fixture.vault.retry_failed().unwrap();
    assert_done(&fixture.ended(&ids(&ended)).await);
    all_come_back(&fixture, size).await;
    only_files_are_left(&fixture).await;
}

/// Saves a batch over files that are there, and meets the fault; then once more what failed.
async fn fetched(dialect: Dialect, size: usize, (operation, fault, times, shown): Row) {
    let fixture = TestVault::with_short_limits(dialect).await;
    assert_done(&fixture.store(originals(&fixture, size), "").await);
    let folder = fixture.originals().join("target");
    fs::create_dir_all(&folder).unwrap();
    let control = fixture.sandbox().control();
    control.faults().plan(operation, fault(), times);
    let mut ids = Vec::new();
    for file in fixture.listed() {
        let target = folder.join(&file.name);
        fs::write(&target, b"precious").unwrap();
        let id = fixture
            .vault
            .save(file.id, &target, Existing::Replace)
            .await;
        ids.push(id.unwrap());
    }
    let ended = fixture.ended(&ids).await;
    assert_struck(&fixture);
    control.faults().clear();
    assert_shown(&ended, shown);
    for transfer in failed(&ended) {
        assert_eq!(fs::read(folder.join(&transfer.name)).unwrap(), b"precious");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), FILES);
    fixture.vault.retry_failed().unwrap();
    assert_done(&fixture.ended(&ids).await);
    for at in 0..FILES {
        assert!(fs::read(folder.join(name(at))).unwrap() == content(size, at));
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), FILES);
    only_files_are_left(&fixture).await;
}

/// Shorter lives are tried before a refusal is told, so one file takes several of the planned faults.
async fn a_422_whatever_the_life_of_a_reservation_is_told(dialect: Dialect) {
    let fixture = TestVault::with_short_limits(dialect).await;
    let control = fixture.sandbox().control();
    control.faults().plan(RESERVE, invalid("context"), 1000);
    let ended = fixture.store(originals(&fixture, SMALL), "").await;
    control.faults().clear();
    assert_eq!(failed(&ended).len(), FILES);
    for transfer in &ended {
        let error = transfer.error.as_ref().unwrap();
        assert_eq!(error.code.as_str(), "invalid", "{error:?}");
    }
    fixture.vault.retry_failed().unwrap();
    assert_done(&fixture.ended(&ids(&ended)).await);
    all_come_back(&fixture, SMALL).await;
}

async fn a_socket_dropped_before_the_join_is_opened_again(dialect: Dialect) {
    a_dropped_socket_is_opened_again(dialect, Fault::DropBeforeJoin).await;
}

async fn a_socket_dropped_after_the_join_is_opened_again(dialect: Dialect) {
    a_dropped_socket_is_opened_again(dialect, Fault::DropAfterJoin { messages: 1 }).await;
}

async fn a_dropped_socket_is_opened_again(dialect: Dialect, fault: Fault) {
    let mut fixture = TestVault::with_short_limits(dialect).await;
    fixture
        .sandbox()
        .control()
        .faults()
        .plan(WEBSOCKET, fault, 1);
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    assert_done(&fixture.store(originals(&fixture, SMALL), "").await);
    assert_struck(&fixture);
    all_come_back(&fixture, SMALL).await;
    only_files_are_left(&fixture).await;
}

/// The service has the right bytes again after somebody replaced them, and hands out those from between.
async fn older_bytes_are_told(dialect: Dialect) {
    let fixture = TestVault::with_short_limits(dialect).await;
    let paths = originals(&fixture, SMALL);
    assert_done(&fixture.store(paths.clone(), "").await);
    let (file, other) = (fixture.file_named(&paths[0]), fixture.file_named(&paths[1]));
    let (right, wrong) = (fixture.raw(&file).await, fixture.raw(&other).await);
    fixture.replace(&file, wrong).await;
    assert_eq!(
        fixture.saved(&file).await.unwrap_err().code,
        privicore_vault::Code::Swapped
    );
    let faults = fixture.sandbox().control();
    faults.faults().plan(DOWNSTREAM, Fault::OlderBytes, 1);
    fixture.replace(&file, right).await;
    assert_eq!(
        fixture.saved(&file).await.unwrap_err().code,
        privicore_vault::Code::Swapped
    );
    faults.faults().clear();
    all_come_back(&fixture, SMALL).await;
}

async fn a_rotated_engine_key_changes_nothing(dialect: Dialect) {
    let fixture = TestVault::with_short_limits(dialect).await;
    let (before, bytes) = fixture.write("before.bin", random_bytes(LARGE));
    assert_done(&fixture.store(vec![before.clone()], "").await);
    fixture
        .sandbox()
        .control()
        .rotate_engine_key()
        .await
        .unwrap();
    assert_done(&fixture.store(originals(&fixture, LARGE), "").await);
    assert!(fixture.saved(&fixture.file_named(&before)).await.unwrap() == bytes);
    all_come_back(&fixture, LARGE).await;
}

async fn a_clock_that_jumps_renews_the_session(dialect: Dialect) {
    let fixture = TestVault::with_short_limits(dialect).await;
    let clock = fixture.sandbox().control().clock().clone();
    clock.advance(AGES);
    assert_done(&fixture.store(originals(&fixture, LARGE), "").await);
    clock.advance(AGES);
    all_come_back(&fixture, LARGE).await;
    only_files_are_left(&fixture).await;
}

async fn a_clock_that_jumps_while_bytes_move_is_told(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let control = fixture.sandbox().control();
    let slowly = Fault::SlowBody {
        bytes: 200_000,
        milliseconds: 3_600_000,
    };
    control.faults().plan(UPSTREAM, slowly, 1);
    let (path, bytes) = fixture.write("a.bin", random_bytes(LARGE));
    let ids = fixture.vault.store(vec![path.clone()], "").await.unwrap();
    wait_until("bytes move", async || control.calls(UPSTREAM) == 1).await;
    // Again and again: the pause begins only when the first bytes have arrived.
    wait_until("it has ended", async || {
        control.clock().advance(AGES);
        let transfer = fixture.vault.transfer(ids[0]).unwrap().unwrap();
        transfer.state.has_ended()
    })
    .await;
    assert_shown(&fixture.ended(&ids).await, Code("link_spent"));
    fixture.vault.retry_failed().unwrap();
    assert_done(&fixture.ended(&ids).await);
    assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == bytes);
}

fn name(at: usize) -> String {
    format!("{at}.bin")
}

fn content(size: usize, at: usize) -> Vec<u8> {
    random_bytes(size + at)
}

pub(crate) fn originals(fixture: &TestVault, size: usize) -> Vec<PathBuf> {
    let written = (0..FILES).map(|at| fixture.write(&name(at), content(size, at)).0);
    written.collect()
}

fn ids(transfers: &[Transfer]) -> Vec<privicore_vault::TransferId> {
    transfers.iter().map(|transfer| transfer.id).collect()
}

fn failed(transfers: &[Transfer]) -> Vec<&Transfer> {
    let all = transfers.iter();
    all.filter(|transfer| transfer.state != TransferState::Done)
        .collect()
}

fn assert_shown(ended: &[Transfer], shown: Shown) {
    let failed = failed(ended);
    let Code(code) = shown else {
        assert!(failed.is_empty(), "{failed:?}");
        return;
    };
    assert_eq!(failed.len(), 1, "one file meets the fault: {failed:?}");
    assert_eq!(failed[0].state, TransferState::Failed, "{failed:?}");
    let error = failed[0].error.as_ref().unwrap();
    assert_eq!(error.code.as_str(), code, "{error:?}");
    assert!(!error.message.is_empty() && !error.hint.is_empty());
}

/// What was planned has happened: nothing is proven by a fault that never came.
fn assert_struck(fixture: &TestVault) {
    let outstanding = fixture.sandbox().control().faults().outstanding();
    assert_eq!(outstanding, 0, "the fault strikes");
}

pub(crate) fn assert_done(ended: &[Transfer]) {
    assert_shown(ended, Nothing);
}

async fn all_come_back(fixture: &TestVault, size: usize) {
    fixture.vault.refresh().await.unwrap();
    for at in 0..FILES {
        let file = fixture.file_named(&fixture.originals().join(name(at)));
        assert!(file.receipt.is_some(), "{}", file.name);
        assert!(fixture.saved(&file).await.unwrap() == content(size, at));
    }
}

/// Each file is one token; whatever else the service took in goes when its time is over.
async fn only_files_are_left(fixture: &TestVault) {
    let control = fixture.sandbox().control();
    let tokens = control.list_tokens("alice@example.com").await.unwrap();
    assert_eq!(tokens.len(), FILES, "{tokens:?}");
    control.clock().advance(AGES);
    wait_until("nothing but the files is left", async || {
        let disk = control.disk().await.unwrap();
        disk.blobs == FILES && disk.temporary == 0 && disk.unfinished == 0
    })
    .await;
}
