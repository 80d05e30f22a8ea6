//! The fields of a JSON body, checked one by one as those of a form are.

use axum::extract::{FromRequest, Request};
use axum::http::header;
use axum::{Form, Json};
use serde_json::{Map, Value};

use crate::wire::answer::Refusal;
use crate::wire::fields::Fields;

const FORM: &[u8] = b"application/x-www-form-urlencoded";
/// The longest list a field may hold.
const MOST: usize = 1000;

/// The fields of one body, and what was found wrong with them so far; a body that is no object has none.
pub(crate) struct JsonFields {
    sent: Map<String, Value>,
    checked: Fields,
}

impl JsonFields {
    /// A text that must be there and hold something.
    pub(crate) fn required(&mut self, name: &str) -> String {
        match self.sent.remove(name) {
            None => self.wrong(name, "is required"),
            Some(Value::String(text)) if text.is_empty() => self.wrong(name, "must not be empty"),
            Some(Value::String(text)) if text.len() <= Fields::LONGEST => return text,
            Some(Value::String(_)) => self.wrong(name, "is too long"),
            Some(_) => self.wrong(name, "must be a text"),
        }
        String::new()
    }

    /// A text that may be absent or null.
    pub(crate) fn optional(&mut self, name: &str) -> Option<String> {
        match self.sent.get(name)? {
            Value::Null => None,
            _ => Some(self.required(name)),
        }
    }

    /// A text that must be there, or an express null.
    pub(crate) fn nullable(&mut self, name: &str) -> Option<String> {
        match self.sent.get(name) {
            Some(Value::Null) => None,
            _ => Some(self.required(name)),
        }
    }

    /// A whole number within `range`, as a number or a text, if the field is there and not null.
    pub(crate) fn number(
        &mut self,
        name: &str,
        range: std::ops::RangeInclusive<u64>,
    ) -> Option<u64> {
        let number = match self.sent.remove(name)? {
            Value::Null => return None,
            Value::String(text) => text.parse().ok(),
            other => other.as_u64(),
        };
        let number = number.filter(|number| range.contains(number));
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
        if !self.sent.contains_key(name) {
            self.wrong(name, "is required");
        }
        self.number(name, range).unwrap_or(0)
    }

    /// A list of texts that must be there but may be empty; each text once.
    pub(crate) fn texts(&mut self, name: &str) -> Vec<String> {
        if !self.sent.contains_key(name) {
            self.wrong(name, "is required");
        }
        self.optional_texts(name)
    }

    /// A list of texts; none if it is absent.
    pub(crate) fn optional_texts(&mut self, name: &str) -> Vec<String> {
        let Some(sent) = self.sent.remove(name) else {
            return Vec::new();
        };
        let texts: Option<Vec<String>> = match sent {
            Value::Array(items) if items.len() <= MOST => items.into_iter().map(text).collect(),
            _ => None,
        };
        let Some(mut texts) = texts else {
            self.wrong(name, "must be a list of texts");
            return Vec::new();
        };
        texts.sort_unstable();
        texts.dedup();
        texts
    }

    /// An object that must be there and hold something.
    pub(crate) fn object(&mut self, name: &str) -> Map<String, Value> {
        let fields = self.any_object(name);
        if fields.is_empty() && !self.is_wrong(name) {
            self.wrong(name, "must not be empty");
        }
        fields
    }

    /// An object that must be there but may be empty.
    pub(crate) fn any_object(&mut self, name: &str) -> Map<String, Value> {
        match self.sent.remove(name) {
            None => self.wrong(name, "is required"),
            Some(Value::Object(fields)) => return fields,
            Some(_) => self.wrong(name, "must be an object"),
        }
        Map::new()
    }

    /// Whether a field of this name was sent and not looked at yet.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.sent.contains_key(name)
    }

    pub(crate) fn is_wrong(&self, name: &str) -> bool {
        self.checked.is_wrong(name)
    }

    /// Notes that a field is not valid.
    pub(crate) fn wrong(&mut self, name: &str, should: &'static str) {
        self.checked.wrong(name, should);
    }

    /// The end of the checks: 422 if any field was wrong.
    pub(crate) fn done(self) -> Result<(), Refusal> {
        self.checked.done()
    }
}

/// The fields of a body that may be JSON or a form: nothing is public about it.
pub(crate) struct AnyFields(pub(crate) JsonFields);

impl AnyFields {
    /// A text that must be there under one of these names; the first is the one that is asked for.
    pub(crate) fn required(&mut self, names: &[&'static str]) -> String {
        let sent = names.iter().find(|name| self.0.has(name));
        self.0.required(sent.unwrap_or(&names[0]))
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) if text.len() <= Fields::LONGEST => Some(text),
        _ => None,
    }
}

impl<S: Send + Sync> FromRequest<S> for JsonFields {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let sent = Json::<Map<String, Value>>::from_request(request, state).await;
        Ok(Self {
            sent: sent.map_or_else(|_| Map::new(), |Json(sent)| sent),
            checked: Fields::none(),
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for AnyFields {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let is_form = kind.is_some_and(|kind| kind.as_bytes().starts_with(FORM));
        if !is_form {
            return JsonFields::from_request(request, state).await.map(Self);
        }
        let sent = Form::<Vec<(String, String)>>::from_request(request, state).await;
        let sent = sent.map_or_else(|_| Vec::new(), |Form(sent)| sent);
        let sent = sent.into_iter().map(|(name, text)| (name, text.into()));
        Ok(Self(JsonFields {
            sent: sent.collect(),
            checked: Fields::none(),
        }))
    }
}
