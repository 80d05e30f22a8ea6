//! Row 31, request documented, answer observed: list stored data.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::answer::malformed::Malformed;
use crate::answer::page::Page;
use crate::answer::{Fields, Reply};
use crate::operation::{Endpoint, Field, Kind, Operation, Provenance, Spec};
use crate::request::{Form, Request};
use crate::secret::DataToken;

/// Lists stored data, a page at a time.
#[derive(Clone, Debug, Default)]
pub struct ListDataTokens {
    /// From 1; the service decides if it is left out.
    pub page: Option<u32>,
    /// How many on a page; the service decides if it is left out.
    pub per_page: Option<u32>,
    pub filter: TokenFilter,
}

/// Which data to list; what is left out does not matter.
#[derive(Clone, Debug, Default)]
pub struct TokenFilter {
    /// `meta.file.fileName`
    pub file_name: Option<String>,
    /// `meta.file.extension`
    pub extension: Option<String>,
    /// `meta.data.type`
    pub data_type: Option<String>,
    /// `context`
    pub context: Option<String>,
    /// `token`
    pub token: Option<DataToken>,
}

#[derive(Clone, PartialEq)]
pub struct TokenEntry {
    pub token: DataToken,
    pub context: Option<String>,
    pub file_name: Option<String>,
    pub extension: Option<String>,
    /// What was given as its size, in bytes.
    pub size: Option<u64>,
    /// When it was stored.
    pub created_at: Option<Timestamp>,
    /// Everything else the service said of it.
    pub rest: Map<String, Value>,
}

impl fmt::Debug for TokenEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenEntry")
            .field("size", &self.size)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}

impl Endpoint for ListDataTokens {
    const SPEC: Spec = Spec::get("data-token.list", "/data-token/list-data-tokens")
        .row("31", Provenance::Observed)
        .doc("Lists stored data, a page at a time.")
        .fields(&[
            Field::optional("page", Kind::Number, "Which page of the list, from 1."),
            Field::optional("perPage", Kind::Number, "How many entries a page has."),
            Field::optional(
                "filters[meta.file.fileName]",
                Kind::Text,
                "Only data that the service shows by this name.",
            ),
            Field::optional(
                "filters[meta.file.extension]",
                Kind::Text,
                "Only data with this extension.",
            ),
            Field::optional(
                "filters[meta.data.type]",
                Kind::Text,
                "Only data of this type.",
            ),
            Field::optional("filters[context]", Kind::Text, "Only data with this label."),
            Field::optional(
                "filters[token]",
                Kind::Token,
                "Only this data: its permanent token.",
            ),
        ]);

    fn request(&self) -> Request {
        let filter = &self.filter;
        let query = Form::new()
            .optional("page", self.page)
            .optional("perPage", self.per_page)
            .optional("filters[meta.file.fileName]", filter.file_name.as_ref())
            .optional("filters[meta.file.extension]", filter.extension.as_ref())
            .optional("filters[meta.data.type]", filter.data_type.as_ref())
            .optional("filters[context]", filter.context.as_ref())
            .optional(
                "filters[token]",
                filter.token.as_ref().map(DataToken::reveal),
            );
        Request::of(&Self::SPEC).query(query)
    }
}

impl Operation for ListDataTokens {
    type Answer = Page<TokenEntry>;

    fn parse(reply: &Reply) -> Result<Page<TokenEntry>, Malformed> {
        Page::read_named(reply, read_entry)
    }
}

/// File name, extension and size stand at the top or under `meta.file`. Nothing for an entry whose token can be none.
fn read_entry(mut entry: Map<String, Value>) -> Result<Option<TokenEntry>, Malformed> {
    let names = ["token", "dataToken"];
    let named = names.iter().find_map(|name| entry.identifier(name).ok());
    let Some(token) = named else {
        let is_odd = |name| matches!(entry.get(name), Some(Value::String(_) | Value::Null));
        if names.into_iter().any(is_odd) {
            return Ok(None);
        }
        return Err(Malformed::Missing("token"));
    };
    let token = token.into();
    entry.remove("token");
    entry.remove("dataToken");
    let file = entry
        .get("meta")
        .and_then(|meta| meta.get("file"))
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let size = entry.whole("size").or_else(|| file.whole("size"));
    entry.remove("size");
    let created_at = entry.time("createdAt").ok();
    entry.remove("createdAt");
    let mut take = |name: &'static str| {
        let text = entry.text(name).or_else(|_| file.text(name)).ok();
        entry.remove(name);
        text
    };
    Ok(Some(TokenEntry {
        token,
        context: take("context"),
        file_name: take("fileName"),
        extension: take("extension"),
        size,
        created_at,
        rest: entry,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let list = ListDataTokens {
            page: Some(2),
            per_page: Some(50),
            filter: TokenFilter {
                context: Some("a b".to_owned()),
                ..TokenFilter::default()
            },
        };
        assert_eq!(
            wire(&list),
            "GET /data-token/list-data-tokens?page=2&perPage=50&filters%5Bcontext%5D=a+b"
        );
        assert_eq!(
            wire(&ListDataTokens::default()),
            "GET /data-token/list-data-tokens"
        );
    }

    #[test]
    fn reads_the_observed_answer() {
        let body = r#"{"items":[{"token":"dtk-1","context":"letters","fileName":"pv1.x","extension":"age","size":12,
            "createdAt":"2026-11-24T10:00:00Z","meta":{"data":{"type":"file"}}}],"meta":{"count":1,"page":1,"perPage":10}}"#;
        let page = ListDataTokens::parse(&reply(200, body)).unwrap();
        let entry = &page.items[0];
        assert_eq!(
            (entry.token.reveal(), entry.context.as_deref()),
            ("dtk-1", Some("letters"))
        );
        assert_eq!(
            (entry.file_name.as_deref(), entry.extension.as_deref()),
            (Some("pv1.x"), Some("age"))
        );
        assert_eq!((entry.size, page.count), (Some(12), Some(1)));
        assert_eq!(
            entry.created_at,
            Some("2026-11-24T10:00:00Z".parse().unwrap())
        );
        assert_eq!(entry.rest.keys().collect::<Vec<_>>(), ["meta"]);
        assert!(!format!("{page:?}").contains("dtk-1"));
    }

    #[test]
    fn an_entry_whose_token_names_nothing_is_counted_and_the_others_are_listed() {
        let long = "x".repeat(5_000);
        for odd in ["", " ", "a b", "a\n", "a\u{1b}[2J", "a\u{202e}b", &long] {
            for name in ["token", "dataToken"] {
                let body = serde_json::json!([
                    {"token": "dtk-1"}, {name: odd, "fileName": "n"}, {"token": "dtk-2"}
                ]);
                let page = ListDataTokens::parse(&reply(200, &body.to_string())).unwrap();
                let tokens: Vec<_> = page.items.iter().map(|it| it.token.reveal()).collect();
                assert_eq!(
                    (tokens, page.nameless),
                    (vec!["dtk-1", "dtk-2"], 1),
                    "{odd:?}"
                );
            }
        }
        let keyed = r#"{"items":{"dtk-1":{"size":1},"":{"size":2}}}"#;
        let page = ListDataTokens::parse(&reply(200, keyed)).unwrap();
        assert_eq!((page.items.len(), page.nameless), (1, 1));
        // What has no token at all is no list of data.
        let other = ListDataTokens::parse(&reply(200, r#"[{"id":"a"}]"#));
        assert_eq!(other, Err(Malformed::Missing("token")));
    }

    #[test]
    fn finds_names_under_meta_too() {
        let body = r#"[{"dataToken":"dtk-1","meta":{"file":{"fileName":"n","extension":"e","size":"7"}}}]"#;
        let entry = ListDataTokens::parse(&reply(200, body))
            .unwrap()
            .items
            .remove(0);
        assert_eq!(
            (
                entry.file_name.as_deref(),
                entry.extension.as_deref(),
                entry.size
            ),
            (Some("n"), Some("e"), Some(7))
        );
        assert_eq!((entry.context, entry.created_at), (None, None));
    }
}
