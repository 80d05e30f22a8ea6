//! Getting one file back: receive and open it, then give it its name.
//!
//! The target appears only after the last chunk was authenticated and the receipt agreed. What differs from what was
//! stored is kept only when that was asked for, and then beside the target, under a name that says what it is.

pub(crate) mod bounds;
pub(crate) mod destination;
pub(crate) mod rebuild;
pub(crate) mod receiving;
pub(crate) mod shared;
pub(crate) mod stored;

use std::path::PathBuf;

use crate::download::destination::{Chosen, Destination, Existing, FileIdentity, free_marked_name};
use crate::download::receiving::{DownloadRequest, receive, set_step};
use crate::download::stored::ReceivedFile;
use crate::error::{ContentError, Error, TargetError};
use crate::files::file::File;
use crate::receipts::verdict::Mismatch;
use crate::session::Session;
use crate::store::rows::{Change, Kind};
use crate::system::blocking::blocking;
use crate::system::folder_names::real_path;
use crate::transfers::Attempt;
use crate::transfers::tickets::{Download, DownloadStep, Job};

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
    let wanted = DownloadRequest {
        file,
        step: &download.step,
        key: download.key.as_deref(),
        target: &download.target,
        head_bytes: None,
    };
    let (target, existing, ticket) = (
        download.target.clone(),
        download.existing,
        attempt.ticket_id,
    );
    let (chosen, agreed) = (download.chosen.clone(), download.agreed.clone());
    let is_beneath = download.is_beneath;
    // Whatever stands in the way is told before the service is asked for anything.
    let chosen = blocking(move || {
        let chosen = if let Some(chosen) = chosen {
            chosen
        } else {
            let chosen = Chosen::now(&target, existing)?.with_agreed(agreed);
            if is_beneath {
                chosen.through_no_link()?
            } else {
                chosen
            }
        };
        chosen.check(&ticket)?;
        Ok(chosen)
    })
    .await?;
    let make = move || chosen.begin(&ticket);
    let came = receive(session, attempt, &wanted, make).await?;
    attempt.progress.finish();
    match came.mismatch {
        None => {
            let learnt = came.key.as_ref().map(|key| {
                let rows = &session.profile.rows;
                rows.sealed(Kind::FileKey, file.id.0, key)
            });
            let changes = learnt.transpose()?.into_iter().collect();
            let attributes = file.attributes.unwrap_or_default();
            let destination = came.into.with_attributes(attributes);
            name(attempt, destination, naming, changes).await
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
    let (mut target, look) = (target.clone(), look.clone());
    let is_written_through = download.existing == Existing::Replace && !download.is_beneath;
    blocking(move || {
        if is_written_through && let Ok(real) = real_path(&target) {
            target = real;
        }
        Ok(look.is_at(&target))
    })
    .await
}

/// Keeps what opened of something that was never stored, under a name that no other file has.
async fn keep(
    attempt: &Attempt,
    came: ReceivedFile<Destination>,
    mismatch: Mismatch,
) -> Result<(), Error> {
    let ReceivedFile {
        into, opened_bytes, ..
    } = came;
    let (destination, target) = blocking(move || {
        if opened_bytes == 0 && mismatch != Mismatch::Swapped {
            return Err(ContentError::NothingToKeep.into());
        }
        let marked = free_marked_name(into.target(), mismatch.mark());
        Ok((into.aside(marked.clone()), marked))
    })
    .await?;
    let step = |look: FileIdentity, job: &mut Job| {
        let target = target.clone();
        set_step(job, DownloadStep::Keeping { target, look });
    };
    let step = |look, _: PathBuf, job: &mut Job| step(look, job);
    name(attempt, destination, step, Vec::new()).await
}

/// A file that gets a number is looked for under that name after a crash.
fn naming(look: FileIdentity, target: PathBuf, job: &mut Job) {
    set_step(job, DownloadStep::Naming(look));
    if let Job::Download(download) = job
        && download.existing == Existing::KeepBoth
    {
        download.target = target;
    }
}

/// Gives the whole file its name. How it looks is written down before, so that it is known again after a crash.
async fn name(
    attempt: &Attempt,
    mut destination: Destination,
    step: impl Fn(FileIdentity, PathBuf, &mut Job),
    changes: Vec<Change>,
) -> Result<(), Error> {
    let (mut destination, look) = blocking(move || {
        let look = destination.sync()?;
        Ok((destination, look))
    })
    .await?;
    let remark = loop {
        let (look, target) = (look.clone(), destination.target().to_owned());
        attempt.step(|job| step(look, target, job)).await?;
        let named;
        (destination, named) = blocking(move || {
            let named = match destination.commit() {
                Err(Error::Target(TargetError::Exists { .. })) if destination.take_next_name() => {
                    None
                }
                outcome => Some(outcome),
            };
            Ok((destination, named))
        })
        .await?;
        match named {
            None => {}
            Some(Ok(remark)) => break remark,
            Some(Err(error)) => {
                // Nothing has its name: a file that is there is not taken for it by the next attempt.
                let back = attempt.step(|job| set_step(job, DownloadStep::Start));
                if let Err(error) = back.await {
                    tracing::warn!(%error, "a step that failed is still written down");
                }
                return Err(error);
            }
        }
    };
    attempt.remark(remark);
    if let Err(error) = attempt.finish(changes).await {
        // The file is there. Its ticket stays and says how it looks: the next run finds that it is done.
        tracing::warn!(%error, "the record of a transfer that is done could not be removed");
    }
    Ok(())
}
