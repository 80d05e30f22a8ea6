//! The recovery kit: a machine is lost, and every file and name comes back from what was printed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use privicore_sandbox::Dialect;
use privicore_tests::in_each_dialect;
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_vault::{
    Credentials, Error, FileId, KeysError, Kit, PinnedKey, PrivateKey, RecoveryError,
    RecoveryState, SessionError, Vault,
};
use secrecy::SecretString;

in_each_dialect!(
    the_saved_page_brings_the_whole_profile_to_a_new_machine,
    two_typed_keys_bring_files_and_names_back,
    the_recovery_key_alone_brings_files_back_without_their_names,
);

async fn the_saved_page_brings_the_whole_profile_to_a_new_machine(dialect: Dialect) {
    let mut recovery = RecoveryFixture::set(dialect).await;
    recovery.confirm().await;
    recovery.lose_the_machine().await;
    let kit = Kit::read(&recovery.page).unwrap();
    assert!(kit.has_all_keys());
    recovery.restore(&kit).await.unwrap();
    recovery.everything_is_back().await;
    let state = recovery.fixture.vault.recovery_state().unwrap();
    assert_eq!(state, RecoveryState::Confirmed, "the kit is still good");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_saved_page_names_the_registered_key_as_security_does() {
    let recovery = RecoveryFixture::set(Dialect::Observed).await;
    let page = fs::read_to_string(&recovery.page).unwrap();
    let pins = recovery.fixture.vault.pins().unwrap();
    let seen = |key| &pins.iter().find(|pin| pin.key == key).unwrap().fingerprint;
    let registered = seen(PinnedKey::Profile);
    let line = format!("<tr><td>Registered key</td><td><code>{registered}</code></td></tr>");
    assert!(page.contains(&line), "{line}");
    assert!(!page.contains("Engine key") && !page.contains(seen(PinnedKey::Engine)));
}

async fn two_typed_keys_bring_files_and_names_back(dialect: Dialect) {
    let mut recovery = RecoveryFixture::set(dialect).await;
    recovery.confirm().await;
    recovery.lose_the_machine().await;
    let typed = format!("{}  {}", recovery.recovery_key(), recovery.name_key()).to_lowercase();
    let kit = Kit::parse(&typed.into()).unwrap();
    assert!(!kit.has_all_keys());
    recovery.restore(&kit).await.unwrap();
    recovery.everything_is_back().await;
}

async fn the_recovery_key_alone_brings_files_back_without_their_names(dialect: Dialect) {
    let mut recovery = RecoveryFixture::set(dialect).await;
    recovery.lose_the_machine().await;
    let kit = Kit::parse(&recovery.recovery_key().into()).unwrap();
    assert!(!kit.opens_names());
    recovery.restore(&kit).await.unwrap();
    recovery.fixture.vault.refresh().await.unwrap();
    let files = recovery.fixture.listed();
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|file| file.name != "letter.txt"));
    let mut contents = Vec::new();
    for file in &files {
        contents.push(recovery.fixture.saved(file).await.unwrap().len());
    }
    contents.sort_unstable();
    assert_eq!(contents, [LETTER.len(), LARGE]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_kit_takes_the_recovery_key_off_the_machine() {
    let recovery = RecoveryFixture::set(Dialect::Observed).await;
    let vault = &recovery.fixture.vault;
    assert_eq!(vault.recovery_state().unwrap(), RecoveryState::Unconfirmed);
    recovery.confirm().await;
    assert_eq!(vault.recovery_state().unwrap(), RecoveryState::Confirmed);
    let export = vault.export_key(PrivateKey::Recovery, &recovery.folder.join("recovery.txt"));
    assert!(matches!(
        export,
        Err(Error::Recovery(RecoveryError::KeyNotKept))
    ));
    let again = vault.save_recovery_kit(&recovery.folder).await;
    assert!(matches!(
        again,
        Err(Error::Recovery(RecoveryError::KeyNotKept))
    ));
    assert!(
        recovery
            .fixture
            .saved(&recovery.fixture.file_named("letter.txt".as_ref()))
            .await
            .unwrap()
            == LETTER
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kit_is_not_confirmed_by_something_else() {
    let recovery = RecoveryFixture::set(Dialect::Observed).await;
    let typed = SecretString::from("QQQQQQQQ");
    let refused = recovery
        .fixture
        .vault
        .confirm_recovery_kit(&typed, Some(TestVault::passphrase()))
        .await;
    assert!(matches!(
        refused,
        Err(Error::Recovery(RecoveryError::KitNotConfirmed))
    ));
    assert_eq!(
        recovery.fixture.vault.recovery_state().unwrap(),
        RecoveryState::Unconfirmed
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_recovery_key_asks_for_a_new_kit_and_old_files_still_open() {
    let recovery = RecoveryFixture::set(Dialect::Observed).await;
    recovery.confirm().await;
    let vault = &recovery.fixture.vault;
    let letter = recovery.fixture.file_named("letter.txt".as_ref());
    let of_the_old_kit: Vec<String> = keys_of(vault, letter.id).await;
    vault
        .renew_recovery_key(Some(TestVault::passphrase()))
        .await
        .unwrap();
    assert_eq!(vault.recovery_state().unwrap(), RecoveryState::Unconfirmed);
    let folder = recovery.folder.join("second");
    fs::create_dir(&folder).unwrap();
    let second = vault.save_recovery_kit(&folder).await.unwrap();
    let second = key_in(&second.text, "AGE-SECRET-KEY-1");
    assert_ne!(second, recovery.recovery_key());
    assert!(recovery.fixture.saved(&letter).await.unwrap() == LETTER);
    // Whoever has found the old kit opens nothing that is stored from now on.
    let (path, bytes) = recovery
        .fixture
        .write("after.txt", b"after the renewal".to_vec());
    recovery.fixture.store(vec![path.clone()], "").await;
    let after = recovery.fixture.file_named(&path);
    let opens_it = keys_of(vault, after.id).await;
    assert_eq!(opens_it.len(), of_the_old_kit.len());
    assert!(
        opens_it.iter().all(|key| !of_the_old_kit.contains(key)),
        "{opens_it:?} {of_the_old_kit:?}"
    );
    assert!(recovery.fixture.saved(&after).await.unwrap() == bytes);
}

/// The fingerprints of all keys that open a file.
async fn keys_of(vault: &Vault, file: FileId) -> Vec<String> {
    let openers = vault.openers(file).await.unwrap();
    assert!(!openers.keys.is_empty());
    openers
        .keys
        .into_iter()
        .map(|key| key.fingerprint)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kit_of_another_profile_and_a_machine_that_has_the_keys_are_refused() {
    let mut recovery = RecoveryFixture::set(Dialect::Observed).await;
    let kit = Kit::read(&recovery.page).unwrap();
    recovery.fixture.vault.sign_out().await.unwrap();
    let refused = recovery.restore(&kit).await;
    assert!(matches!(refused, Err(Error::Keys(KeysError::AreHere))));
    recovery.lose_the_machine().await;
    let mut credentials = TestVault::right_credentials();
    credentials.username = "mallory@example.com".into();
    let refused = recovery
        .fixture
        .vault
        .restore(&kit, credentials, Some(TestVault::passphrase()))
        .await;
    assert!(matches!(
        refused,
        Err(Error::Recovery(RecoveryError::KitOfAnother { .. }))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn unopenable_keys_are_replaced_by_those_of_the_kit_and_kept() {
    let recovery = RecoveryFixture::set(Dialect::Observed).await;
    let whole = Kit::read(&recovery.page).unwrap();
    let typed = format!("{} {}", recovery.recovery_key(), recovery.name_key());
    let typed = Kit::parse(&typed.into()).unwrap();
    let says_nothing = Kit::parse(&recovery.recovery_key().into()).unwrap();
    recovery.fixture.vault.sign_out().await.unwrap();
    let profiles = recovery.fixture.data_dir().join("profiles");
    let profile = fs::read_dir(profiles)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let keys = || -> Vec<(String, Vec<u8>)> {
        let files = fs::read_dir(&profile).unwrap().flatten();
        let mut files: Vec<(String, Vec<u8>)> = files
            .map(|entry| entry.file_name().into_string().unwrap())
            .filter(|name| name.starts_with("keys."))
            .map(|name| (name.clone(), fs::read(profile.join(name)).unwrap()))
            .collect();
        files.sort();
        files
    };
    let before = keys();
    let right = TestVault::right_credentials();
    let mut wrong = right.clone();
    wrong.password = "wrong words altogether".into();
    let stays = async |kit: &Kit, credentials: &Credentials| {
        let passphrase = Some(TestVault::passphrase());
        let vault = &recovery.fixture.vault;
        let restored = vault.restore_in_place_of_keys(kit, credentials.clone(), passphrase);
        let refused = restored.await.unwrap_err();
        assert_eq!(keys(), before, "{refused:?}");
        refused
    };
    let refused = stays(&whole, &wrong).await;
    assert!(
        matches!(refused, Error::Session(SessionError::WrongPassword)),
        "{refused:?}"
    );
    let refused = stays(&says_nothing, &right).await;
    assert!(
        matches!(refused, Error::Recovery(RecoveryError::KitNotSeenToFit)),
        "{refused:?}"
    );
    // The service has the key of a whole kit, and names open with a typed one.
    for (number, kit) in [(1, &whole), (2, &typed)] {
        let there = fs::read(profile.join("keys.age")).unwrap();
        let passphrase = Some(SecretString::from(format!(
            "ochre lantern quarrel {number}"
        )));
        let vault = &recovery.fixture.vault;
        vault
            .restore_in_place_of_keys(kit, right.clone(), passphrase)
            .await
            .unwrap();
        let aside = fs::read(profile.join(format!("keys.age.set-aside-{number}"))).unwrap();
        assert_eq!(aside, there);
        vault.refresh().await.unwrap();
        assert_eq!(recovery.fixture.names(), ["large.bin", "letter.txt"]);
        let letter = recovery.fixture.file_named("letter.txt".as_ref());
        assert_eq!(recovery.fixture.saved(&letter).await.unwrap(), LETTER);
        vault.sign_out().await.unwrap();
    }
}

const LETTER: &[u8] = b"Dear me";
const LARGE: usize = 3 << 20;

/// A profile with two files, and its kit saved.
struct RecoveryFixture {
    fixture: TestVault,
    folder: PathBuf,
    page: PathBuf,
    text: PathBuf,
}

impl RecoveryFixture {
    async fn set(dialect: Dialect) -> Self {
        let fixture = TestVault::signed_up(dialect).await;
        let (letter, _) = fixture.write("letter.txt", LETTER.to_vec());
        let (large, _) = fixture.write("large.bin", random_bytes(LARGE));
        fixture.store(vec![letter, large], "").await;
        let folder = fixture.originals().join("kit");
        fs::create_dir(&folder).unwrap();
        let saved = fixture.vault.save_recovery_kit(&folder).await.unwrap();
        Self {
            fixture,
            folder,
            page: saved.page,
            text: saved.text,
        }
    }

    fn recovery_key(&self) -> String {
        key_in(&self.text, "AGE-SECRET-KEY-1")
    }

    fn name_key(&self) -> String {
        key_in(&self.text, "PRIVICORE-NAME-KEY-1")
    }

    async fn confirm(&self) {
        let key = self.recovery_key();
        let end = SecretString::from(&key[key.len() - 8..]);
        let confirmed = self
            .fixture
            .vault
            .confirm_recovery_kit(&end, Some(TestVault::passphrase()));
        confirmed.await.unwrap();
    }

    async fn lose_the_machine(&mut self) {
        self.fixture.lose_the_machine().await;
    }

    async fn restore(&self, kit: &Kit) -> Result<(), Error> {
        let credentials = TestVault::right_credentials();
        let passphrase = Some(TestVault::passphrase());
        self.fixture
            .vault
            .restore(kit, credentials, passphrase)
            .await
    }

    async fn everything_is_back(&self) {
        let fixture = &self.fixture;
        fixture.vault.refresh().await.unwrap();
        assert_eq!(fixture.names(), ["large.bin", "letter.txt"]);
        let letter = fixture
            .saved(&fixture.file_named("letter.txt".as_ref()))
            .await;
        assert_eq!(letter.unwrap(), LETTER);
        let large = fixture
            .saved(&fixture.file_named("large.bin".as_ref()))
            .await;
        assert!(large.unwrap() == random_bytes(LARGE));
        let (new, bytes) = fixture.write("new.txt", b"new".to_vec());
        fixture.store(vec![new.clone()], "").await;
        assert!(fixture.saved(&fixture.file_named(&new)).await.unwrap() == bytes);
    }
}

/// The word in a file that begins so.
fn key_in(file: &Path, beginning: &str) -> String {
    let text = fs::read_to_string(file).unwrap();
    let mut words = text.split_whitespace();
    words
        .find(|word| word.starts_with(beginning) && word.len() > beginning.len() + 20)
        .unwrap()
        .to_owned()
}
