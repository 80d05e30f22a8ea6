//! Keys of the service that are remembered.

use privicore_vault::{Error, PinnedKey, Vault};
use serde::Serialize;

use crate::exit::{self, Failure};
use crate::output::Output;

#[derive(Serialize)]
struct PinLine {
    key: &'static str,
    fingerprint: String,
    since: String,
    /// The fingerprint that is shown in its place, until it is accepted.
    changed_to: Option<String>,
}

pub(crate) fn list(vault: &Vault, output: Output) -> Result<u8, Failure> {
    let alarms = vault.pin_alarms()?;
    for pin in vault.pins()? {
        let alarm = alarms.iter().find(|alarm| alarm.key == pin.key);
        let line = PinLine {
            key: name(pin.key),
            fingerprint: pin.fingerprint,
            since: pin.pinned_at.to_string(),
            changed_to: alarm.map(|alarm| alarm.seen.clone()),
        };
        if output.json {
            output.object(&line);
            continue;
        }
        output.line(&format!("{:8} {}", line.key, line.fingerprint));
        if let Some(seen) = line.changed_to {
            output.line(&format!("         changed to {seen}: nothing is stored"));
        }
    }
    Ok(exit::DONE)
}

pub(crate) async fn accept(
    vault: &Vault,
    fingerprint: &str,
    output: Output,
) -> Result<u8, Failure> {
    let alarms = vault.pin_alarms()?;
    let alarm = alarms.iter().find(|alarm| alarm.seen == fingerprint);
    let key = alarm.ok_or(Error::PinMoved)?.key;
    vault.accept_key(key, fingerprint).await?;
    list(vault, output)
}

fn name(key: PinnedKey) -> &'static str {
    match key {
        PinnedKey::Engine => "engine",
        PinnedKey::Profile => "profile",
    }
}
