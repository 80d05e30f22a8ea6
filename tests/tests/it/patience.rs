//! Transfers that are left alone: what passes by itself, what survives, and that nothing is stored twice.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use privicore_sandbox::{Dialect, Fault, Verdict};
use privicore_tests::house::{House, random_bytes};
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{Code, Existing, TransferId, TransferState};

/// Large enough to travel as a stream.
const LARGE: usize = 3 << 20;
const RESERVE: &str = "data-token/reserve-token-space";
const EXCHANGE: &str = "data-token/exchange-data-for-token";
const META: &str = "data-token/configure-file-meta";
const REQUEST: &str = "data-token/request-data";
const DELETE: &str = "data-token/delete-data";
const LIST: &str = "data-token/list-data-tokens";

in_each_dialect!(
    an_upload_that_breaks_off_is_tried_again_and_stored_once,
    a_download_that_breaks_off_is_tried_again,
    what_is_unfinished_goes_on_after_a_restart,
    a_paused_transfer_waits_even_through_a_restart,
    a_vote_is_seen_and_decides,
    a_download_waits_for_its_vote,
    an_answer_that_is_lost_is_found_out_about,
    what_cannot_be_found_out_is_not_confirmed_until_it_can,
    a_deletion_whose_answer_is_lost_is_found_out_about,
);

async fn an_upload_that_breaks_off_is_tried_again_and_stored_once(dialect: Dialect) {
    let house = House::patient(dialect).await;
    plan(&house, "upstream", Fault::UploadCut { after: 1 << 20 });
    let (path, bytes) = house.write("large.bin", random_bytes(LARGE));
    let ended = house.store(vec![path.clone()], "").await;
    assert_eq!(ended[0].state, TransferState::Done);
    house.vault.refresh().await.unwrap();
    assert_eq!(house.names(), ["large.bin"]);
    assert!(house.saved(&house.file_named(&path)).await.unwrap() == bytes);
}

async fn a_download_that_breaks_off_is_tried_again(dialect: Dialect) {
    let house = House::patient(dialect).await;
    let (path, bytes) = house.write("large.bin", random_bytes(LARGE));
    house.store(vec![path.clone()], "").await;
    plan(&house, "downstream", Fault::DownloadCut { after: 1 << 20 });
    assert!(house.saved(&house.file_named(&path)).await.unwrap() == bytes);
}

async fn what_is_unfinished_goes_on_after_a_restart(dialect: Dialect) {
    let mut house = House::patient(dialect).await;
    plan(&house, RESERVE, Fault::AnswerWithheld);
    let (path, bytes) = house.write("large.bin", random_bytes(LARGE));
    house.vault.store(vec![path.clone()], "").await.unwrap();
    wait_until("the service was asked", async || {
        house.sandbox().control().calls(RESERVE) == 1
    })
    .await;
    let (other, _) = house.write("other.bin", random_bytes(LARGE));
    house.store(vec![other], "").await;
    house.restart().await;
    house.vault.unlock(Some(House::passphrase())).await.unwrap();
    let (transfers, _) = house.vault.transfers().unwrap();
    assert_eq!(transfers.len(), 1, "{transfers:?}");
    let ended = house.ended(&[transfers[0].id]).await;
    assert_eq!(ended[0].state, TransferState::Done, "{ended:?}");
    house.vault.refresh().await.unwrap();
    assert_eq!(house.names(), ["large.bin", "other.bin"]);
    assert!(house.saved(&house.file_named(&path)).await.unwrap() == bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_is_dropped_lets_go_of_what_it_was_sending() {
    let house = House::patient(Dialect::Observed).await;
    let dropped = house.beside().await;
    plan(&house, RESERVE, Fault::AnswerWithheld);
    let (path, _) = house.write("large.bin", random_bytes(LARGE));
    dropped.store(vec![path], "").await.unwrap();
    wait_until("the service was asked", async || {
        house.sandbox().control().calls(RESERVE) == 1
    })
    .await;
    assert_eq!(house.vault.interrupted().await.unwrap().len(), 0);
    drop(dropped);
    wait_until("another vault can go on with it", async || {
        house.vault.interrupted().await.unwrap().len() == 1
    })
    .await;
}

async fn a_paused_transfer_waits_even_through_a_restart(dialect: Dialect) {
    let mut house = House::patient(dialect).await;
    let ports = house.stop_service().await;
    let (path, _) = house.write("a.txt", b"a".to_vec());
    let ids = house.vault.store(vec![path], "").await.unwrap();
    wait_until("it is known that the service is away", async || {
        let transfer = house.vault.transfer(ids[0]).unwrap().unwrap();
        transfer.state == TransferState::Waiting && transfer.retry_in.is_some()
    })
    .await;
    house.vault.pause(ids[0]).unwrap();
    is(&house, ids[0], TransferState::Paused).await;
    house.bring_back_service(ports).await;
    house.restart().await;
    house.vault.unlock(Some(House::passphrase())).await.unwrap();
    let (transfers, _) = house.vault.transfers().unwrap();
    assert_eq!(transfers[0].state, TransferState::Paused);
    assert!(house.names().is_empty());
    house.vault.resume_all().unwrap();
    house.ended(&[transfers[0].id]).await;
    assert_eq!(house.names(), ["a.txt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn transfers_go_on_when_the_service_is_within_reach_again() {
    let mut house = House::patient(Dialect::Observed).await;
    let (stored, bytes) = house.write("stored.bin", random_bytes(LARGE));
    house.store(vec![stored.clone()], "").await;
    let ports = house.stop_service().await;
    let (path, _) = house.write("later.txt", b"later".to_vec());
    let up = house.vault.store(vec![path], "").await.unwrap()[0];
    let target = house.originals().join("back.bin");
    let file = house.file_named(&stored);
    let down = house
        .vault
        .save(file.id, &target, Existing::Keep)
        .await
        .unwrap();
    wait_until("both wait for the service", async || {
        [up, down].iter().all(|id| {
            let transfer = house.vault.transfer(*id).unwrap().unwrap();
            transfer.state == TransferState::Waiting && transfer.error.is_some()
        })
    })
    .await;
    house.bring_back_service(ports).await;
    let ended = house.ended(&[up, down]).await;
    assert!(
        ended
            .iter()
            .all(|transfer| transfer.state == TransferState::Done),
        "{ended:?}"
    );
    assert!(std::fs::read(&target).unwrap() == bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_tells_whether_the_last_question_for_the_list_reached_the_service() {
    let mut house = House::patient(Dialect::Observed).await;
    house.vault.refresh().await.unwrap();
    assert_eq!(house.vault.status().reached, Some(true));
    let before = house.vault.status().revision;
    let ports = house.stop_service().await;
    house.vault.refresh().await.unwrap_err();
    let offline = house.vault.status();
    assert_eq!(offline.reached, Some(false));
    assert!(offline.revision > before, "nobody was told");
    house.bring_back_service(ports).await;
    house.vault.refresh().await.unwrap();
    assert_eq!(house.vault.status().reached, Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_holds_the_bytes_back_and_can_be_lifted() {
    let house = House::patient(Dialect::Observed).await;
    let limits = privicore_vault::Limits {
        upload: Some(1000),
        download: None,
    };
    house.vault.set_limits(limits).await.unwrap();
    let (path, _) = house.write("large.bin", random_bytes(LARGE));
    let ids = house.vault.store(vec![path], "").await.unwrap();
    is(&house, ids[0], TransferState::Running).await;
    house
        .vault
        .set_limits(privicore_vault::Limits::default())
        .await
        .unwrap();
    house.vault.pause(ids[0]).unwrap();
    is(&house, ids[0], TransferState::Paused).await;
    house.vault.resume_transfer(ids[0]).unwrap();
    let ended = house.ended(&ids).await;
    assert_eq!(ended[0].state, TransferState::Done);
}

async fn a_vote_is_seen_and_decides(dialect: Dialect) {
    let house = House::patient(dialect).await;
    for (at, verdict) in [Verdict::Approve, rejected()].into_iter().enumerate() {
        plan(&house, EXCHANGE, Fault::HeldForVote);
        let (path, _) = house.write(&format!("{at}.txt"), b"to be voted on".to_vec());
        let ids = house.vault.store(vec![path], "").await.unwrap();
        is(&house, ids[0], TransferState::Held).await;
        let (other, _) = house.write(&format!("{at} other.txt"), b"other".to_vec());
        let passed = house.store(vec![other], "").await;
        assert_eq!(
            passed[0].state,
            TransferState::Done,
            "a vote holds up nobody else"
        );
        let is_approved = matches!(verdict, Verdict::Approve);
        release(&house, verdict).await;
        let ended = house.ended(&ids).await.remove(0);
        if is_approved {
            assert_eq!(ended.state, TransferState::Done);
        } else {
            assert_eq!(ended.error.unwrap().code, Code::VoteRejected);
        }
    }
    assert_eq!(house.names(), ["0 other.txt", "0.txt", "1 other.txt"]);
}

async fn a_download_waits_for_its_vote(dialect: Dialect) {
    let house = House::patient(dialect).await;
    let (path, bytes) = house.write("secret.txt", b"secret".to_vec());
    house.store(vec![path.clone()], "").await;
    let file = house.file_named(&path);
    for verdict in [Verdict::Approve, rejected()] {
        let target = house.originals().join("back.txt");
        plan(&house, REQUEST, Fault::HeldForVote);
        let id = house
            .vault
            .save(file.id, &target, Existing::Replace)
            .await
            .unwrap();
        is(&house, id, TransferState::Held).await;
        let is_approved = matches!(verdict, Verdict::Approve);
        release(&house, verdict).await;
        let ended = house.ended(&[id]).await.remove(0);
        if is_approved {
            assert_eq!(std::fs::read(&target).unwrap(), bytes);
            std::fs::remove_file(&target).unwrap();
        } else {
            assert_eq!(ended.error.unwrap().code, Code::VoteRejected);
            assert!(!target.exists());
        }
    }
}

async fn an_answer_that_is_lost_is_found_out_about(dialect: Dialect) {
    let house = House::patient(dialect).await;
    let (path, bytes) = house.write("a.bin", random_bytes(LARGE));
    plan(&house, META, Fault::AnswerLost);
    let ended = house.store(vec![path.clone()], "").await;
    assert_eq!(ended[0].state, TransferState::Done, "{ended:?}");
    assert_eq!(tokens(&house).await, 1);
    assert!(house.saved(&house.file_named(&path)).await.unwrap() == bytes);
}

async fn what_cannot_be_found_out_is_not_confirmed_until_it_can(dialect: Dialect) {
    let house = House::patient(dialect).await;
    let (path, _) = house.write("a.bin", random_bytes(LARGE));
    plan(&house, META, Fault::AnswerLost);
    let control = house.sandbox().control();
    control.faults().plan(LIST, Fault::InternalError, 100);
    let ids = house.vault.store(vec![path], "").await.unwrap();
    is(&house, ids[0], TransferState::NotConfirmed).await;
    control.faults().clear();
    is(&house, ids[0], TransferState::Done).await;
    assert_eq!(tokens(&house).await, 1);
    assert_eq!(house.names(), ["a.bin"]);
}

async fn is(house: &House, id: TransferId, state: TransferState) {
    wait_until(&format!("{id:?} is {state:?}"), async || {
        house.vault.transfer(id).unwrap().unwrap().state == state
    })
    .await;
}

fn plan(house: &House, operation: &str, fault: Fault) {
    house.sandbox().control().faults().plan(operation, fault, 1);
}

async fn a_deletion_whose_answer_is_lost_is_found_out_about(dialect: Dialect) {
    let house = House::patient(dialect).await;
    let (path, _) = house.write("old.txt", b"old".to_vec());
    house.store(vec![path.clone()], "").await;
    let file = house.file_named(&path);
    plan(&house, DELETE, Fault::AnswerLost);
    let error = house.vault.delete_now(file.id).await.unwrap_err();
    assert_eq!(error.explain().code, Code::NotConfirmed);
    wait_until("the list tells that it is gone", async || {
        house.names().is_empty()
    })
    .await;
    assert_eq!(tokens(&house).await, 0);
}

fn rejected() -> Verdict {
    Verdict::Reject {
        reason: "vote.rejected".into(),
    }
}

/// How many permanent tokens the service has.
async fn tokens(house: &House) -> usize {
    let control = house.sandbox().control();
    let tokens = control.list_tokens("alice@example.com").await;
    tokens.unwrap().len()
}

async fn release(house: &House, verdict: Verdict) {
    let released = house.sandbox().control().release_all(verdict).await;
    assert_eq!(released.unwrap(), 1);
}
