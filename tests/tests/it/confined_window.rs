//! What the page cannot do, and what others cannot do to it, in the real window.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use parking_lot::Mutex;
use privicore_tests::journey::holds;
use privicore_tests::process::{Process, built};
use privicore_tests::wait::{SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const LIMIT: Duration = Duration::from_mins(5);
/// An address of this machine that nothing else uses, so that nobody but the app can listen there.
const ELSEWHERE: &str = "127.93.0.1";

/// Every way a page has to reach an address. `URL` is where nobody may come.
const WAYS_OUT: [&str; 22] = [
    "location.href = URL",
    "location.assign(URL)",
    "location.replace(URL)",
    "window.open(URL)",
    "window.open(URL, '_self')",
    "window.open(URL, '_top')",
    "link({ href: URL }).click()",
    "link({ href: URL, target: '_blank' }).click()",
    "link({ href: URL, download: 'names.txt' }).click()",
    "link({ href: location.href, ping: URL }).click()",
    "form('get').submit()",
    "form('post').submit()",
    "head('meta', { httpEquiv: 'refresh', content: '0;url=' + URL })",
    "head('link', { rel: 'preconnect', href: URL })",
    "head('link', { rel: 'prefetch', href: URL })",
    "head('link', { rel: 'preload', as: 'image', href: URL })",
    "head('link', { rel: 'stylesheet', href: URL })",
    "head('iframe', { src: URL })",
    "head('img', { src: URL })",
    "fetch(URL, { mode: 'no-cors' }).catch(() => {})",
    "navigator.sendBeacon(URL, 'names')",
    "new WebSocket(URL.replace('http', 'ws'))",
];

/// What the ways out are written with.
const HELPERS: &str = "
    const URL = arguments[0];
    const made = (name, set) => Object.assign(document.createElement(name), set);
    const head = (name, set) => document.head.appendChild(made(name, set));
    const link = (set) => document.body.appendChild(made('a', set));
    const form = (method) => {
        const form = made('form', { action: URL, method });
        form.appendChild(made('input', { name: 'leak', value: 'names' }));
        return document.body.appendChild(form);
    };
";

#[tokio::test]
async fn the_page_reaches_no_address_whatever_it_does() -> Result<()> {
    limited(async {
        let somebody = Listener::start().await?;
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        for way in WAYS_OUT {
            let url = json!(format!("http://127.0.0.1:{}/?leak", somebody.port));
            let script = format!("{HELPERS} try {{ {way} }} catch {{}}");
            window
                .page()
                .execute(script, vec![url])
                .await
                .with_context(|| way)?;
            let at: String = window
                .page()
                .execute("return location.href", vec![])
                .await?
                .convert()?;
            ensure!(at.starts_with("tauri://localhost"), "{way}: {at}");
        }
        // The page is still what it was, and the shell answers it.
        window.go_to("devices").await?;
        window.see("devices").await?;
        window.go_to("files").await?;
        window.see("add-files").await?;
        ensure!(window.page().windows().await?.len() == 1, "a window opened");
        somebody.is_reached_by_nobody_but_us().await
    })
    .await
}

#[tokio::test]
async fn no_inspector_listens_although_the_environment_asks_for_one() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let (binary, http) = (free_port().await?, free_port().await?);
        let _app = Process::start(built("privicore-desktop")?, |command| {
            desktop.enter(command);
            command.env("WEBKIT_INSPECTOR_SERVER", format!("{ELSEWHERE}:{binary}"));
            command.env(
                "WEBKIT_INSPECTOR_HTTP_SERVER",
                format!("{ELSEWHERE}:{http}"),
            );
        })?;
        wait_for("the window", SOON, async || {
            desktop.display().windows("privicore-desktop").await.pop()
        })
        .await?;
        desktop.display().rest().await?;
        for port in [binary, http] {
            let connected = TcpStream::connect((ELSEWHERE, port)).await;
            ensure!(connected.is_err(), "somebody listens on {port}");
        }
        Ok(())
    })
    .await
}

/// What names modules of the toolkit in the environment. `MODULE` is a library, `DIR` its folder, `INPUTS` and
/// `PICTURES` lists that name it for the input method `marked` and for pictures.
const NAME_MODULES: [(&str, &str); 14] = [
    ("GTK_MODULES", "MODULE"),
    ("GTK3_MODULES", "MODULE"),
    ("GTK_PATH", "DIR"),
    ("GTK_EXE_PREFIX", "DIR"),
    ("GTK_IM_MODULE_FILE", "INPUTS"),
    ("GIO_EXTRA_MODULES", "DIR"),
    ("GIO_MODULE_DIR", "DIR"),
    ("GDK_PIXBUF_MODULE_FILE", "PICTURES"),
    ("GST_PLUGIN_PATH", "DIR"),
    ("GST_PLUGIN_PATH_1_0", "DIR"),
    ("GST_PLUGIN_SYSTEM_PATH", "DIR"),
    ("GST_PLUGIN_SYSTEM_PATH_1_0", "DIR"),
    ("WEBKIT_INJECTED_BUNDLE_PATH", "DIR"),
    ("WEBKIT_EXEC_PATH", "DIR"),
];

#[tokio::test]
async fn no_module_that_the_environment_names_is_loaded() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let names = Modules::put(&desktop)?;
        let app = Process::start(built("privicore-desktop")?, |command| {
            desktop.enter(command);
            // An input method of the system is looked for in its list.
            command.env("GTK_IM_MODULE", "marked");
            command.envs(NAME_MODULES.map(|(name, what)| (name, names.value(what))));
        })?;
        let window = wait_for("the window", SOON, async || {
            desktop.display().windows("privicore-desktop").await.pop()
        })
        .await?;
        // With the keyboard in the page, what is typed goes through the input method.
        desktop.display().activate(&window).await?;
        desktop.display().press(&["Tab", "a"]).await?;
        desktop.display().rest().await?;
        let processes = family(app.id())?;
        ensure!(processes.len() > 1, "no process of the page: {processes:?}");
        for process in processes {
            let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).unwrap_or_default();
            ensure!(
                !maps.contains(Modules::NAME),
                "process {process} has loaded it"
            );
        }
        Ok(())
    })
    .await
}

/// A library that stays loaded once it was, in every place where the toolkit looks for one.
struct Modules {
    dir: PathBuf,
    module: PathBuf,
}

impl Modules {
    const NAME: &'static str = "libmarked.so";

    fn put(desktop: &Desktop) -> Result<Self> {
        // Every program with a window has it, and it is never taken out of a process again.
        let library = loaded("libgmodule-2.0.so")?;
        let bytes = std::fs::read(library)?;
        let module = desktop.write(&format!("modules/{}", Self::NAME), &bytes)?;
        for below in [
            "modules",
            "3.0.0/modules",
            "lib/gtk-3.0/modules",
            "lib/gtk-3.0/3.0.0/modules",
        ] {
            desktop.write(&format!("modules/{below}/{}", Self::NAME), &bytes)?;
        }
        desktop.write(
            ".config/gtk-3.0/settings.ini",
            b"[Settings]\ngtk-modules = marked\n",
        )?;
        let path = module.display();
        let inputs = format!("\"{path}\"\n\"marked\" \"Marked\" \"gtk30\" \"\" \"*\"\n");
        desktop.write("modules/inputs.cache", inputs.as_bytes())?;
        let pictures = format!(
            "\"{path}\"\n\"svg\" 6 \"gdk-pixbuf\" \"Pictures\" \"LGPL\"\n\"image/svg+xml\" \"\"\n\"svg\" \"\"\n\" \
            <svg\" \"*    \" 100\n\n"
        );
        desktop.write("modules/pictures.cache", pictures.as_bytes())?;
        let dir = desktop.home().join("modules");
        Ok(Self { dir, module })
    }

    fn value(&self, what: &str) -> PathBuf {
        match what {
            "MODULE" => self.module.clone(),
            "INPUTS" => self.dir.join("inputs.cache"),
            "PICTURES" => self.dir.join("pictures.cache"),
            _ => self.dir.clone(),
        }
    }
}

/// Where this system keeps a library, by the name it begins with.
fn loaded(library: &str) -> Result<PathBuf> {
    let output = std::process::Command::new("ldconfig").arg("-p").output();
    let output = output.or_else(|_| {
        let mut beside = std::process::Command::new("/sbin/ldconfig");
        beside.arg("-p").output()
    })?;
    let known = String::from_utf8_lossy(&output.stdout);
    let mut lines = known
        .lines()
        .filter(|line| line.trim_start().starts_with(library));
    let path = lines.find_map(|line| line.split("=> ").nth(1));
    Ok(PathBuf::from(
        path.context("the library of modules")?.trim(),
    ))
}

/// A process and all that came from it.
fn family(of: u32) -> Result<Vec<u32>> {
    let mut found = vec![of];
    let mut next = 0;
    while let Some(&process) = found.get(next) {
        let threads = std::fs::read_dir(format!("/proc/{process}/task"))?;
        for thread in threads.flatten() {
            let children = std::fs::read_to_string(thread.path().join("children"));
            let children = children.unwrap_or_default();
            found.extend(
                children
                    .split_whitespace()
                    .filter_map(|id| id.parse::<u32>().ok()),
            );
        }
        next += 1;
    }
    Ok(found)
}

#[tokio::test]
async fn stored_and_saved_files_are_not_among_the_recently_used() -> Result<()> {
    const OTHERS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<xbel version="1.0"
      xmlns:bookmark="http://www.freedesktop.org/standards/desktop-bookmarks"
      xmlns:mime="http://www.freedesktop.org/standards/shared-mime-info"
>
  <bookmark href="file:///tmp/of-another-program.txt" added="2026-11-29T10:00:00Z"
    modified="2026-11-29T10:00:00Z" visited="2026-11-29T10:00:00Z">
    <info><metadata owner="http://freedesktop.org"><mime:mime-type type="text/plain"/><bookmark:applications><bookmark:application name="gedit" exec="&apos;gedit %u&apos;" modified="2026-11-29T10:00:00Z" count="1"/></bookmark:applications></metadata></info>
  </bookmark>
</xbel>
"#;
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let list = desktop.write(".local/share/recently-used.xbel", OTHERS.as_bytes())?;
        let file = desktop.write("Documents/private.txt", b"nobody's business")?;
        let target = desktop.home().join("Documents/saved.txt");
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        let dialog = window.dialog(window.click("add-files")).await?;
        dialog.choose(&file).await?;
        window.is_stored("private.txt").await?;
        let dialog = window.ask_to_save("private.txt").await?;
        dialog.save_as(&target).await?;
        holds(&target, b"nobody's business", None).await?;
        // GTK writes its list a moment after a dialog was used: by now it would have.
        let dialog = window.ask_to_save("private.txt").await?;
        dialog.cancel().await?;
        let now = std::fs::read_to_string(&list)?;
        ensure!(now == OTHERS, "the desktop's list was written: {now}");
        Ok(())
    })
    .await
}

/// Everything the page may call, as it is allowed to.
pub(super) fn commands() -> Result<Vec<String>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/capabilities/main.json");
    let allowed: Value = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let permissions = allowed["permissions"].as_array().context("permissions")?;
    let names = permissions.iter().filter_map(Value::as_str);
    let own = names.filter_map(|name| name.strip_prefix("allow-"));
    Ok(own.map(|name| name.replace('-', "_")).collect())
}

/// As the screen that locks does it: the dialog has the keyboard.
pub(super) async fn lock(window: &Window<'_>) -> Result<()> {
    let lock = "window.__TAURI_INTERNALS__.invoke('lock', {})";
    window.page().execute(lock, vec![]).await?;
    Ok(())
}

#[tokio::test]
async fn without_a_display_the_app_says_so_and_ends() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Absent).await?;
        let mut app = std::process::Command::new(built("privicore-desktop")?);
        desktop.enter(&mut app);
        app.env_remove("DISPLAY");
        let ended = tokio::task::spawn_blocking(move || app.output()).await??;
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        ensure!(ended.status.code() == Some(1), "{said}");
        ensure!(said.contains("Is there a display?"), "{said}");
        ensure!(!said.contains("panicked"), "{said}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_name_that_turns_letters_round_poses_as_no_other_type() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let file = desktop.write("Documents/invoice\u{202e}gpj.exe", b"MZ")?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.drop_files(&[file]).await?;
        // Once more escaped: it is looked for by CSS.
        let row = window.is_stored("invoice\\\\u{202e}gpj.exe").await?;
        ensure!(!row.text().await?.contains('\u{202e}'));
        row.click().await?;
        let page = window.page().source().await?;
        ensure!(!page.contains('\u{202e}'), "it is on the page");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_apps_folder_is_private_to_the_user() -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let folder = desktop.data_home().join("com.privicore.desktop");
        for existing in [None, Some(0o755)] {
            if let Some(mode) = existing {
                std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode))?;
            }
            let _window = Window::open(&desktop).await?;
            let mode = std::fs::metadata(&folder)?.permissions().mode() & 0o777;
            ensure!(mode == 0o700, "{mode:o} after {existing:?}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_page_that_goes_back_to_the_choice_of_a_service_reaches_no_address_either() -> Result<()>
{
    const BACK: &str = "
        const [url, done] = arguments;
        const invoke = window.__TAURI_INTERNALS__.invoke;
        const addresses = { api: url, websocket: url.replace('http', 'ws'), upstream: url, downstream: url };
        invoke('sign_out')
            .then(() => invoke('choose_connection'))
            .then(() => invoke('check_addresses', { addresses }))
            .then(() => (window.answer = 'done'), (error) => (window.answer = error?.code ?? String(error)));
        done();
    ";
    limited(async {
        let somebody = Listener::start().await?;
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        let url = json!(format!("http://127.0.0.1:{}/names", somebody.port));
        let question = window
            .dialog(async {
                let script = window.page().execute_async(BACK, vec![url]);
                Ok(script.await.map(drop)?)
            })
            .await?;
        let title = question.title().await?;
        ensure!(title == "Test these addresses?", "{title}");
        question.cancel().await?;
        let answer = answer(&window).await?;
        ensure!(answer == "declined", "{answer}");
        somebody.is_reached_by_nobody_but_us().await
    })
    .await
}

/// Presses a key in the window, as who begins something does: what a page asks without that is soon not shown any more.
pub(super) async fn press_something(desktop: &Desktop) -> Result<()> {
    desktop.display().press(&["F8"]).await
}

/// Has the page call a command without waiting for its answer.
pub(super) async fn begin(window: &Window<'_>, command: &str, arguments: &Value) -> Result<()> {
    let call = "
        window.answer = null;
        window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(
            () => (window.answer = 'done'),
            (error) => (window.answer = error?.code ?? String(error)),
        );
    ";
    let arguments = vec![json!(command), arguments.clone()];
    window.page().execute(call, arguments).await?;
    Ok(())
}

pub(super) async fn answer(window: &Window<'_>) -> Result<String> {
    wait_for("the command's answer", SOON, async || {
        let answer = window.page().execute("return window.answer", vec![]).await;
        answer.ok()?.convert::<Option<String>>().ok()?
    })
    .await
}

/// Somebody on this machine who waits for the page to come by.
struct Listener {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Listener {
    async fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hearing = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let at = {
                    let mut heard = hearing.lock();
                    heard.push(String::from("somebody"));
                    heard.len() - 1
                };
                let mut request = [0; 512];
                let read = stream.read(&mut request).await.unwrap_or(0);
                let said = String::from_utf8_lossy(&request[..read]).into_owned();
                hearing.lock()[at] = said;
            }
        });
        Ok(Self { port, heard })
    }

    /// We come by ourselves: who came before us has been heard by then.
    async fn is_reached_by_nobody_but_us(&self) -> Result<()> {
        let mut us = TcpStream::connect(("127.0.0.1", self.port)).await?;
        us.write_all(b"us").await?;
        let heard = wait_for("ourselves to be heard", SOON, async || {
            let heard = self.heard.lock();
            heard.iter().any(|said| said == "us").then(|| heard.clone())
        })
        .await?;
        ensure!(heard == ["us"], "the page reached somebody: {heard:?}");
        Ok(())
    }
}

async fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    Ok(listener.local_addr()?.port())
}

/// Nothing here may hang: a test that takes longer has failed.
pub(crate) async fn limited(test: impl Future<Output = Result<()>>) -> Result<()> {
    within("the whole test", LIMIT, test).await?
}

pub(crate) fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots/questions")
}
