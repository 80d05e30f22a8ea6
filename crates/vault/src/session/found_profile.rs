//! A profile on this computer, as far as it is there.

use std::path::Path;

use privicore_envelope::whole_file::is_there;

use crate::error::{ConnectionError, Error, KeysError};
use crate::session::trial_profile::random_password;
use crate::store::profile::{KeysHere, ProfileFiles};
use crate::store::settings::ProfileDir;
use crate::system::blocking::blocking;
use crate::vault::Vault;

/// A profile on this computer, as far as it is there.
pub(crate) struct FoundProfile {
    pub dir: ProfileDir,
    /// The user name, as the keys that are here were made for it.
    pub username: String,
    pub keys: KeysHere,
}

pub(super) fn has_entries(folder: &Path) -> Result<bool, Error> {
    if !is_there(folder).map_err(KeysError::NotSeen)? {
        return Ok(false);
    }
    let mut entries = std::fs::read_dir(folder).map_err(KeysError::NotSeen)?;
    Ok(entries.next().is_some())
}

impl Vault {
    /// Where the keys of a profile are, or belong. A directory of an earlier version, which took addresses and names as
    /// they were typed, is found again.
    ///
    /// # Errors
    /// [`KeysError::NotSeen`] or [`crate::ProtectionError::Keyring`] when one cannot look, so that nothing may be made.
    pub(crate) async fn find_profile(&self, typed: &str) -> Result<FoundProfile, Error> {
        self.read_settings().await?;
        let settings = self.inner.settings_file.clone();
        let profiles = self.inner.data_dir.join("profiles");
        let (known, connection) = {
            let state = self.state();
            let connection = state.settings.connection.clone();
            (
                state.settings.clone(),
                connection.ok_or(ConnectionError::NotConnected)?,
            )
        };
        let (salt, is_new) = blocking(move || {
            let (salt, is_new) = settings.salt(random_password)?;
            // Whose directories these are cannot be told any more.
            Ok((salt, is_new && has_entries(&profiles)?))
        })
        .await?;
        let username = typed.trim().to_owned();
        let labels = connection.earlier_labels(&known.typed_addresses);
        let mut places = Vec::new();
        for name in [&*username, typed] {
            for label in
                std::iter::once(connection.label()).chain(labels.iter().map(|label| &**label))
            {
                let dir = ProfileDir::derive(&salt, label, name);
                if places
                    .iter()
                    .all(|(known, _): &(ProfileDir, String)| *known != dir)
                {
                    places.push((dir, name.to_owned()));
                }
            }
        }
        let keyring = self.inner.keyring;
        let vault = self.clone();
        blocking(move || {
            let mut was_here = is_new;
            for (at, (dir, username)) in places.iter().enumerate() {
                let is_known = known.profiles.contains(dir);
                let keyring = (at == 0).then_some(keyring);
                match vault.files_of(dir).find_keys(keyring, is_known)? {
                    KeysHere::Yes => {
                        return Ok(FoundProfile {
                            dir: dir.clone(),
                            username: username.clone(),
                            keys: KeysHere::Yes,
                        });
                    }
                    KeysHere::Lost => was_here = true,
                    KeysHere::Never => {}
                }
            }
            let (dir, _) = places.swap_remove(0);
            let keys = if was_here {
                KeysHere::Lost
            } else {
                KeysHere::Never
            };
            Ok(FoundProfile {
                dir,
                username,
                keys,
            })
        })
        .await
    }

    pub(crate) fn files_of(&self, dir: &ProfileDir) -> ProfileFiles {
        ProfileFiles::new(&self.inner.data_dir, dir, self.inner.key_cost)
    }
}
