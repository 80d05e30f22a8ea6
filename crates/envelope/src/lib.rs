//! What leaves the machine is sealed here; what comes back is opened here.
//!
//! Plaintext becomes stored bytes in the age v1 file format (<https://c2sp.org/age>), for an RSA application key and an X25519
//! recovery key, so that the stock `age` tool opens them. Beside that: the keys themselves and their file, sealed names, sealed
//! rows, digests. Everything is synchronous, over [`std::io::Read`].

mod application_key;
mod digest;
mod engine_key;
mod file_key;
mod header;
mod key_file;
mod key_file_content;
mod keys;
#[cfg(test)]
mod made_once;
mod names;
mod open;
mod profile_keys;
mod random;
mod recipients;
mod records;
mod recovery_key;
mod rsa_stanza;
mod seal;
mod secret_bytes;
mod ssh_wire;
mod stored;
mod stream;
mod xchacha;

pub use application_key::{ApplicationKey, ApplicationRecipient};
pub use digest::{DigestError, DigestWriter, StoredDigest};
pub use engine_key::{EngineKey, SignedPublicKey};
pub use key_file::{KeyFile, KeyFileError, KeyFileSecret, Protection, ProtectionKind};
pub use keys::{KeyError, KeySize, KeyStep};
pub use names::{NameError, NameRecord, open_name, seal_name};
pub use open::{OpenError, OpenReader, open};
pub use profile_keys::ProfileKeys;
pub use recipients::{Identities, Recipients};
pub use records::{RecordError, open_record, seal_record};
pub use recovery_key::{RecoveryKey, RecoveryRecipient};
pub use seal::{PIECE_BYTES, SealError, SealReader, Sealing};
pub use secret_bytes::{NameKey, RecordKey};
