//! Commands: accepted at once, settled afterwards, announced on the WebSocket.
//!
//! What is to be done is kept with the command until it is done, so that a restart finishes what was accepted.

mod accept;
pub(crate) mod command;
mod directories;
mod directory_work;
pub(crate) mod held;
mod oauth;
mod oauth_work;
mod perform;
mod settle;
mod shared;
mod voting;
mod voting_work;
mod work;

pub(crate) use accept::{accept, accept_with, begin, resume};
pub(crate) use command::{Command, Status};
pub(crate) use directory_work::{DirectoryWork, NewUser};
pub(crate) use oauth_work::OAuthWork;
pub(crate) use shared::create_device;
pub(crate) use voting_work::VotingWork;
pub(crate) use work::{FileDetails, Work};
