//! The seam between threads that read, seal and write, and tasks that send: frames over a bounded channel.

use std::io::{self, Read, Write};

use bytes::{Buf, Bytes, BytesMut};
use privicore_client::Error as ClientError;
use tokio::sync::mpsc;

/// What one frame holds at most.
pub(crate) const FRAME_BYTES: usize = 256 * 1024;
/// Frames that may be on their way between the two sides.
pub(crate) const FRAMES: usize = 4;

/// Collects what is written into frames and passes them on; blocks while the channel is full.
pub(crate) struct FrameWriter {
    frame: BytesMut,
    frames: mpsc::Sender<io::Result<Bytes>>,
}

impl FrameWriter {
    pub(crate) fn new(frames: mpsc::Sender<io::Result<Bytes>>) -> Self {
        Self {
            frame: BytesMut::with_capacity(FRAME_BYTES),
            frames,
        }
    }

    fn pass_on(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let frame = std::mem::replace(&mut self.frame, BytesMut::with_capacity(FRAME_BYTES));
        self.frames
            .blocking_send(Ok(frame.freeze()))
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
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
