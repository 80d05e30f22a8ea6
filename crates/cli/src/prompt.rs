//! What is asked for: passwords and passphrases from the environment, from standard input, or on the terminal; ids from
//! standard input.

use std::env::{self, VarError};
use std::io::{self, BufRead as _, IsTerminal as _, Read as _};

use privicore_vault::{Credentials, MIN_PASSPHRASE_CHARS, Strength, strength_of};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::task::block_in_place;
use zeroize::Zeroize as _;

use crate::exit::{Failure, Secret};
use crate::output::{self, Output};
use crate::signals;
use crate::terminal::Silenced;
use crate::text::shown;

/// The most that is read of a list of ids.
const LONGEST_LIST_BYTES: u64 = 16 << 20;

/// The languages in which "yes" is another word, with what stands for it.
const YES: [(&str, &[&str]); 16] = [
    ("da", &["j", "ja"]),
    ("de", &["j", "ja"]),
    ("es", &["s", "si", "sí"]),
    ("et", &["j", "jah"]),
    ("fi", &["k", "kyllä"]),
    ("fr", &["o", "oui"]),
    ("it", &["s", "si", "sì"]),
    ("nb", &["j", "ja"]),
    ("nl", &["j", "ja"]),
    ("nn", &["j", "ja"]),
    ("pl", &["t", "tak"]),
    ("pt", &["s", "sim"]),
    ("ru", &["д", "да"]),
    ("sv", &["j", "ja"]),
    ("tr", &["e", "evet"]),
    ("uk", &["т", "так"]),
];

/// Whether a new secret is chosen, which is asked for twice, or a known one entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    New,
    Known,
}

/// The password: `PRIVICORE_PASSWORD`, the first line of standard input, or a prompt.
pub(crate) fn password(from_stdin: bool, entry: Entry) -> Result<SecretString, Failure> {
    secret(Secret::Password, from_stdin, "Password", entry)
}

/// The passphrase of the key file: `PRIVICORE_PASSPHRASE` or a prompt.
pub(crate) fn passphrase(entry: Entry) -> Result<SecretString, Failure> {
    let what = "Passphrase for the keys on this machine";
    secret(Secret::Passphrase, false, what, entry)
}

/// The passphrase, if the environment has it.
pub(crate) fn passphrase_at_hand() -> Result<Option<SecretString>, Failure> {
    from_environment(Secret::Passphrase.variable())
}

/// The first passphrase of new keys: `PRIVICORE_PASSPHRASE`, or a prompt until it is one that is taken.
pub(crate) fn new_keys_passphrase(
    of: &Credentials,
    output: Output,
) -> Result<SecretString, Failure> {
    let about = [&*of.username, of.password.expose_secret()];
    let what = "Passphrase for the keys on this machine";
    chosen(Secret::FirstPassphrase, what, &about, output)
}

/// The passphrase that takes the place of another: `PRIVICORE_NEW_PASSPHRASE`, or a prompt until it is one that is
/// taken.
pub(crate) fn new_passphrase(output: Output) -> Result<SecretString, Failure> {
    let what = "New passphrase for the keys on this machine";
    chosen(Secret::NewPassphrase, what, &[], output)
}

fn chosen(
    secret: Secret,
    what: &str,
    about: &[&str],
    output: Output,
) -> Result<SecretString, Failure> {
    let chosen = if let Some(passphrase) = from_environment(secret.variable())? {
        passphrase
    } else {
        loop {
            let typed = ask(what, Entry::New)?.ok_or(Failure::NothingGiven(secret))?;
            match strength_of(&typed, about) {
                Strength::Weak | Strength::Good => break typed,
                Strength::Empty => output::print_error_line("It is empty. Choose another."),
                Strength::TooShort => {
                    output::print_error_line(&format!(
                        "It has fewer than {MIN_PASSPHRASE_CHARS} characters. Choose another."
                    ));
                }
                Strength::Guessable => {
                    output::print_error_line(
                        "It is too easy to guess. Choose another: several random words are best.",
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
    match strength_of(secret, about) {
        Strength::Good | Strength::Empty => {}
        Strength::TooShort | Strength::Guessable => {
            output.remark(&format!(
                "Note: the {what} is easy to guess. Several random words are better."
            ));
        }
        Strength::Weak => {
            output.remark(&format!("Note: the {what} is weak. A longer one is safer."));
        }
    }
}

/// A shared key: `PRIVICORE_SHARED_KEY`, the first line of standard input, or a prompt.
pub(crate) fn shared_key(from_stdin: bool) -> Result<SecretString, Failure> {
    let what = "Shared key (64 hexadecimal digits or base64)";
    secret(Secret::SharedKey, from_stdin, what, Entry::Known)
}

fn secret(
    secret: Secret,
    from_stdin: bool,
    what: &str,
    entry: Entry,
) -> Result<SecretString, Failure> {
    let given = if from_stdin {
        Some(line_of_stdin()?)
    } else {
        match from_environment(secret.variable())? {
            Some(given) => Some(given),
            None => ask(what, entry)?,
        }
    };
    given
        .filter(|given| !given.expose_secret().is_empty())
        .ok_or(Failure::NothingGiven(secret))
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

/// The proxy credentials from `PRIVICORE_PROXY_CREDENTIALS`: name and password, separated by a colon.
pub(crate) fn proxy_credentials() -> Result<Option<SecretString>, Failure> {
    from_environment("PRIVICORE_PROXY_CREDENTIALS")
}

/// Asks whether an existing file may be replaced; without a terminal the answer is no.
pub(crate) fn may_replace(name: &str) -> Result<bool, Failure> {
    may_go_on(&format!("“{name}” exists. Replace it?"))
}

/// Asks a question; without a terminal the answer is no.
pub(crate) fn may_go_on(question: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    output::ask(&format!("{question} [y/N] "));
    let mut answer = Vec::new();
    block_in_place(|| io::stdin().lock().take(1024).read_until(b'\n', &mut answer))?;
    Ok(is_yes(&String::from_utf8_lossy(&answer), &language()))
}

/// Ids and tokens of files: those that were given, and for `-` the lines of standard input. None where none was given.
pub(crate) fn files(given: Vec<String>) -> Result<Vec<String>, Failure> {
    let is_named = !given.is_empty();
    let mut files = Vec::with_capacity(given.len());
    for file in given {
        if file == "-" {
            let mut lines = String::new();
            block_in_place(|| {
                let mut input = io::stdin().lock().take(LONGEST_LIST_BYTES);
                input.read_to_string(&mut lines)
            })?;
            files.extend(ids(&lines));
            lines.zeroize();
        } else {
            files.push(file);
        }
    }
    if is_named && files.is_empty() {
        return Err(nothing_named());
    }
    Ok(files)
}

fn ids(lines: &str) -> impl Iterator<Item = String> {
    let lines = lines.lines().map(str::trim);
    lines.filter(|line| !line.is_empty()).map(str::to_owned)
}

fn nothing_named() -> Failure {
    let problem = "standard input names no file\n";
    clap::Error::raw(clap::error::ErrorKind::ValueValidation, problem).into()
}

fn is_yes(answer: &str, language: &str) -> bool {
    let answer = answer.trim().to_lowercase();
    let local = YES.iter().find(|(known, _)| *known == language);
    ["y", "yes"].contains(&answer.as_str())
        || local.is_some_and(|(_, words)| words.contains(&answer.as_str()))
}

/// The language of messages, as the environment names it: `de` of `de_AT.UTF-8`.
fn language() -> String {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    let named = named.unwrap_or_default();
    let end = named.find(['_', '.', '@']).unwrap_or(named.len());
    named[..end].to_lowercase()
}

fn line_of_stdin() -> Result<SecretString, Failure> {
    let mut line = String::new();
    block_in_place(|| io::stdin().lock().read_line(&mut line))?;
    let secret = SecretString::from(line.trim_end_matches(['\r', '\n']));
    line.zeroize();
    Ok(secret)
}

fn from_environment(name: &str) -> Result<Option<SecretString>, Failure> {
    match env::var(name) {
        Ok(value) => Ok(Some(value.into())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => {
            let problem = format!("{name} is not UTF-8 text\n");
            Err(clap::Error::raw(clap::error::ErrorKind::InvalidUtf8, problem).into())
        }
    }
}

/// Asks on the terminal; nothing when there is none, or its input ends.
fn ask(what: &str, entry: Entry) -> Result<Option<SecretString>, Failure> {
    if !io::stdin().is_terminal() {
        return Ok(None);
    }
    loop {
        let Some(first) = typed(what)? else {
            return Ok(None);
        };
        if entry == Entry::Known {
            return Ok(Some(first));
        }
        let Some(again) = typed("Again")? else {
            return Ok(None);
        };
        if first.expose_secret() == again.expose_secret() {
            return Ok(Some(first));
        }
        output::print_error_line("The two don't match. Type it again.");
    }
}

/// Nothing when the terminal's input ends, as by Ctrl-D.
fn typed(what: &str) -> Result<Option<SecretString>, Failure> {
    // The signals that end a prompt are heard meanwhile.
    let typed = block_in_place(|| {
        let _silenced = Silenced::begin();
        match rpassword::prompt_password(format!("{}: ", shown(what))) {
            // It reads Ctrl-C as a key.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                signals::end(privicore_vault::INTERRUPT)
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            typed => typed.map(Some),
        }
    })?;
    Ok(typed.map(SecretString::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_is_yes_in_any_case_and_in_the_language_of_the_terminal() {
        for (answer, language) in [
            ("y\n", "C"),
            ("YES", ""),
            (" Yes \r\n", "de"),
            ("Ja", "de"),
            ("OUI", "fr"),
            ("sí", "es"),
            ("ДА", "ru"),
        ] {
            assert!(is_yes(answer, language), "{answer:?} in {language}");
        }
        for (answer, language) in [
            ("", "C"),
            ("n", "C"),
            ("yes please", "C"),
            ("ja", "fr"),
            ("no", "es"),
        ] {
            assert!(!is_yes(answer, language), "{answer:?} in {language}");
        }
    }

    #[test]
    fn each_line_of_a_list_names_a_file() {
        let listed: Vec<String> = ids("dtk-1\r\n\n  dtk-2  \n").collect();
        assert_eq!(listed, ["dtk-1", "dtk-2"]);
    }
}
