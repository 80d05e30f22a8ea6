//! The recovery kit: made, saved, confirmed, and used to get a profile back on a new machine.

mod kit;
mod page;
mod picture;
mod state;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use privicore_envelope::{CONFIRMATION_CHARS, RecoveryKit, is_confirmed_by};
use secrecy::{ExposeSecret as _, SecretString};

pub use self::kit::Kit;
pub use self::state::RecoveryState;
pub(crate) use self::state::state_of;
use crate::error::{ConnectionError, Error, RecoveryError, file_name};
use crate::store::private_file::write_private;
use crate::store::profile::PreviousKeyFile;
use crate::system::blocking::blocking;
use crate::vault::Vault;

/// How many characters, the last of the recovery key, a person types to show that the kit is at hand.
pub const KIT_CONFIRMATION_CHARS: usize = CONFIRMATION_CHARS;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedKit {
    /// The page to print.
    pub page: PathBuf,
    /// The same as text.
    pub text: PathBuf,
}

impl Vault {
    /// Whether the recovery kit was confirmed.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn recovery_state(&self) -> Result<RecoveryState, Error> {
        let keys = self.signed_in()?.session.profile.keys()?;
        Ok(state_of(&keys))
    }

    /// Saves the recovery kit as two new files in a folder: a page to print and a text file, both for this user's eyes
    /// only. What is there already is left alone.
    ///
    /// # Errors
    /// [`RecoveryError::KeyNotKept`] when a kit was confirmed before: a new kit needs a new recovery key. Or the files
    /// cannot be written; nothing is then left behind.
    pub async fn save_recovery_kit(&self, folder: &Path) -> Result<SavedKit, Error> {
        let signed_in = self.signed_in()?;
        let server = self.connection_label()?;
        let keys = signed_in.session.profile.keys()?;
        let user_name = signed_in.session.username().to_owned();
        let folder = folder.to_owned();
        blocking(move || {
            let now = u64::try_from(Timestamp::now().as_second()).unwrap_or_default();
            let kit = RecoveryKit::of(&keys, &user_name, &server, now)
                .map_err(|_| RecoveryError::KeyNotKept)?;
            save(&kit, &folder)
        })
        .await
    }

    /// The user has typed the end of the recovery key, or scanned its code: the kit is at hand, and the secret half of
    /// the key leaves this machine. With a key file that a passphrase protects, the passphrase is needed to write it
    /// anew.
    ///
    /// # Errors
    /// [`RecoveryError::KitNotConfirmed`] when what was typed is something else;
    /// [`crate::ProtectionError::PassphraseNeeded`], [`crate::ProtectionError::WrongPassphrase`].
    pub async fn confirm_recovery_kit(
        &self,
        typed: &SecretString,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let typed = typed.clone();
        self.change_keys_and(PreviousKeyFile::Forgotten, passphrase, move |keys| {
            let secret = keys.recovery_secret().ok_or(RecoveryError::KeyNotKept)?;
            if !is_confirmed_by(secret, typed.expose_secret()) {
                return Err(RecoveryError::KitNotConfirmed.into());
            }
            keys.forget_recovery_secret();
            Ok(())
        })
        .await
    }

    /// Makes a new recovery key, for which a new kit is then to be saved and confirmed, and a new application key: a
    /// kit holds both. What is stored from now on opens with the new kit only, what was stored before with the old one.
    /// Names and shared keys stay.
    ///
    /// # Errors
    /// [`crate::ProtectionError::PassphraseNeeded`], [`crate::ProtectionError::WrongPassphrase`],
    /// [`crate::KeysError::Key`], or the key file cannot be written.
    pub async fn renew_recovery_key(&self, passphrase: Option<SecretString>) -> Result<(), Error> {
        let size = self.inner.key_cost.key_size();
        self.change_keys(passphrase, move |keys| {
            keys.rotate_application_key(size)?;
            keys.generate_recovery_key();
            Ok(())
        })
        .await
    }

    fn connection_label(&self) -> Result<String, Error> {
        let state = self.state();
        let link = state.link.as_ref().ok_or(ConnectionError::NotConnected)?;
        Ok(link.connection.label().to_owned())
    }
}

/// Writes both files or none. Blocks.
fn save(kit: &RecoveryKit, folder: &Path) -> Result<SavedKit, Error> {
    let name = file_stem(&kit.lines().made_on);
    let saved = SavedKit {
        page: folder.join(format!("{name}.html")),
        text: folder.join(format!("{name}.txt")),
    };
    write_private(&saved.text, &kit.to_text())?;
    if let Err(error) = write_private(&saved.page, &page::to_html(kit)) {
        if let Err(error) = std::fs::remove_file(&saved.text) {
            tracing::warn!(%error, "half a recovery kit was left: {}", file_name(&saved.text));
        }
        return Err(error);
    }
    Ok(saved)
}

fn file_stem(made_on: &str) -> String {
    format!("privicore-recovery-kit-{made_on}")
}

#[cfg(test)]
mod tests {
    use privicore_envelope::ProfileKeys;
    use privicore_envelope::{KeySize, ParsedKit};

    use super::*;
    use crate::TargetError;

    fn kit() -> RecoveryKit {
        let keys = ProfileKeys::generate(KeySize::Rsa3072, |_| {}).unwrap();
        RecoveryKit::of(
            &keys,
            "alice & <bob>@example.com",
            "https://privicore.example",
            0,
        )
        .unwrap()
    }

    #[test]
    fn the_page_reads_back_as_the_kit_it_was_made_of() {
        let kit = kit();
        let read = ParsedKit::parse(page::to_html(&kit).expose_secret()).unwrap();
        assert!(read.has_all_keys());
        assert_eq!(read.user_name(), Some("alice & <bob>@example.com"));
        let (typed, printed) = (read.recovery_key().to_text(), kit.lines().recovery_key);
        assert_eq!(typed.expose_secret(), printed.expose_secret());
    }

    #[test]
    fn the_code_reads_back_from_a_picture() {
        let kit = kit();
        let code = qrcode::QrCode::new(kit.to_code().expose_secret()).unwrap();
        let modules = u32::try_from(code.width()).unwrap();
        let (scale, border) = (6, 4);
        let side = (modules + 2 * border) * scale;
        let picture = image::GrayImage::from_fn(side, side, |x, y| {
            let module = |at: u32| (at / scale).checked_sub(border).filter(|at| *at < modules);
            let dark = match (module(x), module(y)) {
                (Some(x), Some(y)) => code[(x as usize, y as usize)] == qrcode::Color::Dark,
                _ => false,
            };
            image::Luma([if dark { 0 } else { 255 }])
        });
        let mut png = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
        assert!(picture::is_picture(png.get_ref()));
        let read = picture::read_code(png.get_ref()).unwrap().unwrap();
        let read = ParsedKit::parse(read.expose_secret()).unwrap();
        assert!(read.name_key().is_some() && !read.has_all_keys());
    }

    #[test]
    fn half_a_kit_is_not_left() {
        let dir = tempfile::tempdir().unwrap();
        let kit = kit();
        let page = format!("{}.html", file_stem(&kit.lines().made_on));
        std::fs::write(dir.path().join(&page), "in the way").unwrap();
        assert!(matches!(
            save(&kit, dir.path()),
            Err(Error::Target(TargetError::Exists { .. }))
        ));
        let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().flatten().collect();
        assert_eq!(left.len(), 1);
        assert_eq!(std::fs::read(dir.path().join(page)).unwrap(), b"in the way");
    }
}
