//! Row 62, assumed: lists the policies that are not in force.

use super::Policy;
use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::answer::page::Page;
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

/// Lists the policies that are not in force.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListInactivePolicies;

impl Endpoint for ListInactivePolicies {
    const SPEC: Spec = Spec::get("policy.list-inactive", "/policy/list-inactive-policies")
        .row("62", Provenance::Assumed)
        .doc("Lists the policies that are not in force.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for ListInactivePolicies {
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
        let list = ListInactivePolicies;
        assert_eq!(wire(&list), "GET /policy/list-inactive-policies");
        let body = r#"{"items":[{"id":"pol-1","name":"four eyes"}]}"#;
        let page = ListInactivePolicies::parse(&reply(200, body)).unwrap();
        assert_eq!(page.items[0].name, "four eyes");
    }
}
