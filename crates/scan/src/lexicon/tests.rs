//! The packs and the disguise view, as data.

use std::sync::LazyLock;

use super::*;

pub(crate) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| match Lexicon::built_in() {
    Ok(lexicon) => lexicon,
    Err(faults) => panic!("{}", listed(&faults)),
});

fn listed(faults: &[ConfigFault]) -> String {
    faults.iter().map(|fault| format!("{fault}\n")).collect()
}

#[test]
fn every_pack_passes_its_own_examples() {
    let faults = LEXICON.self_test();
    assert!(faults.is_empty(), "{}", listed(&faults));
}

/// A harmless word for each shared phrase that excuses use.
const OBJECTS: &[(&str, &str)] = &[
    ("<absence>", "cold"),
    ("<adult>", "dad"),
    ("<bug>", "virus"),
    ("<cast>", "macbeth"),
    ("<dead_good>", "tired"),
    ("<effort>", "try"),
    ("<emergency>", "choking"),
    ("<filming>", "film"),
    ("<game>", "chess"),
    ("<goods>", "cakes"),
    ("<handshake>", "hand"),
    ("<heat>", "weather"),
    ("<lost_thing>", "coat"),
    ("<number>", "5"),
    ("<occasion>", "concert"),
    ("<opponent>", "visitors"),
    ("<performing>", "singing"),
    ("<role>", "chair"),
    ("<sharp>", "scissors"),
    ("<sport>", "football"),
    ("<sweet>", "cake"),
];

/// What makes harm of an excuse's sentence, by category.
fn tails(category: Category) -> &'static [&'static str] {
    match category {
        Category::Threat => &[
            "with a knife",
            "in the face",
            "after school",
            "and kill him",
        ],
        Category::Disclosure | Category::StaffAllegation | Category::Bullying => {
            &["with a knife", "in the face", "and kill him"]
        }
        Category::SelfHarm => &["and kill him", "on purpose", "with tablets"],
        Category::Weapon => &["and kill him", "and stab her"],
        Category::MissingChild => &["and the police are looking", "since last night"],
        Category::Grooming => &["alone", "on snapchat"],
        Category::Exploitation => &["for a dealer", "with drugs"],
        _ => &[],
    }
}

/// An excuse as somebody would write it: one plain word for each gap.
fn spoken(excuse: &str) -> String {
    let words = excuse.split(' ').map(|word| match word {
        "*" => "the".to_owned(),
        name if name.starts_with('<') => OBJECTS
            .iter()
            .find(|(object, _)| *object == name)
            .unwrap_or_else(|| panic!("no word for {name}"))
            .1
            .to_owned(),
        word => word.replace('*', ""),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The packs without their excuses.
fn without_excuses() -> Lexicon {
    let phrases = Phrases::read(source(PHRASES)).unwrap();
    let (mut rules, mut faults) = (Vec::new(), Vec::new());
    for (file, text) in PACKS {
        let kept: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with("unless ="))
            .collect();
        let text = kept.join("\n");
        read_pack(
            Source { file, text: &text },
            &phrases,
            &mut rules,
            &mut faults,
        );
    }
    assert!(faults.is_empty(), "{}", listed(&faults));
    Lexicon {
        built_in: Arc::new(BuiltIn {
            tongues: Tongues::built_in().unwrap(),
            compiled: Compiled::new(rules, "bare").unwrap(),
            contexts: Vec::new(),
        }),
        school: None,
        version: "0".into(),
    }
}

#[test]
fn an_excuse_beside_harm_excuses_nothing() {
    let bare = without_excuses();
    let carriers = [
        "",
        "i will ",
        "my dad ",
        "mr dunmore ",
        "my son ",
        "he ",
        "we are going to ",
    ];
    let (mut missed, mut tried) = (Vec::new(), 0);
    for rule in LEXICON.all_rules().filter(|rule| rule.firm) {
        let Subject::Category(category) = rule.subject else {
            continue;
        };
        for excuse in &rule.excuses {
            let excuse = spoken(&excuse.text);
            for (carrier, tail) in carriers
                .iter()
                .flat_map(|carrier| tails(category).iter().map(move |tail| (carrier, tail)))
            {
                let text = format!("{carrier}{excuse} {tail}");
                let only = |other: &Rule| other.id == rule.id;
                if count(&bare, &text, only) > 0 {
                    tried += 1;
                    if count(&LEXICON, &text, |other| other.severity >= Severity::High) == 0 {
                        missed.push(format!("{}: {text}\n", rule.id.as_str()));
                    }
                }
            }
        }
    }
    assert!(missed.is_empty(), "{} {}", missed.len(), missed.concat());
    assert!(tried > 1000, "{tried}");
}

fn count(lexicon: &Lexicon, text: &str, wanted: impl Fn(&Rule) -> bool) -> usize {
    let meter = schoolgate_model::Budget::default().meter();
    let surface = SurfaceText::new(schoolgate_model::Surface::Text, None, text);
    let prepared = lexicon.prepare(&surface, &meter).unwrap();
    lexicon
        .hits(&prepared, false, wanted, &meter)
        .unwrap()
        .len()
}

#[test]
fn an_excuse_of_an_urgent_rule_must_name_something() {
    let pack = r#"
[pack]
id = "try"
category = "threat"
title = "t"
source = "s"
date = "2026-11-20"
locale = "en-GB"

[[rule]]
id = "open"
severity = "critical"
firm = true
message = "m"
pattern = "splash (?:you|her)"
unless = ["splash her *", "splash her", "not splash you", "splash * paint"]
"#;
    let source = Source {
        file: "try.toml",
        text: pack,
    };
    let (mut rules, mut faults) = (Vec::new(), Vec::new());
    read_pack(source, &Phrases::default(), &mut rules, &mut faults);
    let listed = listed(&faults);
    assert_eq!(faults.len(), 3, "{listed}");
    assert!(
        listed.contains("`splash her *` is open at its end"),
        "{listed}"
    );
    assert!(listed.contains("`splash her` names nothing"), "{listed}");
}

#[test]
fn there_are_enough_rules_and_each_says_why() {
    let rules: Vec<_> = LEXICON.rules().collect();
    assert!(rules.len() >= 60, "{}", rules.len());
    assert!(rules.iter().all(|rule| rule.message.ends_with('.')));
    assert_eq!(PACKS.len(), 25);
}

#[test]
fn a_school_adds_words_and_exceptions() {
    let words = r#"
fine_here = ["Bell End", "numpty"]

[[word]]
terms = ["Gorbag"]
category = "insult"
severity = "medium"
"#;
    let school = LEXICON.with_words("schools/a/words.toml", words).unwrap();
    let hits = |text: &str| found(&school, text);
    assert_eq!(hits("you g0rbag"), ["school-insult-1"]);
    assert!(hits("The walk ends at Bell End").is_empty());
    assert!(hits("our mascot Numpty").is_empty());
    assert_eq!(hits("moron"), ["insult-strong-word"]);
    assert!(school.version().starts_with(LEXICON.version()));
    assert_ne!(school.version(), LEXICON.version());
    assert!(school.self_test().is_empty());
}

#[test]
fn one_excepted_word_never_silences_an_urgent_finding() {
    let school = LEXICON
        .with_words(
            "w",
            "fine_here = [\"kys\", \"kill\", \"kill yourself\", \"KYS Motors\"]",
        )
        .unwrap();
    assert_eq!(found(&school, "kys"), ["self-harm-encouragement"]);
    assert!(!found(&school, "kill yourself").is_empty());
    assert!(found(&school, "sponsored by KYS Motors").is_empty());
}

fn found(lexicon: &Lexicon, text: &str) -> Vec<String> {
    let meter = schoolgate_model::Budget::default().meter();
    let surface = SurfaceText::new(schoolgate_model::Surface::Text, None, text);
    let prepared = lexicon.prepare(&surface, &meter).unwrap();
    let category = |rule: &Rule| matches!(rule.subject, Subject::Category(_));
    let hits = lexicon.hits(&prepared, false, category, &meter).unwrap();
    hits.iter()
        .map(|hit| hit.rule.id.as_str().to_owned())
        .collect()
}

#[test]
fn a_fault_of_a_schools_words_says_where_it_is() {
    let cases = [
        ("fine_here = [\"x\"]\nword = 3\n", "words.toml:2:"),
        (
            "[[word]]\nterms = [\"gorbag\"]\ncategory = \"insults\"\nseverity = \"low\"\n",
            "words.toml:3:12: `insults` is not a category",
        ),
        (
            "[[word]]\nterms = [\"!\"]\ncategory = \"insult\"\nseverity = \"low\"\n",
            "words.toml:2:10: the word is too short",
        ),
        ("fine_her = []\n", "words.toml:1:1: unknown field"),
    ];
    for (words, expected) in cases {
        let faults = LEXICON.with_words("words.toml", words).unwrap_err();
        assert!(listed(&faults).starts_with(expected), "{}", listed(&faults));
    }
}

#[test]
fn the_lint_names_every_fault_of_a_pack() {
    let pack = r#"
[pack]
id = "try"
category = "insult"
title = "t"
source = "s"
date = "2026-11-20"
locale = "en-GB"

[[rule]]
id = "Bad_Id"
severity = "low"
message = "m"
terms = ["zeta", "alpha", "Don't"]

[[rule]]
id = "no-words"
severity = "low"
message = "m"

[[rule]]
id = "bad-pattern"
severity = "low"
message = "m"
pattern = "a(b"

[[rule]]
id = "bad-phrase"
severity = "low"
message = "m"
pattern = "a <nowhere>"
"#;
    let source = Source {
        file: "try.toml",
        text: pack,
    };
    let (mut rules, mut faults) = (Vec::new(), Vec::new());
    read_pack(source, &Phrases::default(), &mut rules, &mut faults);
    let listed = listed(&faults);
    for expected in [
        "try.toml:11:6: the rule id `Bad_Id`",
        "not in alphabetical order",
        "not written plainly (write \"dont\")",
        "a rule needs terms or a pattern",
        "the pattern cannot be used",
        "no shared phrase `<nowhere>`",
    ] {
        assert!(listed.contains(expected), "{expected}\n{listed}");
    }
    assert!(rules.is_empty());
}

#[test]
fn the_self_test_notices_a_wrong_example_and_a_double_id() {
    let pack = r#"
[pack]
id = "try"
category = "insult"
title = "t"
source = "s"
date = "2026-11-20"
locale = "en-GB"

[[rule]]
id = "same"
severity = "low"
message = "m"
terms = ["gorbag"]
must_match = ["a gorbag", "nothing"]
must_not_match = ["gorbags", "the gorbag"]

[[rule]]
id = "same"
severity = "low"
message = "m"
terms = ["zeta"]
"#;
    let source = Source {
        file: "try.toml",
        text: pack,
    };
    let (mut rules, mut faults) = (Vec::new(), Vec::new());
    read_pack(source, &Phrases::default(), &mut rules, &mut faults);
    assert!(faults.is_empty(), "{}", listed(&faults));
    let lexicon = Lexicon {
        built_in: Arc::new(BuiltIn {
            tongues: Tongues::built_in().unwrap(),
            compiled: Compiled::new(rules, "try").unwrap(),
            contexts: Vec::new(),
        }),
        school: None,
        version: "0".into(),
    };
    let listed = listed(&lexicon.self_test());
    assert!(
        listed.contains("does not match its example `nothing`"),
        "{listed}"
    );
    assert!(listed.contains("counter-example `the gorbag`"), "{listed}");
    assert!(listed.contains("also used in the pack `try`"), "{listed}");
    assert!(
        listed.contains("needs two examples of each sort"),
        "{listed}"
    );
}
