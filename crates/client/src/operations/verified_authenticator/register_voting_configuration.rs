//! Row 55, documented: register a voting configuration.

use super::VotingConfiguration;
use crate::operation::{Command, Endpoint, Provenance, Spec};
use crate::request::Request;

#[derive(Clone, Debug)]
pub struct RegisterVotingConfiguration {
    /// What it is from now on.
    pub configuration: VotingConfiguration,
}

impl Endpoint for RegisterVotingConfiguration {
    const SPEC: Spec = Spec::post(
        "verified-authenticator.register-configuration",
        "/verified-authenticator/voting-configuration/register",
    )
    .row("55", Provenance::Documented)
    .doc("Registers a voting configuration.")
    .json()
    .fields(VotingConfiguration::FIELDS);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).json(&self.configuration.json())
    }
}

impl Command for RegisterVotingConfiguration {}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::operation::tests::wire;
    use crate::operations::verified_authenticator::Strategy;

    #[test]
    fn speaks_the_documented_form() {
        let mut command = RegisterVotingConfiguration {
            configuration: VotingConfiguration {
                name: "board".to_owned(),
                time_limit: Duration::from_secs(90),
                strategy: Strategy::MinimumPercentage(60),
                device_identifiers: vec!["dev-1".into()],
            },
        };
        assert_eq!(
            wire(&command),
            r#"POST /verified-authenticator/voting-configuration/register {"deviceIdentifiers":["dev-1"],"name":"board","percentageRequired":60,"strategy":"minimum_percentage","timeLimit":90}"#
        );
        command.configuration.strategy = Strategy::Consensus;
        command.configuration.device_identifiers.clear();
        assert_eq!(
            wire(&command),
            r#"POST /verified-authenticator/voting-configuration/register {"deviceIdentifiers":[],"name":"board","strategy":"consensus","timeLimit":90}"#
        );
    }
}
