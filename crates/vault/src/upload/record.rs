//! What is kept of a file that is stored.

use jiff::Timestamp;
use privicore_client::{DataToken, Error as ClientError};

use crate::error::{Error, RecordError};
use crate::files::file::{AtService, File};
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::files::on_disk;
use crate::files::service_list::listing::digest_of_name;
use crate::keys::sealing_policy::EncryptedFor;
use crate::receipts::{Named, Receipt};
use crate::session::Session;
use crate::store::rows::{Kind, RowId};
use crate::transfers::Attempt;
use crate::transfers::tickets::Sealed;
use crate::upload::permanent::{listed_token, refuse_token};
use crate::upload::source::Source;

/// Writes down what was stored. Where another transfer has just stored something under this token, the list tells the right one.
pub(super) async fn record(
    session: &Session,
    attempt: &Attempt,
    source: &Source,
    sealed: Sealed,
    token: DataToken,
) -> Result<File, Error> {
    let clashing = FileId::derive(&token);
    match record_as(session, attempt, source, sealed.clone(), token).await {
        Err(Error::Record(RecordError::Known)) => {}
        outcome => return outcome,
    }
    // Another transfer, or another process, has just written it.
    let is_known = |id: FileId, _: &str| id == clashing;
    let Some(token) = listed_token(session, &sealed, &is_known).await? else {
        return Err(refuse_token(attempt));
    };
    match record_as(session, attempt, source, sealed, token).await {
        Err(Error::Record(RecordError::Known)) => Err(refuse_token(attempt)),
        outcome => outcome,
    }
}

/// Receipt and row are written, and the ticket goes, together.
pub(super) async fn record_as(
    session: &Session,
    attempt: &Attempt,
    source: &Source,
    sealed: Sealed,
    token: DataToken,
) -> Result<File, Error> {
    let with = match sealed.with {
        Some(with) => *with,
        // The ticket of an older version: then every file was sealed with these.
        None => EncryptedFor::age(&*session.profile.keys()?, &[]),
    };
    let stored_at = Timestamp::now();
    let receipt = Receipt {
        digest: sealed.digest,
        stored_size: sealed.stored_size,
        engine_key: sealed.engine_key,
        commands: sealed.commands,
        stored_at,
        named: Some(Named {
            name: source.name.clone(),
            folder: source.folder.clone(),
            is_escaped: source.is_escaped,
            context: attempt.ticket.context.clone(),
            size_bytes: Some(sealed.size),
            attributes: sealed.attributes,
            sealed: Some(digest_of_name(&sealed.name)),
        }),
        token: Some(token.reveal().into()),
        ..Receipt::of(with)
    };
    let file = File {
        id: FileId::derive(&token),
        token,
        name: source.name.clone(),
        folder: source.folder.clone(),
        is_escaped: source.is_escaped,
        context: attempt.ticket.context.clone(),
        size_bytes: Some(sealed.size),
        attributes: sealed.attributes,
        stored_size_bytes: Some(sealed.stored_size),
        stored_at: Some(stored_at),
        state: FileState::Stored,
        receipt: Some(receipt.clone()),
        at_service: AtService {
            sealed_name: Some(digest_of_name(&sealed.name)),
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
        Ok(()) => Ok(file),
        Err(Error::Record(RecordError::Known)) => {
            // Another transfer, or another process, has just stored something under this token; or this one did, and the disk
            // told of an error all the same.
            let kept = rows.readable::<Receipt>(Kind::Receipt).await?;
            let is_this =
                |(id, kept): &(RowId, Receipt)| *id == file.id.0 && kept.digest == receipt.digest;
            if kept.iter().any(is_this) {
                attempt.finish(Vec::new()).await?;
                return Ok(file);
            }
            Err(RecordError::Known.into())
        }
        Err(error) => {
            // It is stored, but that is not on this machine's disk yet: the ticket stays, and the token is found again by it.
            tracing::warn!(%error, "a receipt could not be written");
            Err(ClientError::NotConfirmed { command: None }.into())
        }
    }
}
