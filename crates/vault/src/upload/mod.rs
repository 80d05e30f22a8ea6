//! Storing one file: reserve, seal, send, name, receipt.
//!
//! Nothing counts as stored before the service has confirmed it and the receipt is on disk. Until then everything that cannot be
//! done again without a trace is on the transfer's ticket, so that an attempt after a crash goes on where the last one was.

pub(crate) mod sealer;
pub(crate) mod sending;
pub(crate) mod source;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use privicore_client::operations::data_token::{
    ConfigureFileMeta, ExchangeData, FileMeta, ReserveTokenSpace, RetrieveTemporaryToken,
    TokenEntry, TokenFilter,
};
use privicore_client::operations::utility::{CommandState, CommandStatus};
use privicore_client::{
    BackOff, CommandId, DataToken, Error as ClientError, Largest, Phase, Which, is_identifier,
    step_down,
};

use crate::error::Error;
use crate::files::file::{AtService, File};
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::files::list_pages::{all_entries, find_one};
use crate::files::listing::digest_of_name;
use crate::files::on_disk;
use crate::keys::choices::{Choice, SealedWith, recipients_for};
use crate::receipts::{Named, Receipt};
use crate::session::Session;
use crate::store::rows::{Kind, Posted, RowId};
use crate::system::blocking::blocking;
use crate::transfers::Attempt;
use crate::transfers::settling::confirm;
use crate::transfers::tickets::{Job, Naming, Sealed, Upload, UploadStep};
use crate::upload::sealer::Sealer;
use crate::upload::sending::{look_and_begin, seal_whole, send_stream};
use crate::upload::source::{OpenSource, Source};

/// Sealed bytes up to this length travel inside the exchange command: its base64 stays below the 50 KB that are known to work.
pub(crate) const INLINE_LIMIT_BYTES: u64 = 32 * 1024;
/// A reservation's life in minutes: long enough for the upload, small enough for the service, which refuses large figures.
const RESERVATION_MINUTES: std::ops::RangeInclusive<u32> = 5..=60;
/// The slowest upload a reservation is made for.
const SLOWEST_BYTES_PER_MINUTE: u64 = 60 * 1024 * 1024;

/// After so many attempts that found nothing under the sealed name the bytes are sent again.
const MISSES: u32 = 3;
/// How often a file that was just stored is looked for in the list, which may come late, before it counts as not confirmed.
const LOOKS: u32 = 4;
/// Waits between two looks.
const NEXT_LOOK: BackOff = BackOff {
    first: Duration::from_millis(500),
    longest: Duration::from_secs(4),
};

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
    let (mut sealed, place) = match brought.ok_or(Error::Canceled)? {
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
        confirm(session, attempt, &command, noted).await?;
    }
    sealed.is_exchanging = false;
    Ok(sealed)
}

/// Whether what an earlier attempt began is of no use any more: its place has expired or holds its bytes already, its link was
/// used (which a server may say by hanging up on who still sends), or the service has forgotten its command.
fn is_spent(error: &ClientError) -> bool {
    let place = matches!(
        error,
        ClientError::NotFound { .. }
            | ClientError::Conflict
            | ClientError::LinkSpent
            | ClientError::Interrupted {
                server: Which::Upstream
            }
    );
    place || error.is_forgotten()
}

/// A command that failed has left nothing that lasts: the next attempt does not wait for it. One of which nothing was heard is
/// waited for again, not sent again: a vote may hold it.
fn start_over(attempt: &Attempt, error: Error) -> Error {
    match error {
        Error::Service(ClientError::NotConfirmed { .. }) => ClientError::TimedOut {
            server: Which::Api,
            phase: Phase::Answer,
        }
        .into(),
        Error::Service(ClientError::Rejected { .. }) => {
            // If it cannot be noted, the next attempt learns the same.
            let _ = attempt.note(|job| set_step(job, UploadStep::Start));
            error
        }
        error => error,
    }
}

/// Everything up to the point where the service has the bytes, or has accepted the command that brings them.
async fn send(
    session: &Session,
    attempt: &Attempt,
    upload: &Upload,
    reserved: Option<CommandId>,
) -> Result<(Sealed, Option<Place>), Error> {
    let choices = Choice::all(&session.profile.rows).await?;
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
        return Err(Error::TokenKnown);
    }
    let progress = &attempt.progress;
    match (route(sealed_len), &space.upstream) {
        (Route::Stream, Some(link)) => {
            // The link is good once: whatever comes of it, the next attempt needs another place.
            attempt.note(|job| set_step(job, UploadStep::Start))?;
            let paces = attempt.paces();
            let sending = send_stream(session, link, sealed_len, open, sealer, progress, paces);
            sealed.digest = sending.await?.digest.to_string();
        }
        (Route::Stream, None) => return Err(Error::NoUploadLink),
        (Route::Inline, _) => {
            let (bytes, sent) = seal_whole(open, sealer).await?;
            attempt.paces().upload.pass(bytes.len()).await;
            sealed.digest = sent.digest.to_string();
            let exchange = ExchangeData {
                temporary_token: space.token,
                data: bytes,
            };
            let command = session.accept(&exchange).await?;
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

/// A place that was reserved.
struct Place {
    reservation: CommandId,
    /// The life that was asked for.
    asked: Option<u32>,
    since: Instant,
    /// The service has told when it ends: in as many minutes as were asked for.
    counts_minutes: bool,
}

/// What the life of a place is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Seconds,
    Minutes,
}

impl Place {
    /// It takes nothing any more: whether it has expired so soon that the service counts its life in seconds. A link is refused for
    /// many reasons: only a place that is no more has expired.
    async fn learns_unit(&self, session: &Session) -> bool {
        let is_known = session.client.habits().counts_life_in_seconds;
        let lived = self.since.elapsed();
        let is_soon = self.asked.is_some_and(|asked| lasts_seconds(asked, lived));
        if is_known || self.counts_minutes || !is_soon {
            return false;
        }
        let reservation = self.reservation.clone();
        let asked = session.call(&RetrieveTemporaryToken { reservation }).await;
        let has_expired = matches!(asked, Err(Error::Service(ClientError::NotFound { .. })));
        if has_expired {
            learn_seconds(session);
        }
        has_expired
    }
}

/// Asks for a place for the bytes. Under which command is being written down: a vote may hold it for longer than the app runs.
async fn reserve(
    session: &Session,
    attempt: &Attempt,
    sealed_len: u64,
) -> Result<(CommandId, Option<u32>, Option<Posted>), Error> {
    let mut request = ReserveTokenSpace {
        context: attempt.ticket.context.clone(),
        ttl: life_to_ask(session, attempt, sealed_len),
        meta: None,
    };
    let mut refused = None;
    let reservation = loop {
        match (session.accept(&request).await, request.ttl) {
            // It may be the life that is refused: shorter ones are tried, then none.
            (Err(error @ Error::Service(ClientError::Invalid { .. })), Some(life)) => {
                refused.get_or_insert(error);
                request.ttl = step_down(life);
            }
            (Err(Error::Service(ClientError::Invalid { details })), None) => {
                let last = ClientError::Invalid { details }.into();
                return Err(refused.unwrap_or(last));
            }
            (answer, _) => break answer?,
        }
    };
    // A shorter life than that may be the sign of a moment: the next reservation finds out anew.
    let is_habit = request
        .ttl
        .is_none_or(|life| life >= *RESERVATION_MINUTES.start());
    if refused.is_some() && is_habit {
        let accepted = Largest::accepted(request.ttl);
        session
            .client
            .learn(|habits| habits.reservation_life = accepted);
    }
    let command = reservation.to_string();
    let noted = attempt.post(|job| set_step(job, UploadStep::Reserving { command }))?;
    Ok((reservation, request.ttl, Some(noted)))
}

/// The life of a place that is asked for, in the service's unit. With a limit on the speed of uploads nobody can tell how long it
/// takes.
fn life_to_ask(session: &Session, attempt: &Attempt, sealed_len: u64) -> Option<u32> {
    let minutes = match attempt.paces().upload.bytes_per_second() {
        Some(_) => *RESERVATION_MINUTES.end(),
        None => reservation_minutes(sealed_len),
    };
    let habits = session.client.habits();
    let unit = if habits.counts_life_in_seconds { 60 } else { 1 };
    habits.reservation_life.of(minutes * unit)
}

/// Waits until a place is reserved. Of a reservation of which nothing was heard the place itself tells: what is not there is asked for
/// anew.
async fn reserved_place(
    session: &Session,
    attempt: &Attempt,
    reservation: &CommandId,
    noted: Option<Posted>,
) -> Result<(), Error> {
    match confirm(session, attempt, reservation, noted).await {
        Err(Error::Service(ClientError::NotConfirmed { command: Some(_) })) => {
            let reservation = reservation.clone();
            session
                .call(&RetrieveTemporaryToken { reservation })
                .await
                .map(drop)
        }
        outcome => outcome,
    }
}

fn learn_seconds(session: &Session) {
    session.client.learn(|habits| {
        habits.counts_life_in_seconds = true;
        habits.reservation_life = Largest::Any;
    });
}

/// A place lives longer than it would in seconds.
fn unlearn_seconds(session: &Session) {
    session.client.learn(|habits| {
        if std::mem::take(&mut habits.counts_life_in_seconds) {
            habits.reservation_life = Largest::Any;
        }
    });
}

/// Whether a place that was asked for with this number and had expired after so long lived for seconds, not for minutes.
fn lasts_seconds(asked: u32, lived: Duration) -> bool {
    let asked = u64::from(asked);
    (asked..asked * 60).contains(&lived.as_secs())
}

/// Whether a place that was asked for with this number had its bytes after so long that its life is not counted in seconds.
fn outlives(asked: Option<u32>, lived: Duration) -> bool {
    asked.is_some_and(|asked| lived > Duration::from_secs(u64::from(asked) + 60))
}

/// What the life of a place that was asked for with this number is counted in, by when it ends. Clocks may differ: only what fits one
/// unit and not the other counts.
fn shown_unit(asked: Option<u32>, now: Timestamp, expires_at: Option<Timestamp>) -> Option<Unit> {
    let (asked, expires_at) = (i64::from(asked?), expires_at?);
    let left = expires_at.as_second() - now.as_second();
    let in_minutes = 60 * asked;
    if (0..=asked + 2).contains(&left) {
        return Some(Unit::Seconds);
    }
    (in_minutes / 2..=in_minutes + 120)
        .contains(&left)
        .then_some(Unit::Minutes)
}

fn set_step(job: &mut Job, step: UploadStep) {
    if let Job::Upload(upload) = job {
        upload.step = step;
    }
}

/// Whether an earlier attempt may have asked for the bytes to be made permanent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sends {
    First,
    Again,
}

/// An earlier attempt may have made the bytes permanent, or a vote may still decide on it: what it left is waited for and looked for
/// before anything is sent again.
async fn find_or_make_permanent(
    session: &Session,
    attempt: &Attempt,
    sealed: &mut Sealed,
) -> Result<DataToken, Error> {
    match find_by_name(session, &sealed.name).await {
        Ok(Some(token)) => return Ok(token),
        Ok(None) => {}
        Err(_) => return Err(ClientError::NotConfirmed { command: None }.into()),
    }
    if let Some(naming) = sealed.naming.clone() {
        let command = CommandId::from(naming.command.as_str());
        if naming.is_bare {
            let found = bare(session, attempt, sealed, &command).await;
            return missed(attempt, sealed, found).await;
        }
        let unclear = match approved(session, attempt, &command, None).await {
            Err(error) if error.is_not_confirmed() && is_unknown(session, &command).await => {
                Some(error)
            }
            outcome => outcome.map(|()| None)?,
        };
        if let Some(token) = look_for(session, attempt, &sealed.name).await? {
            return Ok(token);
        }
        // It may have been rejected and forgotten while the app was closed; or a vote holds it in silence, and may be opened anew
        // by each that is sent.
        if let Some(error) = unclear {
            sealed.misses += 1;
            let step = UploadStep::Sealed(sealed.clone());
            attempt.step(|job| set_step(job, step)).await?;
            if sealed.misses < MISSES {
                return Err(error);
            }
        }
    }
    make_permanent(session, attempt, sealed, Sends::Again).await
}

/// Whether the service says that it does not know a command.
async fn is_unknown(session: &Session, command: &CommandId) -> bool {
    let command_id = command.clone();
    let state = session.call(&CommandStatus { command_id }).await;
    matches!(state, Ok(CommandState::Unknown))
}

/// Turns the temporary token into the permanent one. When the answer is lost, the token is looked for by its sealed name, which
/// no other file has; so nothing is stored twice and nothing is orphaned.
async fn make_permanent(
    session: &Session,
    attempt: &Attempt,
    sealed: &mut Sealed,
    sends: Sends,
) -> Result<DataToken, Error> {
    let meta = ConfigureFileMeta {
        token: sealed.space.clone().into(),
        file_name: sealed.name.clone(),
        extension: extension_of(sealed).into(),
        context: attempt.ticket.context.clone(),
        size: sealed.stored_size,
        path: "/".into(),
    };
    let mut accepted = None;
    for _ in 0..2 {
        let answer = session.call(&meta).await;
        match answer {
            Ok(FileMeta::Permanent(token)) if is_identifier(token.reveal()) => return Ok(token),
            Ok(FileMeta::Bare(text)) if is_identifier(&text) => {
                let command = CommandId::from(text.as_str());
                // If it cannot be noted, the next attempt asks anew.
                drop(note_naming(attempt, sealed, &command, true));
                return bare(session, attempt, sealed, &command).await;
            }
            Ok(FileMeta::Accepted(command)) if is_identifier(command.as_str()) => {
                let noted = note_naming(attempt, sealed, &command, false);
                approved(session, attempt, &command, noted.ok()).await?;
                if let Ok(Some(token)) = find_by_name(session, &sealed.name).await {
                    return Ok(token);
                }
                accepted = Some(command);
            }
            // What can be no token is no answer.
            Ok(FileMeta::Permanent(_) | FileMeta::Bare(_) | FileMeta::Accepted(_)) => break,
            // The command has been carried out: the place is no more because its bytes are permanent.
            Err(Error::Service(error)) if is_place_gone(&error) && accepted.is_some() => break,
            Err(Error::Service(error)) if is_place_gone(&error) && sends == Sends::Again => {
                return gone(session, attempt, sealed, error).await;
            }
            Err(Error::Service(error)) if may_have_arrived(&error) => break,
            Err(Error::Service(ClientError::NotFound { .. })) => {
                // The place has expired: the bytes are gone with it and have to be sent again.
                attempt.step(|job| set_step(job, UploadStep::Start)).await?;
                return Err(ClientError::LinkSpent.into());
            }
            Err(error) => return Err(error),
        }
    }
    let found = look_for(session, attempt, &sealed.name).await?;
    found.ok_or(ClientError::NotConfirmed { command: accepted }.into())
}

/// What a service answers about a place that is no more.
fn is_place_gone(error: &ClientError) -> bool {
    matches!(
        error,
        ClientError::NotFound { .. } | ClientError::Conflict | ClientError::Invalid { .. }
    )
}

/// The place is no more, and an earlier attempt may have made its bytes permanent: a list that lags is given time before the bytes
/// are sent again.
async fn gone(
    session: &Session,
    attempt: &Attempt,
    sealed: &mut Sealed,
    error: ClientError,
) -> Result<DataToken, Error> {
    let found = look_for(session, attempt, &sealed.name).await?;
    let found = found.ok_or(ClientError::NotConfirmed { command: None }.into());
    let missed = missed(attempt, sealed, found).await;
    match missed {
        Err(Error::Service(ClientError::LinkSpent))
            if !matches!(error, ClientError::NotFound { .. }) =>
        {
            Err(error.into())
        }
        outcome => outcome,
    }
}

/// Counts the attempts that found nothing under the sealed name; after a few the bytes are sent again.
async fn missed(
    attempt: &Attempt,
    sealed: &mut Sealed,
    found: Result<DataToken, Error>,
) -> Result<DataToken, Error> {
    if !matches!(
        &found,
        Err(Error::Service(ClientError::NotConfirmed { .. }))
    ) {
        return found;
    }
    sealed.misses += 1;
    let is_over = sealed.misses >= MISSES;
    let step = if is_over {
        UploadStep::Start
    } else {
        UploadStep::Sealed(sealed.clone())
    };
    attempt.step(|job| set_step(job, step)).await?;
    if is_over {
        return Err(ClientError::LinkSpent.into());
    }
    found
}

/// Has the command written down that makes the bytes permanent: it is waited for before it is sent again.
fn note_naming(
    attempt: &Attempt,
    sealed: &mut Sealed,
    command: &CommandId,
    is_bare: bool,
) -> Result<Posted, Error> {
    sealed.naming = Some(Naming {
        command: command.to_string(),
        is_bare,
    });
    let step = UploadStep::Sealed(sealed.clone());
    attempt.post(|job| set_step(job, step))
}

/// The token behind a bare answer. It may be the token, or the id of the command that makes it: the list tells, under the sealed
/// name.
async fn bare(
    session: &Session,
    attempt: &Attempt,
    sealed: &Sealed,
    command: &CommandId,
) -> Result<DataToken, Error> {
    if let Ok(Some(token)) = find_by_name(session, &sealed.name).await {
        return Ok(token);
    }
    let command_id = command.clone();
    match session.call(&CommandStatus { command_id }).await {
        Ok(CommandState::Running | CommandState::Accepted | CommandState::Failed { .. }) => {
            approved(session, attempt, command, None).await?;
        }
        Ok(CommandState::Succeeded | CommandState::Unknown) | Err(_) => {}
    }
    let found = look_for(session, attempt, &sealed.name).await?;
    let command = Some(command.clone());
    found.ok_or(ClientError::NotConfirmed { command }.into())
}

/// Looks for a file in the list a few times. That it cannot be looked for does not mean that it is not there.
async fn look_for(
    session: &Session,
    attempt: &Attempt,
    sealed_name: &str,
) -> Result<Option<DataToken>, Error> {
    for look in 0..LOOKS {
        match find_by_name(session, sealed_name).await {
            Ok(Some(token)) => return Ok(Some(token)),
            Ok(None) => {}
            Err(_) => break,
        }
        let draw = getrandom::u32().unwrap_or(u32::MAX / 2);
        let waiting = tokio::time::sleep(NEXT_LOOK.wait(look, draw));
        let waited = attempt.cancel.run_until_cancelled(waiting).await;
        waited.ok_or(Error::Canceled)?;
    }
    Ok(None)
}

/// Waits until the command that makes the bytes permanent is settled: a vote may hold it, for as long as it takes. It is being
/// written down as `noted`. One of which nothing was heard may be carried out yet: that is not confirmed.
async fn approved(
    session: &Session,
    attempt: &Attempt,
    command: &CommandId,
    noted: Option<Posted>,
) -> Result<(), Error> {
    let confirming = confirm(session, attempt, command, noted);
    let confirmed = attempt.cancel.run_until_cancelled(confirming).await;
    match confirmed.ok_or(Error::Canceled)? {
        Err(Error::Service(error)) if error.is_forgotten() => Ok(()),
        Err(error @ Error::Service(ClientError::NotConfirmed { .. })) => Err(error),
        outcome => outcome.map_err(|error| start_over(attempt, error)),
    }
}

/// The permanent token must be new: one that stands for another file already would have its receipt replaced. Then the list tells
/// the right one: the only entry under the sealed name, which no other file has.
async fn new_token(
    session: &Session,
    attempt: &Attempt,
    sealed: &Sealed,
    token: DataToken,
    is_known: &(impl Fn(FileId, &str) -> bool + Sync),
) -> Result<DataToken, Error> {
    if is_new(session, sealed, &token, is_known).await? {
        return Ok(token);
    }
    let listed = listed_token(session, sealed, is_known).await?;
    listed.ok_or_else(|| refuse_token(attempt))
}

/// Whether a token stands for nothing yet: neither in memory nor on the disk, where all of it is while the app is locked.
async fn is_new(
    session: &Session,
    sealed: &Sealed,
    token: &DataToken,
    is_known: &(impl Fn(FileId, &str) -> bool + Sync),
) -> Result<bool, Error> {
    let id = FileId::derive(token);
    let sealed_name = digest_of_name(&sealed.name);
    if is_known(id, &sealed_name) {
        return Ok(false);
    }
    let check = on_disk::require_new(id, &sealed_name);
    match session.profile.rows.write(vec![check]).await {
        Ok(()) => Ok(true),
        Err(Error::RecordKnown) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The only new token that is listed under the sealed name. A list that cannot be read tells none.
async fn listed_token(
    session: &Session,
    sealed: &Sealed,
    is_known: &(impl Fn(FileId, &str) -> bool + Sync),
) -> Result<Option<DataToken>, Error> {
    let entries = all_entries(session, &TokenFilter::default()).await;
    let mut new = Vec::new();
    for entry in entries.unwrap_or_default() {
        let is_it = entry.file_name.as_deref() == Some(sealed.name.as_str());
        if is_it
            && is_identifier(entry.token.reveal())
            && is_new(session, sealed, &entry.token, is_known).await?
        {
            new.push(entry.token);
        }
    }
    Ok(only(new.into_iter()))
}

/// The only token there is, however often it comes.
fn only(tokens: impl Iterator<Item = DataToken>) -> Option<DataToken> {
    let mut only: Option<DataToken> = None;
    for token in tokens {
        match &only {
            Some(known) if known.reveal() != token.reveal() => return None,
            _ => only = Some(token),
        }
    }
    only
}

/// What was sent is not stored: the next attempt begins anew.
fn refuse_token(attempt: &Attempt) -> Error {
    // If it cannot be noted, the next attempt learns the same.
    let _ = attempt.note(|job| set_step(job, UploadStep::Start));
    Error::TokenKnown
}

/// Writes down what was stored. Where another transfer has just stored something under this token, the list tells the right one.
async fn record(
    session: &Session,
    attempt: &Attempt,
    source: &Source,
    sealed: Sealed,
    token: DataToken,
) -> Result<File, Error> {
    let clashing = FileId::derive(&token);
    match record_as(session, attempt, source, sealed.clone(), token).await {
        Err(Error::RecordKnown) => {}
        outcome => return outcome,
    }
    // Another transfer, or another process, has just written it.
    let is_known = |id: FileId, _: &str| id == clashing;
    let Some(token) = listed_token(session, &sealed, &is_known).await? else {
        return Err(refuse_token(attempt));
    };
    match record_as(session, attempt, source, sealed, token).await {
        Err(Error::RecordKnown) => Err(refuse_token(attempt)),
        outcome => outcome,
    }
}

/// Receipt and row are written, and the ticket goes, together.
async fn record_as(
    session: &Session,
    attempt: &Attempt,
    source: &Source,
    sealed: Sealed,
    token: DataToken,
) -> Result<File, Error> {
    let with = match sealed.with {
        Some(with) => *with,
        // The ticket of an older version: then every file was sealed with these.
        None => SealedWith::age(&*session.profile.keys()?, &[]),
    };
    let stored_at = Timestamp::now();
    let receipt = Receipt {
        digest: sealed.digest,
        stored_size: sealed.stored_size,
        engine_key: sealed.engine_key,
        commands: sealed.commands,
        stored_at,
        named: Some(Named {
            name: source.name.clone(),
            folder: source.folder.clone(),
            is_escaped: source.is_escaped,
            context: attempt.ticket.context.clone(),
            size_bytes: Some(sealed.size),
            sealed: Some(digest_of_name(&sealed.name)),
        }),
        token: Some(token.reveal().into()),
        ..Receipt::of(with)
    };
    let file = File {
        id: FileId::derive(&token),
        token,
        name: source.name.clone(),
        folder: source.folder.clone(),
        is_escaped: source.is_escaped,
        context: attempt.ticket.context.clone(),
        size_bytes: Some(sealed.size),
        stored_size_bytes: Some(sealed.stored_size),
        stored_at: Some(stored_at),
        state: FileState::Stored,
        receipt: Some(receipt.clone()),
        at_service: AtService {
            sealed_name: Some(digest_of_name(&sealed.name)),
            ever_listed: Some(false),
            ..AtService::default()
        },
        receipt_lost: false,
    };
    let rows = &session.profile.rows;
    let changes = vec![
        on_disk::require_new(file.id, &digest_of_name(&sealed.name)),
        rows.sealed(Kind::Receipt, file.id.0, &receipt)?.into_new(),
        rows.sealed(Kind::File, file.id.0, &file.row())?,
    ];
    match attempt.finish(changes).await {
        Ok(()) => Ok(file),
        Err(Error::RecordKnown) => {
            // Another transfer, or another process, has just stored something under this token; or this one did, and the disk
            // told of an error all the same.
            let kept = rows.readable::<Receipt>(Kind::Receipt).await?;
            let is_this =
                |(id, kept): &(RowId, Receipt)| *id == file.id.0 && kept.digest == receipt.digest;
            if kept.iter().any(is_this) {
                attempt.finish(Vec::new()).await?;
                return Ok(file);
            }
            Err(Error::RecordKnown)
        }
        Err(error) => {
            // It is stored, but that is not on this machine's disk yet: the ticket stays, and the token is found again by it.
            tracing::warn!(%error, "a receipt could not be written");
            Err(ClientError::NotConfirmed { command: None }.into())
        }
    }
}

/// Whether the service may have done what it was asked although no proper answer came.
pub(crate) fn may_have_arrived(error: &ClientError) -> bool {
    let unclear = matches!(
        error,
        ClientError::Interrupted { .. }
            | ClientError::TimedOut { .. }
            | ClientError::UnexpectedAnswer { .. }
            | ClientError::NotConfirmed { .. }
            | ClientError::Refused { status: 500.., .. }
    );
    unclear && !error.nothing_was_sent()
}

/// The file of this sealed name.
async fn find_by_name(session: &Session, sealed_name: &str) -> Result<Option<DataToken>, Error> {
    let filter = TokenFilter {
        file_name: Some(sealed_name.to_owned()),
        ..TokenFilter::default()
    };
    let is_it = |entry: &TokenEntry| {
        entry.file_name.as_deref() == Some(sealed_name) && is_identifier(entry.token.reveal())
    };
    let found = find_one(session, filter, is_it).await?;
    Ok(found.map(|entry| entry.token))
}

/// What the service and other programs see as the kind of the file.
fn extension_of(sealed: &Sealed) -> &'static str {
    match &sealed.with {
        Some(with) if with.shared_key.is_some() => "bin",
        _ => "age",
    }
}

fn route(sealed_len: u64) -> Route {
    if sealed_len <= INLINE_LIMIT_BYTES {
        Route::Inline
    } else {
        Route::Stream
    }
}

fn reservation_minutes(sealed_len: u64) -> u32 {
    let (least, most) = RESERVATION_MINUTES.into_inner();
    let minutes = sealed_len / SLOWEST_BYTES_PER_MINUTE;
    u32::try_from(minutes).map_or(most, |minutes| least.saturating_add(minutes).min(most))
}

#[cfg(test)]
mod tests;
