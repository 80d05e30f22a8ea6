//! What each command of the page takes before it is done: a question, a choice in a dialog, or nothing, with the
//! reason.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::confined_window::commands;
use super::harmless::HARMLESS;

/// What a command of the page takes.
#[derive(Clone, Copy)]
pub(crate) enum Consent {
    /// A native question with this title, for these arguments; played below.
    Asks(&'static str, &'static str),
    /// A native question in a state that another test of the window makes, and how that test has the command called.
    AsksIn(&'static str, &'static str),
    /// A native question, if there is something to ask about: no other test makes that in the window.
    AsksIf(&'static str),
    /// A native dialog for files: the user chooses what is read or where it is written.
    Chooses,
}

use Consent::{Asks, AsksIf, AsksIn, Chooses};

/// Every command that asks or lets choose. A command with more than one kind of change has a row for each.
pub(crate) const TABLE: &[(&str, Consent)] = &[
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
        "protect_with_passphrase",
        Asks(
            r#"{"passphrase":"ochre lantern quarrel meadow"}"#,
            "Protect your keys with the new passphrase?",
        ),
    ),
    ("save_recovery_kit", Chooses),
    (
        "renew_recovery_key",
        Asks(r#"{"passphrase":null}"#, "Make a new recovery key?"),
    ),
    ("choose_kit", Chooses),
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
    ("choose_network_file", Chooses),
    (
        "set_network",
        Asks(
            r#"{"wish":{"proxy":"explicit","proxyAddress":"http://127.0.0.1:9","login":null,"forgetLogin":false,"caFile":"keep","clientCertificate":"keep","clientKey":"keep"}}"#,
            "Change the network settings?",
        ),
    ),
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
    (
        "start_poll",
        Asks(
            r#"{"configuration":"family","title":"secret plan.pdf","question":"secret plan.pdf?"}"#,
            "Start this vote?",
        ),
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
    ("export_activity", Chooses),
    (
        "call_operation",
        Asks(
            r#"{"id":"utility.check-health","values":[]}"#,
            "Let the console send requests?",
        ),
    ),
    ("show_answer_tokens", Asks("{}", "Show tokens and links?")),
    ("save_requested_data", Chooses),
    ("pairing_code", Asks("{}", "Show a pairing code?")),
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
    (
        "delete_version",
        AsksIf("more versions are deleted than may be without a question"),
    ),
    ("classify", AsksIf("there is such a file")),
    (
        "set_hides_contents",
        Asks(r#"{"on":false}"#, "Show what files hold?"),
    ),
    (
        "set_never_opens_elsewhere",
        Asks(r#"{"on":false}"#, "Open files in other applications?"),
    ),
    ("export_receipts", Chooses),
    ("save_application_secret", Chooses),
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
    let asking = TABLE.iter().map(|(name, _)| *name);
    let harmless = HARMLESS.iter().flat_map(|(_, names)| names.iter().copied());
    let rows: BTreeSet<String> = asking.chain(harmless).map(str::to_owned).collect();
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
    let done_by = |command: &str| {
        let begin = code
            .find(&format!("fn {command}("))
            .with_context(|| command.to_owned())?;
        let end = code[begin..]
            .find("\n}\n")
            .with_context(|| command.to_owned())?;
        Ok::<_, anyhow::Error>(&code[begin..begin + end])
    };
    for (reason, commands) in HARMLESS {
        for command in *commands {
            let chooses = done_by(command)?.contains("dialogs::");
            ensure!(
                !reason.is_empty() && !chooses,
                "{command} has something chosen"
            );
        }
    }
    for (command, consent) in TABLE {
        let body = done_by(command)?;
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
