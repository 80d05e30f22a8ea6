//! Errors in the answers of the service.

/// Why an answer could not be read. Says nothing of its content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    #[error("the body is not JSON")]
    NotJson,
    /// A field is missing or has another type.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A link is not an address.
    #[error("a link is not an address")]
    NotALink,
    /// A link leads to an unencrypted address elsewhere.
    #[error("a link to {host} is not encrypted")]
    Insecure { host: String },
    /// A link that was given by hand leads elsewhere than to the service.
    #[error("a link leads to {host}, which is not this service")]
    Elsewhere { host: String },
    /// The body is larger than any answer is.
    #[error("the body is too long")]
    TooLong,
}
