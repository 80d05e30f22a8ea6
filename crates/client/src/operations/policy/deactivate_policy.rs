//! Row 64, observed: put a policy out of force.

use crate::identifier::PolicyId;
use crate::operation::{Command, Endpoint, Field, Provenance, Spec};
use crate::request::{Form, Request};

/// Puts a policy out of force. It stays registered.
#[derive(Clone, Debug)]
pub struct DeactivatePolicy {
    pub policy_id: PolicyId,
}

impl Endpoint for DeactivatePolicy {
    const SPEC: Spec = Spec::post("policy.deactivate", "/policy/deactivate")
        .row("64", Provenance::Observed)
        .doc("Puts a policy out of force; it stays registered.")
        .fields(&[Field::POLICY]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("policyId", &self.policy_id))
    }
}

impl Command for DeactivatePolicy {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let command = DeactivatePolicy {
            policy_id: "pol-1".into(),
        };
        let expected = "POST /policy/deactivate policyId=pol-1";
        assert_eq!(wire(&command), expected);
    }
}
