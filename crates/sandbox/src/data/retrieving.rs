//! Reads stored bytes for a client, with planned faults.

use std::io;

use bytes::Bytes;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::spawn_blocking;

use crate::faults::{DOWNSTREAM, Fault, Stage};
use crate::layers::Blob;
use crate::layers::buffers::Buffers;
use crate::layers::retrieval::Retrieval;
use crate::state::data::{blobs, storage};
use crate::state::engine_keys;
use crate::wire::answer::Broken;
use crate::world::World;

/// How many chunks may wait for a slow reader.
const WAITING: usize = 4;

/// Stored bytes being read. An error among the chunks means that no more can come.
pub(crate) struct Reading {
    pub(crate) size: u64,
    pub(crate) first: Bytes,
    pub(crate) rest: Receiver<io::Result<Bytes>>,
}

impl Reading {
    fn of(whole: Bytes) -> Self {
        // Nothing comes after it.
        let (_, rest) = mpsc::channel(1);
        Self {
            size: whole.len() as u64,
            first: whole,
            rest,
        }
    }
}

/// Begins to read `blob`. `None`: it is not known, or no device has a healthy copy of its first chunk.
pub(crate) async fn read(world: &World, blob: &str) -> Result<Option<Reading>, Broken> {
    let fault = world.faults.take(DOWNSTREAM, Stage::Download);
    if let Some(Fault::Instead { bytes }) = fault {
        return Ok(Some(Reading::of(bytes.into())));
    }
    let Some((stored, retrieval)) = begin(world, blob, fault.clone()).await? else {
        return Ok(None);
    };
    let size = stored + u64::from(appended(fault.as_ref()));
    let (sender, mut rest) = mpsc::channel(WAITING);
    spawn_blocking(move || send(retrieval, fault.as_ref(), &sender));
    Ok(match rest.recv().await {
        Some(Ok(first)) => Some(Reading { size, first, rest }),
        _ => None,
    })
}

/// Reads `blob` whole; only for small ones.
pub(crate) async fn read_whole(world: &World, blob: &str) -> Result<Option<Vec<u8>>, Broken> {
    let Some(mut reading) = read(world, blob).await? else {
        return Ok(None);
    };
    let mut whole = reading.first.to_vec();
    while let Some(chunk) = reading.rest.recv().await {
        match chunk {
            Ok(chunk) => whole.extend_from_slice(&chunk),
            Err(_) => return Ok(None),
        }
    }
    Ok(Some(whole))
}

async fn begin(
    world: &World,
    blob: &str,
    fault: Option<Fault>,
) -> Result<Option<(u64, Retrieval)>, Broken> {
    let (blob, folder) = (blob.to_owned(), world.devices.clone());
    world
        .state
        .read(move |db| {
            let another = match fault {
                Some(Fault::OtherBytes) => blobs::another(db, &blob)?,
                Some(Fault::OlderBytes) => blobs::older(db, &blob)?,
                _ => None,
            };
            let found: Option<Blob> =
                another.map_or_else(|| blobs::by_id(db, &blob), |b| Ok(Some(b)))?;
            let Some(blob) = found else {
                return Ok(None);
            };
            let content = engine_keys::by_id(db, blob.engine_key)?.unwrap_key(&blob.wrapped_key)?;
            let devices = storage::with_copy(db, &blob.id, &folder)?;
            Ok(Some((blob.size, Retrieval::begin(blob, content, devices))))
        })
        .await
}

/// Reads and sends chunk after chunk until the end, or until the client is gone.
fn send(mut retrieval: Retrieval, fault: Option<&Fault>, sender: &Sender<io::Result<Bytes>>) {
    let buffers = Buffers::default();
    let mut offset = 0;
    loop {
        let mut buffer = buffers.take();
        let len = match retrieval.next(&mut buffer) {
            Ok(Some(len)) => len,
            Ok(None) => return append(sender, appended(fault)),
            Err(unavailable) => return give_up(sender, io::Error::other(unavailable)),
        };
        spoil(fault, offset, &mut buffer[..len]);
        let left = before_the_cut(fault, offset).map_or(len, |left| left.min(len));
        if sender
            .blocking_send(Ok(buffers.lend(buffer, left)))
            .is_err()
        {
            return;
        }
        if left < len {
            return give_up(sender, io::ErrorKind::ConnectionReset.into());
        }
        offset += len as u64;
    }
}

fn give_up(sender: &Sender<io::Result<Bytes>>, error: io::Error) {
    // Nobody left to hear it is as good.
    let _ = sender.blocking_send(Err(error));
}

/// How many bytes are sent that were never stored.
fn appended(fault: Option<&Fault>) -> u32 {
    match fault {
        Some(Fault::BytesAppended { count }) => *count,
        _ => 0,
    }
}

fn append(sender: &Sender<io::Result<Bytes>>, count: u32) {
    if count > 0 {
        let surplus = vec![b'+'; usize::try_from(count).unwrap_or(usize::MAX)];
        // Nobody left to take it is as good.
        let _ = sender.blocking_send(Ok(surplus.into()));
    }
}

/// How many bytes from `offset` on are sent before the connection is cut, if it is.
fn before_the_cut(fault: Option<&Fault>, offset: u64) -> Option<usize> {
    match fault {
        Some(Fault::DownloadCut { after }) => usize::try_from(after.saturating_sub(offset)).ok(),
        _ => None,
    }
}

fn spoil(fault: Option<&Fault>, offset: u64, chunk: &mut [u8]) {
    if let Some(Fault::FlipByte { at }) = fault
        && let Some(here) = at.checked_sub(offset)
        && let Some(byte) = usize::try_from(here)
            .ok()
            .and_then(|here| chunk.get_mut(here))
    {
        *byte ^= 0xff;
    }
}
