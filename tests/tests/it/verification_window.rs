//! An untrusted service in the real window. Pictures are left in target/screenshots/.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use privicore_sandbox::{DOWNSTREAM, Dialect, Fault, Sandbox};
use privicore_tests::journey::Theme;
use privicore_tests::test_vault::random_bytes;
use privicore_tests::wait::{LONG, SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};

const LIMIT: Duration = Duration::from_mins(8);
/// Large enough to travel as a stream, in several chunks.
const LARGE: usize = 300_000;

#[tokio::test(flavor = "multi_thread")]
async fn each_verdict_is_shown_and_the_received_bytes_can_be_kept() -> Result<()> {
    limited(async {
        let sandbox = service().await?;
        let desktop = Desktop::start(Keyring::Open).await?;
        let report = desktop.write("Documents/report.pdf", &random_bytes(LARGE))?;
        let other = desktop.write("Documents/other.pdf", &random_bytes(LARGE + 1))?;
        let mut window = signed_up(&desktop, &sandbox).await?;
        window.drop_files(&[report, other]).await?;
        window.is_stored("other.pdf").await?;
        window.is_stored("report.pdf").await?;

        let cut = b"age-encryption.org/v1\n".to_vec();
        for (name, told, fault) in [
            ("swapped", "swapped or rolled back", Fault::OtherBytes),
            (
                "damaged",
                "damaged and do not open",
                Fault::FlipByte { at: 200_000 },
            ),
            ("cut short", "end too early", Fault::Instead { bytes: cut }),
        ] {
            plan(&sandbox, fault);
            let target = desktop.home().join(format!("Documents/{name}.pdf"));
            window
                .ask_to_save("report.pdf")
                .await?
                .save_as(&target)
                .await?;
            wait_for(&format!("“{told}” to be told"), LONG, async || {
                window.show_transfers().await.ok()?;
                let rows = window.page().execute(FAILED, vec![]).await.ok()?;
                let words: String = rows.convert().ok()?;
                words.contains(told).then_some(())
            })
            .await?;
            ensure!(!target.exists(), "{name} was saved");
        }
        window.show_transfers().await?;
        photograph(&mut window, "verdicts").await?;
        window.show_transfers().await?;

        plan(&sandbox, Fault::FlipByte { at: 200_000 });
        let damaged = "[data-testid=transfer-row]:nth-child(2) [data-testid=keep-anyway]";
        window.find_within(damaged, SOON).await?.click().await?;
        window.see("keep-yes").await?;
        // Words that are clamped to two lines count as hidden for the driver.
        let words = "return document.querySelector('[data-testid=keep-words]')?.textContent ?? ''";
        let words: String = window.page().execute(words, vec![]).await?.convert()?;
        ensure!(words.contains("(DAMAGED).pdf"), "{words:?}");
        photograph(&mut window, "keep-question").await?;
        // The list has closed when something beside it was pressed, and the question with it.
        window.show_transfers().await?;
        window.find_within(damaged, SOON).await?.click().await?;
        window.click("keep-yes").await?;
        let kept = desktop.home().join("Documents/damaged (DAMAGED).pdf");
        wait_for("what opened to be kept", LONG, async || {
            kept.exists().then_some(())
        })
        .await?;
        let bytes = std::fs::read(&kept)?;
        ensure!(random_bytes(LARGE).starts_with(&bytes) && !bytes.is_empty());
        window
            .find_within("[data-testid=transfer-row][data-state=done]", SOON)
            .await?;
        photograph(&mut window, "kept").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_read_back_and_a_mismatch_is_loud_until_it_is_right_again() -> Result<()> {
    limited(async {
        let sandbox = service().await?;
        let desktop = Desktop::start(Keyring::Open).await?;
        let report = desktop.write("Documents/report.pdf", &random_bytes(LARGE))?;
        let mut window = signed_up(&desktop, &sandbox).await?;
        window.drop_files(&[report]).await?;
        window.is_stored("report.pdf").await?.click().await?;
        plan(&sandbox, Fault::FlipByte { at: 200_000 });
        verify(&window).await?;
        window
            .find_within("[data-testid=file-row][data-state=mismatch]", LONG)
            .await?;
        let words = window.see("verification").await?.text().await?;
        ensure!(words.contains("damaged"), "{words:?}");
        photograph(&mut window, "mismatch").await?;
        verify(&window).await?;
        window
            .find_within("[data-testid=file-row][data-state=verified]", LONG)
            .await?;
        let words = window.see("verification").await?.text().await?;
        ensure!(words.contains("3 storage devices"), "{words:?}");
        photograph(&mut window, "verified").await?;
        window.account("settings").await?;
        window.see("verify-uploads").await?;
        window
            .screenshot(&pictures().join("verification-settings.png"))
            .await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_engine_key_is_an_alarm_until_it_is_compared_and_accepted() -> Result<()> {
    limited(async {
        let sandbox = service().await?;
        let desktop = Desktop::start(Keyring::Open).await?;
        let first = desktop.write("Documents/first.txt", b"first")?;
        let second = desktop.write("Documents/second.txt", b"second")?;
        let window = signed_up(&desktop, &sandbox).await?;
        window.drop_files(&[first]).await?;
        window.is_stored("first.txt").await?;
        drop(window);
        sandbox.control().rotate_engine_key().await?;

        let mut window = Window::open(&desktop).await?;
        window.is_signed_in().await?;
        window.is_stored("first.txt").await?;
        window.drop_files(&[second]).await?;
        window.see_within("key-alarm", LONG).await?;
        photograph(&mut window, "key-alarm").await?;
        window.click("compare-keys").await?;
        window.see("alarm-engine").await?;
        photograph(&mut window, "key-alarm-compare").await?;
        let question = window.dialog(window.click("accept-key")).await?;
        question.agree("Accept key").await?;
        window.gone("[data-testid=alarm-engine]", SOON).await?;
        photograph(&mut window, "security").await
    })
    .await
}

/// What the rows of failed transfers say.
const FAILED: &str = "return [...document.querySelectorAll('[data-testid=transfer-row][data-state=failed]')].map(row \
    => row.textContent).join('\\n')";

async fn verify(window: &Window<'_>) -> Result<()> {
    if window.shows("verify").await {
        return window.click("verify").await;
    }
    // In a small window the details lie over the list, and go with the selection.
    window
        .find_within("[data-testid=file-row]", SOON)
        .await?
        .click()
        .await?;
    window.click("verify").await
}

async fn service() -> Result<Sandbox> {
    let sandbox = Sandbox::builder().memory().dialect(Dialect::Observed);
    Ok(sandbox.auto_storage(3).start().await?)
}

fn plan(sandbox: &Sandbox, fault: Fault) {
    sandbox.control().faults().plan(DOWNSTREAM, fault, 1);
}

/// A new profile on a service that is named by its four addresses.
async fn signed_up<'a>(desktop: &'a Desktop, sandbox: &Sandbox) -> Result<Window<'a>> {
    let window = Window::open(desktop).await?;
    window.click("connect-service").await?;
    window.click("connect-advanced").await?;
    let addresses = sandbox.addresses();
    for (field, address) in [
        ("address-api", &addresses.api),
        ("address-websocket", &addresses.websocket),
        ("address-upstream", &addresses.upstream),
        ("address-downstream", &addresses.downstream),
    ] {
        window.fill(field, address).await?;
    }
    let question = window.dialog(window.click("use-addresses")).await?;
    question.agree("Use service").await?;
    window.click("mode-create").await?;
    window.fill("username", "ada").await?;
    for field in ["password", "password-again"] {
        window.fill(field, "correct horse battery staple").await?;
    }
    window.click("submit-create").await?;
    window.is_signed_in().await?;
    Ok(window)
}

/// Large and small, dark and light. The look changes after the size has, so that what is painted is laid out anew.
async fn photograph(window: &mut Window<'_>, name: &str) -> Result<()> {
    for size in [Window::LARGE, Window::SMALL] {
        window.resize(size).await?;
        for look in [Theme::Dark, Theme::Light] {
            window.make(look).await?;
            let file = format!("verification-{name}-{look:?}-{}.png", size.0).to_lowercase();
            let picture = window.screenshot(&pictures().join(file)).await;
            picture.with_context(|| format!("the picture of {name}"))?;
        }
    }
    window.resize(Window::LARGE).await
}

/// Nothing here may hang: a test that takes longer has failed.
async fn limited(test: impl Future<Output = Result<()>>) -> Result<()> {
    within("the whole test", LIMIT, test).await?
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots")
}
