//! Errors of reading and writing a key file.

use std::io;

/// Why a key file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// There is no such file.
    #[error("there is no key file")]
    Missing,
    /// New keys are not written over a key file that is there.
    #[error("there is a key file already")]
    Exists,
    /// The passphrase or the keyring's secret is not the one the file was sealed to.
    #[error("the secret does not open the key file")]
    WrongSecret,
    /// The file is not as it was written.
    #[error("the key file is damaged")]
    Damaged,
    /// A newer program wrote it.
    #[error("the key file has version {version}, which is not known")]
    UnknownVersion { version: u32 },
    /// Trying the passphrase would take more memory and time than is safe.
    #[error("the key file asks for too much work")]
    ExcessiveWork,
    /// The disk did not confirm that it is there to stay. What was changed was put back: it is as it was, unless the
    /// power fails now.
    #[error("the key file may not outlast a power cut")]
    NotSynced(#[source] io::Error),
    /// The changed file is in its place. A later step failed, and the file before could not be put back.
    #[error("the key file was replaced, and what belongs to that failed")]
    NotPutBack(#[source] io::Error),
    /// The file cannot be read or written.
    #[error("the key file cannot be read or written")]
    Io(#[from] io::Error),
}
