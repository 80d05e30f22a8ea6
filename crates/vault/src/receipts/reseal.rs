//! Sealing a stored file again in its place (protocol row 32a): fetch, check, open, seal to the keys and recipients of
//! today, replace, read back, receipt.
//!
//! Only what is small enough to travel inside a command can be replaced. Before the new bytes are sent they are on the
//! transfer's ticket and their digest is in the receipt, so that whichever of the two the service has, after a crash or
//! a lost answer, it is known for what it is. The receipt is replaced when the new bytes were read back. The new bytes
//! hold the whole file and open with this profile's keys: as long as they are on the ticket the old ones need not be
//! kept beside them, and they stay there until the service hands them out, or has refused them.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;
use privicore_client::operations::data_token::{UpdateData, UpdateTokenMetadata};
use privicore_client::{CommandId, DataToken, Error as ClientError};
use serde_json::json;

use crate::error::{ContentError, Error, FileError, RecordError, ResealError, WorkError};
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::files::on_disk;
use crate::files::service_list::listing;
use crate::keys::recipients::is_outdated;
use crate::keys::sealing_policy::{SealingPolicy, recipients_for};
use crate::receipts::renewed::{digest_of, fetch, seal_again, what_is_said};
use crate::receipts::{Receipt, Replacement};
use crate::session::Session;
use crate::store::rows::{Change, Kind};
use crate::store::shared_text::SharedText;
use crate::system::blocking::blocking;
use crate::transfers::await_command::await_command;
use crate::transfers::outcome::Unfinished;
use crate::transfers::tickets::{Job, Renewed, Reseal, ResealStep, Said, Ticket};
use crate::transfers::{Attempt, TransferId};
use crate::upload::sending::INLINE_LIMIT_BYTES;
use crate::upload::step::may_have_arrived;
use crate::vault::{SignedIn, Vault};

/// What becomes of files without a receipt: nobody can tell whether the service still has the original bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreceipted {
    /// They stay as they are.
    Refuse,
    /// Whatever the service has is sealed again. Its receipt says so.
    Reseal,
}

impl Vault {
    /// Seals stored files again in their place: to the newest application key, and to the recipients of today. Each is
    /// a transfer; those that are too large fail, and stay as they are.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`]; [`ResealError::WithoutReceipt`] for a file that has
    /// no receipt, unless they are to be sealed again all the same. None is then queued.
    pub async fn reseal(
        &self,
        ids: &[FileId],
        unreceipted: Unreceipted,
    ) -> Result<Vec<TransferId>, Error> {
        let signed_in = self.signed_in()?;
        signed_in.take_in_others().await?;
        let busy = signed_in.transfers.being_resealed();
        let mut named = HashSet::new();
        let files = ids
            .iter()
            .filter(|id| !busy.contains(id) && named.insert(**id))
            .map(|id| {
                signed_in
                    .catalogue()
                    .get(*id)
                    .ok_or(Error::File(FileError::Unknown))
            });
        let ticket = |file: Arc<File>| {
            if file.receipt.is_none() && unreceipted == Unreceipted::Refuse {
                return Err(ResealError::WithoutReceipt {
                    name: file.name.clone(),
                }
                .into());
            }
            Ok(signed_in.reseal_ticket(&file))
        };
        let tickets: Result<Vec<Ticket>, Error> = files.map(|file| file.and_then(ticket)).collect();
        signed_in.transfers.add(tickets?).await
    }

    /// The files that would be sealed to others today than they are: those sealed to an older key, to somebody who was
    /// removed, or not to somebody who was added.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or the local records cannot be used.
    pub async fn outdated(&self) -> Result<Vec<FileId>, Error> {
        let signed_in = self.signed_in()?;
        signed_in.take_in_others().await?;
        let profile = &signed_in.session.profile;
        let choices = SealingPolicy::all(&profile.rows).await?;
        let keys = profile.keys()?;
        let files = signed_in.catalogue().all();
        let outdated = files
            .iter()
            .filter(|file| is_outdated(file, &keys, &choices));
        Ok(outdated.map(|file| file.id).collect())
    }
}

impl SignedIn {
    fn reseal_ticket(&self, file: &File) -> Ticket {
        let job = Job::Reseal(Reseal {
            file: file.id,
            without_receipt: file.receipt.is_none(),
            step: ResealStep::Start,
        });
        self.ticket_for(file, job)
    }
}

/// Seals a stored file again, or goes on with it. `show` is told of the receipt that the file has from then on.
///
/// # Errors
/// What happened, with the stored bytes as they were; or [`Unfinished::NotConfirmed`] when the new ones were sent and
/// it is not known which of them the service has.
pub(crate) async fn reseal(
    session: &Session,
    attempt: &Attempt,
    job: &Reseal,
    file: &File,
    current: impl Fn() -> Option<Arc<File>> + Sync,
    show: impl Fn(Receipt) + Sync,
) -> Result<Receipt, Unfinished> {
    let engine_key = session.check_pins().await?;
    let replacing = async {
        let renewed = match &job.step {
            ResealStep::Start if file.receipt.is_none() && !job.without_receipt => {
                return Err(ResealError::WithoutReceipt {
                    name: file.name.clone(),
                }
                .into());
            }
            ResealStep::Start => {
                renew(session, attempt, file, engine_key.clone(), &current, &show).await?
            }
            ResealStep::Sending(renewed) => {
                let rejected = await_earlier(session, attempt, renewed).await?;
                if holds(session, attempt, &file.token, renewed).await? {
                    return Ok(Renewed::clone(renewed));
                }
                // Who voted against it is not asked again by itself.
                settled(attempt, rejected)?;
                Renewed::clone(renewed)
            }
        };
        replace(session, attempt, &file.token, renewed).await
    };
    let replaced = attempt.cancel.run_until_cancelled(replacing).await;
    let renewed = replaced.ok_or(WorkError::Canceled)??;
    attempt.progress.finish();
    keep_name(session, &file.token, &renewed).await;
    record(attempt, &as_it_is(file, &current), renewed, engine_key).await
}

/// Fetches, checks and opens the stored bytes, seals them anew, and writes down what is about to be sent.
async fn renew(
    session: &Session,
    attempt: &Attempt,
    file: &File,
    engine_key: Option<String>,
    current: &(impl Fn() -> Option<Arc<File>> + Sync),
    show: &(impl Fn(Receipt) + Sync),
) -> Result<Renewed, Error> {
    let name = || file.name.clone();
    if file
        .receipt
        .as_ref()
        .is_some_and(|receipt| receipt.shared_key.is_some())
    {
        return Err(ResealError::StaysShared { name: name() }.into());
    }
    if file
        .stored_size_bytes
        .is_some_and(|size| size > INLINE_LIMIT_BYTES)
    {
        return Err(ResealError::TooLarge { name: name() }.into());
    }
    let stored = fetch(session, attempt, &file.token).await?;
    let longest = file.receipt.as_deref().map(Receipt::longest_bytes);
    let stored = stored.ok_or_else(|| match longest {
        // More came than was ever stored.
        Some(longest) if longest <= INLINE_LIMIT_BYTES => Error::Content(ContentError::Swapped),
        _ => Error::Reseal(ResealError::TooLarge { name: name() }),
    })?;
    let keys = session.profile.keys()?;
    let said = what_is_said(session, file, &keys).await?;
    let choices = SealingPolicy::all(&session.profile.rows).await?;
    let extra = recipients_for(&choices, &file.context);
    let judged = file.clone();
    let (bytes, with) = blocking(move || seal_again(&keys, &extra, &judged, &stored)).await?;
    if bytes.len() as u64 > INLINE_LIMIT_BYTES {
        return Err(ResealError::TooLarge { name: name() }.into());
    }
    attempt.progress.expect(bytes.len() as u64);
    let renewed = Renewed {
        digest: digest_of(&bytes).to_string(),
        bytes: hex::encode(&bytes),
        with,
        command: None,
        engine_key,
        said: Some(said),
    };
    expect_either(attempt, &as_it_is(file, current), &renewed, show).await?;
    Ok(renewed)
}

impl Said {
    /// As it is sent along with the bytes.
    fn meta(&self, stored_size: u64) -> serde_json::Value {
        json!({ "file": {
            "fileName": self.file_name,
            "extension": self.extension,
            "context": self.context,
            "size": stored_size,
            "path": "/",
        } })
    }
}

/// The name must be what it was: a service that replaced what it says of the file is told it once more.
async fn keep_name(session: &Session, token: &DataToken, renewed: &Renewed) {
    let Some(said) = &renewed.said else {
        return;
    };
    let entry = listing::find_entry(session, token).await;
    let is_kept = match &entry {
        Ok(Some(entry)) => entry.file_name.as_deref() == Some(said.file_name.as_str()),
        Ok(None) | Err(_) => true,
    };
    if is_kept {
        return;
    }
    let update = UpdateTokenMetadata {
        token: token.clone(),
        file_name: Some(said.file_name.clone()),
        extension: Some(said.extension.clone()),
        context: Some(said.context.clone()),
    };
    if let Err(error) = session.run_command(&update).await {
        // It is shown as renamed.
        tracing::warn!(%error, "the name of a file could not be restored");
    }
}

/// Writes down, durably and together, what is about to be sent and that either of two may come back from now on.
async fn expect_either(
    attempt: &Attempt,
    file: &File,
    renewed: &Renewed,
    show: &(impl Fn(Receipt) + Sync),
) -> Result<(), Error> {
    let (id, receipt) = (file.id, file.receipt.as_deref().cloned());
    let replacement = Replacement {
        digest: renewed.digest.clone(),
        stored_size: renewed.stored_size(),
    };
    let expected = receipt.clone().map(|mut receipt| {
        receipt.replacements.push(replacement.clone());
        receipt
    });
    let change = Change::decide(move |disk| {
        // What was fetched was judged by this receipt, not by one that another process has written since.
        on_disk::require_receipt(disk, id, receipt.as_ref())?;
        // Without a receipt anything that opens is accepted anyway.
        let Some(known) = &receipt else {
            return Ok(Vec::new());
        };
        let now = disk.row::<Receipt>(Kind::Receipt, id.0)?;
        let mut now = now.unwrap_or_else(|| known.clone());
        now.replacements.push(replacement.clone());
        Ok(vec![disk.sealed(Kind::Receipt, id.0, &now)?])
    });
    let step = ResealStep::Sending(Box::new(renewed.clone()));
    attempt
        .step_with(vec![change], |job| set_step(job, step))
        .await?;
    if let Some(receipt) = expected {
        show(receipt);
    }
    Ok(())
}

/// Waits for the command of an earlier attempt. What came of it is told by the bytes, so that a rejection is answered,
/// not failed with; that it is still open is an error.
async fn await_earlier(
    session: &Session,
    attempt: &Attempt,
    renewed: &Renewed,
) -> Result<Result<(), Error>, Error> {
    let Some(command) = &renewed.command else {
        return Ok(Ok(()));
    };
    let command = CommandId::from(command.as_str());
    match await_command(session, attempt, &command, None).await {
        Err(Error::Service(error @ ClientError::Rejected { .. })) => Ok(Err(error.into())),
        outcome => outcome.map(Ok),
    }
}

/// Sends the new bytes and makes sure that the service has them.
async fn replace(
    session: &Session,
    attempt: &Attempt,
    token: &DataToken,
    mut renewed: Renewed,
) -> Result<Renewed, Unfinished> {
    let data = hex::decode(&renewed.bytes).map_err(|_| RecordError::Damaged)?;
    attempt.progress.restart();
    attempt.progress.expect(data.len() as u64);
    attempt.rate_limiters().upload.pass(data.len()).await;
    let update = UpdateData {
        token: token.clone(),
        meta: renewed
            .said
            .as_ref()
            .map(|said| said.meta(data.len() as u64)),
        data: data.into(),
    };
    match session.submit(&update).await {
        Ok(command) => {
            renewed.command = Some(command.to_string());
            let step = ResealStep::Sending(Box::new(renewed.clone()));
            // If it cannot be noted, the next attempt asks for the bytes.
            let noted = attempt.post(|job| set_step(job, step)).ok();
            attempt.progress.add(renewed.stored_size());
            let confirmed = await_command(session, attempt, &command, noted).await;
            settled(attempt, confirmed)?;
        }
        // Whether it arrived is told by the bytes.
        Err(Error::Service(error)) if may_have_arrived(&error) => {}
        Err(error) => return Err(error.into()),
    }
    match holds(session, attempt, token, &renewed).await {
        Ok(true) => Ok(renewed),
        Ok(false) | Err(Error::Service(_)) => Err(Unfinished::NotConfirmed),
        Err(error) => Err(error.into()),
    }
}

/// What was rejected has left nothing: the next attempt begins anew. What the service has forgotten may have been
/// carried out: that is told by the bytes.
fn settled(attempt: &Attempt, outcome: Result<(), Error>) -> Result<(), Error> {
    match outcome {
        Err(Error::Service(error)) if error.is_forgotten() => Ok(()),
        Err(Error::Service(error @ ClientError::Rejected { .. })) => {
            // If it cannot be noted, the next attempt learns the same.
            let _ = attempt.note(|job| set_step(job, ResealStep::Start));
            Err(error.into())
        }
        outcome => outcome,
    }
}

/// Whether the service hands out the new bytes.
async fn holds(
    session: &Session,
    attempt: &Attempt,
    token: &DataToken,
    renewed: &Renewed,
) -> Result<bool, Error> {
    let stored = fetch(session, attempt, token).await?;
    Ok(stored.is_some_and(|stored| digest_of(&stored).to_string() == renewed.digest))
}

/// The file as it is by now: what else happened to it since the attempt began is kept. One that is not in memory is
/// taken as it was.
fn as_it_is(file: &File, current: &impl Fn() -> Option<Arc<File>>) -> File {
    let current = current().filter(|current| {
        // Without the receipt that the attempt began with it is about other bytes.
        let digest = |file: &File| file.receipt.as_ref().map(|receipt| receipt.digest.clone());
        digest(current) == digest(file)
    });
    current.map_or_else(|| file.clone(), |current| File::clone(&current))
}

/// The new receipt takes the place of the old one, and the ticket goes, together.
async fn record(
    attempt: &Attempt,
    file: &File,
    renewed: Renewed,
    checked: Option<String>,
) -> Result<Receipt, Unfinished> {
    let stored_size = renewed.stored_size();
    let known = file.receipt.as_deref().cloned();
    let receipt = Receipt {
        digest: renewed.digest,
        stored_size,
        engine_key: renewed.engine_key.or(checked).map(SharedText::from),
        commands: renewed.command.into_iter().collect(),
        stored_at: Timestamp::now(),
        named: Some(file.named()),
        from_unproven: file
            .receipt
            .as_ref()
            .is_none_or(|receipt| receipt.from_unproven),
        token: Some(file.token.reveal().into()),
        ..Receipt::of(renewed.with)
    };
    let file = File {
        stored_size_bytes: Some(stored_size),
        state: FileState::Stored,
        receipt: Some(Box::new(receipt.clone())),
        ..file.clone()
    };
    let changes = on_disk::resealed(&file, receipt.clone(), known);
    attempt.finish(changes).await.map_err(|error| {
        // The old receipt knows the new bytes; the ticket stays, and the next attempt finds them.
        tracing::warn!(%error, "a receipt could not be written");
        Unfinished::NotConfirmed
    })?;
    Ok(receipt)
}

impl Renewed {
    fn stored_size(&self) -> u64 {
        self.bytes.len() as u64 / 2
    }
}

fn set_step(job: &mut Job, step: ResealStep) {
    if let Job::Reseal(reseal) = job {
        reseal.step = step;
    }
}
