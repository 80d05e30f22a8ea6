//! `soak FILES [SEED]`: many files through a service that keeps failing.

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let files = words.next().map_or(Ok(2000), |word| word.parse())?;
    let seed = words.next().map_or(Ok(1), |word| word.parse())?;
    let report = privicore_tests::soak::soak(files, seed).await?;
    println!("{report:#?}");
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("the soak looks at its memory as Linux shows it");
}
