//! The operations of the service, as they are.

pub(crate) mod activity;
pub(crate) mod operation_body;
pub(crate) mod operations;
pub(crate) mod requested_data;
pub(crate) mod statistics;
