//! A sandbox in this process and a signed-up user of the command line, whose processes can be killed.

use std::fs;

use privicore_sandbox::{Dialect, Sandbox};
use rusqlite::Connection;

use crate::command_line::Person;
use crate::test_vault::random_bytes;

/// The vault's database, and what is not in it yet.
const RECORDS: &str = "records.sqlite";
const LOG: &str = "records.sqlite-wal";
/// Kinds of its rows.
const RECEIPT: u8 = 4;
const TICKET: u8 = 5;

/// A sandbox that can be told what goes wrong, and somebody who uses it by commands that can be killed.
pub struct CliFixture {
    pub sandbox: Sandbox,
    /// Who is signed up there.
    pub ada: Person,
}

impl CliFixture {
    /// Starts a sandbox that speaks `dialect`, and signs somebody up.
    pub async fn set(dialect: Dialect) -> Self {
        let sandbox = Sandbox::builder()
            .memory()
            .dialect(dialect)
            .auto_storage(3)
            .start()
            .await;
        let sandbox = sandbox.expect("a sandbox starts");
        let at = sandbox.addresses();
        let service = [
            ["--server", &at.api],
            ["--websocket", &at.websocket],
            ["--upstream", &at.upstream],
            ["--downstream", &at.downstream],
        ];
        let ada = Person::with(&service.concat()).expect("a folder for somebody");
        let signed_up = ada.does(&["sign-up", "ada"]).await;
        signed_up.expect("the name is free");
        sandbox.control().forget_calls();
        Self { sandbox, ada }
    }

    /// Writes a file to be stored.
    pub fn write(&self, name: &str, size: usize) {
        let written = fs::write(self.ada.folder().join(name), random_bytes(size));
        written.expect("a file in the test's folder");
    }

    /// How many files the service has.
    pub async fn tokens(&self) -> usize {
        let tokens = self.sandbox.control().list_tokens("ada").await;
        tokens.expect("the sandbox can look").len()
    }

    /// The service has so many files, each is listed here with a receipt, and no receipt or ticket is left over.
    pub async fn holds_exactly(&self, files: usize, after: &str) {
        self.holds_files(files, after).await;
        assert_eq!(self.rows(TICKET), 0, "tickets, killed at {after}");
    }

    /// The service has so many files, each is listed here with a receipt, and no receipt is left over.
    pub async fn holds_files(&self, files: usize, after: &str) {
        assert_eq!(self.tokens().await, files, "killed at {after}");
        let listed = self.ada.does(&["ls"]).await.expect("it can be listed");
        assert_eq!(listed.len(), files, "killed at {after}: {listed:?}");
        for line in listed {
            assert_eq!(line["state"], "stored", "killed at {after}: {line}");
        }
        assert_eq!(self.rows(RECEIPT), files, "receipts, killed at {after}");
    }

    /// A file comes back as it was written.
    pub async fn comes_back(&self, name: &str, size: usize) {
        let listed = self.ada.does(&["ls"]).await.expect("it can be listed");
        let line = listed.iter().find(|line| line["name"] == name);
        let id = line.and_then(|line| line["id"].as_str());
        let back = format!("{name}.back");
        let got = self
            .ada
            .does(&["get", id.expect("it is listed"), "-o", &back, "--force"])
            .await;
        got.expect("it can be fetched");
        let back = fs::read(self.ada.folder().join(back)).expect("it was saved");
        assert!(back == random_bytes(size), "{name}");
    }

    /// How many transfers are written down as unfinished.
    pub fn tickets(&self) -> usize {
        self.rows(TICKET)
    }

    /// Looks at a copy: nothing is repaired by looking.
    fn rows(&self, kind: u8) -> usize {
        let profiles = fs::read_dir(self.ada.data_dir().join("profiles"));
        let profile = profiles.expect("a profile was made").flatten().next();
        let profile = profile.expect("there is one").path();
        let copy = tempfile::tempdir().expect("a folder for the copy");
        fs::copy(profile.join(RECORDS), copy.path().join(RECORDS)).expect("records are there");
        // It is there after a kill only.
        let _ = fs::copy(profile.join(LOG), copy.path().join(LOG));
        let database = Connection::open(copy.path().join(RECORDS)).expect("a database");
        let count = "SELECT count(*) FROM rows WHERE kind = ?1";
        let counted = database.query_row(count, [kind], |row| row.get::<_, i64>(0));
        usize::try_from(counted.expect("rows can be counted")).expect("a count is not negative")
    }
}
