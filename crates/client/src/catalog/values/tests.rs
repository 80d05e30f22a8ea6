//! Values by name, and what is made of them.

use super::*;
use crate::operation::Method;
use crate::request::tests::wire;

const FORM: Spec = Spec::post("test.form", "/form/{place}").fields(&[
    Field::required("place", Kind::Text, "Where."),
    Field::required("count", Kind::Number, "How many."),
    Field::optional("sure", Kind::Boolean, "Whether."),
    Field::optional("way", Kind::Choice(&["up", "down"]), "Which way."),
    Field::optional("some[]", Kind::Texts, "Some, repeated."),
    Field::optional("others", Kind::Texts, "Others, with commas."),
    Field::optional("bytes", Kind::Bytes, "Bytes."),
    Field::optional("secret", Kind::Secret, "A secret."),
]);

const JSON: Spec = Spec::post("test.json", "/json")
    .json()
    .or_renamed(&[422], "name", "title")
    .fields(&[
        Field::required("name", Kind::Text, "A name."),
        Field::optional("count", Kind::Number, "How many."),
        Field::optional("sure", Kind::Boolean, "Whether."),
        Field::optional("some", Kind::Texts, "Some."),
        Field::optional("meta", Kind::Json, "More."),
    ]);

fn given(pairs: &[(&str, &str)]) -> Vec<(String, SecretString)> {
    pairs
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).into()))
        .collect()
}

fn problem(spec: &'static Spec, pairs: &[(&str, &str)]) -> String {
    match Values::read(spec, &given(pairs)) {
        Ok(_) => "none".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn writes_a_form_by_the_kinds_of_its_fields() {
    let values = [
        ("count", "3"),
        ("place", "a/b"),
        ("sure", "true"),
        ("way", "up"),
        ("some[]", "a,b"),
        ("some[]", r#"["c,d"]"#),
        ("others", "x, y"),
        ("bytes", "AAE="),
    ];
    let values = Values::read(&FORM, &given(&values)).unwrap();
    assert_eq!(
        wire(&values.request()),
        "POST /form/a%2Fb count=3&sure=true&way=up&some%5B%5D=a&some%5B%5D=b&some%5B%5D=c%2Cd&others=x%2Cy&bytes=AAE%3D"
    );
}

#[test]
fn writes_json_by_the_kinds_of_its_fields() {
    let values = [("name", "7"), ("count", "7"), ("meta", r#"{"a":[1]}"#)];
    let values = Values::read(&JSON, &given(&values)).unwrap();
    assert_eq!(
        wire(&values.request()),
        r#"POST /json {"count":7,"meta":{"a":[1]},"name":"7","some":[]}"#
    );
    assert_eq!(
        wire(&values.fallback().unwrap()),
        r#"POST /json {"count":7,"meta":{"a":[1]},"some":[],"title":"7"}"#
    );
}

#[test]
fn names_the_field_that_is_wrong() {
    let so_far = [("place", "a"), ("count", "1")];
    let with = |name, text| problem(&FORM, &[so_far[0], so_far[1], (name, text)]);
    assert_eq!(problem(&FORM, &so_far), "none");
    assert_eq!(problem(&FORM, &[("place", "a")]), "count is missing");
    assert_eq!(
        problem(&FORM, &[("place", ""), ("count", "1")]),
        "place is missing"
    );
    assert_eq!(with("colour", "red"), "test.form takes no colour");
    assert_eq!(with("count", "2"), "count is given twice");
    assert_eq!(with("sure", "perhaps"), "sure is not true or false");
    assert_eq!(with("way", "left"), "way is not one of up, down");
    assert_eq!(with("others", "[1]"), "others is not a list of texts");
    assert_eq!(with("bytes", "§"), "bytes is not bytes in base64");
    assert_eq!(
        problem(&FORM, &[("place", "a"), ("count", "-1")]),
        "count is not a whole number"
    );
    assert_eq!(
        problem(&JSON, &[("name", "a"), ("meta", "[]")]),
        "meta is not a JSON object"
    );
}

#[test]
fn a_value_is_no_step_to_another_address() {
    assert_eq!(
        problem(&FORM, &[("place", ".."), ("count", "1")]),
        "place cannot be . or .."
    );
}

#[test]
fn secrets_are_masked_wherever_they_go() {
    const PAIR: Spec = Spec::get("test.pair", "/pair")
        .authority(Authority::BasicPair("name", "secret"))
        .or_at(&[405], Method::Post, "/pair")
        .fields(&[
            Field::required("name", Kind::Text, "A name."),
            Field::required("secret", Kind::Secret, "A secret."),
            Field::required("token", Kind::Secret, "Another."),
        ]);
    let values = [("name", "n"), ("secret", "hush"), ("token", "hush too")];
    let values = Values::read(&PAIR, &given(&values)).unwrap();
    assert_eq!(
        wire(&values.request()),
        "[Basic bjpodXNo] GET /pair?token=hush+too"
    );
    let masked = values.masked(|field| format!("*{}*", field.name));
    assert_eq!(
        wire(&masked.fallback().unwrap()),
        "[Basic bjoqc2VjcmV0Kg==] POST /pair token=*token*"
    );
}
