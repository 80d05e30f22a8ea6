//! What reading back has found.

use serde::{Deserialize, Serialize};

use crate::error::code::Code;

/// What came of comparing bytes with what was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum AsStored {
    /// They are what this machine stored.
    Yes,
    /// They are something else.
    No,
    /// This machine has no receipt to compare them with.
    NotComparable,
}

impl AsStored {
    /// As a program reads it: nothing stands for not comparable.
    pub fn as_bool(self) -> Option<bool> {
        match self {
            Self::Yes => Some(true),
            Self::No => Some(false),
            Self::NotComparable => None,
        }
    }
}

/// How bytes that came back differ from those that were stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Mismatch {
    /// They open, but they are not what was stored: swapped, or rolled back to an older version.
    Swapped,
    /// They do not open.
    Damaged,
    /// They end too early.
    CutShort,
}

impl Mismatch {
    /// The verdict behind the code of an explained download error.
    pub(crate) fn from_code(code: Code) -> Option<Self> {
        match code {
            Code::Swapped => Some(Self::Swapped),
            Code::Damaged => Some(Self::Damaged),
            Code::CutShort => Some(Self::CutShort),
            _ => None,
        }
    }

    /// What the name of a file says that was kept all the same.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::Swapped => "NOT WHAT WAS STORED",
            Self::Damaged => "DAMAGED",
            Self::CutShort => "CUT SHORT",
        }
    }
}
