//! The use cases of Privicore Desktop: choose a service, sign in, store files, list them, get them back, delete them.
//!
//! [`Vault`] is all that the window and the command line talk to. It knows no window and no HTTP.

mod account;
mod activity;
mod applications;
mod blocking;
mod catalogue;
mod choices;
mod code;
mod connection;
mod custody;
mod damage;
mod deletions;
mod destination;
mod devices;
mod directories;
mod download;
mod error;
mod events;
mod explain;
mod export;
mod files;
mod files_on_disk;
mod flusher;
mod folder_names;
mod frames;
mod free_space;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod habits;
mod hardening;
mod idle;
mod interrupted;
mod key_cost;
mod key_words;
mod keyring;
mod keys;
mod list_pages;
mod listing;
mod lock;
mod missing;
mod moving;
mod network;
mod operation_body;
mod operations;
mod order;
mod own_files;
mod own_key;
mod pace;
mod passphrases;
mod phones;
mod pins;
mod policies;
mod polls;
mod profile;
mod progress;
mod protection;
mod qr_picture;
mod receipt_lines;
mod receipts;
mod receiving;
mod recipients;
mod reconcile;
mod recovery;
mod registration;
mod requested_data;
mod reseal;
mod rows;
mod runs;
#[cfg(target_os = "linux")]
mod screen;
mod sealer;
mod sending;
mod service_reasons;
mod service_words;
mod session;
mod settings;
mod settling;
mod shared_download;
mod sign_in;
mod source;
mod speed;
mod state_file;
mod statistics;
mod tickets;
mod time_limits;
mod token_code;
mod transfers;
mod trust;
mod upload;
mod vault;
mod votes;
mod wake;

pub use account::{Account, PairingCode};
pub use activity::{
    ActivityEntry, ActivityOutcome, ActivityPage, ActivityQuery, ActivityState, ActivityStep,
};
pub use applications::{Application, ApplicationSecret, NewApplication};
pub use catalogue::{
    AtService, File, FileId, FilePage, FileQuery, FileState, Sort, TokenAnswer, Unlisted,
};
pub use choices::KeptRecipient;
pub use code::Code;
pub use connection::{AddressCheck, Addresses, Connection};
pub use deletions::{Deletion, DeletionId, UNDO_TIME};
pub use destination::{
    EndingSignals, Existing, INTERRUPT, end_at_signal, is_bidi_control, remove_half_saved,
    safe_name, saved_name,
};
pub use devices::{ADVISED_STORAGE_DEVICES, Device, DeviceChange, DeviceState, StorageState};
pub use directories::{
    Directories, Directory, DirectoryChange, DirectoryDevice, Invitation, Membership, NewPerson,
    OpenDirectory, Person, VotingPool,
};
pub use error::{Error, Explanation};
pub use events::{Event, KeyProgress};
pub use export::PrivateKey;
pub use hardening::{Guard, Hardening, WIPING, Wiping, harden_process, hardening};
pub use idle::AutoLock;
pub use interrupted::InterruptedTransfer;
pub use key_cost::KeyCost;
pub use keyring::{KeyringError, KeyringUse};
pub use keys::{ApplicationKeyEntry, SharedKeyEntry};
pub use lock::LockReason;
pub use moving::{DEFAULT_CONTEXT, StoreAs};
pub use network::{Network, NetworkStatus, ProxyChoice, ProxySecret, ProxySecretChange};
pub use operation_body::MaskedBody;
pub use operations::{
    CallError, DataRequest, FieldKind, Known, OperationAnswer, OperationEntry, OperationField,
    OperationRequest,
};
pub use passphrases::{MIN_PASSPHRASE_CHARS, Strength, strength_of};
pub use phones::{Phone, PhoneBallot, PhoneScript};
pub use pins::{Pin, PinAlarm, PinnedKey};
pub use policies::{
    NewPolicy, Policies, Policy, PolicyChange, PolicyEvent, PolicyState, PolicyTemplate,
};
pub use privicore_client::{ProxyCredentials, Which};
pub use privicore_envelope::KeyStep;
pub use profile::make_data_dir;
pub use protection::KeyProtection;
pub use qr_picture::QrPicture;
pub use receipts::{AsStored, Mismatch, Named, Receipt, Replacement, Verification};
pub use recipients::{Opener, OpenerKind, Openers, RecipientEntry, parse_recipient};
pub use reconcile::ListAlarm;
pub use recovery::{KIT_CONFIRMATION_CHARS, Kit, RecoveryState, SavedKit};
pub use registration::FirstKey;
pub use requested_data::RequestedData;
pub use reseal::Unreceipted;
pub use rows::RecordsProblem;
pub use session::Credentials;
pub use settings::{ClipboardSeconds, Theme};
pub use statistics::{Statistics, StoredDay};
pub use time_limits::TimeLimits;
pub use transfers::{
    Direction, Patience, Transfer, TransferId, TransferReport, TransferState, TransferSummary,
};
pub use vault::{Limits, Options, Stage, Status, Vault, default_data_dir};
pub use votes::{
    Authenticator, Ballot, Counting, Poll, PollState, Vote, Voting, VotingConfiguration,
    VotingRules,
};
