use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use privicore_vault::{
    self as vault, ApplicationSecret, AsStored, AtService, Code, Direction, Explanation, File,
    FileId, FileKind, FileState, FolderKey, Network, NetworkStatus, OperationAnswer,
    OperationRequest, ProxyChoice, ProxySecret, Receipt, Transfer, TransferId, TransferState,
};
use serde::Serialize;
use serde_json::json;

use super::*;
use crate::commands::applications::HeldSecretView;
use crate::commands::console::OperationAnswerView;
use crate::network::NetworkView;

/// What opens or authorizes something, and a folder of this computer.
const HIDDEN: [&str; 4] = [TOKEN, SECRET, FOLDER, "PRIVICORE_TOKEN"];
const TOKEN: &str = "dtk-4f1c9a52-6a4e-4d0c";
const SECRET: &str = "secret-of-an-application";
const FOLDER: &str = "/home/alice/private";

const ID: &str = "00112233445566778899aabbccddeeff";

fn file() -> File {
    let receipt = json!({
        "digest": "d", "stored_size": 9, "form": "age", "application_key": "a", "recovery_recipient": "r", "engine_key": null,
        "commands": [], "stored_at": Timestamp::UNIX_EPOCH, "token": TOKEN,
    });
    File {
        id: FileId::parse(ID).unwrap(),
        token: TOKEN.to_owned().into(),
        name: "plan.pdf".into(),
        folder: "work".into(),
        is_escaped: false,
        attributes: None,
        context: "documents".into(),
        size_bytes: Some(7),
        stored_size_bytes: Some(9),
        stored_at: Some(Timestamp::UNIX_EPOCH),
        state: FileState::Stored,
        receipt: Some(Box::new(
            serde_json::from_value::<Receipt>(receipt).unwrap(),
        )),
        at_service: AtService::default(),
        receipt_lost: false,
    }
}

fn row() -> vault::Row {
    let file = file();
    let within = file.path().split().map(|(folder, _)| folder);
    vault::Row::File(vault::FileLine {
        file: Arc::new(file),
        folder: FolderKey::TOP,
        within: within.unwrap_or_default(),
        kind: FileKind::Pdf,
        versions: 1,
        is_newest: true,
    })
}

fn transfer() -> Transfer {
    Transfer {
        id: TransferId(1),
        direction: Direction::Download,
        name: "plan.pdf".into(),
        folder: "work".into(),
        context: "documents".into(),
        done_bytes: 1,
        total_bytes: 2,
        state: TransferState::Failed,
        error: Some(Explanation::new(
            Code::Target,
            "It was not saved.",
            "Choose another folder.",
        )),
        retry_in: Some(Duration::from_secs(1)),
        file: FileId::parse(ID),
        about: FileId::parse(ID),
        mismatch_name: Some("plan.damaged.pdf".into()),
        target: Some(format!("{FOLDER}/plan.pdf").into()),
        as_stored: Some(AsStored::No),
        poll: Some("poll-1".into()),
    }
}

fn network() -> NetworkStatus {
    let file = |name: &str| Some(format!("{FOLDER}/{name}").into());
    NetworkStatus {
        network: Network {
            proxy: ProxyChoice::Explicit("http://proxy.test:8080".into()),
            ca_file: file("ca.pem"),
            client_certificate: file("me.pem"),
            client_key: file("me.key"),
        },
        secret: ProxySecret::InKeyring,
    }
}

fn secret() -> ApplicationSecret {
    ApplicationSecret {
        application: "c-1".into(),
        client_id: "client-1".into(),
        client_secret: SECRET.into(),
        redirect_uri: None,
        scopes: vec!["all".into()],
    }
}

fn request() -> OperationRequest {
    OperationRequest {
        method: "GET",
        url: "https://api.test/data".into(),
        headers: vec![("X-DPT-AUTHORIZATION", "***".into())],
        body: None,
        curl: "curl -H \"X-DPT-AUTHORIZATION: $PRIVICORE_TOKEN\"".into(),
    }
}

fn answer() -> OperationAnswer {
    OperationAnswer {
        status: 200,
        headers: Vec::new(),
        command: None,
        request: None,
        body: Some(
            json!({ "dataToken": TOKEN, "clientSecret": SECRET })
                .to_string()
                .into(),
        ),
        length_bytes: 99,
        is_cut: false,
        elapsed: Duration::from_millis(3),
    }
}

fn shows_nothing_hidden(view: &impl Serialize, shows: &str) {
    let view = serde_json::to_string(view).unwrap();
    assert!(view.contains(shows), "{shows} is not in {view}");
    for hidden in HIDDEN {
        assert!(!view.contains(hidden), "{hidden} is in {view}");
    }
}

#[test]
fn the_page_is_told_no_token_no_secret_and_no_folder_of_this_computer() {
    shows_nothing_hidden(&Row::from(&row()), "plan.pdf");
    shows_nothing_hidden(&TransferView::from(&transfer()), "plan.damaged.pdf");
    shows_nothing_hidden(&NetworkView::from(&network()), "me.key");
    shows_nothing_hidden(&HeldSecretView::from(&secret()), "client-1");
    shows_nothing_hidden(&request(), "https://api.test/data");
    shows_nothing_hidden(&OperationAnswerView::from(answer()), "dataToken");
}
