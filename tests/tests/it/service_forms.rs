//! Forms that a service may have and no dialect fixes: with each of them alone, files are stored, listed and saved.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use privicore_sandbox::{
    Dialect, Fault, FileMetaForm, KeyOrder, LinkForm, ListForm, PendingStatus, RequestIds,
    Settings, StatusMethod, StreamReady, TtlUnit, UPSTREAM, UpdatedMetadata, Verdict,
};
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{Error, SessionError, TransferState, Unreceipted};

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
    a_status_by_get: status_method = Some(StatusMethod::Get);
    a_status_by_post: status_method = Some(StatusMethod::Post);
    a_status_that_is_unknown_at_first: pending_status = PendingStatus::Unknown;
    a_bare_permanent_token: file_meta = Some(FileMetaForm::Bare);
    a_permanent_token_after_a_command: file_meta = Some(FileMetaForm::CommandThenToken);
    a_permanent_token_in_the_list_alone: file_meta = Some(FileMetaForm::Command);
    outcomes_that_come_late: acknowledge_after = Some(400);
);

async fn stores_lists_and_saves(settings: Settings) {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    fixture.sandbox().control().choose(settings);
    let mut written = Vec::new();
    for round in 0..3 {
        for size in SIZES {
            let (path, bytes) = fixture.write(&format!("{round}-{size}.bin"), random_bytes(size));
            written.push((path, bytes));
        }
    }
    let paths = written.iter().map(|(path, _)| path.clone()).collect();
    let stored = fixture.store(paths, "forms").await;
    for transfer in &stored {
        assert_eq!(transfer.state, TransferState::Done, "{transfer:?}");
    }
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.names().len(), written.len());
    for (path, bytes) in &written {
        let saved = fixture.saved(&fixture.file_named(path)).await.unwrap();
        assert!(saved == *bytes, "{}", path.display());
    }
}

in_each_dialect!(
    a_key_that_is_registered_before_the_first_sign_in,
    metadata_that_is_replaced_keeps_the_name,
);

/// A service that was told no outcome for as long as it is asked about a few times.
#[tokio::test(flavor = "multi_thread")]
async fn a_late_outcome_of_a_command_whose_status_is_unknown_is_waited_for() {
    let fixture = TestVault::with_short_limits(Dialect::Observed).await;
    let control = fixture.sandbox().control();
    control.choose(Settings {
        pending_status: PendingStatus::Unknown,
        ..Settings::default()
    });
    let operation = "data-token/reserve-token-space";
    control.faults().plan(operation, Fault::HeldForVote, 1);
    let (path, _) = fixture.write("late.txt", b"late".to_vec());
    let ids = fixture.vault.store(vec![path], "").await.unwrap();
    wait_until("its status was unknown a few times", async || {
        control.calls("request-status") >= 8
    })
    .await;
    control.release_all(Verdict::Approve).await.unwrap();
    let stored = fixture.ended(&ids).await;
    assert_eq!(stored[0].state, TransferState::Done, "{stored:?}");
}

const REGISTER_KEY: &str = "public-key/register-public-key";
const AUTHENTICATE: &str = "profile/authenticate";

fn keys_first() -> Settings {
    Settings {
        key_order: KeyOrder::BeforeAuthenticate,
        ..Settings::default()
    }
}

async fn a_key_that_is_registered_before_the_first_sign_in(dialect: Dialect) {
    let fixture = TestVault::at_service_with(dialect, keys_first()).await;
    let control = fixture.sandbox().control();
    let (who, passphrase) = (TestVault::right_credentials(), || {
        Some(TestVault::passphrase())
    });
    fixture.vault.sign_up(who, passphrase()).await.unwrap();
    assert_eq!(control.calls(REGISTER_KEY), 1);
    assert!(fixture.vault.pin_alarms().unwrap().is_empty());
    let (path, bytes) = fixture.write("a.bin", random_bytes(1_000));
    fixture.store(vec![path.clone()], "").await;
    assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == bytes);
    fixture.vault.sign_out().await.unwrap();
    fixture.sign_in().await.unwrap();
    fixture.vault.sign_out().await.unwrap();
    // What was learnt of the service is remembered: the next profile is made without a detour.
    control.forget_calls();
    let next = privicore_vault::Credentials {
        username: "bea".into(),
        ..TestVault::right_credentials()
    };
    fixture.vault.sign_up(next, passphrase()).await.unwrap();
    assert_eq!(control.calls(REGISTER_KEY), 1);
    assert!(control.calls(AUTHENTICATE) <= 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_up_that_was_cut_off_before_its_key_was_registered_is_finished_by_a_sign_in() {
    let fixture = TestVault::at_service_with(Dialect::Observed, keys_first()).await;
    let control = fixture.sandbox().control();
    control.faults().plan(REGISTER_KEY, Fault::InternalError, 1);
    let (who, passphrase) = (TestVault::right_credentials, || {
        Some(TestVault::passphrase())
    });
    let signing_up = fixture.vault.sign_up(who(), passphrase());
    let cut_off = async {
        wait_until("the key was refused", async || {
            control.calls(REGISTER_KEY) == 1 && control.calls(AUTHENTICATE) > 4
        })
        .await;
    };
    tokio::select! {
        ended = signing_up => panic!("{ended:?}"),
        () = cut_off => {}
    }
    let wrong = TestVault::credentials("not the password");
    let refused = fixture.vault.sign_in(wrong, passphrase()).await;
    assert!(
        matches!(refused, Err(Error::Session(SessionError::WrongPassword))),
        "{refused:?}"
    );
    fixture.vault.sign_in(who(), passphrase()).await.unwrap();
    // From now on a wrong password registers nothing.
    fixture.vault.sign_out().await.unwrap();
    control.forget_calls();
    let wrong = TestVault::credentials("not the password");
    let refused = fixture.vault.sign_in(wrong, passphrase()).await;
    assert!(
        matches!(refused, Err(Error::Session(SessionError::WrongPassword))),
        "{refused:?}"
    );
    assert_eq!(control.calls(REGISTER_KEY), 0);
}

async fn metadata_that_is_replaced_keeps_the_name(dialect: Dialect) {
    let fixture = TestVault::lied_to(dialect).await;
    fixture.sandbox().control().choose(Settings {
        updated_metadata: UpdatedMetadata::Replaced,
        ..Settings::default()
    });
    let (path, bytes) = fixture.write("letters/a.txt", random_bytes(500));
    fixture.store(vec![path.clone()], "letters").await;
    for drops_meta in [false, true] {
        // Whether it takes what is sent along, or has to be told once more.
        fixture.liar().lies().drops_meta = drops_meta;
        let before = fixture.file_named(&path);
        let ids = fixture
            .vault
            .reseal(&[before.id], Unreceipted::Refuse)
            .await
            .unwrap();
        let ended = fixture.ended(&ids).await;
        assert_eq!(ended[0].state, TransferState::Done, "{ended:?}");
        fixture.vault.refresh().await.unwrap();
        let after = fixture.file_named(&path);
        assert_eq!(after.at_service.renamed, None, "{drops_meta}");
        assert_eq!(
            (&after.name, &after.context),
            (&before.name, &before.context)
        );
        assert!(fixture.saved(&after).await.unwrap() == bytes);
    }
    let updates = fixture
        .sandbox()
        .control()
        .calls("data-token/update-data-token");
    assert_eq!(
        updates, 1,
        "it was told once more only where that was needed"
    );
}

/// A place that has lived for seconds where minutes were asked for shows the unit, although the service does not say
/// when it ends.
#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_expires_too_early_shows_that_its_life_is_counted_in_seconds() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let control = fixture.sandbox().control();
    control.choose(Settings {
        ttl_unit: TtlUnit::Seconds,
        ..Settings::default()
    });
    let slow = || Fault::SlowBody {
        bytes: 30_000,
        milliseconds: 900,
    };
    control.faults().plan(UPSTREAM, slow(), 2);
    let (path, bytes) = fixture.write("slow.bin", random_bytes(200_000));
    let stored = fixture.store(vec![path.clone()], "").await;
    assert_eq!(stored[0].state, TransferState::Done, "{stored:?}");
    assert_eq!(control.calls(UPSTREAM), 2, "it was too slow once");
    assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == bytes);
}
