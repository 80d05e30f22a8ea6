//! How fast and how large: the vault next to other tools, against the same plain service on loopback.
//!
//! `run` plays everything and prints one table; it starts the other commands as processes of their own, so that each
//! contestant has its own memory and CPU time. `docs/performance.md` says what is measured and how to repeat it.

mod contest;
mod measure;
mod run;
mod service;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::contest::Place;
use crate::contest::vault::Listing;
use crate::run::Plan;
use crate::service::ServeArguments;

/// As it is in what is shipped.
#[global_allocator]
static WIPING: privicore_vault::Wiping = privicore_vault::WIPING;

/// Measures Privicore next to other tools.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Everything, as one table
    Run(Plan),
    /// A service on loopback that does nothing but answer; ends with its standard input
    Serve(ServeArguments),
    /// Stores one file as the window does
    VaultUp(FileArguments),
    /// Saves the file that was stored last under this name
    VaultDown(FileArguments),
    /// Stores every file of a folder
    VaultSmall(SmallArguments),
    /// Works on a long list
    VaultList(ListArguments),
    /// Sends one file the same way, unsealed
    PlainUp(FileArguments),
    /// Fetches what plain-up sent, by its token
    PlainDown(TokenArguments),
}

#[derive(Debug, Args)]
struct FileArguments {
    #[command(flatten)]
    place: Place,
    /// The file
    file: PathBuf,
}

#[derive(Debug, Args)]
struct SmallArguments {
    #[command(flatten)]
    place: Place,
    /// The folder
    folder: PathBuf,
    /// How many are under way at a time; 0 leaves it to the vault
    #[arg(long, default_value_t = 0)]
    in_flight: usize,
}

#[derive(Debug, Args)]
struct ListArguments {
    #[command(flatten)]
    place: Place,
    /// What is done
    #[arg(value_enum)]
    listing: Listing,
}

#[derive(Debug, Args)]
struct TokenArguments {
    #[command(flatten)]
    place: Place,
    /// The token that plain-up printed
    #[arg(long)]
    token: String,
    /// Where to
    file: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Run(plan) => run::run(plan),
        Command::Serve(arguments) => service::serve(arguments).await,
        Command::VaultUp(arguments) => {
            measure::print(contest::vault::up(&arguments.place, &arguments.file).await)
        }
        Command::VaultDown(arguments) => {
            measure::print(contest::vault::down(&arguments.place, &arguments.file).await)
        }
        Command::VaultSmall(SmallArguments {
            place,
            folder,
            in_flight,
        }) => measure::print(contest::vault::small(&place, &folder, in_flight).await),
        Command::VaultList(arguments) => {
            measure::print(contest::vault::list(&arguments.place, arguments.listing).await)
        }
        Command::PlainUp(arguments) => {
            measure::print(contest::plain::up(&arguments.place, &arguments.file).await)
        }
        Command::PlainDown(arguments) => measure::print(
            contest::plain::down(&arguments.place, arguments.token, &arguments.file).await,
        ),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
