//! What the hints say, and what they keep quiet about.

use schoolgate_model::Budget;

use super::*;

fn own() -> OwnDetails {
    OwnDetails::new(&[], &[], &[], &["www.st-hildas.example".to_owned()])
}

fn found(text: &str) -> Vec<(String, String)> {
    let texts = [SurfaceText::new(Surface::Text, None, text)];
    let own = own();
    let context = HintContext {
        own_handles: &["HildasPrimary"],
        own: &own,
        school: "St Hilda's",
        without_description: &[],
        owners: &[],
        names: &[],
    };
    scan_hints(&texts, &context, &Budget::default().meter())
        .unwrap()
        .into_iter()
        .map(|finding| {
            (
                finding.rule.as_str().to_owned(),
                finding.text.unwrap_or_default(),
            )
        })
        .collect()
}

fn assert_hints(cases: &[(&str, &str, &str)]) {
    for (text, rule, part) in cases {
        assert_eq!(
            found(text),
            [((*rule).to_owned(), (*part).to_owned())],
            "{text}"
        );
    }
}

fn assert_none(texts: &[&str]) {
    for text in texts {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_hashtag_of_small_words_gets_a_hint_and_one_word_does_not() {
    assert_hints(&[
        (
            "Costumes! #worldbookday",
            HASHTAG_WITHOUT_CAPITALS,
            "#worldbookday",
        ),
        (
            "#antibullyingweek is here",
            HASHTAG_WITHOUT_CAPITALS,
            "#antibullyingweek",
        ),
        ("Ready? #sportsday.", HASHTAG_WITHOUT_CAPITALS, "#sportsday"),
    ]);
    assert_none(&[
        "#WorldBookDay",
        "#playground",
        "#wexbourne",
        "#Year6",
        "#maths",
        "C# and #1",
        "#",
    ]);
}

#[test]
fn drawn_letters_and_rows_of_emoji_get_a_hint() {
    assert_hints(&[
        ("𝓦𝓮𝓵𝓬𝓸𝓶𝓮 back", DECORATIVE_LETTERS, "𝓦𝓮𝓵𝓬𝓸𝓶𝓮"),
        ("Ｗｅｌｃｏｍｅ all", DECORATIVE_LETTERS, "Ｗｅｌｃｏｍｅ"),
        ("We won 🎉🎉🎉🎉", EMOJI_RUN, "🎉🎉🎉🎉"),
        ("We won 🎉 🏆 🎉 🏆 today", EMOJI_RUN, "🎉 🏆 🎉 🏆"),
    ]);
    assert_none(&[
        "We won 🎉🎉🎉",
        "𝑥 + 𝑦",
        "Family 👨‍👩‍👧‍👦 fun 🎉",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇬🇧🇫🇷🇪🇸",
        "👍🏽👍🏽👍🏽",
    ]);
}

#[test]
fn shouting_is_four_words_in_capitals_and_not_a_row_of_abbreviations() {
    assert_hints(&[
        (
            "PLEASE DO NOT PARK HERE today",
            SHOUTING,
            "PLEASE DO NOT PARK HERE",
        ),
        ("We won!!!", MANY_EXCLAMATION_MARKS, "!!!"),
    ]);
    assert_none(&[
        "VOTES FOR WOMEN cried Year 5.",
        "PTA AGM in ICT at BST 7",
        "We won!! Really!!",
        "The school is CLOSED today",
    ]);
}

#[test]
fn an_account_that_is_not_ours_gets_a_hint() {
    assert_hints(&[
        ("Well done @mia.reads!", MENTION_NOT_KNOWN, "@mia.reads"),
        ("(@MrsSmithTeaches)", MENTION_NOT_KNOWN, "@MrsSmithTeaches"),
    ]);
    assert_none(&[
        "Follow @HildasPrimary",
        "Follow @StHildasPE",
        "Thank you @NSPCC and @BBC_Newsround",
        "Write to office@st-hildas.example",
        "Doors @ 3pm, match @3pm, @home or @school",
    ]);
}

#[test]
fn a_picture_without_a_description_or_with_another_owner_gets_a_hint() {
    let own = own();
    let ids = [MediaId::from("m1")];
    let owners = [
        (MediaId::from("m2"), "Brightsnap Photography"),
        (MediaId::from("m3"), "St Hildas Primary"),
    ];
    let context = HintContext {
        own_handles: &[],
        own: &own,
        school: "St Hilda's",
        without_description: &ids,
        owners: &owners,
        names: &[],
    };
    let found: Vec<_> = scan_picture_hints(&context, &Budget::default().meter())
        .unwrap()
        .into_iter()
        .map(|finding| (finding.rule.as_str().to_owned(), finding.media))
        .collect();
    assert_eq!(
        found,
        [
            (
                PICTURE_WITHOUT_DESCRIPTION.to_owned(),
                Some(MediaId::from("m1"))
            ),
            (
                PICTURE_OF_ANOTHER_OWNER.to_owned(),
                Some(MediaId::from("m2"))
            ),
        ]
    );
}

#[test]
fn every_rule_is_listed_once() {
    let mut ids: Vec<_> = HINT_RULES.to_vec();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), HINT_RULES.len());
}
