//! What SECURITY.md says: each test it names exists, and the claims that no other test shows.
#![expect(
    clippy::unwrap_used,
    reason = "a check that cannot read what it checks has failed"
)]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use privicore_sandbox::Dialect;
use privicore_tests::source_files::files_below;
use privicore_tests::test_vault::TestVault;

#[test]
fn every_test_that_the_threat_model_names_exists() {
    let named = tests_named_in(&read("SECURITY.md"));
    assert!(named.len() > 50, "only {} tests are named", named.len());
    let missing: Vec<_> = named
        .iter()
        .filter(|(file, test)| !tests_in(&read(file)).contains(test.as_str()))
        .collect();
    assert!(missing.is_empty(), "SECURITY.md names {missing:#?}");
}

#[test]
fn every_claim_about_an_attack_names_a_test() {
    let text = read("SECURITY.md");
    let attacks = section(&text, "## Attacks");
    let items: Vec<&str> = attacks.split("\n- **").skip(1).collect();
    assert!(items.len() > 20, "only {} attacks are told", items.len());
    let bare: Vec<_> = items
        .iter()
        .filter(|item| tests_named_in(item).is_empty())
        .collect();
    assert!(bare.is_empty(), "no test shows {bare:#?}");
}

#[test]
fn every_file_that_the_threat_model_points_to_exists() {
    let text = read("SECURITY.md");
    let links = text.split("](").skip(1);
    let targets = links.map(|link| link.split(')').next().unwrap());
    let quoted = quoted(&text).filter(|text| text.contains('/') && text.contains('.'));
    for target in targets
        .chain(quoted)
        .filter(|target| !target.contains("://"))
    {
        assert!(root().join(target).is_file(), "{target} is not there");
    }
}

#[test]
fn a_test_is_told_from_another_function_and_from_none() {
    let source = "#[test]\nfn one_test() {}\n#[tokio::test(flavor = \"x\")]\n#[cfg(unix)]\nasync fn another_one() {}\n\
        fn no_test_at_all() {}\n// fn in_a_comment()\nin_each_dialect!(\n    in_each_of_three,\n);";
    let expected = HashSet::from(["one_test", "another_one", "in_each_of_three"]);
    assert_eq!(tests_in(source), expected);
    let page = "*Shown by* `a/b.rs`: `one_test`, `another_one`;\n  `c.rs`: `third_of_all`.\n- `not_a_test` is not.";
    let pair = |file: &str, test: &str| (file.to_owned(), test.to_owned());
    assert_eq!(
        tests_named_in(page),
        [
            pair("a/b.rs", "one_test"),
            pair("a/b.rs", "another_one"),
            pair("c.rs", "third_of_all")
        ]
    );
}

#[test]
fn the_page_loads_nothing_from_outside_and_may_call_its_own_commands_only() {
    let settings: serde_json::Value =
        serde_json::from_str(&read("src-tauri/tauri.conf.json")).unwrap();
    let security = &settings["app"]["security"];
    assert_eq!(security["freezePrototype"], true);
    assert_eq!(settings["app"]["withGlobalTauri"], false);
    let policy = security["csp"].as_object().unwrap();
    assert_eq!(policy["default-src"], "'none'");
    for (what, from) in policy {
        // Pictures that the shell has encoded anew reach image elements, and nothing else.
        let of_pictures = ["picture:", "http://picture.localhost"].as_slice();
        let more = if what == "img-src" { of_pictures } else { &[] };
        let allowed = [&["'none'", "'self'", "ipc:", "http://ipc.localhost"], more].concat();
        let mut sources = from.as_str().unwrap().split(' ');
        assert!(
            sources.all(|source| allowed.contains(&source)),
            "{what}: {from}"
        );
    }
    let capabilities: serde_json::Value =
        serde_json::from_str(&read("src-tauri/capabilities/main.json")).unwrap();
    let events = ["core:event:allow-listen", "core:event:allow-unlisten"];
    for permission in capabilities["permissions"].as_array().unwrap() {
        let permission = permission.as_str().unwrap();
        let is_own = permission.starts_with("allow-") && !permission.contains(':');
        assert!(is_own || events.contains(&permission), "{permission}");
    }
    for file in files_below(&root().join("ui/src")) {
        let source = fs::read_to_string(&file).unwrap();
        for word in [
            "{@html",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "eval(",
        ] {
            assert!(!source.contains(word), "{word} in {}", file.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_is_told_no_name_no_folder_and_no_content() {
    const CONTENT: &[u8] = b"planted content 3f0c11, said over and over. ";
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    fixture.write("planted-folder-88/planted-name-21.txt", CONTENT.repeat(20));
    fixture.write(
        "planted-folder-88/planted-large-22.txt",
        CONTENT.repeat(10_000),
    );
    let folder = fixture.originals().join("planted-folder-88");
    fixture.store(vec![folder], "planted-context-07").await;
    let tokens = fixture.sandbox().control();
    let tokens = tokens.list_tokens("alice@example.com").await.unwrap();
    assert_eq!(tokens.len(), 2);
    for token in &tokens {
        assert!(token.file_name.starts_with("pv1."), "{}", token.file_name);
        assert_eq!(token.context, "planted-context-07");
    }
    for listed in fixture.listed() {
        let stored = fixture.raw(&listed).await;
        assert!(memchr::memmem::find(&stored, &CONTENT[..16]).is_none());
    }
    let kept = fixture.data_dir().parent().unwrap().join("service");
    let has = |words: &[u8]| {
        let mut files = files_below(&kept).into_iter();
        files.find(|file| memchr::memmem::find(&fs::read(file).unwrap(), words).is_some())
    };
    for sentinel in ["planted-name-21", "planted-large-22", "planted-folder-88"] {
        assert_eq!(has(sentinel.as_bytes()), None, "{sentinel}");
    }
    assert_eq!(has(&CONTENT[..16]), None);
    assert!(
        has(b"planted-context-07").is_some(),
        "what is looked for can be found"
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn other_users_of_the_machine_are_kept_out() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    assert_eq!(mode(&fixture.data_dir()), 0o700);
    for profile in fs::read_dir(fixture.data_dir().join("profiles")).unwrap() {
        assert_eq!(mode(&profile.unwrap().path()), 0o700);
    }
    let kit = fixture
        .vault
        .save_recovery_kit(&fixture.originals())
        .await
        .unwrap();
    assert_eq!((mode(&kit.page), mode(&kit.text)), (0o600, 0o600));
    let key = fixture.originals().join("application.pem");
    fixture
        .vault
        .export_key(privicore_vault::PrivateKey::Application, &key)
        .unwrap();
    assert_eq!(mode(&key), 0o600);
}

/// Each test that is named after "Shown by", with the file it is said to be in.
fn tests_named_in(text: &str) -> Vec<(String, String)> {
    let lists = text.split("*Shown by*").skip(1);
    let lists = lists.map(|list| list.split("\n- ").next().unwrap_or_default());
    let mut named = Vec::new();
    for list in lists.map(|list| list.split("\n#").next().unwrap_or_default()) {
        let mut file = None;
        for words in quoted(list) {
            if words.contains('.') {
                file = Some(words.to_owned());
            } else {
                let file = file.clone().expect("a file is named before its tests");
                named.push((file, words.to_owned()));
            }
        }
    }
    named
}

/// The names of the tests that a source declares: by an attribute, or in each dialect.
fn tests_in(source: &str) -> HashSet<&str> {
    let mut found = HashSet::new();
    let mut is_marked = false;
    for line in source.lines().map(str::trim) {
        if line == "#[test]" || line.starts_with("#[tokio::test") {
            is_marked = true;
        } else if let Some(name) = function_in(line) {
            if is_marked {
                found.insert(name);
            }
            is_marked = false;
        }
    }
    for list in source.split("in_each_dialect!(").skip(1) {
        let names = list.split(')').next().unwrap_or_default().split(',');
        found.extend(names.map(str::trim).filter(|name| !name.is_empty()));
    }
    found
}

fn function_in(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    line.strip_prefix("fn ")?.split('(').next()
}

fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let (_, after) = text.split_once(heading).unwrap();
    after.split("\n## ").next().unwrap()
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}
