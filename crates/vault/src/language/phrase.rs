//! A text by its key, with what goes into its blanks.

use std::fmt::Display;
use std::io;

use serde::{Deserialize, Serialize};

use crate::language::Texts;

/// A text of a catalogue, in no language yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    key: String,
    values: Vec<(String, Value)>,
}

/// What goes into a blank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Of the user, of the service or of the system. It may be written from right to left.
    Text(String),
    Number(u64),
    Phrase(Phrase),
    /// All of them: `a, b, c`.
    List(Vec<Value>),
    /// Each on a line of its own.
    Lines(Vec<Value>),
}

/// How texts that are not of the catalogue stand in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// For a pipe, a log, a record.
    AsItIs,
    /// For the window: signs that are not seen are escaped, and it turns nothing round but itself.
    Visible,
    /// For the window, where such signs were taken out before: it turns nothing round but itself.
    Isolated,
}

impl Phrase {
    pub fn new(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            values: Vec::new(),
        }
    }

    pub fn key(&self) -> &str {
        &self.key
    }

    /// Another text with the same values.
    #[must_use]
    pub fn with_key(&self, key: String) -> Self {
        Self {
            key,
            values: self.values.clone(),
        }
    }

    /// Puts a text that is not of the catalogue into the blank: a name, an address, what the service says.
    #[must_use]
    pub fn text(self, blank: &str, text: impl Display) -> Self {
        self.value(blank, Value::Text(text.to_string()))
    }

    /// A number. The one for the blank `count` chooses the plural form.
    ///
    /// # Panics
    /// Where a `usize` has more than 64 bits.
    #[must_use]
    pub fn number<N: TryInto<u64>>(self, blank: &str, number: N) -> Self {
        let number = number.try_into().unwrap_or(u64::MAX);
        self.value(blank, Value::Number(number))
    }

    #[must_use]
    pub fn phrase(self, blank: &str, phrase: Phrase) -> Self {
        self.value(blank, Value::Phrase(phrase))
    }

    #[must_use]
    pub fn value(mut self, blank: &str, value: Value) -> Self {
        self.values.push((blank.to_owned(), value));
        self
    }

    /// The text, if `texts` has it and its blanks are filled.
    pub fn render(&self, texts: &Texts, inserted: Inserted) -> Option<String> {
        let count = self.values.iter().find_map(|(blank, value)| match value {
            Value::Number(number) if blank == "count" => Some(*number),
            _ => None,
        });
        let mut rest = texts.get(&self.key, count)?;
        let mut filled = String::with_capacity(rest.len());
        while let Some((before, blank, after)) = next_blank(rest) {
            filled.push_str(before);
            let (_, value) = self.values.iter().find(|(name, _)| name == blank)?;
            filled.push_str(&value.render(texts, inserted)?);
            rest = after;
        }
        filled.push_str(rest);
        Some(filled)
    }
}

impl Value {
    /// Why the system could not do something, for the end of a sentence.
    pub fn cause(error: &io::Error) -> Self {
        if error.get_ref().is_some() {
            return Self::Text(error.to_string());
        }
        match cause_key(error.kind()) {
            Some(key) => Self::Phrase(Phrase::new(key)),
            None => Self::Text(error.to_string()),
        }
    }

    pub(crate) fn cause_of_kind(kind: io::ErrorKind) -> Self {
        match cause_key(kind) {
            Some(key) => Self::Phrase(Phrase::new(key)),
            None => Self::Text(kind.to_string()),
        }
    }

    pub(crate) fn render(&self, texts: &Texts, inserted: Inserted) -> Option<String> {
        match self {
            Self::Text(text) => Some(match inserted {
                Inserted::AsItIs => text.clone(),
                Inserted::Visible => isolated(visible(text)),
                Inserted::Isolated => isolated(text.clone()),
            }),
            Self::Number(number) => Some(grouped(*number, texts.get("number.group", None)?)),
            Self::Phrase(phrase) => phrase.render(texts, inserted),
            Self::List(values) => joined(values, ", ", texts, inserted),
            Self::Lines(values) => joined(values, "\n", texts, inserted),
        }
    }
}

fn joined(values: &[Value], by: &str, texts: &Texts, inserted: Inserted) -> Option<String> {
    let values = values.iter().map(|value| value.render(texts, inserted));
    Some(values.collect::<Option<Vec<_>>>()?.join(by))
}

impl From<Phrase> for Value {
    fn from(phrase: Phrase) -> Self {
        Self::Phrase(phrase)
    }
}

#[cfg(test)]
impl Value {
    pub(crate) fn keys(&self, keys: &mut std::collections::HashSet<String>) {
        match self {
            Self::Text(_) | Self::Number(_) => {}
            Self::Phrase(phrase) => {
                keys.insert(phrase.key.clone());
                for (_, value) in &phrase.values {
                    value.keys(keys);
                }
            }
            Self::List(values) | Self::Lines(values) => {
                for value in values {
                    value.keys(keys);
                }
            }
        }
    }
}

#[cfg(test)]
impl Phrase {
    /// The blanks that have a value.
    pub(crate) fn blanks(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(blank, _)| blank.as_str())
    }
}

/// The texts that there are for failures of the system; others keep the system's own words.
fn cause_key(kind: io::ErrorKind) -> Option<&'static str> {
    use io::ErrorKind;
    Some(match kind {
        ErrorKind::NotFound => "cause.not_found",
        ErrorKind::PermissionDenied => "cause.permission_denied",
        ErrorKind::AlreadyExists => "cause.already_exists",
        ErrorKind::StorageFull => "cause.storage_full",
        ErrorKind::QuotaExceeded => "cause.quota_exceeded",
        ErrorKind::ReadOnlyFilesystem => "cause.read_only",
        ErrorKind::NotADirectory => "cause.not_a_folder",
        ErrorKind::IsADirectory => "cause.is_a_folder",
        ErrorKind::TimedOut => "cause.timed_out",
        ErrorKind::UnexpectedEof => "cause.ends_early",
        _ => return None,
    })
}

fn next_blank(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (blank, after) = rest.split_once('}')?;
    Some((before, blank, after))
}

/// `1234567` as `1,234,567`, from five digits on: a year and a status stay as they are.
fn grouped(number: u64, separator: &str) -> String {
    let digits = number.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut all = String::with_capacity(digits.len() + 6);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            all.push_str(separator);
        }
        all.push(digit);
    }
    all
}

/// A text as it is shown within a sentence: it changes the direction of nothing but itself.
fn isolated(text: String) -> String {
    const FIRST_STRONG_ISOLATE: char = '\u{2068}';
    const POP_ISOLATE: char = '\u{2069}';
    if text.chars().any(is_right_to_left) {
        return format!("{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}");
    }
    text
}

/// A name as it is shown: signs that turn round what follows them, and others without a shape, are escaped.
/// `invoice\u{202e}gpj.exe` would look like a picture.
pub fn visible(text: &str) -> String {
    let is_hidden = |sign: char| is_bidi_control(sign) || sign.is_control();
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

/// Characters that have no shape and change the order in which others are shown: a name with them can look like
/// another.
pub fn is_bidi_control(c: char) -> bool {
    matches!(
        c,
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    )
}

/// Hebrew, Arabic and their neighbours, as the page has them.
fn is_right_to_left(sign: char) -> bool {
    matches!(
        sign,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Texts {
        Texts::parse(
            r#"{ "number.group": ",", "files": { "one": "{count} file of {name}", "other": "{count} files of {name}" },
                 "outer": "It holds {inner}.", "who": "{name} is here." }"#,
        )
    }

    fn files(count: u64) -> Phrase {
        Phrase::new("files")
            .number("count", count)
            .text("name", "Ada")
    }

    #[test]
    fn the_count_chooses_the_form_and_is_grouped() {
        let render = |count| files(count).render(&texts(), Inserted::AsItIs).unwrap();
        assert_eq!(render(1), "1 file of Ada");
        assert_eq!(render(0), "0 files of Ada");
        assert_eq!(render(2048), "2048 files of Ada");
        assert_eq!(render(1_234_567), "1,234,567 files of Ada");
    }

    #[test]
    fn a_phrase_within_a_phrase_is_rendered_too() {
        let outer = Phrase::new("outer").phrase("inner", files(2));
        let rendered = outer.render(&texts(), Inserted::AsItIs);
        assert_eq!(rendered.unwrap(), "It holds 2 files of Ada.");
    }

    #[test]
    fn a_phrase_without_a_text_or_a_value_is_not_rendered() {
        let render = |phrase: Phrase| phrase.render(&texts(), Inserted::AsItIs);
        assert_eq!(render(Phrase::new("newer")), None);
        assert_eq!(render(Phrase::new("who")), None);
        let inner = Phrase::new("outer").phrase("inner", Phrase::new("who"));
        assert_eq!(render(inner), None);
    }

    #[test]
    fn a_text_with_braces_fills_no_blank() {
        let braces = Phrase::new("who").text("name", "{count}");
        let rendered = braces.render(&texts(), Inserted::AsItIs);
        assert_eq!(rendered.unwrap(), "{count} is here.");
    }

    #[test]
    fn a_name_turns_nothing_round_but_itself() {
        let shown = |name: &str| {
            let phrase = Phrase::new("who").text("name", name);
            phrase.render(&texts(), Inserted::Visible).unwrap()
        };
        assert_eq!(shown("שלום.txt"), "\u{2068}שלום.txt\u{2069} is here.");
        assert_eq!(shown("Ünïcode.txt"), "Ünïcode.txt is here.");
        assert_eq!(shown("a\u{202e}gpj"), "a\\u{202e}gpj is here.");
    }

    #[test]
    fn no_name_poses_as_another_by_signs_that_are_not_seen() {
        assert_eq!(visible("invoice\u{202e}gpj.exe"), "invoice\\u{202e}gpj.exe");
        assert_eq!(visible("two\nlines"), "two\\nlines");
        for name in [
            "Ünïcode 文件.txt",
            "family 👨\u{200d}👩\u{200d}👧.jpg",
            "שלום.txt",
        ] {
            assert_eq!(visible(name), name);
        }
    }
}
