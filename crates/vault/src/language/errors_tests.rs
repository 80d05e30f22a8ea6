//! Every error and notice has its texts, in every language.

use std::collections::HashSet;
use std::io;

use privicore_client::{
    CallError, Error as Client, FileProblem, FileRole, Kind, Malformed, ServerKind,
};

use crate::error::code::Code;
use crate::error::explain::tests::every_error;
use crate::error::service_reasons::tests::known_reasons;
use crate::error::{DataFolderError, Error, Words};
use crate::language::{Language, Phrase, Texts, Value};

/// Every text that no error has: notices, and what stands in them.
fn notices() -> Vec<Words> {
    let names = || {
        let quoted = |name| Value::Phrase(Phrase::new("quoted").text("name", name));
        let names = Value::List(vec![quoted("a"), quoted("b")]);
        let more = Phrase::new("names_and_more").value("names", names);
        Value::Phrase(more.number("count", 3))
    };
    let numbered = Phrase::new("stored_as")
        .text("name", "a")
        .text("stored", "b");
    let some = |key| Phrase::new(key).number("count", 2).value("names", names());
    let locked = Code::Locked.words().explain();
    let linked = |words: Words| words.hint("skipped.link.hint");
    let mut all = vec![
        Code::DataFolderOpen.words_of("others"),
        Code::EmptyFolder.words().value("names", names()),
        Code::Numbered
            .words()
            .number("count", 2)
            .value("names", Value::Phrase(numbered)),
        linked(
            Code::Skipped
                .words_of("links")
                .number("count", 2)
                .value("names", names()),
        ),
        Code::Skipped
            .words_of("special")
            .number("count", 2)
            .value("names", names()),
        linked(
            (Code::Skipped.words_of("both"))
                .phrase("links", some("skipped.some_links"))
                .phrase("special", some("skipped.some_special")),
        ),
        Code::Skipped.words_of("unchanged").number("count", 2),
        Code::Missing.words_of("not_looked_for").number("count", 2),
        Code::Missing.words_of("one").name("a"),
        Code::Missing.words_of("many").number("count", 2),
        Code::Missing.words_of("deleted").name("a"),
        Code::Missing.words_of("many_deleted").number("count", 2),
        Code::RenamedElsewhere
            .words_of("one")
            .name("a")
            .text("listed", "b"),
        Code::RenamedElsewhere.words_of("many").number("count", 2),
        Code::Canceled.words_of("deletions").number("count", 2),
        Words::new(Code::Locked, "signed_out_unheard").because(&locked),
        Words::new(Code::Locked, "session_kept")
            .because(&locked)
            .hint_of(&locked),
        Words::new(Code::Locked, "transfer_unwritten")
            .because(&locked)
            .hint_of(&locked),
        Words::new(Code::Rejected, "name_kept")
            .name("a")
            .because(&locked)
            .hint_of(&locked),
        Code::ChangedElsewhere.words().name("a"),
        Code::ChangeNotKept.words().name("a").because(&locked),
        Code::NotConfirmed.words_of("name").name("a"),
        Code::NotConfirmed.words_of("names").number("count", 2),
        Code::KeyNotTold.words_of("own"),
        Code::OtherMachine.words(),
        Code::SessionDamaged.words(),
        Code::TicketDamaged.words().number("count", 2),
        Code::RecordsDamaged.words(),
        Code::RecordsDamaged
            .words()
            .hint("records_damaged.receipts.hint")
            .number("count", 2),
        Code::RecordsMissing.words(),
        Code::KeysNotSynced.words(),
        Code::KeysSetAside.words().value("places", names()),
        Code::SavedElsewhere.words().name("a").text("folder", "b"),
        Code::SavedNotSynced.words().name("a"),
        Code::NoStorageDevice.words(),
    ];
    for lost in ["anything", "choices", "pins", "choices_and_pins"] {
        all.push(
            Code::ChoicesMissing
                .words_of(lost)
                .hint("choices_missing.hint"),
        );
    }
    all
}

/// Words of an error that have a text only in some of its cases.
fn cases() -> Vec<Words> {
    let service = |error| Error::Service(error).words();
    let reason = |reason: &str| reason.to_owned();
    let command = || "c-1".into();
    let mut all = vec![
        service(Client::Invalid {
            details: reason(""),
        }),
        service(Client::Refused {
            status: 500,
            body: reason("quota.exceeded"),
            retry_after: None,
        }),
        service(Client::Rejected {
            command: command(),
            reason: reason(""),
        }),
        service(Client::NotDelivered { reason: reason("") }),
    ];
    for known in known_reasons().chain(["vote.rejected", "vote.no_quorum", "vote.timed_out"]) {
        all.push(service(Client::Rejected {
            command: command(),
            reason: reason(known),
        }));
    }
    for server in [
        ServerKind::Api,
        ServerKind::WebSocket,
        ServerKind::Upstream,
        ServerKind::Downstream,
    ] {
        let host = || "host.test".to_owned();
        all.push(service(Client::Interrupted { server }));
        all.push(service(Client::ClosedUnanswered {
            server,
            host: host(),
        }));
        for status in [None, Some(404)] {
            all.push(service(Client::OtherServer {
                server,
                host: host(),
                status,
            }));
        }
    }
    for role in [FileRole::ClientCertificate, FileRole::ClientKey] {
        all.push(service(Client::File {
            role,
            name: "ca.pem".into(),
            problem: FileProblem::NoKey,
        }));
    }
    for kind in [
        Kind::Text,
        Kind::Boolean,
        Kind::Choice(&["a", "b"]),
        Kind::Texts,
        Kind::Secret,
        Kind::Token,
        Kind::Bytes,
        Kind::Json,
    ] {
        let field = "ttl";
        all.push(Error::Call(CallError::WrongKind { field, kind }).words());
        all.push(Error::Call(CallError::Missing { field, kind }).words());
    }
    for problem in [
        Malformed::Insecure {
            host: "host.test".into(),
        },
        Malformed::Elsewhere {
            host: "host.test".into(),
        },
        Malformed::NotJson,
    ] {
        let field = "link";
        all.push(Error::Call(CallError::Link { field, problem }).words());
    }
    for kind in [
        io::ErrorKind::NotFound,
        io::ErrorKind::PermissionDenied,
        io::ErrorKind::AlreadyExists,
        io::ErrorKind::QuotaExceeded,
        io::ErrorKind::ReadOnlyFilesystem,
        io::ErrorKind::NotADirectory,
        io::ErrorKind::IsADirectory,
        io::ErrorKind::TimedOut,
        io::ErrorKind::UnexpectedEof,
    ] {
        all.push(Error::DataFolder(DataFolderError::Io(kind.into())).words());
    }
    all
}

fn all_words() -> Vec<Words> {
    let errors = every_error().into_iter().map(|error| error.words());
    errors.chain(notices()).chain(cases()).collect()
}

#[test]
fn every_error_is_told_in_every_language() {
    for words in all_words() {
        let explained = words.clone().explain();
        for language in Language::ALL {
            let untold = explained.untold_in(language);
            assert!(untold.is_empty(), "{untold:?} in {language:?}: {words:?}");
        }
    }
}

#[test]
fn every_value_stands_in_a_text() {
    for words in all_words() {
        for language in Language::ALL {
            let unused = words.unused_in(language);
            assert!(unused.is_empty(), "{unused:?} in {language:?}: {words:?}");
        }
    }
}

#[test]
fn no_text_is_left_that_nobody_says() {
    /// Read beside a phrase; or said where no sample can be made.
    const BESIDE: [&str; 3] = [
        "number.group",
        "proxy_address.other",
        "keyring_problem.missing",
    ];
    let mut said: HashSet<String> = BESIDE.map(str::to_owned).into();
    for words in all_words() {
        words.explain().keys(&mut said);
    }
    let known: HashSet<String> = Texts::errors(Language::English)
        .keys()
        .map(str::to_owned)
        .collect();
    let left: Vec<_> = known.difference(&said).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn every_language_has_the_same_texts_with_the_same_blanks() {
    let english = Texts::errors(Language::English);
    for language in Language::ALL {
        let problems = english.differences(Texts::errors(language));
        assert!(problems.is_empty(), "{language:?}: {problems:?}");
    }
}
