//! Forms that a service may have and no dialect fixes: with each of them alone, files are stored, listed and saved.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use privicore_sandbox::{
    DeviceKeys, Dialect, Fault, FileMetaForm, LinkForm, ListForm, PendingStatus, RequestIds,
    Settings, StatusMethod, StreamReady, TtlUnit, UpdatedMetadata,
};
use privicore_tests::house::{House, random_bytes};
use privicore_vault::TransferState;

/// Small enough to be exchanged, and not.
const SIZES: [usize; 2] = [1000, 200_000];

macro_rules! with_each_form {
    ($($name:ident: $($field:ident = $value:expr),+;)+) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            let chosen = Settings { $($field: $value,)+ ..Settings::default() };
            stores_lists_and_saves(chosen).await;
        }
    )+};
}

with_each_form!(
    a_request_with_an_id_of_its_own: request_ids = RequestIds::Separate;
    a_ttl_in_seconds: ttl_unit = TtlUnit::Seconds;
    a_short_ttl: longest_ttl = Some(5);
    small_pages: largest_page = Some(3);
    no_page_size: largest_page = Some(0);
    lists_as_arrays: lists = Some(ListForm::Array);
    lists_under_items: lists = Some(ListForm::Items);
    lists_under_data: lists = Some(ListForm::Data);
    lists_by_id: lists = Some(ListForm::Keyed);
    stream_ready_with_an_address: stream_ready = StreamReady::WithUrl;
    no_stream_ready: stream_ready = StreamReady::Never;
    whole_download_links: downloads = Some(LinkForm::Url);
    download_links_without_a_scheme: downloads = Some(LinkForm::WithoutScheme);
    download_tokens: downloads = Some(LinkForm::Token);
    download_tokens_with_a_place: downloads = Some(LinkForm::Placed);
    upload_links_without_a_scheme: uploads = Some(LinkForm::WithoutScheme);
    upload_tokens: uploads = Some(LinkForm::Token);
    upload_tokens_with_a_place: uploads = Some(LinkForm::Placed);
    replaced_metadata: updated_metadata = UpdatedMetadata::Replaced;
    a_status_by_get: status_method = Some(StatusMethod::Get);
    a_status_by_post: status_method = Some(StatusMethod::Post);
    a_status_that_is_unknown_at_first: pending_status = PendingStatus::Unknown;
    a_bare_permanent_token: file_meta = Some(FileMetaForm::Bare);
    a_permanent_token_after_a_command: file_meta = Some(FileMetaForm::CommandThenToken);
    a_permanent_token_in_the_list_alone: file_meta = Some(FileMetaForm::Command);
    devices_that_need_keys: device_keys = DeviceKeys::Required;
);

async fn stores_lists_and_saves(settings: Settings) {
    let house = House::signed_up(Dialect::Observed).await;
    house.sandbox().control().choose(settings);
    let mut written = Vec::new();
    for round in 0..3 {
        for size in SIZES {
            let (path, bytes) = house.write(&format!("{round}-{size}.bin"), random_bytes(size));
            written.push((path, bytes));
        }
    }
    let paths = written.iter().map(|(path, _)| path.clone()).collect();
    let stored = house.store(paths, "forms").await;
    for transfer in &stored {
        assert_eq!(transfer.state, TransferState::Done, "{transfer:?}");
    }
    house.vault.refresh().await.unwrap();
    assert_eq!(house.names().len(), written.len());
    for (path, bytes) in &written {
        let saved = house.saved(&house.file_named(path)).await.unwrap();
        assert!(saved == *bytes, "{}", path.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_outcome_of_a_command_whose_status_is_unknown_is_waited_for() {
    let house = House::signed_up(Dialect::Observed).await;
    let control = house.sandbox().control();
    control.choose(Settings {
        pending_status: PendingStatus::Unknown,
        ..Settings::default()
    });
    let late = Fault::AckLate {
        milliseconds: 1_000,
    };
    let operation = "data-token/reserve-token-space";
    control.faults().plan(operation, late, 1);
    let (path, _) = house.write("late.txt", b"late".to_vec());
    let stored = house.store(vec![path], "").await;
    assert_eq!(stored[0].state, TransferState::Done, "{stored:?}");
}
