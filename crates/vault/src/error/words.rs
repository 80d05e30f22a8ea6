//! A code with its pair.

use crate::error::code::Code;

/// A code with its pair.
pub(crate) type Words = (Code, String, &'static str);
