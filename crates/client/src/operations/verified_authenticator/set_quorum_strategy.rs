//! Row 51, documented: how votes are counted.

use super::Strategy;
use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};

/// Sets how votes are counted.
#[derive(Clone, Copy, Debug)]
pub struct SetQuorumStrategy {
    pub strategy: Strategy,
}

impl Endpoint for SetQuorumStrategy {
    const SPEC: Spec = Spec::post(
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
            "The percentage that must say yes. Some services want it with every strategy: 100 with unanimous, 51 with \
            consensus, 1 with affirmative.",
        ),
    ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("strategy", self.strategy.as_str())
            .text("strategy_params", self.strategy.parameter());
        Request::of(&Self::SPEC).form(form)
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
        for (strategy, word, share) in [
            (Strategy::Unanimous, "unanimous", 100),
            (Strategy::Consensus, "consensus", 51),
            (Strategy::Affirmative, "affirmative", 1),
        ] {
            let path = "POST /verified-authenticator/set-quorum-strategy";
            let expected = format!("{path} strategy={word}&strategy_params={share}");
            assert_eq!(set(strategy), expected);
        }
    }
}
