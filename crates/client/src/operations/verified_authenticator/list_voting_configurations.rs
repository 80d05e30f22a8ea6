//! Row 57, assumed: lists the voting configurations.

use super::VotingConfiguration;
use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::answer::page::Page;
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

#[derive(Clone, Copy, Debug, Default)]
pub struct ListVotingConfigurations;

impl Endpoint for ListVotingConfigurations {
    const SPEC: Spec = Spec::get(
        "verified-authenticator.list-configurations",
        "/verified-authenticator/voting-configuration/list",
    )
    .row("57", Provenance::Assumed)
    .doc("Lists the voting configurations.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for ListVotingConfigurations {
    type Answer = Page<VotingConfiguration>;

    fn parse(reply: &Reply) -> Result<Page<VotingConfiguration>, Malformed> {
        Page::read(reply, VotingConfiguration::read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let list = ListVotingConfigurations;
        assert_eq!(
            wire(&list),
            "GET /verified-authenticator/voting-configuration/list"
        );
        let body = r#"[{"name":"board","timeLimit":90,"strategy":"consensus","percentageRequired":null,"deviceIdentifiers":[]}]"#;
        let page = ListVotingConfigurations::parse(&reply(200, body)).unwrap();
        assert_eq!(page.items[0].name, "board");
        assert!(page.items[0].device_identifiers.is_empty());
    }
}
