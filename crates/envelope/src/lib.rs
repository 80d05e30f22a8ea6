//! What leaves the machine is sealed here; what comes back is opened here.
//!
//! Plaintext becomes stored bytes in the age v1 file format (<https://c2sp.org/age>), for an RSA application key and an X25519
//! recovery key, so that the stock `age` tool opens them. Beside that: the keys themselves and their file, sealed names, sealed
//! rows, digests. Everything is synchronous, over [`std::io::Read`].

mod age_error;
mod application_key;
mod digest;
mod engine_key;
mod file_key;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod gcm;
mod header;
mod key_file;
mod key_file_content;
mod key_file_error;
mod key_text;
mod keys;
mod kit_bundle;
mod kit_error;
mod kit_text;
#[cfg(test)]
mod made_once;
mod names;
mod open;
mod parsed_kit;
mod profile_keys;
mod random;
mod recipient;
mod recipients;
mod records;
mod recovery_key;
mod recovery_kit;
mod rsa_stanza;
mod seal;
mod sealed_to;
mod secret_bytes;
mod shared_form;
mod shared_key;
mod shared_seal;
mod ssh_wire;
mod stored;
mod stream;
pub mod whole_file;
mod work_factor;
mod xchacha;

pub use age_error::{OpenError, SealError};
pub use application_key::{ApplicationKey, ApplicationRecipient};
pub use digest::{DigestError, DigestWriter, StoredDigest};
pub use engine_key::{EngineKey, SignedPublicKey};
pub use key_file::{KeyFile, KeyFileSecret, Protection, ProtectionKind};
pub use key_file_error::KeyFileError;
pub use keys::{KeyError, KeySize, KeyStep};
pub use kit_error::{KitError, KitNotMade, KitPart};
pub use names::{NameError, NameRecord, escape_name, open_name, seal_name, unescape_name};
pub use open::{OpenReader, open};
pub use parsed_kit::{ParsedKit, RestoredKeys};
pub use profile_keys::{MAX_SHARED_KEY_NAME_CHARS, ProfileKeys, SharedKeyError};
pub use recipient::{Recipient, RecipientError, RecipientKind};
pub use recipients::{Identities, MAX_EXTRA_RECIPIENTS, Recipients};
pub use records::{RecordError, open_record, seal_record};
pub use recovery_key::{RecoveryKey, RecoveryRecipient};
pub use recovery_kit::{
    CONFIRMATION_CHARS, KitFingerprints, KitLines, RecoveryKit, is_confirmed_by,
};
pub use seal::{SealReader, Sealing};
pub use sealed_to::{IsSealedTo, SealedTo};
pub use secret_bytes::{NameKey, RecordKey};
pub use shared_form::{
    AGE_MARK_BYTES, OpenSharedError, SHARED_FORM_ADDED_BYTES, SHARED_FORM_MAX_PLAINTEXT_BYTES,
    VerifiedPlaintext, looks_like_age, open_shared_into_temporary,
};
pub use shared_key::{NamedSharedKey, SharedKey};
pub use shared_seal::{SharedSealReader, SharedSealing, TooLongForSharedKey};
pub use stream::PIECE_BYTES;
pub use work_factor::{measure_work_factor, work_factor_for};
