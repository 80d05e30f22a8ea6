//! Numbers and moments as the page has them.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;

/// Bytes and milliseconds as the page counts them: exact up to 2^53.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Number(f64);

impl Number {
    /// The whole number nearest to zero; what is none is 0.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what does not fit becomes the nearest that does"
    )]
    pub(super) fn whole(self) -> u64 {
        self.0 as u64
    }
}

/// In TypeScript a plain `number`: unlike any `f64`, it is never NaN and so never `null`.
impl Type for Number {
    fn definition(types: &mut specta::Types) -> specta::datatype::DataType {
        u32::definition(types)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "JavaScript has no other number; 2^53 bytes are 9 PB"
)]
pub(crate) fn number(value: u64) -> Number {
    Number(value as f64)
}

/// Milliseconds since 1970; a time before is 0.
pub(crate) fn moment(at: jiff::Timestamp) -> Number {
    number(u64::try_from(at.as_millisecond()).unwrap_or_default())
}

pub(super) fn milliseconds(time: Duration) -> Number {
    number(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

pub(crate) fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
