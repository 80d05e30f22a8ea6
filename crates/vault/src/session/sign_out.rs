//! Leaving a profile.

use crate::error::{Error, Explanation, RecordError, SessionError, Words};
use crate::events::Event;
use crate::session;
use crate::session::sign_in::not_told;
use crate::store::settings::ProfileDir;
use crate::vault::Vault;

impl Vault {
    /// Signs out: the service is asked to revoke the session; keys, list and receipts stay on this machine, sealed.
    ///
    /// # Errors
    /// [`SessionError::SignedOut`], or the local records cannot be written. That the service could not be reached is
    /// told as a notice.
    pub async fn sign_out(&self) -> Result<(), Error> {
        let _guard = self.guard().await?;
        self.inner.deletions.undo_all();
        let signed_in = {
            let state = self.state();
            state.signed_in.clone().or_else(|| state.draining.clone())
        };
        let active = self.state().settings.active.clone();
        let open = signed_in.as_ref();
        let dir = open.map(|open| open.session.profile.dir.clone()).or(active);
        let revoked = if let Some(signed_in) = &signed_in {
            signed_in.copying.end();
            self.store_changes(signed_in, true).await;
            signed_in.transfers.shut_down().await;
            signed_in.session.profile.drop_keys();
            signed_in.catalogue().close();
            signed_in.session.end().await
        } else {
            // What would be shown to the service is sealed to keys that are not open.
            let files = self.files_of(dir.as_ref().ok_or(SessionError::SignedOut)?);
            session::forget(&files)
                .await
                .and(Err(Error::Session(SessionError::Locked)))
        };
        {
            let mut state = self.state();
            (state.signed_in, state.draining) = (None, None);
        }
        self.sweep_copies().await;
        self.leave(dir).await?;
        self.emit(Event::StatusChanged);
        match revoked {
            Err(error @ (Error::Service(_) | Error::Session(SessionError::Locked))) => {
                self.emit(Event::Notice(not_told(&error)));
                Ok(())
            }
            Err(error @ Error::Record(RecordError::Rows(_))) => {
                self.emit(Event::Notice(session_kept(&error)));
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Nobody is signed in any more, unless another process has signed somebody else in.
    pub(crate) async fn leave(&self, dir: Option<ProfileDir>) -> Result<(), Error> {
        self.change_settings(move |settings| {
            let is_it = |active: &mut ProfileDir| Some(&*active) == dir.as_ref();
            settings.active.take_if(is_it);
        })
        .await
    }
}

pub(super) fn session_kept(error: &Error) -> Explanation {
    let reason = error.explain();
    (Words::new(reason.code, "session_kept"))
        .because(&reason)
        .hint_of(&reason)
        .explain()
}
