//! Row 32b, observed: rename stored data.

use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};
use crate::secret::DataToken;

/// Changes what the service shows of stored data; what is left out stays.
#[derive(Clone, Debug)]
pub struct UpdateTokenMetadata {
    pub token: DataToken,
    /// A sealed name, never the real one.
    pub file_name: Option<String>,
    /// What the service shows as its extension.
    pub extension: Option<String>,
    pub context: Option<String>,
}

impl Endpoint for UpdateTokenMetadata {
    const SPEC: Spec = Spec::post(
        "data-token.update-metadata",
        "/data-token/update-data-token",
    )
    .row("32b", Provenance::Observed)
    .doc("Changes what the service shows of stored data.")
    .fields(&[
        Field::TOKEN,
        Field::optional(
            "fileName",
            Kind::Text,
            "The name the service shows from now on. It is not encrypted.",
        ),
        Field::optional(
            "extension",
            Kind::Text,
            "What the service shows as its extension, without a dot.",
        ),
        Field::optional(
            "context",
            Kind::Text,
            "A label for what belongs together. The service can see it.",
        ),
    ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("token", self.token.reveal())
            .optional("fileName", self.file_name.as_ref())
            .optional("extension", self.extension.as_ref())
            .optional("context", self.context.as_ref());
        Request::of(&Self::SPEC).form(form)
    }
}

impl Command for UpdateTokenMetadata {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let update = UpdateTokenMetadata {
            token: "dtk-1".to_owned().into(),
            file_name: Some("pv1.x".to_owned()),
            extension: None,
            context: Some("letters".to_owned()),
        };
        assert_eq!(
            wire(&update),
            "POST /data-token/update-data-token token=dtk-1&fileName=pv1.x&context=letters"
        );
    }
}
