//! Sealed bytes on their way to the service: read and sealed on one thread, digested and sent on another.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use privicore_client::{Error as ClientError, UpstreamLink};
use privicore_envelope::{DigestWriter, StoredDigest};
use tokio::sync::{mpsc, oneshot};

use crate::error::{Error, WorkError};
use crate::session::Session;
use crate::system::blocking::blocking;
use crate::system::stack::wipe_stack;
use crate::transfers::frames::{FRAMES, FrameSender};
use crate::transfers::progress::Progress;
use crate::transfers::rate_limiter::RateLimiters;
use crate::upload::sealer::Sealer;
use crate::upload::source::OpenSource;

/// Sealed bytes up to this length travel inside the exchange command: its base64 stays below the 50 KB that are known
/// to work.
pub(crate) const INLINE_LIMIT_BYTES: u64 = 32 * 1024;

/// How sealed bytes reach the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Inline,
    Stream,
}

impl Route {
    pub(super) fn of(sealed_len: u64) -> Self {
        if sealed_len <= INLINE_LIMIT_BYTES {
            Self::Inline
        } else {
            Self::Stream
        }
    }
}

/// Seals a small file in memory.
pub(super) async fn seal_whole(
    open: OpenSource,
    sealer: Sealer,
) -> Result<(Bytes, StoredDigest), Error> {
    blocking(move || {
        let mut digesting = DigestWriter::new(Vec::new());
        sealer.write(open, &mut digesting)?;
        let digest = digesting.digest();
        Ok((Bytes::from(digesting.into_inner()), digest))
    })
    .await
}

/// Reads and seals on a thread of its own; digests and sends on this one. Answers with the digest of what was sent.
pub(super) async fn send_stream(
    session: &Session,
    link: &UpstreamLink,
    sealed_len: u64,
    open: OpenSource,
    sealer: Sealer,
    progress: &Arc<Progress>,
    rate_limiters: &Arc<RateLimiters>,
) -> Result<StoredDigest, Error> {
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
    match (sent, sealed) {
        // The body broke off because sealing did: that is the reason to tell.
        (Err(ClientError::Body(_)) | Ok(()), Err(error)) => Err(error),
        (Err(error), _) => Err(error.into()),
        (Ok(()), Ok(())) => digested.await.map_err(|_| WorkError::Broken.into()),
    }
}

/// Sealed frames on their way to the socket: at the pace that is set, digested and counted as they are taken.
struct Passing {
    frames: mpsc::Receiver<io::Result<Bytes>>,
    digesting: DigestWriter<io::Sink>,
    progress: Arc<Progress>,
    rate_limiters: Arc<RateLimiters>,
    sealed_len: u64,
    /// Hears of the digest when all bytes have passed: who sends takes no look at what comes after the announced
    /// length.
    passed: Option<oneshot::Sender<StoredDigest>>,
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
            let _ = passed.send(self.digesting.digest());
        }
        Ok(())
    }
}
