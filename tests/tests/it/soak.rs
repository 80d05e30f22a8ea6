//! The soak, shortened: `cargo xtask soak` plays the long one.

use privicore_tests::soak::soak;

#[tokio::test(flavor = "multi_thread")]
async fn every_file_is_stored_once_whatever_goes_wrong() -> anyhow::Result<()> {
    let report = soak(150, 7).await?;
    println!("{report:#?}");
    Ok(())
}
