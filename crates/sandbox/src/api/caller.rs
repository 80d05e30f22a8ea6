//! Who calls: the profile behind `X-DPT-AUTHORIZATION`.

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use jiff::Timestamp;

use crate::wire::answer::Refusal;
use crate::wire::authorized;
use crate::wire::tokens::TokenDigest;
use crate::world::Shared;

const HEADER: &str = "x-dpt-authorization";

/// A caller whose token is good for the operation called.
pub(crate) struct Caller {
    pub(crate) profile: String,
    pub(crate) digest: TokenDigest,
    pub(crate) expires_at: Timestamp,
    /// Whether an application calls for the profile.
    pub(crate) is_application: bool,
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, world: &Shared) -> Result<Self, Refusal> {
        let token = parts
            .headers
            .get(HEADER)
            .and_then(|token| token.to_str().ok())
            .ok_or(Refusal::Unauthorized)?;
        let found = authorized::find(world, token).await?;
        let found = found.ok_or(Refusal::Unauthorized)?;
        if let Some(granted) = &found.granted {
            let path = parts.extensions.get::<MatchedPath>();
            if !granted.allow(path.map_or("", MatchedPath::as_str)) {
                return Err(Refusal::Forbidden("oauth.scope_missing"));
            }
        }
        Ok(Self {
            profile: found.profile,
            digest: found.digest,
            expires_at: found.expires_at,
            is_application: found.granted.is_some(),
        })
    }
}
