//! Start, stop, and access control.

pub(crate) mod addresses;
pub(crate) mod builder;
pub(crate) mod error;
pub(crate) mod guesses;
pub(crate) mod home;
pub(crate) mod listener;
pub(crate) mod local;
pub(crate) mod owner;
pub(crate) mod private;
pub(crate) mod sandbox;
pub(crate) mod sweep;
