//! What the page may have done without being asked, and how a native question is agreed to: by nobody who has not seen
//! it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use privicore_tests::dialog::QUIET;
use privicore_tests::journey::Theme;
use privicore_tests::wait::{LONG, SOON, wait_for, within};
use privicore_tests::{Desktop, Dialog, Keyring, Window};
use serde_json::{Value, json};

use super::confined_window::{answer, begin, lock, press_something};

use super::consents::Consent::{Asks, AsksIf, AsksIn, Chooses};
use super::consents::TABLE;

const LIMIT: Duration = Duration::from_mins(8);

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
            AsksIn(..) | AsksIf(_) | Chooses => None,
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
        const ask = (name) => window.__TAURI_INTERNALS__.invoke(name, {})
            .catch((error) => error?.code ?? String(error));
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
                await window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])
                    .catch((error) => window.answers.push(error?.code ?? String(error)));
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

pub(crate) async fn picture(desktop: &Desktop, name: &str) -> Result<()> {
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
            json!({
                "id": "dir-1",
                "change": { "kind": "storeMeta", "meta": format!("{{\"plan\":\"{}\"}}", "x".repeat(380)) },
            }),
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
