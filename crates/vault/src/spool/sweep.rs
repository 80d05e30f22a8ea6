//! Spools that nobody needs any more.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::error::Error;
use crate::spool::file::run_of;
use crate::store::process_lock::ProcessLock;
use crate::store::rows::{Kind, TicketId};
use crate::system::blocking::blocking;
use crate::transfers::tickets::{Job, Ticket};
use crate::vault::SignedIn;

impl SignedIn {
    /// Removes spools that runs of the app have left that ended, unless a transfer still needs them.
    pub(crate) async fn sweep_spools(&self, folder: &Path) {
        if let Err(error) = self.try_sweep_spools(folder).await {
            tracing::warn!(%error, "what was left of interrupted transfers could not be looked for");
        }
    }

    async fn try_sweep_spools(&self, folder: &Path) -> Result<(), Error> {
        let (look_in, run) = (folder.to_owned(), Arc::clone(&self.run));
        let left = blocking(move || Ok(left_in(&look_in, &run))).await?;
        if left.is_empty() {
            return Ok(());
        }
        // Read after them: the ticket of one that is needed was written before its run ended.
        let rows = &self.session.profile.rows;
        let tickets: Vec<(TicketId, Ticket)> = rows.readable(Kind::Ticket).await?;
        let needed: HashSet<OsString> = tickets.iter().filter_map(spool_of).collect();
        let folder = folder.to_owned();
        blocking(move || {
            for name in left.iter().filter(|name| !needed.contains(*name)) {
                // It is looked for again by the next start.
                let _ = fs::remove_file(folder.join(name));
            }
            Ok(())
        })
        .await
    }
}

fn left_in(folder: &Path, run: &ProcessLock) -> Vec<OsString> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let names = entries.flatten().map(|entry| entry.file_name());
    let is_left = |name: &OsString| {
        let of = name.to_str().and_then(run_of);
        of.is_some_and(|of| run.has_ended(&of))
    };
    names.filter(is_left).collect()
}

fn spool_of((_, ticket): &(TicketId, Ticket)) -> Option<OsString> {
    let Job::Upload(upload) = &ticket.job else {
        return None;
    };
    upload.source.spool_name()
}
