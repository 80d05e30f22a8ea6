//! What paths and keys leave on the stack.

use std::hint;

/// More than what the deepest of the calls needs.
const STACK_BYTES: usize = 128 * 1024;

/// Overwrites what calls that have returned left below here on the stack.
#[inline(never)]
#[expect(clippy::large_stack_arrays, reason = "it is the stack that is wiped")]
pub(crate) fn wipe_stack() {
    hint::black_box(&mut [0_u8; STACK_BYTES]);
}
