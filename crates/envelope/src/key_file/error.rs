//! Why a key file is not read or written.

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
    UnknownVersion {
        /// What it says.
        version: u32,
    },
    /// Trying the passphrase would take more memory and time than is safe.
    #[error("the key file asks for too much work")]
    ExcessiveWork,
    /// It was written, and the disk did not confirm that it is there to stay.
    #[error("the key file may not outlast a power cut")]
    NotSynced(#[source] io::Error),
    /// The file cannot be read or written.
    #[error("the key file cannot be read or written")]
    Io(#[from] io::Error),
}
