//! Row 86, documented: open a poll.

use serde_json::json;

use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::identifier::{DeviceIdentifier, PoolId};
use crate::operation::{Endpoint, Field, Kind, Operation, Provenance, Spec};
use crate::request::Request;

#[derive(Clone, Debug)]
pub struct CreateVoting {
    /// Who votes: the name of a voting configuration.
    pub voting_configuration_id: String,
    pub question: String,
    /// What it is about, in a few words.
    pub title: String,
    /// Who does not vote this time.
    pub skip_authenticator_devices: Vec<DeviceIdentifier>,
    /// A word of one's own, for this once.
    pub nonce: Option<String>,
}

impl Endpoint for CreateVoting {
    const SPEC: Spec = Spec::post("voting.create", "/voting/create")
        .row("86", Provenance::Documented)
        .doc("Opens a poll.")
        .json()
        .fields(&[
            Field::required(
                "votingConfigurationId",
                Kind::Text,
                "Who votes: the name of a voting configuration.",
            ),
            Field::required("question", Kind::Text, "What is asked."),
            Field::required("title", Kind::Text, "What it is about, in a few words."),
            Field::optional(
                "skipAuthenticatorDevices",
                Kind::Texts,
                "The devices that do not vote this time, with commas between.",
            ),
            Field::optional("nonce", Kind::Text, "A word of your choice, for this once."),
        ]);

    fn request(&self) -> Request {
        let mut body = json!({
            "votingConfigurationId": self.voting_configuration_id,
            "question": self.question,
            "title": self.title,
            "skipAuthenticatorDevices": self.skip_authenticator_devices,
        });
        if let Some(nonce) = &self.nonce {
            body["nonce"] = nonce.as_str().into();
        }
        Request::of(&Self::SPEC).json(&body)
    }
}

impl Operation for CreateVoting {
    type Answer = PoolId;

    fn parse(reply: &Reply) -> Result<PoolId, Malformed> {
        reply
            .text(&["poolId", "pollId", "id"])
            .or_else(|missing| reply.command_header.clone().ok_or(missing))
            .map(PoolId::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let mut create = CreateVoting {
            voting_configuration_id: "board".to_owned(),
            question: "Shall we?".to_owned(),
            title: "Office".to_owned(),
            skip_authenticator_devices: vec!["dev-1".into()],
            nonce: Some("n-1".to_owned()),
        };
        assert_eq!(
            wire(&create),
            r#"POST /voting/create {"nonce":"n-1","question":"Shall we?","skipAuthenticatorDevices":["dev-1"],"title":"Office","votingConfigurationId":"board"}"#
        );
        create.skip_authenticator_devices.clear();
        create.nonce = None;
        assert_eq!(
            wire(&create),
            r#"POST /voting/create {"question":"Shall we?","skipAuthenticatorDevices":[],"title":"Office","votingConfigurationId":"board"}"#
        );
    }

    #[test]
    fn the_id_comes_as_an_object_or_bare() {
        for body in [r#"{"poolId":"poll-1"}"#, r#""poll-1""#, r#"["poll-1"]"#] {
            assert_eq!(
                CreateVoting::parse(&reply(200, body)),
                Ok(PoolId::from("poll-1")),
                "{body}"
            );
        }
    }
}
