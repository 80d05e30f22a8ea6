//! Row 1, observed: check server health.

use serde_json::Value;

use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

/// Asks whether the service is well.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckHealth;

/// What the service says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Its word for it.
    pub status: String,
}

impl Endpoint for CheckHealth {
    const SPEC: Spec = Spec::get("utility.check-health", "/health")
        .row("1", Provenance::Observed)
        .doc("Asks whether the service is well.")
        .public();

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for CheckHealth {
    type Answer = Health;

    fn parse(reply: &Reply) -> Result<Health, Malformed> {
        match reply.object()?.get("status") {
            Some(Value::String(status)) => Ok(Health {
                status: status.clone(),
            }),
            Some(other) => Ok(Health {
                status: other.to_string(),
            }),
            None => Err(Malformed::Missing("status")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        assert_eq!(wire(&CheckHealth), "GET /health");
        assert_eq!(
            CheckHealth::parse(&reply(200, r#"{"status":"ok"}"#))
                .unwrap()
                .status,
            "ok"
        );
    }

    #[test]
    fn another_web_server_is_not_taken_for_the_service() {
        assert_eq!(
            CheckHealth::parse(&reply(200, "<html></html>")),
            Err(Malformed::NotJson)
        );
        assert_eq!(
            CheckHealth::parse(&reply(200, "{}")),
            Err(Malformed::Missing("status"))
        );
    }
}
