//! The commands: open the vault, do one thing, close it.

mod files;
mod finder;
mod generated;
mod keys;
mod lock;
mod missing;
mod operations;
mod pins;
mod recovery;
mod report;
mod session;
mod transfers;
mod tree;
mod verification;

use privicore_vault::{Error, ProtectionError, Stage, Storing, Vault};

use crate::args::{Args, Command, SignInHere};
use crate::exit::Failure;
use crate::notices::{self, Notices};
use crate::output::Output;
use crate::prompt::{self, Entry};

/// Runs the command and closes the vault in any case. Notices are printed before a failure.
pub(crate) async fn run(args: Args, output: Output) -> Result<u8, Failure> {
    match &args.command {
        Command::Operations { beginning } => return operations::list(beginning.as_deref(), output),
        Command::Completions { shell } => return Ok(generated::completions(*shell)),
        Command::Man { folder } => return generated::manual(folder),
        _ => {}
    }
    args.command.check()?;
    let connection = args.service.connection()?;
    let vault = Vault::open(args.options()?).await?;
    let notices = Notices::of(&vault, output);
    let outcome = match (args.network.apply(&vault).await, connection) {
        (Ok(()), Some(connection)) => vault.connect(connection).await.map_err(Into::into),
        (outcome, _) => outcome,
    };
    let outcome = match outcome {
        Ok(()) => run_in(&vault, args.command, output).await,
        Err(failure) => Err(failure),
    };
    let alarms = notices::alarms(&vault);
    vault.shut_down().await;
    notices.end().await;
    for alarm in &alarms {
        output.notice(alarm);
    }
    outcome
}

/// Each command has its place here: a new one does not compile without.
async fn run_in(vault: &Vault, command: Command, output: Output) -> Result<u8, Failure> {
    if command.needs_keys() {
        unlock(vault).await?;
    }
    match command {
        Command::SignUp(who) => session::sign_up(vault, &who, output).await,
        Command::SignIn(SignInHere { who, new_keys }) => {
            session::sign_in(vault, &who, new_keys, output).await
        }
        Command::SignOut => session::sign_out(vault, output).await,
        Command::Status | Command::Unlock { previous: false } => Ok(session::status(vault, output)),
        Command::Lock => Ok(lock::lock(output)),
        Command::Unlock { previous: true } => lock::restore_previous(vault, output).await,
        Command::Put {
            paths,
            name,
            context,
            to,
            existing,
            form,
            verify,
        } => {
            let storing = Storing {
                form: form.chosen(),
                into: tree::folder_of_tree(to.as_deref())?,
                existing: existing.into(),
                ..Storing::under(&context)
            };
            files::put(vault, paths, name, storing, verify, output).await
        }
        Command::Ls(listing) => tree::ls(vault, listing, output).await,
        Command::Find(find) => tree::find(vault, &find, output).await,
        Command::Versions(of) => tree::versions(vault, &of, output).await,
        Command::Restore(what) => tree::restore(vault, what, output).await,
        Command::Mv(what) => tree::mv(vault, what, output).await,
        Command::Label(what) => tree::label(vault, what, output).await,
        Command::Classify(what) => tree::classify(vault, what, output).await,
        Command::Forget { files } => missing::forget(vault, prompt::files(files)?, output).await,
        Command::AcceptName { files } => {
            missing::accept_names(vault, prompt::files(files)?, output).await
        }
        Command::Get(request) => tree::get(vault, request, output).await,
        Command::Verify(what) => verification::verify(vault, what, output).await,
        Command::Receipts(what) => verification::receipts(vault, what, output).await,
        Command::Resume => transfers::resume(vault, output).await,
        Command::Transfers { drop: None } => transfers::list(vault, output).await,
        Command::Transfers { drop: Some(id) } => transfers::give_up(vault, &id, output).await,
        Command::Rm(what) => tree::rm(vault, what, output).await,
        Command::Keys(which) => keys::keys(vault, which, output).await,
        Command::Recovery(which) => recovery::recovery(vault, &which, output).await,
        Command::Recipients(which) => keys::recipients(vault, which, output).await,
        Command::Reseal {
            files,
            without_receipt,
            ..
        } => keys::reseal(vault, files, without_receipt, output).await,
        Command::Operations { beginning } => operations::list(beginning.as_deref(), output),
        Command::Call(call) => operations::call(vault, call, output).await,
        Command::Completions { shell } => Ok(generated::completions(shell)),
        Command::Man { folder } => generated::manual(&folder),
    }
}

/// Opens the keys of the profile that is signed in, if they are not open yet.
async fn unlock(vault: &Vault) -> Result<(), Failure> {
    if vault.status().stage != Stage::Locked {
        return Ok(());
    }
    match vault.unlock(None).await {
        Err(Error::Protection(ProtectionError::PassphraseNeeded)) => {
            let passphrase = prompt::passphrase(Entry::Known)?;
            Ok(vault.unlock(Some(passphrase)).await?)
        }
        outcome => Ok(outcome?),
    }
}
