//! What is sealed again: fetched, opened, and what the service says of it.

use std::future::ready;
use std::io::Read as _;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use privicore_client::{DataAnswer, DataToken, Error as ClientError};
use privicore_envelope::{
    AGE_MARK_BYTES, DigestWriter, OpenError, ProfileKeys, Recipient, StoredDigest, looks_like_age,
    open, seal_name,
};
use zeroize::Zeroizing;

use crate::error::{ContentError, Error};
use crate::files::file::File;
use crate::files::service_list::listing;
use crate::keys::sealing_policy::{EncryptedFor, Encryption};
use crate::receipts::{Opened, Receipt};
use crate::session::Session;
use crate::transfers::Attempt;
use crate::transfers::tickets::Said;
use crate::upload::sealer::Sealer;
use crate::upload::sending::INLINE_LIMIT_BYTES;

/// A link that was used or has expired is asked for again this many times.
pub(super) const SPENT_LINK_RETRIES: usize = 1;

/// What the service says of the file now: a service may take it for gone unless it is sent along. What it does not list
/// gets a new sealed name.
pub(super) async fn what_is_said(
    session: &Session,
    file: &File,
    keys: &ProfileKeys,
) -> Result<Said, Error> {
    let entry = listing::find_entry(session, &file.token).await?;
    let entry = entry.as_ref();
    let file_name = entry.and_then(|entry| entry.file_name.clone());
    let extension = entry.and_then(|entry| entry.extension.clone());
    let context = entry.and_then(|entry| entry.context.clone());
    Ok(Said {
        file_name: file_name.unwrap_or_else(|| seal_name(&keys.names, &file.name_record())),
        extension: extension.unwrap_or_else(|| "age".to_owned()),
        context: context.unwrap_or_else(|| file.context.to_string()),
    })
}

/// Opens what the service has, lets the receipt judge, and seals it anew. Blocks.
pub(super) fn seal_again(
    keys: &ProfileKeys,
    extra: &[Recipient],
    file: &File,
    stored: &[u8],
) -> Result<(Vec<u8>, EncryptedFor), Error> {
    let receipt = file.receipt.as_deref();
    let mut plaintext = Zeroizing::new(Vec::with_capacity(stored.len()));
    let opened = match opened_into(keys, stored, &mut plaintext) {
        Ok(()) => Opened::Whole(digest_of(stored)),
        Err(OpenError::CutShort) => Opened::CutShort,
        Err(OpenError::Damaged) => Opened::Damaged,
        // Bytes that no key opens and that were never stored are the service's, not ours.
        Err(_) if receipt.is_some_and(|receipt| !is_for(receipt, stored)) => Opened::Foreign,
        Err(OpenError::WrongKey) => return Err(ContentError::WrongKey.into()),
        Err(_) => return Err(ContentError::NotSealed.into()),
    };
    Receipt::judge(receipt, stored.len() as u64, opened)?;
    let length = plaintext.len() as u64;
    if file.size_bytes.is_some_and(|size| size != length) {
        // It is not the file that its name says it is.
        return Err(ContentError::Swapped.into());
    }
    let (sealer, with) = Sealer::begin(&Encryption::Age, keys, extra)?;
    Ok((sealer.seal_bytes(&plaintext)?, with))
}

pub(super) fn is_for(receipt: &Receipt, stored: &[u8]) -> bool {
    receipt.is_for(stored.len() as u64, digest_of(stored))
}

pub(super) fn opened_into(
    keys: &ProfileKeys,
    stored: &[u8],
    plaintext: &mut Vec<u8>,
) -> Result<(), OpenError> {
    if !looks_like_age(stored.get(..AGE_MARK_BYTES).unwrap_or(stored)) {
        return Err(OpenError::NotSealed);
    }
    let mut opened = open(&keys.identities(), stored)?;
    let read = opened.read_to_end(plaintext);
    read.map(drop).map_err(OpenError::from_read)
}

/// The stored bytes, unless they are more than can be replaced.
pub(super) async fn fetch(
    session: &Session,
    attempt: &Attempt,
    token: &DataToken,
) -> Result<Option<Bytes>, Error> {
    let mut retries = 0;
    loop {
        match fetch_once(session, attempt, token).await {
            Err(Error::Service(ClientError::LinkSpent)) if retries < SPENT_LINK_RETRIES => {
                retries += 1;
            }
            fetched => return fetched,
        }
    }
}

pub(super) async fn fetch_once(
    session: &Session,
    attempt: &Attempt,
    token: &DataToken,
) -> Result<Option<Bytes>, Error> {
    let mut pending = attempt.progress.pending();
    let answer = session.retrieve(token, None, |request| {
        pending(request.ids().next().unwrap_or_default());
        ready(())
    });
    let answer = answer.await;
    attempt.progress.settled();
    match answer? {
        DataAnswer::Inline(bytes) => Ok(Some(bytes)),
        DataAnswer::Link(link) => {
            let download = session.client.fetch_downstream(&link).await?;
            Ok(gathered(download.body).await?)
        }
    }
}

pub(super) async fn gathered(
    body: impl Stream<Item = Result<Bytes, ClientError>>,
) -> Result<Option<Bytes>, ClientError> {
    let mut gathered = BytesMut::new();
    let mut body = std::pin::pin!(body);
    while let Some(frame) = body.next().await {
        gathered.extend_from_slice(&frame?);
        if gathered.len() as u64 > INLINE_LIMIT_BYTES {
            return Ok(None);
        }
    }
    Ok(Some(gathered.freeze()))
}

pub(super) fn digest_of(bytes: &[u8]) -> StoredDigest {
    let mut digesting = DigestWriter::new(std::io::sink());
    std::io::Write::write_all(&mut digesting, bytes).expect("a sink takes everything");
    digesting.digest()
}
