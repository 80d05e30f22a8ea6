//! The step that makes stored bytes permanent: whatever is answered, nothing is stored twice, and nothing without a
//! receipt.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::HashSet;

use privicore_sandbox::{
    Dialect, Fault, FileMetaForm, PendingStatus, Settings, TokenState, Verdict,
};
use privicore_tests::test_vault::{Record, TestVault, random_bytes};
use privicore_tests::wait_until;
use privicore_vault::{LockReason, Transfer, TransferState, Unreceipted};

const CONFIGURE: &str = "data-token/configure-file-meta";
const EXCHANGE: &str = "data-token/exchange-data-for-token";

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_that_holds_the_last_step_in_silence_is_waited_for_and_sent_once() {
    let mut fixture = TestVault::with_short_limits(Dialect::Observed).await;
    let control = fixture.sandbox().control();
    control.choose(Settings {
        file_meta: Some(FileMetaForm::CommandThenToken),
        pending_status: PendingStatus::Unknown,
        ..Settings::default()
    });
    control.faults().plan(CONFIGURE, Fault::HeldForVote, 1);
    let (path, _) = fixture.write("held.bin", random_bytes(900));
    let held = fixture.store(vec![path.clone()], "").await.remove(0);
    assert_eq!(held.state, TransferState::NotConfirmed, "{held:?}");
    assert_eq!(fixture.count(Record::Ticket), 1, "its record is kept");
    assert_eq!(
        resumed(&mut fixture).await.state,
        TransferState::NotConfirmed
    );
    let control = fixture.sandbox().control();
    assert_eq!(control.calls(CONFIGURE), 1, "each may open a vote");
    control.release_all(Verdict::Approve).await.unwrap();
    let stored = resumed(&mut fixture).await;
    assert_eq!(stored.state, TransferState::Done, "{stored:?}");
    assert!(fixture.file_named(&path).receipt.is_some());
    assert_eq!(tokens(&fixture).await.len(), 1);
    assert_eq!(fixture.sandbox().control().calls(EXCHANGE), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_last_step_that_the_service_knows_no_more_is_sent_again_after_some_looks() {
    let mut fixture = TestVault::with_short_limits(Dialect::Observed).await;
    let control = fixture.sandbox().control();
    control.choose(Settings {
        file_meta: Some(FileMetaForm::CommandThenToken),
        pending_status: PendingStatus::Unknown,
        ..Settings::default()
    });
    control.faults().plan(CONFIGURE, Fault::HeldForVote, 1);
    let (path, _) = fixture.write("forgotten.bin", random_bytes(900));
    let held = fixture.store(vec![path.clone()], "").await.remove(0);
    assert_eq!(held.state, TransferState::NotConfirmed, "{held:?}");
    assert_eq!(
        resumed(&mut fixture).await.state,
        TransferState::NotConfirmed
    );
    assert_eq!(
        resumed(&mut fixture).await.state,
        TransferState::NotConfirmed
    );
    assert_eq!(fixture.sandbox().control().calls(CONFIGURE), 1);
    // This service holds it still, and means the same command.
    assert_eq!(
        resumed(&mut fixture).await.state,
        TransferState::NotConfirmed
    );
    let control = fixture.sandbox().control();
    assert_eq!(control.calls(CONFIGURE), 2);
    control.release_all(Verdict::Approve).await.unwrap();
    let stored = resumed(&mut fixture).await;
    assert_eq!(stored.state, TransferState::Done, "{stored:?}");
    assert!(fixture.file_named(&path).receipt.is_some());
    assert_eq!(tokens(&fixture).await.len(), 1);
    assert_eq!(fixture.sandbox().control().calls(EXCHANGE), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_gone_because_it_is_permanent_is_not_filled_again_while_the_list_lags() {
    for status in [404, 409, 410, 422] {
        let mut fixture = TestVault::lied_to(Dialect::Observed).await;
        fixture.liar().lies().listed_only = Some(HashSet::new());
        let control = fixture.sandbox().control();
        control.faults().plan(CONFIGURE, Fault::AnswerLost, 1);
        let (path, _) = fixture.write("once.bin", random_bytes(900));
        let unclear = fixture.store(vec![path.clone()], "").await.remove(0);
        assert_eq!(unclear.state, TransferState::NotConfirmed, "{unclear:?}");
        fixture.liar().lies().place_gone = Some(status);
        let unclear = resumed(&mut fixture).await;
        assert_eq!(unclear.state, TransferState::NotConfirmed, "{unclear:?}");
        fixture.liar().repent();
        let stored = resumed(&mut fixture).await;
        assert_eq!(stored.state, TransferState::Done, "{stored:?}");
        assert!(fixture.file_named(&path).receipt.is_some(), "{status}");
        assert_eq!(fixture.sandbox().control().calls(EXCHANGE), 1, "{status}");
        assert_eq!(tokens(&fixture).await.len(), 1, "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_gone_with_their_place_are_sent_again_after_some_looks() {
    let mut fixture = TestVault::lied_to(Dialect::Observed).await;
    let control = fixture.sandbox().control();
    control.faults().plan(CONFIGURE, Fault::InternalError, 1);
    let (path, _) = fixture.write("again.bin", random_bytes(900));
    let unclear = fixture.store(vec![path.clone()], "").await.remove(0);
    assert_eq!(unclear.state, TransferState::NotConfirmed, "{unclear:?}");
    fixture.liar().lies().place_gone = Some(404);
    assert_eq!(
        resumed(&mut fixture).await.state,
        TransferState::NotConfirmed
    );
    assert_eq!(
        resumed(&mut fixture).await.state,
        TransferState::NotConfirmed
    );
    resumed(&mut fixture).await;
    fixture.liar().repent();
    let stored = resumed(&mut fixture).await;
    assert_eq!(stored.state, TransferState::Done, "{stored:?}");
    assert!(fixture.sandbox().control().calls(EXCHANGE) > 1);
    assert!(fixture.file_named(&path).receipt.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_names_nothing_is_no_token_and_the_list_tells_the_right_one() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let (known, _) = fixture.write("known.bin", random_bytes(499));
    fixture.store(vec![known.clone()], "").await;
    let known = fixture.file_named(&known).token.reveal().to_owned();
    let odd = [
        String::new(),
        " ".to_owned(),
        format!("{known} "),
        format!("{known}\n"),
        "a\0b".to_owned(),
        "abc\u{1b}[2Jdef\r\n".to_owned(),
        "x".repeat(1_000_000),
    ];
    for (at, text) in odd.into_iter().enumerate() {
        fixture.liar().lies().permanent = Some(text);
        let (path, bytes) = fixture.write(&format!("{at}.bin"), random_bytes(500 + at));
        let stored = fixture.store(vec![path.clone()], "").await.remove(0);
        assert_eq!(stored.state, TransferState::Done, "{at}: {stored:?}");
        let file = fixture.file_named(&path);
        assert!(fixture.saved(&file).await.unwrap() == bytes, "{at}");
    }
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.listed().len(), 8);
    assert!(fixture.listed().iter().all(|file| file.receipt.is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_another_file_overwrites_nothing_while_the_app_is_locked() {
    let mut fixture = TestVault::lied_to(Dialect::Observed).await;
    let (first, _) = fixture.write("first.bin", random_bytes(900));
    fixture.store(vec![first.clone()], "").await;
    fixture.forget_records().await;
    fixture.sign_in().await.unwrap();
    fixture.vault.refresh().await.unwrap();
    let known = fixture.file_named(&first);
    assert!(known.receipt.is_none());
    fixture.liar().lies().permanent = Some(known.token.reveal().to_owned());
    let control = fixture.sandbox().control();
    control
        .faults()
        .plan(CONFIGURE, Fault::AckLate { milliseconds: 10 }, 1);
    let reserve = "data-token/reserve-token-space";
    control.faults().plan(reserve, Fault::HeldForVote, 1);
    let (second, _) = fixture.write("second.bin", random_bytes(901));
    fixture.vault.store(vec![second.clone()], "").await.unwrap();
    wait_until("a vote to hold it", async || {
        !control.list_held().await.unwrap().is_empty()
    })
    .await;
    assert!(fixture.vault.lock(LockReason::Asked));
    control.release_all(Verdict::Approve).await.unwrap();
    wait_until("it is stored", async || fixture.count(Record::Ticket) == 0).await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    assert_eq!(fixture.names(), ["first.bin", "second.bin"]);
    assert!(fixture.file_named(&first).receipt.is_none());
    let second = fixture.file_named(&second);
    assert_ne!(second.token.reveal(), known.token.reveal());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replacement_that_the_service_has_forgotten_is_not_called_rejected() {
    let mut fixture = TestVault::with_short_limits(Dialect::Observed).await;
    let (path, bytes) = fixture.write("again.bin", random_bytes(900));
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    let forgotten = Fault::Reject {
        reason: String::new(),
    };
    let control = fixture.sandbox().control();
    control
        .faults()
        .plan("data-token/update-data", forgotten, 1);
    let ids = fixture.vault.reseal(&[file.id], Unreceipted::Refuse).await;
    let unclear = fixture.ended(&ids.unwrap()).await.remove(0);
    assert_eq!(unclear.state, TransferState::NotConfirmed, "{unclear:?}");
    assert_eq!(fixture.count(Record::Ticket), 1, "the new bytes are kept");
    let resealed = resumed(&mut fixture).await;
    assert_eq!(resealed.state, TransferState::Done, "{resealed:?}");
    let file = fixture.file_named(&path);
    assert!(fixture.saved(&file).await.unwrap() == bytes);
}

/// Starts the app again and goes on with what is left, to its end.
async fn resumed(fixture: &mut TestVault) -> Transfer {
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    let ids = fixture.vault.resume_interrupted().await.unwrap();
    fixture.ended(&ids).await.remove(0)
}

async fn tokens(fixture: &TestVault) -> Vec<TokenState> {
    let username = TestVault::right_credentials().username;
    let control = fixture.sandbox().control();
    control.list_tokens(&username).await.unwrap()
}
