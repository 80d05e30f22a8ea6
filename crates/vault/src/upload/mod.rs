//! Storing one file: reserve, seal, send, name, receipt.
//!
//! Nothing counts as stored before the service has confirmed it and the receipt is on disk. Until then everything that cannot be
//! done again without a trace is on the transfer's ticket, so that an attempt after a crash goes on where the last one was.

pub(crate) mod permanent;
pub(crate) mod place;
pub(crate) mod record;
pub(crate) mod sealer;
pub(crate) mod sending;
pub(crate) mod source;
pub(crate) mod step;
pub(crate) mod storing;

use std::time::Instant;

use jiff::Timestamp;
use privicore_client::operations::data_token::{ExchangeData, RetrieveTemporaryToken};
use privicore_client::{CommandId, Error as ClientError};

use crate::error::{Error, TransferError, WorkError};
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::keys::sealing_policy::{SealingPolicy, recipients_for};
use crate::session::Session;
use crate::store::rows::Posted;
use crate::system::blocking::blocking;
use crate::transfers::Attempt;
use crate::transfers::await_command::await_command;
use crate::transfers::tickets::{Sealed, Upload, UploadStep};
use crate::upload::permanent::{Sends, find_or_make_permanent, make_permanent, new_token};
use crate::upload::place::{
    Place, Unit, learn_seconds, outlives, reserve, reserved_place, shown_unit, unlearn_seconds,
};
use crate::upload::record::record;
use crate::upload::sealer::Sealer;
use crate::upload::sending::{look_and_begin, seal_whole, send_stream};
use crate::upload::source::OpenSource;
use crate::upload::step::{is_spent, set_step, start_over};

/// Sealed bytes up to this length travel inside the exchange command: its base64 stays below the 50 KB that are known to work.
pub(crate) const INLINE_LIMIT_BYTES: u64 = 32 * 1024;

/// How sealed bytes reach the service.
#[derive(Debug, PartialEq, Eq)]
enum Route {
    Inline,
    Stream,
}

/// Stores a file, or goes on storing it.
///
/// # Errors
/// What happened, with nothing stored; or [`ClientError::NotConfirmed`] inside [`Error::Service`] when the last step was sent
/// and its outcome is not known.
pub(crate) async fn upload(
    session: &Session,
    attempt: &Attempt,
    upload: &Upload,
    is_known: &(impl Fn(FileId, &str) -> bool + Sync),
) -> Result<File, Error> {
    let engine_key = session.check_pins().await?;
    let engine_key = engine_key.as_ref();
    let before = session.client.habits().counts_life_in_seconds;
    match upload_from(session, attempt, upload, engine_key, is_known).await {
        // The place has expired with the bytes in it: they are sent once more. So they are when it is known since that places are
        // to be asked for in another unit.
        Err(Error::Service(ClientError::LinkSpent))
            if upload.step != UploadStep::Start
                || session.client.habits().counts_life_in_seconds != before =>
        {
            attempt.progress.restart();
            let again = Upload {
                step: UploadStep::Start,
                ..upload.clone()
            };
            upload_from(session, attempt, &again, engine_key, is_known).await
        }
        outcome => outcome,
    }
}

async fn upload_from(
    session: &Session,
    attempt: &Attempt,
    upload: &Upload,
    engine_key: Option<&String>,
    is_known: &(impl Fn(FileId, &str) -> bool + Sync),
) -> Result<File, Error> {
    if let UploadStep::Sealed(sealed) = &upload.step
        && !sealed.is_exchanging
    {
        // It may be permanent already: that is found out first, and nothing is stopped or sent again before.
        attempt.progress.finish();
        let mut sealed = sealed.clone();
        sealed.engine_key = sealed.engine_key.or_else(|| engine_key.cloned());
        let token = find_or_make_permanent(session, attempt, &mut sealed).await?;
        let token = new_token(session, attempt, &sealed, token, is_known).await?;
        return record(session, attempt, &upload.source, sealed, token).await;
    }
    let bringing = bring(session, attempt, upload);
    let brought = attempt.cancel.run_until_cancelled(bringing).await;
    let (mut sealed, place) = match brought.ok_or(WorkError::Canceled)? {
        Err(error) => return Err(start_over(attempt, error)),
        Ok(brought) => brought,
    };
    attempt.progress.finish();
    sealed.engine_key = sealed.engine_key.or_else(|| engine_key.cloned());
    // From here on it may become permanent, and must be found again.
    let step = UploadStep::Sealed(sealed.clone());
    attempt.step(|job| set_step(job, step)).await?;
    let lived = place.as_ref().map(|place| place.since.elapsed());
    let made = make_permanent(session, attempt, &mut sealed, Sends::First).await;
    match (&made, &place, lived) {
        (Err(Error::Service(ClientError::LinkSpent)), Some(place), _) => {
            place.learns_unit(session).await;
        }
        (Ok(_), Some(place), Some(lived)) if outlives(place.asked, lived) => {
            unlearn_seconds(session);
        }
        _ => {}
    }
    let token = made?;
    let token = new_token(session, attempt, &sealed, token, is_known).await?;
    record(session, attempt, &upload.source, sealed, token).await
}

/// Brings the sealed bytes to the service and waits until they are there, going on where an earlier attempt was cut off.
async fn bring(
    session: &Session,
    attempt: &Attempt,
    upload: &Upload,
) -> Result<(Sealed, Option<Place>), Error> {
    let resumed = match &upload.step {
        UploadStep::Start => None,
        UploadStep::Reserving { command } => {
            let reserved = Some(CommandId::from(command.as_str()));
            Some(send(session, attempt, upload, reserved).await)
        }
        UploadStep::Sealed(sealed) => {
            let exchanged = exchanged(session, attempt, sealed.clone(), None).await;
            Some(exchanged.map(|sealed| (sealed, None)))
        }
    };
    match resumed {
        Some(Err(Error::Service(error))) if is_spent(&error) => {}
        Some(outcome) => return outcome,
        None => {}
    }
    attempt.progress.restart();
    send(session, attempt, upload, None).await
}

/// Waits until the command that brings the bytes is settled. It is being written down as `noted`.
async fn exchanged(
    session: &Session,
    attempt: &Attempt,
    mut sealed: Sealed,
    noted: Option<Posted>,
) -> Result<Sealed, Error> {
    if let Some(command) = sealed.commands.last() {
        let command = CommandId::from(command.as_str());
        await_command(session, attempt, &command, noted).await?;
    }
    sealed.is_exchanging = false;
    Ok(sealed)
}

/// Everything up to the point where the service has the bytes, or has accepted the command that brings them.
async fn send(
    session: &Session,
    attempt: &Attempt,
    upload: &Upload,
    reserved: Option<CommandId>,
) -> Result<(Sealed, Option<Place>), Error> {
    let choices = SealingPolicy::all(&session.profile.rows).await?;
    let extra = recipients_for(&choices, &attempt.ticket.context);
    let (source, form) = (&upload.source, upload.form.clone());
    let progress = &attempt.progress;
    // The keys are let go of before anything is sent: who locks meanwhile has them gone.
    let keys = session.profile.keys()?;
    let (seen, sealer, with, name) = look_and_begin(source.clone(), form, keys, extra).await?;
    let sealed_len = sealer.sealed_len(seen.size(), &source.name)?;
    progress.expect(sealed_len);
    let mut sealed = Sealed {
        space: String::new(),
        name,
        digest: String::new(),
        stored_size: sealed_len,
        size: seen.size(),
        attributes: Some(source.attributes(&seen)),
        commands: Vec::new(),
        is_exchanging: false,
        with: Some(Box::new(with)),
        engine_key: None,
        naming: None,
        misses: 0,
    };
    let (reservation, asked, noted) = match reserved {
        // Since when an earlier attempt has it is not known: its end shows no unit.
        Some(reservation) => (reservation, None, None),
        None => reserve(session, attempt, sealed_len).await?,
    };
    reserved_place(session, attempt, &reservation, noted).await?;
    sealed.commands.push(reservation.to_string());
    let mut place = Place {
        reservation,
        asked,
        since: Instant::now(),
        counts_minutes: false,
    };
    let opening = source.clone();
    let open = blocking(move || opening.open(seen)).await?;
    let filled = fill(session, attempt, &mut place, open, sealer, &mut sealed).await;
    if let Err(Error::Service(ClientError::LinkSpent | ClientError::NotFound { .. })) = &filled
        && place.learns_unit(session).await
    {
        return Err(ClientError::LinkSpent.into());
    }
    filled.map(|()| (sealed, Some(place)))
}

/// Brings the sealed bytes into their place.
async fn fill(
    session: &Session,
    attempt: &Attempt,
    place: &mut Place,
    open: OpenSource,
    sealer: Sealer,
    sealed: &mut Sealed,
) -> Result<(), Error> {
    let sealed_len = sealed.stored_size;
    let reservation = place.reservation.clone();
    let space = session
        .call(&RetrieveTemporaryToken { reservation })
        .await?;
    let unit = shown_unit(place.asked, Timestamp::now(), space.expires_at);
    let in_seconds = session.client.habits().counts_life_in_seconds;
    match unit {
        Some(Unit::Seconds) if !in_seconds => {
            learn_seconds(session);
            return Err(ClientError::LinkSpent.into());
        }
        Some(Unit::Minutes) if in_seconds => unlearn_seconds(session),
        Some(_) | None => {}
    }
    place.counts_minutes = unit == Some(Unit::Minutes);
    space.token.reveal().clone_into(&mut sealed.space);
    if !attempt.takes_space(&sealed.space) {
        return Err(TransferError::TokenKnown.into());
    }
    let progress = &attempt.progress;
    match (route(sealed_len), &space.upstream) {
        (Route::Stream, Some(link)) => {
            // The link is good once: whatever comes of it, the next attempt needs another place.
            attempt.note(|job| set_step(job, UploadStep::Start))?;
            let rate_limiters = attempt.rate_limiters();
            let sending = send_stream(
                session,
                link,
                sealed_len,
                open,
                sealer,
                progress,
                rate_limiters,
            );
            sealed.digest = sending.await?.digest.to_string();
        }
        (Route::Stream, None) => return Err(TransferError::NoUploadLink.into()),
        (Route::Inline, _) => {
            let (bytes, sent) = seal_whole(open, sealer).await?;
            attempt.rate_limiters().upload.pass(bytes.len()).await;
            sealed.digest = sent.digest.to_string();
            let exchange = ExchangeData {
                temporary_token: space.token,
                data: bytes,
            };
            let command = session.submit(&exchange).await?;
            sealed.commands.push(command.to_string());
            sealed.is_exchanging = true;
            progress.add(sent.stored_size);
            let step = UploadStep::Sealed(sealed.clone());
            let noted = attempt.post(|job| set_step(job, step))?;
            *sealed = exchanged(session, attempt, sealed.clone(), Some(noted)).await?;
        }
    }
    Ok(())
}

fn route(sealed_len: u64) -> Route {
    if sealed_len <= INLINE_LIMIT_BYTES {
        Route::Inline
    } else {
        Route::Stream
    }
}

#[cfg(test)]
mod tests;
