//! Many files through a service that keeps failing: each must end up stored exactly once, and come back as it was.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use privicore_sandbox::{Dialect, Fault};
use privicore_vault::TransferState;

use crate::house::{House, random_bytes};

/// One fault for so many files.
const FILES_PER_FAULT: usize = 3;
/// What failed so often that it was given up is asked for again this many times.
const ROUNDS: usize = 20;

/// What a soak came to.
#[derive(Debug)]
pub struct Report {
    /// Files stored and fetched.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Faults that were planned.
    pub faults: usize,
    /// Seconds it took to store them all.
    pub stored_in: f64,
    /// Seconds it took to fetch them all.
    pub fetched_in: f64,
    /// Growth of this process's memory, vault and sandbox together, in KiB.
    pub growth_kib: u64,
}

/// Stores `files` files of mixed sizes and fetches them again while things go wrong at random; `seed` decides what.
///
/// # Errors
/// When a file is not stored, stored twice, or comes back different.
pub async fn soak(files: usize, seed: u64) -> Result<Report> {
    let house = House::patient(Dialect::Mixed).await;
    let mut dice = Dice(seed | 1);
    let mut bytes = 0;
    for at in 0..files {
        let content = random_bytes(dice.size());
        bytes += content.len() as u64;
        house.write(&format!("folder/{at:05}.bin"), content);
    }
    let faults = files / FILES_PER_FAULT;
    let memory = resident_kib()?;

    plan(&house, &mut dice, faults, UPLOAD_FAULTS);
    let began = Instant::now();
    let ended = house
        .store(vec![house.originals().join("folder")], "soak")
        .await;
    finish(
        &house,
        &ended.iter().map(|transfer| transfer.id).collect::<Vec<_>>(),
    )
    .await?;
    let stored_in = began.elapsed().as_secs_f64();
    house.sandbox().control().faults().clear();
    let control = house.sandbox().control();
    let tokens = control.list_tokens("alice@example.com").await?.len();
    ensure!(tokens == files, "{files} files are {tokens} tokens");

    plan(&house, &mut dice, faults, DOWNLOAD_FAULTS);
    let began = Instant::now();
    let target = house.originals().join("target");
    fs::create_dir_all(&target)?;
    let ids: Vec<_> = house.listed().iter().map(|file| file.id).collect();
    ensure!(ids.len() == files, "{} files are listed", ids.len());
    let transfers = house.vault.save_into(&ids, &target).await?;
    house.ended(&transfers).await;
    finish(&house, &transfers).await?;
    let fetched_in = began.elapsed().as_secs_f64();
    let saved: Vec<PathBuf> = fs::read_dir(&target)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    ensure!(saved.len() == files, "{} files were saved", saved.len());
    for path in saved {
        let name = path.file_name().context("a file has a name")?;
        let original = fs::read(house.originals().join("folder").join(name))?;
        ensure!(fs::read(&path)? == original, "{} differs", path.display());
    }
    Ok(Report {
        files,
        bytes,
        faults: 2 * faults,
        stored_in,
        fetched_in,
        growth_kib: resident_kib()?.saturating_sub(memory),
    })
}

/// Tries again what was given up, until everything is done.
async fn finish(house: &House, ids: &[privicore_vault::TransferId]) -> Result<()> {
    for _ in 0..ROUNDS {
        let ended = house.ended(ids).await;
        let open = ended
            .iter()
            .filter(|transfer| transfer.state != TransferState::Done);
        let Some(first) = open.clone().next() else {
            return Ok(());
        };
        ensure!(
            open.clone()
                .all(|transfer| transfer.state != TransferState::Canceled),
            "{first:?}"
        );
        house.vault.retry_failed()?;
        // What is not confirmed is being found out about.
        house.settled(ids).await;
    }
    anyhow::bail!("not everything could be done in {ROUNDS} rounds")
}

type Choice = (&'static str, fn(u64) -> Fault);

const UPLOAD_FAULTS: &[Choice] = &[
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

const DOWNLOAD_FAULTS: &[Choice] = &[
    ("data-token/request-data", |_| Fault::AnswerLost),
    ("data-token/request-data", |_| Fault::InternalError),
    ("data-token/request-data", |_| Fault::LinkExpired),
    ("data-token/request-data", |_| Fault::Unauthorized),
    ("downstream", |n| Fault::DownloadCut { after: n % 50_000 }),
    ("downstream", |_| Fault::InternalError),
];

fn plan(house: &House, dice: &mut Dice, faults: usize, choices: &[Choice]) {
    let control = house.sandbox().control();
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
