//! Tickets: what a transfer needs to go on after a crash. One sealed row each.
//!
//! A step that must not be taken twice is written down before it is taken. What is not written down can be done again
//! without a trace: reservations and temporary tokens expire at the service by themselves.
//!
//! What holds a path, a name or a token prints nothing.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::download::destination::{Agreed, Chosen, Existing, FileIdentity};
use crate::error::Explanation;
use crate::files::attributes::Attributes;
use crate::files::file_id::FileId;
use crate::keys::sealing_policy::{EncryptedFor, Encryption};
use crate::store::process_lock::RunId;
use crate::transfers::Direction;
use crate::upload::source::Source;

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Ticket {
    /// The run of the app that works on it.
    pub run: RunId,
    /// Its place in the queue: smaller ones come first.
    pub order: u64,
    pub name: String,
    /// The folder of the file that is sent, or that is asked for; older versions did not note it.
    #[serde(default)]
    pub folder: String,
    pub context: String,
    /// The plaintext of an upload, the sealed bytes of a download.
    pub size_bytes: u64,
    /// The plaintext of what is not an upload, where it is known; older versions did not note it.
    #[serde(default)]
    pub plain_bytes: Option<u64>,
    pub job: Job,
    pub rest: Rest,
}

/// Why nothing is being done about a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Rest {
    /// It goes on as soon as there is room.
    None,
    Paused,
    /// It failed like this.
    Failed(Explanation),
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Job {
    Upload(Upload),
    Download(Download),
    Reseal(Reseal),
    Verify(Verify),
}

impl Job {
    pub(crate) fn direction(&self) -> Direction {
        match self {
            Self::Upload(_) => Direction::Upload,
            Self::Download(_) => Direction::Download,
            Self::Reseal(_) => Direction::Reseal,
            Self::Verify(_) => Direction::Verify,
        }
    }

    /// The stored file that it is about.
    pub(crate) fn file(&self) -> Option<FileId> {
        match self {
            Self::Upload(_) => None,
            Self::Download(download) => Some(download.file),
            Self::Reseal(reseal) => Some(reseal.file),
            Self::Verify(verify) => Some(verify.file),
        }
    }

    /// Where a file is saved, or is going to be.
    pub(crate) fn target(&self) -> Option<PathBuf> {
        let Self::Download(download) = self else {
            return None;
        };
        Some(match &download.step {
            DownloadStep::Keeping { target, .. } => target.clone(),
            DownloadStep::Start | DownloadStep::Requesting { .. } | DownloadStep::Naming(_) => {
                download.target.clone()
            }
        })
    }
}

/// A file to be stored.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Upload {
    pub source: Source,
    /// The form it is to be stored in.
    #[serde(default)]
    pub form: Encryption,
    pub step: UploadStep,
    /// It is read back when it is stored.
    #[serde(default)]
    pub verify: bool,
}

/// What of an upload must not be done again.
#[expect(
    clippy::large_enum_variant,
    reason = "a ticket in hand is nearly always a large one"
)]
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum UploadStep {
    /// Nothing.
    #[default]
    Start,
    /// A place is being reserved by this command, which a vote may hold.
    Reserving { command: String },
    /// The bytes are on their way into this place, or are there.
    Sealed(Sealed),
}

/// Sealed bytes that the service has, or is about to take in, and that are not permanent yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sealed {
    /// The temporary token.
    pub space: String,
    /// The name the service will know the file by. No other file has it: the token can be found again by it.
    pub name: String,
    /// BLAKE3 of the sealed bytes, hexadecimal.
    pub digest: String,
    pub stored_size: u64,
    /// Length of the plaintext.
    pub size: u64,
    /// What else the name says; tickets of older versions do not.
    #[serde(default)]
    pub attributes: Option<Attributes>,
    /// The command that reserved the place, then the one that brings the bytes, if one does.
    pub commands: Vec<String>,
    /// Whether the last command is not settled yet: a vote may hold it.
    pub is_exchanging: bool,
    /// With what they were sealed; tickets of older versions do not say.
    #[serde(default)]
    pub with: Option<Box<EncryptedFor>>,
    /// Fingerprint of the engine's key that was checked before they were sent; tickets of older versions do not say.
    #[serde(default)]
    pub engine_key: Option<String>,
    /// The command that makes the bytes permanent, if the service has named one: a vote may hold it.
    #[serde(default)]
    pub naming: Option<Naming>,
    /// How many attempts have found nothing under the sealed name since.
    #[serde(default)]
    pub misses: u32,
}

/// What was answered to the request to make bytes permanent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Naming {
    pub command: String,
    /// It may be the permanent token as well.
    pub is_bare: bool,
}

/// A file to be saved.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Download {
    pub file: FileId,
    #[serde(with = "crate::system::os_path")]
    pub target: PathBuf,
    pub existing: Existing,
    /// Where that was when it was chosen; the next run of the app looks anew.
    #[serde(skip)]
    pub chosen: Option<Chosen>,
    /// What was there then and may be replaced. Older versions did not note it.
    #[serde(default)]
    pub agreed: Option<Agreed>,
    /// It is saved in a folder below the one that was chosen: there must be no link on the way.
    #[serde(default)]
    pub is_beneath: bool,
    /// Fingerprint of the shared key to open it with, if one was chosen.
    #[serde(default)]
    pub key: Option<String>,
    /// What is not what was stored is kept beside the target.
    #[serde(default)]
    pub keeps_mismatch: bool,
    pub step: DownloadStep,
}

/// A file to be read back and compared with its receipt.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Verify {
    pub file: FileId,
    pub step: DownloadStep,
}

/// What of a download must not be done again.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum DownloadStep {
    /// Nothing.
    #[default]
    Start,
    /// The service is asked for the bytes by this request, which a vote may hold.
    Requesting {
        request: String,
        /// The id it was accepted under, if that is another one.
        #[serde(default)]
        command: Option<String>,
    },
    /// The opened and verified bytes are durable under their temporary name and are being given their own.
    Naming(FileIdentity),
    /// Bytes that are not what was stored are durable under their temporary name and are being given this one.
    Keeping {
        #[serde(with = "crate::system::os_path")]
        target: PathBuf,
        look: FileIdentity,
    },
}

/// A stored file to be sealed again in its place.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Reseal {
    pub file: FileId,
    /// The user was told that there is no receipt, and wants it all the same.
    #[serde(default)]
    pub without_receipt: bool,
    pub step: ResealStep,
}

/// What of it must not be done again.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ResealStep {
    /// Nothing.
    #[default]
    Start,
    /// These bytes may have been sent, and may have taken the place of the stored ones.
    Sending(Box<Renewed>),
}

/// Sealed bytes that are to take the place of the stored ones. They are few, and sent again as they are if they have to
/// be: so it is always one of two that the service has.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Renewed {
    /// The sealed bytes, hexadecimal.
    pub bytes: String,
    /// Their BLAKE3 digest, hexadecimal.
    pub digest: String,
    pub with: EncryptedFor,
    /// The command that brings them, if the service has named one.
    pub command: Option<String>,
    /// Fingerprint of the engine's key that was checked before they were sent.
    #[serde(default)]
    pub engine_key: Option<String>,
    /// What the service says of the file, which is sent along.
    #[serde(default)]
    pub said: Option<Said>,
}

/// What the service says of a stored file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    pub file_name: String,
    pub extension: String,
    pub context: String,
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn a_path_that_is_not_utf_8_comes_back_as_it_was() {
        let target = PathBuf::from(OsStr::from_bytes(b"/tmp/\xff\xfe name"));
        let download = Download {
            file: FileId([7; 16]),
            target: target.clone(),
            existing: Existing::Keep,
            chosen: None,
            agreed: None,
            is_beneath: false,
            key: None,
            keeps_mismatch: false,
            step: DownloadStep::Start,
        };
        let json = serde_json::to_vec(&download).unwrap();
        let back: Download = serde_json::from_slice(&json).unwrap();
        assert_eq!(back.target, target);
    }
}
