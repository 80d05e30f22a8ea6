//! Fuzz targets for everything that parses answers of a service: a target must not panic on any bytes. The seeds are in
//! `fuzz/seeds/<name>`.

use std::sync::{Arc, LazyLock};
use std::time::Instant;

use bytes::Bytes;

use crate::answer::Reply;
use crate::configuration::Configuration;
use crate::identifier::CommandId;
use crate::inbox::message::Message;
use crate::inbox::{Awaited, Inbox};
use crate::operation::Operation;
use crate::operations::{
    data_token, device, directory, oauth_application, policy, profile, public_key, storage,
    utility, verified_authenticator, voting,
};
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
        read_as_any(&reply);
    }
}

fn read_as_any(reply: &Reply) {
    read_as::<utility::CheckHealth>(reply);
    read_as::<utility::CommandStatus>(reply);
    read_as::<profile::RegisterProfile>(reply);
    read_as::<profile::Authenticate>(reply);
    read_as::<profile::ReauthorizeToken>(reply);
    read_as::<profile::RevokeToken>(reply);
    read_as::<profile::TokenExpiry>(reply);
    read_as::<profile::RetrieveProfileId>(reply);
    read_as::<profile::GenerateQrToken>(reply);
    read_as::<public_key::GenerateKeys>(reply);
    read_as::<public_key::RetrieveEnginePublicKey>(reply);
    read_as::<public_key::RetrievePublicKey>(reply);
    read_as::<data_token::RequestData>(reply);
    read_as::<data_token::ConfigureFileMeta>(reply);
    read_as::<data_token::ListDataTokens>(reply);
    read_as::<data_token::RetrieveTemporaryToken>(reply);
    read_as::<device::RetrieveIdentifier>(reply);
    read_as::<device::DeviceConfiguration>(reply);
    read_as::<device::ListDevices>(reply);
    read_as::<storage::ListStorage>(reply);
    read_as::<data_token::TransactionStatistics>(reply);
    read_as::<oauth_application::RetrieveApplicationConfiguration>(reply);
    read_as::<oauth_application::RetrieveAuthorizationCode>(reply);
    read_as::<oauth_application::ObtainAccessToken>(reply);
    read_as::<oauth_application::ListApplications>(reply);
    read_as::<oauth_application::RetrieveApplicationScope>(reply);
    read_as::<verified_authenticator::RetrieveVotingStrategy>(reply);
    read_as::<verified_authenticator::ListVotingConfigurations>(reply);
    read_as::<policy::ListPolicyTemplates>(reply);
    read_as::<policy::ListRegisteredPolicies>(reply);
    read_as::<directory::OwnedDirectories>(reply);
    read_as::<directory::ListInvites>(reply);
    read_as::<directory::ListUsers>(reply);
    read_as::<directory::ListDirectoryDevices>(reply);
    read_as::<voting::CreateVoting>(reply);
    read_as::<voting::CheckPoolStatus>(reply);
}

fn read_as<O: Operation>(reply: &Reply) {
    if O::accepts(reply.status) {
        // Either is right: what counts is that it comes to an end.
        let _answer = O::parse(reply);
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
