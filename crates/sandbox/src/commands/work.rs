//! The parameters of a command, as stored until it is done.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::voting_work::VotingWork;
use super::{DirectoryWork, OAuthWork};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Work {
    RegisterProfile {
        username: String,
        password_hash: String,
    },
    ChangePassword {
        password_hash: String,
    },
    /// Lets the token with this digest (in hex) live until then.
    Reauthorize {
        digest: String,
        expires_at: Timestamp,
    },
    RegisterPublicKey {
        public_key: String,
    },
    ReserveTokenSpace {
        context: String,
        #[serde(default)]
        ttl_minutes: u64,
        #[serde(default)]
        ttl_seconds: u64,
        meta: Option<String>,
    },
    ExchangeData {
        reservation: String,
        /// The stored bytes; none when no device took them.
        blob: Option<String>,
        expires_at: Timestamp,
    },
    ConfigureRisk {
        token: String,
        risk: Value,
    },
    UpdateData {
        token: String,
        blob: Option<String>,
        size: u64,
        meta: Option<Value>,
    },
    UpdateDataToken {
        token: String,
        file_name: Option<String>,
        extension: Option<String>,
        context: Option<String>,
    },
    DeleteData {
        token: String,
    },
    RequestData {
        token: String,
        /// The id it is answered under; none is that of the command.
        #[serde(default)]
        request: Option<String>,
    },
    RequestIdentifier {
        name: String,
    },
    ConfigureDevice {
        device: String,
        name: Option<String>,
    },
    RegisterDeviceKey {
        device: String,
        public_key: String,
    },
    ApproveDevice {
        device: String,
    },
    RejectDevice {
        device: String,
    },
    RemoveDevice {
        device: String,
    },
    RegisterStorage {
        device: String,
    },
    SynchronizeStorage {
        device: String,
    },
    RemoveStorage {
        device: String,
    },
    /// Rows 11 and 13.
    OAuth(OAuthWork),
    /// Rows 68 to 85.
    Directory(DirectoryWork),
    /// Makes stored data permanent, where that is a command. Data that was exchanged has been voted on by then.
    DescribeStreamed {
        reservation: String,
        blob: Option<String>,
        described: FileDetails,
        #[serde(default)]
        was_exchanged: bool,
    },
    Voting(VotingWork),
}

impl Work {
    /// The operation that asks for it, by its path.
    pub(crate) fn operation(&self) -> &'static str {
        match self {
            Self::RegisterProfile { .. } => "profile/register-profile",
            Self::ChangePassword { .. } => "profile/change-password",
            Self::Reauthorize { .. } => "profile/reauthorize-authorization-token",
            Self::RegisterPublicKey { .. } | Self::RegisterDeviceKey { .. } => {
                "public-key/register-public-key"
            }
            Self::ReserveTokenSpace { .. } => "data-token/reserve-token-space",
            Self::ExchangeData { .. } => "data-token/exchange-data-for-token",
            Self::ConfigureRisk { .. } => "data-token/configure-information-security-risk-meta",
            Self::UpdateData { .. } => "data-token/update-data",
            Self::UpdateDataToken { .. } => "data-token/update-data-token",
            Self::DeleteData { .. } => "data-token/delete-data",
            Self::RequestData { .. } => "data-token/request-data",
            Self::RequestIdentifier { .. } => "device/request-unique-identifier",
            Self::ConfigureDevice { .. } => "device/configure-meta",
            Self::ApproveDevice { .. } => "device/approve-device",
            Self::RejectDevice { .. } => "device/reject-device",
            Self::RemoveDevice { .. } => "device/remove",
            Self::RegisterStorage { .. } => "storage/register",
            Self::SynchronizeStorage { .. } => "storage/sync-device",
            Self::RemoveStorage { .. } => "storage/remove",
            Self::OAuth(work) => work.operation(),
            Self::Directory(work) => work.operation(),
            Self::DescribeStreamed { .. } => "data-token/configure-file-meta",
            Self::Voting(work) => work.operation(),
        }
    }

    /// Bytes that no storage device took do not settle before their token space expires.
    pub(crate) fn waits_until(&self) -> Option<Timestamp> {
        match self {
            Self::ExchangeData {
                blob: None,
                expires_at,
                ..
            } => Some(*expires_at),
            _ => None,
        }
    }

    /// Whether copies may be left to remove when it is done.
    pub(crate) fn leaves_copies(&self) -> bool {
        matches!(
            self,
            Self::ExchangeData { .. }
                | Self::UpdateData { .. }
                | Self::DeleteData { .. }
                | Self::DescribeStreamed { .. }
                | Self::SynchronizeStorage { .. }
        )
    }

    /// The device that keeps no copies any more when it is done.
    pub(crate) fn emptied_device(&self) -> Option<&str> {
        match self {
            Self::RemoveStorage { device }
            | Self::RemoveDevice { device }
            | Self::RejectDevice { device } => Some(device),
            _ => None,
        }
    }

    /// Bytes that were stored for this command alone.
    pub(crate) fn blob(&self) -> Option<&str> {
        match self {
            Self::ExchangeData { blob, .. }
            | Self::UpdateData { blob, .. }
            | Self::DescribeStreamed { blob, .. } => blob.as_deref(),
            _ => None,
        }
    }

    /// The id of the request for data, if it has one of its own.
    pub(crate) fn request(&self) -> Option<&str> {
        match self {
            Self::RequestData { request, .. } => request.as_deref(),
            _ => None,
        }
    }

    /// Whether it follows something that has been voted on.
    pub(crate) fn was_voted_on(&self) -> bool {
        matches!(
            self,
            Self::DescribeStreamed {
                was_exchanged: true,
                ..
            }
        )
    }

    /// The token space it is about.
    pub(crate) fn reservation(&self) -> Option<&str> {
        match self {
            Self::ExchangeData { reservation, .. } | Self::DescribeStreamed { reservation, .. } => {
                Some(reservation)
            }
            _ => None,
        }
    }

    /// Whether who may vote, or on what, may be another when it is done.
    pub(crate) fn changes_voting(&self) -> bool {
        matches!(
            self,
            Self::RemoveDevice { .. } | Self::RejectDevice { .. } | Self::Voting(_)
        )
    }
}

/// What the client says about its data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FileDetails {
    pub(crate) file_name: String,
    pub(crate) extension: String,
    pub(crate) context: String,
    pub(crate) size: u64,
    pub(crate) path: String,
}
