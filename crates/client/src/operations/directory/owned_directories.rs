//! Row 69, assumed: lists the directories of the profile.

use super::Directory;
use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::answer::page::Page;
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

#[derive(Clone, Copy, Debug, Default)]
pub struct OwnedDirectories;

impl Endpoint for OwnedDirectories {
    const SPEC: Spec = Spec::get(
        "directory.list-owned",
        "/directory/retrieve-owned-directories",
    )
    .row("69", Provenance::Assumed)
    .doc("Lists the directories of the profile.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for OwnedDirectories {
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
        let list = OwnedDirectories;
        assert_eq!(wire(&list), "GET /directory/retrieve-owned-directories");
        let body = r#"[{"directoryId":"dir-1","directoryName":"Example Ltd"}]"#;
        let page = OwnedDirectories::parse(&reply(200, body)).unwrap();
        assert_eq!(page.items[0].name.as_deref(), Some("Example Ltd"));
    }
}
