//! Receipts on their way out, as JSON Lines: one object a file (docs/receipts.md).

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use crate::download::destination::{Existing, write_private};
use crate::error::Error;
use crate::files::file::File;
use crate::receipts::Receipt;
use crate::receipts::verdict::Mismatch;
use crate::system::blocking::blocking;
use crate::vault::Vault;

/// What each line says it is.
const FORMAT: &str = "privicore-receipt-v1";
/// What a line says of a forgotten file that had no receipt.
const FORGOTTEN_FORMAT: &str = "privicore-forgotten-v1";

#[derive(Serialize)]
struct Line<'a> {
    format: &'static str,
    token: &'a str,
    name: &'a str,
    folder: &'a str,
    context: &'a str,
    size_bytes: Option<u64>,
    stored_size_bytes: u64,
    stored_blake3: &'a str,
    form: &'a str,
    application_key: &'a str,
    recovery_recipient: &'a str,
    recipients: Vec<&'a str>,
    shared_key: Option<&'a str>,
    replacements: Vec<ReplacementPart<'a>>,
    engine_key: Option<&'a str>,
    commands: &'a [String],
    stored_at: Timestamp,
    verification: Option<VerificationPart>,
    resealed_without_receipt: bool,
    missing_since: Option<Timestamp>,
    forgotten: bool,
}

/// All that is left of a file that was forgotten and had no receipt.
#[derive(Serialize)]
struct ForgottenLine<'a> {
    format: &'static str,
    token: &'a str,
    name: &'a str,
    folder: &'a str,
    context: &'a str,
    size_bytes: Option<u64>,
    missing_since: Option<Timestamp>,
    forgotten: bool,
}

#[derive(Serialize)]
struct ReplacementPart<'a> {
    stored_blake3: &'a str,
    stored_size_bytes: u64,
}

#[derive(Serialize)]
struct VerificationPart {
    at: Timestamp,
    outcome: &'static str,
    storage_devices: Option<u32>,
}

impl Vault {
    /// Writes the receipts of all listed and forgotten files to `target`, for this user alone, and what is known of
    /// forgotten files without a receipt; answers how many lines there are. They hold the tokens.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`crate::TargetError::Exists`], or the file cannot be written; the target is
    /// then as it was.
    pub async fn export_receipts(&self, target: &Path, existing: Existing) -> Result<usize, Error> {
        let signed_in = self.signed_in()?;
        signed_in.take_in_others().await?;
        let forgotten = signed_in.forgotten().await?;
        let files = signed_in.catalogue().all();
        let listed = files
            .iter()
            .filter_map(|file| line(file, false).transpose());
        let forgotten = forgotten
            .iter()
            .filter_map(|file| line(file, true).transpose());
        let lines = listed.chain(forgotten);
        let lines = lines.collect::<Result<Vec<(Key, String)>, _>>();
        let mut lines = lines.map_err(|error| Error::target(target, error.into()))?;
        lines.sort();
        let lines = lines.into_iter().map(|(_, line)| line).collect();
        export_lines(self, target, existing, lines).await
    }
}

/// Lines are in the order in which the files were stored.
type Key = (Timestamp, [u8; 16]);

fn line(file: &File, forgotten: bool) -> serde_json::Result<Option<(Key, String)>> {
    let Some(receipt) = file.receipt.as_deref() else {
        return forgotten.then(|| forgotten_line(file)).transpose();
    };
    let Receipt {
        token: _,
        digest,
        stored_size,
        form,
        application_key,
        recovery_recipient,
        recipients,
        shared_key,
        replacements,
        engine_key,
        commands,
        stored_at,
        verification,
        named: _,
        from_unproven,
    } = receipt;
    let line = serde_json::to_string(&Line {
        format: FORMAT,
        token: file.token.reveal(),
        name: &file.name,
        folder: &file.folder,
        context: &file.context,
        size_bytes: file.size_bytes,
        stored_size_bytes: *stored_size,
        stored_blake3: digest,
        form,
        application_key,
        recovery_recipient,
        recipients: recipients.iter().map(|kept| kept.key.as_str()).collect(),
        shared_key: shared_key.as_deref(),
        replacements: replacements
            .iter()
            .map(|new| ReplacementPart {
                stored_blake3: &new.digest,
                stored_size_bytes: new.stored_size,
            })
            .collect(),
        engine_key: engine_key.as_deref(),
        commands,
        stored_at: *stored_at,
        verification: verification.map(|found| VerificationPart {
            at: found.at,
            outcome: found.mismatch.map_or("verified", outcome),
            storage_devices: found.storage_devices,
        }),
        resealed_without_receipt: *from_unproven,
        missing_since: file.at_service.missing_since,
        forgotten,
    })?;
    Ok(Some(((*stored_at, file.id.0), line)))
}

fn forgotten_line(file: &File) -> serde_json::Result<(Key, String)> {
    let line = serde_json::to_string(&ForgottenLine {
        format: FORGOTTEN_FORMAT,
        token: file.token.reveal(),
        name: &file.name,
        folder: &file.folder,
        context: &file.context,
        size_bytes: file.size_bytes,
        missing_since: file.at_service.missing_since,
        forgotten: true,
    })?;
    let missing_since = file.at_service.missing_since.unwrap_or_default();
    Ok(((file.stored_at.unwrap_or(missing_since), file.id.0), line))
}

fn outcome(mismatch: Mismatch) -> &'static str {
    match mismatch {
        Mismatch::Swapped => "swapped",
        Mismatch::Damaged => "damaged",
        Mismatch::CutShort => "cut_short",
    }
}

/// Writes lines into a file, which appears as a whole or not at all.
///
/// # Errors
/// [`crate::TargetError::Exists`], or the file cannot be written; the target is then as it was.
pub(crate) async fn export_lines(
    vault: &Vault,
    target: &Path,
    existing: Existing,
    lines: Vec<String>,
) -> Result<usize, Error> {
    let (count, target) = (lines.len(), target.to_owned());
    let remark = blocking(move || {
        write_private(&target, existing, |out| {
            lines.iter().try_for_each(|line| writeln!(out, "{line}"))
        })
    });
    vault.remark(remark.await?);
    Ok(count)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::files::file::AtService;
    use crate::files::file_id::FileId;
    use crate::files::file_state::FileState;
    use crate::receipts::Verification;

    /// What the documentation shows.
    const DOCUMENTED: &str = include_str!("../../../../docs/receipts.md");

    fn file(verification: Option<Verification>) -> File {
        let token = "dtk-1".to_owned().into();
        File {
            id: FileId::derive(&token),
            token,
            name: "plan \"A\"\nfor \u{c4}rzte.pdf".into(),
            folder: "2026".into(),
            is_escaped: false,
            context: "documents".into(),
            size_bytes: Some(5),
            attributes: None,
            stored_size_bytes: Some(700),
            stored_at: None,
            state: FileState::Stored,
            receipt: Some(Box::new(Receipt {
                digest: "00".repeat(32),
                stored_size: 700,
                form: "age".into(),
                application_key: "SHA256:a".into(),
                recovery_recipient: "age1a".into(),
                commands: vec!["c-1".into()],
                verification,
                ..Receipt::default()
            })),
            at_service: AtService::default(),
            receipt_lost: false,
        }
    }

    fn keys(value: &Value) -> BTreeSet<&str> {
        let object = value.as_object().unwrap();
        object.keys().map(String::as_str).collect()
    }

    #[test]
    fn a_line_is_one_line_with_everything_that_is_documented() {
        let documented = DOCUMENTED
            .lines()
            .find(|line| line.starts_with('{'))
            .unwrap();
        let documented: Value = serde_json::from_str(documented).unwrap();
        let verification = Verification {
            at: Timestamp::UNIX_EPOCH,
            mismatch: Some(Mismatch::CutShort),
            storage_devices: Some(3),
        };
        let (_, text) = line(&file(Some(verification)), false).unwrap().unwrap();
        assert!(!text.contains('\n'));
        let written: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(keys(&written), keys(&documented));
        let parts = [&written["verification"], &documented["verification"]];
        assert_eq!(keys(parts[0]), keys(parts[1]));
        assert_eq!(written["format"], documented["format"]);
        assert_eq!(written["verification"]["outcome"], "cut_short");
        assert_eq!(written["name"], "plan \"A\"\nfor \u{c4}rzte.pdf");
        for field in keys(&written) {
            let row = format!("| `{field}` |");
            assert!(DOCUMENTED.contains(&row), "{field} is not documented");
        }
    }

    #[test]
    fn what_was_never_verified_and_what_has_no_receipt_say_so() {
        let (_, text) = line(&file(None), false).unwrap().unwrap();
        let written: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(written["verification"], Value::Null);
        let without = File {
            receipt: None,
            ..file(None)
        };
        assert!(line(&without, false).unwrap().is_none());
        let (_, text) = line(&without, true).unwrap().unwrap();
        let written: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(written["format"], FORGOTTEN_FORMAT);
        for field in keys(&written) {
            assert!(DOCUMENTED.contains(&format!("`{field}`")), "{field}");
        }
        assert!(DOCUMENTED.contains(FORGOTTEN_FORMAT));
    }
}
