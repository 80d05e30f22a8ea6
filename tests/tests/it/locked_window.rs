//! What a locked window answers, and native questions: on the screen with all of their words, never over the lock
//! screen.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use privicore_tests::wait::{SOON, wait_for};
use privicore_tests::{Desktop, Keyring, Window};
use serde_json::json;

use super::confined_window::{answer, begin, commands, limited, lock, pictures, press_something};

/// What the page may call while it is locked, and why.
const WHILE_LOCKED: [(&str, &str); 5] = [
    ("app_view", "says that it is locked"),
    ("unlock_view", "says what unlocking takes"),
    ("unlock", "unlocks"),
    (
        "restore_previous_keys",
        "unlocks with the copy of a damaged key file",
    ),
    ("sign_out", "leaves no session on the disk"),
];

/// What it may call while nobody is signed in, and why.
const WHILE_SIGNED_OUT: [(&str, &str); 14] = [
    ("app_view", "says that nobody is signed in"),
    ("sign_in", "signs in"),
    ("create_profile", "signs in"),
    ("try_now", "signs in"),
    ("rate_secret", "says how strong a new passphrase is"),
    ("restore_profile", "signs in with a recovery kit"),
    ("choose_kit", "asks natively for the kit"),
    ("type_kit", "takes a typed kit"),
    ("forget_kit", "puts the kit away"),
    ("choose_connection", "goes back to the first start"),
    ("network", "shows how the service is reached"),
    ("choose_network_file", "asks natively for a certificate"),
    ("set_network", "asks natively before it changes that"),
    ("look_for_keyring", "looks whether a passphrase is needed"),
];

#[tokio::test]
async fn locked_or_signed_out_only_commands_to_unlock_or_sign_in_answer() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.account("lock").await?;
        window.see("unlock").await?;
        refuses_all_but(&window, &WHILE_LOCKED, "locked").await?;
        window.click("sign-out").await?;
        window.see("username").await?;
        refuses_all_but(&window, &WHILE_SIGNED_OUT, "signed_out").await
    })
    .await
}

async fn refuses_all_but(window: &Window<'_>, but: &[(&str, &str)], code: &str) -> Result<()> {
    let commands: Vec<String> = commands()?
        .into_iter()
        .filter(|command| but.iter().all(|(name, _)| name != command))
        .collect();
    ensure!(commands.len() > 90, "only {} commands", commands.len());
    let ask = "
        const [names, done] = arguments;
        const ask = (name) => window.__TAURI_INTERNALS__.invoke(name, {})
            .then(() => 'answered', (error) => error?.code ?? String(error));
        Promise.all(names.map(async (name) => [name, await ask(name)]))
            .then((answers) => done(Object.fromEntries(answers)));
    ";
    let answers = window.page().execute_async(ask, vec![json!(commands)]);
    let answers: BTreeMap<String, String> = answers.await?.convert()?;
    ensure!(answers.len() == commands.len(), "{answers:?}");
    let others: Vec<_> = answers.iter().filter(|(_, said)| *said != code).collect();
    ensure!(others.is_empty(), "not refused as {code}: {others:?}");
    Ok(())
}

#[tokio::test]
async fn a_question_that_comes_up_while_somebody_types_is_declined() -> Result<()> {
    const KEY: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    let recipient = json!({ "key": KEY, "label": "Bob", "context": null });
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        for key in ["Return", "space", "Escape"] {
            press_something(&desktop).await?;
            let question = window.dialog(begin(&window, "add_recipient", &recipient));
            question.await?.press(key).await?;
            let answer = answer(&window).await?;
            ensure!(answer == "declined", "{key} answers {answer}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn no_dialog_stays_over_the_lock_screen_or_counts_after_it() -> Result<()> {
    const KEY: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    let recipient = json!({ "key": KEY, "label": "Bob", "context": null });
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let file = desktop.write("Documents/private.txt", b"nobody's business")?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.drop_files(&[file]).await?;
        window.is_stored("private.txt").await?;
        let question = window.dialog(begin(&window, "add_recipient", &recipient));
        let question = question.await?;
        // A second one is not even shown.
        let second = "
            window.second = null;
            window.__TAURI_INTERNALS__.invoke('pairing_code', {})
                .then(() => (window.second = 'done'), (error) => (window.second = error?.code));
        ";
        window.page().execute(second, vec![]).await?;
        let second = wait_for("the second question's answer", SOON, async || {
            let answer = window.page().execute("return window.second", vec![]).await;
            answer.ok()?.convert::<Option<String>>().ok()?
        });
        let second = second.await?;
        ensure!(second == "not_asked", "{second}");
        lock(&window).await?;
        question.closed().await?;
        let answer = answer(&window).await?;
        ensure!(answer == "declined", "{answer}");

        window.click("unlock").await?;
        window.is_signed_in().await?;
        window.is_stored("private.txt").await?;
        let dialog = window.ask_to_save("private.txt").await?;
        lock(&window).await?;
        dialog.closed().await?;
        window.see("unlock").await.map(drop)
    })
    .await
}

#[tokio::test]
async fn a_question_is_on_the_screen_with_all_of_its_words() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        let key = ssh_rsa_key();
        let recipient = json!({ "key": key, "label": "x".repeat(120), "context": "y".repeat(120) });
        let question = window.dialog(begin(&window, "add_recipient", &recipient));
        let question = question.await?;
        let size = question.size().await?;
        ensure!(size.0 <= 1024 && size.1 <= 700, "it has {size:?} pixels");
        window
            .screenshot(&pictures().join("question-with-a-long-key.png"))
            .await?;
        question.cancel().await?;

        // What is no key is refused at once.
        let junk = json!({ "key": "junk", "label": "Bob", "context": null });
        begin(&window, "add_recipient", &junk).await?;
        let answer = answer(&window).await?;
        ensure!(answer == "bad_recipient", "{answer}");
        Ok(())
    })
    .await
}

/// A public key of 4096 bits; whose does not matter.
fn ssh_rsa_key() -> String {
    use base64::Engine as _;
    let field = |bytes: &[u8]| {
        let length = u32::try_from(bytes.len()).unwrap_or_default();
        [&length.to_be_bytes()[..], bytes].concat()
    };
    let mut modulus = vec![0xa5; 512];
    modulus.insert(0, 0);
    modulus[512] |= 1;
    let blob = [field(b"ssh-rsa"), field(&[1, 0, 1]), field(&modulus)].concat();
    let text = base64::engine::general_purpose::STANDARD.encode(blob);
    format!("ssh-rsa {text}")
}
