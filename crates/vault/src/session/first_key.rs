//! What came of registering a public key before the first sign-in.

/// What came of registering the public key before the first sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstKey {
    /// The service took it.
    Registered,
    /// The service does not take it without a session.
    Refused,
}
