//! Stored bytes on their way back: requested, received, opened chunk by chunk, and compared with the receipt.
//!
//! Where the opened bytes go is up to who receives them: into a file, or nowhere.

use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::{Stream, StreamExt as _, stream};
use privicore_client::{DataAnswer, DataRequest, Error as ClientError};
use privicore_envelope::{
    AGE_MARK_BYTES, DigestWriter, Identities, OpenError, SharedKey, StoredDigest, looks_like_age,
    open,
};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::download::bounds::{bounded, within_free_space};
use crate::download::shared::{open_with, try_each};
use crate::download::stored::{
    End, Failure, Received, ReceivedFile, Stored, are_the_stored, broken, skip, wait_for,
};
use crate::error::{ContentError, Error, WorkError};
use crate::files::file::File;
use crate::keys::shared_keys::shared_key_of;
use crate::receipts::verdict::{AsStored, Mismatch};
use crate::receipts::{Opened, Receipt};
use crate::session::Session;
use crate::store::profile::Profile;
use crate::store::rows::Kind;
use crate::system::blocking::blocking;
use crate::transfers::Attempt;
use crate::transfers::await_command::written;
use crate::transfers::frames::{FRAMES, FrameReader, buffer_for};
use crate::transfers::progress::Progress;
use crate::transfers::rate_limiter::RateLimiter;
use crate::transfers::tickets::{DownloadStep, Job};

/// A link that was used or has expired is asked for again this many times.
const SPENT_LINK_RETRIES: usize = 1;

/// What to download, and from which step on.
pub(crate) struct DownloadRequest<'a> {
    pub file: &'a File,
    pub step: &'a DownloadStep,
    /// Fingerprint of the shared key to open it with, if one was chosen.
    pub key: Option<&'a str>,
    /// What errors of writing are about.
    pub target: &'a Path,
    /// So much of the content is enough, if not all of it is wanted. What follows is then not compared with the
    /// receipt.
    pub head_bytes: Option<u64>,
}

/// What stored bytes pass on their way in: counters, what stops them, and the speed limit.
#[derive(Clone, Copy)]
pub(crate) struct Passage<'a> {
    pub progress: &'a Progress,
    pub cancel: &'a CancellationToken,
    pub rate_limiter: &'a RateLimiter,
}

/// Gets the stored bytes of a file back and opens them into what `make` makes.
///
/// # Errors
/// What happened on the way, or that there is no key; bytes that came and are not those that were stored are no error.
pub(crate) async fn receive<W: Write + Send + 'static>(
    session: &Session,
    attempt: &Attempt,
    wanted: &DownloadRequest<'_>,
    make: impl Fn() -> Result<W, Error> + Clone + Send + 'static,
) -> Result<ReceivedFile<W>, Error> {
    let mut retries = 0;
    loop {
        match fetch(session, attempt, wanted, make.clone()).await {
            Err(Error::Service(ClientError::LinkSpent)) if retries < SPENT_LINK_RETRIES => {
                retries += 1;
                attempt.progress.restart();
            }
            fetched => {
                let came = with_length_compared(wanted.file, fetched?);
                attempt
                    .progress
                    .compared(match (came.mismatch, &wanted.file.receipt) {
                        (Some(_), _) => AsStored::No,
                        (None, Some(_)) => AsStored::Yes,
                        (None, None) => AsStored::NotComparable,
                    });
                return Ok(came);
            }
        }
    }
}

/// The length that is sealed in a file's name is that of what opens, or the name is another file's.
pub(crate) fn with_length_compared<W>(file: &File, came: ReceivedFile<W>) -> ReceivedFile<W> {
    let is_another = file
        .size_bytes
        .is_some_and(|size| size != came.opened_bytes);
    let mismatch = came.mismatch.or(is_another.then_some(Mismatch::Swapped));
    ReceivedFile { mismatch, ..came }
}

/// Requests the stored bytes, receives and opens them. When it is canceled, the thread that opens has ended, and what
/// it made is gone, before this returns.
async fn fetch<W: Write + Send + 'static>(
    session: &Session,
    attempt: &Attempt,
    wanted: &DownloadRequest<'_>,
    make: impl Fn() -> Result<W, Error> + Send + 'static,
) -> Result<ReceivedFile<W>, Error> {
    let progress = &attempt.progress;
    let asking = request(session, attempt, wanted);
    let answer = attempt.cancel.run_until_cancelled(asking).await;
    progress.settled();
    let passage = Passage {
        progress,
        cancel: &attempt.cancel,
        rate_limiter: &attempt.rate_limiters().download,
    };
    open_answer(
        session,
        passage,
        wanted,
        make,
        answer.ok_or(WorkError::Canceled)??,
    )
    .await
}

/// Receives what the service has answered with, and opens it.
///
/// # Errors
/// As [`receive`].
pub(crate) async fn open_answer<W: Write + Send + 'static>(
    session: &Session,
    passage: Passage<'_>,
    wanted: &DownloadRequest<'_>,
    make: impl Fn() -> Result<W, Error> + Send + 'static,
    answer: DataAnswer,
) -> Result<ReceivedFile<W>, Error> {
    match answer {
        DataAnswer::Inline(bytes) => {
            let length = bytes.len() as u64;
            let body = stream::iter([Ok(bytes)]);
            take_in(session, passage, wanted, make, Some(length), body).await
        }
        DataAnswer::Link(link) => {
            let asking = session.client.fetch_downstream(&link);
            let from = passage.cancel.run_until_cancelled(asking).await;
            let from = from.ok_or(WorkError::Canceled)??;
            take_in(session, passage, wanted, make, from.length, from.body).await
        }
    }
}

/// Asks for the stored bytes, or goes on with the request of an earlier attempt: a vote may hold it for longer than the
/// app runs.
async fn request(
    session: &Session,
    attempt: &Attempt,
    wanted: &DownloadRequest<'_>,
) -> Result<DataAnswer, Error> {
    let earlier = match wanted.step {
        DownloadStep::Requesting { request, command } => Some(DataRequest {
            request: request.as_str().into(),
            command: command.as_deref().map(Into::into),
        }),
        _ => None,
    };
    let mut noted = earlier.clone();
    let mut pending = attempt.progress.pending();
    let asked = session.retrieve(&wanted.file.token, earlier, |request| {
        pending(request.ids().next().unwrap_or_default());
        let is_new = noted.as_ref() != Some(request);
        let posted = is_new.then(|| {
            let step = DownloadStep::Requesting {
                request: request.request.to_string(),
                command: request.command.as_ref().map(ToString::to_string),
            };
            noted = Some(request.clone());
            attempt.post(|job| set_step(job, step)).ok()
        });
        written(posted.flatten())
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

pub(crate) fn set_step(job: &mut Job, step: DownloadStep) {
    match job {
        Job::Download(download) => download.step = step,
        Job::Verify(verify) => verify.step = step,
        Job::Upload(_) | Job::Reseal(_) => {}
    }
}

async fn take_in<W: Write + Send + 'static>(
    session: &Session,
    passage: Passage<'_>,
    wanted: &DownloadRequest<'_>,
    make: impl Fn() -> Result<W, Error> + Send + 'static,
    length: Option<u64>,
    body: impl Stream<Item = Received> + Send,
) -> Result<ReceivedFile<W>, Error> {
    let receipt = wanted.file.receipt.clone();
    let expected = receipt.as_ref().map(|receipt| receipt.stored_size);
    passage
        .progress
        .expect(length.or(expected).unwrap_or_default());
    let profile = Arc::clone(&session.profile);
    let known = known_key(session, wanted).await?;
    let target: PathBuf = wanted.target.to_owned();
    let most = within_free_space(wanted.file, &target).await?;
    let body = bounded(body, most);
    let (sender, frames) = mpsc::channel(FRAMES);
    let (passed, digested) = oneshot::channel();
    let head_bytes = wanted.head_bytes;
    let opening = blocking(move || {
        let reader = FrameReader::new(frames);
        let stored = Stored { reader, digested };
        let opening = Opening {
            receipt: receipt.as_deref(),
            target: &target,
            head_bytes,
            make,
        };
        opening
            .open_any(&profile, known, stored)
            .map_err(|failure| failure.explain(&target))
    });
    let passing = pass_on(body, sender, passed, passage.progress, passage.rate_limiter);
    let passing = passage.cancel.run_until_cancelled(passing);
    match tokio::join!(opening, passing) {
        (_, None) => Err(WorkError::Canceled.into()),
        (opened, Some(())) => opened,
    }
}

/// The shared key that was chosen, that the receipt names, or that opened the file before.
async fn known_key(
    session: &Session,
    wanted: &DownloadRequest<'_>,
) -> Result<Option<String>, Error> {
    if let Some(chosen) = wanted.key {
        return Ok(Some(chosen.to_owned()));
    }
    if let Some(receipt) = &wanted.file.receipt {
        return Ok(receipt.shared_key.as_deref().map(str::to_owned));
    }
    let remembered = session.profile.rows.readable(Kind::FileKey).await?;
    let of_file = remembered
        .into_iter()
        .find(|(id, _)| *id == wanted.file.id.0);
    Ok(of_file.map(|(_, fingerprint)| fingerprint))
}

/// What is known of stored bytes before they are opened, and where they go.
struct Opening<'a, M> {
    receipt: Option<&'a Receipt>,
    target: &'a Path,
    head_bytes: Option<u64>,
    make: M,
}

impl<W: Write, M: Fn() -> Result<W, Error>> Opening<'_, M> {
    /// Finds out the form, then opens. The keys are taken when the first bytes are there, and let go of as soon as the
    /// file's own key is known: who locks meanwhile has them gone. Blocks.
    fn open_any(
        &self,
        profile: &Profile,
        known: Option<String>,
        mut stored: Stored,
    ) -> Result<ReceivedFile<W>, Failure> {
        let looked = stored.reader.begins(looks_like_age, AGE_MARK_BYTES);
        let looks_like_age = looked.map_err(Failure::reading)?;
        let keys = profile.keys().map_err(Failure::Verdict)?;
        let is_age = if let Some(receipt) = self.receipt {
            receipt.shared_key.is_none()
        } else {
            looks_like_age || (known.is_none() && keys.shared_keys().is_empty())
        };
        let make = || (self.make)().map_err(Failure::Verdict);
        if is_age {
            let identities = keys.identities();
            drop(keys);
            return open_into(identities, self.receipt, self.head_bytes, stored, make()?);
        }
        if let Some(fingerprint) = known {
            let key = shared_key_of(&keys, &fingerprint).map_err(Failure::Verdict)?;
            drop(keys);
            let mut came = open_with(&key, self.receipt, stored, make()?)?;
            // What a receipt names need not be remembered once more.
            came.key = Some(fingerprint).filter(|_| self.receipt.is_none());
            return Ok(came);
        }
        let all: Vec<SharedKey> = keys
            .shared_keys()
            .iter()
            .map(|named| named.key.clone())
            .collect();
        drop(keys);
        try_each(&all, stored, self.target, make)
    }
}

/// Passes frames to the thread that opens them, as long as it takes them, and digests them meanwhile.
async fn pass_on(
    body: impl Stream<Item = Received>,
    sender: mpsc::Sender<Received>,
    passed: oneshot::Sender<StoredDigest>,
    progress: &Progress,
    rate_limiter: &RateLimiter,
) {
    let mut digesting = DigestWriter::new(io::sink());
    let mut body = std::pin::pin!(body);
    while let Some(frame) = body.next().await {
        let Ok(frame) = frame else {
            // Whoever has gone does not want to know.
            let _ = sender.send(frame).await;
            return;
        };
        rate_limiter.pass(frame.len()).await;
        progress.add(frame.len() as u64);
        let taken = sender.send(Ok(frame.clone())).await;
        if taken.is_err() || digesting.write_all(&frame).is_err() {
            return;
        }
    }
    let _ = passed.send(digesting.digest());
}

/// Opens what comes into where it goes, no further than there can be anything right, then lets the receipt judge.
/// Blocks.
fn open_into<W: Write>(
    identities: Identities,
    receipt: Option<&Receipt>,
    head_bytes: Option<u64>,
    stored: Stored,
    mut into: W,
) -> Result<ReceivedFile<W>, Failure> {
    let expected = receipt.map(Receipt::longest_bytes);
    let Stored {
        mut reader,
        digested,
    } = stored;
    let mut opened_bytes = 0;
    let end = copy_opened(
        identities,
        &mut reader,
        &mut into,
        Limits {
            longest: expected,
            head: head_bytes,
        },
        &mut opened_bytes,
    )?;
    let opened = match end {
        End::Enough => {
            return Ok(ReceivedFile {
                into,
                opened_bytes,
                key: None,
                mismatch: None,
            });
        }
        End::Whole => Opened::Whole(wait_for(digested)?),
        End::TooLong => Opened::TooLong,
        End::Broken(OpenError::CutShort) => Opened::CutShort,
        End::Broken(OpenError::Damaged) => {
            skip_to_expected_end(receipt, &mut reader)?;
            Opened::Damaged
        }
        End::Broken(error) => {
            // Without a receipt nobody knows better than that the key is missing.
            let are_stored = match receipt {
                Some(receipt) => are_the_stored(receipt, &mut reader, digested)?,
                None => true,
            };
            if are_stored {
                return Err(Failure::Verdict(match error {
                    OpenError::WrongKey => Error::Content(ContentError::WrongKey),
                    OpenError::NotSealed
                    | OpenError::Damaged
                    | OpenError::CutShort
                    | OpenError::Io(_) => Error::Content(ContentError::NotSealed),
                }));
            }
            Opened::Foreign
        }
    };
    let judged = Receipt::judge(receipt, reader.position(), opened);
    Ok(ReceivedFile {
        into,
        opened_bytes,
        key: None,
        mismatch: judged.err().as_ref().and_then(Error::mismatch),
    })
}

/// A file that was cut inside a chunk looks damaged; how long it really is tells the two apart.
fn skip_to_expected_end(
    receipt: Option<&Receipt>,
    stored: &mut FrameReader,
) -> Result<(), Failure> {
    let expected = receipt.map_or(0, |receipt| receipt.stored_size);
    let rest = expected.saturating_sub(stored.position());
    skip(stored, rest)
}

/// How much is opened at most.
#[derive(Clone, Copy)]
struct Limits {
    /// More than this was never stored.
    longest: Option<u64>,
    /// More than this is not wanted.
    head: Option<u64>,
}

/// The error is the network's or the disk's; what the bytes are is told by the end. Plaintext is never longer than what
/// it was sealed to, so that there is no reading on beyond that: whoever sends without an end fills no disk.
fn copy_opened(
    identities: Identities,
    stored: &mut FrameReader,
    into: &mut impl Write,
    limits: Limits,
    opened_bytes: &mut u64,
) -> Result<End, Failure> {
    let opened = open(&identities, stored);
    drop(identities);
    let mut opened = match opened {
        Ok(opened) => opened,
        Err(error) => return broken(error),
    };
    let mut buffer = buffer_for(limits.longest);
    loop {
        match opened.read(&mut buffer) {
            Ok(0) => return Ok(End::Whole),
            Ok(read) => {
                let is_over = |most| *opened_bytes + read as u64 > most;
                if limits.longest.is_some_and(is_over) {
                    return Ok(End::TooLong);
                }
                into.write_all(&buffer[..read]).map_err(Failure::Writing)?;
                *opened_bytes += read as u64;
                if limits.head.is_some_and(|head| *opened_bytes >= head) {
                    return Ok(End::Enough);
                }
            }
            Err(error) => return broken(OpenError::from_read(error)),
        }
    }
}

#[cfg(test)]
#[path = "receiving_tests.rs"]
mod tests;
