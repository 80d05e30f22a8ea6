//! Moving, labelling, restoring, and content by standard input and output, by the command line; killed at each step.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use privicore_sandbox::{Dialect, Fault};
use privicore_tests::cli_fixture::CliFixture;
use privicore_tests::command_line::Person;
use privicore_tests::test_vault::random_bytes;
use privicore_tests::{in_each_dialect, wait_until};
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;

const RENAME: &str = "data-token/update-data-token";
const REQUEST: &str = "data-token/request-data";
const META: &str = "data-token/configure-file-meta";

/// A folder is killed while it is moved when so many of its files have been asked for.
const ASKED_FOR: [u64; 3] = [1, 7, 11];

const SMALL: usize = 1000;
const LARGE: usize = 3 << 20;

in_each_dialect!(
    files_and_folders_are_moved_renamed_and_labelled,
    another_computer_takes_new_names_over_without_a_question,
    what_comes_by_standard_input_goes_out_by_standard_output,
    nothing_is_written_to_standard_output_that_is_not_what_was_stored,
    an_older_version_becomes_the_newest_and_none_is_deleted,
    a_rename_killed_while_it_is_sent_ends_as_the_service_has_it,
    a_folder_killed_while_it_is_moved_has_each_file_in_one_of_the_two_places,
    standard_input_killed_while_it_is_sent_is_stored_once,
    a_restore_killed_at_any_step_leaves_the_versions_and_no_copy,
);

/// The paths and labels that are listed.
async fn paths(person: &Person) -> Vec<(String, String)> {
    let listed = person.does(&["ls"]).await.unwrap();
    let mut paths: Vec<_> = listed
        .iter()
        .map(|line| {
            assert!(line["renamed"].is_null(), "{line}");
            (text(line, "path"), text(line, "context"))
        })
        .collect();
    paths.sort();
    paths
}

fn text(line: &Value, field: &str) -> String {
    line[field].as_str().unwrap_or_default().to_owned()
}

fn documents(paths: &[&str]) -> Vec<(String, String)> {
    let of = |path: &&str| ((*path).to_owned(), "documents".to_owned());
    paths.iter().map(of).collect()
}

async fn run(person: &Person, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = person.privicore(arguments).unwrap();
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = piped.stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writing = tokio::spawn(async move {
        // Who does not read it has ended.
        let _ = stdin.write_all(&input).await;
    });
    let output = child.wait_with_output().await.unwrap();
    writing.await.unwrap();
    output
}

/// Nothing is left of content on its way.
fn holds_no_copies(person: &Person) {
    for profile in fs::read_dir(person.data_dir().join("profiles")).unwrap() {
        let spool = profile.unwrap().path().join("spool");
        if let Ok(left) = fs::read_dir(&spool) {
            assert_eq!(left.count(), 0, "{}", spool.display());
        }
    }
}

/// Whether some bytes are anywhere below a folder.
fn is_on_disk(folder: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return is_on_disk(&path, bytes);
        }
        let content = fs::read(&path).unwrap_or_default();
        memchr::memmem::find(&content, bytes).is_some()
    })
}

async fn files_and_folders_are_moved_renamed_and_labelled(dialect: Dialect) {
    let fixture = CliFixture::set(dialect).await;
    let ada = &fixture.ada;
    for name in ["a.txt", "b.txt"] {
        fixture.write(name, SMALL);
    }
    ada.does(&["put", "a.txt", "b.txt"]).await.unwrap();
    let done = ada.does(&["mv", "a.txt", "notes/"]).await.unwrap();
    assert_eq!(done[0]["done"], 1);
    ada.does(&["mv", "notes", "old notes"]).await.unwrap();
    ada.does(&["mv", "b.txt", "old notes/a.txt"])
        .await
        .unwrap_err();
    ada.does(&["mv", "b.txt", "old notes/c.txt"]).await.unwrap();
    assert_eq!(
        paths(ada).await,
        documents(&["old notes/a.txt", "old notes/c.txt"])
    );
    ada.does(&["label", "old notes", "taxes"]).await.unwrap();
    let labels = paths(ada).await.into_iter().map(|(_, label)| label);
    assert!(labels.eq(["taxes", "taxes"]));
    let (code, told) = ada.fails(&["mv", "old notes/a.txt", ".."]).await.unwrap();
    assert_eq!((code, &told["error"]), (1, &"bad_name".into()));
    let long = ["ls", "-R", "--long"];
    let listed = ada.does(&long).await.unwrap();
    let files = listed.iter().filter(|line| line["kind"] == "file");
    assert_eq!(files.count(), 2);
    fixture.comes_back("c.txt", SMALL).await;
    let classify = [
        "--classification",
        "secret",
        "--label",
        "red",
        "--handling",
        "keep",
    ];
    ada.does(&[&["classify", "old notes/a.txt"][..], &classify].concat())
        .await
        .unwrap();
}

async fn another_computer_takes_new_names_over_without_a_question(dialect: Dialect) {
    let fixture = CliFixture::set(dialect).await;
    let ada = &fixture.ada;
    fixture.write("a.txt", SMALL);
    ada.does(&["put", "a.txt"]).await.unwrap();
    let create = ["recovery", "create", "-o", "kit"];
    fs::create_dir(ada.folder().join("kit")).unwrap();
    ada.does(&create).await.unwrap();
    let kit = fs::read_dir(ada.folder().join("kit")).unwrap().flatten();
    let mut kit = kit.map(|entry| entry.path());
    let kit = kit.find(|path| path.extension().is_some_and(|it| it == "txt"));
    let at = fixture.sandbox.addresses();
    let service = [
        ["--server", &at.api],
        ["--websocket", &at.websocket],
        ["--upstream", &at.upstream],
        ["--downstream", &at.downstream],
    ];
    let second = Person::with(&service.concat()).unwrap();
    let kit = kit.unwrap();
    let restore = ["recovery", "restore", "ada", "--kit", kit.to_str().unwrap()];
    second.does(&restore).await.unwrap();
    fs::write(second.folder().join("b.txt"), random_bytes(SMALL)).unwrap();
    second.does(&["put", "b.txt"]).await.unwrap();
    // One that the other has a receipt for, and one that it only lists.
    assert_eq!(paths(&second).await, documents(&["a.txt", "b.txt"]));
    ada.does(&["mv", "a.txt", "b.txt", "there/"]).await.unwrap();
    assert_eq!(
        paths(&second).await,
        documents(&["there/a.txt", "there/b.txt"])
    );
    second.does(&["mv", "there", "back"]).await.unwrap();
    assert_eq!(paths(ada).await, documents(&["back/a.txt", "back/b.txt"]));
    ada.does(&["verify", "back/a.txt"]).await.unwrap();
    second.does(&["verify", "back/b.txt"]).await.unwrap();
}

async fn what_comes_by_standard_input_goes_out_by_standard_output(dialect: Dialect) {
    let fixture = CliFixture::set(dialect).await;
    for size in [0, 1, SMALL, LARGE] {
        let name = format!("{size}.bin");
        let bytes = random_bytes(size);
        let put = run(
            &fixture.ada,
            &["put", "-", "--name", &name, "--to", "in"],
            &bytes,
        )
        .await;
        assert!(put.status.success(), "{put:?}");
        let line: Value = serde_json::from_slice(&put.stdout).unwrap();
        assert_eq!(
            (&line["size"], &line["folder"]),
            (&size.into(), &"in".into())
        );
        let got = run(
            &fixture.ada,
            &["get", &format!("in/{name}"), "-o", "-"],
            b"",
        )
        .await;
        assert!(got.status.success(), "{got:?}");
        assert!(got.stdout == bytes, "{size}");
        assert!(got.stderr.is_empty(), "{got:?}");
        holds_no_copies(&fixture.ada);
    }
    let bad = run(&fixture.ada, &["put", "-", "--name", "a/b"], b"x").await;
    assert!(!bad.status.success());
}

async fn nothing_is_written_to_standard_output_that_is_not_what_was_stored(dialect: Dialect) {
    let fixture = CliFixture::set(dialect).await;
    fixture.write("large.bin", LARGE);
    fixture.ada.does(&["put", "large.bin"]).await.unwrap();
    // Its last chunk: all before it would have been written.
    let at = LARGE as u64;
    plan(&fixture, "downstream", Fault::FlipByte { at });
    let got = run(&fixture.ada, &["get", "large.bin", "-o", "-"], b"").await;
    assert_eq!(got.status.code(), Some(8), "{got:?}");
    assert!(got.stdout.is_empty());
    holds_no_copies(&fixture.ada);
}

async fn an_older_version_becomes_the_newest_and_none_is_deleted(dialect: Dialect) {
    let fixture = CliFixture::set(dialect).await;
    let ada = &fixture.ada;
    for size in [SMALL, LARGE, 7] {
        fixture.write("a.bin", size);
        ada.does(&["put", "a.bin", "--label", "letters"])
            .await
            .unwrap();
    }
    let before = ada.does(&["versions", "a.bin"]).await.unwrap();
    let of = |number: u64, field: &str| {
        let line = before.iter().find(|line| line["version"] == number);
        line.unwrap()[field].clone()
    };
    for (number, size) in [(1, SMALL), (2, LARGE)] {
        let number = number.to_string();
        let restore = ["restore", "a.bin", "--version", &number];
        ada.does(&restore).await.unwrap();
        newest_is(&fixture, size).await;
        holds_no_copies(ada);
    }
    let after = ada.does(&["versions", "a.bin"]).await.unwrap();
    assert_eq!(after.len(), 5);
    let newest = &after[0];
    assert_eq!(
        (&newest["version"], &newest["size"]),
        (&5.into(), &of(2, "size"))
    );
    assert_eq!(newest["modified"], of(2, "modified"));
    assert_eq!(newest["context"], "letters");
    for (old, kept) in before.iter().zip(&after[2..]) {
        assert_eq!(old["id"], kept["id"]);
    }
    // The newest is not stored once more, and there is no sixth.
    ada.does(&["restore", "a.bin", "--version", "5"])
        .await
        .unwrap();
    assert_eq!(ada.does(&["versions", "a.bin"]).await.unwrap().len(), 5);
    let (code, told) = ada
        .fails(&["restore", "a.bin", "--version", "6"])
        .await
        .unwrap();
    assert_eq!((code, &told["error"]), (2, &"usage".into()));
}

async fn a_rename_killed_while_it_is_sent_ends_as_the_service_has_it(dialect: Dialect) {
    let fixture = CliFixture::set(dialect).await;
    fixture.write("a.bin", SMALL);
    fixture.ada.does(&["put", "a.bin"]).await.unwrap();
    // The service does it, and its answer never comes.
    plan(&fixture, RENAME, Fault::AnswerWithheld);
    kill(&fixture, &["mv", "a.bin", "b.bin"], RENAME).await;
    // The request may have been cut off before the service had it.
    let listed = paths(&fixture.ada).await;
    let name = listed[0].0.clone();
    assert!(["a.bin", "b.bin"].contains(&name.as_str()), "{name}");
    fixture.holds_exactly(1, RENAME).await;
    fixture.ada.does(&["mv", &name, "c.bin"]).await.unwrap();
    fixture.comes_back("c.bin", SMALL).await;
}

async fn a_folder_killed_while_it_is_moved_has_each_file_in_one_of_the_two_places(
    dialect: Dialect,
) {
    let fixture = CliFixture::set(dialect).await;
    let ada = &fixture.ada;
    for (round, asked) in ASKED_FOR.into_iter().enumerate() {
        let folder = round.to_string();
        fs::create_dir(ada.folder().join(&folder)).unwrap();
        let names: Vec<String> = (10..22).map(|n| format!("{folder}-{n}.bin")).collect();
        for name in &names {
            fixture.write(&format!("{folder}/{name}"), SMALL);
        }
        ada.does(&["put", &folder]).await.unwrap();
        // Of what is under way some is done without an answer, and some has not reached the service.
        plan(&fixture, RENAME, Fault::AnswerWithheld);
        plan(&fixture, RENAME, Fault::AnswerWithheld);
        let moving = ["mv", &folder, "moved/"];
        kill_after(&fixture, &moving, RENAME, asked).await;

        let (old, new) = (format!("{folder}/"), format!("moved/{folder}/"));
        let (left, moved) = in_folders(ada, &old, &new).await;
        let mut found = [&left[..], &moved[..]].concat();
        found.sort();
        assert_eq!(found, names, "killed after {asked}");
        fixture
            .holds_exactly((round + 1) * names.len(), RENAME)
            .await;

        let rest: Vec<String> = left.iter().map(|name| format!("{old}{name}")).collect();
        if !rest.is_empty() {
            let rest = rest.iter().map(String::as_str);
            let moving: Vec<&str> = ["mv"].into_iter().chain(rest).chain([&new[..]]).collect();
            ada.does(&moving).await.unwrap();
            // What is left is an empty folder.
            ada.does(&["rm", "-r", &folder]).await.unwrap();
        }
        assert_eq!(in_folders(ada, &old, &new).await, (vec![], names.clone()));
        fixture.comes_back(&names[0], SMALL).await;
    }
}

/// The names of what is listed in each of two folders, in their order.
async fn in_folders(person: &Person, first: &str, second: &str) -> (Vec<String>, Vec<String>) {
    let listed = paths(person).await;
    let within = |folder: &str| {
        let names = listed
            .iter()
            .filter_map(|(path, _)| path.strip_prefix(folder));
        names.map(str::to_owned).collect()
    };
    (within(first), within(second))
}

async fn standard_input_killed_while_it_is_sent_is_stored_once(dialect: Dialect) {
    let fixture = CliFixture::set(dialect).await;
    let marked = [&b"a line that nobody else writes"[..], &random_bytes(LARGE)].concat();
    plan(&fixture, META, Fault::AnswerWithheld);
    let arguments = ["put", "-", "--name", "a.bin"];
    let mut command = fixture.ada.privicore(&arguments).unwrap();
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = quiet.stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&marked).await.unwrap();
    drop(stdin);
    let asked = async || fixture.sandbox.control().calls(META) > 0;
    wait_until("it is being stored", asked).await;
    child.kill().await.unwrap();
    fixture.sandbox.control().faults().clear();
    assert!(!is_on_disk(&fixture.ada.data_dir(), &marked[..30]));
    fixture.ada.does(&["resume"]).await.unwrap();
    fixture.holds_exactly(1, META).await;
    let got = run(&fixture.ada, &["get", "a.bin", "-o", "-"], b"").await;
    assert!(got.stdout == marked);
    holds_no_copies(&fixture.ada);
}

async fn a_restore_killed_at_any_step_leaves_the_versions_and_no_copy(dialect: Dialect) {
    let fixture = CliFixture::set(dialect).await;
    for size in [LARGE, SMALL] {
        fixture.write("a.bin", size);
        fixture.ada.does(&["put", "a.bin"]).await.unwrap();
    }
    let restore = ["restore", "a.bin", "--version", "1"];
    plan(&fixture, REQUEST, Fault::AnswerWithheld);
    kill(&fixture, &restore, REQUEST).await;
    newest_is(&fixture, SMALL).await;
    fixture.holds_exactly(2, REQUEST).await;
    holds_no_copies(&fixture.ada);
    plan(&fixture, META, Fault::AnswerWithheld);
    kill(&fixture, &restore, META).await;
    fixture.ada.does(&["resume"]).await.unwrap();
    fixture.holds_exactly(3, META).await;
    newest_is(&fixture, LARGE).await;
    holds_no_copies(&fixture.ada);
}

fn plan(fixture: &CliFixture, operation: &str, fault: Fault) {
    fixture.sandbox.control().faults().plan(operation, fault, 1);
}

/// Starts a command and kills it as soon as it has asked the service for `step` once more.
async fn kill(fixture: &CliFixture, command: &[&str], step: &str) {
    kill_after(fixture, command, step, 1).await;
}

/// The same when it has asked for it `asked` times.
async fn kill_after(fixture: &CliFixture, command: &[&str], step: &str, asked: u64) {
    let before = fixture.sandbox.control().calls(step);
    let mut command = fixture.ada.privicore(command).unwrap();
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = quiet.spawn().unwrap();
    let has_asked = async || fixture.sandbox.control().calls(step) >= before + asked;
    wait_until("the moment to kill it", has_asked).await;
    child.kill().await.unwrap();
    fixture.sandbox.control().faults().clear();
}

/// The newest version of the file has so many bytes.
async fn newest_is(fixture: &CliFixture, size: usize) {
    let got = run(&fixture.ada, &["get", "a.bin", "-o", "-"], b"").await;
    assert!(got.stdout == random_bytes(size), "{size}");
}
