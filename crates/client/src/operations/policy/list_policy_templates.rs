//! Row 59, documented: lists what policies can be made from.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

/// Lists what policies can be made from.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListPolicyTemplates;

/// What a policy can be made from.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyTemplate {
    pub id: String,
    pub name: Option<String>,
    pub description: Option<String>,
    /// What can be held for a vote.
    pub events: Vec<PolicyEvent>,
    /// What can be configured, in the service's own form.
    pub configuration: Vec<Value>,
    /// What voters are shown, in the service's own form.
    pub voting_attributes: Vec<Value>,
    /// Everything else the service said of it.
    pub rest: Map<String, Value>,
}

/// Something that can be held for a vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PolicyEvent {
    /// Names the event, for a policy.
    pub id: String,
    pub label: String,
}

impl Endpoint for ListPolicyTemplates {
    const SPEC: Spec = Spec::get("policy.list-templates", "/policy/list-policy-templates")
        .row("59", Provenance::Documented)
        .doc("Lists what policies can be made from.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for ListPolicyTemplates {
    type Answer = Vec<PolicyTemplate>;

    fn parse(reply: &Reply) -> Result<Vec<PolicyTemplate>, Malformed> {
        match reply.json()? {
            Value::Object(templates) => templates.into_iter().map(read_template).collect(),
            // No template at all is written as an empty array by services that have no other word for an empty object.
            Value::Array(none) if none.is_empty() => Ok(Vec::new()),
            _ => Err(Malformed::Missing("templates by their ids")),
        }
    }
}

fn read_template((id, template): (String, Value)) -> Result<PolicyTemplate, Malformed> {
    let Value::Object(mut template) = template else {
        return Err(Malformed::Missing("a template"));
    };
    let events = template.take_object("events").into_iter();
    Ok(PolicyTemplate {
        id,
        name: template.take_text(&["name"]),
        description: template.take_text(&["description"]),
        events: events.map(read_event).collect(),
        configuration: take_list(&mut template, "configuration"),
        voting_attributes: take_list(&mut template, "votingAttributes"),
        rest: template,
    })
}

/// `eventId: {eventName: label}`, whether `eventName` is that word or stands for another.
fn read_event((id, event): (String, Value)) -> PolicyEvent {
    let label = match &event {
        Value::Object(names) => {
            let said = names.get("eventName").or_else(|| names.values().next());
            said.and_then(Value::as_str)
        }
        label => label.as_str(),
    };
    PolicyEvent {
        label: label.unwrap_or(&id).to_owned(),
        id,
    }
}

fn take_list(template: &mut Map<String, Value>, name: &str) -> Vec<Value> {
    match template.remove(name) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        assert_eq!(
            wire(&ListPolicyTemplates),
            "GET /policy/list-policy-templates"
        );
        let body = r#"{"t-1":{"name":"Vote","description":"Holds what it is told to.",
            "events":{"e-1":{"eventName":"Delete data"},"e-2":{"data_token.updated":"Replace data"},"e-3":{}},
            "configuration":[{"name":"limit"}],"votingAttributes":["name"],"since":1}}"#;
        let templates = ListPolicyTemplates::parse(&reply(200, body)).unwrap();
        let template = &templates[0];
        assert_eq!(
            (template.id.as_str(), template.name.as_deref()),
            ("t-1", Some("Vote"))
        );
        let events: Vec<_> = template
            .events
            .iter()
            .map(|event| (event.id.as_str(), event.label.as_str()))
            .collect();
        let expected = [
            ("e-1", "Delete data"),
            ("e-2", "Replace data"),
            ("e-3", "e-3"),
        ];
        assert_eq!(events, expected);
        assert_eq!(
            (
                template.configuration.len(),
                template.voting_attributes.len()
            ),
            (1, 1)
        );
        assert_eq!(template.rest.keys().collect::<Vec<_>>(), ["since"]);
    }

    #[test]
    fn no_template_is_an_empty_list() {
        for body in ["{}", "[]"] {
            assert_eq!(
                ListPolicyTemplates::parse(&reply(200, body)),
                Ok(Vec::new())
            );
        }
        assert!(ListPolicyTemplates::parse(&reply(200, "[1]")).is_err());
    }
}
