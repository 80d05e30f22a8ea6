//! All that the service can be asked, by the names of its operations and their fields: for who works with the service
//! itself.
//!
//! What is stored this way is stored as it is given: nothing here seals it.

use std::future::ready;
use std::time::Duration;

use privicore_client as client;
use privicore_client::{CallAnswer, Client, CommandId, Kind, Malformed, Provenance};
use secrecy::SecretString;
use serde::Serialize;

use crate::error::code::Code;
use crate::error::words::Words;
use crate::error::{Error, SessionError};
use crate::language::Phrase;
use crate::vault::Vault;

pub use privicore_client::{CallError, DataRequest};

/// What takes something away, or puts something else in its place, for good.
const PERMANENT: &[&str] = &[
    "data-token.delete",
    "data-token.update-data",
    "data-token.update-metadata",
    "device.reject",
    "device.remove",
    "directory.set-profile-password",
    "directory.store-meta",
    "directory.update-user",
    "policy.delete",
    "profile.change-password",
    "profile.revoke",
    "public-key.register",
    "storage.remove",
    "verified-authenticator.delete-configuration",
    "verified-authenticator.remove",
    "verified-authenticator.update-configuration",
    "voting.cancel",
];

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct OperationEntry {
    /// `group.operation`
    pub id: &'static str,
    /// The part of the id before the dot.
    pub group: &'static str,
    /// The row of the wire's table.
    pub row: &'static str,
    pub provenance: Known,
    /// What it does, in one sentence.
    pub doc: &'static str,
    pub method: &'static str,
    /// The path, with `{name}` for places to fill.
    pub path: &'static str,
    /// Whether it needs somebody to be signed in.
    pub needs_session: bool,
    /// Whether its outcome comes later.
    pub is_command: bool,
    /// Whether it takes something away, or puts something else in its place, for good.
    pub is_permanent: bool,
    /// What it takes, in the order it is written.
    pub fields: Vec<OperationField>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Known {
    /// The vendor's reference documents it.
    Documented,
    /// It was seen in a client aligned with a live service.
    Observed,
    /// It is built by analogy and may be refused.
    Assumed,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct OperationField {
    pub name: &'static str,
    /// What it is, in the user's words.
    pub doc: &'static str,
    pub kind: FieldKind,
    /// The words to choose from, if it is a choice.
    pub words: &'static [&'static str],
    /// Whether it must be given.
    pub required: bool,
}

/// What the text of a field means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum FieldKind {
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// One of some words.
    Choice,
    /// Texts with commas between, a JSON array of texts, or the field more than once.
    Texts,
    /// A text that must not be shown, and that a command line does not take.
    Secret,
    /// What names stored data, or a place for it: not shown either, but handled wherever files are.
    Token,
    /// Bytes, in base64.
    Bytes,
    /// A JSON object.
    Json,
}

/// What will be sent, with secrets masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct OperationRequest {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    /// The body as it is written, or its beginning.
    pub body: Option<String>,
    /// The same for a shell: the authorization token is `$PRIVICORE_TOKEN`, other secrets are `<name>`.
    #[serde(skip)]
    pub curl: String,
}

/// What the service said, whatever it was.
#[derive(Debug)]
pub struct OperationAnswer {
    pub status: u16,
    /// Headers that say something: ids, and when to come back.
    pub headers: Vec<(&'static str, String)>,
    /// The id under which a command was accepted. Nothing of it is done yet: see [`Vault::confirm_operation`].
    pub command: Option<String>,
    /// The request for data that was accepted. What is answered to it comes later: see [`Vault::await_requested_data`].
    pub request: Option<DataRequest>,
    /// The beginning of the body, if it is text. It may hold secrets.
    pub body: Option<SecretString>,
    /// How many bytes the whole body has.
    pub length_bytes: u64,
    /// Whether there is more of the body than is kept.
    pub is_cut: bool,
    /// How long it took.
    pub elapsed: Duration,
}

impl Vault {
    /// Every operation of the service, in the order of the wire's table.
    pub fn operations() -> impl Iterator<Item = OperationEntry> {
        client::catalog().map(OperationEntry::from)
    }

    /// The operation of an id.
    ///
    /// # Errors
    /// [`Error::Call`] when there is none.
    pub fn operation(id: &str) -> Result<OperationEntry, Error> {
        let entry = client::Entry::find(id);
        let unknown = || CallError::UnknownOperation { id: id.to_owned() };
        Ok(entry.ok_or_else(unknown)?.into())
    }

    /// What calling an operation will send, with secrets masked. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::Call`] names the field that is missing, unknown or not of its kind;
    /// [`crate::ConnectionError::NotConnected`].
    pub async fn show_operation(
        &self,
        id: &str,
        values: &[(String, SecretString)],
    ) -> Result<OperationRequest, Error> {
        let client = self.client_in_use().await?;
        Ok(client.fill(id, values)?.shown().clone().into())
    }

    /// Calls an operation with values by the names of its fields. A refusal by the service is an answer. An empty value
    /// counts as not given.
    ///
    /// # Errors
    /// [`Error::Call`] names the field that is missing, unknown or not of its kind; [`SessionError::SignedOut`] or
    /// [`SessionError::Locked`]
    /// for an operation that needs a session; otherwise when there is no answer.
    pub async fn call_operation(
        &self,
        id: &str,
        values: &[(String, SecretString)],
    ) -> Result<OperationAnswer, Error> {
        let client = self.client_in_use().await?;
        let call = client.fill(id, values)?;
        let answer = match self.signed_in() {
            Ok(signed_in) => signed_in.session.perform(&call).await?,
            Err(without) if call.shows_session() => return Err(without),
            Err(_) => client.perform(&call).await?,
        };
        Ok(answer.into())
    }

    /// Waits for the outcome of a command that an operation was accepted as. `pending` is called each time the service
    /// says that it is still at it.
    ///
    /// # Errors
    /// The service's reason if it was not carried out; [`Error::is_not_confirmed`] if that is not known.
    pub async fn confirm_operation(
        &self,
        command: &str,
        mut pending: impl FnMut() + Send,
    ) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        let command = CommandId::from(command);
        let told = || {
            pending();
            ready(())
        };
        signed_in.session.await_command(&command, told).await
    }

    /// The client of the session, or one without.
    async fn client_in_use(&self) -> Result<Client, Error> {
        match self.signed_in() {
            Ok(signed_in) => Ok(signed_in.session.client.clone()),
            Err(Error::Session(SessionError::Locked)) => Err(SessionError::Locked.into()),
            Err(_) => self.client().await,
        }
    }
}

impl Known {
    /// How well it is known, for a person.
    pub fn words(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Assumed => "not documented by the service; may be refused",
        }
    }
}

impl From<&client::Entry> for OperationEntry {
    fn from(entry: &client::Entry) -> Self {
        let spec = &entry.spec;
        Self {
            id: spec.id,
            group: spec.group(),
            row: spec.row,
            provenance: match spec.provenance {
                Provenance::Documented => Known::Documented,
                Provenance::Observed => Known::Observed,
                Provenance::Assumed => Known::Assumed,
            },
            doc: spec.doc,
            method: spec.method.as_str(),
            path: spec.path,
            needs_session: spec.authority.shows_session(),
            is_command: entry.is_command,
            is_permanent: PERMANENT.contains(&spec.id),
            fields: spec.fields.iter().map(OperationField::from).collect(),
        }
    }
}

impl From<&client::Field> for OperationField {
    fn from(field: &client::Field) -> Self {
        let (kind, words): (_, &[&str]) = match field.kind {
            Kind::Text => (FieldKind::Text, &[]),
            Kind::Number => (FieldKind::Number, &[]),
            Kind::Boolean => (FieldKind::Boolean, &[]),
            Kind::Choice(words) => (FieldKind::Choice, words),
            Kind::Texts => (FieldKind::Texts, &[]),
            Kind::Secret => (FieldKind::Secret, &[]),
            Kind::Token => (FieldKind::Token, &[]),
            Kind::Bytes => (FieldKind::Bytes, &[]),
            Kind::Json => (FieldKind::Json, &[]),
        };
        Self {
            name: field.name,
            doc: field.doc,
            kind,
            words,
            required: field.required,
        }
    }
}

impl From<client::Shown> for OperationRequest {
    fn from(shown: client::Shown) -> Self {
        Self {
            method: shown.method,
            url: shown.url,
            headers: shown.headers,
            body: shown.body,
            curl: shown.curl,
        }
    }
}

impl From<CallAnswer> for OperationAnswer {
    fn from(answer: CallAnswer) -> Self {
        Self {
            status: answer.status,
            headers: answer.headers,
            command: answer.command.map(|id| id.as_str().to_owned()),
            request: answer.request,
            body: answer.body,
            length_bytes: answer.length_bytes,
            is_cut: answer.is_cut,
            elapsed: answer.elapsed,
        }
    }
}

pub(crate) fn explain_call(error: &CallError) -> Words {
    match error {
        CallError::UnknownOperation { id } => Code::UnknownOperation.words().text("id", id),
        CallError::UnknownField { operation, field } => Code::UnknownField
            .words()
            .text("operation", operation)
            .text("field", field),
        CallError::Missing { field, kind } => {
            let words = Code::FieldMissing.words().text("field", field);
            if is_kept_secret(*kind) {
                words.hint("field_missing.secret.hint")
            } else {
                words
            }
        }
        CallError::Twice { field } => Code::BadField.words_of("twice").text("field", field),
        CallError::WrongKind { field, kind } => Code::BadField
            .words_of("wrong_kind")
            .text("field", field)
            .phrase("kind", kind_phrase(*kind)),
        CallError::NoName { field } => Code::BadField.words_of("no_name").text("field", field),
        CallError::Link { field, problem } => Code::BadField
            .words_of("link")
            .text("field", field)
            .phrase("problem", link_phrase(problem)),
    }
}

/// Whether a value is neither shown nor kept.
fn is_kept_secret(kind: Kind) -> bool {
    match kind {
        Kind::Secret | Kind::Token => true,
        Kind::Text
        | Kind::Number
        | Kind::Boolean
        | Kind::Choice(_)
        | Kind::Texts
        | Kind::Bytes
        | Kind::Json => false,
    }
}

fn kind_phrase(kind: Kind) -> Phrase {
    Phrase::new(match kind {
        Kind::Text => "kind.text",
        Kind::Number => "kind.number",
        Kind::Boolean => "kind.boolean",
        Kind::Choice(words) => return Phrase::new("kind.choice").text("words", words.join(", ")),
        Kind::Texts => "kind.texts",
        Kind::Secret => "kind.secret",
        Kind::Token => "kind.token",
        Kind::Bytes => "kind.bytes",
        Kind::Json => "kind.json",
    })
}

/// What is wrong with a link that was given by hand.
fn link_phrase(problem: &Malformed) -> Phrase {
    match problem {
        Malformed::NotALink => Phrase::new("link.not_a_link"),
        Malformed::Insecure { host } => Phrase::new("link.insecure").text("host", host),
        Malformed::Elsewhere { host } => Phrase::new("link.elsewhere").text("host", host),
        problem => Phrase::new("link.other").text("problem", problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_says_what_it_takes() {
        let operations: Vec<OperationEntry> = Vault::operations().collect();
        assert_eq!(operations.len(), 91);
        let vote = operations
            .iter()
            .find(|operation| operation.id == "verified-authenticator.set-quorum-strategy")
            .unwrap();
        assert_eq!(vote.fields[0].kind, FieldKind::Choice);
        assert!(vote.fields[0].words.contains(&"unanimous"));
        assert!(vote.is_command && vote.needs_session);
        assert_eq!(vote.provenance.words(), "documented");
    }

    /// Commands that add something, or whose effect another command takes back.
    const REVERSIBLE: &[&str] = &[
        "data-token.configure-risk-meta",
        "data-token.exchange",
        "data-token.reserve",
        "device.approve",
        "device.configure-meta",
        "device.request-identifier",
        "directory.add-storage-device",
        "directory.create-profile-device",
        "directory.create-user",
        "directory.create-voting-pool",
        "directory.invite-profile",
        "directory.process-invitation",
        "directory.register",
        "oauth-application.register",
        "oauth-application.request-code",
        "policy.activate",
        "policy.deactivate",
        "policy.register",
        "public-key.register-first",
        "storage.register",
        "storage.synchronize",
        "verified-authenticator.register",
        "verified-authenticator.register-configuration",
        "verified-authenticator.set-maximum-attempts",
        "verified-authenticator.set-quorum-size",
        "verified-authenticator.set-quorum-strategy",
        "verified-authenticator.set-voting-time-limit",
    ];

    #[test]
    fn every_command_is_known_to_be_permanent_or_reversible() {
        let operations: Vec<OperationEntry> = Vault::operations().collect();
        for id in PERMANENT.iter().chain(REVERSIBLE) {
            assert!(operations.iter().any(|entry| entry.id == *id), "{id}");
        }
        for entry in operations.iter().filter(|entry| entry.is_command) {
            let is_reversible = REVERSIBLE.contains(&entry.id);
            assert_ne!(entry.is_permanent, is_reversible, "{}", entry.id);
        }
    }

    #[test]
    fn what_cannot_be_called_is_named_with_what_to_do() {
        let error = Error::Call(CallError::WrongKind {
            field: "ttl",
            kind: Kind::Number,
        });
        let told = error.explain();
        assert_eq!(told.message, "The field “ttl” is not a whole number.");
        assert!(told.hint.contains("Nothing was sent"));
    }
}
