//! How much was done without a question since the user was last asked. The page could do it again and again, and hide
//! that it can be undone.

use parking_lot::Mutex;
use tauri::WebviewWindow;

use crate::consent::Question;
use crate::view::ErrorView;

/// What a hostile page could do harm with, each counted for itself.
#[derive(Default)]
pub(crate) struct Unasked {
    /// Versions of files, and folders, that are deleted.
    pub deletions: Count,
    /// Files that are decrypted into the downloads.
    pub downloads: Count,
    /// Names, places and labels of files that are others, and folders that are made.
    pub changes: Count,
}

#[derive(Default)]
pub(crate) struct Count(Mutex<usize>);

impl Count {
    const MOST: usize = 20;

    /// Asks, unless so few were done since the last question that these may be, too.
    ///
    /// # Errors
    /// When the user does not agree: nothing is to be done then.
    pub(crate) async fn ask(
        &self,
        window: &WebviewWindow,
        more: usize,
        question: impl FnOnce() -> Question,
    ) -> Result<(), ErrorView> {
        if !self.take(more) {
            question().ask(window).await?;
            self.begin_anew();
        }
        Ok(())
    }

    /// Counts some more, if they may be done without a question.
    fn take(&self, more: usize) -> bool {
        let mut unasked = self.0.lock();
        let all = unasked.saturating_add(more);
        let may_go = all <= Self::MOST;
        if may_go {
            *unasked = all;
        }
        may_go
    }

    fn begin_anew(&self) {
        *self.0.lock() = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_deletions_without_a_question_counts_all_calls() {
        let unasked = Unasked::default();
        let deletions = &unasked.deletions;
        assert!(!deletions.take(Count::MOST + 1));
        assert!(!deletions.take(usize::MAX));
        for _ in 0..Count::MOST {
            assert!(deletions.take(1));
        }
        assert!(!deletions.take(1));
        assert!(unasked.downloads.take(1) && unasked.changes.take(1));
        deletions.begin_anew();
        assert!(deletions.take(Count::MOST));
        assert!(!deletions.take(1));
    }
}
