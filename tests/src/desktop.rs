//! A person's desktop: a fresh home on a display of its own, with a session bus and, if wanted, an open keyring.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use privicore_vault::KeyCost;
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::Display;
use crate::process::{Process, ask};
use crate::wait::{SOON, wait_for};

/// A bus that starts nothing by itself, so that there is a keyring only where one was started.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=DIRECTORY</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// What the app's name on the bus begins with.
const APP: &str = "com.privicore.desktop";

/// Whether the desktop has somewhere to keep secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyring {
    /// gnome-keyring, unlocked, as after signing in to a desktop.
    Open,
    /// None at all.
    Absent,
}

/// Desktops at a time: each is a display, a bus and three processes of a web view, and waits more than it computes.
static SEATS: Semaphore = Semaphore::const_new(4);

/// One person's session; what it keeps lives as long as this does.
#[derive(Debug)]
pub struct Desktop {
    bus_address: String,
    keyring: Option<Process>,
    _bus: Process,
    display: Display,
    home: TempDir,
    key_cost: KeyCost,
    _seat: SemaphorePermit<'static>,
}

impl Desktop {
    /// A fresh home on a fresh display.
    ///
    /// # Errors
    /// When a part of it does not come up.
    pub async fn start(keyring: Keyring) -> Result<Self> {
        let seat = SEATS.acquire().await?;
        let home = create_home()?;
        let display = Display::start().await?;
        let mut bus = start_bus(home.path())?;
        let bus_address = bus.line("the address of the session bus").await?;
        let mut desktop = Self {
            bus_address,
            keyring: None,
            _bus: bus,
            display,
            home,
            key_cost: KeyCost::least(),
            _seat: seat,
        };
        if keyring == Keyring::Open {
            desktop.keyring = Some(desktop.open_keyring().await?);
        }
        Ok(desktop)
    }

    /// Has programs that are started from now on make keys as they do for people.
    #[must_use]
    pub fn with_full_key_cost(mut self) -> Self {
        self.key_cost = KeyCost::Full;
        self
    }

    pub fn display(&self) -> &Display {
        &self.display
    }

    /// Where its session's bus is.
    pub fn bus_address(&self) -> &str {
        &self.bus_address
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Whether there is a keyring, and it is still running.
    pub fn has_keyring(&mut self) -> bool {
        self.keyring.as_mut().is_some_and(Process::is_running)
    }

    /// Whether the app is on the session's bus. One that was killed stays there for a moment.
    pub async fn has_app(&self) -> bool {
        let names = ask("dbus-send", |command| {
            command.args(["--session", "--print-reply=literal"]);
            command.args(["--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]);
            command.arg("org.freedesktop.DBus.ListNames");
            command.env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address);
        });
        names.await.is_ok_and(|names| names.contains(APP))
    }

    /// Says on the session's bus that the screen is locked now, as a screen saver does.
    ///
    /// # Errors
    /// When the bus is not there.
    pub async fn lock_screen(&self) -> Result<()> {
        let told = ask("dbus-send", |command| {
            command.args(["--session", "--type=signal", "/org/freedesktop/ScreenSaver"]);
            command.args(["org.freedesktop.ScreenSaver.ActiveChanged", "boolean:true"]);
            command.env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address);
        });
        told.await.map(drop)
    }

    /// Where programs keep what is theirs (`XDG_DATA_HOME`).
    pub fn data_home(&self) -> PathBuf {
        self.home().join(".local/share")
    }

    /// Writes a file into the home folder, with the folders on the way to it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &str, content: &[u8]) -> Result<PathBuf> {
        let path = self.home().join(path);
        fs::create_dir_all(path.parent().context("a file has a folder")?)?;
        fs::write(&path, content)?;
        Ok(path)
    }

    /// Gives a program the environment of this desktop and nothing else.
    pub fn enter(&self, command: &mut Command) {
        let home = self.home();
        command.env_clear().current_dir(home).env("HOME", home);
        for (name, folder) in FOLDERS {
            command.env(name, home.join(folder));
        }
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
            .env("DISPLAY", self.display.name())
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address);
        command.envs([
            ("LANG", "C.UTF-8"),
            ("GDK_BACKEND", "x11"),
            ("XDG_SESSION_TYPE", "x11"),
        ]);
        if self.key_cost != KeyCost::Full {
            command.env("PRIVICORE_CHEAP_KEYS", "1");
        }
        // Nothing outside the home is read or written, and no accessibility bus is looked for.
        command.envs([
            ("GSETTINGS_BACKEND", "memory"),
            ("GIO_USE_VFS", "local"),
            ("NO_AT_BRIDGE", "1"),
        ]);
    }

    /// Starts the keyring and opens it, as after signing in; what it keeps is in the home folder.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn open_keyring(&self) -> Result<Process> {
        let mut keyring = Process::start("gnome-keyring-daemon", |command| {
            command.args(["--unlock", "--foreground", "--components=secrets"]);
            self.enter(command);
            command.stdin(Stdio::piped()).stderr(Stdio::null());
        })?;
        let mut password = keyring.stdin().context("the keyring takes no password")?;
        password.write_all(b"the password of this session")?;
        drop(password);
        wait_for("an open keyring", SOON, async || {
            self.default_collection().await
        })
        .await?;
        Ok(keyring)
    }

    /// The object path of the keyring's default collection, once there is one.
    async fn default_collection(&self) -> Option<String> {
        let answer = ask("dbus-send", |command| {
            command.args([
                "--session",
                "--print-reply=literal",
                "--dest=org.freedesktop.secrets",
            ]);
            command.args([
                "/org/freedesktop/secrets",
                "org.freedesktop.Secret.Service.ReadAlias",
            ]);
            command
                .arg("string:default")
                .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address);
        });
        answer.await.ok().filter(|path| path.len() > 1)
    }
}

/// Nothing blinks and nothing glides, so that a screen can come to rest.
const TOOLKIT: &str = "[Settings]\ngtk-cursor-blink = 0\ngtk-enable-animations = 0\n";

const FOLDERS: [(&str, &str); 5] = [
    ("XDG_RUNTIME_DIR", ".run"),
    ("XDG_DATA_HOME", ".local/share"),
    ("XDG_CONFIG_HOME", ".config"),
    ("XDG_STATE_HOME", ".local/state"),
    ("XDG_CACHE_HOME", ".cache"),
];

fn create_home() -> Result<TempDir> {
    // Short: a socket's path may have 107 bytes only.
    let home = tempfile::Builder::new().prefix("home-").tempdir()?;
    for (_, folder) in FOLDERS {
        fs::create_dir_all(home.path().join(folder))?;
    }
    fs::create_dir_all(home.path().join("Documents"))?;
    fs::create_dir_all(home.path().join(".config/gtk-3.0"))?;
    fs::write(home.path().join(".config/gtk-3.0/settings.ini"), TOOLKIT)?;
    fs::set_permissions(home.path().join(".run"), fs::Permissions::from_mode(0o700))?;
    Ok(home)
}

fn start_bus(home: &Path) -> Result<Process> {
    let configuration = home.join(".run/bus.conf");
    let directory = home.join(".run").display().to_string();
    fs::write(&configuration, BUS.replace("DIRECTORY", &directory))?;
    Process::start("dbus-daemon", |command| {
        command
            .args([
                "--nofork",
                "--nopidfile",
                "--print-address=1",
                "--config-file",
            ])
            .arg(&configuration);
        command.stderr(Stdio::null());
    })
}
