//! Lock and unlock: without keys, names and list in memory while nobody is there.
//!
//! What runs goes on to its end with what it holds of its own file; what waits is on disk. The session, which such
//! transfers need, and the key of the records stay in memory until the last of them has ended.

use std::sync::Arc;
use std::time::Instant;

use secrecy::SecretString;

use crate::error::code::Code;
use crate::error::{Error, Explanation};
use crate::events::Event;
use crate::session::damage::load_catalogue;
use crate::system::blocking::blocking;
use crate::system::idle::AutoLock;
use crate::system::lock_reason::LockReason;
use crate::transfers::RetryPolicy;
use crate::vault::{SignedIn, Vault};

impl Vault {
    /// Lets go of the keys, the names and the list; answers whether there was anything to lock. Transfers that run go
    /// on to their end, the others wait until it is unlocked. A deletion that could still be undone is not sent.
    pub fn lock(&self, reason: LockReason) -> bool {
        let signed_in = {
            let mut state = self.state();
            let Some(signed_in) = state.signed_in.take() else {
                // Nobody is idle who is about to be let in.
                if reason != LockReason::Idle {
                    state.lock_wanted = Some(reason);
                }
                return false;
            };
            state.locked_for = reason;
            state.draining = Some(Arc::clone(&signed_in));
            signed_in
        };
        let not_deleted = self.inner.deletions.undo_all();
        signed_in.session.profile.drop_keys();
        signed_in.catalogue().close();
        signed_in.previews.close();
        signed_in.copying.end();
        signed_in.session.activity.log().close();
        signed_in.transfers.suspend();
        self.emit(Event::StatusChanged);
        if not_deleted > 0 {
            self.emit(Event::Notice(deletions_not_sent(not_deleted)));
        }
        tracing::info!(?reason, "locked");
        let vault = self.clone();
        tokio::spawn(async move {
            vault.end_copies(&signed_in).await;
            vault.end_when_drained(signed_in).await;
        });
        true
    }

    /// Opens the keys of the profile that was signed in and goes on with it.
    ///
    /// # Errors
    /// [`crate::ProtectionError::PassphraseNeeded`], [`crate::ProtectionError::WrongPassphrase`],
    /// [`crate::ProtectionError::Keyring`], [`crate::KeysError::File`].
    pub async fn unlock(&self, passphrase: Option<SecretString>) -> Result<(), Error> {
        let _guard = self.guard().await?;
        self.unlock_in_turn(passphrase).await
    }

    pub(crate) async fn unlock_in_turn(
        &self,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let draining = self.state().draining.clone();
        match draining {
            Some(signed_in) => self.put_back(signed_in, passphrase).await,
            None => self.resume(passphrase).await,
        }
    }

    /// Goes on with a profile whose transfers have not ended since it was locked.
    async fn put_back(
        &self,
        signed_in: Arc<SignedIn>,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let profile = &signed_in.session.profile;
        let (files, keyring) = (self.files_of(&profile.dir), self.inner.keyring);
        let keys = blocking(move || files.read_keys(keyring, passphrase.as_ref())).await?;
        // What is stored while the list is read is put there by its transfer.
        signed_in.catalogue().reopen();
        let read = match load_catalogue(profile).await {
            Ok(read) => read,
            Err(error) => {
                signed_in.catalogue().close();
                return Err(error);
            }
        };
        signed_in.catalogue().take_in(read);
        profile.put_keys_back(keys);
        signed_in.session.activity.log().reopen();
        {
            let mut state = self.state();
            state.draining = None;
            // Before it can be locked again.
            signed_in.transfers.resume_tracking();
            state.signed_in = Some(Arc::clone(&signed_in));
        }
        self.seen();
        if self.lock_if_wanted() {
            return Ok(());
        }
        self.emit(Event::StatusChanged);
        self.emit(Event::FilesChanged);
        signed_in.tell_damage();
        // It is unlocked, whatever comes of the rest.
        let taken_back = signed_in.restore().await;
        self.tell_failure(taken_back);
        if self.inner.retry_policy == RetryPolicy::UntilDone {
            self.follow_open_commands(&signed_in);
        }
        Ok(())
    }

    /// Locks what was opened while it was to be locked; answers whether it was.
    pub(crate) fn lock_if_wanted(&self) -> bool {
        let wanted = self.state().lock_wanted.take();
        wanted.is_some_and(|reason| self.lock(reason))
    }

    /// The user was there: the time until it locks by itself begins anew.
    pub fn seen(&self) {
        self.inner.last_seen.see(Instant::now());
    }

    /// Sets when it locks by itself.
    ///
    /// # Errors
    /// When the settings cannot be written.
    pub async fn set_auto_lock(&self, rules: AutoLock) -> Result<(), Error> {
        self.require_not_locked()?;
        self.change_settings(move |settings| settings.auto_lock = rules)
            .await?;
        self.seen();
        self.emit(Event::StatusChanged);
        Ok(())
    }

    /// Locks if nobody was seen for the time that is set. Who is impatient is there until the work is done.
    pub(crate) fn lock_if_idle(&self, now: Instant) {
        let rules = self.state().settings.auto_lock;
        let is_watched = self.inner.retry_policy == RetryPolicy::UntilDone;
        if is_watched && self.inner.last_seen.is_over(rules, now) {
            self.lock(LockReason::Idle);
        }
    }

    /// Locks for what has happened, if the rules say so.
    pub(crate) fn lock_when(&self, happened: LockReason) {
        let rules = self.state().settings.auto_lock;
        let is_wanted = match happened {
            LockReason::Slept => rules.on_sleep,
            LockReason::ScreenLocked => rules.on_screen_lock,
            LockReason::Start | LockReason::Asked | LockReason::Idle => true,
        };
        if is_wanted && self.inner.retry_policy == RetryPolicy::UntilDone {
            self.lock(happened);
        }
    }

    /// Ends the session in memory when no transfer needs it any more.
    async fn end_when_drained(self, signed_in: Arc<SignedIn>) {
        signed_in.transfers.drained().await;
        let Ok(_guard) = self.guard().await else {
            return;
        };
        let ended = {
            let mut state = self.state();
            let is_draining = |draining: &Arc<SignedIn>| Arc::ptr_eq(draining, &signed_in);
            state.draining.take_if(|draining| is_draining(draining))
        };
        if let Some(ended) = ended {
            ended.end().await;
        }
    }
}

/// What a person is told of deletions that could still be undone. It is read while locked: no names.
fn deletions_not_sent(count: usize) -> Explanation {
    let words = Code::Canceled.words_of("deletions");
    words.number("count", count).explain()
}

impl SignedIn {
    /// Stops what runs and forgets the session here; it stays remembered on disk.
    pub(crate) async fn end(&self) {
        self.transfers.shut_down().await;
        self.session.client.deauthorize().await;
    }
}
