//! Row 71, assumed: one directory.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};
use crate::identifier::DirectoryId;
use crate::operation::{Endpoint, Field, Operation, Provenance, Spec};
use crate::request::Request;

#[derive(Clone, Debug)]
pub struct RetrieveDirectory {
    pub directory_id: DirectoryId,
}

/// An organisation with its people.
#[derive(Clone, Debug, PartialEq)]
pub struct Directory {
    pub id: DirectoryId,
    pub name: Option<String>,
    pub short_name: Option<String>,
    /// When it was registered.
    pub created_at: Option<Timestamp>,
    pub meta: Map<String, Value>,
    /// Everything else the service said of it.
    pub rest: Map<String, Value>,
}

impl Directory {
    pub(super) fn read(mut object: Map<String, Value>) -> Result<Self, Malformed> {
        let directory_id = object
            .take_text(&["directoryId", "id"])
            .ok_or(Malformed::Missing("directoryId"))?;
        Ok(Self {
            id: directory_id.into(),
            name: object.take_text(&["directoryName", "name"]),
            short_name: object.take_text(&["directoryShortName", "shortName"]),
            created_at: object.take_time("createdAt"),
            meta: object.take_object("meta"),
            rest: object,
        })
    }
}

impl Endpoint for RetrieveDirectory {
    const SPEC: Spec = Spec::get(
        "directory.retrieve",
        "/directory/retrieve-directory/{directoryId}",
    )
    .row("71", Provenance::Assumed)
    .doc("Asks for one directory.")
    .fields(&[Field::DIRECTORY]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).place("directoryId", self.directory_id.as_str())
    }
}

impl Operation for RetrieveDirectory {
    type Answer = Directory;

    fn parse(reply: &Reply) -> Result<Directory, Malformed> {
        Directory::read(reply.object()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let retrieve = RetrieveDirectory {
            directory_id: "dir-1".into(),
        };
        assert_eq!(wire(&retrieve), "GET /directory/retrieve-directory/dir-1");
        let body = r#"{"directoryId":"dir-1","directoryName":"Example Ltd","directoryShortName":"ex",
            "createdAt":"2026-11-24T10:00:00Z","meta":{"city":"Oslo"},"owner":"p-1"}"#;
        let directory = RetrieveDirectory::parse(&reply(200, body)).unwrap();
        assert_eq!(directory.id.as_str(), "dir-1");
        assert_eq!(directory.short_name.as_deref(), Some("ex"));
        assert_eq!(directory.meta["city"], "Oslo");
        assert_eq!(directory.rest.keys().collect::<Vec<_>>(), ["owner"]);
    }
}
