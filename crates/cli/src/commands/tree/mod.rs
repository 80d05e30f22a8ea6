//! Folders, paths and versions: listed, found, deleted.

mod change;
mod get;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use privicore_vault::{
    Code, EntryKind, Explanation, File, FileQuery, TreeEntry, TreePath, Vault, counted,
};
use serde::Serialize;

pub(super) use self::change::{classify, label, mv, restore};
pub(super) use self::get::get;
use crate::args::{Find, Ls, Remove, Versions};
use crate::commands::finder::{Finder, Found, NotFound};
use crate::commands::report::report_error;
use crate::exit::{self, Failure};
use crate::output::Output;
use crate::prompt;
use crate::text::place;

#[derive(Serialize)]
struct DeletedLine<'a> {
    id: String,
    state: &'static str,
    argument: &'a str,
    /// What the argument stands for.
    #[serde(flatten)]
    of: Extent,
}

/// A folder of the tree as it was typed.
pub(super) fn folder_of_tree(typed: Option<&Path>) -> Result<TreePath, clap::Error> {
    let Some(typed) = typed else {
        return Ok(TreePath::default());
    };
    TreePath::of_os(typed).ok_or_else(|| {
        let problem = "a folder of the stored tree has no `..` in it\n";
        clap::Error::raw(clap::error::ErrorKind::ValueValidation, problem)
    })
}

pub(super) async fn ls(vault: &Vault, listing: Ls, output: Output) -> Result<u8, Failure> {
    let refreshed = if listing.accept_missing {
        match vault.list_alarm()? {
            // The user has seen these figures.
            Some(alarm) => vault.accept_list(alarm.expected, alarm.listed).await,
            None => vault.refresh().await,
        }
    } else {
        vault.refresh().await
    };
    let listed = list(vault, &listing, output);
    if refreshed.is_ok() && matches!(listed, Ok(0)) {
        output.remark(
            if listing.missing && (listing.path.is_some() || listing.context.is_some()) {
                "Nothing of it is missing."
            } else if listing.missing {
                "Nothing is missing."
            } else if listing.path.is_some() {
                "Nothing is in it."
            } else {
                "Nothing is stored."
            },
        );
    }
    if refreshed.is_err() {
        output.remark("This is the list as it was last known here.");
    }
    // The exit code tells that it may be old.
    refreshed?;
    listed?;
    Ok(exit::DONE)
}

/// Prints what is wanted; answers how much that is.
fn list(vault: &Vault, listing: &Ls, output: Output) -> Result<usize, Failure> {
    let is_wanted = |file: &File| {
        let is_missing = file.at_service.missing_since.is_some();
        let context = listing.context.as_ref();
        (!listing.missing || is_missing) && context.is_none_or(|wanted| *wanted == file.context)
    };
    let entries = match &listing.path {
        None if !listing.recursive && !listing.missing => {
            return list_all(vault, is_wanted, listing.long, output);
        }
        None => all_below(vault, &TreePath::default())?,
        Some(wanted) if listing.missing => with_all_below(vault, at(vault, wanted)?)?,
        Some(wanted) => wanted_by(vault, wanted, listing.recursive)?,
    };
    if listing.missing {
        return Ok(list_each(&entries, is_wanted, listing.long, output));
    }
    let mut count = 0;
    for entry in &entries {
        match &entry.kind {
            EntryKind::Folder { .. } if listing.context.is_none() => output.folder(&entry.path),
            EntryKind::File { versions } if is_wanted(&versions[0]) => {
                output.listed(&versions[0], versions.len(), listing.long);
            }
            EntryKind::Folder { .. } | EntryKind::File { .. } => continue,
        }
        count += 1;
    }
    Ok(count)
}

/// Every version, and every record of a folder.
fn list_each(
    entries: &[TreeEntry],
    is_wanted: impl Fn(&File) -> bool,
    is_long: bool,
    output: Output,
) -> usize {
    let mut count = 0;
    for entry in entries {
        for file in entry.files().iter().filter(|file| is_wanted(file)) {
            output.listed(file, entry.files().len(), is_long);
            count += 1;
        }
    }
    count
}

/// One line for each version, as scripts expect.
fn list_all(
    vault: &Vault,
    is_wanted: impl Fn(&File) -> bool,
    is_long: bool,
    output: Output,
) -> Result<usize, Failure> {
    let page = vault.query(&FileQuery::default())?;
    let mut count = 0;
    for file in page.rows.iter().filter(|file| is_wanted(file)) {
        let versions = vault.entries_at(&file.path())?;
        let versions = versions.iter().find(|entry| entry.newest().is_some());
        let versions = versions.map_or(1, |entry| entry.files().len());
        output.listed(file, versions, is_long);
        count += 1;
    }
    Ok(count)
}

fn wanted_by(vault: &Vault, wanted: &str, recursive: bool) -> Result<Vec<TreeEntry>, Failure> {
    let entries = at(vault, wanted)?;
    // What is in one folder; of what a pattern matches, the folders themselves.
    match &entries[..] {
        [only] if only.newest().is_none() => inside(vault, &only.path, recursive),
        _ => Ok(entries),
    }
}

/// What a path, a pattern, an id or a token stands for.
fn at(vault: &Vault, wanted: &str) -> Result<Vec<TreeEntry>, Failure> {
    let path = TreePath::parse(wanted);
    if path.is_top() {
        let kind = EntryKind::Folder {
            records: Vec::new(),
        };
        return Ok(vec![TreeEntry { path, kind }]);
    }
    match Finder::known(vault).look(wanted)? {
        Found::File(file) => Ok(vault.entries_at(&file.path())?),
        Found::Entries(entries) => Ok(entries),
    }
}

/// The same with everything below it, each once.
fn with_all_below(vault: &Vault, entries: Vec<TreeEntry>) -> Result<Vec<TreeEntry>, Failure> {
    let mut all = Vec::new();
    for entry in entries {
        let below = match &entry.kind {
            EntryKind::Folder { .. } => all_below(vault, &entry.path)?,
            EntryKind::File { .. } => Vec::new(),
        };
        all.push(entry);
        all.extend(below);
    }
    let mut seen = HashSet::new();
    all.retain(|entry| seen.insert((entry.path.clone(), entry.newest().is_some())));
    Ok(all)
}

fn inside(vault: &Vault, folder: &TreePath, recursive: bool) -> Result<Vec<TreeEntry>, Failure> {
    if recursive {
        return all_below(vault, folder);
    }
    Ok(vault.list_folder(folder)?.unwrap_or_default())
}

fn all_below(vault: &Vault, folder: &TreePath) -> Result<Vec<TreeEntry>, Failure> {
    Ok(vault.list_below(folder)?.unwrap_or_default())
}

pub(super) async fn find(vault: &Vault, find: &Find, output: Output) -> Result<u8, Failure> {
    let refreshed = vault.refresh().await;
    let found = vault.search(&find.words.join(" "))?;
    if refreshed.is_ok() && found.is_empty() {
        output.remark("Nothing is found.");
    }
    for entry in &found {
        match &entry.kind {
            EntryKind::Folder { .. } => output.folder(&entry.path),
            EntryKind::File { versions } => output.listed(&versions[0], versions.len(), false),
        }
    }
    if refreshed.is_err() {
        output.remark("This is what was last known here.");
    }
    refreshed?;
    Ok(exit::DONE)
}

/// The oldest version has the number 1, so that a new one leaves the others their numbers.
pub(super) async fn versions(vault: &Vault, of: &Versions, output: Output) -> Result<u8, Failure> {
    let mut finder = Finder::new(vault);
    finder.refresh().await?;
    let file = finder.find(&of.file).await?;
    let entries = vault.entries_at(&file.path())?;
    let entry = entries.iter().find(|entry| entry.newest().is_some());
    let versions = entry.map(TreeEntry::files).unwrap_or_default();
    for (file, number) in versions.iter().zip((1..=versions.len()).rev()) {
        output.version(file, number, versions.len());
    }
    Ok(exit::DONE)
}

/// What one argument of `rm` stands for.
struct Doomed {
    wanted: String,
    /// The oldest versions first, so that the newest is left if not all can be deleted.
    files: Vec<Arc<File>>,
}

/// How much one argument stands for.
#[derive(Clone, Copy, Serialize)]
struct Extent {
    files: usize,
    versions: usize,
    folders: usize,
}

pub(super) async fn rm(vault: &Vault, what: Remove, output: Output) -> Result<u8, Failure> {
    let (mut finder, mut code) = (Finder::new(vault), exit::DONE);
    let (mut all, mut chosen) = (Vec::new(), HashSet::new());
    // Everything is found before anything is deleted.
    for wanted in prompt::files(what.files)? {
        finder.refresh_for(&wanted).await?;
        let files = match finder.literal(&wanted) {
            Ok(Found::File(file)) => Ok(vec![file]),
            Ok(Found::Entries(entries)) => files_behind(vault, entries, what.recursive)?,
            Err(NotFound::Failed(error)) => Err(error.explain()),
            Err(NotFound::Ambiguous(problem)) => Err(problem),
        };
        match files {
            Ok(mut files) => {
                files.retain(|file| chosen.insert(file.id));
                all.push(Doomed { wanted, files });
            }
            Err(problem) => {
                output.problem(Some(&wanted), &problem);
                code = code.max(exit::code_of(&problem));
            }
        }
    }
    for Doomed { wanted, files } in all {
        let extent = Extent::of(&files);
        if files.len() > 1 {
            output.remark(&format!("{wanted} stands for {}.", extent.words()));
        }
        for file in files {
            code = code.max(delete(vault, &wanted, &file, extent, output).await);
        }
    }
    Ok(code)
}

impl Extent {
    fn of(files: &[Arc<File>]) -> Self {
        let folders = files.iter().filter(|file| file.is_folder()).count();
        let paths: HashSet<TreePath> = files
            .iter()
            .filter(|file| !file.is_folder())
            .map(|file| file.path())
            .collect();
        Self {
            files: paths.len(),
            versions: files.len() - folders,
            folders,
        }
    }

    fn words(self) -> String {
        let files = counted(self.files, "file", "files");
        let versions = counted(self.versions, "version", "versions");
        match self.folders {
            0 => format!("{files} in {versions}"),
            folders => {
                let folders = counted(folders, "empty folder", "empty folders");
                format!("{files} in {versions}, and {folders}")
            }
        }
    }
}

async fn delete(vault: &Vault, wanted: &str, file: &File, of: Extent, output: Output) -> u8 {
    if let Err(error) = vault.delete_now(file.id).await {
        return report_error(Some(wanted), &error, output);
    }
    if output.json {
        output.object(&DeletedLine {
            id: file.id.to_string(),
            state: "accepted",
            argument: wanted,
            of,
        });
    } else {
        output.line(&format!(
            "{}: the service accepted the deletion",
            place(&file.folder, &file.name)
        ));
    }
    exit::DONE
}

/// All versions of the files at a path; with `recursive` also everything below a folder.
fn files_behind(
    vault: &Vault,
    entries: Vec<TreeEntry>,
    recursive: bool,
) -> Result<Result<Vec<Arc<File>>, Explanation>, Failure> {
    let mut folders = entries.iter().filter(|entry| entry.newest().is_none());
    if let Some(folder) = folders.find(|entry| !recursive || entry.path.is_top()) {
        return Ok(Err(is_folder(&folder.path)));
    }
    let all = with_all_below(vault, entries)?;
    // A folder comes after what is in it, and the newest version last.
    let all = all.iter().rev();
    Ok(Ok(all
        .flat_map(|entry| entry.files().iter().rev().cloned())
        .collect()))
}

fn is_folder(path: &TreePath) -> Explanation {
    let (message, hint) = if path.is_top() {
        (
            "Everything is not deleted at once.".to_owned(),
            "Name the files and folders to delete.",
        )
    } else {
        (
            format!("“{path}” is a folder."),
            "`rm -r` deletes it with everything in it.",
        )
    };
    Explanation::new(Code::Usage, message, hint)
}
