//! A file that was looked at and can be sealed: what of its sealed form is known before a byte is read.

use jiff::Timestamp;
use privicore_client::CommandId;
use privicore_envelope::{NameRecord, StoredDigest, seal_name};

use crate::error::{Error, SourceError};
use crate::files::attributes::Attributes;
use crate::keys::sealing_policy::{EncryptedFor, SealingPolicy, recipients_for};
use crate::system::blocking::blocking;
use crate::transfers::tickets::Sealed;
use crate::upload::sealer::Sealer;
use crate::upload::source::{FileStamp, Source};
use crate::upload::uploading::Uploading;

/// The longest sealed name the service takes, in bytes.
const LONGEST_SEALED_NAME: usize = 4096;

/// A file that can be sealed.
pub(super) struct Sealable {
    pub seen: FileStamp,
    pub sealer: Sealer,
    pub form: SealedForm,
}

/// What is known of sealed bytes before they are made.
pub(super) struct SealedForm {
    name: String,
    with: EncryptedFor,
    /// Length of the plaintext.
    size: u64,
    attributes: Attributes,
    pub sealed_len: u64,
}

/// Where sealed bytes are at the service.
pub(super) struct InPlace {
    /// The temporary token.
    pub space: String,
    pub digest: StoredDigest,
    pub reservation: CommandId,
    /// The command that brings them, while it is not settled.
    pub exchange: Option<CommandId>,
}

impl Sealable {
    /// Looks at the file, makes ready to seal it, an age file to the recipients of its context as well, and seals its
    /// name. A vote may hold what comes next for days: the file is not kept open meanwhile.
    pub(super) async fn look(uploading: &Uploading<'_>) -> Result<Self, Error> {
        let profile = &uploading.session.profile;
        let choices = SealingPolicy::all(&profile.rows).await?;
        let extra = recipients_for(&choices, &uploading.attempt.ticket.context);
        let (source, form) = (uploading.source.clone(), uploading.form.clone());
        // The keys are let go of before anything is sent: who locks meanwhile has them gone.
        let keys = profile.keys()?;
        blocking(move || {
            let seen = source.stamp()?;
            let (sealer, with) = Sealer::begin(&form, &keys, &extra)?;
            let attributes = Attributes {
                stored: Some(Timestamp::now().as_millisecond()),
                ..source.attributes(&seen)
            };
            let name = seal_name(&keys.names, &name_record(&source, &seen, attributes));
            fits(&name, &source)?;
            let form = SealedForm {
                name,
                with,
                size: seen.size(),
                attributes,
                sealed_len: sealer.sealed_len(seen.size(), &source.name)?,
            };
            Ok(Self { seen, sealer, form })
        })
        .await
    }
}

impl SealedForm {
    /// As it is written down, once the bytes are at the service or on their way into it.
    pub(super) fn in_place(self, uploading: &Uploading<'_>, place: InPlace) -> Sealed {
        Sealed {
            space: place.space,
            name: self.name,
            digest: place.digest.to_string(),
            stored_size: self.sealed_len,
            size: self.size,
            attributes: Some(self.attributes),
            is_exchanging: place.exchange.is_some(),
            commands: std::iter::once(place.reservation)
                .chain(place.exchange)
                .map(|command| command.to_string())
                .collect(),
            with: Some(Box::new(self.with)),
            engine_key: uploading.engine_key.clone(),
            naming: None,
            misses: 0,
        }
    }
}

/// The service would refuse a longer name when it has all bytes.
fn fits(sealed_name: &str, source: &Source) -> Result<(), Error> {
    match bytes_too_many(sealed_name) {
        None => Ok(()),
        Some(too_many) => Err(SourceError::PathTooLong {
            name: source.name.clone(),
            too_many,
        }
        .into()),
    }
}

/// By how many bytes a path is too long, if its sealed name is.
pub(crate) fn bytes_too_many(sealed_name: &str) -> Option<usize> {
    let more = sealed_name.len().saturating_sub(LONGEST_SEALED_NAME);
    // Four characters of a sealed name are three bytes of its record.
    (more > 0).then(|| (more * 3).div_ceil(4))
}

fn name_record(source: &Source, seen: &FileStamp, attributes: Attributes) -> NameRecord {
    NameRecord {
        name: source.name.clone(),
        path: source.folder.clone(),
        media_type: attributes.media_type(),
        modified: attributes.modified,
        is_executable: attributes.is_executable,
        size: seen.size(),
        is_escaped: source.is_escaped,
        stored: attributes.stored,
        renamed: None,
    }
}
