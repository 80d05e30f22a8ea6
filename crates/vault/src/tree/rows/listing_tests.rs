use jiff::Timestamp;
use privicore_envelope::ModifiedTime;
use proptest::prelude::*;

use super::*;
use crate::files::attributes::Attributes;
use crate::files::catalogue::Catalogue;
use crate::files::file::{AtService, FileRow};
use crate::files::file_state::FileState;
use crate::receipts::Receipt;
use crate::tree::path::TreePath;

/// A file at this path, stored in this second.
pub(in crate::tree) fn stored(number: u8, path: &str, at: i64) -> File {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let row = FileRow {
        token: number.to_string(),
        name: name.to_owned(),
        folder: folder.into(),
        is_escaped: false,
        context: "documents".into(),
        size_bytes: Some(u64::from(number)),
        attributes: Some(Attributes::default()),
        stored_size_bytes: None,
        stored_at: Timestamp::from_second(at).ok(),
        at_service: AtService::default(),
        has_receipt: true,
        receipt_lost: false,
    };
    File::from_row(id(number), row, Some(Receipt::default()))
}

pub(in crate::tree) fn id(number: u8) -> FileId {
    FileId([number; 16])
}

pub(in crate::tree) fn empty_folder(number: u8, path: &str) -> File {
    File {
        attributes: Some(Attributes::FOLDER),
        size_bytes: Some(0),
        ..stored(number, path, 0)
    }
}

fn changed_at(file: File, ms: i64) -> File {
    let attributes = Attributes {
        modified: Some(ModifiedTime::new(ms, 0)),
        ..Attributes::default()
    };
    File {
        attributes: Some(attributes),
        ..file
    }
}

fn labelled(file: File, label: &str) -> File {
    File {
        context: label.into(),
        ..file
    }
}

fn missing(mut file: File) -> File {
    file.at_service.missing_since = Some(Timestamp::UNIX_EPOCH);
    file.state = file.settled_state();
    file
}

pub(in crate::tree) fn catalogue(files: impl IntoIterator<Item = File>) -> Catalogue {
    let mut catalogue = Catalogue::default();
    for file in files {
        catalogue.put(file);
    }
    catalogue
}

pub(super) fn all() -> RowQuery {
    RowQuery {
        folder: FolderKey::TOP,
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
        limit: 1000,
    }
}

pub(super) fn below() -> RowQuery {
    RowQuery {
        below: true,
        ..all()
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

pub(super) fn found(catalogue: &mut Catalogue, query: &RowQuery) -> Vec<String> {
    names(&catalogue.rows(query, &[]))
}

/// The key of a folder by its path.
pub(in crate::tree) fn key(catalogue: &mut Catalogue, path: &str) -> FolderKey {
    let names = path.split('/');
    names.fold(FolderKey::TOP, |parent, name| {
        let nodes = catalogue.folders(parent).unwrap();
        let node = nodes.iter().find(|node| node.name.text() == name);
        node.unwrap().key
    })
}

#[test]
fn a_folder_has_its_own_folders_first_and_then_its_own_files_each_in_natural_order() {
    let mut catalogue = catalogue([
        stored(1, "part 10.txt", 1),
        stored(2, "Part 2.txt", 1),
        stored(3, "Äpfel.txt", 1),
        stored(4, "azur.txt", 1),
        stored(5, "z/inside.txt", 1),
        stored(6, "b/c/deep.txt", 1),
        empty_folder(7, "b/empty"),
    ]);
    let expected = [
        "b/",
        "z/",
        "Äpfel.txt",
        "azur.txt",
        "Part 2.txt",
        "part 10.txt",
    ];
    assert_eq!(found(&mut catalogue, &all()), expected);
    let within = RowQuery {
        folder: key(&mut catalogue, "b"),
        ..all()
    };
    let page = catalogue.rows(&within, &[]);
    assert_eq!(names(&page), ["c/", "empty/"]);
    assert_eq!((page.total, page.folders, page.all_files), (2, 2, 6));
    let descending = RowQuery {
        descending: true,
        ..all()
    };
    let expected = [
        "z/",
        "b/",
        "part 10.txt",
        "Part 2.txt",
        "azur.txt",
        "Äpfel.txt",
    ];
    assert_eq!(found(&mut catalogue, &descending), expected);
}

#[test]
fn each_filter_keeps_its_own_files_and_no_folders() {
    let mut catalogue = catalogue([
        labelled(stored(1, "a.pdf", 10), "tax"),
        changed_at(stored(2, "b.jpg", 10), 5_000),
        changed_at(stored(3, "in/c.jpg", 10), 20_000),
        missing(stored(4, "in/d.txt", 10)),
        stored(5, "in/e.txt", 30),
    ]);
    let label = |label: &str| RowQuery {
        context: Some(label.to_owned()),
        ..below()
    };
    let since = |ms| RowQuery {
        modified_since: Some(ms),
        ..below()
    };
    let kind = |kind| RowQuery {
        kind: Some(kind),
        ..below()
    };
    let state = |state| RowQuery {
        state: Some(state),
        ..below()
    };
    let here = RowQuery {
        kind: Some(FileKind::Image),
        ..all()
    };
    let attention = RowQuery {
        needs_attention: true,
        ..below()
    };
    let cases: [(RowQuery, &[&str]); 11] = [
        (below(), &["a.pdf", "b.jpg", "c.jpg", "d.txt", "e.txt"]),
        (label("tax"), &["a.pdf"]),
        (label("none"), &[]),
        (since(20_000), &["c.jpg", "e.txt"]),
        (since(5_000), &["a.pdf", "b.jpg", "c.jpg", "d.txt", "e.txt"]),
        (kind(FileKind::Image), &["b.jpg", "c.jpg"]),
        (kind(FileKind::Folder), &["in/"]),
        (state(FileState::Missing), &["d.txt"]),
        (state(FileState::Deleting), &[]),
        (here, &["b.jpg"]),
        (attention, &["d.txt"]),
    ];
    for (query, expected) in cases {
        assert_eq!(found(&mut catalogue, &query), expected, "{query:?}");
    }
}

#[test]
fn a_search_finds_files_everywhere_below_and_folders_by_their_names() {
    let mut catalogue = catalogue([
        stored(1, "family/taxes 2025/letter.pdf", 1),
        stored(2, "work/taxes/plan.pdf", 1),
        labelled(stored(3, "work/notes.txt", 1), "taxes"),
        stored(4, "other.txt", 1),
    ]);
    let search = RowQuery {
        search: "TAXES".to_owned(),
        ..below()
    };
    let page = catalogue.rows(&search, &[]);
    let expected = [
        "taxes/",
        "taxes 2025/",
        "letter.pdf",
        "notes.txt",
        "plan.pdf",
    ];
    assert_eq!(names(&page), expected);
    assert_eq!((page.folders, page.total_bytes), (2, 1 + 2 + 3));
    let within = |row: &Row| match row {
        Row::Folder(folder) => folder.within.to_string(),
        Row::File(file) => file.within.to_string(),
    };
    let within: Vec<String> = page.rows.iter().map(within).collect();
    let expected = ["work", "family", "family/taxes 2025", "work", "work/taxes"];
    assert_eq!(within, expected);
    let in_work = RowQuery {
        folder: key(&mut catalogue, "work"),
        ..search
    };
    let expected = ["taxes/", "notes.txt", "plan.pdf"];
    assert_eq!(found(&mut catalogue, &in_work), expected);
}

#[test]
fn the_versions_of_a_path_are_one_row_that_stands_for_the_newest() {
    let mut catalogue = catalogue([
        stored(1, "a/plan.pdf", 1),
        stored(3, "a/plan.pdf", 3),
        stored(2, "a/plan.pdf", 2),
    ]);
    let page = catalogue.rows(&below(), &[RowRef::File(id(1))]);
    let [Row::File(line)] = &page.rows[..] else {
        panic!("{page:?}");
    };
    assert_eq!((line.file.id, line.versions), (id(3), 3));
    assert_eq!((page.all_files, page.total_bytes), (1, 3));
    // Who follows an older version follows its path.
    assert_eq!(page.followed, [Some(0)]);
    catalogue.forget(id(3));
    let page = catalogue.rows(&below(), &[]);
    let [Row::File(line)] = &page.rows[..] else {
        panic!("{page:?}");
    };
    assert_eq!((line.file.id, line.versions), (id(2), 2));
}

#[test]
fn an_older_version_that_is_missing_is_listed_where_attention_is_needed() {
    let mut catalogue = catalogue([
        missing(stored(1, "a/plan.pdf", 1)),
        stored(2, "a/plan.pdf", 2),
        missing(empty_folder(3, "gone")),
    ]);
    let attention = RowQuery {
        needs_attention: true,
        ..below()
    };
    let page = catalogue.rows(&attention, &[RowRef::File(id(1))]);
    let lines: Vec<(FileId, bool, usize)> = page
        .rows
        .iter()
        .map(|row| match row {
            Row::File(line) => (line.file.id, line.is_newest, line.versions),
            Row::Folder(folder) => panic!("{folder:?}"),
        })
        .collect();
    assert_eq!(lines, [(id(3), false, 0), (id(1), false, 2)]);
    assert_eq!((page.need_attention, page.all_files), (2, 1));
    assert_eq!(page.followed, [Some(1)]);
}

#[test]
fn a_folder_tells_what_is_below_it() {
    let mut catalogue = catalogue([
        changed_at(stored(1, "a/b/c.txt", 1), 7),
        changed_at(stored(2, "a/d.txt", 1), 9),
        missing(stored(3, "a/b/e.txt", 1)),
        stored(4, "a/b/c.txt", 0),
    ]);
    let page = catalogue.rows(&all(), &[]);
    let [Row::Folder(line)] = &page.rows[..] else {
        panic!("{page:?}");
    };
    assert_eq!((line.files, line.bytes, line.modified), (3, 6, Some(9)));
    assert_eq!((line.need_attention, page.total_bytes), (1, 6));
    catalogue.forget(id(2));
    let nodes = catalogue.folders(FolderKey::TOP).unwrap();
    assert_eq!((nodes[0].files, nodes[0].has_folders), (2, true));
}

#[test]
fn the_way_to_a_folder_leads_from_the_top_and_a_folder_that_is_gone_has_none() {
    let mut catalogue = catalogue([stored(1, "a/b/c.txt", 1), stored(2, "d.txt", 1)]);
    let query = RowQuery {
        folder: key(&mut catalogue, "a/b"),
        ..all()
    };
    let page = catalogue.rows(&query, &[]);
    let crumbs = page.crumbs.iter().map(|(_, name)| name.text());
    assert_eq!(crumbs.collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(page.crumbs[1].0, query.folder);
    assert!(!page.folder_is_gone);
    catalogue.forget(id(1));
    let page = catalogue.rows(&query, &[]);
    assert!(page.folder_is_gone && page.rows.is_empty() && page.crumbs.is_empty());
    assert_eq!(page.all_files, 1);
    assert!(catalogue.folders(query.folder).is_none());
    // It is the same one when something is in it again.
    catalogue.put(stored(3, "a/b/again.txt", 1));
    assert_eq!(found(&mut catalogue, &query), ["again.txt"]);
}

#[test]
fn rows_are_followed_to_where_they_are_in_the_whole_answer() {
    let mut catalogue = catalogue([
        stored(1, "z.txt", 1),
        stored(2, "f/x.txt", 1),
        stored(3, "b.txt", 1),
    ]);
    let folder = RowRef::Folder(key(&mut catalogue, "f"));
    let query = RowQuery { limit: 0, ..all() };
    let follow = [1, 2, 3, 9].map(|number| RowRef::File(id(number)));
    let page = catalogue.rows(&query, &[&follow[..], &[folder]].concat());
    assert!(page.rows.is_empty());
    assert_eq!(page.followed, [Some(2), None, Some(1), None, Some(0)]);
}

#[test]
fn a_change_of_state_is_seen_by_the_next_answer() {
    let mut catalogue = catalogue([stored(1, "a.txt", 1), stored(2, "b.txt", 1)]);
    let deleting = RowQuery {
        state: Some(FileState::Deleting),
        ..below()
    };
    assert!(found(&mut catalogue, &deleting).is_empty());
    catalogue.set_state(id(2), FileState::Deleting);
    assert_eq!(found(&mut catalogue, &deleting), ["b.txt"]);
}

const SORTS: [RowSort; 6] = [
    RowSort::Name,
    RowSort::Kind,
    RowSort::Size,
    RowSort::Modified,
    RowSort::StoredAt,
    RowSort::State,
];

fn any_path() -> impl Strategy<Value = String> {
    "([ab]/){0,2}[aAbBä0-3]{1,3}(\\.txt|\\.jpg)?"
}

proptest! {
    #[test]
    fn a_search_finds_what_a_look_at_every_path_finds(
        steps in proptest::collection::vec((any_path(), 0..4_i64, 0..30_u8, "([abÄ/.j1]{1,2} ?){0,3}"), 1..40),
    ) {
        let mut kept = Catalogue::default();
        for (path, at, number, words) in steps {
            match kept.get(id(number)) {
                Some(_) if at == 0 => kept.forget(id(number)),
                _ => kept.put(labelled(stored(number, &path, at), ["", "Ab", "b", "1"][usize::from(number % 4)])),
            }
            let query = RowQuery { search: words.clone(), ..below() };
            let page = kept.rows(&query, &[]);
            let found = page.rows.iter().filter_map(|row| match row {
                Row::File(line) => Some(line.file.id),
                Row::Folder(_) => None,
            });
            let mut found: Vec<FileId> = found.collect();
            found.sort();
            let words = search_fold(&words);
            let has_all = |file: &Arc<File>| {
                let text = format!("{}\n{}", file.path(), file.context);
                let text = search_fold(&text);
                words.split_whitespace().all(|word| text.contains(word))
            };
            let newest = kept.all().into_iter();
            let newest = newest.filter(|file| kept.versions(file.id).unwrap()[0].id == file.id).collect::<Vec<_>>();
            let expected = newest.into_iter().filter(has_all);
            let mut expected: Vec<Arc<File>> = expected.collect();
            expected.sort_by_key(|file| file.id);
            let bytes: u64 = expected.iter().filter_map(|file| file.size_bytes).sum();
            prop_assert_eq!(found, expected.iter().map(|file| file.id).collect::<Vec<_>>(), "{}", words);
            prop_assert_eq!(page.total_bytes, bytes);
        }
    }

    #[test]
    fn answers_stay_right_while_files_come_go_and_change(
        steps in proptest::collection::vec((any_path(), 0..4_i64, 0..30_u8, 0..6_usize, any::<bool>()), 1..40),
        is_below in any::<bool>(),
    ) {
        let mut kept = Catalogue::default();
        for (path, at, number, sort, descending) in steps {
            match kept.get(id(number)) {
                Some(_) if at == 0 => kept.forget(id(number)),
                Some(_) if at == 1 => {
                    kept.set_state(id(number), FileState::Deleting);
                }
                _ => kept.put(stored(number, &path, at)),
            }
            let sort = SORTS[sort];
            let query = RowQuery { below: is_below, sort, descending, ..all() };
            let mut anew = catalogue(kept.all().into_iter().map(|file| (*file).clone()));
            let [kept, anew] = [kept.rows(&query, &[]), anew.rows(&query, &[])];
            let ids = |page: &RowPage| -> Vec<(String, Option<FileId>)> {
                let row = |row: &Row| match row {
                    Row::Folder(folder) => (folder.key.to_string(), None),
                    Row::File(line) => {
                        let path = line.within.join(Name::written(&line.file.name, false));
                        (path.to_string(), Some(line.file.id))
                    }
                };
                page.rows.iter().map(row).collect()
            };
            // Files of equal names in different folders have no order of their own.
            let [mut left, mut right] = [ids(&kept), ids(&anew)];
            left.sort();
            right.sort();
            prop_assert_eq!(left, right);
            prop_assert_eq!((kept.total_bytes, kept.all_files), (anew.total_bytes, anew.all_files));
            let files = kept.rows.iter().filter_map(|row| match row {
                Row::File(line) => Some(line),
                Row::Folder(_) => None,
            });
            let files: Vec<&FileLine> = files.collect();
            for pair in files.windows(2) {
                let [mut a, mut b] = [pair[0], pair[1]];
                if descending {
                    (a, b) = (b, a);
                }
                let [name, other] = [a, b].map(|line| Name::written(&search_fold(&line.file.name), false));
                let order = match sort {
                    RowSort::Name | RowSort::Modified => std::cmp::Ordering::Equal,
                    RowSort::Kind => a.kind.cmp(&b.kind),
                    RowSort::Size => a.file.size_bytes.cmp(&b.file.size_bytes),
                    RowSort::StoredAt => a.file.stored_at.cmp(&b.file.stored_at),
                    RowSort::State => a.file.state.cmp(&b.file.state),
                };
                let names = crate::tree::order::natural::natural(name.text(), other.text());
                prop_assert!(order.then(names).is_le(), "{:?} {} {}", sort, a.file.name, b.file.name);
            }
        }
    }
}

#[test]
fn the_path_of_a_row_leads_to_it() {
    let mut catalogue = catalogue([stored(1, "a/b/c.txt", 1)]);
    let page = catalogue.rows(&below(), &[]);
    let Row::File(line) = &page.rows[0] else {
        panic!("{page:?}");
    };
    assert_eq!(line.within, TreePath::parse("a/b"));
    assert_eq!(line.folder, key(&mut catalogue, "a/b"));
}
