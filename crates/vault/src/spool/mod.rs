//! Content on its way through this computer that has to be whole before it goes on: what comes by standard input, and
//! what was got back to be stored again or handed to another program. It is on the disk encrypted only.
//!
//! A spool is a file of pieces in the profile's folder, each sealed with the profile's record key to its place: pieces
//! of another spool, in another order, or without the last one do not open.

pub(crate) mod api;
pub(crate) mod file;
pub(crate) mod sweep;
