//! What protects the keys on the disk: passphrase, generations of the key file, the keyring.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use privicore_sandbox::Dialect;
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_vault::{Code, Error, KeyProtection, KeysError, LockReason, ProtectionError};
use secrecy::SecretString;

use super::lock::unlock;

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_passphrase_is_the_only_one() {
    let mut fixture = TestVault::retrying(Dialect::Observed).await;
    let new = || SecretString::from("a new and better one");
    let vault = &fixture.vault;
    let change =
        async |old: &str, new: SecretString| vault.change_passphrase(old.into(), new).await;
    assert!(matches!(
        change("a guess", new()).await,
        Err(Error::Protection(ProtectionError::WrongPassphrase))
    ));
    let right = "correct horse battery staple";
    assert!(matches!(
        change(right, "".into()).await,
        Err(Error::Protection(ProtectionError::EmptyPassphrase))
    ));
    change(right, new()).await.unwrap();
    assert_eq!(vault.key_protection().unwrap(), KeyProtection::Passphrase);
    fixture.restart().await;
    let vault = &fixture.vault;
    let old = vault.unlock(Some(TestVault::passphrase())).await;
    assert!(matches!(
        old,
        Err(Error::Protection(ProtectionError::WrongPassphrase))
    ));
    let previous = vault
        .restore_previous_keys(Some(TestVault::passphrase()))
        .await;
    assert!(matches!(
        previous,
        Err(Error::Protection(ProtectionError::WrongPassphrase))
    ));
    vault.unlock(Some(new())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_key_file_gives_way_to_the_generation_before() {
    let mut fixture = TestVault::retrying(Dialect::Observed).await;
    let (path, bytes) = fixture.write("a.bin", random_bytes(1000));
    fixture.store(vec![path.clone()], "").await;
    for damage in [flip_last_byte as fn(&Path), cut_to_nothing, remove] {
        fixture.vault.shut_down().await;
        damage(&key_file(&fixture));
        fixture.restart().await;
        let vault = &fixture.vault;
        let told = vault
            .unlock(Some(TestVault::passphrase()))
            .await
            .unwrap_err();
        assert_eq!(told.explain().code, Code::KeyFileDamaged);
        assert!(vault.has_previous_keys());
        let wrong = vault.restore_previous_keys(Some("a guess".into())).await;
        assert!(matches!(
            wrong,
            Err(Error::Protection(ProtectionError::WrongPassphrase))
        ));
        let restored = vault
            .restore_previous_keys(Some(TestVault::passphrase()))
            .await;
        restored.unwrap();
        assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_file_that_opens_does_not_give_way_to_the_generation_before() {
    let mut fixture = TestVault::retrying(Dialect::Observed).await;
    let passphrase = || Some(TestVault::passphrase());
    let made = fixture
        .vault
        .generate_shared_key("team", passphrase())
        .await;
    made.unwrap();
    let before = fs::read(key_file(&fixture)).unwrap();
    fixture.restart().await;
    let vault = &fixture.vault;
    assert!(vault.has_previous_keys());
    let refused = vault.restore_previous_keys(passphrase()).await;
    assert!(
        matches!(refused, Err(Error::Keys(KeysError::NotDamaged))),
        "{refused:?}"
    );
    assert!(fs::read(key_file(&fixture)).unwrap() == before);
    vault.unlock(passphrase()).await.unwrap();
    let keys = vault.shared_keys().await.unwrap();
    assert!(keys.iter().any(|key| key.name == "team"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_key_file_is_not_taken_for_a_new_profile() {
    let fixture = TestVault::retrying(Dialect::Observed).await;
    fixture.vault.sign_out().await.unwrap();
    fs::remove_file(key_file(&fixture)).unwrap();
    let told = fixture.sign_in().await.unwrap_err();
    assert_eq!(told.explain().code, Code::KeyFileDamaged);
    let previous = key_file(&fixture).with_extension("age.previous");
    assert!(
        previous.is_file(),
        "what is left of the keys was not replaced"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_the_keys_stay_where_they_are() {
    let fixture = TestVault::retrying(Dialect::Observed).await;
    let moved = fixture
        .vault
        .protect_with_keyring(TestVault::passphrase())
        .await;
    assert!(matches!(
        moved,
        Err(Error::Protection(ProtectionError::Keyring(_)))
    ));
    let again = fixture.vault.protect_with_passphrase("x".into()).await;
    assert!(matches!(
        again,
        Err(Error::Protection(ProtectionError::ProtectedOtherwise))
    ));
    fixture.vault.lock(LockReason::Asked);
    unlock(&fixture).await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_changes_the_key_protection_and_restores_the_copy() {
    use privicore_tests::command_line::{Person, SandboxProcess, complaint};
    const NEW: &str = "a new and better one";
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    ada.does(&["sign-up", "ada"]).await.unwrap();
    assert_eq!(ada.does(&["lock"]).await.unwrap()[0]["locked"], false);
    let mut change = ada.privicore(&["keys", "passphrase"]).unwrap();
    change.env("PRIVICORE_NEW_PASSPHRASE", NEW);
    assert!(change.status().await.unwrap().success());
    let (code, told) = ada.fails(&["unlock"]).await.unwrap();
    assert_eq!((code, &told["error"]), (3, &"wrong_passphrase".into()));
    let with_new = |arguments: &[&str]| {
        let mut command = ada.privicore(arguments).unwrap();
        command.env("PRIVICORE_PASSPHRASE", NEW);
        command
    };
    assert!(with_new(&["unlock"]).status().await.unwrap().success());
    let keyring = with_new(&["keys", "protect", "--keyring"]);
    let (code, told) = complaint(keyring).await.unwrap();
    assert_eq!((code, &told["error"]), (3, &"keyring".into()));

    let profiles = fs::read_dir(ada.data_dir().join("profiles")).unwrap();
    let key_file = profiles.flatten().next().unwrap().path().join("keys.age");
    flip_last_byte(&key_file);
    let (code, told) = complaint(with_new(&["ls"])).await.unwrap();
    assert_eq!((code, &told["error"]), (1, &"key_file_damaged".into()));
    let restored = with_new(&["unlock", "--previous"]).status().await;
    assert!(restored.unwrap().success());
    assert!(with_new(&["ls"]).status().await.unwrap().success());
    assert!(key_file.with_extension("age.damaged").is_file());
}

fn key_file(fixture: &TestVault) -> PathBuf {
    let profiles = fs::read_dir(fixture.data_dir().join("profiles")).unwrap();
    let profile = profiles.flatten().next().unwrap().path();
    profile.join("keys.age")
}

fn flip_last_byte(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(path, bytes).unwrap();
}

fn cut_to_nothing(path: &Path) {
    fs::write(path, b"").unwrap();
}

fn remove(path: &Path) {
    fs::remove_file(path).unwrap();
}
