//! The `ssh-rsa` stanza as the age tools write it: RSAES-OAEP (RFC 8017) with SHA-256, MGF1-SHA-256 and a label.
//!
//! `-> ssh-rsa <first 4 bytes of SHA-256 of the SSH wire encoding>`, then the encrypted file key.

use std::collections::HashSet;
use std::io;

use age::{DecryptError, EncryptError};
use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use rsa::Oaep;
use rsa::sha2::{Digest as _, Sha256};
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use crate::keys::application_key::{ApplicationKey, ApplicationRecipient};
use crate::keys::ssh_wire::KEY_TYPE;

const OAEP_LABEL: &[u8] = b"age-encryption.org/v1/ssh-rsa";
const TAG_BYTES: usize = 4;

impl age::Recipient for ApplicationRecipient {
    fn wrap_file_key(
        &self,
        file_key: &FileKey,
    ) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        let body = self
            .public()
            .encrypt(
                &mut getrandom::SysRng,
                oaep(OAEP_LABEL),
                file_key.expose_secret(),
            )
            .map_err(|error| EncryptError::Io(io::Error::other(error)))?;
        let stanza = Stanza {
            tag: KEY_TYPE.to_owned(),
            args: vec![derive_tag(self.wire())],
            body,
        };
        Ok((vec![stanza], HashSet::new()))
    }
}

impl age::Identity for ApplicationKey {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        is_for_wire(stanza, self.wire()).then(|| self.decrypt(&stanza.body))
    }
}

/// Whether a stanza names this key.
pub(crate) fn is_for(stanza: &Stanza, recipient: &ApplicationRecipient) -> bool {
    is_for_wire(stanza, recipient.wire())
}

fn is_for_wire(stanza: &Stanza, wire: &[u8]) -> bool {
    stanza.tag == KEY_TYPE && stanza.args == [derive_tag(wire)]
}

impl ApplicationKey {
    fn decrypt(&self, body: &[u8]) -> Result<FileKey, DecryptError> {
        let plain = self
            .decrypt_with_label(OAEP_LABEL, body)
            .ok_or(DecryptError::DecryptionFailed)?;
        let plain: &[u8; FILE_KEY_BYTES] = plain
            .as_slice()
            .try_into()
            .map_err(|_| DecryptError::DecryptionFailed)?;
        Ok(FileKey::init_with_mut(|file_key| *file_key = *plain))
    }

    fn decrypt_with_label(&self, label: &[u8], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let decrypted = self.private().decrypt(oaep(label), ciphertext);
        decrypted.ok().map(Zeroizing::new)
    }
}

fn oaep(label: &[u8]) -> Oaep<Sha256> {
    Oaep::new_with_label(label)
}

fn derive_tag(wire: &[u8]) -> String {
    BASE64_STANDARD_NO_PAD.encode(&Sha256::digest(wire)[..TAG_BYTES])
}

#[cfg(test)]
#[path = "rsa_stanza_tests.rs"]
mod tests;
