//! What an operation of the service is. Path, method, fields and mark of one operation live together in its file.

use crate::answer::Reply;
use crate::answer::malformed::Malformed;
pub(crate) use crate::catalog::about::{About, Authority, Method, Provenance, Repeat};
pub(crate) use crate::catalog::field::{Field, Kind};
use crate::request::Request;

/// Everything that can be asked of the API.
pub trait Described {
    /// How it looks from outside.
    const ABOUT: About;

    /// The request, filled in.
    fn request(&self) -> Request;

    /// The request in the [other form](About::other), tried when the first was refused. The form that worked is tried
    /// first from then on.
    fn alternative(&self) -> Option<Request> {
        None
    }
}

/// An operation whose answer is complete.
pub trait Operation: Described {
    /// What the answer says.
    type Answer;

    /// Whether an answer with this status is to be read by [`Operation::parse`].
    fn accepts(status: u16) -> bool {
        (200..300).contains(&status)
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// [`Malformed`] says what is wrong with it.
    fn parse(reply: &Reply) -> Result<Self::Answer, Malformed>;
}

/// An operation that is only accepted at first; its outcome comes later under the id of the command.
pub trait Command: Described {}

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
    pub(crate) fn wire<D: Described>(described: &D) -> String {
        let request = described.request();
        let values = Values::read(&D::ABOUT, &values_of(&D::ABOUT, &request)).unwrap();
        assert_eq!(written(&request), written(&values.request()));
        assert_eq!(
            described.alternative().as_ref().map(written),
            values.alternative().as_ref().map(written),
        );
        written(&request)
    }

    /// The other form of a request as text.
    pub(crate) fn other_wire<D: Described>(described: &D) -> String {
        written(&described.alternative().unwrap())
    }

    /// What a request says, by the names of its fields.
    fn values_of(about: &About, request: &Request) -> Vec<(String, SecretString)> {
        let mut values = Vec::new();
        let mut say = |name: &str, text: String| values.push((name.to_owned(), text.into()));
        for (place, text) in about.path.split('/').zip(request.path.split('/')) {
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
        match (about.authority, basic) {
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
