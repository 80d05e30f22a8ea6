//! Questions about keys, and about who can open files.

use privicore_vault as vault;

use crate::consent::question::{LONGEST_KEY, in_lines, line, line_within};
use crate::consent::{NAMED, Question};

impl Question {
    pub(crate) fn recipient(
        key: &vault::RecipientEntry,
        label: &str,
        context: Option<&str>,
    ) -> Self {
        let label = line(label);
        let who = if label.is_empty() {
            "Whoever has this key".to_owned()
        } else {
            format!("“{label}”")
        };
        let which = context.map_or_else(String::new, |context| {
            format!(" with the context “{}”", line(context))
        });
        Self {
            title: "Add this recipient?",
            message: format!(
                "{who} can open every file you store from now on{which}. Compare the key with its owner:\n\n{}\n\n{}",
                in_lines(&line_within(&key.key, LONGEST_KEY)),
                line(&key.fingerprint)
            ),
            agree: "Add recipient",
        }
    }

    pub(crate) fn shared_key_for_context(context: &str, name: &str) -> Self {
        Self {
            title: "Store with a shared key?",
            message: format!(
                "Everybody who has the shared key “{}” can open the files you store with the context “{}” from now on.",
                line(name),
                line(context)
            ),
            agree: "Use shared key",
        }
    }

    pub(crate) fn import_shared_key(name: &str) -> Self {
        Self {
            title: "Import this shared key?",
            message: format!(
                "Everybody who has the key that you import as “{}” can open the files you store with it.",
                line(name)
            ),
            agree: "Import",
        }
    }

    pub(crate) fn accept_key(alarm: &vault::PinAlarm) -> Self {
        let whose = match alarm.key {
            vault::PinnedKey::Engine => "engine key",
            vault::PinnedKey::Profile => "registered key",
        };
        let seen = &alarm.seen;
        let Some(pinned) = &alarm.pinned else {
            return Self {
                title: "Accept this key?",
                message: format!(
                    "This computer has lost its record of the {whose} of the service. Nobody knows whether the key \
                    changed. Accept it only if you have compared the fingerprint by another way than this \
                    service.\n\nShown by the service: {seen}"
                ),
                agree: "Accept key",
            };
        };
        Self {
            title: "Accept the new key?",
            message: format!(
                "The {whose} of the service has changed. Accept it only if you have compared the new fingerprint by \
                another way than this service.\n\nRemembered: {pinned}\nNew: {seen}"
            ),
            agree: "Accept key",
        }
    }

    pub(crate) fn register_own_key() -> Self {
        Self {
            title: "Register this machine's key?",
            message: "The service has another key on record for your profile. Machines that use that key cannot store \
                with the service any more.".to_owned(),
            agree: "Register key",
        }
    }

    pub(crate) fn remove_shared_key(name: &str) -> Self {
        Self {
            title: "Remove this shared key?",
            message: format!(
                "Files that are encrypted with the shared key “{}” cannot be opened here any more, unless you import \
                it again.",
                line(name)
            ),
            agree: "Remove key",
        }
    }

    pub(crate) fn protect_with_passphrase() -> Self {
        Self {
            title: "Protect your keys with the new passphrase?",
            message: "From now on the passphrase opens your keys, and the keyring does not. Without the passphrase \
                and the recovery kit nobody can open your files.".to_owned(),
            agree: "Use passphrase",
        }
    }

    pub(crate) fn renew_recovery_key() -> Self {
        Self {
            title: "Make a new recovery key?",
            message: "The recovery kit you have does not open what you store from now on. Save a new kit \
                afterwards.".to_owned(),
            agree: "Make key",
        }
    }

    pub(crate) fn new_keys() -> Self {
        Self {
            title: "Start with new keys?",
            message: "The profile has keys elsewhere, or files. Computers that use those keys cannot store any more, \
                and this computer cannot open what was stored so far.".to_owned(),
            agree: "Start anew",
        }
    }

    pub(crate) fn replace_keys() -> Self {
        Self {
            title: "Set the keys on this computer aside?",
            message: "This computer has keys of the profile. If you know their passphrase, cancel and sign in. \
                Otherwise the keys of the kit take their place; those that are here, and the receipts, are kept under \
                another name.".to_owned(),
            agree: "Set aside and restore",
        }
    }

    /// Nothing when nobody but the profile itself opens what is encrypted again, and receipts say what it has to be.
    pub(crate) fn reseal(
        files: usize,
        unreceipted: vault::Unreceipted,
        recipients: &[vault::RecipientEntry],
        shared: &[vault::SharedKeyEntry],
    ) -> Option<Self> {
        let recipients = recipients.iter().map(|each| {
            let whose = each
                .label
                .as_deref()
                .map(line)
                .filter(|label| !label.is_empty());
            let context = each.context.as_deref().map_or_else(String::new, |context| {
                format!(", context “{}”", line(context))
            });
            format!(
                "{} ({}){context}",
                whose.unwrap_or_else(|| "Recipient".to_owned()),
                each.short
            )
        });
        let shared = shared
            .iter()
            .filter(|key| !key.contexts.is_empty())
            .map(|key| {
                let contexts: Vec<String> = key
                    .contexts
                    .iter()
                    .map(|context| format!("“{}”", line(context)))
                    .collect();
                format!(
                    "Shared key “{}”, context {}",
                    line(&key.name),
                    contexts.join(", ")
                )
            });
        let mut named: Vec<String> = recipients.chain(shared).collect();
        let is_certified = unreceipted == vault::Unreceipted::Reseal;
        if named.is_empty() && !is_certified || files == 0 {
            return None;
        }
        let more = named.len().saturating_sub(NAMED);
        named.truncate(NAMED);
        if more > 0 {
            named.push(format!("and {more} more"));
        }
        let what = vault::counted(files, "file is", "files are");
        let certified = if is_certified {
            " Where there is no receipt, nobody can tell whether the service has what was stored: what it has counts \
            as right from then on."
        } else {
            ""
        };
        Some(Self {
            title: if named.is_empty() {
                "Encrypt again without a receipt?"
            } else {
                "Encrypt again for these recipients?"
            },
            message: if named.is_empty() {
                format!("{what} encrypted again in place.{certified}")
            } else {
                format!(
                    "{what} encrypted again in place.{certified} Besides you, these can open them, as far as they are \
                    recipients of their context:\n\n{}",
                    named.join("\n")
                )
            },
            agree: "Encrypt again",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alarm(pinned: Option<&str>) -> vault::PinAlarm {
        vault::PinAlarm {
            key: vault::PinnedKey::Engine,
            pinned: pinned.map(str::to_owned),
            pinned_at: jiff::Timestamp::UNIX_EPOCH,
            seen: "SHA256:seen".to_owned(),
            seen_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_key_whose_record_is_lost_is_not_said_to_have_changed() {
        let lost = Question::accept_key(&alarm(None)).message;
        assert!(!lost.contains("has changed"), "{lost}");
        assert!(!lost.contains("Remembered:"), "{lost}");
        assert!(lost.contains("SHA256:seen"), "{lost}");
        let changed = Question::accept_key(&alarm(Some("SHA256:before"))).message;
        assert!(changed.contains("has changed"), "{changed}");
        assert!(changed.contains("SHA256:before"), "{changed}");
    }
}
