//! Transfers that were left undone: listed, gone on with, given up.

use privicore_vault::{
    Code, Direction, Explanation, InterruptedTransfer, Transfer, TransferState, Vault,
};
use serde::Serialize;

use super::files::finish;
use crate::exit::{self, Failure};
use crate::output::{Output, PathFields};
use crate::progress::Interrupt;
use crate::text::place;

const NOTHING: &str = "No transfer was left undone.";

#[derive(Serialize)]
struct TransferLine<'a> {
    transfer: &'a str,
    direction: &'static str,
    name: &'a str,
    folder: &'a str,
    context: &'a str,
    #[serde(flatten)]
    target: Option<PathFields>,
    /// Why it failed, if it did.
    error: Option<Code>,
    dropped: bool,
}

pub(crate) async fn list(vault: &Vault, output: Output) -> Result<u8, Failure> {
    let transfers = vault.interrupted().await?;
    if transfers.is_empty() {
        output.remark(NOTHING);
    }
    for transfer in transfers {
        print(&transfer, false, output);
    }
    Ok(exit::DONE)
}

pub(crate) async fn give_up(vault: &Vault, id: &str, output: Output) -> Result<u8, Failure> {
    let dropped = vault.drop_interrupted(id).await?;
    print(&dropped, true, output);
    Ok(exit::DONE)
}

/// Goes on with all of them, also with what was paused or has failed before.
pub(crate) async fn resume(vault: &Vault, output: Output) -> Result<u8, Failure> {
    let ids = vault.resume_interrupted().await?;
    if ids.is_empty() {
        output.remark(NOTHING);
    }
    vault.resume_all()?;
    vault.retry_failed()?;
    let code = finish(vault, &ids, Interrupt::Leaves, output).await?;
    let (transfers, _) = vault.transfers()?;
    let kept = transfers
        .iter()
        .filter(|transfer| is_kept(transfer))
        .count();
    if kept > 0 {
        output.notice(&kept_for_later(kept));
    }
    Ok(code)
}

/// Whether `resume` meets it again.
fn is_kept(transfer: &Transfer) -> bool {
    match transfer.state {
        TransferState::Done | TransferState::Canceled => false,
        TransferState::Waiting
        | TransferState::Running
        | TransferState::Held
        | TransferState::Finishing
        | TransferState::Paused
        | TransferState::Failed
        | TransferState::NotConfirmed => true,
    }
}

fn kept_for_later(kept: usize) -> Explanation {
    let message = if kept == 1 {
        "One transfer is not done yet, and is kept.".to_owned()
    } else {
        format!("{kept} transfers are not done yet, and are kept.")
    };
    Explanation::new(
        Code::TransfersKept,
        message,
        "`privicore resume` tries again. To give one up: `privicore transfers`, then `privicore transfers \
            --drop ID`.",
    )
}

fn print(transfer: &InterruptedTransfer, dropped: bool, output: Output) {
    let direction = match transfer.direction {
        Direction::Upload => "store",
        Direction::Download => "save",
        Direction::Reseal => "reseal",
        Direction::Verify => "verify",
    };
    if output.json {
        return output.object(&TransferLine {
            transfer: &transfer.id,
            direction,
            name: &transfer.name,
            folder: &transfer.folder,
            context: &transfer.context,
            target: transfer.target.as_deref().map(PathFields::from),
            error: transfer.error.as_ref().map(|error| error.code),
            dropped,
        });
    }
    let state = if dropped { "  (given up)" } else { "" };
    output.line(&format!(
        "{}  {direction:<6}  {}{state}",
        transfer.id,
        place(&transfer.folder, &transfer.name)
    ));
    if let Some(target) = &transfer.target {
        output.line(&format!("    to {}", target.display()));
    }
    if let Some(error) = &transfer.error {
        output.line(&format!("    {}", error.message));
    }
}
