use std::fs;

use super::*;

#[test]
fn a_damaged_copy_of_the_salt_is_written_anew_from_the_settings_and_named_without_them() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 5] = [
        ("bytes", |copy| fs::write(copy, [0xff; 32]).unwrap()),
        ("long", |copy| fs::write(copy, [b'a'; 4096]).unwrap()),
        ("control", |copy| fs::write(copy, "a\u{7}b").unwrap()),
        ("folder", |copy| fs::create_dir(copy).unwrap()),
        ("pipe", |copy| {
            let made = std::process::Command::new("mkfifo").arg(copy).status();
            assert!(made.unwrap().success());
        }),
    ];
    let usable = if cfg!(unix) { damages.len() } else { 4 };
    for (what, damage) in &damages[..usable] {
        let dir = tempfile::tempdir().unwrap();
        let (file, copy) = (SettingsFile::in_dir(dir.path()), dir.path().join("salt"));
        file.salt(|| Ok("the salt".to_owned())).unwrap();
        fs::remove_file(&copy).unwrap();
        damage(&copy);
        let again = file.salt(|| panic!("{what}: a new one"));
        assert_eq!(again.unwrap(), ("the salt".to_owned(), false), "{what}");
        if *what != "folder" {
            assert_eq!(fs::read_to_string(&copy).unwrap(), "the salt", "{what}");
            fs::remove_file(&copy).unwrap();
            damage(&copy);
        }
        fs::remove_file(dir.path().join("settings.json")).unwrap();
        let told = file.salt(|| panic!("{what}: a new one")).unwrap_err();
        assert!(
            told.explain().message.contains("“salt”"),
            "{what}: {told:?}"
        );
    }
}

#[test]
fn a_missing_file_is_a_fresh_machine() {
    let dir = tempfile::tempdir().unwrap();
    let settings = SettingsFile::in_dir(dir.path()).read().unwrap();
    assert_eq!(settings, Settings::default());
}

#[test]
fn what_was_written_is_read_back() {
    let dir = tempfile::tempdir().unwrap();
    let file = SettingsFile::in_dir(dir.path());
    let settings = Settings {
        connection: Some(Connection::Sandbox),
        theme: Theme::Dark,
        ..Settings::default()
    };
    file.change(|file| {
        *file = settings.clone();
        Ok(())
    })
    .unwrap();
    assert_eq!(file.read().unwrap(), settings);
}

#[test]
fn settings_that_another_program_holds_are_told_and_not_changed() {
    let dir = tempfile::tempdir().unwrap();
    let file = SettingsFile {
        lock_timeout: Duration::ZERO,
        ..SettingsFile::in_dir(dir.path())
    };
    let _held = file.file.lock(Duration::ZERO).unwrap().unwrap();
    let changed = file.change(|settings| {
        settings.theme = Theme::Dark;
        Ok(())
    });
    assert!(
        matches!(
            changed,
            Err(Error::DataFolder(DataFolderError::SettingsInUse))
        ),
        "{changed:?}"
    );
    assert_eq!(file.read().unwrap(), Settings::default());
}

#[test]
fn changes_of_several_at_once_are_all_kept() {
    const WRITERS: u64 = 4;
    const CHANGES: u64 = 25;
    let dir = tempfile::tempdir().unwrap();
    // Each opens the file anew, as processes do: a lock is held against the other handles of the same process too.
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let file = SettingsFile {
                lock_timeout: Duration::from_mins(5),
                ..SettingsFile::in_dir(dir.path())
            };
            scope.spawn(move || {
                for at in 0..CHANGES {
                    let profile = ProfileDir(format!("{writer}-{at}"));
                    file.change(|settings| {
                        settings.profiles.insert(profile);
                        *settings.upload_limit.get_or_insert(0) += 1;
                        Ok(())
                    })
                    .unwrap();
                }
            });
        }
    });
    let settings = SettingsFile::in_dir(dir.path()).read().unwrap();
    assert_eq!(settings.profiles.len() as u64, WRITERS * CHANGES);
    assert_eq!(settings.upload_limit, Some(WRITERS * CHANGES));
}

#[test]
fn one_salt_is_made_however_many_ask_at_once_and_outlives_the_settings() {
    let dir = tempfile::tempdir().unwrap();
    let ask = |own: usize| {
        let file = SettingsFile::in_dir(dir.path());
        file.salt(|| Ok(format!("salt {own}"))).unwrap().0
    };
    let salts: Vec<String> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..8).map(|own| scope.spawn(move || ask(own))).collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(salts.iter().all(|salt| *salt == salts[0]), "{salts:?}");
    fs::remove_file(dir.path().join("settings.json")).unwrap();
    assert_eq!(ask(9), salts[0]);
    fs::remove_file(dir.path().join("salt")).unwrap();
    assert_eq!(ask(9), salts[0], "the settings have it still");
}

#[test]
fn the_language_is_the_systems_until_one_is_chosen() {
    let read = |json: &str| Settings::parse(json.as_bytes()).unwrap().language;
    assert_eq!(read("{}"), LanguageChoice::System);
    assert_eq!(read(r#"{"language":"de"}"#), LanguageChoice::German);
    assert_eq!(read(r#"{"language":"fr"}"#), LanguageChoice::System);
}

#[test]
fn what_a_newer_version_has_written_stays() {
    let dir = tempfile::tempdir().unwrap();
    let file = SettingsFile::in_dir(dir.path());
    fs::write(dir.path().join("settings.json"), r#"{"newer":[1]}"#).unwrap();
    file.change(|settings| {
        settings.theme = Theme::Dark;
        Ok(())
    })
    .unwrap();
    assert_eq!(file.read().unwrap().newer["newer"], serde_json::json!([1]));
}

#[test]
fn settings_that_cannot_be_read_are_not_a_fresh_computer() {
    let dir = tempfile::tempdir().unwrap();
    let file = SettingsFile::in_dir(dir.path());
    fs::create_dir(dir.path().join("settings.json")).unwrap();
    assert!(matches!(
        file.read(),
        Err(Error::DataFolder(DataFolderError::Io(_)))
    ));
    #[cfg(unix)]
    for target in ["settings.json", "/no/such/volume/settings.json"] {
        let dir = tempfile::tempdir().unwrap();
        let file = SettingsFile::in_dir(dir.path());
        std::os::unix::fs::symlink(target, dir.path().join("settings.json")).unwrap();
        assert!(
            matches!(file.read(), Err(Error::DataFolder(DataFolderError::Io(_)))),
            "{target}"
        );
        assert!(file.change(|_| Ok(())).is_err(), "{target}");
    }
}

#[test]
fn addresses_that_were_typed_another_way_are_read_as_one_and_remembered() {
    let typed = |api: &str| {
        serde_json::json!({ "kind": "service", "api": api, "websocket": "wss://a.example",
            "upstream": "https://b.example", "downstream": "https://c.example" })
    };
    let json = serde_json::json!({
        "connection": typed(" HTTPS://Service.Example:443/"),
        "verifyUploads": [typed("https://service.example/"), typed("https://service.example")],
    });
    let settings = Settings::parse(json.to_string().as_bytes()).unwrap();
    assert_eq!(
        settings.connection.as_ref().unwrap().label(),
        "https://service.example"
    );
    assert_eq!(
        settings.verify_uploads,
        [settings.connection.clone().unwrap()]
    );
    let typed: Vec<&str> = settings
        .typed_addresses
        .iter()
        .map(String::as_str)
        .collect();
    assert_eq!(
        typed,
        [" HTTPS://Service.Example:443/", "https://service.example/"]
    );
}

#[test]
fn a_copied_token_stays_half_a_minute_and_never_for_ever() {
    assert_eq!(Settings::default().clipboard.get(), 30);
    let read = |json: &str| Settings::parse(json.as_bytes()).unwrap().clipboard.get();
    assert_eq!(read("{}"), 30);
    assert_eq!(read(r#"{"clipboard":65535}"#), 600);
    assert_eq!(read(r#"{"clipboard":0}"#), 5);
}

#[test]
fn a_damaged_file_is_named_and_not_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let file = SettingsFile::in_dir(dir.path());
    fs::write(dir.path().join("settings.json"), b"{").unwrap();
    assert!(matches!(
        file.read(),
        Err(Error::DataFolder(DataFolderError::SettingsDamaged))
    ));
}

#[test]
fn a_directory_name_depends_on_each_part() {
    let dir = |salt, service, name| ProfileDir::derive(salt, service, name);
    assert_ne!(dir("s", "a", "b"), dir("s", "ab", ""));
    assert_ne!(dir("s", "a", "b"), dir("t", "a", "b"));
    assert_eq!(dir("s", "a", "b"), dir("s", "a", "b"));
}
