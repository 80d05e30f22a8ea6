//! What a person reads.

use serde::{Deserialize, Serialize};

use crate::error::code::Code;
use crate::language::{Inserted, Language, Texts, Value, visible};

/// What happened, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Explanation {
    pub code: Code,
    /// What happened, in English.
    pub message: String,
    /// What to do, in English.
    pub hint: String,
    /// What it is rendered from in another language; a record of an earlier version has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    said: Option<Box<Said>>,
}

/// The pair, in no language yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    pub message: Value,
    pub hint: Value,
}

/// The pair in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    pub message: String,
    pub hint: String,
}

impl Explanation {
    /// A pair of the command line, which speaks English only.
    pub fn new(code: Code, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: hint.into(),
            said: None,
        }
    }

    pub(crate) fn said(code: Code, said: Said) -> Self {
        let english = Texts::errors(Language::English);
        let render = |value: &Value| value.render(english, Inserted::AsItIs);
        Self {
            code,
            // Tests see that each has its text. Whoever misses one reads the code.
            message: render(&said.message).unwrap_or_else(|| format!("{code}.")),
            hint: render(&said.hint).unwrap_or_default(),
            said: Some(Box::new(said)),
        }
    }

    /// The pair as the window shows it. What cannot be said in `language` stays English: a newer version may have
    /// written it down.
    pub fn told_in(&self, language: Language) -> Rendered {
        self.rendered(Texts::errors(language), Inserted::Visible)
            .unwrap_or_else(|| Rendered {
                message: visible(&self.message),
                hint: visible(&self.hint),
            })
    }

    fn rendered(&self, texts: &Texts, inserted: Inserted) -> Option<Rendered> {
        let said = self.said.as_ref()?;
        Some(Rendered {
            message: said.message.render(texts, inserted)?,
            hint: said.hint.render(texts, inserted)?,
        })
    }

    pub(crate) fn said_message(&self) -> Value {
        let said = self.said.as_ref().map(|said| said.message.clone());
        said.unwrap_or_else(|| Value::Text(self.message.clone()))
    }

    pub(crate) fn said_hint(&self) -> Value {
        let said = self.said.as_ref().map(|said| said.hint.clone());
        said.unwrap_or_else(|| Value::Text(self.hint.clone()))
    }
}

#[cfg(test)]
impl Explanation {
    /// What of the pair has no text.
    pub(crate) fn untold_in(&self, language: Language) -> Vec<&'static str> {
        let texts = Texts::errors(language);
        let said = self.said.as_ref();
        let is_told = |value: &Value| value.render(texts, Inserted::AsItIs).is_some();
        let mut untold = Vec::new();
        if !said.is_some_and(|said| is_told(&said.message)) {
            untold.push("the message");
        }
        if !said.is_some_and(|said| is_told(&said.hint)) {
            untold.push("the hint");
        }
        untold
    }

    /// Adds the keys of its texts.
    pub(crate) fn keys(&self, keys: &mut std::collections::HashSet<String>) {
        if let Some(said) = &self.said {
            said.message.keys(keys);
            said.hint.keys(keys);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_recorded_is_read_in_any_language() {
        let explained = Code::SourceInUse.words().name("a.txt").explain();
        let record = serde_json::to_string(&explained).unwrap();
        let read: Explanation = serde_json::from_str(&record).unwrap();
        assert_eq!(read, explained);
        assert!(read.told_in(Language::German).message.contains("„a.txt“"));
    }

    #[test]
    fn a_record_of_another_version_stays_in_english() {
        let earlier = r#"{"code":"locked","message":"It was locked.","hint":"Unlock."}"#;
        let newer = r#"{"code":"locked","message":"It was locked.","hint":"Unlock.","said":
            {"message":{"phrase":{"key":"of a newer version","values":[]}},"hint":{"text":"x"}}}"#;
        for record in [earlier, newer] {
            let read: Explanation = serde_json::from_str(record).unwrap();
            let told = read.told_in(Language::German);
            assert_eq!(told.message, "It was locked.");
            assert_eq!(told.hint, "Unlock.");
        }
    }
}
