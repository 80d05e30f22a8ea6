//! Lists. Their form is not documented: an array, or an object with `items`, is accepted.

use serde_json::{Map, Value};

use crate::answer::{Fields, Malformed, Reply};

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
    /// The entries.
    pub items: Vec<T>,
    /// How many there are on all pages, if the service says.
    pub count: Option<u64>,
    /// Which page this is, if the service says.
    pub page: Option<u64>,
    /// How many a page holds, if the service says.
    pub per_page: Option<u64>,
}

impl<T> Page<T> {
    /// Reads a list entry by entry. One entry that cannot be read makes the list unreadable: leaving it out would
    /// claim that it does not exist.
    pub(crate) fn read(
        reply: &Reply,
        entry: impl Fn(Map<String, Value>) -> Result<T, Malformed>,
    ) -> Result<Self, Malformed> {
        let (items, meta) = match reply.json()? {
            Value::Array(items) => (items, Map::new()),
            Value::Object(mut object) => {
                let Some(Value::Array(items)) = object.remove("items") else {
                    return Err(Malformed::Missing("items"));
                };
                let meta = match object.remove("meta") {
                    Some(Value::Object(meta)) => meta,
                    _ => object,
                };
                (items, meta)
            }
            _ => return Err(Malformed::Missing("items")),
        };
        let items = items
            .into_iter()
            .map(|item| entry(as_object(item)?))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            items,
            count: meta.whole("count"),
            page: meta.whole("page"),
            per_page: meta.whole("perPage"),
        })
    }
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
                per_page: Some(1)
            }
        );
        assert_eq!(read("[]").unwrap().items.len(), 0);
    }

    #[test]
    fn refuses_what_is_no_list() {
        assert_eq!(read("{}"), Err(Malformed::Missing("items")));
        assert_eq!(read("\"none\""), Err(Malformed::Missing("items")));
        assert_eq!(read("[{}]"), Err(Malformed::Missing("id")));
        assert_eq!(read("oops"), Err(Malformed::NotJson));
    }
}
