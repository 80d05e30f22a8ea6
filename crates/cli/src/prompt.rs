//! Passwords and passphrases: from the environment, from standard input, or asked for on the terminal.

use std::env;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use privicore_vault::{Credentials, Error, MIN_PASSPHRASE_CHARS, Strength, strength_of};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroize as _;

use crate::exit::Failure;
use crate::output::Output;

/// Whether a new secret is chosen, which is asked for twice, or a known one entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    New,
    Known,
}

/// The password: `PRIVICORE_PASSWORD`, the first line of standard input, or a prompt.
pub(crate) fn password(from_stdin: bool, entry: Entry) -> Result<SecretString, Failure> {
    if from_stdin {
        return line_of_stdin();
    }
    match from_environment("PRIVICORE_PASSWORD") {
        Some(password) => Ok(password),
        None => ask("Password", entry)?.ok_or(Error::WrongPassword.into()),
    }
}

/// The passphrase of the key file: `PRIVICORE_PASSPHRASE` or a prompt.
pub(crate) fn passphrase(entry: Entry) -> Result<SecretString, Failure> {
    match from_environment("PRIVICORE_PASSPHRASE") {
        Some(passphrase) => Ok(passphrase),
        None => ask("Passphrase for the keys on this machine", entry)?
            .ok_or(Error::PassphraseNeeded.into()),
    }
}

/// The first passphrase of new keys: `PRIVICORE_PASSPHRASE`, or a prompt until it is one that is taken.
pub(crate) fn new_keys_passphrase(
    of: &Credentials,
    output: Output,
) -> Result<SecretString, Failure> {
    let about = [&*of.username, of.password.expose_secret()];
    let (name, what) = (
        "PRIVICORE_PASSPHRASE",
        "Passphrase for the keys on this machine",
    );
    chosen(name, what, &about, output)
}

/// The passphrase that takes the place of another: `PRIVICORE_NEW_PASSPHRASE`, or a prompt until it is one that is taken.
pub(crate) fn new_passphrase(output: Output) -> Result<SecretString, Failure> {
    let (name, what) = (
        "PRIVICORE_NEW_PASSPHRASE",
        "New passphrase for the keys on this machine",
    );
    chosen(name, what, &[], output)
}

fn chosen(name: &str, what: &str, about: &[&str], output: Output) -> Result<SecretString, Failure> {
    let chosen = if let Some(passphrase) = from_environment(name) {
        passphrase
    } else {
        loop {
            let typed = ask(what, Entry::New)?.ok_or(Error::NewPassphraseNeeded)?;
            match strength_of(&typed, about) {
                Strength::Weak | Strength::Good => break typed,
                Strength::Empty => eprintln!("It is empty. Choose another."),
                Strength::TooShort => {
                    eprintln!(
                        "It has fewer than {MIN_PASSPHRASE_CHARS} characters. Choose another."
                    );
                }
                Strength::Guessable => {
                    eprintln!(
                        "It is too easy to guess. Choose another: several random words are best."
                    );
                }
            }
        }
    };
    // One that is easier still is refused.
    if strength_of(&chosen, about).is_accepted() {
        remark("passphrase", &chosen, about, output);
    }
    Ok(chosen)
}

/// Says of a new secret that it is easy to guess, if it is.
pub(crate) fn remark(what: &str, secret: &SecretString, about: &[&str], output: Output) {
    if output.json {
        return;
    }
    match strength_of(secret, about) {
        Strength::Good | Strength::Empty => {}
        Strength::TooShort | Strength::Guessable => {
            eprintln!("Note: the {what} is easy to guess. Several random words are better.");
        }
        Strength::Weak => {
            eprintln!("Note: the {what} is weak. A longer one is safer.");
        }
    }
}

/// A shared key: `PRIVICORE_SHARED_KEY`, the first line of standard input, or a prompt.
pub(crate) fn shared_key(from_stdin: bool) -> Result<SecretString, Failure> {
    if from_stdin {
        return line_of_stdin();
    }
    match from_environment("PRIVICORE_SHARED_KEY") {
        Some(key) => Ok(key),
        None => ask("Shared key (64 hexadecimal digits or base64)", Entry::Known)?
            .ok_or(Error::BadSharedKey.into()),
    }
}

/// What is asked for on the terminal, or else the first line of standard input; nothing when that is empty.
pub(crate) fn line(what: &str) -> Result<Option<SecretString>, Failure> {
    let typed = match on_terminal(what)? {
        Some(typed) => typed,
        None => line_of_stdin()?,
    };
    Ok((!typed.expose_secret().is_empty()).then_some(typed))
}

/// What is asked for on the terminal; nothing when there is none.
pub(crate) fn on_terminal(what: &str) -> Result<Option<SecretString>, Failure> {
    ask(what, Entry::Known)
}

/// What a proxy is told: `PRIVICORE_PROXY_CREDENTIALS`, a name and a password with a colon between them.
pub(crate) fn proxy_credentials() -> Option<SecretString> {
    from_environment("PRIVICORE_PROXY_CREDENTIALS")
}

/// Asks whether an existing file may be replaced; without a terminal the answer is no.
pub(crate) fn may_replace(name: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    eprint!("“{name}” exists. Replace it? [y/N] ");
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim().eq_ignore_ascii_case("y"))
}

fn line_of_stdin() -> Result<SecretString, Failure> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let secret = SecretString::from(line.trim_end_matches(['\r', '\n']));
    line.zeroize();
    Ok(secret)
}

fn from_environment(name: &str) -> Option<SecretString> {
    env::var(name).ok().map(SecretString::from)
}

/// Asks on the terminal; nothing when there is none.
fn ask(what: &str, entry: Entry) -> Result<Option<SecretString>, Failure> {
    if !io::stdin().is_terminal() {
        return Ok(None);
    }
    loop {
        let first = SecretString::from(rpassword::prompt_password(format!("{what}: "))?);
        if entry == Entry::Known {
            return Ok(Some(first));
        }
        let again = SecretString::from(rpassword::prompt_password("Again: ")?);
        if first.expose_secret() == again.expose_secret() {
            return Ok(Some(first));
        }
        eprintln!("The two don't match. Type it again.");
    }
}
