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
use privicore_sandbox::Dialect;
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

pub(crate) async fn output_of(mut command: tokio::process::Command) -> std::process::Output {
    command.output().await.unwrap()
}

pub(crate) fn paths(lines: &[Value]) -> Vec<&str> {
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
pub(crate) async fn kit_of(fixture: &CliFixture) -> PathBuf {
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
pub(crate) async fn restored(fixture: &CliFixture, kit: &Path) -> Person {
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
