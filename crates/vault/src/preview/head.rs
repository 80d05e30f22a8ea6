//! The beginning of a file, in memory.

use std::fmt;
use std::io::{self, Write};

use zeroize::Zeroizing;

/// The first bytes of a file. What comes after them is thrown away.
pub(crate) struct Head {
    bytes: Zeroizing<Vec<u8>>,
    most: usize,
    is_whole: bool,
}

impl Head {
    pub(crate) fn of(most_bytes: u64) -> Self {
        Self {
            bytes: Zeroizing::default(),
            most: usize::try_from(most_bytes).unwrap_or(usize::MAX),
            is_whole: true,
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether nothing was thrown away, and nothing was left out.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_whole && self.bytes.len() < self.most
    }
}

impl Write for Head {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.most - self.bytes.len();
        let kept = bytes.get(..room).unwrap_or(bytes);
        self.bytes.extend_from_slice(kept);
        self.is_whole &= kept.len() == bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Head {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Head({} bytes)", self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_kept_than_is_wanted() {
        for (written, kept, is_whole) in
            [(3, 3, true), (9, 9, true), (10, 10, false), (99, 10, false)]
        {
            let mut head = Head::of(10);
            for _ in 0..written {
                head.write_all(b"x").unwrap();
            }
            assert_eq!((head.bytes().len(), head.is_whole()), (kept, is_whole));
        }
        let mut head = Head::of(10);
        head.write_all(&[b'x'; 4]).unwrap();
        head.write_all(&[b'x'; 40]).unwrap();
        assert_eq!((head.bytes().len(), head.is_whole()), (10, false));
    }

    #[test]
    fn what_it_holds_is_not_printed() {
        let mut head = Head::of(10);
        head.write_all(b"secret").unwrap();
        assert_eq!(format!("{head:?}"), "Head(6 bytes)");
    }
}
