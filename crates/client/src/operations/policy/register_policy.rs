//! Row 60, observed (`votingConfigurationId`) and documented (`configurationId`): register a policy.
//!
//! The observed name is sent first. A service that knows the documented one refuses that with 422 and has done nothing,
//! so the other name is tried then; both at once could be refused by either for a field that it does not know.

use serde_json::{Map, Value, json};

use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::Request;

/// Registers a policy. It is not in force until it is activated.
#[derive(Clone, Debug)]
pub struct RegisterPolicy {
    pub name: String,
    /// What it is made from.
    pub policy_template_id: String,
    /// What it holds for a vote: event ids of the template.
    pub applying_event_ids: Vec<String>,
    /// Who votes: the name of a voting configuration.
    pub voting_configuration_id: String,
    /// What the template lets configure. The service refuses an empty one.
    pub configuration: Map<String, Value>,
}

impl RegisterPolicy {
    fn json(&self, voting_configuration: &str) -> Value {
        json!({
            "name": self.name,
            "policyTemplateId": self.policy_template_id,
            "applyingEventIds": self.applying_event_ids,
            voting_configuration: self.voting_configuration_id,
            "configuration": self.configuration,
        })
    }
}

impl Endpoint for RegisterPolicy {
    const SPEC: Spec = Spec::post("policy.register", "/policy/register")
        .row("60", Provenance::Observed)
        .doc("Registers a policy; it is not in force until it is activated.")
        .json()
        .or_renamed(&[422], "votingConfigurationId", "configurationId")
        .fields(&[
            Field::required("name", Kind::Text, "What the policy is called."),
            Field::required(
                "policyTemplateId",
                Kind::Text,
                "What it is made from: the id of a template.",
            ),
            Field::required(
                "applyingEventIds",
                Kind::Texts,
                "What it holds for a vote: ids of the template's events, with commas between.",
            ),
            Field::required(
                "votingConfigurationId",
                Kind::Text,
                "Who votes: the name of a voting configuration.",
            ),
            Field::required(
                "configuration",
                Kind::Json,
                "What the template lets configure; it must not be empty.",
            ),
        ]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).json(&self.json("votingConfigurationId"))
    }

    fn fallback(&self) -> Option<Request> {
        Some(Request::fallback(&Self::SPEC)?.json(&self.json("configurationId")))
    }
}

impl Command for RegisterPolicy {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::{fallback_wire, wire};

    #[test]
    fn speaks_both_forms() {
        let register = RegisterPolicy {
            name: "four eyes".to_owned(),
            policy_template_id: "t-1".to_owned(),
            applying_event_ids: vec!["e-1".to_owned()],
            voting_configuration_id: "board".to_owned(),
            configuration: Map::from_iter([("limit".to_owned(), json!(1))]),
        };
        assert_eq!(
            wire(&register),
            r#"POST /policy/register {"applyingEventIds":["e-1"],"configuration":{"limit":1},"name":"four eyes","policyTemplateId":"t-1","votingConfigurationId":"board"}"#
        );
        assert_eq!(
            fallback_wire(&register),
            r#"POST /policy/register {"applyingEventIds":["e-1"],"configuration":{"limit":1},"configurationId":"board","name":"four eyes","policyTemplateId":"t-1"}"#
        );
    }
}
