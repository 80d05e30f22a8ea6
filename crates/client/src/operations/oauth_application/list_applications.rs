//! Row 16, observed: lists the applications of the profile.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::answer::malformed::Malformed;
use crate::answer::page::Page;
use crate::answer::{Fields, Reply};
use crate::identifier::ApplicationId;
use crate::operation::{Endpoint, Operation, Provenance, Spec};
use crate::request::Request;

/// Lists the applications that the profile has registered.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListApplications;

#[derive(Clone, Debug, PartialEq)]
pub struct ApplicationEntry {
    pub application_id: ApplicationId,
    pub name: Option<String>,
    /// Where it takes people back to.
    pub redirect_uri: Option<String>,
    pub scopes: Vec<String>,
    /// When it was registered.
    pub created_at: Option<Timestamp>,
    /// Everything else the service said of it.
    pub rest: Map<String, Value>,
}

impl Endpoint for ListApplications {
    const SPEC: Spec = Spec::get(
        "oauth-application.list",
        "/profile/retrieve-oauth-application-list",
    )
    .row("16", Provenance::Observed)
    .doc("Lists the applications that the profile has registered.");

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
    }
}

impl Operation for ListApplications {
    type Answer = Page<ApplicationEntry>;

    fn parse(reply: &Reply) -> Result<Page<ApplicationEntry>, Malformed> {
        Page::read(reply, read_entry)
    }
}

fn read_entry(mut entry: Map<String, Value>) -> Result<ApplicationEntry, Malformed> {
    let application_id = entry
        .take_text(&["applicationId", "id"])
        .ok_or(Malformed::Missing("applicationId"))?;
    Ok(ApplicationEntry {
        application_id: application_id.into(),
        name: entry.take_text(&["name"]),
        redirect_uri: entry.take_text(&["redirectUri"]),
        scopes: entry.take_texts("scopes"),
        created_at: entry.take_time("createdAt"),
        rest: entry,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_observed_form() {
        assert_eq!(
            wire(&ListApplications),
            "GET /profile/retrieve-oauth-application-list"
        );
        let body = r#"[{"applicationId":"c-1","name":"Reports","scopes":["all"],"createdAt":"2026-11-24T10:00:00Z","seen":1}]"#;
        let page = ListApplications::parse(&reply(200, body)).unwrap();
        let entry = &page.items[0];
        assert_eq!(entry.application_id.as_str(), "c-1");
        assert_eq!(entry.name.as_deref(), Some("Reports"));
        assert_eq!(entry.scopes, ["all"]);
        assert_eq!(entry.rest.keys().collect::<Vec<_>>(), ["seen"]);
    }
}
