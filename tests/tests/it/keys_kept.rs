//! No key is ever lost or made beside those there are: whatever the disk says, whoever else has the folder open,
//! however the service's address was typed, and on a second computer.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use privicore_sandbox::Dialect;
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_vault::{
    Addresses, Connection, Credentials, Error, KeysError, SessionError, Stage, Theme, Vault,
};

#[cfg(unix)]
type Trouble<'a> = (&'a str, &'a Path, &'a dyn Fn(&Path));

pub(crate) const OWN_KEY: &str = "public-key/retrieve-public-key";
pub(crate) const AUTHENTICATE: &str = "profile/authenticate";
pub(crate) const REVOKE: &str = "profile/revoke-authorization-token";

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn no_keys_are_generated_if_the_key_file_cannot_be_looked_for() {
    use std::os::unix::fs::symlink;
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let path = fixture.write("kept.bin", random_bytes(2_000)).0;
    fixture.store(vec![path.clone()], "tests").await;
    fixture.vault.sign_out().await.unwrap();
    let profiles = fixture.data_dir().join("profiles");
    let profile = only_entry(&profiles);
    let nowhere = Path::new("/no/such/volume/keys");
    let troubles: [Trouble<'_>; 6] = [
        (
            "a profile on a volume that is not mounted",
            &profile,
            &|at| symlink(nowhere, at).unwrap(),
        ),
        ("a link loop", &profile, &|at| symlink(at, at).unwrap()),
        ("a file in the place of the folder", &profile, &|at| {
            fs::write(at, "").unwrap();
        }),
        (
            "profiles on a volume that is not mounted",
            &profiles,
            &|at| symlink(nowhere, at).unwrap(),
        ),
        ("a loop in the place of all profiles", &profiles, &|at| {
            symlink(at, at).unwrap();
        }),
        ("a file in the place of all profiles", &profiles, &|at| {
            fs::write(at, "").unwrap();
        }),
    ];
    for (what, at, make) in troubles {
        let aside = fixture.data_dir().join("aside");
        fs::rename(at, &aside).unwrap();
        make(at);
        let before = snapshot(&aside);
        for accepted in [false, true] {
            let told = sign_in(&fixture.vault, accepted).await.unwrap_err();
            assert_eq!(
                told.explain().code.as_str(),
                "keys_not_seen",
                "{what}: {told:?}"
            );
        }
        assert!(!nowhere.exists());
        assert_eq!(snapshot(&aside), before, "{what}");
        fs::remove_file(at).unwrap();
        fs::rename(&aside, at).unwrap();
    }
    fixture.sign_in().await.unwrap();
    assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == random_bytes(2_000));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn key_files_that_cannot_be_read_are_never_replaced() {
    use std::os::unix::fs::symlink;
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    fixture.vault.sign_out().await.unwrap();
    let profile = only_entry(&fixture.data_dir().join("profiles"));
    let files = ["keys.age", "keys.age.previous"].map(|name| profile.join(name));
    let kept = files.each_ref().map(|file| fs::read(file).unwrap());
    for make in [
        (|at| symlink("/no/such/volume/keys.age", at).unwrap()) as fn(&Path),
        |at| symlink(at, at).unwrap(),
        |at| fs::create_dir(at).unwrap(),
        |at| fs::write(at, "").unwrap(),
    ] {
        for file in &files {
            fs::remove_file(file).unwrap();
            make(file);
        }
        let before = snapshot(&profile);
        for accepted in [false, true] {
            assert!(sign_in(&fixture.vault, accepted).await.is_err());
        }
        assert_eq!(snapshot(&profile), before);
        for (file, bytes) in files.iter().zip(&kept) {
            fs::remove_file(file)
                .or_else(|_| fs::remove_dir(file))
                .unwrap();
            fs::write(file, bytes).unwrap();
        }
    }
    fixture.sign_in().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_were_here_and_are_gone_are_asked_about_and_never_written_over() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    fixture.vault.sign_out().await.unwrap();
    let profile = only_entry(&fixture.data_dir().join("profiles"));
    // As an empty mount point is: the volume with the profile is not mounted.
    let volume = fixture.data_dir().join("volume");
    fs::rename(&profile, &volume).unwrap();
    fs::create_dir(&profile).unwrap();
    let told = fixture.sign_in().await.unwrap_err();
    assert!(matches!(told, Error::Keys(KeysError::Missing)), "{told:?}");
    assert_eq!(fs::read_dir(&profile).unwrap().count(), 0);
    // Records without keys: they are kept for when the keys are found.
    fs::copy(
        volume.join("records.sqlite"),
        profile.join("records.sqlite"),
    )
    .unwrap();
    let told = fixture.sign_in().await.unwrap_err();
    assert!(matches!(told, Error::Keys(KeysError::Missing)), "{told:?}");
    sign_in(&fixture.vault, true).await.unwrap();
    let aside = fs::read(profile.join("records.of-lost-keys.1.sqlite")).unwrap();
    assert_eq!(aside, fs::read(volume.join("records.sqlite")).unwrap());
    fixture.vault.sign_out().await.unwrap();
    fs::remove_dir_all(&profile).unwrap();
    fs::rename(&volume, &profile).unwrap();
    fixture.sign_in().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_were_lost_do_not_lose_the_keys() {
    let mut fixture = TestVault::signed_up(Dialect::Observed).await;
    let connection = Connection::Service(fixture.addresses());
    fixture.vault.sign_out().await.unwrap();
    for lost in [&["settings.json"][..], &["settings.json", "salt"]] {
        for name in lost {
            fs::remove_file(fixture.data_dir().join(name)).unwrap();
        }
        fixture.restart().await;
        fixture.vault.connect(connection.clone()).await.unwrap();
        let entered = fixture.sign_in().await;
        if lost.len() == 1 {
            entered.unwrap();
            fixture.vault.sign_out().await.unwrap();
        } else {
            assert!(
                matches!(entered, Err(Error::Keys(KeysError::Missing))),
                "{entered:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_changed_in_one_process_keeps_what_another_one_has_changed() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let dir = tempfile::tempdir().unwrap();
    let window = TestVault::open(dir.path()).await;
    let other = TestVault::open(dir.path()).await;
    let service = Connection::Service(fixture.addresses());
    other.connect(service.clone()).await.unwrap();
    let bob = credentials("bob");
    other
        .sign_up(bob.clone(), Some(TestVault::passphrase()))
        .await
        .unwrap();
    other.set_verify_uploads(true).await.unwrap();
    other.shut_down().await;
    window.set_theme(Theme::Dark).await.unwrap();
    let status = window.status();
    assert_eq!(
        (status.stage, status.connection.as_ref()),
        (Stage::Locked, Some(&service))
    );
    assert_eq!((status.theme, status.verify_uploads), (Theme::Dark, true));
    let refused = window.sign_in(bob, Some(TestVault::passphrase())).await;
    assert!(
        matches!(refused, Err(Error::Session(SessionError::SignedInAlready))),
        "{refused:?}"
    );
    window.unlock(Some(TestVault::passphrase())).await.unwrap();
    assert_eq!(window.status().username.as_deref(), Some("bob"));
    window.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sign_ups_at_once_none_is_lost() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let dir = tempfile::tempdir().unwrap();
    let names = ["ada", "bea", "cyd"];
    let mut vaults = Vec::new();
    for _ in names {
        let vault = TestVault::open(dir.path()).await;
        vault
            .connect(Connection::Service(fixture.addresses()))
            .await
            .unwrap();
        vaults.push(vault);
    }
    let sign_ups = vaults
        .iter()
        .zip(names)
        .map(|(vault, name)| vault.sign_up(credentials(name), Some(TestVault::passphrase())));
    let outcomes = futures_util::future::join_all(sign_ups).await;
    let entered = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(entered, 1, "{outcomes:?}");
    for vault in vaults {
        vault.shut_down().await;
    }
    let vault = TestVault::open(dir.path()).await;
    vault.sign_out().await.unwrap();
    for name in names {
        let signed_up = vault
            .sign_in(credentials(name), Some(TestVault::passphrase()))
            .await;
        match signed_up {
            Ok(()) => vault.sign_out().await.unwrap(),
            // It was refused before anything was asked of the service.
            Err(error) => assert!(
                matches!(error, Error::Session(SessionError::WrongPassword)),
                "{name}: {error:?}"
            ),
        }
    }
    vault.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_typed_another_way_is_the_same_service() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let path = fixture.write("kept.bin", random_bytes(2_000)).0;
    fixture.store(vec![path.clone()], "tests").await;
    fixture.vault.sign_out().await.unwrap();
    for form in [
        |address: &str| format!("{address}/"),
        |address: &str| format!(" {address} "),
        |address: &str| address.to_uppercase(),
        |address: &str| address.replace("127.0.0.1", "127.1"),
    ] {
        let typed = typed(&fixture.addresses(), form);
        fixture.vault.choose_connection().await.unwrap();
        fixture
            .vault
            .connect(Connection::Service(typed))
            .await
            .unwrap();
        let spaced = Credentials {
            username: format!(" {} ", TestVault::right_credentials().username),
            ..TestVault::right_credentials()
        };
        fixture
            .vault
            .sign_in(spaced, Some(TestVault::passphrase()))
            .await
            .unwrap();
        assert!(fixture.saved(&fixture.file_named(&path)).await.is_ok());
        fixture.vault.sign_out().await.unwrap();
    }
    assert_eq!(
        fs::read_dir(fixture.data_dir().join("profiles"))
            .unwrap()
            .count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_of_a_version_that_took_addresses_as_typed_is_found_again() {
    let mut fixture = TestVault::signed_up(Dialect::Observed).await;
    fixture.vault.sign_out().await.unwrap();
    let file = fixture.data_dir().join("settings.json");
    let addresses = fixture.addresses();
    for api in [
        addresses.api.to_uppercase(),
        format!("{}/", addresses.api),
        format!(" {}", addresses.api),
        addresses.api.replace("127.0.0.1", "127.1"),
    ] {
        let mut settings: serde_json::Value =
            serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let salt = settings["salt"].as_str().unwrap().to_owned();
        settings["connection"]["api"] = api.clone().into();
        settings["profiles"] = serde_json::json!([]);
        settings["typedAddresses"] = serde_json::json!([]);
        fs::write(&file, settings.to_string()).unwrap();
        let profile = only_entry(&fixture.data_dir().join("profiles"));
        let old = directory(&salt, &api, &TestVault::right_credentials().username);
        fs::rename(&profile, profile.with_file_name(old)).unwrap();
        fixture.restart().await;
        fixture
            .sign_in()
            .await
            .unwrap_or_else(|error| panic!("{api:?}: {error:?}"));
        fixture.vault.sign_out().await.unwrap();
        // It is still found when the address was typed anew.
        fixture.vault.choose_connection().await.unwrap();
        fixture
            .vault
            .connect(Connection::Service(addresses.clone()))
            .await
            .unwrap();
        fixture.sign_in().await.unwrap();
        fixture.vault.sign_out().await.unwrap();
        only_entry(&fixture.data_dir().join("profiles"));
    }
}

pub(crate) async fn sign_in(vault: &Vault, with_new_keys: bool) -> Result<(), Error> {
    let (who, passphrase) = (
        TestVault::right_credentials(),
        Some(TestVault::passphrase()),
    );
    if with_new_keys {
        vault.sign_in_with_new_keys(who, passphrase).await
    } else {
        vault.sign_in(who, passphrase).await
    }
}

pub(crate) fn credentials(name: &str) -> Credentials {
    Credentials {
        username: name.into(),
        password: format!("the password of {name}").into(),
    }
}

fn typed(addresses: &Addresses, form: fn(&str) -> String) -> Addresses {
    Addresses {
        api: form(&addresses.api),
        websocket: form(&addresses.websocket),
        upstream: form(&addresses.upstream),
        downstream: form(&addresses.downstream),
    }
}

/// The name of a profile's directory, as docs/formats.md has it.
fn directory(salt: &str, service: &str, username: &str) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("privicore desktop profile directory v1");
    for part in [salt, service, username] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

fn only_entry(folder: &Path) -> PathBuf {
    let entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries.into_iter().next().unwrap()
}

/// The key files below a folder, as far as they can be read.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Option<String>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_key = path
                .file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("keys.age");
            if is_key {
                let digest = fs::read(&path)
                    .ok()
                    .map(|bytes| blake3::hash(&bytes).to_string());
                found.insert(path, digest);
            } else if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            }
        }
    }
    found
}
