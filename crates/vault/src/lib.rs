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
mod counted;
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
mod file;
mod file_id;
mod file_state;
mod files;
mod files_on_disk;
mod first_key;
mod flusher;
mod folder_names;
mod forgotten;
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
mod lock_reason;
mod look;
mod missing;
mod moving;
mod network;
mod network_settings;
mod open;
mod operation_body;
mod operations;
mod order;
mod os_path;
mod own_files;
mod own_key;
mod pace;
mod passphrases;
mod phones;
mod pinned_key;
mod pins;
mod policies;
mod polls;
mod private_file;
mod profile;
mod progress;
mod protection;
mod qr_picture;
mod query;
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
mod shared_keys;
mod sign_in;
mod source;
mod speed;
mod stack;
mod state_file;
mod statistics;
mod status;
mod stored;
mod strength;
mod tickets;
mod time_limits;
mod token_code;
mod transfers;
mod trial;
mod trust;
mod upload;
mod vault;
mod verdict;
mod votes;
mod wake;
mod words;

pub use account::{Account, PairingCode};
pub use activity::{
    ActivityEntry, ActivityOutcome, ActivityPage, ActivityQuery, ActivityState, ActivityStep,
};
pub use applications::{Application, ApplicationSecret, NewApplication};
pub use choices::KeptRecipient;
pub use code::Code;
pub use connection::{AddressCheck, Addresses, Connection};
pub use counted::counted;
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
pub use file::{AtService, File, TokenAnswer, Unlisted};
pub use file_id::FileId;
pub use file_state::FileState;
pub use first_key::FirstKey;
pub use hardening::{Guard, Hardening, WIPING, Wiping, harden_process, hardening};
pub use idle::AutoLock;
pub use interrupted::InterruptedTransfer;
pub use key_cost::KeyCost;
pub use keyring::{KeyringError, KeyringUse};
pub use keys::{ApplicationKeyEntry, SharedKeyEntry};
pub use lock_reason::LockReason;
pub use moving::{DEFAULT_CONTEXT, StoreAs};
pub use network::{NetworkStatus, ProxySecret, ProxySecretChange};
pub use network_settings::{Network, ProxyChoice};
pub use open::default_data_dir;
pub use operation_body::MaskedBody;
pub use operations::{
    CallError, DataRequest, FieldKind, Known, OperationAnswer, OperationEntry, OperationField,
    OperationRequest,
};
pub use own_files::make_data_dir;
pub use phones::{Phone, PhoneBallot, PhoneScript};
pub use pinned_key::PinnedKey;
pub use pins::{Pin, PinAlarm};
pub use policies::{
    NewPolicy, Policies, Policy, PolicyChange, PolicyEvent, PolicyState, PolicyTemplate,
};
pub use privicore_client::{ProxyCredentials, Which};
pub use privicore_envelope::KeyStep;
pub use protection::KeyProtection;
pub use qr_picture::QrPicture;
pub use query::{FilePage, FileQuery, Sort};
pub use receipts::{Named, Receipt, Replacement, Verification};
pub use recipients::{Opener, OpenerKind, Openers, RecipientEntry, parse_recipient};
pub use reconcile::ListAlarm;
pub use recovery::{KIT_CONFIRMATION_CHARS, Kit, RecoveryState, SavedKit};
pub use requested_data::RequestedData;
pub use reseal::Unreceipted;
pub use rows::RecordsProblem;
pub use session::Credentials;
pub use settings::{ClipboardSeconds, Theme};
pub use statistics::{Statistics, StoredDay};
pub use status::{Limits, Stage, Status};
pub use strength::{MIN_PASSPHRASE_CHARS, Strength, strength_of};
pub use time_limits::TimeLimits;
pub use transfers::{
    Direction, Patience, Transfer, TransferId, TransferReport, TransferState, TransferSummary,
};
pub use vault::{Options, Vault};
pub use verdict::{AsStored, Mismatch};
pub use votes::{
    Authenticator, Ballot, Counting, Poll, PollState, Vote, Voting, VotingConfiguration,
    VotingRules,
};
