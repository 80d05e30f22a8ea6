//! The step that makes a file permanent: sent, waited for, and looked for where its outcome is not known.
//!
//! A command that a vote has approved is sent a second time where the first brought no token: the place of the bytes is
//! good for one file, so the second either answers with its token or is refused.

use std::time::Duration;

use futures_util::FutureExt as _;
use privicore_client::operations::data_token::{
    ConfigureFileMeta, FileMeta, TokenEntry, TokenFilter,
};
use privicore_client::operations::utility::{CommandState, CommandStatus};
use privicore_client::{BackOff, CommandId, DataToken, Error as ClientError, is_identifier};

use crate::error::{Error, RecordError, TransferError, WorkError};
use crate::files::file_id::FileId;
use crate::files::on_disk;
use crate::files::service_list::listing::digest_of_name;
use crate::files::service_list::pages::{all_entries, find_one};
use crate::session::Session;
use crate::store::rows::Posted;
use crate::transfers::Attempt;
use crate::transfers::await_command::await_command;
use crate::transfers::outcome::Unfinished;
use crate::transfers::tickets::{Naming, Sealed, UploadStep};
use crate::upload::step::{may_have_arrived, set_step, start_over};
use crate::upload::uploading::IsKnown;

/// After so many attempts that found nothing under the sealed name the bytes are sent again.
pub(super) const MISSES: u32 = 3;

/// How often a file that was just stored is looked for in the list, which may come late, before it counts as not
/// confirmed.
pub(super) const LOOKS: u32 = 4;

/// Waits between two looks.
pub(super) const NEXT_LOOK: BackOff = BackOff {
    first: Duration::from_millis(500),
    longest: Duration::from_secs(4),
};

/// Whether an earlier attempt may have asked for the bytes to be made permanent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sends {
    First,
    Again,
}

/// An earlier attempt may have made the bytes permanent, or a vote may still decide on it: what it left is waited for
/// and looked for before anything is sent again.
pub(super) async fn find_or_make_permanent(
    session: &Session,
    attempt: &Attempt,
    sealed: &mut Sealed,
) -> Result<DataToken, Unfinished> {
    match find_by_name(session, &sealed.name).await {
        Ok(Some(token)) => return Ok(token),
        Ok(None) => {}
        Err(_) => return Err(Unfinished::NotConfirmed),
    }
    if let Some(naming) = sealed.naming.clone() {
        let command = CommandId::from(naming.command.as_str());
        if naming.is_bare {
            let found = bare(session, attempt, sealed, &command).await;
            return missed(attempt, sealed, found).await;
        }
        let unclear = match approved(session, attempt, &command, None).await {
            Err(unfinished @ Unfinished::NotConfirmed) if is_unknown(session, &command).await => {
                Some(unfinished)
            }
            outcome => outcome.map(|()| None)?,
        };
        if let Some(token) = look_for(session, attempt, &sealed.name).await? {
            return Ok(token);
        }
        // It may have been rejected and forgotten while the app was closed; or a vote holds it in silence, and may be
        // opened anew by each that is sent.
        if let Some(unfinished) = unclear {
            sealed.misses += 1;
            let step = UploadStep::Sealed(sealed.clone());
            attempt.step(|job| set_step(job, step)).await?;
            if sealed.misses < MISSES {
                return Err(unfinished);
            }
        }
    }
    make_permanent(session, attempt, sealed, Sends::Again).await
}

/// Whether the service says that it does not know a command.
pub(super) async fn is_unknown(session: &Session, command: &CommandId) -> bool {
    let command_id = command.clone();
    let state = session.call(&CommandStatus { command_id }).await;
    matches!(state, Ok(CommandState::Unknown))
}

/// Turns the temporary token into the permanent one. When the answer is lost, the token is looked for by its sealed
/// name, which no other file has; so nothing is stored twice and nothing is orphaned.
pub(super) async fn make_permanent(
    session: &Session,
    attempt: &Attempt,
    sealed: &mut Sealed,
    sends: Sends,
) -> Result<DataToken, Unfinished> {
    let meta = ConfigureFileMeta {
        token: sealed.space.clone().into(),
        file_name: sealed.name.clone(),
        extension: extension_of(sealed).into(),
        context: attempt.ticket.context.clone(),
        size: sealed.stored_size,
        path: "/".into(),
    };
    let mut is_accepted = false;
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
                is_accepted = true;
            }
            // What can be no token is no answer.
            Ok(FileMeta::Permanent(_) | FileMeta::Bare(_) | FileMeta::Accepted(_)) => break,
            // The command has been carried out: the place is no more because its bytes are permanent.
            Err(Error::Service(error)) if is_place_gone(&error) && is_accepted => break,
            Err(Error::Service(error)) if is_place_gone(&error) && sends == Sends::Again => {
                return gone(session, attempt, sealed, error).await;
            }
            Err(Error::Service(error)) if may_have_arrived(&error) => break,
            Err(Error::Service(ClientError::NotFound { .. })) => {
                // The place has expired: the bytes are gone with it and have to be sent again.
                attempt.step(|job| set_step(job, UploadStep::Start)).await?;
                return Err(Unfinished::Gone);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let found = look_for(session, attempt, &sealed.name).await?;
    found.ok_or(Unfinished::NotConfirmed)
}

/// What a service answers about a place that is no more.
pub(super) fn is_place_gone(error: &ClientError) -> bool {
    matches!(
        error,
        ClientError::NotFound { .. } | ClientError::Conflict | ClientError::Invalid { .. }
    )
}

/// The place is no more, and an earlier attempt may have made its bytes permanent: a list that lags is given time
/// before the bytes are sent again.
pub(super) async fn gone(
    session: &Session,
    attempt: &Attempt,
    sealed: &mut Sealed,
    error: ClientError,
) -> Result<DataToken, Unfinished> {
    let found = look_for(session, attempt, &sealed.name).await?;
    let found = found.ok_or(Unfinished::NotConfirmed);
    match missed(attempt, sealed, found).await {
        Err(Unfinished::Gone) if !matches!(error, ClientError::NotFound { .. }) => {
            Err(error.into())
        }
        outcome => outcome,
    }
}

/// Counts the attempts that found nothing under the sealed name; after a few the bytes are sent again.
pub(super) async fn missed(
    attempt: &Attempt,
    sealed: &mut Sealed,
    found: Result<DataToken, Unfinished>,
) -> Result<DataToken, Unfinished> {
    if !matches!(found, Err(Unfinished::NotConfirmed)) {
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
        return Err(Unfinished::Gone);
    }
    found
}

/// Has the command written down that makes the bytes permanent: it is waited for before it is sent again.
pub(super) fn note_naming(
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

/// The token behind a bare answer. It may be the token, or the id of the command that makes it: the list tells, under
/// the sealed name.
pub(super) async fn bare(
    session: &Session,
    attempt: &Attempt,
    sealed: &Sealed,
    command: &CommandId,
) -> Result<DataToken, Unfinished> {
    if let Ok(Some(token)) = find_by_name(session, &sealed.name).await {
        return Ok(token);
    }
    let command_id = command.clone();
    match session.call(&CommandStatus { command_id }).await {
        Ok(CommandState::Running | CommandState::Accepted | CommandState::Failed { .. }) => {
            approved(session, attempt, command, None).await?;
        }
        Ok(CommandState::Succeeded | CommandState::Unknown | CommandState::Other { .. })
        | Err(_) => {}
    }
    let found = look_for(session, attempt, &sealed.name).await?;
    found.ok_or(Unfinished::NotConfirmed)
}

/// Looks for a file in the list a few times. That it cannot be looked for does not mean that it is not there.
pub(super) async fn look_for(
    session: &Session,
    attempt: &Attempt,
    sealed_name: &str,
) -> Result<Option<DataToken>, Unfinished> {
    for look in 0..LOOKS {
        match find_by_name(session, sealed_name).await {
            Ok(Some(token)) => return Ok(Some(token)),
            Ok(None) => {}
            Err(_) => break,
        }
        let waiting = tokio::time::sleep(NEXT_LOOK.jittered_wait(look));
        let waited = attempt.cancel.run_until_cancelled(waiting).await;
        waited.ok_or(WorkError::Canceled)?;
    }
    Ok(None)
}

/// Waits until the command that makes the bytes permanent is settled: a vote may hold it, for as long as it takes. It
/// is being written down as `noted`. One of which nothing was heard may be carried out yet: that is not confirmed.
pub(super) async fn approved(
    session: &Session,
    attempt: &Attempt,
    command: &CommandId,
    noted: Option<Posted>,
) -> Result<(), Unfinished> {
    let confirming = await_command(session, attempt, command, noted);
    let confirmed = attempt.cancel.run_until_cancelled(confirming).await;
    match confirmed.ok_or(WorkError::Canceled)? {
        Err(Error::Service(error)) if error.is_forgotten() => Ok(()),
        Err(Error::Service(ClientError::NotConfirmed { .. })) => Err(Unfinished::NotConfirmed),
        outcome => outcome.map_err(|error| start_over(attempt, error.into())),
    }
}

/// The permanent token must be new: one that stands for another file already would have its receipt replaced. Then the
/// list tells the right one: the only entry under the sealed name, which no other file has.
pub(super) async fn new_token(
    session: &Session,
    attempt: &Attempt,
    sealed: &Sealed,
    token: DataToken,
    is_known: &IsKnown<'_>,
) -> Result<DataToken, Unfinished> {
    if is_new(session, sealed, &token, is_known).await? {
        return Ok(token);
    }
    let listed = listed_token(session, sealed, is_known).await?;
    listed.ok_or_else(|| refuse_token(attempt).into())
}

/// Whether a token stands for nothing yet: neither in memory nor on the disk, where all of it is while the app is
/// locked.
pub(super) async fn is_new(
    session: &Session,
    sealed: &Sealed,
    token: &DataToken,
    is_known: &IsKnown<'_>,
) -> Result<bool, Error> {
    let id = FileId::derive(token);
    let sealed_name = digest_of_name(&sealed.name);
    if is_known(id, &sealed_name) {
        return Ok(false);
    }
    let check = on_disk::require_new(id, &sealed_name);
    match session.profile.rows.write(vec![check]).await {
        Ok(()) => Ok(true),
        Err(Error::Record(RecordError::Known)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The only new token that is listed under the sealed name. A list that cannot be read tells none.
pub(super) async fn listed_token(
    session: &Session,
    sealed: &Sealed,
    is_known: &IsKnown<'_>,
) -> Result<Option<DataToken>, Error> {
    let everything = TokenFilter::default();
    let entries = all_entries(session, &everything).boxed().await;
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
pub(super) fn only(tokens: impl Iterator<Item = DataToken>) -> Option<DataToken> {
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
pub(super) fn refuse_token(attempt: &Attempt) -> Error {
    // If it cannot be noted, the next attempt learns the same.
    let _ = attempt.note(|job| set_step(job, UploadStep::Start));
    Error::Transfer(TransferError::TokenKnown)
}

/// The file of this sealed name.
pub(super) async fn find_by_name(
    session: &Session,
    sealed_name: &str,
) -> Result<Option<DataToken>, Error> {
    let filter = TokenFilter {
        file_name: Some(sealed_name.to_owned()),
        ..TokenFilter::default()
    };
    let is_it = |entry: &TokenEntry| {
        entry.file_name.as_deref() == Some(sealed_name) && is_identifier(entry.token.reveal())
    };
    let found = find_one(session, filter, is_it).boxed().await?;
    Ok(found.map(|entry| entry.token))
}

/// What the service and other programs see as the kind of the file.
pub(super) fn extension_of(sealed: &Sealed) -> &'static str {
    match &sealed.with {
        Some(with) if with.shared_key.is_some() => "bin",
        _ => "age",
    }
}
