//! Votes and policies from the first authenticator to the last outcome, in each dialect of the service.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::time::Duration;

use privicore_sandbox::{Dialect, OpenBallot, Vote as Cast};
use privicore_tests::test_vault::TestVault;
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{
    Code, Counting, Existing, File, NewPolicy, PolicyChange, PolicyState, Poll, PollState,
    TransferId, TransferState, Vote, VotingConfiguration, VotingRules,
};

const USER: &str = "alice@example.com";
const EVENT: &str = "data_token.data_requested";
const LIMIT: Duration = Duration::from_mins(2);

in_each_dialect!(
    a_held_download_is_approved_and_saved,
    a_held_download_is_rejected_by_a_vote,
    a_held_download_that_nobody_votes_on_is_timed_out,
    a_held_download_without_enough_votes_has_no_quorum,
    a_poll_is_asked_again_while_there_are_attempts_left,
    a_policy_is_registered_activated_deactivated_and_deleted,
    a_device_becomes_an_authenticator_and_is_none_any_more,
    a_voting_configuration_is_saved_and_changed_by_its_name,
    a_poll_of_ones_own_is_started_and_counted,
    a_poll_that_was_started_is_known_after_a_restart,
);

async fn a_held_download_is_approved_and_saved(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let (file, bytes) = gated(&fixture, 1).await;
    let (id, poll) = held(&fixture, &file).await;
    assert_eq!(poll.state, PollState::Open);
    assert!(poll.question.unwrap().contains(USER));
    assert_eq!(poll.operation.as_deref(), Some("data-token/request-data"));
    assert_eq!(poll.ballots[0].name.as_deref(), Some("phone 1"));
    assert_eq!(poll.ballots[0].vote, None);
    cast(&fixture, Cast::Yes).await;
    let ended = fixture.ended(&[id]).await.remove(0);
    assert_eq!(ended.state, TransferState::Done, "{ended:?}");
    assert_eq!(ended.poll, None);
    assert_eq!(std::fs::read(target(&fixture)).unwrap(), bytes);
    let after = fixture.vault.poll(&poll.id).await.unwrap();
    assert_eq!(after.state, PollState::Accepted);
    assert_eq!(after.ballots[0].vote, Some(Vote::Yes));
}

async fn a_held_download_is_rejected_by_a_vote(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let (file, _) = gated(&fixture, 1).await;
    let (id, _) = held(&fixture, &file).await;
    cast(&fixture, Cast::No).await;
    assert_eq!(code(&fixture, id).await, Code::VoteRejected);
    assert!(!target(&fixture).exists());
}

async fn a_held_download_that_nobody_votes_on_is_timed_out(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let (file, _) = gated(&fixture, 1).await;
    let (id, _) = held(&fixture, &file).await;
    fixture.sandbox().control().clock().advance(LIMIT);
    assert_eq!(code(&fixture, id).await, Code::VoteTimedOut);
    assert!(!target(&fixture).exists());
}

async fn a_held_download_without_enough_votes_has_no_quorum(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    rules(&fixture, 2, 1).await;
    let (file, _) = gated(&fixture, 2).await;
    let (id, _) = held(&fixture, &file).await;
    cast(&fixture, Cast::Yes).await;
    fixture.sandbox().control().clock().advance(LIMIT);
    assert_eq!(code(&fixture, id).await, Code::VoteNoQuorum);
}

async fn a_poll_is_asked_again_while_there_are_attempts_left(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    rules(&fixture, 1, 2).await;
    let (file, _) = gated(&fixture, 1).await;
    let (id, poll) = held(&fixture, &file).await;
    assert_eq!((poll.attempt, poll.attempts), (Some(1), Some(2)));
    fixture.sandbox().control().clock().advance(LIMIT);
    wait_until("the second attempt is open", async || {
        fixture.vault.poll(&poll.id).await.unwrap().attempt == Some(2)
    })
    .await;
    cast(&fixture, Cast::Yes).await;
    let ended = fixture.ended(&[id]).await.remove(0);
    assert_eq!(ended.state, TransferState::Done, "{ended:?}");
}

async fn a_policy_is_registered_activated_deactivated_and_deleted(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let vault = &fixture.vault;
    let templates = vault.policies().await.unwrap().templates;
    let data = templates
        .iter()
        .find(|template| template.id == "data")
        .unwrap();
    assert!(data.events.iter().any(|event| event.id == EVENT));
    configure(&fixture, Counting::One).await;
    let id = register(&fixture).await;
    assert_eq!(state(&fixture, &id).await, Some(PolicyState::Inactive));
    let change = async |change| vault.change_policy(&id, change).await.unwrap();
    change(PolicyChange::Activate).await;
    assert_eq!(state(&fixture, &id).await, Some(PolicyState::Active));
    change(PolicyChange::Deactivate).await;
    assert_eq!(state(&fixture, &id).await, Some(PolicyState::Inactive));
    change(PolicyChange::Delete).await;
    assert_eq!(state(&fixture, &id).await, None);
}

async fn a_device_becomes_an_authenticator_and_is_none_any_more(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let vault = &fixture.vault;
    let device = vault.voting().await.unwrap().others.remove(0);
    vault.add_authenticator(&device.id).await.unwrap();
    let voting = vault.voting().await.unwrap();
    assert_eq!(voting.authenticators, Some(vec![device.clone()]));
    assert!(!voting.others.contains(&device));
    vault.remove_authenticator(&device.id).await.unwrap();
    let voting = vault.voting().await.unwrap();
    assert_eq!(voting.authenticators, Some(Vec::new()));
    assert!(voting.others.contains(&device));
}

async fn a_voting_configuration_is_saved_and_changed_by_its_name(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    configure(&fixture, Counting::Share(60)).await;
    configure(&fixture, Counting::Majority).await;
    let voting = fixture.vault.voting().await.unwrap();
    assert_eq!(
        voting.configurations,
        Some(vec![configuration(Counting::Majority)])
    );
    rules(&fixture, 2, 3).await;
    let set = VotingRules {
        quorum: Some(2),
        attempts: Some(3),
    };
    assert_eq!(fixture.vault.voting().await.unwrap().rules, Some(set));
}

async fn a_poll_of_ones_own_is_started_and_counted(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    paired(&fixture, 1).await;
    configure(&fixture, Counting::One).await;
    let vault = &fixture.vault;
    let started = vault.start_poll("family", "Car", "May I have the car?");
    let id = started.await.unwrap();
    let open = vault.poll(&id).await.unwrap();
    assert_eq!(open.question.as_deref(), Some("May I have the car?"));
    assert_eq!(open.operation, None);
    cast(&fixture, Cast::No).await;
    let after = vault.poll(&id).await.unwrap();
    assert_eq!(after.state, PollState::Rejected);
    assert_eq!(vault.started_polls().await.unwrap(), [id]);
    // A service elsewhere has real phones: none are played here.
    assert_eq!(vault.phones().await.unwrap(), None);
    let refused = vault.pair_phone("mine").await.unwrap_err();
    assert_eq!(refused.explain().code, Code::NoPhones);
}

async fn a_poll_that_was_started_is_known_after_a_restart(dialect: Dialect) {
    let mut fixture = TestVault::signed_up(dialect).await;
    paired(&fixture, 1).await;
    configure(&fixture, Counting::One).await;
    let started = fixture.vault.start_poll("family", "Car", "Now?");
    let id = started.await.unwrap();
    fixture.restart().await;
    let unlocked = fixture.vault.unlock(Some(TestVault::passphrase()));
    unlocked.await.unwrap();
    let known = fixture.vault.started_polls().await.unwrap();
    assert_eq!(known, std::slice::from_ref(&id));
    let poll = fixture.vault.poll(&id).await.unwrap();
    assert_eq!(poll.state, PollState::Open);
}

/// A stored file that comes back only by a vote of so many phones.
async fn gated(fixture: &TestVault, phones: usize) -> (Arc<File>, Vec<u8>) {
    let (path, bytes) = fixture.write("deed.txt", b"only by a vote".to_vec());
    fixture.store(vec![path.clone()], "").await;
    paired(fixture, phones).await;
    configure(fixture, Counting::One).await;
    let id = register(fixture).await;
    let active = fixture.vault.change_policy(&id, PolicyChange::Activate);
    active.await.unwrap();
    (fixture.file_named(&path), bytes)
}

async fn paired(fixture: &TestVault, phones: usize) {
    for at in 1..=phones {
        let control = fixture.sandbox().control();
        let name = format!("phone {at}");
        control.pair_phone(USER, &name).await.unwrap().unwrap();
    }
}

fn configuration(counting: Counting) -> VotingConfiguration {
    VotingConfiguration {
        name: "family".into(),
        time_limit: LIMIT,
        counting,
        devices: Vec::new(),
    }
}

async fn configure(fixture: &TestVault, counting: Counting) {
    let saved = fixture
        .vault
        .save_voting_configuration(configuration(counting));
    saved.await.unwrap();
}

async fn rules(fixture: &TestVault, quorum: u32, attempts: u32) {
    let rules = VotingRules {
        quorum: Some(quorum),
        attempts: Some(attempts),
    };
    fixture.vault.set_voting_rules(rules).await.unwrap();
}

async fn register(fixture: &TestVault) -> String {
    let policy = NewPolicy {
        name: "four eyes".into(),
        template: "data".into(),
        events: vec![EVENT.into()],
        configuration: "family".into(),
        reason: "It is all we have.".into(),
    };
    fixture
        .vault
        .register_policy(policy)
        .await
        .unwrap()
        .unwrap()
}

async fn state(fixture: &TestVault, id: &str) -> Option<PolicyState> {
    let policies = fixture.vault.policies().await.unwrap().policies.unwrap();
    let found = policies.into_iter().find(|policy| policy.id == id);
    found.map(|policy| policy.state)
}

/// Asks for a file and waits until the poll that holds it is known.
async fn held(fixture: &TestVault, file: &File) -> (TransferId, Poll) {
    let target = target(fixture);
    let saving = fixture.vault.save(file.id, &target, Existing::Keep);
    let id = saving.await.unwrap();
    let poll = || fixture.vault.transfer(id).unwrap().unwrap().poll;
    wait_until("the transfer is held", async || poll().is_some()).await;
    let poll = fixture.vault.poll(&poll().unwrap()).await.unwrap();
    (id, poll)
}

/// The first phone that is asked answers.
async fn cast(fixture: &TestVault, vote: Cast) {
    let control = fixture.sandbox().control();
    let OpenBallot {
        poll_id,
        device_identifier,
        ..
    } = control.list_ballots(USER).await.unwrap().remove(0);
    assert!(
        control
            .cast(&poll_id, &device_identifier, vote)
            .await
            .unwrap()
    );
}

async fn code(fixture: &TestVault, id: TransferId) -> Code {
    let ended = fixture.ended(&[id]).await.remove(0);
    assert_eq!(ended.state, TransferState::Failed, "{ended:?}");
    ended.error.unwrap().code
}

fn target(fixture: &TestVault) -> std::path::PathBuf {
    fixture.originals().join("saved.txt")
}
