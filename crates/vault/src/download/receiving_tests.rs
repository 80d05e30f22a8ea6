//! What a receipt says of bytes that were passed on and digested on one side, and opened on the other.

use std::fs;

use privicore_envelope::{Recipients, RecoveryKey, Sealing};

use super::*;
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
        let key = RecoveryKey::make();
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

    /// Receives `bytes` in the place of the stored ones, which the network may end with an error. Answers what was saved.
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
                let opened = open_into(self.identities, receipt, stored, destination);
                opened.map_err(|failure| failure.explain(&target))
            })
        };
        let (progress, pace) = (Progress::default(), Pace::new(None));
        let passing = pass_on(stream::iter(body), sender, passed, &progress, &pace);
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
    assert!(matches!(verdict, Err(Error::Swapped)), "{verdict:?}");
}

#[tokio::test]
async fn a_changed_byte_anywhere_is_damage() {
    for at in [100_000, 299_000] {
        let (kept, _) = Kept::with_another();
        let mut bytes = kept.stored.clone();
        bytes[at] ^= 1;
        let verdict = kept.receive(&bytes, None).await;
        assert!(matches!(verdict, Err(Error::Damaged)), "{verdict:?}");
    }
}

#[tokio::test]
async fn more_bytes_than_were_stored_are_damage() {
    let (kept, another) = Kept::with_another();
    let bytes = [kept.stored.as_slice(), &another].concat();
    let verdict = kept.receive(&bytes, None).await;
    assert!(matches!(verdict, Err(Error::Damaged)), "{verdict:?}");
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
    let (progress, pace) = (Progress::default(), Pace::new(None));
    let opening = blocking(move || {
        let reader = FrameReader::new(frames);
        let stored = Stored { reader, digested };
        let came = open_into(kept.identities, Some(&kept.receipt), stored, io::sink());
        came.map_err(|failure| failure.explain(Path::new("saved")))
    });
    let passing = pass_on(stream::iter(body), sender, passed, &progress, &pace);
    let (came, ()) = tokio::join!(opening, passing);
    assert_eq!(came.unwrap().mismatch, Some(Mismatch::Swapped));
    let read = progress.done_bytes();
    assert!(read < 8 * PLAINTEXT as u64, "{read} bytes were taken");
}

#[tokio::test]
async fn what_no_key_opens_is_damage_unless_it_is_what_was_stored() {
    let other = sealed(&RecoveryKey::make(), &vec![7; PLAINTEXT]);
    for bytes in [other.clone(), b"<!doctype html>".to_vec()] {
        let (kept, _) = Kept::with_another();
        let verdict = kept.receive(&bytes, None).await;
        assert!(matches!(verdict, Err(Error::Damaged)), "{verdict:?}");
    }
    let (mut kept, _) = Kept::with_another();
    let mut digesting = DigestWriter::new(io::sink());
    digesting.write_all(&other).unwrap();
    kept.receipt.digest = digesting.digest().to_string();
    kept.receipt.stored_size = other.len() as u64;
    let verdict = kept.receive(&other, None).await;
    assert!(matches!(verdict, Err(Error::WrongKey)), "{verdict:?}");
}

#[tokio::test]
async fn fewer_bytes_are_a_cut_wherever_they_end() {
    for left in [0, 100, FRAME, 150_000, 299_999] {
        let (kept, _) = Kept::with_another();
        let bytes = kept.stored[..left].to_vec();
        let verdict = kept.receive(&bytes, None).await;
        assert!(matches!(verdict, Err(Error::CutShort)), "{verdict:?}");
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

fn listed(stored_size_bytes: Option<u64>) -> File {
    let token: privicore_client::DataToken = "dtk-1".to_owned().into();
    File {
        id: crate::files::file_id::FileId::derive(&token),
        token,
        name: "a".into(),
        folder: String::new(),
        context: String::new(),
        size_bytes: None,
        stored_size_bytes,
        stored_at: None,
        state: crate::files::file_state::FileState::MissingReceipt,
        receipt: None,
        at_service: crate::files::file::AtService::default(),
        receipt_lost: false,
        is_escaped: false,
    }
}

#[tokio::test]
async fn without_a_receipt_no_more_is_taken_in_than_the_list_says() {
    for listed_bytes in [Some(0), Some(5_000_000), None] {
        let most = most_bytes(&listed(listed_bytes));
        let told = listed_bytes.unwrap_or(LONGEST_UNTOLD_BYTES);
        assert!(most <= told + told / 100 + SEALING_BYTES);
        let endless = stream::repeat_with(|| Ok(Bytes::from(vec![7; 1024 * 1024])));
        let mut taken = 0;
        let mut body = std::pin::pin!(bounded(endless, most));
        let end = loop {
            match body.next().await {
                Some(Ok(frame)) => taken += frame.len() as u64,
                end => break end,
            }
        };
        assert!(taken <= most);
        assert!(
            matches!(end, Some(Err(ClientError::TooMuch { limit_bytes })) if limit_bytes == most)
        );
    }
}

#[test]
fn the_length_in_the_sealed_name_bounds_a_download_whatever_the_list_says() {
    for listed_bytes in [None, Some(0), Some(5_000), Some(1 << 62), Some(u64::MAX)] {
        let named = File {
            size_bytes: Some(10_000_000),
            ..listed(listed_bytes)
        };
        assert_eq!(
            most_bytes(&named),
            10_000_000 + 100_000 + SEALING_BYTES,
            "{listed_bytes:?}"
        );
    }
}

#[tokio::test]
async fn where_only_the_list_tells_a_download_leaves_room_on_the_disk() {
    assert_eq!(leaving_room(1 << 62, Some(1_000)), 900);
    assert_eq!(leaving_room(500, Some(1_000)), 500);
    assert_eq!(leaving_room(500, Some(0)), 0);
    assert_eq!(leaving_room(500, None), 500);
    #[cfg(unix)]
    {
        let dir = tempfile::tempdir().unwrap();
        let (file, target) = (listed(Some(1 << 62)), dir.path().join("x"));
        let most = within_free_space(&file, &target).await.unwrap();
        assert!(most < 1 << 60, "{most}");
    }
}
