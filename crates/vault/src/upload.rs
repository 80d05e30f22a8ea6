//! Storing one file: reserve, seal, send, name, receipt.
//!
//! Nothing counts as stored before the service has confirmed it and the receipt is on disk.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use jiff::Timestamp;
use privicore_client::operations::data_token::{
    ConfigureFileMeta, ExchangeData, ListDataTokens, ReserveTokenSpace, RetrieveTemporaryToken,
    TemporarySpace, TokenFilter,
};
use privicore_client::{CommandId, DataToken, Error as ClientError, UpstreamLink};
use privicore_envelope::{DigestWriter, NameRecord, ProfileKeys, Sealing, StoredDigest, seal_name};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::blocking::blocking;
use crate::catalogue::{File, FileId, FileState};
use crate::error::Error;
use crate::frames::{FRAMES, FrameWriter};
use crate::progress::Progress;
use crate::receipts::Receipt;
use crate::rows::Kind;
use crate::session::Session;
use crate::source::{OpenSource, Source};

/// Sealed bytes up to this length travel inside the exchange command: its base64 stays below the 50 KB that are known to work.
const INLINE_LIMIT_BYTES: u64 = 32 * 1024;
/// A reservation's life in minutes: long enough for the upload, small enough for the service, which refuses large figures.
const RESERVATION_MINUTES: std::ops::RangeInclusive<u64> = 5..=60;
/// The slowest upload a reservation is made for.
const SLOWEST_BYTES_PER_MINUTE: u64 = 60 * 1024 * 1024;

/// How sealed bytes reach the service.
#[derive(Debug, PartialEq, Eq)]
enum Route {
    Inline,
    Stream,
}

/// What the thread that seals reports at the end.
struct Sent {
    digest: StoredDigest,
    stored_size: u64,
}

/// Stores `source` under `context`.
///
/// # Errors
/// What happened, with nothing stored; or [`ClientError::NotConfirmed`] inside [`Error::Service`] when the last step was sent
/// and its outcome is not known.
pub(crate) async fn upload(
    session: &Session,
    source: &Source,
    context: &str,
    progress: &Arc<Progress>,
    cancel: &CancellationToken,
) -> Result<File, Error> {
    let sending = send(session, source, context, progress);
    let ready = cancel
        .run_until_cancelled(sending)
        .await
        .ok_or(Error::Canceled)??;
    progress.finish();
    finish(session, source, context, ready).await
}

/// Everything up to the step that makes it permanent.
struct Ready {
    space: TemporarySpace,
    sent: Sent,
    sealed_name: String,
    size: u64,
    commands: Vec<CommandId>,
}

async fn send(
    session: &Session,
    source: &Source,
    context: &str,
    progress: &Arc<Progress>,
) -> Result<Ready, Error> {
    let keys = &session.profile.keys;
    let (open, sealing) = open_and_begin(source.clone(), Arc::clone(keys)).await?;
    let size = open.size();
    let sealed_len = sealing.sealed_len(size);
    progress.expect(sealed_len);
    let sealed_name = seal_name(&keys.names, &name_record(source, &open));

    let reservation = session
        .settle(&ReserveTokenSpace {
            context: context.to_owned(),
            ttl: Some(reservation_minutes(sealed_len)),
            meta: None,
        })
        .await?;
    let mut commands = vec![reservation.clone()];
    let space = session
        .call(&RetrieveTemporaryToken { reservation })
        .await?;
    let sent = match (route(sealed_len), &space.upstream) {
        (Route::Stream, Some(link)) => {
            send_stream(session, link, sealed_len, open, sealing, progress).await?
        }
        (Route::Stream, None) => return Err(Error::NoUploadLink),
        (Route::Inline, _) => {
            let (sent, command) = send_inline(session, &space, open, sealing, progress).await?;
            commands.push(command);
            sent
        }
    };
    Ok(Ready {
        space,
        sent,
        sealed_name,
        size,
        commands,
    })
}

/// Makes the stored bytes permanent, then writes receipt and row together.
async fn finish(
    session: &Session,
    source: &Source,
    context: &str,
    ready: Ready,
) -> Result<File, Error> {
    let token = make_permanent(session, context, &ready).await?;
    let keys = &session.profile.keys;
    let stored_at = Timestamp::now();
    let receipt = Receipt {
        digest: ready.sent.digest.to_string(),
        stored_size: ready.sent.stored_size,
        form: "age".into(),
        application_key: keys.application_fingerprint(),
        recovery_recipient: keys.recovery.recipient().to_string(),
        engine_key: session.engine_key().await,
        commands: ready.commands.iter().map(ToString::to_string).collect(),
        stored_at,
    };
    let file = File {
        id: FileId::derive(&token),
        token,
        name: source.name.clone(),
        folder: source.folder.clone(),
        context: context.to_owned(),
        size_bytes: Some(ready.size),
        stored_size_bytes: Some(ready.sent.stored_size),
        stored_at: Some(stored_at),
        state: FileState::Stored,
        receipt: Some(receipt.clone()),
    };
    let rows = &session.profile.rows;
    rows.write(vec![
        rows.sealed(Kind::Receipt, file.id.0, &receipt)?,
        rows.sealed(Kind::File, file.id.0, &file.row())?,
    ])
    .await?;
    Ok(file)
}

/// Turns the temporary token into the permanent one. When the answer is lost, the token is looked for by its sealed name, which
/// no other file has; so nothing is stored twice and nothing is orphaned.
async fn make_permanent(
    session: &Session,
    context: &str,
    ready: &Ready,
) -> Result<DataToken, Error> {
    let meta = ConfigureFileMeta {
        token: ready.space.token.clone(),
        file_name: ready.sealed_name.clone(),
        extension: "age".into(),
        context: context.to_owned(),
        size: ready.sent.stored_size,
        path: "/".into(),
    };
    match session.call(&meta).await {
        Ok(token) => Ok(token),
        Err(Error::Service(error)) if may_have_arrived(&error) => {
            match find_by_name(session, &ready.sealed_name).await {
                Ok(Some(token)) => Ok(token),
                _ => Err(ClientError::NotConfirmed { command: None }.into()),
            }
        }
        Err(error) => Err(error),
    }
}

/// Whether the service may have done what it was asked although no proper answer came.
fn may_have_arrived(error: &ClientError) -> bool {
    let unclear = matches!(
        error,
        ClientError::Interrupted { .. }
            | ClientError::TimedOut { .. }
            | ClientError::UnexpectedAnswer { .. }
            | ClientError::NotConfirmed { .. }
            | ClientError::Refused { status: 500.., .. }
    );
    unclear && !error.nothing_was_sent()
}

async fn find_by_name(session: &Session, sealed_name: &str) -> Result<Option<DataToken>, Error> {
    let page = session
        .call(&ListDataTokens {
            page: None,
            per_page: None,
            filter: TokenFilter {
                file_name: Some(sealed_name.to_owned()),
                ..TokenFilter::default()
            },
        })
        .await?;
    let found = page
        .items
        .into_iter()
        .find(|entry| entry.file_name.as_deref() == Some(sealed_name));
    Ok(found.map(|entry| entry.token))
}

fn name_record(source: &Source, open: &OpenSource) -> NameRecord {
    NameRecord {
        name: source.name.clone(),
        path: source.folder.clone(),
        media_type: None,
        modified_ms: open.modified_ms(),
        size: open.size(),
    }
}

async fn open_and_begin(
    source: Source,
    keys: Arc<ProfileKeys>,
) -> Result<(OpenSource, Sealing), Error> {
    blocking(move || {
        let open = source.open()?;
        let sealing = Sealing::begin(&keys.recipients()).map_err(|_| Error::WrongKey)?;
        Ok((open, sealing))
    })
    .await
}

async fn send_inline(
    session: &Session,
    space: &TemporarySpace,
    open: OpenSource,
    sealing: Sealing,
    progress: &Arc<Progress>,
) -> Result<(Sent, CommandId), Error> {
    let (bytes, sent) = blocking(move || {
        let mut bytes = Vec::new();
        let sent = seal(open, sealing, &mut bytes)?;
        Ok((Bytes::from(bytes), sent))
    })
    .await?;
    let command = session
        .settle(&ExchangeData {
            temporary_token: space.token.clone(),
            data: bytes,
        })
        .await?;
    progress.add(sent.stored_size);
    Ok((sent, command))
}

async fn send_stream(
    session: &Session,
    link: &UpstreamLink,
    sealed_len: u64,
    open: OpenSource,
    sealing: Sealing,
    progress: &Arc<Progress>,
) -> Result<Sent, Error> {
    let (sender, frames) = mpsc::channel::<io::Result<Bytes>>(FRAMES);
    let sealer = tokio::task::spawn_blocking(move || {
        let sealed = seal(open, sealing, FrameWriter::new(sender.clone()));
        if sealed.is_err() {
            // The request must not look complete; a receiver that has gone knows already.
            let _ = sender.blocking_send(Err(io::ErrorKind::InvalidData.into()));
        }
        sealed
    });
    let body = counted(frames, Arc::clone(progress));
    let sent = session
        .client
        .send_upstream(link, Some(sealed_len), body)
        .await;
    let outcome = sealer.await.map_err(|_| Error::Canceled)?;
    match (sent, outcome) {
        (Ok(()), outcome) => outcome,
        // The body broke off because sealing did: that is the reason to tell.
        (Err(ClientError::Body(_)), Err(error)) => Err(error),
        (Err(error), _) => Err(error.into()),
    }
}

/// Reads, seals and digests to the last byte, and makes sure that the file did not change meanwhile. Blocks.
fn seal(mut open: OpenSource, sealing: Sealing, out: impl io::Write) -> Result<Sent, Error> {
    let failed = |_| Error::Canceled;
    let digesting = DigestWriter::new(out);
    let mut sealed = sealing.into_writer(digesting).map_err(failed)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = match io::Read::read(&mut open, &mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) => return Err(open.explain(error)),
        };
        io::Write::write_all(&mut sealed, &buffer[..read]).map_err(failed)?;
    }
    open.confirm_unchanged()?;
    let mut digesting = sealed.finish().map_err(failed)?;
    io::Write::flush(&mut digesting).map_err(failed)?;
    let (digest, stored_size) = digesting.finish();
    Ok(Sent {
        digest,
        stored_size,
    })
}

/// The frames as a body; each is counted when it is taken to be sent.
fn counted(
    frames: mpsc::Receiver<io::Result<Bytes>>,
    progress: Arc<Progress>,
) -> impl stream::Stream<Item = io::Result<Bytes>> {
    stream::unfold((frames, progress), |(mut frames, progress)| async move {
        let frame = frames.recv().await?;
        if let Ok(frame) = &frame {
            progress.add(frame.len() as u64);
        }
        Some((frame, (frames, progress)))
    })
}

fn route(sealed_len: u64) -> Route {
    if sealed_len <= INLINE_LIMIT_BYTES {
        Route::Inline
    } else {
        Route::Stream
    }
}

fn reservation_minutes(sealed_len: u64) -> u16 {
    let (least, most) = RESERVATION_MINUTES.into_inner();
    let minutes = (least + sealed_len / SLOWEST_BYTES_PER_MINUTE).min(most);
    u16::try_from(minutes).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_files_travel_inside_the_command() {
        assert_eq!(route(INLINE_LIMIT_BYTES), Route::Inline);
        assert_eq!(route(INLINE_LIMIT_BYTES + 1), Route::Stream);
    }

    #[test]
    fn a_reservation_is_longer_for_large_files_and_never_too_long() {
        assert_eq!(reservation_minutes(0), 5);
        assert_eq!(reservation_minutes(600 * 1024 * 1024), 15);
        assert_eq!(reservation_minutes(u64::MAX), 60);
    }
}
