//! Row 36, observed: the identifier that a request produced.

use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::identifier::{CommandId, DeviceIdentifier};
use crate::operation::{Endpoint, Field, Kind, Operation, Provenance, Repeat, Spec};
use crate::request::{Form, Request};

/// Asks for the identifier that a settled request made.
#[derive(Clone, Debug)]
pub struct RetrieveIdentifier {
    /// The command that requested it.
    pub request: CommandId,
}

impl Endpoint for RetrieveIdentifier {
    const SPEC: Spec = Spec::post(
        "device.retrieve-identifier",
        "/device/retrieve-unique-identifier",
    )
    .row("36", Provenance::Observed)
    .doc("Asks for the identifier that a settled request made.")
    .repeat(Repeat::Freely)
    .fields(&[Field::required(
        "id",
        Kind::Text,
        "The id of the command that requested the identifier.",
    )]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("id", &self.request))
    }
}

impl Operation for RetrieveIdentifier {
    type Answer = DeviceIdentifier;

    fn parse(reply: &Reply) -> Result<DeviceIdentifier, Malformed> {
        reply
            .text(&["deviceIdentifier", "identifier"])
            .map(DeviceIdentifier::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let retrieve = RetrieveIdentifier {
            request: CommandId::from("c-1"),
        };
        assert_eq!(
            wire(&retrieve),
            "POST /device/retrieve-unique-identifier id=c-1"
        );
        for body in [r#"{"deviceIdentifier":"dev-1"}"#, "\"dev-1\"", "dev-1"] {
            assert_eq!(
                RetrieveIdentifier::parse(&reply(200, body))
                    .unwrap()
                    .as_str(),
                "dev-1"
            );
        }
    }
}
