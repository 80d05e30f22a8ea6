//! Row 27, observed: ask for stored data. It is answered on the WebSocket.

use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::identifier::DataRequest;
use crate::operation::{Endpoint, Field, Operation, Provenance, Repeat, Spec};
use crate::request::{Form, Request};
use crate::secret::DataToken;

/// Asks for stored data. [`Client::retrieve`](crate::Client::retrieve) asks and waits for the data too.
#[derive(Clone, Debug)]
pub struct RequestData {
    pub token: DataToken,
}

impl Endpoint for RequestData {
    const SPEC: Spec = Spec::post("data-token.request", "/data-token/request-data")
        .row("27", Provenance::Observed)
        .doc("Asks for stored data.")
        .repeat(Repeat::Freely)
        .fields(&[Field::TOKEN]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).form(Form::new().text("token", self.token.reveal()))
    }
}

impl Operation for RequestData {
    type Answer = DataRequest;

    fn parse(reply: &Reply) -> Result<DataRequest, Malformed> {
        reply.data_request()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        let request = RequestData {
            token: "dtk-1".to_owned().into(),
        };
        assert_eq!(wire(&request), "POST /data-token/request-data token=dtk-1");
        let mut answer = reply(202, "");
        answer.request_header = Some("r-1".to_owned());
        assert_eq!(RequestData::parse(&answer), Ok(DataRequest::from("r-1")));
    }
}
