//! The BLAKE3 digest of stored bytes, computed while they are read or written.

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

/// The BLAKE3 digest of stored bytes; as text 64 lowercase hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct StoredDigest([u8; 32]);

/// A text is not 64 hexadecimal digits.
#[derive(Debug, thiserror::Error)]
#[error("this is not a BLAKE3 digest")]
pub struct DigestError;

impl StoredDigest {
    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for StoredDigest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for StoredDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for StoredDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredDigest({self})")
    }
}

impl FromStr for StoredDigest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| DigestError)?;
        Ok(Self(bytes))
    }
}

/// Passes bytes on and digests those that were taken.
#[derive(Debug)]
pub struct DigestWriter<W> {
    out: W,
    hasher: Box<blake3::Hasher>,
    bytes: u64,
}

impl<W> DigestWriter<W> {
    /// Digests what goes to `out` from now on.
    pub fn new(out: W) -> Self {
        Self {
            out,
            hasher: Box::default(),
            bytes: 0,
        }
    }

    /// The digest so far.
    pub fn digest(&self) -> StoredDigest {
        StoredDigest(*self.hasher.finalize().as_bytes())
    }

    /// How many bytes have passed.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Digest and number of all bytes.
    pub fn finish(self) -> (StoredDigest, u64) {
        (self.digest(), self.bytes())
    }

    /// Where the bytes went.
    pub fn into_inner(self) -> W {
        self.out
    }
}

impl<W: Write> Write for DigestWriter<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let taken = self.out.write(buffer)?;
        self.hasher.update(&buffer[..taken]);
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the BLAKE3 test vectors (`input_len` 0 and 3: bytes 00 01 02).
    const EMPTY: &str = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";
    const THREE: &str = "e1be4d7a8ab5560aa4199eea339849ba8e293d55ca0a81006726d184519e647f";

    #[test]
    fn the_digest_matches_the_published_vectors() {
        let mut writer = DigestWriter::new(Vec::new());
        assert_eq!(writer.digest().to_string(), EMPTY);
        writer.write_all(&[0]).unwrap();
        writer.write_all(&[1, 2]).unwrap();
        let (digest, bytes) = writer.finish();
        assert_eq!((digest.to_string().as_str(), bytes), (THREE, 3));
    }

    #[test]
    fn only_bytes_that_were_taken_are_digested() {
        let mut room = [0; 2];
        let mut writer = DigestWriter::new(room.as_mut_slice());
        assert_eq!(writer.write(&[7, 8, 9]).unwrap(), 2);
        assert_eq!(writer.bytes(), 2);
    }

    #[test]
    fn a_digest_reads_back_from_its_text() {
        let digest: StoredDigest = THREE.parse().unwrap();
        assert_eq!(digest.to_string(), THREE);
        assert!(THREE[2..].parse::<StoredDigest>().is_err());
        assert!(THREE.replace('e', "x").parse::<StoredDigest>().is_err());
    }
}
