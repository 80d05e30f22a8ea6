//! Names the commands of the page, so that each needs a permission in `capabilities/`.

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(&[
        "app_view",
        "try_now",
        "connect_sandbox",
        "check_addresses",
        "connect_service",
        "choose_connection",
        "create_profile",
        "sign_in",
        "unlock",
        "sign_out",
        "set_theme",
        "security",
        "accept_key",
        "register_own_key",
        "network",
        "choose_network_file",
        "set_network",
        "query_files",
        "refresh_files",
        "choose_files",
        "choose_folder",
        "set_drop_context",
        "save_files",
        "delete_files",
        "undo_deletion",
        "verify_files",
        "keep_anyway",
        "set_verify_uploads",
        "export_receipts",
        "transfers",
        "cancel_transfer",
        "cancel_all",
        "pause_transfer",
        "pause_all",
        "resume_transfer",
        "resume_all",
        "retry_transfer",
        "retry_failed",
        "set_limits",
        "clear_finished",
    ]);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("the window cannot be built: {error:#}");
    }
}
