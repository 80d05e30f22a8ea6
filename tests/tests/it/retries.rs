//! Unattended transfers: retries, restarts, and that nothing is stored twice.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use privicore_sandbox::{Dialect, Fault, Verdict};
use privicore_tests::test_vault::{TestVault, random_bytes};
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
    unfinished_transfers_resume_after_a_restart,
    a_paused_transfer_waits_even_through_a_restart,
    a_vote_is_seen_and_decides,
    a_download_waits_for_its_vote,
    an_answer_that_is_lost_is_found_out_about,
    an_upload_with_a_lost_answer_stays_not_confirmed_until_the_service_answers,
    a_deletion_whose_answer_is_lost_is_found_out_about,
);

async fn an_upload_that_breaks_off_is_tried_again_and_stored_once(dialect: Dialect) {
    let fixture = TestVault::retrying(dialect).await;
    plan(&fixture, "upstream", Fault::UploadCut { after: 1 << 20 });
    let (path, bytes) = fixture.write("large.bin", random_bytes(LARGE));
    let ended = fixture.store(vec![path.clone()], "").await;
    assert_eq!(ended[0].state, TransferState::Done);
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.names(), ["large.bin"]);
    assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == bytes);
}

async fn a_download_that_breaks_off_is_tried_again(dialect: Dialect) {
    let fixture = TestVault::retrying(dialect).await;
    let (path, bytes) = fixture.write("large.bin", random_bytes(LARGE));
    fixture.store(vec![path.clone()], "").await;
    plan(
        &fixture,
        "downstream",
        Fault::DownloadCut { after: 1 << 20 },
    );
    assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == bytes);
}

async fn unfinished_transfers_resume_after_a_restart(dialect: Dialect) {
    let mut fixture = TestVault::retrying(dialect).await;
    plan(&fixture, RESERVE, Fault::AnswerWithheld);
    let (path, bytes) = fixture.write("large.bin", random_bytes(LARGE));
    fixture.vault.store(vec![path.clone()], "").await.unwrap();
    wait_until("the service was asked", async || {
        fixture.sandbox().control().calls(RESERVE) == 1
    })
    .await;
    let (other, _) = fixture.write("other.bin", random_bytes(LARGE));
    fixture.store(vec![other], "").await;
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    let (transfers, _) = fixture.vault.transfers().unwrap();
    assert_eq!(transfers.len(), 1, "{transfers:?}");
    let ended = fixture.ended(&[transfers[0].id]).await;
    assert_eq!(ended[0].state, TransferState::Done, "{ended:?}");
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.names(), ["large.bin", "other.bin"]);
    assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_a_vault_stops_its_uploads() {
    let fixture = TestVault::retrying(Dialect::Observed).await;
    let dropped = fixture.beside().await;
    plan(&fixture, RESERVE, Fault::AnswerWithheld);
    let (path, _) = fixture.write("large.bin", random_bytes(LARGE));
    dropped.store(vec![path], "").await.unwrap();
    wait_until("the service was asked", async || {
        fixture.sandbox().control().calls(RESERVE) == 1
    })
    .await;
    assert_eq!(fixture.vault.interrupted().await.unwrap().len(), 0);
    drop(dropped);
    wait_until("another vault can go on with it", async || {
        fixture.vault.interrupted().await.unwrap().len() == 1
    })
    .await;
}

async fn a_paused_transfer_waits_even_through_a_restart(dialect: Dialect) {
    let mut fixture = TestVault::retrying(dialect).await;
    let ports = fixture.stop_service().await;
    let (path, _) = fixture.write("a.txt", b"a".to_vec());
    let ids = fixture.vault.store(vec![path], "").await.unwrap();
    wait_until("it is known that the service is away", async || {
        let transfer = fixture.vault.transfer(ids[0]).unwrap().unwrap();
        transfer.state == TransferState::Waiting && transfer.retry_in.is_some()
    })
    .await;
    fixture.vault.pause(ids[0]).unwrap();
    is(&fixture, ids[0], TransferState::Paused).await;
    fixture.bring_back_service(ports).await;
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    let (transfers, _) = fixture.vault.transfers().unwrap();
    assert_eq!(transfers[0].state, TransferState::Paused);
    assert!(fixture.names().is_empty());
    fixture.vault.resume_all().unwrap();
    fixture.ended(&[transfers[0].id]).await;
    assert_eq!(fixture.names(), ["a.txt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn transfers_go_on_when_the_service_is_within_reach_again() {
    let mut fixture = TestVault::retrying(Dialect::Observed).await;
    let (stored, bytes) = fixture.write("stored.bin", random_bytes(LARGE));
    fixture.store(vec![stored.clone()], "").await;
    let ports = fixture.stop_service().await;
    let (path, _) = fixture.write("later.txt", b"later".to_vec());
    let up = fixture.vault.store(vec![path], "").await.unwrap()[0];
    let target = fixture.originals().join("back.bin");
    let file = fixture.file_named(&stored);
    let down = fixture
        .vault
        .save(file.id, &target, Existing::Keep)
        .await
        .unwrap();
    wait_until("both wait for the service", async || {
        [up, down].iter().all(|id| {
            let transfer = fixture.vault.transfer(*id).unwrap().unwrap();
            transfer.state == TransferState::Waiting && transfer.error.is_some()
        })
    })
    .await;
    fixture.bring_back_service(ports).await;
    let ended = fixture.ended(&[up, down]).await;
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
    let mut fixture = TestVault::retrying(Dialect::Observed).await;
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.vault.status().reached, Some(true));
    let before = fixture.vault.status().revision;
    let ports = fixture.stop_service().await;
    fixture.vault.refresh().await.unwrap_err();
    let offline = fixture.vault.status();
    assert_eq!(offline.reached, Some(false));
    assert!(offline.revision > before, "nobody was told");
    fixture.bring_back_service(ports).await;
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.vault.status().reached, Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_holds_the_bytes_back_and_can_be_lifted() {
    let fixture = TestVault::retrying(Dialect::Observed).await;
    let limits = privicore_vault::Limits {
        upload: Some(1000),
        download: None,
    };
    fixture.vault.set_limits(limits).await.unwrap();
    let (path, _) = fixture.write("large.bin", random_bytes(LARGE));
    let ids = fixture.vault.store(vec![path], "").await.unwrap();
    is(&fixture, ids[0], TransferState::Running).await;
    fixture
        .vault
        .set_limits(privicore_vault::Limits::default())
        .await
        .unwrap();
    fixture.vault.pause(ids[0]).unwrap();
    is(&fixture, ids[0], TransferState::Paused).await;
    fixture.vault.resume_transfer(ids[0]).unwrap();
    let ended = fixture.ended(&ids).await;
    assert_eq!(ended[0].state, TransferState::Done);
}

async fn a_vote_is_seen_and_decides(dialect: Dialect) {
    let fixture = TestVault::retrying(dialect).await;
    for (at, verdict) in [Verdict::Approve, rejected()].into_iter().enumerate() {
        plan(&fixture, EXCHANGE, Fault::HeldForVote);
        let (path, _) = fixture.write(&format!("{at}.txt"), b"to be voted on".to_vec());
        let ids = fixture.vault.store(vec![path], "").await.unwrap();
        is(&fixture, ids[0], TransferState::Held).await;
        let (other, _) = fixture.write(&format!("{at} other.txt"), b"other".to_vec());
        let passed = fixture.store(vec![other], "").await;
        assert_eq!(
            passed[0].state,
            TransferState::Done,
            "a vote holds up nobody else"
        );
        let is_approved = matches!(verdict, Verdict::Approve);
        release(&fixture, verdict).await;
        let ended = fixture.ended(&ids).await.remove(0);
        if is_approved {
            assert_eq!(ended.state, TransferState::Done);
        } else {
            assert_eq!(ended.error.unwrap().code, Code::VoteRejected);
        }
    }
    assert_eq!(fixture.names(), ["0 other.txt", "0.txt", "1 other.txt"]);
}

async fn a_download_waits_for_its_vote(dialect: Dialect) {
    let fixture = TestVault::retrying(dialect).await;
    let (path, bytes) = fixture.write("secret.txt", b"secret".to_vec());
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    for verdict in [Verdict::Approve, rejected()] {
        let target = fixture.originals().join("back.txt");
        plan(&fixture, REQUEST, Fault::HeldForVote);
        let id = fixture
            .vault
            .save(file.id, &target, Existing::Replace)
            .await
            .unwrap();
        is(&fixture, id, TransferState::Held).await;
        let is_approved = matches!(verdict, Verdict::Approve);
        release(&fixture, verdict).await;
        let ended = fixture.ended(&[id]).await.remove(0);
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
    let fixture = TestVault::retrying(dialect).await;
    let (path, bytes) = fixture.write("a.bin", random_bytes(LARGE));
    plan(&fixture, META, Fault::AnswerLost);
    let ended = fixture.store(vec![path.clone()], "").await;
    assert_eq!(ended[0].state, TransferState::Done, "{ended:?}");
    assert_eq!(tokens(&fixture).await, 1);
    assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == bytes);
}

async fn an_upload_with_a_lost_answer_stays_not_confirmed_until_the_service_answers(
    dialect: Dialect,
) {
    let fixture = TestVault::retrying(dialect).await;
    let (path, _) = fixture.write("a.bin", random_bytes(LARGE));
    plan(&fixture, META, Fault::AnswerLost);
    let control = fixture.sandbox().control();
    control.faults().plan(LIST, Fault::InternalError, 100);
    let ids = fixture.vault.store(vec![path], "").await.unwrap();
    is(&fixture, ids[0], TransferState::NotConfirmed).await;
    control.faults().clear();
    is(&fixture, ids[0], TransferState::Done).await;
    assert_eq!(tokens(&fixture).await, 1);
    assert_eq!(fixture.names(), ["a.bin"]);
}

async fn is(fixture: &TestVault, id: TransferId, state: TransferState) {
    wait_until(&format!("{id:?} is {state:?}"), async || {
        fixture.vault.transfer(id).unwrap().unwrap().state == state
    })
    .await;
}

fn plan(fixture: &TestVault, operation: &str, fault: Fault) {
    fixture
        .sandbox()
        .control()
        .faults()
        .plan(operation, fault, 1);
}

async fn a_deletion_whose_answer_is_lost_is_found_out_about(dialect: Dialect) {
    let fixture = TestVault::retrying(dialect).await;
    let (path, _) = fixture.write("old.txt", b"old".to_vec());
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    plan(&fixture, DELETE, Fault::AnswerLost);
    let error = fixture.vault.delete_now(file.id).await.unwrap_err();
    assert_eq!(error.explain().code, Code::NotConfirmed);
    wait_until("the list tells that it is gone", async || {
        fixture.names().is_empty()
    })
    .await;
    assert_eq!(tokens(&fixture).await, 0);
}

fn rejected() -> Verdict {
    Verdict::Reject {
        reason: "vote.rejected".into(),
    }
}

/// How many permanent tokens the service has.
async fn tokens(fixture: &TestVault) -> usize {
    let control = fixture.sandbox().control();
    let tokens = control.list_tokens("alice@example.com").await;
    tokens.unwrap().len()
}

async fn release(fixture: &TestVault, verdict: Verdict) {
    let released = fixture.sandbox().control().release_all(verdict).await;
    assert_eq!(released.unwrap(), 1);
}
