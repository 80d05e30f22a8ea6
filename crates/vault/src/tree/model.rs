//! Folders and files by their paths. No disk, no service, no clock.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use super::folder_key::FolderKey;
use super::name::{Name, NameKind};
use super::order::Orders;
use super::order::natural::natural;
use super::path::{DEEPEST, TreePath, parts};
use super::rows::kind::FileKind;
use super::search_fold::search_fold;
pub(super) use super::table::FolderNumber;
use super::table::{Table, as_u32};
use super::texts::{Row, Texts};
pub(super) use super::versions::Version;
use super::versions::{self, Kept, Newest, Place};
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::system::stack::wipe_stack;

pub(super) const TOP: FolderNumber = 0;

/// With fewer files they are sorted when somebody asks for their order.
const MANY: usize = 10_000;

/// All files by their paths, and the folders on the way to them.
#[derive(Debug)]
pub(crate) struct Tree {
    /// Folders that are gone leave their places to others.
    folders: Vec<Folder>,
    free: Vec<FolderNumber>,
    keys: HashMap<FolderKey, FolderNumber>,
    /// Of each row: its name as it is searched, its name where that is another, and its line.
    pub(super) names: Arc<Texts>,
    spelled: Texts,
    pub(super) table: Table,
    kept: Vec<Kept>,
    newest: Newest,
    pub(super) orders: Orders,
    /// How many rows are of files that are gone.
    gone: usize,
}

#[derive(Debug)]
pub(super) struct Folder {
    pub(super) name: Name,
    pub(super) key: FolderKey,
    pub(super) parent: FolderNumber,
    pub(super) folders: BTreeMap<Name, FolderNumber>,
    /// The newest of each path, in no order.
    pub(super) files: Vec<u32>,
    /// The records that stand for it alone.
    pub(super) records: Vec<Version>,
}

impl Default for Tree {
    fn default() -> Self {
        Self {
            folders: vec![Folder::nameless()],
            free: Vec::new(),
            keys: HashMap::from([(FolderKey::TOP, TOP)]),
            names: Arc::default(),
            spelled: Texts::default(),
            table: Table::default(),
            kept: Vec::new(),
            newest: Newest::default(),
            orders: Orders::default(),
            gone: 0,
        }
    }
}

impl Folder {
    fn nameless() -> Self {
        Self::new(Name::written("", false), FolderKey::TOP, TOP)
    }

    fn new(name: Name, key: FolderKey, parent: FolderNumber) -> Self {
        Self {
            name,
            key,
            parent,
            folders: BTreeMap::new(),
            files: Vec::new(),
            records: Vec::new(),
        }
    }

    pub(super) fn folded_name(&self) -> Cow<'_, str> {
        search_fold(self.name.text())
    }

    fn is_empty(&self) -> bool {
        self.folders.is_empty() && self.files.is_empty() && self.records.is_empty()
    }
}

impl Tree {
    /// The tree of all these files.
    pub(crate) fn of<'a>(files: impl Iterator<Item = &'a File>) -> Self {
        let mut tree = Self::default();
        tree.reserve(files.size_hint().0);
        // Most files share their folder's text with others.
        let mut known: HashMap<(&str, bool), Option<FolderNumber>> = HashMap::new();
        for file in files {
            if !file.is_name_opened() || file.name.contains('/') {
                tree.add(file);
                continue;
            }
            let folder = known.entry((file.folder.as_str(), file.is_escaped));
            let folder = *folder.or_insert_with(|| {
                let names = parts(&file.folder, file.is_escaped);
                (names.len() < DEEPEST).then(|| tree.make(TOP, names))
            });
            match folder {
                Some(folder) => {
                    tree.add_row(folder, Name::written(&file.name, file.is_escaped), file);
                }
                None => tree.add(file),
            }
        }
        tree.place_all();
        tree
    }

    pub(crate) fn insert(&mut self, file: &File) {
        let row = as_u32(self.kept.len());
        self.add(file);
        if row < self.table.lines() {
            self.place(row);
        }
    }

    /// Its row, which is not among the files of its folder yet.
    fn add(&mut self, file: &File) {
        let path = TreePath::of(file);
        if let Some((folder, name)) = path.split() {
            let folder = self.make(TOP, folder.names().to_vec());
            self.add_row(folder, name.clone(), file);
        }
    }

    fn reserve(&mut self, files: usize) {
        Arc::make_mut(&mut self.names).reserve(files);
        self.spelled.reserve(files);
        self.table.reserve(files);
        self.kept.reserve_exact(files);
    }

    /// Places all rows while the order of their names is found beside it.
    fn place_all(&mut self) {
        Arc::make_mut(&mut self.names).fit();
        self.spelled.fit();
        let (spelled, names, kept, table) = (&self.spelled, &self.names, &self.kept, &self.table);
        let is_of_service = |kept: &&Kept| kept.name == NameKind::OfService;
        let of_service = kept.iter().filter(is_of_service).count();
        let place_of = |row| place(names, spelled, kept, table, row);
        self.newest.reserve(kept.len(), of_service, place_of);
        if self.kept.len() < MANY {
            (0..self.table.lines()).for_each(|row| self.place(row));
            return;
        }
        let names = Arc::clone(&self.names);
        self.orders = thread::scope(|scope| {
            let ordering = scope.spawn(move || {
                let orders = Orders::of(&names);
                wipe_stack();
                orders
            });
            (0..self.table.lines()).for_each(|row| self.place(row));
            ordering.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
    }

    fn add_row(&mut self, folder: FolderNumber, name: Name, file: &File) {
        let row = Row::of(self.kept.len());
        let version = Version::of(file, row);
        let names = Arc::make_mut(&mut self.names);
        names.push_folded(name.text());
        let is_lower = self.names.get(row.as_u32()) == name.text();
        self.spelled.push(if is_lower { "" } else { name.text() });
        self.kept.push(Kept::of(&version, name.written_as()));
        self.orders.touch(row.number());
        if file.is_folder() {
            let itself = self.make(folder, vec![name]);
            self.table.add(file, "", itself);
            self.folders[itself].records.push(version);
            return;
        }
        self.table.add(file, name.text(), folder);
    }

    /// Makes a row one of the versions of its path, the first or another one. What stands for a folder has none.
    fn place(&mut self, row: u32) {
        let line = self.table.line(row);
        if line.kind == FileKind::Folder {
            return;
        }
        let folder = line.folder as usize;
        let (spelled, names, kept, table) = (&self.spelled, &self.names, &self.kept, &self.table);
        let known = self
            .newest
            .find_or_insert(row, |row| place(names, spelled, kept, table, row));
        let Some(newest) = known else {
            self.table.set_newest(row.into(), true);
            let files = &mut self.folders[folder].files;
            self.kept[row as usize].place = as_u32(files.len());
            files.push(row);
            return;
        };
        let mut versions = versions::from(&self.kept, newest);
        versions::add(&mut versions, self.kept[row as usize].version(row));
        self.keep_versions(newest, &versions);
    }

    /// Takes note of the versions of a path of which `before` was the newest.
    fn keep_versions(&mut self, before: u32, versions: &[Version]) {
        versions::keep(&mut self.kept, versions);
        let Some(newest) = versions.first().map(|version| version.row.as_u32()) else {
            return;
        };
        if newest == before {
            return;
        }
        for row in [before, newest] {
            self.table.set_newest(row.into(), row == newest);
            self.orders.touch(row as usize);
        }
        let place = self.kept[before as usize].place;
        self.kept[newest as usize].place = place;
        let folder = self.table.line(newest).folder as usize;
        self.folders[folder].files[place as usize] = newest;
        self.forget_index(before);
        self.index(newest);
    }

    fn index(&mut self, row: u32) {
        let (spelled, names, kept, table) = (&self.spelled, &self.names, &self.kept, &self.table);
        self.newest
            .insert(row, |row| place(names, spelled, kept, table, row));
    }

    fn forget_index(&mut self, row: u32) {
        let place = place(&self.names, &self.spelled, &self.kept, &self.table, row);
        self.newest.remove(row, &place);
    }

    /// The newest version of this path.
    fn newest_of(&self, folder: FolderNumber, name: &Name) -> Option<u32> {
        self.newest.find(folder, name, |row| {
            place(&self.names, &self.spelled, &self.kept, &self.table, row)
        })
    }

    /// The name of this row, as it is spelled.
    pub(super) fn name(&self, row: u32) -> Name {
        let kept = &self.kept[row as usize];
        Name::of_kind(spelled(&self.names, &self.spelled, row), kept.name, kept.id)
    }

    /// The order of the names of two rows.
    pub(super) fn compare_names(&self, a: u32, b: u32) -> Ordering {
        let [first, second] = [a, b].map(|row| spelled(&self.names, &self.spelled, row));
        natural(self.names.get(a), self.names.get(b))
            .then_with(|| first.cmp(second))
            .then(a.cmp(&b))
    }

    /// Which file this row is.
    pub(super) fn file(&self, row: u32) -> FileId {
        self.kept[row as usize].id
    }

    /// The files in a folder, each with its versions, by name.
    pub(super) fn files_in(&self, folder: FolderNumber) -> Vec<(Name, Vec<Version>)> {
        let files = self.folders[folder].files.iter();
        let mut files: Vec<(Name, u32)> = files.map(|row| (self.name(*row), *row)).collect();
        files.sort();
        let files = files.into_iter();
        files
            .map(|(name, row)| (name, versions::from(&self.kept, row)))
            .collect()
    }

    /// The file is another by now, but for what it is called and which version of its path it is.
    pub(crate) fn update(&mut self, file: &File) {
        let mut versions = self.versions_of(file).into_iter();
        let row = versions.find(|version| version.id == file.id);
        if let Some(row) = row.map(|version| version.row) {
            let path = TreePath::of(file);
            let name = path.names().last().map_or("", Name::text);
            self.table.update(row, file, name);
            self.orders.touch(row.number());
        }
    }

    /// The files of its path, the newest first; of a folder's record, the records of that folder.
    pub(super) fn versions_of(&self, file: &File) -> Vec<Version> {
        let path = TreePath::of(file);
        if !file.is_folder() {
            return self.versions(&path);
        }
        let folder = self.folder(&path);
        folder.map_or_else(Vec::new, |number| self.folders[number].records.clone())
    }

    /// Takes out a file that was inserted like this. Folders that it leaves empty go with it.
    pub(crate) fn remove(&mut self, file: &File) {
        let path = TreePath::of(file);
        let folder = if file.is_folder() {
            self.folder(&path)
        } else {
            path.split().and_then(|(folder, _)| self.folder(&folder))
        };
        let (Some(number), Some(name)) = (folder, path.names().last()) else {
            return;
        };
        let row = if file.is_folder() {
            versions::take(&mut self.folders[number].records, file.id)
        } else {
            self.take_version(number, name, file.id)
        };
        if let Some(row) = row {
            self.orders.touch(row.number());
            self.table.remove(row);
            self.gone += 1;
        }
        self.prune(number);
    }

    fn take_version(&mut self, folder: FolderNumber, name: &Name, id: FileId) -> Option<Row> {
        let newest = self.newest_of(folder, name)?;
        let mut versions = versions::from(&self.kept, newest);
        let row = versions::take(&mut versions, id)?;
        if !versions.is_empty() {
            self.keep_versions(newest, &versions);
            return Some(row);
        }
        self.forget_index(newest);
        let files = &mut self.folders[folder].files;
        let place = self.kept[newest as usize].place;
        files.swap_remove(place as usize);
        if let Some(moved) = files.get(place as usize) {
            self.kept[*moved as usize].place = place;
        }
        Some(row)
    }

    /// Whether it is better built again: most of its rows are of files that were removed.
    pub(crate) fn is_worn(&self) -> bool {
        self.gone > 1024 && self.gone * 2 > self.kept.len()
    }

    pub(super) fn folder(&self, path: &TreePath) -> Option<FolderNumber> {
        let mut names = path.names().iter();
        names.try_fold(TOP, |at, name| self.folders[at].folders.get(name).copied())
    }

    pub(super) fn by_key(&self, key: FolderKey) -> Option<FolderNumber> {
        self.keys.get(&key).copied()
    }

    /// The path of a folder.
    pub(super) fn path(&self, number: FolderNumber) -> TreePath {
        let names = self.way(number).into_iter();
        names.fold(TreePath::default(), |path, number| {
            path.join(self.folders[number].name.clone())
        })
    }

    /// The folders from the top, which is not among them, to this one.
    pub(super) fn way(&self, number: FolderNumber) -> Vec<FolderNumber> {
        let mut way = Vec::new();
        let mut at = number;
        while at != TOP {
            way.push(at);
            at = self.folders[at].parent;
        }
        way.reverse();
        way
    }

    /// How many numbers of folders there are, also of those that are gone.
    pub(super) fn numbers(&self) -> usize {
        self.folders.len()
    }

    /// A folder and all below it, each after the one it is in.
    pub(super) fn with_below(&self, top: FolderNumber) -> Vec<FolderNumber> {
        let mut all = vec![top];
        let mut at = 0;
        while let Some(number) = all.get(at) {
            all.extend(self.folders[*number].folders.values());
            at += 1;
        }
        all
    }

    pub(super) fn at(&self, number: FolderNumber) -> &Folder {
        &self.folders[number]
    }

    /// The files of this path, the newest first.
    pub(super) fn versions(&self, path: &TreePath) -> Vec<Version> {
        let newest = path
            .split()
            .and_then(|(folder, name)| self.newest_of(self.folder(&folder)?, name));
        newest.map_or_else(Vec::new, |row| versions::from(&self.kept, row))
    }

    /// The files at the top that are shown like this whole path and are no versions of one: each stands for itself.
    pub(super) fn shown_as(&self, path: &TreePath) -> Vec<(Name, Vec<Version>)> {
        // What is escaped is shown like another path, which they are found by already.
        if path.names().iter().any(Name::is_escaped) {
            return Vec::new();
        }
        let text = path.to_string();
        let whole = [false, true].map(|is_escaped| Name::of_whole(&text, is_escaped));
        let whole = whole.iter().filter_map(|name| self.newest_of(TOP, name));
        let shown = whole.chain(self.newest.of_service(&text));
        let mut shown: Vec<(Name, u32)> = shown
            .map(|row| (self.name(row), row))
            .filter(|(name, _)| name.text() == text && name.stands_alone())
            .collect();
        shown.sort();
        let shown = shown.into_iter();
        shown
            .map(|(name, row)| (name, versions::from(&self.kept, row)))
            .collect()
    }

    /// Makes the folders that are not there.
    fn make(&mut self, from: FolderNumber, names: Vec<Name>) -> FolderNumber {
        let mut at = from;
        for name in names {
            at = match self.folders[at].folders.get(&name) {
                Some(known) => *known,
                None => self.make_in(at, name),
            };
        }
        at
    }

    fn make_in(&mut self, parent: FolderNumber, name: Name) -> FolderNumber {
        let key = self.folders[parent].key.of_child(&name);
        let folder = Folder::new(name.clone(), key, parent);
        let number = if let Some(free) = self.free.pop() {
            self.folders[free] = folder;
            free
        } else {
            self.folders.push(folder);
            self.folders.len() - 1
        };
        self.folders[parent].folders.insert(name, number);
        self.keys.insert(key, number);
        number
    }

    fn prune(&mut self, mut number: FolderNumber) {
        while number != TOP && self.folders[number].is_empty() {
            let gone = std::mem::replace(&mut self.folders[number], Folder::nameless());
            self.keys.remove(&gone.key);
            self.free.push(number);
            number = gone.parent;
            self.folders[number].folders.remove(&gone.name);
        }
    }
}

fn spelled<'a>(names: &'a Texts, spelled: &'a Texts, row: u32) -> &'a str {
    match spelled.get(row) {
        "" => names.get(row),
        spelled => spelled,
    }
}

fn place<'a>(
    names: &'a Texts,
    as_spelled: &'a Texts,
    kept: &[Kept],
    table: &Table,
    row: u32,
) -> Place<'a> {
    let of_row = &kept[row as usize];
    Place {
        folder: table.line(row).folder as usize,
        text: spelled(names, as_spelled, row),
        kind: of_row.name,
        id: of_row.id,
    }
}
