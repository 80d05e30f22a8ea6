//! Things that go wrong on request: for one operation, the next so many times.
//!
//! To add a fault: a variant, the stages at which it strikes, and the place of each stage that plays it.

mod body_rate;
mod layer;
mod plan;

use std::time::Duration;

use serde::Deserialize;

pub(crate) use body_rate::BodyRate;
pub(crate) use layer::{FaultLayer, apply_faults, linger};
pub use plan::Faults;

/// The operation name of uploads.
pub const UPSTREAM: &str = "upstream";
/// The operation name of downloads, inline ones included.
pub const DOWNSTREAM: &str = "downstream";
/// The operation name of the WebSocket: opening it and joining.
pub const WEBSOCKET: &str = "websocket";

/// One thing that can go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
#[non_exhaustive]
pub enum Fault {
    /// The outcome of the command is on the WebSocket before the HTTP response names its id.
    AckBeforeResponse,
    /// The command settles this much later.
    AckLate {
        /// How much later, in milliseconds.
        milliseconds: u64,
    },
    /// The command settles, but nothing is sent.
    AckLost,
    /// The outcome is sent twice.
    AckTwice,
    Reject {
        reason: String,
    },
    /// The command, or the request for data, stays pending until [`Control::release`](crate::Control::release) says how
    /// the vote ended, restarts included. Policies are not asked.
    HeldForVote,
    /// The request is answered 401 although its token is good.
    Unauthorized,
    /// The request is answered 422 although its fields are good.
    Invalid {
        field: String,
    },
    /// The request is answered 500.
    InternalError,
    /// The request is answered 503.
    Unavailable {
        /// What `Retry-After` says, in seconds.
        retry_after: u64,
    },
    /// The request is served, and the connection ends instead of its answer. Strikes the next request that succeeds.
    AnswerLost,
    /// The request is served and never answered: the connection stays silent until the client ends it. Strikes the next
    /// request that succeeds.
    AnswerWithheld,
    /// The WebSocket connection ends when a client wants to join, without an answer.
    DropBeforeJoin,
    /// The WebSocket connection ends after a join was answered, without a close frame.
    DropAfterJoin {
        /// How many messages are still delivered before.
        #[serde(default)]
        messages: u32,
    },
    /// The connection of an upload ends after this many bytes.
    UploadCut {
        /// Bytes that still arrive.
        after: u64,
    },
    /// The connection of a download ends after this many bytes.
    DownloadCut {
        /// Bytes that are still sent.
        after: u64,
    },
    /// The bytes of an upload are read, or those of a download sent, a few at a time. Inline downloads are spared.
    SlowBody {
        /// How many bytes pass between two pauses; 0 counts as 1.
        bytes: u64,
        /// How long a pause is, in milliseconds of the sandbox's clock.
        milliseconds: u64,
    },
    /// A download goes silent after this many bytes, until the client ends the connection. Inline downloads are spared.
    DownloadStalled {
        /// Bytes that are still sent.
        after: u64,
    },
    /// One byte of a download is not what was stored.
    FlipByte {
        at: u64,
    },
    /// A download brings the bytes of another token.
    OtherBytes,
    /// A download brings the bytes the token had before its last `update-data`. Those are kept only by updates that are
    /// settled while this fault is planned: plan it before updating.
    OlderBytes,
    /// A download brings more than was stored, and says so in its length.
    BytesAppended {
        /// How many bytes more.
        count: u32,
    },
    /// A download brings these bytes instead of those that were stored, and says so in its length.
    Instead {
        bytes: Vec<u8>,
    },
    /// A download goes on after its end, without end and without a length. Inline downloads are spared.
    Endless,
    /// The request is sent elsewhere, with 307.
    Redirect {
        /// The address it is sent to.
        to: String,
    },
    /// The link that is handed out, for an upload or a download, is this address.
    LinkTo {
        address: String,
    },
    /// There is no room: an upload is read and then answered 507, a command rejected with `storage.disk_full`. Nothing
    /// is kept.
    DiskFull,
    /// The link or auth token that is handed out has expired already.
    LinkExpired,
    /// The link or auth token that is handed out has been used already. Answered as an expired one is.
    LinkUsed,
    /// The temporary token comes alone, as a bare string.
    NoStream,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Before a request is served.
    Request,
    /// After a request was served.
    Answer,
    /// When a command settles.
    Settling,
    /// When a WebSocket client wants to join.
    Joining,
    /// When a WebSocket client has joined.
    Joined,
    /// While the bytes of an upload arrive.
    Upload,
    /// While stored bytes are read back.
    Download,
    /// While a download goes over its connection.
    Sending,
    /// When a link is handed out.
    Link,
}

impl Fault {
    pub(crate) fn strikes_at(&self, stage: Stage) -> bool {
        match self {
            Self::Unauthorized
            | Self::Invalid { .. }
            | Self::InternalError
            | Self::Unavailable { .. }
            | Self::Redirect { .. } => stage == Stage::Request,
            Self::AnswerLost | Self::AnswerWithheld => stage == Stage::Answer,
            Self::AckBeforeResponse
            | Self::AckLate { .. }
            | Self::AckLost
            | Self::AckTwice
            | Self::Reject { .. }
            | Self::HeldForVote => stage == Stage::Settling,
            Self::DropBeforeJoin => stage == Stage::Joining,
            Self::DropAfterJoin { .. } => stage == Stage::Joined,
            Self::UploadCut { .. } => stage == Stage::Upload,
            Self::SlowBody { .. } => matches!(stage, Stage::Upload | Stage::Sending),
            Self::DownloadStalled { .. } | Self::Endless => stage == Stage::Sending,
            Self::DownloadCut { .. }
            | Self::FlipByte { .. }
            | Self::OtherBytes
            | Self::OlderBytes
            | Self::Instead { .. }
            | Self::BytesAppended { .. } => stage == Stage::Download,
            Self::DiskFull => matches!(stage, Stage::Upload | Stage::Settling),
            Self::LinkExpired | Self::LinkUsed | Self::NoStream | Self::LinkTo { .. } => {
                stage == Stage::Link
            }
        }
    }

    /// How long a late command waits.
    pub(crate) fn delay(&self) -> Duration {
        match self {
            Self::AckLate { milliseconds } => Duration::from_millis(*milliseconds),
            _ => Duration::ZERO,
        }
    }

    /// Why the command is rejected, if it is.
    pub(crate) fn rejection(&self) -> Option<&str> {
        match self {
            Self::Reject { reason } => Some(reason),
            Self::DiskFull => Some("storage.disk_full"),
            _ => None,
        }
    }
}
