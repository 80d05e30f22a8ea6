//! A code with its pair.

use crate::error::code::Code;

pub(crate) type Words = (Code, String, &'static str);
