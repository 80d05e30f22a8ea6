//! Following transfers to their end, with a bar on a terminal.

use std::collections::{BTreeMap, BTreeSet};

use indicatif::{ProgressBar, ProgressStyle};
use parking_lot::{Mutex, MutexGuard};
use privicore_vault::{
    Error, Event, Transfer, TransferId, TransferState, TransferSummary, Vault, WorkError,
};
use tokio::sync::broadcast::error::RecvError;

use crate::signals::Interrupts;
use crate::text::shown;

/// The bar that is on the terminal, if one is.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

const TEMPLATE: &str =
    "{msg:30!} {bar:24} {bytes:>11}/{total_bytes:<11} {bytes_per_sec:>13} {eta:>5}";

/// What Ctrl-C, or another signal to end, does to transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interrupt {
    /// They end as canceled.
    Cancels,
    /// They are left for another time.
    Leaves,
}

/// Waits until each of `ids` has ended or is paused; the transfers are answered in the order of `ids`.
pub(crate) async fn follow(
    vault: &Vault,
    ids: &[TransferId],
    interrupt: Interrupt,
) -> Result<Vec<Transfer>, Error> {
    let bar = bar();
    let _shown = Shown::begin(&bar);
    let mut events = vault.events();
    let mut ended = BTreeMap::new();
    let wanted: BTreeSet<TransferId> = ids.iter().copied().collect();
    let mut interrupt = interrupt;
    let mut interrupts = Interrupts::listen();
    loop {
        let (transfers, summary) = vault.transfers()?;
        let is_held = transfers
            .iter()
            .any(|transfer| transfer.state == TransferState::Held);
        show(&bar, &summary, is_held);
        for transfer in transfers {
            let is_over = transfer.state.has_ended() || transfer.state == TransferState::Paused;
            if is_over && wanted.contains(&transfer.id) {
                ended.insert(transfer.id, transfer);
            }
        }
        if ended.len() == wanted.len() {
            break;
        }
        tokio::select! {
            heard = next_report(&mut events) => heard?,
            () = interrupts.next() => match interrupt {
                Interrupt::Cancels => {
                    vault.cancel_all()?;
                    // What a vote holds cannot be taken back: who asks again leaves it.
                    interrupt = Interrupt::Leaves;
                }
                Interrupt::Leaves => break,
            },
        }
    }
    bar.finish_and_clear();
    Ok(ids.iter().filter_map(|id| ended.remove(id)).collect())
}

async fn next_report(events: &mut tokio::sync::broadcast::Receiver<Event>) -> Result<(), Error> {
    loop {
        match events.recv().await {
            Ok(Event::TransfersChanged(_)) | Err(RecvError::Lagged(_)) => return Ok(()),
            Ok(_) => {}
            Err(RecvError::Closed) => return Err(Error::Work(WorkError::Canceled)),
        }
    }
}

/// Prints what is no part of the bar, which is off the terminal meanwhile.
pub(crate) fn aside(print: impl FnOnce()) {
    let bar = shown_bar().clone();
    match bar {
        Some(bar) => bar.suspend(print),
        None => print(),
    }
}

/// A bar while it is on the terminal.
struct Shown;

impl Shown {
    fn begin(bar: &ProgressBar) -> Self {
        *shown_bar() = Some(bar.clone());
        Self
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        *shown_bar() = None;
    }
}

fn shown_bar() -> MutexGuard<'static, Option<ProgressBar>> {
    BAR.lock()
}

/// A bar on standard error; indicatif hides it when that is no terminal.
fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
        bar.set_style(style);
    }
    bar
}

fn show(bar: &ProgressBar, summary: &TransferSummary, is_held: bool) {
    bar.set_length(summary.total_bytes);
    bar.set_position(summary.done_bytes);
    let current = summary.current.as_deref();
    let current = current.unwrap_or(if is_held { "waiting for a vote" } else { "" });
    bar.set_message(shown(current).into_owned());
}
