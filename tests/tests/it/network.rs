//! The service behind a proxy, with certificates of its own, and on the other address family.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::net::Ipv6Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use privicore_client::{Client, Configuration, Error, Phase, ServerKind, ServerUrls};
use privicore_sandbox::{Dialect, Sandbox};
use privicore_tests::corporate_network::CorporateNetwork;
use privicore_tests::encrypted::Guests;
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_tests::wait::wait_until;
use privicore_vault::{
    Addresses, Code, Connection, Existing, FileQuery, Network, ProxyChoice, ProxyCredentials,
    ProxySecretChange, Stage, Transfer, TransferId, TransferState, Vault,
};

const LARGE: usize = 3_000_000;
/// `anna` with the password `open sesame` (RFC 7617).
const ANNA: &str = "Basic YW5uYTpvcGVuIHNlc2FtZQ==";

#[tokio::test(flavor = "multi_thread")]
async fn everything_goes_through_the_proxy_and_nothing_beside_it() {
    let corporate = CorporateNetwork::open(Some(ANNA), Guests::Anybody)
        .await
        .unwrap();
    let vault = TestVault::open(&corporate.folder().join("data")).await;
    let network = corporate.trusted().unwrap();
    vault
        .set_network(network, ProxySecretChange::Set(anna("open sesame")))
        .await
        .unwrap();
    sign_up(&vault).await;
    let original = corporate.folder().join("large.bin");
    fs::write(&original, random_bytes(LARGE)).unwrap();
    let back = there_and_back(&vault, original.clone()).await;
    assert_eq!(fs::read(back).unwrap(), fs::read(original).unwrap());
    let seen = corporate.proxy.seen();
    for port in [9009, 9083, 9010, 9011] {
        let target = format!("service.test:{port}");
        assert!(seen.tunnels.contains(&target), "{target}: {seen:?}");
    }
    assert!(seen.others.is_empty() && seen.turned_away == 0, "{seen:?}");
    vault.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_requires_authentication_is_reported_until_it_gets_credentials() {
    let corporate = CorporateNetwork::open(Some(ANNA), Guests::Anybody)
        .await
        .unwrap();
    let vault = TestVault::open(&corporate.folder().join("data")).await;
    let network = corporate.trusted().unwrap();
    for secret in [
        ProxySecretChange::Keep,
        ProxySecretChange::Set(anna("wrong")),
    ] {
        vault.set_network(network.clone(), secret).await.unwrap();
        assert_eq!(complaints(&vault).await, ["proxy_credentials"; 4]);
    }
    assert!(corporate.proxy.seen().tunnels.is_empty());
    let right = ProxySecretChange::Set(anna("open sesame"));
    vault.set_network(network, right).await.unwrap();
    assert_eq!(complaints(&vault).await, [""; 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_proxy_is_distinguished_from_an_unreachable_service() {
    let corporate = CorporateNetwork::open(None, Guests::Anybody).await.unwrap();
    let vault = TestVault::open(&corporate.folder().join("data")).await;
    let nobody = Network {
        proxy: ProxyChoice::Explicit("http://127.0.0.1:1".into()),
        ..corporate.trusted().unwrap()
    };
    use_network(&vault, nobody).await;
    assert_eq!(complaints(&vault).await, ["proxy_offline"; 4]);
    use_network(&vault, corporate.trusted().unwrap()).await;
    let elsewhere = Addresses {
        api: "https://elsewhere.test".into(),
        ..CorporateNetwork::addresses()
    };
    let check = vault.check_addresses(&elsewhere).await.unwrap().remove(0);
    let told = check.problem.unwrap();
    assert_eq!(told.code, Code::ProxyRefused);
    assert!(told.message.contains("cannot reach"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_of_the_network_is_trusted_when_its_file_is_chosen() {
    let corporate = CorporateNetwork::open(None, Guests::Anybody).await.unwrap();
    let vault = TestVault::open(&corporate.folder().join("data")).await;
    use_network(&vault, corporate.through_the_proxy()).await;
    assert_eq!(complaints(&vault).await, ["tls"; 4]);
    use_network(&vault, corporate.trusted().unwrap()).await;
    assert_eq!(complaints(&vault).await, [""; 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_wants_to_know_its_guests_is_shown_the_certificate() {
    let corporate = CorporateNetwork::open(None, Guests::Known).await.unwrap();
    let vault = TestVault::open(&corporate.folder().join("data")).await;
    use_network(&vault, corporate.trusted().unwrap()).await;
    // A refusal that overtakes the request is told as a broken connection; asked again, every server gives its reason.
    wait_until("all four ask for a certificate", async || {
        let told = complaints(&vault).await;
        assert!(told.iter().all(|code| !code.is_empty()), "{told:?}");
        told == ["client_certificate"; 4]
    })
    .await;
    let known = Network {
        client_certificate: Some(corporate.client_certificate().unwrap()),
        ..corporate.trusted().unwrap()
    };
    use_network(&vault, known).await;
    assert_eq!(complaints(&vault).await, [""; 4]);
    sign_up(&vault).await;
    let original = corporate.folder().join("small.txt");
    fs::write(&original, b"small").unwrap();
    let back = there_and_back(&vault, original).await;
    assert_eq!(fs::read(back).unwrap(), b"small");
    vault.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_survives_a_change_of_the_network() {
    let corporate = CorporateNetwork::open(None, Guests::Anybody).await.unwrap();
    let vault = TestVault::open(&corporate.folder().join("data")).await;
    use_network(&vault, corporate.trusted().unwrap()).await;
    sign_up(&vault).await;
    let before = corporate.proxy.seen().tunnels.len();
    let direct = Network {
        proxy: ProxyChoice::None,
        ..corporate.trusted().unwrap()
    };
    use_network(&vault, direct).await;
    assert_eq!(vault.status().stage, Stage::SignedIn);
    let told = vault.refresh().await.unwrap_err().explain();
    assert_eq!(told.code, Code::UnknownHost, "{told:?}");
    assert_eq!(corporate.proxy.seen().tunnels.len(), before);
    use_network(&vault, corporate.trusted().unwrap()).await;
    vault.refresh().await.unwrap();
    assert_eq!(vault.status().stage, Stage::SignedIn);
    assert!(corporate.proxy.seen().tunnels.len() > before);
    vault.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_sleep_every_connection_is_made_anew() {
    let corporate = CorporateNetwork::open(None, Guests::Anybody).await.unwrap();
    let vault = TestVault::open(&corporate.folder().join("data")).await;
    use_network(&vault, corporate.trusted().unwrap()).await;
    sign_up(&vault).await;
    let sockets = || {
        let tunnels = corporate.proxy.seen().tunnels;
        tunnels
            .iter()
            .filter(|name| name.ends_with(":9083"))
            .count()
    };
    wait_until("the socket is open", async || sockets() == 1).await;
    vault.wake().await;
    wait_until("the socket is opened anew", async || sockets() == 2).await;
    vault.refresh().await.unwrap();
    vault.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_on_this_machine_is_never_reached_through_a_proxy() {
    let corporate = CorporateNetwork::open(Some(ANNA), Guests::Anybody)
        .await
        .unwrap();
    let vault = TestVault::open(&corporate.folder().join("data")).await;
    use_network(&vault, corporate.through_the_proxy()).await;
    vault.try_now(Some(TestVault::passphrase())).await.unwrap();
    let original = corporate.folder().join("large.bin");
    fs::write(&original, random_bytes(LARGE)).unwrap();
    there_and_back(&vault, original).await;
    let here = Sandbox::builder().memory().start().await.unwrap();
    assert_eq!(complaints_at(&vault, &addresses(&here)).await, [""; 4]);
    vault.shut_down().await;
    let seen = corporate.proxy.seen();
    assert!(seen.tunnels.is_empty() && seen.turned_away == 0, "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_for_an_answer_runs_through_a_proxy_as_well() {
    let corporate = CorporateNetwork::open(None, Guests::Anybody).await.unwrap();
    let there = CorporateNetwork::addresses();
    let servers = ServerUrls::parse(
        &there.api,
        &there.websocket,
        &there.upstream,
        &there.downstream,
    );
    let mut configuration = Configuration::new(servers.unwrap());
    configuration.answer_timeout = Duration::from_millis(500);
    configuration.network = corporate.trusted_by_client().unwrap();
    let client = Client::new(configuration).unwrap();
    client.check(ServerKind::Api).await.unwrap();
    corporate.proxy.hold();
    let silent = client.check(ServerKind::Api).await.unwrap_err();
    assert!(
        matches!(
            silent,
            Error::TimedOut {
                phase: Phase::Answer,
                ..
            }
        ),
        "{silent:?}"
    );
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_remembers_the_proxy_and_the_certificates() {
    use privicore_tests::command_line::{Person, complaint};
    let corporate = CorporateNetwork::open(Some(ANNA), Guests::Known)
        .await
        .unwrap();
    let there = CorporateNetwork::addresses();
    let person = Person::with(&[]).unwrap();
    let ca_file = corporate.trusted().unwrap().ca_file.unwrap();
    let certificate = corporate.client_certificate().unwrap();
    let proxy = corporate.proxy.address();
    let told = async |arguments: &[&str]| {
        let mut command = person.privicore(arguments).unwrap();
        command.env("PRIVICORE_PROXY_CREDENTIALS", "anna:open sesame");
        let output = command.output().await.unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {complaint}");
    };
    let service = ["sign-up", "anna", "--server", &there.api];
    let servers = [
        "--websocket",
        &there.websocket,
        "--upstream",
        &there.upstream,
    ];
    let way = ["--downstream", &there.downstream, "--proxy", &proxy];
    let trust = ["--ca-file", ca_file.to_str().unwrap()];
    let guest = ["--client-certificate", certificate.to_str().unwrap()];
    told(&[&service[..], &servers, &way, &trust, &guest].concat()).await;
    told(&["ls"]).await;
    // Without a keyring the name and the password have to be given each time.
    let (code, said) = complaint(person.privicore(&["ls"]).unwrap()).await.unwrap();
    assert_eq!(
        (code, said["error"].as_str()),
        (4, Some("proxy_credentials"))
    );
    let inline = "http://anna:secret@127.0.0.1:1";
    let (_, said) = person.fails(&["status", "--proxy", inline]).await.unwrap();
    assert_eq!(said["error"], "bad_proxy");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_and_go_over_ipv6() {
    for dialect in [Dialect::Documented, Dialect::Observed, Dialect::Mixed] {
        let sandbox = Sandbox::builder()
            .memory()
            .host(Ipv6Addr::LOCALHOST.into())
            .dialect(dialect)
            .auto_storage(3)
            .start()
            .await
            .unwrap();
        let dir = tempfile::tempdir().unwrap();
        let vault = TestVault::open(&dir.path().join("data")).await;
        let there = addresses(&sandbox);
        assert!(there.api.starts_with("http://[::1]:"), "{}", there.api);
        assert_eq!(complaints_at(&vault, &there).await, [""; 4]);
        sign_up_at(&vault, there).await;
        let original = dir.path().join("large.bin");
        fs::write(&original, random_bytes(LARGE)).unwrap();
        let back = there_and_back(&vault, original.clone()).await;
        assert_eq!(fs::read(back).unwrap(), fs::read(original).unwrap());
        vault.shut_down().await;
    }
}

fn anna(password: &str) -> ProxyCredentials {
    ProxyCredentials {
        username: "anna".into(),
        password: password.into(),
    }
}

async fn use_network(vault: &Vault, network: Network) {
    let kept = vault.set_network(network, ProxySecretChange::Keep).await;
    kept.unwrap();
}

/// What trying the office's four addresses complains about, each; nothing where all is well.
async fn complaints(vault: &Vault) -> Vec<String> {
    complaints_at(vault, &CorporateNetwork::addresses()).await
}

async fn complaints_at(vault: &Vault, addresses: &Addresses) -> Vec<String> {
    let checks = vault.check_addresses(addresses).await.unwrap();
    let codes = checks
        .into_iter()
        .map(|check| check.problem.map(|told| told.code.to_string()));
    codes.map(Option::unwrap_or_default).collect()
}

async fn sign_up(vault: &Vault) {
    sign_up_at(vault, CorporateNetwork::addresses()).await;
}

async fn sign_up_at(vault: &Vault, addresses: Addresses) {
    let service = Connection::Service(addresses);
    vault.connect(service).await.unwrap();
    let somebody = TestVault::credentials("a password");
    let passphrase = Some(TestVault::passphrase());
    vault.sign_up(somebody, passphrase).await.unwrap();
}

/// Stores a file and saves it again; answers where it was saved.
async fn there_and_back(vault: &Vault, original: PathBuf) -> PathBuf {
    let back = original.with_extension("back");
    let ids = vault.store(vec![original], "").await.unwrap();
    done(vault, ids[0]).await;
    let page = vault.query(&FileQuery::default()).unwrap();
    let id = vault
        .save(page.rows[0].id, Path::new(&back), Existing::Keep)
        .await
        .unwrap();
    done(vault, id).await;
    back
}

async fn done(vault: &Vault, id: TransferId) {
    let transfer = || -> Transfer { vault.transfer(id).unwrap().unwrap() };
    wait_until("the transfer has ended", async || {
        transfer().state.has_ended()
    })
    .await;
    assert_eq!(transfer().state, TransferState::Done, "{:?}", transfer());
}

fn addresses(sandbox: &Sandbox) -> Addresses {
    let there = sandbox.addresses();
    Addresses {
        api: there.api.clone(),
        websocket: there.websocket.clone(),
        upstream: there.upstream.clone(),
        downstream: there.downstream.clone(),
    }
}
