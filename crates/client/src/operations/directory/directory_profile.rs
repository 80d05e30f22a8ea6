//! Row 78, assumed: somebody in a directory.

use serde_json::{Map, Value};

use crate::answer::malformed::Malformed;
use crate::answer::{Fields, Reply};
use crate::identifier::{DirectoryId, ProfileId};
use crate::operation::{Endpoint, Field, Operation, Provenance, Spec};
use crate::request::Request;

#[derive(Clone, Debug)]
pub struct RetrieveDirectoryProfile {
    pub directory_id: DirectoryId,
    pub profile_id: ProfileId,
}

/// Somebody in a directory.
#[derive(Clone, Debug, PartialEq)]
pub struct DirectoryProfile {
    pub profile_id: ProfileId,
    pub username: Option<String>,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    /// The service's word for whether they belong to it or are invited.
    pub status: Option<String>,
    /// How many devices they have, if the service says.
    pub devices: Option<u64>,
    /// How many of them store data, if the service says.
    pub storage_devices: Option<u64>,
    /// Everything else the service said of them.
    pub rest: Map<String, Value>,
}

impl DirectoryProfile {
    pub(super) fn read(mut object: Map<String, Value>) -> Result<Self, Malformed> {
        let profile_id = object
            .take_text(&["profileId", "id"])
            .ok_or(Malformed::Missing("profileId"))?;
        Ok(Self {
            profile_id: profile_id.into(),
            username: object.take_text(&["username"]),
            given_name: object.take_text(&["givenName"]),
            family_name: object.take_text(&["familyName"]),
            status: object.take_text(&["status"]),
            devices: object.take_whole("devices"),
            storage_devices: object.take_whole("storageDevices"),
            rest: object,
        })
    }
}

impl Endpoint for RetrieveDirectoryProfile {
    const SPEC: Spec = Spec::get(
        "directory.retrieve-profile",
        "/directory/retrieve-profile/{directoryId}/{profileId}",
    )
    .row("78", Provenance::Assumed)
    .doc("Asks for somebody in a directory.")
    .fields(&[Field::DIRECTORY, Field::PROFILE]);

    fn request(&self) -> Request {
        Request::of(&Self::SPEC)
            .place("directoryId", self.directory_id.as_str())
            .place("profileId", self.profile_id.as_str())
    }
}

impl Operation for RetrieveDirectoryProfile {
    type Answer = DirectoryProfile;

    fn parse(reply: &Reply) -> Result<DirectoryProfile, Malformed> {
        DirectoryProfile::read(reply.object()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::reply;
    use crate::operation::tests::wire;

    #[test]
    fn speaks_the_assumed_form() {
        let retrieve = RetrieveDirectoryProfile {
            directory_id: "dir-1".into(),
            profile_id: "p-1".into(),
        };
        assert_eq!(wire(&retrieve), "GET /directory/retrieve-profile/dir-1/p-1");
        let body = r#"{"profileId":"p-1","username":"anna","givenName":"Anna","familyName":"Ek","status":"member"}"#;
        let profile = RetrieveDirectoryProfile::parse(&reply(200, body)).unwrap();
        assert_eq!(profile.profile_id.as_str(), "p-1");
        assert_eq!(profile.family_name.as_deref(), Some("Ek"));
        assert_eq!(
            (profile.status.as_deref(), profile.devices),
            (Some("member"), None)
        );
    }
}
