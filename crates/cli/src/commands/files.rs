//! Storing, listing, getting back, deleting.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use privicore_vault::{
    AsStored, Code, Existing, Explanation, File, FileId, FileQuery, Sort, StoreAs, Transfer,
    TransferId, TransferState, Vault, saved_name,
};
use serde::Serialize;

use super::finder::Finder;
use super::report::{report, report_error, report_renamed};
use super::verification;
use crate::exit::{self, Failure};
use crate::output::{Output, PathFields};
use crate::progress::{Interrupt, follow};
use crate::prompt;
use crate::text::place;

#[derive(Serialize)]
struct SavedLine<'a> {
    id: String,
    name: &'a str,
    #[serde(flatten)]
    path: PathFields,
    size: Option<u64>,
    /// Whether it is what was stored: `false` for what was kept on request, `null` where there is no receipt to compare with.
    as_stored: Option<bool>,
}

/// How a file is to be got back.
pub(crate) struct SaveRequest<'a> {
    pub target: Option<PathBuf>,
    pub force: bool,
    pub shared_key: Option<&'a str>,
    pub keep_mismatch: bool,
}

#[derive(Serialize)]
struct DeletedLine {
    id: String,
    state: &'static str,
}

pub(crate) async fn put(
    vault: &Vault,
    paths: Vec<PathBuf>,
    context: &str,
    form: StoreAs,
    verify: bool,
    output: Output,
) -> Result<u8, Failure> {
    let ids = vault.store_as(paths, context, form).await?;
    if !verify && !vault.status().verify_uploads {
        return finish(vault, &ids, Interrupt::Cancels, output).await;
    }
    let transfers = follow(vault, &ids, Interrupt::Cancels).await?;
    let interrupted = if transfers.len() < ids.len() {
        exit::INTERRUPTED
    } else {
        0
    };
    let failed = transfers.iter().filter(|transfer| transfer.file.is_none());
    let code = failed.fold(interrupted, |code, transfer| {
        code.max(report(transfer, output))
    });
    let stored: Vec<FileId> = transfers
        .iter()
        .filter_map(|transfer| transfer.file)
        .collect();
    let code = code.max(verification::read_back(vault, &stored, output).await?);
    Ok(code)
}

/// Waits for transfers and prints the files they are about.
pub(super) async fn finish(
    vault: &Vault,
    ids: &[TransferId],
    interrupt: Interrupt,
    output: Output,
) -> Result<u8, Failure> {
    let transfers = follow(vault, ids, interrupt).await?;
    let mut code = if transfers.len() < ids.len() {
        exit::INTERRUPTED
    } else {
        0
    };
    for transfer in &transfers {
        code = code.max(print_ended(vault, transfer, output));
    }
    Ok(code)
}

/// Prints the file a transfer is about, or why there is none; answers the exit code.
fn print_ended(vault: &Vault, transfer: &Transfer, output: Output) -> u8 {
    let Some(id) = transfer.file else {
        return report(transfer, output);
    };
    if let Some(kept) = &transfer.mismatch_name {
        output.problem_in(&transfer.folder, Some(&transfer.name), &kept_mismatch(kept));
        return exit::KEPT_MISMATCH;
    }
    match vault.file(&id.to_string()) {
        Ok(file) => {
            output.file(&file, transfer.target.as_deref());
            exit::DONE
        }
        Err(error) => {
            // It has left the list meanwhile.
            let problem = error.explain();
            output.problem_in(&transfer.folder, Some(&transfer.name), &problem);
            exit::code_of(&problem)
        }
    }
}

fn kept_mismatch(name: &str) -> Explanation {
    Explanation {
        code: Code::KeptMismatch,
        message: format!("What came is not what was stored. It was kept as “{name}”."),
        hint: "Do not take it for the original.".into(),
    }
}

pub(crate) struct Listing {
    pub context: Option<String>,
    /// Only what is missing at the service.
    pub missing: bool,
    /// The service's list is taken for true though it is much shorter than before.
    pub accept_missing: bool,
}

pub(crate) async fn ls(vault: &Vault, listing: Listing, output: Output) -> Result<u8, Failure> {
    let refreshed = if listing.accept_missing {
        match vault.list_alarm()? {
            // What was told before is what was looked at.
            Some(alarm) => vault.accept_list(alarm.expected, alarm.listed).await,
            None => vault.refresh().await,
        }
    } else {
        vault.refresh().await
    };
    let context = listing.context;
    let page = vault.query(&FileQuery {
        search: String::new(),
        context,
        needs_attention: false,
        sort: Sort::Name,
        descending: false,
        offset: 0,
        limit: usize::MAX,
    })?;
    let is_listed = |file: &&Arc<File>| !listing.missing || file.at_service.missing_since.is_some();
    let mut listed = page.rows.iter().filter(is_listed).peekable();
    if refreshed.is_ok() && listed.peek().is_none() {
        output.remark(if listing.missing {
            "Nothing is missing."
        } else {
            "Nothing is stored."
        });
    }
    for file in listed {
        output.file(file, None);
    }
    if refreshed.is_err() {
        output.remark("This is the list as it was last known here.");
    }
    // The exit code tells that it may be old.
    refreshed?;
    Ok(exit::DONE)
}

pub(crate) async fn get(
    vault: &Vault,
    file: &str,
    request: SaveRequest<'_>,
    output: Output,
) -> Result<u8, Failure> {
    let file = Finder::new(vault).find(file).await?;
    let target = target_of(&file, request.target);
    let existing = if request.force || (target.exists() && prompt::may_replace(&file.name)?) {
        Existing::Replace
    } else {
        Existing::Keep
    };
    let id = match request.shared_key {
        Some(key) => vault.save_with_key(file.id, &target, existing, key).await?,
        None if request.keep_mismatch => vault.save_anyway(file.id, &target, existing).await?,
        None => vault.save(file.id, &target, existing).await?,
    };
    let transfers = follow(vault, &[id], Interrupt::Cancels).await?;
    match transfers.first() {
        Some(transfer) if transfer.state == TransferState::Done => {
            let kept = transfer.mismatch_name.as_ref();
            let path = kept.map_or(target.clone(), |name| target.with_file_name(name));
            let as_stored = transfer.as_stored.and_then(AsStored::as_bool);
            print_saved(&file, &path, as_stored, output);
            // What was saved is the file's own content, under its own name: this is a remark.
            report_renamed(&file, output);
            Ok(match kept {
                None => exit::DONE,
                Some(_) => exit::KEPT_MISMATCH,
            })
        }
        Some(transfer) => Ok(report(transfer, output)),
        None => Ok(exit::INTERRUPTED),
    }
}

fn print_saved(file: &File, path: &Path, as_stored: Option<bool>, output: Output) {
    if !output.json {
        return output.line(&path.display().to_string());
    }
    output.object(&SavedLine {
        id: file.id.to_string(),
        name: &file.name,
        path: PathFields::from(path),
        size: file.size_bytes.filter(|_| as_stored != Some(false)),
        as_stored,
    });
}

pub(crate) async fn rm(vault: &Vault, files: Vec<String>, output: Output) -> Result<u8, Failure> {
    let (mut finder, mut code) = (Finder::new(vault), exit::DONE);
    for wanted in &files {
        let deleted = match finder.find(wanted).await {
            Ok(file) => vault.delete_now(file.id).await.map(|()| file),
            Err(error) => Err(error),
        };
        match deleted {
            Ok(file) if output.json => output.object(&DeletedLine {
                id: file.id.to_string(),
                state: "accepted",
            }),
            Ok(file) => {
                output.line(&format!(
                    "{}: the service accepted the deletion",
                    place(&file.folder, &file.name)
                ));
            }
            Err(error) => code = code.max(report_error(Some(wanted), &error, output)),
        }
    }
    Ok(code)
}

fn target_of(file: &File, target: Option<PathBuf>) -> PathBuf {
    let name = saved_name(file);
    match target {
        Some(folder) if folder.is_dir() => folder.join(name),
        Some(target) => target,
        None => PathBuf::from(name),
    }
}
