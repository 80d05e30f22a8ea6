//! The window's page stays where it is: it goes to no other address, opens no window, and downloads nothing.
//!
//! The content security policy says what the page may load. It says nothing of where the page goes, and an address that
//! it goes to is told whatever is in it.

use tauri::webview::{NewWindowResponse, WebviewWindowBuilder};
use tauri::{App, Url, WebviewWindow};

/// What the web view takes for its proxy: a port that needs an administrator to listen on, and that nobody does. The
/// page and what it says to the shell need no network, so this is for what neither the policy nor the rules below speak
/// of, such as hints to connect in advance.
#[cfg(target_os = "linux")]
const NOWHERE: &str = "http://127.0.0.1:9";

/// Opens the window that the configuration describes.
///
/// # Errors
/// When there is no display or no web view.
pub(crate) fn open_window(app: &App) -> tauri::Result<WebviewWindow> {
    let windows = &app.config().app.windows;
    let window = windows.first().ok_or(tauri::Error::WindowNotFound)?;
    let builder = WebviewWindowBuilder::from_config(app.handle(), window)?
        .on_navigation(|url| {
            let is_own = is_own_page(url);
            if !is_own {
                tracing::warn!("the page was kept from going elsewhere");
            }
            is_own
        })
        .on_new_window(|_, _| {
            tracing::warn!("the page was kept from opening a window");
            NewWindowResponse::Deny
        })
        .on_download(|_, _| {
            tracing::warn!("the page was kept from a download");
            false
        });
    #[cfg(target_os = "linux")]
    let builder = match NOWHERE.parse() {
        Ok(nowhere) => builder.proxy_url(nowhere),
        Err(_) => builder,
    };
    builder.build()
}

/// Whether an address is one of the app's own pages.
fn is_own_page(url: &Url) -> bool {
    let (scheme, host) = if cfg!(windows) {
        ("http", "tauri.localhost")
    } else {
        ("tauri", "localhost")
    };
    url.scheme() == scheme
        && url.host_str() == Some(host)
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_own(url: &str) -> bool {
        is_own_page(&url.parse().unwrap())
    }

    #[test]
    fn the_page_goes_to_its_own_addresses_only() {
        let own = if cfg!(windows) {
            "http://tauri.localhost"
        } else {
            "tauri://localhost"
        };
        assert!(is_own(own));
        assert!(is_own(&format!("{own}/index.html?place=files#row")));
        for elsewhere in [
            "http://127.0.0.1:8080/?leak",
            "https://example.com/",
            "http://tauri.localhost.example.com/",
            "http://tauri.localhost:8080/",
            "http://name@tauri.localhost/",
            "tauri://localhost:8080/",
            "tauri://name:word@localhost/",
            "tauri://example.com/",
            "ipc://localhost/query_rows",
            "file:///etc/passwd",
            "data:text/html,hello",
            "blob:tauri://localhost/1",
            "javascript:alert(1)",
            "about:blank",
            "mailto:somebody@example.com?body=names",
        ] {
            assert!(!is_own(elsewhere), "{elsewhere}");
        }
    }
}
