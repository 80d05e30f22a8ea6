use serde_json::json;

use super::*;

fn rest(value: Value) -> Map<String, Value> {
    let Value::Object(object) = value else {
        panic!("an object")
    };
    object
}

#[test]
fn pools_that_are_not_told_are_not_said_to_be_none() {
    assert_eq!(pools(&rest(json!({}))), None);
    assert_eq!(pools(&rest(json!({ "votingPools": [] }))), Some(vec![]));
    let strange = json!({ "votingPools": [{ "name": "board", "profileIds": "all" }] });
    assert_eq!(pools(&rest(strange)), None);
    let known = json!({ "votingPools": [{ "name": "board", "profileIds": ["a", "b"] }] });
    let pool = VotingPool {
        name: "board".into(),
        people: vec!["a".into(), "b".into()],
    };
    assert_eq!(pools(&rest(known)), Some(vec![pool]));
}

#[test]
fn a_word_nobody_knows_for_a_membership_is_kept_as_it_is() {
    assert_eq!(membership(Some("Member".into())), Membership::Member);
    let word = Some("suspended".to_owned());
    assert_eq!(membership(word.clone()), Membership::Other(word));
    assert_eq!(membership(None), Membership::Other(None));
}

#[test]
fn only_a_json_object_is_kept_with_a_directory() {
    assert!(object("{ \"floor\": 2 }").is_ok());
    for text in ["", "text", "[1]", "7"] {
        let refused = object(text).map_err(|error| error.explain().code);
        assert_eq!(
            refused.err(),
            Some(crate::error::code::Code::BadField),
            "{text:?}"
        );
    }
}

#[test]
fn a_password_is_not_printed() {
    let change = DirectoryChange::SetPassword {
        person: "p".into(),
        password: "do not print".into(),
    };
    assert!(!format!("{change:?}").contains("do not print"));
}
