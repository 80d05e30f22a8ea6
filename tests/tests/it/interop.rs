//! What is stored opens without this program: with Debian's age tool and the exported keys.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::Command;

use privicore_sandbox::Dialect;
use privicore_tests::in_each_dialect;
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_vault::PrivateKey;

in_each_dialect!(stored_bytes_open_with_the_age_tool_and_either_key);

async fn stored_bytes_open_with_the_age_tool_and_either_key(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let dir = tempfile::tempdir().unwrap();
    let keys = [
        (PrivateKey::Recovery, dir.path().join("recovery.txt")),
        (PrivateKey::Application, dir.path().join("application.pem")),
    ];
    for (key, file) in &keys {
        fixture.vault.export_key(*key, file).unwrap();
    }
    for size in [0, 1, 64 * 1024, 64 * 1024 + 1, 1_000_000] {
        let (path, bytes) = fixture.write(&format!("{size}.bin"), random_bytes(size));
        fixture.store(vec![path.clone()], "").await;
        let stored = fixture.raw(&fixture.file_named(&path)).await;
        let sealed = dir.path().join("sealed.age");
        fs::write(&sealed, stored).unwrap();
        for (key, identity) in &keys {
            assert!(opened(identity, &sealed) == bytes, "{size} bytes, {key:?}");
        }
    }
}

fn opened(identity: &Path, sealed: &Path) -> Vec<u8> {
    let output = Command::new("age")
        .args(["--decrypt", "--identity"])
        .args([identity, sealed])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    output.stdout
}
