//! Row 67, observed: one policy by its name.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};
use crate::identifier::PolicyId;
use crate::operation::{Endpoint, Field, Kind, Operation, Provenance, Spec};
use crate::request::Request;

/// Asks for a policy by its name. It may not be found for some seconds after it was registered.
#[derive(Clone, Debug)]
pub struct RetrievePolicy {
    pub name: String,
}

/// Which operations are held for a vote, and who votes.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    pub id: PolicyId,
    pub name: String,
    pub template_id: Option<String>,
    pub applying_event_ids: Vec<String>,
    /// Who votes: the name of a voting configuration.
    pub voting_configuration_id: Option<String>,
    pub configuration: Map<String, Value>,
    /// The service's word for whether it is in force.
    pub status: Option<String>,
    /// When it was registered.
    pub created_at: Option<Timestamp>,
    /// Everything else the service said of it.
    pub rest: Map<String, Value>,
}

impl Policy {
    pub(super) fn read(mut object: Map<String, Value>) -> Result<Self, Malformed> {
        let id = object
            .take_text(&["id", "policyId"])
            .ok_or(Malformed::Missing("id"))?;
        Ok(Self {
            id: id.into(),
            name: object
                .take_text(&["name"])
                .ok_or(Malformed::Missing("name"))?,
            template_id: object.take_text(&["policyTemplateId"]),
            applying_event_ids: object.take_texts("applyingEventIds"),
            voting_configuration_id: object
                .take_text(&["votingConfigurationId", "configurationId"]),
            configuration: object.take_object("configuration"),
            status: object.take_text(&["status"]),
            created_at: object.take_time("createdAt"),
            rest: object,
        })
    }
}

impl Endpoint for RetrievePolicy {
    const SPEC: Spec = Spec::get("policy.retrieve", "/policy/retrieve-policy/{name}")
        .row("67", Provenance::Observed)
        .doc("Asks for a policy by its name; it may take some seconds to be found.")
        .fields(&[Field::required(
            "name",
            Kind::Text,
            "What the policy is called.",
        )]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).place("name", &self.name)
    }
}

impl Operation for RetrievePolicy {
    type Answer = Policy;

    fn parse(reply: &Reply) -> Result<Policy, Malformed> {
        Policy::read(reply.object()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let retrieve = RetrievePolicy {
            name: "four eyes".to_owned(),
        };
        assert_eq!(wire(&retrieve), "GET /policy/retrieve-policy/four%20eyes");
        let body = r#"{"id":"pol-1","name":"four eyes","policyTemplateId":"t-1","applyingEventIds":["e-1"],
            "configurationId":"board","configuration":{"limit":1},"status":"inactive"}"#;
        let policy = RetrievePolicy::parse(&reply(200, body)).unwrap();
        assert_eq!(policy.id, "pol-1".into());
        assert_eq!(policy.voting_configuration_id.as_deref(), Some("board"));
        assert_eq!(policy.applying_event_ids, ["e-1"]);
        assert_eq!(policy.status.as_deref(), Some("inactive"));
        assert!(policy.rest.is_empty());
    }
}
