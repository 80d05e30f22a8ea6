//! The recovery kit: a machine is lost, and every file and name comes back from what was printed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use privicore_sandbox::Dialect;
use privicore_tests::house::{House, random_bytes};
use privicore_tests::in_each_dialect;
use privicore_vault::{
    Credentials, Error, FileId, Kit, PinnedKey, PrivateKey, RecoveryState, Vault,
};
use secrecy::SecretString;

in_each_dialect!(
    the_saved_page_brings_the_whole_profile_to_a_new_machine,
    two_typed_keys_bring_files_and_names_back,
    the_recovery_key_alone_brings_files_back_without_their_names,
);

async fn the_saved_page_brings_the_whole_profile_to_a_new_machine(dialect: Dialect) {
    let mut scene = Scene::set(dialect).await;
    scene.confirm().await;
    scene.lose_the_machine().await;
    let kit = Kit::read(&scene.page).unwrap();
    assert!(kit.has_all_keys());
    scene.restore(&kit).await.unwrap();
    scene.everything_is_back().await;
    let state = scene.house.vault.recovery_state().unwrap();
    assert_eq!(state, RecoveryState::Confirmed, "the kit is still good");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_saved_page_names_the_registered_key_as_security_does() {
    let scene = Scene::set(Dialect::Observed).await;
    let page = fs::read_to_string(&scene.page).unwrap();
    let pins = scene.house.vault.pins().unwrap();
    let seen = |key| &pins.iter().find(|pin| pin.key == key).unwrap().fingerprint;
    let registered = seen(PinnedKey::Profile);
    let line = format!("<tr><td>Registered key</td><td><code>{registered}</code></td></tr>");
    assert!(page.contains(&line), "{line}");
    assert!(!page.contains("Engine key") && !page.contains(seen(PinnedKey::Engine)));
}

async fn two_typed_keys_bring_files_and_names_back(dialect: Dialect) {
    let mut scene = Scene::set(dialect).await;
    scene.confirm().await;
    scene.lose_the_machine().await;
    let typed = format!("{}  {}", scene.recovery_key(), scene.name_key()).to_lowercase();
    let kit = Kit::parse(&typed.into()).unwrap();
    assert!(!kit.has_all_keys());
    scene.restore(&kit).await.unwrap();
    scene.everything_is_back().await;
}

async fn the_recovery_key_alone_brings_files_back_without_their_names(dialect: Dialect) {
    let mut scene = Scene::set(dialect).await;
    scene.lose_the_machine().await;
    let kit = Kit::parse(&scene.recovery_key().into()).unwrap();
    assert!(!kit.opens_names());
    scene.restore(&kit).await.unwrap();
    scene.house.vault.refresh().await.unwrap();
    let files = scene.house.listed();
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|file| file.name != "letter.txt"));
    let mut contents = Vec::new();
    for file in &files {
        contents.push(scene.house.saved(file).await.unwrap().len());
    }
    contents.sort_unstable();
    assert_eq!(contents, [LETTER.len(), LARGE]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_kit_takes_the_recovery_key_off_the_machine() {
    let scene = Scene::set(Dialect::Observed).await;
    let vault = &scene.house.vault;
    assert_eq!(vault.recovery_state().unwrap(), RecoveryState::Unconfirmed);
    scene.confirm().await;
    assert_eq!(vault.recovery_state().unwrap(), RecoveryState::Confirmed);
    let export = vault.export_key(PrivateKey::Recovery, &scene.folder.join("recovery.txt"));
    assert!(matches!(export, Err(Error::RecoveryKeyNotKept)));
    let again = vault.save_recovery_kit(&scene.folder).await;
    assert!(matches!(again, Err(Error::RecoveryKeyNotKept)));
    assert!(
        scene
            .house
            .saved(&scene.house.file_named("letter.txt".as_ref()))
            .await
            .unwrap()
            == LETTER
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kit_is_not_confirmed_by_something_else() {
    let scene = Scene::set(Dialect::Observed).await;
    let typed = SecretString::from("QQQQQQQQ");
    let refused = scene
        .house
        .vault
        .confirm_recovery_kit(&typed, Some(House::passphrase()))
        .await;
    assert!(matches!(refused, Err(Error::KitNotConfirmed)));
    assert_eq!(
        scene.house.vault.recovery_state().unwrap(),
        RecoveryState::Unconfirmed
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_recovery_key_asks_for_a_new_kit_and_old_files_still_open() {
    let scene = Scene::set(Dialect::Observed).await;
    scene.confirm().await;
    let vault = &scene.house.vault;
    let letter = scene.house.file_named("letter.txt".as_ref());
    let of_the_old_kit: Vec<String> = keys_of(vault, letter.id).await;
    vault
        .renew_recovery_key(Some(House::passphrase()))
        .await
        .unwrap();
    assert_eq!(vault.recovery_state().unwrap(), RecoveryState::Unconfirmed);
    let folder = scene.folder.join("second");
    fs::create_dir(&folder).unwrap();
    let second = vault.save_recovery_kit(&folder).await.unwrap();
    let second = key_in(&second.text, "AGE-SECRET-KEY-1");
    assert_ne!(second, scene.recovery_key());
    assert!(scene.house.saved(&letter).await.unwrap() == LETTER);
    // Whoever has found the old kit opens nothing that is stored from now on.
    let (path, bytes) = scene
        .house
        .write("after.txt", b"after the renewal".to_vec());
    scene.house.store(vec![path.clone()], "").await;
    let after = scene.house.file_named(&path);
    let opens_it = keys_of(vault, after.id).await;
    assert_eq!(opens_it.len(), of_the_old_kit.len());
    assert!(
        opens_it.iter().all(|key| !of_the_old_kit.contains(key)),
        "{opens_it:?} {of_the_old_kit:?}"
    );
    assert!(scene.house.saved(&after).await.unwrap() == bytes);
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
    let mut scene = Scene::set(Dialect::Observed).await;
    let kit = Kit::read(&scene.page).unwrap();
    scene.house.vault.sign_out().await.unwrap();
    let refused = scene.restore(&kit).await;
    assert!(matches!(refused, Err(Error::KeysAreHere)));
    scene.lose_the_machine().await;
    let mut credentials = House::right_credentials();
    credentials.username = "mallory@example.com".into();
    let refused = scene
        .house
        .vault
        .restore(&kit, credentials, Some(House::passphrase()))
        .await;
    assert!(matches!(refused, Err(Error::KitOfAnother { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_nobody_can_open_give_way_to_those_of_the_kit_and_are_kept() {
    let scene = Scene::set(Dialect::Observed).await;
    let whole = Kit::read(&scene.page).unwrap();
    let typed = format!("{} {}", scene.recovery_key(), scene.name_key());
    let typed = Kit::parse(&typed.into()).unwrap();
    let says_nothing = Kit::parse(&scene.recovery_key().into()).unwrap();
    scene.house.vault.sign_out().await.unwrap();
    let profiles = scene.house.data_dir().join("profiles");
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
    let right = House::right_credentials();
    let mut wrong = right.clone();
    wrong.password = "wrong words altogether".into();
    let stays = async |kit: &Kit, credentials: &Credentials| {
        let passphrase = Some(House::passphrase());
        let vault = &scene.house.vault;
        let restored = vault.restore_in_place_of_keys(kit, credentials.clone(), passphrase);
        let refused = restored.await.unwrap_err();
        assert_eq!(keys(), before, "{refused:?}");
        refused
    };
    let refused = stays(&whole, &wrong).await;
    assert!(matches!(refused, Error::WrongPassword), "{refused:?}");
    let refused = stays(&says_nothing, &right).await;
    assert!(matches!(refused, Error::KitNotSeenToFit), "{refused:?}");
    // The service has the key of a whole kit, and names open with a typed one.
    for (number, kit) in [(1, &whole), (2, &typed)] {
        let there = fs::read(profile.join("keys.age")).unwrap();
        let passphrase = Some(SecretString::from(format!(
            "ochre lantern quarrel {number}"
        )));
        let vault = &scene.house.vault;
        vault
            .restore_in_place_of_keys(kit, right.clone(), passphrase)
            .await
            .unwrap();
        let aside = fs::read(profile.join(format!("keys.age.set-aside-{number}"))).unwrap();
        assert_eq!(aside, there);
        vault.refresh().await.unwrap();
        assert_eq!(scene.house.names(), ["large.bin", "letter.txt"]);
        let letter = scene.house.file_named("letter.txt".as_ref());
        assert_eq!(scene.house.saved(&letter).await.unwrap(), LETTER);
        vault.sign_out().await.unwrap();
    }
}

const LETTER: &[u8] = b"Dear me";
const LARGE: usize = 3 << 20;

/// A profile with two files, and its kit saved.
struct Scene {
    house: House,
    folder: PathBuf,
    page: PathBuf,
    text: PathBuf,
}

impl Scene {
    async fn set(dialect: Dialect) -> Self {
        let house = House::signed_up(dialect).await;
        let (letter, _) = house.write("letter.txt", LETTER.to_vec());
        let (large, _) = house.write("large.bin", random_bytes(LARGE));
        house.store(vec![letter, large], "").await;
        let folder = house.originals().join("kit");
        fs::create_dir(&folder).unwrap();
        let saved = house.vault.save_recovery_kit(&folder).await.unwrap();
        Self {
            house,
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
            .house
            .vault
            .confirm_recovery_kit(&end, Some(House::passphrase()));
        confirmed.await.unwrap();
    }

    async fn lose_the_machine(&mut self) {
        self.house.lose_the_machine().await;
    }

    async fn restore(&self, kit: &Kit) -> Result<(), Error> {
        let credentials = House::right_credentials();
        let passphrase = Some(House::passphrase());
        self.house.vault.restore(kit, credentials, passphrase).await
    }

    async fn everything_is_back(&self) {
        let house = &self.house;
        house.vault.refresh().await.unwrap();
        assert_eq!(house.names(), ["large.bin", "letter.txt"]);
        let letter = house.saved(&house.file_named("letter.txt".as_ref())).await;
        assert_eq!(letter.unwrap(), LETTER);
        let large = house.saved(&house.file_named("large.bin".as_ref())).await;
        assert!(large.unwrap() == random_bytes(LARGE));
        let (new, bytes) = house.write("new.txt", b"new".to_vec());
        house.store(vec![new.clone()], "").await;
        assert!(house.saved(&house.file_named(&new)).await.unwrap() == bytes);
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
