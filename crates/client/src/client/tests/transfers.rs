//! Bodies of any size, in both directions.

use futures_util::{StreamExt, stream};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::link::Place;

fn upstream(url: &str) -> UpstreamLink {
    UpstreamLink::resolve(&Place::of("v-1"), &url.parse().unwrap()).unwrap()
}

fn downstream(url: &str) -> DownstreamLink {
    DownstreamLink::resolve(&Place::of("v-1"), &url.parse().unwrap(), true).unwrap()
}

fn bytes(pieces: &[&'static str]) -> impl Stream<Item = io::Result<Bytes>> + use<> {
    stream::iter(
        pieces
            .iter()
            .map(|piece| Ok(Bytes::from_static(piece.as_bytes())))
            .collect::<Vec<_>>(),
    )
}

fn without_end() -> impl Stream<Item = io::Result<Bytes>> {
    stream::repeat_with(|| Ok(Bytes::from_static(&[7; 4096])))
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

fn patient() -> Client {
    patient_for(10_000)
}

fn patient_for(idle_ms: u64) -> Client {
    let mut configuration = configuration("http://127.0.0.1:1", NOWHERE);
    configuration.idle_timeout = Duration::from_millis(idle_ms);
    configuration.answer_timeout = Duration::from_millis(idle_ms);
    let client = client_of(configuration);
    client.authorize(token("T-1"));
    client
}

#[tokio::test]
async fn an_upload_announces_its_length_and_shows_no_authorization() {
    let server = Server::start(|_| Say::Answer(200, "")).await;
    let client = patient();
    client
        .send_upstream(&upstream(&server.url), Some(6), bytes(&["abc", "def"]))
        .await
        .unwrap();
    client
        .send_upstream(&upstream(&server.url), None, bytes(&["abc", "def"]))
        .await
        .unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].line, "POST /?auth=v-1");
    assert_eq!(seen[0].headers["content-length"], "6");
    assert!(!seen[0].headers.contains_key("transfer-encoding"));
    assert_eq!(seen[0].headers["content-type"], "application/octet-stream");
    assert_eq!(seen[1].headers["transfer-encoding"], "chunked");
    for seen in seen {
        assert_eq!(seen.body, b"abcdef");
        assert!(!seen.headers.contains_key("x-dpt-authorization"));
    }
}

#[tokio::test]
async fn what_the_source_says_comes_out_as_it_was() {
    let server = Server::start(|_| Say::Answer(200, "")).await;
    let source = stream::iter([
        Ok(Bytes::from_static(b"abc")),
        Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "the file was locked",
        )),
    ]);
    let error = patient()
        .send_upstream(&upstream(&server.url), Some(6), source)
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::Body(source) if source.to_string() == "the file was locked"),
        "{error:?}"
    );
    let error = patient()
        .send_upstream(&upstream(&server.url), Some(9), bytes(&["abc"]))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::Body(source) if source.kind() == io::ErrorKind::UnexpectedEof),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_spent_link_is_told_apart_from_other_refusals() {
    for (status, spent) in [
        (401, true),
        (403, true),
        (404, true),
        (410, true),
        (500, false),
        (413, false),
    ] {
        let server = Server::start(move |_| Say::Answer(status, "no")).await;
        let client = patient();
        let up = client
            .send_upstream(&upstream(&server.url), Some(3), bytes(&["abc"]))
            .await
            .unwrap_err();
        let down = client
            .fetch_downstream(&downstream(&server.url))
            .await
            .unwrap_err();
        for error in [up, down] {
            match error {
                Error::LinkSpent => assert!(spent),
                Error::Refused {
                    status: sender,
                    body,
                    ..
                } => {
                    assert_eq!((sender, body.as_str(), spent), (status, "no", false));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_in_the_middle_of_an_upload_is_heard() {
    let (listener, url) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_exact(&mut [0; 1000]).await.unwrap();
        stream
            .write_all(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .await
            .unwrap();
        stream
    });
    let error = patient()
        .send_upstream(&upstream(&url), None, without_end())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::LinkSpent), "{error:?}");
    drop(server.await.unwrap());
}

#[tokio::test]
async fn an_acceptance_before_the_last_byte_is_none() {
    let (listener, url) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_exact(&mut [0; 1000]).await.unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .await
            .unwrap();
        stream
    });
    let error = patient()
        .send_upstream(&upstream(&url), Some(1 << 40), without_end())
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Interrupted {
                server: ServerKind::Upstream
            }
        ),
        "{error:?}"
    );
    drop(server.await.unwrap());
}

#[tokio::test]
async fn an_upload_that_breaks_is_interrupted() {
    let (listener, url) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_exact(&mut [0; 1000]).await.unwrap();
    });
    let error = patient()
        .send_upstream(&upstream(&url), None, without_end())
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Interrupted {
                server: ServerKind::Upstream
            }
        ),
        "{error:?}"
    );
    server.await.unwrap();
}

#[tokio::test]
async fn an_upload_nobody_reads_times_out() {
    let (listener, url) = listen().await;
    let server = tokio::spawn(async move { listener.accept().await.unwrap() });
    let error = patient_for(100)
        .send_upstream(&upstream(&url), None, without_end())
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::TimedOut {
                server: ServerKind::Upstream,
                phase: Phase::Body
            }
        ),
        "{error:?}"
    );
    server.await.unwrap();
}

#[tokio::test]
async fn a_download_brings_its_bytes_and_its_length() {
    let server = Server::start(|_| Say::With(200, Vec::new(), vec![7; 300_000])).await;
    let download = patient()
        .fetch_downstream(&downstream(&server.url))
        .await
        .unwrap();
    assert_eq!(download.length, Some(300_000));
    let pieces: Vec<Bytes> = download.body.map(Result::unwrap).collect().await;
    assert_eq!(pieces.concat(), vec![7; 300_000]);
    assert!(!server.seen()[0].headers.contains_key("x-dpt-authorization"));
}

#[tokio::test]
async fn a_download_that_ends_early_is_interrupted() {
    let server =
        Server::start(|_| Say::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".to_vec()))
            .await;
    let download = patient()
        .fetch_downstream(&downstream(&server.url))
        .await
        .unwrap();
    let pieces: Vec<Result<Bytes, Error>> = download.body.collect().await;
    assert!(
        matches!(
            pieces.last().unwrap(),
            Err(Error::Interrupted {
                server: ServerKind::Downstream
            })
        ),
        "{pieces:?}"
    );
}

#[tokio::test]
async fn a_download_that_stalls_times_out() {
    let (listener, url) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // An answer before the request would be refused.
        stream.read_exact(&mut [0; 10]).await.unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            .await
            .unwrap();
        stream
    });
    let download = patient_for(100)
        .fetch_downstream(&downstream(&url))
        .await
        .unwrap();
    let pieces: Vec<Result<Bytes, Error>> = download.body.collect().await;
    let last = pieces.last().unwrap();
    assert!(
        matches!(
            last,
            Err(Error::TimedOut {
                server: ServerKind::Downstream,
                phase: Phase::Body
            })
        ),
        "{last:?}"
    );
    drop(server.await.unwrap());
}

#[tokio::test]
async fn errors_of_transfers_print_no_link() {
    let client = patient();
    let url = format!("http://{}", closed_address().await);
    let up = client
        .send_upstream(&upstream(&url), None, bytes(&["a"]))
        .await
        .unwrap_err();
    let down = client
        .fetch_downstream(&downstream(&url))
        .await
        .unwrap_err();
    for error in [up, down] {
        assert!(matches!(error, Error::Offline { .. }));
        assert!(!format!("{error} {error:?}").contains("v-1"));
    }
}
