//! Row 65, assumed: delete a policy.

use crate::identifier::PolicyId;
use crate::operation::{Command, Endpoint, Field, Provenance, Spec};
use crate::request::{Form, Request};

#[derive(Clone, Debug)]
pub struct DeletePolicy {
    pub policy_id: PolicyId,
}

impl Endpoint for DeletePolicy {
    const SPEC: Spec = Spec::post("policy.delete", "/policy/delete")
        .row("65", Provenance::Assumed)
        .doc("Deletes a policy.")
        .fields(&[Field::POLICY]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("policyId", &self.policy_id))
    }
}

impl Command for DeletePolicy {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let command = DeletePolicy {
            policy_id: "pol-1".into(),
        };
        let expected = "POST /policy/delete policyId=pol-1";
        assert_eq!(wire(&command), expected);
    }
}
