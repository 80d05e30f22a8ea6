//! `start-up`: starts the app once and says how long it took and what memory it takes, as one line of JSON.

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let start_up = privicore_tests::start_up::StartUp::measure().await?;
    let line = serde_json::json!({
        "seconds": start_up.seconds,
        "cpu_seconds": start_up.cpu_seconds,
        "peak_kib": start_up.memory_kib,
        "idle_kib": 0,
        "bytes": 0,
    });
    println!("{line}");
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("the memory of the app is looked at as Linux shows it");
}
