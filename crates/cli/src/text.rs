//! Text from outside - names, labels, words of the service - made safe to show on a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// The text with everything escaped that a terminal obeys or hides instead of showing: control characters, line ends,
/// escape sequences, bidi controls and other invisible characters.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    replaced(text, |shown, hidden| shown.extend(hidden.escape_default()))
}

/// A file as lines for a person name it: several files may have one name.
pub(crate) fn place(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// JSON with the same characters escaped: it is the same JSON, and safe to look at.
pub(crate) fn shown_json(json: &str) -> Cow<'_, str> {
    replaced(json, |shown, hidden| {
        for unit in hidden.encode_utf16(&mut [0; 2]) {
            // Writing to a text does not fail.
            let _ = write!(shown, "\\u{unit:04x}");
        }
    })
}

/// The path exactly, byte for byte, as `printf %b` reads it back; nothing when its text says it already.
pub(crate) fn exact(path: &Path) -> Option<String> {
    match path.to_str() {
        Some(_) => None,
        None => Some(
            path.as_os_str()
                .as_encoded_bytes()
                .escape_ascii()
                .to_string(),
        ),
    }
}

fn replaced(text: &str, escape: impl Fn(&mut String, char)) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_hidden(character) {
            escape(&mut shown, character);
        } else {
            shown.push(character);
        }
    }
    shown.into()
}

fn is_hidden(character: char) -> bool {
    matches!(
        character.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        for (text, expected) in [
            ("report.pdf", "report.pdf"),
            ("naïve 漢字 👍.txt", "naïve 漢字 👍.txt"),
            ("C:\\temp", "C:\\temp"),
            ("two\nlines\r\t", "two\\nlines\\r\\t"),
            (
                "\u{1b}[2J\u{1b}]0;title\u{7}",
                "\\u{1b}[2J\\u{1b}]0;title\\u{7}",
            ),
            ("\u{9b}31m\u{7f}\0", "\\u{9b}31m\\u{7f}\\u{0}"),
            ("exe\u{202e}fdp.", "exe\\u{202e}fdp."),
            ("\u{2066}a\u{2069}\u{200f}", "\\u{2066}a\\u{2069}\\u{200f}"),
            ("a\u{2028}b\u{2029}c", "a\\u{2028}b\\u{2029}c"),
            ("\u{feff}\u{200b}\u{e0041}", "\\u{feff}\\u{200b}\\u{e0041}"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_not_utf_8_is_told_exactly() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt as _;

        let path = Path::new(OsStr::from_bytes(b"a\xff\\\n"));
        assert_eq!(exact(path).as_deref(), Some("a\\xff\\\\\\n"));
        assert_eq!(exact(Path::new("a.txt")), None);
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left_and_nothing_seen_is_changed(text in any::<String>()) {
            let shown = shown(&text);
            prop_assert!(!shown.contains(is_hidden));
            prop_assert!(!shown.chars().any(char::is_control));
            if !text.contains(is_hidden) {
                prop_assert_eq!(&shown, &text);
            }
        }

        #[test]
        fn json_stays_the_json_it_was(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            let shown = shown_json(&json);
            prop_assert!(!shown.contains(is_hidden));
            prop_assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text);
        }
    }
}
