//! What an operation of the service is. Path, method, fields and answer of one operation are in one file.

use crate::answer::Reply;
use crate::answer::malformed::Malformed;
pub(crate) use crate::catalog::field::{Field, Kind};
pub(crate) use crate::catalog::spec::{Authority, Method, Provenance, Repeat, Spec};
use crate::request::Request;

pub trait Endpoint {
    const SPEC: Spec;

    fn request(&self) -> Request;

    /// The request in its [other form](Spec::fallback), tried when the service refuses the first. The form that worked
    /// is tried first from then on.
    fn fallback(&self) -> Option<Request> {
        None
    }
}

/// An operation with an immediate answer.
pub trait Operation: Endpoint {
    type Answer;

    /// Whether [`Operation::parse`] reads an answer with this status.
    fn accepts(status: u16) -> bool {
        (200..300).contains(&status)
    }

    /// # Errors
    /// [`Malformed`] says what is wrong with the answer.
    fn parse(reply: &Reply) -> Result<Self::Answer, Malformed>;
}

/// An operation that the service accepts first; the outcome comes later under the id of the command.
pub trait Command: Endpoint {}

#[cfg(test)]
pub(crate) mod tests {
    use secrecy::{ExposeSecret as _, SecretString};
    use serde_json::Value;

    use super::*;
    use crate::answer::base64_text;
    use crate::catalog::values::Values;
    use crate::request::Body;
    use crate::request::tests::wire as written;

    /// The request of an operation as text, after checking that the same values by their names make the same request.
    pub(crate) fn wire<D: Endpoint>(endpoint: &D) -> String {
        let request = endpoint.request();
        let values = Values::read(&D::SPEC, &values_of(&D::SPEC, &request)).unwrap();
        assert_eq!(written(&request), written(&values.request()));
        assert_eq!(
            endpoint.fallback().as_ref().map(written),
            values.fallback().as_ref().map(written),
        );
        written(&request)
    }

    /// The other form of a request as text.
    pub(crate) fn fallback_wire<D: Endpoint>(endpoint: &D) -> String {
        written(&endpoint.fallback().unwrap())
    }

    /// What a request says, by the names of its fields.
    fn values_of(spec: &Spec, request: &Request) -> Vec<(String, SecretString)> {
        let mut values = Vec::new();
        let mut say = |name: &str, text: String| values.push((name.to_owned(), text.into()));
        for (place, text) in spec.path.split('/').zip(request.path.split('/')) {
            if let Some(name) = place.strip_prefix('{') {
                let text = url::form_urlencoded::parse(text.as_bytes())
                    .next()
                    .unwrap()
                    .0;
                say(name.trim_end_matches('}'), text.into_owned());
            }
        }
        for (name, text) in request.query.pairs() {
            say(name, text.expose_secret().to_owned());
        }
        match &request.body {
            Body::Empty => {}
            Body::Form(form) => form
                .pairs()
                .for_each(|(name, text)| say(name, text.expose_secret().to_owned())),
            Body::Json(json) => {
                let json: Value = serde_json::from_str(json.expose_secret()).unwrap();
                for (name, value) in json.as_object().unwrap() {
                    let text = value.as_str().map(str::to_owned);
                    say(name, text.unwrap_or_else(|| value.to_string()));
                }
            }
        }
        let basic = request
            .basic
            .as_ref()
            .map(|basic| basic.expose_secret().to_owned());
        match (spec.authority, basic) {
            (Authority::BasicPair(name, secret), Some(basic)) => {
                let pair = String::from_utf8(base64_text::decode(&basic).unwrap()).unwrap();
                let (first, second) = pair.split_once(':').unwrap();
                say(name, first.to_owned());
                say(secret, second.to_owned());
            }
            (Authority::BasicText(name), Some(basic)) => say(name, basic),
            (_, basic) => assert_eq!(basic, None),
        }
        values
    }
}
