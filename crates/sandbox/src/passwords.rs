//! Hashes passwords with argon2id on one dedicated thread: each hash takes 19 MiB, which the allocator keeps for its
//! thread, so that more threads would keep more memory.

use std::thread;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::{mpsc, oneshot};
use zeroize::Zeroizing;

use crate::wire::answer::Broken;

/// So many may wait for the thread before others wait for them.
const WAITING: usize = 16;

type Job = Box<dyn FnOnce() + Send>;

/// The thread where passwords are hashed and compared. It ends with this.
#[derive(Debug)]
pub(crate) struct Passwords {
    jobs: mpsc::Sender<Job>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        let (jobs, mut waiting) = mpsc::channel::<Job>(WAITING);
        thread::spawn(move || {
            while let Some(job) = waiting.blocking_recv() {
                job();
            }
        });
        Self { jobs }
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
        let (done, outcome) = oneshot::channel();
        // Who has gone meanwhile does not want to know.
        let job = Box::new(move || drop(done.send(work())));
        self.jobs.send(job).await.map_err(|_| Broken::Closed)?;
        outcome.await.map_err(|_| Broken::Closed)
    }
}
