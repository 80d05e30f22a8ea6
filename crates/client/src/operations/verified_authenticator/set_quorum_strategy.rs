//! Row 51, documented: how votes are counted.

use super::Strategy;
use crate::operation::{About, Command, Described, Field, Kind, Provenance};
use crate::request::{Form, Request};

/// Sets how votes are counted.
#[derive(Clone, Copy, Debug)]
pub struct SetQuorumStrategy {
    /// How.
    pub strategy: Strategy,
}

impl Described for SetQuorumStrategy {
    const ABOUT: About = About::post(
        "verified-authenticator.set-quorum-strategy",
        "/verified-authenticator/set-quorum-strategy",
    )
    .row("51", Provenance::Documented)
    .doc("Sets how votes are counted.")
    .fields(&[
        Strategy::FIELD,
        Field::optional(
            "strategy_params",
            Kind::Number,
            "The percentage that must say yes; for minimum_percentage only.",
        ),
    ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("strategy", self.strategy.as_str())
            .optional("strategy_params", self.strategy.percentage());
        Request::of(&Self::ABOUT).form(form)
    }
}

impl Command for SetQuorumStrategy {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let set = |strategy| wire(&SetQuorumStrategy { strategy });
        assert_eq!(
            set(Strategy::MinimumPercentage(60)),
            "POST /verified-authenticator/set-quorum-strategy strategy=minimum_percentage&strategy_params=60"
        );
        assert_eq!(
            set(Strategy::Unanimous),
            "POST /verified-authenticator/set-quorum-strategy strategy=unanimous"
        );
    }
}
