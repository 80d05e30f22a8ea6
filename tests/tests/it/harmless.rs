//! The commands of the page that ask nothing, and why that harms nobody.

/// By the reason why nothing is asked.
pub(super) const HARMLESS: &[(&str, &[&str])] = &[
    (
        "it reads what the page shows anyway",
        &[
            "app_view",
            "rate_secret",
            "unlock_view",
            "look_for_keyring",
            "security",
            "network",
            "keys",
            "openers",
            "devices",
            "directories",
            "directory",
            "voting",
            "poll",
            "started_polls",
            "policies",
            "activity",
            "statistics",
            "operations",
            "show_operation",
            "account",
            "query_rows",
            "query_folders",
            "refresh_files",
            "query_versions",
            "transfers",
            "applications",
        ],
    ),
    (
        "it concerns the trial sandbox on this computer",
        &[
            "try_now",
            "connect_sandbox",
            "phones",
            "pair_phone",
            "set_phone_script",
            "answer_on_phone",
        ],
    ),
    (
        "it is answered while nobody is signed in, and the next service is asked about",
        &["choose_connection"],
    ),
    (
        "whoever calls it has to know a password or a key",
        &[
            "create_profile",
            "sign_in",
            "change_passphrase",
            "protect_with_keyring",
            "confirm_recovery_kit",
            "type_kit",
            "restore_profile",
            "change_password",
        ],
    ),
    (
        "it needs the passphrase, or the keyring that the user has opened",
        &["unlock"],
    ),
    ("it ends what the page can do", &["sign_out", "lock"]),
    (
        "it only keeps the app from locking by itself, which is accepted",
        &["seen"],
    ),
    (
        "it only decides when the app locks by itself, which is accepted",
        &["set_auto_lock"],
    ),
    (
        "the copy takes the place of a damaged key file only, and opens with the same passphrase or keyring",
        &["restore_previous_keys"],
    ),
    (
        "it changes only how this computer shows or does things",
        &[
            "set_theme",
            "set_language",
            "set_notifications",
            "set_verify_uploads",
            "set_clipboard_seconds",
            "set_limits",
            "clear_finished",
        ],
    ),
    ("the kit stays where it is", &["forget_kit"]),
    (
        "it only takes something away from others, or keeps them out",
        &["remove_recipient"],
    ),
    (
        "a policy has the profile's own devices decide on more than before",
        &["register_policy"],
    ),
    (
        "it waits for what the user has let the console send",
        &["settle_operation", "await_requested_data"],
    ),
    ("it copies what the page shows", &["copy_operation"]),
    (
        "the session is the app's own, and nobody else learns it",
        &["renew_session"],
    ),
    (
        "the service sees the label, which is accepted; the user drops the files",
        &["set_drop_target"],
    ),
    (
        "the file manager shows what the user has saved, and the page names no path",
        &["show_saved"],
    ),
    (
        "an older version is stored once more, and nothing is deleted",
        &["restore_version"],
    ),
    ("nothing is deleted by that", &["undo_deletion"]),
    (
        "the page is shown a text, or the address of a picture no script can read",
        &["preview_file"],
    ),
    ("nothing is shown any more", &["close_preview"]),
    (
        "it takes a click or a key, and programs and scripts are not opened",
        &["open_file"],
    ),
    (
        "it takes a button that is held down, and the user drops them where they want them",
        &["drag_rows"],
    ),
    (
        "stored bytes are read back, and nothing is written",
        &["verify_files"],
    ),
    (
        "it writes beside the target that the user chose for this download",
        &["keep_anyway"],
    ),
    (
        "the page may have the codes of tokens; they open no file",
        &["copy_token", "token_code"],
    ),
    (
        "it stops or goes on with what was begun; nothing is lost by that",
        &[
            "cancel_transfer",
            "cancel_all",
            "pause_transfer",
            "pause_all",
            "resume_transfer",
            "resume_all",
            "retry_transfer",
            "retry_failed",
        ],
    ),
    (
        "an application can do nothing before it is authorized, which is asked about",
        &["register_application"],
    ),
    (
        "the secret is among those that the page may show",
        &[
            "take_application_secret",
            "show_application_secret",
            "copy_application_secret",
        ],
    ),
    (
        "the secret can be made anew",
        &["forget_application_secret"],
    ),
];
