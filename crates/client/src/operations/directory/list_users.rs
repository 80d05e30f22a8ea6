//! Row 79, assumed: lists the people of a directory.

use super::DirectoryProfile;
use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::answer::page::Page;
use crate::identifier::DirectoryId;
use crate::operation::{Endpoint, Field, Operation, Provenance, Spec};
use crate::request::Request;

#[derive(Clone, Debug)]
pub struct ListUsers {
    pub directory_id: DirectoryId,
}

impl Endpoint for ListUsers {
    const SPEC: Spec = Spec::get(
        "directory.list-users",
        "/directory/list-users/{directoryId}",
    )
    .row("79", Provenance::Assumed)
    .doc("Lists the people of a directory.")
    .fields(&[Field::DIRECTORY]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).place("directoryId", self.directory_id.as_str())
    }
}

impl Operation for ListUsers {
    type Answer = Page<DirectoryProfile>;

    fn parse(reply: &Reply) -> Result<Page<DirectoryProfile>, Malformed> {
        Page::read(reply, DirectoryProfile::read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let list = ListUsers {
            directory_id: "dir-1".into(),
        };
        assert_eq!(wire(&list), "GET /directory/list-users/dir-1");
        let body = r#"[{"profileId":"p-1","username":"anna","status":"member"}]"#;
        let page = ListUsers::parse(&reply(200, body)).unwrap();
        assert_eq!(page.items[0].username.as_deref(), Some("anna"));
    }
}
