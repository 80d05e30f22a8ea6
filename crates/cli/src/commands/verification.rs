//! Verification of stored files, and receipts.

use std::collections::HashSet;

use privicore_vault::{
    Code, Error, Existing, Explanation, FileError, FileId, FileQuery, Sort, TransferState, Vault,
    counted,
};
use serde::Serialize;

use super::finder::Finder;
use super::report::{report, report_error, report_not_found, report_renamed};
use crate::args::{Receipts, Verify};
use crate::exit::{self, Failure};
use crate::output::{Output, PathFields};
use crate::progress::{Interrupt, follow};
use crate::prompt;

#[derive(Serialize)]
struct ExportedLine {
    #[serde(flatten)]
    path: PathFields,
    receipts: usize,
}

pub(crate) async fn verify(vault: &Vault, what: Verify, output: Output) -> Result<u8, Failure> {
    let mut finder = Finder::new(vault);
    let (mut ids, mut code) = (Vec::new(), 0);
    if what.all {
        match finder.refresh().await {
            // What the list left out is asked for by its token like everything else.
            Err(error @ Error::File(FileError::ListShrunk { .. })) => {
                code = report_error(None, &error, output);
            }
            refreshed => refreshed?,
        }
        let everything = everything(vault)?;
        ids = everything.ids;
        if everything.not_comparable > 0 && ids.is_empty() {
            output.problem(None, &nothing_compared(everything.not_comparable));
            return Ok(code.max(exit::FAILED));
        }
        if everything.not_comparable > 0 {
            output.notice(&not_compared(everything.not_comparable));
        }
    }
    let mut chosen: HashSet<FileId> = ids.iter().copied().collect();
    for wanted in &prompt::files(what.files)? {
        match finder.verifiable(wanted).await {
            Ok(file) if chosen.insert(file.id) => ids.push(file.id),
            Ok(_) => {}
            // The others are read back all the same.
            Err(error) => code = code.max(report_not_found(wanted, &error, output)),
        }
    }
    Ok(code.max(read_back(vault, &ids, output).await?))
}

/// What is left out of a verification of everything, when something else was verified.
fn not_compared(files: usize) -> Explanation {
    let message = match files {
        1 => "One file has no receipt on this computer, so it was not compared.".to_owned(),
        files => {
            format!("{files} files have no receipt on this computer, so they were not compared.")
        }
    };
    Explanation::new(
        Code::NoReceipt,
        message,
        "If another computer stored them, verify them there: it has their receipts. If there is none, download \
            them with `privicore get` and look whether they are right; then `privicore reseal --all \
            --without-receipt` gives them receipts here. `privicore ls` shows them as “no receipt”.",
    )
}

fn nothing_compared(files: usize) -> Explanation {
    let files = not_compared(files);
    let message = format!("Nothing was verified. {}", files.message);
    Explanation::new(files.code, message, files.hint)
}

/// Verifies files and prints the results; returns the exit code.
pub(crate) async fn read_back(
    vault: &Vault,
    ids: &[FileId],
    output: Output,
) -> Result<u8, Failure> {
    let (mut verifiable, mut code) = (Vec::with_capacity(ids.len()), 0);
    for id in ids {
        let file = vault.file(&id.to_string())?;
        match file.require_verifiable() {
            Ok(()) => verifiable.push(*id),
            // The others are read back all the same.
            Err(error) => code = code.max(report_error(None, &error, output)),
        }
    }
    let queued = vault.verify(&verifiable).await?;
    let transfers = follow(vault, &queued, Interrupt::Cancels).await?;
    if transfers.len() < queued.len() {
        code = exit::INTERRUPTED;
    }
    for (transfer, id) in transfers.iter().zip(&verifiable) {
        if transfer.state == TransferState::Done {
            let file = vault.file(&id.to_string())?;
            output.file(&file, None);
            code = code.max(report_renamed(&file, output));
        } else {
            code = code.max(report(transfer, output));
        }
    }
    Ok(code)
}

/// What `verify --all` is about.
struct Everything {
    /// Files that have a receipt here, or had one, and files that are missing at the service.
    ids: Vec<FileId>,
    /// How many others there are.
    not_comparable: usize,
}

fn everything(vault: &Vault) -> Result<Everything, Failure> {
    let page = vault.query(&FileQuery {
        sort: Sort::StoredAt,
        ..FileQuery::default()
    })?;
    let ids: Vec<FileId> = page
        .rows
        .iter()
        .filter(|file| {
            file.receipt.is_some() || file.receipt_lost || file.at_service.missing_since.is_some()
        })
        .map(|file| file.id)
        .collect();
    let not_comparable = page.rows.len() - ids.len();
    Ok(Everything {
        ids,
        not_comparable,
    })
}

pub(crate) async fn receipts(vault: &Vault, what: Receipts, output: Output) -> Result<u8, Failure> {
    let Receipts::Export { output: path } = what;
    let receipts = vault.export_receipts(&path, Existing::Keep).await?;
    if output.json {
        output.object(&ExportedLine {
            path: PathFields::from(path.as_path()),
            receipts,
        });
    } else {
        output.line(&format!(
            "{} in {}",
            counted(receipts, "receipt", "receipts"),
            path.display()
        ));
    }
    Ok(exit::DONE)
}
