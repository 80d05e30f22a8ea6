use secrecy::ExposeSecret as _;

use super::*;
use crate::keys::recovery_key::RecoveryKey;
use crate::keys::test_keys::application_key;

const OF_1024_BITS: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDPkcGMIHnZPJI4Xk7o5p4HdNEK96t81IxeYZgclXmvdksddaXsyLMO0PpXOEhjF6Q+4+w+p3XW6XHeTv4loL6a6YUH0+AvithQtMcZYE3U6Dr06+oQUXxYuQLzaeqAIDa+HleC2lLMHO6bBdXfn1HvkRi8Uor9/VDJ37E5NAv+hw==";

fn read(text: &str) -> Result<Recipient, RecipientError> {
    text.parse()
}

#[test]
fn an_age_recipient_is_read_with_its_label() {
    let text = RecoveryKey::generate().recipient().to_string();
    let recipient = read(&format!("# for Ada\n\n  {text}  Ada Lovelace \n")).unwrap();
    assert_eq!(recipient.kind(), RecipientKind::X25519);
    assert_eq!(recipient.to_string(), text);
    assert_eq!(recipient.fingerprint(), text);
    assert_eq!(recipient.label(), Some("Ada Lovelace"));
    let short = recipient.short();
    assert!(short.starts_with(&text[..12]) && short.ends_with(&text[text.len() - 6..]));
    assert_eq!(read(&text.to_uppercase()).unwrap(), recipient);
}

#[test]
fn an_ssh_rsa_recipient_is_read_with_its_comment() {
    let key = application_key().recipient();
    let recipient = read(&format!("{key}  ada@example one\n")).unwrap();
    assert_eq!(recipient.kind(), RecipientKind::Rsa);
    assert_eq!(recipient.to_string(), key.to_string());
    assert_eq!(recipient.fingerprint(), key.fingerprint());
    assert_eq!(recipient.label(), Some("ada@example one"));
    assert!(key.fingerprint().starts_with(&recipient.short()[..19]));
    assert_eq!(read(&key.to_string()).unwrap().label(), None);
    assert_eq!(recipient, Recipient::from(key));
}

#[test]
fn a_label_can_be_changed_and_taken_away() {
    let recipient = Recipient::from(RecoveryKey::generate().recipient());
    assert_eq!(recipient.clone().with_label(" Ada ").label(), Some("Ada"));
    assert_eq!(recipient.with_label(" ").label(), None);
}

#[test]
fn a_private_key_is_called_one_and_not_repeated() {
    let secret = RecoveryKey::generate().to_text().expose_secret().to_owned();
    let pem = application_key().to_pkcs1_pem().expose_secret().to_owned();
    for text in [
        secret.clone(),
        secret.to_lowercase(),
        format!("# public key: age1…\n{secret}\n"),
        pem.clone(),
        pem.replace("RSA PRIVATE", "OPENSSH PRIVATE"),
        pem.replace("RSA PRIVATE", "ENCRYPTED PRIVATE"),
        "AGE-PLUGIN-YUBIKEY-1QQQ".to_owned(),
    ] {
        let error = read(&text).unwrap_err();
        assert_eq!(error, RecipientError::PrivateKey, "{text}");
        assert!(error.to_string().contains("PRIVATE key"));
        assert!(!format!("{error} {error:?}").contains(&secret));
    }
}

#[test]
fn keys_of_other_kinds_are_named() {
    let plugin = |name: &str| RecipientError::Plugin {
        name: name.to_owned(),
    };
    let ssh = |kind: &str| RecipientError::OtherSshKey {
        kind: kind.to_owned(),
    };
    for (text, error) in [
        (
            "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t",
            plugin("yubikey"),
        ),
        ("age1pq1qqqq", plugin("pq")),
        (
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBpixZgPqGZh7+qniK9qPyBa701hXvlS2Eyvg7KL//r0",
            ssh("ssh-ed25519"),
        ),
        ("ecdsa-sha2-nistp256 AAAA", ssh("ecdsa-sha2-nistp256")),
        (
            "sk-ssh-ed25519@openssh.com AAAA",
            ssh("sk-ssh-ed25519@openssh.com"),
        ),
        (OF_1024_BITS, RecipientError::UnacceptedSize { bits: 1024 }),
    ] {
        assert_eq!(read(text).unwrap_err(), error);
    }
}

#[test]
fn what_is_no_key_is_told_apart_from_what_is_mistyped() {
    let age = RecoveryKey::generate().recipient().to_string();
    let rsa = application_key().recipient().to_string();
    let mut mistyped = age.clone();
    let last = if age.ends_with('q') { "p" } else { "q" };
    mistyped.replace_range(age.len() - 1.., last);
    for (text, error) in [
        (String::new(), RecipientError::Empty),
        ("# only a comment".to_owned(), RecipientError::Empty),
        (format!("{age}\n{rsa}"), RecipientError::SeveralLines),
        (mistyped, RecipientError::Mistyped),
        (age[..40].to_owned(), RecipientError::Mistyped),
        ("age1".to_owned(), RecipientError::Mistyped),
        ("ssh-rsa".to_owned(), RecipientError::Mistyped),
        (rsa[..rsa.len() - 8].to_owned(), RecipientError::Mistyped),
        ("Ada".to_owned(), RecipientError::NotAKey),
    ] {
        assert_eq!(read(&text).unwrap_err(), error, "{text}");
    }
}
