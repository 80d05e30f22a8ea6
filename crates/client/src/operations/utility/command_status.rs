//! Row 2, observed (`POST`) and documented (`GET`): the status of a command, for clients that missed its outcome on the
//! WebSocket.

use serde_json::{Value, json};

use crate::answer::malformed::Malformed;
use crate::answer::{Reply, shortened};
use crate::identifier::CommandId;
use crate::operation::{
    Authority, Endpoint, Field, Kind, Method, Operation, Provenance, Repeat, Spec,
};
use crate::request::Request;

#[derive(Clone, Debug)]
pub struct CommandStatus {
    pub command_id: CommandId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandState {
    /// Not decided yet, as a word says.
    Running,
    /// Not decided yet, as the HTTP status alone says. A service that tells states so says by 404 that a command
    /// failed.
    Accepted,
    Succeeded,
    /// Not carried out.
    Failed {
        /// The service's reason; may be empty.
        reason: String,
    },
    /// The service does not know the command (any more, or yet), or it is an older one that says so of a command that
    /// failed.
    Unknown,
    /// A word that this client does not know. It may be a final state, so it extends no deadline.
    Other {
        word: String,
    },
}

/// Statuses by which services refuse the form they do not speak. One of them also says that a command is not known:
/// then both forms say so.
const REFUSALS: &[u16] = &[400, 403, 404, 405, 415, 422, 501];

impl CommandState {
    /// Whether it is not decided yet.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Running | Self::Accepted => true,
            Self::Succeeded | Self::Failed { .. } | Self::Unknown | Self::Other { .. } => false,
        }
    }
}

impl Endpoint for CommandStatus {
    const SPEC: Spec = Spec::post("utility.command-status", "/request-status/{commandId}")
        .row("2", Provenance::Observed)
        .doc("Asks what became of a command.")
        // There is no session yet when it is asked about the command that makes a profile.
        .authority(Authority::OptionalSession)
        .json()
        .or_at(REFUSALS, Method::Get, "/request-status/{commandId}")
        .repeat(Repeat::Freely)
        .fields(&[Field::required(
            "commandId",
            Kind::Text,
            "The id under which the service accepted the command.",
        )]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
            .place("commandId", self.command_id.as_str())
            .json(&json!({}))
    }

    fn fallback(&self) -> Option<Request> {
        Some(Request::fallback(&Self::SPEC)?.place("commandId", self.command_id.as_str()))
    }
}

impl Operation for CommandStatus {
    type Answer = CommandState;

    fn accepts(status: u16) -> bool {
        (200..300).contains(&status) || matches!(status, 404 | 410)
    }

    fn parse(reply: &Reply) -> Result<CommandState, Malformed> {
        if matches!(reply.status, 404 | 410) {
            return Ok(CommandState::Unknown);
        }
        Ok(by_word(reply).unwrap_or(if reply.status == 202 {
            CommandState::Accepted
        } else {
            CommandState::Succeeded
        }))
    }
}

/// The state as the body words it: a bare string, a one-element array, or an object. A word nobody knows is never taken
/// for an outcome; a body without a word leaves it to the HTTP status.
fn by_word(reply: &Reply) -> Option<CommandState> {
    let word = reply.text(&["status", "state", "command_status"]).ok()?;
    let reason = || match reply.json() {
        Ok(Value::Object(object)) => {
            let names = ["reason", "body", "message"];
            let found = names.iter().find_map(|name| object.get(*name)?.as_str());
            shortened(found.unwrap_or_default().to_owned())
        }
        _ => String::new(),
    };
    Some(match word.to_ascii_lowercase().as_str() {
        "succeeded" | "success" | "successful" | "completed" | "done" | "2" => {
            CommandState::Succeeded
        }
        "rejected" | "failed" | "failure" | "error" | "3" => {
            CommandState::Failed { reason: reason() }
        }
        "started" | "pending" | "running" | "processing" | "queued" | "accepted" | "waiting"
        | "held" | "1" => CommandState::Running,
        _ => CommandState::Other {
            word: shortened(word),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::{fallback_wire, wire};

    fn state(status: u16, body: &str) -> CommandState {
        CommandStatus::parse(&reply(status, body)).unwrap()
    }

    #[test]
    fn asks_in_either_form() {
        let ask = CommandStatus {
            command_id: CommandId::from("c-1"),
        };
        assert_eq!(wire(&ask), "POST /request-status/c-1 {}");
        assert_eq!(fallback_wire(&ask), "GET /request-status/c-1");
    }

    #[test]
    fn reads_words_in_either_shape() {
        for (word, expected) in [
            ("started", CommandState::Running),
            ("succeeded", CommandState::Succeeded),
            (
                "rejected",
                CommandState::Failed {
                    reason: String::new(),
                },
            ),
            (
                "a-new-word",
                CommandState::Other {
                    word: "a-new-word".to_owned(),
                },
            ),
        ] {
            assert_eq!(state(200, &format!("\"{word}\"")), expected);
            assert_eq!(state(200, &format!("[\"{word}\"]")), expected);
            assert_eq!(state(200, word), expected);
        }
        assert_eq!(
            state(
                200,
                r#"{"status":"rejected","reason":"profile.not_an_owner"}"#
            ),
            CommandState::Failed {
                reason: "profile.not_an_owner".to_owned()
            }
        );
    }

    #[test]
    fn without_a_word_the_http_status_counts() {
        assert_eq!(state(200, ""), CommandState::Succeeded);
        assert_eq!(state(200, "{}"), CommandState::Succeeded);
        assert_eq!(state(202, ""), CommandState::Accepted);
        assert_eq!(state(202, "started"), CommandState::Running);
        assert_eq!(state(404, "\"rejected\""), CommandState::Unknown);
    }
}
