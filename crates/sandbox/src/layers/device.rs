//! A storage device: a folder of copies, each sealed again under the device's own key.
//!
//! A copy is `magic | salt | chunks`; the key of a copy comes from the device's key, the salt and the blob's id, so
//! that one copy cannot stand in for another.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::Blob;
use super::chunks::{CHUNK_BYTES, ChunkCipher, Damaged, Place, TAG_BYTES, derive_key};
use crate::server::private;
use crate::wire::tokens::generate_bytes;

const MAGIC: [u8; 8] = *b"PVCOPY1\n";
const SALT_BYTES: usize = 32;
const HEADER_BYTES: u64 = 8 + 32;
const FRAME_BYTES: u64 = (CHUNK_BYTES + 2 * TAG_BYTES) as u64;
/// How the name of an unfinished copy ends.
pub(crate) const UNFINISHED: &str = "part";

/// One storage device. `Debug` prints nothing of its key.
#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) id: String,
    folder: PathBuf,
    key: Zeroizing<[u8; 32]>,
}

impl Device {
    /// The device that keeps its copies in a folder of its own under `devices`.
    pub(crate) fn new(devices: &Path, id: String, key: [u8; 32]) -> Self {
        Self {
            folder: devices.join(&id),
            id,
            key: Zeroizing::new(key),
        }
    }

    /// Begins a copy; it counts only once finished.
    pub(crate) fn create(&self, blob: &str) -> io::Result<CopyWriter> {
        private::create_folder(&self.folder)?;
        let part = self.path(blob).with_extension(UNFINISHED);
        let salt = generate_bytes();
        let mut file = private::open_file(&part)?;
        file.set_len(0)?;
        file.write_all(&MAGIC)?;
        file.write_all(&salt)?;
        Ok(CopyWriter {
            file,
            cipher: self.cipher(&salt, blob),
            buffer: Vec::with_capacity(CHUNK_BYTES + 2 * TAG_BYTES),
            part,
            whole: self.path(blob),
            finished: false,
        })
    }

    /// Opens a copy for reading, from any chunk on.
    pub(crate) fn open(&self, blob: &str) -> io::Result<CopyReader> {
        let mut file = File::open(self.path(blob))?;
        let mut header = [0; 8 + SALT_BYTES];
        file.read_exact(&mut header)?;
        if header[..8] != MAGIC {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(CopyReader {
            file,
            cipher: self.cipher(&header[8..], blob),
            at: 0,
        })
    }

    /// Removes a copy; one that is not there is as good as removed.
    pub(crate) fn remove(&self, blob: &str) -> io::Result<()> {
        match fs::remove_file(self.path(blob)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The names of all files in the device's folder.
    pub(crate) fn files(&self) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect()
    }

    /// Damages a copy on purpose: what tests and the simulated devices ask for.
    pub(crate) fn damage(&self, blob: &str, damage: Damage) -> io::Result<()> {
        let path = self.path(blob);
        let mut file = File::options().read(true).write(true).open(&path)?;
        match damage {
            Damage::LoseCopy => fs::remove_file(&path),
            Damage::LoseChunk { chunk } => file.set_len(HEADER_BYTES + chunk * FRAME_BYTES),
            Damage::FlipBit { chunk } => {
                let at = SeekFrom::Start(HEADER_BYTES + chunk * FRAME_BYTES);
                let mut byte = [0];
                file.seek(at)?;
                file.read_exact(&mut byte)?;
                file.seek(at)?;
                file.write_all(&[byte[0] ^ 1])
            }
        }
    }

    fn path(&self, blob: &str) -> PathBuf {
        self.folder.join(blob)
    }

    fn cipher(&self, salt: &[u8], blob: &str) -> ChunkCipher {
        let info: [&[u8]; 2] = [b"privicore sandbox device layer", blob.as_bytes()];
        ChunkCipher::new(&derive_key(&*self.key, salt, &info))
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Device({})", self.id)
    }
}

/// How a copy on a device is damaged on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Damage {
    /// The whole copy is gone.
    LoseCopy,
    /// The copy ends before this chunk (of 256 KiB, counted from 0).
    LoseChunk {
        /// The first chunk that is lost.
        chunk: u64,
    },
    /// One bit of this chunk is the other way round.
    FlipBit { chunk: u64 },
}

/// A copy being written. Dropped unfinished, it leaves nothing behind.
pub(crate) struct CopyWriter {
    file: File,
    cipher: ChunkCipher,
    buffer: Vec<u8>,
    part: PathBuf,
    whole: PathBuf,
    finished: bool,
}

impl CopyWriter {
    /// Seals one chunk of the engine's layer and writes it.
    pub(crate) fn write(&mut self, place: Place, chunk: &[u8]) -> io::Result<()> {
        self.buffer.clear();
        self.buffer.extend_from_slice(chunk);
        self.cipher.seal(place, &mut self.buffer);
        self.file.write_all(&self.buffer)
    }

    /// A second handle, to have written bytes brought to the disk meanwhile.
    pub(crate) fn file(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Makes the copy count; when `durable`, after it has reached the disk.
    pub(crate) fn finish(mut self, durable: bool) -> io::Result<()> {
        if durable {
            self.file.sync_all()?;
        }
        fs::rename(&self.part, &self.whole)?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for CopyWriter {
    fn drop(&mut self) {
        if !self.finished {
            // The next start removes what cannot be removed now.
            let _ = fs::remove_file(&self.part);
        }
    }
}

pub(crate) struct CopyReader {
    file: File,
    cipher: ChunkCipher,
    at: u64,
}

impl CopyReader {
    /// Reads the chunk at `place` into `buffer`, verified: afterwards it begins with that chunk of the engine's layer,
    /// whose length is answered.
    pub(crate) fn read(
        &mut self,
        blob: &Blob,
        place: Place,
        buffer: &mut Vec<u8>,
    ) -> io::Result<usize> {
        if self.at != place.index || place.index == 0 {
            let start = HEADER_BYTES + place.index * FRAME_BYTES;
            self.file.seek(SeekFrom::Start(start))?;
        }
        buffer.resize(blob.bytes_at(place) + 2 * TAG_BYTES, 0);
        self.file.read_exact(buffer)?;
        self.at = place.index + 1;
        self.cipher
            .open(place, buffer)
            .map_err(|Damaged| io::ErrorKind::InvalidData.into())
    }
}
