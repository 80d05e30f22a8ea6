//! Getting one file back: receive and open it, then give it its name.
//!
//! The target appears only after the last chunk was authenticated and the receipt agreed. What differs from what was stored is kept
//! only when that was asked for, and then beside the target, under a name that says what it is.

use std::path::Path;

use crate::blocking::blocking;
use crate::catalogue::File;
use crate::destination::{Destination, free_marked_name, looks_like};
use crate::error::Error;
use crate::receipts::Mismatch;
use crate::receiving::{Came, Wanted, receive, set_step};
use crate::rows::{Change, Kind};
use crate::session::Session;
use crate::tickets::{Download, DownloadStep, Look};
use crate::transfers::Attempt;

/// Saves the opened bytes of `file` where the transfer's target is.
///
/// # Errors
/// What happened; the target is then as it was.
pub(crate) async fn download(
    session: &Session,
    attempt: &Attempt,
    download: &Download,
    file: &File,
) -> Result<(), Error> {
    if was_named(download).await? {
        // The attempt before was cut off after it had given the file its name.
        return attempt.finish(Vec::new()).await;
    }
    let wanted = Wanted {
        file,
        step: &download.step,
        key: download.key.as_deref(),
        target: &download.target,
    };
    let (target, existing, ticket) = (
        download.target.clone(),
        download.existing,
        attempt.ticket_id,
    );
    let make = move || Destination::beside(&target, existing, &ticket);
    let came = receive(session, attempt, &wanted, make).await?;
    attempt.progress.finish();
    match came.mismatch {
        None => {
            let learnt = came.key.as_ref().map(|key| {
                let rows = &session.profile.rows;
                rows.sealed(Kind::FileKey, file.id.0, key)
            });
            let changes = learnt.transpose()?.into_iter().collect();
            name(attempt, came.into, DownloadStep::Naming, changes).await
        }
        Some(mismatch) if download.keeps_mismatch => keep(attempt, came, mismatch).await,
        Some(mismatch) => {
            // Its file goes with it.
            blocking(move || {
                drop(came);
                Err(mismatch.into())
            })
            .await
        }
    }
}

async fn was_named(download: &Download) -> Result<bool, Error> {
    let (target, look) = match &download.step {
        DownloadStep::Naming(look) => (&download.target, look),
        DownloadStep::Keeping { target, look } => (target, look),
        _ => return Ok(false),
    };
    let (target, look) = (target.clone(), look.clone());
    blocking(move || Ok(looks_like(&target, &look))).await
}

/// Keeps what opened of something that was never stored, under a name that no other file has.
async fn keep(attempt: &Attempt, came: Came<Destination>, mismatch: Mismatch) -> Result<(), Error> {
    let Came {
        into, opened_bytes, ..
    } = came;
    let (destination, target) = blocking(move || {
        if opened_bytes == 0 && mismatch != Mismatch::Swapped {
            return Err(Error::NothingToKeep);
        }
        let marked = free_marked_name(into.target(), mismatch.mark());
        Ok((into.aside(marked.clone()), marked))
    })
    .await?;
    let step = move |look| DownloadStep::Keeping { target, look };
    name(attempt, destination, step, Vec::new()).await
}

/// Gives the whole file its name. How it looks is written down before, so that it is known again after a crash.
async fn name(
    attempt: &Attempt,
    mut destination: Destination,
    step: impl FnOnce(Look) -> DownloadStep,
    changes: Vec<Change>,
) -> Result<(), Error> {
    let (destination, look) = blocking(move || {
        let look = destination.sync()?;
        Ok((destination, look))
    })
    .await?;
    let step = step(look);
    attempt.step(|job| set_step(job, step)).await?;
    blocking(move || destination.commit()).await?;
    attempt.finish(changes).await
}

/// The name under which what came instead of `target` is kept, as long as no other file has it.
pub(crate) fn mismatch_name(target: &Path, mismatch: Mismatch) -> String {
    crate::destination::marked_name(target, mismatch.mark())
}
