//! Row 66, assumed: lists all policies.

use super::Policy;
use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::answer::page::Page;
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

#[derive(Clone, Copy, Debug, Default)]
pub struct ListRegisteredPolicies;

impl Endpoint for ListRegisteredPolicies {
    const SPEC: Spec = Spec::get("policy.list", "/policy/list-registered-policies")
        .row("66", Provenance::Assumed)
        .doc("Lists all policies.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for ListRegisteredPolicies {
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
        let list = ListRegisteredPolicies;
        assert_eq!(wire(&list), "GET /policy/list-registered-policies");
        let body = r#"{"items":[{"id":"pol-1","name":"four eyes"}]}"#;
        let page = ListRegisteredPolicies::parse(&reply(200, body)).unwrap();
        assert_eq!(page.items[0].name, "four eyes");
    }
}
