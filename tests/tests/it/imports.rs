//! How the sources lie: no import closes a circle of files, no folder holds too many of them, and none is too long or
//! too wide to read.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use syn::visit::{self, Visit};
use syn::{
    Attribute, File, ImplItemFn, Item, ItemFn, ItemImpl, ItemMod, ItemUse, UseTree, Visibility,
};

const CRATES: [&str; 8] = [
    "crates/envelope/src",
    "crates/sandbox/src",
    "crates/xtask/src",
    "crates/client/src",
    "crates/vault/src",
    "crates/cli/src",
    "crates/bench/src",
    "src-tauri/src",
];

/// Files that a reader can look over in one folder. The operations and the commands of the page have one each: a table
/// in files.
const FILES_AT_MOST: usize = 15;
const TABLES: [&str; 2] = ["operations", "src-tauri/src"];

/// Where everything stands that is written by hand and read.
const WRITTEN: [&str; 7] = [
    "crates",
    "fuzz/fuzz_targets",
    "src-tauri",
    "tests",
    "ui/dev",
    "ui/src",
    "ui/tests",
];
const LANGUAGES: [&str; 4] = ["css", "rs", "svelte", "ts"];
const GENERATED: [&str; 1] = ["ui/src/bindings.ts"];

const LINES_AT_MOST: usize = 500;

const COLUMNS_AT_MOST: usize = 120;
/// More than this without a space is a key or an address, and a raw string is what it quotes: both are left whole.
const LONGEST_WORD: usize = 60;

/// The names on the way to a module, from the crate's root on.
type Module = Vec<String>;

/// What a file imports and names, and what it exports of others.
#[derive(Default)]
struct Uses {
    named: BTreeSet<Vec<String>>,
    /// A name and the path it stands for.
    exported: BTreeMap<String, Vec<String>>,
}

#[test]
fn no_import_closes_a_circle_of_files() -> Result<()> {
    for folder in CRATES {
        let root = root().join(folder);
        let modules = modules_in(&root)?;
        let edges = edges_of(&modules);
        let largest = largest_circle(&edges);
        assert!(
            largest.is_empty(),
            "{folder}: {} files import each other in a circle. One of them:\n{}",
            largest.len(),
            shortest_circle(&edges, &largest)
        );
    }
    Ok(())
}

#[test]
fn no_folder_holds_more_files_than_can_be_looked_over() -> Result<()> {
    for (folder, files) in folders()? {
        let is_table = TABLES.iter().any(|table| folder.contains(table));
        assert!(
            is_table || files.len() <= FILES_AT_MOST,
            "{folder} holds {} files",
            files.len()
        );
    }
    Ok(())
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() -> Result<()> {
    for file in written(&LANGUAGES)? {
        let lines = fs::read_to_string(root().join(&file))?.lines().count();
        assert!(
            lines <= LINES_AT_MOST,
            "{} has {lines} lines",
            file.display()
        );
    }
    Ok(())
}

#[test]
fn no_line_is_too_wide_to_be_read_at_once() -> Result<()> {
    for file in written(&["rs"])? {
        let text = fs::read_to_string(root().join(&file))?;
        for (number, line) in text.lines().enumerate() {
            let is_quoted = line.contains("r\"") || line.contains("r#\"");
            let has_long_word = line.split(' ').any(|word| word.len() > LONGEST_WORD);
            assert!(
                is_quoted || has_long_word || line.chars().count() <= COLUMNS_AT_MOST,
                "{}:{} is wider than {COLUMNS_AT_MOST} columns",
                file.display(),
                number + 1
            );
        }
    }
    Ok(())
}

/// The source files of all crates by their folders, named from the project's root on.
fn folders() -> Result<BTreeMap<String, Vec<PathBuf>>> {
    let mut folders: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for file in files_below(&CRATES, &["rs"])? {
        let folder = file.parent().unwrap_or(Path::new("")).display().to_string();
        folders.entry(folder).or_default().push(file);
    }
    Ok(folders)
}

/// Every file that somebody wrote in one of these languages.
fn written(languages: &[&str]) -> Result<Vec<PathBuf>> {
    let mut files = files_below(&WRITTEN, languages)?;
    files.retain(|file| !GENERATED.iter().any(|generated| file.ends_with(generated)));
    assert!(files.len() > 100, "the sources are found");
    Ok(files)
}

/// The files with one of these endings, named from the project's root on, without what builds leave there.
fn files_below(folders: &[&str], endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut waiting: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(root().join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                if entry.file_name() != "target" {
                    waiting.push(path);
                }
            } else if path
                .extension()
                .is_some_and(|end| endings.iter().any(|known| end == *known))
            {
                files.push(path);
            }
        }
    }
    Ok(files)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn a_circle_is_found_through_exports_and_named_by_its_imports() {
    let parsed = |text: &str| uses_of(&syn::parse_file(text).expect("a test is Rust"));
    let module = |name: &str| vec![name.to_owned()];
    let modules = BTreeMap::from([
        (vec![], parsed("mod a; mod b; mod c; pub use a::Apple;")),
        (
            module("a"),
            parsed("use crate::b::{self, Bean}; pub struct Apple;"),
        ),
        (
            module("b"),
            parsed("pub struct Bean; fn of(_: &crate::Apple) {}"),
        ),
        (
            module("c"),
            parsed("use super::a::Apple; #[cfg(test)] mod tests { use crate::c::Cherry; }"),
        ),
    ]);
    let edges = edges_of(&modules);
    let largest = largest_circle(&edges);
    assert_eq!(largest, BTreeSet::from([module("a"), module("b")]));
    let told = shortest_circle(&edges, &largest);
    assert!(told.contains("a imports crate::b"), "{told}");
    assert!(told.contains("b imports crate::Apple"), "{told}");
}

fn modules_in(root: &Path) -> Result<BTreeMap<Module, Uses>> {
    let mut modules = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && let Some(module) = module_of(root, &path)
            {
                let text = fs::read_to_string(&path)?;
                modules.insert(module, uses_of(&syn::parse_file(&text)?));
            }
        }
    }
    Ok(modules)
}

/// Tests may import what they like, and programs in `bin` are crates of their own.
fn module_of(root: &Path, path: &Path) -> Option<Module> {
    let inside = path.strip_prefix(root).ok()?.with_extension("");
    let mut names: Module = inside
        .iter()
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let is_test = |name: &String| name == "tests" || name.ends_with("_tests");
    if names.iter().any(is_test) || names.first().is_some_and(|first| first == "bin") {
        return None;
    }
    if ["mod", "lib", "main"].contains(&names.last()?.as_str()) {
        names.pop();
    }
    Some(names)
}

fn uses_of(file: &File) -> Uses {
    let mut uses = Uses::default();
    uses.visit_file(file);
    uses
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_cfg = attribute.path().is_ident("cfg");
        is_cfg
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|what| what == "test")
    })
}

impl Visit<'_> for Uses {
    fn visit_item(&mut self, item: &Item) {
        let attributes: &[Attribute] = match item {
            Item::Fn(ItemFn { attrs, .. })
            | Item::Impl(ItemImpl { attrs, .. })
            | Item::Mod(ItemMod { attrs, .. })
            | Item::Use(ItemUse { attrs, .. }) => attrs,
            _ => &[],
        };
        if !is_for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &ImplItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_use(&mut self, item: &ItemUse) {
        let is_export = !matches!(item.vis, Visibility::Inherited);
        for (name, path) in leaves(&item.tree, &[]) {
            if is_export {
                self.exported.insert(name, path);
            } else {
                self.named.insert(path);
            }
        }
    }

    fn visit_path(&mut self, path: &syn::Path) {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if names.len() > 1 && ["crate", "super", "self"].contains(&names[0].as_str()) {
            self.named.insert(names);
        }
        visit::visit_path(self, path);
    }
}

/// Each name that a `use` brings, with its path.
fn leaves(tree: &UseTree, before: &[String]) -> Vec<(String, Vec<String>)> {
    let with = |name: String| [before, &[name]].concat();
    match tree {
        UseTree::Path(path) => leaves(&path.tree, &with(path.ident.to_string())),
        UseTree::Name(name) if name.ident == "self" => {
            let last = before.last().cloned().unwrap_or_default();
            vec![(last, before.to_vec())]
        }
        UseTree::Name(name) => vec![(name.ident.to_string(), with(name.ident.to_string()))],
        UseTree::Rename(renamed) => {
            vec![(renamed.rename.to_string(), with(renamed.ident.to_string()))]
        }
        UseTree::Glob(_) => vec![("*".to_owned(), before.to_vec())],
        UseTree::Group(group) => {
            let trees = group.items.iter();
            trees.flat_map(|tree| leaves(tree, before)).collect()
        }
    }
}

/// The modules that each module imports from, with one path that does it.
type Edges = BTreeMap<Module, BTreeMap<Module, String>>;

fn edges_of(modules: &BTreeMap<Module, Uses>) -> Edges {
    modules
        .iter()
        .map(|(module, uses)| {
            let mut to = BTreeMap::new();
            for path in &uses.named {
                if let Some(target) = home_of(modules, module, path, 0)
                    && target != *module
                {
                    to.insert(target, path.join("::"));
                }
            }
            (module.clone(), to)
        })
        .collect()
}

/// The module that a path leads to; through exports to where the name is made.
fn home_of(
    modules: &BTreeMap<Module, Uses>,
    from: &Module,
    path: &[String],
    depth: usize,
) -> Option<Module> {
    let (mut at, mut rest) = start_of(modules, from, path)?;
    while let Some((next, others)) = rest.split_first() {
        let inner = [at.as_slice(), std::slice::from_ref(next)].concat();
        if modules.contains_key(&inner) {
            (at, rest) = (inner, others);
            continue;
        }
        let exported = modules.get(&at).and_then(|uses| uses.exported.get(next));
        if let Some(exported) = exported.filter(|_| depth < 8) {
            return home_of(modules, &at, exported, depth + 1).or(Some(at));
        }
        break;
    }
    modules.contains_key(&at).then_some(at)
}

fn start_of<'a>(
    modules: &BTreeMap<Module, Uses>,
    from: &Module,
    path: &'a [String],
) -> Option<(Module, &'a [String])> {
    let (first, mut rest) = path.split_first()?;
    let mut at = from.clone();
    match first.as_str() {
        "crate" => at.clear(),
        "self" => {}
        "super" => {
            at.pop();
            while rest.first().is_some_and(|name| name == "super") {
                at.pop();
                rest = &rest[1..];
            }
        }
        name => {
            at.push(name.to_owned());
            if !modules.contains_key(&at) {
                return None;
            }
        }
    }
    Some((at, rest))
}

/// The largest set of modules each of which leads to each other.
fn largest_circle(edges: &Edges) -> BTreeSet<Module> {
    let mut largest = BTreeSet::new();
    let mut placed = BTreeSet::new();
    for module in edges.keys() {
        if placed.contains(module) {
            continue;
        }
        let there = reachable(edges, module);
        let circle: BTreeSet<Module> = there
            .into_iter()
            .filter(|other| reachable(edges, other).contains(module))
            .collect();
        placed.extend(circle.iter().cloned());
        if circle.len() > largest.len().max(1) {
            largest = circle;
        }
    }
    largest
}

fn reachable(edges: &Edges, from: &Module) -> BTreeSet<Module> {
    let mut seen = BTreeSet::from([from.clone()]);
    let mut waiting = vec![from];
    while let Some(module) = waiting.pop() {
        for next in edges.get(module).into_iter().flatten().map(|(to, _)| to) {
            if seen.insert(next.clone()) {
                waiting.push(next);
            }
        }
    }
    seen
}

/// A circle as short as one can be among `modules`, a line an import.
fn shortest_circle(edges: &Edges, modules: &BTreeSet<Module>) -> String {
    let circles = modules
        .iter()
        .filter_map(|start| circle_through(edges, start));
    let shortest = circles.min_by_key(Vec::len).unwrap_or_default();
    let lines = shortest.iter().map(|(module, path)| {
        let name = if module.is_empty() {
            "the crate's root".to_owned()
        } else {
            module.join("::")
        };
        format!("  {name} imports {path}")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn circle_through(edges: &Edges, start: &Module) -> Option<Vec<(Module, String)>> {
    let mut waiting = VecDeque::from([(start, Vec::new())]);
    let mut seen = BTreeSet::new();
    while let Some((module, way)) = waiting.pop_front() {
        for (next, path) in edges.get(module).into_iter().flatten() {
            let mut way = way.clone();
            way.push((module.clone(), path.clone()));
            if next == start {
                return Some(way);
            }
            if seen.insert(next) {
                waiting.push_back((next, way));
            }
        }
    }
    None
}
