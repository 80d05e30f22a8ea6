//! The operating system's random source.

/// Draws random bytes.
///
/// # Panics
/// When the operating system has none to give: no key or nonce may be made then.
pub(crate) fn make_bytes<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
