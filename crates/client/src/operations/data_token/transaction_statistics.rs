//! Row 34, assumed: how often data was stored, requested, updated and deleted.

use std::collections::BTreeMap;

use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

/// Asks how often data was stored, requested, updated and deleted.
#[derive(Clone, Copy, Debug, Default)]
pub struct TransactionStatistics;

impl Endpoint for TransactionStatistics {
    const SPEC: Spec = Spec::get(
        "data-token.transaction-statistics",
        "/data-token/transaction-count-statistics",
    )
    .row("34", Provenance::Assumed)
    .doc("Asks how often data was stored, requested, updated and deleted.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for TransactionStatistics {
    /// Counts by the service's words.
    type Answer = BTreeMap<String, u64>;

    fn parse(reply: &Reply) -> Result<BTreeMap<String, u64>, Malformed> {
        let object = reply.object()?;
        Ok(object
            .keys()
            .filter_map(|word| Some((word.clone(), object.whole(word)?)))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn counts_whatever_the_service_counts() {
        assert_eq!(
            wire(&TransactionStatistics),
            "GET /data-token/transaction-count-statistics"
        );
        let body = r#"{"stored":3,"requested":"2","since":"always"}"#;
        let counts = TransactionStatistics::parse(&reply(200, body)).unwrap();
        let counts: Vec<_> = counts.iter().map(|(word, &n)| (word.as_str(), n)).collect();
        assert_eq!(counts, [("requested", 2), ("stored", 3)]);
    }
}
