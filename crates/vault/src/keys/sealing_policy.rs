//! The sealing policy for new files: additional recipients and encryption, for all files or for one context.

use privicore_envelope::{ProfileKeys, Recipient};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::store::rows::{Change, Kind, RowId, Rows, SINGLE};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRecipient {
    /// `age1…` or `ssh-rsa AAAA…`.
    pub key: String,
    /// Whose it is, as the user or the key's comment says.
    pub label: Option<String>,
}

/// How files are encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Encryption {
    /// An age file.
    #[default]
    Age,
    /// Sealed with the shared key that has this fingerprint.
    Shared(String),
}

/// The policy for all files, or for one context.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SealingPolicy {
    /// `None` for all files.
    pub context: Option<String>,
    pub recipients: Vec<KeptRecipient>,
    /// The default encryption of the context.
    pub form: Encryption,
}

impl KeptRecipient {
    /// The key itself with its label, if it can still be read.
    pub(crate) fn parsed(&self) -> Option<Recipient> {
        let recipient: Recipient = self.key.parse().ok()?;
        Some(recipient.with_label(self.label.as_deref().unwrap_or_default()))
    }
}

impl From<&Recipient> for KeptRecipient {
    fn from(recipient: &Recipient) -> Self {
        Self {
            key: recipient.to_string(),
            label: recipient.label().map(str::to_owned),
        }
    }
}

impl SealingPolicy {
    /// What was chosen for a context, or for all files.
    pub(crate) async fn of(rows: &Rows, context: Option<&str>) -> Result<Self, Error> {
        let chosen = Self::all(rows).await?;
        let chosen = chosen
            .into_iter()
            .find(|choice| choice.context.as_deref() == context);
        Ok(chosen.unwrap_or_else(|| Self {
            context: context.map(str::to_owned),
            ..Self::default()
        }))
    }

    /// Everything that was chosen.
    pub(crate) async fn all(rows: &Rows) -> Result<Vec<Self>, Error> {
        let kept = rows.readable(Kind::SealingChoice).await?;
        Ok(kept.into_iter().map(|(_, choice)| choice).collect())
    }

    /// Changes what is chosen for a context, or for all files, as it is on the disk: another process may have chosen
    /// since it was read.
    pub(crate) async fn change(
        rows: &Rows,
        context: Option<&str>,
        change: impl Fn(&mut Self) -> Result<(), Error> + Send + 'static,
    ) -> Result<(), Error> {
        // One that does not open is set aside first, and kept.
        Self::all(rows).await?;
        let context = context.map(str::to_owned);
        let id = row_id(context.as_deref());
        let decide = Change::decide(move |disk| {
            let chosen = disk.row::<Self>(Kind::SealingChoice, id)?;
            let mut choice = chosen.unwrap_or_else(|| Self {
                context: context.clone(),
                ..Self::default()
            });
            change(&mut choice)?;
            if choice.recipients.is_empty() && choice.form == Encryption::Age {
                return Ok(vec![Change::Delete(Kind::SealingChoice, id)]);
            }
            Ok(vec![disk.sealed(Kind::SealingChoice, id, &choice)?])
        });
        rows.write(vec![decide]).await
    }
}

/// The additional recipients of a file of this context: those for all files and those for the context.
pub(crate) fn recipients_for(choices: &[SealingPolicy], context: &str) -> Vec<Recipient> {
    let mut recipients: Vec<Recipient> = Vec::new();
    let for_it = choices.iter().filter(|choice| {
        choice
            .context
            .as_deref()
            .is_none_or(|chosen| chosen == context)
    });
    for kept in for_it.flat_map(|choice| &choice.recipients) {
        let parsed = kept.parsed();
        recipients.extend(parsed.filter(|recipient| !recipients.contains(recipient)));
    }
    recipients
}

/// The keys that stored bytes were encrypted for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EncryptedFor {
    /// The fingerprint of the shared key; without one it is an age file.
    pub shared_key: Option<String>,
    pub application_key: String,
    pub recovery_recipient: String,
    pub recipients: Vec<KeptRecipient>,
}

impl EncryptedFor {
    /// What an age file is sealed with by these keys.
    pub(crate) fn age(keys: &ProfileKeys, extra: &[Recipient]) -> Self {
        Self {
            shared_key: None,
            application_key: keys.application_fingerprint(),
            recovery_recipient: keys.recovery_recipient().to_string(),
            recipients: extra.iter().map(KeptRecipient::from).collect(),
        }
    }

    /// A shared key alone.
    pub(crate) fn shared(fingerprint: &str) -> Self {
        Self {
            shared_key: Some(fingerprint.to_owned()),
            ..Self::default()
        }
    }
}

fn row_id(context: Option<&str>) -> RowId {
    let Some(context) = context else {
        return SINGLE;
    };
    let digest = blake3::derive_key("privicore desktop sealing choice id v1", context.as_bytes());
    let mut id = RowId::default();
    id.copy_from_slice(&digest[..16]);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    const BOB: &str = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";

    fn choice(context: Option<&str>, keys: &[&str]) -> SealingPolicy {
        let recipients = keys.iter().map(|&key| KeptRecipient {
            key: key.to_owned(),
            label: None,
        });
        SealingPolicy {
            context: context.map(str::to_owned),
            recipients: recipients.collect(),
            form: Encryption::Age,
        }
    }

    #[test]
    fn a_file_is_sealed_to_those_of_all_files_and_of_its_context_once_each() {
        let choices = [
            choice(None, &[ANNA]),
            choice(Some("work"), &[ANNA, BOB]),
            choice(Some("home"), &[]),
        ];
        let of = |context| -> Vec<String> {
            let recipients = recipients_for(&choices, context);
            recipients.iter().map(ToString::to_string).collect()
        };
        assert_eq!(of("work"), [ANNA, BOB]);
        assert_eq!(of("home"), [ANNA]);
    }
}
