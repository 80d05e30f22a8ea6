//! What is said of keys, recipients and kits.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use crate::args::SignIn;

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Lists the pinned keys of the service, and those that have changed.
    Pins,
    /// Accepts a changed key of the service, after you have compared its fingerprint.
    Accept {
        /// The fingerprint shown now.
        #[arg(value_name = "SHA256:…")]
        fingerprint: String,
    },
    /// Lists the application keys, the newest first.
    List,
    /// Generates a new application key for files stored from now on. Older keys still decrypt.
    Rotate,
    /// Changes the passphrase of the keys on this machine.
    Passphrase,
    /// Changes how the keys on this machine are protected.
    #[command(group = clap::ArgGroup::new("with").required(true))]
    Protect {
        /// With a secret in the system's keyring instead of a passphrase.
        #[arg(long, group = "with")]
        keyring: bool,
        /// With a passphrase instead of the system's keyring.
        #[arg(long, group = "with")]
        passphrase: bool,
    },
    /// Shared keys.
    #[command(subcommand)]
    Shared(SharedKeys),
    /// Writes a private key to a new file that only you can read.
    Export {
        /// The key.
        key: ExportedKey,
        /// The file to write.
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SharedKeys {
    /// Lists the shared keys.
    List,
    /// Generates a new shared key.
    Make {
        /// Its name.
        name: String,
    },
    /// Imports a shared key from a prompt or the environment.
    Add {
        /// Its name.
        name: String,
        /// Reads the key from the first line of standard input.
        #[arg(long)]
        stdin: bool,
    },
    /// Renames a shared key.
    Rename {
        /// Its name.
        name: String,
        /// Its new name.
        to: String,
    },
    /// Removes a shared key. Files stored with it can no longer be opened here.
    Remove {
        /// Its name.
        name: String,
    },
    /// Writes a shared key to a new file that only you can read, as 64 hexadecimal digits.
    Export {
        /// Its name.
        name: String,
        /// The file to write.
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Sets the shared key for new files with a label; without a name they become age files again.
    Default {
        /// The label.
        #[arg(long = "label", alias = "context", value_name = "L")]
        context: String,
        /// The key's name.
        name: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Recipients {
    /// Lists the recipients.
    List,
    /// Adds a recipient: age1… or an ssh-rsa line.
    Add {
        /// The public key.
        #[arg(required = true, value_name = "KEY")]
        key: Vec<String>,
        /// Whose it is.
        #[arg(long = "name", value_name = "NAME")]
        label: Option<String>,
        /// Only for files with this label.
        #[arg(long = "for-label", alias = "context", value_name = "L")]
        context: Option<String>,
    },
    /// Removes a recipient. Files stored before stay readable for them until they are encrypted again.
    Remove {
        /// The public key, its fingerprint, or the name.
        #[arg(required = true, value_name = "KEY|NAME")]
        key: Vec<String>,
        /// Only for files with this label.
        #[arg(long = "for-label", alias = "context", value_name = "L")]
        context: Option<String>,
    },
}

/// A key that can be exported.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ExportedKey {
    /// The recovery key, which opens every file: an age identity (AGE-SECRET-KEY-1…).
    Recovery,
    /// The application key, which opens stored files: an RSA key in PEM.
    Application,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Recovery {
    /// Saves the kit as a page to print and a text file, which only you can read.
    Create {
        /// The folder to save it to.
        #[arg(short, long, value_name = "FOLDER")]
        output: PathBuf,
    },
    /// Confirms that you have the kit by the last characters of its recovery key, and removes that key from this
    /// machine.
    Confirm,
    /// Generates a new recovery key for files stored from now on. Then create and confirm a new kit.
    Renew,
    /// Signs in on a machine without the profile's keys and restores them from the recovery kit.
    Restore(Restore),
    /// Shows whether a kit is confirmed.
    Status,
}

/// Who comes back, and from what.
#[derive(Debug, ClapArgs)]
pub(crate) struct Restore {
    #[command(flatten)]
    pub who: SignIn,
    /// The kit's page, its text file or a picture of its code; `-` for what is typed or piped in.
    #[arg(long, value_name = "FILE")]
    pub kit: PathBuf,
    /// If the keys on this computer cannot be opened: renames their file and restores from the kit.
    #[arg(long)]
    pub replace_keys: bool,
}
