//! The fields of a JSON body, checked one by one as those of a form are.

use axum::Json;
use axum::extract::{FromRequest, Request};
use serde_json::{Map, Value};

use crate::answer::Refusal;

const LONGEST: usize = 4096;
const IS_REQUIRED: &str = "is required";

/// The fields of one body, and what was found wrong with them so far. A body that is no JSON object has none.
pub(crate) struct JsonFields {
    sent: Map<String, Value>,
    wrong: Vec<(String, &'static str)>,
}

impl JsonFields {
    /// A text that must be there and hold something.
    pub(crate) fn required(&mut self, name: &str) -> String {
        match self.sent.remove(name) {
            Some(Value::String(text)) if text.len() > LONGEST => self.wrong(name, "is too long"),
            Some(Value::String(text)) if !text.is_empty() => return text,
            Some(Value::String(_)) => self.wrong(name, "must not be empty"),
            Some(_) => self.wrong(name, "must be a text"),
            None => self.wrong(name, IS_REQUIRED),
        }
        String::new()
    }

    /// A list of texts that must be there but may be empty.
    pub(crate) fn texts(&mut self, name: &str) -> Vec<String> {
        let Some(list) = self.sent.remove(name) else {
            self.wrong(name, IS_REQUIRED);
            return Vec::new();
        };
        serde_json::from_value(list).unwrap_or_else(|_| {
            self.wrong(name, "must be a list of texts");
            Vec::new()
        })
    }

    /// An object that must be there but may be empty.
    pub(crate) fn object(&mut self, name: &str) -> Value {
        match self.sent.remove(name) {
            Some(object @ Value::Object(_)) => return object,
            Some(_) => self.wrong(name, "must be an object"),
            None => self.wrong(name, IS_REQUIRED),
        }
        Value::Null
    }

    /// The end of the checks: 422 if any field was wrong.
    pub(crate) fn done(self) -> Result<(), Refusal> {
        if self.wrong.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Fields(self.wrong))
        }
    }

    fn wrong(&mut self, name: &str, should: &'static str) {
        self.wrong.push((name.to_owned(), should));
    }
}

impl<S: Send + Sync> FromRequest<S> for JsonFields {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let sent = Json::<Map<String, Value>>::from_request(request, state).await;
        Ok(Self {
            sent: sent.map_or_else(|_| Map::new(), |Json(sent)| sent),
            wrong: Vec::new(),
        })
    }
}
