//! Files that the service does not list any more, or lists under another name.

use privicore_vault::{Code, Error, Explanation, File, Named, Vault};

use super::files::find;
use crate::exit::{self, Failure};
use crate::output::Output;

/// Takes files off the list that are missing at the service.
pub(crate) async fn forget(
    vault: &Vault,
    files: Vec<String>,
    output: Output,
) -> Result<u8, Failure> {
    let mut code = 0;
    for wanted in &files {
        let forgotten = match find(vault, wanted).await {
            Ok(file) => vault.forget(file.id).await.map(|()| file),
            Err(error) => Err(error),
        };
        match forgotten {
            Ok(file) => output.line(&format!("{}: forgotten", file.name)),
            Err(error) => code = code.max(told(&error, output)),
        }
    }
    Ok(code)
}

/// Takes over the names under which the service lists files.
pub(crate) async fn accept_names(
    vault: &Vault,
    files: Vec<String>,
    output: Output,
) -> Result<u8, Failure> {
    // What is taken over is what was shown, not what the service says once it is asked.
    let mut shown = Vec::with_capacity(files.len());
    for wanted in &files {
        let file = find(vault, wanted).await.ok();
        let renamed = file.and_then(|file| file.at_service.renamed.as_ref().map(Named::mark));
        shown.push(renamed);
    }
    let mut code = match vault.refresh().await {
        Ok(()) => 0,
        Err(error) => told(&error, output),
    };
    for (wanted, shown) in files.iter().zip(shown) {
        let accepted = match find(vault, wanted).await {
            Ok(file) => {
                let shown = shown.unwrap_or_default();
                vault.accept_name(file.id, &shown).await.map(|()| file)
            }
            Err(error) => Err(error),
        };
        match accepted {
            Ok(file) => output.file(&*vault.file(&file.id.to_string())?, None),
            Err(error) => code = code.max(told(&error, output)),
        }
    }
    Ok(code)
}

/// Says that the service lists a file under another name; answers the exit code.
pub(super) fn report_renamed(file: &File, output: Output) -> u8 {
    let Some(renamed) = &file.at_service.renamed else {
        return 0;
    };
    let place = |folder: &str, name: &str| match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    };
    let problem = Explanation {
        code: Code::RenamedElsewhere,
        message: format!(
            "It was renamed elsewhere: the service lists it as “{}”, label “{}”.",
            place(&renamed.folder, &renamed.name),
            renamed.context
        ),
        hint: "Here it keeps the name it was stored under. If that change is right, take it over with `privicore accept-name`.".into(),
    };
    output.problem(Some(&place(&file.folder, &file.name)), &problem);
    exit::NOT_AS_STORED
}

/// Prints an error and goes on; answers the exit code.
pub(super) fn told(error: &Error, output: Output) -> u8 {
    let problem = error.explain();
    output.problem(error.subject(), &problem);
    exit::code_of(&problem)
}
