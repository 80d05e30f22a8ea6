//! A token or another secret on the clipboard: put there from here, not by the page; kept out of histories where the
//! system knows how; taken back after a while, when the app locks and when it ends, if nothing else has taken its
//! place.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};
use privicore_vault::{Code, Phrase, Stage, Status};
use secrecy::{ExposeSecret as _, SecretString};

use crate::view::ErrorView;

/// What this app has put on the clipboard and will take back.
#[derive(Clone, Default)]
pub(crate) struct Clipboard {
    lent: Arc<Mutex<Option<Copied>>>,
    /// What was put there to stay.
    kept: Arc<Mutex<Option<arboard::Clipboard>>>,
}

struct Copied {
    loan: Loan,
    /// Dropped, it lets go of its copy of the text.
    board: arboard::Clipboard,
}

/// A text that is on the clipboard for a while.
struct Loan {
    text: SecretString,
    ends: Instant,
}

/// Why a text is to be taken back.
#[derive(Clone, Copy)]
enum Occasion {
    /// It is this late.
    Time(Instant),
    /// The app locks, or ends.
    Leaving,
}

/// What becomes of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It was taken off the clipboard.
    Cleared,
    /// Something else is there by now, and stays.
    Replaced,
}

impl Clipboard {
    /// Puts a text on the clipboard until `lifetime` after `now`. Blocks.
    ///
    /// # Errors
    /// When this machine has no clipboard, or it is busy.
    pub(crate) fn put(
        &self,
        text: SecretString,
        now: Instant,
        lifetime: Duration,
    ) -> Result<(), ErrorView> {
        let mut board = arboard::Clipboard::new().map_err(unusable)?;
        let exposed = text.expose_secret();
        without_history(board.set())
            .text(exposed)
            .map_err(unusable)?;
        let ends = now + lifetime;
        let loan = Loan { text, ends };
        *self.copied() = Some(Copied { loan, board });
        Ok(())
    }

    /// Puts a text on the clipboard that is no secret and may stay. Blocks.
    ///
    /// # Errors
    /// When this machine has no clipboard, or it is busy.
    pub(crate) fn keep(&self, text: &str) -> Result<(), ErrorView> {
        let mut board = arboard::Clipboard::new().map_err(unusable)?;
        board.set_text(text).map_err(unusable)?;
        // Where the system keeps no copy, the text is there as long as this is.
        *self.kept.lock() = Some(board);
        Ok(())
    }

    /// Takes back what is there for too long at `now`; answers what became of it, if anything was due. Blocks.
    pub(crate) fn clear_when_due(&self, now: Instant) -> Option<End> {
        self.clear(Occasion::Time(now))
    }

    /// Takes back what is there, however short it has been. Blocks.
    pub(crate) fn clear_now(&self) -> Option<End> {
        self.clear(Occasion::Leaving)
    }

    /// Whether there is something to be taken back now that the app stands like this.
    pub(crate) fn has_to_end(&self, status: &Status) -> bool {
        status.stage != Stage::SignedIn && self.copied().is_some()
    }

    fn clear(&self, occasion: Occasion) -> Option<End> {
        let mut kept = self.copied();
        let mut copied = kept.take_if(|copied| copied.loan.is_over(occasion))?;
        // A clipboard that cannot be read, or holds a picture, does not hold the text.
        let found = copied.board.get_text().ok().map(SecretString::from);
        let end = copied.loan.end(found.as_ref());
        if end == End::Cleared
            && let Err(error) = copied.board.clear()
        {
            tracing::warn!(%error, "the clipboard was not cleared");
        }
        Some(end)
    }

    fn copied(&self) -> MutexGuard<'_, Option<Copied>> {
        self.lent.lock()
    }
}

impl Loan {
    fn is_over(&self, occasion: Occasion) -> bool {
        match occasion {
            Occasion::Time(now) => now >= self.ends,
            Occasion::Leaving => true,
        }
    }

    /// What has to become of the text, given what is on the clipboard now.
    fn end(&self, found: Option<&SecretString>) -> End {
        let is_there =
            found.is_some_and(|found| found.expose_secret() == self.text.expose_secret());
        if is_there {
            End::Cleared
        } else {
            End::Replaced
        }
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn without_history(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtLinux::exclude_from_history(set)
}

#[cfg(target_os = "macos")]
fn without_history(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtApple::exclude_from_history(set)
}

#[cfg(windows)]
fn without_history(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtWindows::exclude_from_monitoring(set)
}

fn unusable(error: arboard::Error) -> ErrorView {
    tracing::warn!(%error, "nothing was copied");
    ErrorView::own(Code::Clipboard, Phrase::new("error.clipboard"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "5e1db519473827f455ee8680ca4a87b7";

    fn loan(begin: Instant) -> Loan {
        Loan {
            text: TOKEN.into(),
            ends: begin + Duration::from_secs(30),
        }
    }

    #[test]
    fn a_copied_secret_is_cleared_after_its_time_limit() {
        let begin = Instant::now();
        let after = |seconds| Occasion::Time(begin + Duration::from_secs(seconds));
        assert!(!loan(begin).is_over(after(0)));
        assert!(!loan(begin).is_over(after(29)));
        assert!(loan(begin).is_over(after(30)));
        assert!(loan(begin).is_over(after(3000)));
    }

    #[test]
    fn a_copied_secret_is_cleared_when_the_app_locks_or_quits() {
        assert!(loan(Instant::now()).is_over(Occasion::Leaving));
    }

    #[test]
    fn copying_again_restarts_the_time_limit() {
        let begin = Instant::now();
        let again = loan(begin + Duration::from_secs(20));
        assert!(!again.is_over(Occasion::Time(begin + Duration::from_secs(30))));
        assert!(again.is_over(Occasion::Time(begin + Duration::from_secs(50))));
    }

    #[test]
    fn only_the_token_itself_is_cleared() {
        let loan = loan(Instant::now());
        assert_eq!(loan.end(Some(&TOKEN.into())), End::Cleared);
        for other in ["", "something else", &TOKEN[1..]] {
            assert_eq!(loan.end(Some(&other.into())), End::Replaced, "{other}");
        }
        assert_eq!(loan.end(None), End::Replaced);
    }

    #[test]
    fn nothing_is_cleared_if_nothing_was_copied() {
        let clipboard = Clipboard::default();
        assert_eq!(clipboard.clear_when_due(Instant::now()), None);
        assert_eq!(clipboard.clear_now(), None);
    }
}
