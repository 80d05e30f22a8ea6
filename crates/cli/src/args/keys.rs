//! What is said of keys, recipients and kits.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use crate::args::SignIn;

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Lists the keys of the service that are remembered, and those that have changed.
    Pins,
    /// Accepts a changed key of the service, after you have compared its fingerprint.
    Accept {
        /// The fingerprint that is shown now.
        #[arg(value_name = "SHA256:…")]
        fingerprint: String,
    },
    /// Lists the application keys, the newest first.
    List,
    /// Makes a new application key for files stored from now on. Older keys still decrypt.
    Rotate,
    /// Changes the passphrase that opens the keys on this machine.
    Passphrase,
    /// Changes what opens the keys on this machine.
    #[command(group = clap::ArgGroup::new("with").required(true))]
    Protect {
        /// A secret in the system's keyring, and no passphrase any more.
        #[arg(long, group = "with")]
        keyring: bool,
        /// A passphrase, and nothing in the keyring any more.
        #[arg(long, group = "with")]
        passphrase: bool,
    },
    /// Shared keys.
    #[command(subcommand)]
    Shared(SharedKeys),
    /// Writes a private key to a new file that only you can read.
    Export {
        /// Which key.
        key: ExportedKey,
        /// The file to write.
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SharedKeys {
    /// Lists them.
    List,
    /// Makes a new one.
    Make {
        /// What to call it.
        name: String,
    },
    /// Imports one, from a prompt or the environment.
    Add {
        /// What to call it.
        name: String,
        /// Reads the key from the first line of standard input.
        #[arg(long)]
        stdin: bool,
    },
    /// Gives one another name.
    Rename {
        /// Its name.
        name: String,
        /// Its new name.
        to: String,
    },
    /// Removes one. Files stored with it can no longer be opened here.
    Remove {
        /// Its name.
        name: String,
    },
    /// Writes one to a new file that only you can read, as 64 hexadecimal digits.
    Export {
        /// Its name.
        name: String,
        /// The file to write.
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Stores the files of a context with one from now on; without a name, as age files again.
    Default {
        /// The context.
        #[arg(long, value_name = "C")]
        context: String,
        /// The key's name.
        name: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Recipients {
    /// Lists them.
    List,
    /// Adds one: age1… or an ssh-rsa line.
    Add {
        /// The public key.
        #[arg(required = true, value_name = "KEY")]
        key: Vec<String>,
        /// Whose it is.
        #[arg(long, value_name = "LABEL")]
        label: Option<String>,
        /// Only for files of this context.
        #[arg(long, value_name = "C")]
        context: Option<String>,
    },
    /// Removes one. Files that are stored already stay readable for them until they are encrypted again.
    Remove {
        /// The public key, its fingerprint, or the label.
        #[arg(required = true, value_name = "KEY|LABEL")]
        key: Vec<String>,
        /// The one of this context.
        #[arg(long, value_name = "C")]
        context: Option<String>,
    },
}

/// A key that can be exported.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ExportedKey {
    /// Opens everything: an age identity (AGE-SECRET-KEY-1…).
    Recovery,
    /// Opens what was stored: an RSA key in PEM.
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
    /// Confirms that you have the kit by the last characters of its recovery key, and removes that key from this machine.
    Confirm,
    /// Makes a new recovery key for what is stored from now on. Then create and confirm a new kit.
    Renew,
    /// Signs in on a machine that has no keys of the profile, with those from its recovery kit.
    Restore(Restore),
    /// Tells whether a kit is confirmed.
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
    /// Where this computer has keys of the profile that nobody can open: keeps them under another name, and restores in their place.
    #[arg(long)]
    pub replace_keys: bool,
}
