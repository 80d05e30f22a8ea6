//! A tree of files through the real window: dropped as a folder, saved as it was by the native dialog, and into the
//! downloads without one. What the page says is said to its commands, whatever its buttons are called.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use privicore_tests::wait::{LONG, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};
use serde_json::{Value, json};

use crate::trees::{Tree, grow, seen};

const LIMIT: Duration = Duration::from_mins(5);

#[tokio::test]
async fn a_dropped_folder_comes_back_as_it_was_by_the_dialog_and_in_the_downloads() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let documents = desktop.home().join("Documents");
        let tree = documents.join("tree");
        std::fs::create_dir_all(&tree)?;
        grow(&tree);
        let before = seen(&tree);
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.drop_files(std::slice::from_ref(&tree)).await?;
        let folder = stored_folder(&window, "tree", before.len()).await?;
        let rows = json!([{ "folder": folder }]);

        let saved = documents.join("saved");
        std::fs::create_dir_all(&saved)?;
        let asked = json!({ "rows": rows, "layout": "inFolders", "existing": "keepBoth" });
        let dialog = window.dialog(begin(&window, "save_rows", &asked)).await?;
        dialog.choose(&saved).await?;
        comes_back(&before, &saved.join("tree")).await?;

        begin(&window, "save_to_downloads", &json!({ "rows": rows })).await?;
        comes_back(&before, &desktop.home().join("Downloads/tree")).await?;

        let deletion = ask(&window, "delete_rows", &json!({ "rows": rows })).await?;
        let files = before.values().flatten().count();
        ensure!(
            deletion["files"] == files,
            "{deletion} is not about {files} files"
        );
        let undone = ask(&window, "undo_deletion", &json!({ "id": deletion["id"] })).await?;
        ensure!(undone == true, "the deletion was not undone");
        Ok(())
    })
    .await?
}

/// The key of a folder at the top, once so many files and folders are in it.
async fn stored_folder(window: &Window<'_>, name: &str, count: usize) -> Result<String> {
    let key = wait_for("the folder to be stored", LONG, async || {
        let top = rows_in(window, "", false).await.ok()?;
        let folder = top.iter().find(|row| row["name"] == name)?;
        let key = folder["key"].as_str()?.to_owned();
        let files = usize::try_from(folder["files"].as_u64()?).ok()?;
        let folders = folders_below(window, &key).await.ok()?;
        (files + folders == count).then_some(key)
    })
    .await?;
    Ok(key)
}

async fn folders_below(window: &Window<'_>, key: &str) -> Result<usize> {
    let query = json!({ "kind": "folder" });
    let page = ask(window, "query_rows", &query_of(key, true, &query)).await?;
    let folders = page["folders"].as_u64().context("a page counts folders")?;
    Ok(usize::try_from(folders)?)
}

async fn rows_in(window: &Window<'_>, key: &str, below: bool) -> Result<Vec<Value>> {
    let page = ask(window, "query_rows", &query_of(key, below, &json!({}))).await?;
    let rows = page["rows"].as_array().context("a page has rows")?;
    Ok(rows.clone())
}

fn query_of(folder: &str, below: bool, more: &Value) -> Value {
    let mut query = json!({
        "folder": folder, "below": below, "search": "", "context": null, "needsAttention": false, "kind": null,
        "modifiedSince": null, "state": null, "sort": "name", "descending": false, "offset": 0, "limit": 100,
        "follow": [],
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        query[name] = value.clone();
    }
    json!({ "query": query })
}

/// What a command of the page answers.
pub(crate) async fn ask(window: &Window<'_>, command: &str, arguments: &Value) -> Result<Value> {
    let script = "
        const [command, args, done] = arguments;
        window.__TAURI_INTERNALS__.invoke(command, args).then(done, (error) => done({ error }));
    ";
    let arguments = vec![json!(command), arguments.clone()];
    let answer = window.page().execute_async(script, arguments).await?;
    let answer: Value = answer.convert()?;
    ensure!(answer.get("error").is_none(), "{command}: {answer}");
    Ok(answer)
}

/// Begins a command of the page that may wait for a dialog.
async fn begin(window: &Window<'_>, command: &str, arguments: &Value) -> Result<()> {
    let script = "void window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]);";
    let arguments = vec![json!(command), arguments.clone()];
    window.page().execute(script, arguments).await?;
    Ok(())
}

/// Everything of it comes back with its bytes, its times and what can be run, and nothing else.
pub(crate) async fn comes_back(before: &Tree, folder: &Path) -> Result<()> {
    let what = format!("all of {}", folder.display());
    // Each file has its name once it is whole.
    wait_for(&what, LONG, async || {
        let mut names = before.keys().map(|name| OsStr::from_bytes(name));
        let are_there = names.all(|name| folder.join(name).symlink_metadata().is_ok());
        are_there.then_some(())
    })
    .await?;
    ensure!(
        seen(folder) == *before,
        "{} is another tree",
        folder.display()
    );
    Ok(())
}
