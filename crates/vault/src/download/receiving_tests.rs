//! What a receipt says of bytes that were passed on and digested on one side, and opened on the other.

use std::fs;

use privicore_envelope::{Recipients, RecoveryKey, Sealing};

use super::*;
use crate::ContentError;
use crate::download::destination::{Destination, Existing};

/// What a frame of these tests holds: no divisor of a chunk, so that frames and chunks end in different places.
const FRAME: usize = 50_000;
const PLAINTEXT: usize = 300_000;

struct Kept {
    identities: Identities,
    stored: Vec<u8>,
    receipt: Receipt,
}

fn sealed(key: &RecoveryKey, plaintext: &[u8]) -> Vec<u8> {
    let recipients = Recipients {
        application: vec![],
        x25519: vec![key.recipient()],
    };
    let length = plaintext.len() as u64;
    let sealing = Sealing::begin(&recipients).unwrap();
    let mut reader = sealing.into_reader(plaintext, length);
    let (mut sealed, mut piece) = (Vec::new(), Vec::new());
    while reader.next_piece(&mut piece).unwrap() {
        sealed.extend_from_slice(&piece);
    }
    sealed
}

impl Kept {
    /// A file, and another that the same key opens.
    fn with_another() -> (Self, Vec<u8>) {
        let key = RecoveryKey::generate();
        let stored = sealed(&key, &vec![7; PLAINTEXT]);
        let another = sealed(&key, &vec![8; PLAINTEXT]);
        let mut digesting = DigestWriter::new(io::sink());
        digesting.write_all(&stored).unwrap();
        let receipt = Receipt {
            digest: digesting.digest().to_string(),
            stored_size: stored.len() as u64,
            form: "age".into(),
            ..Receipt::default()
        };
        let identities = Identities {
            application: vec![],
            x25519: vec![key],
        };
        let kept = Self {
            identities,
            stored,
            receipt,
        };
        (kept, another)
    }

    /// Receives `bytes` in the place of the stored ones, which the network may end with an error. Answers what was
    /// saved.
    async fn receive(self, bytes: &[u8], broken: Option<ClientError>) -> Result<Vec<u8>, Error> {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("saved");
        let frames = bytes.chunks(FRAME).map(|frame| Ok(frame.to_vec().into()));
        let body: Vec<Received> = frames.chain(broken.map(Err)).collect();
        let (sender, frames) = mpsc::channel(FRAMES);
        let (passed, digested) = oneshot::channel();
        let opening = {
            let target = target.clone();
            blocking(move || {
                let destination = Destination::beside(&target, Existing::Keep, &[1; 16])?;
                let reader = FrameReader::new(frames);
                let stored = Stored { reader, digested };
                let receipt = Some(&self.receipt);
                let opened = open_into(self.identities, receipt, None, stored, destination);
                opened.map_err(|failure| failure.explain(&target))
            })
        };
        let (progress, rate_limiter) = (Progress::default(), RateLimiter::new(None));
        let passing = pass_on(stream::iter(body), sender, passed, &progress, &rate_limiter);
        let (opened, ()) = tokio::join!(opening, passing);
        let mut came = opened?;
        if let Some(mismatch) = came.mismatch {
            return Err(mismatch.into());
        }
        came.into.commit()?;
        Ok(fs::read(&target).unwrap())
    }
}

#[tokio::test]
async fn the_stored_bytes_are_saved() {
    let (kept, _) = Kept::with_another();
    let bytes = kept.stored.clone();
    assert!(kept.receive(&bytes, None).await.unwrap() == vec![7; PLAINTEXT]);
}

#[tokio::test]
async fn the_bytes_of_another_file_were_swapped() {
    let (kept, another) = Kept::with_another();
    let verdict = kept.receive(&another, None).await;
    assert!(
        matches!(verdict, Err(Error::Content(ContentError::Swapped))),
        "{verdict:?}"
    );
}

#[tokio::test]
async fn a_changed_byte_anywhere_is_damage() {
    for at in [100_000, 299_000] {
        let (kept, _) = Kept::with_another();
        let mut bytes = kept.stored.clone();
        bytes[at] ^= 1;
        let verdict = kept.receive(&bytes, None).await;
        assert!(
            matches!(verdict, Err(Error::Content(ContentError::Damaged))),
            "{verdict:?}"
        );
    }
}

#[tokio::test]
async fn more_bytes_than_were_stored_are_damage() {
    let (kept, another) = Kept::with_another();
    let bytes = [kept.stored.as_slice(), &another].concat();
    let verdict = kept.receive(&bytes, None).await;
    assert!(
        matches!(verdict, Err(Error::Content(ContentError::Damaged))),
        "{verdict:?}"
    );
}

#[tokio::test]
async fn a_file_that_is_far_longer_is_not_read_to_its_end() {
    let (kept, _) = Kept::with_another();
    let key = kept.identities.x25519.first().unwrap();
    let longer = sealed(key, &vec![9; 40 * PLAINTEXT]);
    let frames = longer.chunks(FRAME).map(|frame| Ok(frame.to_vec().into()));
    let body: Vec<Received> = frames.collect();
    let (sender, frames) = mpsc::channel(FRAMES);
    let (passed, digested) = oneshot::channel();
    let (progress, rate_limiter) = (Progress::default(), RateLimiter::new(None));
    let opening = blocking(move || {
        let reader = FrameReader::new(frames);
        let stored = Stored { reader, digested };
        let came = open_into(
            kept.identities,
            Some(&kept.receipt),
            None,
            stored,
            io::sink(),
        );
        came.map_err(|failure| failure.explain(Path::new("saved")))
    });
    let passing = pass_on(stream::iter(body), sender, passed, &progress, &rate_limiter);
    let (came, ()) = tokio::join!(opening, passing);
    assert_eq!(came.unwrap().mismatch, Some(Mismatch::Swapped));
    let read = progress.done_bytes();
    assert!(read < 8 * PLAINTEXT as u64, "{read} bytes were taken");
}

#[test]
fn the_head_of_a_file_is_opened_without_what_follows() {
    let key = RecoveryKey::generate();
    let long = sealed(&key, &vec![7; 40 * PLAINTEXT]);
    let head = long[..long.len() / 2].to_vec();
    let (sender, frames) = mpsc::channel(FRAMES);
    let (_passed, digested) = oneshot::channel();
    sender.try_send(Ok(head.into())).unwrap();
    drop(sender);
    let reader = FrameReader::new(frames);
    let stored = Stored { reader, digested };
    let identities = Identities {
        application: vec![],
        x25519: vec![key],
    };
    let came = open_into(identities, None, Some(1_000), stored, Vec::new());
    let came = came.ok().expect("the head opens");
    assert!(came.into.len() >= 1_000 && came.into.iter().all(|byte| *byte == 7));
    assert_eq!(came.mismatch, None);
}

#[tokio::test]
async fn what_no_key_opens_is_damage_unless_it_is_what_was_stored() {
    let other = sealed(&RecoveryKey::generate(), &vec![7; PLAINTEXT]);
    for bytes in [other.clone(), b"<!doctype html>".to_vec()] {
        let (kept, _) = Kept::with_another();
        let verdict = kept.receive(&bytes, None).await;
        assert!(
            matches!(verdict, Err(Error::Content(ContentError::Damaged))),
            "{verdict:?}"
        );
    }
    let (mut kept, _) = Kept::with_another();
    let mut digesting = DigestWriter::new(io::sink());
    digesting.write_all(&other).unwrap();
    kept.receipt.digest = digesting.digest().to_string();
    kept.receipt.stored_size = other.len() as u64;
    let verdict = kept.receive(&other, None).await;
    assert!(
        matches!(verdict, Err(Error::Content(ContentError::WrongKey))),
        "{verdict:?}"
    );
}

#[tokio::test]
async fn fewer_bytes_are_a_cut_wherever_they_end() {
    for left in [0, 100, FRAME, 150_000, 299_999] {
        let (kept, _) = Kept::with_another();
        let bytes = kept.stored[..left].to_vec();
        let verdict = kept.receive(&bytes, None).await;
        assert!(
            matches!(verdict, Err(Error::Content(ContentError::CutShort))),
            "{verdict:?}"
        );
    }
}

#[tokio::test]
async fn a_broken_connection_is_no_verdict() {
    for before in [0, 150_000, usize::MAX] {
        let (kept, _) = Kept::with_another();
        let bytes = kept.stored[..kept.stored.len().min(before)].to_vec();
        let broken = Some(ClientError::LinkSpent);
        let verdict = kept.receive(&bytes, broken).await;
        let expected = matches!(verdict, Err(Error::Service(ClientError::LinkSpent)));
        assert!(expected, "{verdict:?}");
    }
}
