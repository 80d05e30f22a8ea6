//! Row 29, documented: how sensitive stored data is.

use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};
use crate::secret::DataToken;

/// Notes how sensitive stored data is.
#[derive(Clone, Debug)]
pub struct ConfigureRiskMeta {
    pub token: DataToken,
    pub classification: String,
    pub label: String,
    pub handling: String,
}

impl Endpoint for ConfigureRiskMeta {
    const SPEC: Spec = Spec::post(
        "data-token.configure-risk-meta",
        "/data-token/configure-information-security-risk-meta",
    )
    .row("29", Provenance::Documented)
    .doc("Notes how sensitive stored data is.")
    .fields(&[
        Field::TOKEN,
        Field::required(
            "classification",
            Kind::Text,
            "How sensitive it is, in your words.",
        ),
        Field::required("label", Kind::Text, "A label for it."),
        Field::required("handling", Kind::Text, "How it is to be handled."),
    ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("token", self.token.reveal())
            .text("classification", &self.classification)
            .text("label", &self.label)
            .text("handling", &self.handling);
        Request::of(&Self::SPEC).form(form)
    }
}

impl Command for ConfigureRiskMeta {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let configure = ConfigureRiskMeta {
            token: "dtk-1".to_owned().into(),
            classification: "secret".to_owned(),
            label: "red".to_owned(),
            handling: "keep".to_owned(),
        };
        let expected = "POST /data-token/configure-information-security-risk-meta \
            token=dtk-1&classification=secret&label=red&handling=keep";
        assert_eq!(wire(&configure), expected);
    }
}
