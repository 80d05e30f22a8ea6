//! Row 24, documented: the temporary token of a reserved place, and where to stream to.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::answer::malformed::Malformed;
use crate::answer::{Fields as _, Reply};
use crate::identifier::CommandId;
use crate::link::{Place, UpstreamLink};
use crate::operation::{Endpoint, Field, Kind, Operation, Provenance, Spec};
use crate::request::Request;
use crate::secret::TemporaryToken;

/// Asks for the temporary token of a reserved place. Not found until the reservation is settled and after it expired.
#[derive(Clone, Debug)]
pub struct RetrieveTemporaryToken {
    /// The command that reserved the place.
    pub reservation: CommandId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemporarySpace {
    pub token: TemporaryToken,
    /// Where its bytes can be streamed to, once.
    pub upstream: Option<UpstreamLink>,
    /// Until when, if the service says.
    pub expires_at: Option<Timestamp>,
}

impl Endpoint for RetrieveTemporaryToken {
    const SPEC: Spec = Spec::get(
        "data-token.retrieve-temporary",
        "/data-token/retrieve-temporary-data-token/{commandId}",
    )
    .row("24", Provenance::Documented)
    .doc("Asks for the temporary token of a reserved place.")
    .fields(&[Field::required(
        "commandId",
        Kind::Text,
        "The id of the command that reserved the place.",
    )]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).place("commandId", self.reservation.as_str())
    }
}

impl Operation for RetrieveTemporaryToken {
    type Answer = TemporarySpace;

    fn parse(reply: &Reply) -> Result<TemporarySpace, Malformed> {
        let token = reply.identifier(&["token", "temporaryToken"])?.into();
        let (upstream, expires_at) = match reply.object() {
            Ok(object) => (upstream(&object, reply)?, object.time("expiresAt").ok()),
            Err(_) => (None, None),
        };
        Ok(TemporarySpace {
            token,
            upstream,
            expires_at,
        })
    }
}

fn upstream(object: &Map<String, Value>, reply: &Reply) -> Result<Option<UpstreamLink>, Malformed> {
    let place = Place::read(object, &["stream"]);
    if !place.is_complete() {
        return Ok(None);
    }
    UpstreamLink::resolve(&place, &reply.servers.upstream).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    fn upstream_of(body: &str) -> Result<Option<String>, Malformed> {
        RetrieveTemporaryToken::parse(&reply(200, body))
            .map(|space| space.upstream.map(|link| link.url().to_string()))
    }

    #[test]
    fn speaks_the_documented_form() {
        let retrieve = RetrieveTemporaryToken {
            reservation: CommandId::from("c-1"),
        };
        assert_eq!(
            wire(&retrieve),
            "GET /data-token/retrieve-temporary-data-token/c-1"
        );
        let bare_value = r#"{"token":"tmp-1","stream":"v-1"}"#;
        assert_eq!(
            RetrieveTemporaryToken::parse(&reply(200, bare_value))
                .unwrap()
                .token
                .reveal(),
            "tmp-1"
        );
        assert_eq!(
            upstream_of(bare_value).unwrap().unwrap(),
            "http://localhost:8010/?auth=v-1"
        );
    }

    #[test]
    fn takes_a_complete_address() {
        let body = r#"{"token":"tmp-1","stream":"https://u.example.com/?auth=v"}"#;
        assert_eq!(
            upstream_of(body).unwrap().unwrap(),
            "https://u.example.com/?auth=v"
        );
    }

    #[test]
    fn takes_host_and_port_from_the_answer() {
        let body = r#"{"token":"t","stream":"v","stream_server_id":"127.0.0.1","stream_server_port":"9123"}"#;
        assert_eq!(
            upstream_of(body).unwrap().unwrap(),
            "http://127.0.0.1:9123/?auth=v"
        );
    }

    #[test]
    fn a_bare_token_comes_without_a_stream() {
        for body in [
            "\"tmp-1\"",
            "[\"tmp-1\"]",
            "tmp-1",
            r#"{"token":"tmp-1"}"#,
            r#"{"token":"tmp-1","stream":null}"#,
        ] {
            let space = RetrieveTemporaryToken::parse(&reply(200, body)).unwrap();
            assert_eq!(
                (space.token.reveal(), space.upstream),
                ("tmp-1", None),
                "{body}"
            );
        }
    }

    #[test]
    fn refuses_an_unencrypted_stream_elsewhere() {
        let body = r#"{"token":"t","stream":"http://u.example.com/?auth=v"}"#;
        assert_eq!(
            upstream_of(body),
            Err(Malformed::Insecure {
                host: "u.example.com".to_owned()
            })
        );
    }
}
