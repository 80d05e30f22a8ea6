//! The service as an attacker: what a person reads, that nothing is saved, and that nothing leaks.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use privicore_sandbox::{DOWNSTREAM, Dialect, Fault, UPSTREAM};
use privicore_tests::in_each_dialect;
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_vault::{Code, Existing, Explanation, File, TransferState};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Large enough to travel as a stream.
const LARGE: usize = 300_000;
const CHUNK: usize = 65_536 + 16;
const REQUEST: &str = "data-token/request-data";
const TEMPORARY: &str = "data-token/retrieve-temporary-data-token";

in_each_dialect!(
    foreign_bytes_are_refused_as_such,
    foreign_small_bytes_are_refused_as_such,
    a_body_without_end_is_cut_off,
    a_redirect_is_not_followed,
    an_address_that_is_not_encrypted_gets_nothing,
    another_host_learns_the_link_and_nothing_else,
    a_replaced_engine_key_stops_uploads,
);

struct Attack {
    name: &'static str,
    bytes: Vec<u8>,
    verdict: &'static str,
}

fn attack(name: &'static str, bytes: Vec<u8>, verdict: &'static str) -> Attack {
    Attack {
        name,
        bytes,
        verdict,
    }
}

async fn foreign_bytes_are_refused_as_such(dialect: Dialect) {
    let (fixture, file) = with_a_file(dialect, LARGE).await;
    let stored = fixture.raw(&file).await;
    let older = fixture
        .raw(&*another(&fixture, "old/report.pdf", LARGE).await)
        .await;
    let longer = fixture
        .raw(&*another(&fixture, "longer.pdf", 40 * LARGE).await)
        .await;
    // Counted from the end: no two headers are of the same length.
    let payload = LARGE + LARGE.div_ceil(65_536) * 16;
    let chunks = stored.len() - payload;
    let mut exchanged = stored.clone();
    let (first, second) = exchanged[chunks..].split_at_mut(CHUNK);
    first.swap_with_slice(&mut second[..CHUNK]);
    let stripped = [&stored[..chunks], &stored[chunks + CHUNK..]].concat();
    let attacks = [
        attack("an older version", older.clone(), "swapped"),
        attack("another, far longer file", longer, "swapped"),
        attack("chunks in another order", exchanged, "damaged"),
        attack("a chunk taken out", stripped, "cut_short"),
        attack(
            "all but the last chunk",
            stored[..chunks + 4 * CHUNK].to_vec(),
            "cut_short",
        ),
        attack(
            "a byte too few",
            stored[..stored.len() - 1].to_vec(),
            "cut_short",
        ),
        attack("a byte too many", [&stored[..], b"x"].concat(), "damaged"),
        attack(
            "a header with other chunks",
            [&stored[..chunks], &older[older.len() - payload..]].concat(),
            "damaged",
        ),
        attack(
            "another profile's file",
            of_another_profile(LARGE).await,
            "damaged",
        ),
    ];
    for attack in attacks.into_iter().chain(without_a_key()) {
        is_refused(&fixture, &file, attack).await;
    }
    assert!(fixture.saved(&file).await.unwrap() == random_bytes(LARGE));
}

async fn foreign_small_bytes_are_refused_as_such(dialect: Dialect) {
    let (fixture, file) = with_a_file(dialect, 100).await;
    let stored = fixture.raw(&file).await;
    let older = fixture
        .raw(&*another(&fixture, "old/report.pdf", 100).await)
        .await;
    let mut flipped = stored.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let attacks = [
        attack("an older version", older, "swapped"),
        attack("a flipped bit", flipped, "damaged"),
        attack(
            "half of it",
            stored[..stored.len() / 2].to_vec(),
            "cut_short",
        ),
        attack(
            "another profile's file",
            of_another_profile(100).await,
            "damaged",
        ),
    ];
    for attack in attacks.into_iter().chain(without_a_key()) {
        // Inside a message, no bytes are no answer: it is waited for.
        if attack.bytes.is_empty() && dialect != Dialect::Documented {
            continue;
        }
        is_refused(&fixture, &file, attack).await;
    }
    assert!(fixture.saved(&file).await.unwrap() == random_bytes(100));
}

/// What an attacker can make without any key.
fn without_a_key() -> [Attack; 5] {
    let first_line = "age-encryption.org/v1\n";
    // scrypt with N = 2^63 would not end before the sun does.
    let scrypt = "-> scrypt AAAAAAAAAAAAAAAAAAAAAA 63\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n--- \
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
    let stanza = "-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc\nEmECAEcKN+n/Vs9SbWiV+Hu0r+E8R77DdWYyd83nw7U\n";
    let header = |middle: String| format!("{first_line}{middle}").into_bytes();
    [
        attack(
            "a header without end",
            header(format!("-> {}", "x".repeat(500_000))),
            "damaged",
        ),
        attack(
            "far too many recipients",
            header(stanza.repeat(10_000)),
            "damaged",
        ),
        attack(
            "absurd scrypt work",
            header(format!("{scrypt}{}", "x".repeat(1000))),
            "damaged",
        ),
        attack(
            "a page of a web server",
            b"<!doctype html><title>Sorry</title>".to_vec(),
            "damaged",
        ),
        attack("nothing", Vec::new(), "cut_short"),
    ]
}

async fn a_body_without_end_is_cut_off(dialect: Dialect) {
    let (fixture, file) = with_a_file(dialect, LARGE).await;
    plan(&fixture, DOWNSTREAM, Fault::Endless, 1);
    let told = refused(&fixture, &file).await;
    assert_eq!(told.code, Code::Damaged);
    let endless = "age-encryption.org/v1\n-> ".to_owned();
    let bytes = endless.into_bytes();
    plan(&fixture, DOWNSTREAM, Fault::Instead { bytes }, 1);
    plan(&fixture, DOWNSTREAM, Fault::Endless, 1);
    assert_eq!(refused(&fixture, &file).await.code, Code::Damaged);
    assert!(fixture.saved(&file).await.unwrap() == random_bytes(LARGE));
}

async fn a_redirect_is_not_followed(dialect: Dialect) {
    let (fixture, file) = with_a_file(dialect, LARGE).await;
    let (listener, to) = elsewhere().await;
    for operation in [DOWNSTREAM, REQUEST] {
        plan(&fixture, operation, Fault::Redirect { to: to.clone() }, 1);
        let told = refused(&fixture, &file).await;
        assert_eq!(told.code, Code::Refused, "{operation}");
        assert!(told.message.contains("307"), "{}", told.message);
    }
    for operation in [UPSTREAM, "data-token/reserve-token-space"] {
        plan(&fixture, operation, Fault::Redirect { to: to.clone() }, 1);
        assert_eq!(
            not_stored(&fixture).await.code,
            Code::Refused,
            "{operation}"
        );
    }
    assert!(nobody_came(listener), "a redirect was followed");
}

async fn an_address_that_is_not_encrypted_gets_nothing(dialect: Dialect) {
    let (fixture, file) = with_a_file(dialect, LARGE).await;
    for (address, code) in [
        ("http://files.example/?auth=x", "insecure"),
        ("ftp://files.example/?auth=x", "insecure"),
        ("file:///etc/passwd", "insecure"),
        ("http://127.0.0.1.files.example/?auth=x", "insecure"),
        ("http://localhost@files.example/?auth=x", "insecure"),
        (
            "https://me:secret@files.example/?auth=x",
            "unexpected_answer",
        ),
    ] {
        let link = || Fault::LinkTo {
            address: address.to_owned(),
        };
        plan(&fixture, REQUEST, link(), 1);
        let told = refused(&fixture, &file).await;
        assert_eq!(told.code.as_str(), code, "from {address}");
        assert!(!told.message.contains("auth="), "{}", told.message);
        plan(&fixture, TEMPORARY, link(), 1);
        assert_eq!(
            not_stored(&fixture).await.code.as_str(),
            code,
            "to {address}"
        );
    }
    assert_eq!(fixture.names(), ["report.pdf"]);
}

async fn another_host_learns_the_link_and_nothing_else(dialect: Dialect) {
    let (fixture, file) = with_a_file(dialect, LARGE).await;
    let (listener, address) = elsewhere().await;
    let address = format!("{address}?auth=once");
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nothers";
        stream.write_all(answer).await.unwrap();
        String::from_utf8(head).unwrap().to_lowercase()
    });
    plan(&fixture, REQUEST, Fault::LinkTo { address }, 1);
    assert_eq!(refused(&fixture, &file).await.code, Code::Damaged);
    let head = asked.await.unwrap();
    assert!(head.starts_with("get /?auth=once http/1.1"), "{head}");
    for secret in ["authorization", "cookie", "referer"] {
        assert!(!head.contains(secret), "{head}");
    }
}

async fn a_replaced_engine_key_stops_uploads(dialect: Dialect) {
    let (mut fixture, _) = with_a_file(dialect, LARGE).await;
    let control = fixture.sandbox().control();
    control.rotate_engine_key().await.unwrap();
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    let control = fixture.sandbox().control();
    control.forget_calls();
    let told = not_stored(&fixture).await;
    assert_eq!(told.code, Code::KeyChanged);
    for operation in [UPSTREAM, "data-token/reserve-token-space"] {
        assert_eq!(control.calls(operation), 0, "{operation}");
    }
}

/// The service hands out the attack; nothing is saved, it is named for what it is, and that does not take long.
async fn is_refused(fixture: &TestVault, file: &File, attack: Attack) {
    let Attack {
        name,
        bytes,
        verdict,
    } = attack;
    plan(fixture, DOWNSTREAM, Fault::Instead { bytes }, 1);
    let begun = Instant::now();
    let told = refused(fixture, file).await;
    assert_eq!(told.code.as_str(), verdict, "{name}: {}", told.message);
    assert!(told.hint.contains("not saved"), "{name}: {}", told.hint);
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(30), "{name} took {took:?}");
}

/// Saves over an existing file, which has to fail and to leave that file and its folder as they were.
async fn refused(fixture: &TestVault, file: &File) -> Explanation {
    let folder = fixture.originals().join("target");
    fs::create_dir_all(&folder).unwrap();
    let target = folder.join("precious.txt");
    fs::write(&target, b"precious").unwrap();
    let ended = fixture.save(file, &target, Existing::Replace).await;
    assert_eq!(ended.state, TransferState::Failed, "{ended:?}");
    assert_eq!(fs::read(&target).unwrap(), b"precious");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    ended.error.unwrap()
}

/// Stores a file, which has to fail.
async fn not_stored(fixture: &TestVault) -> Explanation {
    let (path, _) = fixture.write("next.bin", random_bytes(LARGE));
    let ended = fixture.store(vec![path], "").await.remove(0);
    assert_eq!(ended.state, TransferState::Failed, "{ended:?}");
    ended.error.unwrap()
}

async fn with_a_file(dialect: Dialect, length: usize) -> (TestVault, Arc<File>) {
    let fixture = TestVault::signed_up(dialect).await;
    let (path, _) = fixture.write("report.pdf", random_bytes(length));
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    (fixture, file)
}

/// A file of the same length with other bytes, or of another length.
async fn another(fixture: &TestVault, name: &str, length: usize) -> Arc<File> {
    let before = fixture.listed();
    let mut bytes = random_bytes(length);
    bytes.reverse();
    let (path, _) = fixture.write(name, bytes);
    fixture.store(vec![path], "").await;
    let now = fixture.listed().into_iter();
    let mut new = now.filter(|file| before.iter().all(|known| known.id != file.id));
    new.next().unwrap()
}

/// What the service stores for somebody else.
async fn of_another_profile(length: usize) -> Vec<u8> {
    let (fixture, file) = with_a_file(Dialect::Observed, length).await;
    fixture.raw(&file).await
}

/// Another host, as far as a browser would be concerned.
async fn elsewhere() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    (listener, address)
}

fn nobody_came(listener: TcpListener) -> bool {
    let listener = listener.into_std().unwrap();
    listener.set_nonblocking(true).unwrap();
    let came = listener.accept();
    came.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
}

fn plan(fixture: &TestVault, operation: &str, fault: Fault, times: u32) {
    let control = fixture.sandbox().control();
    control.faults().plan(operation, fault, times);
}
