//! The fields of a form or a query, checked one by one; every field that is not valid is named in one answer.

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use zeroize::Zeroizing;

use crate::wire::answer::Refusal;

/// The fields of one request, and what was found wrong with them so far.
pub(crate) struct Fields {
    sent: Vec<(String, String)>,
    wrong: Vec<(String, &'static str)>,
}

impl Fields {
    /// The longest text a field may hold where nothing else is said, in bytes.
    pub(crate) const LONGEST: usize = 4096;

    fn new(sent: Vec<(String, String)>) -> Self {
        Self {
            sent,
            wrong: Vec::new(),
        }
    }

    /// No fields, for bodies that are checked in another way.
    pub(crate) fn none() -> Self {
        Self::new(Vec::new())
    }

    /// A field that must be there and hold something.
    pub(crate) fn required(&mut self, name: &str) -> String {
        let text = self.present(name);
        if text.is_empty() && !self.is_wrong(name) {
            self.wrong(name, "must not be empty");
        }
        text
    }

    /// A field that must be there but may be empty.
    pub(crate) fn present(&mut self, name: &str) -> String {
        let Some(text) = self.take(name) else {
            self.wrong(name, "is required");
            return String::new();
        };
        if text.len() > Self::LONGEST {
            self.wrong(name, "is too long");
        }
        text
    }

    /// A field that may be absent.
    pub(crate) fn optional(&mut self, name: &str) -> Option<String> {
        let text = self.take(name)?;
        if text.len() > Self::LONGEST {
            self.wrong(name, "is too long");
        }
        Some(text)
    }

    /// A field of any length.
    pub(crate) fn large(&mut self, name: &str) -> String {
        let text = self.take(name).unwrap_or_default();
        if text.is_empty() {
            self.wrong(name, "is required");
        }
        text
    }

    /// A field that must hold a password; wiped when dropped.
    pub(crate) fn password(&mut self, name: &str) -> Zeroizing<String> {
        Zeroizing::new(self.required(name))
    }

    /// A whole number within `range`, if the field is there.
    pub(crate) fn number(
        &mut self,
        name: &str,
        range: std::ops::RangeInclusive<u64>,
    ) -> Option<u64> {
        let text = self.take(name)?;
        let number = text.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            self.wrong(name, "must be a whole number within its range");
        }
        number
    }

    /// A whole number within `range` that must be there; 0 stands in for one that is wrong.
    pub(crate) fn required_number(
        &mut self,
        name: &str,
        range: std::ops::RangeInclusive<u64>,
    ) -> u64 {
        if !self.sent.iter().any(|(sent, _)| sent == name) {
            self.wrong(name, "is required");
        }
        self.number(name, range).unwrap_or(0)
    }

    /// All fields that were not looked at.
    pub(crate) fn rest(&mut self) -> Vec<(String, String)> {
        let rest = std::mem::take(&mut self.sent);
        for (name, text) in &rest {
            if text.len() > Self::LONGEST {
                self.wrong(name, "is too long");
            }
        }
        rest
    }

    /// Notes that a field is not valid.
    pub(crate) fn wrong(&mut self, name: &str, should: &'static str) {
        self.wrong.push((name.to_owned(), should));
    }

    /// The end of the checks: 422 if any field was wrong.
    pub(crate) fn done(self) -> Result<(), Refusal> {
        if self.wrong.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Fields(self.wrong))
        }
    }

    pub(crate) fn is_wrong(&self, name: &str) -> bool {
        self.wrong.iter().any(|(wrong, _)| wrong == name)
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.sent.iter().position(|(sent, _)| sent == name)?;
        Some(self.sent.swap_remove(at).1)
    }
}

/// The fields of a form body; a body that is no form has none.
pub(crate) struct FormFields(pub(crate) Fields);

impl<S: Send + Sync> FromRequest<S> for FormFields {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let sent = Form::<Vec<(String, String)>>::from_request(request, state).await;
        Ok(Self(Fields::new(
            sent.map_or_else(|_| Vec::new(), |Form(sent)| sent),
        )))
    }
}

pub(crate) struct QueryFields(pub(crate) Fields);

impl<S: Send + Sync> FromRequestParts<S> for QueryFields {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let sent = Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        Ok(Self(Fields::new(
            sent.map_or_else(|_| Vec::new(), |Query(sent)| sent),
        )))
    }
}
