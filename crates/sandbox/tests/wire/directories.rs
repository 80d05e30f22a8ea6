//! Rows 68 to 80, 84 and 85: directories, their users and what is known of them.

use privicore_sandbox::{Fault, Sandbox, Verdict};
use serde_json::{Value, json};

use crate::http;
use crate::person::{PASSWORD, Person, authenticate, both_dialects, command_id, items, sandbox};

const NOT_AN_OWNER: &str = "directory.not_an_owner";

/// A directory that `owner` registers.
pub(crate) async fn directory(owner: &mut Person, short_name: &str) -> String {
    let fields = [
        ("directoryName", "Engines & Co."),
        ("directoryShortName", short_name),
    ];
    owner.done("/directory/register", &fields).await
}

/// The profile that `owner` makes in its directory, able to sign in with [`PASSWORD`].
pub(crate) async fn user(owner: &mut Person, directory: &str, username: &str) -> String {
    let fields = new_user(directory, username);
    owner.done("/directory/create-user", &fields).await
}

fn new_user<'a>(directory: &'a str, username: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("directoryId", directory),
        ("username", username),
        ("password", PASSWORD),
        ("givenName", "Grace"),
        ("familyName", "Hopper"),
    ]
}

pub(crate) async fn profile_of(person: &Person) -> String {
    let answer = person.get("/profile/retrieve-profile-id").await.json();
    answer["profileId"].as_str().unwrap().to_owned()
}

/// Gives a command by JSON: its outcome.
async fn settled(person: &mut Person, path: &str, body: &Value) -> (u64, String) {
    let id = command_id(&person.post_json(path, body).await);
    person.outcome(&id).await
}

/// Ada with a directory, and Bob.
async fn ada_and_bob() -> (Sandbox, Person, String, Person) {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let directory = directory(&mut ada, "engines").await;
    let bob = Person::new(&sandbox, "bob").await;
    (sandbox, ada, directory, bob)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_belongs_to_whoever_registers_it() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let bob = Person::new(&sandbox, "bob").await;
        let id = directory(&mut ada, "engines").await;
        let owned = items(&ada.get("/directory/retrieve-owned-directories").await);
        assert_eq!(owned.len(), 1);
        assert_eq!(owned[0]["directoryId"], id);
        assert_eq!(owned[0]["directoryName"], "Engines & Co.");
        assert_eq!(owned[0]["directoryShortName"], "engines");
        assert_eq!(owned[0]["meta"], json!({}));
        assert!(owned[0]["createdAt"].is_string());
        let path = format!("/directory/retrieve-directory/{id}");
        let one = ada.get(&path).await.json();
        assert_eq!(one["directoryShortName"], "engines");
        assert_eq!(bob.get(&path).await.status, 404);
        for path in ["owned", "assigned"] {
            let path = format!("/directory/retrieve-{path}-directories");
            assert!(items(&bob.get(&path).await).is_empty());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_name_is_taken_once() {
    let (_sandbox, _ada, _, bob) = ada_and_bob().await;
    let fields = [("directoryName", "x"), ("directoryShortName", "engines")];
    let reply = bob.post("/directory/register", &fields).await;
    assert_eq!(reply.status, 409);
    assert_eq!(reply.json()["error"], "directory.short_name_taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_a_directory_signs_in_and_stores() {
    let (_sandbox, mut ada, directory, _) = ada_and_bob().await;
    let id = user(&mut ada, &directory, "grace").await;
    let mut grace = Person::sign_in(&ada.at, "grace").await;
    assert_eq!(profile_of(&grace).await, id);
    let keys = http::get(&ada.at.api, "/generate-keys", "").await.json();
    let key = [("publicKey", keys["public"].as_str().unwrap())];
    grace.done("/public-key/register-public-key", &key).await;
    let token = grace.store("mine", b"mine", true).await;
    assert_eq!(grace.fetch(&token).await, b"mine");
    assert!(ada.list(&[]).await.is_empty());
    let assigned = items(&grace.get("/directory/retrieve-assigned-directories").await);
    assert_eq!(assigned[0]["directoryId"], directory);
    let path = format!("/directory/retrieve-directory/{directory}");
    let seen = grace.get(&path).await.json();
    assert_eq!(seen["directoryName"], "Engines & Co.");
    assert!(seen["votingPools"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_name_that_is_taken_is_a_conflict() {
    let (_sandbox, ada, directory, _) = ada_and_bob().await;
    let fields = new_user(&directory, "bob");
    let reply = ada.post("/directory/create-user", &fields).await;
    assert_eq!(reply.status, 409);
    assert_eq!(reply.json()["error"], "profile.username_taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_listed_with_their_names_and_devices_for_the_owner_alone() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let directory = directory(&mut ada, "engines").await;
        let id = user(&mut ada, &directory, "grace").await;
        let mut expected = json!({
            "profileId": id,
            "username": "grace",
            "givenName": "Grace",
            "familyName": "Hopper",
            "status": "member",
        });
        let one = format!("/directory/retrieve-profile/{directory}/{id}");
        assert_eq!(ada.get(&one).await.json(), expected);
        let list = format!("/directory/list-users/{directory}");
        assert_eq!(items(&ada.get(&list).await), [expected.clone()]);
        expected["devices"] = json!(3);
        expected["storageDevices"] = json!(3);
        let infos = format!("/directory/profiles-info/{directory}");
        assert_eq!(items(&ada.get(&infos).await), [expected]);
        let grace = Person::sign_in(&ada.at, "grace").await;
        assert_eq!(grace.get(&one).await.status, 200);
        let bob = Person::new(&sandbox, "bob").await;
        for path in [&one, &list, &infos] {
            assert_eq!(bob.get(path).await.status, 404, "{path}");
        }
        for path in [&list, &infos] {
            assert_eq!(grace.get(path).await.status, 404, "{path}");
        }
        let unknown = format!("/directory/retrieve-profile/{directory}/unknown");
        assert_eq!(ada.get(&unknown).await.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_renamed_in_part() {
    let (_sandbox, mut ada, directory, _) = ada_and_bob().await;
    let id = user(&mut ada, &directory, "grace").await;
    let fields = [
        ("directoryId", directory.as_str()),
        ("profileId", &id),
        ("familyName", "Murray"),
    ];
    ada.done("/directory/update-user", &fields).await;
    let path = format!("/directory/retrieve-profile/{directory}/{id}");
    let seen = ada.get(&path).await.json();
    assert_eq!(seen["givenName"], "Grace");
    assert_eq!(seen["familyName"], "Murray");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_invited_profile_processes_an_invitation() {
    let (sandbox, mut ada, directory, mut bob) = ada_and_bob().await;
    let mut eve = Person::new(&sandbox, "eve").await;
    let id = profile_of(&bob).await;
    let invite = [("directoryId", directory.as_str()), ("profileId", &id)];
    ada.done("/directory/invite-profile", &invite).await;
    let again = ada.settled("/directory/invite-profile", &invite).await;
    assert_eq!(again, (3, "directory.already_invited".to_owned()));
    let invites = items(&bob.get("/directory/list-invites").await);
    assert_eq!(invites.len(), 1);
    assert_eq!(invites[0]["directoryId"], directory);
    assert_eq!(invites[0]["directoryName"], "Engines & Co.");
    assert!(invites[0]["invitedAt"].is_string());
    assert!(items(&eve.get("/directory/list-invites").await).is_empty());
    let accept = [("directoryId", directory.as_str()), ("accept", "true")];
    for other in [&mut eve, &mut ada] {
        let outcome = other
            .settled("/directory/process-invitation", &accept)
            .await;
        assert_eq!(outcome, (3, "directory.not_invited".to_owned()));
    }
    let path = format!("/directory/retrieve-directory/{directory}");
    assert_eq!(bob.get(&path).await.status, 404);
    bob.done("/directory/process-invitation", &accept).await;
    assert_eq!(bob.get(&path).await.status, 200);
    assert!(items(&bob.get("/directory/list-invites").await).is_empty());
    let twice = bob.settled("/directory/process-invitation", &accept).await;
    assert_eq!(twice, (3, "directory.not_invited".to_owned()));
    let member = ada.settled("/directory/invite-profile", &invite).await;
    assert_eq!(member, (3, "directory.already_a_member".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_is_declined_is_gone_and_may_be_repeated() {
    let (_sandbox, mut ada, directory, mut bob) = ada_and_bob().await;
    let id = profile_of(&bob).await;
    let invite = [("directoryId", directory.as_str()), ("profileId", &id)];
    ada.done("/directory/invite-profile", &invite).await;
    let path = format!("/directory/retrieve-profile/{directory}/{id}");
    assert_eq!(ada.get(&path).await.json()["status"], "invited");
    let decline = [("directoryId", directory.as_str()), ("accept", "false")];
    bob.done("/directory/process-invitation", &decline).await;
    assert_eq!(ada.get(&path).await.status, 404);
    assert!(items(&bob.get("/directory/list-invites").await).is_empty());
    ada.done("/directory/invite-profile", &invite).await;
    let unclear = [("directoryId", directory.as_str()), ("accept", "perhaps")];
    let reply = bob.post("/directory/process-invitation", &unclear).await;
    assert_eq!(reply.wrong_fields(), ["accept"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_set_only_for_profiles_the_directory_made() {
    let (_sandbox, mut ada, directory, mut bob) = ada_and_bob().await;
    let path = "/directory/set-profile-password";
    let made = user(&mut ada, &directory, "grace").await;
    let invited = profile_of(&bob).await;
    let set = |profile| {
        [
            ("directoryId", directory.as_str()),
            ("profileId", profile),
            ("password", "another"),
        ]
    };
    ada.done(path, &set(made.as_str())).await;
    assert!(authenticate(&ada.at, "grace", PASSWORD).await.is_none());
    assert!(authenticate(&ada.at, "grace", "another").await.is_some());
    let stranger = ada.settled(path, &set(invited.as_str())).await;
    assert_eq!(stranger, (3, "directory.not_a_member".to_owned()));
    let invite = [("directoryId", directory.as_str()), ("profileId", &invited)];
    ada.done("/directory/invite-profile", &invite).await;
    let accept = [("directoryId", directory.as_str()), ("accept", "true")];
    bob.done("/directory/process-invitation", &accept).await;
    let member = ada.settled(path, &set(invited.as_str())).await;
    assert_eq!(member, (3, "directory.profile_not_created".to_owned()));
    assert!(authenticate(&ada.at, "bob", PASSWORD).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voting_pool_is_made_of_members_under_a_name_of_its_own() {
    let (_sandbox, mut ada, directory, bob) = ada_and_bob().await;
    let path = "/directory/create-voting-pool";
    let grace = user(&mut ada, &directory, "grace").await;
    let pool = |name: &str, profile: &str| json!({ "directoryId": directory, "name": name, "profileIds": [profile] });
    let outcome = settled(&mut ada, path, &pool("board", &grace)).await;
    assert_eq!(outcome, (2, String::new()));
    let shown = format!("/directory/retrieve-directory/{directory}");
    let pools = ada.get(&shown).await.json()["votingPools"].clone();
    assert_eq!(pools.as_array().unwrap().len(), 1);
    assert_eq!(pools[0]["name"], "board");
    assert_eq!(pools[0]["profileIds"], json!([grace]));
    let taken = ada.post_json(path, &pool("board", &grace)).await;
    assert_eq!(taken.status, 409);
    assert_eq!(taken.json()["error"], "directory.pool_name_taken");
    let stranger = profile_of(&bob).await;
    let outcome = settled(&mut ada, path, &pool("others", &stranger)).await;
    assert_eq!(outcome, (3, "directory.not_a_member".to_owned()));
    let wrong = json!({ "directoryId": directory, "name": "", "profileIds": "all" });
    let reply = ada.post_json(path, &wrong).await;
    assert_eq!(reply.wrong_fields(), ["name", "profileIds"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn meta_is_stored_whole() {
    let (_sandbox, mut ada, directory, _) = ada_and_bob().await;
    let path = "/directory/store-meta";
    for meta in [json!({ "a": [1, 2] }), json!({ "b": { "c": null } })] {
        let body = json!({ "directoryId": directory, "meta": meta });
        assert_eq!(settled(&mut ada, path, &body).await.0, 2);
        let shown = format!("/directory/retrieve-directory/{directory}");
        assert_eq!(ada.get(&shown).await.json()["meta"], meta);
    }
    let wrong = json!({ "directoryId": 7, "meta": "text" });
    let reply = ada.post_json(path, &wrong).await;
    assert_eq!(reply.wrong_fields(), ["directoryId", "meta"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_owner_works_on_a_directory() {
    let (_sandbox, mut ada, directory, mut bob) = ada_and_bob().await;
    let grace = user(&mut ada, &directory, "grace").await;
    let device = bob.device("Disk").await;
    let fields = [
        ("directoryId", directory.as_str()),
        ("profileId", &grace),
        ("username", "new"),
        ("password", "x"),
        ("givenName", "x"),
        ("familyName", "x"),
        ("deviceName", "x"),
        ("deviceIdentifier", &device),
    ];
    for path in FORMS {
        let outcome = bob.settled(path, &fields).await;
        assert_eq!(outcome, (3, NOT_AN_OWNER.to_owned()), "{path}");
        let mut unknown = fields;
        unknown[0].1 = "unknown";
        assert_eq!(ada.post(path, &unknown).await.status, 404, "{path}");
    }
    assert!(authenticate(&bob.at, "new", "x").await.is_none());
    for path in JSONS {
        let mut body =
            json!({ "directoryId": directory, "name": "x", "profileIds": [], "meta": {} });
        let outcome = settled(&mut bob, path, &body).await;
        assert_eq!(outcome, (3, NOT_AN_OWNER.to_owned()), "{path}");
        body["directoryId"] = json!("unknown");
        assert_eq!(ada.post_json(path, &body).await.status, 404, "{path}");
    }
}

/// What only the owner may do by a form.
const FORMS: [&str; 6] = [
    "/directory/create-user",
    "/directory/update-user",
    "/directory/invite-profile",
    "/directory/set-profile-password",
    "/directory/create-profile-device",
    "/directory/add-storage-device",
];
const JSONS: [&str; 2] = ["/directory/create-voting-pool", "/directory/store-meta"];

#[tokio::test(flavor = "multi_thread")]
async fn profiles_that_are_unknown_are_not_found() {
    let (_sandbox, ada, directory, _) = ada_and_bob().await;
    let fields = [
        ("directoryId", directory.as_str()),
        ("profileId", "unknown"),
        ("password", "x"),
        ("deviceName", "x"),
        ("deviceIdentifier", "x"),
    ];
    for path in &FORMS[1..] {
        assert_eq!(ada.post(path, &fields).await.status, 404, "{path}");
    }
    let accept = [("directoryId", "unknown"), ("accept", "true")];
    let reply = ada.post("/directory/process-invitation", &accept).await;
    assert_eq!(reply.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_directory_operation_needs_a_token_and_its_fields() {
    let (_sandbox, ada, _, _) = ada_and_bob().await;
    let user = ["directoryId", "profileId"];
    let expected = [
        vec![
            "directoryId",
            "familyName",
            "givenName",
            "password",
            "username",
        ],
        user.to_vec(),
        user.to_vec(),
        vec!["directoryId", "password", "profileId"],
        vec!["deviceName", "directoryId", "profileId"],
        vec!["deviceIdentifier", "directoryId", "profileId"],
        vec!["directoryId", "name", "profileIds"],
        vec!["directoryId", "meta"],
        vec!["directoryName", "directoryShortName"],
        vec!["accept", "directoryId"],
    ];
    let others = ["/directory/register", "/directory/process-invitation"];
    let paths = FORMS.iter().chain(&JSONS).chain(&others);
    for (path, expected) in paths.zip(expected) {
        let reply = http::post(&ada.at.api, path, "", &[]).await;
        assert_eq!(reply.status, 401, "{path}");
        let mut missed = ada.post(path, &[]).await.wrong_fields();
        missed.sort_unstable();
        assert_eq!(missed, expected, "{path}");
    }
    for path in [
        "retrieve-owned-directories",
        "retrieve-assigned-directories",
        "retrieve-directory/x",
        "list-invites",
        "retrieve-profile/x/y",
        "list-users/x",
        "profiles-info/x",
        "list-devices/x",
    ] {
        let path = format!("/directory/{path}");
        let reply = http::get(&ada.at.api, &path, "").await;
        assert_eq!(reply.status, 401, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_want_one_name_at_once_are_told_apart_when_it_is_settled() {
    let (sandbox, mut ada, directory, _) = ada_and_bob().await;
    let control = sandbox.control();
    let hold = |operation| control.faults().plan(operation, Fault::HeldForVote, 1);
    let fields = new_user(&directory, "grace");
    hold("directory/create-user");
    let held = ada.command("/directory/create-user", &fields).await;
    ada.held(&held).await;
    assert!(authenticate(&ada.at, "grace", PASSWORD).await.is_none());
    ada.done("/directory/create-user", &fields).await;
    let short = [("directoryName", "x"), ("directoryShortName", "second")];
    hold("directory/register");
    let late = ada.command("/directory/register", &short).await;
    ada.held(&late).await;
    ada.done("/directory/register", &short).await;
    for (id, reason) in [
        (&held, "profile.username_taken"),
        (&late, "directory.short_name_taken"),
    ] {
        assert!(control.release(id, Verdict::Approve).await.unwrap());
        assert_eq!(ada.outcome(id).await, (3, reason.to_owned()));
    }
}
