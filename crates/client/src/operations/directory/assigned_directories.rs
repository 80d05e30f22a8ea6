//! Row 70, assumed: lists the directories that the profile belongs to.

use super::Directory;
use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::answer::page::Page;
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

/// Lists the directories that the profile belongs to.
#[derive(Clone, Copy, Debug, Default)]
pub struct AssignedDirectories;

impl Endpoint for AssignedDirectories {
    const SPEC: Spec = Spec::get(
        "directory.list-assigned",
        "/directory/retrieve-assigned-directories",
    )
    .row("70", Provenance::Assumed)
    .doc("Lists the directories that the profile belongs to.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for AssignedDirectories {
    type Answer = Page<Directory>;

    fn parse(reply: &Reply) -> Result<Page<Directory>, Malformed> {
        Page::read(reply, Directory::read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let list = AssignedDirectories;
        assert_eq!(wire(&list), "GET /directory/retrieve-assigned-directories");
        let body = r#"[{"directoryId":"dir-1","directoryName":"Example Ltd"}]"#;
        let page = AssignedDirectories::parse(&reply(200, body)).unwrap();
        assert_eq!(page.items[0].name.as_deref(), Some("Example Ltd"));
    }
}
