//! How much work a passphrase costs, as the key file says it.

use std::fs;
use std::path::Path;

/// The least scrypt work (log₂ N) that a passphrase has on any machine.
pub const LEAST_WORK: u8 = 16;

/// log₂ N of the only profile of a data directory: the last argument of the scrypt stanza (c2sp.org/age).
pub fn key_work_below(data_dir: &Path) -> u8 {
    let profiles = fs::read_dir(data_dir.join("profiles")).expect("a profile was made");
    let profile = profiles.flatten().next().expect("there is one");
    let sealed = fs::read(profile.path().join("keys.age")).expect("it has a key file");
    let header = String::from_utf8_lossy(&sealed);
    let mut lines = header.lines();
    let stanza = lines.find(|line| line.starts_with("-> scrypt "));
    let work = stanza.and_then(|line| line.rsplit(' ').next());
    work.and_then(|work| work.parse().ok())
        .expect("it is sealed to a passphrase")
}
