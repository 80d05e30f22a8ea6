//! How requests are read and answers are written.

pub(crate) mod answer;
pub(crate) mod authorized;
pub(crate) mod calls;
pub(crate) mod dialect;
pub(crate) mod fields;
pub(crate) mod json_fields;
pub(crate) mod scopes;
pub(crate) mod settings;
pub(crate) mod signed_key;
pub(crate) mod tokens;
