//! How a vault is opened.

use std::sync::Arc;

use crate::copies::made::Copies;
use crate::data_dir::is_default;
use crate::error::code::Code;
use crate::error::{DataFolderError, Error, Explanation};
use crate::events::Event;
use crate::store::keyring::Keyring;
use crate::store::own_files::{close_folders_of, make_data_dir, make_private_folder};
use crate::store::profile::{Writers, writers};
use crate::store::settings::SettingsFile;
use crate::system::blocking::blocking;
use crate::system::wake;
use crate::time_limits::TimeLimits;
use crate::transfers::RetryPolicy;
use crate::vault::{Inner, Options, Vault};

impl Vault {
    /// Opens the data directory, brings the chosen service within reach and goes on with the profile that was signed
    /// in.
    ///
    /// # Errors
    /// When the data directory or the settings cannot be used, or the embedded sandbox does not start. A profile that
    /// cannot be opened is no error: the vault is then [`Stage::Locked`].
    pub async fn open(options: Options) -> Result<Self, Error> {
        Self::open_within(options, None).await
    }

    /// [`Vault::open`] with time limits of one's own.
    ///
    /// # Errors
    /// Those of [`Vault::open`].
    pub async fn open_within(
        options: Options,
        time_limits: Option<TimeLimits>,
    ) -> Result<Self, Error> {
        let keyring = Keyring::new(options.keyring);
        let retry_policy = options.retry_policy;
        let data_dir = options.data_dir.clone();
        // Keys never end up in whatever folder the process happens to run in.
        if !data_dir.is_absolute() {
            return Err(DataFolderError::Unknown.into());
        }
        let settings_file = SettingsFile::in_dir(&data_dir);
        let folder = data_dir;
        let (settings, writers) = blocking(move || {
            if is_default(&folder) {
                make_data_dir(&folder).map_err(DataFolderError::Io)?;
            } else {
                make_private_folder(&folder).map_err(DataFolderError::Io)?;
            }
            let writers = writers(&folder).map_err(DataFolderError::Io)?;
            if writers == Writers::Everybody {
                return Err(DataFolderError::OpenToAll.into());
            }
            close_folders_of(&folder);
            Copies::sweep_ended(&folder);
            // What it says is remembered.
            let _ = keyring.probe();
            Ok((settings_file.read()?, writers))
        })
        .await?;
        let inner = Inner::new(options, time_limits, settings);
        let vault = Self {
            inner: Arc::new(inner),
        };
        tokio::spawn(wake::watch(Arc::downgrade(&vault.inner)));
        #[cfg(target_os = "linux")]
        if retry_policy == RetryPolicy::UntilDone {
            crate::system::screen::watch(&Arc::downgrade(&vault.inner));
        }
        if writers == Writers::Others {
            vault.emit(Event::Notice(open_to_others()));
        }
        vault.reconnect().await?;
        if let Err(error) = vault.resume(None).await {
            tracing::info!(%error, "the profile stays locked");
        }
        Ok(vault)
    }
}

fn open_to_others() -> Explanation {
    Code::DataFolderOpen.words_of("others").explain()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::key_cost::KeyCost;
    use crate::store::keyring::KeyringUse;
    use crate::store::settings::Theme;

    /// Another process may hold the settings for long: nothing but their change waits for it.
    #[tokio::test]
    async fn whoever_waits_for_the_settings_holds_up_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let options = Options {
            data_dir: dir.path().to_owned(),
            keyring: KeyringUse::Off,
            retry_policy: RetryPolicy::Never,
            key_cost: KeyCost::Full,
        };
        let vault = Vault::open(options).await.unwrap();
        let settings = crate::store::state_file::StateFile::at(dir.path().join("settings.json"));
        let held = settings.lock(std::time::Duration::ZERO).unwrap().unwrap();
        let mut setting = std::pin::pin!(vault.set_theme(Theme::Dark));
        tokio::select! {
            biased;
            set = &mut setting => panic!("{set:?} while another process holds the settings"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(vault.status().theme, Theme::System);
        drop(held);
        setting.await.unwrap();
        assert_eq!(vault.status().theme, Theme::Dark);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_vault_that_is_dropped_without_being_shut_down_lets_go_of_its_keys() {
        let dir = tempfile::tempdir().unwrap();
        let options = Options {
            data_dir: dir.path().to_owned(),
            keyring: KeyringUse::Off,
            retry_policy: RetryPolicy::UntilDone,
            key_cost: KeyCost::Full,
        };
        let vault = Vault::open(options).await.unwrap();
        let passphrase = "several words that nobody guesses".into();
        vault.try_now(Some(passphrase)).await.unwrap();
        let signed_in = vault.signed_in().unwrap();
        let keys = Arc::downgrade(&signed_in.session.profile.keys().unwrap());
        let inner = Arc::downgrade(&vault.inner);
        drop(signed_in);
        assert!(keys.upgrade().is_some());
        drop(vault);
        let gone = async {
            while keys.upgrade().is_some() || inner.upgrade().is_some() {
                tokio::task::yield_now().await;
            }
        };
        let limit = std::time::Duration::from_mins(1);
        tokio::time::timeout(limit, gone)
            .await
            .expect("nothing holds the keys");
    }
}
