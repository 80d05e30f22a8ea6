//! The recovery kit: a text to print or save. It decrypts all files without this program, and restores the profile with
//! it.

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::KitNotMade;
use crate::keys::kinds::debug_prints_nothing;
use crate::keys::profile_keys::ProfileKeys;
use crate::keys::recovery_key::RecoveryKey;
use crate::keys::secret_bytes::NameKey;
use crate::kit::bundle;
use crate::kit::error::Account;
use crate::kit::text::{ACCOUNT, compact, encode};

/// How many characters, the last of the recovery key, are asked for before a kit counts as kept.
pub const CONFIRMATION_CHARS: usize = 8;

/// A kit that can be printed and saved. It holds secrets, in memory until it is dropped.
pub struct RecoveryKit {
    recovery: RecoveryKey,
    names: NameKey,
    account: Account,
    fingerprints: KitFingerprints,
    armored_bundle: String,
}

/// What a kit says in lines, for a page that is laid out elsewhere.
#[derive(Debug)]
pub struct KitLines {
    /// `AGE-SECRET-KEY-1…`
    pub recovery_key: SecretString,
    /// `PRIVICORE-NAME-KEY-1…`
    pub name_key: SecretString,
    pub user_name: String,
    pub server: String,
    /// The day it was made, as `2026-11-25` (UTC).
    pub made_on: String,
    /// Public, to compare.
    pub fingerprints: KitFingerprints,
    /// How to open a stored file with the `age` tool alone, step by step.
    pub without_this_program: Vec<String>,
}

/// The fingerprints of a profile's public keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitFingerprints {
    /// Of the engine key, `SHA256:…`
    pub engine: String,
    /// Of the newest application key, `SHA256:…`
    pub application: String,
    /// The public half of the recovery key, `age1…`
    pub recovery: String,
}

debug_prints_nothing!(RecoveryKit);

impl RecoveryKit {
    /// Makes a kit of the keys, while the secret half of the recovery key is here. `made_at` is in seconds since 1970
    /// (UTC).
    ///
    /// # Errors
    /// [`KitNotMade`]
    pub fn of(
        keys: &ProfileKeys,
        user_name: &str,
        server: &str,
        made_at: u64,
    ) -> Result<Self, KitNotMade> {
        let recovery = keys.recovery_secret().ok_or(KitNotMade::SecretForgotten)?;
        let account = Account {
            user_name: one_line(user_name),
            server: one_line(server),
            made_at,
        };
        Ok(Self {
            recovery: recovery.clone(),
            names: keys.names.clone(),
            fingerprints: KitFingerprints::of(keys),
            armored_bundle: bundle::seal(keys, &account)?,
            account,
        })
    }

    /// Its lines, for a page that is laid out elsewhere.
    pub fn lines(&self) -> KitLines {
        KitLines {
            recovery_key: self.recovery.to_text(),
            name_key: self.names.to_text(),
            user_name: self.account.user_name.clone(),
            server: self.account.server.clone(),
            made_on: date(self.account.made_at),
            fingerprints: self.fingerprints.clone(),
            without_this_program: STEPS.map(str::to_owned).to_vec(),
        }
    }

    /// All keys of the profile, sealed to the recovery key: an age file in ASCII armor, with a line break at its end.
    pub fn armored_bundle(&self) -> &str {
        &self.armored_bundle
    }

    /// The text file. The age tools take it as it is as an identity file: all but the recovery key are comments to
    /// them.
    pub fn to_text(&self) -> SecretString {
        let lines = self.lines();
        let room = FIXED_TEXT_BYTES + 2 * self.armored_bundle.len();
        let mut text = Zeroizing::new(String::with_capacity(room));
        push_comment(&mut text, WHAT_IT_IS);
        push_comment(
            &mut text,
            &format!(
                "\nUser name: {}\nServer:    {}\nMade on:   {}\n\nRecovery key: opens every file.",
                lines.user_name, lines.server, lines.made_on
            ),
        );
        text.push('\n');
        text.push_str(lines.recovery_key.expose_secret());
        text.push_str("\n\n");
        push_comment(&mut text, WHAT_THE_NAME_KEY_IS);
        push_comment(&mut text, lines.name_key.expose_secret());
        push_comment(&mut text, &lines.fingerprints.to_lines());
        push_comment(&mut text, "\nTO OPEN A FILE WITHOUT PRIVICORE DESKTOP");
        for step in STEPS {
            push_comment(&mut text, step);
        }
        push_comment(&mut text, WHAT_THE_BUNDLE_IS);
        push_comment(&mut text, &self.armored_bundle);
        SecretString::from(text.as_str())
    }

    /// What the QR code holds: recovery key, name key, user name and server, in the characters of the alphanumeric mode
    /// (ISO/IEC 18004) only. User name and server are left out when they have more than 600 bytes.
    pub fn to_code(&self) -> SecretString {
        let account = format!("{}\0{}", self.account.user_name, self.account.server);
        let texts = [
            Some(self.recovery.to_text()),
            Some(self.names.to_text()),
            encode(ACCOUNT, account.as_bytes()),
        ];
        let mut code = Zeroizing::new(String::with_capacity(2 * CODE_BYTES));
        for text in texts.iter().flatten() {
            code.push_str(text.expose_secret());
            code.push(' ');
        }
        SecretString::from(code.trim_end())
    }

    /// Whether the person has the kit: see [`is_confirmed_by`].
    pub fn is_confirmed_by(&self, typed: &str) -> bool {
        is_confirmed_by(&self.recovery, typed)
    }
}

/// Whether the user typed the last [`CONFIRMATION_CHARS`] characters of the recovery key, or more of its end, or
/// scanned the whole QR code. Case, spaces and hyphens do not matter.
pub fn is_confirmed_by(key: &RecoveryKey, typed: &str) -> bool {
    let typed = compact(typed);
    let text = key.to_text();
    let key = compact(text.expose_secret());
    let end = typed.len() >= CONFIRMATION_CHARS && key.ends_with(typed.as_str());
    end || typed.starts_with(key.as_str())
}

impl KitFingerprints {
    /// Those of a profile.
    pub fn of(keys: &ProfileKeys) -> Self {
        Self {
            engine: keys.engine.public().fingerprint(),
            application: keys.application_fingerprint(),
            recovery: keys.recovery_recipient().to_string(),
        }
    }

    fn to_lines(&self) -> String {
        format!(
            "\nFingerprints, to compare:\n  registered key   {}\n  application key  {}\n  recovery key     {}",
            self.engine, self.application, self.recovery
        )
    }
}

/// Room for all but the bundle.
const FIXED_TEXT_BYTES: usize = 8 * 1024;
/// The longest text that Bech32 protects.
const CODE_BYTES: usize = 1024;

const WHAT_IT_IS: &str = "\
PRIVICORE RECOVERY KIT

Whoever has this kit can open every file of this profile. Keep it where only you get at
it, and not on this machine alone.";
const WHAT_THE_NAME_KEY_IS: &str = "\
Name key: opens the names of the files in Privicore Desktop.
";
const STEPS: [&str; 5] = [
    "1. Install age: https://age-encryption.org",
    "2. Save this text as recovery-kit.txt. Of a printed kit the recovery key is enough.",
    "3. Save the stored bytes of the file as stored.age, in the same folder.",
    "4. Run: age --decrypt --identity recovery-kit.txt --output opened-file stored.age",
    "5. A file that does not begin with age-encryption.org/v1 was stored with a shared key: \
     it opens with that key (AES-256-GCM) and not with age.",
];
const WHAT_THE_BUNDLE_IS: &str = "
ALL KEYS OF THIS PROFILE, sealed to the recovery key, for Privicore Desktop. To see them:
  sed -n '/^# -----BEGIN/,/^# -----END/s/^# //p' recovery-kit.txt > all-keys.age
  age --decrypt --identity recovery-kit.txt all-keys.age
";

/// Lines that the age tools pass over.
fn push_comment(text: &mut String, lines: &str) {
    for line in lines.split_terminator('\n') {
        text.push_str(if line.is_empty() { "#" } else { "# " });
        text.push_str(line);
        text.push('\n');
    }
}

/// Line breaks in a name must not make a line of their own, which would not be a comment.
fn one_line(text: &str) -> String {
    let spaced = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(spaced).collect()
}

fn date(seconds: u64) -> String {
    let timestamp = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok());
    timestamp.map_or_else(String::new, |time| time.strftime("%Y-%m-%d").to_string())
}

#[cfg(test)]
#[path = "recovery_kit_tests.rs"]
mod tests;
