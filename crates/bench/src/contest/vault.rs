//! The vault, used as the window uses it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use clap::ValueEnum;
use privicore_vault::{
    Addresses, Connection, Credentials, DEFAULT_CONTEXT, Event, Existing, File, FileQuery,
    FolderKey, KeyCost, KeyringUse, Options, RetryPolicy, RowQuery, RowSort, Sort, Stage,
    TransferId, TransferState, Vault,
};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time;

use crate::contest::{PASSWORD, Place, USERNAME};
use crate::measure::{Measured, Meter};

/// Reports come five times a second, which is too coarse for a transfer of half a second: its state is looked at
/// instead.
const LOOK: Duration = Duration::from_millis(1);

pub(crate) async fn up(place: &Place, file: &Path) -> Result<Measured> {
    let vault = open(place).await?;
    warm_up(&vault, place).await?;
    let bytes = file.metadata()?.len();
    let meter = Meter::start()?;
    let ids = vault.store(vec![file.to_owned()], DEFAULT_CONTEXT).await?;
    ended(&vault, ids[0]).await?;
    let measured = meter.stop(bytes)?;
    vault.shut_down().await;
    Ok(measured)
}

/// Saves the file of this name that was stored last.
pub(crate) async fn down(place: &Place, target: &Path) -> Result<Measured> {
    let vault = open(place).await?;
    warm_up(&vault, place).await?;
    let file = latest(&vault, target)?;
    let meter = Meter::start()?;
    let id = vault.save(file.id, target, Existing::Replace).await?;
    ended(&vault, id).await?;
    let measured = meter.stop(file.size_bytes.unwrap_or_default())?;
    vault.shut_down().await;
    Ok(measured)
}

/// Stores every file of a folder: all at once, as a dropped folder is, or `in_flight` at a time.
pub(crate) async fn small(place: &Place, folder: &Path, in_flight: usize) -> Result<Measured> {
    let vault = open(place).await?;
    warm_up(&vault, place).await?;
    let mut files = Vec::new();
    let mut bytes = 0;
    for entry in folder.read_dir()? {
        let entry = entry?;
        bytes += entry.metadata()?.len();
        files.push(entry.path());
    }
    let all = files.len();
    let mut events = vault.events();
    let meter = Meter::start()?;
    let mut ids = Vec::with_capacity(all);
    if in_flight == 0 {
        ids = vault
            .store(vec![folder.to_owned()], DEFAULT_CONTEXT)
            .await?;
        let mut done = 0;
        while done < all {
            done += stored(&mut events, all).await?;
        }
    } else {
        let mut done = 0;
        while done < all {
            while ids.len() < all && ids.len() < done + in_flight {
                let next = files.pop().context("fewer files than were counted")?;
                ids.extend(vault.store(vec![next], DEFAULT_CONTEXT).await?);
            }
            done += stored(&mut events, all).await?;
        }
    }
    let measured = meter.stop(bytes)?;
    for id in ids {
        ended(&vault, id).await?;
    }
    vault.shut_down().await;
    Ok(measured)
}

/// What is done with a long list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listing {
    /// The service is asked for it and what is new is recorded.
    Refresh,
    /// A word is typed that a hundredth of it contains; the first page is shown.
    Search,
    /// The vault is opened and unlocked with what it recorded; the first page is shown.
    Open,
}

/// Works on the list that the service has.
pub(crate) async fn list(place: &Place, listing: Listing) -> Result<Measured> {
    if listing == Listing::Open {
        let meter = Meter::start()?;
        let vault = open(place).await?;
        let page = vault.query_rows(&first_page(""), &[])?;
        let measured = meter.stop(0)?;
        ensure!(page.total > 0, "nothing is listed");
        vault.shut_down().await;
        return Ok(measured);
    }
    let vault = open(place).await?;
    let meter = Meter::start()?;
    if listing == Listing::Refresh {
        vault.refresh().await?;
    } else {
        let page = vault.query_rows(&first_page("42 of"), &[])?;
        ensure!(page.total > 0, "nothing was found");
    }
    let measured = meter.stop(0)?;
    vault.shut_down().await;
    Ok(measured)
}

/// How many more files are stored: each one changes the list of files.
async fn stored(events: &mut Receiver<Event>, all: usize) -> Result<usize> {
    match events.recv().await {
        Ok(Event::FilesChanged) => Ok(1),
        Ok(Event::TransfersChanged(report)) => {
            let summary = &report.summary;
            ensure!(summary.failed == 0, "{} transfers failed", summary.failed);
            Ok(if summary.done == all { all } else { 0 })
        }
        Ok(_) => Ok(0),
        Err(RecvError::Lagged(_)) => bail!("events were lost"),
        Err(RecvError::Closed) => bail!("the vault has closed"),
    }
}

async fn open(place: &Place) -> Result<Vault> {
    let vault = Vault::open(Options {
        data_dir: place.data_dir.clone(),
        keyring: KeyringUse::Off,
        retry_policy: RetryPolicy::UntilDone,
        key_cost: KeyCost::Full,
    })
    .await?;
    let passphrase = Some("correct horse battery staple".into());
    if vault.status().stage == Stage::Locked {
        vault.unlock(passphrase).await?;
        return Ok(vault);
    }
    let addresses = &place.addresses;
    vault
        .connect(Connection::Service(Addresses {
            api: addresses.api.clone(),
            websocket: addresses.websocket.clone(),
            upstream: addresses.upstream.clone(),
            downstream: addresses.downstream.clone(),
        }))
        .await?;
    let credentials = Credentials {
        username: USERNAME.into(),
        password: PASSWORD.into(),
    };
    vault.sign_up(credentials, passphrase).await?;
    Ok(vault)
}

/// The window is open for a while before a file is dropped: the channel is joined, the connection established.
async fn warm_up(vault: &Vault, place: &Place) -> Result<()> {
    let file = place.data_dir.join("warm-up");
    fs::write(&file, "warm")?;
    let ids = vault.store(vec![file], DEFAULT_CONTEXT).await?;
    ended(vault, ids[0]).await
}

async fn ended(vault: &Vault, id: TransferId) -> Result<()> {
    let mut interval = time::interval(LOOK);
    loop {
        let transfer = vault.transfer(id)?.context("the transfer is not listed")?;
        match (transfer.state, transfer.error) {
            (TransferState::Done, _) => return Ok(()),
            (TransferState::Failed, Some(error)) => bail!("{}", error.message),
            (state, None) if state.has_ended() => bail!("the transfer is {state:?}"),
            _ => {}
        }
        interval.tick().await;
    }
}

fn latest(vault: &Vault, target: &Path) -> Result<std::sync::Arc<File>> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let page = vault.query(&FileQuery {
        descending: true,
        ..everything(Sort::StoredAt)
    })?;
    let mut rows = page.rows.into_iter();
    rows.find(|file| file.name == name)
        .with_context(|| format!("{name} is not stored"))
}

/// What the window asks for first: the top, or what a word finds anywhere below it.
fn first_page(search: &str) -> RowQuery {
    RowQuery {
        folder: FolderKey::TOP,
        below: !search.is_empty(),
        search: search.to_owned(),
        context: None,
        needs_attention: false,
        kind: None,
        modified_since: None,
        verified_before: None,
        state: None,
        sort: RowSort::Name,
        descending: false,
        offset: 0,
        limit: 200,
    }
}

fn everything(sort: Sort) -> FileQuery {
    FileQuery {
        sort,
        ..FileQuery::default()
    }
}
