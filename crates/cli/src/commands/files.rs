//! Storing files, and getting one back.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use privicore_vault::{
    AsStored, Code, Existing, Explanation, File, FileId, Storing, Transfer, TransferId,
    TransferState, Vault, saved_name,
};
use serde::Serialize;

use super::report::{report, report_renamed};
use super::verification;
use crate::exit::{self, Failure};
use crate::output::{Output, PathFields};
use crate::progress::{Interrupt, follow};
use crate::prompt;

#[derive(Serialize)]
struct SavedLine<'a> {
    id: String,
    name: &'a str,
    #[serde(flatten)]
    path: PathFields,
    size: Option<u64>,
    /// Whether it is what was stored: `false` for what was kept on request, `null` where there is no receipt to compare
    /// with.
    as_stored: Option<bool>,
}

/// How a file is to be got back.
pub(crate) struct SaveRequest<'a> {
    pub target: Option<PathBuf>,
    /// What may happen to a file that is there; without it, a person is asked.
    pub existing: Option<Existing>,
    pub shared_key: Option<&'a str>,
    pub keep_mismatch: bool,
}

pub(crate) async fn put(
    vault: &Vault,
    paths: Vec<PathBuf>,
    name: Option<String>,
    storing: Storing,
    verify: bool,
    output: Output,
) -> Result<u8, Failure> {
    let ids = match name {
        Some(name) => vault.store_stream(std::io::stdin(), &name, storing).await?,
        None => vault.store_with(paths, storing).await?,
    };
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
    Explanation::new(
        Code::KeptMismatch,
        format!("What came is not what was stored. It was kept as “{name}”."),
        "Do not take it for the original.",
    )
}

/// Gets one file back.
pub(crate) async fn get(
    vault: &Vault,
    file: Arc<File>,
    request: SaveRequest<'_>,
    output: Output,
) -> Result<u8, Failure> {
    let target = target_of(&file, request.target);
    let existing = match request.existing {
        Some(existing) => existing,
        None if target.exists() && prompt::may_replace(&file.name)? => Existing::Replace,
        None => Existing::Keep,
    };
    let id = match request.shared_key {
        Some(key) => vault.save_with_key(file.id, &target, existing, key).await?,
        None if request.keep_mismatch => vault.save_anyway(file.id, &target, existing).await?,
        None => vault.save(file.id, &target, existing).await?,
    };
    let transfers = follow(vault, &[id], Interrupt::Cancels).await?;
    match transfers.first() {
        Some(transfer) if transfer.state == TransferState::Done => {
            let target = match existing {
                // It may have a number.
                Existing::KeepBoth => transfer.target.clone().unwrap_or(target),
                Existing::Replace | Existing::Keep => target,
            };
            Ok(print_got(&file, transfer, &target, output))
        }
        Some(transfer) => Ok(report(transfer, output)),
        None => Ok(exit::INTERRUPTED),
    }
}

/// Prints where a file was saved; answers the exit code.
pub(super) fn print_got(file: &File, transfer: &Transfer, target: &Path, output: Output) -> u8 {
    let kept = transfer.mismatch_name.as_ref();
    let path = kept.map_or(target.to_owned(), |name| target.with_file_name(name));
    let as_stored = transfer.as_stored.and_then(AsStored::as_bool);
    print_saved(file, &path, as_stored, output);
    // What was saved is the file's own content, under its own name: this is a remark.
    report_renamed(file, output);
    match kept {
        None => exit::DONE,
        Some(_) => exit::KEPT_MISMATCH,
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

fn target_of(file: &File, target: Option<PathBuf>) -> PathBuf {
    let name = saved_name(file);
    match target {
        Some(folder) if folder.is_dir() => folder.join(name),
        Some(target) => target,
        None => PathBuf::from(name),
    }
}
