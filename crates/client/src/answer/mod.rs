//! The answer to a request, and its fields.

pub(crate) mod base64_text;
pub(crate) mod bounded_json;
pub(crate) mod data_answer;
pub(crate) mod malformed;
pub(crate) mod page;
pub(crate) mod time;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::answer::bounded_json::bounded_json;
use crate::answer::malformed::Malformed;
use crate::identifier::{self, CommandId, DataRequest};
use crate::server_urls::ServerUrls;

/// One HTTP answer of the API.
#[derive(Clone, Debug)]
pub struct Reply {
    pub(crate) status: u16,
    /// `X-DPT-CAB-ID`
    pub(crate) command_header: Option<String>,
    /// `X-DPT-CAB-REQUEST-ID`
    pub(crate) request_header: Option<String>,
    /// `Retry-After`, if it is a number of seconds.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Bytes,
    /// The addresses of the service that answered; links may refer to them.
    pub(crate) servers: Arc<ServerUrls>,
}

impl Reply {
    pub(crate) fn json(&self) -> Result<Value, Malformed> {
        bounded_json(&self.body)
    }

    /// The body as a JSON object; a one-element array of an object counts.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, Malformed> {
        match self.json()? {
            Value::Object(object) => Ok(object),
            Value::Array(mut items) if items.len() == 1 => match items.pop() {
                Some(Value::Object(object)) => Ok(object),
                _ => Err(Malformed::Missing("an object")),
            },
            _ => Err(Malformed::Missing("an object")),
        }
    }

    /// A text from one of `fields`, or the body itself if it is one bare text.
    pub(crate) fn text(&self, fields: &[&'static str]) -> Result<String, Malformed> {
        let wanted = fields.first().copied().unwrap_or("a text");
        identifier::from_body(&self.body, fields).ok_or(Malformed::Missing(wanted))
    }

    /// The id of the accepted command. The header names it unmistakably and is read first.
    pub(crate) fn command_id(&self) -> Result<CommandId, Malformed> {
        self.command_header
            .clone()
            .or_else(|| identifier::from_body(&self.body, &["commandId", "command_id", "id"]))
            .filter(|id| identifier::is_identifier(id))
            .map(CommandId::from)
            .ok_or(Malformed::Missing("commandId"))
    }

    /// The ids under which requested data will be answered, and the request held or refused. The headers name them
    /// unmistakably and are read first.
    pub(crate) fn data_request(&self) -> Result<DataRequest, Malformed> {
        let named = |fields: &[&str]| {
            identifier::from_body(&self.body, fields).filter(|id| identifier::is_identifier(id))
        };
        let command = self
            .command_header
            .clone()
            .or_else(|| named(&["commandId", "command_id"]))
            .or_else(|| self.request_header.as_ref().and_then(|_| named(&["id"])));
        let request = self
            .request_header
            .clone()
            .or_else(|| named(&["requestId", "request_id", "commandId", "command_id", "id"]))
            .or_else(|| command.clone())
            .ok_or(Malformed::Missing("requestId"))?;
        Ok(DataRequest {
            command: command.filter(|id| *id != request).map(CommandId::from),
            request: request.into(),
        })
    }

    /// A text that names something, from one of `fields` or as the body itself.
    pub(crate) fn identifier(&self, fields: &[&'static str]) -> Result<String, Malformed> {
        let wanted = fields.first().copied().unwrap_or("an identifier");
        let text = self.text(fields)?;
        identifier::is_identifier(&text)
            .then_some(text)
            .ok_or(Malformed::Missing(wanted))
    }

    /// What the service said in its body, for people, cut to a readable length.
    pub(crate) fn details(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let text = text.trim();
        shortened(match bounded_json(text.as_bytes()) {
            Ok(Value::String(bare)) => bare,
            _ => text.to_owned(),
        })
    }
}

/// What the service says to people, cut to a readable length.
pub(crate) fn shortened(text: String) -> String {
    const LONGEST: usize = 1000;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Reads fields of an answer's object.
pub(crate) trait Fields {
    /// A text or a number, as text.
    fn text(&self, name: &'static str) -> Result<String, Malformed>;
    /// A text that names something.
    fn identifier(&self, name: &'static str) -> Result<String, Malformed>;
    fn time(&self, name: &'static str) -> Result<Timestamp, Malformed>;
    /// A whole number, also one written as text.
    fn whole(&self, name: &str) -> Option<u64>;
    /// Takes out a text under the first of its names that has one.
    fn take_text(&mut self, names: &[&'static str]) -> Option<String>;
    /// Takes out a whole number.
    fn take_whole(&mut self, name: &str) -> Option<u64>;
    /// Takes out a point in time.
    fn take_time(&mut self, name: &'static str) -> Option<Timestamp>;
    /// Takes out a list of texts, also one written as a text with commas or spaces.
    fn take_texts(&mut self, name: &str) -> Vec<String>;
    /// Takes out an object; an empty one if there is none.
    fn take_object(&mut self, name: &str) -> Map<String, Value>;
}

impl Fields for Map<String, Value> {
    fn text(&self, name: &'static str) -> Result<String, Malformed> {
        match self.get(name) {
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Number(number)) => Ok(number.to_string()),
            _ => Err(Malformed::Missing(name)),
        }
    }

    fn identifier(&self, name: &'static str) -> Result<String, Malformed> {
        let text = self.get(name).and_then(Value::as_str);
        text.filter(|text| identifier::is_identifier(text))
            .map(str::to_owned)
            .ok_or(Malformed::Missing(name))
    }

    fn time(&self, name: &'static str) -> Result<Timestamp, Malformed> {
        self.get(name)
            .and_then(time::timestamp)
            .ok_or(Malformed::Missing(name))
    }

    fn whole(&self, name: &str) -> Option<u64> {
        match self.get(name)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    fn take_text(&mut self, names: &[&'static str]) -> Option<String> {
        let found = names.iter().find_map(|name| self.text(name).ok());
        for name in names {
            self.remove(*name);
        }
        found
    }

    fn take_whole(&mut self, name: &str) -> Option<u64> {
        let found = self.whole(name);
        self.remove(name);
        found
    }

    fn take_time(&mut self, name: &'static str) -> Option<Timestamp> {
        let found = self.time(name).ok();
        self.remove(name);
        found
    }

    fn take_texts(&mut self, name: &str) -> Vec<String> {
        match self.remove(name) {
            Some(list) => texts(&list),
            None => Vec::new(),
        }
    }

    fn take_object(&mut self, name: &str) -> Map<String, Value> {
        match self.remove(name) {
            Some(Value::Object(object)) => object,
            _ => Map::new(),
        }
    }
}

/// The texts of a list, or of a text with commas or spaces between them.
pub(crate) fn texts(list: &Value) -> Vec<String> {
    match list {
        Value::Array(items) => items
            .iter()
            .filter_map(|item| Some(item.as_str()?.to_owned()))
            .collect(),
        Value::String(text) => text
            .split([',', ' '])
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An answer of a service with local addresses.
    pub(crate) fn reply(status: u16, body: &str) -> Reply {
        let servers = ServerUrls::parse(
            "http://localhost:8009",
            "ws://localhost:8083",
            "http://localhost:8010",
            "http://localhost:8011",
        );
        Reply {
            status,
            command_header: None,
            request_header: None,
            retry_after: None,
            body: Bytes::copy_from_slice(body.as_bytes()),
            servers: Arc::new(servers.unwrap()),
        }
    }

    #[test]
    fn the_command_id_may_come_in_the_header_only() {
        let mut empty = reply(202, "");
        assert_eq!(empty.command_id(), Err(Malformed::Missing("commandId")));
        empty.command_header = Some("c-1".to_owned());
        assert_eq!(empty.command_id(), Ok(CommandId::from("c-1")));
    }

    #[test]
    fn the_header_wins_over_a_body_that_is_a_remark() {
        let mut remark = reply(202, "\"accepted\"");
        remark.command_header = Some("c-1".to_owned());
        assert_eq!(remark.command_id(), Ok(CommandId::from("c-1")));
    }

    #[test]
    fn a_request_for_data_keeps_both_of_its_ids() {
        let ids = |command: Option<&str>, request: Option<&str>, body: &str| {
            let mut answer = reply(202, body);
            answer.command_header = command.map(str::to_owned);
            answer.request_header = request.map(str::to_owned);
            let request = answer.data_request().unwrap();
            let command = request.command.as_ref().map(CommandId::as_str);
            (request.request.to_string(), command.map(str::to_owned))
        };
        let one = |id: &str| (id.to_owned(), None);
        let both = ("r".to_owned(), Some("c".to_owned()));
        assert_eq!(ids(Some("x"), None, ""), one("x"));
        assert_eq!(ids(None, Some("x"), ""), one("x"));
        assert_eq!(ids(None, None, "\"x\""), one("x"));
        assert_eq!(ids(None, Some("x"), "[\"x\"]"), one("x"));
        assert_eq!(ids(Some("c"), Some("r"), ""), both);
        for body in [
            "\"c\"",
            "[\"c\"]",
            "c",
            r#"{"commandId":"c"}"#,
            r#"{"id":"c"}"#,
        ] {
            assert_eq!(ids(None, Some("r"), body), both, "{body}");
        }
        assert_eq!(ids(Some("c"), None, r#"{"requestId":"r"}"#), both);
        assert_eq!(
            ids(None, None, r#"{"requestId":"r","commandId":"c"}"#),
            both
        );
        assert!(reply(202, "").data_request().is_err());
    }

    #[test]
    fn details_are_readable_and_bounded() {
        assert_eq!(
            reply(422, "\"oauth.already_retrieved\"").details(),
            "oauth.already_retrieved"
        );
        assert_eq!(
            reply(422, " {\"ttl\":\"too long\"} ").details(),
            "{\"ttl\":\"too long\"}"
        );
        assert_eq!(
            reply(500, &"é".repeat(5000)).details().chars().count(),
            1001
        );
    }
}
