//! The shared-key form: the body is the stored bytes.

use aws_lc_rs::digest::{SHA256, digest};
use privicore_envelope::{SharedKey, SharedSealing};
use secrecy::ExposeSecret as _;

use crate::vector::Folder;

pub(crate) fn make(folder: &Folder, key: &SharedKey) {
    let hex = key.to_hex();
    let key_line = ("key", hex.expose_secret());
    for length in [0, 1, 15, 16, 17, 1000, 65_537] {
        let plaintext: Vec<u8> = (0..length).map(|at: usize| at.to_le_bytes()[0]).collect();
        let payload = hex::encode(digest(&SHA256, &plaintext));
        let lines = [("expect", "success"), key_line, ("payload", &payload)];
        folder.write(&format!("{length}-bytes"), &lines, seal(key, &plaintext));
    }
    let sealed = seal(key, b"forty bytes that are not very interesting");
    let changed = |at: usize| {
        let mut changed = sealed.clone();
        changed[at] ^= 0x80;
        changed
    };
    let longer = [sealed.as_slice(), &[0]].concat();
    for (name, verdict, body) in [
        ("changed-iv", "wrong key or damaged", changed(0)),
        ("changed-byte", "wrong key or damaged", changed(20)),
        (
            "changed-tag",
            "wrong key or damaged",
            changed(sealed.len() - 1),
        ),
        ("longer", "wrong key or damaged", longer),
        (
            "other-key",
            "wrong key or damaged",
            seal(&SharedKey::generate(), b""),
        ),
        ("cut-in-text", "wrong key or damaged", sealed[..40].to_vec()),
        ("cut-before-tag", "cut short", sealed[..27].to_vec()),
        ("cut-in-iv", "cut short", sealed[..5].to_vec()),
        ("empty", "cut short", vec![]),
    ] {
        folder.write(name, &[("expect", verdict), key_line], body);
    }
}

fn seal(key: &SharedKey, plaintext: &[u8]) -> Vec<u8> {
    let sealing = SharedSealing::begin(key, plaintext.len() as u64).unwrap();
    let mut reader = sealing.into_reader(plaintext);
    let (mut sealed, mut piece) = (Vec::new(), Vec::new());
    while reader.next_piece(&mut piece).unwrap() {
        sealed.extend_from_slice(&piece);
    }
    sealed
}
