//! Folders, paths and versions: listed, found, deleted.

mod get;

use std::path::Path;
use std::sync::Arc;

use privicore_vault::{
    EntryKind, Error, File, FileError, FileQuery, Sort, TreeEntry, TreePath, Vault, counted,
};
use serde::Serialize;

pub(super) use self::get::get;
use crate::args::{Find, Ls, Remove, Versions};
use crate::commands::finder::{Finder, Found};
use crate::commands::report::report_error;
use crate::exit::{self, Failure};
use crate::output::Output;
use crate::prompt;
use crate::text::place;

#[derive(Serialize)]
struct DeletedLine {
    id: String,
    state: &'static str,
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
            // What was told before is what was looked at.
            Some(alarm) => vault.accept_list(alarm.expected, alarm.listed).await,
            None => vault.refresh().await,
        }
    } else {
        vault.refresh().await
    };
    let listed = list(vault, &listing, output);
    if refreshed.is_ok() && matches!(listed, Ok(0)) {
        output.remark(if listing.missing {
            "Nothing is missing."
        } else if listing.path.is_some() {
            "Nothing is in it."
        } else {
            "Nothing is stored."
        });
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
        None if !listing.recursive => return list_all(vault, is_wanted, output),
        None => all_below(vault, &TreePath::default())?,
        Some(wanted) => wanted_by(vault, wanted, listing.recursive)?,
    };
    let is_everything = !listing.missing && listing.context.is_none();
    let mut count = 0;
    for entry in &entries {
        match &entry.kind {
            EntryKind::Folder { .. } if is_everything => output.folder(&entry.path),
            EntryKind::File { versions } if is_wanted(&versions[0]) => {
                output.listed(&versions[0], versions.len());
            }
            EntryKind::Folder { .. } | EntryKind::File { .. } => continue,
        }
        count += 1;
    }
    Ok(count)
}

/// Every version is a line of its own, as there is for scripts.
fn list_all(
    vault: &Vault,
    is_wanted: impl Fn(&File) -> bool,
    output: Output,
) -> Result<usize, Failure> {
    let page = vault.query(&FileQuery {
        search: String::new(),
        context: None,
        needs_attention: false,
        sort: Sort::Name,
        descending: false,
        offset: 0,
        limit: usize::MAX,
    })?;
    let mut count = 0;
    for file in page.rows.iter().filter(|file| is_wanted(file)) {
        let versions = vault.entries_at(&file.path())?;
        let versions = versions.iter().find(|entry| entry.newest().is_some());
        output.listed(file, versions.map_or(1, |entry| entry.files().len()));
        count += 1;
    }
    Ok(count)
}

fn wanted_by(vault: &Vault, wanted: &str, recursive: bool) -> Result<Vec<TreeEntry>, Failure> {
    let entries = match Finder::known(vault).look(wanted) {
        _ if TreePath::parse(wanted).is_top() => {
            return inside(vault, &TreePath::default(), recursive);
        }
        Ok(Found::File(file)) => return Ok(vault.entries_at(&file.path())?),
        Ok(Found::Entries(entries)) => entries,
        Err(error) => return Err(error.into()),
    };
    // What is in one folder; of what a pattern matches, the folders themselves.
    match &entries[..] {
        [only] if only.newest().is_none() => inside(vault, &only.path, recursive),
        _ => Ok(entries),
    }
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
            EntryKind::File { versions } => output.listed(&versions[0], versions.len()),
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

pub(super) async fn rm(vault: &Vault, what: Remove, output: Output) -> Result<u8, Failure> {
    let (mut finder, mut code) = (Finder::new(vault), exit::DONE);
    for wanted in &prompt::files(what.files)? {
        let files = match finder.wanted(wanted).await {
            Ok(Found::File(file)) => Ok(vec![file]),
            Ok(Found::Entries(entries)) => files_behind(vault, &entries, what.recursive),
            Err(error) => Err(error.into()),
        };
        let files = match files {
            Ok(files) => files,
            Err(Failure::Explained(problem)) => {
                output.problem(Some(wanted), &problem);
                code = code.max(exit::code_of(&problem));
                continue;
            }
            Err(failure) => return Err(failure),
        };
        if files.len() > 1 {
            let files = counted(files.len(), "stored file", "stored files");
            output.remark(&format!("{wanted} stands for {files}, with all versions."));
        }
        for file in files {
            code = code.max(delete(vault, wanted, &file, output).await);
        }
    }
    Ok(code)
}

async fn delete(vault: &Vault, wanted: &str, file: &File, output: Output) -> u8 {
    if let Err(error) = vault.delete_now(file.id).await {
        return report_error(Some(wanted), &error, output);
    }
    if output.json {
        output.object(&DeletedLine {
            id: file.id.to_string(),
            state: "accepted",
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
    entries: &[TreeEntry],
    recursive: bool,
) -> Result<Vec<Arc<File>>, Failure> {
    let mut files: Vec<Arc<File>> = Vec::new();
    for entry in entries {
        if entry.newest().is_none() {
            if !recursive || entry.path.is_top() {
                return Err(is_folder(&entry.path));
            }
            let below = all_below(vault, &entry.path)?;
            files.extend(below.iter().flat_map(TreeEntry::files).cloned());
        }
        files.extend_from_slice(entry.files());
    }
    files.sort_by_key(|file| file.id);
    files.dedup_by_key(|file| file.id);
    if files.is_empty() {
        return Err(Error::from(FileError::Unknown).into());
    }
    Ok(files)
}

fn is_folder(path: &TreePath) -> Failure {
    if path.is_top() {
        let problem = "name the files and folders to delete: everything is not deleted at once\n";
        return clap::Error::raw(clap::error::ErrorKind::ValueValidation, problem).into();
    }
    let problem = format!("“{path}” is a folder: `rm -r` deletes it with everything in it\n");
    clap::Error::raw(clap::error::ErrorKind::ValueValidation, problem).into()
}
