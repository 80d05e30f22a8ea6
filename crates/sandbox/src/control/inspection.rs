//! Inspection of the stored state, for tests that count copies and leftovers.

use std::collections::{BTreeMap, HashSet};
use std::io;

use serde::Serialize;

use super::{Control, ControlError};
use crate::layers::device::UNFINISHED;
use crate::state::data::{blobs, data_tokens, storage};
use crate::state::profiles;
use crate::wire::answer::Broken;
use crate::world::blocking;

/// A permanent token as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenState {
    pub token: String,
    pub context: String,
    pub file_name: String,
    /// The size its client stated, in bytes.
    pub stated_bytes: u64,
    /// How many bytes are stored behind it.
    pub stored_bytes: u64,
}

/// What is on the disk of all storage devices together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DiskState {
    /// Stored byte sequences of which some device has a whole copy.
    pub blobs: usize,
    /// Those of them that no permanent token stands for: not yet, no more, or never.
    pub temporary: usize,
    /// Whole copies.
    pub copies: usize,
    /// Copies that are being written, or were broken off and not removed.
    pub unfinished: usize,
}

impl Control {
    /// The permanent tokens of the profile `username`, oldest first; none if there is no such profile.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub async fn list_tokens(&self, username: &str) -> Result<Vec<TokenState>, ControlError> {
        let username = username.to_owned();
        let found = self.world.state.read(move |db| {
            let Some((profile, _)) = profiles::by_username(db, &username)? else {
                return Ok(Vec::new());
            };
            data_tokens::of_profile(db, &profile)
        });
        let states = found
            .await?
            .into_iter()
            .map(|(token, stored_bytes)| TokenState {
                token: token.token,
                context: token.context,
                file_name: token.file_name,
                stated_bytes: token.size,
                stored_bytes,
            });
        Ok(states.collect())
    }

    /// What is on the disk.
    ///
    /// # Errors
    /// When the state or a device's folder cannot be read.
    pub async fn disk(&self) -> Result<DiskState, ControlError> {
        let folder = self.world.devices.clone();
        let read = self.world.state.read(move |db| {
            let devices = storage::everywhere(db, &folder)?;
            Ok((devices, blobs::permanent(db)?))
        });
        let (devices, permanent) = read.await?;
        let files = blocking(move || {
            let files = devices.iter().map(|storage| storage.device.files());
            files.collect::<io::Result<Vec<_>>>()
        });
        let files = files.await?.map_err(Broken::from)?.concat();
        Ok(DiskState::of(files, &permanent))
    }

    /// How often `operation` was called since the start, or since [`Control::forget_calls`]; refused calls count too.
    /// Operations are named as in [`Faults::plan`](crate::Faults::plan).
    pub fn calls(&self, operation: &str) -> u64 {
        self.world.calls.of(operation.trim_matches('/'))
    }

    /// How often each operation was called; those that were not are left out.
    pub fn list_calls(&self) -> BTreeMap<String, u64> {
        self.world.calls.all()
    }

    /// Counts calls from zero again.
    pub fn forget_calls(&self) {
        self.world.calls.forget();
    }
}

impl DiskState {
    fn of(files: Vec<String>, permanent: &HashSet<String>) -> Self {
        let (unfinished, whole): (Vec<_>, Vec<_>) = files
            .into_iter()
            .partition(|file| file.ends_with(UNFINISHED));
        let copies = whole.len();
        let blobs: HashSet<String> = whole.into_iter().collect();
        Self {
            blobs: blobs.len(),
            temporary: blobs.difference(permanent).count(),
            copies,
            unfinished: unfinished.len(),
        }
    }
}
