//! Files named by their paths on the command line: versions, folders, patterns, and names that are not guessed at.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;

use privicore_sandbox::{Dialect, Fault};
use privicore_tests::cli_fixture::CliFixture;
use serde_json::Value;

use super::trees::{kit_of, output_of, paths, restored};

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
