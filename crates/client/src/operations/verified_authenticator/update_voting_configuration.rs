//! Row 56, assumed: change a voting configuration.

use super::VotingConfiguration;
use crate::operation::{Command, Endpoint, Provenance, Spec};
use crate::request::Request;

/// Changes the voting configuration of a name.
#[derive(Clone, Debug)]
pub struct UpdateVotingConfiguration {
    /// What it is from now on.
    pub configuration: VotingConfiguration,
}

impl Endpoint for UpdateVotingConfiguration {
    const SPEC: Spec = Spec::post(
        "verified-authenticator.update-configuration",
        "/verified-authenticator/voting-configuration/update",
    )
    .row("56", Provenance::Assumed)
    .doc("Changes the voting configuration of a name.")
    .json()
    .fields(VotingConfiguration::FIELDS);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).json(&self.configuration.json())
    }
}

impl Command for UpdateVotingConfiguration {}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::operation::tests::wire;
    use crate::operations::verified_authenticator::Strategy;

    #[test]
    fn speaks_the_assumed_form() {
        let mut command = UpdateVotingConfiguration {
            configuration: VotingConfiguration {
                name: "board".to_owned(),
                time_limit: Duration::from_secs(90),
                strategy: Strategy::MinimumPercentage(60),
                device_identifiers: vec!["dev-1".into()],
            },
        };
        assert_eq!(
            wire(&command),
            r#"POST /verified-authenticator/voting-configuration/update {"deviceIdentifiers":["dev-1"],"name":"board","percentageRequired":60,"strategy":"minimum_percentage","timeLimit":90}"#
        );
        command.configuration.strategy = Strategy::Consensus;
        command.configuration.device_identifiers.clear();
        assert_eq!(
            wire(&command),
            r#"POST /verified-authenticator/voting-configuration/update {"deviceIdentifiers":[],"name":"board","strategy":"consensus","timeLimit":90}"#
        );
    }
}
