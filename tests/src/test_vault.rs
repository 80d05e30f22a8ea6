//! A vault with its own sandbox, and the steps that most tests need.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use privicore_client::operations::data_token::UpdateData;
use privicore_client::operations::profile::Authenticate;
use privicore_client::{Client, Configuration, DataAnswer, ServerUrls};
use privicore_sandbox::{Dialect, Ports, Sandbox, Settings};
use privicore_vault::{
    Addresses, Connection, Credentials, Error, Existing, Explanation, File, FileQuery, KeyCost,
    KeyringUse, Options, RetryPolicy, TimeLimits, Transfer, TransferId, TransferState, Vault,
};
use secrecy::SecretString;
use tempfile::TempDir;

use crate::liar::Liar;
use crate::wait::wait_until;

/// A vault signed in to a sandbox of its own.
pub struct TestVault {
    pub vault: Vault,
    sandbox: Option<Sandbox>,
    dir: TempDir,
    dialect: Dialect,
    retry_policy: RetryPolicy,
    limits: Option<TimeLimits>,
    liar: Option<Liar>,
}

/// Limits for a service on the same machine that is silent on purpose.
const SHORT_LIMITS: TimeLimits = TimeLimits {
    answer: Duration::from_millis(1500),
    idle: Duration::from_millis(1500),
    settle: Duration::from_secs(3),
    poll: Duration::from_millis(200),
};

impl TestVault {
    /// Starts a sandbox that speaks `dialect` and creates a profile in it. What fails is not tried again by itself.
    pub async fn signed_up(dialect: Dialect) -> Self {
        Self::with(dialect, RetryPolicy::Never, None).await
    }

    /// The same with a vault that soon takes a silent service for one that has failed.
    pub async fn with_short_limits(dialect: Dialect) -> Self {
        Self::with(dialect, RetryPolicy::Never, Some(SHORT_LIMITS)).await
    }

    /// The same as the window does it: what fails is tried again, and what is unfinished goes on after a restart.
    pub async fn retrying(dialect: Dialect) -> Self {
        Self::with(dialect, RetryPolicy::UntilDone, None).await
    }

    /// The same with somebody between the vault and the service who changes what that answers.
    pub async fn lied_to(dialect: Dialect) -> Self {
        let mut fixture = Self::started(dialect, RetryPolicy::Never, Some(SHORT_LIMITS)).await;
        let liar = Liar::before(&addresses(fixture.sandbox()).api).await;
        fixture.liar = Some(liar.expect("there is a port"));
        fixture.sign_up().await;
        fixture
    }

    /// Starts a sandbox of a form that no dialect fixes, and opens a vault on it. No profile is created yet.
    pub async fn at_service_with(dialect: Dialect, settings: Settings) -> Self {
        let fixture = Self::started(dialect, RetryPolicy::Never, None).await;
        fixture.sandbox().control().choose(settings);
        let service = Connection::Service(addresses(fixture.sandbox()));
        fixture
            .vault
            .connect(service)
            .await
            .expect("the sandbox is a service");
        fixture
    }

    /// Who changes what the service answers.
    pub fn liar(&self) -> &Liar {
        self.liar.as_ref().expect("the house is lied to")
    }

    async fn with(dialect: Dialect, retry_policy: RetryPolicy, limits: Option<TimeLimits>) -> Self {
        let fixture = Self::started(dialect, retry_policy, limits).await;
        fixture.sign_up().await;
        fixture
    }

    async fn started(
        dialect: Dialect,
        retry_policy: RetryPolicy,
        limits: Option<TimeLimits>,
    ) -> Self {
        let dir = tempfile::tempdir().expect("a folder for the test");
        let mut fixture = Self {
            vault: open(&dir.path().join("data"), retry_policy, limits).await,
            sandbox: None,
            dir,
            dialect,
            retry_policy,
            limits,
            liar: None,
        };
        fixture.start_service(Ports::default()).await;
        fs::create_dir_all(fixture.originals()).expect("a folder for originals");
        fixture
    }

    async fn sign_up(&self) {
        let mut service = addresses(self.sandbox());
        if let Some(liar) = &self.liar {
            liar.address().clone_into(&mut service.api);
        }
        self.vault
            .connect(Connection::Service(service))
            .await
            .expect("the sandbox is a service");
        self.vault
            .sign_up(Self::credentials(PASSWORD), Some(Self::passphrase()))
            .await
            .expect("the name is free");
    }

    async fn start_service(&mut self, ports: Ports) {
        let sandbox = Sandbox::builder()
            .data_dir(self.dir.path().join("service"))
            .dialect(self.dialect)
            .auto_storage(3)
            .ports(ports)
            .start()
            .await;
        self.sandbox = Some(sandbox.expect("a sandbox starts"));
    }

    pub fn sandbox(&self) -> &Sandbox {
        self.sandbox.as_ref().expect("the service still runs")
    }

    /// Takes the service away, as a network that breaks down does; answers where it was.
    pub async fn stop_service(&mut self) -> Ports {
        let sandbox = self.sandbox.take().expect("the service still runs");
        let ports = ports(&sandbox);
        sandbox.shutdown().await;
        ports
    }

    /// Brings the service back where it was.
    pub async fn bring_back_service(&mut self, ports: Ports) {
        self.start_service(ports).await;
    }

    /// A vault on its embedded sandbox, signed in to the trial profile.
    pub async fn trial(data_dir: &Path) -> Vault {
        let vault = Self::open(data_dir).await;
        vault
            .try_now(Some(Self::passphrase()))
            .await
            .expect("the embedded sandbox starts");
        vault
    }

    /// Opens a vault that does not touch this machine's keyring.
    pub async fn open(data_dir: &Path) -> Vault {
        open(data_dir, RetryPolicy::Never, None).await
    }

    /// Another process of this machine with the same data, unlocked.
    pub async fn beside(&self) -> Vault {
        let vault = open(&self.data_dir(), self.retry_policy, self.limits).await;
        let unlocked = vault.unlock(Some(Self::passphrase())).await;
        unlocked.expect("the passphrase is right");
        vault
    }

    /// Where the service is, for a second machine.
    pub fn addresses(&self) -> Addresses {
        addresses(self.sandbox())
    }

    /// The user of the house, with a password that may be wrong.
    pub fn credentials(password: &str) -> Credentials {
        Credentials {
            username: "alice@example.com".into(),
            password: password.into(),
        }
    }

    pub fn passphrase() -> SecretString {
        "correct horse battery staple".into()
    }

    /// Where the test's own files are.
    pub fn originals(&self) -> PathBuf {
        self.dir.path().join("originals")
    }

    pub fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Writes a file to be stored; answers its path and its bytes.
    pub fn write(&self, name: &str, bytes: Vec<u8>) -> (PathBuf, Vec<u8>) {
        let path = self.originals().join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).expect("a folder in the test's folder");
        }
        fs::write(&path, &bytes).expect("a file in the test's folder");
        (path, bytes)
    }

    /// Stores files and waits until each transfer has ended.
    pub async fn store(&self, paths: Vec<PathBuf>, context: &str) -> Vec<Transfer> {
        let ids = self
            .vault
            .store(paths, context)
            .await
            .expect("somebody is signed in");
        self.ended(&ids).await
    }

    /// Waits until the transfers have ended.
    pub async fn ended(&self, ids: &[TransferId]) -> Vec<Transfer> {
        let all = || {
            let transfers = ids.iter().map(|id| self.vault.transfer(*id).ok().flatten());
            transfers.collect::<Option<Vec<Transfer>>>()
        };
        wait_until("the transfers have ended", async || {
            all().is_some_and(|all| all.iter().all(|transfer| transfer.state.has_ended()))
        })
        .await;
        all().expect("the transfers are still listed")
    }

    /// Waits until the transfers have ended and nothing of them is unclear.
    pub async fn settled(&self, ids: &[TransferId]) {
        wait_until("nothing is unclear any more", async || {
            ids.iter().all(|id| {
                let transfer = self.vault.transfer(*id).ok().flatten();
                transfer.is_some_and(|transfer| {
                    transfer.state.has_ended() && transfer.state != TransferState::NotConfirmed
                })
            })
        })
        .await;
    }

    pub fn names(&self) -> Vec<String> {
        self.listed().iter().map(|file| file.name.clone()).collect()
    }

    /// The file in the list that was stored from `path`.
    pub fn file_named(&self, path: &Path) -> Arc<File> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        self.listed()
            .into_iter()
            .find(|file| file.name == name)
            .unwrap_or_else(|| panic!("{name} is not in the list"))
    }

    pub fn listed(&self) -> Vec<Arc<File>> {
        let page = self.vault.query(&FileQuery::default());
        page.expect("somebody is signed in").rows
    }

    /// What the service hands out for a file, fetched past the vault.
    pub async fn raw(&self, file: &File) -> Vec<u8> {
        let client = self.client().await;
        let bytes = match client
            .retrieve(&file.token, || {})
            .await
            .expect("an answer")
        {
            DataAnswer::Inline(bytes) => bytes.to_vec(),
            DataAnswer::Link(link) => {
                let download = client.fetch_downstream(&link).await.expect("a download");
                let pieces: Vec<_> = download.body.try_collect().await.expect("all of it");
                pieces.concat()
            }
        };
        client.deauthorize().await;
        bytes
    }

    /// Replaces what the service has for a file, behind the vault's back.
    pub async fn replace(&self, file: &File, stored: Vec<u8>) {
        let client = self.client().await;
        let update = UpdateData {
            token: file.token.clone(),
            data: stored.into(),
            meta: None,
        };
        client.run_command(&update).await.expect("it is replaced");
        client.deauthorize().await;
    }

    /// Somebody who signs in past the vault.
    async fn client(&self) -> Client {
        let addresses = addresses(self.sandbox());
        let servers = ServerUrls::parse(
            &addresses.api,
            &addresses.websocket,
            &addresses.upstream,
            &addresses.downstream,
        );
        let servers = servers.expect("the sandbox has addresses");
        let client = Client::new(Configuration::new(servers)).expect("a client");
        let Credentials { username, password } = Self::credentials(PASSWORD);
        let authorization = client.call(&Authenticate { username, password }).await;
        client.authorize(authorization.expect("the password is right").token);
        client
    }

    /// Saves a file and waits for the end.
    pub async fn save(&self, file: &File, target: &Path, existing: Existing) -> Transfer {
        let id = self
            .vault
            .save(file.id, target, existing)
            .await
            .expect("the file is in the list");
        self.ended(&[id]).await.remove(0)
    }

    /// Saves a file under a name of the test's own; answers its bytes.
    ///
    /// # Errors
    /// What a person would read.
    pub async fn saved(&self, file: &File) -> Result<Vec<u8>, Explanation> {
        let target = self.dir.path().join("saved");
        let transfer = self.save(file, &target, Existing::Replace).await;
        match transfer.error {
            Some(error) => Err(error),
            None => Ok(fs::read(&target).expect("a saved file is there")),
        }
    }

    /// Signs in with the right password and passphrase.
    ///
    /// # Errors
    /// What the vault answers.
    pub async fn sign_in(&self) -> Result<(), Error> {
        self.vault
            .sign_in(Self::credentials(PASSWORD), Some(Self::passphrase()))
            .await
    }

    /// Ends the vault and opens it again on the same data.
    pub async fn restart(&mut self) {
        self.vault.shut_down().await;
        self.vault = open(&self.data_dir(), self.retry_policy, self.limits).await;
    }

    /// Damages one record of a kind on the disk. The vault is shut down.
    pub fn damage(&self, kind: Record) {
        let damaged = self.records().execute(
            "UPDATE rows SET body = zeroblob(length(body))
             WHERE kind = ?1 AND id = (SELECT min(id) FROM rows WHERE kind = ?1)",
            [kind as u8],
        );
        assert_eq!(damaged.ok(), Some(1), "there is a record: {kind:?}");
    }

    /// How many records of a kind there are on the disk.
    pub fn count(&self, kind: Record) -> usize {
        let count = "SELECT count(*) FROM rows WHERE kind = ?1";
        let counted = self
            .records()
            .query_row(count, [kind as u8], |row| row.get::<_, u32>(0));
        counted.expect("records can be counted") as usize
    }

    /// Takes the record of a file off the disk, as it is before another process has written it.
    pub fn take_row(&self, kind: Record, file: &File) -> Vec<u8> {
        let records = self.records();
        let row = (kind as u8, file.id.to_string());
        let body = "SELECT body FROM rows WHERE kind = ?1 AND id = unhex(?2)";
        let body = records.query_row(body, row.clone(), |row| row.get(0));
        let gone = "DELETE FROM rows WHERE kind = ?1 AND id = unhex(?2)";
        let gone = records.execute(gone, row);
        assert_eq!(gone.ok(), Some(1), "there is a record: {kind:?}");
        body.expect("the record is there")
    }

    /// Puts a record of a file on the disk, as another process does.
    pub fn put_row(&self, kind: Record, file: &File, body: &[u8]) {
        let put = "INSERT OR REPLACE INTO rows (kind, id, body) VALUES (?1, unhex(?2), ?3)";
        let row = (kind as u8, file.id.to_string(), body);
        let put = self.records().execute(put, row);
        assert_eq!(put.ok(), Some(1));
    }

    fn records(&self) -> rusqlite::Connection {
        let profiles = fs::read_dir(self.data_dir().join("profiles")).expect("a profile was made");
        let profile = profiles.flatten().next().expect("there is one");
        let database = rusqlite::Connection::open(profile.path().join("records.sqlite"));
        database.expect("the records are there")
    }

    /// The user of the house with the right password.
    pub fn right_credentials() -> Credentials {
        Self::credentials(PASSWORD)
    }

    /// Takes the vault's data away and begins on an empty machine, with the same service.
    pub async fn lose_the_machine(&mut self) {
        self.vault.shut_down().await;
        fs::remove_dir_all(self.data_dir()).expect("the data folder was there");
        self.vault = open(&self.data_dir(), self.retry_policy, self.limits).await;
        let service = Connection::Service(addresses(self.sandbox()));
        self.vault
            .connect(service)
            .await
            .expect("the service is there");
    }

    /// Leaves the keys and takes the records, as on a machine that was just set up from the keys.
    pub async fn forget_records(&mut self) {
        self.vault.sign_out().await.expect("somebody is signed in");
        self.vault.shut_down().await;
        let settings = self.data_dir().join("settings.json");
        let known = fs::read(&settings).expect("there are settings");
        let mut known: serde_json::Value =
            serde_json::from_slice(&known).expect("settings are JSON");
        known["profiles"] = serde_json::json!([]);
        fs::write(&settings, known.to_string()).expect("settings can be written");
        let profiles = fs::read_dir(self.data_dir().join("profiles")).expect("a profile was made");
        for profile in profiles.flatten() {
            for name in ["records.sqlite", "records.sqlite-wal", "records.sqlite-shm"] {
                // The journal may be gone already.
                let _ = fs::remove_file(profile.path().join(name));
            }
        }
        self.vault = open(&self.data_dir(), self.retry_policy, self.limits).await;
    }
}

/// Kinds of records, by their numbers on the disk.
#[derive(Debug, Clone, Copy)]
pub enum Record {
    /// Who is signed in, and with what.
    Session = 1,
    File = 3,
    /// What was stored for a token.
    Receipt = 4,
    Ticket = 5,
    /// A key of the service that is remembered.
    Pin = 6,
    /// How files are encrypted from now on.
    SealingChoice = 10,
}

const PASSWORD: &str = "the password of alice";

async fn open(data_dir: &Path, retry_policy: RetryPolicy, limits: Option<TimeLimits>) -> Vault {
    let options = Options {
        data_dir: data_dir.to_owned(),
        keyring: KeyringUse::Off,
        retry_policy,
        key_cost: KeyCost::least(),
    };
    let vault = Vault::open_within(options, limits).await;
    vault.expect("the data directory can be used")
}

fn ports(sandbox: &Sandbox) -> Ports {
    let addresses = sandbox.addresses();
    let port = |address: &str| {
        let port = address
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok());
        port.expect("an address has a port")
    };
    Ports {
        api: port(&addresses.api),
        websocket: port(&addresses.websocket),
        upstream: port(&addresses.upstream),
        downstream: port(&addresses.downstream),
    }
}

fn addresses(sandbox: &Sandbox) -> Addresses {
    let addresses = sandbox.addresses();
    Addresses {
        api: addresses.api.clone(),
        websocket: addresses.websocket.clone(),
        upstream: addresses.upstream.clone(),
        downstream: addresses.downstream.clone(),
    }
}

/// Bytes that nothing can compress or guess; the same for the same length.
pub fn random_bytes(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let mut output = blake3::Hasher::new_derive_key("privicore tests random bytes v1");
    output.update(&length.to_le_bytes());
    output.finalize_xof().fill(&mut bytes);
    bytes
}
