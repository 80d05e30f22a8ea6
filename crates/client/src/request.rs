//! What is sent: built here, apart from the sending.

use std::fmt;

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::answer::base64_text;
use crate::operation::{Method, Spec};

/// One HTTP request to the API, without its address and its authorization.
#[derive(Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Form,
    pub(crate) body: Body,
    /// What goes behind `Authorization: Basic`.
    pub(crate) basic: Option<SecretString>,
}

#[derive(Clone)]
pub enum Body {
    Empty,
    /// `application/x-www-form-urlencoded`
    Form(Form),
    /// `application/json`
    Json(SecretString),
}

/// Names and values, in order. Values may be secrets and are zeroized.
#[derive(Clone, Default)]
pub struct Form(Vec<(String, SecretString)>);

impl Request {
    /// The request an operation's description asks for, with nothing filled in.
    pub(crate) fn of(spec: &Spec) -> Self {
        Self::to(spec.method, spec.path)
    }

    /// The other form that an operation's description knows, with nothing filled in.
    pub(crate) fn fallback(spec: &Spec) -> Option<Self> {
        spec.fallback
            .map(|fallback| Self::to(fallback.method, fallback.path))
    }

    pub(crate) fn to(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.to_owned(),
            query: Form::default(),
            body: Body::Empty,
            basic: None,
        }
    }

    /// Where it goes on the API server.
    pub(crate) fn url(&self, api: &Url) -> Url {
        let mut url = api.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}{}", self.path));
        if !self.query.is_empty() {
            url.set_query(str::from_utf8(&self.query.encode()).ok());
        }
        url
    }

    /// Fills the place `{name}` of the path.
    pub(crate) fn place(mut self, name: &str, value: &str) -> Self {
        let encoded = form_urlencoded::byte_serialize(value.as_bytes())
            .collect::<String>()
            .replace('+', "%20");
        self.path = self.path.replace(&format!("{{{name}}}"), &encoded);
        self
    }

    pub(crate) fn query(mut self, query: Form) -> Self {
        self.query = query;
        self
    }

    pub(crate) fn form(mut self, form: Form) -> Self {
        self.body = Body::Form(form);
        self
    }

    pub(crate) fn json(mut self, value: &Value) -> Self {
        self.body = Body::Json(SecretString::from(value.to_string()));
        self
    }

    /// Shows the name and the secret of an application (RFC 7617).
    pub(crate) fn basic_pair(self, name: &str, secret: &SecretString) -> Self {
        let pair = Zeroizing::new(format!("{name}:{}", secret.expose_secret()));
        let encoded = base64_text::encode(pair.as_bytes());
        self.basic_text(&SecretString::from(encoded))
    }

    /// Shows a secret as it is.
    pub(crate) fn basic_text(mut self, text: &SecretString) -> Self {
        self.basic = Some(text.clone());
        self
    }

    /// The body as it goes over the wire, and its media type.
    pub(crate) fn encoded_body(&self) -> Option<(&'static str, Zeroizing<Vec<u8>>)> {
        match &self.body {
            Body::Empty => None,
            Body::Form(form) => Some(("application/x-www-form-urlencoded", form.encode())),
            Body::Json(json) => Some((
                "application/json",
                Zeroizing::new(json.expose_secret().as_bytes().to_vec()),
            )),
        }
    }
}

impl Form {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn text(self, name: &str, value: impl fmt::Display) -> Self {
        self.secret(name, &SecretString::from(value.to_string()))
    }

    pub(crate) fn optional(self, name: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    pub(crate) fn secret(mut self, name: &str, value: &SecretString) -> Self {
        self.0.push((name.to_owned(), value.clone()));
        self
    }

    pub(crate) fn base64(mut self, name: &str, bytes: &[u8]) -> Self {
        self.0.push((
            name.to_owned(),
            SecretString::from(base64_text::encode(bytes)),
        ));
        self
    }

    /// The same name for each of several values.
    pub(crate) fn each(self, name: &str, values: &[String]) -> Self {
        values
            .iter()
            .fold(self, |form, value| form.text(name, value))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        // Three bytes for each is the most an encoding takes, so the text never moves and leaves no copy behind.
        let most = self
            .0
            .iter()
            .map(|(name, value)| 3 * (name.len() + value.expose_secret().len()) + 2)
            .sum();
        let mut text = form_urlencoded::Serializer::new(String::with_capacity(most));
        for (name, value) in &self.0 {
            text.append_pair(name, value.expose_secret());
        }
        Zeroizing::new(text.finish().into_bytes())
    }

    /// The names with their values.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &SecretString)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({:?} …)", self.method)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// A request as text, for comparison with a documented example.
    pub(crate) fn wire(request: &Request) -> String {
        let query = request.query.encode();
        let mark = if query.is_empty() { "" } else { "?" };
        let query = str::from_utf8(&query).unwrap();
        let basic = match &request.basic {
            Some(basic) => format!("[Basic {}] ", basic.expose_secret()),
            None => String::new(),
        };
        let method = request.method.as_str();
        let head = format!("{basic}{method} {}{mark}{query}", request.path);
        match request.encoded_body() {
            Some((_, body)) => format!("{head} {}", in_order(str::from_utf8(&body).unwrap())),
            None => head,
        }
    }

    /// JSON with its members by name, whatever order they are written in.
    fn in_order(body: &str) -> String {
        let json: Result<BTreeMap<String, Value>, _> = serde_json::from_str(body);
        json.map_or_else(
            |_| body.to_owned(),
            |json| serde_json::to_string(&json).unwrap(),
        )
    }

    #[test]
    fn fills_places_with_escaped_text() {
        let request = Request::to(Method::Get, "/a/{id}/b").place("id", "x/../y z");
        assert_eq!(wire(&request), "GET /a/x%2F..%2Fy%20z/b");
    }

    #[test]
    fn encodes_forms() {
        let form = Form::new()
            .text("a", "1&2")
            .optional("b", None::<u8>)
            .optional("c", Some(3))
            .base64("d", b"\xff\xfe");
        assert_eq!(
            wire(&Request::to(Method::Post, "/x").form(form)),
            "POST /x a=1%262&c=3&d=%2F%2F4%3D"
        );
    }

    #[test]
    fn requests_print_neither_path_nor_body() {
        let request = Request::to(Method::Post, "/x/{id}")
            .place("id", "secret")
            .form(Form::new().text("password", "secret"));
        assert!(!format!("{request:?}").contains("secret"));
    }
}
