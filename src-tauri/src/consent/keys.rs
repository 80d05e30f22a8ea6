//! Questions about keys, and about who can open files.

use privicore_vault::{self as vault, Phrase, Value};

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
            Phrase::new("who.has_key")
        } else {
            Phrase::new("quoted").text("name", label)
        };
        let which = match context {
            None => Phrase::new("which.files"),
            Some(context) => Phrase::new("which.files_with").text("label", line(context)),
        };
        let message = Phrase::new("ask.recipient").phrase("who", who);
        let message = message
            .phrase("files", which)
            .text("key", in_lines(&line_within(&key.key, LONGEST_KEY)));
        Self::of(&message.text("fingerprint", line(&key.fingerprint)))
    }

    pub(crate) fn shared_key_for_context(context: &str, name: &str) -> Self {
        let message = Phrase::new("ask.shared_key_for_label").text("name", line(name));
        Self::of(&message.text("label", line(context)))
    }

    pub(crate) fn import_shared_key(name: &str) -> Self {
        Self::of(&Phrase::new("ask.import_shared_key").text("name", line(name)))
    }

    pub(crate) fn accept_key(alarm: &vault::PinAlarm) -> Self {
        let whose = Phrase::new(match alarm.key {
            vault::PinnedKey::Engine => "pinned.engine",
            vault::PinnedKey::Profile => "pinned.profile",
        });
        let message = match &alarm.pinned {
            None => Phrase::new("ask.accept_lost_key"),
            Some(pinned) => Phrase::new("ask.accept_new_key").text("pinned", pinned),
        };
        let message = message.phrase("key", whose);
        Self::of(&message.text("seen", &alarm.seen))
    }

    pub(crate) fn register_own_key() -> Self {
        Self::of(&Phrase::new("ask.register_own_key"))
    }

    pub(crate) fn remove_shared_key(name: &str) -> Self {
        Self::of(&Phrase::new("ask.remove_shared_key").text("name", line(name)))
    }

    pub(crate) fn protect_with_passphrase() -> Self {
        Self::of(&Phrase::new("ask.protect_with_passphrase"))
    }

    pub(crate) fn renew_recovery_key() -> Self {
        Self::of(&Phrase::new("ask.renew_recovery_key"))
    }

    pub(crate) fn new_keys() -> Self {
        Self::of(&Phrase::new("ask.new_keys"))
    }

    pub(crate) fn replace_keys() -> Self {
        Self::of(&Phrase::new("ask.replace_keys"))
    }

    /// Nothing when nobody but the profile itself opens what is encrypted again, and receipts say what it has to be.
    pub(crate) fn reseal(
        files: usize,
        unreceipted: vault::Unreceipted,
        recipients: &[vault::RecipientEntry],
        shared: &[vault::SharedKeyEntry],
    ) -> Option<Self> {
        let recipients = recipients.iter().map(named_recipient);
        let shared = shared
            .iter()
            .filter(|key| !key.contexts.is_empty())
            .map(named_shared_key);
        let mut named: Vec<Value> = recipients.chain(shared).map(Value::Phrase).collect();
        let is_certified = unreceipted == vault::Unreceipted::Reseal;
        if named.is_empty() && !is_certified || files == 0 {
            return None;
        }
        let more = named.len().saturating_sub(NAMED);
        named.truncate(NAMED);
        if more > 0 {
            let more = Phrase::new("and_more").number("count", more);
            named.push(Value::Phrase(more));
        }
        let message = Phrase::new(match (named.is_empty(), is_certified) {
            (true, _) => "ask.reseal_without_receipt",
            (false, true) => "ask.reseal_for_without_receipt",
            (false, false) => "ask.reseal_for",
        });
        let message = message.number("count", files);
        Some(Self::of(&message.value("names", Value::Lines(named))))
    }
}

fn named_recipient(recipient: &vault::RecipientEntry) -> Phrase {
    let label = recipient.label.as_deref().map(line);
    let who = match label.filter(|label| !label.is_empty()) {
        Some(label) => Phrase::new("plain").text("name", label),
        None => Phrase::new("who.recipient"),
    };
    let named = match &recipient.context {
        None => Phrase::new("named.recipient"),
        Some(context) => Phrase::new("named.recipient_of").text("label", line(context)),
    };
    named.phrase("who", who).text("key", &recipient.short)
}

fn named_shared_key(key: &vault::SharedKeyEntry) -> Phrase {
    let contexts = key.contexts.iter().map(|context| {
        let quoted = Phrase::new("quoted").text("name", line(context));
        Value::Phrase(quoted)
    });
    let labels = Value::List(contexts.collect());
    let named = Phrase::new("named.shared_key").text("name", line(&key.name));
    named.value("labels", labels)
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
