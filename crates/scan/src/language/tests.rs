//! Texts with the category or class they must give, harmless texts that must give none, and properties.

mod cases;
mod groups;
mod harmful;
mod hostile;

use proptest::prelude::*;
use schoolgate_model::{Budget, CommentClass, MediaId};

use super::*;
use crate::lexicon::tests::{LEXICON, small};

fn scan(text: &str, draft: bool) -> Vec<Finding> {
    let surface = SurfaceText::new(Surface::Text, None, text);
    let meter = Budget::default().meter();
    scan_language(&[surface], &LEXICON, &LanguageContext { draft }, &meter).unwrap()
}

fn shown(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(|found| {
            format!(
                "{} {} `{}`; ",
                found.category.code(),
                found.rule.as_str(),
                found.text.as_deref().unwrap_or_default()
            )
        })
        .collect()
}

fn classes(text: &str) -> Vec<CommentClass> {
    let surface = SurfaceText::new(Surface::Text, None, text);
    scan_classes(&surface, &LEXICON, &Budget::default().meter())
        .unwrap()
        .classes
}

#[test]
fn harmful_comments_give_their_category() {
    let mut missed = Vec::new();
    for (text, category) in harmful::HARMFUL {
        let findings = scan(text, false);
        if !findings
            .iter()
            .any(|found| found.category.code() == *category)
        {
            missed.push(format!("{category}: {text} -> {}\n", shown(&findings)));
        }
    }
    assert!(missed.is_empty(), "{}", missed.concat());
}

#[test]
fn harmless_texts_give_nothing() {
    let mut wrong = Vec::new();
    for draft in [false, true] {
        for text in cases::HARMLESS {
            let findings = scan(text, draft);
            if !findings.is_empty() {
                wrong.push(format!("{text} -> {}\n", shown(&findings)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

/// What is found of each sentence said of each group, where it is not as it should be.
fn said_of_groups(sentences: &[&str], hateful: bool) -> String {
    let mut wrong = String::new();
    for sentence in sentences {
        for group in groups::GROUPS {
            let mut text = sentence.replace("{}", group);
            if let Some(first) = text.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            let findings = scan(&text, false);
            if findings.iter().any(|f| f.category == Category::Hate) != hateful
                || !hateful && !findings.is_empty()
            {
                wrong.push_str(&format!("{text} -> {}\n", shown(&findings)));
            }
        }
    }
    wrong
}

#[test]
fn who_is_spoken_of_is_never_hateful_by_itself() {
    assert_eq!(said_of_groups(groups::KIND, false), "");
}

#[test]
fn hate_is_found_whoever_it_is_said_of() {
    assert_eq!(said_of_groups(groups::HOSTILE, true), "");
}

#[test]
fn at_most_one_trap_in_fifty_is_hit() {
    let hit: Vec<_> = cases::TRAPS
        .iter()
        .map(|text| (text, scan(text, true)))
        .filter(|(_, findings)| !findings.is_empty())
        .map(|(text, findings)| format!("{text} -> {}\n", shown(&findings)))
        .collect();
    assert!(hit.len() * 50 <= cases::TRAPS.len(), "{}", hit.concat());
}

#[test]
fn disguised_words_are_found_with_the_place_they_stand() {
    let mut missed = Vec::new();
    for (text, category, place) in cases::DISGUISED {
        let findings = scan(text, false);
        let found = findings.iter().any(|found| {
            found.category.code() == *category && found.text.as_deref() == Some(*place)
        });
        if !found {
            missed.push(format!("{category}: {text} -> {}\n", shown(&findings)));
        }
    }
    assert!(missed.is_empty(), "{}", missed.concat());
}

#[test]
fn comments_are_classed() {
    let mut wrong = Vec::new();
    for (text, expected) in cases::CLASSES {
        let found: Vec<_> = classes(text).iter().map(|class| class.code()).collect();
        if found != *expected {
            wrong.push(format!("{text}: {found:?}, not {expected:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn no_excuse_hides_harm() {
    let mut missed = Vec::new();
    for (text, draft) in hostile::HOSTILE {
        let findings = scan(text, *draft);
        if !findings
            .iter()
            .any(|found| found.severity >= Severity::Medium)
        {
            missed.push(format!("{text} -> {}\n", shown(&findings)));
        }
    }
    assert!(missed.is_empty(), "{}", missed.concat());
}

#[test]
fn the_strongest_of_overlapping_hits_stands() {
    let findings = scan("what a fucking bellend", false);
    let profanity: Vec<_> = findings
        .iter()
        .filter(|found| found.category == Category::Profanity)
        .collect();
    assert_eq!(profanity.len(), 2, "{}", shown(&findings));
    let findings = scan("bullshit", false);
    assert_eq!(findings.len(), 1, "{}", shown(&findings));
}

#[test]
fn a_finding_carries_surface_picture_and_place() {
    let media = MediaId::new("m1");
    let surface = SurfaceText::new(Surface::Alt, Some(media.clone()), "Zoë 😀 says sh1t");
    let meter = Budget::default().meter();
    let context = LanguageContext { draft: true };
    let findings = scan_language(&[surface], &LEXICON, &context, &meter).unwrap();
    let found = &findings[0];
    assert_eq!(
        (found.surface, found.media.as_ref()),
        (Some(Surface::Alt), Some(&media))
    );
    assert_eq!((found.start, found.end), (Some(11), Some(15)));
    assert_eq!(found.text.as_deref(), Some("sh1t"));
}

#[test]
fn names_that_are_words_are_no_insult_as_an_author() {
    let surface = SurfaceText::new(Surface::Author, None, "Randy Dick");
    let meter = Budget::default().meter();
    let context = LanguageContext { draft: false };
    let findings = scan_language(&[surface], &LEXICON, &context, &meter).unwrap();
    assert!(findings.is_empty(), "{}", shown(&findings));
}

#[test]
fn a_used_up_budget_is_a_failure_and_never_an_empty_answer() {
    let surface = SurfaceText::new(Surface::Text, None, "well done everyone");
    let meter = Budget {
        steps_per_check: 30,
    }
    .meter();
    let context = LanguageContext { draft: false };
    assert_eq!(
        scan_language(std::slice::from_ref(&surface), &LEXICON, &context, &meter),
        Err(CheckFailure::OverBudget)
    );
    assert_eq!(
        scan_classes(&surface, &LEXICON, &meter),
        Err(CheckFailure::OverBudget)
    );
}

/// Long texts of the kinds that a careless matcher takes quadratic time for stay within a tenth of the budget.
#[test]
fn long_texts_stay_within_a_tenth_of_the_budget() {
    for unit in [
        "f u c k ",
        "1 ",
        "kill ",
        "sh*t ",
        "a",
        "f*",
        ". ",
        "my son ",
        "😀",
        "'a ",
        "\"A b\" ",
        "i will ",
        "$h1t-",
        "#Aa",
        "she is so ",
    ] {
        let text: String = unit.chars().cycle().take(20_000).collect();
        let surface = SurfaceText::new(Surface::Text, None, &text);
        let budget = Budget::default().steps_per_check / 10;
        let meter = Budget {
            steps_per_check: budget,
        }
        .meter();
        let context = LanguageContext { draft: false };
        assert!(
            scan_language(&[surface], &LEXICON, &context, &meter).is_ok(),
            "{unit}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_finding_lies_within_its_text(
        text in "\\PC{0,80}|([fF][ .*]?[uU4@][ .]?[cC(][ ]?[kK!]|sh[1i*]t|kill|[ \n'\"#@_?!.]|yourself|Mrs Smith|é|😀|\u{200B}|i will|[a-z]{1,6}){0,24}",
        draft: bool,
    ) {
        let surface = SurfaceText::new(Surface::Text, None, &text);
        let meter = Budget::default().meter();
        let findings = scan_language(std::slice::from_ref(&surface), &LEXICON, &LanguageContext { draft }, &meter).unwrap();
        for found in findings {
            let span = found.span().unwrap();
            prop_assert!(span.start < span.end && span.end as usize <= surface.char_count());
            prop_assert_eq!(Some(surface.slice(span)), found.text.as_deref());
            prop_assert!(!surface.slice(span).is_empty());
        }
        scan_classes(&surface, &LEXICON, &meter).unwrap();
    }
}

#[test]
fn advice_with_a_helpline_is_not_the_thing_it_advises_on() {
    let advice = [
        "If your child tells you they are being bullied, talk to us. Childline 0800 1111",
        "Signs your child may be self-harming and what to do: Samaritans 116 123",
        "If you are worried about a child being abused, call the NSPCC helpline",
    ];
    for text in advice {
        let findings = scan(text, true);
        assert!(findings.is_empty(), "{text}: {}", shown(&findings));
    }
    let told = "Amelia told us her stepdad hits her. See you at the workshop";
    assert!(!scan(told, true).is_empty());
    for harm in [
        "Anyone in Year 6: my dad hits me every night. Childline 0800 1111",
        "If you are worried call Childline. Her stepdad hits her",
        "If your child is sad I want to die. Samaritans 116 123",
        "If someone comes to school we will stab you. Childline 0800 1111",
    ] {
        assert!(!scan(harm, true).is_empty(), "{harm}");
    }
    let report = "If you do nothing about my son being bullied I will ring Childline";
    assert!(!scan(report, false).is_empty());
}

#[test]
fn a_topic_never_excuses_strong_words_or_a_disclosure() {
    let texts = [
        ("Macbeth was fucking shit", Category::Profanity),
        (
            "After Romeo and Juliet my daughter says she wants to die",
            Category::SelfHarm,
        ),
        ("In history he called my son a paki", Category::Hate),
        ("'I Will Kill You Tomorrow' he wrote", Category::Threat),
    ];
    for (text, category) in texts {
        let findings = scan(text, false);
        assert!(
            findings.iter().any(|found| found.category == category),
            "{text}: {}",
            shown(&findings)
        );
    }
}

#[test]
fn a_pack_of_the_topic_check_is_read_by_that_check_alone() {
    let rules =
        "[[rule]]\nid = \"t\"\nseverity = \"low\"\nmessage = \"m.\"\nterms = [\"strike ballot\"]\n";
    let lexicon = small("category = \"controversial\"\ncheck = \"topics\"", rules).unwrap();
    let text = [SurfaceText::new(
        Surface::Text,
        None,
        "Vote in the strike ballot",
    )];
    let meter = schoolgate_model::Budget::default().meter();
    let found = scan_topics(&text, &lexicon, &meter).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].detector, CheckName::Topics);
    assert_eq!(found[0].text.as_deref(), Some("strike ballot"));
    let context = LanguageContext { draft: true };
    assert!(
        scan_language(&text, &lexicon, &context, &meter)
            .unwrap()
            .is_empty()
    );
}
