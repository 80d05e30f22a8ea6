//! The icon in the system's tray: how far transfers are, and a quick lock.
//!
//! Figures only: who passes by sees it, and no name of a file belongs there. A desktop without a tray goes without.

use privicore_vault::{Language, LockReason, Phrase, Stage, Status, TransferSummary};
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager as _, Wry};

use crate::language::{self, say, text};
use crate::main_window;
use crate::vault_handle::VaultHandle;

const ICON: Image<'_> = tauri::include_image!("../icons/32x32.png");
const NAME: &str = "Privicore";

const STATE: &str = "state";
const OPEN: &str = "open";
const LOCK: &str = "lock";
const QUIT: &str = "quit";

/// Of the icon's height, what the bar takes.
const BAR_PART: u32 = 5;
/// Red, green, blue, opacity: what has passed, and what has not.
const PASSED: [u8; 4] = [0x34, 0xc7, 0x84, 0xff];
const AHEAD: [u8; 4] = [0x20, 0x24, 0x2c, 0xff];

/// The icon, once there is somewhere to put it, and what it tells.
pub(crate) struct Tray {
    app: AppHandle,
    icon: Option<Icon>,
    stage: Stage,
    summary: TransferSummary,
}

struct Icon {
    tray: TrayIcon,
    state: MenuItem<Wry>,
    open: MenuItem<Wry>,
    lock: MenuItem<Wry>,
    quit: MenuItem<Wry>,
    language: Language,
    shown: TrayState,
}

/// What is to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
struct TrayState {
    words: String,
    percent: Option<u32>,
    can_lock: bool,
}

impl Tray {
    pub(crate) fn new(app: AppHandle, status: &Status) -> Self {
        let mut tray = Self {
            app,
            icon: None,
            stage: status.stage,
            summary: TransferSummary::default(),
        };
        tray.show();
        tray
    }

    /// Somebody came, went, locked or unlocked.
    pub(crate) fn see_status(&mut self, status: &Status) {
        self.stage = status.stage;
        if matches!(status.stage, Stage::FirstStart | Stage::SignedOut) {
            self.summary = TransferSummary::default();
        }
        self.show();
    }

    /// Transfers have moved.
    pub(crate) fn see_transfers(&mut self, summary: &TransferSummary) {
        // Figures only, here too: a locked app has no name left in memory.
        self.summary = TransferSummary {
            current: None,
            ..summary.clone()
        };
        if self.icon.is_some() {
            self.show();
        }
    }

    /// A panel that comes later than the app is found as soon as something about the status changes.
    fn show(&mut self) {
        let look = TrayState::of(self.stage, &self.summary);
        let shown = match &mut self.icon {
            Some(icon) => icon.show(look),
            None => Icon::put_up(&self.app, look).map(|icon| self.icon = Some(icon)),
        };
        if let Err(error) = shown {
            tracing::debug!(%error, "the system's tray does not show it");
        }
    }
}

impl Icon {
    fn put_up(app: &AppHandle, look: TrayState) -> tauri::Result<Self> {
        let state = MenuItem::with_id(app, STATE, &look.words, false, None::<&str>)?;
        let open = MenuItem::with_id(app, OPEN, text("tray.open"), true, None::<&str>)?;
        let lock = MenuItem::with_id(app, LOCK, text("tray.lock"), look.can_lock, None::<&str>)?;
        let quit = MenuItem::with_id(app, QUIT, text("tray.quit"), true, None::<&str>)?;
        let line = PredefinedMenuItem::separator(app)?;
        let menu = Menu::with_items(app, &[&state, &line, &open, &lock, &quit])?;
        let mut tray = TrayIconBuilder::with_id(NAME);
        if cfg!(target_os = "linux") {
            // Elsewhere it would stand beside the icon.
            tray = tray.title(NAME);
        }
        let tray = tray
            .icon(with_bar(&ICON, look.percent))
            .tooltip(&look.words)
            .menu(&menu)
            .show_menu_on_left_click(false)
            .on_menu_event(|app, event| choose(app, event.id().as_ref()))
            .on_tray_icon_event(|tray, event| {
                if is_click(&event) {
                    main_window::show(tray.app_handle());
                }
            })
            .build(app)?;
        Ok(Self {
            tray,
            state,
            open,
            lock,
            quit,
            language: language::spoken(),
            shown: look,
        })
    }

    fn show(&mut self, look: TrayState) -> tauri::Result<()> {
        if self.language != language::spoken() {
            self.open.set_text(text("tray.open"))?;
            self.lock.set_text(text("tray.lock"))?;
            self.quit.set_text(text("tray.quit"))?;
            self.language = language::spoken();
        }
        if look.words != self.shown.words {
            self.state.set_text(&look.words)?;
            self.tray.set_tooltip(Some(&look.words))?;
        }
        if look.percent != self.shown.percent {
            self.tray.set_icon(Some(with_bar(&ICON, look.percent)))?;
        }
        if look.can_lock != self.shown.can_lock {
            self.lock.set_enabled(look.can_lock)?;
        }
        self.shown = look;
        Ok(())
    }
}

fn is_click(event: &TrayIconEvent) -> bool {
    matches!(
        event,
        TrayIconEvent::Click {
            button: MouseButton::Left,
            button_state: MouseButtonState::Up,
            ..
        }
    )
}

fn choose(app: &AppHandle, item: &str) {
    match item {
        OPEN => main_window::show(app),
        LOCK => {
            if let Some(vault) = app.state::<VaultHandle>().vault_if_open() {
                tauri::async_runtime::spawn(async move { vault.lock(LockReason::Asked) });
            }
        }
        QUIT => main_window::ask_to_quit(app),
        _ => {}
    }
}

impl TrayState {
    fn of(stage: Stage, summary: &TransferSummary) -> Self {
        let active = summary.waiting + summary.running;
        let percent = (active > 0).then(|| percent(summary.done_bytes, summary.total_bytes));
        let words = match (stage, transfers(summary, percent)) {
            (Stage::FirstStart | Stage::SignedOut, _) => text("tray.signed_out"),
            (Stage::Locked, None) => text("tray.locked"),
            (Stage::Locked, Some(transfers)) => {
                say(&Phrase::new("tray.locked_with").text("transfers", transfers))
            }
            (Stage::SignedIn, None) => text("tray.idle"),
            (Stage::SignedIn, Some(transfers)) => transfers,
        };
        Self {
            words,
            percent,
            can_lock: stage == Stage::SignedIn,
        }
    }
}

/// What is worth the most attention, if anything is.
fn transfers(summary: &TransferSummary, percent: Option<u32>) -> Option<String> {
    let ended = summary.done + summary.failed + summary.not_confirmed;
    if let Some(percent) = percent {
        let all = ended + summary.waiting + summary.running + summary.held + summary.paused;
        let passed = Phrase::new("tray.passed").number("done", ended);
        let passed = passed.number("all", all).number("percent", percent);
        return Some(say(&passed));
    }
    let counted =
        |number: usize, key| (number > 0).then(|| say(&Phrase::new(key).number("number", number)));
    counted(summary.held, "tray.held")
        .or_else(|| counted(summary.failed, "tray.failed"))
        .or_else(|| counted(summary.not_confirmed, "tray.not_confirmed"))
        .or_else(|| counted(summary.paused, "tray.paused"))
}

/// Only what has passed whole is a hundred.
fn percent(done: u64, total: u64) -> u32 {
    let part = u128::from(done.min(total)) * 100;
    let whole = part.checked_div(u128::from(total)).unwrap_or_default();
    u32::try_from(whole).unwrap_or(100)
}

/// The icon, with a bar across its foot while something moves.
fn with_bar(icon: &Image<'_>, percent: Option<u32>) -> Image<'static> {
    let (width, height) = (icon.width(), icon.height());
    let mut pixels = icon.rgba().to_vec();
    if let Some(percent) = percent {
        let passed = width * percent / 100;
        let row_bytes = width as usize * PASSED.len();
        let foot = (height - height / BAR_PART) as usize;
        for row in pixels.chunks_exact_mut(row_bytes).skip(foot) {
            for (column, pixel) in (0..).zip(row.chunks_exact_mut(PASSED.len())) {
                pixel.copy_from_slice(if column < passed { &PASSED } else { &AHEAD });
            }
        }
    }
    Image::new_owned(pixels, width, height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::tests::{bracketed, said_in};

    fn words(stage: Stage, summary: &TransferSummary) -> String {
        TrayState::of(stage, summary).words
    }

    fn moving() -> TransferSummary {
        TransferSummary {
            waiting: 2,
            running: 1,
            done: 1,
            done_bytes: 999,
            total_bytes: 1000,
            current: Some("deed.txt".into()),
            ..TransferSummary::default()
        }
    }

    #[test]
    fn tells_how_far_transfers_are_and_no_name() {
        assert_eq!(
            words(Stage::SignedIn, &moving()),
            "1 of 4 transferred, 99 %"
        );
        assert_eq!(
            words(Stage::Locked, &moving()),
            "Locked. 1 of 4 transferred, 99 %"
        );
    }

    #[test]
    fn reports_what_needs_attention_when_no_transfer_runs() {
        let needs = |held, failed| TransferSummary {
            held,
            failed,
            done: 5,
            ..TransferSummary::default()
        };
        assert_eq!(
            words(Stage::SignedIn, &needs(2, 1)),
            "Waiting for approval: 2"
        );
        assert_eq!(words(Stage::SignedIn, &needs(0, 1)), "Not transferred: 1");
        assert_eq!(
            words(Stage::SignedIn, &needs(0, 0)),
            "Nothing is being transferred"
        );
    }

    #[test]
    fn every_word_comes_from_the_catalogue() {
        let needs = TransferSummary {
            paused: 1,
            ..TransferSummary::default()
        };
        for summary in [TransferSummary::default(), moving(), needs] {
            for stage in [
                Stage::FirstStart,
                Stage::SignedOut,
                Stage::Locked,
                Stage::SignedIn,
            ] {
                let words = bracketed(|| words(stage, &summary));
                assert!(words.starts_with('[') && words.ends_with(']'), "{words}");
            }
        }
        let german = said_in(Language::German, || words(Stage::Locked, &moving()));
        assert_eq!(german, "Gesperrt. 1 von 4 übertragen, 99 %");
    }

    #[test]
    fn only_what_is_open_can_be_locked() {
        let none = TransferSummary::default();
        assert!(TrayState::of(Stage::SignedIn, &none).can_lock);
        for stage in [Stage::FirstStart, Stage::SignedOut, Stage::Locked] {
            assert!(!TrayState::of(stage, &none).can_lock);
        }
    }

    #[test]
    fn empty_files_are_no_progress_yet() {
        assert_eq!(percent(0, 0), 0);
    }

    #[test]
    fn the_bar_on_the_icon_shows_the_share_that_is_done() {
        let half = with_bar(&ICON, Some(50));
        let last_row = half.rgba().len() - ICON.width() as usize * 4;
        let passed = half.rgba()[last_row..]
            .chunks_exact(4)
            .filter(|pixel| *pixel == PASSED)
            .count();
        assert_eq!(passed, ICON.width() as usize / 2);
        assert_eq!(with_bar(&ICON, None).rgba(), ICON.rgba());
    }
}
