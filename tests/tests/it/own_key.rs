//! The profile's public key at the service: a key that cannot be read is not replaced.

use privicore_sandbox::Dialect;
use privicore_tests::house::{House, random_bytes};
use privicore_vault::{Code, Event, PinnedKey, Stage, TransferState};

const REGISTER: &str = "public-key/register-public-key";

#[tokio::test(flavor = "multi_thread")]
async fn a_registered_key_that_cannot_be_read_is_not_replaced() {
    let house = House::lied_to(Dialect::Observed).await;
    let (path, bytes) = house.write("kept.bin", random_bytes(2_000));
    house.store(vec![path.clone()], "").await;
    let control = house.sandbox().control();
    let registered = control.calls(REGISTER);
    let mut events = house.vault.events();
    for (status, body) in [
        (200, r#"{"publicKey":"31420500abc"}"#),
        (200, r#"{"publicKey":"a new form of keys"}"#),
        (200, r#"{"publicKey":{"curve25519":"00"}}"#),
        (200, "{}"),
        (200, "[]"),
        (200, "<html>maintenance</html>"),
        (204, ""),
    ] {
        house.vault.sign_out().await.unwrap();
        house.liar().lies().own_key = Some((status, body.to_owned()));
        house.sign_in().await.unwrap();
        assert_eq!(control.calls(REGISTER), registered, "{status} {body}");
        assert!(told(&mut events, Code::KeyNotTold), "{status} {body}");
        assert_eq!(house.vault.status().stage, Stage::SignedIn);
        // What is stored can be had; nothing is stored, because a remembered key cannot be compared.
        assert!(house.saved(&house.file_named(&path)).await.unwrap() == bytes);
        let (late, _) = house.write("late.bin", random_bytes(500));
        let stopped = house.store(vec![late], "").await.remove(0);
        assert_eq!(stopped.state, TransferState::Failed, "{status} {body}");
        assert_eq!(stopped.error.unwrap().code, Code::KeyNotTold);
        house.liar().repent();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_registered_where_the_service_says_that_there_is_none() {
    let house = House::lied_to(Dialect::Observed).await;
    let control = house.sandbox().control();
    for (status, body) in [
        (404, "{}"),
        (200, "null"),
        (200, r#"{"publicKey":null}"#),
        (200, r#"{"publicKey":""}"#),
    ] {
        house.vault.sign_out().await.unwrap();
        let registered = control.calls(REGISTER);
        house.liar().lies().own_key = Some((status, body.to_owned()));
        house.sign_in().await.unwrap();
        assert_eq!(control.calls(REGISTER), registered + 1, "{status} {body}");
        house.liar().repent();
    }
}

/// The key that is remembered belongs to another computer: absence is not deletion.
#[tokio::test(flavor = "multi_thread")]
async fn a_remembered_key_of_another_computer_is_not_replaced_when_the_service_shows_none() {
    let house = House::lied_to(Dialect::Observed).await;
    let dir = tempfile::tempdir().unwrap();
    let second = House::open(dir.path()).await;
    let service = privicore_vault::Connection::Service(house.addresses());
    second.connect(service).await.unwrap();
    let (who, passphrase) = (House::right_credentials(), Some(House::passphrase()));
    second.sign_in_with_new_keys(who, passphrase).await.unwrap();
    second.shut_down().await;
    house.vault.sign_out().await.unwrap();
    house.sign_in().await.unwrap();
    let alarms = house.vault.pin_alarms().unwrap();
    let seen = alarms[0].seen.clone();
    house
        .vault
        .accept_key(PinnedKey::Profile, &seen)
        .await
        .unwrap();
    house.vault.sign_out().await.unwrap();
    let registered = house.sandbox().control().calls(REGISTER);
    let mut events = house.vault.events();
    house.liar().lies().own_key = Some((404, "{}".to_owned()));
    house.sign_in().await.unwrap();
    assert_eq!(house.sandbox().control().calls(REGISTER), registered);
    assert!(told(&mut events, Code::KeyNotTold));
}

/// Whether a notice of this code was told by now.
fn told(events: &mut tokio::sync::broadcast::Receiver<Event>, code: Code) -> bool {
    std::iter::from_fn(|| events.try_recv().ok())
        .any(|event| matches!(event, Event::Notice(notice) if notice.code == code))
}
