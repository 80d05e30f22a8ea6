//! Errors as the page has them.

use privicore_vault::{self as vault, Code, Phrase};
use serde::Serialize;
use specta::Type;

use crate::language;

/// What happened and what to do.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorView {
    pub code: Code,
    pub message: String,
    pub hint: String,
}

impl From<&vault::Error> for ErrorView {
    fn from(error: &vault::Error) -> Self {
        error.explain().into()
    }
}

impl From<vault::Error> for ErrorView {
    fn from(error: vault::Error) -> Self {
        error.explain().into()
    }
}

impl From<vault::Explanation> for ErrorView {
    fn from(explanation: vault::Explanation) -> Self {
        Self::of(&explanation)
    }
}

impl ErrorView {
    fn of(explanation: &vault::Explanation) -> Self {
        let told = explanation.told_in(language::spoken());
        Self {
            code: explanation.code,
            message: told.message,
            hint: told.hint,
        }
    }

    /// An error of the window itself. The hint has the key of the message with `.hint` behind it.
    pub(crate) fn own(code: Code, message: Phrase) -> Self {
        Self {
            code,
            hint: language::say(&message.with_key(format!("{}.hint", message.key()))),
            message: language::say(&message),
        }
    }
}

/// A name as it is shown: signs that turn round what follows them, and others without a shape, are escaped.
pub(crate) fn shown(text: &str) -> String {
    vault::visible(text)
}
