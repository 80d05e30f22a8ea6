//! The specification of an operation: server, path, fields, authority and provenance.

use crate::catalog::field::Field;
use crate::server_urls::ServerKind;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// `group.operation`
    pub id: &'static str,
    /// The row of the wire's table.
    pub row: &'static str,
    pub provenance: Provenance,
    pub method: Method,
    pub server: ServerKind,
    /// The path, with `{name}` for places to fill.
    pub path: &'static str,
    /// How the fields that have no place in the path are written.
    pub encoding: Encoding,
    pub authority: Authority,
    /// The form for other versions of the service.
    pub fallback: Option<Fallback>,
    /// Whether the request may be repeated when its answer is lost.
    pub repeat: Repeat,
    /// What it does, in one sentence.
    pub doc: &'static str,
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

/// How a request is authorized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    Public,
    /// The authorization token of the session.
    Session,
    /// The authorization token of the session, if there is one.
    OptionalSession,
    /// `Authorization: Basic` (RFC 7617) with what these two fields say: the name and the secret of an application.
    BasicPair(&'static str, &'static str),
    /// `Authorization: Basic` with what this field says, as it is. Not RFC 7617, but what the service asks for.
    BasicText(&'static str),
    /// A single-use link. The authorization token of the session is not sent.
    Link,
}

impl Authority {
    /// Whether the authorization token of the session goes with it.
    pub fn shows_session(self) -> bool {
        match self {
            Self::Session | Self::OptionalSession => true,
            Self::Public | Self::BasicPair(..) | Self::BasicText(_) | Self::Link => false,
        }
    }
}

/// Another form of the same request, for other versions of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// The statuses of a refusal after which this form is tried.
    pub statuses: &'static [u16],
    pub method: Method,
    /// The path, with `{name}` for places to fill.
    pub path: &'static str,
    /// How the fields that have no place in the path are written.
    pub encoding: Encoding,
    pub authority: Authority,
    /// A field with another name here: its usual name and this one.
    pub renamed: Option<(&'static str, &'static str)>,
}

/// Whether a request may be repeated when its answer is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// A read: repeated by the client itself after a passing failure.
    Freely,
    /// Harmless to repeat; the caller decides.
    OnRequest,
    /// Changes something: a lost answer leaves it not confirmed.
    Never,
}

impl Spec {
    pub const fn get(id: &'static str, path: &'static str) -> Self {
        Self::new(id, Method::Get, path, Encoding::Query, Repeat::Freely)
    }

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
            server: ServerKind::Api,
            path,
            encoding,
            authority: Authority::Session,
            fallback: None,
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

    /// Sent to a file server, at a single-use link.
    #[must_use]
    pub const fn at_link(mut self, server: ServerKind) -> Self {
        self.server = server;
        self.authority = Authority::Link;
        if matches!(self.method, Method::Post) {
            self.encoding = Encoding::Bytes;
        }
        self
    }

    /// At another path in other versions of the service, which answer `statuses` here.
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
        self.fallback = Some(Fallback {
            method,
            path,
            encoding,
            ..self.same(statuses)
        });
        self
    }

    /// With another name for a field in other versions of the service, which answer `statuses` here.
    #[must_use]
    pub const fn or_renamed(
        mut self,
        statuses: &'static [u16],
        usual: &'static str,
        fallback: &'static str,
    ) -> Self {
        self.fallback = Some(Fallback {
            renamed: Some((usual, fallback)),
            ..self.same(statuses)
        });
        self
    }

    /// With another authority in other versions of the service, which answer `statuses` here.
    #[must_use]
    pub const fn or_authority(mut self, statuses: &'static [u16], authority: Authority) -> Self {
        self.fallback = Some(Fallback {
            authority,
            ..self.same(statuses)
        });
        self
    }

    /// The form that is tried first.
    pub(crate) const fn primary(&self) -> Fallback {
        self.same(&[])
    }

    const fn same(&self, statuses: &'static [u16]) -> Fallback {
        Fallback {
            statuses,
            method: self.method,
            path: self.path,
            encoding: self.encoding,
            authority: self.authority,
            renamed: None,
        }
    }

    #[must_use]
    pub const fn repeat(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    #[must_use]
    pub const fn fields(mut self, fields: &'static [Field]) -> Self {
        self.fields = fields;
        self
    }

    /// Whether the path contains a field.
    pub(crate) fn places(&self, field: &Field) -> bool {
        self.path.contains(&format!("{{{}}}", field.name))
    }

    /// Whether a field is sent as the authority of the request and nowhere else.
    pub(crate) fn shows(&self, field: &Field) -> bool {
        match self.authority {
            Authority::BasicPair(name, secret) => field.name == name || field.name == secret,
            Authority::BasicText(name) => field.name == name,
            Authority::Public
            | Authority::Session
            | Authority::OptionalSession
            | Authority::Link => false,
        }
    }

    pub(crate) fn falls_back_at(&self, status: u16) -> bool {
        self.fallback
            .is_some_and(|fallback| fallback.statuses.contains(&status))
    }

    /// The part of the id before the dot.
    pub fn group(&self) -> &'static str {
        self.id.split_once('.').map_or(self.id, |(group, _)| group)
    }
}
