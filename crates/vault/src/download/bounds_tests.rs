use bytes::Bytes;
use futures_util::stream;

use super::*;

fn listed(stored_size_bytes: Option<u64>) -> File {
    let token: privicore_client::DataToken = "dtk-1".to_owned().into();
    File {
        id: crate::files::file_id::FileId::derive(&token),
        token,
        name: "a".into(),
        folder: "".into(),
        context: "".into(),
        size_bytes: None,
        attributes: None,
        stored_size_bytes,
        stored_at: None,
        state: crate::files::file_state::FileState::MissingReceipt,
        receipt: None,
        at_service: crate::files::file::AtService::default(),
        receipt_lost: false,
        is_escaped: false,
    }
}

#[tokio::test]
async fn without_a_receipt_no_more_is_taken_in_than_the_list_says() {
    for listed_bytes in [Some(0), Some(5_000_000), None] {
        let most = most_bytes(&listed(listed_bytes));
        let told = listed_bytes.unwrap_or(LONGEST_UNTOLD_BYTES);
        assert!(most <= told + told / 100 + SEALING_BYTES);
        let endless = stream::repeat_with(|| Ok(Bytes::from(vec![7; 1024 * 1024])));
        let mut taken = 0;
        let mut body = std::pin::pin!(bounded(endless, most));
        let end = loop {
            match body.next().await {
                Some(Ok(frame)) => taken += frame.len() as u64,
                end => break end,
            }
        };
        assert!(taken <= most);
        assert!(
            matches!(end, Some(Err(ClientError::TooMuch { limit_bytes })) if limit_bytes == most)
        );
    }
}

#[test]
fn the_length_in_the_sealed_name_bounds_a_download_whatever_the_list_says() {
    for listed_bytes in [None, Some(0), Some(5_000), Some(1 << 62), Some(u64::MAX)] {
        let named = File {
            size_bytes: Some(10_000_000),
            ..listed(listed_bytes)
        };
        assert_eq!(
            most_bytes(&named),
            10_000_000 + 100_000 + SEALING_BYTES,
            "{listed_bytes:?}"
        );
    }
}

#[tokio::test]
async fn where_only_the_list_tells_a_download_leaves_room_on_the_disk() {
    assert_eq!(leaving_room(1 << 62, Some(1_000)), 900);
    assert_eq!(leaving_room(500, Some(1_000)), 500);
    assert_eq!(leaving_room(500, Some(0)), 0);
    assert_eq!(leaving_room(500, None), 500);
    #[cfg(unix)]
    {
        let dir = tempfile::tempdir().unwrap();
        let (file, target) = (listed(Some(1 << 62)), dir.path().join("x"));
        let most = within_free_space(&file, &target).await.unwrap();
        assert!(most < 1 << 60, "{most}");
    }
}
