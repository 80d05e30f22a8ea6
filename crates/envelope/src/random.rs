//! The operating system's random source.

/// Draws random bytes.
///
/// # Panics
/// When the operating system has none to give: no key or nonce may be made then.
pub(crate) fn generate_bytes<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    fill(&mut bytes);
    bytes
}

/// Draws random bytes in place.
///
/// # Panics
/// As [`generate_bytes`].
pub(crate) fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random bytes");
}
