//! What `privicore` says of files that the service lost, damaged or renamed, and of files without a receipt.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;

use privicore_sandbox::{DOWNSTREAM, Dialect, Fault, Sandbox};
use privicore_tests::command_line::Person;
use privicore_tests::liar::Liar;
use privicore_tests::test_vault::random_bytes;
use serde_json::{Value, json};

/// Large enough to travel as a stream.
const LARGE: usize = 300_000;

#[derive(Debug)]
struct Ended {
    code: i32,
    results: Vec<Value>,
    complaints: Vec<Value>,
}

impl Ended {
    /// The codes of what it complained about and remarked, in order, each with the file it is about.
    fn told(&self) -> Vec<(&str, &str)> {
        let told = self.complaints.iter().map(|line| {
            let code = line["error"].as_str().or(line["notice"].as_str());
            assert!(line["message"].is_string() && line["hint"].is_string());
            (code.unwrap(), line["name"].as_str().unwrap_or_default())
        });
        told.collect()
    }
}

/// Somebody whose service can be made to lie.
struct Lied {
    sandbox: Sandbox,
    liar: Liar,
    ada: Person,
}

impl Lied {
    /// Three files are stored: `0.bin`, `1.bin` and `2.bin`.
    async fn with_three_files() -> (Self, [Value; 3]) {
        let sandbox = Sandbox::builder()
            .memory()
            .dialect(Dialect::Observed)
            .auto_storage(3)
            .start()
            .await
            .unwrap();
        let at = sandbox.addresses();
        let liar = Liar::before(&at.api).await.unwrap();
        let service = [
            ["--server", liar.address()],
            ["--websocket", &at.websocket],
            ["--upstream", &at.upstream],
            ["--downstream", &at.downstream],
        ];
        let ada = Person::with(&service.concat()).unwrap();
        ada.does(&["sign-up", "ada"]).await.unwrap();
        let names = [0, 1, 2].map(|at| format!("{at}.bin"));
        for (name, size) in names.iter().zip([700, 800, LARGE]) {
            fs::write(ada.folder().join(name), random_bytes(size)).unwrap();
        }
        let lied = Self { sandbox, liar, ada };
        let put = [&["put"], &names.each_ref().map(String::as_str)[..]].concat();
        let mut files = lied.ends(&put).await.results;
        files.sort_by_key(|file| file["name"].as_str().unwrap().to_owned());
        (lied, files.try_into().unwrap())
    }

    async fn ends(&self, arguments: &[&str]) -> Ended {
        let output = self.ada.privicore(arguments).unwrap().output().await;
        let output = output.unwrap();
        let lines = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            text.lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect()
        };
        Ended {
            code: output.status.code().unwrap(),
            results: lines(&output.stdout),
            complaints: lines(&output.stderr),
        }
    }

    fn lose(&self, file: &Value) {
        let mut lies = self.liar.lies();
        lies.hidden.insert(token(file).to_owned());
        lies.lost.insert(token(file).to_owned());
    }

    fn damage(&self) {
        let fault = Fault::FlipByte { at: 200_000 };
        self.sandbox.control().faults().plan(DOWNSTREAM, fault, 1);
    }

    /// Leaves the keys and takes the records, as on a second computer, which does not know that there were any.
    async fn lose_receipts(&self) {
        self.ada.does(&["sign-out"]).await.unwrap();
        let settings = self.ada.data_dir().join("settings.json");
        let mut known: Value = serde_json::from_slice(&fs::read(&settings).unwrap()).unwrap();
        known["profiles"] = json!([]);
        fs::write(&settings, known.to_string()).unwrap();
        let profiles = fs::read_dir(self.ada.data_dir().join("profiles")).unwrap();
        for profile in profiles.flatten() {
            for name in ["records.sqlite", "records.sqlite-wal", "records.sqlite-shm"] {
                // The journal may be gone already.
                let _ = fs::remove_file(profile.path().join(name));
            }
        }
        self.ada.does(&["sign-in", "ada"]).await.unwrap();
        self.ada.does(&["ls"]).await.unwrap();
    }
}

fn id(file: &Value) -> &str {
    file["id"].as_str().unwrap()
}

fn token(file: &Value) -> &str {
    file["token"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_all_tells_how_many_files_have_no_receipt() {
    let (lied, _) = Lied::with_three_files().await;
    lied.lose_receipts().await;
    let ended = lied.ends(&["verify", "--all"]).await;
    assert_eq!((ended.code, ended.results.len()), (1, 0), "{ended:?}");
    assert_eq!(ended.told().last(), Some(&("no_receipt", "")), "{ended:?}");
    let last = ended.complaints.last().unwrap();
    assert!(last["error"].is_string(), "{ended:?}");
    assert!(last["message"].as_str().unwrap().contains("3 files"));

    fs::write(lied.ada.folder().join("new.bin"), b"new").unwrap();
    lied.ada.does(&["put", "new.bin"]).await.unwrap();
    let ended = lied.ends(&["verify", "--all"]).await;
    assert_eq!((ended.code, ended.results.len()), (0, 1), "{ended:?}");
    assert_eq!(ended.results[0]["state"], "verified");
    assert_eq!(ended.told(), [("no_receipt", "")]);
    let notice = &ended.complaints[0];
    assert_eq!(notice["notice"], "no_receipt");
    assert!(notice["message"].as_str().unwrap().contains("3 files"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_file_is_named_and_the_others_are_worked_on() {
    let (lied, [lost, kept, gone]) = Lied::with_three_files().await;
    for command in ["verify", "reseal"] {
        let ended = lied.ends(&[command, "nothing", id(&kept)]).await;
        assert_eq!(ended.told(), [("unknown_file", "nothing")], "{command}");
        assert_eq!(ended.results.len(), 1, "{command}: {ended:?}");
        assert_eq!((ended.code, id(&ended.results[0])), (1, id(&kept)));
    }
    let ended = lied.ends(&["accept-name", "nothing", id(&kept)]).await;
    let expected = [("unknown_file", "nothing"), ("not_renamed", "1.bin")];
    assert_eq!((ended.told(), ended.code), (expected.to_vec(), 1));
    let ended = lied.ends(&["rm", "nothing", id(&gone), "neither"]).await;
    let expected = [("unknown_file", "nothing"), ("unknown_file", "neither")];
    assert_eq!((ended.told(), ended.code), (expected.to_vec(), 1));
    assert_eq!(id(&ended.results[0]), id(&gone));
    fs::write(lied.ada.folder().join("3.bin"), b"new").unwrap();
    lied.ada.does(&["put", "3.bin"]).await.unwrap();
    lied.lose(&lost);
    lied.ends(&["ls"]).await;
    let ended = lied.ends(&["forget", "nothing", id(&lost)]).await;
    assert_eq!(ended.told(), [("unknown_file", "nothing")], "{ended:?}");
    assert_eq!((ended.code, id(&ended.results[0])), (1, id(&lost)));
    assert_eq!(ended.results[0]["has_receipt"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_file_without_a_receipt_is_missing_and_leaves_a_trace_when_it_is_forgotten() {
    let (lied, [lost, ..]) = Lied::with_three_files().await;
    lied.lose_receipts().await;
    lied.lose(&lost);
    for arguments in [
        &["verify", id(&lost)][..],
        &["get", id(&lost), "-o", "back"],
    ] {
        let ended = lied.ends(arguments).await;
        assert!(ended.told().contains(&("missing", "0.bin")), "{ended:?}");
        assert_eq!(ended.code, 8, "{ended:?}");
    }
    let ended = lied.ends(&["verify", "--all"]).await;
    assert_eq!(ended.code, 8, "{ended:?}");
    let expected = [("no_receipt", ""), ("missing", "0.bin")];
    assert_eq!(ended.told(), expected, "{ended:?}");

    let ended = lied.ends(&["forget", id(&lost)]).await;
    assert_eq!((ended.code, ended.told()), (0, vec![]));
    let line = &ended.results[0];
    assert_eq!(
        (token(line), &line["has_receipt"]),
        (token(&lost), &false.into())
    );
    lied.ada
        .does(&["receipts", "export", "-o", "receipts.jsonl"])
        .await
        .unwrap();
    let exported = fs::read_to_string(lied.ada.folder().join("receipts.jsonl")).unwrap();
    let exported: Value = serde_json::from_str(exported.trim()).unwrap();
    assert_eq!(exported["format"], "privicore-forgotten-v1");
    assert_eq!(
        (token(&exported), &exported["name"]),
        (token(&lost), &"0.bin".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_code_8_says_that_something_is_missing_or_not_as_stored() {
    let (lied, [lost, other, damaged]) = Lied::with_three_files().await;
    let path = lied.ada.folder().join("3.bin");
    fs::write(path, random_bytes(LARGE + 3)).unwrap();
    lied.damage();
    let ended = lied.ends(&["put", "3.bin", "--verify"]).await;
    assert_eq!(
        (ended.code, ended.told()),
        (8, vec![("verify_damaged", "3.bin")])
    );
    for (arguments, told) in [
        (&["get", id(&damaged), "-o", "back"][..], "damaged"),
        (&["verify", id(&damaged)], "verify_damaged"),
    ] {
        lied.damage();
        let ended = lied.ends(arguments).await;
        assert_eq!((ended.code, ended.told()), (8, vec![(told, "2.bin")]));
        assert!(!lied.ada.folder().join("back").exists());
    }
    lied.damage();
    let kept = ["get", id(&damaged), "-o", "back", "--keep-mismatch"];
    assert_eq!(lied.ends(&kept).await.code, 7);

    let pair = (token(&other).to_owned(), token(&damaged).to_owned());
    lied.liar.lies().exchanged.push(pair);
    let ended = lied.ends(&["verify", id(&other)]).await;
    assert!(
        ended.told().contains(&("renamed_elsewhere", "1.bin")),
        "{ended:?}"
    );
    assert_eq!(ended.code, 8, "{ended:?}");
    lied.liar.repent();

    lied.lose(&lost);
    for arguments in [
        &["get", id(&lost), "-o", "back"][..],
        &["verify", id(&lost), id(&other)],
        &["verify", "--all"],
        &["reseal", id(&lost)],
    ] {
        let ended = lied.ends(arguments).await;
        assert_eq!(ended.code, 8, "{arguments:?}: {ended:?}");
        assert!(ended.told().contains(&("missing", "0.bin")), "{ended:?}");
    }
    assert_eq!(lied.ends(&["ls", "--missing"]).await.code, 0);

    for file in [&other, &damaged] {
        lied.lose(file);
    }
    for arguments in [&["ls"][..], &["verify", "--all"], &["forget", id(&lost)]] {
        let ended = lied.ends(arguments).await;
        assert_eq!(ended.code, 8, "{arguments:?}: {ended:?}");
        let codes = ended.told();
        assert!(
            codes.iter().any(|told| told.0 == "list_shrunk"),
            "{ended:?}"
        );
    }
}
