//! Getting one file back: request, fetch, check against the receipt, open, save.
//!
//! The target appears only after the last chunk was authenticated and the receipt agreed.

use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use privicore_client::{DataAnswer, Error as ClientError, RequestId};
use privicore_envelope::{DigestReader, Identities, OpenError, open};
use tokio::sync::mpsc;

use crate::blocking::blocking;
use crate::catalogue::File;
use crate::destination::{Destination, looks_like};
use crate::error::Error;
use crate::frames::{FRAMES, FrameReader, buffer_for, network_error};
use crate::pace::Pace;
use crate::progress::Progress;
use crate::receipts::{Opened, Receipt};
use crate::session::Session;
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
    let destination = loop {
        match fetch(session, attempt, download, file).await {
            Err(Error::Service(ClientError::LinkSpent)) if retries < SPENT_LINK_RETRIES => {
                retries += 1;
                attempt.progress.restart();
            }
            fetched => break fetched?,
        }
    };
    attempt.progress.finish();
    name(attempt, destination).await
}

/// Gives the whole file its name. How it looks is written down before, so that it is known again after a crash.
async fn name(attempt: &Attempt, mut destination: Destination) -> Result<(), Error> {
    let (destination, look) = blocking(move || {
        let look = destination.sync()?;
        Ok((destination, look))
    })
    .await?;
    attempt
        .step(|job| set_step(job, DownloadStep::Naming(look)))
        .await?;
    blocking(move || destination.commit()).await?;
    attempt.finish(Vec::new()).await
}

/// Requests the stored bytes, receives and opens them. When it is canceled, the thread that opens has ended, and its file is
/// gone, before this returns.
async fn fetch(
    session: &Session,
    attempt: &Attempt,
    download: &Download,
    file: &File,
) -> Result<Destination, Error> {
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
) -> Result<Destination, Error> {
    let receipt = file.receipt.clone();
    let expected = receipt.as_ref().map(|receipt| receipt.stored_size);
    let progress = &attempt.progress;
    progress.expect(length.or(expected).unwrap_or_default());
    let keys = Arc::clone(&session.profile.keys);
    let (target, existing) = (download.target.clone(), download.existing);
    let ticket_id = attempt.ticket_id;
    let (sender, frames) = mpsc::channel(FRAMES);
    let opening = blocking(move || {
        let destination = Destination::beside(&target, existing, &ticket_id)?;
        let reader = FrameReader::new(frames);
        open_into(&keys.identities(), receipt.as_ref(), reader, destination)
            .map_err(|failure| failure.explain(&target))
    });
    let passing = pass_on(body, sender, progress, &attempt.paces().download);
    let passing = attempt.cancel.run_until_cancelled(passing);
    match tokio::join!(opening, passing) {
        (_, None) => Err(Error::Canceled),
        (opened, Some(())) => opened,
    }
}

/// Passes frames to the thread that opens them, as long as it takes them.
async fn pass_on(
    body: impl Stream<Item = Received>,
    sender: mpsc::Sender<Received>,
    progress: &Progress,
    pace: &Pace,
) {
    let mut body = std::pin::pin!(body);
    while let Some(frame) = body.next().await {
        if let Ok(frame) = &frame {
            pace.pass(frame.len()).await;
            progress.add(frame.len() as u64);
        }
        let failed = frame.is_err();
        if sender.send(frame).await.is_err() || failed {
            return;
        }
    }
}

/// Why opened bytes did not reach the destination.
enum Failure {
    Verdict(Error),
    Network(ClientError),
    Writing(io::Error),
}

impl Failure {
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
    identities: &Identities,
    receipt: Option<&Receipt>,
    stored: impl Read,
    mut destination: Destination,
) -> Result<Destination, Failure> {
    let mut stored = DigestReader::new(stored);
    let expected = receipt.map(|receipt| receipt.stored_size);
    let opened = match copy_opened(identities, &mut stored, &mut destination, expected)? {
        Ok(()) => Opened::Whole,
        Err(OpenError::CutShort) => Opened::CutShort,
        Err(OpenError::Damaged) => {
            read_to_expected_end(receipt, &mut stored)?;
            Opened::Damaged
        }
        Err(OpenError::WrongKey) => return Err(Failure::Verdict(Error::WrongKey)),
        Err(_) => return Err(Failure::Verdict(Error::NotSealed)),
    };
    let (digest, stored_size) = stored.finish();
    let judged = match (receipt, opened) {
        (Some(receipt), opened) => receipt.check(&digest, stored_size, opened),
        (None, Opened::Whole) => Ok(()),
        (None, Opened::CutShort) => Err(Error::CutShort),
        (None, Opened::Damaged) => Err(Error::Damaged),
    };
    judged.map(|()| destination).map_err(Failure::Verdict)
}

/// A file that was cut inside a chunk looks damaged; how long it really is tells the two apart.
fn read_to_expected_end(
    receipt: Option<&Receipt>,
    stored: &mut DigestReader<impl Read>,
) -> Result<(), Failure> {
    let expected = receipt.map_or(0, |receipt| receipt.stored_size);
    let rest = expected.saturating_sub(DigestReader::bytes(stored));
    match io::copy(&mut stored.take(rest), &mut io::sink()) {
        Ok(_) => Ok(()),
        Err(error) => verdict(OpenError::from_read(error)).map(drop),
    }
}

/// The outer error is the network's or the disk's; the inner one is a verdict about the bytes.
fn copy_opened(
    identities: &Identities,
    stored: impl Read,
    destination: &mut Destination,
    expected: Option<u64>,
) -> Result<Result<(), OpenError>, Failure> {
    let mut opened = match open(identities, stored) {
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
        OpenError::Io(error) => match network_error(error) {
            Ok(error) => Err(Failure::Network(error)),
            Err(error) => Err(Failure::Writing(error)),
        },
        error => Ok(error),
    }
}
