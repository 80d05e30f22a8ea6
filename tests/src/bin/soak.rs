//! `soak [FILES [SEED]]` or `soak --minutes N [SEED]`: many files through a service that keeps failing.

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    use anyhow::Context as _;
    use privicore_tests::soak::{soak, soak_for};

    let mut words = std::env::args().skip(1).peekable();
    let is_long = words.next_if_eq("--minutes").is_some();
    let amount = words.next().map(|word| word.parse::<usize>()).transpose()?;
    let seed = words.next().map_or(Ok(1), |word| word.parse())?;
    if is_long {
        let minutes = amount.context("--minutes needs a number")?.try_into()?;
        let (report, memory) = soak_for(std::time::Duration::from_mins(minutes), seed).await?;
        println!("{report:#?}\n{memory:?}");
    } else {
        println!("{:#?}", soak(amount.unwrap_or(2000), seed).await?);
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("the soak looks at its memory as Linux shows it");
}
