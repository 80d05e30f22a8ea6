//! How an operation looks from outside: where it goes, what it takes, what it shows, how well it is known.

use crate::catalog::field::Field;
use crate::endpoints::Which;

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
    /// Which server it is asked of.
    pub server: Which,
    /// The path, with `{name}` for places to fill.
    pub path: &'static str,
    /// How the fields that have no place in the path are written.
    pub encoding: Encoding,
    /// What the request must show.
    pub authority: Authority,
    /// The form that other versions of the service understand.
    pub other: Option<Other>,
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

/// How fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// In the query of the address.
    Query,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `application/json`
    Json,
    /// The bytes as they are: `application/octet-stream`
    Bytes,
}

/// What a request must show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// Nothing.
    Public,
    /// The authorization token of the session.
    Session,
    /// `Authorization: Basic` (RFC 7617) with what these two fields say: the name and the secret of an application.
    BasicPair(&'static str, &'static str),
    /// `Authorization: Basic` with what this field says, as it is. Not RFC 7617, but what the service asks for.
    BasicText(&'static str),
    /// A single-use link, which says all: nothing of the session goes with it.
    Link,
}

/// Another form of the same request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Other {
    /// Which refusals of one form say that the other is to be tried.
    pub statuses: &'static [u16],
    /// The HTTP method.
    pub method: Method,
    /// The path, with `{name}` for places to fill.
    pub path: &'static str,
    /// How the fields that have no place in the path are written.
    pub encoding: Encoding,
    /// What the request must show.
    pub authority: Authority,
    /// A field that has another name here: its usual name and the other one.
    pub renamed: Option<(&'static str, &'static str)>,
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

impl About {
    /// A read with `GET`.
    pub const fn get(id: &'static str, path: &'static str) -> Self {
        Self::new(id, Method::Get, path, Encoding::Query, Repeat::Freely)
    }

    /// A change with `POST`.
    pub const fn post(id: &'static str, path: &'static str) -> Self {
        Self::new(id, Method::Post, path, Encoding::Form, Repeat::Never)
    }

    const fn new(
        id: &'static str,
        method: Method,
        path: &'static str,
        encoding: Encoding,
        repeat: Repeat,
    ) -> Self {
        Self {
            id,
            row: "",
            provenance: Provenance::Assumed,
            method,
            server: Which::Api,
            path,
            encoding,
            authority: Authority::Session,
            other: None,
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
    pub const fn public(self) -> Self {
        self.authority(Authority::Public)
    }

    /// Shows something else than the authorization token of the session.
    #[must_use]
    pub const fn authority(mut self, authority: Authority) -> Self {
        self.authority = authority;
        self
    }

    /// Writes its fields as JSON.
    #[must_use]
    pub const fn json(mut self) -> Self {
        self.encoding = Encoding::Json;
        self
    }

    /// Is asked of a file server, at a single-use link.
    #[must_use]
    pub const fn at_link(mut self, server: Which) -> Self {
        self.server = server;
        self.authority = Authority::Link;
        if matches!(self.method, Method::Post) {
            self.encoding = Encoding::Bytes;
        }
        self
    }

    /// Elsewhere in other versions of the service: `statuses` say so.
    #[must_use]
    pub const fn or_at(
        mut self,
        statuses: &'static [u16],
        method: Method,
        path: &'static str,
    ) -> Self {
        let encoding = match method {
            Method::Get => Encoding::Query,
            Method::Post => Encoding::Form,
        };
        self.other = Some(Other {
            method,
            path,
            encoding,
            ..self.same(statuses)
        });
        self
    }

    /// With another name for a field in other versions of the service: `statuses` say so.
    #[must_use]
    pub const fn or_renamed(
        mut self,
        statuses: &'static [u16],
        usual: &'static str,
        other: &'static str,
    ) -> Self {
        self.other = Some(Other {
            renamed: Some((usual, other)),
            ..self.same(statuses)
        });
        self
    }

    /// With another authority in other versions of the service: `statuses` say so.
    #[must_use]
    pub const fn or_authority(mut self, statuses: &'static [u16], authority: Authority) -> Self {
        self.other = Some(Other {
            authority,
            ..self.same(statuses)
        });
        self
    }

    /// The form that is used unless the service refuses it.
    pub(crate) const fn usual(&self) -> Other {
        self.same(&[])
    }

    const fn same(&self, statuses: &'static [u16]) -> Other {
        Other {
            statuses,
            method: self.method,
            path: self.path,
            encoding: self.encoding,
            authority: self.authority,
            renamed: None,
        }
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

    /// Whether a field stands in the path.
    pub(crate) fn places(&self, field: &Field) -> bool {
        self.path.contains(&format!("{{{}}}", field.name))
    }

    /// Whether a field is shown as the authority of the request and stands nowhere else.
    pub(crate) fn shows(&self, field: &Field) -> bool {
        match self.authority {
            Authority::BasicPair(name, secret) => field.name == name || field.name == secret,
            Authority::BasicText(name) => field.name == name,
            _ => false,
        }
    }

    /// Whether an answer with this status says that the other form is to be tried.
    pub(crate) fn tries_other_at(&self, status: u16) -> bool {
        self.other
            .is_some_and(|other| other.statuses.contains(&status))
    }

    /// The part of the id before the dot.
    pub fn group(&self) -> &'static str {
        self.id.split_once('.').map_or(self.id, |(group, _)| group)
    }
}
