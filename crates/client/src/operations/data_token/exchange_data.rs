//! Row 25, observed: put small data into a reserved place.

use std::fmt;

use bytes::Bytes;

use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::{Form, Request};
use crate::secret::TemporaryToken;

/// Puts data into a reserved place. For about 50 KB at most; larger data is streamed upstream.
#[derive(Clone)]
pub struct ExchangeData {
    pub temporary_token: TemporaryToken,
    /// The sealed bytes.
    pub data: Bytes,
}

impl fmt::Debug for ExchangeData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExchangeData({} bytes)", self.data.len())
    }
}

impl Endpoint for ExchangeData {
    const SPEC: Spec = Spec::post("data-token.exchange", "/data-token/exchange-data-for-token")
        .row("25", Provenance::Observed)
        .doc("Puts small data into a reserved place.")
        .fields(&[
            Field::required(
                "temporaryTokenSpace",
                Kind::Token,
                "The temporary token of the reserved place.",
            ),
            Field::required(
                "data",
                Kind::Bytes,
                "The sealed bytes; about 50 KB at most. Whatever stands here is what \
                the service gets.",
            ),
        ]);

    fn request(&self) -> Request {
        let form = Form::new()
            .text("temporaryTokenSpace", self.temporary_token.reveal())
            .base64("data", &self.data);
        Request::of(&Self::SPEC).form(form)
    }
}

impl Command for ExchangeData {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let exchange = ExchangeData {
            temporary_token: "tmp-1".to_owned().into(),
            data: Bytes::from_static(b"\xfb\xff\xfe!"),
        };
        assert_eq!(
            wire(&exchange),
            "POST /data-token/exchange-data-for-token temporaryTokenSpace=tmp-1&data=%2B%2F%2F%2BIQ%3D%3D"
        );
        assert_eq!(format!("{exchange:?}"), "ExchangeData(4 bytes)");
    }
}
