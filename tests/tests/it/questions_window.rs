//! What the page may have done without being asked, and how a native question is agreed to: by nobody who has not seen
//! it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use privicore_tests::dialog::QUIET;
use privicore_tests::journey::Theme;
use privicore_tests::wait::{LONG, SOON, wait_for, within};
use privicore_tests::{Desktop, Dialog, Keyring, Window};
use serde_json::{Value, json};

use super::confined_window::{answer, begin, commands, lock, press_something};

const LIMIT: Duration = Duration::from_mins(8);

/// What a command of the page takes.
#[derive(Clone, Copy)]
enum Consent {
    /// A native question with this title, for these arguments; played below.
    Asks(&'static str, &'static str),
    /// A native question in a state that another test of the window makes, and how that test has the command called.
    AsksIn(&'static str, &'static str),
    /// A native question, if there is something to ask about: no other test makes that in the window.
    AsksIf(&'static str),
    /// A native dialog for files: the user chooses what is read or where it is written.
    Chooses,
    /// Nothing, because …
    Harmless(&'static str),
}
use Consent::{Asks, AsksIf, AsksIn, Chooses, Harmless};

const READS: &str = "it reads what the page shows anyway";
const OWN: &str = "it changes only how this computer shows or does things";
const SANDBOX: &str = "it concerns the trial sandbox on this computer";
const SECRET: &str = "whoever calls it has to know a password or a key";
const TRANSFER: &str = "it stops or goes on with what was begun; nothing is lost by that";
const LEAVES: &str = "it only takes something away from others, or keeps them out";
const HELD: &str = "the secret is among those that the page may show";

/// Every command of the page. A command with more than one kind of change has a row for each.
const TABLE: &[(&str, Consent)] = &[
    ("app_view", Harmless(READS)),
    ("try_now", Harmless(SANDBOX)),
    ("connect_sandbox", Harmless(SANDBOX)),
    (
        "check_addresses",
        AsksIn(
            "a_page_that_goes_back_to_the_choice_of_a_service_reaches_no_address_either",
            "invoke('check_addresses'",
        ),
    ),
    (
        "connect_service",
        AsksIn(
            "a_replaced_engine_key_is_an_alarm_until_it_is_compared_and_accepted",
            r#"click("use-addresses")"#,
        ),
    ),
    (
        "choose_connection",
        Harmless("it is answered while nobody is signed in, and the next service is asked about"),
    ),
    ("create_profile", Harmless(SECRET)),
    ("sign_in", Harmless(SECRET)),
    ("rate_secret", Harmless(READS)),
    (
        "unlock",
        Harmless("it needs the passphrase, or the keyring that the user has opened"),
    ),
    ("sign_out", Harmless("it ends what the page can do")),
    ("lock", Harmless("it ends what the page can do")),
    (
        "seen",
        Harmless("it only keeps the app from locking by itself, which is accepted"),
    ),
    (
        "set_auto_lock",
        Harmless("it only decides when the app locks by itself, which is accepted"),
    ),
    ("unlock_view", Harmless(READS)),
    (
        "restore_previous_keys",
        Harmless(
            "the copy takes the place of a damaged key file only, and opens with the same passphrase or keyring",
        ),
    ),
    ("change_passphrase", Harmless(SECRET)),
    (
        "protect_with_passphrase",
        Asks(
            r#"{"passphrase":"ochre lantern quarrel meadow"}"#,
            "Protect your keys with the new passphrase?",
        ),
    ),
    ("protect_with_keyring", Harmless(SECRET)),
    ("look_for_keyring", Harmless(READS)),
    ("set_theme", Harmless(OWN)),
    ("set_language", Harmless(OWN)),
    ("set_notifications", Harmless(OWN)),
    ("save_recovery_kit", Chooses),
    ("confirm_recovery_kit", Harmless(SECRET)),
    (
        "renew_recovery_key",
        Asks(r#"{"passphrase":null}"#, "Make a new recovery key?"),
    ),
    ("choose_kit", Chooses),
    ("type_kit", Harmless(SECRET)),
    ("forget_kit", Harmless("the kit stays where it is")),
    ("restore_profile", Harmless(SECRET)),
    ("security", Harmless(READS)),
    (
        "accept_key",
        AsksIn(
            "a_replaced_engine_key_is_an_alarm_until_it_is_compared_and_accepted",
            r#"click("accept-key")"#,
        ),
    ),
    (
        "register_own_key",
        Asks("{}", "Register this machine's key?"),
    ),
    ("network", Harmless(READS)),
    ("choose_network_file", Chooses),
    (
        "set_network",
        Asks(
            r#"{"wish":{"proxy":"explicit","proxyAddress":"http://127.0.0.1:9","login":null,"forgetLogin":false,"caFile":"keep","clientCertificate":"keep","clientKey":"keep"}}"#,
            "Change the network settings?",
        ),
    ),
    ("keys", Harmless(READS)),
    (
        "change_keys",
        Asks(
            r#"{"change":{"kind":"import","name":"team","key":"0000000000000000000000000000000000000000000000000000000000000000"},"passphrase":null}"#,
            "Import this shared key?",
        ),
    ),
    (
        "change_keys",
        Asks(
            r#"{"change":{"kind":"remove","name":"team"},"passphrase":null}"#,
            "Remove this shared key?",
        ),
    ),
    ("export_shared_key", Chooses),
    (
        "set_context_key",
        Asks(
            r#"{"context":"documents","name":"team"}"#,
            "Store with a shared key?",
        ),
    ),
    (
        "add_recipient",
        Asks(
            r#"{"key":"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p","label":"Bob","context":null}"#,
            "Add this recipient?",
        ),
    ),
    ("remove_recipient", Harmless(LEAVES)),
    (
        "reseal_files",
        Asks(
            r#"{"ids":["00000000000000000000000000000000"],"withoutReceipt":true}"#,
            "Encrypt again without a receipt?",
        ),
    ),
    (
        "reseal_outdated",
        AsksIf("there are files to encrypt again, and recipients"),
    ),
    ("openers", Harmless(READS)),
    ("devices", Harmless(READS)),
    (
        "request_device",
        Asks(r#"{"name":"secret plan.pdf"}"#, "Request this device?"),
    ),
    (
        "change_device",
        Asks(
            r#"{"id":"dev-1","change":{"kind":"approve"}}"#,
            "Approve this device?",
        ),
    ),
    (
        "change_device",
        Asks(
            r#"{"id":"dev-1","change":{"kind":"rename","name":"secret plan.pdf"}}"#,
            "Rename this device?",
        ),
    ),
    (
        "change_device",
        Asks(
            r#"{"id":"dev-1","change":{"kind":"registerStorage"}}"#,
            "Store on this device?",
        ),
    ),
    (
        "change_device",
        Asks(
            r#"{"id":"dev-1","change":{"kind":"removeStorage"}}"#,
            "Stop storing on this device?",
        ),
    ),
    (
        "change_device",
        Asks(
            r#"{"id":"dev-1","change":{"kind":"remove"}}"#,
            "Remove this device?",
        ),
    ),
    ("save_device_configuration", Chooses),
    ("directories", Harmless(READS)),
    ("directory", Harmless(READS)),
    (
        "make_directory",
        Asks(
            r#"{"name":"secret plan.pdf","shortName":"leak"}"#,
            "Make this directory?",
        ),
    ),
    (
        "answer_invitation",
        Asks(
            r#"{"directory":"dir-1","accept":true}"#,
            "Join this directory?",
        ),
    ),
    (
        "change_directory",
        Asks(
            r#"{"id":"dir-1","change":{"kind":"addPerson","username":"secret plan.pdf","password":"a password of the page","givenName":"Mal","familyName":"Lory"}}"#,
            "Make a profile in this directory?",
        ),
    ),
    (
        "change_directory",
        Asks(
            r#"{"id":"dir-1","change":{"kind":"setPassword","person":"per-1","password":"a password of the page"}}"#,
            "Set this person's password?",
        ),
    ),
    (
        "change_directory",
        Asks(
            r#"{"id":"dir-1","change":{"kind":"invite","person":"per-1"}}"#,
            "Invite this profile?",
        ),
    ),
    (
        "change_directory",
        Asks(
            r#"{"id":"dir-1","change":{"kind":"rename","person":"per-1","givenName":"secret plan.pdf","familyName":null}}"#,
            "Rename this person?",
        ),
    ),
    (
        "change_directory",
        Asks(
            r#"{"id":"dir-1","change":{"kind":"addDevice","person":"per-1","name":"secret plan.pdf"}}"#,
            "Make a device for this person?",
        ),
    ),
    (
        "change_directory",
        Asks(
            r#"{"id":"dir-1","change":{"kind":"addStorage","person":"per-1","device":"dev-1"}}"#,
            "Store on this device?",
        ),
    ),
    (
        "change_directory",
        Asks(
            r#"{"id":"dir-1","change":{"kind":"addPool","name":"secret plan.pdf","people":["per-1"]}}"#,
            "Make this voting pool?",
        ),
    ),
    (
        "change_directory",
        Asks(
            r#"{"id":"dir-1","change":{"kind":"storeMeta","meta":"{\"name\":\"secret plan.pdf\"}"}}"#,
            "Store this with the directory?",
        ),
    ),
    ("voting", Harmless(READS)),
    (
        "add_authenticator",
        Asks(r#"{"id":"dev-1"}"#, "Let this device vote?"),
    ),
    (
        "remove_authenticator",
        Asks(r#"{"id":"dev-1"}"#, "Take this device out of votes?"),
    ),
    (
        "save_voting_configuration",
        Asks(
            r#"{"configuration":{"name":"family","seconds":60,"counting":{"kind":"one"},"devices":[]}}"#,
            "Change how votes are decided?",
        ),
    ),
    (
        "set_voting_rules",
        Asks(
            r#"{"rules":{"quorum":1,"attempts":1}}"#,
            "Change how votes are counted?",
        ),
    ),
    ("poll", Harmless(READS)),
    (
        "start_poll",
        Asks(
            r#"{"configuration":"family","title":"secret plan.pdf","question":"secret plan.pdf?"}"#,
            "Start this vote?",
        ),
    ),
    ("started_polls", Harmless(READS)),
    ("policies", Harmless(READS)),
    (
        "register_policy",
        Harmless("a policy has the profile's own devices decide on more than before"),
    ),
    (
        "change_policy",
        Asks(
            r#"{"id":"pol-1","change":"deactivate"}"#,
            "Turn off this policy?",
        ),
    ),
    (
        "change_policy",
        Asks(r#"{"id":"pol-1","change":"delete"}"#, "Delete this policy?"),
    ),
    ("phones", Harmless(SANDBOX)),
    ("pair_phone", Harmless(SANDBOX)),
    ("set_phone_script", Harmless(SANDBOX)),
    ("answer_on_phone", Harmless(SANDBOX)),
    ("activity", Harmless(READS)),
    ("statistics", Harmless(READS)),
    ("export_activity", Chooses),
    ("operations", Harmless(READS)),
    ("show_operation", Harmless(READS)),
    (
        "call_operation",
        Asks(
            r#"{"id":"utility.check-health","values":[]}"#,
            "Let the console send requests?",
        ),
    ),
    ("show_answer_tokens", Asks("{}", "Show tokens and links?")),
    (
        "settle_operation",
        Harmless("it waits for what the user has let the console send"),
    ),
    (
        "await_requested_data",
        Harmless("it waits for what the user has let the console send"),
    ),
    ("save_requested_data", Chooses),
    ("copy_operation", Harmless("it copies what the page shows")),
    ("account", Harmless(READS)),
    (
        "renew_session",
        Harmless("the session is the app's own, and nobody else learns it"),
    ),
    ("change_password", Harmless(SECRET)),
    ("pairing_code", Asks("{}", "Show a pairing code?")),
    ("query_rows", Harmless(READS)),
    ("query_folders", Harmless(READS)),
    ("refresh_files", Harmless(READS)),
    (
        "accept_list",
        AsksIf("the list is shorter than it should be"),
    ),
    (
        "forget_file",
        AsksIn(
            "a_missing_file_is_reported_found_by_one_click_and_forgotten_after_a_question",
            r#"click("forget")"#,
        ),
    ),
    ("accept_name", AsksIf("the service lists another name")),
    ("choose_files", Chooses),
    ("choose_folder", Chooses),
    (
        "set_drop_target",
        Harmless("the service sees the label, which is accepted; the user drops the files"),
    ),
    ("save_files", Chooses),
    (
        "new_folder",
        AsksIf("more is made and changed than may be without a question"),
    ),
    ("save_rows", Chooses),
    (
        "save_to_downloads",
        AsksIf("more files are saved than may be without a question"),
    ),
    (
        "show_saved",
        Harmless("the file manager shows what the user has saved, and the page names no path"),
    ),
    (
        "delete_files",
        // One more than may be deleted without a question.
        Asks(
            r#"{"ids":["00000000000000000000000000000000","00000000000000000000000000000001","00000000000000000000000000000002","00000000000000000000000000000003","00000000000000000000000000000004","00000000000000000000000000000005","00000000000000000000000000000006","00000000000000000000000000000007","00000000000000000000000000000008","00000000000000000000000000000009","0000000000000000000000000000000a","0000000000000000000000000000000b","0000000000000000000000000000000c","0000000000000000000000000000000d","0000000000000000000000000000000e","0000000000000000000000000000000f","00000000000000000000000000000010","00000000000000000000000000000011","00000000000000000000000000000012","00000000000000000000000000000013","00000000000000000000000000000014"]}"#,
            "Delete these files?",
        ),
    ),
    (
        "delete_rows",
        AsksIf("more versions are deleted than may be without a question"),
    ),
    (
        "rename_row",
        AsksIf("more files are changed than may be without a question"),
    ),
    (
        "move_rows",
        AsksIf("more files are changed than may be without a question"),
    ),
    (
        "label_rows",
        AsksIf("more files are changed than may be without a question"),
    ),
    ("query_versions", Harmless(READS)),
    (
        "restore_version",
        Harmless("an older version is stored once more, and nothing is deleted"),
    ),
    (
        "delete_version",
        AsksIf("more versions are deleted than may be without a question"),
    ),
    ("classify", AsksIf("there is such a file")),
    ("undo_deletion", Harmless("nothing is deleted by that")),
    (
        "preview_file",
        Harmless("the page is shown a text, or the address of a picture no script can read"),
    ),
    ("close_preview", Harmless("nothing is shown any more")),
    (
        "set_hides_contents",
        Asks(r#"{"on":false}"#, "Show what files hold?"),
    ),
    (
        "open_file",
        Harmless("it takes a click or a key, and programs and scripts are not opened"),
    ),
    (
        "drag_rows",
        Harmless(
            "it takes a button that is held down, and the user drops them where they want them",
        ),
    ),
    (
        "set_never_opens_elsewhere",
        Asks(r#"{"on":false}"#, "Open files in other applications?"),
    ),
    (
        "verify_files",
        Harmless("stored bytes are read back, and nothing is written"),
    ),
    (
        "keep_anyway",
        Harmless("it writes beside the target that the user chose for this download"),
    ),
    ("set_verify_uploads", Harmless(OWN)),
    ("export_receipts", Chooses),
    (
        "copy_token",
        Harmless("the page may have the codes of tokens; they open no file"),
    ),
    (
        "token_code",
        Harmless("the page may have the codes of tokens; they open no file"),
    ),
    ("set_clipboard_seconds", Harmless(OWN)),
    ("transfers", Harmless(READS)),
    ("cancel_transfer", Harmless(TRANSFER)),
    ("cancel_all", Harmless(TRANSFER)),
    ("pause_transfer", Harmless(TRANSFER)),
    ("pause_all", Harmless(TRANSFER)),
    ("resume_transfer", Harmless(TRANSFER)),
    ("resume_all", Harmless(TRANSFER)),
    ("retry_transfer", Harmless(TRANSFER)),
    ("retry_failed", Harmless(TRANSFER)),
    ("set_limits", Harmless(OWN)),
    ("clear_finished", Harmless(OWN)),
    ("applications", Harmless(READS)),
    (
        "register_application",
        Harmless("an application can do nothing before it is authorized, which is asked about"),
    ),
    ("take_application_secret", Harmless(HELD)),
    ("show_application_secret", Harmless(HELD)),
    ("copy_application_secret", Harmless(HELD)),
    ("save_application_secret", Chooses),
    (
        "forget_application_secret",
        Harmless("the secret can be made anew"),
    ),
    (
        "let_application_in",
        Asks(
            r#"{"clientId":"cl-1","word":"nonce","scopes":["data-token:read"]}"#,
            "Authorize this application?",
        ),
    ),
];

#[test]
fn every_command_of_the_page_asks_or_is_harmless_for_a_reason() -> Result<()> {
    let known: BTreeSet<String> = commands()?.into_iter().collect();
    let rows: BTreeSet<String> = TABLE.iter().map(|(name, _)| (*name).to_owned()).collect();
    let missing: Vec<_> = known.difference(&rows).collect();
    ensure!(
        missing.is_empty(),
        "no row says whether these ask: {missing:?}"
    );
    let gone: Vec<_> = rows.difference(&known).collect();
    ensure!(gone.is_empty(), "no command has these names: {gone:?}");
    Ok(())
}

#[test]
fn the_table_of_consents_matches_the_code_and_the_tests() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let code = files(&root.join("src-tauri/src/commands"))?.concat();
    let tests = files(&root.join("tests/tests/it"))?;
    for (command, consent) in TABLE {
        let begin = code.find(&format!("fn {command}(")).context(*command)?;
        let body = &code[begin..];
        let body = &body[..body.find("\n}\n").context(*command)?];
        let asks = [
            "ask(",
            "ask_about_authenticator(",
            "reseal(",
            "permit(",
            "may_send(",
            "agreed_items(",
        ];
        let asks = asks.iter().any(|call| body.contains(call));
        let chooses = body.contains("dialogs::");
        match consent {
            Asks(..) => ensure!(asks, "{command} asks nothing"),
            AsksIf(when) => ensure!(asks && !when.is_empty(), "{command} asks nothing"),
            AsksIn(test, call) => {
                ensure!(asks, "{command} asks nothing");
                let played = tests.iter().find_map(|file| played_in(file, test));
                let played = played.with_context(|| format!("{command}: no test {test}"))?;
                ensure!(played.contains(call), "{test} does not call {command}");
                ensure!(played.contains(".dialog("), "{test} looks for no question");
            }
            Chooses => ensure!(chooses, "{command} has nothing chosen"),
            Harmless(reason) => ensure!(!reason.is_empty() && !chooses, "{command}"),
        }
    }
    Ok(())
}

/// What a test does, with the functions of its file that it calls.
fn played_in(file: &str, test: &str) -> Option<String> {
    let body = |name: &str| {
        let begin = ['(', '<'].map(|next| file.find(&format!("fn {name}{next}")));
        let begin = begin.into_iter().flatten().next()?;
        let body = &file[begin..];
        Some(&body[..body.find("\n}\n")?])
    };
    let own = body(test)?;
    let names = file.split("fn ").skip(1).filter_map(|rest| {
        let name = rest.split(['(', '<']).next()?;
        own.contains(&format!("{name}(")).then_some(name)
    });
    let called: Vec<&str> = names.filter_map(body).collect();
    Some(called.concat())
}

fn files(folder: &Path) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let file = file?.path();
        if file.extension().is_some_and(|kind| kind == "rs") {
            all.push(std::fs::read_to_string(file)?);
        }
    }
    Ok(all)
}

/// What the page reads of all that the commands change.
const READINGS: [&str; 9] = [
    "network",
    "keys",
    "devices",
    "directories",
    "voting",
    "started_polls",
    "policies",
    "applications",
    "security",
];

#[tokio::test]
async fn what_changes_who_can_read_or_where_data_goes_is_asked_natively() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        let before = readings(&window).await?;
        let asking = TABLE.iter().filter_map(|(command, consent)| match consent {
            Asks(arguments, title) => Some((*command, *arguments, *title)),
            AsksIn(..) | AsksIf(_) | Chooses | Harmless(_) => None,
        });
        for (at, (command, arguments, title)) in asking.enumerate() {
            let arguments: Value = serde_json::from_str(arguments).context(command)?;
            press_something(&desktop).await?;
            let question = window.dialog(begin(&window, command, &arguments));
            let question = question.await.context(command)?;
            let shown = question.title().await?;
            ensure!(shown == title, "{command} asks {shown:?}");
            question.cancel().await?;
            let answer = answer(&window).await?;
            ensure!(
                answer == "declined",
                "{command} was declined and answers {answer}"
            );
            if at % 3 == 2 {
                // Nothing is asked for a while when one after the other is declined.
                show_code(&desktop, &window).await?;
            }
        }
        let after = readings(&window).await?;
        ensure!(after == before, "{before}\n{after}");
        Ok(())
    })
    .await
}

/// Agrees to a question that changes nothing.
async fn show_code(desktop: &Desktop, window: &Window<'_>) -> Result<()> {
    press_something(desktop).await?;
    let question = window
        .dialog(begin(window, "pairing_code", &json!({})))
        .await?;
    question.agree("Show code").await?;
    let answer = answer(window).await?;
    ensure!(answer == "done", "{answer}");
    Ok(())
}

async fn readings(window: &Window<'_>) -> Result<String> {
    let ask = "
        const [names, done] = arguments;
        const ask = (name) => window.__TAURI_INTERNALS__.invoke(name, {}).catch((error) => error?.code ?? String(error));
        Promise.all(names.map(async (name) => [name, await ask(name)])).then((all) => done(JSON.stringify(all)));
    ";
    let read = window.page().execute_async(ask, vec![json!(READINGS)]);
    Ok(read.await?.convert()?)
}

#[tokio::test]
async fn a_question_is_not_agreed_to_by_keys_and_clicks_that_go_on() -> Result<()> {
    const SLOW: Duration = Duration::from_millis(220);
    const CLICKS: usize = 7;
    let walks: [&[&str]; 4] = [
        &[
            "Left", "Left", "Left", "Left", "Left", "Left", "Left", "Return",
        ],
        &["Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Return"],
        &["Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "space"],
        &[
            "shift+Tab",
            "shift+Tab",
            "shift+Tab",
            "shift+Tab",
            "shift+Tab",
            "Return",
        ],
    ];
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        for keys in walks {
            // Each key of a combination takes its time.
            let presses = keys.iter().map(|key| key.split('+').count()).sum();
            let answer = without_a_pause(presses, SLOW, async || {
                let (begun, question) = unseen_question(&desktop, &window).await?;
                question.type_on(keys, SLOW).await?;
                let took = begun.elapsed();
                if question.stays().await {
                    question.cancel().await?;
                }
                let answer = answer(&window).await?;
                show_code(&desktop, &window).await?;
                Ok((answer, took))
            });
            let answer = answer.await?;
            ensure!(answer == "declined", "{keys:?} answers {answer}");
        }
        let stays = without_a_pause(CLICKS, SLOW, async || {
            let (begun, question) = unseen_question(&desktop, &window).await?;
            question.click_where_it_agrees(CLICKS, SLOW).await?;
            let took = begun.elapsed();
            let stays = question.stays().await;
            // Who waits and clicks there once agrees.
            if stays {
                question.agree_by_mouse().await?;
            }
            let answer = answer(&window).await?;
            ensure!(answer == "done", "{answer}");
            Ok((stays, took))
        });
        ensure!(stays.await?, "clicks that go on agree");
        Ok(())
    })
    .await
}

/// One that changes nothing when it is agreed to, and a moment when it was not shown yet.
async fn unseen_question<'a>(
    desktop: &'a Desktop,
    window: &Window<'a>,
) -> Result<(Instant, Dialog<'a>)> {
    press_something(desktop).await?;
    let begun = Instant::now();
    begin(window, "pairing_code", &json!({})).await?;
    Ok((begun, window.dialog_at_once().await?))
}

/// What came of so many presses with at least this time `between` them. On a busy machine they may come late: who has
/// pressed nothing for a second has seen the question, and it is tried again.
async fn without_a_pause<T>(
    presses: usize,
    between: Duration,
    mut attempt: impl AsyncFnMut() -> Result<(T, Duration)>,
) -> Result<T> {
    let least = between * u32::try_from(presses)?.saturating_sub(1);
    loop {
        let (came_of_it, took) = attempt().await?;
        // All the others took their time: the longest gap is at most the rest.
        if took.saturating_sub(least) < QUIET {
            return Ok(came_of_it);
        }
    }
}

#[tokio::test]
async fn a_page_that_asks_again_and_again_is_soon_not_shown_any_more() -> Result<()> {
    const FLOOD: &str = "
        window.answers = [];
        const ask = async () => {
            for (let at = 0; at < 60; at += 1) {
                await window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).catch((error) => window.answers.push(error?.code ?? String(error)));
            }
        };
        void ask();
    ";
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        // What was pressed to get here begins one more question; this one.
        show_code(&desktop, &window).await?;
        let flood = async {
            let arguments = vec![json!("renew_recovery_key"), json!({ "passphrase": null })];
            Ok(window.page().execute(FLOOD, arguments).await.map(drop)?)
        };
        window.dialog(flood).await?.cancel().await?;
        window.dialog_at_once().await?.cancel().await?;
        let answers = wait_for("all questions to be answered", SOON, async || {
            let answers = window.page().execute("return window.answers", vec![]).await;
            let answers: Vec<String> = answers.ok()?.convert().ok()?;
            (answers.len() == 60).then_some(answers)
        })
        .await?;
        ensure!(answers[..2] == ["declined", "declined"], "{answers:?}");
        let silent = answers[2..].iter().all(|answer| answer == "not_asked");
        ensure!(silent, "{answers:?}");
        window.account("lock").await?;
        window.see("unlock").await?;
        window.click("unlock").await?;
        window.is_signed_in().await?;

        // Somebody who begins one later is asked.
        let renewed = json!({ "passphrase": null });
        wait_for("questions to be asked again", LONG, async || {
            begin(&window, "renew_recovery_key", &renewed).await.ok()?;
            wait_for("a question", Duration::from_secs(2), async || {
                (window.windows().await > 1).then_some(())
            })
            .await
            .ok()
        })
        .await
    })
    .await
}

#[tokio::test]
async fn no_tooltip_and_no_list_of_a_field_stays_over_the_lock_screen() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let file = desktop.write("Documents/private.txt", b"nobody's business")?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.drop_files(&[file]).await?;
        let row = window.is_stored("private.txt").await?;
        let at = row.rect().await?;
        desktop.display().rest().await?;
        is_alone(&window).await?;
        let titled = "arguments[0].title = 'private.txt'; for (const part of \
            arguments[0].querySelectorAll('[title]')) part.title = 'private.txt';";
        window.page().execute(titled, vec![row.to_json()?]).await?;
        hover(&desktop, at.x + 60.0, at.y + at.height / 2.0).await?;
        wait_for("the tooltip", SOON, async || {
            (window.windows().await > 1).then_some(())
        })
        .await?;
        picture(&desktop, "tooltip").await?;
        lock(&window).await?;
        is_alone(&window).await?;
        window.see("unlock").await?;
        picture(&desktop, "tooltip-locked").await?;
        desktop.display().rest().await?;
        is_alone(&window).await?;

        window.click("unlock").await?;
        window.is_signed_in().await?;
        window.go_to("profile").await?;
        let field = window.find_within("select", SOON).await?.rect().await?;
        hover(&desktop, field.x + 10.0, field.y + field.height / 2.0).await?;
        desktop.display().xdotool(&["click", "1"]).await?;
        wait_for("the list of the field", SOON, async || {
            (window.windows().await > 1).then_some(())
        })
        .await?;
        lock(&window).await?;
        is_alone(&window).await?;
        window.see("unlock").await?;
        // The mouse is not caught by what is gone.
        window.click("unlock").await?;
        window.is_signed_in().await
    })
    .await
}

/// Waits until there is no other window of the program than its own.
async fn is_alone(window: &Window<'_>) -> Result<()> {
    wait_for("only the window to be there", SOON, async || {
        (window.windows().await == 1).then_some(())
    })
    .await
}

/// Moves the mouse there, and a little on, as a hand does.
async fn hover(desktop: &Desktop, x: f64, y: f64) -> Result<()> {
    for step in [0.0, 1.0, 2.0] {
        let at = [x + step, y].map(|place| format!("{place:.0}"));
        desktop
            .display()
            .xdotool(&["mousemove", &at[0], &at[1]])
            .await?;
    }
    Ok(())
}

async fn picture(desktop: &Desktop, name: &str) -> Result<()> {
    let path = pictures().join(format!("{name}.png"));
    desktop
        .display()
        .picture(&path, Window::LARGE)
        .await
        .map(drop)
}

#[tokio::test]
async fn questions_about_directories_are_seen_in_light_and_dark() -> Result<()> {
    let long = format!("{}.evil.example", "b".repeat(60));
    let questions = [
        (
            "make_directory",
            json!({ "name": long, "shortName": "leak" }),
        ),
        (
            "answer_invitation",
            json!({ "directory": "dir-1", "accept": true }),
        ),
        (
            "change_directory",
            json!({ "id": "dir-1", "change": { "kind": "storeMeta", "meta": format!("{{\"plan\":\"{}\"}}", "x".repeat(380)) } }),
        ),
    ];
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        for (look, word) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
            window.make(look).await?;
            for (command, arguments) in &questions {
                press_something(&desktop).await?;
                let question = window.dialog(begin(&window, command, arguments)).await?;
                let size = question.size().await?;
                ensure!(size.0 <= 1024 && size.1 <= 700, "it has {size:?} pixels");
                window
                    .screenshot(&pictures().join(format!("{command}-{word}.png")))
                    .await?;
                question.cancel().await?;
                answer(&window).await?;
            }
            show_code(&desktop, &window).await?;
        }
        Ok(())
    })
    .await
}

/// Nothing here may hang: a test that takes longer has failed.
async fn limited(test: impl Future<Output = Result<()>>) -> Result<()> {
    within("the whole test", LIMIT, test).await?
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots/questions")
}
