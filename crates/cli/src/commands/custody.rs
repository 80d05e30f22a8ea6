//! Reading back what is stored, and receipts.

use privicore_vault::{Error, Existing, FileId, FileQuery, Sort, TransferState, Vault};
use serde::Serialize;

use super::files::{find, report};
use super::missing::{report_renamed, told};
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
    let mut ids = Vec::new();
    let mut code = 0;
    if what.all {
        match vault.refresh().await {
            // What the list left out is asked for by its token like everything else.
            Err(error @ Error::ListShrunk { .. }) => code = told(&error, output),
            refreshed => refreshed?,
        }
        let receipts = everything(vault)?;
        ids.extend(receipts);
    }
    for file in &prompt::files(what.files)? {
        let id = find(vault, file).await?.id;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(code.max(read_back(vault, &ids, output).await?))
}

/// Reads files back and prints what came of it; answers the exit code.
pub(crate) async fn read_back(
    vault: &Vault,
    ids: &[FileId],
    output: Output,
) -> Result<u8, Failure> {
    let (mut verifiable, mut code) = (Vec::with_capacity(ids.len()), 0);
    for id in ids {
        let file = vault.file(&id.to_string())?;
        if file.receipt.is_none() {
            // The others are read back all the same.
            let name = file.name.clone();
            code = code.max(told(&Error::NoReceipt { name }, output));
        } else {
            verifiable.push(*id);
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

/// All files that have a receipt here, or had one.
fn everything(vault: &Vault) -> Result<Vec<FileId>, Failure> {
    let page = vault.query(&FileQuery {
        search: String::new(),
        context: None,
        needs_attention: false,
        sort: Sort::StoredAt,
        descending: false,
        offset: 0,
        limit: usize::MAX,
    })?;
    let with_receipt = page
        .rows
        .iter()
        .filter(|file| file.receipt.is_some() || file.receipt_lost);
    Ok(with_receipt.map(|file| file.id).collect())
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
        output.line(&format!("{receipts} receipts in {}", path.display()));
    }
    Ok(exit::DONE)
}
