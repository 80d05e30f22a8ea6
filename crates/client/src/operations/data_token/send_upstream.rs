//! Row 26, documented: stream bytes of any size into a reserved place.
//! [`Client::send_upstream`](crate::Client::send_upstream) does it.

use crate::catalog::field::{Field, Kind};
use crate::operation::{Provenance, Spec};
use crate::server_urls::ServerKind;

/// How it looks from outside: the link alone authorizes.
pub(crate) const SPEC: Spec = Spec::post("data-token.send-upstream", "/?auth={link}")
    .row("26", Provenance::Documented)
    .doc("Streams bytes into a reserved place, at a link that is good once.")
    .at_link(ServerKind::Upstream)
    .fields(&[
        Field::required(
            "link",
            Kind::Secret,
            "The stream of the temporary token: a whole address, or its auth value.",
        ),
        Field::required(
            "data",
            Kind::Text,
            "What is stored, as text. Whatever stands here is what the service gets.",
        ),
    ]);
