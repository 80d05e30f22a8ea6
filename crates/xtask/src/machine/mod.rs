//! What has to be on the machine: packages of the system, Node, and cargo's further commands.

pub(crate) mod packages;
pub(crate) mod setup;
pub(crate) mod tools;
