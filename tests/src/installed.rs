//! A package as a person has it: installed from a repository, started from the menu, used, upgraded and purged.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tokio::process::Command;

use crate::display::OnScreen;
use crate::journey::holds;
use crate::process::Process;
use crate::wait::{LONG, SOON, wait_for, within};
use crate::{Desktop, Dialog, Drag, Keyring};

const PACKAGE: &str = "privicore-desktop";
const ENTRY: &str = "com.privicore.desktop.desktop";
/// The window's class, which its entry in the menu names as well.
const CLASS: &str = "privicore-desktop";
const SIZE: (u32, u32) = (1280, 800);

const SOURCES: &str = "/etc/apt/sources.list.d";
/// A package may need others that are not there yet.
const INSTALLING: Duration = Duration::from_mins(10);

const FIRST: (&str, &[u8]) = ("Letter to Ada.txt", b"Nobody else reads this.\n");
const SECOND: (&str, &[u8]) = ("After the upgrade.txt", b"Nor this.\n");

/// Installs `package` with everything it needs, does the main job from the menu, upgrades to `next`, and purges.
///
/// # Errors
/// When a step fails, or what a person keeps is not as it was. The package is removed in any case.
pub async fn lives(package: &Path, next: &Path) -> Result<()> {
    let repository = Repository::open()?;
    let outcome = play(&repository, package, next).await;
    let closed = repository.close().await;
    outcome.and(closed)
}

async fn play(repository: &Repository, package: &Path, next: &Path) -> Result<()> {
    let desktop = Desktop::start(Keyring::Open).await?.with_full_key_cost();
    repository.offer(package).await?;
    apt(&["install", PACKAGE]).await?;
    step("installed by one command");

    let letter = desktop.write(FIRST.0, FIRST.1)?;
    let window = Installed::open(&desktop).await?;
    step("started from the menu");
    // "Try it now" has the keyboard.
    desktop.display().press(&["Return"]).await?;
    wait_for("a profile", LONG, async || {
        let status = privicore(&desktop, &["status", "--json"]).await.ok()?;
        let status: serde_json::Value = serde_json::from_str(&status).ok()?;
        status["profile"].as_str().map(drop)
    })
    .await?;
    step("a profile by one key");
    window.store(&letter, FIRST.0).await?;
    step("a file dropped on the window is stored");
    let saved = desktop.home().join("saved by the window.txt");
    window.save_first(&saved).await?;
    holds(&saved, FIRST.1, None).await?;
    step("saved through the dialog, and the same bytes as before");
    window.close().await?;

    let before = contents(&desktop.data_home())?;
    repository.offer(next).await?;
    apt(&["install", "--only-upgrade", PACKAGE]).await?;
    ensure!(
        installed().await? != repository.first_version(package).await?,
        "it was not upgraded"
    );
    ensure!(
        contents(&desktop.data_home())? == before,
        "the upgrade changed what a person keeps"
    );
    let window = Installed::open(&desktop).await?;
    let other = desktop.write(SECOND.0, SECOND.1)?;
    window.store(&other, SECOND.0).await?;
    for (name, content) in [FIRST, SECOND] {
        let target = desktop.home().join("got").join(name);
        fs::create_dir_all(desktop.home().join("got"))?;
        let target = target.to_str().context("a path of this test is text")?;
        privicore(&desktop, &["get", name, "-o", target]).await?;
        holds(Path::new(target), content, None).await?;
    }
    step("upgraded: the keys and the files are there, and more is stored");
    window.close().await?;

    let before = contents(desktop.home())?;
    ensure!(
        before.keys().any(|path| path.ends_with("keys.age")),
        "the keys are in the home folder"
    );
    apt(&["purge", PACKAGE]).await?;
    ensure!(
        contents(desktop.home())? == before,
        "the purge touched the home folder"
    );
    ensure!(!Path::new("/usr/bin/privicore").exists());
    step("purged: the home folder is as it was");
    Ok(())
}

/// The window of the installed program: no driver looks into it, so what it does is seen from outside.
struct Installed<'a> {
    desktop: &'a Desktop,
    /// The app belongs to the group of what started it, and ends with that.
    launched: Process,
    place: OnScreen,
}

impl<'a> Installed<'a> {
    /// As the menu starts it.
    async fn open(desktop: &'a Desktop) -> Result<Self> {
        let launched = Process::start("gtk-launch", |command| {
            command.arg(ENTRY);
            desktop.enter(command);
        })?;
        let display = desktop.display();
        let place = wait_for("the window", LONG, async || {
            display.shown(CLASS).await.pop()
        })
        .await?;
        display.place(&place, SIZE).await?;
        display.rest().await?;
        Ok(Self {
            desktop,
            launched,
            place,
        })
    }

    async fn store(&self, file: &Path, name: &str) -> Result<()> {
        let middle = (i32::try_from(SIZE.0 / 2)?, i32::try_from(SIZE.1 / 2)?);
        // The list may not be there yet: what is dropped then is not taken, and is carried once more.
        wait_for("the window to take the file", LONG, async || {
            let drag = Drag::carry(self.desktop, &[file.to_owned()], middle).await;
            drag.ok()?.release().await.ok()
        })
        .await?;
        wait_for("the file to be listed", LONG, async || {
            let listed = privicore(self.desktop, &["ls"]).await.ok()?;
            listed.contains(name).then_some(())
        })
        .await
    }

    /// Saves the first row of the list by the keyboard alone.
    async fn save_first(&self, target: &Path) -> Result<()> {
        let display = self.desktop.display();
        display.activate(&self.place).await?;
        display.rest().await?;
        let before = display.windows(CLASS).await;
        display.press(&["ctrl+f", "Down", "Home", "ctrl+s"]).await?;
        let dialog = Dialog::opened(display, CLASS, &before).await?;
        dialog.save_as(target).await?;
        dialog.closed().await
    }

    async fn close(self) -> Result<()> {
        self.launched.terminate()?;
        wait_for("the app to be gone", LONG, async || {
            (!self.desktop.has_app().await).then_some(())
        })
        .await
    }
}

/// A repository on this disk that apt knows of.
struct Repository {
    folder: tempfile::TempDir,
    list: PathBuf,
}

impl Repository {
    fn open() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        // apt reads as a user of its own.
        fs::set_permissions(
            folder.path(),
            std::os::unix::fs::PermissionsExt::from_mode(0o755),
        )?;
        let list = Path::new(SOURCES).join("privicore-proof.list");
        let line = format!("deb [trusted=yes] file:{} ./\n", folder.path().display());
        fs::write(&list, line).context("only root installs packages")?;
        Ok(Self { folder, list })
    }

    /// Puts a package beside those that are there, and has apt see it.
    async fn offer(&self, package: &Path) -> Result<()> {
        let name = package.file_name().context("a package has a name")?;
        fs::copy(package, self.folder.path().join(name))?;
        let mut index = Command::new("apt-ftparchive");
        index.args(["packages", "."]);
        let index = output(index.current_dir(self.folder.path())).await?;
        fs::write(self.folder.path().join("Packages"), index)?;
        let list = self.list.to_str().context("a path of this test is text")?;
        apt(&[
            "update",
            "-o",
            &format!("Dir::Etc::sourcelist={list}"),
            "-o",
            "Dir::Etc::sourceparts=-",
            "-o",
            "APT::Get::List-Cleanup=0",
        ])
        .await
    }

    async fn first_version(&self, package: &Path) -> Result<String> {
        let mut field = Command::new("dpkg-deb");
        output(field.arg("--field").arg(package).arg("Version")).await
    }

    async fn close(self) -> Result<()> {
        let removed = apt(&["purge", PACKAGE]).await;
        fs::remove_file(self.list)?;
        removed
    }
}

async fn installed() -> Result<String> {
    let mut query = Command::new("dpkg-query");
    output(query.args(["--show", "--showformat=${Version}", PACKAGE])).await
}

async fn apt(arguments: &[&str]) -> Result<()> {
    let mut apt = Command::new("apt-get");
    apt.args(["--yes", "--quiet"]).args(arguments);
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    within("apt-get", INSTALLING, output(&mut apt))
        .await?
        .map(drop)
}

/// The installed command line, at home on this desktop.
async fn privicore(desktop: &Desktop, arguments: &[&str]) -> Result<String> {
    let mut enter = std::process::Command::new("/usr/bin/privicore");
    enter.args(arguments);
    desktop.enter(&mut enter);
    within("privicore", SOON, output(&mut enter.into())).await?
}

async fn output(command: &mut Command) -> Result<String> {
    command
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true);
    let output = command.output().await?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{:?}: {complaint}",
        command.as_std()
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// What a person keeps below a folder, by path: what is cached or only for this session is left out.
fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, (u64, Option<blake3::Hash>)>> {
    let mut all = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(at) = waiting.pop() {
        for entry in fs::read_dir(&at)? {
            let path = entry?.path();
            let metadata = path.symlink_metadata()?;
            if metadata.is_dir() && path.file_name() != Some(OsStr::new(".cache")) {
                waiting.push(path);
            } else if metadata.is_file() {
                let hash = blake3::hash(&fs::read(&path)?);
                all.insert(path, (metadata.size(), Some(hash)));
            }
        }
    }
    Ok(all)
}

fn step(what: &str) {
    println!("  {what}");
}
