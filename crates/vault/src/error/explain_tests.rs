use std::any::type_name;
use std::collections::{BTreeMap, HashSet};
use std::io;

use privicore_client::{
    CallError, Error as Client, FileProblem, FileRole, Kind, Malformed, Phase, ProxyProblem,
    ServerKind, TlsProblem,
};
use strum::{IntoEnumIterator as _, VariantNames};

use crate::error::code::Code;
use crate::error::*;

/// Codes that no [`Error`] has: they belong to notices, to the command line, to the window.
const ELSEWHERE: [Code; 29] = [
    Code::ChangedElsewhere,
    Code::ChangeNotKept,
    Code::KeysSetAside,
    Code::EmptyFolder,
    Code::NoStorageDevice,
    Code::Skipped,
    Code::Numbered,
    Code::SavedNotSynced,
    Code::SavedElsewhere,
    Code::KeysNotSynced,
    Code::RecordsDamaged,
    Code::TicketDamaged,
    Code::SessionDamaged,
    Code::ChoicesMissing,
    Code::RecordsMissing,
    Code::RenamedElsewhere,
    Code::OtherMachine,
    Code::Usage,
    Code::Io,
    Code::NoPassword,
    Code::OutputLost,
    Code::TransfersKept,
    Code::KeptMismatch,
    Code::Clipboard,
    Code::SecretPutAway,
    Code::TooLongToShow,
    Code::NotAsked,
    Code::Declined,
    Code::Unknown,
];

fn full() -> io::Error {
    io::Error::from(io::ErrorKind::StorageFull)
}

/// All of a topic, having seen that none of its variants is left out.
fn of<T>(every: Vec<T>) -> Vec<Error>
where
    T: VariantNames + Into<Error>,
    for<'a> &'a T: Into<&'static str>,
{
    let listed: HashSet<&str> = every.iter().map(Into::into).collect();
    for variant in T::VARIANTS {
        assert!(
            listed.contains(variant),
            "{} lacks {variant}",
            type_name::<T>()
        );
    }
    every.into_iter().map(Into::into).collect()
}

pub(crate) fn every_error() -> Vec<Error> {
    let mut all = of_calls();
    all.extend(of(SourceError::every()));
    all.extend(of(TargetError::every()));
    all.extend(of(ContentError::every()));
    all.extend(of(CopyError::every()));
    all.extend(of(FileError::every()));
    all.extend(of(TransferError::every()));
    all.extend(of(WorkError::every()));
    all.extend(of(ResealError::every()));
    all.extend(of(ProtectionError::every()));
    all.extend(of(KeysError::every()));
    all.extend(of(RecoveryError::every()));
    all.extend(of(SharingError::every()));
    all.extend(of(PinError::every()));
    all.extend(of(ConnectionError::every()));
    all.extend(of(SessionError::every()));
    all.extend(of(AccountError::every()));
    all.extend(of(CollaborationError::every()));
    all.extend(of(DataFolderError::every()));
    all.extend(of(RecordError::every()));
    all.extend(of_the_service().into_iter().map(Error::Service));
    all
}

fn of_calls() -> Vec<Error> {
    let field = "ttl";
    let calls = vec![
        CallError::UnknownOperation { id: "a.b".into() },
        CallError::UnknownField {
            operation: "device.list",
            field: "x".into(),
        },
        CallError::Missing {
            field,
            kind: Kind::Number,
        },
        CallError::Twice { field },
        CallError::WrongKind {
            field,
            kind: Kind::Number,
        },
        CallError::NoName { field },
        CallError::Link {
            field,
            problem: Malformed::NotALink,
        },
    ];
    calls.into_iter().map(Error::Call).collect()
}

fn of_the_service() -> Vec<Client> {
    let server = ServerKind::Api;
    let host = || "host.test".to_owned();
    let reason = |reason: &str| reason.to_owned();
    let mut all = vec![
        Client::Offline {
            server,
            host: host(),
            kind: io::ErrorKind::ConnectionRefused,
        },
        Client::UnknownHost {
            server,
            host: host(),
        },
        Client::NoTrust,
        Client::TimedOut {
            server,
            phase: Phase::Connect,
        },
        Client::TimedOut {
            server,
            phase: Phase::Body,
        },
        Client::Interrupted { server },
        Client::Unauthorized,
        Client::NotFound {
            operation: "device.list",
            details: String::new(),
        },
        Client::Conflict,
        Client::Invalid {
            details: reason("ttl"),
        },
        Client::Refused {
            status: 500,
            body: String::new(),
            retry_after: None,
        },
        Client::Rejected {
            command: "c-1".into(),
            reason: reason("quota.exceeded"),
        },
        Client::NotDelivered {
            reason: reason("quota.exceeded"),
        },
        Client::NotConfirmed { command: None },
        Client::LinkSpent,
        Client::Insecure { host: host() },
        Client::TooNear {
            server,
            host: host(),
        },
        Client::ClosedUnanswered {
            server,
            host: host(),
        },
        Client::OtherServer {
            server,
            host: host(),
            status: Some(404),
        },
        Client::EndlessList {
            rows: 250_001,
            bytes: 9_000_000,
        },
        Client::TooMuch { limit_bytes: 5_000 },
        Client::NobodyAnswered,
        Client::UnexpectedAnswer {
            operation: "device.list",
            problem: Malformed::NotJson,
        },
        Client::Closed,
        Client::Body(full()),
    ];
    for ended in ["vote.rejected", "vote.no_quorum", "vote.timed_out"] {
        all.push(Client::NotDelivered {
            reason: reason(ended),
        });
    }
    all.extend(connections());
    all
}

fn connections() -> Vec<Client> {
    let host = || "host.test".to_owned();
    let tls = [
        TlsProblem::UnknownIssuer,
        TlsProblem::WrongName,
        TlsProblem::Expired,
        TlsProblem::NotYetValid,
        TlsProblem::Revoked,
        TlsProblem::NotTls,
        TlsProblem::CertificateNeeded,
        TlsProblem::CertificateRefused,
        TlsProblem::Other,
    ];
    let proxies = [
        ProxyProblem::Unreachable(io::ErrorKind::ConnectionRefused),
        ProxyProblem::UnknownHost,
        ProxyProblem::CredentialsNeeded,
        ProxyProblem::WrongCredentials,
        ProxyProblem::Refused(403),
        ProxyProblem::Refused(503),
        ProxyProblem::NotAProxy,
        ProxyProblem::Unsupported,
    ];
    let files = [
        FileProblem::Unreadable(io::ErrorKind::PermissionDenied),
        FileProblem::NoCertificate,
        FileProblem::NoKey,
        FileProblem::EncryptedKey,
        FileProblem::OtherKey,
        FileProblem::Malformed,
    ];
    let tls = tls.map(|problem| Client::Tls {
        server: ServerKind::Api,
        host: host(),
        problem,
    });
    let proxies = proxies.map(|problem| Client::Proxy {
        host: host(),
        problem,
    });
    let files = files.map(|problem| Client::File {
        role: FileRole::Ca,
        name: "ca.pem".into(),
        problem,
    });
    tls.into_iter().chain(proxies).chain(files).collect()
}

#[test]
fn the_list_of_errors_is_complete() {
    let listed: HashSet<ErrorKind> = every_error().iter().map(ErrorKind::from).collect();
    let missing: Vec<ErrorKind> = ErrorKind::iter()
        .filter(|kind| !listed.contains(kind))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_error_says_what_happened_and_what_to_do_in_sentences() {
    for error in every_error() {
        let Explanation { message, hint, .. } = error.explain();
        for text in [&message, &hint] {
            assert!(text.ends_with('.'), "{error:?}: {text}");
            assert!(!text.starts_with(char::is_lowercase), "{error:?}: {text}");
            assert!(!text.ends_with(".."), "{error:?}: {text}");
        }
        assert_ne!(message, hint, "{error:?}");
    }
}

#[test]
fn no_two_causes_share_a_sentence() {
    let mut told: BTreeMap<String, Error> = BTreeMap::new();
    for error in every_error() {
        let message = error.explain().message;
        if let Some(other) = told.insert(message.clone(), error) {
            panic!("{other:?} and {:?} both say: {message}", told[&message]);
        }
    }
}

#[test]
fn every_code_stands_for_something() {
    let mut used: HashSet<Code> = every_error()
        .iter()
        .map(|error| error.explain().code)
        .collect();
    for code in ELSEWHERE {
        assert!(used.insert(code), "{code} is the code of an error");
    }
    let unused: Vec<Code> = Code::iter().filter(|code| !used.contains(code)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn a_file_that_an_error_names_is_named_in_what_a_person_reads() {
    for error in every_error() {
        if let Some(name) = error.subject() {
            assert!(error.explain().message.contains(name), "{error:?}");
        }
    }
}
