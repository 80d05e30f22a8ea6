//! Calls any operation of the catalog with values by field name, for direct work with the service.

use std::fmt;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;
use url::Url;

use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::catalog::Entry;
use crate::catalog::shown::Shown;
use crate::catalog::values::{CallError, Values};
use crate::client::Client;
use crate::error::Error;
use crate::identifier::{CommandId, DataRequest};
use crate::link::{DownstreamLink, Place, UpstreamLink};
use crate::operation::Endpoint as _;
use crate::operations::data_token::RequestData;
use crate::request::Request;
use crate::server_urls::{ServerKind, shown_host};
use crate::transport::download::Download;
use crate::transport::http::{COMMAND_ID, REQUEST_ID};

/// So much of a body is kept.
const LONGEST_BODY_BYTES: usize = 64 * 1024;

/// The limit of a download for display: a body may have no end.
const LONGEST_DOWNLOAD_BYTES: u64 = 1024 * 1024 * 1024;

/// An operation with its fields filled in, ready to be sent.
#[derive(Clone)]
pub struct Call {
    entry: &'static Entry,
    sent: Sent,
    shown: Shown,
}

#[derive(Clone)]
enum Sent {
    Request {
        primary: Request,
        fallback: Option<Request>,
    },
    Upstream {
        link: UpstreamLink,
        data: SecretString,
    },
    Downstream {
        link: DownstreamLink,
    },
}

/// What the service said, whatever it was.
pub struct CallAnswer {
    pub status: u16,
    /// Headers that say something: ids, and when to come back.
    pub headers: Vec<(&'static str, String)>,
    /// The id under which a command was accepted; nothing of it is done yet: see [`Client::await_command`].
    pub command: Option<CommandId>,
    /// The request for data that was accepted; what is answered to it comes later: see [`Client::await_data`].
    pub request: Option<DataRequest>,
    /// The beginning of the body, if it is text. It may hold secrets.
    pub body: Option<SecretString>,
    /// How many bytes the whole body has.
    pub length_bytes: u64,
    /// Whether there is more of the body than is kept.
    pub is_cut: bool,
    /// From the first byte sent to the last one received.
    pub elapsed: Duration,
}

/// What is filled in by hand goes to the service and nowhere else; links that the service itself names may lead
/// elsewhere.
fn stays_at(server: &Url, link: &Url) -> Result<(), Malformed> {
    if link.host() == server.host() {
        return Ok(());
    }
    Err(Malformed::Elsewhere {
        host: shown_host(link),
    })
}

impl Client {
    /// Fills in an operation of the catalog. Nothing is sent.
    ///
    /// A list is given as texts with commas between, as a JSON array, or by its name more than once. An empty value
    /// counts as not given.
    ///
    /// # Errors
    /// [`CallError`] names the field that is missing, unknown or not of its kind.
    pub fn fill(&self, id: &str, values: &[(String, SecretString)]) -> Result<Call, CallError> {
        let entry = Entry::find(id).ok_or_else(|| CallError::UnknownOperation { id: id.into() })?;
        let values = Values::read(&entry.spec, values)?;
        let link = values.text("link").map(SecretString::expose_secret);
        let server = self.url(entry.spec.server);
        let wrong = |problem| CallError::Link {
            field: "link",
            problem,
        };
        let (sent, shown) = match (entry.spec.server, link) {
            (ServerKind::Upstream, Some(link)) => {
                let link = UpstreamLink::resolve(&Place::of(link), server).map_err(wrong)?;
                stays_at(server, link.url()).map_err(wrong)?;
                let data = values.text("data").cloned().unwrap_or_default();
                let shown = Shown::at_link(&entry.spec, link.url(), Some(data.expose_secret()));
                (Sent::Upstream { link, data }, shown)
            }
            (ServerKind::Downstream, Some(link)) => {
                let link =
                    DownstreamLink::resolve(&Place::of(link), server, true).map_err(wrong)?;
                stays_at(server, link.url()).map_err(wrong)?;
                let shown = Shown::at_link(&entry.spec, link.url(), None);
                (Sent::Downstream { link }, shown)
            }
            _ => {
                let uses_fallback = self.uses_fallback(&entry.spec);
                let shown = Shown::on_api(&entry.spec, &values, server, uses_fallback);
                let (primary, fallback) = (values.request(), values.fallback());
                (Sent::Request { primary, fallback }, shown)
            }
        };
        Ok(Call { entry, sent, shown })
    }

    /// Sends a filled-in operation once, in its other form too if the service asks for that. A refusal is an answer.
    ///
    /// # Errors
    /// When there is no answer; [`Error::NotConfirmed`] if the operation changes something and its answer was lost;
    /// [`Error::LinkSpent`] for a link that was used or has expired; [`Error::Closed`] without a session that it needs.
    pub async fn perform(&self, call: &Call) -> Result<CallAnswer, Error> {
        let began = Instant::now();
        let mut answer = match &call.sent {
            Sent::Request { primary, fallback } => {
                let spec = &call.entry.spec;
                let reply = self
                    .exchange_forms(spec, primary, fallback.as_ref())
                    .await?;
                let mut answer = CallAnswer::of(&reply, call.entry.is_command);
                if spec.id == RequestData::SPEC.id && (200..300).contains(&reply.status) {
                    answer.request = reply.data_request().ok();
                }
                answer
            }
            Sent::Upstream { link, data } => {
                let bytes = Bytes::copy_from_slice(data.expose_secret().as_bytes());
                let length = u64::try_from(bytes.len()).ok();
                let body = stream::iter([Ok::<_, io::Error>(bytes)]);
                let status = self.stream_upstream(link, length, body).await?;
                CallAnswer::kept(status, &[], 0)
            }
            Sent::Downstream { link } => read_all(self.fetch_downstream(link).await?).await?,
        };
        answer.elapsed = began.elapsed();
        Ok(answer)
    }
}

impl Call {
    pub fn entry(&self) -> &'static Entry {
        self.entry
    }

    /// What will be sent, with secrets masked.
    pub fn shown(&self) -> &Shown {
        &self.shown
    }

    /// Whether the authorization token of the session goes with it.
    pub fn shows_session(&self) -> bool {
        self.entry.spec.authority.shows_session()
    }
}

impl CallAnswer {
    fn of(reply: &Reply, is_command: bool) -> Self {
        let length = u64::try_from(reply.body.len()).unwrap_or(u64::MAX);
        let accepted = is_command && (200..300).contains(&reply.status);
        let retry_after = reply.retry_after.map(|wait| wait.as_secs().to_string());
        let headers = [
            (COMMAND_ID, reply.command_header.clone()),
            (REQUEST_ID, reply.request_header.clone()),
            ("Retry-After", retry_after),
        ];
        Self {
            headers: headers
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
                .collect(),
            command: accepted.then(|| reply.command_id().ok()).flatten(),
            ..Self::kept(reply.status, &reply.body, length)
        }
    }

    fn kept(status: u16, beginning: &[u8], length_bytes: u64) -> Self {
        let kept = &beginning[..beginning.len().min(LONGEST_BODY_BYTES)];
        let is_cut = u64::try_from(kept.len()).is_ok_and(|kept| kept < length_bytes);
        let text = match str::from_utf8(kept) {
            Ok(text) => Some(text),
            // The cut may go through a character.
            Err(error) if is_cut && error.error_len().is_none() => {
                str::from_utf8(&kept[..error.valid_up_to()]).ok()
            }
            Err(_) => None,
        };
        Self {
            status,
            headers: Vec::new(),
            command: None,
            request: None,
            body: text.map(SecretString::from),
            length_bytes,
            is_cut,
            elapsed: Duration::ZERO,
        }
    }
}

/// Reads a download to its end and keeps its beginning.
async fn read_all(download: Download) -> Result<CallAnswer, Error> {
    let Download {
        status, mut body, ..
    } = download;
    let mut beginning = Vec::new();
    let mut length = 0;
    while let Some(piece) = body.next().await {
        let piece = piece?;
        length += u64::try_from(piece.len()).unwrap_or_default();
        if length > LONGEST_DOWNLOAD_BYTES {
            return Err(Error::TooMuch {
                limit_bytes: LONGEST_DOWNLOAD_BYTES,
            });
        }
        let room = LONGEST_BODY_BYTES - beginning.len();
        beginning.extend_from_slice(&piece[..piece.len().min(room)]);
    }
    Ok(CallAnswer::kept(status, &beginning, length))
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({} …)", self.entry.spec.id)
    }
}

impl fmt::Debug for CallAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallAnswer")
            .field("status", &self.status)
            .field("length_bytes", &self.length_bytes)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
