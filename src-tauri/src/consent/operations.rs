//! Questions about operations that are sent as they are.

use privicore_vault::Phrase;

use crate::consent::Question;
use crate::consent::question::line;

impl Question {
    pub(crate) fn console(operation: &str) -> Self {
        Self::of(&Phrase::new("ask.console").text("operation", line(operation)))
    }

    pub(crate) fn show_tokens() -> Self {
        Self::of(&Phrase::new("ask.show_tokens"))
    }
}
