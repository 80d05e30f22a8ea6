//! A place for an upload is reserved, and the file can be sealed: the sealed bytes are brought into it.

use privicore_client::Error as ClientError;
use privicore_client::operations::data_token::{ExchangeData, RetrieveTemporaryToken};

use crate::error::{Error, TransferError};
use crate::system::blocking::blocking;
use crate::transfers::outcome::Unfinished;
use crate::transfers::tickets::{Sealed, UploadStep};
use crate::upload::place::Place;
use crate::upload::sealable::{InPlace, Sealable};
use crate::upload::sending::{Route, seal_whole, send_stream};
use crate::upload::sent::{Sent, exchanged};
use crate::upload::step::set_step;
use crate::upload::uploading::Uploading;

/// An upload that has a place at the service, and nothing in it.
pub(super) struct Reserved {
    pub place: Place,
    pub sealable: Sealable,
}

impl Reserved {
    /// Seals the bytes and brings them into their place.
    pub(super) async fn send(self, uploading: &Uploading<'_>) -> Result<Sent, Unfinished> {
        let Self {
            mut place,
            sealable,
        } = self;
        let filled = fill(uploading, &mut place, sealable).await;
        if let Err(unfinished) = &filled
            && (unfinished.is_gone() || is_not_found(unfinished))
            && place.learns_unit(uploading.session).await
        {
            return Err(Unfinished::Gone);
        }
        let (sealed, place) = (filled?, Some(place));
        Ok(Sent::Now { sealed, place })
    }
}

fn is_not_found(unfinished: &Unfinished) -> bool {
    matches!(
        unfinished.error(),
        Some(Error::Service(ClientError::NotFound { .. }))
    )
}

async fn fill(
    uploading: &Uploading<'_>,
    place: &mut Place,
    sealable: Sealable,
) -> Result<Sealed, Unfinished> {
    let (session, attempt) = (uploading.session, uploading.attempt);
    let Sealable { seen, sealer, form } = sealable;
    let source = uploading.source.clone();
    let open = blocking(move || source.open(seen)).await?;
    let reservation = place.reservation.clone();
    let space = session
        .call(&RetrieveTemporaryToken { reservation })
        .await?;
    place.ends(session, space.expires_at)?;
    if !attempt.takes_space(space.token.reveal()) {
        return Err(TransferError::TokenKnown.into());
    }
    let in_place = |digest, exchange| InPlace {
        space: space.token.reveal().to_owned(),
        digest,
        reservation: place.reservation.clone(),
        exchange,
    };
    let (progress, rate_limiters) = (&attempt.progress, attempt.rate_limiters());
    match (Route::of(form.sealed_len), &space.upstream) {
        (Route::Stream, Some(link)) => {
            // The link is good once: whatever comes of it, the next attempt needs another place.
            attempt.note(|job| set_step(job, UploadStep::Start))?;
            let length = form.sealed_len;
            let sending = send_stream(session, link, length, open, sealer, progress, rate_limiters);
            Ok(form.in_place(uploading, in_place(sending.await?, None)))
        }
        (Route::Stream, None) => Err(TransferError::NoUploadLink.into()),
        (Route::Inline, _) => {
            let (bytes, digest) = seal_whole(open, sealer).await?;
            let length = bytes.len();
            rate_limiters.upload.pass(length).await;
            let exchange = ExchangeData {
                temporary_token: space.token.clone(),
                data: bytes,
            };
            let command = session.submit(&exchange).await?;
            progress.add(length as u64);
            let sealed = form.in_place(uploading, in_place(digest, Some(command)));
            let step = UploadStep::Sealed(sealed.clone());
            let noted = attempt.post(|job| set_step(job, step))?;
            exchanged(uploading, sealed, Some(noted)).await
        }
    }
}
