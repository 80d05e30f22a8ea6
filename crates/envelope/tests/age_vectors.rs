//! The public vectors of the age format (github.com/C2SP/CCTV, `age`): each file states its own verdict.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::Read as _;
use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use privicore_envelope::{Identities, OpenError, PIECE_BYTES, open};

/// What a file says of itself, before its first empty line.
struct Vector {
    expect: String,
    /// SHA-256 of all plaintext that may come out, also before a failure.
    payload: Option<String>,
    identities: Vec<String>,
    has_passphrase: bool,
    armored: bool,
    stored: Vec<u8>,
}

#[test]
fn every_vector_has_the_verdict_that_it_states() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/age");
    let mut judged = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let vector = Vector::parse(name, &fs::read(&path).unwrap());
        if let Some(identities) = vector.identities() {
            judged += 1;
            for buffer_bytes in [1000, 64 * 1024, PIECE_BYTES] {
                vector.judge(name, &identities, buffer_bytes);
            }
        }
    }
    assert_eq!(judged, 68, "a vector was left out, or is new");
}

impl Vector {
    fn parse(name: &str, file: &[u8]) -> Self {
        let text_len = 1 + file.windows(2).position(|at| at == b"\n\n").unwrap();
        let mut vector = Self {
            expect: String::new(),
            payload: None,
            identities: vec![],
            has_passphrase: false,
            armored: false,
            stored: file[text_len + 1..].to_vec(),
        };
        for line in str::from_utf8(&file[..text_len]).unwrap().lines() {
            let (key, value) = line.split_once(": ").unwrap();
            match key {
                "expect" => value.clone_into(&mut vector.expect),
                "payload" => vector.payload = Some(value.to_owned()),
                "identity" => vector.identities.push(value.to_owned()),
                "passphrase" => vector.has_passphrase = true,
                "armored" => vector.armored = value == "yes",
                "compressed" => {
                    assert_eq!(value, "zlib", "{name}");
                    vector.stored = inflated(&vector.stored);
                }
                "file key" | "comment" => {}
                unknown => panic!("{name} says {unknown}, which is not known"),
            }
        }
        vector
    }

    /// The keys to open it with, or none when it is about something that [`open`] does not offer: the ASCII armor,
    /// passphrases (only the key file has one, read by the age crate) and hybrid post-quantum keys.
    fn identities(&self) -> Option<Identities> {
        let passphrase_alone = self.has_passphrase && self.identities.is_empty();
        let hybrid = |key: &String| key.starts_with("AGE-SECRET-KEY-PQ-1");
        if self.armored || passphrase_alone || self.identities.iter().any(hybrid) {
            return None;
        }
        let keys = self.identities.iter().map(|key| key.parse().unwrap());
        Some(Identities {
            application: vec![],
            x25519: keys.collect(),
        })
    }

    fn judge(&self, name: &str, identities: &Identities, buffer_bytes: usize) {
        let mut released = Vec::new();
        let outcome = released_by(identities, &self.stored, buffer_bytes, &mut released);
        let as_stated = match self.expect.as_str() {
            "success" => matches!(outcome, Ok(())),
            "no match" => matches!(outcome, Err((Stage::Header, OpenError::WrongKey))),
            "HMAC failure" => matches!(outcome, Err((Stage::Header, OpenError::Damaged))),
            "header failure" => matches!(
                outcome,
                Err((
                    Stage::Header,
                    OpenError::NotSealed | OpenError::Damaged | OpenError::CutShort
                ))
            ),
            "payload failure" => matches!(
                outcome,
                Err((Stage::Payload, OpenError::Damaged | OpenError::CutShort))
            ),
            unknown => panic!("{name} expects {unknown}, which is not known"),
        };
        assert!(as_stated, "{name} expects {}: {outcome:?}", self.expect);
        match &self.payload {
            Some(hash) => assert_eq!(&hex::encode(digest(&SHA256, &released)), hash, "{name}"),
            None => assert!(released.is_empty(), "{name}"),
        }
    }
}

#[derive(Debug)]
enum Stage {
    Header,
    Payload,
}

fn released_by(
    identities: &Identities,
    stored: &[u8],
    buffer_bytes: usize,
    released: &mut Vec<u8>,
) -> Result<(), (Stage, OpenError)> {
    let mut reader = open(identities, stored).map_err(|error| (Stage::Header, error))?;
    let mut buffer = vec![0; buffer_bytes];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => released.extend_from_slice(&buffer[..length]),
            Err(error) => return Err((Stage::Payload, OpenError::from_read(error))),
        }
    }
}

fn inflated(compressed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    flate2::read::ZlibDecoder::new(compressed)
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}
