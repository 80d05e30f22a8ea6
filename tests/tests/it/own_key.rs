//! The profile's public key at the service: a key that cannot be read is not replaced.

use privicore_sandbox::Dialect;
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_vault::{Code, Event, PinnedKey, Stage, TransferState};

const REGISTER: &str = "public-key/register-public-key";

#[tokio::test(flavor = "multi_thread")]
async fn a_registered_key_that_cannot_be_read_is_not_replaced() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let (path, bytes) = fixture.write("kept.bin", random_bytes(2_000));
    fixture.store(vec![path.clone()], "").await;
    let control = fixture.sandbox().control();
    let registered = control.calls(REGISTER);
    let mut events = fixture.vault.events();
    for (status, body) in [
        (200, r#"{"publicKey":"31420500abc"}"#),
        (200, r#"{"publicKey":"a new form of keys"}"#),
        (200, r#"{"publicKey":{"curve25519":"00"}}"#),
        (200, "{}"),
        (200, "[]"),
        (200, "<html>maintenance</html>"),
        (204, ""),
    ] {
        fixture.vault.sign_out().await.unwrap();
        fixture.liar().lies().own_key = Some((status, body.to_owned()));
        fixture.sign_in().await.unwrap();
        assert_eq!(control.calls(REGISTER), registered, "{status} {body}");
        assert!(told(&mut events, Code::KeyNotTold), "{status} {body}");
        assert_eq!(fixture.vault.status().stage, Stage::SignedIn);
        // What is stored can be had; nothing is stored, because a remembered key cannot be compared.
        assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == bytes);
        let (late, _) = fixture.write("late.bin", random_bytes(500));
        let stopped = fixture.store(vec![late], "").await.remove(0);
        assert_eq!(stopped.state, TransferState::Failed, "{status} {body}");
        assert_eq!(stopped.error.unwrap().code, Code::KeyNotTold);
        fixture.liar().repent();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_registered_where_the_service_says_that_there_is_none() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let control = fixture.sandbox().control();
    for (status, body) in [
        (404, "{}"),
        (200, "null"),
        (200, r#"{"publicKey":null}"#),
        (200, r#"{"publicKey":""}"#),
    ] {
        fixture.vault.sign_out().await.unwrap();
        let registered = control.calls(REGISTER);
        fixture.liar().lies().own_key = Some((status, body.to_owned()));
        fixture.sign_in().await.unwrap();
        assert_eq!(control.calls(REGISTER), registered + 1, "{status} {body}");
        fixture.liar().repent();
    }
}

/// The key that is remembered belongs to another computer: absence is not deletion.
#[tokio::test(flavor = "multi_thread")]
async fn a_remembered_key_of_another_computer_is_not_replaced_when_the_service_shows_none() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let dir = tempfile::tempdir().unwrap();
    let second = TestVault::open(dir.path()).await;
    let service = privicore_vault::Connection::Service(fixture.addresses());
    second.connect(service).await.unwrap();
    let (who, passphrase) = (
        TestVault::right_credentials(),
        Some(TestVault::passphrase()),
    );
    second.sign_in_with_new_keys(who, passphrase).await.unwrap();
    second.shut_down().await;
    fixture.vault.sign_out().await.unwrap();
    fixture.sign_in().await.unwrap();
    let alarms = fixture.vault.pin_alarms().unwrap();
    let seen = alarms[0].seen.clone();
    fixture
        .vault
        .accept_key(PinnedKey::Profile, &seen)
        .await
        .unwrap();
    fixture.vault.sign_out().await.unwrap();
    let registered = fixture.sandbox().control().calls(REGISTER);
    let mut events = fixture.vault.events();
    fixture.liar().lies().own_key = Some((404, "{}".to_owned()));
    fixture.sign_in().await.unwrap();
    assert_eq!(fixture.sandbox().control().calls(REGISTER), registered);
    assert!(told(&mut events, Code::KeyNotTold));
}

/// Whether a notice of this code was told by now.
fn told(events: &mut tokio::sync::broadcast::Receiver<Event>, code: Code) -> bool {
    std::iter::from_fn(|| events.try_recv().ok())
        .any(|event| matches!(event, Event::Notice(notice) if notice.code == code))
}
