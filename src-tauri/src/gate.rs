//! Which commands are answered when: all of them for who is signed in, and for everybody else only those that lead
//! there.
//!
//! Each command is refused here before anything of it is looked at, whatever the page shows. A new command is refused
//! to who is locked or signed out until it is named below.

use privicore_vault::{Error, SessionError, Stage};
use tauri::ipc::Invoke;
use tauri::{Manager as _, Wry};

use crate::vault_handle::VaultHandle;
use crate::view::ErrorView;

/// While the app is locked.
const LOCKED: [&str; 5] = [
    "app_view",
    "restore_previous_keys",
    "sign_out",
    "unlock",
    "unlock_view",
];

/// While a service is chosen and nobody is signed in.
const SIGNED_OUT: [&str; 14] = [
    "app_view",
    "choose_connection",
    "choose_kit",
    "choose_network_file",
    "create_profile",
    "forget_kit",
    "look_for_keyring",
    "network",
    "rate_secret",
    "restore_profile",
    "set_network",
    "sign_in",
    "try_now",
    "type_kit",
];

/// While no service is chosen.
const FIRST_START: [&str; 10] = [
    "app_view",
    "check_addresses",
    "choose_network_file",
    "connect_sandbox",
    "connect_service",
    "look_for_keyring",
    "network",
    "rate_secret",
    "set_network",
    "try_now",
];

/// Only for who is not signed in.
const WAYS_IN: [&str; 3] = ["check_addresses", "connect_sandbox", "connect_service"];

/// Answers the commands that may be answered with `handler`, and refuses all others.
pub(crate) fn guarded(
    handler: impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static,
) -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    move |invoke| {
        let vault = invoke
            .message
            .webview_ref()
            .state::<VaultHandle>()
            .vault_if_open();
        let stage = vault.map(|vault| vault.status().stage);
        match refusal(invoke.message.command(), stage) {
            None => handler(invoke),
            Some(error) => {
                invoke.resolver.reject(ErrorView::from(&error));
                true
            }
        }
    }
}

/// Why a command is not answered at this stage; nothing is known of it before the vault is open.
fn refusal(command: &str, stage: Option<Stage>) -> Option<Error> {
    let (is_answered, error) = match stage {
        None => (
            command == "app_view",
            Error::Session(SessionError::SignedOut),
        ),
        Some(Stage::FirstStart) => (
            FIRST_START.contains(&command),
            Error::Session(SessionError::SignedOut),
        ),
        Some(Stage::SignedOut) => (
            SIGNED_OUT.contains(&command),
            Error::Session(SessionError::SignedOut),
        ),
        Some(Stage::Locked) => (
            LOCKED.contains(&command),
            Error::Session(SessionError::Locked),
        ),
        Some(Stage::SignedIn) => (
            !WAYS_IN.contains(&command),
            Error::Session(SessionError::SignedInAlready),
        ),
    };
    (!is_answered).then_some(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the page may call, as `capabilities/main.json` allows it.
    fn commands() -> Vec<String> {
        let allowed: serde_json::Value =
            serde_json::from_str(include_str!("../capabilities/main.json")).unwrap();
        let permissions = allowed["permissions"].as_array().unwrap().iter();
        let own = permissions.filter_map(|permission| permission.as_str()?.strip_prefix("allow-"));
        own.map(|name| name.replace('-', "_")).collect()
    }

    #[test]
    fn every_command_that_is_let_through_exists() {
        let commands = commands();
        assert!(commands.len() > 100, "{commands:?}");
        let named = [&LOCKED[..], &SIGNED_OUT, &FIRST_START, &WAYS_IN].concat();
        for name in named {
            assert!(commands.iter().any(|command| command == name), "{name}");
        }
    }

    #[test]
    fn while_locked_only_unlock_and_sign_out_answer() {
        for command in commands() {
            let refused = refusal(&command, Some(Stage::Locked));
            if LOCKED.contains(&command.as_str()) {
                assert!(refused.is_none(), "{command}");
            } else {
                assert!(
                    matches!(refused, Some(Error::Session(SessionError::Locked))),
                    "{command}"
                );
            }
        }
    }

    #[test]
    fn addresses_are_tried_only_while_no_service_is_chosen() {
        for stage in [Stage::SignedOut, Stage::Locked, Stage::SignedIn] {
            assert!(
                refusal("check_addresses", Some(stage)).is_some(),
                "{stage:?}"
            );
        }
        assert!(refusal("check_addresses", Some(Stage::FirstStart)).is_none());
    }

    #[test]
    fn before_the_vault_is_open_only_the_view_is_answered() {
        for command in commands() {
            let is_answered = refusal(&command, None).is_none();
            assert_eq!(is_answered, command == "app_view", "{command}");
        }
    }
}
