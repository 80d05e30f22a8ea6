//! The rows of the tree as the window has them: stored into a folder, stored again, saved as they were, picked.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use privicore_sandbox::Dialect;
use privicore_tests::test_vault::TestVault;
use privicore_vault::{
    Error, FileError, FolderKey, Row, RowPage, RowQuery, RowRef, RowSort, SavedAlready, SavingTree,
    StoreAs, StoredAlready, Storing, TransferState, TreePath,
};

fn in_folder(folder: FolderKey) -> RowQuery {
    RowQuery {
        folder,
        below: false,
        search: String::new(),
        context: None,
        needs_attention: false,
        kind: None,
        modified_since: None,
        verified_before: None,
        state: None,
        sort: RowSort::Name,
        descending: false,
        offset: 0,
        limit: 100,
    }
}

/// As the window does it.
fn into(folder: &str) -> Storing {
    Storing {
        context: String::new(),
        form: StoreAs::ContextSays,
        into: TreePath::parse(folder),
        existing: StoredAlready::SkipIfListed,
    }
}

/// Folders end with a separator.
fn names(page: &RowPage) -> Vec<String> {
    let name = |row: &Row| match row {
        Row::Folder(folder) => format!("{}/", folder.name),
        Row::File(line) => line.file.name.clone(),
    };
    page.rows.iter().map(name).collect()
}

fn folder_in(page: &RowPage, name: &str) -> FolderKey {
    let folders = page.rows.iter().filter_map(|row| match row {
        Row::Folder(folder) => Some(folder),
        Row::File(_) => None,
    });
    let mut named = folders.filter(|folder| folder.name.text() == name);
    named.next().expect("the folder is listed").key
}

/// A folder with files of old times, one in a folder of its own, and an empty folder.
fn grow(fixture: &TestVault) -> PathBuf {
    for (name, seconds) in [
        ("tree/part 10.txt", 0),
        ("tree/part 2.txt", 1),
        ("tree/in/c.jpg", 2),
    ] {
        let (path, _) = fixture.write(name, name.as_bytes().to_vec());
        let time = SystemTime::UNIX_EPOCH + Duration::new(seconds, 123_456_789);
        let file = File::options().write(true).open(path).expect("a file");
        file.set_modified(time).expect("a time can be set");
    }
    let tree = fixture.originals().join("tree");
    fs::create_dir(tree.join("empty")).expect("a folder");
    tree
}

async fn store(fixture: &TestVault, path: &Path, storing: Storing) -> usize {
    let ids = fixture
        .vault
        .store_with(vec![path.to_owned()], storing)
        .await;
    let ids = ids.expect("somebody is signed in");
    for transfer in fixture.ended(&ids).await {
        assert_eq!(transfer.state, TransferState::Done, "{transfer:?}");
    }
    ids.len()
}

#[tokio::test]
async fn a_folder_is_stored_into_a_folder_and_again_only_with_what_has_changed() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let tree = grow(&fixture);
    assert_eq!(store(&fixture, &tree, into("family")).await, 4);
    let top = fixture.vault.query_rows(&in_folder(FolderKey::TOP), &[]);
    let top = top.expect("somebody is signed in");
    assert_eq!(names(&top), ["family/"]);
    let family = in_folder(folder_in(&top, "family"));
    let family = fixture
        .vault
        .query_rows(&family, &[])
        .expect("it is listed");
    let key = folder_in(&family, "tree");
    let page = fixture.vault.query_rows(&in_folder(key), &[]);
    let page = page.expect("it is listed");
    assert_eq!(names(&page), ["empty/", "in/", "part 2.txt", "part 10.txt"]);
    let crumbs = page.crumbs.iter().map(|(_, name)| name.text());
    assert_eq!(crumbs.collect::<Vec<_>>(), ["family", "tree"]);

    assert_eq!(store(&fixture, &tree, into("family")).await, 0);
    fixture.write("tree/part 2.txt", b"it is longer than before".to_vec());
    assert_eq!(store(&fixture, &tree, into("family")).await, 1);
    let page = fixture.vault.query_rows(&in_folder(key), &[]);
    let page = page.expect("it is listed");
    let versions = page.rows.iter().filter_map(|row| match row {
        Row::File(line) => Some((line.file.name.as_str(), line.versions)),
        Row::Folder(_) => None,
    });
    let expected = [("part 2.txt", 2), ("part 10.txt", 1)];
    assert_eq!(versions.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn what_is_stored_already_is_sent_once_more_when_nobody_can_ask_for_the_list() {
    let mut fixture = TestVault::signed_up(Dialect::Observed).await;
    let tree = grow(&fixture);
    store(&fixture, &tree, into("")).await;
    fixture.stop_service().await;
    let queued = fixture.vault.store_with(vec![tree], into("")).await;
    assert_eq!(queued.expect("it is queued").len(), 3);
}

#[tokio::test]
async fn a_picked_folder_is_saved_as_it_was_and_deleted_with_all_versions() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let tree = grow(&fixture);
    store(&fixture, &tree, into("")).await;
    let top = fixture.vault.query_rows(&in_folder(FolderKey::TOP), &[]);
    let key = folder_in(&top.expect("somebody is signed in"), "tree");
    let rows = [RowRef::Folder(key)];
    let wanted = fixture.vault.wanted(&rows).expect("it is there");
    let saving = SavingTree {
        existing: SavedAlready::KeepBoth,
        is_flat: false,
    };
    let target = fixture.originals().join("back");
    let saved = fixture.vault.save_tree(wanted, &target, saving).await;
    let saved = saved.expect("the folder can be made");
    assert!(saved.problems.is_empty() && saved.transfers.len() == 3);
    fixture.ended(&saved.transfers).await;
    for name in ["part 10.txt", "part 2.txt", "in/c.jpg"] {
        let [before, after] = [tree.join(name), target.join("tree").join(name)];
        assert_eq!(
            fs::read(&after).unwrap_or_default(),
            fs::read(&before).unwrap_or_default()
        );
        let time = |path: &Path| path.metadata().and_then(|it| it.modified()).ok();
        assert!(
            time(&before).is_some() && time(&after) == time(&before),
            "{name}"
        );
    }
    assert!(target.join("tree/empty").is_dir());

    fixture.write("tree/part 2.txt", b"another version".to_vec());
    store(&fixture, &tree, into("")).await;
    let picked = fixture.vault.picked(&rows).expect("it is there");
    assert_eq!((picked.files, picked.versions.len()), (3, 5));
    for file in picked.versions {
        fixture
            .vault
            .delete_now(file.id)
            .await
            .expect("it is deleted");
    }
    let top = fixture.vault.query_rows(&in_folder(key), &[]);
    assert!(top.expect("somebody is signed in").folder_is_gone);
    let gone = fixture.vault.picked(&rows);
    assert!(matches!(gone, Err(Error::File(FileError::FolderGone))));
}
