//! Row 85, assumed: keep something with a directory.

use serde_json::{Map, Value, json};

use crate::identifier::DirectoryId;
use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::Request;

#[derive(Clone, Debug)]
pub struct StoreDirectoryMeta {
    pub directory_id: DirectoryId,
    /// What is kept; takes the place of what was.
    pub meta: Map<String, Value>,
}

impl Endpoint for StoreDirectoryMeta {
    const SPEC: Spec = Spec::post("directory.store-meta", "/directory/store-meta")
        .row("85", Provenance::Assumed)
        .doc("Keeps something with a directory.")
        .json()
        .fields(&[
            Field::DIRECTORY,
            Field::required(
                "meta",
                Kind::Json,
                "What is kept with the directory; takes the place of what was.",
            ),
        ]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC).json(&json!({
            "directoryId": self.directory_id,
            "meta": self.meta,
        }))
    }
}

impl Command for StoreDirectoryMeta {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let command = StoreDirectoryMeta {
            directory_id: "dir-1".into(),
            meta: Map::from_iter([("a".to_owned(), json!(1))]),
        };
        let expected = r#"POST /directory/store-meta {"directoryId":"dir-1","meta":{"a":1}}"#;
        assert_eq!(wire(&command), expected);
    }
}
