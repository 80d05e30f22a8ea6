//! The secrets of applications that were told and are not put away yet.

use std::collections::BTreeMap;

use parking_lot::{Mutex, MutexGuard};
use privicore_vault::{ApplicationSecret, Code, Phrase, Stage, Vault};

use crate::view::ErrorView;

/// The secrets that were told and not yet put away, by application.
#[derive(Default)]
pub(crate) struct HeldSecrets(Mutex<BTreeMap<String, ApplicationSecret>>);

impl HeldSecrets {
    /// Holds a secret; answers whether it does, which it does not when nobody is signed in any more.
    pub(crate) fn hold(
        &self,
        vault: &Vault,
        application: String,
        secret: ApplicationSecret,
    ) -> bool {
        self.all().insert(application, secret);
        let is_held = vault.status().stage == Stage::SignedIn;
        if !is_held {
            // Nobody may find it who comes in after this one.
            self.clear();
        }
        is_held
    }

    /// Puts all of them away, as is right when nobody is signed in any more.
    pub(crate) fn clear(&self) {
        self.all().clear();
    }

    pub(super) fn get(&self, id: &str) -> Result<ApplicationSecret, ErrorView> {
        self.all().get(id).cloned().ok_or_else(|| {
            ErrorView::own(Code::SecretPutAway, Phrase::new("error.secret_put_away"))
        })
    }

    pub(super) fn all(&self) -> MutexGuard<'_, BTreeMap<String, ApplicationSecret>> {
        self.0.lock()
    }
}
