//! Row 61, assumed: lists the policies in force.

use super::Policy;
use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::answer::page::Page;
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

/// Lists the policies in force.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListActivePolicies;

impl Endpoint for ListActivePolicies {
    const SPEC: Spec = Spec::get("policy.list-active", "/policy/list-active-policies")
        .row("61", Provenance::Assumed)
        .doc("Lists the policies in force.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for ListActivePolicies {
    type Answer = Page<Policy>;

    fn parse(reply: &Reply) -> Result<Page<Policy>, Malformed> {
        Page::read(reply, Policy::read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let list = ListActivePolicies;
        assert_eq!(wire(&list), "GET /policy/list-active-policies");
        let body = r#"{"items":[{"id":"pol-1","name":"four eyes"}]}"#;
        let page = ListActivePolicies::parse(&reply(200, body)).unwrap();
        assert_eq!(page.items[0].name, "four eyes");
    }
}
