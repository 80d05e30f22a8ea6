//! Row 87a, observed: end a poll.

use serde_json::json;

use crate::identifier::PoolId;
use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::Request;

/// Ends a poll that is open, without an outcome.
#[derive(Clone, Debug)]
pub struct CancelPool {
    pub pool_id: PoolId,
}

impl Endpoint for CancelPool {
    const SPEC: Spec = Spec::post("voting.cancel", "/voting/cancel-pool")
        .row("87a", Provenance::Observed)
        .doc("Ends a poll that is open. What it holds is rejected.")
        .json()
        .fields(&[Field::required(
            "poolId",
            Kind::Text,
            "The poll: its id, or the id of the command that it holds.",
        )]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).json(&json!({ "poolId": self.pool_id.as_str() }))
    }
}

impl Command for CancelPool {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let cancel = CancelPool {
            pool_id: "poll-1".into(),
        };
        assert_eq!(
            wire(&cancel),
            r#"POST /voting/cancel-pool {"poolId":"poll-1"}"#
        );
    }
}
