//! Lists. Their form is not documented: every form that is plausible is accepted.

use serde_json::{Map, Value};

use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pages {
    /// From 1.
    pub page: u32,
    /// How many on a page.
    pub per_page: u32,
}

/// One part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "the service's own words")]
pub struct Page<T> {
    pub items: Vec<T>,
    /// How many there are on all pages, if the service says.
    pub count: Option<u64>,
    /// Which page this is, if the service says.
    pub page: Option<u64>,
    /// How many a page holds, if the service says.
    pub per_page: Option<u64>,
    /// How many bytes it came in.
    pub bytes: usize,
    /// How many more entries stand in it under names that name nothing.
    pub nameless: usize,
}

/// Under which names the entries of a list have been seen, or may stand.
const LISTS: &[&str] = &[
    "items",
    "data",
    "results",
    "entries",
    "list",
    "rows",
    "tokens",
    "dataTokens",
    "devices",
];
/// Under which names an entry may carry the key it stands under.
const KEYS: &[&str] = &["token", "deviceIdentifier", "id", "name"];

impl<T> Page<T> {
    /// Reads a list entry by entry. One entry that cannot be read makes the list unreadable: leaving it out would
    /// claim that it does not exist.
    pub(crate) fn read(
        reply: &Reply,
        entry: impl Fn(Map<String, Value>) -> Result<T, Malformed>,
    ) -> Result<Self, Malformed> {
        Self::read_named(reply, |object| entry(object).map(Some))
    }

    /// Reads a list entry by entry. An entry that answers nothing has a name that nothing can be asked for by: it is
    /// counted, and the others are there all the same.
    pub(crate) fn read_named(
        reply: &Reply,
        entry: impl Fn(Map<String, Value>) -> Result<Option<T>, Malformed>,
    ) -> Result<Self, Malformed> {
        let (rows, meta) = rows(reply.json()?)?;
        let all = rows.len();
        let items = rows
            .into_iter()
            .filter_map(|row| row.read(&entry).transpose())
            .collect::<Result<Vec<_>, _>>()?;
        let first = |names: &[&str]| names.iter().find_map(|name| meta.whole(name));
        Ok(Self {
            nameless: all - items.len(),
            items,
            count: first(&["count", "total", "totalCount", "total_count"]),
            page: first(&["page", "currentPage", "current_page"]),
            per_page: first(&["perPage", "per_page", "pageSize", "limit"]),
            bytes: reply.body.len(),
        })
    }
}

/// One entry, and the key it stands under in a list that is an object.
struct Row(Option<String>, Map<String, Value>);

impl Row {
    fn read<T>(
        self,
        entry: impl Fn(Map<String, Value>) -> Result<T, Malformed>,
    ) -> Result<T, Malformed> {
        let Self(key, object) = self;
        let Some(key) = key else {
            return entry(object);
        };
        match entry(object.clone()) {
            Err(Malformed::Missing(_)) => {
                let mut named = object;
                for name in KEYS {
                    let absent = || Value::String(key.clone());
                    named.entry(*name).or_insert_with(absent);
                }
                entry(named)
            }
            read => read,
        }
    }
}

/// The entries of a list and what is said of the list: `[…]`, `{items: […]}` under any of the names, that within
/// `{data: …}`, or an object whose every member is an entry under its key.
fn rows(list: Value) -> Result<(Vec<Row>, Map<String, Value>), Malformed> {
    let mut object = match list {
        Value::Array(items) => return Ok((listed(items)?, Map::new())),
        Value::Object(object) => object,
        _ => return Err(Malformed::Missing("items")),
    };
    for name in LISTS {
        let is_list = match object.get(*name) {
            Some(Value::Array(_)) => true,
            Some(Value::Object(inner)) => is_keyed(inner) || is_wrapped(inner),
            _ => false,
        };
        if is_list && let Some(inner) = object.remove(*name) {
            let (rows, inner_meta) = rows(inner)?;
            let meta = match object.remove("meta") {
                Some(Value::Object(meta)) => meta,
                _ if inner_meta.is_empty() => object,
                _ => inner_meta,
            };
            return Ok((rows, meta));
        }
    }
    let meta = match object.remove("meta") {
        Some(Value::Object(meta)) => meta,
        _ => Map::new(),
    };
    if !is_keyed(&object) {
        return Err(Malformed::Missing("items"));
    }
    let keyed = object.into_iter().map(|(key, value)| match value {
        Value::Object(entry) => Ok(Row(Some(key), entry)),
        _ => Err(Malformed::Missing("items")),
    });
    Ok((keyed.collect::<Result<_, _>>()?, meta))
}

/// Whether every member is an entry. An object with nothing in it is a list with nothing in it.
fn is_keyed(object: &Map<String, Value>) -> bool {
    object.values().all(Value::is_object)
}

/// Whether a list stands in it under one of the names.
fn is_wrapped(object: &Map<String, Value>) -> bool {
    LISTS
        .iter()
        .any(|name| matches!(object.get(*name), Some(Value::Array(_))))
}

fn listed(items: Vec<Value>) -> Result<Vec<Row>, Malformed> {
    items
        .into_iter()
        .map(|item| Ok(Row(None, as_object(item)?)))
        .collect()
}

fn as_object(item: Value) -> Result<Map<String, Value>, Malformed> {
    match item {
        Value::Object(object) => Ok(object),
        _ => Err(Malformed::Missing("an object in the list")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;

    fn read(body: &str) -> Result<Page<String>, Malformed> {
        Page::read(&reply(200, body), |object| object.text("id"))
    }

    #[test]
    fn reads_an_array_and_an_object_with_items() {
        assert_eq!(
            read("[{\"id\":\"a\"},{\"id\":\"b\"}]").unwrap().items,
            ["a", "b"]
        );
        let page =
            read("{\"items\":[{\"id\":\"a\"}],\"meta\":{\"count\":7,\"page\":2,\"perPage\":1}}")
                .unwrap();
        assert_eq!(
            page,
            Page {
                items: vec!["a".to_owned()],
                count: Some(7),
                page: Some(2),
                per_page: Some(1),
                bytes: 62,
                nameless: 0,
            }
        );
        assert_eq!(read("[]").unwrap().items.len(), 0);
    }

    #[test]
    fn reads_every_form_of_a_list() {
        for body in [
            r#"[{"id":"a"},{"id":"b"}]"#,
            r#"{"items":[{"id":"a"},{"id":"b"}]}"#,
            r#"{"data":[{"id":"a"},{"id":"b"}],"total":2}"#,
            r#"{"data":{"items":[{"id":"a"},{"id":"b"}],"count":2}}"#,
            r#"{"results":[{"id":"a"},{"id":"b"}]}"#,
            r#"{"a":{"size":1},"b":{"size":2}}"#,
            r#"{"a":{"id":"a"},"b":{"id":"b"},"meta":{"count":2}}"#,
            r#"{"items":{"a":{"size":1},"b":{"size":2}}}"#,
            r#"{"data":{"a":{"size":1},"b":{"size":2}}}"#,
        ] {
            assert_eq!(read(body).unwrap().items, ["a", "b"], "{body}");
        }
        for body in ["[]", "{}", r#"{"items":[]}"#, r#"{"data":{}}"#] {
            assert!(read(body).unwrap().items.is_empty(), "{body}");
        }
        let counted = read(r#"{"data":[{"id":"a"}],"total":9,"currentPage":3,"limit":1}"#).unwrap();
        assert_eq!(
            (counted.count, counted.page, counted.per_page),
            (Some(9), Some(3), Some(1))
        );
    }

    #[test]
    fn refuses_what_is_no_list() {
        assert_eq!(
            read(r#"{"message":"none"}"#),
            Err(Malformed::Missing("items"))
        );
        assert_eq!(
            read(r#"{"items":"none"}"#),
            Err(Malformed::Missing("items"))
        );
        assert_eq!(read("\"none\""), Err(Malformed::Missing("items")));
        assert_eq!(read("[{}]"), Err(Malformed::Missing("id")));
        assert_eq!(read("oops"), Err(Malformed::NotJson));
    }
}
