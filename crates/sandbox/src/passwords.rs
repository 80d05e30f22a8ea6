//! Passwords, hashed with argon2id.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

use crate::answer::Broken;

/// Hashing takes 19 MiB each; as many at once as keep memory flat.
const AT_ONCE: usize = 4;

/// The place where passwords are hashed and compared, off the async threads.
#[derive(Debug)]
pub(crate) struct Passwords {
    seats: Semaphore,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self {
            seats: Semaphore::new(AT_ONCE),
        }
    }

    /// The PHC string to keep for `password`.
    pub(crate) async fn hash(&self, password: Zeroizing<String>) -> Result<String, Broken> {
        self.work(move || {
            Argon2::default()
                .hash_password(password.as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|_| Broken::Password)
        })
        .await?
    }

    /// Whether `password` is the one behind `kept`.
    pub(crate) async fn matches(
        &self,
        password: Zeroizing<String>,
        kept: String,
    ) -> Result<bool, Broken> {
        self.work(move || {
            PasswordHash::new(&kept).is_ok_and(|kept| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &kept)
                    .is_ok()
            })
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Broken> {
        let _seat = self.seats.acquire().await.map_err(|_| Broken::Closed)?;
        spawn_blocking(work).await.map_err(|_| Broken::Closed)
    }
}
