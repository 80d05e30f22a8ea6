use super::*;

#[test]
fn the_command_line_is_consistent() {
    use clap::CommandFactory as _;
    Args::command().debug_assert();
}

#[test]
fn three_of_four_addresses_are_not_enough() {
    let args = Args::parse_from([
        "privicore",
        "status",
        "--server",
        "https://a",
        "--websocket",
        "wss://b",
        "--upstream",
        "https://c",
    ]);
    assert!(args.service.connection().is_err());
}
