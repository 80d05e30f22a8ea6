use super::*;

fn system(all: &str, no: &str) -> Proxies {
    let matcher = Matcher::builder().all(all.to_owned()).no(no.to_owned());
    Proxies(Arc::new(Rule::Matched(matcher.build())))
}

fn explicit(credentials: Option<(&str, &str)>) -> Proxies {
    Proxies::new(&Proxy::Explicit {
        address: ProxyAddress::parse("http://proxy.test:3128").unwrap(),
        credentials: credentials.map(|(username, password)| ProxyCredentials {
            username: username.to_owned(),
            password: password.into(),
        }),
    })
}

fn host(proxies: &Proxies, url: &str) -> Option<String> {
    let via = proxies.of(&Url::parse(url).unwrap()).unwrap();
    via.map(|via| via.host())
}

#[test]
fn this_machine_is_never_reached_through_a_proxy() {
    for proxies in [explicit(None), system("http://proxy.test:3128", "")] {
        for here in [
            "http://127.0.0.1:8009",
            "ws://127.8.9.10:1",
            "http://[::1]:8009",
            "ws://[::1]:8083",
            "https://[::ffff:127.0.0.1]/",
            "https://localhost",
            "wss://LOCALHOST.:1",
            "https://service.localhost:9009",
        ] {
            assert_eq!(host(&proxies, here), None, "{here}");
        }
    }
}

#[test]
fn http_and_websocket_take_the_same_way() {
    for proxies in [explicit(None), system("http://proxy.test:3128", "")] {
        for there in [
            "https://service.test:9009",
            "wss://service.test",
            "https://localhost.example.com",
            "https://[2001:db8::1]:9009",
            "https://192.0.2.1",
        ] {
            assert_eq!(
                host(&proxies, there).as_deref(),
                Some("proxy.test:3128"),
                "{there}"
            );
        }
    }
}

#[test]
fn exceptions_of_the_system_hold_for_both() {
    let proxies = system("http://proxy.test:3128", "service.test");
    assert_eq!(host(&proxies, "https://service.test:9009"), None);
    assert_eq!(host(&proxies, "wss://api.service.test"), None);
    assert!(host(&proxies, "wss://elsewhere.test").is_some());
    let none = Proxies::new(&Proxy::None);
    assert_eq!(host(&none, "wss://elsewhere.test"), None);
}

#[test]
fn credentials_of_the_system_survive_both_forms() {
    let proxies = system("http://al%20ice:p%25w%40@proxy.test:3128", "");
    let url = Url::parse("https://service.test").unwrap();
    let via = proxies.of(&url).unwrap().unwrap();
    let expected = format!("Basic {}", base64_text::encode(b"al ice:p%w@"));
    assert_eq!(via.authorization().unwrap().expose_secret(), expected);
    let again = system(via.url_with_credentials().as_str(), "");
    let again = again.of(&url).unwrap().unwrap();
    assert_eq!(again.authorization().unwrap().expose_secret(), expected);
}

#[test]
fn a_system_proxy_of_another_kind_is_not_gone_past() {
    for other in ["socks5://proxy.test:1080", "https://proxy.test"] {
        let refused = system(other, "").of(&Url::parse("wss://service.test").unwrap());
        assert!(
            matches!(refused, Err(Failure::Proxy(_, ProxyProblem::Unsupported))),
            "{other}"
        );
    }
}

#[test]
fn addresses_are_taken_as_people_write_them() {
    let kept = |text| ProxyAddress::parse(text).map(|address| address.as_str().to_owned());
    assert_eq!(kept(" proxy.test:3128 ").unwrap(), "http://proxy.test:3128");
    assert_eq!(kept("http://[::1]:3128/").unwrap(), "http://[::1]:3128");
    assert_eq!(
        kept("socks5://proxy.test"),
        Err(ProxyAddressError::Unsupported)
    );
    assert_eq!(
        kept("https://proxy.test"),
        Err(ProxyAddressError::Unsupported)
    );
    assert_eq!(
        kept("me:pw@proxy.test"),
        Err(ProxyAddressError::HasCredentials)
    );
    assert_eq!(kept(""), Err(ProxyAddressError::NotAnAddress));
    assert_eq!(
        kept("proxy.test/path"),
        Err(ProxyAddressError::NotAnAddress)
    );
}

#[test]
fn nothing_prints_the_credentials() {
    let proxies = explicit(Some(("someone", "secret")));
    let url = Url::parse("https://service.test").unwrap();
    let via = proxies.of(&url).unwrap().unwrap();
    let printed = format!("{via:?} {:?}", via.credentials);
    assert!(!printed.contains("someone") && !printed.contains("secret"));
}
