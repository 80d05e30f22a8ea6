//! Storing what other applications have made of copies.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use privicore_envelope::ModifiedTime;

use crate::copies::changes::Changed;
use crate::error::code::Code;
use crate::error::{DataFolderError, Error, Explanation};
use crate::events::Event;
use crate::files::attributes::Attributes;
use crate::keys::sealing_policy::SealingPolicy;
use crate::spool::file::{Spool, SpoolWriter};
use crate::system::blocking::blocking;
use crate::upload::source::Source;
use crate::vault::{Inner, SignedIn, Vault};

/// How often copies are looked at.
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

impl Vault {
    /// Looks at the copies as long as there are any.
    pub(super) fn watch_copies(&self) {
        if self.inner.copies.begin_watching() {
            tokio::spawn(watch(Arc::downgrade(&self.inner)));
        }
    }

    /// Stores what has changed. What cannot be kept encrypted stays where it is, and is told of.
    pub(crate) async fn store_changes(&self, signed_in: &Arc<SignedIn>, is_last: bool) {
        let vault = self.clone();
        let changes = blocking(move || Ok(vault.inner.copies.changes(is_last))).await;
        for changed in changes.unwrap_or_default() {
            let name = changed
                .stored
                .split()
                .map(|(_, name)| name.text().to_owned());
            let name = name.unwrap_or_default();
            let path = changed.path.clone();
            match self.store_change(signed_in, changed).await {
                Ok(()) => self.emit(Event::Notice(stored_notice(&name))),
                Err(error) => {
                    self.inner.copies.not_taken(&path, is_last);
                    if is_last {
                        self.emit(Event::Notice(kept_notice(&name, &error)));
                    } else {
                        tracing::warn!(%error, "a changed copy is not stored yet");
                    }
                }
            }
        }
    }

    async fn store_change(&self, signed_in: &SignedIn, changed: Changed) -> Result<(), Error> {
        let rows = &signed_in.session.profile.rows;
        let form = SealingPolicy::of(rows, Some(&changed.context)).await?.form;
        let writer = self.begin_spool(signed_in).await?;
        let (path, stored) = (changed.path, changed.stored);
        let source = blocking(move || {
            let (spool, attributes) = spooled(writer, &path).map_err(DataFolderError::Io)?;
            let mut source = Source::spooled(&spool, "", attributes);
            source.store_as(&stored);
            Ok(source)
        })
        .await?;
        let verify = self.status().verify_uploads;
        let ticket = signed_in.upload_ticket(source, &changed.context, form, verify);
        signed_in.transfers.add(vec![ticket]).await?;
        Ok(())
    }
}

/// Encrypts a file as it is now. Blocks.
fn spooled(mut writer: SpoolWriter, path: &Path) -> io::Result<(Spool, Attributes)> {
    let mut file = fs::File::open(path)?;
    let before = file.metadata()?;
    let copied = io::copy(&mut file, &mut writer)?;
    let after = file.metadata()?;
    if copied != after.len() || before.modified()? != after.modified()? {
        return Err(io::Error::other("it was written to meanwhile"));
    }
    let attributes = Attributes {
        modified: after.modified().ok().and_then(ModifiedTime::of),
        ..Attributes::default()
    };
    Ok((writer.finish()?, attributes))
}

async fn watch(inner: Weak<Inner>) {
    loop {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        let Some(inner) = inner.upgrade() else {
            return;
        };
        let vault = Vault { inner };
        if vault.inner.copies.end_watching_if_none() {
            return;
        }
        if let Ok(signed_in) = vault.signed_in() {
            vault.store_changes(&signed_in, false).await;
        }
    }
}

fn stored_notice(name: &str) -> Explanation {
    Code::ChangedElsewhere.words().name(name).explain()
}

fn kept_notice(name: &str, error: &Error) -> Explanation {
    let words = Code::ChangeNotKept.words().name(name);
    words.because(&error.explain()).explain()
}
