//! Row 76, assumed: lists the invitations of the profile.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::answer::malformed::Malformed;
use crate::answer::page::Page;
use crate::answer::{Fields, Reply};
use crate::identifier::DirectoryId;
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

#[derive(Clone, Copy, Debug, Default)]
pub struct ListInvites;

#[derive(Clone, Debug, PartialEq)]
pub struct Invite {
    /// To which directory.
    pub directory_id: DirectoryId,
    pub directory_name: Option<String>,
    /// When the profile was invited.
    pub invited_at: Option<Timestamp>,
    /// Everything else the service said of it.
    pub rest: Map<String, Value>,
}

impl Endpoint for ListInvites {
    const SPEC: Spec = Spec::get("directory.list-invites", "/directory/list-invites")
        .row("76", Provenance::Assumed)
        .doc("Lists the invitations of the profile.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for ListInvites {
    type Answer = Page<Invite>;

    fn parse(reply: &Reply) -> Result<Page<Invite>, Malformed> {
        Page::read(reply, read_entry)
    }
}

fn read_entry(mut entry: Map<String, Value>) -> Result<Invite, Malformed> {
    let directory_id = entry
        .take_text(&["directoryId", "id"])
        .ok_or(Malformed::Missing("directoryId"))?;
    Ok(Invite {
        directory_id: directory_id.into(),
        directory_name: entry.take_text(&["directoryName", "name"]),
        invited_at: entry.take_time("invitedAt"),
        rest: entry,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        assert_eq!(wire(&ListInvites), "GET /directory/list-invites");
        let body = r#"[{"directoryId":"dir-1","directoryName":"Example Ltd","invitedAt":"2026-11-24T10:00:00Z"}]"#;
        let page = ListInvites::parse(&reply(200, body)).unwrap();
        assert_eq!(page.items[0].directory_id.as_str(), "dir-1");
        assert!(page.items[0].invited_at.is_some());
    }
}
