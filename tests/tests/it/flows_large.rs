//! Flows with a file that fits in no buffer.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use privicore_sandbox::Dialect;
use privicore_tests::in_each_dialect;
use privicore_tests::test_vault::TestVault;
use privicore_vault::{Existing, TransferState};

const LENGTH: u64 = 300 << 20;

in_each_dialect!(a_file_of_300_mib_comes_back_byte_for_byte);

async fn a_file_of_300_mib_comes_back_byte_for_byte(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let original = fixture.originals().join("large.bin");
    write_random(&original);
    let stored = fixture.store(vec![original.clone()], "large").await;
    assert_eq!(stored[0].state, TransferState::Done, "{stored:?}");
    let target = fixture.originals().join("back.bin");
    let file = fixture.file_named(&original);
    let saved = fixture.save(&file, &target, Existing::Keep).await;
    assert_eq!(saved.state, TransferState::Done, "{saved:?}");
    assert_eq!(digest(&target), digest(&original));
}

fn write_random(path: &Path) {
    let mut bytes = blake3::Hasher::new().finalize_xof().take(LENGTH);
    io::copy(&mut bytes, &mut File::create(path).unwrap()).unwrap();
}

fn digest(path: &Path) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path).unwrap()).unwrap();
    hasher.finalize()
}
