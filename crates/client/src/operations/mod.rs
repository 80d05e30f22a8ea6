//! One file for each operation, in one order: what it is, what it takes, what it answers, how it is sent and read.

pub mod data_token;
pub mod device;
pub mod directory;
pub mod oauth_application;
pub mod policy;
pub mod profile;
pub mod public_key;
pub mod storage;
pub mod utility;
pub mod verified_authenticator;
pub mod voting;
