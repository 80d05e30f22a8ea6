//! Row 23, documented: reserve a place for data.

use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Reserves a place for data. The id of the command leads to its temporary token.
#[derive(Clone, Debug)]
pub struct ReserveTokenSpace {
    pub context: String,
    /// Minutes until the place expires; the service takes 5 if it is left out and refuses large values.
    pub ttl: Option<u32>,
    /// Anything to be kept with the token.
    pub meta: Option<String>,
}

impl Endpoint for ReserveTokenSpace {
    const SPEC: Spec = Spec::post("data-token.reserve", "/data-token/reserve-token-space")
        .row("23", Provenance::Documented)
        .doc("Reserves a place for data.")
        .fields(&[
            Field::required(
                "context",
                Kind::Text,
                "A label for what belongs together. The service can see it.",
            ),
            Field::optional(
                "ttl",
                Kind::Number,
                "Minutes until the place expires: a small number; 5 if left out.",
            ),
            Field::optional("meta", Kind::Text, "Anything to be kept with the token."),
        ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("context", &self.context)
            .optional("ttl", self.ttl)
            .optional("meta", self.meta.as_ref());
        Request::of(&Self::SPEC).form(form)
    }
}

impl Command for ReserveTokenSpace {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let reserve = ReserveTokenSpace {
            context: "letters".to_owned(),
            ttl: Some(60),
            meta: None,
        };
        assert_eq!(
            wire(&reserve),
            "POST /data-token/reserve-token-space context=letters&ttl=60"
        );
    }
}
