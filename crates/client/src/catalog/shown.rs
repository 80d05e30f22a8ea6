//! A request for display, and as a `curl` command line, without any secret.

use secrecy::ExposeSecret;
use url::{Url, form_urlencoded};

use crate::catalog::spec::{Authority, Method, Spec};
use crate::catalog::values::Values;
use crate::request::{Body, Form, Request};
use crate::transport::http::SESSION;

/// Stands for what must not be shown.
const MASK: &str = "***";
/// So much of a body is shown.
const LONGEST_BODY_CHARS: usize = 4096;

/// What will be sent, with secrets masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    /// The body as it is written, or its beginning.
    pub body: Option<String>,
    /// The same for a shell. The authorization token is `$PRIVICORE_TOKEN`; other secrets are `<name>`, to be replaced.
    pub curl: String,
}

impl Shown {
    /// A request to the API, in its other form if that is the one that worked last.
    pub(crate) fn on_api(spec: &Spec, values: &Values, api: &Url, uses_fallback: bool) -> Self {
        let written = |values: &Values| match values.fallback() {
            Some(fallback) if uses_fallback => fallback,
            _ => values.request(),
        };
        let authority = match spec.fallback {
            Some(fallback) if uses_fallback => fallback.authority,
            _ => spec.authority,
        };
        let masked = written(&values.masked(|_| MASK.to_owned()));
        let mut headers = Vec::new();
        if authority.shows_session() {
            headers.push((SESSION, MASK.to_owned()));
        }
        if masked.basic.is_some() {
            headers.push(("Authorization", format!("Basic {MASK}")));
        }
        let body = masked.encoded_body().map(|(media_type, body)| {
            headers.push(("Content-Type", media_type.to_owned()));
            bounded(&String::from_utf8_lossy(&body))
        });
        let named = values.masked(|field| format!("<{}>", field.name));
        Self {
            method: masked.method.as_str(),
            url: masked.url(api).to_string(),
            headers,
            body,
            curl: curl(&written(&named), authority, &named, api),
        }
    }

    /// A request at a single-use link.
    pub(crate) fn at_link(spec: &Spec, link: &Url, data: Option<&str>) -> Self {
        let mut bare = link.clone();
        bare.set_query(None);
        let mut line = CommandLine::new(spec.method, data.is_some());
        let mut headers = Vec::new();
        if let Some(data) = data {
            const BYTES: &str = "application/octet-stream";
            headers.push(("Content-Type", BYTES.to_owned()));
            line.option("--header", &format!("Content-Type: {BYTES}"));
            line.option("--data-raw", data);
        }
        Self {
            method: spec.method.as_str(),
            url: format!("{bare}?auth={MASK}"),
            headers,
            body: data.map(bounded),
            curl: line.to(&format!("{bare}?auth=<link>")),
        }
    }
}

fn curl(request: &Request, authority: Authority, named: &Values, api: &Url) -> String {
    let has_body = !matches!(request.body, Body::Empty);
    let mut line = CommandLine::new(request.method, has_body);
    let named = |field| named.text(field).map_or("", |text| text.expose_secret());
    match authority {
        // In double quotes, so that the shell fills it in.
        Authority::Session | Authority::OptionalSession => line
            .words
            .push(format!("--header \"{SESSION}: $PRIVICORE_TOKEN\"")),
        Authority::BasicPair(name, secret) => {
            line.option("--user", &format!("{}:{}", named(name), named(secret)));
        }
        Authority::BasicText(text) => {
            line.option("--header", &format!("Authorization: Basic {}", named(text)));
        }
        Authority::Public | Authority::Link => {}
    }
    match &request.body {
        Body::Empty => {}
        Body::Form(form) => line.form(form),
        Body::Json(json) => {
            line.option("--header", "Content-Type: application/json");
            line.option("--data-raw", json.expose_secret());
        }
    }
    if !request.query.is_empty() {
        line.words.push("--get".to_owned());
        line.form(&request.query);
    }
    let mut url = request.url(api);
    url.set_query(None);
    line.to(url.as_str())
}

struct CommandLine {
    words: Vec<String>,
}

impl CommandLine {
    fn new(method: Method, has_body: bool) -> Self {
        let mut words = vec!["curl".to_owned()];
        if method == Method::Post && !has_body {
            words.push("--request POST".to_owned());
        }
        Self { words }
    }

    fn option(&mut self, name: &str, value: &str) {
        self.words.push(format!("{name} {}", quoted(value)));
    }

    /// `curl` encodes what stands behind the first `=`; the name must be encoded already.
    fn form(&mut self, form: &Form) {
        for (name, value) in form.pairs() {
            let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
            let pair = format!("{name}={}", value.expose_secret());
            self.option("--data-urlencode", &pair);
        }
    }

    fn to(mut self, url: &str) -> String {
        self.words.push(quoted(url));
        self.words.join(" ")
    }
}

/// In single quotes, in which a shell reads nothing but their end (POSIX.1-2024, 2.2.2).
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn bounded(text: &str) -> String {
    match text.char_indices().nth(LONGEST_BODY_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;
    use crate::catalog::Entry;

    fn shown(id: &str, values: &[(&str, &str)]) -> Shown {
        let values: Vec<(String, SecretString)> = values
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).into()))
            .collect();
        let spec = &Entry::find(id).unwrap().spec;
        let api = Url::parse("https://api.example.com:9009").unwrap();
        Shown::on_api(spec, &Values::read(spec, &values).unwrap(), &api, false)
    }

    #[test]
    fn a_form_is_shown_without_its_secrets() {
        let shown = shown(
            "profile.authenticate",
            &[("username", "o'hara & co"), ("password", "hush")],
        );
        assert_eq!(
            (shown.method, shown.url.as_str()),
            ("POST", "https://api.example.com:9009/profile/authenticate")
        );
        assert_eq!(
            shown.body.as_deref(),
            Some("username=o%27hara+%26+co&password=***")
        );
        assert_eq!(
            shown.headers,
            [(
                "Content-Type",
                "application/x-www-form-urlencoded".to_owned()
            )]
        );
        assert_eq!(
            shown.curl,
            r"curl --data-urlencode 'username=o'\''hara & co' --data-urlencode 'password=<password>' 'https://api.example.com:9009/profile/authenticate'"
        );
    }

    #[test]
    fn the_token_of_the_session_is_left_to_the_shell() {
        let shown = shown(
            "data-token.list",
            &[("page", "2"), ("filters[token]", "dtk-1")],
        );
        assert_eq!(shown.headers, [("X-DPT-AUTHORIZATION", "***".to_owned())]);
        assert_eq!(
            shown.url,
            "https://api.example.com:9009/data-token/list-data-tokens?page=2&filters%5Btoken%5D=***"
        );
        assert_eq!(
            shown.curl,
            "curl --header \"X-DPT-AUTHORIZATION: $PRIVICORE_TOKEN\" --get --data-urlencode 'page=2' \
             --data-urlencode 'filters%5Btoken%5D=<token>' 'https://api.example.com:9009/data-token/list-data-tokens'"
                .replace("<token>", "<filters[token]>")
        );
    }

    #[test]
    fn an_application_is_shown_without_its_secret() {
        let shown = shown(
            "oauth-application.obtain-token",
            &[
                ("authorization_code", "AC-1"),
                ("clientId", "cl-1"),
                ("clientSecret", "hush"),
            ],
        );
        assert_eq!(shown.headers[0], ("Authorization", "Basic ***".to_owned()));
        assert!(
            shown.curl.contains("--user 'cl-1:<clientSecret>'"),
            "{}",
            shown.curl
        );
        let all = format!("{shown:?}");
        assert!(!all.contains("hush") && !all.contains("AC-1"), "{all}");
    }

    #[test]
    fn json_and_a_post_without_a_body_are_shown_as_they_are_sent() {
        let voting = shown(
            "voting.create",
            &[
                ("votingConfigurationId", "board"),
                ("question", "Shall we?"),
                ("title", "Office"),
            ],
        );
        assert!(voting.curl.contains("--data-raw '{"), "{}", voting.curl);
        assert_eq!(
            voting.headers[1],
            ("Content-Type", "application/json".to_owned())
        );
        let revoke = shown("profile.revoke", &[]);
        assert_eq!(revoke.body, None);
        assert!(
            revoke.curl.starts_with("curl --request POST --header"),
            "{}",
            revoke.curl
        );
    }

    #[test]
    fn a_link_is_shown_without_what_it_authorizes_with() {
        let spec = &Entry::find("data-token.send-upstream").unwrap().spec;
        let link = Url::parse("https://u.example.com/p?auth=hush").unwrap();
        let shown = Shown::at_link(spec, &link, Some("it's"));
        assert_eq!(shown.url, "https://u.example.com/p?auth=***");
        assert_eq!(
            shown.curl,
            r"curl --header 'Content-Type: application/octet-stream' --data-raw 'it'\''s' 'https://u.example.com/p?auth=<link>'"
        );
    }
}
