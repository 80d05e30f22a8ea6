//! The language that the window speaks, and what it says itself: questions, dialogs, the tray, notifications.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use privicore_vault::{Inserted, Language, Phrase, Texts};

static ENGLISH: LazyLock<Texts> =
    LazyLock::new(|| Texts::parse(include_str!("../../strings/en/native.json")));
static GERMAN: LazyLock<Texts> =
    LazyLock::new(|| Texts::parse(include_str!("../../strings/de/native.json")));

/// One for the process, as the window is: an error becomes words wherever it leaves a command.
static SPEAKS_GERMAN: AtomicBool = AtomicBool::new(false);

/// The language of the window.
pub(crate) fn spoken() -> Language {
    if SPEAKS_GERMAN.load(Ordering::Relaxed) {
        Language::German
    } else {
        Language::English
    }
}

/// Has the window speak this language. Answers whether it spoke another one.
pub(crate) fn speak(language: Language) -> bool {
    let is_german = match language {
        Language::English => false,
        Language::German => true,
    };
    SPEAKS_GERMAN.swap(is_german, Ordering::Relaxed) != is_german
}

/// A text without blanks.
pub(crate) fn text(key: &str) -> String {
    say(&Phrase::new(key))
}

/// A text of this program in the language of the window.
pub(crate) fn say(phrase: &Phrase) -> String {
    let said = with_texts(|texts| phrase.render(texts, Inserted::Isolated));
    // Tests see that each has its text.
    said.unwrap_or_else(|| phrase.key().to_owned())
}

fn with_texts<T>(read: impl FnOnce(&Texts) -> T) -> T {
    #[cfg(test)]
    if let Some(language) = tests::spoken_in_test() {
        return read(language);
    }
    read(texts(spoken()))
}

fn texts(language: Language) -> &'static Texts {
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;
    use std::fs;
    use std::path::Path;

    use super::*;

    thread_local! {
        static SPOKEN: Cell<Option<&'static Texts>> = const { Cell::new(None) };
    }

    static BRACKETED: LazyLock<Texts> =
        LazyLock::new(|| Texts::parse(include_str!("../../strings/en/native.json")).bracketed());

    pub(super) fn spoken_in_test() -> Option<&'static Texts> {
        SPOKEN.get()
    }

    /// What `say` says with every text of the catalogue in brackets: all else is in the code, or comes from outside.
    pub(crate) fn bracketed<T>(say: impl FnOnce() -> T) -> T {
        said_with(&BRACKETED, say)
    }

    /// What `say` says in this language.
    pub(crate) fn said_in<T>(language: Language, say: impl FnOnce() -> T) -> T {
        said_with(texts(language), say)
    }

    fn said_with<T>(texts: &'static Texts, say: impl FnOnce() -> T) -> T {
        let before = SPOKEN.replace(Some(texts));
        let said = say();
        SPOKEN.set(before);
        said
    }

    #[test]
    fn every_language_has_the_same_texts_with_the_same_blanks() {
        for language in Language::ALL {
            let problems = texts(Language::English).differences(texts(language));
            assert!(problems.is_empty(), "{language:?}: {problems:?}");
        }
    }

    #[test]
    fn every_text_is_said_somewhere() {
        let mut sources = String::new();
        read_sources(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut sources,
        );
        let is_said = |key: &str| sources.contains(&format!("\"{key}\""));
        let suffixes = [".title", ".agree", ".hint"];
        let is_part = |key: &str| {
            let mut wholes = suffixes
                .iter()
                .filter_map(|suffix| key.strip_suffix(suffix));
            wholes.any(is_said)
        };
        let unsaid = texts(Language::English).keys();
        let unsaid: Vec<&str> = unsaid
            .filter(|key| *key != "number.group" && !is_said(key) && !is_part(key))
            .collect();
        assert!(unsaid.is_empty(), "{unsaid:?}");
    }

    fn read_sources(folder: &Path, sources: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read_sources(&path, sources);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
}
