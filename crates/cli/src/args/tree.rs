//! What is said of folders, paths and versions.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use privicore_vault::{SavedAlready, StoredAlready};

/// What is to be listed.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a separate flag on the command line"
)]
#[derive(Debug, ClapArgs)]
pub(crate) struct Ls {
    /// A folder, a file, or a pattern with `*`, `?` and `[…]`, where `**` stands for any folders [default: all files].
    #[arg(value_name = "PATH|PATTERN")]
    pub path: Option<String>,
    /// Everything below the folder, not only what is in it.
    #[arg(short = 'R', long)]
    pub recursive: bool,
    /// Only files with this label.
    #[arg(long = "label", alias = "context", value_name = "L")]
    pub context: Option<String>,
    /// Also when each was changed and last verified, its label, and how many versions it has.
    #[arg(short, long)]
    pub long: bool,
    /// Only what is missing at the service: every version, and everything below a folder.
    #[arg(long)]
    pub missing: bool,
    /// Accepts a list that is at most half as long: looks for each missing file by its token.
    #[arg(long)]
    pub accept_missing: bool,
}

/// What is to be found.
#[derive(Debug, ClapArgs)]
pub(crate) struct Find {
    /// Words that the path or the label has in it, in any case.
    #[arg(required = true, value_name = "TEXT")]
    pub words: Vec<String>,
}

/// What is to be moved, and where to.
#[derive(Debug, ClapArgs)]
pub(crate) struct Move {
    /// Paths of files and folders, ids or tokens. A path stands for all its versions.
    #[arg(required = true, value_name = "PATH|ID|TOKEN")]
    pub files: Vec<String>,
    /// A folder of the stored tree to move them into, or for one file or folder its new path. With `/` at its end it is
    /// a folder that need not be there.
    #[arg(value_name = "FOLDER|NAME")]
    pub to: String,
}

/// What gets another label.
#[derive(Debug, ClapArgs)]
pub(crate) struct Label {
    /// Paths of files and folders, ids or tokens. A path stands for all its versions, a folder for everything below it.
    #[arg(required = true, value_name = "PATH|ID|TOKEN")]
    pub files: Vec<String>,
    /// The label. The service can see it.
    #[arg(value_name = "LABEL")]
    pub label: String,
}

/// How sensitive a file is.
#[derive(Debug, ClapArgs)]
pub(crate) struct Classify {
    /// Its path, or the id or token of one of its versions.
    #[arg(value_name = "PATH|ID|TOKEN")]
    pub file: String,
    /// How sensitive it is, in your words.
    #[arg(long, value_name = "TEXT")]
    pub classification: String,
    /// A label for it.
    #[arg(long, value_name = "TEXT")]
    pub label: String,
    /// How it is to be handled.
    #[arg(long, value_name = "TEXT")]
    pub handling: String,
}

/// Which version becomes the newest again.
#[derive(Debug, ClapArgs)]
pub(crate) struct RestoreVersion {
    /// The path of the file, or the id or token of one of its versions.
    #[arg(value_name = "PATH|ID|TOKEN")]
    pub file: String,
    /// The number of the version, as `versions` lists it; the oldest is 1 [default: the version with this id or token].
    #[arg(long, value_name = "N")]
    pub version: Option<usize>,
}

/// Of which file.
#[derive(Debug, ClapArgs)]
pub(crate) struct Versions {
    /// Its path, or the id or token of one of its versions.
    #[arg(value_name = "PATH|ID|TOKEN")]
    pub file: String,
}

/// What is to be got back, and where to.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a separate flag on the command line"
)]
#[derive(Debug, ClapArgs)]
pub(crate) struct Get {
    /// Paths of files and folders, patterns as for `ls`, ids or tokens, or `-` for the lines of standard input.
    #[arg(required_unless_present_any = ["all", "label"], value_name = "PATH|PATTERN|ID|TOKEN")]
    pub files: Vec<String>,
    /// Everything that is stored.
    #[arg(long, conflicts_with = "files")]
    pub all: bool,
    /// Every file with this label.
    #[arg(long, value_name = "L", conflicts_with_all = ["files", "all"])]
    pub label: Option<String>,
    /// Where to save it: a folder, or for one file a file [default: its own name, here]. For several files or a folder,
    /// the folder is made if it is missing. `-` is standard output, for one file: it is received and verified first,
    /// encrypted on the disk, and then written.
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Puts all files into one folder, without the folders they are in.
    #[arg(long)]
    pub flat: bool,
    /// What to do with files that are there already [default for several: keep-both]. To skip one, its size and its
    /// time have to be the same.
    #[arg(long, value_enum, conflicts_with = "force")]
    pub existing: Option<AlreadySaved>,
    /// Replaces existing files without asking.
    #[arg(long)]
    pub force: bool,
    /// Opens it with this shared key, even if another one is recorded. For one file.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["all", "label", "flat"])]
    pub shared_key: Option<String>,
    /// Keeps the download even if it does not match its receipt: beside the target, under a name that says so. For one
    /// file.
    #[arg(long, conflicts_with_all = ["shared_key", "all", "label", "flat"])]
    pub keep_mismatch: bool,
}

/// What is to be deleted.
#[derive(Debug, ClapArgs)]
pub(crate) struct Remove {
    /// Paths, ids or tokens, or `-` for the lines of standard input.
    #[arg(required = true, value_name = "PATH|ID|TOKEN")]
    pub files: Vec<String>,
    /// Also folders, with everything below them.
    #[arg(short, long)]
    pub recursive: bool,
}

/// What becomes of a file whose path is stored already.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum AlreadyStored {
    /// It becomes the newest version.
    Version,
    /// It is left out if its size and its time are the same.
    Skip,
    /// It is stored beside it, with a number.
    KeepBoth,
}

/// What becomes of a file that is there already.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum AlreadySaved {
    /// What is saved gets a number.
    KeepBoth,
    /// It is left out if its size and its time are the same, and gets a number if not.
    Skip,
    /// It is replaced.
    Replace,
}

impl From<AlreadyStored> for StoredAlready {
    fn from(already: AlreadyStored) -> Self {
        match already {
            AlreadyStored::Version => Self::NewVersion,
            AlreadyStored::Skip => Self::Skip,
            AlreadyStored::KeepBoth => Self::KeepBoth,
        }
    }
}

impl From<AlreadySaved> for SavedAlready {
    fn from(already: AlreadySaved) -> Self {
        match already {
            AlreadySaved::KeepBoth => Self::KeepBoth,
            AlreadySaved::Skip => Self::SkipIdentical,
            AlreadySaved::Replace => Self::Replace,
        }
    }
}
