//! Errors as the page has them.

use privicore_vault::{self as vault, Code};
use serde::Serialize;
use specta::Type;

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
        Self {
            code: explanation.code,
            message: shown(&explanation.message),
            hint: shown(&explanation.hint),
        }
    }
}

/// A name as it is shown: signs that turn round what follows them, and others without a shape, are escaped.
/// `invoice\u{202e}gpj.exe` would look like a picture.
pub(crate) fn shown(text: &str) -> String {
    let is_hidden = |sign: char| vault::is_bidi_control(sign) || sign.is_control();
    let mut all = String::with_capacity(text.len());
    for sign in text.chars() {
        if is_hidden(sign) {
            all.extend(sign.escape_default());
        } else {
            all.push(sign);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_poses_as_another_by_signs_that_are_not_seen() {
        assert_eq!(shown("invoice\u{202e}gpj.exe"), "invoice\\u{202e}gpj.exe");
        assert_eq!(shown("two\nlines"), "two\\nlines");
        for name in [
            "Ünïcode 文件.txt",
            "family 👨\u{200d}👩\u{200d}👧.jpg",
            "שלום.txt",
        ] {
            assert_eq!(shown(name), name);
        }
    }
}
