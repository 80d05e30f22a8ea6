//! Pictures that the page may show: each once, under an address nobody can guess, and none after the lock.
//!
//! A picture was decoded and encoded anew before. It reaches the page as an image and as nothing else: the page's
//! policy allows this scheme for images alone, so that no script reads it.

use parking_lot::Mutex;
use privicore_vault::{Stage, Vault};
use tauri::http::{Method, Request, Response, StatusCode, header};
use tauri::{Manager as _, Runtime, UriSchemeContext};
use uuid::Uuid;
use zeroize::Zeroizing;

/// The scheme of the addresses, as the page's policy has it.
pub(crate) const SCHEME: &str = "picture";

/// The picture that waits to be shown. There is one at a time.
#[derive(Default)]
pub(crate) struct ShownPictures(Mutex<Shown>);

#[derive(Default)]
struct Shown {
    /// Grows with each preview that is begun, and with each end.
    turn: u64,
    waiting: Option<Waiting>,
}

struct Waiting {
    id: String,
    png: Zeroizing<Vec<u8>>,
}

impl ShownPictures {
    /// Begins a preview; whatever was held for the one before is gone.
    pub(crate) fn begin(&self) -> u64 {
        let mut shown = self.0.lock();
        shown.turn += 1;
        shown.waiting = None;
        shown.turn
    }

    /// Holds a picture until it is shown; answers its address. Nothing is held for a preview that has ended, or where
    /// nobody is signed in.
    pub(crate) fn hold(&self, vault: &Vault, turn: u64, png: Zeroizing<Vec<u8>>) -> Option<String> {
        let id = Uuid::new_v4().simple().to_string();
        let address = address_of(&id);
        {
            let mut shown = self.0.lock();
            if shown.turn != turn {
                return None;
            }
            shown.waiting = Some(Waiting { id, png });
        }
        if vault.status().stage == Stage::SignedIn {
            return Some(address);
        }
        self.clear();
        None
    }

    pub(crate) fn clear(&self) {
        self.begin();
    }

    fn take(&self, id: &str) -> Option<Zeroizing<Vec<u8>>> {
        let mut shown = self.0.lock();
        shown
            .waiting
            .take_if(|waiting| waiting.id == id)
            .map(|taken| taken.png)
    }
}

/// Windows has such addresses below a host name (the web view's custom schemes).
fn address_of(id: &str) -> String {
    if cfg!(windows) {
        format!("http://{SCHEME}.localhost/{id}")
    } else {
        format!("{SCHEME}://localhost/{id}")
    }
}

/// Answers a request of the page for a picture.
pub(crate) fn serve<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
) -> Response<Vec<u8>> {
    let pictures = context.app_handle().state::<ShownPictures>();
    answer(&pictures, request.method(), request.uri().path())
}

fn answer(pictures: &ShownPictures, method: &Method, path: &str) -> Response<Vec<u8>> {
    let id = path.strip_prefix('/').filter(|_| method == Method::GET);
    let (status, body) = match id.and_then(|id| pictures.take(id)) {
        Some(mut png) => (StatusCode::OK, std::mem::take(&mut *png)),
        None => (StatusCode::NOT_FOUND, Vec::new()),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, "image/png"),
        // The web view keeps no copy of it.
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        let value = header::HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holding(png: &[u8]) -> (ShownPictures, String) {
        let id = Uuid::new_v4().simple().to_string();
        let png = Zeroizing::new(png.to_vec());
        let waiting = Waiting {
            id: id.clone(),
            png,
        };
        let shown = Shown {
            turn: 1,
            waiting: Some(waiting),
        };
        (ShownPictures(Mutex::new(shown)), format!("/{id}"))
    }

    #[test]
    fn a_picture_is_shown_once_and_kept_nowhere() {
        let (pictures, path) = holding(b"png");
        let shown = answer(&pictures, &Method::GET, &path);
        assert_eq!(
            (shown.status(), shown.body().as_slice()),
            (StatusCode::OK, &b"png"[..])
        );
        assert_eq!(shown.headers()[header::CACHE_CONTROL], "no-store");
        let again = answer(&pictures, &Method::GET, &path);
        assert_eq!(again.status(), StatusCode::NOT_FOUND);
        assert!(again.body().is_empty());
    }

    #[test]
    fn no_other_address_and_no_other_method_gets_it() {
        let (pictures, path) = holding(b"png");
        for (method, path) in [
            (Method::GET, "/"),
            (Method::GET, ""),
            (Method::GET, "/00000000000000000000000000000000"),
            (Method::POST, path.as_str()),
            (Method::HEAD, path.as_str()),
        ] {
            let refused = answer(&pictures, &method, path);
            assert_eq!(refused.status(), StatusCode::NOT_FOUND, "{method} {path}");
        }
        assert_eq!(
            answer(&pictures, &Method::GET, &path).status(),
            StatusCode::OK
        );
    }

    #[test]
    fn what_is_cleared_is_not_shown() {
        let (pictures, path) = holding(b"png");
        pictures.clear();
        let refused = answer(&pictures, &Method::GET, &path);
        assert_eq!(refused.status(), StatusCode::NOT_FOUND);
    }
}
