//! Row 28, documented: stream stored bytes back. [`Client::fetch_downstream`](crate::Client::fetch_downstream) does it.

use crate::catalog::field::{Field, Kind};
use crate::operation::{Provenance, Spec};
use crate::server_urls::ServerKind;

/// How it looks from outside: the link alone authorizes.
pub(crate) const SPEC: Spec = Spec::get("data-token.download", "/?auth={link}")
    .row("28", Provenance::Documented)
    .doc("Fetches stored bytes, sealed as they are, at a link that is good once.")
    .at_link(ServerKind::Downstream)
    .fields(&[Field::required(
        "link",
        Kind::Secret,
        "What a request for data was answered with: a whole address, or its auth value.",
    )]);
