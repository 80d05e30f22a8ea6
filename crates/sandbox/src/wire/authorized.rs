//! The owner of a token: a signed-in profile, or an application within the scopes that the profile granted.

use jiff::Timestamp;

use crate::state::{authorizations, oauth};
use crate::wire::answer::Broken;
use crate::wire::scopes::Scopes;
use crate::wire::tokens::{TokenDigest, digest_of};
use crate::world::World;

/// What is known of a token that is good.
#[derive(Clone, Debug)]
pub(crate) struct Authorized {
    pub(crate) profile: String,
    pub(crate) digest: TokenDigest,
    pub(crate) expires_at: Timestamp,
    /// What an application may do; none for the profile itself, which may do everything.
    pub(crate) granted: Option<Scopes>,
}

/// Looks up an authorization token or an OAuth access token.
pub(crate) async fn find(world: &World, token: &str) -> Result<Option<Authorized>, Broken> {
    let (digest, now) = (digest_of(token), world.clock.now());
    world
        .state
        .read(move |db| {
            if let Some((profile, expires_at)) = authorizations::find(db, &digest, now)? {
                return Ok(Some(Authorized {
                    profile,
                    digest,
                    expires_at,
                    granted: None,
                }));
            }
            let access = oauth::access(db, &digest, now)?;
            Ok(access.map(|access| Authorized {
                profile: access.grant.profile,
                digest,
                expires_at: access.expires_at,
                granted: Some(access.grant.scopes),
            }))
        })
        .await
}
