//! Many files through a service that keeps failing: each must end up stored exactly once, and come back as it was.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use privicore_sandbox::{Dialect, Fault};
use privicore_vault::{Transfer, TransferId, TransferState};

use crate::test_vault::{TestVault, random_bytes};
use crate::wait::wait_for;

/// One fault for so many files.
const FILES_PER_FAULT: usize = 3;
/// What failed so often that it was given up is asked for again this many times.
const ROUNDS: usize = 20;

/// Longer than the vault waits for data that was requested and never comes, and then for another try.
const STANDSTILL: Duration = Duration::from_mins(4);
/// Files of one round of a soak that goes on for long.
const FILES_PER_ROUND: usize = 30;
/// More than this may the memory not grow between the first third of a long soak and its end, in KiB. What one round
/// takes and gives back differs by some MiB.
const MOST_GROWTH_KIB: u64 = 32 * 1024;

#[derive(Debug, Default)]
pub struct Report {
    /// Files stored and fetched.
    pub files: usize,
    pub bytes: u64,
    pub faults: usize,
    /// Seconds it took to store them all.
    pub stored_in: f64,
    /// Seconds it took to fetch them all.
    pub fetched_in: f64,
    /// Growth of this process's memory, vault and sandbox together, in KiB: from the start, or from the end of the
    /// first third of a long soak.
    pub growth_kib: u64,
}

/// The memory of a long soak after each of its rounds.
#[derive(Debug, Default)]
pub struct Memory(Vec<(Duration, u64)>);

/// Stores `files` files of mixed sizes and fetches them again while things go wrong at random; `seed` decides what.
///
/// # Errors
/// When a file is not stored, stored twice, or comes back different.
pub async fn soak(files: usize, seed: u64) -> Result<Report> {
    let fixture = TestVault::retrying(Dialect::Mixed).await;
    let memory = resident_kib()?;
    let mut report = Report::default();
    round(&fixture, &mut Dice(seed | 1), files, &mut report).await?;
    report.growth_kib = resident_kib()?.saturating_sub(memory);
    Ok(report)
}

/// Does the same round after round for at least `time`, and deletes the files after each; `seed` decides what goes
/// wrong.
///
/// # Errors
/// When a file is not stored, stored twice, comes back different or stays, and when the memory is not flat.
pub async fn soak_for(time: Duration, seed: u64) -> Result<(Report, Memory)> {
    let fixture = TestVault::retrying(Dialect::Mixed).await;
    let mut dice = Dice(seed | 1);
    let (mut report, mut memory) = (Report::default(), Memory::default());
    let began = Instant::now();
    while began.elapsed() < time {
        round(&fixture, &mut dice, FILES_PER_ROUND, &mut report).await?;
        clear_away(&fixture).await?;
        memory.0.push((began.elapsed(), resident_kib()?));
    }
    report.growth_kib = memory.growth_kib().context("there was no round")?;
    ensure!(
        report.growth_kib <= MOST_GROWTH_KIB,
        "the memory grew by {} KiB, {MOST_GROWTH_KIB} are allowed: {memory:?}",
        report.growth_kib
    );
    Ok((report, memory))
}

impl Memory {
    /// From the most of the first third to the end.
    fn growth_kib(&self) -> Option<u64> {
        let &(whole, end) = self.0.last()?;
        let first = self.0.iter().filter(|(at, _)| *at <= whole / 3);
        let before = first.map(|(_, kib)| *kib).max();
        Some(end.saturating_sub(before.unwrap_or(self.0.first()?.1)))
    }
}

/// Stores and fetches so many new files, and adds what it came to.
async fn round(
    fixture: &TestVault,
    dice: &mut Dice,
    files: usize,
    report: &mut Report,
) -> Result<()> {
    for at in 0..files {
        let content = random_bytes(dice.size());
        report.bytes += content.len() as u64;
        fixture.write(&format!("folder/{at:05}.bin"), content);
    }
    let faults = files / FILES_PER_FAULT;
    plan(fixture, dice, faults, UPLOAD_FAULTS);
    let began = Instant::now();
    store(fixture, files).await?;
    report.stored_in += began.elapsed().as_secs_f64();
    fixture.sandbox().control().faults().clear();
    plan(fixture, dice, faults, DOWNLOAD_FAULTS);
    let began = Instant::now();
    fetch(fixture, files).await?;
    report.fetched_in += began.elapsed().as_secs_f64();
    fixture.sandbox().control().faults().clear();
    report.files += files;
    report.faults += 2 * faults;
    Ok(())
}

async fn store(fixture: &TestVault, files: usize) -> Result<()> {
    let folder = vec![fixture.originals().join("folder")];
    let ids = fixture.vault.store(folder, "soak").await?;
    finish(fixture, &ids).await?;
    let control = fixture.sandbox().control();
    let tokens = control.list_tokens("alice@example.com").await?.len();
    ensure!(tokens == files, "{files} files are {tokens} tokens");
    Ok(())
}

async fn fetch(fixture: &TestVault, files: usize) -> Result<()> {
    let target = fixture.originals().join("target");
    fs::create_dir_all(&target)?;
    let ids: Vec<_> = fixture.listed().iter().map(|file| file.id).collect();
    ensure!(ids.len() == files, "{} files are listed", ids.len());
    let transfers = fixture.vault.save_into(&ids, &target).await?;
    finish(fixture, &transfers).await?;
    let saved: Vec<PathBuf> = fs::read_dir(&target)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    ensure!(saved.len() == files, "{} files were saved", saved.len());
    for path in saved {
        let name = path.file_name().context("a file has a name")?;
        let original = fs::read(fixture.originals().join("folder").join(name))?;
        ensure!(fs::read(&path)? == original, "{} differs", path.display());
    }
    Ok(())
}

/// Deletes all files, here and at the service, and what tells of their transfers.
async fn clear_away(fixture: &TestVault) -> Result<()> {
    for file in fixture.listed() {
        fixture.vault.delete_now(file.id).await?;
    }
    let control = fixture.sandbox().control();
    let tokens = control.list_tokens("alice@example.com").await?.len();
    ensure!(tokens == 0, "{tokens} tokens stay");
    fixture.vault.clear_finished()?;
    for folder in ["folder", "target"] {
        fs::remove_dir_all(fixture.originals().join(folder))?;
    }
    Ok(())
}

/// Tries again what was given up, until everything is done.
async fn finish(fixture: &TestVault, ids: &[TransferId]) -> Result<()> {
    for _ in 0..ROUNDS {
        wait_while(fixture, ids, |state| !state.has_ended()).await?;
        let ended = fixture.ended(ids).await;
        let mut open = ended
            .iter()
            .filter(|transfer| transfer.state != TransferState::Done);
        let Some(first) = open.clone().next() else {
            return Ok(());
        };
        ensure!(
            open.all(|transfer| transfer.state != TransferState::Canceled),
            "{first:?}"
        );
        fixture.vault.retry_failed()?;
        // What is not confirmed is being found out about.
        wait_while(fixture, ids, |state| {
            !state.has_ended() || state == TransferState::NotConfirmed
        })
        .await?;
    }
    anyhow::bail!("not everything could be done in {ROUNDS} rounds")
}

/// Waits while any of the transfers is like this. Only standing still has a limit: how long all of them take depends on
/// the machine.
async fn wait_while(
    fixture: &TestVault,
    ids: &[TransferId],
    is_like: impl Fn(TransferState) -> bool,
) -> Result<()> {
    let like = || {
        let transfers = ids
            .iter()
            .filter_map(|id| fixture.vault.transfer(*id).ok()?);
        let like = transfers.filter(|transfer| is_like(transfer.state));
        like.collect::<Vec<Transfer>>()
    };
    loop {
        let before = like().len();
        if before == 0 {
            return Ok(());
        }
        let moved = async || (like().len() != before).then_some(());
        let moves = wait_for("another transfer goes on", STANDSTILL, moved).await;
        moves.with_context(|| format!("{:?}", like()))?;
    }
}

type FaultChoice = (&'static str, fn(u64) -> Fault);

const UPLOAD_FAULTS: &[FaultChoice] = &[
    ("data-token/reserve-token-space", |_| Fault::AckTwice),
    ("data-token/reserve-token-space", |_| {
        Fault::AckBeforeResponse
    }),
    ("data-token/reserve-token-space", |_| Fault::AnswerLost),
    ("data-token/reserve-token-space", |_| Fault::InternalError),
    ("data-token/reserve-token-space", |_| Fault::Unauthorized),
    ("data-token/retrieve-temporary-data-token", |_| {
        Fault::AnswerLost
    }),
    ("data-token/retrieve-temporary-data-token", |_| {
        Fault::LinkExpired
    }),
    ("data-token/exchange-data-for-token", |_| Fault::AckLost),
    ("data-token/exchange-data-for-token", |_| Fault::AnswerLost),
    ("data-token/exchange-data-for-token", |_| {
        Fault::InternalError
    }),
    ("data-token/configure-file-meta", |_| Fault::AnswerLost),
    ("data-token/configure-file-meta", |_| Fault::InternalError),
    ("data-token/configure-file-meta", |_| Fault::Unauthorized),
    ("upstream", |n| Fault::UploadCut { after: n % 50_000 }),
    ("upstream", |_| Fault::AnswerLost),
    ("upstream", |_| Fault::DiskFull),
];

const DOWNLOAD_FAULTS: &[FaultChoice] = &[
    ("data-token/request-data", |_| Fault::AnswerLost),
    ("data-token/request-data", |_| Fault::InternalError),
    ("data-token/request-data", |_| Fault::LinkExpired),
    ("data-token/request-data", |_| Fault::Unauthorized),
    ("downstream", |n| Fault::DownloadCut { after: n % 50_000 }),
    ("downstream", |_| Fault::InternalError),
];

fn plan(fixture: &TestVault, dice: &mut Dice, faults: usize, choices: &[FaultChoice]) {
    let control = fixture.sandbox().control();
    for _ in 0..faults {
        let (operation, fault) = choices[dice.below(choices.len() as u64)];
        control.faults().plan(operation, fault(dice.next()), 1);
    }
}

/// Numbers that look random and are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u64) -> usize {
        usize::try_from(self.next() % limit).unwrap_or_default()
    }

    /// Mostly small files, some that travel as a stream, few large ones.
    fn size(&mut self) -> usize {
        match self.next() % 20 {
            0 => self.below(4 << 20),
            1..=4 => self.below(256 << 10),
            _ => self.below(16 << 10),
        }
    }
}

fn resident_kib() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let figure = line.and_then(|line| line.split_whitespace().next());
    Ok(figure.context("no VmRSS")?.parse()?)
}
