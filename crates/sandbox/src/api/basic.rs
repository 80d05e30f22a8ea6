//! `Authorization: Basic`, with which applications name themselves: either base64 of `clientId:clientSecret`, or a code
//! or token as it is.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::wire::answer::Refusal;
use crate::world::Shared;

/// What stands behind `Basic`; wiped when dropped.
pub(super) struct Basic(Zeroizing<String>);

impl Basic {
    /// The text as it was sent.
    pub(super) fn raw(&self) -> &str {
        &self.0
    }

    /// The client's id and secret, if the text is their base64.
    pub(super) fn credentials(&self) -> Option<(String, Zeroizing<String>)> {
        let bytes = Zeroizing::new(STANDARD.decode(self.0.as_bytes()).ok()?);
        let (client, secret) = str::from_utf8(&bytes).ok()?.split_once(':')?;
        Some((client.to_owned(), Zeroizing::new(secret.to_owned())))
    }
}

impl FromRequestParts<Shared> for Basic {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Refusal> {
        let header = parts.headers.get(AUTHORIZATION);
        header
            .and_then(|header| header.to_str().ok()?.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
            .map(|(_, text)| Self(Zeroizing::new(text.trim().to_owned())))
            .ok_or(Refusal::Unauthorized)
    }
}
