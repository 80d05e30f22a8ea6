//! Who calls: the profile behind `X-DPT-AUTHORIZATION`.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jiff::Timestamp;

use crate::answer::Refusal;
use crate::state::authorizations;
use crate::tokens::{TokenDigest, digest_of};
use crate::world::Shared;

const HEADER: &str = "x-dpt-authorization";

/// A caller whose token is good.
pub(crate) struct Caller {
    pub(crate) profile: String,
    pub(crate) digest: TokenDigest,
    pub(crate) expires_at: Timestamp,
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, world: &Shared) -> Result<Self, Refusal> {
        let token = parts
            .headers
            .get(HEADER)
            .and_then(|token| token.to_str().ok())
            .ok_or(Refusal::Unauthorized)?;
        let (digest, now) = (digest_of(token), world.clock.now());
        let found = world
            .state
            .read(move |db| authorizations::find(db, &digest, now))
            .await?;
        let (profile, expires_at) = found.ok_or(Refusal::Unauthorized)?;
        Ok(Self {
            profile,
            digest,
            expires_at,
        })
    }
}
