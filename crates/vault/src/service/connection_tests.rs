use std::net::TcpListener;

use privicore_client::operations::profile::Authenticate;
use tokio::io::AsyncReadExt as _;

use super::*;
use crate::ConnectionError;
use crate::error::code::Code;

const PASSWORD: &str = "planted password";

#[tokio::test]
async fn servers_that_accept_and_say_nothing_are_given_up_within_one_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let addresses = Addresses {
        api: format!("http://{at}"),
        websocket: format!("ws://{at}"),
        upstream: format!("http://{at}"),
        downstream: format!("http://{at}"),
    };
    let limit = Duration::from_millis(1);
    let checked = addresses.check_within(Network::default(), limit).await;
    for check in checked.unwrap() {
        let problem = check.problem.unwrap();
        assert_eq!(problem.code, Code::TimedOut, "{:?}", check.which);
    }
}

/// Who answers at an address that is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answering {
    Itself,
    Nobody,
    /// A web server with this status for everything.
    Web(u16),
    /// One that speaks another protocol, or none: it closes the connection.
    Closing,
    /// Another one of the four.
    Other(ServerKind),
    /// One without TLS where TLS is expected.
    Unencrypted,
}

const ALL: [ServerKind; 4] = [
    ServerKind::Api,
    ServerKind::WebSocket,
    ServerKind::Upstream,
    ServerKind::Downstream,
];

/// A server that answers everything in one way; the address it listens on.
async fn answering(with: Option<u16>) -> String {
    use tokio::io::AsyncWriteExt as _;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                let _ = stream.read(&mut asked).await;
                if let Some(status) = with {
                    let page = "<html>Welcome</html>";
                    let answer = format!(
                        "HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: \
                        close\r\n\r\n{page}",
                        page.len()
                    );
                    let _ = stream.write_all(answer.as_bytes()).await;
                }
            });
        }
    });
    at
}

fn of(addresses: &Addresses, which: ServerKind) -> &str {
    let address = match which {
        ServerKind::Api => &addresses.api,
        ServerKind::WebSocket => &addresses.websocket,
        ServerKind::Upstream => &addresses.upstream,
        ServerKind::Downstream => &addresses.downstream,
    };
    address.split("://").nth(1).unwrap().trim_end_matches('/')
}

#[tokio::test(flavor = "multi_thread")]
async fn each_address_is_judged_by_who_answers_there() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let right = addresses_of(&sandbox);
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().to_string()
    };
    let mut kinds = vec![
        (Answering::Itself, String::new()),
        (Answering::Nobody, nobody),
        (Answering::Closing, answering(None).await),
        (Answering::Unencrypted, answering(Some(200)).await),
    ];
    for status in [200, 204, 302, 404, 405, 501] {
        kinds.push((Answering::Web(status), answering(Some(status)).await));
    }
    for other in ALL {
        kinds.push((Answering::Other(other), of(&right, other).to_owned()));
    }
    for which in ALL {
        for (answering, at) in &kinds {
            let at = match answering {
                Answering::Itself => of(&right, which),
                Answering::Other(other) if *other == which => continue,
                _ => at,
            };
            let tls = if *answering == Answering::Unencrypted {
                "s"
            } else {
                ""
            };
            let mut addresses = right.clone();
            match which {
                ServerKind::Api => addresses.api = format!("http{tls}://{at}"),
                ServerKind::WebSocket => addresses.websocket = format!("ws{tls}://{at}"),
                ServerKind::Upstream => addresses.upstream = format!("http{tls}://{at}"),
                ServerKind::Downstream => addresses.downstream = format!("http{tls}://{at}"),
            }
            let checks = addresses.check().await.unwrap();
            for check in checks {
                let is_right = check.which != which || *answering == Answering::Itself;
                let problem = check.problem.as_ref();
                let told = format!("{which:?}, {answering:?}, {:?}: {problem:?}", check.which);
                assert_eq!(problem.is_none(), is_right, "{told}");
                let Some(problem) = problem else {
                    continue;
                };
                let expected: &[Code] = match answering {
                    Answering::Itself => &[],
                    Answering::Nobody => &[Code::Offline],
                    Answering::Unencrypted => &[Code::Tls],
                    Answering::Web(500..) => &[Code::Refused, Code::UnexpectedAnswer],
                    Answering::Closing => {
                        assert!(problem.message.contains("without an answer"), "{told}");
                        &[Code::Interrupted]
                    }
                    Answering::Web(_) | Answering::Other(_) => {
                        assert!(problem.message.contains("Another web server"), "{told}");
                        &[Code::UnexpectedAnswer]
                    }
                };
                assert!(expected.contains(&problem.code), "{told}");
                // A server that has a problem may well be the right one.
                let is_failing = matches!(answering, Answering::Web(500..));
                assert!(problem.message.contains(at) || is_failing, "{told}");
                for wrong in [
                    "Refresh the list",
                    "deleted elsewhere",
                    "was kept",
                    "Sign in",
                ] {
                    let words = format!("{} {}", problem.message, problem.hint);
                    assert!(!words.contains(wrong), "{told}");
                }
            }
        }
    }
    sandbox.shutdown().await;
}

/// What whoever holds the port of the API gets to read from a client that signs in.
async fn overheard(listener: TcpListener, addresses: &Addresses, dir: &Path) -> Vec<u8> {
    listener.set_nonblocking(true).unwrap();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let listening = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = vec![0; 16 * 1024];
        let length = stream.read(&mut heard).await.unwrap();
        heard.truncate(length);
        heard
    });
    let client = client_of(addresses, dir).unwrap();
    let signed_in = client
        .call(&Authenticate {
            username: "ada".to_owned(),
            password: PASSWORD.to_owned().into(),
        })
        .await;
    assert!(!matches!(signed_in, Ok(_) | Err(ClientError::Unauthorized)));
    listening.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_the_port_of_a_killed_sandbox_reads_no_password() {
    let data_dir = tempfile::tempdir().unwrap();
    let dir = data_dir.path().join("sandbox");
    let (addresses, embedded) = Embedded::start(dir.clone()).await.unwrap();
    assert!(answers(&addresses, &dir).await);
    embedded.stop().await;
    let port = ports_of(&addresses).unwrap().api;
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let heard = overheard(listener, &addresses, &dir).await;
    // RFC 8446, section 5.1: a handshake record, not an HTTP request.
    assert_eq!(heard.first(), Some(&22));
    let is_planted = |part: &[u8]| part == PASSWORD.as_bytes() || part == b"planted";
    assert!(!heard.windows(PASSWORD.len()).any(is_planted));
    assert!(!heard.windows(7).any(is_planted));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_of_another_directory_is_not_ours() {
    let data_dir = tempfile::tempdir().unwrap();
    let [ours, theirs] = ["ours", "theirs"].map(|name| data_dir.path().join(name));
    let (_, own) = Embedded::start(ours.clone()).await.unwrap();
    let (addresses, others) = Embedded::start(theirs.clone()).await.unwrap();
    assert!(answers(&addresses, &theirs).await);
    assert!(!answers(&addresses, &ours).await);
    own.stop().await;
    others.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_that_proves_nothing_is_not_joined() {
    let data_dir = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::builder().start().await.unwrap();
    let (_, embedded) = Embedded::start(data_dir.path().to_owned()).await.unwrap();
    let addresses = addresses_of(&sandbox);
    assert!(!answers(&addresses, data_dir.path()).await);
    embedded.stop().await;
    sandbox.shutdown().await;
}

/// Two commands in two terminals, or on both sides of a pipe: the one that hosts the sandbox ends first.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_while_nobody_hosts_the_sandbox_waits_for_the_next_host() {
    let data_dir = tempfile::tempdir().unwrap();
    let dir = data_dir.path().to_owned();
    let (addresses, host) = Embedded::start(dir.clone()).await.unwrap();
    let (_, guest) = Embedded::start(dir.clone()).await.unwrap();
    let client = client_of(&addresses, &dir).unwrap();
    host.stop().await;
    let asked = client
        .call(&Authenticate {
            username: "ada".to_owned(),
            password: PASSWORD.to_owned().into(),
        })
        .await;
    assert!(matches!(asked, Err(ClientError::Unauthorized)), "{asked:?}");
    guest.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_one_sandbox() {
    let data_dir = tempfile::tempdir().unwrap();
    let dir = data_dir.path().to_owned();
    let (addresses, host) = Embedded::start(dir.clone()).await.unwrap();
    let (joined, guest) = Embedded::start(dir.clone()).await.unwrap();
    assert_eq!(joined, addresses);
    host.stop().await;
    let mut hosted = guest.hosted.clone();
    let took_over = hosted.wait_for(Option::is_some);
    let limit = Duration::from_mins(1);
    assert!(time::timeout(limit, took_over).await.unwrap().is_ok());
    assert!(answers(&addresses, &dir).await);
    guest.stop().await;
}

fn service(api: &str) -> Connection {
    Connection::Service(Addresses {
        api: api.into(),
        websocket: "wss://service.example/socket/".into(),
        upstream: "https://up.service.example/".into(),
        downstream: "https://down.service.example".into(),
    })
}

#[test]
fn however_an_address_is_typed_it_names_one_service() {
    for (normal, forms) in [
        (
            "https://service.example",
            &[
                "https://service.example/",
                " https://service.example ",
                "\thttps://service.example\n",
                "\u{a0}https://service.example\u{a0}",
                "HTTPS://SERVICE.EXAMPLE",
                "https://Service.Example:443",
                "https://service.example:443/",
                "https://service.example:/",
                "https://service.example.",
                "https://service.example.:443/",
                "https://service.example//",
                "https://service.example/.",
                "https://service.example/a/..",
                "https://%73ervice.example",
                "https://service\u{3002}example",
            ][..],
        ),
        (
            "https://service.example:9009",
            &[
                "https://service.example:9009/",
                "https://service.example:09009",
            ],
        ),
        (
            "https://service.example/api",
            &[
                "https://service.example/api/",
                "https://service.example/./api",
            ],
        ),
        (
            "https://xn--bcher-kva.example",
            &[
                "https://bücher.example/",
                "https://BÜCHER.example",
                "https://bu\u{308}cher.example",
            ],
        ),
        (
            "http://localhost:8009",
            &["http://LOCALHOST:8009/", "http://localhost.:8009"],
        ),
        (
            "http://localhost",
            &["http://localhost:80", "http://localhost:80/"],
        ),
        (
            "http://127.0.0.1:8009",
            &[
                "http://127.1:8009",
                "http://0x7f.0.0.1:8009/",
                "http://2130706433:8009",
                "http://[::ffff:127.0.0.1]:8009",
            ],
        ),
        (
            "http://[::1]:8009",
            &["http://[0:0:0:0:0:0:0:1]:8009", "http://[::0001]:8009/"],
        ),
        (
            "https://[2001:db8::a]",
            &[
                "https://[2001:DB8:0::A]:443/",
                "https://[2001:0db8:0:0:0:0:0:000a]",
            ],
        ),
    ] {
        for form in forms.iter().chain([&normal]) {
            let named = service(form).normalized();
            assert_eq!(
                named.as_ref().map(Connection::label).ok(),
                Some(normal),
                "{form:?}"
            );
            assert_eq!(named.ok(), service(normal).normalized().ok(), "{form:?}");
        }
    }
}

#[test]
fn services_that_differ_stay_apart() {
    let all = [
        "https://service.example",
        "https://service.example:444",
        "https://other.example",
        "https://service.example/api",
        "https://service.example/API",
        "http://localhost",
        "https://localhost",
        "https://127.0.0.1",
        "https://[::1]",
    ];
    let labels: std::collections::BTreeSet<String> = all
        .iter()
        .map(|api| service(api).normalized().unwrap().label().to_owned())
        .collect();
    assert_eq!(labels.len(), all.len());
}

#[test]
fn only_the_path_of_a_websocket_keeps_its_slash() {
    let Connection::Service(addresses) = service("https://a.example/").normalized().unwrap() else {
        unreachable!()
    };
    assert_eq!(addresses.websocket, "wss://service.example/socket/");
    assert_eq!(addresses.upstream, "https://up.service.example");
}

#[test]
fn a_bad_address_is_named() {
    let bad = service("https://me@service.example").normalized();
    assert!(matches!(
        bad,
        Err(Error::Connection(ConnectionError::BadAddress {
            which: ServerKind::Api
        }))
    ));
}

#[test]
fn labels_of_earlier_versions_are_those_that_were_typed_and_the_usual_ones() {
    let known = ["HTTPS://service.example", "https://other.example"].map(str::to_owned);
    let labels = service("https://service.example").earlier_labels(&known);
    assert_eq!(labels[0], "HTTPS://service.example");
    assert!(!labels.contains(&known[1]));
    for usual in [
        "https://service.example/",
        " https://service.example",
        "https://service.example:443/",
    ] {
        assert!(labels.iter().any(|label| label == usual), "{usual}");
    }
    assert!(Connection::Sandbox.earlier_labels(&known).is_empty());
}
