//! `/files/NAME`: what `curl` puts and gets, and as much `WebDAV` (RFC 4918) as `rclone` asks for.

use std::ops::Range;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;

use crate::service::keep::Kept;
use crate::service::stored::{Shared, length, whole};

const ROOT: &str = "/files";

pub(crate) fn router(service: Shared) -> Router {
    Router::new()
        .route("/files", any(answer))
        .route("/files/", any(answer))
        .route("/files/{*name}", any(answer))
        .with_state(service)
}

async fn answer(
    State(service): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let name = uri.path().trim_start_matches(ROOT).trim_matches('/');
    match method.as_str() {
        "PUT" => put(&service, name, &headers, body).await,
        "GET" => get(&service, name, &headers),
        "PROPFIND" => properties(&service, name),
        "MKCOL" => StatusCode::CREATED.into_response(),
        "DELETE" => {
            if let Some(kept) = service.stored().files.remove(name) {
                kept.discard();
            }
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

async fn put(service: &Shared, name: &str, headers: &HeaderMap, body: Body) -> Response {
    let place = format!("file-{}", service.next());
    let Ok(kept) = service.keep.take(body, length(headers), &place).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let before = service.stored().files.insert(name.to_owned(), kept);
    if let Some(before) = before {
        before.discard();
    }
    StatusCode::CREATED.into_response()
}

fn get(service: &Shared, name: &str, headers: &HeaderMap) -> Response {
    let kept = service.stored().files.get(name).cloned();
    let asked = headers
        .get(header::RANGE)
        .and_then(|value| value.to_str().ok());
    match (&kept, asked) {
        (Some(kept), Some(asked)) => part(kept, asked),
        (kept, _) => whole(kept.as_ref()),
    }
}

fn part(kept: &Kept, asked: &str) -> Response {
    let size = kept.size();
    let Some((range, body)) =
        range(asked, size).and_then(|range| Some((range.clone(), kept.body(range)?)))
    else {
        return StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    };
    let shown = format!("bytes {}-{}/{size}", range.start, range.end - 1);
    let length = (range.end - range.start).to_string();
    let headers = [
        (header::CONTENT_RANGE, shown),
        (header::CONTENT_LENGTH, length),
    ];
    (StatusCode::PARTIAL_CONTENT, headers, body).into_response()
}

/// `bytes=a-b`, `bytes=a-` (RFC 9110, section 14.1.2); one range only.
fn range(asked: &str, size: u64) -> Option<Range<u64>> {
    let (first, last) = asked.strip_prefix("bytes=")?.split_once('-')?;
    let start: u64 = first.parse().ok()?;
    let end = match last {
        "" => size,
        last => last.parse::<u64>().ok()?.checked_add(1)?.min(size),
    };
    (start < end).then_some(start..end)
}

fn properties(service: &Shared, name: &str) -> Response {
    let stored = service.stored();
    let mut entries = String::new();
    if name.is_empty() {
        entries.push_str(&entry("", None));
        for (name, kept) in &stored.files {
            entries.push_str(&entry(name, Some(kept.size())));
        }
    } else if let Some(kept) = stored.files.get(name) {
        entries.push_str(&entry(name, Some(kept.size())));
    } else {
        return StatusCode::NOT_FOUND.into_response();
    }
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><D:multistatus xmlns:D=\"DAV:\">{entries}</D:multistatus>"
    );
    let headers = [(header::CONTENT_TYPE, "application/xml; charset=utf-8")];
    (StatusCode::MULTI_STATUS, headers, body).into_response()
}

/// A file with its size, or the folder.
fn entry(name: &str, size: Option<u64>) -> String {
    let kind = match size {
        Some(size) => {
            format!("<D:getcontentlength>{size}</D:getcontentlength><D:resourcetype/>")
        }
        None => "<D:resourcetype><D:collection/></D:resourcetype>".to_owned(),
    };
    format!(
        "<D:response><D:href>{ROOT}/{name}</D:href><D:propstat><D:prop>\
         <D:getlastmodified>Thu, 01 Jan 2026 00:00:00 GMT</D:getlastmodified>{kind}\
         </D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ranges_with_and_without_an_end() {
        assert_eq!(range("bytes=0-9", 100), Some(0..10));
        assert_eq!(range("bytes=90-", 100), Some(90..100));
        assert_eq!(range("bytes=90-200", 100), Some(90..100));
        assert_eq!(range("bytes=100-", 100), None);
        assert_eq!(range("bytes=-5", 100), None);
    }
}
