//! The use cases of Privicore Desktop: choose a service, sign in, store files, list them, get them back, delete them.
//!
//! [`Vault`] is all that the window and the command line talk to. It knows no window and no HTTP.

// Calls of the service nest deeply: each waits for others.
#![recursion_limit = "256"]

mod api;
mod collaboration;
mod copies;
mod data_dir;
mod download;
mod error;
mod events;
mod files;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod keys;
mod language;
mod open;
mod preview;
mod receipts;
mod service;
mod session;
mod spool;
mod status;
mod store;
mod system;
mod time_limits;
mod transfers;
mod tree;
mod upload;
mod vault;

pub use api::activity::{
    ActivityEntry, ActivityOutcome, ActivityPage, ActivityQuery, ActivityState, ActivityStep,
};
pub use api::operation_body::MaskedBody;
pub use api::operations::{
    CallError, DataRequest, FieldKind, Known, OperationAnswer, OperationEntry, OperationField,
    OperationRequest,
};
pub use api::requested_data::RequestedData;
pub use api::statistics::{Statistics, StoredDay};
pub use collaboration::applications::{Application, ApplicationSecret, NewApplication};
pub use collaboration::devices::{
    ADVISED_STORAGE_DEVICES, Device, DeviceChange, DeviceState, StorageState,
};
pub use collaboration::directories::{
    Directories, Directory, DirectoryChange, DirectoryDevice, Invitation, Membership, NewPerson,
    OpenDirectory, Person, VotingPool,
};
pub use collaboration::phones::{Phone, PhoneBallot, PhoneScript};
pub use collaboration::policies::{
    NewPolicy, Policies, Policy, PolicyChange, PolicyEvent, PolicyState, PolicyTemplate,
};
pub use collaboration::votes::{
    Authenticator, Ballot, Counting, Poll, PollState, Vote, Voting, VotingConfiguration,
    VotingRules,
};
pub use copies::dragging::{DRAGGED_AT_MOST, DraggedCopies, DraggedFolder};
pub use copies::opening::OpenableCopy;
pub use data_dir::default_data_dir;
pub use download::destination::{
    EndingSignals, Existing, INTERRUPT, SavedAlready, end_at_signal, remove_half_saved, safe_name,
    saved_name,
};
pub use download::rebuild::{SavingTree, TreeSaved, WantedEntry};
pub use error::code::Code;
pub use error::counted::counted;
pub use error::{
    AccountError, CollaborationError, ConnectionError, ContentError, CopyError, DataFolderError,
    Error, Explanation, FileError, KeysError, PinError, ProtectionError, RecordError,
    RecoveryError, Rendered, ResealError, SessionError, SharingError, SourceError, TargetError,
    TransferError, Words, WorkError,
};
pub use events::{Event, KeyProgress};
pub use files::attributes::Attributes;
pub use files::deletion::scheduled::{Deletion, DeletionId, UNDO_TIME};
pub use files::file::{AtService, File, TokenAnswer, Unlisted, Unusual};
pub use files::file_id::FileId;
pub use files::file_state::FileState;
pub use files::query::{FilePage, FileQuery, Sort};
pub use files::renaming::api::{ChangeOutcome, Sensitivity};
pub use files::renaming::plan::TreeItem;
pub use files::service_list::name_digest::NameDigest;
pub use keys::export::PrivateKey;
pub use keys::key_cost::KeyCost;
pub use keys::protection::KeyProtection;
pub use keys::qr_picture::QrPicture;
pub use keys::recipients::{AccessKey, AccessKeyKind, FileAccess, RecipientEntry, parse_recipient};
pub use keys::recovery::{KIT_CONFIRMATION_CHARS, Kit, RecoveryState, SavedKit};
pub use keys::sealing_policy::KeptRecipient;
pub use keys::strength::{MIN_PASSPHRASE_CHARS, Strength, strength_of};
pub use keys::{ApplicationKeyEntry, SharedKeyEntry};
pub use language::{
    Inserted, Language, LanguageChoice, Phrase, Texts, Value, is_bidi_control, visible,
};
pub use preview::Preview;
pub use preview::picture::{Picture, PictureBounds};
pub use preview::text::Text;
pub use privicore_client::{ProxyCredentials, ServerKind};
pub use privicore_envelope::KeyStep;
pub use receipts::reconcile::ListAlarm;
pub use receipts::reseal::Unreceipted;
pub use receipts::verdict::{AsStored, Mismatch};
pub use receipts::{Named, Receipt, Replacement, Verification};
pub use service::connection::{AddressCheck, Addresses, Connection};
pub use service::network::{NetworkStatus, ProxySecret, ProxySecretChange};
pub use service::pinned_key::PinnedKey;
pub use service::pins::{Pin, PinAlarm};
pub use session::Credentials;
pub use session::account::{Account, PairingCode};
pub use session::first_key::FirstKey;
pub use status::{Limits, Stage, Status};
pub use store::keyring::{KeyringError, KeyringUse};
pub use store::network_settings::{Network, ProxyChoice};
pub use store::own_files::make_data_dir;
pub use store::rows::RecordsProblem;
pub use store::settings::{ClipboardSeconds, Theme};
pub use store::shared_text::SharedText;
pub use system::hardening::{Guard, Hardening, WIPING, Wiping, harden_process, hardening};
pub use system::idle::AutoLock;
pub use system::lock_reason::LockReason;
pub use time_limits::TimeLimits;
pub use transfers::api::DEFAULT_CONTEXT;
pub use transfers::interrupted::InterruptedTransfer;
pub use transfers::{
    Direction, RetryPolicy, Transfer, TransferId, TransferReport, TransferState, TransferSummary,
};
pub use tree::api::{EntryKind, TreeEntry};
pub use tree::folder_key::FolderKey;
pub use tree::name::Name;
pub use tree::path::TreePath;
pub use tree::picked::Picked;
pub use tree::rows::kind::FileKind;
pub use tree::rows::{FileLine, FolderLine, FolderNode, Row, RowPage, RowQuery, RowRef, RowSort};
pub use upload::storing::{StoreAs, StoredAlready, Storing};
pub use vault::{Options, Vault};
