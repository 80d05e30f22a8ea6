//! Programs that are started: our own, and those of others.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::contest::Addresses;
use crate::measure::Measured;
use crate::service::Keeping;

/// Where programs are, and what other tools need to be set up.
pub(crate) struct Programs {
    bench: PathBuf,
    sandbox: PathBuf,
    /// Identity file and recipient of `age`.
    pub(crate) age: (PathBuf, String),
    /// The password of `rclone`, as its configuration wants it.
    pub(crate) rclone_password: String,
}

impl Programs {
    pub(crate) fn find(dir: &Path) -> Result<Self> {
        let bench = std::env::current_exe()?;
        let key = dir.join("age.key");
        output(Command::new("age-keygen").arg("-o").arg(&key))?;
        let recipient = output(Command::new("age-keygen").arg("-y").arg(&key))?;
        Ok(Self {
            sandbox: bench.with_file_name("privicore-sandbox"),
            bench,
            age: (key, recipient),
            rclone_password: output(Command::new("rclone").args(["obscure", "a password"]))?,
        })
    }

    /// One of our own commands.
    pub(crate) fn bench(&self, command: &str) -> Command {
        let mut words = Command::new(&self.bench);
        words.arg(command);
        words
    }

    pub(crate) fn serve(
        &self,
        keeping: Keeping,
        dir: &Path,
        certificate: Option<&Certificate>,
        listed: usize,
    ) -> Result<Server> {
        let mut command = self.bench("serve");
        let keep = match keeping {
            Keeping::Nothing => "nothing",
            Keeping::Memory => "memory",
            Keeping::Disk => "disk",
        };
        command.args(["--keep", keep]).arg("--dir").arg(dir);
        command.arg(format!("--listed={listed}"));
        if let Some(Certificate { chain, key, .. }) = certificate {
            command.arg("--certificate").arg(chain);
            command.arg("--key").arg(key);
        }
        Server::start(command)
    }

    /// Starts the app's window once. Its processes are no part of ours, so another program looks at them.
    pub(crate) fn start_up(&self) -> Result<Measured> {
        let line = output(&mut Command::new(self.bench.with_file_name("start-up")))?;
        Ok(serde_json::from_str(&line)?)
    }

    pub(crate) fn sandbox(&self, dir: &Path) -> Result<Server> {
        let mut command = Command::new(&self.sandbox);
        command.arg("--data-dir").arg(dir);
        command.args(["--auto-storage", "3"]);
        for port in ["api", "websocket", "upstream", "downstream"] {
            command.arg(format!("--{port}-port=0"));
        }
        command.env("RUST_LOG", "warn");
        Server::start(command)
    }
}

/// A service that runs as long as this value lives.
pub(crate) struct Server {
    child: Child,
    pub(crate) addresses: Addresses,
}

impl Server {
    fn start(mut command: Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let stdout = child.stdout.take().context("no output to read")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let addresses = serde_json::from_str(&line).context("the service gave no addresses")?;
        Ok(Self { child, addresses })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended by itself needs no end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An authority of our own and the certificate it gave to `localhost`.
pub(crate) struct Certificate {
    pub(crate) authority: PathBuf,
    chain: PathBuf,
    key: PathBuf,
}

impl Certificate {
    pub(crate) fn generate(dir: &Path) -> Result<Self> {
        let authority = dir.join("authority.pem");
        let authority_key = dir.join("authority.key");
        let chain = dir.join("localhost.pem");
        let key = dir.join("localhost.key");
        let mut issue = openssl(&authority, &authority_key, "/CN=Benchmark authority");
        issue.args(["-addext", "basicConstraints=critical,CA:TRUE"]);
        output(&mut issue)?;
        let mut issue = openssl(&chain, &key, "/CN=localhost");
        issue.arg("-CA").arg(&authority);
        issue.arg("-CAkey").arg(&authority_key);
        issue.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
        issue.args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]);
        output(&mut issue)?;
        Ok(Self {
            authority,
            chain,
            key,
        })
    }
}

/// A certificate for a new P-256 key, good for a week.
fn openssl(certificate: &Path, key: &Path, subject: &str) -> Command {
    let mut command = Command::new("openssl");
    command.args(["req", "-x509", "-noenc", "-days", "7", "-subj", subject]);
    command.args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    command.arg("-keyout").arg(key).arg("-out").arg(certificate);
    command
}

pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    ensure!(
        output.status.success(),
        "{} failed: {}",
        command.get_program().display(),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
