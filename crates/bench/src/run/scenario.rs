//! One service and everybody who sends to it.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::measure::Measured;
use crate::run::contestant::Contestant;
use crate::run::files::{Files, ensure_same, settle};
use crate::run::machine::touch_memory;
use crate::run::program::{Certificate, Programs, Server};
use crate::run::row::{Direction, MIB, Row};
use crate::run::shell;
use crate::service::Keeping;

/// Everybody in turn on each of the scenes, again and again, so that whatever changes on the machine meanwhile meets
/// all of them. The scenes must go the same ways.
pub(crate) fn play(scenarios: &[Scenario<'_>], repetitions: usize) -> Result<Vec<Row>> {
    let ways = scenarios
        .first()
        .map_or(&[] as &[Direction], |scenario| scenario.ways);
    if !ways.contains(&Direction::Up) {
        for scenario in scenarios {
            scenario.fill()?;
        }
    }
    let mut rows = Vec::new();
    for way in ways {
        let turns: Vec<(&Scenario<'_>, Contestant)> = scenarios
            .iter()
            .flat_map(|scenario| Contestant::ALL.map(|contestant| (scenario, contestant)))
            .collect();
        let mut runs: Vec<Vec<Measured>> = vec![Vec::new(); turns.len()];
        for _ in 0..repetitions {
            for ((scenario, contestant), runs) in turns.iter().zip(&mut runs) {
                runs.push(scenario.once(*contestant, *way)?);
            }
        }
        for ((scenario, contestant), runs) in turns.into_iter().zip(runs) {
            rows.push(Row::new(&scenario.name, contestant.name(), *way, runs));
        }
    }
    Ok(rows)
}

/// Twice what a key file takes for a moment.
const UNLOCKING_BYTES: u64 = 512 * MIB;

pub(crate) struct Scenario<'a> {
    programs: &'a Programs,
    server: Server,
    name: String,
    ways: &'static [Direction],
    authority: Option<PathBuf>,
    original: PathBuf,
    /// Data of the contestants and of the service; removed with the scene.
    dir: tempfile::TempDir,
    /// What the unsealed road got for its upload.
    token: RefCell<Option<String>>,
}

impl<'a> Scenario<'a> {
    pub(crate) fn open(
        programs: &'a Programs,
        files: &Files,
        keeping: Keeping,
        certificate: Option<&Certificate>,
        original: &Path,
    ) -> Result<Self> {
        let scheme = if certificate.is_some() {
            "HTTPS"
        } else {
            "HTTP"
        };
        let (kept, ways): (_, &[Direction]) = match keeping {
            Keeping::Nothing => ("discarded", &[Direction::Up]),
            Keeping::Memory => ("from memory", &[Direction::Down]),
            Keeping::Disk => ("saved", &[Direction::Up, Direction::Down]),
        };
        let name = format!("{scheme}, {kept}");
        let serve = |dir: &Path| programs.serve(keeping, dir, certificate, 0);
        let scenario = Self::with(programs, files, original, name, serve)?;
        Ok(Self {
            ways,
            authority: certificate.map(|certificate| certificate.authority.clone()),
            ..scenario
        })
    }

    /// A service that lists so many files of other programs.
    pub(crate) fn open_listing(
        programs: &'a Programs,
        files: &Files,
        listed: usize,
    ) -> Result<Self> {
        let name = format!("list of {listed}");
        let serve = |dir: &Path| programs.serve(Keeping::Nothing, dir, None, listed);
        Self::with(programs, files, files.dir(), name, serve)
    }

    pub(crate) fn open_sandbox(
        programs: &'a Programs,
        files: &Files,
        original: &Path,
    ) -> Result<Self> {
        let serve = |dir: &Path| programs.sandbox(dir);
        Self::with(programs, files, original, "sandbox".into(), serve)
    }

    fn with(
        programs: &'a Programs,
        files: &Files,
        original: &Path,
        name: String,
        serve: impl FnOnce(&Path) -> Result<Server>,
    ) -> Result<Self> {
        let dir = tempfile::tempdir_in(files.dir())?;
        let service = dir.path().join("service");
        fs::create_dir(&service)?;
        Ok(Self {
            server: serve(&service)?,
            programs,
            name,
            ways: &[],
            authority: None,
            original: original.to_owned(),
            dir,
            token: RefCell::default(),
        })
    }

    /// Everybody sends once, so that there is something to fetch.
    fn fill(&self) -> Result<()> {
        for contestant in Contestant::ALL {
            self.once(contestant, Direction::Up)?;
        }
        Ok(())
    }

    /// One transfer of the file.
    pub(crate) fn once(&self, contestant: Contestant, way: Direction) -> Result<Measured> {
        let out = self.out();
        self.prepare()?;
        let measured = match (contestant, way) {
            (Contestant::Vault, Direction::Up) => self.own("vault-up", &[], Some(&self.original)),
            (Contestant::Vault, Direction::Down) => self.own("vault-down", &[], Some(&out)),
            (Contestant::Plain, Direction::Up) => self.own("plain-up", &[], Some(&self.original)),
            (Contestant::Plain, Direction::Down) => {
                let token = self.token.borrow().clone();
                let token = token.context("nothing was sent")?;
                self.own("plain-down", &["--token", &token], Some(&out))
            }
            _ => self.other(contestant, way),
        };
        let mut measured =
            measured.with_context(|| format!("{}, {}: {way:?}", self.name, contestant.name()))?;
        measured.bytes = self.original.metadata()?.len();
        if let Some(token) = measured.token.take() {
            self.token.replace(Some(token));
        }
        if way == Direction::Down {
            ensure_same(&self.original, &out)?;
            fs::remove_file(&out)?;
        }
        eprintln!(
            "{}, {}, {way:?}: {:.3} s",
            self.name,
            contestant.name(),
            measured.seconds
        );
        Ok(measured)
    }

    /// Waits for pending writes, and makes room in memory for a copy here, one at the service and the unlocking.
    fn prepare(&self) -> Result<()> {
        settle()?;
        touch_memory(2 * self.original.metadata()?.len() + UNLOCKING_BYTES)
    }

    /// One folder of small files.
    pub(crate) fn small(&self, folder: &Path, in_flight: usize) -> Result<Measured> {
        self.prepare()?;
        let in_flight = in_flight.to_string();
        let measured = self.own("vault-small", &["--in-flight", &in_flight], Some(folder))?;
        eprintln!("{}, small files: {:.3} s", self.name, measured.seconds);
        Ok(measured)
    }

    pub(crate) fn list(&self, listing: &str) -> Result<Row> {
        self.prepare()?;
        let measured = self.own("vault-list", &[listing], None)?;
        eprintln!("{}, {listing}: {:.3} s", self.name, measured.seconds);
        Ok(Row::new(
            &self.name,
            listing,
            Direction::Down,
            vec![measured],
        ))
    }

    /// The name under which the file was stored: the vault finds it by it.
    fn out(&self) -> PathBuf {
        let name = self.original.file_name().unwrap_or_default();
        self.dir.path().join(name)
    }

    fn own(&self, name: &str, options: &[&str], file: Option<&Path>) -> Result<Measured> {
        let mut command = self.programs.bench(name);
        let addresses = serde_json::to_string(&self.server.addresses)?;
        command.args(["--addresses", &addresses]).arg("--data-dir");
        command.arg(self.dir.path().join("vault"));
        command.args(options).args(file);
        self.trust(&mut command);
        let output = command.stderr(Stdio::inherit()).output()?;
        ensure!(output.status.success(), "{name} failed");
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// What the system trusts is replaced by our authority.
    fn trust(&self, command: &mut Command) {
        if let Some(authority) = &self.authority {
            command.env("SSL_CERT_FILE", authority);
        }
    }

    fn other(&self, contestant: Contestant, way: Direction) -> Result<Measured> {
        let (file, out) = (text(&self.original)?, text(&self.out())?);
        let (identity, recipient) = &self.programs.age;
        let identity = text(identity)?;
        let authority = match &self.authority {
            Some(authority) => text(authority)?,
            None => String::new(),
        };
        let mut settings = vec![
            ("file", &*file),
            ("out", &out),
            ("url", &self.server.addresses.files),
            ("identity", &identity),
            ("recipient", recipient),
            ("RCLONE_CONFIG_PLACE_TYPE", "webdav"),
            ("RCLONE_CONFIG_PLACE_URL", &self.server.addresses.files),
            ("RCLONE_CONFIG_PLACE_VENDOR", "other"),
            ("RCLONE_CONFIG_SEALED_TYPE", "crypt"),
            ("RCLONE_CONFIG_SEALED_REMOTE", "place:"),
            (
                "RCLONE_CONFIG_SEALED_PASSWORD",
                &self.programs.rclone_password,
            ),
        ];
        if self.authority.is_some() {
            settings.push(("CURL_CA_BUNDLE", &authority));
            settings.push(("RCLONE_CA_CERT", &authority));
        }
        let times = self.dir.path().join("times");
        shell::measure(contestant.script(way), &settings, &times)
    }
}

fn text(path: &Path) -> Result<String> {
    let text = path.to_str().context("a path that is not UTF-8")?;
    Ok(text.to_owned())
}
