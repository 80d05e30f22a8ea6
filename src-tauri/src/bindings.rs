//! The commands and events of the page, and the TypeScript made from them.

use tauri_specta::{Builder, ErrorHandlingMode, collect_commands, collect_events};

use crate::commands::{
    account, activity, applications, changing, connection, console, copies, devices, directories,
    files, keys, lock, network, phones, policies, preview, recovery, rows, saving, security,
    session, storing, token, transfers, verification, votes,
};
use crate::events::{
    ActivityChanged, AppChanged, CopyEnded, DeletionEnded, DropChanged, FilesChanged, KeyProgress,
    Notice, RowsDropped, TransfersChanged,
};

/// Everything the page may call and hear.
#[expect(clippy::too_many_lines, reason = "one line for each command")]
pub(crate) fn builder() -> Builder<tauri::Wry> {
    Builder::new()
        // What the page reads and what it writes have the same shape: one type each.
        .disable_serde_phases()
        .error_handling(ErrorHandlingMode::Throw)
        .commands(collect_commands![
            connection::app_view,
            connection::connect_sandbox,
            connection::check_addresses,
            connection::connect_service,
            connection::choose_connection,
            connection::set_theme,
            connection::set_language,
            connection::set_notifications,
            network::network,
            network::choose_network_file,
            network::set_network,
            session::try_now,
            session::create_profile,
            session::sign_in,
            session::rate_secret,
            session::unlock,
            session::sign_out,
            lock::lock,
            lock::seen,
            lock::set_auto_lock,
            lock::unlock_view,
            lock::restore_previous_keys,
            lock::change_passphrase,
            lock::protect_with_passphrase,
            lock::protect_with_keyring,
            lock::look_for_keyring,
            recovery::save_recovery_kit,
            recovery::confirm_recovery_kit,
            recovery::renew_recovery_key,
            recovery::choose_kit,
            recovery::type_kit,
            recovery::forget_kit,
            recovery::restore_profile,
            security::security,
            security::accept_key,
            security::register_own_key,
            keys::keys,
            keys::change_keys,
            keys::export_shared_key,
            keys::set_context_key,
            keys::add_recipient,
            keys::remove_recipient,
            keys::reseal_files,
            keys::reseal_outdated,
            keys::openers,
            devices::devices,
            devices::request_device,
            devices::change_device,
            devices::save_device_configuration,
            directories::directories,
            directories::directory,
            directories::make_directory,
            directories::answer_invitation,
            directories::change_directory,
            console::operations,
            console::show_operation,
            console::call_operation,
            console::show_answer_tokens,
            console::settle_operation,
            console::await_requested_data,
            console::save_requested_data,
            console::copy_operation,
            account::account,
            account::renew_session,
            account::change_password,
            account::pairing_code,
            rows::query_rows,
            rows::query_folders,
            files::refresh_files,
            files::accept_list,
            files::forget_file,
            files::accept_name,
            storing::choose_files,
            storing::choose_folder,
            storing::set_drop_target,
            storing::new_folder,
            saving::save_files,
            saving::save_rows,
            saving::save_to_downloads,
            saving::show_saved,
            files::delete_files,
            changing::delete_rows,
            changing::rename_row,
            changing::move_rows,
            changing::label_rows,
            changing::query_versions,
            changing::restore_version,
            changing::delete_version,
            changing::classify,
            files::undo_deletion,
            preview::preview_file,
            preview::close_preview,
            preview::set_hides_contents,
            copies::open_file,
            copies::drag_rows,
            copies::set_never_opens_elsewhere,
            verification::verify_files,
            verification::keep_anyway,
            verification::set_verify_uploads,
            verification::export_receipts,
            token::copy_token,
            token::token_code,
            token::set_clipboard_seconds,
            transfers::transfers,
            transfers::cancel_transfer,
            transfers::cancel_all,
            transfers::pause_transfer,
            transfers::pause_all,
            transfers::resume_transfer,
            transfers::resume_all,
            transfers::retry_transfer,
            transfers::retry_failed,
            transfers::set_limits,
            transfers::clear_finished,
            votes::voting,
            votes::add_authenticator,
            votes::remove_authenticator,
            votes::save_voting_configuration,
            votes::set_voting_rules,
            votes::poll,
            votes::start_poll,
            votes::started_polls,
            policies::policies,
            policies::register_policy,
            policies::change_policy,
            phones::phones,
            phones::pair_phone,
            phones::set_phone_script,
            phones::answer_on_phone,
            applications::applications,
            applications::register_application,
            applications::take_application_secret,
            applications::show_application_secret,
            applications::copy_application_secret,
            applications::save_application_secret,
            applications::forget_application_secret,
            applications::let_application_in,
            activity::activity,
            activity::statistics,
            activity::export_activity,
        ])
        .events(collect_events![
            ActivityChanged,
            AppChanged,
            FilesChanged,
            TransfersChanged,
            DropChanged,
            RowsDropped,
            KeyProgress,
            DeletionEnded,
            CopyEnded,
            Notice,
        ])
}

#[cfg(test)]
pub(crate) mod tests {
    use std::fs;
    use std::path::Path;

    use specta_typescript::Typescript;

    /// Compares what was made of the commands with the file that the page has of it. With `PRIVICORE_WRITE_BINDINGS`
    /// set, it writes that file first.
    pub(crate) fn assert_kept(file: &str, made: &str) {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../ui")
            .join(file);
        if std::env::var_os("PRIVICORE_WRITE_BINDINGS").is_some() {
            fs::write(&kept, made).unwrap();
        }
        let kept = fs::read_to_string(kept).unwrap();
        assert!(
            kept == made,
            "ui/{file} is not what the commands make: run `cargo xtask bindings`"
        );
    }

    #[test]
    fn the_page_has_the_bindings_of_these_commands() {
        let dir = tempfile::tempdir().unwrap();
        let made = dir.path().join("bindings.ts");
        super::builder()
            // JavaScript has no other number. It is exact up to 2^53, and 2^53 bytes are 9 PB.
            .dangerously_cast_bigints_to_number()
            .export(Typescript::default(), &made)
            .unwrap();
        assert_kept("src/bindings.ts", &fs::read_to_string(made).unwrap());
    }
}
