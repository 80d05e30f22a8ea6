//! Stored bytes on their way in.

use std::fmt;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use secrecy::zeroize::Zeroizing;

use crate::error::Error;

/// Stored bytes on their way in.
pub struct Download {
    /// The HTTP status: a success.
    pub status: u16,
    /// How many there will be, if the server said.
    pub length: Option<u64>,
    /// The bytes. An error ends them.
    pub body: BoxStream<'static, Result<Bytes, Error>>,
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// Bytes that are overwritten when the last holder lets go.
pub(super) fn zeroized(body: Zeroizing<Vec<u8>>) -> Bytes {
    struct Owner(Zeroizing<Vec<u8>>);
    impl AsRef<[u8]> for Owner {
        fn as_ref(&self) -> &[u8] {
            &self.0
        }
    }
    Bytes::from_owner(Owner(body))
}
