//! A token as a QR code, for a device that has a camera and no clipboard in common.

use crate::error::{CollaborationError, Error};
use crate::files::file_id::FileId;
use crate::keys::qr_picture::QrPicture;
use crate::vault::Vault;

impl Vault {
    /// The token of a file as a QR code. Whoever sees it can read the token.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`crate::SessionError::Locked`], [`crate::FileError::Unknown`];
    /// [`CollaborationError::CodeTooLong`] when a token is too long for a code.
    pub fn token_code(&self, id: FileId) -> Result<QrPicture, Error> {
        let file = self.signed_in()?.catalogue().find(id)?;
        let token = file.token.reveal().into();
        QrPicture::of(&token).ok_or(Error::Collaboration(CollaborationError::CodeTooLong))
    }
}
