//! Folders and files by their paths. No disk, no service, no clock.

use std::collections::{BTreeMap, HashMap};

use super::folder_key::FolderKey;
use super::haystack::Haystack;
use super::name::Name;
use super::path::{DEEPEST, TreePath, parts};
pub(super) use super::table::FolderNumber;
use super::table::Table;
use super::versions;
pub(super) use super::versions::Version;
use crate::files::file::File;
use crate::files::file_id::FileId;

pub(super) const TOP: FolderNumber = 0;

/// All files by their paths, and the folders on the way to them.
#[derive(Debug)]
pub(crate) struct Tree {
    /// Folders that are gone leave their places to others.
    folders: Vec<Folder>,
    free: Vec<FolderNumber>,
    keys: HashMap<FolderKey, FolderNumber>,
    pub(super) haystack: Haystack,
    pub(super) table: Table,
}

#[derive(Debug)]
pub(super) struct Folder {
    pub(super) name: Name,
    pub(super) key: FolderKey,
    pub(super) parent: FolderNumber,
    pub(super) folders: BTreeMap<Name, FolderNumber>,
    pub(super) files: BTreeMap<Name, Vec<Version>>,
    /// The records that stand for it alone.
    pub(super) records: Vec<Version>,
}

impl Default for Tree {
    fn default() -> Self {
        Self {
            folders: vec![Folder::nameless()],
            free: Vec::new(),
            keys: HashMap::from([(FolderKey::TOP, TOP)]),
            haystack: Haystack::default(),
            table: Table::default(),
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
            files: BTreeMap::new(),
            records: Vec::new(),
        }
    }

    fn is_empty(&self) -> bool {
        self.folders.is_empty() && self.files.is_empty() && self.records.is_empty()
    }
}

impl Tree {
    /// The tree of all these files.
    pub(crate) fn of<'a>(files: impl Iterator<Item = &'a File>) -> Self {
        let mut tree = Self::default();
        // Most files share their folder's text with others.
        let mut known: HashMap<(&str, bool), Option<FolderNumber>> = HashMap::new();
        for file in files {
            if !file.is_name_opened() || file.name.contains('/') {
                tree.insert(file);
                continue;
            }
            let folder = known.entry((&file.folder, file.is_escaped));
            let folder = *folder.or_insert_with(|| {
                let names = parts(&file.folder, file.is_escaped);
                (names.len() < DEEPEST).then(|| tree.make(TOP, names))
            });
            match folder {
                Some(folder) => {
                    tree.insert_below(folder, Name::written(&file.name, file.is_escaped), file);
                }
                None => tree.insert(file),
            }
        }
        tree
    }

    pub(crate) fn insert(&mut self, file: &File) {
        let path = TreePath::of(file);
        if let Some((folder, name)) = path.split() {
            let folder = self.make(TOP, folder.names().to_vec());
            self.insert_below(folder, name.clone(), file);
        }
    }

    fn insert_below(&mut self, folder: FolderNumber, name: Name, file: &File) {
        let path = self.path_text(folder, name.text());
        let version = Version::of(file, self.haystack.add(file.id, [&path, &file.context]));
        if file.is_folder() {
            let itself = self.make(folder, vec![name]);
            self.table.add(file, "", itself);
            self.folders[itself].records.push(version);
            return;
        }
        self.table.add(file, name.text(), folder);
        let of_path = self.folders[folder].files.entry(name).or_default();
        versions::add(of_path, version);
        mark_newest(&mut self.table, of_path);
    }

    /// The file is another by now, but for what it is called and which version of its path it is.
    pub(crate) fn update(&mut self, file: &File) {
        let mut versions = self.versions_of(file).iter();
        let row = versions.find(|version| version.id == file.id);
        if let Some(row) = row.map(|version| version.row) {
            let path = TreePath::of(file);
            let name = path.names().last().map_or("", Name::text);
            self.table.update(row, file, name);
        }
    }

    /// The files of its path, the newest first; of a folder's record, the records of that folder.
    pub(super) fn versions_of(&self, file: &File) -> &[Version] {
        let path = TreePath::of(file);
        if !file.is_folder() {
            return self.versions(&path);
        }
        let folder = self.folder(&path);
        folder.map_or(&[], |number| &self.folders[number].records)
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
        let folder = &mut self.folders[number];
        let row = if file.is_folder() {
            versions::take(&mut folder.records, file.id)
        } else {
            let of_path = folder.files.get_mut(name);
            let row = of_path.and_then(|of_path| {
                let row = versions::take(of_path, file.id);
                mark_newest(&mut self.table, of_path);
                row
            });
            if folder.files.get(name).is_some_and(Vec::is_empty) {
                folder.files.remove(name);
            }
            row
        };
        if let Some(row) = row {
            self.haystack.remove(row);
            self.table.remove(row);
        }
        self.prune(number);
    }

    /// Whether it is better made anew: much of it is of files that are gone.
    pub(crate) fn is_worn(&self) -> bool {
        self.haystack.is_worn()
    }

    /// The files whose paths or labels have all of these words in them, also those that are older versions, in no
    /// order.
    pub(crate) fn search(&self, words: &str) -> Vec<FileId> {
        self.haystack.search(words)
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
    pub(super) fn versions(&self, path: &TreePath) -> &[Version] {
        let versions = path.split().and_then(|(folder, name)| {
            let folder = self.at(self.folder(&folder)?);
            folder.files.get(name)
        });
        versions.map_or(&[], Vec::as_slice)
    }

    /// The files at the top that are shown like this whole path and are no versions of one: each stands for itself.
    pub(super) fn shown_as(&self, path: &TreePath) -> Vec<(&Name, &[Version])> {
        // What is escaped is shown like another path, which they are found by already.
        if path.names().iter().any(Name::is_escaped) {
            return Vec::new();
        }
        let text = path.to_string();
        let from = Name::of_whole(&text, false);
        let files = self.folders[TOP].files.range(from..);
        let shown = files.take_while(|(name, _)| name.text() == text);
        let shown = shown.filter(|(name, _)| name.stands_alone());
        shown.map(|(name, of_path)| (name, &of_path[..])).collect()
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

    fn path_text(&self, folder: FolderNumber, name: &str) -> String {
        let mut names = vec![name];
        let mut at = folder;
        while at != TOP {
            names.push(self.folders[at].name.text());
            at = self.folders[at].parent;
        }
        names.reverse();
        names.join("/")
    }
}

fn mark_newest(table: &mut Table, versions: &[Version]) {
    for (at, version) in versions.iter().enumerate() {
        table.set_newest(version.row, at == 0);
    }
}
