//! `privicore` and `privicore-sandbox` as a script would use them.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use anyhow::{Context, Result, ensure};
use privicore_sandbox::Dialect;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use crate::process::{Process, built};
use crate::wait::{LONG, within};

/// The password of everybody here.
pub const SECRET: &str = "correct horse battery staple";
/// The passphrase of everybody here: another one than the password, as has to be.
pub const PASSPHRASE: &str = "ochre lantern quarrel meadow";

/// A sandbox that was started by hand.
#[derive(Debug)]
pub struct SandboxProcess {
    _process: Process,
    addresses: Value,
}

/// One person at a terminal, with a folder of their own.
#[derive(Debug)]
pub struct Person {
    dir: TempDir,
    service: Vec<String>,
}

impl SandboxProcess {
    /// Starts it on free ports, with nothing kept and three storage devices a profile.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start(dialect: Dialect) -> Result<Self> {
        let dialect = format!("{dialect:?}").to_lowercase();
        let mut process = Process::start(built("privicore-sandbox")?, |command| {
            command.args(["--memory", "--auto-storage", "3", "--dialect", &dialect]);
            for server in ["api", "websocket", "upstream", "downstream"] {
                command.args([format!("--{server}-port"), "0".into()]);
            }
            command.stderr(Stdio::null());
        })?;
        let line = process.line("the addresses").await?;
        Ok(Self {
            _process: process,
            addresses: serde_json::from_str(&line)?,
        })
    }

    fn arguments(&self) -> Result<Vec<String>> {
        let mut arguments = Vec::new();
        for (name, option) in [
            ("api", "--server"),
            ("websocket", "--websocket"),
            ("upstream", "--upstream"),
            ("downstream", "--downstream"),
        ] {
            let address = self.addresses[name].as_str().context("an address")?;
            arguments.extend([option.to_owned(), address.to_owned()]);
        }
        Ok(arguments)
    }
}

impl Person {
    /// Somebody who uses this sandbox.
    ///
    /// # Errors
    /// When there is no folder to be had.
    pub fn at(sandbox: &SandboxProcess) -> Result<Self> {
        Ok(Self {
            dir: tempfile::tempdir()?,
            service: sandbox.arguments()?,
        })
    }

    /// Somebody who names the service like this.
    ///
    /// # Errors
    /// When there is no folder to be had.
    pub fn with(service: &[&str]) -> Result<Self> {
        Ok(Self {
            dir: tempfile::tempdir()?,
            service: service.iter().map(|&word| word.to_owned()).collect(),
        })
    }

    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// Where `privicore` keeps its data for them.
    pub fn data_dir(&self) -> PathBuf {
        self.folder().join("data")
    }

    /// `privicore` with these arguments, in their folder.
    ///
    /// # Errors
    /// When it is not built.
    pub fn privicore(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(built("privicore")?);
        self.set(&mut command, &["--json"], arguments);
        Ok(command)
    }

    /// Runs `privicore`, which has to succeed; answers its lines.
    ///
    /// # Errors
    /// When it does not.
    pub async fn does(&self, arguments: &[&str]) -> Result<Vec<Value>> {
        let output = finished(self.privicore(arguments)?).await?;
        let complaint = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{arguments:?}: {complaint}");
        lines(&output.stdout)
    }

    /// Runs `privicore` as a person does, without JSON. It has to succeed; answers what it remarks.
    ///
    /// # Errors
    /// When it does not.
    pub async fn remarks(&self, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(built("privicore")?);
        self.set(&mut command, &[], arguments);
        let output = finished(command).await?;
        let remarks = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.success(), "{arguments:?}: {remarks}");
        Ok(remarks)
    }

    fn set(&self, command: &mut Command, form: &[&str], arguments: &[&str]) {
        command
            .current_dir(self.folder())
            .args(form)
            .args(["--no-keyring", "--data-dir"])
            .arg(self.data_dir())
            .args(&self.service)
            .args(arguments)
            .env("PRIVICORE_PASSWORD", SECRET)
            .env("PRIVICORE_PASSPHRASE", PASSPHRASE)
            .env("PRIVICORE_CHEAP_KEYS", "1")
            .stdin(Stdio::null())
            .kill_on_drop(true);
    }

    /// Runs `privicore`, which has to fail; answers its exit code and what it complained about.
    ///
    /// # Errors
    /// When it does not fail, or not in JSON.
    pub async fn fails(&self, arguments: &[&str]) -> Result<(i32, Value)> {
        complaint(self.privicore(arguments)?).await
    }
}

/// The exit code and the complaint of a command that has to fail.
///
/// # Errors
/// When it does not fail, or does not say why in one JSON object.
pub async fn complaint(command: Command) -> Result<(i32, Value)> {
    let output = finished(command).await?;
    ensure!(!output.status.success(), "it succeeded: {output:?}");
    let code = output.status.code().context("it was killed")?;
    let complaint = lines(&output.stderr)?.pop().context("it said nothing")?;
    Ok((code, complaint))
}

async fn finished(mut command: Command) -> Result<Output> {
    Ok(within("privicore to end", LONG, command.output()).await??)
}

fn lines(output: &[u8]) -> Result<Vec<Value>> {
    let lines = output.split(|byte| *byte == b'\n');
    lines
        .filter(|line| !line.is_empty())
        .map(|line| Ok(serde_json::from_slice(line)?))
        .collect()
}
