//! Row 8, observed: another authorization for the one in use.

use std::time::Duration;

use super::Authorization;
use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::identifier::CommandId;
use crate::operation::{Endpoint, Field, Kind, Operation, Provenance, Repeat, Spec};
use crate::request::{Form, Request};

/// Exchanges the authorization in use for another one.
#[derive(Clone, Copy, Debug)]
pub struct ReauthorizeToken {
    /// How long the new one shall live; whole seconds count.
    pub ttl: Duration,
}

/// How the service took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reauthorization {
    /// Here is the new authorization.
    Now(Authorization),
    /// It was accepted as a command that has to be confirmed.
    Later(CommandId),
}

impl Endpoint for ReauthorizeToken {
    const SPEC: Spec = Spec::post(
        "profile.reauthorize",
        "/profile/reauthorize-authorization-token",
    )
    .row("8", Provenance::Observed)
    .doc("Exchanges the authorization in use for another one.")
    .repeat(Repeat::OnRequest)
    .fields(&[Field::required(
        "ttl",
        Kind::Number,
        "How many seconds the new authorization lives.",
    )]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("ttl", self.ttl.as_secs()))
    }
}

impl Operation for ReauthorizeToken {
    type Answer = Reauthorization;

    fn parse(reply: &Reply) -> Result<Reauthorization, Malformed> {
        if reply.status == 202 {
            return reply.command_id().map(Reauthorization::Later);
        }
        Authorization::read(reply).map(Reauthorization::Now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let reauthorize = ReauthorizeToken {
            ttl: Duration::from_hours(1),
        };
        assert_eq!(
            wire(&reauthorize),
            "POST /profile/reauthorize-authorization-token ttl=3600"
        );
        let answer = r#"{"authorizationToken":"T-2","expiresAt":"2026-11-24T10:00:00Z"}"#;
        let now = ReauthorizeToken::parse(&reply(200, answer)).unwrap();
        assert!(
            matches!(now, Reauthorization::Now(authorization) if authorization.token.reveal() == "T-2")
        );
        let later = ReauthorizeToken::parse(&reply(202, r#"["c-1"]"#)).unwrap();
        assert_eq!(later, Reauthorization::Later(CommandId::from("c-1")));
    }
}
