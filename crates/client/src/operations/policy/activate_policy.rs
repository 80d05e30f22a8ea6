//! Row 63, observed: put a policy into force.

use crate::identifier::PolicyId;
use crate::operation::{Command, Endpoint, Field, Provenance, Spec};
use crate::request::{Form, Request};

/// Puts a policy into force.
#[derive(Clone, Debug)]
pub struct ActivatePolicy {
    pub policy_id: PolicyId,
}

impl Endpoint for ActivatePolicy {
    const SPEC: Spec = Spec::post("policy.activate", "/policy/activate")
        .row("63", Provenance::Observed)
        .doc("Puts a policy into force.")
        .fields(&[Field::POLICY]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("policyId", &self.policy_id))
    }
}

impl Command for ActivatePolicy {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let command = ActivatePolicy {
            policy_id: "pol-1".into(),
        };
        let expected = "POST /policy/activate policyId=pol-1";
        assert_eq!(wire(&command), expected);
    }
}
