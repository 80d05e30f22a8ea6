//! Keys at the command line: a second computer, passphrases that are refused, and a disk that fails in the middle of
//! it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use privicore_sandbox::Dialect;
use privicore_tests::command_line::{PASSPHRASE, Person, SECRET, SandboxProcess, complaint};
use tokio::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn a_second_computer_is_told_the_two_ways_and_makes_nothing_by_itself() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let (first, second) = (Person::at(&sandbox).unwrap(), Person::at(&sandbox).unwrap());
    first.does(&["sign-up", "ada"]).await.unwrap();
    let (code, told) = second.fails(&["sign-in", "ada"]).await.unwrap();
    assert_eq!((code, &told["error"]), (3, &"keys_elsewhere".into()));
    let hint = told["hint"].as_str().unwrap();
    assert!(
        hint.contains("\n  privicore recovery restore ada --kit FILE\n"),
        "{hint}"
    );
    assert!(
        hint.ends_with("\n  privicore sign-in ada --new-keys"),
        "{hint}"
    );
    assert!(!second.data_dir().join("profiles").exists());
    let status = second
        .does(&["sign-in", "ada", "--new-keys"])
        .await
        .unwrap();
    assert_eq!(status[0]["stage"], "signed_in");
    second.does(&["sign-out"]).await.unwrap();
    second.does(&["sign-in", "ada"]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn easy_passphrases_are_taken_nowhere() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    let refused = [
        ("", "empty_passphrase"),
        ("   ", "empty_passphrase"),
        ("abc", "weak_passphrase"),
        ("password", "weak_passphrase"),
        ("ada@example.com", "weak_passphrase"),
        (SECRET, "weak_passphrase"),
    ];
    let name = "ada@example.com";
    for (passphrase, expected) in refused {
        let mut sign_up = ada.privicore(&["sign-up", name]).unwrap();
        sign_up.env("PRIVICORE_PASSPHRASE", passphrase);
        let (code, told) = complaint(sign_up).await.unwrap();
        assert_eq!(
            (code, &told["error"]),
            (1, &expected.into()),
            "{passphrase:?}"
        );
    }
    // Nothing was asked of the service: the name is free.
    ada.does(&["sign-up", name]).await.unwrap();
    for (passphrase, expected) in refused {
        let mut change = ada.privicore(&["keys", "passphrase"]).unwrap();
        change.env("PRIVICORE_NEW_PASSPHRASE", passphrase);
        let (_, told) = complaint(change).await.unwrap();
        assert_eq!(told["error"], expected, "{passphrase:?}");
    }
    ada.does(&["recovery", "create", "-o", "."]).await.unwrap();
    let kits = fs::read_dir(ada.folder()).unwrap().flatten();
    let mut kits = kits.filter(|entry| entry.file_name().to_string_lossy().ends_with(".txt"));
    let kit = kits.next().unwrap().path();
    let other = Person::at(&sandbox).unwrap();
    for (passphrase, expected) in refused {
        let restore = ["recovery", "restore", name, "--kit", kit.to_str().unwrap()];
        let sign_in = ["sign-in", name, "--new-keys"];
        for arguments in [&restore[..], &sign_in] {
            let mut command = other.privicore(arguments).unwrap();
            command.env("PRIVICORE_PASSPHRASE", passphrase);
            let (_, told) = complaint(command).await.unwrap();
            assert_eq!(told["error"], expected, "{arguments:?} with {passphrase:?}");
        }
    }
    assert!(!other.data_dir().join("profiles").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_password_is_refused_and_an_easy_one_remarked_on() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    let mut sign_up = ada.privicore(&["sign-up", "ada"]).unwrap();
    sign_up.env("PRIVICORE_PASSWORD", "");
    let (_, told) = complaint(sign_up).await.unwrap();
    assert_eq!(told["error"], "no_password");
    let json = ada.privicore(&["sign-up", "ada"]).unwrap();
    let words = json.as_std().get_args().filter(|word| *word != "--json");
    let mut sign_up = Command::new(json.as_std().get_program());
    sign_up
        .args(words)
        .current_dir(ada.folder())
        .envs(environment(&json))
        .env("PRIVICORE_PASSWORD", "a");
    let output = sign_up.output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("the password is easy to guess"), "{said}");
}

/// Opening, writing, naming and syncing of the key files fails, one call after the other.
#[tokio::test(flavor = "multi_thread")]
async fn whichever_call_fails_the_keys_are_the_old_or_the_new_ones() {
    const CALLS: [&str; 6] = [
        "openat",
        "read",
        "write",
        "fsync",
        "rename,renameat,renameat2",
        "unlink,unlinkat",
    ];
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    ada.does(&["sign-up", "ada"]).await.unwrap();
    let passphrases = [PASSPHRASE, "meadow quarrel lantern ochre"];
    let mut now = 0;
    for calls in CALLS {
        for at in 1_u32.. {
            let (old, new) = (passphrases[now], passphrases[1 - now]);
            let mut change = ada.privicore(&["keys", "passphrase"]).unwrap();
            change
                .env("PRIVICORE_PASSPHRASE", old)
                .env("PRIVICORE_NEW_PASSPHRASE", new);
            let (output, has_struck) = failing(&ada, calls, &at.to_string(), &change).await;
            let what = format!("{calls} {at}");
            if opens(&ada, new).await {
                assert!(
                    output.status.success(),
                    "{what} was told as not done: {output:?}"
                );
                now = 1 - now;
            } else {
                assert!(
                    opens(&ada, old).await,
                    "the keys are lost: {what}: {output:?}"
                );
                assert!(!output.status.success(), "{what} was told as done");
            }
            if !has_struck {
                assert!(at > 1, "{calls} never strikes");
                break;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_keys_whose_disk_fails_are_whole_or_made_again() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    for (calls, at) in [
        ("link,linkat", 1),
        ("link,linkat", 2),
        ("fsync", 2),
        ("fsync", 4),
        ("fsync", 6),
    ] {
        let ada = Person::at(&sandbox).unwrap();
        let name = format!("ada-{}-{at}", &calls[..4]);
        let sign_up = ada.privicore(&["sign-up", &name]).unwrap();
        let (output, has_struck) = failing(&ada, calls, &at.to_string(), &sign_up).await;
        assert!(has_struck, "{calls} {at}");
        if !output.status.success() {
            let entered = ada.does(&["sign-in", &name]).await;
            if entered.is_err() {
                ada.does(&["sign-up", &name]).await.unwrap();
            }
        }
        assert!(opens(&ada, PASSPHRASE).await, "{calls} {at}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_records_are_told_and_nothing_is_stored_until_the_keys_of_the_service_were_compared() {
    type Loss = fn(&Path);
    let losses: [Loss; 2] = [
        |records| fs::remove_file(records).unwrap(),
        |records| fs::write(records, "").unwrap(),
    ];
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let losses = losses.map(|lose| [(lose, "ls"), (lose, "sign-in")]);
    for (at, (lose, first)) in losses.into_iter().flatten().enumerate() {
        let ada = Person::at(&sandbox).unwrap();
        let name = format!("ada{at}");
        ada.does(&["sign-up", &name]).await.unwrap();
        fs::write(ada.folder().join("a.txt"), "a").unwrap();
        ada.does(&["put", "a.txt"]).await.unwrap();
        let records = key_files(&ada).remove(1).with_file_name("records.sqlite");
        for journal in ["records.sqlite-wal", "records.sqlite-shm"] {
            let _ = fs::remove_file(records.with_file_name(journal));
        }
        lose(&records);
        // There is no session any more: no command says that there is one. That is not all that is told.
        if first == "ls" {
            let list = ada.privicore(&["ls"]).unwrap().output().await.unwrap();
            let told = String::from_utf8_lossy(&list.stderr).into_owned();
            assert!(told.contains("records_missing"), "{told}");
        }
        let sign_in = ada.privicore(&["sign-in", &name]).unwrap().output().await;
        let output = sign_in.unwrap();
        assert!(output.status.success(), "{output:?}");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains("choices_missing"), "{told}");
        assert!(first == "ls" || told.contains("records_missing"), "{told}");
        let put = ada.privicore(&["put", "a.txt"]).unwrap().output().await;
        let put = put.unwrap();
        let told = String::from_utf8_lossy(&put.stderr).into_owned();
        assert!(!put.status.success(), "{put:?}");
        assert!(told.contains(r#""error":"key_changed""#), "{told}");
        // Nobody knows whether the service has changed anything.
        assert!(told.contains("is lost"), "{told}");
        assert!(!told.contains("another engine key"), "{told}");
        assert!(!told.contains("under Security"), "{told}");
        for pin in ada.does(&["keys", "pins"]).await.unwrap() {
            assert_eq!(pin["fingerprint"], "");
            let seen = pin["changed_to"].as_str().unwrap();
            ada.does(&["keys", "accept", seen]).await.unwrap();
        }
        ada.does(&["put", "a.txt"]).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_here_give_way_to_those_of_a_kit_only_when_that_is_asked_for() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    ada.does(&["sign-up", "ada"]).await.unwrap();
    fs::write(ada.folder().join("a.txt"), "content").unwrap();
    let stored = ada.does(&["put", "a.txt"]).await.unwrap();
    ada.does(&["recovery", "create", "-o", "."]).await.unwrap();
    let kits = fs::read_dir(ada.folder()).unwrap().flatten();
    let mut kits = kits.filter(|entry| entry.file_name().to_string_lossy().ends_with(".txt"));
    let kit = kits
        .find(|entry| entry.file_name() != "a.txt")
        .unwrap()
        .path();
    ada.does(&["sign-out"]).await.unwrap();
    let keys = key_files(&ada).into_iter().find(|path| path.is_file());
    let keys = keys.unwrap();
    let before = fs::read(&keys).unwrap();
    let restore = ["recovery", "restore", "ada", "--kit", kit.to_str().unwrap()];
    let (code, told) = ada.fails(&restore).await.unwrap();
    assert_eq!((code, &told["error"]), (1, &"keys_are_here".into()));
    assert!(told["hint"].as_str().unwrap().contains("--replace-keys"));
    assert_eq!(fs::read(&keys).unwrap(), before);
    // The passphrase that nobody knows any more is not asked for.
    let replace = [&restore[..], &["--replace-keys"]].concat();
    let mut restoring = ada.privicore(&replace).unwrap();
    restoring.env(
        "PRIVICORE_PASSPHRASE",
        "an entirely new one, of this morning",
    );
    let restored = restoring.output().await.unwrap();
    assert!(restored.status.success(), "{restored:?}");
    assert_ne!(fs::read(&keys).unwrap(), before);
    let aside = keys.with_file_name("keys.age.set-aside-1");
    assert_eq!(
        fs::read(aside).unwrap(),
        before,
        "the earlier keys are kept"
    );
    let id = stored[0]["id"].as_str().unwrap();
    let mut get = ada.privicore(&["get", id, "-o", "back.txt"]).unwrap();
    get.env(
        "PRIVICORE_PASSPHRASE",
        "an entirely new one, of this morning",
    );
    let got = get.output().await.unwrap();
    assert!(got.status.success(), "{got:?}");
    assert_eq!(fs::read(ada.folder().join("back.txt")).unwrap(), b"content");
}

/// Somebody who has lost the keys of a profile, on a computer that still has its folder: sign-in makes new ones.
async fn without_keys(sandbox: &SandboxProcess, name: &str) -> Person {
    let ada = Person::at(sandbox).unwrap();
    ada.does(&["sign-up", name]).await.unwrap();
    ada.does(&["sign-out"]).await.unwrap();
    remove_keys(&ada);
    ada
}

fn remove_keys(person: &Person) {
    let files = key_files(person).into_iter();
    for file in files.filter(|path| path.is_file()) {
        fs::remove_file(file).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_the_disk_did_not_confirm_are_not_registered() {
    const REGISTERED: [&str; 2] = ["call", "public-key.retrieve"];
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = without_keys(&sandbox, "ada").await;
    let elsewhere = Person::at(&sandbox).unwrap();
    let new_keys = ["sign-in", "ada", "--new-keys"];
    elsewhere.does(&new_keys).await.unwrap();
    let registered = async || elsewhere.does(&REGISTERED).await.unwrap()[0]["body"].clone();
    let before = registered().await;
    // The key file, its copy, the folder after each. The database syncs the folder too, at another time in each run,
    // and does not mind when that fails: no single call of the folder can be told from its.
    let cases = [
        ("keys.age.new", "1"),
        ("keys.age.previous.new", "1"),
        ("", "1+"),
        ("", "2+"),
    ];
    for (name, at) in cases {
        let sign_in = ada.privicore(&new_keys).unwrap();
        let paths = key_files_called(&ada, &[name]);
        let (output, has_struck) = injected(&ada, &paths, "fsync", "EIO", at, &sign_in).await;
        assert!(
            has_struck && !output.status.success(),
            "{name} {at}: {output:?}"
        );
        assert_eq!(registered().await, before, "{name} {at}");
        let left = key_files(&ada).into_iter().find(|path| path.is_file());
        assert_eq!(left, None, "{name} {at}");
    }
    ada.does(&new_keys).await.unwrap();
    assert_ne!(registered().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_system_that_cannot_sync_is_reported_once_and_stops_nothing() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = without_keys(&sandbox, "ada").await;
    let sign_in = ada.privicore(&["sign-in", "ada", "--new-keys"]).unwrap();
    let (output, has_struck) =
        injected(&ada, &key_files(&ada), "fsync", "EINVAL", "1+", &sign_in).await;
    assert!(has_struck && output.status.success(), "{output:?}");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert_eq!(said.matches("keys_not_synced").count(), 1, "{said}");
    assert!(opens(&ada, PASSPHRASE).await);
}

async fn opens(person: &Person, passphrase: &str) -> bool {
    let mut unlock = person.privicore(&["unlock"]).unwrap();
    unlock.env("PRIVICORE_PASSPHRASE", passphrase);
    unlock.output().await.unwrap().status.success()
}

/// Runs a command whose `at`th call of a kind fails, of those that go to key files once there are any; and whether one
/// has failed.
async fn failing(person: &Person, calls: &str, at: &str, command: &Command) -> (Output, bool) {
    injected(person, &key_files(person), calls, "EIO", at, command).await
}

async fn injected(
    person: &Person,
    paths: &[PathBuf],
    calls: &str,
    error: &str,
    at: &str,
    command: &Command,
) -> (Output, bool) {
    let trace = person.folder().join("trace");
    let mut strace = Command::new("strace");
    strace
        .args(["--follow-forks", "--quiet=all", "-o"])
        .arg(&trace);
    for path in paths {
        strace.arg("-P").arg(path);
    }
    let inject = format!("inject={calls}:error={error}:when={at}");
    let output = strace
        .args(["-e", &format!("trace={calls}"), "-e", &inject])
        .arg(command.as_std().get_program())
        .args(command.as_std().get_args())
        .current_dir(person.folder())
        .envs(environment(command))
        .output()
        .await
        .unwrap();
    let has_struck = fs::read_to_string(&trace).unwrap().contains("INJECTED");
    (output, has_struck)
}

fn environment(command: &Command) -> Vec<(std::ffi::OsString, std::ffi::OsString)> {
    let set = command.as_std().get_envs();
    set.filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
        .collect()
}

fn key_files(person: &Person) -> Vec<PathBuf> {
    let names = [
        "",
        "keys.age",
        "keys.age.new",
        "keys.age.previous",
        "keys.age.previous.new",
        "keys.age.before.new",
    ];
    key_files_called(person, &names)
}

/// In the folder of each profile; the folder itself without a name.
fn key_files_called(person: &Person, names: &[&str]) -> Vec<PathBuf> {
    let profiles = fs::read_dir(person.data_dir().join("profiles")).into_iter();
    let folders = profiles.flatten().flatten().map(|entry| entry.path());
    folders
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .collect()
}
