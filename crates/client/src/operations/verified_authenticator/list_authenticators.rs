//! Row 48, assumed: lists the devices that vote.

use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::answer::page::Page;
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::operations::device::DeviceEntry;
use crate::request::Request;

#[derive(Clone, Copy, Debug, Default)]
pub struct ListAuthenticators;

impl Endpoint for ListAuthenticators {
    const SPEC: Spec = Spec::get(
        "verified-authenticator.list",
        "/verified-authenticator/list-verified-authenticators",
    )
    .row("48", Provenance::Assumed)
    .doc("Lists the devices that vote.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for ListAuthenticators {
    type Answer = Page<DeviceEntry>;

    fn parse(reply: &Reply) -> Result<Page<DeviceEntry>, Malformed> {
        Page::read(reply, DeviceEntry::read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        assert_eq!(
            wire(&ListAuthenticators),
            "GET /verified-authenticator/list-verified-authenticators"
        );
        let body = r#"[{"deviceIdentifier":"dev-1","name":"phone","status":"verified"}]"#;
        let page = ListAuthenticators::parse(&reply(200, body)).unwrap();
        assert_eq!(page.items[0].name.as_deref(), Some("phone"));
    }
}
