//! Takes new passphrases, if they are hard enough to guess.

use secrecy::{ExposeSecret as _, SecretString};

use crate::error::{Error, ProtectionError};
use crate::keys::strength::{Strength, strength_of};
use crate::session::Credentials;

/// Takes a new passphrase for the keys of a profile.
///
/// # Errors
/// [`ProtectionError::EmptyPassphrase`], [`ProtectionError::WeakPassphrase`].
pub(crate) fn require_strong(passphrase: &SecretString, of: &Credentials) -> Result<(), Error> {
    let about = [&*of.username, of.password.expose_secret()];
    match strength_of(passphrase, &about) {
        Strength::Empty => Err(ProtectionError::EmptyPassphrase.into()),
        refused @ (Strength::TooShort | Strength::Guessable) => {
            Err(ProtectionError::WeakPassphrase { strength: refused }.into())
        }
        Strength::Weak | Strength::Good => Ok(()),
    }
}
