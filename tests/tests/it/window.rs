//! The app in its real window, each test on a desktop of its own. Pictures of every state are left in
//! target/screenshots/.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, ensure};
use privicore_tests::journey::{Theme, holds};
use privicore_tests::main_job::main_job;
use privicore_tests::wait::{LONG, SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};

const LIMIT: Duration = Duration::from_mins(5);

#[tokio::test]
async fn two_files_and_a_folder_are_dropped_and_come_back_the_same() -> Result<()> {
    limited(main_job(&pictures().join("main-job"))).await
}

#[tokio::test]
async fn a_restart_finds_the_profile_signed_in_and_its_files_there() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let file = desktop.write("Documents/kept safe.txt", b"still here")?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.drop_files(&[file]).await?;
        window.is_stored("kept safe.txt").await?;
        drop(window);

        let window = Window::open(&desktop).await?;
        window.is_signed_in().await?;
        window.is_stored("kept safe.txt").await?;
        window
            .screenshot(&pictures().join("after-a-restart.png"))
            .await?;
        let target = desktop.home().join("Documents/again.txt");
        let dialog = window.ask_to_save("kept safe.txt").await?;
        dialog.save_as(&target).await?;
        holds(&target, b"still here", None).await
    })
    .await
}

#[tokio::test]
async fn a_wrong_password_is_answered_with_a_sentence_and_the_right_one_opens() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window
            .create_profile("ada", "correct horse battery staple")
            .await?;
        window.account("sign-out").await?;
        window.sign_in("ada", "wrong horse battery staple").await?;
        let complaint = window.complaint().await?;
        ensure!(
            complaint.to_lowercase().contains("password"),
            "{complaint:?} does not say what is wrong"
        );
        window
            .screenshot(&pictures().join("wrong-password.png"))
            .await?;
        window
            .sign_in("ada", "correct horse battery staple")
            .await?;
        window.is_signed_in().await
    })
    .await
}

#[tokio::test]
async fn a_deletion_can_be_taken_back_and_otherwise_goes_through() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let kept = desktop.write("Documents/kept.txt", b"kept")?;
        let deleted = desktop.write("Documents/deleted.txt", b"deleted")?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.drop_files(&[kept, deleted]).await?;
        window.is_stored("deleted.txt").await?;

        window.delete("kept.txt").await?;
        window.click("undo").await?;
        window.is_stored("kept.txt").await?;

        window.delete("deleted.txt").await?;
        window
            .snapshot(&pictures().join("deleted-with-undo.png"))
            .await?;
        window.is_not_listed("deleted.txt").await?;
        drop(window);
        let window = Window::open(&desktop).await?;
        window.is_stored("kept.txt").await?;
        window.is_not_listed("deleted.txt").await?;
        window
            .screenshot(&pictures().join("deleted-for-good.png"))
            .await
    })
    .await
}

#[tokio::test]
async fn a_file_in_the_way_is_asked_about_and_replaced_as_a_whole() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let file = desktop.write("Documents/new.txt", b"the new content")?;
        let target = desktop.write(
            "Documents/old.txt",
            b"the old content, which is longer than the new",
        )?;
        let old = std::fs::read(&target)?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.drop_files(&[file]).await?;

        let dialog = window.ask_to_save("new.txt").await?;
        let question = window.dialog(dialog.save_as(&target)).await?;
        window
            .screenshot(&pictures().join("replace-question.png"))
            .await?;
        question.cancel().await?;
        dialog.cancel().await?;
        ensure!(
            std::fs::read(&target)? == old,
            "the file was replaced though it was declined"
        );

        let dialog = window.ask_to_save("new.txt").await?;
        let question = window.dialog(dialog.save_as(&target)).await?;
        question.agree("Replace").await?;
        holds(&target, b"the new content", Some(&old)).await
    })
    .await
}

#[tokio::test]
async fn without_a_keyring_a_passphrase_is_asked_for_and_opens_the_next_start() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Absent).await?;
        let file = desktop.write("Documents/locked away.txt", b"behind a passphrase")?;
        let window = Window::open(&desktop).await?;
        for field in ["passphrase", "passphrase-again"] {
            window.fill(field, "a passphrase of several words").await?;
        }
        window
            .screenshot(&pictures().join("no-keyring.png"))
            .await?;
        window.try_now().await?;
        window.drop_files(&[file]).await?;
        window.is_stored("locked away.txt").await?;
        drop(window);

        let window = Window::open(&desktop).await?;
        window.see_within("unlock", LONG).await?;
        window.screenshot(&pictures().join("locked.png")).await?;
        window.fill("passphrase", "not the passphrase").await?;
        window.click("unlock").await?;
        let complaint = window.complaint().await?;
        ensure!(
            complaint.to_lowercase().contains("passphrase"),
            "{complaint:?} does not say what is wrong"
        );
        window
            .screenshot(&pictures().join("wrong-passphrase.png"))
            .await?;
        window
            .fill("passphrase", "a passphrase of several words")
            .await?;
        window.click("unlock").await?;
        window.is_signed_in().await?;
        window.is_stored("locked away.txt").await.map(drop)
    })
    .await
}

#[tokio::test]
async fn a_new_key_is_made_and_what_is_stored_is_sealed_to_it() -> Result<()> {
    const SHARED: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff";
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let file = desktop.write("Documents/small.txt", b"sealed twice")?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.drop_files(&[file]).await?;
        window.is_stored("small.txt").await?;
        window.go_to("security").await?;
        window.click("rotate").await?;
        window.click("rotate-form-submit").await?;
        window.see_within("reseal-all", LONG).await?;
        window.screenshot(&pictures().join("rotated.png")).await?;
        window.click("reseal-all").await?;
        window.gone("[data-testid=reseal-all]", LONG).await?;
        window.click("import-shared-key").await?;
        window.fill("shared-key-name", "team").await?;
        window.fill("shared-key-text", SHARED).await?;
        let question = window
            .dialog(window.click("shared-key-form-submit"))
            .await?;
        question.agree("Import").await?;
        let exported = desktop.home().join("Documents/team.key");
        let dialog = window.dialog(window.click("export-shared-key")).await?;
        dialog.save_as(&exported).await?;
        holds(&exported, format!("{SHARED}\n").as_bytes(), None).await?;
        drop(window);

        // The keys of the next start are those of the key file.
        let window = Window::open(&desktop).await?;
        window.is_signed_in().await?;
        window.is_stored("small.txt").await?.click().await?;
        let opened_by = window.see("opened-by").await?.text().await?;
        ensure!(!opened_by.contains("not used"), "{opened_by:?}");
        window.click("store-in").await?;
        window.see("context-form").await?;
        let target = desktop.home().join("Documents/again.txt");
        let dialog = window.ask_to_save("small.txt").await?;
        dialog.save_as(&target).await?;
        holds(&target, b"sealed twice", None).await
    })
    .await
}

#[tokio::test]
async fn five_hundred_files_are_paused_quit_started_again_and_stored() -> Result<()> {
    const FILES: usize = 500;
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        for at in 0..FILES {
            desktop.write(&format!("Documents/many/{at:03}.bin"), &vec![7; 50_000])?;
        }
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window
            .drop_files(&[desktop.home().join("Documents/many")])
            .await?;
        window.click("pause-all").await?;
        window.see("resume-all").await?;
        // All files in one list, whatever folder they are in.
        window.go_to("recent").await?;
        let before = window.listed().await?;
        ensure!(before < FILES, "everything was stored before it was paused");
        window
            .screenshot(&pictures().join("many-paused.png"))
            .await?;
        drop(window);

        let mut window = Window::open(&desktop).await?;
        window.is_signed_in().await?;
        window.see("resume-all").await?;
        window.go_to("recent").await?;
        ensure!(
            window.listed().await? < FILES,
            "paused transfers went on by themselves"
        );
        window.click("resume-all").await?;
        wait_for("all files to be listed", LONG, async || {
            (window.listed().await.ok()? == FILES).then_some(())
        })
        .await?;
        for look in [Theme::Light, Theme::Dark] {
            window.make(look).await?;
            for size in [Window::LARGE, Window::SMALL] {
                window.resize(size).await?;
                let name = format!("many-stored-{look:?}-{}.png", size.0).to_lowercase();
                window.screenshot(&pictures().join(name)).await?;
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_second_start_brings_the_first_window_forward_and_ends() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.see("try-now").await?;
        let mut second = window.start_again()?;
        wait_for("the second start to end", SOON, async || {
            (!second.is_running()).then_some(())
        })
        .await?;
        window.see("try-now").await.map(drop)
    })
    .await
}

/// Nothing here may hang: a test that takes longer has failed.
async fn limited(test: impl Future<Output = Result<()>>) -> Result<()> {
    within("the whole test", LIMIT, test).await?
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots")
}
