//! How a code gets its words: by keys of `strings/*/errors.json`.

use std::fmt::Display;
use std::io;

use crate::error::code::Code;
use crate::error::explanation::{Explanation, Said};
use crate::language::{Phrase, Value};

/// A code with the texts of its pair, in no language yet. The hint has the key of the message with `.hint` behind it,
/// and fills its blanks with the same values.
#[derive(Clone, Debug)]
pub struct Words {
    code: Code,
    message: Phrase,
    hint: Hint,
}

#[derive(Clone, Debug)]
enum Hint {
    Own,
    Key(String),
    Of(Value),
}

impl Code {
    /// The words that have the code's own text for a key.
    pub fn words(self) -> Words {
        Words::new(self, self.as_str())
    }

    /// The words for one of several causes with this code: the key is `code.cause`.
    pub fn words_of(self, cause: &str) -> Words {
        Words::new(self, format!("{self}.{cause}"))
    }
}

impl Words {
    /// The words under a key of their own.
    pub fn new(code: Code, key: impl Into<String>) -> Self {
        Self {
            code,
            message: Phrase::new(key),
            hint: Hint::Own,
        }
    }

    /// Another text for the hint.
    #[must_use]
    pub fn hint(mut self, key: impl Into<String>) -> Self {
        self.hint = Hint::Key(key.into());
        self
    }

    /// What to do about `reason` is what to do here.
    #[must_use]
    pub(crate) fn hint_of(mut self, reason: &Explanation) -> Self {
        self.hint = Hint::Of(reason.said_hint());
        self
    }

    /// The name of a file, a profile, a key.
    #[must_use]
    pub fn name(self, name: impl Display) -> Self {
        self.text("name", name)
    }

    #[must_use]
    pub fn text(mut self, blank: &str, text: impl Display) -> Self {
        self.message = self.message.text(blank, text);
        self
    }

    /// A number. The one for the blank `count` chooses the plural form.
    #[must_use]
    pub fn number<N: TryInto<u64>>(mut self, blank: &str, number: N) -> Self {
        self.message = self.message.number(blank, number);
        self
    }

    #[must_use]
    pub fn phrase(self, blank: &str, phrase: Phrase) -> Self {
        self.value(blank, Value::Phrase(phrase))
    }

    #[must_use]
    pub fn value(mut self, blank: &str, value: Value) -> Self {
        self.message = self.message.value(blank, value);
        self
    }

    /// Why the system could not do it, for the blank `reason`.
    #[must_use]
    pub(crate) fn cause(self, error: &io::Error) -> Self {
        self.value("reason", Value::cause(error))
    }

    /// What another explanation says happened, for the blank `reason`.
    #[must_use]
    pub(crate) fn because(self, reason: &Explanation) -> Self {
        let said = reason.said_message();
        self.value("reason", said)
    }

    pub fn explain(self) -> Explanation {
        let own = |key: String| Value::Phrase(self.message.with_key(key));
        let hint = match self.hint {
            Hint::Own => own(format!("{}.hint", self.message.key())),
            Hint::Key(key) => own(key),
            Hint::Of(value) => value,
        };
        Explanation::said(
            self.code,
            Said {
                message: Value::Phrase(self.message),
                hint,
            },
        )
    }
}

#[cfg(test)]
impl Words {
    /// Values that neither the message nor the hint takes in.
    pub(crate) fn unused_in(&self, language: crate::language::Language) -> Vec<String> {
        let texts = crate::language::Texts::errors(language);
        let hint = match &self.hint {
            Hint::Own => format!("{}.hint", self.message.key()),
            Hint::Key(key) => key.clone(),
            Hint::Of(_) => String::new(),
        };
        let forms: Vec<&str> = texts
            .forms()
            .filter(|(key, _)| *key == self.message.key() || *key == hint)
            .map(|(_, form)| form)
            .collect();
        let is_used = |blank: &str| {
            let blank = format!("{{{blank}}}");
            blank == "{count}" || forms.iter().any(|form| form.contains(&blank))
        };
        let unused = self.message.blanks().filter(|blank| !is_used(blank));
        unused.map(str::to_owned).collect()
    }
}
