//! The file: written once, read as often as needed.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::store::own_files::{make_own_folder, sync_folder_of};
use crate::store::process_lock::RunId;
use crate::store::rows::{RowId, Rows};

/// So much is in memory at a time, in the clear and sealed.
const PIECE_BYTES: usize = 1024 * 1024;

/// A sealed piece is longer than what is in it by no more than this.
const SEAL_BYTES: usize = 64;

/// What nothing but the last piece has in its head.
const LAST: u8 = 1;

/// A new spool that is being written. It is removed unless it is finished.
pub(crate) struct SpoolWriter {
    rows: Rows,
    id: RowId,
    path: PathBuf,
    out: io::BufWriter<File>,
    piece: Zeroizing<Vec<u8>>,
    pieces: u64,
    bytes: u64,
    is_finished: bool,
}

/// A spool that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spool {
    pub id: RowId,
    pub path: PathBuf,
    /// Length of what is in it.
    pub bytes: u64,
}

impl SpoolWriter {
    /// Begins a spool of this run of the app in a folder that is made if it is missing. Blocks.
    ///
    /// # Errors
    /// What the system said.
    pub(crate) fn begin(folder: &Path, run: RunId, id: RowId, rows: Rows) -> io::Result<Self> {
        make_own_folder(folder)?;
        let path = folder.join(name_of(run, id));
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Self {
            rows,
            id,
            out: io::BufWriter::new(options.open(&path)?),
            path,
            piece: Zeroizing::new(Vec::with_capacity(PIECE_BYTES)),
            pieces: 0,
            bytes: 0,
            is_finished: false,
        })
    }

    /// Writes the last piece. The spool is on the disk when this returns. Blocks.
    ///
    /// # Errors
    /// What the system said; nothing is left then.
    pub(crate) fn finish(mut self) -> io::Result<Spool> {
        self.seal_piece(true)?;
        self.out.flush()?;
        self.out.get_ref().sync_all()?;
        // Not every file system can do this.
        let _ = sync_folder_of(&self.path);
        self.is_finished = true;
        Ok(Spool {
            id: self.id,
            path: self.path.clone(),
            bytes: self.bytes,
        })
    }

    fn seal_piece(&mut self, is_last: bool) -> io::Result<()> {
        let place = place_of(self.id, self.pieces, is_last);
        let sealed = self.rows.seal_piece(&place, &self.piece);
        let length = u32::try_from(sealed.len()).map_err(io::Error::other)?;
        self.out.write_all(&[u8::from(is_last)])?;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(&sealed)?;
        self.piece.clear();
        self.pieces += 1;
        Ok(())
    }
}

impl Write for SpoolWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.piece.len() == PIECE_BYTES {
            self.seal_piece(false)?;
        }
        let room = PIECE_BYTES - self.piece.len();
        let taken = &bytes[..bytes.len().min(room)];
        self.piece.extend_from_slice(taken);
        self.bytes += taken.len() as u64;
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for SpoolWriter {
    fn drop(&mut self) {
        if !self.is_finished {
            // What cannot be removed is swept later.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Reads what is in a spool, to its verified end.
#[derive(Debug)]
pub(crate) struct SpoolReader {
    rows: Rows,
    id: RowId,
    from: io::BufReader<File>,
    piece: Zeroizing<Vec<u8>>,
    /// How much of the piece was read.
    at: usize,
    pieces: u64,
    is_last: bool,
}

impl SpoolReader {
    pub(crate) fn new(file: File, id: RowId, rows: Rows) -> Self {
        Self {
            rows,
            id,
            from: io::BufReader::new(file),
            piece: Zeroizing::default(),
            at: 0,
            pieces: 0,
            is_last: false,
        }
    }

    pub(crate) fn file(&self) -> &File {
        self.from.get_ref()
    }

    /// Opens the next piece; the file ends with the last.
    fn next_piece(&mut self) -> io::Result<()> {
        let mut head = [0; 5];
        self.from.read_exact(&mut head)?;
        let [last, length @ ..] = head;
        let length = u32::from_le_bytes(length) as usize;
        if length > PIECE_BYTES + SEAL_BYTES || last > LAST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut sealed = vec![0; length];
        self.from.read_exact(&mut sealed)?;
        self.is_last = last == LAST;
        let place = place_of(self.id, self.pieces, self.is_last);
        let opened = self.rows.open_piece(&place, &sealed);
        self.piece = opened.ok_or(io::ErrorKind::InvalidData)?;
        self.pieces += 1;
        self.at = 0;
        if self.is_last && self.from.read(&mut [0])? > 0 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(())
    }
}

impl Read for SpoolReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() && !self.is_last {
            self.next_piece()?;
        }
        let left = &self.piece[self.at..];
        let read = left.len().min(buffer.len());
        buffer[..read].copy_from_slice(&left[..read]);
        self.at += read;
        Ok(read)
    }
}

/// The run that wrote it, then its own id.
fn name_of(run: RunId, id: RowId) -> String {
    format!("{}-{}", hex::encode(run), hex::encode(id))
}

/// The run of a spool, by its name.
pub(super) fn run_of(name: &str) -> Option<RunId> {
    let (run, _) = name.split_once('-')?;
    let mut id = RunId::default();
    hex::decode_to_slice(run, &mut id).ok()?;
    Some(id)
}

/// What a piece is sealed to.
fn place_of(id: RowId, number: u64, is_last: bool) -> Vec<u8> {
    let mut place = b"spool".to_vec();
    place.extend_from_slice(&id);
    place.extend_from_slice(&number.to_le_bytes());
    place.push(u8::from(is_last));
    place
}

#[cfg(test)]
mod tests {
    use privicore_envelope::RecordKey;

    use super::*;

    const RUN: RunId = [1; 16];
    const ID: RowId = [2; 16];

    struct Fixture {
        dir: tempfile::TempDir,
        rows: Rows,
    }

    impl Fixture {
        fn set() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let rows = Rows::open(&dir.path().join("records.sqlite"), RecordKey::generate());
            let rows = rows.unwrap();
            Self { dir, rows }
        }

        fn folder(&self) -> PathBuf {
            self.dir.path().join("spool")
        }

        fn spool(&self, bytes: &[u8]) -> Spool {
            let begun = SpoolWriter::begin(&self.folder(), RUN, ID, self.rows.clone());
            let mut writer = begun.unwrap();
            writer.write_all(bytes).unwrap();
            writer.finish().unwrap()
        }

        fn read(&self, spool: &Spool) -> io::Result<Vec<u8>> {
            let file = File::open(&spool.path).unwrap();
            let mut read = Vec::new();
            SpoolReader::new(file, spool.id, self.rows.clone()).read_to_end(&mut read)?;
            Ok(read)
        }
    }

    #[test]
    fn what_was_spooled_is_read_back_and_not_in_the_clear_on_the_disk() {
        let fixture = Fixture::set();
        for length in [
            0,
            1,
            PIECE_BYTES - 1,
            PIECE_BYTES,
            PIECE_BYTES + 1,
            3 * PIECE_BYTES,
        ] {
            let bytes: Vec<u8> = b"plaintext! "
                .iter()
                .copied()
                .cycle()
                .take(length)
                .collect();
            let spool = fixture.spool(&bytes);
            assert_eq!(spool.bytes, length as u64);
            assert!(fixture.read(&spool).unwrap() == bytes, "{length}");
            let on_disk = fs::read(&spool.path).unwrap();
            assert!(!on_disk.windows(9).any(|part| part == b"plaintext"));
            fs::remove_file(&spool.path).unwrap();
        }
    }

    #[test]
    fn a_spool_that_was_changed_does_not_open() {
        let fixture = Fixture::set();
        let spool = fixture.spool(&vec![7; PIECE_BYTES + 1]);
        let whole = fs::read(&spool.path).unwrap();
        let first = 5 + u32::from_le_bytes(whole[1..5].try_into().unwrap()) as usize;
        let mut flipped = whole.clone();
        flipped[100] ^= 1;
        let changes = [
            flipped,
            whole[..first].to_vec(),
            whole[first..].to_vec(),
            [&whole[first..], &whole[..first]].concat(),
            [&whole[..], &whole[first..]].concat(),
            whole[..whole.len() - 1].to_vec(),
            Vec::new(),
        ];
        for changed in changes {
            fs::write(&spool.path, changed).unwrap();
            assert!(fixture.read(&spool).is_err());
        }
    }

    #[test]
    fn one_that_was_given_up_is_removed() {
        let fixture = Fixture::set();
        let begun = SpoolWriter::begin(&fixture.folder(), RUN, ID, fixture.rows.clone());
        let mut writer = begun.unwrap();
        writer.write_all(b"half").unwrap();
        drop(writer);
        assert_eq!(fs::read_dir(fixture.folder()).unwrap().count(), 0);
        let name = name_of(RUN, ID);
        assert_eq!(run_of(&name), Some(RUN));
    }
}
