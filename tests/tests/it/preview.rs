//! Files that are looked at before they are saved.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use privicore_sandbox::{Dialect, Fault};
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{Code, Error, File, LockReason, PictureBounds, Preview};

const BOUNDS: PictureBounds = PictureBounds {
    width: 32,
    height: 32,
};
const REQUEST: &str = "data-token/request-data";

in_each_dialect!(a_picture_and_the_beginning_of_a_text_are_shown);

async fn a_picture_and_the_beginning_of_a_text_are_shown(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let picture = stored(&fixture, "photo.bmp", bitmap(64, 48)).await;
    let short = stored(&fixture, "short.txt", b"Dear diary".to_vec()).await;
    let long = stored(&fixture, "long.log", b"line\n".repeat(600_000)).await;
    let other = stored(&fixture, "other.bin", random_bytes(3_000_000)).await;
    let (before, _) = fixture.vault.transfers().unwrap();
    let shown = fixture.vault.preview(picture.id, BOUNDS).await.unwrap();
    let Preview::Picture(picture) = shown else {
        panic!("{shown:?}");
    };
    assert_eq!((picture.width, picture.height), (64, 48));
    assert!(picture.png.starts_with(b"\x89PNG"));
    let shown = fixture.vault.preview(short.id, BOUNDS).await.unwrap();
    let Preview::Text(text) = shown else {
        panic!("{shown:?}");
    };
    assert_eq!((text.text.as_str(), text.is_whole), ("Dear diary", true));
    let shown = fixture.vault.preview(long.id, BOUNDS).await.unwrap();
    let Preview::Text(text) = shown else {
        panic!("{shown:?}");
    };
    assert_eq!((text.text.len(), text.is_whole), (1024 * 1024, false));
    let shown = fixture.vault.preview(other.id, BOUNDS).await.unwrap();
    assert!(matches!(shown, Preview::OtherKind), "{shown:?}");
    let (after, _) = fixture.vault.transfers().unwrap();
    assert_eq!(after.len(), before.len(), "a preview is no transfer");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_what_was_stored_is_not_shown() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let mine = stored(&fixture, "mine.txt", b"mine".to_vec()).await;
    let other = stored(&fixture, "other.txt", b"else".to_vec()).await;
    let swapped = fixture.raw(&other).await;
    fixture.replace(&mine, swapped).await;
    let shown = fixture.vault.preview(mine.id, BOUNDS).await;
    assert_eq!(code(shown), Code::Swapped);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_shown_where_that_is_set() {
    let mut fixture = TestVault::signed_up(Dialect::Observed).await;
    let file = stored(&fixture, "mine.txt", b"mine".to_vec()).await;
    fixture.vault.set_hides_contents(true).await.unwrap();
    assert!(fixture.vault.status().hides_contents);
    fixture.sandbox().control().forget_calls();
    let shown = fixture.vault.preview(file.id, BOUNDS).await.unwrap();
    assert!(matches!(shown, Preview::Hidden), "{shown:?}");
    assert_eq!(fixture.sandbox().control().calls(REQUEST), 0);
    fixture.vault.shut_down().await;
    fixture.restart().await;
    assert!(fixture.vault.status().hides_contents);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_being_opened_ends_with_the_lock_with_its_place_and_with_the_next() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let file = stored(&fixture, "mine.txt", b"mine".to_vec()).await;
    let control = fixture.sandbox().control();
    for end in ["close", "next", "lock"] {
        let held = control.list_held().await.unwrap().len();
        control.faults().plan(REQUEST, Fault::HeldForVote, 1);
        let (vault, id) = (fixture.vault.clone(), file.id);
        let opening = tokio::spawn(async move { vault.preview(id, BOUNDS).await });
        wait_until("a vote to hold the request", async || {
            control.list_held().await.unwrap().len() > held
        })
        .await;
        match end {
            "close" => fixture.vault.close_preview(),
            "next" => {
                fixture.vault.preview(file.id, BOUNDS).await.unwrap();
            }
            _ => assert!(fixture.vault.lock(LockReason::Asked)),
        }
        assert_eq!(code(opening.await.unwrap()), Code::Canceled, "{end}");
    }
    let locked = fixture.vault.preview(file.id, BOUNDS).await;
    assert_eq!(code(locked), Code::Locked);
}

fn code(shown: Result<Preview, Error>) -> Code {
    shown.unwrap_err().explain().code
}

async fn stored(fixture: &TestVault, name: &str, bytes: Vec<u8>) -> Arc<File> {
    let (path, _) = fixture.write(name, bytes);
    fixture.store(vec![path.clone()], "").await;
    fixture.file_named(&path)
}

/// A black picture, 24 bits a pixel (BITMAPINFOHEADER).
fn bitmap(width: u32, height: u32) -> Vec<u8> {
    let row = (width * 3).next_multiple_of(4);
    let size = row * height;
    let mut bytes = b"BM".to_vec();
    for field in [54 + size, 0, 54, 40, width, height, 1 | 24 << 16, 0, size] {
        bytes.extend(field.to_le_bytes());
    }
    bytes.resize((54 + size) as usize, 0);
    bytes
}
