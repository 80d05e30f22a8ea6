//! Local files: names of any bytes, links, empty folders, wrong lengths.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use privicore_sandbox::Dialect;
use privicore_tests::test_vault::TestVault;
use privicore_vault::{Code, Event, Explanation, TransferState, TreePath};
use tokio::sync::broadcast::Receiver;

fn notices(events: &mut Receiver<Event>) -> Vec<Explanation> {
    let mut notices = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let Event::Notice(notice) = event {
            notices.push(notice);
        }
    }
    notices
}

async fn tokens(fixture: &TestVault) -> usize {
    fixture.vault.refresh().await.unwrap();
    fixture.listed().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_folder_is_stored_as_one_and_is_said_to_be_empty() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let folder = fixture.originals().join("nothing");
    fs::create_dir_all(&folder).unwrap();
    let mut events = fixture.vault.events();
    let stored = fixture.store(vec![folder.clone()], "").await;
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0].state, TransferState::Done);
    let again = fixture.store(vec![folder], "").await;
    assert!(again.is_empty(), "one record is enough");
    assert!(fixture.listed().is_empty(), "it is no file");
    let top = fixture.vault.list_folder(&TreePath::default()).unwrap();
    assert_eq!(top.unwrap()[0].path.to_string(), "nothing");
    let mut notices = notices(&mut events);
    assert_eq!(notices.len(), 2);
    notices.pop();
    let [notice] = &notices[..] else {
        panic!("{notices:?}");
    };
    assert_eq!(notice.code, Code::EmptyFolder);
    assert!(notice.message.contains("nothing"));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn links_in_a_folder_are_named_in_one_line_and_a_named_link_is_stored() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    fixture.write("real/a.txt", b"a".to_vec());
    let at = |name: &str| fixture.originals().join(name);
    std::os::unix::fs::symlink(at("real/a.txt"), at("real/one")).unwrap();
    std::os::unix::fs::symlink("nowhere", at("real/two")).unwrap();
    std::os::unix::fs::symlink("real", at("named")).unwrap();
    let mut events = fixture.vault.events();
    let stored = fixture.store(vec![at("named")], "").await;
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0].state, TransferState::Done);
    assert_eq!(fixture.listed()[0].folder, "named");
    let notices = notices(&mut events);
    let [notice] = &notices[..] else {
        panic!("{notices:?}");
    };
    assert_eq!(
        notice.message,
        "2 links (“named/one”, “named/two”) were skipped."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_the_service_would_refuse_is_refused_before_anything_is_sent() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let deep: PathBuf = (0..14).map(|_| "d".repeat(240)).collect();
    let (_, _) = fixture.write("top/short.txt", b"1".to_vec());
    let long = Path::new("top").join(deep).join("a.bin");
    fixture.write(long.to_str().unwrap(), b"2".to_vec());
    let stored = fixture
        .store(vec![fixture.originals().join("top")], "")
        .await;
    let failed: Vec<_> = stored
        .iter()
        .filter_map(|transfer| transfer.error.as_ref())
        .collect();
    let [problem] = failed[..] else {
        panic!("{stored:?}");
    };
    assert_eq!(problem.code, Code::PathTooLong);
    assert!(problem.message.contains("a.bin"));
    assert_eq!(tokens(&fixture).await, 1);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_the_kernel_is_refused_and_not_stored_as_empty() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let stored = fixture.store(vec!["/proc/cpuinfo".into()], "").await;
    assert_eq!(stored[0].state, TransferState::Failed);
    let problem = stored[0].error.as_ref().unwrap();
    assert_eq!(problem.code, Code::SourceLengthUntrue);
    assert_eq!(tokens(&fixture).await, 0);
}

/// Every name that a file can have on Linux comes back as it was, from a second machine's list, too.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn names_of_any_bytes_come_back_as_they_were() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let mut fixture = TestVault::signed_up(Dialect::Observed).await;
    let folder = fixture.originals().join(OsStr::from_bytes(b"caf\xe9"));
    fs::create_dir_all(&folder).unwrap();
    let names: [&[u8]; 14] = [
        b"a\xff",
        b"a\xfe",
        b"a\\xff",
        "a\u{FFFD}".as_bytes(),
        b"nul .txt",
        b"CONIN$",
        "COM¹".as_bytes(),
        b"Case.txt",
        b"case.TXT",
        "\u{e9}.txt".as_bytes(),
        "e\u{301}.txt".as_bytes(),
        b"x:y",
        "gpj\u{202e}exe".as_bytes(),
        b"line\nbreak and trailing dots. .",
    ];
    let mut before = BTreeMap::new();
    for (content, name) in (0_u8..).zip(names) {
        fs::write(folder.join(OsStr::from_bytes(name)), [content]).unwrap();
        before.insert(name.to_vec(), vec![content]);
    }
    let stored = fixture.store(vec![folder], "").await;
    assert!(
        stored
            .iter()
            .all(|transfer| transfer.state == TransferState::Done)
    );
    fixture.forget_records().await;
    fixture.sign_in().await.unwrap();
    fixture.vault.refresh().await.unwrap();
    let target = fixture.originals().join("back");
    fs::create_dir_all(&target).unwrap();
    let ids: Vec<_> = fixture.listed().iter().map(|file| file.id).collect();
    let saving = fixture.vault.save_into(&ids, &target).await.unwrap();
    fixture.ended(&saving).await;
    let mut after = BTreeMap::new();
    for entry in fs::read_dir(&target).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().as_bytes().to_vec();
        after.insert(name, fs::read(entry.path()).unwrap());
    }
    assert_eq!(after, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_one_name_are_numbered_whatever_is_there() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let mut paths = Vec::new();
    for n in 0..5_u8 {
        paths.push(fixture.write(&format!("{n}/same.txt"), vec![n]).0);
    }
    fixture.store(paths, "").await;
    let target = fixture.originals().join("back");
    fs::create_dir_all(&target).unwrap();
    fs::write(target.join("same (3).txt"), b"there").unwrap();
    let ids: Vec<_> = fixture.listed().iter().map(|file| file.id).collect();
    let saving = fixture.vault.save_into(&ids, &target).await.unwrap();
    fixture.ended(&saving).await;
    let names = fs::read_dir(&target).unwrap().count();
    assert_eq!(names, 6);
    assert_eq!(fs::read(target.join("same (3).txt")).unwrap(), b"there");
}
