//! Watches the upload of a body: progress, which side the transfer waits on, and the error of a failed source.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use parking_lot::{Mutex, MutexGuard};
use tokio::time::{Instant, sleep_until};

/// Who has to act next, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WaitingOn {
    /// The server has to take more bytes.
    Server,
    /// The source has to produce more bytes. That may take as long as it likes.
    Source,
    /// All bytes are handed over; the server has to answer.
    Answer,
}

/// Seen from outside while the body is sent.
#[derive(Clone)]
pub(crate) struct Progress(Arc<Mutex<State>>);

struct State {
    waiting_on: WaitingOn,
    since: Instant,
    error: Option<io::Error>,
}

pub(crate) struct WatchedBody<S> {
    source: Pin<Box<S>>,
    left: Option<u64>,
    failed: bool,
    progress: Progress,
}

/// Wraps a source of bytes that must be exactly `length` bytes long, if that is known.
pub(crate) fn watch<S>(source: S, length: Option<u64>) -> (WatchedBody<S>, Progress) {
    let state = State {
        waiting_on: if length == Some(0) {
            WaitingOn::Answer
        } else {
            WaitingOn::Server
        },
        since: Instant::now(),
        error: None,
    };
    let progress = Progress(Arc::new(Mutex::new(state)));
    (
        WatchedBody {
            source: Box::pin(source),
            left: length,
            failed: false,
            progress: progress.clone(),
        },
        progress,
    )
}

impl Progress {
    /// Returns when the server has not moved for `idle`, or has not answered `answer` after the last byte.
    pub(crate) async fn stalled(&self, idle: Duration, answer: Duration) {
        loop {
            let (waiting_on, since) = {
                let state = self.lock();
                (state.waiting_on, state.since)
            };
            let limit = if waiting_on == WaitingOn::Answer {
                idle + answer
            } else {
                idle
            };
            let now = Instant::now();
            if waiting_on == WaitingOn::Source {
                sleep_until(now + limit).await;
            } else if now >= since + limit {
                return;
            } else {
                sleep_until(since + limit).await;
            }
        }
    }

    /// Whether the server was handed every byte.
    pub(crate) fn has_passed(&self) -> bool {
        self.lock().waiting_on == WaitingOn::Answer
    }

    /// What the source said, if it failed.
    pub(crate) fn take_error(&self) -> Option<io::Error> {
        self.lock().error.take()
    }

    fn wait_on(&self, waiting_on: WaitingOn) {
        let mut state = self.lock();
        state.waiting_on = waiting_on;
        state.since = Instant::now();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock()
    }
}

impl<S> WatchedBody<S> {
    /// Nothing comes after an error.
    fn fail(&mut self, error: io::Error) -> Poll<Option<io::Result<Bytes>>> {
        self.failed = true;
        let stand_in = io::Error::from(error.kind());
        self.progress.lock().error = Some(error);
        Poll::Ready(Some(Err(stand_in)))
    }

    fn count(&mut self, taken: usize) -> io::Result<()> {
        let Some(left) = self.left else { return Ok(()) };
        let taken = u64::try_from(taken).unwrap_or(u64::MAX);
        let rest = left.checked_sub(taken);
        self.left = Some(rest.unwrap_or_default());
        rest.map(|_| ())
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "longer than announced"))
    }
}

impl<S: Stream<Item = io::Result<Bytes>>> Stream for WatchedBody<S> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.failed {
            return Poll::Ready(None);
        }
        let next = self.source.as_mut().poll_next(context);
        self.progress.wait_on(match &next {
            Poll::Pending => WaitingOn::Source,
            Poll::Ready(Some(_)) => WaitingOn::Server,
            Poll::Ready(None) => WaitingOn::Answer,
        });
        match next {
            Poll::Ready(Some(Ok(bytes))) => match self.count(bytes.len()) {
                Ok(()) => {
                    // Who sends takes no look at what comes after the announced length.
                    if self.left == Some(0) {
                        self.progress.wait_on(WaitingOn::Answer);
                    }
                    Poll::Ready(Some(Ok(bytes)))
                }
                Err(error) => self.fail(error),
            },
            Poll::Ready(Some(Err(error))) => self.fail(error),
            Poll::Ready(None) if self.left.is_some_and(|left| left > 0) => self.fail(
                io::Error::new(io::ErrorKind::UnexpectedEof, "shorter than announced"),
            ),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, StreamExt, stream};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn pieces(texts: &[&'static str]) -> impl Stream<Item = io::Result<Bytes>> + use<> {
        stream::iter(
            texts
                .iter()
                .map(|text| Ok(Bytes::from_static(text.as_bytes())))
                .collect::<Vec<_>>(),
        )
    }

    #[tokio::test]
    async fn a_body_of_the_announced_length_passes() {
        let (body, progress) = watch(pieces(&["ab", "c"]), Some(3));
        let pieces: Vec<Bytes> = body.map(Result::unwrap).collect().await;
        assert_eq!(pieces.concat(), b"abc");
        assert!(progress.take_error().is_none());
    }

    #[tokio::test]
    async fn all_has_passed_with_the_last_byte_that_was_announced() {
        let (mut body, progress) = watch(pieces(&["ab", "c"]), Some(3));
        for passed in [false, true] {
            body.next().await.unwrap().unwrap();
            assert_eq!(progress.has_passed(), passed);
        }
        assert!(watch(pieces(&[]), Some(0)).1.has_passed());
    }

    #[tokio::test]
    async fn another_length_than_announced_is_an_error_of_the_source() {
        for (length, kind) in [
            (2, io::ErrorKind::InvalidData),
            (4, io::ErrorKind::UnexpectedEof),
        ] {
            let (body, progress) = watch(pieces(&["ab", "c"]), Some(length));
            assert!(body.collect::<Vec<_>>().await.iter().any(Result::is_err));
            assert_eq!(progress.take_error().unwrap().kind(), kind);
        }
    }

    #[tokio::test]
    async fn the_error_of_the_source_is_kept_whole() {
        let source = stream::iter([Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "original",
        ))]);
        let (mut body, progress) = watch(source, None);
        assert!(body.next().await.unwrap().is_err());
        assert_eq!(progress.take_error().unwrap().to_string(), "original");
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_takes_nothing_is_stalled_after_the_limit() {
        let (mut body, progress) = watch(pieces(&["a", "b"]), None);
        body.next().await.unwrap().unwrap();
        let began = Instant::now();
        progress.stalled(SECOND, SECOND).await;
        assert_eq!(began.elapsed(), SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_source_is_no_stall() {
        let (mut body, progress) = watch(stream::pending(), None);
        assert!(body.next().now_or_never().is_none());
        let waited = tokio::time::timeout(SECOND * 100, progress.stalled(SECOND, SECOND)).await;
        assert!(waited.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn after_the_last_byte_the_server_has_time_to_answer() {
        let (mut body, progress) = watch(pieces(&[]), None);
        assert!(body.next().await.is_none());
        let began = Instant::now();
        progress.stalled(SECOND, SECOND * 5).await;
        assert_eq!(began.elapsed(), SECOND * 6);
    }
}
