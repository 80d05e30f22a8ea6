//! Reading back what is stored, and receipts.

use privicore_vault::{Existing, FileId, FileQuery, Sort, TransferState, Vault};
use serde::Serialize;

use super::files::{find, report};
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
    if what.all {
        vault.refresh().await?;
        let receipts = everything(vault)?;
        ids.extend(receipts);
    }
    for file in &prompt::files(what.files)? {
        let id = find(vault, file).await?.id;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    read_back(vault, &ids, output).await
}

/// Reads files back and prints what came of it; answers the exit code.
pub(crate) async fn read_back(
    vault: &Vault,
    ids: &[FileId],
    output: Output,
) -> Result<u8, Failure> {
    let queued = vault.verify(ids).await?;
    let transfers = follow(vault, &queued, Interrupt::Cancels).await?;
    let mut code = if transfers.len() < queued.len() {
        exit::INTERRUPTED
    } else {
        0
    };
    for (transfer, id) in transfers.iter().zip(ids) {
        if transfer.state == TransferState::Done {
            output.file(&*vault.file(&id.to_string())?, None);
        } else {
            code = code.max(report(transfer, output));
        }
    }
    Ok(code)
}

/// All files that have a receipt here.
fn everything(vault: &Vault) -> Result<Vec<FileId>, Failure> {
    let page = vault.query(&FileQuery {
        search: String::new(),
        context: None,
        sort: Sort::StoredAt,
        descending: false,
        offset: 0,
        limit: usize::MAX,
    })?;
    let with_receipt = page.rows.iter().filter(|file| file.receipt.is_some());
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
