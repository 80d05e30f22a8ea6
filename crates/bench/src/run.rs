//! Everything in one run: services, contestants in turn, one table.

mod contestant;
mod files;
mod goals;
mod machine;
mod program;
mod report;
mod row;
mod scenario;
mod shell;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;

use self::contestant::Contestant;
use self::files::Files;
use self::machine::Machine;
use self::program::{Certificate, Programs};
use self::report::Report;
use self::row::{Direction, MIB, Row};
use self::scenario::Scenario;
use crate::service::Keeping;

const GIB: u64 = 1024 * MIB;
const SMALL_FILES: usize = 1000;
const SMALL_BYTES: u64 = 4096;
/// The first start after a build reads the program from disk: the median of so many is of those that do not.
const STARTS: usize = 5;
/// How many small files are under way at a time, as far as we choose; the vault itself never has more than eight.
const IN_FLIGHT: [usize; 3] = [1, 4, 8];

#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// 100 MiB and one repetition: shows that everything runs, its figures are worth little
    #[arg(long, conflicts_with = "full")]
    quick: bool,
    /// Also 8 GiB, for memory; takes 24 GiB of disk
    #[arg(long)]
    full: bool,
    /// Append the table to this file
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Where files and results go
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    dir: PathBuf,
}

impl Plan {
    fn size(&self) -> u64 {
        if self.quick { 100 * MIB } else { GIB }
    }

    fn repetitions(&self) -> usize {
        if self.quick { 1 } else { 3 }
    }

    /// How many files the list of another program has.
    fn listed(&self) -> &'static [usize] {
        if self.quick {
            &[100_000]
        } else {
            &[100_000, 1_000_000]
        }
    }

    /// Sizes at which memory is looked at.
    fn sizes(&self) -> &'static [u64] {
        match (self.quick, self.full) {
            (true, _) => &[MIB, 100 * MIB],
            (false, false) => &[MIB, 100 * MIB, GIB],
            (false, true) => &[MIB, 100 * MIB, GIB, 8 * GIB],
        }
    }
}

/// # Errors
/// When a program is missing, a contestant fails, or what it brought back is not what was sent.
pub(crate) fn run(plan: Plan) -> Result<()> {
    let machine = Machine::here();
    if machine.load > 0.5 {
        eprintln!("Something else is at work on this machine: the figures will be worth little.");
    }
    let bench = Bench::prepare(plan)?;
    let rows = bench.play()?;
    let report = Report::new(machine, bench.plan.size(), bench.plan.repetitions(), rows);
    println!("\n{report}");
    let json = report.write_json(&bench.plan.dir)?;
    println!("\nAll figures: {}", json.display());
    if let Some(record) = &bench.plan.record {
        report.append_to(record)?;
        println!("Appended to {}", record.display());
    }
    Ok(())
}

struct Bench {
    plan: Plan,
    programs: Programs,
    certificate: Certificate,
    files: Files,
}

impl Bench {
    fn prepare(mut plan: Plan) -> Result<Self> {
        std::fs::create_dir_all(&plan.dir)?;
        plan.dir = plan.dir.canonicalize()?;
        let files = Files::new(&plan.dir)?;
        Ok(Self {
            programs: Programs::find(files.dir())?,
            certificate: Certificate::generate(files.dir())?,
            files,
            plan,
        })
    }

    fn play(&self) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        let original = self.files.original(self.plan.size())?;
        for keeping in [Keeping::Nothing, Keeping::Memory] {
            let scenarios = [
                self.scenario(keeping, false, &original)?,
                self.scenario(keeping, true, &original)?,
            ];
            rows.extend(scenario::play(&scenarios, self.plan.repetitions())?);
        }
        // One after the other: both at once would push the original out of the page cache.
        for encrypted in [false, true] {
            let scenario = self.scenario(Keeping::Disk, encrypted, &original)?;
            rows.extend(scenario::play(&[scenario], self.plan.repetitions())?);
        }
        rows.extend(self.memory()?);
        rows.extend(self.small_files()?);
        rows.extend(self.list()?);
        rows.extend(self.sandbox(&original)?);
        rows.push(self.start_up()?);
        Ok(rows)
    }

    fn scenario(&self, keeping: Keeping, encrypted: bool, original: &Path) -> Result<Scenario<'_>> {
        let certificate = encrypted.then_some(&self.certificate);
        Scenario::open(&self.programs, &self.files, keeping, certificate, original)
    }

    /// The same transfer at every size: what it takes must not depend on it.
    fn memory(&self) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for size in self.plan.sizes() {
            let original = self.files.original(*size)?;
            let scenario = self.scenario(Keeping::Disk, false, &original)?;
            for way in [Direction::Up, Direction::Down] {
                let measured = scenario.once(Contestant::Vault, way)?;
                rows.push(Row::new(
                    "memory by size",
                    Contestant::Vault.name(),
                    way,
                    vec![measured],
                ));
            }
            drop(scenario);
            if *size > self.plan.size() {
                std::fs::remove_file(&original)?;
            }
        }
        Ok(rows)
    }

    fn small_files(&self) -> Result<Vec<Row>> {
        let folder = self.files.small(SMALL_FILES, SMALL_BYTES)?;
        let scenario = self.scenario(Keeping::Nothing, false, &folder)?;
        let mut rows = Vec::new();
        for in_flight in IN_FLIGHT {
            let runs = (0..self.plan.repetitions())
                .map(|_| scenario.small(&folder, in_flight))
                .collect::<Result<_>>()?;
            let name = format!("{in_flight} in flight");
            rows.push(Row::new("small files", &name, Direction::Up, runs).in_files(SMALL_FILES));
        }
        let runs = (0..self.plan.repetitions())
            .map(|_| scenario.small(&folder, 0))
            .collect::<Result<_>>()?;
        let name = "a dropped folder";
        rows.push(Row::new("small files", name, Direction::Up, runs).in_files(SMALL_FILES));
        Ok(rows)
    }

    /// A list that another program filled.
    fn list(&self) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for &listed in self.plan.listed() {
            let scenario = Scenario::open_listing(&self.programs, &self.files, listed)?;
            for listing in ["refresh", "search", "open"] {
                rows.push(scenario.list(listing)?.in_files(listed));
            }
        }
        Ok(rows)
    }

    /// What a person sees who tries it out. The sandbox encrypts once more and keeps three copies in the same machine.
    fn sandbox(&self, original: &Path) -> Result<Vec<Row>> {
        let scenario = Scenario::open_sandbox(&self.programs, &self.files, original)
            .context("the sandbox does not start")?;
        let mut rows = Vec::new();
        for way in [Direction::Up, Direction::Down] {
            let measured = scenario.once(Contestant::Vault, way)?;
            rows.push(Row::new(
                "sandbox",
                Contestant::Vault.name(),
                way,
                vec![measured],
            ));
        }
        let folder = self.files.small(SMALL_FILES, SMALL_BYTES)?;
        let measured = scenario.small(&folder, 0)?;
        let row = Row::new("sandbox", "a dropped folder", Direction::Up, vec![measured]);
        rows.push(row.in_files(SMALL_FILES));
        Ok(rows)
    }
    /// From the start of the program to a page that can be used, in a fresh home on a display of its own.
    fn start_up(&self) -> Result<Row> {
        let starts = if self.plan.quick { 1 } else { STARTS };
        let runs = (0..starts)
            .map(|_| self.programs.start_up())
            .collect::<Result<_>>()
            .context("the window does not open")?;
        Ok(Row::new(
            "start of the app",
            "the window",
            Direction::Open,
            runs,
        ))
    }
}
