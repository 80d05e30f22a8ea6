//! Storing one file: reserve, seal, send, name, receipt.
//!
//! An upload goes through states, each with what is known by then: a place for it is [`reserved`], its sealed bytes are
//! [`sent`] into it, the service makes them permanent, and the receipt of what is permanent is [`record`]ed. Nothing
//! counts as stored before that is on disk. Until then everything that cannot be done again without a trace is on the
//! transfer's ticket, so that an attempt after a crash goes on where the last one was.

pub(crate) mod permanent;
pub(crate) mod place;
pub(crate) mod record;
mod reserved;
pub(crate) mod sealable;
pub(crate) mod sealer;
pub(crate) mod sending;
mod sent;
pub(crate) mod source;
pub(crate) mod step;
pub(crate) mod storing;
mod uploading;

use privicore_client::CommandId;

use crate::error::WorkError;
use crate::files::file::File;
use crate::session::Session;
use crate::transfers::Attempt;
use crate::transfers::outcome::Unfinished;
use crate::transfers::tickets::{Upload, UploadStep};
use crate::upload::place::Place;
use crate::upload::reserved::Reserved;
use crate::upload::sealable::Sealable;
use crate::upload::sent::{Sent, exchanged};
use crate::upload::step::{is_spent, start_over};
use crate::upload::uploading::{IsKnown, Uploading};

/// Stores a file, or goes on storing it.
///
/// # Errors
/// What happened, with nothing stored; or [`Unfinished::NotConfirmed`] when the last step was sent and its outcome is
/// not known.
pub(crate) async fn upload(
    session: &Session,
    attempt: &Attempt,
    upload: &Upload,
    is_known: &IsKnown<'_>,
) -> Result<File, Unfinished> {
    let source = upload.source.with_rows(&session.profile.rows);
    let uploading = Uploading {
        session,
        attempt,
        source: &source,
        form: &upload.form,
        engine_key: session.check_pins().await?,
        is_known,
    };
    let before = session.client.habits().counts_life_in_seconds;
    let stored = match store(&uploading, &upload.step).await {
        // The place has expired with the bytes in it: they are sent once more. So they are when it is known since that
        // places are to be asked for in another unit.
        Err(unfinished)
            if unfinished.is_gone()
                && (upload.step != UploadStep::Start
                    || session.client.habits().counts_life_in_seconds != before) =>
        {
            attempt.progress.restart();
            store(&uploading, &UploadStep::Start).await
        }
        outcome => outcome,
    };
    if stored.is_ok() {
        source.remove_spool();
    }
    stored
}

async fn store(uploading: &Uploading<'_>, step: &UploadStep) -> Result<File, Unfinished> {
    let attempt = uploading.attempt;
    let sent = match step {
        // It may be permanent already: that is found out first, and nothing is stopped or sent again before.
        UploadStep::Sealed(sealed) if !sealed.is_exchanging => {
            Sent::Earlier(uploading.taken_up(sealed))
        }
        step => {
            let bringing = bring(uploading, step);
            let brought = attempt.cancel.run_until_cancelled(bringing).await;
            brought
                .ok_or(WorkError::Canceled)?
                .map_err(|unfinished| start_over(attempt, unfinished))?
        }
    };
    let permanent = sent.make_permanent(uploading).await?;
    permanent.record(uploading).await
}

/// Brings the sealed bytes to the service and waits until they are there, going on where an earlier attempt was cut
/// off.
async fn bring(uploading: &Uploading<'_>, step: &UploadStep) -> Result<Sent, Unfinished> {
    let resumed = match step {
        UploadStep::Start => None,
        UploadStep::Reserving { command } => {
            let reservation = CommandId::from(command.as_str());
            Some(bring_from(uploading, Some(reservation)).await)
        }
        UploadStep::Sealed(sealed) => {
            let exchanged = exchanged(uploading, uploading.taken_up(sealed), None).await;
            Some(exchanged.map(|sealed| Sent::Now {
                sealed,
                place: None,
            }))
        }
    };
    match resumed {
        Some(Err(unfinished)) if is_spent(&unfinished) => {}
        Some(outcome) => return outcome,
        None => {}
    }
    uploading.attempt.progress.restart();
    bring_from(uploading, None).await
}

/// From the reservation on, which may be that of an earlier attempt.
async fn bring_from(
    uploading: &Uploading<'_>,
    earlier: Option<CommandId>,
) -> Result<Sent, Unfinished> {
    let sealable = Sealable::look(uploading).await?;
    let sealed_len = sealable.form.sealed_len;
    uploading.attempt.progress.expect(sealed_len);
    let place = match earlier {
        Some(reservation) => Place::of_earlier(uploading, reservation).await?,
        None => Place::reserve(uploading, sealed_len).await?,
    };
    Reserved { place, sealable }.send(uploading).await
}

#[cfg(test)]
mod tests;
