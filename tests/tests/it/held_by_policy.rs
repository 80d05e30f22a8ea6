//! Uploads that a policy of the service holds for a vote, the small and the streamed ones: in each dialect of the
//! service.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use privicore_sandbox::{Dialect, OpenBallot, Vote};
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{LockReason, PollState, TransferId, TransferState, Unreceipted};
use secrecy::{ExposeSecret as _, SecretString};

/// Travels inside a command, which the policy holds.
const SMALL: usize = 1000;
/// Travels as a stream; the policy holds what makes it permanent.
const LARGE: usize = 300_000;

in_each_dialect!(
    an_approved_upload_is_stored_once,
    a_rejected_upload_reports_the_reason_and_succeeds_on_retry,
    a_held_upload_shows_the_poll_that_holds_it,
    a_held_reseal_shows_the_poll_that_holds_it,
    a_vote_goes_on_through_a_restart,
    a_held_transfer_resumes_after_unlock,
);

async fn an_approved_upload_is_stored_once(dialect: Dialect) {
    let fixture = gated(dialect).await;
    for size in [SMALL, LARGE] {
        let (path, bytes) = fixture.write(&format!("{size}.bin"), random_bytes(size));
        let ids = fixture.vault.store(vec![path.clone()], "").await.unwrap();
        cast(&fixture, Vote::Yes).await;
        let ended = fixture.ended(&ids).await;
        assert_eq!(ended[0].state, TransferState::Done, "{ended:?}");
        assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == bytes);
    }
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.names().len(), 2);
}

async fn a_rejected_upload_reports_the_reason_and_succeeds_on_retry(dialect: Dialect) {
    let fixture = gated(dialect).await;
    for size in [SMALL, LARGE] {
        let (path, bytes) = fixture.write(&format!("{size}.bin"), random_bytes(size));
        let ids = fixture.vault.store(vec![path.clone()], "").await.unwrap();
        cast(&fixture, Vote::No).await;
        let ended = fixture.ended(&ids).await;
        assert_eq!(ended[0].state, TransferState::Failed, "{ended:?}");
        fixture.vault.retry_failed().unwrap();
        cast(&fixture, Vote::Yes).await;
        let ended = fixture.ended(&ids).await;
        assert_eq!(ended[0].state, TransferState::Done, "{ended:?}");
        assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == bytes);
    }
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.names().len(), 2);
}

async fn a_held_upload_shows_the_poll_that_holds_it(dialect: Dialect) {
    let fixture = gated(dialect).await;
    for size in [SMALL, LARGE] {
        let (path, _) = fixture.write(&format!("{size}.bin"), random_bytes(size));
        let ids = fixture.vault.store(vec![path], "").await.unwrap();
        until_held(&fixture, ids[0]).await;
        let transfer = fixture.vault.transfer(ids[0]).unwrap().unwrap();
        let asked = ballot(&fixture).await;
        assert_eq!(transfer.poll, Some(asked.poll_id.clone()));
        let poll = fixture.vault.poll(&asked.poll_id).await.unwrap();
        assert_eq!(poll.state, PollState::Open);
        cast(&fixture, Vote::Yes).await;
        fixture.ended(&ids).await;
    }
}

async fn a_held_reseal_shows_the_poll_that_holds_it(dialect: Dialect) {
    let fixture = gated(dialect).await;
    let (path, _) = fixture.write("small.bin", random_bytes(SMALL));
    let ids = fixture.vault.store(vec![path.clone()], "").await.unwrap();
    cast(&fixture, Vote::Yes).await;
    fixture.ended(&ids).await;
    hold(&fixture, "data_token.data_updated").await;
    let file = fixture.file_named(&path);
    let ids = fixture
        .vault
        .reseal(&[file.id], Unreceipted::Refuse)
        .await
        .unwrap();
    until_held(&fixture, ids[0]).await;
    let transfer = fixture.vault.transfer(ids[0]).unwrap().unwrap();
    assert_eq!(transfer.poll, Some(ballot(&fixture).await.poll_id));
    cast(&fixture, Vote::Yes).await;
    let ended = fixture.ended(&ids).await;
    assert_eq!(ended[0].state, TransferState::Done, "{ended:?}");
}

async fn a_vote_goes_on_through_a_restart(dialect: Dialect) {
    let mut fixture = gated(dialect).await;
    let (path, bytes) = fixture.write("large.bin", random_bytes(LARGE));
    let ids = fixture.vault.store(vec![path.clone()], "").await.unwrap();
    let before = ballot(&fixture).await;
    until_held(&fixture, ids[0]).await;
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    let (transfers, _) = fixture.vault.transfers().unwrap();
    until_held(&fixture, transfers[0].id).await;
    assert_eq!(ballot(&fixture).await.poll_id, before.poll_id);
    cast(&fixture, Vote::Yes).await;
    let ended = fixture.ended(&[transfers[0].id]).await;
    assert_eq!(ended[0].state, TransferState::Done, "{ended:?}");
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.names(), ["large.bin"]);
    assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == bytes);
}

async fn a_held_transfer_resumes_after_unlock(dialect: Dialect) {
    let fixture = gated(dialect).await;
    let (path, bytes) = fixture.write("large.bin", random_bytes(LARGE));
    fixture.vault.store(vec![path.clone()], "").await.unwrap();
    let before = ballot(&fixture).await;
    assert!(fixture.vault.lock(LockReason::Asked));
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    let (transfers, _) = fixture.vault.transfers().unwrap();
    until_held(&fixture, transfers[0].id).await;
    assert_eq!(ballot(&fixture).await.poll_id, before.poll_id);
    cast(&fixture, Vote::Yes).await;
    let ended = fixture.ended(&[transfers[0].id]).await;
    assert_eq!(ended[0].state, TransferState::Done, "{ended:?}");
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.names(), ["large.bin"]);
    assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == bytes);
}

/// A house in which one phone has to allow what is stored.
async fn gated(dialect: Dialect) -> TestVault {
    let fixture = TestVault::retrying(dialect).await;
    let username = TestVault::right_credentials().username;
    let control = fixture.sandbox().control();
    let paired = control.pair_phone(&username, "phone").await.unwrap();
    assert!(paired.is_some(), "the user has a profile");
    let configuration = [
        ("name", "phone"),
        ("timeLimit", "300"),
        ("strategy", "unanimous"),
    ];
    let operation = "verified-authenticator.register-configuration";
    command(&fixture, operation, &configuration).await;
    hold(&fixture, "data_token.data_exchanged").await;
    fixture
}

/// From now on the phone has to allow this as well.
async fn hold(fixture: &TestVault, event: &str) {
    let policy = [
        ("name", event),
        ("policyTemplateId", "data"),
        ("applyingEventIds", event),
        ("votingConfigurationId", "phone"),
        ("configuration", r#"{"reason":"a test"}"#),
    ];
    command(fixture, "policy.register", &policy).await;
    let stored = call(fixture, "policy.retrieve", &[("name", event)]).await;
    let stored: serde_json::Value = serde_json::from_str(&stored).unwrap();
    let id = stored["id"].as_str().unwrap();
    command(fixture, "policy.activate", &[("policyId", id)]).await;
}

async fn command(fixture: &TestVault, operation: &str, values: &[(&str, &str)]) {
    let answer = fixture
        .vault
        .call_operation(operation, &given(values))
        .await;
    let command = answer.unwrap().command.unwrap();
    let confirmed = fixture.vault.confirm_operation(&command, || {}).await;
    confirmed.unwrap();
}

async fn call(fixture: &TestVault, operation: &str, values: &[(&str, &str)]) -> String {
    let answer = fixture
        .vault
        .call_operation(operation, &given(values))
        .await;
    answer.unwrap().body.unwrap().expose_secret().to_owned()
}

fn given(values: &[(&str, &str)]) -> Vec<(String, SecretString)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).into());
    values.iter().map(owned).collect()
}

/// The ballot that waits for the phone, as soon as there is one.
async fn ballot(fixture: &TestVault) -> OpenBallot {
    let username = TestVault::right_credentials().username;
    let ballots = async || {
        let control = fixture.sandbox().control();
        control.list_ballots(&username).await.unwrap()
    };
    wait_until("the phone is asked", async || !ballots().await.is_empty()).await;
    ballots().await.remove(0)
}

async fn cast(fixture: &TestVault, vote: Vote) {
    let asked = ballot(fixture).await;
    let control = fixture.sandbox().control();
    let cast = control.cast(&asked.poll_id, &asked.device_identifier, vote);
    assert!(cast.await.unwrap(), "the ballot is open");
}

async fn until_held(fixture: &TestVault, id: TransferId) {
    wait_until("it is seen to be held", async || {
        let transfer = fixture.vault.transfer(id).ok().flatten();
        transfer.is_some_and(|transfer| transfer.state == TransferState::Held)
    })
    .await;
}
