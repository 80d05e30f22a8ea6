//! Questions about operations that are sent as they are.

use crate::consent::Question;
use crate::consent::question::line;

impl Question {
    pub(crate) fn console(operation: &str) -> Self {
        Self {
            title: "Let the console send requests?",
            message: format!(
                "The console sends what is typed into it to the service, as you. The first request is “{}”. You are \
                asked once until the app is locked.",
                line(operation)
            ),
            agree: "Allow",
        }
    }

    pub(crate) fn show_tokens() -> Self {
        Self {
            title: "Show tokens and links?",
            message: "The last answer holds tokens or links. Whoever sees them can use them at the service; they open \
                no file.".to_owned(),
            agree: "Show",
        }
    }
}
