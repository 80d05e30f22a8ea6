use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use proptest::prelude::*;

use super::model::Tree;
use super::path::TreePath;
use super::search_fold::search_fold;
use super::walk::Place;
use crate::files::attributes::Attributes;
use crate::files::catalogue::Catalogue;
use crate::files::file::{AtService, File, FileRow};
use crate::files::file_id::FileId;
use crate::receipts::Receipt;

/// A file as its record describes it.
#[derive(Clone, Debug)]
struct Recorded {
    folder: String,
    name: String,
    is_escaped: bool,
    is_folder: bool,
    at: i64,
}

fn file(number: u32, recorded: &Recorded) -> File {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    let row = FileRow {
        token: number.to_string(),
        name: recorded.name.clone(),
        folder: recorded.folder.as_str().into(),
        is_escaped: recorded.is_escaped,
        context: "documents".into(),
        size_bytes: Some(1),
        attributes: Some(Attributes {
            is_folder: recorded.is_folder,
            ..Attributes::default()
        }),
        stored_size_bytes: None,
        stored_at: Timestamp::from_second(recorded.at).ok(),
        at_service: AtService::default(),
        has_receipt: false,
        receipt_lost: false,
    };
    File::from_row(FileId(id), row, None)
}

/// The same answers from a list that is looked through each time.
struct Naive<'a>(&'a BTreeMap<FileId, File>);

impl Naive<'_> {
    fn folders(&self) -> BTreeSet<TreePath> {
        let mut folders = BTreeSet::from([TreePath::default()]);
        for file in self.0.values() {
            let mut path = file.path();
            if file.is_folder() {
                folders.insert(path.clone());
            }
            while let Some((folder, _)) = path.split() {
                folders.insert(folder.clone());
                path = folder;
            }
        }
        folders
    }

    fn ids(&self, path: &TreePath, is_folder: bool) -> Vec<FileId> {
        let files = self.0.values();
        let mut files: Vec<&File> = files
            .filter(|file| file.is_folder() == is_folder && file.path() == *path)
            .collect();
        files.sort_by_key(|file| std::cmp::Reverse((file.stored_at, file.id)));
        files.iter().map(|file| file.id).collect()
    }

    fn below(&self, top: &TreePath) -> Vec<(TreePath, bool, Vec<FileId>)> {
        let is_below = |path: &TreePath| path != top && path.names().starts_with(top.names());
        let mut all = Vec::new();
        for path in self.folders().into_iter().filter(is_below) {
            let mut records = self.ids(&path, true);
            records.sort();
            all.push((path, true, records));
        }
        let files = self.0.values().filter(|file| !file.is_folder());
        let paths: BTreeSet<TreePath> = files.map(File::path).filter(is_below).collect();
        for path in paths {
            let versions = self.ids(&path, false);
            all.push((path, false, versions));
        }
        all.sort();
        all
    }
}

fn sorted(places: Vec<Place>) -> Vec<(TreePath, bool, Vec<FileId>)> {
    let mut all: Vec<_> = places
        .into_iter()
        .map(|place| match place {
            Place::Folder { path, mut records } => {
                records.sort();
                (path, true, records)
            }
            Place::File { path, versions } => (path, false, versions),
        })
        .collect();
    all.sort();
    all
}

fn any_record() -> impl Strategy<Value = Recorded> {
    let folder = prop_oneof![
        Just(String::new()),
        "[ab]{1,2}",
        "[ab]/[ab1]{1,2}",
        "/a//b/",
        Just("../x".to_owned()),
        Just(r"a\xff/b\\".to_owned()),
    ];
    let name = prop_oneof![
        "[abA]{1,2}",
        "a ?[0-9]{1,2}",
        Just("a/b".to_owned()),
        Just(r"\xfe".to_owned()),
        Just(String::new())
    ];
    (
        folder,
        name,
        any::<bool>(),
        prop::bool::weighted(0.2),
        0..4_i64,
    )
        .prop_map(|(folder, name, is_escaped, is_folder, at)| Recorded {
            folder,
            name,
            is_escaped,
            is_folder,
            at,
        })
}

proptest! {
    #[test]
    fn the_tree_answers_as_a_list_that_is_looked_through(
        recorded_files in proptest::collection::vec(any_record(), 0..40),
        first in 0..40_usize,
        removed in proptest::collection::vec(any::<bool>(), 40),
        words in "[ab/1 ]{0,3}",
    ) {
        let files: Vec<File> = (0..).zip(&recorded_files).map(|(number, recorded)| file(number, recorded)).collect();
        let (at_once, later) = files.split_at(first.min(files.len()));
        let mut tree = Tree::of(at_once.iter());
        for file in later {
            tree.insert(file);
        }
        let mut kept = BTreeMap::new();
        for (file, is_removed) in files.iter().zip(&removed) {
            if *is_removed {
                tree.remove(file);
            } else {
                kept.insert(file.id, file.clone());
            }
        }
        let naive = Naive(&kept);
        for folder in naive.folders() {
            let below = tree.below(&folder).unwrap();
            let listed: Vec<_> = below.iter().map(|place| place.path().clone()).collect();
            prop_assert_eq!(sorted(below), naive.below(&folder));
            for path in &listed {
                prop_assert!(!tree.places_at(path).is_empty());
            }
            let children = sorted(tree.children(&folder).unwrap());
            let direct = naive.below(&folder).into_iter();
            let direct: Vec<_> = direct.filter(|(path, ..)| path.split().unwrap().0 == folder).collect();
            prop_assert_eq!(children, direct);
        }
        for gone in files.iter().filter(|file| !kept.contains_key(&file.id)) {
            let stays = naive.folders().contains(&gone.path());
            prop_assert_eq!(tree.children(&gone.path()).is_some(), stays);
        }
        let mut found = tree.search(&words);
        found.sort();
        let words = search_fold(&words);
        let words: Vec<&str> = words.split_whitespace().collect();
        let has_all = |file: &&File| {
            let text = format!("{}\n{}", file.path(), file.context);
            let text = search_fold(&text);
            words.iter().all(|word| text.contains(word))
        };
        let expected: Vec<FileId> = kept.values().filter(has_all).map(|file| file.id).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn several_files_of_one_path_are_versions_with_the_newest_first() {
    let version = |at| Recorded {
        folder: "a".to_owned(),
        name: "b.txt".to_owned(),
        is_escaped: false,
        is_folder: false,
        at,
    };
    let files = [
        file(1, &version(2)),
        file(2, &version(3)),
        file(3, &version(1)),
    ];
    let mut tree = Tree::of(files.iter());
    let path = TreePath::parse("a/b.txt");
    let versions = |tree: &Tree| match &tree.places_at(&path)[..] {
        [Place::File { versions, .. }] => versions.clone(),
        others => panic!("{others:?}"),
    };
    assert_eq!(versions(&tree), [files[1].id, files[0].id, files[2].id]);
    tree.remove(&files[1]);
    assert_eq!(versions(&tree), [files[0].id, files[2].id]);
}

#[test]
fn a_listing_has_folders_first_and_numbers_in_their_order() {
    let at = |folder: &str, name: &str| Recorded {
        folder: folder.to_owned(),
        name: name.to_owned(),
        is_escaped: false,
        is_folder: false,
        at: 0,
    };
    let recorded = [
        at("", "part 10"),
        at("", "Part 2"),
        at("z", "a"),
        at("y", "a"),
    ];
    let files: Vec<File> = (0..)
        .zip(&recorded)
        .map(|(n, recorded)| file(n, recorded))
        .collect();
    let tree = Tree::of(files.iter());
    let listed = tree.children(&TreePath::default()).unwrap();
    let listed: Vec<String> = listed
        .iter()
        .map(|place| place.path().to_string())
        .collect();
    assert_eq!(listed, ["y", "z", "Part 2", "part 10"]);
}

/// A file of this name in no folder, of which only the service says what it is called.
fn foreign(number: u32, name: &str) -> File {
    let recorded = Recorded {
        folder: String::new(),
        name: name.to_owned(),
        is_escaped: false,
        is_folder: false,
        at: 1_000_000,
    };
    File {
        size_bytes: None,
        attributes: None,
        ..file(number, &recorded)
    }
}

fn own(number: u32, at: i64) -> File {
    let recorded = Recorded {
        folder: "a".to_owned(),
        name: "b.txt".to_owned(),
        is_escaped: false,
        is_folder: false,
        at,
    };
    file(number, &recorded)
}

/// The versions of each file of this path, or that is shown like it.
fn versions_at(tree: &Tree, path: &str) -> Vec<Vec<FileId>> {
    let places = tree.places_at(&TreePath::parse(path)).into_iter();
    let files = places.filter_map(|place| match place {
        Place::File { versions, .. } => Some(versions),
        Place::Folder { .. } => None,
    });
    files.collect()
}

#[test]
fn what_the_service_alone_names_is_no_version_of_a_file_and_in_no_folder() {
    let own = own(1, 1);
    let foreigners = [
        foreign(2, "a/b.txt"),
        foreign(3, "a/b.txt"),
        foreign(4, r"x/\xff"),
    ];
    let mut at_once = Tree::of([&own].into_iter().chain(&foreigners));
    let mut later = Tree::of(foreigners.iter());
    later.insert(&own);
    for tree in [&mut at_once, &mut later] {
        assert_eq!(versions_at(tree, "a/b.txt"), [vec![own.id]]);
        assert_eq!(tree.children(&TreePath::parse("x")), None);
        let top = tree.children(&TreePath::default()).unwrap();
        let shown: Vec<String> = top.iter().map(|it| it.path().to_string()).collect();
        assert_eq!(shown, ["a", "a/b.txt", "a/b.txt", r"x/\xff"]);
        // Without a file of that path both are found by it, each for itself.
        tree.remove(&own);
        let [first, second] = [&foreigners[0], &foreigners[1]].map(|it| vec![it.id]);
        assert_eq!(versions_at(tree, "a/b.txt"), [first, second]);
        let escaped = TreePath::parse(r"x/\xff");
        assert!(tree.places_at(&escaped.unescaped()).is_empty());
        assert_eq!(tree.places_at(&escaped).len(), 1);
        for file in &foreigners {
            assert_eq!(tree.places_at(&file.path()).len(), 1);
            tree.remove(file);
        }
        assert_eq!(tree.children(&TreePath::default()), Some(Vec::new()));
    }
}

#[test]
fn a_file_without_a_receipt_is_never_newer_than_one_with_a_receipt() {
    let mut catalogue = Catalogue::default();
    let [old, new] = [own(1, 1), own(2, 2)];
    let ids = [old.id, new.id];
    catalogue.put(old);
    catalogue.put(new);
    assert_eq!(versions_at(catalogue.tree(), "a/b.txt"), [[ids[1], ids[0]]]);
    catalogue.renew(ids[0], Receipt::default());
    assert_eq!(versions_at(catalogue.tree(), "a/b.txt"), [[ids[0], ids[1]]]);
    catalogue.renew(ids[1], Receipt::default());
    assert_eq!(versions_at(catalogue.tree(), "a/b.txt"), [[ids[1], ids[0]]]);
}

#[test]
fn the_time_in_the_records_orders_versions_of_several_computers() {
    // By their records the third is the newest, and by the service the second, which has no record of its time.
    let recorded = |number, by_the_service, ms: Option<i64>| {
        let mut file = own(number, by_the_service);
        let attributes = file.attributes.get_or_insert_default();
        attributes.stored = ms;
        file
    };
    let [first, second, third] = [
        recorded(1, 30, Some(1_000)),
        recorded(2, 40, None),
        recorded(3, 10, Some(2_000)),
    ];
    let mut catalogue = Catalogue::default();
    for file in [&first, &second, &third] {
        catalogue.put(file.clone());
    }
    catalogue.renew(first.id, Receipt::default());
    let expected = [[third.id, first.id, second.id]];
    assert_eq!(versions_at(catalogue.tree(), "a/b.txt"), expected);
}

#[test]
fn the_same_name_record_under_another_token_is_not_newer() {
    let sealed = |number, at, digest: &str| {
        let mut file = own(number, at);
        file.at_service.sealed_name = Some(digest.repeat(16).into());
        file
    };
    let [old, new, copy] = [sealed(1, 1, "aa"), sealed(2, 2, "bb"), sealed(3, 3, "aa")];
    let expected = [vec![new.id, old.id, copy.id]];
    for order in [
        [&old, &new, &copy],
        [&copy, &new, &old],
        [&copy, &old, &new],
    ] {
        let mut tree = Tree::of(order.into_iter());
        assert_eq!(versions_at(&tree, "a/b.txt"), expected);
        tree.remove(&old);
        assert_eq!(versions_at(&tree, "a/b.txt"), [vec![copy.id, new.id]]);
    }
}

#[test]
fn a_path_of_very_many_folders_is_one_entry_at_the_top() {
    let deepest = Recorded {
        folder: "d/".repeat(255),
        name: "x".to_owned(),
        is_escaped: false,
        is_folder: false,
        at: 0,
    };
    let deeper = Recorded {
        folder: "d/".repeat(256),
        ..deepest.clone()
    };
    let [deepest, deeper] = [file(1, &deepest), file(2, &deeper)];
    let tree = Tree::of([&deepest, &deeper].into_iter());
    let top = tree.children(&TreePath::default()).unwrap();
    let names: Vec<usize> = top.iter().map(|it| it.path().to_string().len()).collect();
    assert_eq!(names, [1, 2 * 256 + 1]);
    let whole = TreePath::parse(&format!("{}x", "d/".repeat(256)));
    assert_eq!(tree.places_at(&whole).len(), 1);
}

#[test]
fn a_path_of_100_000_folders_costs_no_more_than_its_text() {
    let deep = Recorded {
        folder: "d/".repeat(100_000),
        name: "x".to_owned(),
        is_escaped: false,
        is_folder: false,
        at: 0,
    };
    let file = file(1, &deep);
    let mut tree = Tree::of([&file].into_iter());
    assert_eq!(tree.children(&TreePath::default()).unwrap().len(), 1);
    assert_eq!(tree.places_at(&file.path()).len(), 1);
    tree.remove(&file);
    assert_eq!(tree.children(&TreePath::default()), Some(Vec::new()));
}
