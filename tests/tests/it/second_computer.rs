//! A second computer, or a second process that signs in: no keys are made beside those there are.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;

use privicore_sandbox::{Dialect, Fault};
use privicore_tests::test_vault::{Record, TestVault, random_bytes};
use privicore_vault::{AccountError, Connection, Error, KeysError, ProtectionError, Stage, Vault};

use super::keys_kept::{AUTHENTICATE, OWN_KEY, REVOKE, credentials, sign_in};

#[tokio::test(flavor = "multi_thread")]
async fn on_a_second_computer_no_keys_are_made_before_somebody_chose_to() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let path = fixture.write("kept.bin", random_bytes(2_000)).0;
    fixture.store(vec![path.clone()], "tests").await;
    let before = fixture.vault.pins().unwrap();
    let (dir, second) = second_computer(&fixture).await;
    let told = house_sign_in(&second).await.unwrap_err();
    assert!(
        matches!(told, Error::Keys(KeysError::Elsewhere)),
        "{told:?}"
    );
    assert_eq!(second.status().stage, Stage::SignedOut);
    assert!(!dir.path().join("profiles").exists());
    // Not told is not none, as long as there are files.
    let control = fixture.sandbox().control();
    control.faults().plan(OWN_KEY, Fault::InternalError, 100);
    let told = house_sign_in(&second).await.unwrap_err();
    assert!(
        matches!(told, Error::Keys(KeysError::Elsewhere)),
        "{told:?}"
    );
    control.faults().clear();
    assert_eq!(fixture.vault.pins().unwrap(), before);
    let (dir, third) = second_computer(&fixture).await;
    sign_in(&third, true).await.unwrap();
    third.refresh().await.unwrap();
    third.sign_out().await.unwrap();
    // They are here now.
    house_sign_in(&third).await.unwrap();
    third.shut_down().await;
    second.shut_down().await;
    drop(dir);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kit_restores_the_keys_where_new_ones_were_not_wanted() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let path = fixture.write("kept.bin", random_bytes(2_000)).0;
    fixture.store(vec![path.clone()], "tests").await;
    let kit = fixture
        .vault
        .save_recovery_kit(&fixture.originals())
        .await
        .unwrap();
    let (_dir, second) = second_computer(&fixture).await;
    let told = house_sign_in(&second).await.unwrap_err();
    assert!(
        matches!(told, Error::Keys(KeysError::Elsewhere)),
        "{told:?}"
    );
    let kit = privicore_vault::Kit::read(&kit.text).unwrap();
    let restored = second.restore(
        &kit,
        TestVault::right_credentials(),
        Some(TestVault::passphrase()),
    );
    restored.await.unwrap();
    second.refresh().await.unwrap();
    assert_eq!(second.status().stage, Stage::SignedIn);
    second.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_is_refused_leaves_no_session_at_the_service() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    fixture.vault.sign_out().await.unwrap();
    let (_dir, second) = second_computer(&fixture).await;
    let control = fixture.sandbox().control();
    let who = TestVault::right_credentials;
    let guess = Some("not the passphrase of this house".into());
    let calls = || (control.calls(AUTHENTICATE), control.calls(REVOKE));
    let before = calls();
    let refused = [
        fixture.vault.sign_in(who(), guess).await,
        second.sign_in(who(), Some(TestVault::passphrase())).await,
        second
            .sign_in_with_new_keys(who(), Some("abc".into()))
            .await,
    ];
    assert!(matches!(
        refused,
        [
            Err(Error::Protection(ProtectionError::WrongPassphrase)),
            Err(Error::Keys(KeysError::Elsewhere)),
            Err(Error::Protection(ProtectionError::WeakPassphrase { .. })),
        ]
    ));
    assert_eq!(calls(), (before.0 + 3, before.1 + 3));
    second.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_comes_too_late_leaves_the_session_of_the_other_process() {
    let mut fixture = TestVault::signed_up(Dialect::Observed).await;
    fixture.vault.sign_out().await.unwrap();
    let other = TestVault::open(&fixture.data_dir()).await;
    let (first, late) = tokio::join!(house_sign_in(&fixture.vault), house_sign_in(&other));
    assert_ne!(first.is_ok(), late.is_ok(), "{first:?} {late:?}");
    other.shut_down().await;
    fixture.restart().await;
    assert_eq!(fixture.count(Record::Session), 1);
    if fixture.vault.status().stage == Stage::Locked {
        let passphrase = Some(TestVault::passphrase());
        fixture.vault.unlock(passphrase).await.unwrap();
    }
    assert_eq!(fixture.vault.status().stage, Stage::SignedIn);
    // The service knows the session, too.
    fixture.vault.refresh().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_profiles_that_are_made_at_once_the_later_one_can_be_signed_in_to_afterwards() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    fixture.vault.sign_out().await.unwrap();
    let other = TestVault::open(&fixture.data_dir()).await;
    let passphrase = || Some(TestVault::passphrase());
    let (first, second) = tokio::join!(
        fixture.vault.sign_up(credentials("eve"), passphrase()),
        other.sign_up(credentials("bob"), passphrase())
    );
    let (winner, told) = match (first, second) {
        (Ok(()), Err(told)) => (&fixture.vault, told),
        (Err(told), Ok(())) => (&other, told),
        both => panic!("{both:?}"),
    };
    let Error::Account(AccountError::MadeAndNotSignedIn { user_name }) = told else {
        panic!("{told:?}");
    };
    let settings = fs::read(fixture.data_dir().join("settings.json")).unwrap();
    let settings: serde_json::Value = serde_json::from_slice(&settings).unwrap();
    assert_eq!(settings["profiles"].as_array().unwrap().len(), 3);
    winner.sign_out().await.unwrap();
    let later = winner.sign_in(credentials(&user_name), passphrase());
    later.await.unwrap();
    other.shut_down().await;
}

async fn second_computer(fixture: &TestVault) -> (tempfile::TempDir, Vault) {
    let dir = tempfile::tempdir().unwrap();
    let vault = TestVault::open(dir.path()).await;
    vault
        .connect(Connection::Service(fixture.addresses()))
        .await
        .unwrap();
    (dir, vault)
}

async fn house_sign_in(vault: &Vault) -> Result<(), Error> {
    sign_in(vault, false).await
}
