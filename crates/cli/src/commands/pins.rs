//! Keys of the service that are remembered.

use privicore_vault::{Error, PinAlarm, PinError, PinnedKey, Vault};
use serde::Serialize;

use crate::exit::{self, Failure};
use crate::output::Output;

#[derive(Serialize)]
struct PinLine {
    key: &'static str,
    fingerprint: String,
    /// Nothing when the record of it is lost; the fingerprint is empty then.
    since: Option<String>,
    /// The fingerprint that is shown in its place, until it is accepted.
    changed_to: Option<String>,
}

pub(crate) fn list(vault: &Vault, output: Output) -> Result<u8, Failure> {
    let alarms = vault.pin_alarms()?;
    let pins = vault.pins()?;
    for pin in &pins {
        let alarm = alarms.iter().find(|alarm| alarm.key == pin.key);
        let line = PinLine {
            key: name(pin.key),
            fingerprint: pin.fingerprint.clone(),
            since: Some(pin.pinned_at.to_string()),
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
    let is_lost = |alarm: &&PinAlarm| alarm.pinned.is_none();
    for alarm in alarms.iter().filter(is_lost) {
        lost(alarm, output);
    }
    Ok(exit::DONE)
}

/// A key that has to be compared although nothing is left to compare it with on this computer.
fn lost(alarm: &PinAlarm, output: Output) {
    let key = name(alarm.key);
    if output.json {
        return output.object(&PinLine {
            key,
            fingerprint: String::new(),
            since: None,
            changed_to: Some(alarm.seen.clone()),
        });
    }
    output.line(&format!("{key:8} the remembered fingerprint is lost"));
    let seen = &alarm.seen;
    output.line(&format!(
        "         the service shows {seen}: nothing is stored"
    ));
}

pub(crate) async fn accept(
    vault: &Vault,
    fingerprint: &str,
    output: Output,
) -> Result<u8, Failure> {
    let alarms = vault.pin_alarms()?;
    let alarm = alarms.iter().find(|alarm| alarm.seen == fingerprint);
    let key = alarm.ok_or(Error::Pin(PinError::Moved))?.key;
    vault.accept_key(key, fingerprint).await?;
    list(vault, output)
}

fn name(key: PinnedKey) -> &'static str {
    match key {
        PinnedKey::Engine => "engine",
        PinnedKey::Profile => "profile",
    }
}
