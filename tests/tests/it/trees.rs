//! Trees of files put and got back as they were, by the command line: names, folders, times, what can be run.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use privicore_client::operations::data_token::{
    ConfigureFileMeta, ExchangeData, ReserveTokenSpace, RetrieveTemporaryToken,
};
use privicore_client::operations::profile::Authenticate;
use privicore_client::{Client, Configuration, DataAnswer, ServerUrls};
use privicore_sandbox::{Dialect, Fault};
use privicore_tests::cli_fixture::CliFixture;
use privicore_tests::command_line::{Person, SECRET};
use privicore_tests::in_each_dialect;
use privicore_tests::test_vault::random_bytes;
use serde_json::Value;

in_each_dialect!(what_was_put_as_a_tree_comes_back_as_it_was);

/// What can be compared of a file or a folder: none of it for a folder.
type Seen = Option<(Vec<u8>, (i64, i64), bool)>;

/// Everything below a folder, by the bytes of its path from there.
pub(crate) type Tree = BTreeMap<Vec<u8>, Seen>;

pub(crate) fn seen(folder: &Path) -> Tree {
    let mut all = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(at) = waiting.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            let inside = path.strip_prefix(folder).unwrap();
            let inside = inside.as_os_str().as_bytes().to_vec();
            let metadata = path.symlink_metadata().unwrap();
            if metadata.is_dir() {
                all.insert(inside, None);
                waiting.push(path);
            } else if metadata.is_file() {
                let modified = (metadata.mtime(), metadata.mtime_nsec());
                let can_run = metadata.mode() & 0o100 != 0;
                let bytes = fs::read(&path).unwrap();
                all.insert(inside, Some((bytes, modified, can_run)));
            }
        }
    }
    all
}

/// Sets a time, or the next one that the file system can keep.
fn set_time(path: &Path, seconds: i64, ns: u32) {
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let time = if seconds < 0 {
        SystemTime::UNIX_EPOCH - whole
    } else {
        SystemTime::UNIX_EPOCH + whole
    };
    let file = File::open(path).unwrap();
    file.set_modified(time + Duration::from_nanos(u64::from(ns)))
        .unwrap();
}

/// Names that are equal, odd or no text, folders without files, programs, and times from 1901 to 9999.
pub(crate) fn grow(tree: &Path) {
    let name = |bytes: &[u8]| OsStr::from_bytes(bytes).to_owned();
    for folder in [
        "photos/2025",
        "photos/2026",
        "empty/inner/innermost",
        "x/empty",
    ] {
        fs::create_dir_all(tree.join(folder)).unwrap();
    }
    let odd = tree.join(name(b"caf\xe9"));
    fs::create_dir_all(odd.join(name(b"empty \xff"))).unwrap();
    let files = [
        (tree.join("photos/2025/same.txt"), -2_177_452_800, 1),
        (tree.join("photos/2026/same.txt"), -1, 999_999_999),
        (tree.join("photos/same.txt"), 0, 0),
        (tree.join("part 10"), 1_700_000_000, 123_456_789),
        (tree.join("part 2"), 253_402_300_799, 0),
        (tree.join("back\\slash"), 7, 7),
        (tree.join("line\nbreak"), 8, 8),
        (odd.join("plain"), 9, 9),
        (odd.join(name(b"a\xff")), 10, 10),
        (tree.join(name(b"a\\xff")), 11, 11),
        (tree.join("x/large.bin"), 12, 12),
        (tree.join("x/nothing in it"), 13, 13),
    ];
    for ((path, seconds, ns), number) in files.iter().zip(1..) {
        let length = match path.file_name().unwrap().as_bytes() {
            b"large.bin" => 100_000,
            b"nothing in it" => 0,
            _ => number,
        };
        fs::write(path, random_bytes(length)).unwrap();
        if number % 3 == 0 {
            fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
        }
        set_time(path, *seconds, *ns);
    }
    symlink("/etc/passwd", tree.join("a link")).unwrap();
}

async fn what_was_put_as_a_tree_comes_back_as_it_was(dialect: Dialect) {
    let fixture = CliFixture::set(dialect).await;
    let at = |name: &str| fixture.ada.folder().join(name);
    grow(&at("tree"));
    let before = seen(&at("tree"));
    let output = fixture.ada.privicore(&["put", "tree"]).unwrap();
    let output = output_of(output).await;
    assert!(output.status.success(), "{output:?}");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("tree/a link"), "{told}");

    fixture
        .ada
        .does(&["get", "--all", "-o", "out"])
        .await
        .unwrap();
    assert!(
        seen(&at("out/tree")) == before,
        "{:?}",
        seen(&at("out")).keys()
    );

    // Again, nothing is sent either way.
    fixture.sandbox.control().forget_calls();
    let put = ["put", "tree", "--existing", "skip"];
    assert!(fixture.ada.does(&put).await.unwrap().is_empty());
    let get = ["get", "tree", "-o", "out", "--existing", "skip"];
    assert!(fixture.ada.does(&get).await.unwrap().is_empty());
    let calls = fixture.sandbox.control().list_calls();
    let is_about_data = |call: &&String| call.contains("reserve") || call.contains("request-data");
    assert!(!calls.keys().any(|call| is_about_data(&call)), "{calls:?}");
    assert!(seen(&at("out/tree")) == before);

    // What changed is sent, and nothing else.
    fs::write(at("tree/part 2"), b"changed").unwrap();
    let sent = fixture.ada.does(&put).await.unwrap();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["path"], "tree/part 2");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_with_a_label_come_back_in_their_folders_and_no_others() {
    let fixture = CliFixture::set(Dialect::Documented).await;
    let at = |name: &str| fixture.ada.folder().join(name);
    for name in ["tree/legal/lease", "tree/lunch"] {
        fs::create_dir_all(at(name).parent().unwrap()).unwrap();
        fs::write(at(name), name).unwrap();
    }
    fixture.ada.does(&["put", "tree"]).await.unwrap();
    let label = ["label", "tree/legal/lease", "legal"];
    fixture.ada.does(&label).await.unwrap();

    let get = ["get", "--label", "legal", "-o", "out"];
    fixture.ada.does(&get).await.unwrap();
    assert_eq!(
        fs::read(at("out/tree/legal/lease")).unwrap(),
        b"tree/legal/lease"
    );
    assert!(!at("out/tree/lunch").exists());

    let none = ["get", "--label", "nothing", "-o", "other"];
    let (code, told) = fixture.ada.fails(&none).await.unwrap();
    assert_eq!((code, &told["error"]), (1, &"unknown_file".into()));
    assert!(!at("other").exists());
}

async fn output_of(mut command: tokio::process::Command) -> std::process::Output {
    command.output().await.unwrap()
}

fn paths(lines: &[Value]) -> Vec<&str> {
    lines
        .iter()
        .map(|line| line["path"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_comes_back_on_a_second_machine_that_has_the_kit_alone() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let at = |name: &str| fixture.ada.folder().join(name);
    grow(&at("tree"));
    let before = seen(&at("tree"));
    let output = output_of(fixture.ada.privicore(&["put", "tree"]).unwrap()).await;
    assert!(output.status.success(), "{output:?}");
    let kit = kit_of(&fixture).await;
    let second = restored(&fixture, &kit).await;
    second.does(&["get", "--all", "-o", "out"]).await.unwrap();
    assert!(seen(&second.folder().join("out/tree")) == before);
}

/// Saves ada's kit; answers the text file of it.
async fn kit_of(fixture: &CliFixture) -> PathBuf {
    let folder = fixture.ada.folder().join("kit");
    fs::create_dir(&folder).unwrap();
    let create = ["recovery", "create", "-o", "kit"];
    fixture.ada.does(&create).await.unwrap();
    let files = fs::read_dir(folder).unwrap();
    let mut files = files.map(|file| file.unwrap().path());
    let text = files.find(|file| file.extension().is_some_and(|end| end == "txt"));
    text.unwrap()
}

/// Somebody with an empty machine and ada's kit.
async fn restored(fixture: &CliFixture, kit: &Path) -> Person {
    let at = fixture.sandbox.addresses();
    let service = [
        ["--server", &at.api],
        ["--websocket", &at.websocket],
        ["--upstream", &at.upstream],
        ["--downstream", &at.downstream],
    ];
    let second = Person::with(&service.concat()).unwrap();
    let restore = ["recovery", "restore", "ada", "--kit", kit.to_str().unwrap()];
    second.does(&restore).await.unwrap();
    second
}

#[tokio::test(flavor = "multi_thread")]
async fn any_tree_comes_back_equal() {
    use proptest::strategy::{Strategy as _, ValueTree as _};
    use proptest::test_runner::TestRunner;

    let fixture = CliFixture::set(Dialect::Observed).await;
    let mut runner = TestRunner::deterministic();
    let name = proptest::collection::vec(1..=255_u8, 1..12);
    let file = (
        proptest::collection::vec(name, 1..4),
        0..200_usize,
        -2_000_000_000..4_000_000_000_i64,
        0..1_000_000_000_u32,
        proptest::bool::ANY,
    );
    let tree = proptest::collection::vec(file, 1..8);
    for case in 0..5 {
        let tree = tree.new_tree(&mut runner).unwrap().current();
        let top = fixture.ada.folder().join(format!("tree{case}"));
        fs::create_dir(&top).unwrap();
        for (way, size, seconds, ns, can_run) in tree {
            let names = way.iter().map(|name| {
                let name: Vec<u8> = name
                    .iter()
                    .map(|byte| if *byte == b'/' { b'_' } else { *byte })
                    .collect();
                match &name[..] {
                    b"." | b".." => "dots".into(),
                    name => OsStr::from_bytes(name).to_owned(),
                }
            });
            let path = names.fold(top.clone(), |path, name| path.join(name));
            // A name on the way may be a file's already.
            if fs::create_dir_all(path.parent().unwrap()).is_err() || path.is_dir() {
                continue;
            }
            if size < 20 {
                // A file may have the name already.
                let _ = fs::create_dir(&path);
                continue;
            }
            fs::write(&path, random_bytes(size)).unwrap();
            let mode = if can_run { 0o755 } else { 0o644 };
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            set_time(&path, seconds, ns);
        }
        let name = format!("tree{case}");
        fixture.ada.does(&["put", &name]).await.unwrap();
        fixture
            .ada
            .does(&["get", &name, "-o", "out"])
            .await
            .unwrap();
        let out = fixture.ada.folder().join("out").join(&name);
        assert!(seen(&out) == seen(&top), "case {case}");
    }
}

/// Another client of ada's profile.
async fn other_client(fixture: &CliFixture) -> Client {
    let at = fixture.sandbox.addresses();
    let servers = ServerUrls::parse(&at.api, &at.websocket, &at.upstream, &at.downstream);
    let client = Client::new(Configuration::new(servers.unwrap())).unwrap();
    let sign_in = Authenticate {
        username: "ada".to_owned(),
        password: SECRET.into(),
    };
    client.authorize(client.call(&sign_in).await.unwrap().token);
    client
}

/// Stores bytes under a name that is sealed already.
async fn plant(client: &Client, stored: &Bytes, file_name: String) {
    let reserve = ReserveTokenSpace {
        context: "documents".to_owned(),
        ttl: Some(5),
        meta: None,
    };
    let reservation = client.run_command(&reserve).await.unwrap();
    let space = RetrieveTemporaryToken { reservation };
    let space = client.call(&space).await.unwrap();
    let exchange = ExchangeData {
        temporary_token: space.token.clone(),
        data: stored.clone(),
    };
    client.run_command(&exchange).await.unwrap();
    let configure = ConfigureFileMeta {
        token: space.token,
        file_name,
        extension: "age".to_owned(),
        context: "documents".to_owned(),
        size: stored.len() as u64,
        path: "/".to_owned(),
    };
    client.call(&configure).await.unwrap();
}

/// Another client of the same profile writes what it likes into its records.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_path_a_record_has_nothing_is_saved_outside_of_the_folder() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let kit = kit_of(&fixture).await;
    let text = fs::read_to_string(&kit).unwrap();
    let mut words = text.split_whitespace();
    let key = words.find(|word| word.starts_with("PRIVICORE-NAME-KEY-1"));
    let key = key.unwrap();
    fs::write(fixture.ada.folder().join("seed"), b"1").unwrap();
    let seed = fixture.ada.does(&["put", "seed"]).await.unwrap().remove(0);
    let client = other_client(&fixture).await;
    let token = seed["token"].as_str().unwrap().to_owned().into();
    let DataAnswer::Inline(stored) = client.retrieve(&token, || {}).await.unwrap() else {
        panic!("a small file comes in the answer");
    };
    let key: privicore_envelope::NameKey = key.parse().unwrap();
    let hostile = [
        ("../../up", "a"),
        ("..", ".."),
        ("/etc", "absolute"),
        ("a\0b", "n\0ul"),
        ("C:\\Windows", "C:\\drive"),
        ("\\\\server\\share", "share"),
        ("", "../../../name with a way"),
        ("", ""),
        (".", "."),
        ("link", "through a link"),
        ("", "link"),
    ];
    for (number, (folder, name)) in hostile.iter().enumerate() {
        let record = privicore_envelope::NameRecord {
            name: (*name).to_owned(),
            path: (*folder).to_owned(),
            media_type: None,
            modified: Some(privicore_envelope::ModifiedTime::new(i64::MAX, 0)),
            is_executable: false,
            size: 1,
            is_escaped: number % 2 == 1,
            stored: None,
            renamed: None,
        };
        plant(
            &client,
            &stored,
            privicore_envelope::seal_name(&key, &record),
        )
        .await;
    }
    let expected = hostile.len() + 1;
    let second = restored(&fixture, &kit).await;
    let at = |name: &str| second.folder().join(name);
    fs::create_dir(at("out")).unwrap();
    fs::create_dir(at("elsewhere")).unwrap();
    symlink("../elsewhere", at("out/link")).unwrap();
    let around = || {
        let names = fs::read_dir(second.folder()).unwrap();
        let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = around();
    let got = second.does(&["get", "--all", "-o", "out"]).await.unwrap();
    assert_eq!(got.len(), expected, "{got:?}");
    assert_eq!(around(), before);
    assert_eq!(fs::read_dir(at("elsewhere")).unwrap().count(), 0);
    assert!(at("out/link").symlink_metadata().unwrap().is_symlink());
    let files = seen(&at("out"));
    assert_eq!(
        files.values().flatten().count(),
        expected,
        "{:?}",
        files.keys()
    );

    let replace = ["get", "--all", "-o", "out", "--existing", "replace"];
    let output = output_of(second.privicore(&replace).unwrap()).await;
    assert_eq!(output.status.code(), Some(6), "{output:?}");
    assert_eq!(fs::read_dir(at("elsewhere")).unwrap().count(), 0);
    assert!(at("out/link").symlink_metadata().unwrap().is_symlink());
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_stand_for_files_with_their_versions_and_for_folders() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let ada = &fixture.ada;
    let at = |name: &str| ada.folder().join(name);
    fs::create_dir_all(at("t/sub/empty")).unwrap();
    fs::write(at("t/part 2"), b"2").unwrap();
    fs::write(at("t/part 10"), b"10").unwrap();
    fs::write(at("t/sub/b.txt"), b"old").unwrap();
    ada.does(&["put", "t", "--to", "Letters/2026"])
        .await
        .unwrap();
    fs::write(at("t/sub/b.txt"), b"new content").unwrap();
    let again = ["put", "t/sub/b.txt", "--to", "Letters/2026/t/sub"];
    ada.does(&again).await.unwrap();

    let listed = ada.does(&["ls", "Letters/2026/t"]).await.unwrap();
    let expected = ["sub", "part 2", "part 10"].map(|name| format!("Letters/2026/t/{name}"));
    assert_eq!(paths(&listed), expected);
    assert_eq!(listed[0]["kind"], "folder");
    let listed = ada.does(&["ls", "Letters", "-R"]).await.unwrap();
    assert_eq!(listed.len(), 7, "{listed:?}");
    let file = &ada.does(&["ls", "Letters/*/t/sub/b.*"]).await.unwrap()[0];
    assert_eq!((&file["versions"], &file["size"]), (&2.into(), &11.into()));
    assert!(file["modified"].is_string());
    let found = ada.does(&["find", "B.TXT", "letters"]).await.unwrap();
    assert_eq!(paths(&found), ["Letters/2026/t/sub/b.txt"]);

    let path = "Letters/2026/t/sub/b.txt";
    let versions = ada.does(&["versions", path]).await.unwrap();
    let numbers: Vec<_> = versions.iter().map(|line| &line["version"]).collect();
    assert_eq!(numbers, [2, 1]);
    ada.does(&["get", path, "-o", "newest"]).await.unwrap();
    assert_eq!(fs::read(at("newest")).unwrap(), b"new content");
    let oldest = versions[1]["id"].as_str().unwrap();
    ada.does(&["get", oldest, "-o", "oldest"]).await.unwrap();
    assert_eq!(fs::read(at("oldest")).unwrap(), b"old");

    let flat = ["get", "Letters", "-o", "flat", "--flat"];
    assert_eq!(ada.does(&flat).await.unwrap().len(), 3);
    assert_eq!(fs::read_dir(at("flat")).unwrap().count(), 3);

    let refused = ada.privicore(&["rm", "Letters/2026/t/sub"]).unwrap();
    assert_eq!(output_of(refused).await.status.code(), Some(2));
    assert_eq!(ada.does(&["rm", path]).await.unwrap().len(), 2);
    ada.does(&["rm", "-r", "Letters"]).await.unwrap();
    assert!(ada.does(&["ls", "-R"]).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_already_becomes_a_version_or_gets_a_number() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let ada = &fixture.ada;
    fs::write(ada.folder().join("a.txt"), b"1").unwrap();
    ada.does(&["put", "a.txt"]).await.unwrap();
    let both = ["put", "a.txt", "--existing", "keep-both"];
    let second = ada.does(&both).await.unwrap();
    assert_eq!(paths(&second), ["a (2).txt"]);
    ada.does(&["put", "a.txt"]).await.unwrap();
    let versions = ada.does(&["versions", "a.txt"]).await.unwrap();
    assert_eq!(versions.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_ls_and_get_take_patterns() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let ada = &fixture.ada;
    for name in ["photo1.jpg", "photo2.jpg"] {
        fixture.write(name, 100);
        ada.does(&["put", name]).await.unwrap();
    }
    for arguments in [
        &["rm", "photo[1].jpg"][..],
        &["rm", "-r", "*"],
        &["verify", "photo*"],
        &["reseal", "photo*"],
        &["forget", "photo*"],
        &["versions", "photo?.jpg"],
    ] {
        let (code, told) = ada.fails(arguments).await.unwrap();
        assert_eq!((code, &told["error"]), (1, &"unknown_file".into()));
    }
    assert_eq!(fixture.tokens().await, 2);
    assert_eq!(ada.does(&["ls", "photo*"]).await.unwrap().len(), 2);
    let got = ada.does(&["get", "photo[2]*", "-o", "back"]).await;
    assert_eq!(got.unwrap().len(), 1);

    // What is called like a pattern is that, and not what the pattern matches.
    fixture.write("photo[1].jpg", 100);
    ada.does(&["put", "photo[1].jpg"]).await.unwrap();
    let listed = ada.does(&["ls", "photo[1].jpg"]).await.unwrap();
    assert_eq!(paths(&listed), ["photo[1].jpg"]);
    ada.does(&["rm", "photo[1].jpg"]).await.unwrap();
    let listed = ada.does(&["ls"]).await.unwrap();
    assert_eq!(paths(&listed), ["photo1.jpg", "photo2.jpg"]);
}

const LIST: &str = "data-token/list-data-tokens";

#[tokio::test(flavor = "multi_thread")]
async fn get_and_rm_of_a_path_see_what_another_computer_stored() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let ada = &fixture.ada;
    let kit = kit_of(&fixture).await;
    fs::write(ada.folder().join("a.txt"), b"old").unwrap();
    ada.does(&["put", "a.txt"]).await.unwrap();
    let second = restored(&fixture, &kit).await;
    let got = |name: &str| fs::read(ada.folder().join(name)).unwrap();
    fs::write(second.folder().join("a.txt"), b"newer").unwrap();
    second.does(&["put", "a.txt"]).await.unwrap();

    // Without the list it goes on with what it knows, and says so.
    let unavailable = Fault::Unavailable { retry_after: 0 };
    let faults = fixture.sandbox.control();
    faults.faults().plan(LIST, unavailable, 100);
    let (code, _) = ada.fails(&["get", "a.txt", "-o", "stale"]).await.unwrap();
    assert_ne!(code, 0);
    assert_eq!(got("stale"), b"old");
    ada.fails(&["rm", "a.txt"]).await.unwrap();
    assert_eq!(fixture.tokens().await, 2);
    faults.faults().clear();

    ada.does(&["get", "a.txt", "-o", "newest"]).await.unwrap();
    assert_eq!(got("newest"), b"newer");
    fs::write(second.folder().join("a.txt"), b"newest of all").unwrap();
    second.does(&["put", "a.txt"]).await.unwrap();
    assert_eq!(ada.does(&["rm", "a.txt"]).await.unwrap().len(), 3);
    assert_eq!(fixture.tokens().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_file_is_skipped_like_several() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let ada = &fixture.ada;
    let at = |name: &str| ada.folder().join(name);
    fs::create_dir(at("t")).unwrap();
    fixture.write("t/a.txt", 100);
    ada.does(&["put", "t"]).await.unwrap();
    for target in ["there.txt", "folder"] {
        let get = ["get", "t/a.txt", "-o", target, "--existing", "skip"];
        if target == "folder" {
            fs::create_dir(at(target)).unwrap();
        }
        let got = ada.does(&get).await.unwrap();
        assert_eq!(got.len(), 1, "{got:?}");
        assert!(ada.does(&get).await.unwrap().is_empty(), "{target}");
    }
    assert!(at("there.txt").is_file());
    let names = fs::read_dir(at("folder")).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["a.txt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_without_files_is_got_by_its_id_as_a_folder() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let ada = &fixture.ada;
    fs::create_dir_all(ada.folder().join("t/empty")).unwrap();
    let stored = ada.does(&["put", "t"]).await.unwrap();
    assert_eq!((stored.len(), &stored[0]["kind"]), (1, &"folder".into()));
    let id = stored[0]["id"].as_str().unwrap();
    ada.does(&["get", id, "-o", "out"]).await.unwrap();
    assert!(ada.folder().join("out/empty").is_dir());
}

#[tokio::test(flavor = "multi_thread")]
async fn rm_finds_everything_first_and_deletes_the_oldest_version_first() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let ada = &fixture.ada;
    fs::create_dir(ada.folder().join("t")).unwrap();
    for size in [10, 20, 30] {
        fixture.write("t/a.txt", size);
        ada.does(&["put", "t"]).await.unwrap();
    }
    fixture.write("b.txt", 10);
    ada.does(&["put", "b.txt"]).await.unwrap();
    let versions = ada.does(&["versions", "t/a.txt"]).await.unwrap();
    let ids = |lines: &[Value]| -> Vec<Value> {
        let ids = lines.iter().map(|line| line["id"].clone());
        ids.collect()
    };
    let mut oldest_first = ids(&versions);
    oldest_first.reverse();

    // A folder is a problem of its own argument.
    let rm = ada.privicore(&["rm", "t", "b.txt"]).unwrap();
    let ended = output_of(rm).await;
    assert_eq!(ended.status.code(), Some(2), "{ended:?}");
    assert_eq!(fixture.tokens().await, 3);
    let (code, _) = ada.fails(&["rm", "-r", "/"]).await.unwrap();
    assert_ne!(code, 0);
    assert_eq!(fixture.tokens().await, 3);

    let deleted = ada.does(&["rm", "-r", "t", "t/a.txt"]).await.unwrap();
    assert_eq!(ids(&deleted), oldest_first);
    for line in &deleted {
        assert_eq!((&line["files"], &line["versions"]), (&1.into(), &3.into()));
    }
    assert_eq!(fixture.tokens().await, 0);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_is_written_like_another_is_not_guessed_at() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let ada = &fixture.ada;
    let at = |name: &str| ada.folder().join(name);
    fs::create_dir(at("t")).unwrap();
    fs::write(at("t").join(OsStr::from_bytes(b"a\xff")), b"bytes").unwrap();
    ada.does(&["put", "t"]).await.unwrap();
    ada.does(&["get", r"t/a\xff", "-o", "alone"]).await.unwrap();
    assert_eq!(fs::read(at("alone")).unwrap(), b"bytes");
    fs::write(at(r"t/a\xff"), b"text").unwrap();
    ada.does(&["put", r"t/a\xff", "--to", "t"]).await.unwrap();

    ada.does(&["get", r"t/a\xff", "-o", "text"]).await.unwrap();
    assert_eq!(fs::read(at("text")).unwrap(), b"text");
    let (code, told) = ada.fails(&["rm", r"t/a\xff"]).await.unwrap();
    assert_eq!(code, 2);
    for file in ada.does(&["ls"]).await.unwrap() {
        let id = file["id"].as_str().unwrap();
        assert!(told["message"].as_str().unwrap().contains(id), "{told}");
    }
    assert_eq!(fixture.tokens().await, 2);
}
