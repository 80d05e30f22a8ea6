//! What was asked of the service in a session, as its log tells it: in each dialect of the service.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::time::Duration;

use privicore_sandbox::{Dialect, Fault, Vote};
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{
    ActivityEntry, ActivityOutcome, ActivityQuery, ActivityState, Code, Counting, DeviceChange,
    Event, Existing, LockReason, NewPolicy, PolicyChange, TransferState, VotingConfiguration,
};
use secrecy::SecretString;
use serde_json::Value;

const APPROVE: &str = "device/approve-device";

in_each_dialect!(
    a_command_has_its_timeline,
    a_rejected_command_was_waiting_for_approval_before,
    a_command_without_an_outcome_is_not_confirmed,
    a_rejected_command_changes_nothing,
    it_is_gone_after_a_lock,
    the_activity_log_contains_nothing_that_was_sent,
    figures_count_what_was_stored_and_asked_for,
);

async fn a_command_has_its_timeline(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let mut events = fixture.vault.events();
    requested(&fixture).await;
    let entry = last(&fixture, "device.request-identifier");
    let states: Vec<_> = entry.steps.iter().map(|step| step.state).collect();
    assert!(states.starts_with(&[ActivityState::Sent, ActivityState::Accepted]));
    assert_eq!(entry.state(), ActivityState::Done);
    assert!(entry.steps.is_sorted_by_key(|step| step.at));
    assert!(entry.command.is_some() && entry.doc.ends_with('.'));
    while !matches!(events.recv().await.unwrap(), Event::ActivityChanged) {}
    let wanted = |outcome, text: &str| {
        let text = text.to_owned();
        let query = ActivityQuery {
            outcome,
            text,
            limit: 10,
            ..ActivityQuery::default()
        };
        fixture.vault.activity(&query).unwrap().found
    };
    assert_eq!(wanted(None, "REQUEST-IDENTIFIER"), 1);
    assert_eq!(wanted(Some(ActivityOutcome::Done), "request-identifier"), 1);
    assert_eq!(
        wanted(Some(ActivityOutcome::NotDone), "request-identifier"),
        0
    );
}

async fn a_rejected_command_was_waiting_for_approval_before(dialect: Dialect) {
    let fixture = gated(dialect).await;
    let (path, _) = fixture.write("plan.bin", random_bytes(1000));
    let ids = fixture.vault.store(vec![path], "").await.unwrap();
    wait_until("it is held", async || {
        let held = ActivityQuery {
            outcome: Some(ActivityOutcome::Held),
            limit: 10,
            ..ActivityQuery::default()
        };
        fixture.vault.activity(&held).unwrap().found == 1
    })
    .await;
    cast(&fixture, Vote::No).await;
    let ended = fixture.ended(&ids).await;
    assert_eq!(ended[0].state, TransferState::Failed, "{ended:?}");
    let entries = all(&fixture);
    let entry = entries
        .iter()
        .find(|entry| entry.state() == ActivityState::RejectedByVote);
    let states: Vec<_> = entry.unwrap().steps.iter().map(|step| step.state).collect();
    assert!(states.contains(&ActivityState::Held), "{states:?}");
}

async fn a_command_without_an_outcome_is_not_confirmed(dialect: Dialect) {
    let fixture = TestVault::with_short_limits(dialect).await;
    let id = requested(&fixture).await;
    let control = fixture.sandbox().control();
    control.faults().plan(APPROVE, Fault::AnswerLost, 1);
    let unclear = fixture.vault.change_device(&id, DeviceChange::Approve);
    unclear.await.unwrap_err();
    let entry = last(&fixture, "device.approve");
    assert_eq!(entry.state(), ActivityState::NotConfirmed);
    assert_eq!(entry.state().outcome(), ActivityOutcome::NotKnown);
}

async fn a_rejected_command_changes_nothing(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = requested(&fixture).await;
    let register = async || {
        let registered = fixture
            .vault
            .change_device(&id, DeviceChange::RegisterStorage);
        registered.await
    };
    register().await.unwrap();
    register().await.unwrap_err();
    let entry = last(&fixture, "storage.register");
    assert_eq!(entry.state(), ActivityState::Rejected);
    assert_eq!(entry.state().outcome(), ActivityOutcome::NotDone);
}

async fn it_is_gone_after_a_lock(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    requested(&fixture).await;
    assert!(!all(&fixture).is_empty());
    assert!(fixture.vault.lock(LockReason::Asked));
    let locked = fixture.vault.activity(&ActivityQuery::default());
    assert_eq!(locked.unwrap_err().explain().code, Code::Locked);
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    let left = all(&fixture);
    assert!(left.iter().all(|entry| entry.group != "device"), "{left:?}");
    requested(&fixture).await;
    last(&fixture, "device.request-identifier");
}

/// What was planted in every place that leads to the service: names, a context, a password, a token.
async fn the_activity_log_contains_nothing_that_was_sent(dialect: Dialect) {
    const PLANTED: &str = "sentinel";
    let fixture = TestVault::signed_up(dialect).await;
    let (path, _) = fixture.write("sentinel-name.bin", b"sentinel-content".to_vec());
    let stored = fixture.store(vec![path.clone()], "sentinel-context").await;
    assert_eq!(stored[0].state, TransferState::Done, "{stored:?}");
    let file = fixture.file_named(&path);
    fixture.saved(&file).await.unwrap();
    let values = [
        ("username".to_owned(), SecretString::from("sentinel-user")),
        (
            "password".to_owned(),
            SecretString::from("sentinel-password"),
        ),
    ];
    let operation = "profile.authenticate";
    fixture
        .vault
        .call_operation(operation, &values)
        .await
        .unwrap();
    let unknown = [("token".to_owned(), SecretString::from("sentinel-token"))];
    // Whether such a token is refused at once differs between services.
    let _ = fixture
        .vault
        .call_operation("data-token.delete", &unknown)
        .await;

    let (target, _) = fixture.write("activity.jsonl", b"before".to_vec());
    let kept = fixture.vault.export_activity(&target, Existing::Keep).await;
    assert_eq!(kept.unwrap_err().explain().code, Code::TargetExists);
    let written = fixture
        .vault
        .export_activity(&target, Existing::Replace)
        .await;
    let text = fs::read_to_string(&target).unwrap();
    assert_eq!(text.lines().count(), written.unwrap());
    for planted in [
        PLANTED,
        file.token.reveal(),
        target.to_str().unwrap(),
        "/tmp",
    ] {
        assert!(!text.contains(planted), "{planted}: {text}");
    }
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for operation in ["data-token.reserve", operation, "data-token.request"] {
        let is_it = |line: &&Value| line["operation"].as_str().unwrap().starts_with(operation);
        let line = lines.iter().find(is_it);
        let line = line.unwrap_or_else(|| panic!("{operation} is there: {text}"));
        assert_eq!(line["format"], "privicore-activity-v1");
        assert_eq!(line["steps"][0]["state"], "sent");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&target).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

async fn figures_count_what_was_stored_and_asked_for(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let (path, _) = fixture.write("a.txt", b"counted".to_vec());
    fixture.store(vec![path.clone()], "").await;
    let receipt = fixture.file_named(&path).receipt.clone().unwrap();
    let figures = fixture.vault.statistics().await.unwrap();
    let files: u64 = figures.days.iter().map(|day| day.files).sum();
    let bytes: u64 = figures.days.iter().map(|day| day.bytes).sum();
    assert_eq!((files, bytes), (1, receipt.stored_size));
    assert!(figures.outcomes[&ActivityOutcome::Done] > 0);
    assert!(figures.groups["data-token"] > 0);
    assert!(figures.service_error.is_none(), "{figures:?}");
    let counts = figures.service.expect("this service counts");
    assert!(counts.values().sum::<u64>() > 0, "{counts:?}");
}

/// Everything, the newest first.
fn all(fixture: &TestVault) -> Vec<ActivityEntry> {
    let query = ActivityQuery {
        limit: 2_000,
        ..ActivityQuery::default()
    };
    fixture.vault.activity(&query).unwrap().entries
}

fn last(fixture: &TestVault, operation: &str) -> ActivityEntry {
    let entries = all(fixture);
    let found = entries.iter().find(|entry| entry.operation == operation);
    found
        .unwrap_or_else(|| panic!("{operation} is there: {entries:?}"))
        .clone()
}

async fn requested(fixture: &TestVault) -> String {
    let requested = fixture.vault.request_device("Attic").await.unwrap();
    requested.expect("the service names it")
}

/// A house in which one phone has to allow what is stored.
async fn gated(dialect: Dialect) -> TestVault {
    let fixture = TestVault::signed_up(dialect).await;
    let username = TestVault::right_credentials().username;
    let control = fixture.sandbox().control();
    control.pair_phone(&username, "phone").await.unwrap();
    let configuration = VotingConfiguration {
        name: "phone".into(),
        time_limit: Duration::from_mins(5),
        counting: Counting::Unanimous,
        devices: Vec::new(),
    };
    let saved = fixture.vault.save_voting_configuration(configuration);
    saved.await.unwrap();
    let policy = NewPolicy {
        name: "storing".into(),
        template: "data".into(),
        events: vec!["data_token.data_exchanged".into()],
        configuration: "phone".into(),
        reason: String::new(),
    };
    let id = fixture
        .vault
        .register_policy(policy)
        .await
        .unwrap()
        .unwrap();
    let activated = fixture.vault.change_policy(&id, PolicyChange::Activate);
    activated.await.unwrap();
    fixture
}

async fn cast(fixture: &TestVault, vote: Vote) {
    let control = fixture.sandbox().control();
    let username = TestVault::right_credentials().username;
    let asked = control.list_ballots(&username).await.unwrap().remove(0);
    let cast = control.cast(&asked.poll_id, &asked.device_identifier, vote);
    assert!(cast.await.unwrap(), "the ballot is open");
}
