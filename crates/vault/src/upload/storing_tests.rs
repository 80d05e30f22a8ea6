use std::fs;
use std::path::Path;

use super::*;
use crate::files::attributes::Attributes;
use crate::files::file::{AtService, FileRow};
use crate::receipts::Receipt;
use crate::upload::source;

fn storing(existing: StoredAlready) -> Storing {
    Storing {
        existing,
        ..Storing::under("documents")
    }
}

/// Two files of the same name in different folders.
fn alike(dir: &Path) -> [PathBuf; 2] {
    ["one", "other"].map(|folder| {
        fs::create_dir_all(dir.join(folder)).unwrap();
        let path = dir.join(folder).join("a.txt");
        fs::write(&path, folder).unwrap();
        path
    })
}

fn prepared(
    storing: &Storing,
    paths: &[PathBuf],
    catalogue: &mut Catalogue,
) -> (Vec<Source>, Vec<Explanation>) {
    let mut found = source::find(paths);
    let notices = storing.prepare(&mut found, catalogue);
    (found.files.into_iter().flatten().collect(), notices)
}

fn paths(sources: &[Source]) -> Vec<String> {
    let paths = sources.iter().map(|it| it.stored_path().to_string());
    paths.collect()
}

/// The source as it is when it is stored.
fn stored(source: &Source, receipt: Option<Receipt>) -> File {
    let row = FileRow {
        token: format!("dtk-{}", source.stored_path()),
        name: source.name.clone(),
        folder: source.folder.as_str().into(),
        is_escaped: source.is_escaped,
        context: "documents".into(),
        size_bytes: Some(source.size),
        attributes: Some(Attributes {
            modified: source.modified,
            ..Attributes::default()
        }),
        stored_size_bytes: None,
        stored_at: None,
        at_service: AtService::default(),
        has_receipt: false,
        receipt_lost: false,
    };
    let id = crate::FileId::derive(&row.token().to_owned().into());
    File::from_row(id, row, receipt)
}

#[test]
fn different_files_of_one_path_are_no_versions_of_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let [one, other] = alike(dir.path());
    let mut catalogue = Catalogue::default();
    let new_versions = storing(StoredAlready::NewVersion);
    let both = [one.clone(), other.clone()];
    let (sources, notices) = prepared(&new_versions, &both, &mut catalogue);
    assert_eq!(paths(&sources), ["a.txt", "a (2).txt"]);
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].code, Code::Numbered);
    assert!(notices[0].message.contains("“a.txt” as “a (2).txt”"));

    // The same file that is named twice is no other one, and neither is one that is added later.
    for again in [&[one.clone(), one.clone()][..], &[other]] {
        let (sources, notices) = prepared(&new_versions, again, &mut catalogue);
        assert!(paths(&sources).iter().all(|path| path == "a.txt"));
        assert!(notices.is_empty(), "{notices:?}");
    }
}

#[test]
fn a_number_is_not_the_path_of_another_file_that_is_added_or_stored() {
    let dir = tempfile::tempdir().unwrap();
    let [one, other] = alike(dir.path());
    let third = dir.path().join("a (2).txt");
    fs::write(&third, "third").unwrap();
    let mut catalogue = Catalogue::default();
    let new_versions = storing(StoredAlready::NewVersion);
    let all = [one.clone(), other.clone(), third.clone()];
    let (sources, _) = prepared(&new_versions, &all, &mut catalogue);
    assert_eq!(paths(&sources), ["a.txt", "a (3).txt", "a (2).txt"]);

    let (third, _) = prepared(&new_versions, &[third], &mut catalogue);
    catalogue.put(stored(&third[0], Some(Receipt::default())));
    let (sources, _) = prepared(&new_versions, &[one, other], &mut catalogue);
    assert_eq!(paths(&sources), ["a.txt", "a (3).txt"]);
}

#[test]
fn what_is_skipped_the_second_time_is_skipped_under_its_number_too() {
    let dir = tempfile::tempdir().unwrap();
    let both = alike(dir.path());
    let mut catalogue = Catalogue::default();
    let skipping = storing(StoredAlready::Skip);
    let (sources, _) = prepared(&skipping, &both, &mut catalogue);
    for source in &sources {
        catalogue.put(stored(source, Some(Receipt::default())));
    }
    let (sources, notices) = prepared(&skipping, &both, &mut catalogue);
    assert_eq!(paths(&sources), [""; 0]);
    assert!(notices.iter().all(|notice| notice.code == Code::Skipped));
}

#[test]
fn only_what_has_a_receipt_is_skipped_as_stored() {
    let dir = tempfile::tempdir().unwrap();
    let [one, _] = alike(dir.path());
    let skipping = storing(StoredAlready::Skip);
    let mut catalogue = Catalogue::default();
    let paths = [one];
    let (sources, _) = prepared(&skipping, &paths, &mut catalogue);
    let file = stored(&sources[0], None);
    catalogue.put(file.clone());
    let (sources, notices) = prepared(&skipping, &paths, &mut catalogue);
    assert_eq!((sources.len(), notices.len()), (1, 0));

    catalogue.put(stored(&sources[0], Some(Receipt::default())));
    let (sources, notices) = prepared(&skipping, &paths, &mut catalogue);
    assert_eq!((sources.len(), notices.len()), (0, 1));
    catalogue.set_state(file.id, FileState::Mismatch);
    assert_eq!(prepared(&skipping, &paths, &mut catalogue).0.len(), 1);
}
