//! Makes the test vectors of the forms that this crate defines, with fresh keys: `cargo run -p privicore-envelope
//! --example make-vectors`. They are kept in `tests/vectors/<format>/` and stay as they are: files that were written
//! once must open for ever. What is fuzzed begins with them: `fuzz/seeds/<target>/`.
#![expect(clippy::unwrap_used, reason = "a tool that cannot go on has failed")]

mod key_files;
mod names;
mod recovery_kits;
mod seeds;
mod shared_form;
mod signed_keys;
mod vector;

use privicore_envelope::{KeySize, ProfileKeys, SharedKey};
use vector::Folder;

fn main() {
    let keys = keys();
    signed_keys::make(&Folder::anew("signed-key"));
    names::make(&Folder::anew("names"), &keys.names);
    shared_form::make(&Folder::anew("shared-form"), &keys.shared_keys()[0].key);
    key_files::make(&Folder::anew("key-file"), &keys);
    recovery_kits::make(&Folder::anew("recovery-kit"), &keys);
    seeds::make(&keys);
}

/// A profile that has everything a profile can have.
fn keys() -> ProfileKeys {
    let mut keys = ProfileKeys::generate(KeySize::Rsa3072, |_| {}).unwrap();
    keys.generate_recovery_key();
    for (name, made_at) in [("office", 1_795_608_000), ("Büro \"2\" \u{1F512}", 0)] {
        keys.add_shared_key(name, SharedKey::generate(), made_at)
            .unwrap();
    }
    keys
}
