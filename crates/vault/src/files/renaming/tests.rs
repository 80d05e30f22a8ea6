use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;

use super::note::RenamingNote;
use super::plan::{self, Change, Plan, TreeItem};
use super::sent_name::Renaming;
use crate::Receipt;
use crate::error::Error;
use crate::files::catalogue::Catalogue;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::receipts::Named;
use crate::store::process_lock::RunId;
use crate::tree::path::TreePath;

const RUN: RunId = [1; 16];

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// As it is stored from here under this path.
fn stored(number: u8, path: &str) -> File {
    let (folder, name, is_escaped) = TreePath::parse(path).written();
    let receipt = Receipt {
        token: Some(format!("dtk-{number}").as_str().into()),
        named: Some(Named {
            folder: folder.into(),
            name,
            is_escaped,
            context: "documents".into(),
            size_bytes: Some(1),
            attributes: None,
            sealed: Some(format!("sealed {number}").into()),
        }),
        ..Receipt::default()
    };
    File::from_receipt(FileId([number; 16]), receipt)
}

/// The name that is sent for it.
fn sent(file: &File, path: &TreePath) -> Named {
    let mut renamed = file.clone();
    let (folder, name, is_escaped) = path.written();
    (renamed.folder, renamed.name, renamed.is_escaped) = (folder.into(), name, is_escaped);
    let mut attributes = renamed.attributes.unwrap_or_default();
    attributes.renames += 1;
    renamed.attributes = Some(attributes);
    renamed.at_service.sealed_name = Some(format!("{path} of {}", file.id).into());
    renamed.named()
}

fn begin(to: &Named) -> RenamingNote {
    RenamingNote::Begin {
        renaming: Box::new(Renaming {
            to: to.clone(),
            by: Some(RUN),
            command: None,
            is_lapsed: false,
        }),
        over: None,
    }
}

fn done(to: &Named) -> RenamingNote {
    RenamingNote::Done {
        to: Box::new(to.clone()),
        at: at(0),
    }
}

fn rename(catalogue: &mut Catalogue, id: FileId, path: &TreePath) -> Named {
    let to = sent(&catalogue.get(id).unwrap(), path);
    catalogue.note_renaming(id, &begin(&to));
    catalogue.note_renaming(id, &done(&to));
    to
}

/// The service's list has it under this name.
fn listed(file: &File, named: &Named) -> File {
    let mut listed = File {
        receipt: None,
        ..file.clone()
    };
    listed.take_name(named.clone());
    listed
}

#[test]
fn a_name_is_taken_when_it_is_confirmed_and_the_receipt_has_it() {
    let mut catalogue = Catalogue::default();
    let file = stored(1, "a/b");
    let id = file.id;
    catalogue.put(file.clone());
    let to = sent(&file, &TreePath::parse("a/c"));
    catalogue.note_renaming(id, &begin(&to));
    let waiting = catalogue.get(id).unwrap();
    assert_eq!(
        (waiting.name.as_str(), waiting.intended_name()),
        ("b", Some(&to))
    );
    catalogue.note_renaming(id, &done(&to));
    let renamed = catalogue.get(id).unwrap();
    assert_eq!(renamed.name, "c");
    assert_eq!(renamed.intended_name(), None);
    assert_eq!(renamed.receipt.as_ref().unwrap().named, Some(to));
    assert!(
        catalogue
            .tree()
            .places_at(&TreePath::parse("a/b"))
            .is_empty()
    );
}

#[test]
fn a_rejected_renaming_leaves_the_name() {
    let mut catalogue = Catalogue::default();
    let file = stored(1, "b");
    catalogue.put(file.clone());
    let to = sent(&file, &TreePath::parse("c"));
    catalogue.note_renaming(file.id, &begin(&to));
    let sealed = to.sealed.clone().unwrap();
    catalogue.note_renaming(file.id, &RenamingNote::NotDone { sealed });
    let kept = catalogue.get(file.id).unwrap();
    assert_eq!((kept.name.as_str(), kept.intended_name()), ("b", None));
}

#[test]
fn a_list_that_shows_the_name_that_was_sent_settles_it() {
    for is_lapsed in [false, true] {
        let mut catalogue = Catalogue::default();
        let file = stored(1, "b");
        catalogue.put(file.clone());
        let to = sent(&file, &TreePath::parse("c"));
        catalogue.note_renaming(file.id, &begin(&to));
        if is_lapsed {
            let sealed = to.sealed.clone().unwrap();
            catalogue.note_renaming(file.id, &RenamingNote::Lapsed { sealed });
        }
        let renamed = catalogue.merge_listed(listed(&file, &to), at(0)).unwrap();
        assert_eq!(renamed.name, "c");
        assert!(!renamed.needs_attention());
        assert_eq!(renamed.at_service.renaming, None);
    }
}

#[test]
fn a_list_that_lags_is_no_alarm_and_one_that_stays_so_is() {
    let mut catalogue = Catalogue::default();
    let file = stored(1, "b");
    catalogue.put(file.clone());
    rename(&mut catalogue, file.id, &TreePath::parse("c"));
    catalogue.merge_listed(listed(&file, &file.named()), at(60));
    let known = catalogue.get(file.id).unwrap();
    assert_eq!((known.name.as_str(), known.needs_attention()), ("c", false));
    catalogue.merge_listed(listed(&file, &file.named()), at(3600));
    let known = catalogue.get(file.id).unwrap();
    assert_eq!((known.name.as_str(), known.needs_attention()), ("c", true));
}

#[test]
fn a_name_that_another_computer_gave_this_very_file_later_is_taken_over() {
    let mut catalogue = Catalogue::default();
    let file = stored(1, "b");
    catalogue.put(file.clone());
    let to = sent(&file, &TreePath::parse("there/c"));
    let renamed = catalogue.merge_listed(listed(&file, &to), at(0)).unwrap();
    assert_eq!(renamed.path().to_string(), "there/c");
    assert!(!renamed.needs_attention());
    assert_eq!(renamed.receipt.as_ref().unwrap().named, Some(to));
}

#[test]
fn an_older_name_and_one_that_was_not_made_for_the_file_are_asked_about() {
    let mut catalogue = Catalogue::default();
    let file = stored(1, "b");
    catalogue.put(file.clone());
    let first = rename(&mut catalogue, file.id, &TreePath::parse("c"));
    rename(&mut catalogue, file.id, &TreePath::parse("d"));
    let mut of_another = first.clone();
    of_another.sealed = Some("sealed 2".into());
    of_another.attributes = None;
    for shown in [first, of_another] {
        catalogue.merge_listed(listed(&file, &shown), at(3600));
        let known = catalogue.get(file.id).unwrap();
        assert_eq!((known.name.as_str(), known.needs_attention()), ("d", true));
    }
}

#[test]
fn a_name_with_another_length_is_asked_about() {
    let mut catalogue = Catalogue::default();
    let file = stored(1, "b");
    catalogue.put(file.clone());
    let mut to = sent(&file, &TreePath::parse("c"));
    to.size_bytes = Some(2);
    let mut shown = listed(&file, &to);
    shown.size_bytes = Some(2);
    catalogue.merge_listed(shown, at(0));
    assert!(catalogue.get(file.id).unwrap().needs_attention());
}

#[test]
fn another_renaming_does_not_begin_while_one_may_still_be_done() {
    let mut file = stored(1, "b");
    let to = sent(&file, &TreePath::parse("c"));
    file.note_renaming(&begin(&to)).unwrap();
    let other = sent(&file, &TreePath::parse("d"));
    assert!(file.note_renaming(&begin(&other)).is_err());
    assert_eq!(file.intended_name(), Some(&to));
    let over = file.at_service.renaming.clone();
    let RenamingNote::Begin { renaming, .. } = begin(&other) else {
        unreachable!("it begins");
    };
    file.note_renaming(&RenamingNote::Begin { renaming, over })
        .unwrap();
    assert_eq!(file.intended_name(), Some(&other));
}

#[test]
fn names_that_no_file_can_have_are_refused() {
    for bad in ["", " ", ".", "..", "a/b", "a\nb", &"n".repeat(256)] {
        assert!(plan::safe_name(bad).is_err(), "{bad:?}");
    }
    for good in ["a", ".profile", "Zürich β.pdf", r"a\b", &"n".repeat(255)] {
        assert_eq!(plan::safe_name(good).unwrap().text(), good);
    }
}

#[test]
fn a_name_that_is_edited_as_it_is_shown_keeps_what_cannot_be_seen() {
    let mut catalogue = Catalogue::default();
    catalogue.put(stored(0, "\u{200f}\u{5e9}.txt"));
    let raw = File {
        is_escaped: true,
        ..stored(1, r"caf\xe9.txt")
    };
    catalogue.put(raw);
    catalogue.put(stored(2, "plain"));
    for (number, typed, text, is_escaped) in [
        (0, "\\u{200f}\u{5e9}.pdf", "\u{200f}\u{5e9}.pdf", false),
        (0, "\u{5e9}.pdf", "\u{5e9}.pdf", false),
        (1, r"caf\xe9.pdf", r"caf\xe9.pdf", true),
        (1, "cafe.pdf", "cafe.pdf", false),
        (2, r"\xe9 and \u{200f}", r"\xe9 and \u{200f}", false),
    ] {
        let item = TreeItem::File(FileId([number; 16]));
        let plan = Plan::rename(&mut catalogue, &item, typed).unwrap();
        let Change::Path(path) = &plan.steps[0].change else {
            panic!("it is renamed");
        };
        let (_, name) = path.split().unwrap();
        assert_eq!(
            (name.text(), name.is_escaped()),
            (text, is_escaped),
            "{typed}"
        );
    }
}

#[test]
fn what_is_taken_is_refused_and_a_moved_file_gets_a_number() {
    let mut catalogue = Catalogue::default();
    for (number, path) in ["a.txt", "b.txt", "x/a.txt", "y/x/c"].iter().enumerate() {
        catalogue.put(stored(u8::try_from(number).unwrap(), path));
    }
    let file = TreeItem::File(FileId([0; 16]));
    let folder = TreeItem::Folder(TreePath::parse("x"));
    let code = |error: Error| error.explain().code.to_string();
    let refused = Plan::rename(&mut catalogue, &file, "b.txt").unwrap_err();
    assert_eq!(code(refused), "path_taken");
    let plan = Plan::move_to(&mut catalogue, &[file], &TreePath::parse("x")).unwrap();
    let to = Change::Path(TreePath::parse("x/a (2).txt"));
    assert_eq!(plan.steps[0].change, to);
    let items = [folder.clone()];
    let mut plan = Plan::move_to(&mut catalogue, &items, &TreePath::parse("y")).unwrap();
    assert_eq!(code(plan.refused.remove(0).1), "path_taken");
    let mut plan = Plan::move_to(&mut catalogue, &items, &TreePath::parse("x/z")).unwrap();
    assert_eq!(code(plan.refused.remove(0).1), "into_itself");
    assert!(plan.steps.is_empty());
}

#[test]
fn what_lies_in_a_picked_folder_is_moved_once() {
    let mut catalogue = Catalogue::default();
    catalogue.put(stored(1, "a/b/c"));
    let items = [
        TreeItem::File(FileId([1; 16])),
        TreeItem::Folder(TreePath::parse("a/b")),
        TreeItem::Folder(TreePath::parse("a")),
        TreeItem::Folder(TreePath::parse("a")),
    ];
    let plan = Plan::move_to(&mut catalogue, &items, &TreePath::parse("z")).unwrap();
    let steps: Vec<&Change> = plan.steps.iter().map(|step| &step.change).collect();
    assert_eq!(steps, [&Change::Path(TreePath::parse("z/a/b/c"))]);
}

/// What a person does.
#[derive(Clone, Debug)]
enum Act {
    /// Of a file or folder, by its number among all, to a name.
    Rename(u8, u8),
    Move(u8, u8),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        (any::<u8>(), 0..4u8).prop_map(|(what, name)| Act::Rename(what, name)),
        (any::<u8>(), any::<u8>()).prop_map(|(what, to)| Act::Move(what, to)),
    ];
    proptest::collection::vec(act, 0..24)
}

/// The same, done to paths in a map.
#[derive(Default)]
struct Model(BTreeMap<FileId, Vec<String>>);

impl Model {
    fn folders(&self) -> Vec<Vec<String>> {
        let mut folders: Vec<Vec<String>> = self
            .0
            .values()
            .flat_map(|path| (0..path.len()).map(|names| path[..names].to_vec()))
            .collect();
        folders.sort();
        folders.dedup();
        folders
    }

    fn is_taken(&self, path: &[String]) -> bool {
        self.0.values().any(|known| known.starts_with(path))
    }

    /// Everything at or below `from` is at or below `to`.
    fn relocate(&mut self, from: &[String], to: &[String]) {
        for path in self.0.values_mut().filter(|path| path.starts_with(from)) {
            *path = [to, &path[from.len()..]].concat();
        }
    }

    fn apply(&mut self, act: &Act) -> Option<(TreeItem, Vec<String>, bool)> {
        let items: Vec<(TreeItem, Vec<String>)> = self
            .0
            .iter()
            .map(|(id, path)| (TreeItem::File(*id), path.clone()))
            .chain(self.folders().into_iter().skip(1).map(|folder| {
                let path = TreePath::parse(&folder.join("/"));
                (TreeItem::Folder(path), folder)
            }))
            .collect();
        let folders = self.folders();
        let (what, to, is_move) = match act {
            Act::Rename(what, name) => {
                let (item, path) = &items[usize::from(*what) % items.len()];
                let mut to = path.clone();
                *to.last_mut()? = name.to_string();
                ((item, path), to, false)
            }
            Act::Move(what, folder) => {
                let (item, path) = &items[usize::from(*what) % items.len()];
                let mut to = folders[usize::from(*folder) % folders.len()].clone();
                to.push(path.last()?.clone());
                ((item, path), to, true)
            }
        };
        let (item, from) = what;
        let asked = to.clone();
        let is_file = matches!(item, TreeItem::File(_));
        let mut to = to;
        let mut number = 2;
        while is_move && is_file && to != *from && self.is_taken(&to) {
            *to.last_mut()? = format!("{} ({number})", asked.last()?);
            number += 1;
        }
        let is_refused =
            to == *from || self.is_taken(&to) || (!is_file && to.starts_with(&from[..]));
        if !is_refused {
            self.relocate(&from.clone(), &to);
        }
        Some((item.clone(), asked, is_move))
    }
}

proptest! {
    #[test]
    fn renaming_and_moving_do_what_a_person_expects(
        paths in proptest::collection::btree_set("[0-3](/[0-3]){0,3}", 1..8),
        acts in acts(),
    ) {
        let mut catalogue = Catalogue::default();
        let mut model = Model::default();
        for (number, path) in paths.iter().enumerate() {
            let parts: Vec<String> = path.split('/').map(str::to_owned).collect();
            // A file and a folder of one name are no tree of a person's.
            if model.is_taken(&parts) || model.0.values().any(|known| parts.starts_with(known)) {
                continue;
            }
            let file = stored(u8::try_from(number).unwrap(), path);
            model.0.insert(file.id, parts);
            catalogue.put(file);
        }
        for act in &acts {
            let Some((item, to, is_move)) = model.apply(act) else {
                continue;
            };
            let folder = TreePath::parse(&to[..to.len() - 1].join("/"));
            let plan = if is_move {
                Plan::move_to(&mut catalogue, &[item], &folder)
            } else {
                Plan::rename(&mut catalogue, &item, &to[to.len() - 1])
            };
            for step in plan.map(|plan| plan.steps).unwrap_or_default() {
                let Change::Path(path) = step.change else {
                    continue;
                };
                for id in step.files {
                    rename(&mut catalogue, id, &path);
                }
            }
            for (id, path) in &model.0 {
                let file = catalogue.get(*id).unwrap();
                prop_assert_eq!(file.path().to_string(), path.join("/"));
                let named = file.receipt.as_ref().unwrap().named.clone();
                prop_assert_eq!(named, Some(file.named()));
            }
        }
    }
}
