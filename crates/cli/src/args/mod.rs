//! The command line.

mod keys;
mod tree;

use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, Parser, Subcommand};
use clap_complete::Shell;
use privicore_vault::{
    Addresses, Connection, DEFAULT_CONTEXT, KeyCost, KeyringUse, Options, RetryPolicy, StoreAs,
    default_data_dir,
};

pub(crate) use self::keys::{ExportedKey, Keys, Recipients, Recovery, Restore, SharedKeys};
pub(crate) use self::tree::{
    AlreadySaved, AlreadyStored, Classify, Find, Get, Label, Ls, Move, Remove, RestoreVersion,
    Versions,
};
use crate::exit;
use crate::network::NetworkOptions;

/// Stores files with Privicore, end-to-end encrypted, and gets them back.
#[derive(Debug, Parser)]
#[command(name = "privicore", version, after_help = after_help())]
pub(crate) struct Args {
    /// Prints one JSON object per line.
    #[arg(long, global = true)]
    pub json: bool,
    /// The data directory: settings, keys and records [default: the app's own folder].
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Does not use the system's keyring: keys are protected by a passphrase.
    #[arg(long, global = true)]
    pub no_keyring: bool,
    #[command(flatten)]
    pub service: Service,
    #[command(flatten)]
    pub network: NetworkOptions,
    #[command(subcommand)]
    pub command: Command,
}

const SECRETS: &str = "\
Secrets come from a prompt, from PRIVICORE_PASSWORD, PRIVICORE_PASSPHRASE, PRIVICORE_NEW_PASSPHRASE and \
PRIVICORE_SHARED_KEY, or with --password-stdin; never from an argument.
The proxy's name and password come from PRIVICORE_PROXY_CREDENTIALS (NAME:PASSWORD) and are remembered in the \
system's keyring, if there is one.
Files are named by their paths as `ls` shows them, by ids or by tokens. Patterns are for `ls` and `get` alone; \
everywhere else `*`, `?` and `[` are part of a name. Where a command takes several, `-` reads them from standard \
input, so that no token is visible in the process list.";

fn after_help() -> String {
    format!("{SECRETS}\n\n{}", exit::help())
}

/// The service; remembered after the first use.
#[derive(Debug, ClapArgs)]
#[group(id = "service")]
pub(crate) struct Service {
    /// Uses the embedded sandbox: a service on this machine.
    #[arg(long, global = true, conflicts_with_all = ["server", "websocket", "upstream", "downstream"])]
    pub sandbox: bool,
    /// The API address of a service.
    #[arg(long, global = true, value_name = "URL")]
    pub server: Option<String>,
    /// Its WebSocket address.
    #[arg(long, global = true, value_name = "URL")]
    pub websocket: Option<String>,
    /// Its upload address.
    #[arg(long, global = true, value_name = "URL")]
    pub upstream: Option<String>,
    /// Its download address.
    #[arg(long, global = true, value_name = "URL")]
    pub downstream: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Creates a profile and signs in to it.
    SignUp(SignIn),
    /// Signs in.
    SignIn(SignInHere),
    /// Signs out and revokes the session.
    SignOut,
    /// Encrypts and stores files, and folders with all files below them. Links inside a folder are not followed.
    Put {
        /// Files and folders, or `-` alone for standard input.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// The name to store standard input under.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// A label to store them under. The service can see it.
        #[arg(long = "label", alias = "context", default_value = DEFAULT_CONTEXT, value_name = "L")]
        context: String,
        /// A folder of the stored tree to put them into.
        #[arg(long, value_name = "FOLDER")]
        to: Option<PathBuf>,
        /// What to do with a file whose path is stored already. To skip one, its size and its time have to be the same.
        #[arg(long, value_enum, default_value_t = AlreadyStored::Version)]
        existing: AlreadyStored,
        #[command(flatten)]
        form: StoredForm,
        /// Reads each file back afterwards and compares it with its receipt.
        #[arg(long)]
        verify: bool,
    },
    /// Lists stored files and folders.
    Ls(Ls),
    /// Finds files and folders by words in their paths or labels.
    Find(Find),
    /// Lists the versions of a file.
    Versions(Versions),
    /// Makes an older version of a file the newest. No version is deleted.
    Restore(RestoreVersion),
    /// Moves stored files and folders, or renames one.
    Mv(Move),
    /// Gives stored files another label.
    Label(Label),
    /// Tells the service how sensitive a file is. The service can read it.
    Classify(Classify),
    /// Removes missing files from the list. Their receipts are still exported.
    Forget {
        /// Paths, ids or tokens.
        #[arg(required = true, value_name = "PATH|ID|TOKEN")]
        files: Vec<String>,
    },
    /// Uses the service's names for files that were renamed elsewhere.
    AcceptName {
        /// Paths, ids or tokens.
        #[arg(required = true, value_name = "PATH|ID|TOKEN")]
        files: Vec<String>,
    },
    /// Gets files and folders back, with their times and the executable bit.
    Get(Get),
    /// Reads files back through the service and compares them with their receipts. Nothing is written.
    Verify(Verify),
    /// Receipts of stored files.
    #[command(subcommand)]
    Receipts(Receipts),
    /// Resumes transfers that a crash, a kill or a power cut interrupted.
    Resume,
    /// Lists interrupted transfers, or drops one.
    Transfers {
        /// Drops the transfer with this id. It is not tried again.
        #[arg(long, value_name = "ID")]
        drop: Option<String>,
    },
    /// Deletes files at the service. A path stands for all its versions.
    Rm(Remove),
    /// Shows the service, the profile and their state.
    Status,
    /// Does nothing: each command wipes the keys when it ends.
    Lock,
    /// Checks that the keys can be unlocked.
    Unlock {
        /// Restores the previous copy of a damaged key file.
        #[arg(long)]
        previous: bool,
    },
    /// Lists, replaces and exports the keys of this profile.
    #[command(subcommand)]
    Keys(Keys),
    /// The recovery kit, for when this machine is lost.
    #[command(subcommand)]
    Recovery(Recovery),
    /// Recipients of files stored from now on.
    #[command(subcommand)]
    Recipients(Recipients),
    /// Encrypts stored files again for the newest key and the current recipients. Files of up to about 50 KB.
    #[command(group = clap::ArgGroup::new("which").required(true))]
    Reseal {
        /// Paths, ids or tokens, or `-` for the lines of standard input.
        #[arg(value_name = "PATH|ID|TOKEN", group = "which")]
        files: Vec<String>,
        /// All files whose key or recipients are outdated.
        #[arg(long, group = "which")]
        all: bool,
        /// Also files without a receipt on this machine: they cannot be checked.
        #[arg(long)]
        without_receipt: bool,
    },
    /// Lists the operations of the service.
    Operations {
        /// Only operations with this prefix, with their fields.
        #[arg(value_name = "NAME")]
        beginning: Option<String>,
    },
    /// Calls an operation of the service by its name. Data sent this way is not encrypted.
    Call(Call),
    /// Prints completions for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Writes a manual page for each command.
    #[command(hide = true)]
    Man {
        /// An existing folder.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}

/// An operation and its values.
#[derive(Debug, ClapArgs)]
pub(crate) struct Call {
    /// The operation, as `privicore operations` lists it.
    pub operation: String,
    /// Values as NAME=VALUE. `-` as a value is prompted for, or read from the next line of standard input; secrets must
    /// be given this way.
    #[arg(value_name = "NAME=VALUE")]
    pub values: Vec<String>,
    /// Waits for the outcome of a command (default).
    #[arg(long, overrides_with = "no_wait")]
    wait: bool,
    /// Does not wait for the outcome of a command.
    #[arg(long, overrides_with = "wait")]
    pub no_wait: bool,
    /// Shows what would be sent, also as a command line for curl, and sends nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// The form that files are stored in.
#[derive(Debug, ClapArgs)]
pub(crate) struct StoredForm {
    /// Stores in the shared-key form, with this key [default: the label's setting, at first an age file].
    #[arg(long, value_name = "NAME")]
    shared_key: Option<String>,
    /// Stores age files whatever the label's setting is.
    #[arg(long, conflicts_with = "shared_key")]
    age: bool,
}

/// The files to verify.
#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub(crate) struct Verify {
    /// Paths, ids or tokens, or `-` for the lines of standard input.
    #[arg(value_name = "PATH|ID|TOKEN")]
    pub files: Vec<String>,
    /// All files with a receipt on this computer. Reports how many have none; exit code 1 if no file has one.
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Receipts {
    /// Writes all receipts to a new file that only you can read, one JSON object per line. It contains the tokens.
    Export {
        /// The file to write.
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
}

/// Who signs in.
#[derive(Debug, ClapArgs)]
pub(crate) struct SignIn {
    /// The user name.
    pub username: String,
    /// Reads the password from the first line of standard input.
    #[arg(long)]
    pub password_stdin: bool,
}

/// Who signs in, and with which keys.
#[derive(Debug, ClapArgs)]
pub(crate) struct SignInHere {
    #[command(flatten)]
    pub who: SignIn,
    /// Generates and registers new keys if the profile has keys on another computer and none here. Files stored before
    /// cannot be opened here.
    #[arg(long)]
    pub new_keys: bool,
}

impl Args {
    pub(crate) fn options(&self) -> std::io::Result<Options> {
        let data_dir = match &self.data_dir {
            Some(folder) => std::path::absolute(folder)?,
            None => default_data_dir(),
        };
        Ok(Options {
            data_dir,
            keyring: if self.no_keyring {
                KeyringUse::Off
            } else {
                KeyringUse::System
            },
            retry_policy: RetryPolicy::Never,
            key_cost: KeyCost::from_environment(),
        })
    }
}

impl Command {
    /// Combinations of arguments that no command accepts.
    pub(crate) fn check(&self) -> Result<(), clap::Error> {
        if let Self::Put { paths, name, .. } = self {
            let is_input = paths.iter().any(|path| path.as_os_str() == "-");
            if is_input != name.is_some() || (is_input && paths.len() > 1) {
                return Err(clap::Error::raw(
                    clap::error::ErrorKind::ValueValidation,
                    "`put -` stores standard input alone, and needs --name for it (./- for a file that is named -)\n",
                ));
            }
        }
        match self.written() {
            Some(target) if target.as_os_str() == "-" => Err(clap::Error::raw(
                clap::error::ErrorKind::ValueValidation,
                "nothing is written to standard output, where it would be read before it is whole: give -o the name \
                of a file (./- for one that is named -)\n",
            )),
            _ => Ok(()),
        }
    }

    /// The file or folder that the command writes to.
    fn written(&self) -> Option<&Path> {
        match self {
            Self::Receipts(Receipts::Export { output })
            | Self::Keys(
                Keys::Export { output, .. } | Keys::Shared(SharedKeys::Export { output, .. }),
            )
            | Self::Recovery(Recovery::Create { output }) => Some(output),
            _ => None,
        }
    }

    /// Whether the command needs the keys of the profile.
    pub(crate) fn needs_keys(&self) -> bool {
        match self {
            Self::SignUp(_)
            | Self::SignIn(_)
            | Self::SignOut
            | Self::Status
            | Self::Lock
            | Self::Unlock { previous: true }
            | Self::Recovery(Recovery::Restore(_))
            | Self::Operations { .. }
            | Self::Completions { .. }
            | Self::Man { .. } => false,
            Self::Put { .. }
            | Self::Ls(_)
            | Self::Find(_)
            | Self::Versions(_)
            | Self::Restore(_)
            | Self::Mv(_)
            | Self::Label(_)
            | Self::Classify(_)
            | Self::Forget { .. }
            | Self::AcceptName { .. }
            | Self::Get(_)
            | Self::Verify(_)
            | Self::Receipts(_)
            | Self::Resume
            | Self::Transfers { .. }
            | Self::Rm(_)
            | Self::Unlock { previous: false }
            | Self::Keys(_)
            | Self::Recovery(
                Recovery::Create { .. } | Recovery::Confirm | Recovery::Renew | Recovery::Status,
            )
            | Self::Recipients(_)
            | Self::Reseal { .. }
            | Self::Call(_) => true,
        }
    }
}

impl StoredForm {
    /// What was asked for.
    pub(crate) fn chosen(self) -> StoreAs {
        match self.shared_key {
            Some(name) => StoreAs::SharedKey(name),
            None if self.age => StoreAs::Age,
            None => StoreAs::ContextSays,
        }
    }
}

impl Service {
    /// The service in the arguments, if any.
    pub(crate) fn connection(&self) -> Result<Option<Connection>, clap::Error> {
        if self.sandbox {
            return Ok(Some(Connection::Sandbox));
        }
        match (
            &self.server,
            &self.websocket,
            &self.upstream,
            &self.downstream,
        ) {
            (None, None, None, None) => Ok(None),
            (Some(api), Some(websocket), Some(upstream), Some(downstream)) => {
                Ok(Some(Connection::Service(Addresses {
                    api: api.clone(),
                    websocket: websocket.clone(),
                    upstream: upstream.clone(),
                    downstream: downstream.clone(),
                })))
            }
            _ => Err(clap::Error::raw(
                clap::error::ErrorKind::MissingRequiredArgument,
                "a service has four addresses: give --server, --websocket, --upstream and --downstream together\n",
            )),
        }
    }
}

#[cfg(test)]
mod tests;
