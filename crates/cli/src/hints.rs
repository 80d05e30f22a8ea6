//! What to do, in commands: where the app's own hint names a place of its window.

use privicore_vault::{Code, Explanation};

/// The explanation with the hint of the command line, if there is another one.
pub(crate) fn in_commands(explanation: &Explanation) -> Explanation {
    let hint = hint(explanation.code).map_or_else(|| with_options(explanation), str::to_owned);
    Explanation::new(explanation.code, &explanation.message, hint)
}

/// The app's own hint, with options of the command line for the network settings of its window.
fn with_options(explanation: &Explanation) -> String {
    let options = match explanation.code {
        Code::Tls => "with --ca-file",
        Code::ClientCertificate => "with --client-certificate and --client-key",
        Code::NetworkFile => "with --ca-file, --client-certificate or --client-key",
        Code::ProxyCredentials => "with PRIVICORE_PROXY_CREDENTIALS (NAME:PASSWORD)",
        _ => "with --proxy",
    };
    explanation.hint.replace(NETWORK_SETTINGS, options)
}

/// How hints name that place of the window.
const NETWORK_SETTINGS: &str = "in the network settings";

fn hint(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::SignedOut => {
            "Sign in with `privicore sign-in NAME`, or make a profile with `privicore sign-up NAME`."
        }
        Code::NotConnected => {
            "Name it once: --sandbox for the service played on this machine, or --server, --websocket, --upstream and \
            --downstream."
        }
        Code::SignedIn => {
            "Run `privicore sign-out` first. `privicore status` tells who is signed in."
        }
        Code::UnknownFile => "`privicore ls` lists the files with their ids.",
        Code::UnknownTransfer => "`privicore transfers` lists them with their ids.",
        Code::UnknownOperation | Code::UnknownField | Code::FieldMissing => {
            "`privicore operations NAME` lists operations and what they take. Nothing was sent."
        }
        Code::RecordKnown => "Run `privicore ls` and look whether it is what you expect.",
        Code::TargetExists => {
            "Look at it. Then choose another name, or replace it with `privicore get --force`. It was not touched."
        }
        Code::TargetFolderMissing => "Make the folder first, or choose another.",
        Code::Missing => {
            "Keep your original. Run `privicore ls` and try again; if it stays so, ask the service's operator."
        }
        Code::ListShrunk => {
            "Nothing was changed. Look again in a moment. Accept the shorter list only if that is right: `privicore \
            ls --accept-missing`."
        }
        Code::NotMissing => {
            "Only what is missing can be forgotten. To delete a file at the service, use `privicore rm`."
        }
        Code::RenamedAgain => {
            "Nothing was taken over. Run `privicore ls`, look at the name that the service lists now, and decide again."
        }
        Code::UnknownSharedKey => {
            "`privicore keys shared list` lists them; `make` and `add` bring new ones."
        }
        Code::SharedKeyMissing => {
            "Take it over with `privicore keys shared add`, then try again. Nothing was changed."
        }
        Code::UnknownRecipient => {
            "`privicore recipients list` lists them. Add --for-label for one who gets only files with a label."
        }
        Code::ResealWithoutReceipt => {
            "Get it and look whether it is right. Then give --without-receipt. It is as it was."
        }
        Code::ProtectedOtherwise => {
            "`privicore keys protect --keyring` or `--passphrase` changes that. Nothing was changed."
        }
        Code::KeyChanged => {
            "Nothing is sent until you have compared the fingerprints that `privicore keys pins` lists, and accepted \
            the new one with `privicore keys accept`."
        }
        Code::ChoicesMissing => {
            "Compare the service's keys (`privicore keys pins`), and look whether `privicore recipients list` and \
            `privicore keys shared list` are still what you chose. Set again what is missing."
        }
        Code::RecordsMissing => {
            "The list is fetched from the service. Receipts and the remembered keys of the service were in that file: \
            if you have a backup of it, put it back while no command and no window runs. Otherwise compare the \
            service's keys (`privicore keys pins`); until then nothing is stored."
        }
        Code::NoStorageDevice => {
            "Register a storage device, better three or more: see `privicore operations device`."
        }
        Code::KeysAreHere => {
            "Sign in with `privicore sign-in NAME`. If nobody knows the passphrase, give `privicore recovery restore` \
            --replace-keys: the keys that are here are kept under another name."
        }
        Code::KitNotConfirmed => {
            "Look at the kit that was saved last, and type them again. Without one, make it with `privicore recovery \
            create -o FOLDER`."
        }
        Code::RecoveryKey => {
            "If the kit is confirmed nothing is left to do: see `privicore recovery status`. For a new kit run \
            `privicore recovery renew`, then `privicore recovery create`."
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_that_names_the_network_settings_names_the_options_instead() {
        for (code, option) in [
            (Code::ProxyOffline, "--proxy"),
            (Code::ProxyCredentials, "PRIVICORE_PROXY_CREDENTIALS"),
            (Code::Tls, "--ca-file"),
            (Code::ClientCertificate, "--client-certificate"),
            (Code::NetworkFile, "--ca-file"),
        ] {
            let explained = in_commands(&Explanation::new(
                code,
                "what happened",
                "Choose another in the network settings, then try again.",
            ));
            assert!(explained.hint.contains(option), "{}", explained.hint);
            assert!(!explained.hint.contains("settings"), "{}", explained.hint);
        }
    }

    #[test]
    fn a_hint_that_names_a_command_takes_the_place_of_one_for_the_window() {
        let explained = |code| in_commands(&Explanation::new(code, "what happened", "what to do"));
        let replaced = explained(Code::UnknownFile);
        assert_eq!(replaced.message, "what happened");
        assert!(replaced.hint.contains("privicore ls"));
        assert_eq!(explained(Code::NoSpace).hint, "what to do");
        for code in [Code::KeyChanged, Code::RecordsMissing, Code::ChoicesMissing] {
            assert!(explained(code).hint.contains("privicore keys pins"));
        }
    }
}
