//! Fuzz targets for everything that parses answers of a service: a target must not panic on any bytes. The seeds are in
//! `fuzz/seeds/<name>`.

use std::sync::{Arc, LazyLock};
use std::time::Instant;

use bytes::Bytes;

use crate::answer::Reply;
use crate::catalog::catalog;
use crate::configuration::Configuration;
use crate::identifier::CommandId;
use crate::inbox::message::Message;
use crate::inbox::{Awaited, Inbox};
use crate::server_urls::ServerUrls;

/// What a target is called, and what it does with any bytes.
pub type Target = (&'static str, fn(&[u8]));

pub const TARGETS: [Target; 2] = [("client-messages", messages), ("client-answers", answers)];

static SERVERS: LazyLock<Arc<ServerUrls>> = LazyLock::new(|| {
    let servers = ServerUrls::parse(
        "https://api.example.com",
        "wss://socket.example.com",
        "https://up.example.com",
        "https://down.example.com",
    );
    Arc::new(servers.expect("these are addresses"))
});

/// Messages of the WebSocket, one per line, with waiters for a command and for data.
pub fn messages(lines: &[u8]) {
    let now = Instant::now();
    let mut inbox = Inbox::new(Configuration::new((**SERVERS).clone()).unclaimed);
    let asked = inbox.breaks();
    inbox.wait_for(
        Awaited::Command(CommandId::from("c-1")),
        asked,
        "command",
        now,
    );
    inbox.wait_for(Awaited::Data("r-1".into()), asked, "data", now);
    for line in lines.split(|byte| *byte == b'\n') {
        if let Ok(text) = str::from_utf8(line) {
            inbox.deliver(Message::read(text), now);
        }
    }
}

/// The body of an answer, read as the answer of every operation.
pub fn answers(body: &[u8]) {
    for status in [200, 202, 404, 422] {
        let reply = Reply {
            status,
            command_header: None,
            request_header: None,
            retry_after: None,
            body: Bytes::copy_from_slice(body),
            servers: Arc::clone(&SERVERS),
        };
        let _whichever = (reply.command_id(), reply.data_request(), reply.details());
        for read in catalog().filter_map(|entry| entry.read) {
            read(&reply);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_target_holds_for_its_whole_corpus() {
        let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
        for (name, target) in TARGETS {
            let corpus = fs::read_dir(corpora.join(name)).unwrap();
            let inputs: Vec<_> = corpus.map(|entry| entry.unwrap().path()).collect();
            assert!(!inputs.is_empty(), "{name} has no corpus");
            for input in inputs {
                target(&fs::read(input).unwrap());
            }
        }
    }
}
