//! For tests: RSA keys take a while to make, so each test binary makes two of them once.

use std::sync::LazyLock;

use crate::keys::application_key::ApplicationKey;
use crate::keys::engine_key::EngineKey;
use crate::keys::kinds::KeySize;
use crate::keys::profile_keys::ProfileKeys;
use crate::keys::recovery_key::RecoveryKey;
use crate::keys::secret_bytes::{NameKey, RecordKey};

static APPLICATION: LazyLock<ApplicationKey> =
    LazyLock::new(|| ApplicationKey::generate(KeySize::Rsa3072).unwrap());
static OTHER: LazyLock<ApplicationKey> =
    LazyLock::new(|| ApplicationKey::generate(KeySize::Rsa3072).unwrap());

pub(crate) fn application_key() -> ApplicationKey {
    APPLICATION.clone()
}

pub(crate) fn other_application_key() -> ApplicationKey {
    OTHER.clone()
}

/// Keys that are new but for the RSA key.
pub(crate) fn profile_keys() -> ProfileKeys {
    ProfileKeys {
        engine: EngineKey::generate(),
        application: vec![application_key()],
        recovery: RecoveryKey::generate().into(),
        retired: vec![],
        shared: vec![],
        names: NameKey::generate(),
        records: RecordKey::generate(),
    }
}
