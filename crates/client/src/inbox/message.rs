//! Messages of the WebSocket, both directions, as text.

use serde_json::{Map, Value, json};

use crate::answer::bounded_json::bounded_json;
use crate::answer::data_answer::{Part, interpret};
use crate::answer::shortened;
use crate::identifier::{self, CommandId, RequestId};
use crate::link::Place;
use crate::secret::AuthorizationToken;

/// One message from the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// The channel is joined: from now on outcomes are delivered.
    Joined { channel: Option<String> },
    /// The channel is not joined.
    JoinRefused { status: u16 },
    /// What became of a command.
    Ack {
        command: CommandId,
        outcome: Outcome,
    },
    /// A part of the answer to a request for data, under these ids.
    Data { ids: Vec<RequestId>, part: Part },
    /// Nothing this client knows.
    Unknown,
}

/// `command_status`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// 1
    Pending,
    /// 2
    Succeeded,
    /// 3, with the reason.
    Failed(String),
}

impl Message {
    /// How many bytes it takes up while it is kept.
    pub(crate) fn bytes(&self) -> usize {
        let content = match self {
            Self::Joined { channel } => channel.as_ref().map_or(0, String::len),
            Self::Ack { command, outcome } => {
                let reason = match outcome {
                    Outcome::Failed(reason) => reason.len(),
                    Outcome::Pending | Outcome::Succeeded => 0,
                };
                command.as_str().len() + reason
            }
            Self::Data { ids, part } => {
                let ids: usize = ids.iter().map(|id| id.as_str().len()).sum();
                ids + part.bytes()
            }
            Self::JoinRefused { .. } | Self::Unknown => 0,
        };
        size_of::<Self>() + content
    }

    pub(crate) fn read(text: &str) -> Self {
        let Ok(Value::Object(message)) = bounded_json(text.as_bytes()) else {
            return Self::Unknown;
        };
        let none = Map::new();
        let data = message
            .get("data")
            .and_then(Value::as_object)
            .unwrap_or(&none);
        match data.get("type").and_then(Value::as_str) {
            Some("X-DPT-CAB-ID") => read_ack(data),
            Some("X-DPT-CAB-REQUEST-ID") => read_data(data),
            Some("STREAM-READY") => read_stream_ready(data),
            Some(_) => None,
            None => read_join(&message, data),
        }
        .unwrap_or(Self::Unknown)
    }
}

fn read_ack(data: &Map<String, Value>) -> Option<Message> {
    let command = CommandId::from(id(data, "id").or_else(|| id(data, "commandId"))?);
    let outcome = match number(data, "command_status")? {
        1 => Outcome::Pending,
        2 => Outcome::Succeeded,
        3 => Outcome::Failed(reason(data)),
        _ => return None,
    };
    Some(Message::Ack { command, outcome })
}

fn read_data(data: &Map<String, Value>) -> Option<Message> {
    let ids = request_ids(data)?;
    let part = if number(data, "command_status") == Some(3) {
        Part::Failed(reason(data))
    } else {
        let body = text(data, "body").unwrap_or_default();
        interpret(number(data, "output_type")?, data, &body)
    };
    Some(Message::Data { ids, part })
}

fn read_stream_ready(data: &Map<String, Value>) -> Option<Message> {
    Some(Message::Data {
        ids: request_ids(data)?,
        part: Part::Ready(Place::read(data, &[])),
    })
}

/// Every id a message gives for the request that it answers.
fn request_ids(data: &Map<String, Value>) -> Option<Vec<RequestId>> {
    let names = ["requestId", "request_id", "id", "commandId"];
    let mut ids: Vec<RequestId> = Vec::new();
    for id in names.iter().filter_map(|name| id(data, name)) {
        let id = RequestId::from(id);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    (!ids.is_empty()).then_some(ids)
}

/// An id; a text that is longer than any is none.
fn id(data: &Map<String, Value>, name: &str) -> Option<String> {
    text(data, name).filter(|id| id.len() <= identifier::LONGEST)
}

/// Why something failed, cut to a readable length.
fn reason(data: &Map<String, Value>) -> String {
    shortened(text(data, "body").unwrap_or_default())
}

fn read_join(message: &Map<String, Value>, data: &Map<String, Value>) -> Option<Message> {
    let status = u16::try_from(number(message, "status")?).ok()?;
    Some(if status == 200 {
        Message::Joined {
            channel: text(data, "channelId"),
        }
    } else {
        Message::JoinRefused { status }
    })
}

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn number(object: &Map<String, Value>, name: &str) -> Option<u64> {
    match object.get(name)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Asks for the channel of a session. The correlation id stands at both places it has been seen at.
pub(crate) fn join(token: &AuthorizationToken, correlation: &str) -> String {
    json!({
        "action": "joinChannel",
        "correlationId": correlation,
        "data": { "authorizationToken": token.reveal(), "correlationId": correlation },
    })
    .to_string()
}

pub(crate) fn leave(
    token: &AuthorizationToken,
    channel: Option<&str>,
    correlation: &str,
) -> String {
    json!({
        "action": "leaveChannel",
        "correlationId": correlation,
        "data": { "authorizationToken": token.reveal(), "channelId": channel, "correlationId": correlation },
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ack(status: &str, body: &str) -> Message {
        Message::read(&format!(
            r#"{{"data":{{"type":"X-DPT-CAB-ID","id":"c-1","command_status":{status},"body":{body}}}}}"#
        ))
    }

    #[test]
    fn reads_the_three_outcomes_of_a_command() {
        let command = CommandId::from("c-1");
        let expect = |outcome| Message::Ack {
            command: command.clone(),
            outcome,
        };
        assert_eq!(ack("1", "\"\""), expect(Outcome::Pending));
        assert_eq!(ack("2", "null"), expect(Outcome::Succeeded));
        assert_eq!(ack("\"2\"", "null"), expect(Outcome::Succeeded));
        assert_eq!(
            ack("3", "\"profile.not_an_owner\""),
            expect(Outcome::Failed("profile.not_an_owner".to_owned()))
        );
        assert_eq!(ack("9", "null"), Message::Unknown);
    }

    #[test]
    fn reads_join_answers() {
        let joined =
            r#"{"correlationId":"x","status":200,"data":{"channelId":"ch","message":"Joined"}}"#;
        assert_eq!(
            Message::read(joined),
            Message::Joined {
                channel: Some("ch".to_owned())
            }
        );
        assert_eq!(
            Message::read(r#"{"status":200}"#),
            Message::Joined { channel: None }
        );
        assert_eq!(
            Message::read(r#"{"status":401,"data":{}}"#),
            Message::JoinRefused { status: 401 }
        );
    }

    #[test]
    fn reads_stream_ready_under_either_name_of_the_id() {
        let expected = Message::Data {
            ids: vec![RequestId::from("r-1")],
            part: Part::Ready(Place::default()),
        };
        assert_eq!(
            Message::read(r#"{"data":{"type":"STREAM-READY","id":"r-1"}}"#),
            expected
        );
        assert_eq!(
            Message::read(r#"{"data":{"type":"STREAM-READY","requestId":"r-1"}}"#),
            expected
        );
    }

    #[test]
    fn reads_data_and_refused_data() {
        let read = |rest: &str| {
            Message::read(&format!(
                r#"{{"data":{{"type":"X-DPT-CAB-REQUEST-ID","id":"r-1",{rest}}}}}"#
            ))
        };
        let expect = |part| Message::Data {
            ids: vec![RequestId::from("r-1")],
            part,
        };
        assert_eq!(
            read(r#""output_type":0,"body":"AAECAw==""#),
            expect(Part::Inline(vec![0, 1, 2, 3].into()))
        );
        assert_eq!(
            read(r#""output_type":0,"body":"data is being prepared""#),
            expect(Part::Preparing)
        );
        assert_eq!(
            read(r#""output_type":1,"body":"tok""#),
            expect(Part::Place(Place::of("tok")))
        );
        assert_eq!(
            read(r#""command_status":3,"body":"vote.rejected""#),
            expect(Part::Failed("vote.rejected".to_owned()))
        );
    }

    #[test]
    fn reads_every_id_and_the_address_of_a_stream() {
        let ready = r#"{"data":{"type":"STREAM-READY","id":"c-1","requestId":"r-1","streamUrl":"https://d.example.com/?auth=x"}}"#;
        let Message::Data { ids, part } = Message::read(ready) else {
            panic!("it is about data")
        };
        assert_eq!(ids, ["r-1".into(), "c-1".into()]);
        assert!(matches!(part, Part::Ready(place) if place.is_address()));
    }

    #[test]
    fn ids_and_reasons_without_end_are_not_kept() {
        let endless = "x".repeat(100_000);
        assert_eq!(
            Message::read(&format!(
                r#"{{"data":{{"type":"X-DPT-CAB-ID","id":"{endless}","command_status":2}}}}"#
            )),
            Message::Unknown
        );
        let refused = ack("3", &format!("\"{endless}\""));
        assert!(refused.bytes() < 5_000);
        let data = Message::read(&format!(
            r#"{{"data":{{"type":"X-DPT-CAB-REQUEST-ID","id":"r-1","output_type":1,"body":"{endless}"}}}}"#
        ));
        assert!(data.bytes() > 100_000, "the shelf counts what it keeps");
    }

    #[test]
    fn ignores_everything_else() {
        for text in [
            "",
            "[]",
            "{}",
            "oops",
            r#"{"data":{"type":"NEWS","id":"1"}}"#,
            r#"{"data":"x"}"#,
            r#"{"data":{"type":"X-DPT-CAB-ID"}}"#,
        ] {
            assert_eq!(Message::read(text), Message::Unknown, "{text}");
        }
    }

    #[test]
    fn joining_and_leaving_carry_the_token_and_the_correlation() {
        let token = AuthorizationToken::from("T-1".to_owned());
        let join: Value = serde_json::from_str(&join(&token, "u")).unwrap();
        assert_eq!(
            join,
            json!({"action":"joinChannel","correlationId":"u","data":{"authorizationToken":"T-1","correlationId":"u"}})
        );
        let leave: Value = serde_json::from_str(&leave(&token, Some("ch"), "u")).unwrap();
        assert_eq!(leave["data"]["channelId"], "ch");
        assert_eq!(leave["action"], "leaveChannel");
    }
}
