//! Forms of the service that no dialect fixes. All are plausible, so each can be chosen on its own, in any dialect; the
//! default of each is what the dialect plays.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The forms that are chosen. As JSON, for the binary and the control API: camel case names, kebab case values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Settings {
    /// Whether a request for data has an id besides the one of its command.
    pub request_ids: RequestIds,
    /// What `ttl` of a reservation counts.
    pub ttl_unit: TtlUnit,
    /// The largest `ttl`, in its unit; more is answered 422. An hour otherwise.
    pub longest_ttl: Option<u64>,
    /// The largest `perPage`; more is answered 422, and with 0 `perPage` itself is. 1,000 otherwise.
    pub largest_page: Option<u64>,
    pub lists: Option<ListForm>,
    /// When a new profile registers its public key.
    pub key_order: KeyOrder,
    /// How it is said that a download is ready, where the bytes are handed out by a bare auth token.
    pub stream_ready: StreamReady,
    /// The form of links to download from. Once chosen, nothing is handed out inline.
    pub downloads: Option<LinkForm>,
    /// The form of links to upload to.
    pub uploads: Option<LinkForm>,
    /// What `update-data` does to the metadata that is not sent along.
    pub updated_metadata: UpdatedMetadata,
    /// The only method that asks for the status of a command.
    pub status_method: Option<StatusMethod>,
    /// What is answered about the status of a command that is not settled yet.
    pub pending_status: PendingStatus,
    /// How `configure-file-meta` is answered.
    pub file_meta: Option<FileMetaForm>,
    /// Whether a device needs a public key of its own before it is approved.
    pub device_keys: DeviceKeys,
    /// How long after the HTTP answer the outcome of a command is sent at the earliest, in milliseconds.
    pub acknowledge_after: Option<u64>,
}

/// The id that answers a request for data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestIds {
    /// The request has the id of its command.
    #[default]
    OfTheCommand,
    /// The request has an id of its own. The outcome of the command is sent under the command's id, and only that can
    /// be asked for; the data comes under the request's.
    Separate,
}

/// The unit of `ttl`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TtlUnit {
    /// Minutes, five if nothing is said.
    #[default]
    Minutes,
    /// Seconds, five minutes if nothing is said.
    Seconds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListForm {
    /// `[…]`
    Array,
    /// `{"items": […], "meta": {…}}`
    Items,
    /// `{"data": […], "meta": {…}}`
    Data,
    /// `{"<id>": {…}, …}`; the entries do not repeat their id.
    Keyed,
}

/// When the public key of a new profile is registered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyOrder {
    /// With the token of the first sign-in.
    #[default]
    AfterAuthenticate,
    /// Without a token, by `username` and `password` beside the key. Signing in is answered 401 until it is done.
    BeforeAuthenticate,
}

/// The message that a download is ready.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StreamReady {
    /// It names the request as the dialect does.
    #[default]
    Usual,
    /// It names the request as `requestId` and brings the whole address as `streamUrl`.
    WithUrl,
    /// It never comes: the download is ready at once.
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkForm {
    /// A whole address.
    Url,
    /// `host:port/?auth=…`
    WithoutScheme,
    /// The auth token alone.
    Token,
    /// The auth token alone; host and port come beside it, as `download_server_id` and `download_server_port` or
    /// `stream_server_id` and `stream_server_port`.
    Placed,
}

/// What becomes of metadata by `update-data`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UpdatedMetadata {
    /// What is not sent stays as it is.
    #[default]
    Merged,
    /// What is not sent is gone, the file name included.
    Replaced,
}

/// The method that asks for a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatusMethod {
    /// `GET`
    Get,
    /// `POST`
    Post,
}

/// The status of a command that is not settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PendingStatus {
    #[default]
    Known,
    /// 404, as for a command that does not exist.
    Unknown,
}

/// The answer to `configure-file-meta`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileMetaForm {
    /// `{"token": …}`
    Object,
    /// The token as a bare string.
    Bare,
    /// 202 with the id of a command; asked again once that has succeeded, `{"token": …}`.
    CommandThenToken,
    /// 202 with the id of a command, however often it is asked. The token is found in the list.
    Command,
}

/// Whether a device needs a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceKeys {
    /// With or without a key.
    #[default]
    Optional,
    /// Approving a device without a public key is rejected with `device.public_key_missing`.
    Required,
}

impl TtlUnit {
    pub(crate) fn of(self, count: u64) -> Duration {
        Duration::from_secs(match self {
            Self::Minutes => count.saturating_mul(60),
            Self::Seconds => count,
        })
    }

    /// An hour.
    pub(crate) fn usual_longest(self) -> u64 {
        match self {
            Self::Minutes => 60,
            Self::Seconds => 3600,
        }
    }
}
