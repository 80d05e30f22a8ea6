//! The process is killed at each call that makes something durable or gives it a name: between writing, `fsync`,
//! `rename` and row. What was begun is done once, as a whole, and nothing half done is left.
//!
//! A killed process leaves behind what it wrote, a power cut only what was synced; so the order of these calls is
//! looked at too.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use privicore_sandbox::Dialect;
use privicore_tests::cli_fixture::CliFixture;
use privicore_tests::process::Process;
use privicore_tests::test_vault::random_bytes;
use privicore_tests::wait_until;
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Command;

/// Travels as a stream.
pub(crate) const SIZE: usize = 300_000;
const NAME: &str = "original.bin";
pub(crate) const SYNC: &str = "fsync,fdatasync";
const RENAME: &str = "rename,renameat,renameat2,linkat";
/// The database is written like this.
const WRITE: &str = "pwrite64";
/// So many writes open the database, before anything was begun. strace counts by thread.
const OPENING: usize = 8;
/// Each row is a header and a page: without either it does not count.
const ROW: usize = 2;
/// One file in so many is fetched again.
const SAMPLE: usize = 4;
/// More calls than one transfer makes.
const MANY: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_killed_at_any_sync_or_row_is_stored_once() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let mut files = 0;
    for (calls, first, step) in [(SYNC, 1, 1), (WRITE, OPENING + 1, ROW)] {
        for (kills, at) in (first..MANY).step_by(step).enumerate() {
            let name = format!("{calls}.{at}");
            fixture.write(&name, SIZE);
            let killed = killed_at(&fixture, calls, at, &["put", &name]).await;
            let is_begun = fixture.tickets() == 1 || fixture.tokens().await > files;
            files += usize::from(is_begun);
            fixture.ada.does(&["resume"]).await.unwrap();
            fixture.holds_exactly(files, &name).await;
            nothing_is_left(&fixture);
            if is_begun && files % SAMPLE == 0 {
                fixture.comes_back(&name, SIZE).await;
            }
            if !killed {
                assert!(kills > 2, "{calls} strikes {kills} times only");
                break;
            }
        }
    }
    assert!(files > 8, "{files} of the killed transfers were begun");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_killed_at_any_sync_or_rename_is_saved_whole() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let id = stored(&fixture).await;
    // Each row is synced, and what lies between two syncs has tests of its own below.
    for calls in [SYNC, RENAME] {
        for (kills, at) in (1..MANY).enumerate() {
            let target = Target::new(&fixture);
            let get = ["get", &id, "-o", "target/back.bin", "--force"];
            let killed = killed_at(&fixture, calls, at, &get).await;
            target.is_before_or_after();
            let is_begun = fixture.tickets() == 1 || target.is_after();
            fixture.ada.does(&["resume"]).await.unwrap();
            target.is_before_or_after();
            assert_eq!(target.is_after(), is_begun, "killed at {calls} {at}");
            target.is_alone();
            fixture.holds_exactly(1, &format!("{calls} {at}")).await;
            nothing_is_left(&fixture);
            if !killed {
                assert!(kills > 0, "{calls} never strikes");
                break;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_killed_before_its_bytes_are_synced_is_saved_whole() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let id = stored(&fixture).await;
    let target = Target::new(&fixture);
    let get = ["get", &id, "-o", "target/back.bin", "--force"];
    // All bytes are in the temporary file, and the sync of it waits.
    let slowly = format!("inject={SYNC}:delay_enter=700ms");
    let whole = || open_in(&target.folder).contains(&(SIZE as u64));
    kill_when(&fixture, &["-e", &slowly], &get, whole).await;
    assert!(!target.is_after());
    target.ends_well(&fixture).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_killed_between_its_name_and_its_row_is_saved_once() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let id = stored(&fixture).await;
    for how in [&["--force"][..], &[]] {
        let target = Target::new(&fixture);
        if how.is_empty() {
            fs::remove_file(target.path()).unwrap();
        }
        let get = [&["get", &id, "-o", "target/back.bin"], how].concat();
        let slowly = format!("inject={RENAME}:delay_exit=5s");
        kill_when(&fixture, &["-e", &slowly], &get, || target.is_after()).await;
        target.ends_well(&fixture).await;
    }
}

/// What a power cut leaves is what was synced before: bytes before the name, the row that expects the name before it
/// too, and the name before the row that says it is done.
#[tokio::test(flavor = "multi_thread")]
async fn a_download_is_synced_before_it_is_named_and_done_after() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let id = stored(&fixture).await;
    let target = Target::new(&fixture);
    let log = fixture.ada.folder().join("calls.log");
    let options = ["-o", log.to_str().unwrap()];
    let get = ["get", &id, "-o", "target/back.bin", "--force"];
    let mut traced = strace(&fixture, &options, &get);
    assert!(traced.status().await.unwrap().success());
    assert!(target.is_after());
    let log = fs::read_to_string(log).unwrap();
    let calls: Vec<(&str, &str)> = log.lines().filter_map(call).collect();
    let named = calls
        .iter()
        .position(|(_, call)| call.starts_with("rename"));
    let named = named.expect("it is renamed");
    let (before, after) = (&calls[..named], &calls[named + 1..]);
    let writes = |call: &&(&str, &str)| call.1 == WRITE;
    let database = calls.iter().rfind(writes).expect("rows are written").0;
    let is_sync = |(_, call): &(&str, &str)| call.starts_with('f');
    let is_row = |call: &(&str, &str)| is_sync(call) && call.0 == database;
    let is_file = |call: &(&str, &str)| is_sync(call) && call.0 != database;
    let bytes = before.iter().rposition(is_file);
    let bytes = bytes.expect("the bytes are synced before the name");
    let expected = before[bytes..].iter().any(is_row);
    assert!(expected, "the row is synced before the name: {calls:?}");
    let folder = after.iter().position(is_file);
    let folder = folder.expect("the name is synced");
    let done = after.iter().position(is_row);
    let done = done.expect("the row that says so is synced");
    assert!(folder < done, "the name is synced first: {calls:?}");
}

/// Thread and name of a call that begins on this line.
fn call(line: &str) -> Option<(&str, &str)> {
    let (thread, rest) = line.split_once(' ')?;
    let (name, _) = rest.trim_start().split_once('(')?;
    name.chars()
        .all(char::is_alphanumeric)
        .then_some((thread, name))
}

/// A place to save to, with a file that is there already.
pub(crate) struct Target {
    folder: PathBuf,
}

impl Target {
    pub(crate) fn new(fixture: &CliFixture) -> Self {
        let folder = fixture.ada.folder().join("target");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let target = Self { folder };
        fs::write(target.path(), b"before").unwrap();
        target
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join("back.bin")
    }

    pub(crate) fn is_after(&self) -> bool {
        fs::read(self.path()).is_ok_and(|bytes| bytes == random_bytes(SIZE))
    }

    fn is_before_or_after(&self) {
        let found = fs::read(self.path()).unwrap();
        assert!(
            found == b"before" || self.is_after(),
            "{} bytes",
            found.len()
        );
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).unwrap().flatten();
        let names = entries.map(|entry| entry.file_name().into_string().unwrap());
        names.collect()
    }

    pub(crate) fn is_alone(&self) {
        assert_eq!(self.names(), ["back.bin"]);
    }

    async fn ends_well(&self, fixture: &CliFixture) {
        fixture.ada.does(&["resume"]).await.unwrap();
        assert!(self.is_after());
        self.is_alone();
        fixture.holds_exactly(1, "the moment").await;
        nothing_is_left(fixture);
    }
}

pub(crate) async fn stored(fixture: &CliFixture) -> String {
    fixture.write(NAME, SIZE);
    let put = fixture.ada.does(&["put", NAME]).await.unwrap();
    put[0]["id"].as_str().unwrap().to_owned()
}

/// The lengths of the files that are open below a folder, also of those without a name.
fn open_in(folder: &Path) -> Vec<u64> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let open = processes.filter_map(|process| fs::read_dir(process.path().join("fd")).ok());
    let open = open.flatten().flatten().map(|entry| entry.path());
    let below = open.filter(|file| fs::read_link(file).is_ok_and(|file| file.starts_with(folder)));
    below
        .filter_map(|file| Some(file.metadata().ok()?.len()))
        .collect()
}

/// Nothing is in the data directory but what a vault that was closed in peace keeps there. The database may leave its
/// log.
fn nothing_is_left(fixture: &CliFixture) {
    let mut names = BTreeSet::new();
    collect_names(&fixture.ada.data_dir(), &mut names);
    names.retain(|name| !name.starts_with("records.sqlite"));
    let kept = [
        "keys.age",
        "keys.age.previous",
        "salt",
        "settings.json",
        "settings.lock",
        "turn.lock",
    ];
    assert_eq!(names, kept.map(str::to_owned).into());
}

fn collect_names(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            collect_names(&entry.path(), names);
        } else {
            names.insert(entry.file_name().into_string().unwrap());
        }
    }
}

/// Whether `privicore` was killed as a thread of it began its `at`-th of these calls; otherwise it has succeeded.
async fn killed_at(fixture: &CliFixture, calls: &str, at: usize, command: &[&str]) -> bool {
    let kill = format!("inject={calls}:signal=SIGKILL:when={at}");
    let mut traced = strace(fixture, &["-e", &kill, "-o", "/dev/null"], command);
    let ended = traced.status().await.expect("strace is installed");
    let killed = ended.signal() == Some(Signal::KILL.as_raw());
    assert!(
        killed || ended.success(),
        "strace cannot trace a process on this machine, or it failed by itself: {ended}"
    );
    killed
}

/// Runs `privicore` under strace and kills it when `moment` has come.
async fn kill_when(
    fixture: &CliFixture,
    options: &[&str],
    command: &[&str],
    moment: impl Fn() -> bool,
) {
    signal_when(fixture, options, command, Signal::KILL, moment).await;
}

/// Runs `privicore` under strace, sends it a signal when `moment` has come, and waits until it has ended.
pub(crate) async fn signal_when(
    fixture: &CliFixture,
    options: &[&str],
    command: &[&str],
    signal: Signal,
    moment: impl Fn() -> bool,
) {
    let traced = strace(fixture, &[options, &["-o", "/dev/null"]].concat(), command);
    let traced = traced.as_std();
    let mut process = Process::start(traced.get_program(), |command| {
        command.args(traced.get_args()).stderr(Stdio::null());
        command.current_dir(traced.get_current_dir().unwrap());
        command.envs(
            traced
                .get_envs()
                .filter_map(|(key, value)| Some((key, value?))),
        );
    })
    .unwrap();
    wait_until("the moment to kill", async || moment()).await;
    // Only what is traced: strace ends when all of it is gone.
    let children = format!("/proc/{0}/task/{0}/children", process.id());
    for child in fs::read_to_string(children).unwrap().split_whitespace() {
        let child = Pid::from_raw(child.parse().unwrap()).unwrap();
        kill_process(child, signal).unwrap();
    }
    wait_until("strace to end", async || !process.is_running()).await;
}

pub(crate) fn strace(fixture: &CliFixture, options: &[&str], command: &[&str]) -> Command {
    let program = fixture.ada.privicore(command).unwrap();
    let program = program.as_std();
    let mut traced = Command::new("strace");
    traced
        .args(["-f", "-qq", "-e", &format!("trace={SYNC},{RENAME},{WRITE}")])
        .args(options)
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(fixture.ada.folder())
        .envs(
            program
                .get_envs()
                .filter_map(|(key, value)| Some((key, value?))),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true);
    traced
}
