//! Other programs: long-running ones that end with their owner, and short ones that are asked something.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Signal, kill_process_group};
use std::os::unix::process::CommandExt;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::ChildStdout;

use crate::wait::{LONG, within};

const ANSWER: Duration = Duration::from_secs(15);

/// A program in a process group of its own: it and all it started are killed when this is dropped, and when the
/// test's thread dies without dropping anything.
#[derive(Debug)]
pub struct Process {
    child: Child,
    lines: Option<Lines<BufReader<ChildStdout>>>,
}

impl Process {
    /// Starts `program` with the environment and arguments `with` gives it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(program: impl AsRef<OsStr>, with: impl FnOnce(&mut Command)) -> Result<Self> {
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "--"])
            .arg(program.as_ref());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .process_group(0);
        with(&mut command);
        let mut child = command
            .spawn()
            .with_context(|| format!("starting {command:?}"))?;
        let output = child.stdout.take().map(ChildStdout::from_std).transpose()?;
        Ok(Self {
            child,
            lines: output.map(|output| BufReader::new(output).lines()),
        })
    }

    /// Its own side of the pipe that was asked for with [`Command::stdin`].
    pub fn stdin(&mut self) -> Option<std::process::ChildStdin> {
        self.child.stdin.take()
    }

    /// The next line of its standard output.
    ///
    /// # Errors
    /// When it ends, or says nothing for too long.
    pub async fn line(&mut self, what: &str) -> Result<String> {
        let lines = self.lines.as_mut().context("its output is not piped")?;
        within(what, LONG, lines.next_line())
            .await??
            .with_context(|| format!("it ended before: {what}"))
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it and all it started to end, as the end of a session does.
    ///
    /// # Errors
    /// When it is gone.
    pub fn terminate(&self) -> Result<()> {
        Ok(kill_process_group(
            Pid::from_child(&self.child),
            Signal::TERM,
        )?)
    }

    /// Whether it is still there.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Gone already is as good as killed now.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        drop(self.child.wait());
    }
}

/// One of our own programs, where cargo puts it: beside the test, or one folder up from it.
///
/// # Errors
/// When it is not built.
pub fn built(program: &str) -> Result<PathBuf> {
    let this = std::env::current_exe()?;
    let folders = this.ancestors().skip(1).take(2);
    let mut places = folders.map(|folder| folder.join(program));
    places.find(|path| path.is_file()).with_context(|| {
        format!("{program} is not built beside this test: cargo build --workspace --all-targets (cargo xtask test \
            does)")
    })
}

/// Runs a short program and answers what it prints, trimmed.
///
/// # Errors
/// When it cannot be started, fails, or takes too long.
pub async fn ask(program: &str, with: impl FnOnce(&mut tokio::process::Command)) -> Result<String> {
    let mut command = tokio::process::Command::new(program);
    command.stdin(Stdio::null()).kill_on_drop(true);
    with(&mut command);
    let output = within(program, ANSWER, command.output())
        .await?
        .with_context(|| format!("starting {program}"))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{:?}: {complaint}",
        command.as_std()
    );
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
