//! Whether a kit was confirmed.

use privicore_envelope::ProfileKeys;

/// Whether somebody who loses this machine can still open the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoveryState {
    /// No kit was confirmed: the recovery key is on this machine only.
    Unconfirmed,
    /// The user has the kit, and the recovery key is in it only.
    Confirmed,
}

pub(crate) fn state_of(keys: &ProfileKeys) -> RecoveryState {
    match keys.recovery_secret() {
        Some(_) => RecoveryState::Unconfirmed,
        None => RecoveryState::Confirmed,
    }
}
