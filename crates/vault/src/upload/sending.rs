//! Sealed bytes on their way to the service: read and sealed on one thread, digested and sent on another.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use privicore_client::{Error as ClientError, ServerKind, UpstreamLink};
use privicore_envelope::{
    DigestWriter, NameRecord, ProfileKeys, Recipient, StoredDigest, seal_name,
};
use tokio::sync::{mpsc, oneshot};

use crate::error::{Error, SourceError, WorkError};
use crate::keys::sealing_policy::{EncryptedFor, Encryption};
use crate::session::Session;
use crate::system::blocking::blocking;
use crate::system::stack::wipe_stack;
use crate::transfers::frames::{FRAMES, FrameSender};
use crate::transfers::progress::Progress;
use crate::transfers::rate_limiter::RateLimiters;
use crate::upload::sealer::Sealer;
use crate::upload::source::{FileStamp, OpenSource, Source};

/// The longest sealed name the service takes, in bytes.
const LONGEST_SEALED_NAME: usize = 4096;

/// What has been sent.
pub(crate) struct Sent {
    pub digest: StoredDigest,
    pub stored_size: u64,
}

/// Looks at the file, makes ready to seal it, an age file to these recipients as well, and seals its name. A vote may hold what comes next for
/// days: the file is not kept open meanwhile.
pub(crate) async fn look_and_begin(
    source: Source,
    form: Encryption,
    keys: Arc<ProfileKeys>,
    extra: Vec<Recipient>,
) -> Result<(FileStamp, Sealer, EncryptedFor, String), Error> {
    blocking(move || {
        let seen = source.stamp()?;
        let (sealer, with) = Sealer::begin(&form, &keys, &extra)?;
        let name = seal_name(&keys.names, &name_record(&source, &seen));
        fits(&name, &source)?;
        Ok((seen, sealer, with, name))
    })
    .await
}

/// The service would refuse a longer name when it has all bytes.
fn fits(sealed_name: &str, source: &Source) -> Result<(), Error> {
    match sealed_name.len().saturating_sub(LONGEST_SEALED_NAME) {
        0 => Ok(()),
        // Four characters of a sealed name are three bytes of its record.
        more => Err(SourceError::PathTooLong {
            name: source.name.clone(),
            too_many: (more * 3).div_ceil(4),
        }
        .into()),
    }
}

fn name_record(source: &Source, seen: &FileStamp) -> NameRecord {
    let attributes = source.attributes(seen);
    NameRecord {
        name: source.name.clone(),
        path: source.folder.clone(),
        media_type: attributes.media_type(),
        modified: attributes.modified,
        is_executable: attributes.is_executable,
        size: seen.size(),
        is_escaped: source.is_escaped,
    }
}

/// Seals a small file in memory.
pub(crate) async fn seal_whole(open: OpenSource, sealer: Sealer) -> Result<(Bytes, Sent), Error> {
    blocking(move || {
        let mut digesting = DigestWriter::new(Vec::new());
        sealer.write(open, &mut digesting)?;
        let (digest, stored_size) = (digesting.digest(), digesting.bytes());
        let bytes = Bytes::from(digesting.into_inner());
        Ok((
            bytes,
            Sent {
                digest,
                stored_size,
            },
        ))
    })
    .await
}

/// Reads and seals on a thread of its own; digests and sends on this one.
pub(crate) async fn send_stream(
    session: &Session,
    link: &UpstreamLink,
    sealed_len: u64,
    open: OpenSource,
    sealer: Sealer,
    progress: &Arc<Progress>,
    rate_limiters: &Arc<RateLimiters>,
) -> Result<Sent, Error> {
    let (sender, frames) = mpsc::channel::<io::Result<Bytes>>(FRAMES);
    let sealing = tokio::task::spawn_blocking(move || {
        let sender = FrameSender::new(sender);
        let sealed = sealer.pass_on(open, &sender);
        if sealed.is_err() {
            sender.break_off();
        }
        wipe_stack();
        sealed
    });
    let (passed, digested) = oneshot::channel();
    let body = Passing {
        frames,
        digesting: DigestWriter::new(io::sink()),
        progress: Arc::clone(progress),
        rate_limiters: Arc::clone(rate_limiters),
        sealed_len,
        passed: Some(passed),
    };
    let sent = session
        .client
        .send_upstream(link, Some(sealed_len), body.into_stream())
        .await;
    let sealed = sealing.await.map_err(|_| WorkError::Broken)?;
    match (sent, sealed, digested.await) {
        (Ok(()), Ok(()), Ok(sent)) => Ok(sent),
        // The body broke off because sealing did: that is the reason to tell.
        (Err(ClientError::Body(_)), Err(error), _) => Err(error),
        (Err(error), _, _) => Err(error.into()),
        (Ok(()), Err(error), _) if !matches!(error, Error::Work(WorkError::Canceled)) => Err(error),
        // The service answered before it had everything.
        (Ok(()), _, _) => Err(ClientError::Interrupted {
            server: ServerKind::Upstream,
        }
        .into()),
    }
}

/// Sealed frames on their way to the socket: at the pace that is set, digested and counted as they are taken.
struct Passing {
    frames: mpsc::Receiver<io::Result<Bytes>>,
    digesting: DigestWriter<io::Sink>,
    progress: Arc<Progress>,
    rate_limiters: Arc<RateLimiters>,
    sealed_len: u64,
    /// Hears of the digest when all bytes have passed: who sends takes no look at what comes after the announced length.
    passed: Option<oneshot::Sender<Sent>>,
}

impl Passing {
    fn into_stream(self) -> impl stream::Stream<Item = io::Result<Bytes>> {
        stream::unfold(self, |mut passing| async move {
            let frame = match passing.frames.recv().await? {
                Ok(frame) => frame,
                Err(error) => return Some((Err(error), passing)),
            };
            passing.rate_limiters.upload.pass(frame.len()).await;
            passing.progress.add(frame.len() as u64);
            let digested = passing.digest(&frame);
            Some((digested.map(|()| frame), passing))
        })
    }

    fn digest(&mut self, frame: &[u8]) -> io::Result<()> {
        io::Write::write_all(&mut self.digesting, frame)?;
        if self.digesting.bytes() == self.sealed_len
            && let Some(passed) = self.passed.take()
        {
            // Whoever sends has given up if nobody listens.
            let _ = passed.send(Sent {
                digest: self.digesting.digest(),
                stored_size: self.sealed_len,
            });
        }
        Ok(())
    }
}
