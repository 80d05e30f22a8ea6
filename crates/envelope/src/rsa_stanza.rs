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

use crate::application_key::{ApplicationKey, ApplicationRecipient};
use crate::ssh_wire::KEY_TYPE;

const OAEP_LABEL: &[u8] = b"age-encryption.org/v1/ssh-rsa";
const TAG_BYTES: usize = 4;

impl age::Recipient for ApplicationRecipient {
    fn wrap_file_key(
        &self,
        file_key: &FileKey,
    ) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        let body = self
            .public()
            .encrypt(&mut getrandom::SysRng, oaep(), file_key.expose_secret())
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
        let decrypted = self.private().decrypt(oaep(), body).map(Zeroizing::new);
        let plain = decrypted.map_err(|_| DecryptError::DecryptionFailed)?;
        let plain: &[u8; FILE_KEY_BYTES] = plain
            .as_slice()
            .try_into()
            .map_err(|_| DecryptError::DecryptionFailed)?;
        Ok(FileKey::init_with_mut(|file_key| *file_key = *plain))
    }
}

fn oaep() -> Oaep<Sha256> {
    Oaep::new_with_label(OAEP_LABEL)
}

fn derive_tag(wire: &[u8]) -> String {
    BASE64_STANDARD_NO_PAD.encode(&Sha256::digest(wire)[..TAG_BYTES])
}

#[cfg(test)]
mod tests {
    use age::{Identity as _, Recipient as _};

    use super::*;
    use crate::made_once::{application_key, other_application_key};

    fn file_key() -> FileKey {
        FileKey::new(Box::new([9; FILE_KEY_BYTES]))
    }

    fn wrapped() -> Stanza {
        let (mut stanzas, labels) = application_key()
            .recipient()
            .wrap_file_key(&file_key())
            .unwrap();
        assert!(labels.is_empty());
        stanzas.remove(0)
    }

    #[test]
    fn the_file_key_comes_back() {
        let unwrapped = application_key()
            .unwrap_stanza(&wrapped())
            .unwrap()
            .unwrap();
        assert_eq!(unwrapped.expose_secret(), file_key().expose_secret());
    }

    #[test]
    fn the_stanza_has_the_form_of_the_age_tools() {
        let stanza = wrapped();
        assert_eq!(stanza.tag, "ssh-rsa");
        assert_eq!(stanza.args.len(), 1);
        assert_eq!(stanza.args[0].len(), 6);
        assert_eq!(stanza.body.len(), 3072 / 8);
    }

    #[test]
    fn stanzas_for_others_are_passed_over() {
        let mut other_type = wrapped();
        other_type.tag = "X25519".to_owned();
        let mut more_arguments = wrapped();
        more_arguments.args.push("more".to_owned());
        let mut no_arguments = wrapped();
        no_arguments.args.clear();
        assert!(other_application_key().unwrap_stanza(&wrapped()).is_none());
        for stanza in [other_type, more_arguments, no_arguments] {
            assert!(application_key().unwrap_stanza(&stanza).is_none());
        }
    }

    #[test]
    fn a_changed_or_cut_body_is_an_error() {
        let mut changed = wrapped();
        changed.body[100] ^= 1;
        let mut cut = wrapped();
        cut.body.pop();
        let mut empty = wrapped();
        empty.body.clear();
        for stanza in [changed, cut, empty] {
            let unwrapped = application_key().unwrap_stanza(&stanza).unwrap();
            assert!(matches!(unwrapped, Err(DecryptError::DecryptionFailed)));
        }
    }

    #[test]
    fn a_file_key_of_another_length_is_refused() {
        let mut stanza = wrapped();
        let recipient = application_key().recipient();
        let long = recipient
            .public()
            .encrypt(&mut getrandom::SysRng, oaep(), &[9; 17]);
        stanza.body = long.unwrap();
        let unwrapped = application_key().unwrap_stanza(&stanza).unwrap();
        assert!(matches!(unwrapped, Err(DecryptError::DecryptionFailed)));
    }
}
