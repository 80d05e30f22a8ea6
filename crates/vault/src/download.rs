//! Getting one file back: request, fetch, check against the receipt, open, save.
//!
//! The target appears only after the last chunk was authenticated and the receipt agreed.

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use privicore_client::{DataAnswer, Error as ClientError, RequestId};
use privicore_envelope::{
    AGE_MARK_BYTES, DigestWriter, Identities, OpenError, SharedKey, StoredDigest, looks_like_age,
    open,
};
use tokio::sync::{mpsc, oneshot};

use crate::blocking::blocking;
use crate::catalogue::File;
use crate::destination::{Destination, looks_like};
use crate::error::Error;
use crate::frames::{FRAMES, FrameReader, buffer_for, network_error};
use crate::keys::shared_key_of;
use crate::pace::Pace;
use crate::profile::Profile;
use crate::progress::Progress;
use crate::receipts::{Opened, Receipt};
use crate::rows::{Change, Kind};
use crate::session::Session;
use crate::shared_download::{open_with, try_each};
use crate::tickets::{Download, DownloadStep, Job};
use crate::transfers::Attempt;

/// A link that was used or has expired is asked for again this many times.
const SPENT_LINK_RETRIES: usize = 1;

type Received = Result<Bytes, ClientError>;

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
    if let DownloadStep::Naming(look) = &download.step {
        let (target, look) = (download.target.clone(), look.clone());
        if blocking(move || Ok(looks_like(&target, &look))).await? {
            // The attempt before was cut off after it had given the file its name.
            return attempt.finish(Vec::new()).await;
        }
    }
    let mut retries = 0;
    let saved = loop {
        match fetch(session, attempt, download, file).await {
            Err(Error::Service(ClientError::LinkSpent)) if retries < SPENT_LINK_RETRIES => {
                retries += 1;
                attempt.progress.restart();
            }
            fetched => break fetched?,
        }
    };
    attempt.progress.finish();
    let mut changes = Vec::new();
    if let Some(key) = saved.key {
        changes.push(
            session
                .profile
                .rows
                .sealed(Kind::FileKey, file.id.0, &key)?,
        );
    }
    name(attempt, saved.destination, changes).await
}

/// A whole file under its temporary name.
struct Saved {
    destination: Destination,
    /// The fingerprint of the shared key that opened it, if that was not known before.
    key: Option<String>,
}

/// Gives the whole file its name. How it looks is written down before, so that it is known again after a crash.
async fn name(
    attempt: &Attempt,
    mut destination: Destination,
    changes: Vec<Change>,
) -> Result<(), Error> {
    let (destination, look) = blocking(move || {
        let look = destination.sync()?;
        Ok((destination, look))
    })
    .await?;
    attempt
        .step(|job| set_step(job, DownloadStep::Naming(look)))
        .await?;
    blocking(move || destination.commit()).await?;
    attempt.finish(changes).await
}

/// Requests the stored bytes, receives and opens them. When it is canceled, the thread that opens has ended, and its file is
/// gone, before this returns.
async fn fetch(
    session: &Session,
    attempt: &Attempt,
    download: &Download,
    file: &File,
) -> Result<Saved, Error> {
    let progress = &attempt.progress;
    let asking = request(session, attempt, download, file);
    let answer = attempt.cancel.run_until_cancelled(asking).await;
    progress.settled();
    match answer.ok_or(Error::Canceled)?? {
        DataAnswer::Inline(bytes) => {
            let length = bytes.len() as u64;
            let body = stream::iter([Ok(bytes)]);
            receive(session, attempt, download, file, Some(length), body).await
        }
        DataAnswer::Link(link) => {
            let asking = session.client.fetch_downstream(&link);
            let from = attempt.cancel.run_until_cancelled(asking).await;
            let from = from.ok_or(Error::Canceled)??;
            receive(session, attempt, download, file, from.length, from.body).await
        }
    }
}

/// Asks for the stored bytes, or goes on with the request of an earlier attempt: a vote may hold it for longer than the app runs.
async fn request(
    session: &Session,
    attempt: &Attempt,
    download: &Download,
    file: &File,
) -> Result<DataAnswer, Error> {
    let earlier = match &download.step {
        DownloadStep::Requesting { request } => Some(RequestId::from(request.as_str())),
        _ => None,
    };
    let mut noted = earlier.clone();
    let mut pending = attempt.progress.pending();
    let asked = session.retrieve(&file.token, earlier, |request| {
        pending();
        if noted.as_ref() != Some(request) {
            let step = DownloadStep::Requesting {
                request: request.to_string(),
            };
            // If it cannot be noted, the next run of the app asks anew.
            let _ = attempt.note(|job| set_step(job, step));
            noted = Some(request.clone());
        }
    });
    let answer = asked.await;
    let is_refused = matches!(
        answer,
        Err(Error::Service(ClientError::NotDelivered { .. }))
    );
    if is_refused && noted.is_some() {
        // It was decided: who tries again asks anew. If that cannot be noted, the next attempt learns the same.
        let _ = attempt.note(|job| set_step(job, DownloadStep::Start));
    }
    answer
}

fn set_step(job: &mut Job, step: DownloadStep) {
    if let Job::Download(download) = job {
        download.step = step;
    }
}

async fn receive(
    session: &Session,
    attempt: &Attempt,
    download: &Download,
    file: &File,
    length: Option<u64>,
    body: impl Stream<Item = Received> + Send,
) -> Result<Saved, Error> {
    let receipt = file.receipt.clone();
    let expected = receipt.as_ref().map(|receipt| receipt.stored_size);
    let progress = &attempt.progress;
    progress.expect(length.or(expected).unwrap_or_default());
    let profile = Arc::clone(&session.profile);
    let known = known_key(session, download, file).await?;
    let (target, existing) = (download.target.clone(), download.existing);
    let ticket_id = attempt.ticket_id;
    let (sender, frames) = mpsc::channel(FRAMES);
    let (passed, digested) = oneshot::channel();
    let opening = blocking(move || {
        let destination = || Destination::beside(&target, existing, &ticket_id);
        let reader = FrameReader::new(frames);
        let stored = Stored { reader, digested };
        let opened = open_any(&profile, known, receipt.as_ref(), stored, destination);
        opened.map_err(|failure| failure.explain(&target))
    });
    let passing = pass_on(body, sender, passed, progress, &attempt.paces().download);
    let passing = attempt.cancel.run_until_cancelled(passing);
    match tokio::join!(opening, passing) {
        (_, None) => Err(Error::Canceled),
        (opened, Some(())) => opened,
    }
}

/// The shared key that was chosen, that the receipt names, or that opened the file before.
async fn known_key(
    session: &Session,
    download: &Download,
    file: &File,
) -> Result<Option<String>, Error> {
    if download.key.is_some() {
        return Ok(download.key.clone());
    }
    if let Some(receipt) = &file.receipt {
        return Ok(receipt.shared_key.clone());
    }
    let remembered = session.profile.rows.all(Kind::FileKey).await?;
    let of_file = remembered.into_iter().find(|(id, _)| *id == file.id.0);
    Ok(of_file.map(|(_, fingerprint)| fingerprint))
}

/// Finds out the form, then opens. The keys are taken when the first bytes are there, and let go of as soon as the file's own key
/// is known: who locks meanwhile has them gone. Blocks.
fn open_any(
    profile: &Profile,
    known: Option<String>,
    receipt: Option<&Receipt>,
    mut stored: Stored,
    destination: impl Fn() -> Result<Destination, Error>,
) -> Result<Saved, Failure> {
    let looked = stored.reader.begins(looks_like_age, AGE_MARK_BYTES);
    let looks_like_age = looked.map_err(Failure::reading)?;
    let keys = profile.keys().map_err(Failure::Verdict)?;
    let is_age = if let Some(receipt) = receipt {
        receipt.shared_key.is_none()
    } else {
        looks_like_age || (known.is_none() && keys.shared_keys().is_empty())
    };
    let saved = |destination, key| Saved { destination, key };
    if is_age {
        let identities = keys.identities();
        drop(keys);
        let destination = destination().map_err(Failure::Verdict)?;
        let opened = open_into(identities, receipt, stored, destination);
        return opened.map(|destination| saved(destination, None));
    }
    if let Some(fingerprint) = known {
        let key = shared_key_of(&keys, &fingerprint).map_err(Failure::Verdict)?;
        drop(keys);
        let destination = destination().map_err(Failure::Verdict)?;
        let opened = open_with(&key, receipt, stored, destination)?;
        // What a receipt names need not be remembered once more.
        let learnt = Some(fingerprint).filter(|_| receipt.is_none());
        return Ok(saved(opened, learnt));
    }
    let all: Vec<SharedKey> = keys
        .shared_keys()
        .iter()
        .map(|named| named.key.clone())
        .collect();
    drop(keys);
    let (opened, key) = try_each(&all, stored, destination)?;
    Ok(saved(opened, Some(key.fingerprint())))
}

/// Passes frames to the thread that opens them, as long as it takes them, and digests them meanwhile.
async fn pass_on(
    body: impl Stream<Item = Received>,
    sender: mpsc::Sender<Received>,
    passed: oneshot::Sender<StoredDigest>,
    progress: &Progress,
    pace: &Pace,
) {
    let mut digesting = DigestWriter::new(io::sink());
    let mut body = std::pin::pin!(body);
    while let Some(frame) = body.next().await {
        let Ok(frame) = frame else {
            // Whoever has gone does not want to know.
            let _ = sender.send(frame).await;
            return;
        };
        pace.pass(frame.len()).await;
        progress.add(frame.len() as u64);
        let taken = sender.send(Ok(frame.clone())).await;
        if taken.is_err() || digesting.write_all(&frame).is_err() {
            return;
        }
    }
    let _ = passed.send(digesting.digest());
}

/// Stored bytes as they come in.
pub(crate) struct Stored {
    pub reader: FrameReader,
    /// The digest of all of them, once they have all passed.
    pub digested: oneshot::Receiver<StoredDigest>,
}

/// The digest of everything that came, for a reader at its end. Blocks for as long as the last frame takes.
pub(crate) fn wait_for(digested: oneshot::Receiver<StoredDigest>) -> Result<StoredDigest, Failure> {
    // Only a download that was canceled ends without it.
    let digest = digested.blocking_recv();
    digest.map_err(|_| Failure::Verdict(Error::Canceled))
}

/// Why opened bytes did not reach the destination.
pub(crate) enum Failure {
    Verdict(Error),
    Network(ClientError),
    Writing(io::Error),
}

impl Failure {
    /// An error that reading stored bytes gave.
    pub(crate) fn reading(error: io::Error) -> Self {
        match network_error(error) {
            Ok(error) => Self::Network(error),
            Err(error) => Self::Writing(error),
        }
    }

    fn explain(self, target: &Path) -> Error {
        match self {
            Self::Verdict(error) => error,
            Self::Network(error) => error.into(),
            Self::Writing(error) => Error::target(target, error),
        }
    }
}

/// Opens everything that comes into the destination, then lets the receipt judge. Blocks.
fn open_into(
    identities: Identities,
    receipt: Option<&Receipt>,
    stored: Stored,
    mut destination: Destination,
) -> Result<Destination, Failure> {
    let expected = receipt.map(|receipt| receipt.stored_size);
    let Stored {
        mut reader,
        digested,
    } = stored;
    let opened = match copy_opened(identities, &mut reader, &mut destination, expected)? {
        Ok(()) => Opened::Whole(wait_for(digested)?),
        Err(OpenError::CutShort) => Opened::CutShort,
        Err(OpenError::Damaged) => {
            read_to_expected_end(receipt, &mut reader)?;
            Opened::Damaged
        }
        Err(OpenError::WrongKey) => return Err(Failure::Verdict(Error::WrongKey)),
        Err(_) => return Err(Failure::Verdict(Error::NotSealed)),
    };
    let judged = match (receipt, opened) {
        (Some(receipt), opened) => receipt.check(reader.position(), opened),
        (None, Opened::Whole(_)) => Ok(()),
        (None, Opened::CutShort) => Err(Error::CutShort),
        (None, Opened::Damaged) => Err(Error::Damaged),
    };
    judged.map(|()| destination).map_err(Failure::Verdict)
}

/// A file that was cut inside a chunk looks damaged; how long it really is tells the two apart.
fn read_to_expected_end(
    receipt: Option<&Receipt>,
    stored: &mut FrameReader,
) -> Result<(), Failure> {
    let expected = receipt.map_or(0, |receipt| receipt.stored_size);
    let rest = expected.saturating_sub(stored.position());
    match io::copy(&mut stored.take(rest), &mut io::sink()) {
        Ok(_) => Ok(()),
        Err(error) => verdict(OpenError::from_read(error)).map(drop),
    }
}

/// The outer error is the network's or the disk's; the inner one is a verdict about the bytes.
fn copy_opened(
    identities: Identities,
    stored: &mut FrameReader,
    destination: &mut Destination,
    expected: Option<u64>,
) -> Result<Result<(), OpenError>, Failure> {
    let opened = open(&identities, stored);
    drop(identities);
    let mut opened = match opened {
        Ok(opened) => opened,
        Err(error) => return verdict(error).map(Err),
    };
    let mut buffer = buffer_for(expected);
    loop {
        match opened.read(&mut buffer) {
            Ok(0) => return Ok(Ok(())),
            Ok(read) => destination
                .write_all(&buffer[..read])
                .map_err(Failure::Writing)?,
            Err(error) => return verdict(OpenError::from_read(error)).map(Err),
        }
    }
}

fn verdict(error: OpenError) -> Result<OpenError, Failure> {
    match error {
        OpenError::Io(error) => Err(Failure::reading(error)),
        error => Ok(error),
    }
}

#[cfg(test)]
#[path = "download_tests.rs"]
mod tests;
