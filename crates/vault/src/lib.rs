//! The use cases of Privicore Desktop: choose a service, sign in, store files, list them, get them back, delete them.
//!
//! [`Vault`] is all that the window and the command line talk to. It knows no window and no HTTP.

mod blocking;
mod catalogue;
mod connection;
mod custody;
mod deletions;
mod destination;
mod download;
mod error;
mod events;
mod export;
mod files;
mod flusher;
mod frames;
mod hardening;
mod keyring;
mod listing;
mod moving;
mod network;
mod pace;
mod pins;
mod profile;
mod progress;
mod receipt_lines;
mod receipts;
mod receiving;
mod rows;
mod runs;
mod sending;
mod service_words;
mod session;
mod settings;
mod sign_in;
mod source;
mod speed;
mod tickets;
mod time_limits;
mod transfers;
mod trust;
mod upload;
mod vault;
mod wake;

pub use catalogue::{File, FileId, FilePage, FileQuery, FileState, Sort};
pub use connection::{AddressCheck, Addresses, Connection};
pub use deletions::{Deletion, DeletionId, UNDO_TIME};
pub use destination::{Existing, safe_name};
pub use error::{Error, Explanation};
pub use events::{Event, KeyProgress};
pub use export::PrivateKey;
pub use hardening::{Guard, Hardening, harden_process, hardening};
pub use keyring::{KeyringError, KeyringUse};
pub use moving::DEFAULT_CONTEXT;
pub use network::{Network, NetworkStatus, ProxyChoice, ProxySecret, ProxySecretChange};
pub use pins::{Pin, PinAlarm, PinnedKey};
pub use privicore_client::{ProxyCredentials, Which};
pub use privicore_envelope::KeyStep;
pub use receipts::{Mismatch, Receipt, Verification};
pub use session::Credentials;
pub use settings::Theme;
pub use time_limits::TimeLimits;
pub use transfers::{
    Direction, Patience, Transfer, TransferId, TransferReport, TransferState, TransferSummary,
};
pub use vault::{Limits, Options, Stage, Status, Vault, default_data_dir};
