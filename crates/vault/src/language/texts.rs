//! The texts of one language, by key.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::language::Language;

/// All texts of one catalogue in one language. A text has `{blanks}`; [`Phrase`](crate::Phrase) fills them.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Texts(BTreeMap<String, Text>);

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Text {
    Whole(String),
    /// Chosen by the value `count`.
    Counted {
        one: String,
        other: String,
    },
}

impl Text {
    fn blanks(&self) -> BTreeSet<&str> {
        let blanks_in = |text| {
            let parts = str::split(text, '{').skip(1);
            parts.filter_map(|part| part.split('}').next())
        };
        match self {
            Self::Whole(text) => blanks_in(text).collect(),
            // “One file” need not have its number.
            Self::Counted { one, other } => {
                let all = blanks_in(one).chain(blanks_in(other));
                all.chain(["count"]).collect()
            }
        }
    }
}

static ENGLISH: LazyLock<Texts> =
    LazyLock::new(|| Texts::parse(include_str!("../../../../strings/en/errors.json")));
static GERMAN: LazyLock<Texts> =
    LazyLock::new(|| Texts::parse(include_str!("../../../../strings/de/errors.json")));

impl Texts {
    /// Reads a catalogue that is part of the program.
    ///
    /// # Panics
    /// When the catalogue is not one; its tests read it.
    pub fn parse(json: &str) -> Self {
        serde_json::from_str(json).expect("the catalogues are built in, and tests read them")
    }

    /// The errors and notices of the vault.
    pub(crate) fn errors(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
        }
    }

    /// The same with each text in brackets: what is shown without them does not come from here.
    #[must_use]
    pub fn bracketed(self) -> Self {
        let bracketed = |text| match text {
            Text::Whole(text) => Text::Whole(format!("[{text}]")),
            Text::Counted { one, other } => Text::Counted {
                one: format!("[{one}]"),
                other: format!("[{other}]"),
            },
        };
        let texts = self.0.into_iter();
        Self(texts.map(|(key, text)| (key, bracketed(text))).collect())
    }

    /// The text of `key`, as it is for `count` things.
    pub(crate) fn get(&self, key: &str, count: Option<u64>) -> Option<&str> {
        Some(match self.0.get(key)? {
            Text::Whole(text) => text,
            // Both languages count so.
            Text::Counted { one, .. } if count == Some(1) => one,
            Text::Counted { other, .. } => other,
        })
    }

    /// What the texts of another language lack, or have more: keys, plural forms and blanks.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (key, text) in &self.0 {
            match other.0.get(key) {
                None => found.push(format!("{key} is missing")),
                Some(theirs) if text.blanks() != theirs.blanks() => {
                    found.push(format!("{key} has other blanks"));
                }
                Some(_) => {}
            }
        }
        let more = other.0.keys().filter(|key| !self.0.contains_key(*key));
        found.extend(more.map(|key| format!("{key} is there only")));
        found
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Every form of every text.
    pub fn forms(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(key, text)| {
            let forms = match text {
                Text::Whole(text) => vec![text],
                Text::Counted { one, other } => vec![one, other],
            };
            forms.into_iter().map(|form| (key.as_str(), form.as_str()))
        })
    }
}
