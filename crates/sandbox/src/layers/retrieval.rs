//! Downloads: bytes are read from the first healthy device, verified and decrypted chunk by chunk. If a copy is missing
//! or damaged, the next device continues at the same chunk.

use thiserror::Error;

use super::Blob;
use super::chunks::ChunkCipher;
use super::device::{CopyReader, Device};

/// No device has a healthy copy of the next chunk.
#[derive(Debug, Error)]
#[error("no storage device has a healthy copy")]
pub(crate) struct Unavailable;

/// Stored bytes being read.
pub(crate) struct Retrieval {
    blob: Blob,
    engine: ChunkCipher,
    copies: Copies,
    index: u64,
}

impl Retrieval {
    pub(crate) fn begin(blob: Blob, engine: ChunkCipher, devices: Vec<Device>) -> Self {
        Self {
            blob,
            engine,
            copies: Copies::new(devices),
            index: 0,
        }
    }

    /// Reads the next chunk into `buffer` and answers how many bytes at its beginning are content; `None` at the end.
    pub(crate) fn next(&mut self, buffer: &mut Vec<u8>) -> Result<Option<usize>, Unavailable> {
        if self.index == self.blob.chunks() {
            return Ok(None);
        }
        let place = self.blob.place(self.index);
        loop {
            let sealed = self.copies.read(&self.blob, self.index, buffer)?;
            if let Ok(len) = self.engine.open(place, &mut buffer[..sealed]) {
                self.index += 1;
                return Ok(Some(len));
            }
            self.copies.give_up();
        }
    }
}

/// The copies of a blob, the one being read first.
pub(crate) struct Copies {
    devices: std::vec::IntoIter<Device>,
    current: Option<(String, CopyReader)>,
}

impl Copies {
    pub(crate) fn new(devices: Vec<Device>) -> Self {
        Self {
            devices: devices.into_iter(),
            current: None,
        }
    }

    /// Reads one chunk of the engine's layer from the first device that has it whole.
    pub(crate) fn read(
        &mut self,
        blob: &Blob,
        index: u64,
        buffer: &mut Vec<u8>,
    ) -> Result<usize, Unavailable> {
        loop {
            if self.current.is_none() {
                let device = self.devices.next().ok_or(Unavailable)?;
                self.current = device.open(&blob.id).ok().map(|copy| (device.id, copy));
                continue;
            }
            if let Some((device, copy)) = &mut self.current {
                match copy.read(blob, blob.place(index), buffer) {
                    Ok(len) => return Ok(len),
                    Err(error) => {
                        tracing::warn!(%error, device, index, "copy is damaged, trying the next");
                    }
                }
            }
            self.give_up();
        }
    }

    /// Turns away from the current device for good.
    pub(crate) fn give_up(&mut self) {
        self.current = None;
    }
}
