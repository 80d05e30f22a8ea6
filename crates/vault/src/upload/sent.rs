//! The service has the sealed bytes of an upload, in a place that expires: they are made permanent.

use privicore_client::CommandId;

use crate::store::rows::Posted;
use crate::transfers::await_command::await_command;
use crate::transfers::outcome::Unfinished;
use crate::transfers::tickets::{Sealed, UploadStep};
use crate::upload::permanent::{Sends, find_or_make_permanent, make_permanent, new_token};
use crate::upload::place::{Place, unlearn_seconds};
use crate::upload::record::Permanent;
use crate::upload::step::set_step;
use crate::upload::uploading::Uploading;

/// An upload whose bytes the service has.
pub(super) enum Sent {
    /// This attempt has seen them arrive. Nobody has asked for them to be made permanent.
    Now {
        sealed: Sealed,
        /// If this attempt has brought them there.
        place: Option<Place>,
    },
    /// An earlier attempt has, and may have asked for that already.
    Earlier(Sealed),
}

impl Sent {
    /// Makes the bytes permanent.
    pub(super) async fn make_permanent(
        self,
        uploading: &Uploading<'_>,
    ) -> Result<Permanent, Unfinished> {
        let (session, attempt) = (uploading.session, uploading.attempt);
        attempt.progress.finish();
        let (sealed, token) = match self {
            Self::Now { mut sealed, place } => {
                // From here on it may become permanent, and must be found again.
                let step = UploadStep::Sealed(sealed.clone());
                attempt.step(|job| set_step(job, step)).await?;
                let outlives_seconds = place.as_ref().is_some_and(Place::outlives_seconds);
                let made = make_permanent(session, attempt, &mut sealed, Sends::First).await;
                match (&made, place) {
                    (Err(unfinished), Some(place)) if unfinished.is_gone() => {
                        place.learns_unit(session).await;
                    }
                    (Ok(_), _) if outlives_seconds => unlearn_seconds(session),
                    (Ok(_) | Err(_), _) => {}
                }
                (sealed, made?)
            }
            Self::Earlier(mut sealed) => {
                let token = find_or_make_permanent(session, attempt, &mut sealed).await?;
                (sealed, token)
            }
        };
        let token = new_token(session, attempt, &sealed, token, uploading.is_known).await?;
        Ok(Permanent { sealed, token })
    }
}

/// Waits until the command that brings the bytes is settled. It is being written down as `noted`.
pub(super) async fn exchanged(
    uploading: &Uploading<'_>,
    mut sealed: Sealed,
    noted: Option<Posted>,
) -> Result<Sealed, Unfinished> {
    if let Some(command) = sealed.commands.last() {
        let command = CommandId::from(command.as_str());
        await_command(uploading.session, uploading.attempt, &command, noted).await?;
    }
    sealed.is_exchanging = false;
    Ok(sealed)
}
