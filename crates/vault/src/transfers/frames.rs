//! The seam between threads that read, seal and write, and tasks that send: frames over a bounded channel.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use bytes::{Buf, Bytes};
use privicore_client::Error as ClientError;
use privicore_envelope::PIECE_BYTES;
use tokio::sync::mpsc;

/// Frames that may be on their way between the two sides.
pub(crate) const FRAMES: usize = 4;

/// Buffers that are kept to be used again: those on their way, the one being sent and the one being filled.
const SPARE: usize = FRAMES + 2;

/// A buffer to move so many bytes with, if that is known: small files are many, and need no large one.
pub(crate) fn buffer_for(bytes: Option<u64>) -> Vec<u8> {
    let enough = bytes.and_then(|bytes| usize::try_from(bytes).ok());
    vec![0; enough.unwrap_or(PIECE_BYTES).clamp(1, PIECE_BYTES)]
}

/// Passes frames on; blocks while the channel is full.
pub(crate) struct FrameSender {
    frames: mpsc::Sender<io::Result<Bytes>>,
    spare: Receiver<Vec<u8>>,
    give_back: SyncSender<Vec<u8>>,
}

/// A frame on its way. Its memory goes back to the sender: mapping and clearing it anew would cost a quarter of the
/// time.
struct Frame {
    bytes: Vec<u8>,
    give_back: SyncSender<Vec<u8>>,
}

impl FrameSender {
    pub(crate) fn new(frames: mpsc::Sender<io::Result<Bytes>>) -> Self {
        let (give_back, spare) = sync_channel(SPARE);
        Self {
            frames,
            spare,
            give_back,
        }
    }

    /// A buffer for the next frame. It holds what was sent before, or nothing.
    pub(crate) fn spare(&self) -> Vec<u8> {
        self.spare.try_recv().unwrap_or_default()
    }

    /// Passes a frame on.
    ///
    /// # Errors
    /// When nobody takes it any more.
    pub(crate) fn pass_on(&self, bytes: Vec<u8>) -> io::Result<()> {
        let frame = Frame {
            bytes,
            give_back: self.give_back.clone(),
        };
        self.frames
            .blocking_send(Ok(Bytes::from_owner(frame)))
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    /// Makes sure that what was passed on does not look complete.
    pub(crate) fn break_off(&self) {
        // A receiver that has gone knows already.
        let _ = self
            .frames
            .blocking_send(Err(io::ErrorKind::InvalidData.into()));
    }
}

impl AsRef<[u8]> for Frame {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        // A sender that has finished, or has enough of them, needs it no more.
        let _ = self.give_back.try_send(std::mem::take(&mut self.bytes));
    }
}

/// Reads frames as they arrive; blocks while there are none.
///
/// An error of the sending side comes out as an [`io::Error`] that holds it; [`network_error`] gets it back.
pub(crate) struct FrameReader {
    frame: Bytes,
    frames: mpsc::Receiver<Result<Bytes, ClientError>>,
    position: u64,
}

impl FrameReader {
    pub(crate) fn new(frames: mpsc::Receiver<Result<Bytes, ClientError>>) -> Self {
        Self {
            frame: Bytes::new(),
            frames,
            position: 0,
        }
    }

    /// Whether what comes next begins like this. Nothing of it is taken.
    pub(crate) fn begins(
        &mut self,
        is_it: impl Fn(&[u8]) -> bool,
        length: usize,
    ) -> io::Result<bool> {
        while self.frame.len() < length {
            match self.frames.blocking_recv() {
                Some(Ok(more)) => self.frame = [&self.frame[..], &more].concat().into(),
                Some(Err(error)) => return Err(io::Error::other(error)),
                None => break,
            }
        }
        Ok(is_it(&self.frame))
    }

    /// How many bytes were read.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }
}

impl Read for FrameReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.frame.is_empty() {
            match self.frames.blocking_recv() {
                Some(Ok(frame)) => self.frame = frame,
                Some(Err(error)) => return Err(io::Error::other(error)),
                None => return Ok(0),
            }
        }
        let read = buffer.len().min(self.frame.len());
        self.frame.copy_to_slice(&mut buffer[..read]);
        self.position += read as u64;
        Ok(read)
    }
}

/// The network's error inside an [`io::Error`], if that is what it is.
pub(crate) fn network_error(error: io::Error) -> Result<ClientError, io::Error> {
    error.downcast::<ClientError>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_was_sent_is_used_again() {
        let (sender, mut receiver) = mpsc::channel(FRAMES);
        let sender = FrameSender::new(sender);
        let mut places = std::collections::BTreeSet::new();
        for _ in 0..100 {
            let mut frame = sender.spare();
            frame.resize(1000, 7);
            sender.pass_on(frame).unwrap();
            let frame = receiver.try_recv().unwrap().unwrap();
            places.insert(frame.as_ptr());
        }
        assert!(places.len() <= SPARE, "{} buffers", places.len());
    }

    #[test]
    fn a_receiver_that_has_gone_stops_the_sender() {
        let (sender, receiver) = mpsc::channel(FRAMES);
        drop(receiver);
        let error = FrameSender::new(sender).pass_on(vec![7]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn frames_that_are_broken_off_end_with_an_error() {
        let (sender, mut receiver) = mpsc::channel(FRAMES);
        let sender = FrameSender::new(sender);
        sender.pass_on(vec![7]).unwrap();
        sender.break_off();
        assert!(receiver.try_recv().unwrap().is_ok());
        assert!(receiver.try_recv().unwrap().is_err());
    }

    #[test]
    fn what_is_looked_at_is_still_to_be_read() {
        let (sender, receiver) = mpsc::channel(FRAMES);
        for frame in [&b"ab"[..], b"c", b"def"] {
            sender.try_send(Ok(Bytes::from_static(frame))).unwrap();
        }
        drop(sender);
        let mut reader = FrameReader::new(receiver);
        assert!(
            reader
                .begins(|bytes| bytes.starts_with(b"abcd"), 4)
                .unwrap()
        );
        assert!(!reader.begins(|bytes| bytes.len() > 100, 100).unwrap());
        let mut out = Vec::new();
        reader.read_to_end(&mut out).unwrap();
        assert_eq!((&out[..], reader.position()), (&b"abcdef"[..], 6));
    }

    #[test]
    fn an_error_of_the_network_is_not_an_end() {
        let (sender, receiver) = mpsc::channel(FRAMES);
        sender.try_send(Ok(Bytes::from_static(b"half"))).unwrap();
        sender.try_send(Err(ClientError::LinkSpent)).unwrap();
        let mut out = Vec::new();
        let error = FrameReader::new(receiver)
            .read_to_end(&mut out)
            .unwrap_err();
        assert_eq!(out, b"half");
        assert!(matches!(network_error(error), Ok(ClientError::LinkSpent)));
    }
}
