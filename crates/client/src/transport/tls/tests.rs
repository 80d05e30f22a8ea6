use std::io;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;

struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

/// A certificate and its key, as PEM.
fn pair() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["me.test".to_owned()]).unwrap();
    (made.cert.pem(), made.signing_key.serialize_pem())
}

fn trusting(path: PathBuf) -> Network {
    Network {
        ca_file: Some(path),
        ..Network::default()
    }
}

fn showing(chain: PathBuf, key: Option<PathBuf>) -> Network {
    Network {
        client_certificate: Some(ClientCertificate { chain, key }),
        ..Network::default()
    }
}

#[track_caller]
fn refused(network: &Network) -> (FileRole, String, FileProblem) {
    match configuration(network) {
        Err(Error::File {
            role,
            name,
            problem,
        }) => (role, name, problem),
        other => panic!("{other:?}"),
    }
}

#[test]
fn takes_a_certificate_with_its_key_in_one_file_or_in_two() {
    let files = Files::new();
    let (certificate, key) = pair();
    let both = files.write("both.pem", &format!("{certificate}{key}"));
    assert!(configuration(&showing(both, None)).is_ok());
    let chain = files.write("chain.pem", &certificate);
    let key = files.write("key.pem", &key);
    assert!(configuration(&showing(chain.clone(), Some(key))).is_ok());
    assert!(configuration(&trusting(chain)).is_ok());
}

#[test]
fn names_the_file_and_what_is_wrong_with_it() {
    let files = Files::new();
    let (certificate, key) = pair();
    let chain = files.write("chain.pem", &certificate);
    let only_key = files.write("key.pem", &key);
    let nothing = files.write("nothing.pem", "nothing");
    let ca = |path: &PathBuf| refused(&trusting(path.clone()));
    assert_eq!(
        ca(&files.0.path().join("gone.pem")),
        (
            FileRole::Ca,
            "gone.pem".to_owned(),
            FileProblem::Unreadable(io::ErrorKind::NotFound)
        )
    );
    assert_eq!(ca(&nothing).2, FileProblem::NoCertificate);
    assert_eq!(ca(&only_key).2, FileProblem::NoCertificate);
    let cut = files.write("cut.pem", &certificate[..certificate.len() / 2]);
    assert_eq!(ca(&cut).2, FileProblem::Malformed);
    let empty = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert_eq!(
        ca(&files.write("empty.pem", empty)).2,
        FileProblem::Malformed
    );
    assert_eq!(
        refused(&showing(chain.clone(), None)),
        (
            FileRole::ClientKey,
            "chain.pem".to_owned(),
            FileProblem::NoKey
        )
    );
    let other = files.write("other.pem", &pair().1);
    assert_eq!(
        refused(&showing(chain, Some(other))),
        (
            FileRole::ClientKey,
            "other.pem".to_owned(),
            FileProblem::OtherKey
        )
    );
}

#[test]
fn an_encrypted_key_is_refused_as_such() {
    let files = Files::new();
    let chain = files.write("chain.pem", &pair().0);
    for (name, text) in [
        (
            "pkcs8.pem",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
        ),
        (
            "legacy.pem",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA \
            PRIVATE KEY-----\n",
        ),
    ] {
        let key = files.write(name, text);
        let (role, _, problem) = refused(&showing(chain.clone(), Some(key)));
        assert_eq!(
            (role, problem),
            (FileRole::ClientKey, FileProblem::EncryptedKey)
        );
    }
}
