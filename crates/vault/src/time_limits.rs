//! How long the service may take.

use std::time::Duration;

use privicore_client::Configuration;

/// How long the service may take before it counts as silent. Without any the limits are those for a person in front of
/// a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimits {
    /// For the whole answer to a request.
    pub answer: Duration,
    /// Without progress, while bytes are on their way.
    pub idle: Duration,
    /// For the outcome of a command, or for data that was requested.
    pub settle: Duration,
    /// Before an outcome that was not told is asked for.
    pub poll: Duration,
}

impl TimeLimits {
    pub(crate) fn apply(&self, configuration: &mut Configuration) {
        configuration.answer_timeout = self.answer;
        configuration.idle_timeout = self.idle;
        configuration.outcome_timeout = self.settle;
        configuration.poll_back_off.first = self.poll;
    }
}
