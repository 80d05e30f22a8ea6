//! What a file holds, to look at before it is saved.
//!
//! Everything happens within bounds, whatever the file is: how much is received, how large a picture may be once it is
//! decoded, how much text is shown. No content is written to the disk. One file is opened at a time; a picture that is
//! being decoded when the app is locked is thrown away as soon as the decoder ends.

pub(crate) mod head;
pub(crate) mod picture;
pub(crate) mod previews;
pub(crate) mod text;

use std::future::ready;
use std::path::Path;
use std::sync::Arc;

use privicore_client::{DataAnswer, Error as ClientError};
use tokio_util::sync::CancellationToken;

use crate::download::receiving::{DownloadRequest, Passage, open_answer, with_length_compared};
use crate::error::{Error, WorkError};
use crate::events::Event;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::preview::head::Head;
use crate::preview::picture::{NotDrawn, Picture, PictureBounds, draw, is_picture};
use crate::preview::text::{Text, read_text};
use crate::receipts::verdict::Mismatch;
use crate::system::blocking::blocking;
use crate::transfers::progress::Progress;
use crate::transfers::tickets::DownloadStep;
use crate::vault::{SignedIn, Vault};

/// So much of a text is shown.
const TEXT_BYTES: u64 = 1024 * 1024;
/// So much is received of a file that may be a picture.
const PICTURE_BYTES: u64 = 32 * 1024 * 1024;

/// What a file holds.
#[derive(Debug)]
pub enum Preview {
    /// That nothing is ever shown is set.
    Hidden,
    /// A picture in one of the formats that are decoded.
    Picture(Picture),
    /// A text, or the beginning of one.
    Text(Text),
    /// It is no kind that can be shown.
    OtherKind,
    /// It is a picture, but larger than what is decoded.
    TooLarge,
    /// It is called a picture, and is none that can be decoded.
    NotReadable,
}

impl Vault {
    /// Opens a file in memory, to be looked at. Whatever was being opened for that before ends.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`crate::FileError::Unknown`], [`crate::WorkError::Canceled`]; what the
    /// service answered; or that it is not what was stored.
    pub async fn preview(&self, id: FileId, bounds: PictureBounds) -> Result<Preview, Error> {
        let signed_in = self.signed_in()?;
        let cancel = signed_in.previews.begin();
        if self.state().settings.hides_contents {
            return Ok(Preview::Hidden);
        }
        let turn = Arc::clone(&signed_in.previews.one).acquire_owned();
        let turn = cancel.run_until_cancelled(turn).await;
        let Some(Ok(turn)) = turn else {
            return Err(WorkError::Canceled.into());
        };
        signed_in.take_in_others().await?;
        let file = signed_in.catalogue().with_token(id)?;
        if !signed_in.can_be_opened_in_memory(&file)? {
            return Ok(Preview::TooLarge);
        }
        let own_folder = self.files_of(&signed_in.session.profile.dir);
        let aside = own_folder.folder().join("preview");
        let opening = Opening {
            signed_in: &signed_in,
            cancel: &cancel,
            aside: &aside,
        };
        let opened = opening.open_head(&file).await;
        // The session may have ended at the same moment: that is not what went wrong.
        if cancel.is_cancelled() {
            return Err(WorkError::Canceled.into());
        }
        let head = opened?;
        let preview = blocking(move || {
            let preview = preview_of(&file, &head, bounds);
            // The next is not begun before the memory of this one is free.
            drop(turn);
            Ok(preview)
        });
        let preview = cancel.run_until_cancelled(preview).await;
        let preview = preview.ok_or(WorkError::Canceled)??;
        // It may have been locked since, or somebody else has signed in.
        if !Arc::ptr_eq(&self.signed_in()?, &signed_in) {
            return Err(WorkError::Canceled.into());
        }
        Ok(preview)
    }

    /// Ends what is being opened to be looked at.
    pub fn close_preview(&self) {
        if let Ok(signed_in) = self.signed_in() {
            signed_in.previews.close();
        }
    }

    /// Sets whether what files hold is never shown in the window.
    ///
    /// # Errors
    /// When the settings cannot be written.
    pub async fn set_hides_contents(&self, hides: bool) -> Result<(), Error> {
        self.require_not_locked()?;
        self.change_settings(move |settings| settings.hides_contents = hides)
            .await?;
        if hides {
            self.close_preview();
        }
        self.emit(Event::StatusChanged);
        Ok(())
    }
}

impl SignedIn {
    /// Requests a file. A request that a vote holds is gone on with when the same file is wanted again: nobody votes
    /// twice.
    pub(crate) async fn retrieve_kept(
        &self,
        file: &File,
        cancel: &CancellationToken,
    ) -> Result<DataAnswer, Error> {
        let requests = &self.previews.requests;
        let earlier = requests.lock().get(&file.id).cloned();
        let asking = self.session.retrieve(&file.token, earlier, |request| {
            requests.lock().insert(file.id, request.clone());
            ready(())
        });
        let answer = cancel.run_until_cancelled(asking).await;
        let answer = answer.ok_or(WorkError::Canceled)?;
        requests.lock().remove(&file.id);
        answer
    }

    /// The shared-key form is verified by its end, so that all of it has to be received. Where nobody knows how long
    /// that is, it may be anything.
    fn can_be_opened_in_memory(&self, file: &File) -> Result<bool, Error> {
        let may_be_shared = match &file.receipt {
            Some(receipt) => receipt.shared_key.is_some(),
            None => !self.session.profile.keys()?.shared_keys().is_empty(),
        };
        let length = match &file.receipt {
            Some(receipt) => Some(receipt.stored_size),
            None => file.size_bytes.or(file.stored_size_bytes),
        };
        Ok(!may_be_shared || length.is_some_and(|length| length <= PICTURE_BYTES))
    }
}

/// A file that is being opened to be looked at.
struct Opening<'a> {
    signed_in: &'a SignedIn,
    cancel: &'a CancellationToken,
    /// Where nobody knows which of several keys opens a file, its sealed bytes are kept beside this, without a name.
    aside: &'a Path,
}

impl Opening<'_> {
    /// Receives as much of a file as can be shown. What is received as a whole is compared with its receipt.
    async fn open_head(&self, file: &Arc<File>) -> Result<Head, Error> {
        let head = match self.open_once(file).await {
            Ok(head) => head,
            Err(Error::Service(refused @ ClientError::NotFound { .. })) => {
                return Err(self.signed_in.not_found(file, refused).await);
            }
            Err(error) => match self.signed_in.with_newer_receipt(file, &error).await? {
                Some(newer) => self.open_once(&newer).await?,
                None => return Err(error),
            },
        };
        self.signed_in.found(file).await;
        Ok(head)
    }

    async fn open_once(&self, file: &File) -> Result<Head, Error> {
        let most = most_bytes(file);
        let wanted = DownloadRequest {
            file,
            step: &DownloadStep::Start,
            key: None,
            target: self.aside,
            head_bytes: Some(most),
        };
        let session = &self.signed_in.session;
        let answer = self.signed_in.retrieve_kept(file, self.cancel).await?;
        let passage = Passage {
            progress: &Progress::default(),
            cancel: self.cancel,
            rate_limiter: &self.signed_in.transfers.rate_limiters().download,
        };
        let make = move || Ok(Head::of(most));
        let mut opened = open_answer(session, passage, &wanted, make, answer).await?;
        if opened.into.is_whole() {
            opened = with_length_compared(file, opened);
        } else if file
            .size_bytes
            .is_some_and(|size| size < opened.opened_bytes)
        {
            opened.mismatch = Some(Mismatch::Swapped);
        }
        match opened.mismatch {
            Some(mismatch) => Err(mismatch.into()),
            None => Ok(opened.into),
        }
    }
}

/// A picture can be shown only as a whole; of everything else the beginning is enough.
fn most_bytes(file: &File) -> u64 {
    if picture::is_called_picture(&file.name) {
        PICTURE_BYTES
    } else {
        TEXT_BYTES
    }
}

fn preview_of(file: &File, head: &Head, bounds: PictureBounds) -> Preview {
    if is_picture(head.bytes()) {
        if !head.is_whole() {
            return Preview::TooLarge;
        }
        return match draw(head.bytes(), bounds) {
            Ok(picture) => Preview::Picture(picture),
            Err(NotDrawn::TooLarge) => Preview::TooLarge,
            Err(NotDrawn::NotReadable) => Preview::NotReadable,
        };
    }
    if picture::is_called_picture(&file.name) {
        return Preview::NotReadable;
    }
    match read_text(head.bytes(), head.is_whole()) {
        Some(text) => Preview::Text(text),
        None => Preview::OtherKind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds() -> PictureBounds {
        PictureBounds {
            width: 100,
            height: 100,
        }
    }

    fn preview(name: &str, bytes: &[u8]) -> Preview {
        let mut file = File::from_receipt(FileId([1; 16]), crate::receipts::Receipt::default());
        name.clone_into(&mut file.name);
        let mut head = Head::of(PICTURE_BYTES);
        std::io::Write::write_all(&mut head, bytes).unwrap();
        preview_of(&file, &head, bounds())
    }

    #[test]
    fn what_is_shown_depends_on_the_content_and_not_on_the_name() {
        let png = picture::tests::png(3, 2);
        for (name, bytes, expected) in [
            ("a.png", png.as_slice(), "Picture"),
            ("a.txt", &png, "Picture"),
            ("a.txt", b"words", "Text"),
            ("a.png", b"words", "NotReadable"),
            ("a.bin", b"\0\x01\x02\xff", "OtherKind"),
            ("a.pdf", b"%PDF-1.7\n\x00\x01", "OtherKind"),
            ("a.txt", b"", "Text"),
        ] {
            let shown = format!("{:?}", preview(name, bytes));
            assert!(shown.starts_with(expected), "{name}: {shown:.40}");
        }
    }

    #[test]
    fn only_what_is_called_a_picture_is_received_beyond_a_mebibyte() {
        let mut file = File::from_receipt(FileId([1; 16]), crate::receipts::Receipt::default());
        "Ferien.JPEG".clone_into(&mut file.name);
        assert_eq!(most_bytes(&file), PICTURE_BYTES);
        "log.txt".clone_into(&mut file.name);
        assert_eq!(most_bytes(&file), TEXT_BYTES);
    }
}
