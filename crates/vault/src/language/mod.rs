//! The languages that people read, and how one of them is chosen.

#[cfg(test)]
mod errors_tests;
pub(crate) mod phrase;
pub(crate) mod texts;

use serde::{Deserialize, Serialize};

pub use self::phrase::{Inserted, Phrase, Value, is_bidi_control, visible};
pub use self::texts::Texts;

/// A language that every text is there in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "de")]
    German,
}

/// Which language the user wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum LanguageChoice {
    /// As the operating system says.
    #[default]
    System,
    #[serde(rename = "en")]
    English,
    #[serde(rename = "de")]
    German,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The language that the system is set to, or English where no text is there in that one.
    pub fn of_system() -> Self {
        Self::first_of(sys_locale::get_locales())
    }

    /// The first of the locales (`de-AT`, `de_DE.UTF-8`) whose language is supported.
    fn first_of<Locale: AsRef<str>>(locales: impl IntoIterator<Item = Locale>) -> Self {
        let supported = |locale: Locale| {
            let subtags = ['-', '_', '.', '@'];
            let language = locale.as_ref().split(subtags).next().unwrap_or_default();
            match language.to_ascii_lowercase().as_str() {
                "en" | "c" | "posix" => Some(Self::English),
                "de" => Some(Self::German),
                _ => None,
            }
        };
        locales.into_iter().find_map(supported).unwrap_or_default()
    }
}

impl LanguageChoice {
    /// The language to show.
    pub fn language(self) -> Language {
        match self {
            Self::English => Language::English,
            Self::German => Language::German,
            Self::System => Language::of_system(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_supported_locale_of_the_system_decides() {
        for (locales, expected) in [
            (vec![], Language::English),
            (vec!["de-DE"], Language::German),
            (vec!["de_AT.UTF-8"], Language::German),
            (vec!["DE@euro"], Language::German),
            (vec!["fr-FR", "de-CH", "en-GB"], Language::German),
            (vec!["en-GB", "de-DE"], Language::English),
            (vec!["C"], Language::English),
            (vec!["den"], Language::English),
            (vec![""], Language::English),
        ] {
            assert_eq!(Language::first_of(&locales), expected, "{locales:?}");
        }
    }
}
