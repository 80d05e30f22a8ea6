//! The Privicore service, typed.
//!
//! One file per operation under [`operations`], a [`Client`] that sends them, and nothing that encrypts: bytes that
//! leave through this crate have been sealed by the caller.
//!
//! * [`Client::call`] is for operations that answer at once.
//! * [`Client::settle`] is for commands: the service accepts them first and tells their outcome later, on the
//!   WebSocket or to a poll. It returns when the outcome is known.
//! * [`Client::fill`] and [`Client::perform`] call any operation of the [`catalog()`] with values by name.
//! * [`Client::send_upstream`] and [`Client::fetch_downstream`] stream bytes of any size.

mod about;
mod answer;
mod back_off;
mod base64_text;
mod bounded_json;
mod call;
mod catalog;
mod client;
mod configuration;
mod data_answer;
mod endpoints;
mod error;
mod failure;
mod field;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod habits;
mod http;
mod identifier;
mod inbox;
mod link;
mod mailbox;
mod malformed;
mod message;
mod network;
mod operation;
pub mod operations;
mod page;
mod proxy;
mod request;
mod resolve;
mod retrieval;
mod secret;
mod settlement;
mod shown;
mod socket;
#[cfg(test)]
mod test_server;
mod time;
mod tls;
mod tunnel;
mod upload;
mod values;
mod zone;

pub use about::{About, Authority, Encoding, Method, Other, Provenance, Repeat};
pub use answer::Reply;
pub use back_off::BackOff;
pub use call::{Call, CallAnswer};
pub use catalog::{Entry, catalog};
pub use client::Client;
pub use configuration::{Configuration, ShelfLimits};
pub use data_answer::DataAnswer;
pub use endpoints::{EndpointError, EndpointProblem, Endpoints, Which};
pub use error::{Error, FileProblem, FileRole, Phase, ProxyProblem, TlsProblem};
pub use field::{Field, Kind};
pub use habits::{Habits, Largest, step_down};
pub use http::Download;
pub use identifier::{
    ApplicationId, CommandId, DataRequest, DeviceIdentifier, DirectoryId, PolicyId, PoolId,
    ProfileId, RequestId, is_identifier,
};
pub use link::{DownstreamLink, UpstreamLink};
pub use malformed::Malformed;
pub use network::{ClientCertificate, Network};
pub use operation::{Command, Described, Operation};
pub use page::{Page, Pages};
pub use proxy::{Proxy, ProxyAddress, ProxyAddressError, ProxyCredentials};
pub use request::{Body, Form, Request};
pub use secret::{AuthorizationToken, DataToken, TemporaryToken};
pub use shown::Shown;
pub use values::CallError;
