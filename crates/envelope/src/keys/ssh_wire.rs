//! The SSH wire encoding of RSA public keys (RFC 4253, section 6.6) and their fingerprints.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD};
use rsa::sha2::{Digest, Sha256};
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, PublicKey};

use crate::keys::kinds::KeyError;

/// The name of the key type, in the wire encoding and before the base64.
pub(crate) const KEY_TYPE: &str = "ssh-rsa";
/// Shorter keys are not accepted, as in the age tools.
const MIN_BITS: usize = 2048;

/// `string "ssh-rsa"`, `mpint e`, `mpint n`.
pub(crate) fn encode(key: &PublicKey) -> Vec<u8> {
    let mut wire = Vec::with_capacity(32 + key.size());
    push_string(&mut wire, KEY_TYPE.as_bytes());
    push_positive(&mut wire, &key.e_bytes());
    push_positive(&mut wire, &key.n_bytes());
    wire
}

/// Reads `ssh-rsa <base64>` with or without a comment after it.
pub(crate) fn parse_line(line: &str) -> Result<PublicKey, KeyError> {
    let mut words = line.split_ascii_whitespace();
    let (Some(KEY_TYPE), Some(encoded)) = (words.next(), words.next()) else {
        return Err(KeyError::Malformed);
    };
    let wire = BASE64_STANDARD
        .decode(encoded)
        .map_err(|_| KeyError::Malformed)?;
    let key = decode(&wire)?;
    // One key has one encoding, otherwise it would have several fingerprints.
    if encode(&key) == wire {
        Ok(key)
    } else {
        Err(KeyError::Malformed)
    }
}

pub(crate) fn to_line(wire: &[u8]) -> String {
    format!("{KEY_TYPE} {}", BASE64_STANDARD.encode(wire))
}

/// `SHA256:` and the unpadded base64, as `ssh-keygen -l` prints it.
pub(crate) fn fingerprint(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    format!("SHA256:{}", BASE64_STANDARD_NO_PAD.encode(digest))
}

/// Refuses keys that are too short to be safe or too long to be used.
pub(crate) fn check_size(key: &impl PublicKeyParts) -> Result<(), KeyError> {
    let bits = key.n().bit_width() as usize;
    if (MIN_BITS..=PublicKey::MAX_SIZE).contains(&bits) {
        Ok(())
    } else {
        Err(KeyError::UnacceptedSize { bits })
    }
}

fn decode(mut wire: &[u8]) -> Result<PublicKey, KeyError> {
    let key_type = take_string(&mut wire)?;
    let exponent = take_positive(&mut wire)?;
    let modulus = take_positive(&mut wire)?;
    if key_type != KEY_TYPE.as_bytes() || !wire.is_empty() {
        return Err(KeyError::Malformed);
    }
    let sizes = 1..=PublicKey::MAX_SIZE;
    let key = PublicKey::new_with_size_limits(modulus, exponent, sizes)
        .map_err(|_| KeyError::Malformed)?;
    check_size(&key).map(|()| key)
}

fn take_string<'a>(wire: &mut &'a [u8]) -> Result<&'a [u8], KeyError> {
    let (length, rest) = wire.split_first_chunk::<4>().ok_or(KeyError::Malformed)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| KeyError::Malformed)?;
    let (string, rest) = rest.split_at_checked(length).ok_or(KeyError::Malformed)?;
    *wire = rest;
    Ok(string)
}

fn take_positive(wire: &mut &[u8]) -> Result<BoxedUint, KeyError> {
    let bytes = take_string(wire)?;
    let bits = u32::try_from(bytes.len() * 8).map_err(|_| KeyError::Malformed)?;
    BoxedUint::from_be_slice(bytes, bits).map_err(|_| KeyError::Malformed)
}

fn push_string(wire: &mut Vec<u8>, string: &[u8]) {
    let length = u32::try_from(string.len()).expect("a key has fewer than 4 GiB");
    wire.extend_from_slice(&length.to_be_bytes());
    wire.extend_from_slice(string);
}

/// An mpint is signed: a number whose first bit is set gets a zero byte before it.
fn push_positive(wire: &mut Vec<u8>, number: &[u8]) {
    let negative_looking = number.first().is_some_and(|first| first & 0x80 != 0);
    let mut bytes = Vec::with_capacity(number.len() + 1);
    bytes.extend(negative_looking.then_some(0));
    bytes.extend_from_slice(number);
    push_string(wire, &bytes);
}
