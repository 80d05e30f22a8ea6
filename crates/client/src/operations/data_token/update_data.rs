//! Row 32a, documented: replace stored data.

use std::fmt;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::answer::base64_text;
use crate::operation::{Command, Endpoint, Field, Kind, Provenance, Spec};
use crate::request::Request;
use crate::secret::DataToken;

/// Replaces stored data; its token stays.
#[derive(Clone)]
pub struct UpdateData {
    pub token: DataToken,
    /// The sealed bytes from now on.
    pub data: Bytes,
    /// `{information_security_risk, file, data}`, if it changes too.
    pub meta: Option<Value>,
}

impl fmt::Debug for UpdateData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UpdateData({} bytes)", self.data.len())
    }
}

impl Endpoint for UpdateData {
    const SPEC: Spec = Spec::post("data-token.update-data", "/data-token/update-data")
        .row("32a", Provenance::Documented)
        .doc("Replaces stored data; its token stays.")
        .json()
        .fields(&[
            Field::required(
                "dataToken",
                Kind::Token,
                "The stored data: its permanent token.",
            ),
            Field::required(
                "data",
                Kind::Bytes,
                "The sealed bytes; about 50 KB at most. Whatever stands here is what \
                the service gets.",
            ),
            Field::optional(
                "meta",
                Kind::Json,
                "What is said of it from now on: information_security_risk, file and \
                data.",
            ),
        ]);

    fn request(&self) -> Request {
        let mut body =
            json!({ "dataToken": self.token.reveal(), "data": base64_text::encode(&self.data) });
        if let Some(meta) = &self.meta {
            body["meta"] = meta.clone();
        }
        Request::of(&Self::SPEC).json(&body)
    }
}

impl Command for UpdateData {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_documented_form() {
        let mut update = UpdateData {
            token: "dtk-1".to_owned().into(),
            data: Bytes::from_static(b"abc"),
            meta: None,
        };
        assert_eq!(
            wire(&update),
            r#"POST /data-token/update-data {"data":"YWJj","dataToken":"dtk-1"}"#
        );
        update.meta = Some(json!({"file": {}}));
        assert_eq!(
            wire(&update),
            r#"POST /data-token/update-data {"data":"YWJj","dataToken":"dtk-1","meta":{"file":{}}}"#
        );
        assert_eq!(format!("{update:?}"), "UpdateData(3 bytes)");
    }
}
