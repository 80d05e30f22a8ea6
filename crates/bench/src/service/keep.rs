//! Bytes that were sent: discarded, in memory or in a file.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::PathBuf;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt as _, stream};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

/// What is handed on at a time.
const PIECE_BYTES: usize = 256 * 1024;
/// Pieces on their way between a file and a connection.
const PIECES: usize = 4;

/// What becomes of bytes that are sent.
#[derive(Clone, Debug)]
pub(crate) enum Keep {
    Nothing,
    Memory,
    Disk(PathBuf),
}

#[derive(Clone, Debug)]
pub(crate) enum Kept {
    Nothing(u64),
    Memory(Bytes),
    Disk(PathBuf, u64),
}

impl Keep {
    /// Takes a body in; `name` is unique.
    pub(crate) async fn take(
        &self,
        body: Body,
        length: Option<u64>,
        name: &str,
    ) -> io::Result<Kept> {
        match self {
            Self::Nothing => count(body).await.map(Kept::Nothing),
            Self::Memory => remember(body, length).await.map(Kept::Memory),
            Self::Disk(dir) => {
                let path = dir.join(name);
                let size = save(body, path.clone()).await?;
                Ok(Kept::Disk(path, size))
            }
        }
    }
}

async fn count(body: Body) -> io::Result<u64> {
    let mut body = body.into_data_stream();
    let mut size = 0;
    while let Some(piece) = body.next().await {
        size += piece.map_err(io::Error::other)?.len() as u64;
    }
    Ok(size)
}

async fn remember(body: Body, length: Option<u64>) -> io::Result<Bytes> {
    let expected = usize::try_from(length.unwrap_or_default()).map_err(io::Error::other)?;
    let mut bytes = BytesMut::with_capacity(expected);
    let mut body = body.into_data_stream();
    while let Some(piece) = body.next().await {
        bytes.extend_from_slice(&piece.map_err(io::Error::other)?);
    }
    Ok(bytes.freeze())
}

async fn save(body: Body, path: PathBuf) -> io::Result<u64> {
    let (sender, mut pieces) = mpsc::channel::<Bytes>(PIECES);
    let writing = spawn_blocking(move || {
        let mut file = File::create(path)?;
        let mut size = 0;
        while let Some(piece) = pieces.blocking_recv() {
            file.write_all(&piece)?;
            size += piece.len() as u64;
        }
        io::Result::Ok(size)
    });
    let mut body = body.into_data_stream();
    while let Some(piece) = body.next().await {
        if sender.send(piece.map_err(io::Error::other)?).await.is_err() {
            break;
        }
    }
    drop(sender);
    writing.await.map_err(io::Error::other)?
}

impl Kept {
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::Nothing(size) | Self::Disk(_, size) => *size,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// The bytes of a range; what was discarded cannot be had.
    pub(crate) fn body(&self, range: Range<u64>) -> Option<Body> {
        match self {
            Self::Nothing(_) => None,
            Self::Memory(bytes) => {
                let start = usize::try_from(range.start).ok()?;
                let end = usize::try_from(range.end).ok()?;
                Some(from_memory(bytes.slice(start..end)))
            }
            Self::Disk(path, _) => Some(from_file(path.clone(), range)),
        }
    }

    /// Removes the file, if there is one.
    pub(crate) fn discard(&self) {
        if let Self::Disk(path, _) = self {
            // One that has gone is discarded.
            let _ = fs::remove_file(path);
        }
    }
}

fn from_memory(mut rest: Bytes) -> Body {
    let pieces = std::iter::from_fn(move || {
        let piece = rest.split_to(rest.len().min(PIECE_BYTES));
        (!piece.is_empty()).then_some(io::Result::Ok(piece))
    });
    Body::from_stream(stream::iter(pieces))
}

fn from_file(path: PathBuf, range: Range<u64>) -> Body {
    let (sender, pieces) = mpsc::channel(PIECES);
    spawn_blocking(move || {
        if let Err(error) = read(path, range, &sender) {
            // Whoever has gone needs no error.
            let _ = sender.blocking_send(Err(error));
        }
    });
    Body::from_stream(stream::unfold(pieces, |mut pieces| async move {
        let piece = pieces.recv().await?;
        Some((piece, pieces))
    }))
}

fn read(
    path: PathBuf,
    range: Range<u64>,
    pieces: &mpsc::Sender<io::Result<Bytes>>,
) -> io::Result<()> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(range.start))?;
    let mut file = file.take(range.end - range.start);
    loop {
        let mut piece = BytesMut::zeroed(PIECE_BYTES);
        let read = file.read(&mut piece)?;
        piece.truncate(read);
        if read == 0 || pieces.blocking_send(Ok(piece.freeze())).is_err() {
            return Ok(());
        }
    }
}
