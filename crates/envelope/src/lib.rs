//! End-to-end encryption: files are sealed before they leave the machine and opened when they come back.
//!
//! Plaintext becomes stored bytes in the age v1 file format (<https://c2sp.org/age>), for an RSA application key and an
//! X25519 recovery key, so that the stock `age` tool opens them. Beside that: the keys themselves and their file,
//! sealed names, sealed rows, digests. Everything is synchronous, over [`std::io::Read`].

mod age;
mod digest;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod key_file;
mod keys;
mod kit;
mod modified_time;
mod names;
mod random;
mod records;
mod shared_key;
pub mod whole_file;
mod xchacha;

pub use age::error::{OpenError, SealError};
pub use age::open::{OpenReader, open};
pub use age::seal::{SealReader, Sealing};
pub use age::sealed_to::{IsSealedTo, SealedTo};
pub use age::stream::PIECE_BYTES;
pub use age::work_factor::{measure_work_factor, work_factor_for};
pub use digest::{DigestError, DigestWriter, StoredDigest};
pub use key_file::error::KeyFileError;
pub use key_file::file::{
    Durability, KeyFile, KeyFileSecret, Protection, ProtectionKind, SetAside,
};
pub use keys::application_key::{ApplicationKey, ApplicationRecipient};
pub use keys::engine_key::{EngineKey, SignedPublicKey};
pub use keys::kinds::{KeyError, KeySize, KeyStep};
pub use keys::profile_keys::{MAX_SHARED_KEY_NAME_CHARS, ProfileKeys, SharedKeyError};
pub use keys::recipient::{Recipient, RecipientError, RecipientKind};
pub use keys::recipients::{Identities, MAX_EXTRA_RECIPIENTS, Recipients};
pub use keys::recovery_key::{RecoveryKey, RecoveryRecipient};
pub use keys::secret_bytes::{NameKey, RecordKey};
pub use kit::error::{KitError, KitNotMade, KitPart};
pub use kit::parsed::{ParsedKit, RestoredKeys};
pub use kit::recovery_kit::{
    CONFIRMATION_CHARS, KitFingerprints, KitLines, RecoveryKit, is_confirmed_by,
};
pub use modified_time::ModifiedTime;
pub use names::{
    FOLDER_MEDIA_TYPE, NameError, NameRecord, Renamed, escape_name, open_name, seal_name,
    unescape_name,
};
pub use records::{RecordError, open_record, open_record_into, seal_record};
pub use shared_key::form::{
    AGE_MARK_BYTES, OpenSharedError, SHARED_FORM_ADDED_BYTES, SHARED_FORM_MAX_PLAINTEXT_BYTES,
    VerifiedPlaintext, looks_like_age, open_shared_into_temporary,
};
pub use shared_key::key::{NamedSharedKey, SharedKey};
pub use shared_key::seal::{SharedSealReader, SharedSealing, TooLongForSharedKey};
