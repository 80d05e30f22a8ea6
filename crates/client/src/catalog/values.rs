//! Values by field name, validated against the specification of an operation, and the request built from them.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::answer::base64_text;
use crate::answer::malformed::Malformed;
use crate::catalog::field::{Field, Kind};
use crate::catalog::spec::{Authority, Encoding, Fallback, Spec};
use crate::request::{Form, Request};

/// Why an operation cannot be called with these values. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The catalog has no such operation.
    #[error("there is no operation {id}")]
    UnknownOperation { id: String },
    /// The operation does not take such a field.
    #[error("{operation} takes no {field}")]
    UnknownField {
        operation: &'static str,
        field: String,
    },
    /// A required field is not given, or empty.
    #[error("{field} is missing")]
    Missing { field: &'static str, kind: Kind },
    /// A field is given more than once and is no list.
    #[error("{field} is given twice")]
    Twice { field: &'static str },
    /// A value is not what the field takes.
    #[error("{field} is not {kind}")]
    WrongKind { field: &'static str, kind: Kind },
    /// A value that would be read as a step to another address.
    #[error("{field} cannot be . or ..")]
    NoName { field: &'static str },
    /// A link that cannot be used.
    #[error("{field}: {problem}")]
    Link {
        field: &'static str,
        problem: Malformed,
    },
}

/// Checked values of an operation, in the order of its fields.
#[derive(Clone)]
pub(crate) struct Values {
    spec: &'static Spec,
    values: Vec<(&'static Field, Filled)>,
}

#[derive(Clone)]
enum Filled {
    Text(SecretString),
    Number(u64),
    Boolean(bool),
    Texts(Vec<String>),
    Json(Map<String, Value>),
}

impl Values {
    /// Reads texts as the kinds of their fields. An empty text counts as not given.
    pub(crate) fn read(
        spec: &'static Spec,
        given: &[(String, SecretString)],
    ) -> Result<Self, CallError> {
        let unknown = |name: &str| spec.fields.iter().all(|field| field.name != name);
        if let Some((name, _)) = given.iter().find(|(name, _)| unknown(name)) {
            return Err(CallError::UnknownField {
                operation: spec.id,
                field: name.clone(),
            });
        }
        let mut values = Vec::new();
        for field in spec.fields {
            let texts: Vec<&str> = given
                .iter()
                .filter(|(name, text)| name == field.name && !text.expose_secret().is_empty())
                .map(|(_, text)| text.expose_secret())
                .collect();
            if let Some(filled) = fill(spec, field, &texts)? {
                values.push((field, filled));
            }
        }
        Ok(Self { spec, values })
    }

    pub(crate) fn text(&self, name: &str) -> Option<&SecretString> {
        let (_, filled) = self.values.iter().find(|(field, _)| field.name == name)?;
        match filled {
            Filled::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The same with every secret replaced.
    pub(crate) fn masked(&self, mask: impl Fn(&Field) -> String) -> Self {
        let mut masked = self.clone();
        for (field, filled) in &mut masked.values {
            if field.kind.is_secret() {
                *filled = Filled::Text(mask(field).into());
            }
        }
        masked
    }

    /// The request in the usual form.
    pub(crate) fn request(&self) -> Request {
        self.written(&self.spec.primary())
    }

    /// The request in the other form, if the operation has one.
    pub(crate) fn fallback(&self) -> Option<Request> {
        self.spec.fallback.map(|fallback| self.written(&fallback))
    }

    fn written(&self, form: &Fallback) -> Request {
        let mut request = Request::to(form.method, form.path);
        let mut left = Vec::new();
        for (field, filled) in &self.values {
            let name = match form.renamed {
                Some((usual, other)) if usual == field.name => other,
                _ => field.name,
            };
            if form.path.contains(&format!("{{{name}}}")) {
                request = request.place(name, filled.text().expose_secret());
            } else if !self.spec.shows(field) {
                left.push((name, filled));
            }
        }
        request = match form.authority {
            Authority::BasicPair(name, secret) => match (self.text(name), self.text(secret)) {
                (Some(name), Some(secret)) => request.basic_pair(name.expose_secret(), secret),
                _ => request,
            },
            Authority::BasicText(name) => match self.text(name) {
                Some(text) => request.basic_text(text),
                None => request,
            },
            Authority::Public
            | Authority::Session
            | Authority::OptionalSession
            | Authority::Link => request,
        };
        match form.encoding {
            Encoding::Query => request.query(pairs(&left)),
            Encoding::Json => request.json(&Value::Object(members(&left))),
            // Without a field there is no body; what goes to a link is streamed.
            Encoding::Form if !self.spec.fields.is_empty() => request.form(pairs(&left)),
            Encoding::Form | Encoding::Bytes => request,
        }
    }
}

fn fill(spec: &Spec, field: &'static Field, texts: &[&str]) -> Result<Option<Filled>, CallError> {
    let wrong = || CallError::WrongKind {
        field: field.name,
        kind: field.kind,
    };
    let text = match texts {
        [] if field.required => {
            return Err(CallError::Missing {
                field: field.name,
                kind: field.kind,
            });
        }
        // The service expects a list that is not given as an empty one.
        [] if field.kind == Kind::Texts && spec.encoding == Encoding::Json => {
            return Ok(Some(Filled::Texts(Vec::new())));
        }
        [] => return Ok(None),
        _ if field.kind == Kind::Texts => {
            let mut list = Vec::new();
            for text in texts {
                list.extend(list_of(text).ok_or_else(wrong)?);
            }
            return if list.is_empty() && field.required {
                Err(wrong())
            } else {
                Ok(Some(Filled::Texts(list)))
            };
        }
        [text] => *text,
        _ => return Err(CallError::Twice { field: field.name }),
    };
    if spec.places(field) && matches!(text, "." | "..") {
        return Err(CallError::NoName { field: field.name });
    }
    read(field.kind, text).map(Some).ok_or_else(wrong)
}

fn read(kind: Kind, text: &str) -> Option<Filled> {
    Some(match kind {
        Kind::Text | Kind::Secret | Kind::Token => Filled::Text(text.into()),
        Kind::Number => Filled::Number(text.trim().parse().ok()?),
        Kind::Boolean => Filled::Boolean(text.trim().parse().ok()?),
        Kind::Choice(words) => {
            let word = words.iter().find(|word| **word == text.trim())?;
            Filled::Text((*word).into())
        }
        Kind::Texts => Filled::Texts(list_of(text)?),
        Kind::Bytes => {
            base64_text::decode(text.trim())?;
            Filled::Text(text.trim().into())
        }
        Kind::Json => Filled::Json(serde_json::from_str(text).ok()?),
    })
}

/// A JSON array of texts, or texts with commas between them.
fn list_of(text: &str) -> Option<Vec<String>> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).ok();
    }
    let texts = text.split(',').map(str::trim);
    Some(
        texts
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect(),
    )
}

fn pairs(values: &[(&'static str, &Filled)]) -> Form {
    values
        .iter()
        .fold(Form::new(), |form, (name, filled)| match filled {
            Filled::Texts(texts) if name.ends_with("[]") => form.each(name, texts),
            filled => form.secret(name, &filled.text()),
        })
}

fn members(values: &[(&'static str, &Filled)]) -> Map<String, Value> {
    values
        .iter()
        .map(|(name, filled)| ((*name).to_owned(), filled.json()))
        .collect()
}

impl Filled {
    fn text(&self) -> SecretString {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string().into(),
            Self::Boolean(yes) => yes.to_string().into(),
            Self::Texts(texts) => texts.join(",").into(),
            Self::Json(object) => Value::Object(object.clone()).to_string().into(),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Text(text) => text.expose_secret().into(),
            Self::Number(number) => (*number).into(),
            Self::Boolean(yes) => (*yes).into(),
            Self::Texts(texts) => texts.clone().into(),
            Self::Json(object) => object.clone().into(),
        }
    }
}

#[cfg(test)]
mod tests;
