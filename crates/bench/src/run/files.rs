//! Files to send, and whether they came back.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

const PIECE_BYTES: usize = 1024 * 1024;

/// A folder that is made anew for each run and removed after it.
pub(crate) struct Files {
    dir: tempfile::TempDir,
}

impl Files {
    pub(crate) fn new(beside: &Path) -> Result<Self> {
        let mut builder = tempfile::Builder::new();
        let dir = builder.prefix("scratch-").tempdir_in(beside)?;
        Ok(Self { dir })
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// A file of this length that nothing can compress; made once.
    pub(crate) fn original(&self, size: u64) -> Result<PathBuf> {
        let path = self.dir().join(format!("original-{size}.bin"));
        if !path.exists() {
            write_noise(&path, size, size)?;
        }
        Ok(path)
    }

    /// A folder of small files; made once.
    pub(crate) fn small(&self, count: usize, size: u64) -> Result<PathBuf> {
        let folder = self.dir().join("small");
        if !folder.exists() {
            fs::create_dir(&folder)?;
            for number in 0..count {
                let path = folder.join(format!("note-{number:04}.txt"));
                write_noise(&path, size, number as u64)?;
            }
            settle()?;
        }
        Ok(folder)
    }
}

fn write_noise(path: &Path, size: u64, seed: u64) -> Result<()> {
    let mut file = File::create(path)?;
    let mut state = seed.wrapping_add(1);
    let mut piece = vec![0; PIECE_BYTES];
    let mut left = size;
    while left > 0 {
        for word in piece.chunks_exact_mut(8) {
            word.copy_from_slice(&split_mix(&mut state).to_le_bytes());
        }
        let length = usize::try_from(left).map_or(piece.len(), |left| left.min(piece.len()));
        file.write_all(&piece[..length])?;
        left -= length as u64;
    }
    Ok(())
}

/// `SplitMix64` (Steele, Lea, Flood 2014): noise, not randomness.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut word = *state;
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// Waits until what was written before is on disk: it must not disturb what is measured next.
pub(crate) fn settle() -> Result<()> {
    ensure!(Command::new("sync").status()?.success(), "sync failed");
    Ok(())
}

/// # Errors
/// When the files differ.
pub(crate) fn ensure_same(original: &Path, back: &Path) -> Result<()> {
    let (mut one, mut other) = (File::open(original)?, File::open(back)?);
    let same_length = one.metadata()?.len() == other.metadata()?.len();
    ensure!(same_length, "{} has another length", back.display());
    let (mut left, mut right) = (vec![0; PIECE_BYTES], vec![0; PIECE_BYTES]);
    loop {
        let length = fill(&mut one, &mut left)?;
        let same = fill(&mut other, &mut right)? == length && left[..length] == right[..length];
        ensure!(same, "{} is not what was sent", back.display());
        if length == 0 {
            return Ok(());
        }
    }
}

fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_files_apart_that_differ_in_one_byte() {
        let dir = tempfile::tempdir().unwrap();
        let (one, other) = (dir.path().join("one"), dir.path().join("other"));
        write_noise(&one, 3_000_001, 7).unwrap();
        write_noise(&other, 3_000_001, 7).unwrap();
        ensure_same(&one, &other).unwrap();
        let mut bytes = fs::read(&other).unwrap();
        bytes[2_999_999] ^= 1;
        fs::write(&other, bytes).unwrap();
        ensure_same(&one, &other).unwrap_err();
    }
}
