//! The Privicore service, typed.
//!
//! One file per operation under [`operations`] and a [`Client`] that sends them. Nothing here encrypts: the caller has
//! sealed the bytes before.
//!
//! * [`Client::call`] is for operations that answer at once.
//! * [`Client::run_command`] is for commands: the service accepts them first and reports the outcome later, on the
//!   WebSocket or to a poll. It returns when the outcome is known.
//! * [`Client::fill`] and [`Client::perform`] call any operation of the [`catalog()`] with values by name.
//! * [`Client::send_upstream`] and [`Client::fetch_downstream`] stream bytes of any size.

mod answer;
mod back_off;
mod catalog;
mod client;
mod configuration;
mod error;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod habits;
mod identifier;
mod inbox;
mod link;
mod operation;
pub mod operations;
mod request;
mod secret;
mod server_urls;
#[cfg(test)]
mod test_server;
mod transport;

pub use answer::Reply;
pub use answer::data_answer::DataAnswer;
pub use answer::malformed::Malformed;
pub use answer::page::{Page, Pages};
pub use back_off::BackOff;
pub use catalog::call::{Call, CallAnswer};
pub use catalog::field::{Field, Kind};
pub use catalog::shown::Shown;
pub use catalog::spec::{Authority, Encoding, Fallback, Method, Provenance, Repeat, Spec};
pub use catalog::values::CallError;
pub use catalog::{Entry, catalog};
pub use client::Client;
pub use configuration::{Configuration, UnclaimedLimits};
pub use error::{Error, FileProblem, FileRole, Phase, ProxyProblem, TlsProblem};
pub use habits::{Habits, Largest, step_down};
pub use identifier::{
    ApplicationId, CommandId, DataRequest, DeviceIdentifier, DirectoryId, PolicyId, PoolId,
    ProfileId, RequestId, is_identifier,
};
pub use link::{DownstreamLink, UpstreamLink};
pub use operation::{Command, Endpoint, Operation};
pub use request::{Body, Form, Request};
pub use secret::{AuthorizationToken, DataToken, TemporaryToken};
pub use server_urls::{ServerKind, ServerUrlError, ServerUrlProblem, ServerUrls};
pub use transport::download::Download;
pub use transport::network::{ClientCertificate, Network};
pub use transport::proxy::{Proxy, ProxyAddress, ProxyAddressError, ProxyCredentials};
