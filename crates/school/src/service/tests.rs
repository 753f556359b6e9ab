//! What the settings of the service promise: defaults, order of sources, places of faults.

use super::*;

fn load_with(text: &str, env: &[(&str, &str)]) -> Result<ServiceSettings, Vec<ConfigFault>> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(FILE), text).unwrap();
    let read = |name: &str| {
        env.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned())
    };
    ServiceSettings::load(folder.path(), &read)
}

fn faults(text: &str) -> Vec<String> {
    let faults = load_with(text, &[]).unwrap_err();
    faults.iter().map(ToString::to_string).collect()
}

/// The sample with every `#key` line switched on.
fn switched_on() -> String {
    let switch = |line: &str| match line.strip_prefix('#') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '[') => {
            rest.to_owned()
        }
        _ => line.to_owned(),
    };
    SAMPLE.lines().map(switch).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_sample_as_it_stands_changes_nothing() {
    assert_eq!(load_with(SAMPLE, &[]).unwrap(), ServiceSettings::default());
    assert_eq!(load_with("", &[]).unwrap(), ServiceSettings::default());
}

#[test]
fn every_line_of_the_sample_is_a_setting_that_works() {
    let settings = load_with(&switched_on(), &[]).unwrap();
    assert_eq!(settings.listen, DEFAULT_LISTEN);
    assert_eq!(settings.log_format, LogFormat::Text);
    assert_eq!(settings.data, PathBuf::from("/var/lib/schoolgate"));
    assert_eq!(
        settings.database_url().expose(),
        "sqlite:///var/lib/schoolgate/schoolgate.db"
    );
    assert_eq!(
        settings.media_root,
        Some(PathBuf::from("/srv/schoolgate/media"))
    );
    assert!(settings.broker.is_some() && settings.broker_ca_file.is_some());
    let bucket = settings.bucket.unwrap();
    assert_eq!(
        (bucket.name.as_str(), bucket.region.as_str()),
        ("schoolgate-pictures", "eu-west-2")
    );
    assert!(bucket.path_style && bucket.secret_key().is_err());
    let mail = settings.mail.unwrap();
    assert_eq!(
        mail.route,
        MailRoute::Smtp("smtp://mail.st-saviours.example:587".to_owned())
    );
    assert_eq!(settings.tokens[0].rights, [Right::Submit, Right::Read]);
}

#[test]
fn without_a_file_the_defaults_hold_and_the_store_lies_in_the_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let settings = ServiceSettings::load(folder.path(), &|_| None).unwrap();
    assert_eq!(settings, ServiceSettings::default());
    assert_eq!(
        settings.database_url().expose(),
        "sqlite://data/schoolgate.db"
    );
}

#[test]
fn the_environment_wins_over_the_file_and_an_empty_variable_is_none() {
    let text = "listen = \"127.0.0.1:1\"\ndata = \"store\"\n";
    let env = [
        ("SCHOOLGATE_LISTEN", "127.0.0.1:0"),
        ("SCHOOLGATE_DATABASE", "postgres://u:p@db.example/s"),
        ("SCHOOLGATE_DATA", " "),
        ("SCHOOLGATE_BROKER", "amqp://127.0.0.1"),
    ];
    let settings = load_with(text, &env).unwrap();
    assert_eq!(settings.listen.port(), 0);
    assert!(settings.data.ends_with("store") && settings.data.is_absolute());
    assert_eq!(
        settings.database_url().expose(),
        "postgres://u:p@db.example/s"
    );
    assert!(!format!("{settings:?}").contains("db.example"));
}

#[test]
fn a_bad_variable_is_a_fault_that_names_it() {
    let env = [
        ("SCHOOLGATE_LISTEN", "8080"),
        ("SCHOOLGATE_DATABASE", "mysql://x"),
    ];
    let faults = load_with("", &env).unwrap_err();
    assert_eq!(faults[0].file, "SCHOOLGATE_DATABASE");
    assert_eq!(faults[1].file, "SCHOOLGATE_LISTEN");
}

#[test]
fn relative_paths_of_the_file_start_at_its_folder() {
    let settings = load_with(
        "database = \"sqlite://a.db\"\n[mail]\nfolder = \"out\"\nfrom = \"a@b.example\"\n",
        &[],
    )
    .unwrap();
    assert!(settings.database_url().expose().ends_with("/a.db"));
    assert!(settings.database_url().expose().starts_with("sqlite:///"));
    let MailRoute::Folder(folder) = settings.mail.unwrap().route else {
        panic!()
    };
    assert!(folder.is_absolute());
}

#[test]
fn a_file_of_the_wrong_shape_is_faulted_with_place_and_hint() {
    for (text, expected) in [
        (
            "listn = \"x\"\n",
            "schoolgate.toml:1:1: unknown key `listn` (did you mean `listen`?)",
        ),
        (
            "log_format = \"jsn\"\n",
            "schoolgate.toml:1:14: `jsn` is not allowed here (did you mean `json`?)",
        ),
        (
            "[mail]\nfrom = \"a@b.example\"\nfolder = \"x\"\npassword = \"secret\"\n",
            "schoolgate.toml:4:1: unknown key `password` (did you mean `password_file`?)",
        ),
        (
            "[[http.token]]\nname = \"a\"\n",
            "schoolgate.toml:1:1: the key `sha256` is missing",
        ),
    ] {
        assert_eq!(faults(text), [expected]);
    }
}

#[test]
fn every_bad_value_is_listed_in_order() {
    let text = r#"database = "postgres://user:secret@db.example/schoolgate"
listen = "localhost"
data = ""
[mail]
smtp = "mail.example"
folder = "x"
from = "nobody"
user = "u"
public_url = "schoolgate.example"
[[http.token]]
name = "a"
sha256 = "abc"
school = "St Judes"
rights = []
[[http.token]]
name = "a"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
school = "st-judes"
rights = ["write"]
"#;
    let shown = faults(text);
    let places: Vec<&str> = shown
        .iter()
        .map(|fault| fault.split(": ").next().unwrap())
        .collect();
    let expected = [
        "1:12", "2:10", "3:8", "4:1", "4:1", "7:8", "12:10", "13:10", "14:10", "16:8", "19:11",
    ];
    let expected: Vec<String> = expected
        .iter()
        .map(|place| format!("schoolgate.toml:{place}"))
        .collect();
    assert_eq!(places, expected, "{shown:#?}");
    assert!(shown.iter().all(|fault| !fault.contains("secret")));
}

#[test]
fn a_mail_server_with_a_password_or_without_a_scheme_is_a_fault() {
    for server in [
        "mail.example:25",
        "smtp://",
        "smtp://mail.example:x",
        "http://mail.example",
    ] {
        let text = format!("[mail]\nfrom = \"a@b.example\"\nsmtp = \"{server}\"\n");
        assert!(faults(&text)[0].contains("not a mail server"), "{server}");
    }
    let text = "[mail]\nfrom = \"a@b.example\"\nsmtp = \"smtp://u:p@mail.example:25\"\n";
    assert!(faults(text)[0].contains("password does not belong"));
}

#[test]
fn a_password_is_read_from_its_file_and_an_empty_one_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    let mail = MailSettings {
        route: MailRoute::Folder(PathBuf::from("x")),
        from: "a@b.example".to_owned(),
        user: Some("u".to_owned()),
        password_file: Some(file.clone()),
        public_url: None,
    };
    assert!(mail.password().is_err());
    std::fs::write(&file, "\n").unwrap();
    assert!(mail.password().is_err());
    std::fs::write(&file, "pass word\r\n").unwrap();
    assert_eq!(mail.password().unwrap().unwrap().expose(), "pass word");
}

#[test]
fn a_bucket_is_used_only_where_it_is_asked_for_and_its_key_is_never_in_the_file() {
    let bucket = "[media.s3]\nbucket = \"b\"\naccess_key = \"A\"\n";
    let text = format!("[media]\nstore = \"s3\"\n{bucket}");
    let settings = load_with(&text, &[("SCHOOLGATE_MEDIA_SECRET_KEY", "secret")]).unwrap();
    let found = settings.bucket.unwrap();
    assert_eq!(found.secret_key().unwrap().expose(), "secret");
    assert!(!found.path_style && found.endpoint.is_none());
    assert!(!format!("{found:?}").contains("secret\""));
    let missing = load_with(&text, &[]).unwrap().bucket.unwrap();
    assert!(
        missing
            .secret_key()
            .unwrap_err()
            .to_string()
            .contains("missing")
    );
    assert_eq!(
        load_with("[media]\nstore = \"file\"\n", &[])
            .unwrap()
            .bucket,
        None
    );
    for (wrong, why) in [
        ("[media]\nstore = \"s3\"\n".to_owned(), "no bucket"),
        (bucket.to_owned(), "is not used"),
        ("[media]\nstore = \"s4\"\n".to_owned(), "cannot be kept in"),
        (text.replace("\"b\"", "\" \""), "is empty"),
        (format!("{text}secret_key = \"x\"\n"), "secret_key"),
        (
            format!("{text}endpoint = \"http://s3.example\"\n"),
            "address",
        ),
        (
            format!("{text}endpoint = \"https://u:p@s3.example\"\n"),
            "address",
        ),
        (format!("{text}endpoint = \"s3.example\"\n"), "address"),
    ] {
        let faults = load_with(&wrong, &[]).unwrap_err();
        let said: String = faults.iter().map(ToString::to_string).collect();
        assert!(said.contains(why), "{wrong}: {said}");
    }
    for endpoint in [
        "https://s3.example",
        "http://127.0.0.1:9000",
        "http://[::1]:9000/",
    ] {
        let text = format!("{text}endpoint = \"{endpoint}\"\n");
        assert!(
            load_with(&text, &[]).unwrap().bucket.unwrap().path_style,
            "{endpoint}"
        );
    }
}

#[test]
fn a_public_address_without_tokens_is_a_fault() {
    let text = |more: &str| {
        format!(
            "[mail]\nfrom = \"a@b.example\"\nfolder = \"mail\"\npublic_url = \"https://desk.school.example\"\n{more}"
        )
    };
    let settings = load_with(&text(""), &[]).unwrap();
    assert!(settings.door_faults()[0].to_string().contains("no tokens"));
    let plain = load_with(&text("").replace("https:", "http:"), &[]).unwrap();
    assert!(plain.door_faults().is_empty());
    let mut with_tokens = settings;
    with_tokens.tokens = load_with(&switched_on(), &[]).unwrap().tokens;
    assert!(with_tokens.door_faults().is_empty());
}

#[test]
fn a_token_for_a_school_that_is_not_there_is_a_fault_at_its_section() {
    let settings = load_with(&switched_on(), &[]).unwrap();
    assert!(
        settings
            .token_faults(|school| school.as_str() == "st-saviours")
            .is_empty()
    );
    let faults = settings.token_faults(|_| false);
    assert!(faults[0].to_string().contains("`st-saviours`") && faults[0].line > 30);
}

#[test]
fn a_broker_is_an_address_without_a_password_and_the_environment_wins() {
    let file = "broker = \"amqp://intake@rabbit.example:5672\"\nbroker_password_file = \"pass\"\n";
    let settings = load_with(file, &[("SCHOOLGATE_BROKER", "amqp://a:b@c")]).unwrap();
    let url = settings.broker_url().unwrap().unwrap();
    assert_eq!(url.expose(), "amqp://a:b@c");
    for (text, fault) in [
        ("broker = \"http://rabbit\"", "this is not a broker"),
        (
            "broker = \"amqp://a:b@rabbit\"",
            "a password does not belong in this file",
        ),
    ] {
        assert!(faults(text)[0].contains(fault), "{text}");
    }
    assert!(load_with("", &[("SCHOOLGATE_BROKER", "rabbit:5672")]).is_err());
}

#[test]
fn a_broker_password_is_read_from_its_file_and_encoded() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    let mut settings = ServiceSettings {
        broker: Some(Redacted::new(
            "amqps://intake@rabbit.example:5671/%2f".to_owned(),
        )),
        broker_password_file: Some(file.clone()),
        ..ServiceSettings::default()
    };
    assert!(settings.broker_url().is_err(), "there is no such file yet");
    std::fs::write(&file, "p@ss/wörd\n").unwrap();
    let url = settings.broker_url().unwrap().unwrap();
    assert_eq!(
        url.expose(),
        "amqps://intake:p%40ss%2Fw%C3%B6rd@rabbit.example:5671/%2f"
    );
    settings.broker = None;
    assert_eq!(settings.broker_url().unwrap(), None);
}
