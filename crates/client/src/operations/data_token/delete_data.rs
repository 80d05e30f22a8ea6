//! Row 33, observed: delete stored data.

use crate::operation::{Command, Endpoint, Field, Provenance, Spec};
use crate::request::{Form, Request};
use crate::secret::DataToken;

/// Deletes stored data. Success means that the devices were told, not that each has deleted it.
#[derive(Clone, Debug)]
pub struct DeleteData {
    pub token: DataToken,
}

impl Endpoint for DeleteData {
    const SPEC: Spec = Spec::post("data-token.delete", "/data-token/delete-data")
        .row("33", Provenance::Observed)
        .doc("Deletes stored data.")
        .fields(&[Field::TOKEN]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("token", self.token.reveal()))
    }
}

impl Command for DeleteData {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        assert_eq!(
            wire(&DeleteData {
                token: "dtk-1".to_owned().into()
            }),
            "POST /data-token/delete-data token=dtk-1"
        );
    }
}
