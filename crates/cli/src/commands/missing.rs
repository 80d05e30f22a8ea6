//! Files that the service does not list any more, or lists under another name.

use privicore_vault::{File, Named, Vault};
use serde::Serialize;

use super::finder::{Finder, NotFound};
use super::report::{report_error, report_not_found};
use crate::exit::Failure;
use crate::output::Output;
use crate::text::place;

#[derive(Serialize)]
struct ForgottenLine<'a> {
    id: String,
    token: &'a str,
    name: &'a str,
    has_receipt: bool,
    state: &'static str,
}

/// Takes files off the list that are missing at the service.
pub(crate) async fn forget(
    vault: &Vault,
    files: Vec<String>,
    output: Output,
) -> Result<u8, Failure> {
    let (mut finder, mut code) = (Finder::new(vault), 0);
    for wanted in &files {
        let forgotten = match finder.find(wanted).await {
            Ok(file) => {
                let forgotten = vault.forget(file.id).await;
                forgotten.map(|()| file).map_err(NotFound::from)
            }
            Err(error) => Err(error),
        };
        match forgotten {
            Ok(file) if output.json => output.object(&ForgottenLine {
                id: file.id.to_string(),
                token: file.token.reveal(),
                name: &file.name,
                has_receipt: file.receipt.is_some(),
                state: "forgotten",
            }),
            Ok(file) => output.line(&format!(
                "{}: {}",
                place(&file.folder, &file.name),
                forgotten_words(&file)
            )),
            Err(error) => code = code.max(report_not_found(wanted, &error, output)),
        }
    }
    Ok(code)
}

fn forgotten_words(file: &File) -> &'static str {
    if file.receipt.is_some() {
        "forgotten; its receipt is still exported"
    } else {
        "forgotten; it had no receipt here, and its name and token are still exported"
    }
}

/// Takes over the names under which the service lists files.
pub(crate) async fn accept_names(
    vault: &Vault,
    files: Vec<String>,
    output: Output,
) -> Result<u8, Failure> {
    // What is taken over is what was shown, not what the service says once it is asked.
    let mut shown = Vec::with_capacity(files.len());
    let mut finder = Finder::new(vault);
    for wanted in &files {
        let file = finder.find(wanted).await.ok();
        let renamed = file.and_then(|file| file.at_service.renamed.as_ref().map(Named::mark));
        shown.push(renamed);
    }
    let mut code = match finder.refresh().await {
        Ok(()) => 0,
        Err(error) => report_error(None, &error, output),
    };
    for (wanted, shown) in files.iter().zip(shown) {
        let accepted = match finder.find(wanted).await {
            Ok(file) => {
                let shown = shown.unwrap_or_default();
                let accepted = vault.accept_name(file.id, &shown).await;
                let file = accepted.and_then(|()| vault.file(&file.id.to_string()));
                file.map_err(NotFound::from)
            }
            Err(error) => Err(error),
        };
        match accepted {
            Ok(file) => output.file(&file, None),
            Err(error) => code = code.max(report_not_found(wanted, &error, output)),
        }
    }
    Ok(code)
}
