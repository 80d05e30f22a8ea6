//! A directory from the first person to the last pool, in each dialect of the service.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use privicore_sandbox::{Dialect, Fault, Verdict};
use privicore_tests::test_vault::TestVault;
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{
    Code, Connection, Credentials, DeviceChange, DeviceState, Directories, DirectoryChange, Error,
    Membership, NewPerson, OpenDirectory, Person, SessionError, Vault, VotingPool,
};
use tempfile::TempDir;

const REGISTER: &str = "directory/register";
const BOB: &str = "bob@example.com";
const GRACE: &str = "grace@example.com";
const PASSWORD: &str = "the password of the second";

in_each_dialect!(
    a_directory_is_made_and_listed,
    a_second_profile_is_invited_and_joins,
    an_invitation_is_declined,
    a_person_is_made_renamed_and_gets_another_password,
    the_devices_of_people_are_listed_and_made_to_store,
    a_pool_is_made_of_people,
    the_metadata_of_a_directory_is_replaced_as_a_whole,
    a_directory_of_somebody_else_is_not_told_and_not_changed,
    a_member_sees_the_directory_and_only_themselves,
    a_short_name_that_is_taken_is_named,
    a_directory_held_for_a_vote_waits_for_its_end,
    a_directory_without_an_outcome_is_not_confirmed,
    without_a_profile_there_are_no_directories,
);

async fn a_directory_is_made_and_listed(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let none = Directories {
        owned: Some(vec![]),
        assigned: Some(vec![]),
        invitations: Some(vec![]),
    };
    assert_eq!(fixture.vault.directories().await.unwrap(), none);
    let id = made(&fixture).await;
    let owned = fixture.vault.directories().await.unwrap().owned.unwrap();
    assert_eq!(owned.len(), 1);
    assert_eq!(owned[0].name.as_deref(), Some("Engines & Co."));
    assert_eq!(owned[0].short_name.as_deref(), Some("engines"));
    assert!(owned[0].created_at.is_some());
    let opened = opened(&fixture.vault, &id).await;
    assert_eq!(opened.directory, owned[0]);
    assert_eq!(opened.people, Some(vec![]));
    assert_eq!(opened.devices, Some(vec![]));
    assert_eq!(opened.pools, Some(vec![]));
    assert_eq!(opened.own, None);
    assert_eq!(opened.meta, "{}");
}

async fn a_second_profile_is_invited_and_joins(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = made(&fixture).await;
    let bob = Second::signed_up(&fixture).await;
    invite(&fixture, &id, &bob).await;
    assert_eq!(
        person(&fixture, &id, &bob.id).await.membership,
        Membership::Invited
    );
    let invitations = bob.vault.directories().await.unwrap().invitations.unwrap();
    assert_eq!(invitations.len(), 1);
    assert_eq!(invitations[0].directory, id);
    assert_eq!(invitations[0].name.as_deref(), Some("Engines & Co."));
    assert!(invitations[0].invited_at.is_some());
    bob.vault.answer_invitation(&id, true).await.unwrap();
    let after = bob.vault.directories().await.unwrap();
    assert_eq!(after.invitations, Some(vec![]));
    assert_eq!(after.assigned.unwrap()[0].id, id);
    let joined = person(&fixture, &id, &bob.id).await;
    assert_eq!(joined.membership, Membership::Member);
    assert_eq!(joined.username.as_deref(), Some(BOB));
    assert_eq!(joined.devices, Some(3));
    assert_eq!(joined.storage_devices, Some(3));
    let again = change(
        &fixture,
        &id,
        DirectoryChange::Invite {
            person: bob.id.clone(),
        },
    )
    .await;
    let told = again.unwrap_err().explain();
    assert!(
        told.message.contains("directory.already_a_member"),
        "{told:?}"
    );
}

async fn an_invitation_is_declined(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = made(&fixture).await;
    let bob = Second::signed_up(&fixture).await;
    invite(&fixture, &id, &bob).await;
    bob.vault.answer_invitation(&id, false).await.unwrap();
    let after = bob.vault.directories().await.unwrap();
    assert_eq!(after.invitations, Some(vec![]));
    assert_eq!(after.assigned, Some(vec![]));
    assert_eq!(opened(&fixture.vault, &id).await.people, Some(vec![]));
    let late = bob.vault.answer_invitation(&id, true).await;
    assert_eq!(late.unwrap_err().explain().code, Code::Rejected);
}

async fn a_person_is_made_renamed_and_gets_another_password(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = made(&fixture).await;
    let grace = grace(&fixture, &id).await;
    assert_eq!(grace.username.as_deref(), Some(GRACE));
    assert_eq!(grace.given_name.as_deref(), Some("Grace"));
    let renamed = DirectoryChange::Rename {
        person: grace.id.clone(),
        given_name: None,
        family_name: Some("Murray".into()),
    };
    change(&fixture, &id, renamed).await.unwrap();
    let after = person(&fixture, &id, &grace.id).await;
    assert_eq!(after.given_name.as_deref(), Some("Grace"));
    assert_eq!(after.family_name.as_deref(), Some("Murray"));
    let another = DirectoryChange::SetPassword {
        person: grace.id.clone(),
        password: "set by the directory".into(),
    };
    change(&fixture, &id, another).await.unwrap();
    let (vault, _dir) = connected(&fixture).await;
    let before = vault.sign_in(credentials(GRACE, PASSWORD), Some(TestVault::passphrase()));
    assert!(matches!(
        before.await,
        Err(Error::Session(SessionError::WrongPassword))
    ));
    let now = credentials(GRACE, "set by the directory");
    vault
        .sign_in(now, Some(TestVault::passphrase()))
        .await
        .unwrap();
    assert_eq!(vault.account().await.unwrap().profile_id, grace.id);
}

async fn the_devices_of_people_are_listed_and_made_to_store(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = made(&fixture).await;
    let bob = Second::signed_up(&fixture).await;
    invite(&fixture, &id, &bob).await;
    let requested = bob.vault.request_device("Phone of Bob").await;
    let device = requested.unwrap().unwrap();
    assert_eq!(opened(&fixture.vault, &id).await.devices, Some(vec![]));
    bob.vault.answer_invitation(&id, true).await.unwrap();
    let phone = found(&fixture, &id, &device).await;
    assert_eq!(phone.name.as_deref(), Some("Phone of Bob"));
    assert_eq!(phone.state, DeviceState::Requested);
    assert_eq!(phone.person.as_deref(), Some(bob.id.as_str()));
    let approved = bob.vault.change_device(&device, DeviceChange::Approve);
    approved.await.unwrap();
    let store = DirectoryChange::AddStorage {
        person: bob.id.clone(),
        device: device.clone(),
    };
    change(&fixture, &id, store.clone()).await.unwrap();
    assert_eq!(
        person(&fixture, &id, &bob.id).await.storage_devices,
        Some(4)
    );
    let twice = change(&fixture, &id, store).await.unwrap_err().explain();
    assert!(twice.message.contains("already_registered"), "{twice:?}");
    let made = DirectoryChange::AddDevice {
        person: bob.id.clone(),
        name: "Made by the directory".into(),
    };
    change(&fixture, &id, made).await.unwrap();
    let devices = bob.vault.devices().await.unwrap();
    let made = devices
        .iter()
        .find(|device| device.name.as_deref() == Some("Made by the directory"));
    assert_eq!(made.unwrap().state, DeviceState::Approved);
}

async fn a_pool_is_made_of_people(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = made(&fixture).await;
    let grace = grace(&fixture, &id).await;
    let pool = VotingPool {
        name: "Board".into(),
        people: vec![grace.id],
    };
    let add = DirectoryChange::AddPool(pool.clone());
    change(&fixture, &id, add.clone()).await.unwrap();
    assert_eq!(opened(&fixture.vault, &id).await.pools, Some(vec![pool]));
    let taken = change(&fixture, &id, add).await.unwrap_err().explain();
    assert_eq!(taken.code, Code::Conflict);
    let stranger = VotingPool {
        name: "Others".into(),
        people: vec!["nobody".into()],
    };
    let refused = change(&fixture, &id, DirectoryChange::AddPool(stranger)).await;
    let told = refused.unwrap_err().explain();
    assert!(told.message.contains("directory.not_a_member"), "{told:?}");
}

async fn the_metadata_of_a_directory_is_replaced_as_a_whole(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = made(&fixture).await;
    for (meta, key) in [("{\"floor\":[1,2]}", "floor"), ("{\"b\":null}", "b")] {
        let store = DirectoryChange::StoreMeta { meta: meta.into() };
        change(&fixture, &id, store).await.unwrap();
        let kept = opened(&fixture.vault, &id).await.meta;
        let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
        let keys: Vec<_> = kept.as_object().unwrap().keys().collect();
        assert_eq!(keys, [key]);
    }
    let text = DirectoryChange::StoreMeta {
        meta: "no object".into(),
    };
    let refused = change(&fixture, &id, text).await;
    assert!(matches!(refused, Err(Error::Call(_))));
}

async fn a_directory_of_somebody_else_is_not_told_and_not_changed(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = made(&fixture).await;
    let bob = Second::signed_up(&fixture).await;
    let unseen = bob.vault.directory(&id).await;
    assert_eq!(unseen.unwrap_err().explain().code, Code::NotFound);
    let invite = DirectoryChange::Invite {
        person: bob.id.clone(),
    };
    let pool = DirectoryChange::AddPool(VotingPool {
        name: "mine".into(),
        people: vec![],
    });
    for wanted in [
        invite,
        pool,
        DirectoryChange::StoreMeta { meta: "{}".into() },
    ] {
        let refused = bob.vault.change_directory(&id, wanted).await;
        let told = refused.unwrap_err().explain();
        assert_eq!(told.code, Code::Rejected);
        assert!(told.message.contains("directory.not_an_owner"), "{told:?}");
    }
}

async fn a_member_sees_the_directory_and_only_themselves(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = made(&fixture).await;
    let bob = Second::signed_up(&fixture).await;
    invite(&fixture, &id, &bob).await;
    bob.vault.answer_invitation(&id, true).await.unwrap();
    let seen = opened(&bob.vault, &id).await;
    assert_eq!(seen.directory.name.as_deref(), Some("Engines & Co."));
    assert_eq!((seen.people, seen.devices, seen.pools), (None, None, None));
    let own = seen.own.unwrap();
    assert_eq!((own.id, own.membership), (bob.id, Membership::Member));
}

async fn a_short_name_that_is_taken_is_named(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    made(&fixture).await;
    let second = fixture.vault.make_directory("Others", "engines").await;
    assert_eq!(second.unwrap_err().explain().code, Code::Conflict);
}

async fn a_directory_held_for_a_vote_waits_for_its_end(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let control = fixture.sandbox().control();
    control.faults().plan(REGISTER, Fault::HeldForVote, 1);
    let vault = fixture.vault.clone();
    let waiting = tokio::spawn(async move { vault.make_directory("Held", "held").await });
    wait_until("the directory is held", async || {
        !control.list_held().await.unwrap().is_empty()
    })
    .await;
    assert!(!waiting.is_finished());
    let before = fixture.vault.directories().await.unwrap();
    assert_eq!(before.owned, Some(vec![]));
    control.release_all(Verdict::Approve).await.unwrap();
    waiting.await.unwrap().unwrap();
    let after = fixture.vault.directories().await.unwrap();
    assert_eq!(after.owned.unwrap().len(), 1);
}

/// The answer to the request is lost: no id, so nothing to ask about.
async fn a_directory_without_an_outcome_is_not_confirmed(dialect: Dialect) {
    let fixture = TestVault::with_short_limits(dialect).await;
    let control = fixture.sandbox().control();
    control.faults().plan(REGISTER, Fault::AnswerLost, 1);
    let unclear = fixture.vault.make_directory("Unclear", "unclear").await;
    assert!(unclear.unwrap_err().is_not_confirmed());
    wait_until("the list shows what became of it", async || {
        let all = fixture.vault.directories().await.unwrap();
        all.owned.is_some_and(|owned| owned.len() == 1)
    })
    .await;
}

async fn without_a_profile_there_are_no_directories(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = made(&fixture).await;
    fixture.vault.sign_out().await.unwrap();
    let all = fixture.vault.directories().await;
    assert!(matches!(all, Err(Error::Session(SessionError::SignedOut))));
    let one = fixture.vault.directory(&id).await;
    assert!(matches!(one, Err(Error::Session(SessionError::SignedOut))));
    let second = fixture.vault.make_directory("x", "x").await;
    assert!(matches!(
        second,
        Err(Error::Session(SessionError::SignedOut))
    ));
    let invited = change(
        &fixture,
        &id,
        DirectoryChange::Invite { person: "x".into() },
    )
    .await;
    assert!(matches!(
        invited,
        Err(Error::Session(SessionError::SignedOut))
    ));
}

/// A second person at a machine of their own, with the same service.
struct Second {
    vault: Vault,
    id: String,
    _dir: TempDir,
}

impl Second {
    async fn signed_up(fixture: &TestVault) -> Self {
        let (vault, dir) = connected(fixture).await;
        let new = credentials(BOB, PASSWORD);
        vault
            .sign_up(new, Some(TestVault::passphrase()))
            .await
            .unwrap();
        let id = vault.account().await.unwrap().profile_id;
        Self {
            vault,
            id,
            _dir: dir,
        }
    }
}

/// A vault of its own, with nobody signed in.
async fn connected(fixture: &TestVault) -> (Vault, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let vault = TestVault::open(dir.path()).await;
    let service = Connection::Service(fixture.addresses());
    vault.connect(service).await.unwrap();
    (vault, dir)
}

fn credentials(username: &str, password: &str) -> Credentials {
    Credentials {
        username: username.into(),
        password: password.into(),
    }
}

async fn made(fixture: &TestVault) -> String {
    let vault = &fixture.vault;
    let made = vault.make_directory(" Engines & Co. ", " engines ").await;
    made.unwrap();
    let owned = vault.directories().await.unwrap().owned.unwrap();
    owned[0].id.clone()
}

async fn change(fixture: &TestVault, id: &str, change: DirectoryChange) -> Result<(), Error> {
    fixture.vault.change_directory(id, change).await
}

async fn invite(fixture: &TestVault, id: &str, second: &Second) {
    let invite = DirectoryChange::Invite {
        person: second.id.clone(),
    };
    change(fixture, id, invite).await.unwrap();
}

async fn grace(fixture: &TestVault, id: &str) -> Person {
    let grace = DirectoryChange::AddPerson(NewPerson {
        username: GRACE.into(),
        password: PASSWORD.into(),
        given_name: "Grace".into(),
        family_name: "Hopper".into(),
    });
    change(fixture, id, grace).await.unwrap();
    opened(&fixture.vault, id).await.people.unwrap().remove(0)
}

async fn opened(vault: &Vault, id: &str) -> OpenDirectory {
    vault.directory(id).await.unwrap()
}

async fn person(fixture: &TestVault, id: &str, person: &str) -> Person {
    let people = opened(&fixture.vault, id).await.people.unwrap();
    let found = people.into_iter().find(|one| one.id == person);
    found.unwrap()
}

async fn found(fixture: &TestVault, id: &str, device: &str) -> privicore_vault::DirectoryDevice {
    let devices = opened(&fixture.vault, id).await.devices.unwrap();
    let found = devices.into_iter().find(|one| one.id == device);
    found.unwrap()
}
