//! `privicore` at a terminal and in a pipe: what is printed, asked, and told when it cannot be printed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Output, Stdio};

use privicore_sandbox::{Dialect, Fault};
use privicore_tests::cli_fixture::CliFixture;
use privicore_tests::command_line::{PASSPHRASE, Person, SandboxProcess, complaint};
use privicore_tests::wait_until;
use serde_json::Value;
use tokio::process::Command;

/// A name that forges a row, clears the screen and turns itself round.
const HOSTILE: &str = "a\n00000000  forged\u{1b}[2J\u{9b}31m\u{202e}fdp.txt";

async fn ada() -> (SandboxProcess, Person) {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    ada.does(&["sign-up", "ada"]).await.unwrap();
    fs::write(ada.folder().join("a.txt"), "a").unwrap();
    (sandbox, ada)
}

/// The same command as a person types it: without `--json`.
fn for_a_person(ada: &Person, arguments: &[&str]) -> Command {
    let json = ada.privicore(arguments).unwrap();
    let json = json.as_std();
    let mut command = Command::new(json.get_program());
    command
        .args(json.get_args().filter(|argument| *argument != "--json"))
        .current_dir(ada.folder())
        .stdin(Stdio::null());
    for (name, value) in json.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command
}

/// The end of a command whose standard output is somewhere else already.
async fn printed_to(command: &mut Command) -> Output {
    let child = command.stderr(Stdio::piped()).spawn().unwrap();
    child.wait_with_output().await.unwrap()
}

fn last_of(stderr: &[u8]) -> Value {
    let said = String::from_utf8_lossy(stderr);
    serde_json::from_str(said.lines().last().unwrap_or_default()).unwrap_or_default()
}

#[tokio::test]
async fn a_reader_that_has_left_is_no_error_and_undoes_nothing() {
    let (_sandbox, ada) = ada().await;
    for command in [&["put", "a.txt"][..], &["ls"], &["status"], &["--help"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut closed = ada.privicore(command).unwrap();
        let ended = printed_to(closed.stdout(writer)).await;
        assert_eq!(ended.status.code(), Some(141), "{command:?}: {ended:?}");
        assert_eq!(ended.stderr, b"", "{command:?}: {ended:?}");
    }
    assert_eq!(ada.does(&["ls"]).await.unwrap().len(), 1, "it was stored");
}

#[tokio::test]
async fn lost_output_is_reported_and_is_not_a_failed_command() {
    let (_sandbox, ada) = ada().await;
    for command in [&["put", "a.txt"][..], &["ls"]] {
        let mut full = ada.privicore(command).unwrap();
        full.stdout(File::options().write(true).open("/dev/full").unwrap());
        let ended = printed_to(&mut full).await;
        assert_eq!(ended.status.code(), Some(9), "{command:?}: {ended:?}");
        let told = last_of(&ended.stderr);
        assert_eq!(told["error"], "output_lost", "{ended:?}");
    }
    assert_eq!(ada.does(&["ls"]).await.unwrap().len(), 1, "it was stored");
    let mut both = ada.privicore(&["get", "nothing"]).unwrap();
    both.stdout(File::options().write(true).open("/dev/full").unwrap());
    let ended = printed_to(&mut both).await;
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert_eq!(last_of(&ended.stderr)["error"], "unknown_file");
}

#[tokio::test]
async fn control_characters_of_others_never_reach_the_terminal() {
    let (_sandbox, ada) = ada().await;
    fs::write(ada.folder().join(HOSTILE), "b").unwrap();
    let label = "\u{1b}]0;label\u{7}";
    let is_clean = |printed: &[u8]| {
        let text = String::from_utf8(printed.to_vec()).unwrap();
        let hidden =
            |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!text.contains(hidden), "{text:?}");
        assert!(
            !text.lines().any(|line| line.starts_with("00000000")),
            "{text}"
        );
    };
    let put = for_a_person(&ada, &["put", HOSTILE, "--context", label])
        .output()
        .await
        .unwrap();
    assert!(put.status.success(), "{put:?}");
    let listed = for_a_person(&ada, &["ls"]).output().await.unwrap();
    assert_eq!(
        String::from_utf8_lossy(&listed.stdout).lines().count(),
        1,
        "{listed:?}"
    );
    let missing = format!("missing{HOSTILE}");
    let failed = for_a_person(&ada, &["put", &missing])
        .output()
        .await
        .unwrap();
    assert_eq!(failed.status.code(), Some(1));
    let misread = for_a_person(&ada, &[HOSTILE]).output().await.unwrap();
    assert_eq!(misread.status.code(), Some(2));
    for Output { stdout, stderr, .. } in [put, listed, failed, misread] {
        is_clean(&stdout);
        is_clean(&stderr);
    }
    let as_json = ada.privicore(&["ls"]).unwrap().output().await.unwrap();
    is_clean(&as_json.stdout);
    let line: Value = serde_json::from_slice(&as_json.stdout).unwrap();
    assert_eq!(
        (&line["name"], &line["context"]),
        (&HOSTILE.into(), &label.into())
    );
}

#[tokio::test]
async fn a_password_that_nobody_gave_is_not_called_wrong() {
    let (_sandbox, ada) = ada().await;
    ada.does(&["sign-out"]).await.unwrap();
    let mut none = ada.privicore(&["sign-in", "ada"]).unwrap();
    none.env_remove("PRIVICORE_PASSWORD");
    let (code, told) = complaint(none).await.unwrap();
    assert_eq!((code, &told["error"]), (3, &"no_password".into()));
    let mut empty = ada
        .privicore(&["sign-in", "ada", "--password-stdin"])
        .unwrap();
    empty.stdin(Stdio::null());
    let (code, told) = complaint(empty).await.unwrap();
    assert_eq!((code, &told["error"]), (3, &"no_password".into()));
}

#[tokio::test]
async fn sign_out_needs_no_passphrase_and_reports_what_the_service_did_not_get() {
    let (_sandbox, ada) = ada().await;
    let mut leave = ada.privicore(&["sign-out"]).unwrap();
    leave.env_remove("PRIVICORE_PASSPHRASE");
    let left = leave.output().await.unwrap();
    assert!(left.status.success(), "{left:?}");
    let status: Value = serde_json::from_slice(&left.stdout).unwrap();
    assert_eq!(status["stage"], "signed_out");
    let notice = last_of(&left.stderr);
    assert!(notice["notice"].is_string(), "{left:?}");
    assert!(
        notice["message"].as_str().unwrap().contains("not told"),
        "{notice}"
    );
    ada.does(&["sign-in", "ada"]).await.unwrap();
    let told = ada
        .privicore(&["sign-out"])
        .unwrap()
        .output()
        .await
        .unwrap();
    assert_eq!(told.stderr, b"", "with the passphrase the service is told");
}

#[tokio::test]
async fn files_can_be_named_by_standard_input() {
    let (_sandbox, ada) = ada().await;
    let stored = ada.does(&["put", "a.txt"]).await.unwrap().remove(0);
    let token = stored["token"].as_str().unwrap();
    for command in [
        &["get", "-", "-o", "back.txt"][..],
        &["verify", "-"],
        &["rm", "-"],
    ] {
        let (reader, mut writer) = std::io::pipe().unwrap();
        writeln!(writer, "{token}").unwrap();
        drop(writer);
        let mut piped = ada.privicore(command).unwrap();
        let ended = piped.stdin(reader).output().await.unwrap();
        assert!(ended.status.success(), "{command:?}: {ended:?}");
    }
    assert_eq!(fs::read(ada.folder().join("back.txt")).unwrap(), b"a");
    let (code, told) = ada.fails(&["rm", "-"]).await.unwrap();
    assert_eq!(
        (code, &told["error"]),
        (2, &"usage".into()),
        "no file was named"
    );
}

#[tokio::test]
async fn a_file_is_written_to_standard_output_and_not_to_one_named_like_it() {
    let (_sandbox, ada) = ada().await;
    let stored = ada.does(&["put", "a.txt"]).await.unwrap().remove(0);
    let id = stored["id"].as_str().unwrap();
    let mut get = ada.privicore(&["get", id, "-o", "-"]).unwrap();
    let written = get.output().await.unwrap();
    assert!(written.status.success(), "{written:?}");
    assert_eq!(written.stdout, b"a");
    assert!(!ada.folder().join("-").exists());
}

#[tokio::test]
async fn a_target_that_is_not_utf_8_is_saved_to_and_told_exactly() {
    let (_sandbox, ada) = ada().await;
    let stored = ada.does(&["put", "a.txt"]).await.unwrap().remove(0);
    let target = ada.folder().join(OsStr::from_bytes(b"back\xff.txt"));
    let mut get = ada
        .privicore(&["get", stored["id"].as_str().unwrap(), "-o"])
        .unwrap();
    let saved = get.arg(&target).output().await.unwrap();
    assert!(saved.status.success(), "{saved:?}");
    assert_eq!(fs::read(&target).unwrap(), b"a");
    let line: Value = serde_json::from_slice(&saved.stdout).unwrap();
    assert!(
        line["path"].as_str().unwrap().ends_with("back\u{fffd}.txt"),
        "{line}"
    );
    assert!(
        line["path_escaped"]
            .as_str()
            .unwrap()
            .ends_with("back\\xff.txt"),
        "{line}"
    );
    let export = ada.folder().join(OsStr::from_bytes(b"receipts\xfe.jsonl"));
    let mut receipts = ada.privicore(&["receipts", "export", "-o"]).unwrap();
    let exported = receipts.arg(&export).output().await.unwrap();
    assert!(exported.status.success(), "{exported:?}");
}

#[tokio::test]
async fn keys_never_go_into_the_folder_a_command_runs_in() {
    let nobody = Person::with(&[]).unwrap();
    let homes: [&[(&str, &str)]; 3] = [
        &[("HOME", "home")],
        &[("HOME", "home"), ("XDG_DATA_HOME", "data")],
        &[("HOME", "."), ("XDG_DATA_HOME", "")],
    ];
    for home in homes {
        let json = nobody.privicore(&["status"]).unwrap();
        let mut command = Command::new(json.as_std().get_program());
        command
            .args(["--json", "--no-keyring", "status"])
            .current_dir(nobody.folder())
            .env_remove("XDG_DATA_HOME")
            .envs(home.iter().copied());
        let (code, told) = complaint(command).await.unwrap();
        assert_eq!((code, &told["error"]), (1, &"no_data_folder".into()));
        assert!(told["hint"].as_str().unwrap().contains("--data-dir"));
        assert_eq!(
            fs::read_dir(nobody.folder()).unwrap().count(),
            0,
            "{home:?}"
        );
    }
}

#[tokio::test]
async fn a_folder_that_was_there_keeps_its_mode_and_is_refused_when_everybody_may_write_to_it() {
    let nobody = Person::with(&[]).unwrap();
    let folder = nobody.data_dir();
    fs::create_dir(&folder).unwrap();
    let mode = |folder: &Path| fs::metadata(folder).unwrap().permissions().mode() & 0o7777;
    for (there, notices) in [(0o755, 0), (0o700, 0), (0o775, 1), (0o1777, 1)] {
        fs::set_permissions(&folder, Permissions::from_mode(there)).unwrap();
        let status = nobody
            .privicore(&["status"])
            .unwrap()
            .output()
            .await
            .unwrap();
        assert!(status.status.success(), "{there:o}: {status:?}");
        let told = String::from_utf8(status.stderr).unwrap();
        assert_eq!(
            told.matches("\"notice\":\"data_folder_open\"").count(),
            notices,
            "{there:o}"
        );
        assert_eq!(mode(&folder), there);
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();
    let (code, told) = nobody.fails(&["status"]).await.unwrap();
    assert_eq!((code, &told["error"]), (1, &"data_folder_open".into()));
    assert_eq!(mode(&folder), 0o777);
}

#[tokio::test]
async fn a_transfer_that_goes_on_failing_is_listed_and_can_be_given_up() {
    const UPSTREAM: &str = "upstream";
    let fixture = CliFixture::set(Dialect::Observed).await;
    fixture.write("large.bin", 3 << 20);
    let faults = fixture.sandbox.control();
    faults.faults().plan(UPSTREAM, Fault::AnswerWithheld, 1);
    let before = faults.calls(UPSTREAM);
    let mut put = fixture.ada.privicore(&["put", "large.bin"]).unwrap();
    let mut child = put
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("the bytes are on their way", async || {
        faults.calls(UPSTREAM) > before
    })
    .await;
    child.kill().await.unwrap();
    let listed = fixture.ada.does(&["transfers"]).await.unwrap();
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(
        (&listed[0]["direction"], &listed[0]["name"]),
        (&"store".into(), &"large.bin".into())
    );

    fs::remove_file(fixture.ada.folder().join("large.bin")).unwrap();
    faults.faults().clear();
    for _ in 0..2 {
        let (_, told) = fixture.ada.fails(&["resume"]).await.unwrap();
        assert_eq!(
            told["notice"], "transfers_kept",
            "what to do is said: {told}"
        );
        assert!(told["hint"].as_str().unwrap().contains("--drop"));
    }
    let id = listed[0]["transfer"].as_str().unwrap();
    let (_, told) = fixture
        .ada
        .fails(&["transfers", "--drop", "00"])
        .await
        .unwrap();
    assert_eq!(told["error"], "unknown_transfer");
    let dropped = fixture
        .ada
        .does(&["transfers", "--drop", id])
        .await
        .unwrap();
    assert_eq!(
        (&dropped[0]["transfer"], &dropped[0]["dropped"]),
        (&id.into(), &true.into())
    );
    assert!(fixture.ada.does(&["transfers"]).await.unwrap().is_empty());
    assert!(fixture.ada.does(&["resume"]).await.unwrap().is_empty());
}

/// What became of a command that was asked something at a terminal of its own.
async fn at_a_terminal(command: Command, prompt: &str, echo: &str, act: &str) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/at-a-terminal.py");
    let asked = command.as_std();
    let mut python = Command::new("python3");
    python
        .args([script, prompt, echo, act])
        .arg(asked.get_program())
        .args(asked.get_args())
        .current_dir(asked.get_current_dir().unwrap());
    for (name, value) in asked.get_envs() {
        match value {
            Some(value) => python.env(name, value),
            None => python.env_remove(name),
        };
    }
    let output = python.output().await.unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

#[tokio::test]
async fn a_signal_at_a_prompt_leaves_the_terminal_showing_what_is_typed() {
    let (_sandbox, ada) = ada().await;
    for (act, code) in [
        ("type:\\x03", 130),
        ("signal:TERM", 143),
        ("signal:HUP", 129),
        ("signal:QUIT", 131),
    ] {
        let mut unlock = for_a_person(&ada, &["unlock"]);
        unlock.env_remove("PRIVICORE_PASSPHRASE");
        let ended = at_a_terminal(unlock, "on this machine:", "hidden", act).await;
        assert_eq!(ended["code"], code, "{act}: {ended}");
        assert_eq!(ended["shows"], true, "{act}: {ended}");
    }
    let mut unlock = for_a_person(&ada, &["unlock"]);
    unlock.env_remove("PRIVICORE_PASSPHRASE");
    let typed = format!("type:{PASSPHRASE}\\n");
    let ended = at_a_terminal(unlock, "on this machine:", "hidden", &typed).await;
    assert_eq!(
        (&ended["code"], &ended["shows"]),
        (&0.into(), &true.into()),
        "{ended}"
    );
    assert!(!ended["seen"].as_str().unwrap().contains(PASSPHRASE));
}

#[tokio::test]
async fn yes_in_any_case_replaces_a_file_and_its_name_is_shown_safely() {
    let (_sandbox, ada) = ada().await;
    fs::write(ada.folder().join(HOSTILE), "b").unwrap();
    let stored = ada.does(&["put", HOSTILE]).await.unwrap().remove(0);
    let id = stored["id"].as_str().unwrap();
    let target = ada.folder().join("back.txt");
    for (answer, content) in [("no", "there"), ("YES", "b")] {
        fs::write(&target, "there").unwrap();
        let get = for_a_person(&ada, &["get", id, "-o", "back.txt"]);
        let act = format!("type:{answer}\\n");
        let ended = at_a_terminal(get, "[y/N]", "shown", &act).await;
        assert_eq!(fs::read_to_string(&target).unwrap(), content, "{ended}");
        let question = ended["seen"]
            .as_str()
            .unwrap()
            .split("[y/N]")
            .next()
            .unwrap();
        assert!(
            !question.contains('\u{1b}') && question.contains("\\u{1b}[2J"),
            "{question:?}"
        );
    }
}
