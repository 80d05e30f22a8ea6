//! Uploads: bytes are cut into chunks, sealed by the engine, then sealed and written by every device in parallel.
//!
//! One copy (the first) is on the disk before the bytes are acknowledged; the others are written but reach it in the
//! system's own time. A copy lost to a power failure is found by its chunks and repaired from a healthy one.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, SyncSender};
use std::thread::{self, JoinHandle};

use super::chunks::{CHUNK_BYTES, ChunkCipher, Place, TAG_BYTES};
use super::device::{CopyWriter, Device};

/// How many chunks may wait for each device.
const WAITING: usize = 4;
/// How many chunks are written between two requests to bring them to the disk.
const CHUNKS_BETWEEN_SYNCS: u64 = 64;

/// Bytes being stored.
pub(crate) struct FanOut {
    engine: ChunkCipher,
    lanes: Vec<Lane>,
    /// The chunk being filled; never sealed as the last one before the end is known.
    open: Vec<u8>,
    index: u64,
    size: u64,
    spare: Vec<Arc<Vec<u8>>>,
}

impl FanOut {
    /// Begins a copy of `blob` on each of `devices`; a device that fails is left out.
    pub(crate) fn begin(
        engine: ChunkCipher,
        blob: &str,
        devices: &[Device],
        durable: bool,
    ) -> Self {
        let lanes = devices
            .iter()
            .enumerate()
            .filter_map(|(at, device)| Lane::begin(device, blob, durable && at == 0))
            .collect();
        Self {
            engine,
            lanes,
            open: Vec::with_capacity(CHUNK_BYTES + TAG_BYTES),
            index: 0,
            size: 0,
            spare: Vec::new(),
        }
    }

    /// Takes more of the bytes.
    pub(crate) fn write(&mut self, mut bytes: &[u8]) {
        self.size += bytes.len() as u64;
        while !bytes.is_empty() {
            if self.open.len() == CHUNK_BYTES {
                self.seal(false);
            }
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK_BYTES - self.open.len()));
            self.open.extend_from_slice(now);
            bytes = later;
        }
    }

    /// Seals the last chunk and waits for every device: the size, and the devices that keep a copy.
    pub(crate) fn finish(mut self) -> (u64, Vec<String>) {
        self.seal(true);
        let kept = self.lanes.into_iter().filter_map(Lane::finish).collect();
        (self.size, kept)
    }

    /// Gives all copies up and waits until nothing is left of them.
    pub(crate) fn abandon(self) {
        self.lanes.into_iter().for_each(Lane::abandon);
    }

    fn seal(&mut self, last: bool) {
        let place = Place {
            index: self.index,
            last,
        };
        self.engine.seal(place, &mut self.open);
        let next = self.take_spare();
        let chunk = Arc::new(std::mem::replace(&mut self.open, next));
        for lane in &mut self.lanes {
            lane.write(place, &chunk);
        }
        self.spare.push(chunk);
        self.index += 1;
    }

    /// A buffer whose chunk all devices have written, or a new one.
    fn take_spare(&mut self) -> Vec<u8> {
        let written = self
            .spare
            .iter()
            .position(|chunk| Arc::strong_count(chunk) == 1);
        written
            .map(|at| self.spare.swap_remove(at))
            .and_then(|chunk| Arc::try_unwrap(chunk).ok())
            .map_or_else(
                || Vec::with_capacity(CHUNK_BYTES + TAG_BYTES),
                |mut buffer| {
                    buffer.clear();
                    buffer
                },
            )
    }
}

/// One device's share of the work: done at once for a single chunk, on a thread of its own for more.
struct Lane {
    device: String,
    durable: bool,
    state: LaneState,
}

enum LaneState {
    Here(CopyWriter),
    Apart(
        SyncSender<(Place, Arc<Vec<u8>>)>,
        JoinHandle<io::Result<()>>,
    ),
    Failed,
}

impl Lane {
    fn begin(device: &Device, blob: &str, durable: bool) -> Option<Self> {
        let copy = device
            .create(blob)
            .inspect_err(|error| tracing::warn!(%error, device = device.id, "device takes no copy"))
            .ok()?;
        Some(Self {
            device: device.id.clone(),
            durable,
            state: LaneState::Here(copy),
        })
    }

    fn write(&mut self, place: Place, chunk: &Arc<Vec<u8>>) {
        let state = std::mem::replace(&mut self.state, LaneState::Failed);
        self.state = match state {
            LaneState::Here(copy) if !place.last => match self.apart(copy) {
                Ok(apart) => apart.hand(place, chunk),
                Err(_) => LaneState::Failed,
            },
            state => state.hand(place, chunk),
        };
    }

    fn apart(&self, copy: CopyWriter) -> io::Result<LaneState> {
        let (sender, chunks) = mpsc::sync_channel::<(Place, Arc<Vec<u8>>)>(WAITING);
        let durable = self.durable;
        let thread = thread::Builder::new()
            .name("sandbox-device".to_owned())
            .spawn(move || write_copy(copy, &chunks, durable))?;
        Ok(LaneState::Apart(sender, thread))
    }

    /// A copy that is dropped unfinished removes itself.
    fn abandon(self) {
        if let LaneState::Apart(sender, thread) = self.state {
            drop(sender);
            // A thread that broke has dropped its copy too.
            let _ = thread.join();
        }
    }

    /// The device's id if it now keeps a copy.
    fn finish(self) -> Option<String> {
        let done = match self.state {
            LaneState::Here(copy) => copy.finish(self.durable),
            LaneState::Apart(sender, thread) => {
                drop(sender);
                thread
                    .join()
                    .unwrap_or_else(|_| Err(io::Error::other("a device's thread broke")))
            }
            LaneState::Failed => return None,
        };
        done.inspect_err(|error| tracing::warn!(%error, device = self.device, "copy failed"))
            .ok()
            .map(|()| self.device)
    }
}

impl LaneState {
    fn hand(self, place: Place, chunk: &Arc<Vec<u8>>) -> Self {
        match self {
            Self::Here(mut copy) => match copy.write(place, chunk) {
                Ok(()) => Self::Here(copy),
                Err(_) => Self::Failed,
            },
            Self::Apart(sender, thread) => {
                // A thread that has ended says why when it is joined.
                let _ = sender.send((place, Arc::clone(chunk)));
                Self::Apart(sender, thread)
            }
            Self::Failed => Self::Failed,
        }
    }
}

/// Writes a copy as its chunks come. Without the last chunk it is given up: the upload was cut.
fn write_copy(
    mut copy: CopyWriter,
    chunks: &mpsc::Receiver<(Place, Arc<Vec<u8>>)>,
    durable: bool,
) -> io::Result<()> {
    let syncing = durable
        .then(|| copy.file())
        .transpose()?
        .map(Syncing::begin);
    let mut whole = false;
    while let Ok((place, chunk)) = chunks.recv() {
        copy.write(place, &chunk)?;
        whole = place.last;
        if let Some(syncing) = &syncing
            && place.index % CHUNKS_BETWEEN_SYNCS == CHUNKS_BETWEEN_SYNCS - 1
        {
            syncing.soon();
        }
    }
    drop(syncing);
    if !whole {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    copy.finish(durable)
}

/// Brings a file to the disk while it is still being written, so that little is left to wait for at the end.
struct Syncing(Option<SyncSender<()>>, Option<JoinHandle<()>>);

impl Syncing {
    fn begin(file: File) -> Self {
        let (sender, requests) = mpsc::sync_channel(1);
        let thread = thread::spawn(move || {
            while requests.recv().is_ok() {
                // Only a head start: the sync at the end is the one that counts.
                let _ = file.sync_data();
            }
        });
        Self(Some(sender), Some(thread))
    }

    fn soon(&self) {
        if let Some(sender) = &self.0 {
            let _ = sender.try_send(());
        }
    }
}

impl Drop for Syncing {
    fn drop(&mut self) {
        drop(self.0.take());
        if let Some(thread) = self.1.take() {
            let _ = thread.join();
        }
    }
}
