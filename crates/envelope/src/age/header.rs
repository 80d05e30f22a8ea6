//! The header of an age file: the wrapped file keys and their authentication (c2sp.org/age, "Header").

use age::{EncryptError, Identity as _};
use age_core::format::{FileKey, Stanza, grease_the_joint, read, write};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;

use crate::age::error::OpenError;
use crate::age::file_key::derive_key;
use crate::age::stored::FIRST_LINE;
use crate::keys::recipients::{Identities, Recipients};

/// What the last line begins with, and how far the authentication reaches (c2sp.org/age, "Header MAC").
const MAC_MARK: &[u8] = b"---";
/// Stanzas that [`make`] adds to those of the recipients.
pub(crate) const ADDED_STANZAS: usize = 1;
/// A stanza for a passphrase stands alone (c2sp.org/age, "The scrypt recipient type").
const SCRYPT: &str = "scrypt";

/// Wraps the file key for every recipient.
///
/// # Errors
/// Those of a recipient whose key cannot be used.
pub(crate) fn build(file_key: &FileKey, recipients: &Recipients) -> Result<Vec<u8>, EncryptError> {
    let mut header = FIRST_LINE.to_vec();
    for recipient in recipients.iter() {
        // Labels keep kinds of recipients apart that do not mix; those here have none.
        let (stanzas, _labels) = recipient.wrap_file_key(file_key)?;
        for stanza in &stanzas {
            append(&mut header, stanza);
        }
    }
    // A stanza of no known type, so that readers stay able to pass over those.
    append(&mut header, &grease_the_joint());
    header.extend_from_slice(MAC_MARK);
    let mac = hmac::sign(&derive_mac_key(file_key), &header);
    let last_line = format!(" {}\n", BASE64_STANDARD_NO_PAD.encode(mac));
    header.extend_from_slice(last_line.as_bytes());
    Ok(header)
}

fn append(header: &mut Vec<u8>, stanza: &Stanza) {
    write::age_stanza(&stanza.tag, &stanza.args, &stanza.body)(header.into())
        .expect("memory takes what is written");
}

/// Unwraps the file key with whichever key fits, and verifies the header with it.
///
/// # Errors
/// [`OpenError::Damaged`] when the header is malformed or not authentic, [`OpenError::WrongKey`] when no key fits.
pub(crate) fn open(header: &[u8], identities: &Identities) -> Result<FileKey, OpenError> {
    let Parsed {
        stanzas,
        authenticated,
        mac,
    } = parse(header).ok_or(OpenError::Damaged)?;
    let file_key = identities
        .unwrap_stanzas(&stanzas)
        .ok_or(OpenError::WrongKey)?
        .map_err(|_| OpenError::Damaged)?;
    hmac::verify(&derive_mac_key(&file_key), authenticated, &mac)
        .map_err(|_| OpenError::Damaged)?;
    Ok(file_key)
}

/// What the header says, whether it is authentic or not. None when it is malformed.
pub(crate) fn stanzas(header: &[u8]) -> Option<Vec<Stanza>> {
    parse(header).map(|parsed| parsed.stanzas)
}

fn derive_mac_key(file_key: &FileKey) -> hmac::Key {
    let key = derive_key(file_key, b"", b"header");
    hmac::Key::new(hmac::HMAC_SHA256, key.as_slice())
}

struct Parsed<'a> {
    stanzas: Vec<Stanza>,
    authenticated: &'a [u8],
    mac: Vec<u8>,
}

fn parse(header: &[u8]) -> Option<Parsed<'_>> {
    let mut rest = header.strip_prefix(FIRST_LINE)?;
    let mut stanzas = Vec::new();
    while !rest.starts_with(MAC_MARK) {
        let (after, stanza) = read::age_stanza(rest).ok()?;
        stanzas.push(Stanza::from(stanza));
        rest = after;
    }
    let authenticated = &header[..header.len() - rest.len() + MAC_MARK.len()];
    let mac = rest
        .strip_prefix(MAC_MARK)?
        .strip_prefix(b" ")?
        .strip_suffix(b"\n")?;
    let mac = BASE64_STANDARD_NO_PAD.decode(mac).ok()?;
    let alone = stanzas.len() == 1 || stanzas.iter().all(|stanza| stanza.tag != SCRYPT);
    let complete = !stanzas.is_empty() && mac.len() == hmac::HMAC_SHA256.tag_len();
    (alone && complete).then_some(Parsed {
        stanzas,
        authenticated,
        mac,
    })
}
