//! Data at rest: the disk, the logs and the error reports contain no name, token, path or secret.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use memchr::memmem;
use privicore_sandbox::Dialect;
use privicore_tests::command_line::{PASSPHRASE, Person, SECRET, SandboxProcess};

const NAME: &str = "planted-name-5c2e8a.txt";
const FOLDER: &str = "planted-folder-19f3";
const CONTEXT: &str = "planted-context-c0de";
const PLAINTEXT: &str = "planted plaintext 0f9d27";
const USER: &str = "planted-user-e77b";

/// The CLI at its most talkative; answers what it said in the end, and its logs. What it tells the user about the file
/// they asked for is one JSON object a line, and has to name it.
async fn said(person: &Person, arguments: &[&str]) -> (String, String) {
    let mut command = person.privicore(arguments).unwrap();
    command.env("RUST_LOG", "trace");
    let output = command.output().await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), logs_of(&text(&output.stderr)))
}

fn logs_of(stderr: &str) -> String {
    let is_told = |line: &&str| line.starts_with('{');
    let (told, logs): (Vec<&str>, Vec<&str>) = stderr.lines().partition(is_told);
    let told = told.join("\n");
    for secret in [SECRET, PASSPHRASE, FOLDER, PLAINTEXT] {
        assert!(!told.contains(secret), "{secret} is in {told}");
    }
    logs.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_the_disk_nor_the_logs_tell_anything() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    let folder = ada.folder().join(FOLDER);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join(NAME), PLAINTEXT.repeat(10_000)).unwrap();
    let mut logs = Vec::new();
    logs.push(said(&ada, &["sign-up", USER]).await.1);
    logs.push(said(&ada, &["put", FOLDER, "--label", CONTEXT]).await.1);
    let (listed, log) = said(&ada, &["ls"]).await;
    logs.push(log);
    let listed: serde_json::Value = serde_json::from_str(listed.trim()).unwrap();
    let (id, token) = (
        listed["id"].as_str().unwrap(),
        listed["token"].as_str().unwrap(),
    );
    assert_eq!(listed["name"], NAME);
    logs.push(said(&ada, &["get", id, "-o", "back"]).await.1);
    // Complaints: a target that is there, a file that is not, a wrong passphrase.
    logs.push(said(&ada, &["get", token, "-o", "back"]).await.1);
    let mut wrong = ada.privicore(&["ls"]).unwrap();
    wrong
        .env("PRIVICORE_PASSPHRASE", "planted guess")
        .env("RUST_LOG", "trace");
    let wrong = wrong.output().await.unwrap();
    assert!(!wrong.status.success());
    logs.push(logs_of(&String::from_utf8_lossy(&wrong.stderr)));
    fs::write(ada.folder().join("logs"), logs.join("\n")).unwrap();

    let key = ada.folder().join("recovery");
    said(&ada, &["keys", "export", "recovery", "-o", "recovery"]).await;
    let recovery = fs::read_to_string(key).unwrap();
    let recovery = recovery
        .lines()
        .find(|line| line.starts_with("AGE-"))
        .unwrap();
    let sentinels = [
        NAME, FOLDER, CONTEXT, PLAINTEXT, USER, SECRET, PASSPHRASE, token, recovery,
    ];

    let mut looked_at = Vec::new();
    let files = below(&ada.data_dir());
    for file in files.into_iter().chain([ada.folder().join("logs")]) {
        let bytes = fs::read(&file).unwrap();
        let is_log = file.ends_with("logs");
        for sentinel in sentinels {
            let found = memmem::find(&bytes, sentinel.as_bytes());
            assert!(
                found.is_none(),
                "{sentinel} is in {}",
                around(&file, &bytes, found)
            );
        }
        looked_at.push((is_log, bytes.len()));
    }
    let is_there = |wanted: &str| ada.data_dir().join(wanted).exists();
    assert!(is_there("settings.json"), "{looked_at:?}");
    assert!(
        looked_at
            .iter()
            .any(|(is_log, length)| *is_log && *length > 10_000)
    );
    let found = memmem::find(
        &fs::read(ada.folder().join("back")).unwrap(),
        PLAINTEXT.as_bytes(),
    );
    assert!(found.is_some(), "what is looked for can be found");
}

fn around(file: &Path, bytes: &[u8], found: Option<usize>) -> String {
    let at = found.unwrap_or_default();
    let near = &bytes[at.saturating_sub(200)..(at + 100).min(bytes.len())];
    format!("{}: …{}…", file.display(), String::from_utf8_lossy(near))
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            files.extend(below(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files
}
