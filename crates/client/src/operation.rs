//! What an operation of the service is. Path, method, fields and mark of one operation live together in its file.

use crate::answer::{Malformed, Reply};
use crate::request::Request;

/// How an operation looks from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// `group.operation`
    pub id: &'static str,
    /// The row of the wire's table.
    pub row: &'static str,
    /// How well the operation is known.
    pub provenance: Provenance,
    /// The HTTP method.
    pub method: Method,
    /// The path, with `{name}` for places to fill.
    pub path: &'static str,
    /// What the request must show.
    pub authority: Authority,
    /// Whether the request may be repeated when its answer is lost.
    pub repeat: Repeat,
    /// What it does, in one sentence.
    pub doc: &'static str,
    /// What it takes.
    pub fields: &'static [Field],
}

/// How well an operation is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// The vendor's reference documents it.
    Documented,
    /// It was seen in a client aligned with a live service.
    Observed,
    /// It is built by analogy and may be refused.
    Assumed,
}

/// HTTP methods the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
}

impl Method {
    /// As in a request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// What a request must show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// Nothing.
    Public,
    /// The authorization token of the session.
    Session,
}

/// Whether a request may be repeated when its answer is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// A read: repeated by the client itself after a passing failure.
    Freely,
    /// Harmless to repeat, but only if the caller wants to.
    OnRequest,
    /// Changes something: a lost answer leaves it not confirmed.
    Never,
}

/// One field of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// What its text means.
    pub kind: Kind,
    /// Whether it must be given.
    pub required: bool,
}

/// What the text of a field means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A whole number.
    Number,
    /// A text that must not be shown.
    Secret,
    /// Bytes, in base64.
    Bytes,
    /// A JSON value.
    Json,
}

impl Field {
    /// A required field.
    pub const fn required(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            required: true,
        }
    }

    /// A field that may be left out.
    pub const fn optional(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            required: false,
        }
    }
}

impl About {
    /// A read with `GET`.
    pub const fn get(id: &'static str, path: &'static str) -> Self {
        Self::new(id, Method::Get, path, Repeat::Freely)
    }

    /// A change with `POST`.
    pub const fn post(id: &'static str, path: &'static str) -> Self {
        Self::new(id, Method::Post, path, Repeat::Never)
    }

    const fn new(id: &'static str, method: Method, path: &'static str, repeat: Repeat) -> Self {
        Self {
            id,
            row: "",
            provenance: Provenance::Assumed,
            method,
            path,
            authority: Authority::Session,
            repeat,
            doc: "",
            fields: &[],
        }
    }

    /// The row of the wire's table and how well it is known.
    #[must_use]
    pub const fn row(mut self, row: &'static str, provenance: Provenance) -> Self {
        self.row = row;
        self.provenance = provenance;
        self
    }

    /// What it does, in one sentence.
    #[must_use]
    pub const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// Needs no authorization.
    #[must_use]
    pub const fn public(mut self) -> Self {
        self.authority = Authority::Public;
        self
    }

    /// Another rule for repeating than the method suggests.
    #[must_use]
    pub const fn repeat(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    /// What it takes.
    #[must_use]
    pub const fn fields(mut self, fields: &'static [Field]) -> Self {
        self.fields = fields;
        self
    }

    /// The part of the id before the dot.
    pub fn group(&self) -> &'static str {
        self.id.split_once('.').map_or(self.id, |(group, _)| group)
    }
}

/// Everything that can be asked of the API.
pub trait Described {
    /// How it looks from outside.
    const ABOUT: About;

    /// The request, filled in.
    fn request(&self) -> Request;

    /// Another form of the request that other versions of the service understand, tried when the first was
    /// answered with `status`. The form that worked is tried first from then on.
    fn alternative(&self, status: u16) -> Option<Request> {
        let _ = status;
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
    use std::collections::HashSet;

    use super::*;
    use crate::request::Body;

    /// The request of an operation as text, after checking it against the operation's description.
    pub(crate) fn wire<D: Described>(described: &D) -> String {
        let request = described.request();
        assert_described(&D::ABOUT, &request);
        crate::request::tests::wire(&request)
    }

    fn assert_described(about: &About, request: &Request) {
        assert!(
            !request.path.contains('{'),
            "{}: a place of the path is not filled",
            about.id
        );
        let mut sent: HashSet<String> = request.query.names().map(str::to_owned).collect();
        match &request.body {
            Body::Empty => {}
            Body::Form(form) => sent.extend(form.names().map(str::to_owned)),
            Body::Json(json) => {
                use secrecy::ExposeSecret as _;
                let json: serde_json::Value = serde_json::from_str(json.expose_secret()).unwrap();
                sent.extend(json.as_object().unwrap().keys().cloned());
            }
        }
        for field in about.fields {
            let placed = about.path.contains(&format!("{{{}}}", field.name));
            let given = sent.remove(field.name) || placed;
            assert!(
                given || !field.required,
                "{}: {} is required and not sent",
                about.id,
                field.name
            );
        }
        assert!(
            sent.is_empty(),
            "{}: {sent:?} is sent and not described",
            about.id
        );
    }
}
