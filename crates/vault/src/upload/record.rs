//! What is kept of a file that is stored.

use jiff::Timestamp;
use privicore_client::DataToken;

use crate::error::{Error, RecordError};
use crate::files::file::{AtService, File};
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::files::on_disk;
use crate::files::service_list::listing::digest_of_name;
use crate::keys::sealing_policy::EncryptedFor;
use crate::receipts::{Named, Receipt};
use crate::store::rows::{Kind, RowId};
use crate::store::shared_text::SharedText;
use crate::transfers::outcome::Unfinished;
use crate::transfers::tickets::Sealed;
use crate::upload::permanent::{listed_token, refuse_token};
use crate::upload::uploading::Uploading;

/// An upload that the service will keep.
pub(super) struct Permanent {
    pub sealed: Sealed,
    pub token: DataToken,
}

impl Permanent {
    /// Writes down what was stored. Where another transfer has just stored something under this token, the list tells
    /// the right one.
    pub(super) async fn record(self, uploading: &Uploading<'_>) -> Result<File, Unfinished> {
        let Self { sealed, token } = self;
        let clashing = FileId::derive(&token);
        if let Some(file) = record_as(uploading, sealed.clone(), token).await? {
            return Ok(file);
        }
        // Another transfer, or another process, has just written it.
        let is_known = |id: FileId, _: &str| id == clashing;
        let refused = || Unfinished::from(refuse_token(uploading.attempt));
        let listed = listed_token(uploading.session, &sealed, &is_known).await?;
        let token = listed.ok_or_else(refused)?;
        record_as(uploading, sealed, token)
            .await?
            .ok_or_else(refused)
    }
}

/// Receipt and row are written, and the ticket goes, together. Nothing is written, or answered, when the token stands
/// for another file.
async fn record_as(
    uploading: &Uploading<'_>,
    sealed: Sealed,
    token: DataToken,
) -> Result<Option<File>, Unfinished> {
    let Uploading {
        session,
        attempt,
        source,
        ..
    } = *uploading;
    let with = match sealed.with {
        Some(with) => *with,
        // The ticket of an older version: then every file was sealed with these.
        None => EncryptedFor::age(&*session.profile.keys()?, &[]),
    };
    let stored_at = Timestamp::now();
    let receipt = Receipt {
        digest: sealed.digest,
        stored_size: sealed.stored_size,
        engine_key: sealed.engine_key.map(SharedText::from),
        commands: sealed.commands,
        stored_at,
        named: Some(Named {
            name: source.name.clone(),
            folder: source.folder.as_str().into(),
            is_escaped: source.is_escaped,
            context: attempt.ticket.context.as_str().into(),
            size_bytes: Some(sealed.size),
            attributes: sealed.attributes,
            sealed: Some(digest_of_name(&sealed.name).into()),
        }),
        token: Some(token.reveal().into()),
        ..Receipt::of(with)
    };
    let file = File {
        id: FileId::derive(&token),
        token,
        name: source.name.clone(),
        folder: source.folder.as_str().into(),
        is_escaped: source.is_escaped,
        context: attempt.ticket.context.as_str().into(),
        size_bytes: Some(sealed.size),
        attributes: sealed.attributes,
        stored_size_bytes: Some(sealed.stored_size),
        stored_at: Some(stored_at),
        state: FileState::Stored,
        receipt: Some(Box::new(receipt.clone())),
        at_service: AtService {
            sealed_name: Some(digest_of_name(&sealed.name).into()),
            ever_listed: Some(false),
            ..AtService::default()
        },
        receipt_lost: false,
    };
    let rows = &session.profile.rows;
    let changes = vec![
        on_disk::require_new(file.id, &digest_of_name(&sealed.name)),
        rows.sealed(Kind::Receipt, file.id.0, &receipt)?.into_new(),
        rows.sealed(Kind::File, file.id.0, &file.row())?,
    ];
    match attempt.finish(changes).await {
        Ok(()) => Ok(Some(file)),
        Err(Error::Record(RecordError::Known)) => {
            // Another transfer, or another process, has just stored something under this token; or this one did, and
            // the disk told of an error all the same.
            let kept = rows.readable::<Receipt>(Kind::Receipt).await?;
            let is_this =
                |(id, kept): &(RowId, Receipt)| *id == file.id.0 && kept.digest == receipt.digest;
            if kept.iter().any(is_this) {
                attempt.finish(Vec::new()).await?;
                return Ok(Some(file));
            }
            Ok(None)
        }
        Err(error) => {
            // It is stored, but that is not on this machine's disk yet: the ticket stays, and the token is found again
            // by it.
            tracing::warn!(%error, "a receipt could not be written");
            Err(Unfinished::NotConfirmed)
        }
    }
}
