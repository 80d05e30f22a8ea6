//! Keys the service knows.

mod generate_keys;
mod register_first_public_key;
mod register_public_key;
mod retrieve_engine_public_key;
mod retrieve_public_key;

pub use generate_keys::{GenerateKeys, GeneratedKeys};
pub use register_first_public_key::RegisterFirstPublicKey;
pub use register_public_key::RegisterPublicKey;
pub use retrieve_engine_public_key::RetrieveEnginePublicKey;
pub use retrieve_public_key::{PublicKey, RetrievePublicKey};

use crate::catalog::Entry;

pub(crate) const ENTRIES: &[Entry] = &[
    Entry::operation::<GenerateKeys>(),
    Entry::command::<RegisterPublicKey>(),
    Entry::command::<RegisterFirstPublicKey>(),
    Entry::operation::<RetrievePublicKey>(),
    Entry::operation::<RetrieveEnginePublicKey>(),
];
