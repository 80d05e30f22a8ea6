//! The same road without sealing: the same client, frames and threads, and no vault around them.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use privicore_client::operations::data_token::{
    ConfigureFileMeta, FileMeta, ReserveTokenSpace, RetrieveTemporaryToken,
};
use privicore_client::operations::profile::{Authenticate, RegisterProfile};
use privicore_client::{Client, Configuration, DataAnswer, DataToken, Error, ServerUrls};
use privicore_vault::DEFAULT_CONTEXT;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::contest::{PASSWORD, Place, USERNAME};
use crate::measure::{Measured, Meter};

/// As the vault has them.
const FRAME_BYTES: usize = 256 * 1024;
const FRAMES: usize = 4;

pub(crate) async fn up(place: &Place, file: &Path) -> Result<Measured> {
    let client = signed_in(place).await?;
    let bytes = file.metadata()?.len();
    let meter = Meter::start()?;
    let token = send(&client, file.to_owned(), bytes).await?;
    let measured = meter.stop(bytes)?;
    client.deauthorize().await;
    Ok(measured.with_token(token.reveal().to_owned()))
}

/// Fetches one file.
pub(crate) async fn down(place: &Place, token: String, target: &Path) -> Result<Measured> {
    let client = signed_in(place).await?;
    let meter = Meter::start()?;
    let DataAnswer::Link(link) = client.retrieve(&DataToken::from(token), || {}).await? else {
        bail!("the bytes came inline");
    };
    let download = client.fetch_downstream(&link).await?;
    let bytes = receive(download.body, target).await?;
    let measured = meter.stop(bytes)?;
    client.deauthorize().await;
    Ok(measured)
}

async fn signed_in(place: &Place) -> Result<Client> {
    let addresses = &place.addresses;
    let servers = ServerUrls::parse(
        &addresses.api,
        &addresses.websocket,
        &addresses.upstream,
        &addresses.downstream,
    )?;
    let client = Client::new(Configuration::new(servers))?;
    let register = RegisterProfile {
        username: USERNAME.into(),
        password: PASSWORD.into(),
    };
    match client.call(&register).await {
        Ok(_) | Err(Error::Conflict) => {}
        Err(error) => return Err(error.into()),
    }
    let authenticate = Authenticate {
        username: USERNAME.into(),
        password: PASSWORD.into(),
    };
    client.authorize(client.call(&authenticate).await?.token);
    // Until the channel is joined outcomes have to be asked for: what is measured begins after that.
    client.run_command(&reservation()).await?;
    Ok(client)
}

fn reservation() -> ReserveTokenSpace {
    ReserveTokenSpace {
        context: DEFAULT_CONTEXT.into(),
        ttl: Some(60),
        meta: None,
    }
}

async fn send(client: &Client, file: PathBuf, length: u64) -> Result<DataToken> {
    let reservation = client.run_command(&reservation()).await?;
    let space = client.call(&RetrieveTemporaryToken { reservation }).await?;
    let link = space.upstream.context("there is no upload link")?;
    let (sender, frames) = mpsc::channel(FRAMES);
    let reading = spawn_blocking(move || read(&file, &sender));
    client
        .send_upstream(&link, Some(length), as_stream(frames))
        .await?;
    reading.await??;
    let meta = ConfigureFileMeta {
        token: space.token,
        file_name: "plain".into(),
        extension: "bin".into(),
        context: DEFAULT_CONTEXT.into(),
        size: length,
        path: "/".into(),
    };
    match client.call(&meta).await? {
        FileMeta::Permanent(token) => Ok(token),
        FileMeta::Accepted(_) => bail!("a vote was asked for"),
        FileMeta::Bare(_) => bail!("the service did not say which token it is"),
    }
}

/// Reads the file into frames, whose memory is used again. Blocks.
fn read(file: &Path, frames: &mpsc::Sender<io::Result<Bytes>>) -> io::Result<()> {
    let mut file = File::open(file)?;
    let (give_back, spare) = sync_channel(FRAMES + 2);
    loop {
        let mut bytes = spare.try_recv().unwrap_or_else(|_| vec![0; FRAME_BYTES]);
        let length = file.read(&mut bytes)?;
        if length == 0 {
            return Ok(());
        }
        let give_back = give_back.clone();
        let frame = Frame {
            bytes,
            length,
            give_back,
        };
        frames
            .blocking_send(Ok(Bytes::from_owner(frame)))
            .map_err(|_| io::ErrorKind::BrokenPipe)?;
    }
}

/// A frame whose memory goes back to the reader, as the vault's does.
struct Frame {
    bytes: Vec<u8>,
    length: usize,
    give_back: SyncSender<Vec<u8>>,
}

impl AsRef<[u8]> for Frame {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        // A reader that has finished needs it no more.
        let _ = self.give_back.try_send(std::mem::take(&mut self.bytes));
    }
}

fn as_stream(
    frames: mpsc::Receiver<io::Result<Bytes>>,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::unfold(frames, |mut frames| async move {
        let frame = frames.recv().await?;
        Some((frame, frames))
    })
}

async fn receive(
    mut body: impl Stream<Item = Result<Bytes, Error>> + Send + Unpin,
    target: &Path,
) -> Result<u64> {
    let (sender, frames) = mpsc::channel(FRAMES);
    let target = target.to_owned();
    let writing = spawn_blocking(move || write(&target, frames));
    while let Some(frame) = body.next().await {
        if sender.send(frame?).await.is_err() {
            break;
        }
    }
    drop(sender);
    Ok(writing.await??)
}

/// Writes the frames, syncs, renames. Blocks.
fn write(target: &Path, mut frames: mpsc::Receiver<Bytes>) -> io::Result<u64> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    let mut written = 0;
    while let Some(frame) = frames.blocking_recv() {
        file.write_all(&frame)?;
        written += frame.len() as u64;
    }
    file.as_file().sync_all()?;
    file.persist(target)?;
    sync_folder(folder)?;
    Ok(written)
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
