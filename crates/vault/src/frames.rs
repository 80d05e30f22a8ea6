//! The seam between threads that read, seal and write, and tasks that send: frames over a bounded channel.

use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use bytes::{Buf, Bytes};
use privicore_client::Error as ClientError;
use privicore_envelope::PIECE_BYTES;
use tokio::sync::mpsc;

/// What one frame holds at most.
const FRAME_BYTES: usize = PIECE_BYTES;
/// Frames that may be on their way between the two sides.
pub(crate) const FRAMES: usize = 4;

/// Buffers that are kept to be used again: those on their way, the one being sent and the one being filled.
const SPARE: usize = FRAMES + 2;

/// A buffer to move so many bytes with, if that is known: small files are many, and need no large one.
pub(crate) fn buffer_for(bytes: Option<u64>) -> Vec<u8> {
    let enough = bytes.and_then(|bytes| usize::try_from(bytes).ok());
    vec![0; enough.unwrap_or(FRAME_BYTES).clamp(1, FRAME_BYTES)]
}

/// Collects what is written into frames and passes them on; blocks while the channel is full.
pub(crate) struct FrameWriter {
    frame: Vec<u8>,
    frames: mpsc::Sender<io::Result<Bytes>>,
    spare: Receiver<Vec<u8>>,
    give_back: SyncSender<Vec<u8>>,
}

/// A frame on its way. Its memory goes back to the writer: mapping and clearing it anew would cost a quarter of the time.
struct Frame {
    bytes: Vec<u8>,
    give_back: SyncSender<Vec<u8>>,
}

impl FrameWriter {
    pub(crate) fn new(frames: mpsc::Sender<io::Result<Bytes>>) -> Self {
        let (give_back, spare) = sync_channel(SPARE);
        Self {
            frame: Vec::with_capacity(FRAME_BYTES),
            frames,
            spare,
            give_back,
        }
    }

    fn pass_on(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let next = self.spare.try_recv();
        let next = next.unwrap_or_else(|_| Vec::with_capacity(FRAME_BYTES));
        let frame = Frame {
            bytes: std::mem::replace(&mut self.frame, next),
            give_back: self.give_back.clone(),
        };
        self.frames
            .blocking_send(Ok(Bytes::from_owner(frame)))
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl AsRef<[u8]> for Frame {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        // A writer that has finished, or has enough of them, needs it no more.
        let _ = self.give_back.try_send(bytes);
    }
}

impl Write for FrameWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(FRAME_BYTES - self.frame.len());
        self.frame.extend_from_slice(&bytes[..taken]);
        if self.frame.len() == FRAME_BYTES {
            self.pass_on()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass_on()
    }
}

/// Reads frames as they arrive; blocks while there are none.
///
/// An error of the sending side comes out as an [`io::Error`] that holds it; [`network_error`] gets it back.
pub(crate) struct FrameReader {
    frame: Bytes,
    frames: mpsc::Receiver<Result<Bytes, ClientError>>,
}

impl FrameReader {
    pub(crate) fn new(frames: mpsc::Receiver<Result<Bytes, ClientError>>) -> Self {
        Self {
            frame: Bytes::new(),
            frames,
        }
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
    fn frames_are_full_but_for_the_last() {
        let (sender, mut receiver) = mpsc::channel(FRAMES);
        let mut writer = FrameWriter::new(sender);
        writer.write_all(&vec![7; FRAME_BYTES + 1]).unwrap();
        writer.flush().unwrap();
        let mut next = || receiver.try_recv().unwrap().unwrap().len();
        assert_eq!((next(), next()), (FRAME_BYTES, 1));
    }

    #[test]
    fn a_frame_that_was_sent_is_used_again() {
        let (sender, mut receiver) = mpsc::channel(FRAMES);
        let mut writer = FrameWriter::new(sender);
        let mut places = std::collections::BTreeSet::new();
        for _ in 0..100 {
            writer.write_all(&vec![7; FRAME_BYTES]).unwrap();
            let frame = receiver.try_recv().unwrap().unwrap();
            places.insert(frame.as_ptr());
        }
        assert!(places.len() <= SPARE, "{} buffers", places.len());
    }

    #[test]
    fn a_receiver_that_has_gone_stops_the_writer() {
        let (sender, receiver) = mpsc::channel(FRAMES);
        drop(receiver);
        let error = FrameWriter::new(sender)
            .write_all(&vec![7; FRAME_BYTES])
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
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
