//! What the console may do, and what it has shown.

use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};
use privicore_vault::{DataRequest, Error, RequestedData, SessionError, Vault, WorkError};
use secrecy::SecretString;
use serde::Serialize;
use specta::Type;
use tauri::WebviewWindow;

use crate::consent::Question;
use crate::view::ErrorView;

/// Whether the user lets the console send, the last answer with its tokens, and what came for it. All of it ends with
/// the session and with a lock.
#[derive(Default)]
pub(crate) struct ConsoleState(Mutex<ConsoleSession>);

impl ConsoleState {
    pub(crate) fn clear(&self) {
        let mut session = self.session();
        *session = ConsoleSession {
            turn: session.turn + 1,
            number: session.number + 1,
            ..ConsoleSession::default()
        };
    }

    /// Asks before the first request. The answer holds for the turn in which it was asked.
    pub(super) async fn may_send(
        &self,
        window: &WebviewWindow,
        operation: &str,
    ) -> Result<(), ErrorView> {
        let turn = self.turn();
        // What is no operation is asked about by nobody.
        let operation = Vault::operation(operation)?.id;
        if !self.session().may_send {
            Question::console(operation).ask(window).await?;
            if !self.permit(turn) {
                return Err(Error::Session(SessionError::Locked).into());
            }
        }
        Ok(())
    }

    pub(super) fn turn(&self) -> u64 {
        self.session().turn
    }

    pub(super) fn number(&self) -> u64 {
        self.session().number
    }

    /// Lets the console send, unless the turn is over.
    fn permit(&self, turn: u64) -> bool {
        let mut session = self.session();
        session.may_send |= session.turn == turn;
        session.turn == turn
    }

    /// Keeps an answer to be shown, unless the turn in which it was asked for is over. What came for the one before
    /// goes.
    pub(super) fn keep(
        &self,
        turn: u64,
        answer: Option<SecretString>,
        request: Option<DataRequest>,
    ) {
        let mut session = self.session();
        if session.turn == turn {
            *session = ConsoleSession {
                may_send: session.may_send,
                answer,
                request,
                data: None,
                number: session.number + 1,
                turn,
            };
        }
    }

    /// Keeps what came for the answer of this number, if it is still the last one.
    pub(super) fn keep_data(
        &self,
        asked: u64,
        data: RequestedData,
    ) -> Result<RequestedDataView, Error> {
        let mut session = self.session();
        if session.number != asked {
            return Err(Error::Work(WorkError::Canceled));
        }
        let view = RequestedDataView {
            length_bytes: data.length_bytes(),
        };
        session.data = Some(Arc::new(data));
        Ok(view)
    }

    /// What can be saved. A link works once: it is not kept any longer.
    pub(super) fn take_data(&self) -> Result<Arc<RequestedData>, Error> {
        let mut session = self.session();
        let data = session
            .data
            .take()
            .ok_or(Error::Work(WorkError::Canceled))?;
        if data.link().is_none() {
            session.data = Some(Arc::clone(&data));
        }
        Ok(data)
    }

    pub(super) fn session(&self) -> MutexGuard<'_, ConsoleSession> {
        self.0.lock()
    }
}

#[derive(Default)]
pub(crate) struct ConsoleSession {
    pub(crate) may_send: bool,
    pub(crate) answer: Option<SecretString>,
    pub(crate) request: Option<DataRequest>,
    pub(crate) data: Option<Arc<RequestedData>>,
    /// Grows with each answer: what was asked about one holds for no other.
    pub(crate) number: u64,
    /// Grows with each [`clear`](ConsoleState::clear): what began before it changes nothing afterwards.
    pub(crate) turn: u64,
}

/// What came for a request for data. The bytes and the link stay here.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestedDataView {
    /// Nothing when a link came.
    pub length_bytes: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_begun_before_a_lock_has_no_effect_after_it() {
        let console = ConsoleState::default();
        let before = console.turn();
        assert!(console.permit(before));
        let answer = || Some("dtk-1".into());
        console.keep(before, answer(), Some("r-1".into()));
        console.clear();
        assert!(!console.permit(before));
        console.keep(before, answer(), Some("r-1".into()));
        let session = console.session();
        assert!(!session.may_send && session.answer.is_none() && session.request.is_none());
    }

    #[test]
    fn consent_for_one_answer_is_not_valid_for_another() {
        let console = ConsoleState::default();
        let turn = console.turn();
        console.keep(turn, Some("dtk-1".into()), None);
        let asked_about = console.number();
        console.keep(turn, Some("dtk-2".into()), None);
        assert_ne!(console.number(), asked_about);
        assert!(console.take_data().is_err());
    }
}
