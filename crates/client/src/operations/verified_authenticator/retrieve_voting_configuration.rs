//! Row 58, assumed: one voting configuration.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Strategy;
use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};
use crate::identifier::DeviceIdentifier;
use crate::operation::{Endpoint, Field, Kind, Operation, Provenance, Spec};
use crate::request::Request;

#[derive(Clone, Debug)]
pub struct RetrieveVotingConfiguration {
    pub name: String,
}

/// Who votes, for how long, and how votes are counted. Referred to by its name.
#[derive(Clone, Debug, PartialEq)]
pub struct VotingConfiguration {
    pub name: String,
    /// How long a poll is open; whole seconds count.
    pub time_limit: Duration,
    pub strategy: Strategy,
    /// The voters; empty for all authenticators.
    pub device_identifiers: Vec<DeviceIdentifier>,
}

impl VotingConfiguration {
    pub(super) const FIELDS: &[Field] = &[
        Field::required("name", Kind::Text, "What it is called."),
        Field::required(
            "timeLimit",
            Kind::Number,
            "How many seconds a poll is open.",
        ),
        Strategy::FIELD,
        Field::optional(
            "percentageRequired",
            Kind::Number,
            "The percentage that must say yes; for minimum_percentage only.",
        ),
        Field::optional(
            "deviceIdentifiers",
            Kind::Texts,
            "The devices that vote, with commas between; all authenticators if left out.",
        ),
    ];

    pub(super) fn json(&self) -> Value {
        let mut json = json!({
            "name": self.name,
            "timeLimit": self.time_limit.as_secs(),
            "strategy": self.strategy.as_str(),
            "deviceIdentifiers": self.device_identifiers,
        });
        if let Some(percentage) = self.strategy.percentage() {
            json["percentageRequired"] = percentage.into();
        }
        json
    }

    pub(super) fn read(mut object: Map<String, Value>) -> Result<Self, Malformed> {
        let percentage = object.whole("percentageRequired");
        Ok(Self {
            name: object.text("name")?,
            time_limit: object
                .whole("timeLimit")
                .map(Duration::from_secs)
                .ok_or(Malformed::Missing("timeLimit"))?,
            strategy: Strategy::read(&object.text("strategy")?, percentage)
                .ok_or(Malformed::Missing("strategy"))?,
            device_identifiers: object
                .take_texts("deviceIdentifiers")
                .into_iter()
                .map(DeviceIdentifier::from)
                .collect(),
        })
    }
}

impl Endpoint for RetrieveVotingConfiguration {
    const SPEC: Spec = Spec::get(
        "verified-authenticator.retrieve-configuration",
        "/verified-authenticator/voting-configuration/retrieve/{name}",
    )
    .row("58", Provenance::Assumed)
    .doc("Asks for one voting configuration.")
    .fields(&[Field::required("name", Kind::Text, "What it is called.")]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).place("name", &self.name)
    }
}

impl Operation for RetrieveVotingConfiguration {
    type Answer = VotingConfiguration;

    fn parse(reply: &Reply) -> Result<VotingConfiguration, Malformed> {
        VotingConfiguration::read(reply.object()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let retrieve = RetrieveVotingConfiguration {
            name: "the board".to_owned(),
        };
        assert_eq!(
            wire(&retrieve),
            "GET /verified-authenticator/voting-configuration/retrieve/the%20board"
        );
    }

    #[test]
    fn a_configuration_is_read_as_it_is_written() {
        let configuration = VotingConfiguration {
            name: "the board".to_owned(),
            time_limit: Duration::from_secs(90),
            strategy: Strategy::MinimumPercentage(60),
            device_identifiers: vec!["dev-1".into()],
        };
        let written = configuration.json().to_string();
        let read = RetrieveVotingConfiguration::parse(&reply(200, &written));
        assert_eq!(read, Ok(configuration));
    }
}
