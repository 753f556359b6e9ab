//! Tests of the wire messages; planted words against error messages are in `planted`.

mod events;
mod planted;

use super::*;

fn parse(json: &str) -> Result<Submission, WireError> {
    parse_submission(json.as_bytes())
}

#[test]
fn the_three_required_fields_are_enough() {
    let item = parse(r#"{"id":"d-1","kind":"draft","text":"Hello"}"#).unwrap();
    assert_eq!(item.kind, ItemKind::Draft);
    assert_eq!(item.verb, Verb::Add);
    assert_eq!(item.revision, None);
}

#[test]
fn an_author_may_be_a_plain_string() {
    let item = parse(r#"{"id":"c","kind":"comment","text":"Hi","author":"A Parent"}"#).unwrap();
    assert_eq!(item.author.name.unwrap().expose(), "A Parent");
}

#[test]
fn nul_is_replaced_one_for_one() {
    let item = parse("{\"id\":\"c\",\"kind\":\"comment\",\"text\":\"a\\u0000b\"}").unwrap();
    assert_eq!(item.content.text, "a\u{FFFD}b");
}

#[test]
fn an_absent_pupils_field_differs_from_an_empty_one() {
    let media = r#"{"id":"d","kind":"draft","text":"","media":[{"path":"a.jpg"},{"path":"b.jpg","pupils":[]}]}"#;
    let item = parse(media).unwrap();
    assert_eq!(item.content.media[0].pupils, None);
    assert_eq!(item.content.media[1].pupils, Some(Vec::new()));
    assert_eq!(item.content.media[1].id.as_str(), "m2");
}

#[test]
fn the_adults_of_a_picture_are_named_or_counted_and_its_album_is_kept() {
    let medium = |rest: &str| {
        let json = format!(
            r#"{{"id":"d","kind":"draft","text":"","media":[{{"path":"a.jpg","pupils":[]{rest}}}]}}"#
        );
        parse(&json)
    };
    let staff = |rest: &str| medium(rest).unwrap().content.media.remove(0).staff;
    assert_eq!(staff(""), None);
    assert_eq!(staff(r#","staff":null"#), None);
    assert_eq!(staff(r#","staff":2"#), Some(DeclaredStaff::Counted(2)));
    let named = DeclaredStaff::Named(vec!["S1".into()]);
    assert_eq!(staff(r#","staff":["S1"]"#), Some(named));
    for bad in ["-1", "1.5", "\"two\"", "true", "99999999999", "[1]", "{}"] {
        let fault = medium(&format!(r#","staff":{bad}"#)).unwrap_err();
        assert!(
            fault.message.contains("expected"),
            "{bad}: {}",
            fault.message
        );
    }
    let hash = |rest: &str| medium(rest).unwrap().content_hash();
    let fields = [
        "",
        r#","staff":0"#,
        r#","staff":[]"#,
        r#","staff":["S1"]"#,
        r#","album":"Fair""#,
    ];
    let hashes: HashSet<String> = fields.iter().map(|rest| hash(rest)).collect();
    assert_eq!(
        hashes.len(),
        fields.len(),
        "another declaration is another revision"
    );
}

#[test]
fn errors_name_the_fault_and_keep_the_id_but_not_the_words() {
    let cases = [
        ("not json", None),
        (r#"{"id":"d-9","kind":"draft"}"#, Some("d-9")),
        (
            r#"{"id":"d-9","kind":"draft","text":"x","unsure":"Amelia is here"}"#,
            Some("d-9"),
        ),
        (
            r#"{"id":"d-9","kind":"draft","text":"x","revision":0}"#,
            Some("d-9"),
        ),
        (r#"{"id":"","kind":"draft","text":"x"}"#, Some("")),
        (r#"{"id":7,"kind":"draft","text":"x"}"#, None),
        (r#"{"id":"a","id":"b","kind":"draft","text":"x"}"#, None),
        (
            r#"{"id":"d","kind":"draft","text":"x","media":[{"path":"a","url":"b"}]}"#,
            Some("d"),
        ),
    ];
    for (json, id) in cases {
        let error = parse(json).expect_err(json);
        assert_eq!(error.id.as_deref(), id, "{json}");
        assert!(!error.message.contains("Amelia"), "{}", error.message);
    }
    assert!(
        parse_submission(&[b'{', 0xff, b'}'])
            .unwrap_err()
            .message
            .contains("UTF-8")
    );
}

#[test]
fn deep_nesting_is_an_error_and_not_a_crash() {
    let json = format!(
        "{{\"id\":\"x\",\"kind\":\"draft\",\"text\":\"t\",\"extra\":{}",
        "[".repeat(1_000_000)
    );
    assert!(parse(&json).is_err());
}

#[test]
fn a_future_creation_time_is_clamped_to_the_arrival() {
    let arrived: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
    let json = r#"{"id":"c","kind":"comment","text":"Hi","created_at":"2027-01-01T00:00:00Z"}"#;
    let item = parse(json)
        .unwrap()
        .into_item(SchoolId::from("s"), 1, arrived);
    assert_eq!(item.envelope.created_at, arrived);
}

#[test]
fn the_content_hash_follows_the_content_and_not_the_delivery() {
    let hash = |json: &str| parse(json).unwrap().content_hash();
    let base = hash(r#"{"id":"c","kind":"comment","text":"Hi"}"#);
    assert_eq!(
        base,
        hash(r#"{"text":"Hi","kind":"comment","id":"c","created_at":"2026-01-01T00:00:00Z"}"#)
    );
    assert_ne!(base, hash(r#"{"id":"c","kind":"comment","text":"Hi!"}"#));
    let none = hash(r#"{"id":"d","kind":"draft","text":"","media":[{"path":"a"}]}"#);
    assert_ne!(
        none,
        hash(r#"{"id":"d","kind":"draft","text":"","media":[{"path":"a","pupils":[]}]}"#)
    );
}

#[test]
fn a_draft_is_always_added_whatever_verb_it_comes_with() {
    let plain = parse(r#"{"id":"d","kind":"draft","text":"Hi"}"#).unwrap();
    let edit = parse(r#"{"id":"d","kind":"draft","text":"Hi","verb":"edit"}"#).unwrap();
    assert_eq!(edit.verb, Verb::Add);
    assert_eq!(edit.content_hash(), plain.content_hash());
    let comment = parse(r#"{"id":"c","kind":"comment","text":"Hi","verb":"edit"}"#).unwrap();
    assert_eq!(comment.verb, Verb::Edit);
}

#[test]
fn an_author_may_be_an_object_with_more_in_it_than_we_know() {
    let item = parse(
        r#"{"id":"c","kind":"comment","text":"Hi","author":{"id":"9","badge":[{"x":1}],"name":"A Parent"}}"#,
    )
    .unwrap();
    assert_eq!(item.author.id.unwrap().expose(), "9");
    assert_eq!(item.author.name.unwrap().expose(), "A Parent");
    let null = parse(r#"{"id":"c","kind":"comment","text":"Hi","author":null}"#).unwrap();
    assert_eq!(null.author, Author::default());
}

#[test]
fn the_id_of_a_bad_item_is_found_whatever_else_stands_in_its_place() {
    let id_of = |id: &str| {
        parse(&format!("{{\"id\":{id},\"kind\":\"draft\"}}"))
            .unwrap_err()
            .id
    };
    assert_eq!(id_of(r#""d-\u00fc""#).as_deref(), Some("d-ü"));
    for other in [
        "7",
        "-7",
        "7.5",
        "true",
        "null",
        "[0,[0]]",
        r#"{"a":{"b":1}}"#,
        r#""\u0007""#,
    ] {
        assert_eq!(id_of(other), None, "{other}");
    }
}

#[test]
fn a_list_has_an_end() {
    let links = |count: usize| {
        let list = vec!["\"\""; count].join(",");
        parse(&format!(
            "{{\"id\":\"d\",\"kind\":\"draft\",\"text\":\"\",\"links\":[{list}]}}"
        ))
    };
    assert_eq!(links(MAX_LIST).unwrap().content.links.len(), MAX_LIST);
    let fault = links(MAX_LIST + 1).unwrap_err();
    assert!(fault.message.contains("more than 10000 entries"), "{fault}");
    assert_eq!(fault.id.as_deref(), Some("d"));
}

#[test]
fn what_an_index_must_hold_has_a_limit_and_no_nul() {
    let with = |field: &str, value: &str| {
        let json = serde_json::json!({"id": "x", "kind": "draft", "text": "Hi", field: value});
        parse_submission(json.to_string().as_bytes())
    };
    for field in ["platform", "account", "post", "parent", "school"] {
        assert!(with(field, &"a".repeat(200)).is_ok(), "{field}");
        let error = with(field, &"a".repeat(201)).unwrap_err();
        assert!(error.message.contains(field), "{error}");
    }
    assert_eq!(
        with("parent", "a\0b").unwrap().parent.unwrap(),
        "a\u{FFFD}b"
    );
    assert!(with("author", &"a".repeat(1_001)).is_err());
    assert!(with("permalink", &"a".repeat(4_001)).is_err());
    let long = format!(
        r#"{{"id":"x","kind":"draft","text":"Hi","author":{{"id":"{}"}}}}"#,
        "a".repeat(201)
    );
    assert!(parse_submission(long.as_bytes()).is_err());
}
