//! The commands of the page: take a view model or an id, call the vault, convert.

pub(crate) mod account;
pub(crate) mod activity;
pub(crate) mod applications;
pub(crate) mod changing;
pub(crate) mod connection;
pub(crate) mod console;
pub(crate) mod copies;
pub(crate) mod devices;
pub(crate) mod directories;
pub(crate) mod files;
pub(crate) mod keys;
pub(crate) mod lock;
pub(crate) mod network;
pub(crate) mod phones;
pub(crate) mod policies;
pub(crate) mod preview;
pub(crate) mod recovery;
pub(crate) mod rows;
pub(crate) mod saving;
pub(crate) mod security;
pub(crate) mod session;
pub(crate) mod storing;
pub(crate) mod token;
pub(crate) mod transfers;
pub(crate) mod verification;
pub(crate) mod votes;

use crate::view::ErrorView;

/// What a command answers.
type Answer<T> = Result<T, ErrorView>;
