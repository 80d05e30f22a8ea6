//! What comes over the WebSocket for a request for data, saved as it is stored: nothing here opens it.

use std::io;
use std::path::Path;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, pin_mut, stream};
use privicore_client::{DataAnswer, DataRequest};
use secrecy::SecretString;
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::download::bounds::{LONGEST_UNTOLD_BYTES, bounded};
use crate::download::destination::{Destination, Existing};
use crate::download::stored::Received;
use crate::error::{Error, Explanation};
use crate::system::blocking::blocking;
use crate::transfers::frames::FRAMES;
use crate::vault::Vault;

/// What came for a request for data: the stored bytes themselves, or where they can be downloaded, once and soon.
#[derive(Debug)]
pub struct RequestedData(DataAnswer);

impl RequestedData {
    /// How many bytes came, if they came themselves.
    pub fn length_bytes(&self) -> Option<u64> {
        match &self.0 {
            DataAnswer::Inline(bytes) => Some(bytes.len() as u64),
            DataAnswer::Link(_) => None,
        }
    }

    /// The link, if one came. The operation `data-token.download` takes it.
    pub fn link(&self) -> Option<SecretString> {
        match &self.0 {
            DataAnswer::Inline(_) => None,
            DataAnswer::Link(link) => Some(link.reveal().into()),
        }
    }
}

/// A piece of what is saved. Without the end it is not whole.
enum Piece {
    Bytes(Bytes),
    End,
}

impl Vault {
    /// Waits for what is answered to a request for data that an operation was accepted as.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`]; why the data is not delivered, or that nothing answers.
    pub async fn await_requested_data(
        &self,
        request: &DataRequest,
    ) -> Result<RequestedData, Error> {
        let signed_in = self.signed_in()?;
        let answer = signed_in.session.client.await_data(request).await?;
        Ok(RequestedData(answer))
    }

    /// Saves what came as it is stored, in the place of what is at `target`; answers how many bytes it has. A link
    /// works once: what can be known of the target is looked at first.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`]; what stands in the way of the target; why the data does not come, or that
    /// more comes than is taken of what nobody told the length of. The target is then as it was.
    pub async fn save_requested_data(
        &self,
        data: &RequestedData,
        target: &Path,
    ) -> Result<u64, Error> {
        let signed_in = self.signed_in()?;
        let target = target.to_owned();
        let destination =
            blocking(move || Destination::private(&target, Existing::Replace)).await?;
        match &data.0 {
            DataAnswer::Inline(bytes) => {
                let body = stream::iter([Ok(bytes.clone())]);
                self.save_pieces(destination, body).await
            }
            DataAnswer::Link(link) => {
                let download = signed_in.session.client.fetch_downstream(link).await?;
                let body = bounded(download.body, LONGEST_UNTOLD_BYTES);
                self.save_pieces(destination, body).await
            }
        }
    }

    async fn save_pieces(
        &self,
        destination: Destination,
        body: impl Stream<Item = Received> + Send,
    ) -> Result<u64, Error> {
        let (sender, pieces) = mpsc::channel(FRAMES);
        let writing = blocking(move || write(destination, pieces));
        let (passed, written) = tokio::join!(pass_on(body, sender), writing);
        let length = passed?;
        self.remark(written?);
        Ok(length)
    }
}

/// Passes on what comes until it has all come, or nobody takes it any more; answers how many bytes.
async fn pass_on(
    body: impl Stream<Item = Received> + Send,
    sender: Sender<Piece>,
) -> Result<u64, Error> {
    pin_mut!(body);
    let mut length = 0;
    while let Some(bytes) = body.next().await {
        let bytes = bytes?;
        length += bytes.len() as u64;
        if sender.send(Piece::Bytes(bytes)).await.is_err() {
            return Ok(length);
        }
    }
    // Whoever does not take the end says why.
    let _ = sender.send(Piece::End).await;
    Ok(length)
}

/// Blocks.
fn write(
    destination: Destination,
    mut pieces: Receiver<Piece>,
) -> Result<Option<Explanation>, Error> {
    destination.write_whole(|out| {
        loop {
            match pieces.blocking_recv() {
                Some(Piece::Bytes(bytes)) => out.write_all(&bytes)?,
                Some(Piece::End) => return Ok(()),
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use privicore_client::Error as ClientError;

    use super::*;

    async fn saved(target: &Path, body: Vec<Received>) -> Result<(), Error> {
        let destination = Destination::private(target, Existing::Replace)?;
        let (sender, pieces) = mpsc::channel(FRAMES);
        let writing = blocking(move || write(destination, pieces));
        let (passed, written) = tokio::join!(pass_on(stream::iter(body), sender), writing);
        passed?;
        written.map(drop)
    }

    #[tokio::test]
    async fn what_comes_takes_the_targets_place_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("stored.age");
        fs::write(&target, "before").unwrap();
        let piece = |text: &'static str| Ok(Bytes::from(text));
        let broken = || Err(ClientError::TooMuch { limit_bytes: 5 });
        assert!(
            saved(&target, vec![piece("first"), broken()])
                .await
                .is_err()
        );
        assert_eq!(fs::read_to_string(&target).unwrap(), "before");
        saved(&target, vec![piece("first"), piece("second")])
            .await
            .unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "firstsecond");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
