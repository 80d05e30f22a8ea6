//! The engine's layer: a fresh content key per upload, wrapped to the engine's X25519 key.

use std::fmt;

use aws_lc_rs::agreement::{PrivateKey, UnparsedPublicKey, X25519, agree};
use aws_lc_rs::encoding::{AsBigEndian, Curve25519SeedBin};
use zeroize::Zeroizing;

use super::chunks::{ChunkCipher, Place, derive_key};
use crate::wire::answer::Broken;
use crate::wire::tokens::generate_bytes;

const INFO: &[u8] = b"privicore sandbox engine layer";
const PUBLIC_BYTES: usize = 32;
/// A wrapping key seals exactly one content key.
const ONLY: Place = Place {
    index: 0,
    last: true,
};

/// An X25519 key pair of the engine. `Debug` prints nothing of the private half.
pub(crate) struct EngineKey {
    private: PrivateKey,
    public: [u8; PUBLIC_BYTES],
}

impl EngineKey {
    pub(crate) fn generate() -> Result<Self, Broken> {
        PrivateKey::generate(&X25519)
            .map_err(|_| Broken::Layer)
            .and_then(Self::of)
    }

    pub(crate) fn from_private(bytes: &[u8]) -> Result<Self, Broken> {
        PrivateKey::from_private_key(&X25519, bytes)
            .map_err(|_| Broken::Layer)
            .and_then(Self::of)
    }

    fn of(private: PrivateKey) -> Result<Self, Broken> {
        let computed = private.compute_public_key().map_err(|_| Broken::Layer)?;
        let mut public = [0; PUBLIC_BYTES];
        public.copy_from_slice(computed.as_ref());
        Ok(Self { private, public })
    }

    pub(crate) fn private(&self) -> Result<Zeroizing<Vec<u8>>, Broken> {
        let seed: Curve25519SeedBin<'static> =
            self.private.as_be_bytes().map_err(|_| Broken::Layer)?;
        Ok(Zeroizing::new(seed.as_ref().to_vec()))
    }

    pub(crate) fn public(&self) -> &[u8; PUBLIC_BYTES] {
        &self.public
    }

    /// A fresh content key and its wrapped form: `ephemeral public key | sealed key`.
    pub(crate) fn wrap_fresh(&self) -> Result<(ChunkCipher, Vec<u8>), Broken> {
        let content = Zeroizing::new(generate_bytes());
        let ephemeral = Self::generate()?;
        let wrapping = ephemeral.shared_with(&self.public, &ephemeral.public, &self.public)?;
        let mut sealed = content.to_vec();
        wrapping.seal(ONLY, &mut sealed);
        let wrapped = [&ephemeral.public[..], &sealed].concat();
        Ok((ChunkCipher::new(&content), wrapped))
    }

    pub(crate) fn unwrap_key(&self, wrapped: &[u8]) -> Result<ChunkCipher, Broken> {
        let (ephemeral, sealed) = wrapped
            .split_at_checked(PUBLIC_BYTES)
            .ok_or(Broken::Layer)?;
        let wrapping = self.shared_with(ephemeral, ephemeral, &self.public)?;
        let mut content = Zeroizing::new(sealed.to_vec());
        let len = wrapping
            .open(ONLY, &mut content)
            .map_err(|_| Broken::Layer)?;
        content.truncate(len);
        let key = Zeroizing::new(<[u8; 32]>::try_from(&content[..]).map_err(|_| Broken::Layer)?);
        Ok(ChunkCipher::new(&key))
    }

    fn shared_with(
        &self,
        peer: &[u8],
        ephemeral: &[u8],
        engine: &[u8],
    ) -> Result<ChunkCipher, Broken> {
        let peer = UnparsedPublicKey::new(&X25519, peer);
        agree(&self.private, peer, Broken::Layer, |shared| {
            let salt = [ephemeral, engine].concat();
            Ok(ChunkCipher::new(&derive_key(shared, &salt, &[INFO])))
        })
    }
}

impl fmt::Debug for EngineKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EngineKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unwraps_a_content_key_after_a_restart() {
        let key = EngineKey::generate().unwrap();
        let (content, wrapped) = key.wrap_fresh().unwrap();
        let again = EngineKey::from_private(&key.private().unwrap()).unwrap();
        let mut chunk = b"bytes".to_vec();
        content.seal(ONLY, &mut chunk);
        let len = again
            .unwrap_key(&wrapped)
            .unwrap()
            .open(ONLY, &mut chunk)
            .unwrap();
        assert_eq!(&chunk[..len], b"bytes");
    }

    #[test]
    fn another_engine_key_unwraps_nothing() {
        let (_, wrapped) = EngineKey::generate().unwrap().wrap_fresh().unwrap();
        assert!(EngineKey::generate().unwrap().unwrap_key(&wrapped).is_err());
    }

    #[test]
    fn debug_prints_nothing_of_a_key() {
        assert_eq!(format!("{:?}", EngineKey::generate().unwrap()), "EngineKey");
    }
}
