//! Tests of the whole detector over an invented register. The cases live in `fixtures/registers/names_cases.tsv`.

use proptest::prelude::*;
use schoolgate_model::{Budget, Consent, Consents, Pupil, Redacted, Staff};

use super::*;

mod demo;

const PUPILS: &str = include_str!("../../../../fixtures/registers/names_pupils.tsv");
const CASES: &str = include_str!("../../../../fixtures/registers/names_cases.tsv");

fn rows(data: &str) -> impl Iterator<Item = Vec<&str>> {
    data.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
}

fn name(cell: &str) -> Option<Redacted<String>> {
    (!cell.is_empty()).then(|| Redacted::new(cell.to_owned()))
}

fn word(cell: &str) -> Option<String> {
    (!cell.is_empty()).then(|| cell.to_owned())
}

fn pupils() -> Vec<Pupil> {
    rows(PUPILS)
        .map(|row| Pupil {
            id: row[0].into(),
            upn: None,
            legal_given: name(row[1]),
            legal_middle: name(row[2]),
            legal_family: name(row[3]),
            preferred_given: name(row[4]),
            preferred_family: name(row[5]),
            former_family: name(row[6]),
            year: word(row[7]),
            class: word(row[8]),
            do_not_publish: Some(row[9] == "yes"),
            consents: Consents {
                name: Some(if row[10] == "yes" {
                    Consent::Granted
                } else {
                    Consent::Unknown
                }),
                ..Consents::default()
            },
        })
        .collect()
}

fn staff_member(title: &str, given: &str, family: &str) -> Staff {
    Staff {
        id: family.into(),
        title: word(title),
        given: name(given),
        family: name(family),
        role: None,
        email: None,
        end_date: None,
        no_photos: false,
    }
}

fn roster() -> Roster {
    let staff = [
        staff_member("Mrs", "Helen", "Whitcombe"),
        staff_member("Miss", "Grace", "Porter"),
        staff_member("Mr", "Daniel", "Carter"),
    ];
    Roster::build(&pupils(), &staff, &["N Bluebell".to_owned()]).unwrap()
}

fn scan_all(roster: &Roster, draft: bool, texts: &[(Surface, &str)]) -> Vec<Finding> {
    let surfaces: Vec<SurfaceText> = texts
        .iter()
        .map(|(surface, text)| SurfaceText::new(*surface, None, text))
        .collect();
    let meter = Budget::default().meter();
    let pictured = texts.iter().any(|(surface, _)| *surface != Surface::Text);
    let context = NameContext { draft, pictured };
    scan_names(&surfaces, roster, &context, &meter).unwrap()
}

fn found(roster: &Roster, draft: bool, text: &str) -> Vec<String> {
    let mut findings = scan_all(roster, draft, &[(Surface::Text, text)]);
    findings.sort_by_key(|finding| finding.start);
    findings
        .iter()
        .map(|f| format!("{}={}", f.rule, f.text.as_deref().unwrap_or_default()))
        .collect()
}

fn unescape(cell: &str) -> String {
    let mut text = cell.replace("\\n", "\n");
    while let Some(start) = text.find("\\u{") {
        let end = start + text[start..].find('}').unwrap();
        let code = u32::from_str_radix(&text[start + 3..end], 16).unwrap();
        text.replace_range(start..=end, &char::from_u32(code).unwrap().to_string());
    }
    text
}

#[test]
fn every_case_of_the_table_gives_exactly_what_it_says() {
    let roster = roster();
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in rows(CASES) {
        count += 1;
        let text = unescape(row[1]);
        let expected: Vec<String> = match row[2] {
            "-" => Vec::new(),
            findings => findings.split(" | ").map(unescape).collect(),
        };
        let got = found(&roster, row[0] == "d", &text);
        if got != expected {
            wrong.push(format!("{:?}\n   want {expected:?}\n   got  {got:?}", text));
        }
    }
    assert!(count >= 120, "only {count} cases");
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

const SCHOOLS: &str = include_str!("../../../../fixtures/registers/schools_pupils.tsv");
const SCHOOL_CASES: &str = include_str!("../../../../fixtures/registers/schools_cases.tsv");

const DEMO_PUPILS: &str =
    include_str!("../../../../fixtures/demo/config/schools/st-hildas/pupils.csv");
const DEMO_STAFF: &str =
    include_str!("../../../../fixtures/demo/config/schools/st-hildas/staff.csv");

/// The register of the demonstration school.
fn demo() -> Roster {
    let cells = |line: &'static str| line.split(',').collect::<Vec<_>>();
    let pupils: Vec<Pupil> = DEMO_PUPILS
        .lines()
        .skip(1)
        .map(cells)
        .map(|row| Pupil {
            id: row[0].into(),
            upn: None,
            legal_given: name(row[2]),
            legal_middle: name(row[3]),
            legal_family: name(row[4]),
            preferred_given: name(row[5]),
            preferred_family: name(row[6]),
            former_family: name(row[7]),
            year: word(row[8]),
            class: word(row[9]),
            do_not_publish: Some(row[10] == "yes"),
            consents: Consents::default(),
        })
        .collect();
    let staff: Vec<_> = DEMO_STAFF
        .lines()
        .skip(1)
        .map(cells)
        .map(|row| staff_member(row[1], row[2], row[3]))
        .collect();
    Roster::build(&pupils, &staff, &["N Bluebell".to_owned()]).unwrap()
}

fn school(label: &str) -> Roster {
    if label == "DEM" {
        return demo();
    }
    let pupils: Vec<Pupil> = rows(SCHOOLS)
        .filter(|row| row[0] == label)
        .map(|row| Pupil {
            id: row[1].into(),
            upn: None,
            legal_given: name(row[2]),
            legal_middle: name(row[3]),
            legal_family: name(row[4]),
            preferred_given: name(row[5]),
            preferred_family: name(row[6]),
            former_family: name(row[7]),
            year: word(row[8]),
            class: word(row[9]),
            do_not_publish: Some(row.get(10) == Some(&"yes")),
            consents: Consents::default(),
        })
        .collect();
    let staff = [staff_member("Mrs", "Helen", "Whitcombe")];
    Roster::build(&pupils, &staff, &[]).unwrap()
}

/// A text with `{Amelia Hart=R25}` where a name must be found: the plain text, and where which pupil stands.
fn marked(text: &str) -> (String, Vec<(u32, u32, String)>) {
    let (mut plain, mut names, mut open) = (String::new(), Vec::new(), 0);
    let length = |text: &str| u32::try_from(text.chars().count()).unwrap();
    let mut id: Option<String> = None;
    for c in text.chars() {
        match c {
            '{' => open = length(&plain),
            '}' => names.push((open, length(&plain), id.take().unwrap_or_default())),
            '=' => id = Some(String::new()),
            c => match &mut id {
                Some(id) => id.push(c),
                None => plain.push(c),
            },
        }
    }
    (plain, names)
}

#[test]
fn names_are_found_on_registers_of_every_make_up() {
    let labels = ["LON", "CYM", "SCO", "RUR", "DEM"];
    let rosters = labels.map(|label| (label, school(label)));
    let mut wrong = Vec::new();
    let (mut expected, mut missed, mut found_in_all, mut false_ones) = (0, 0, 0, 0);
    for row in rows(SCHOOL_CASES) {
        let (_, roster) = rosters.iter().find(|(label, _)| *label == row[0]).unwrap();
        let surface = match row[1] {
            "f" => Surface::Filename,
            "a" => Surface::Alt,
            _ => Surface::Text,
        };
        let (text, names) = marked(&unescape(row[2]));
        let findings = scan_all(roster, row[1] != "c", &[(surface, &text)]);
        let pupils: Vec<_> = findings.iter().filter(|f| f.pupil_id.is_some()).collect();
        let fits = |finding: &Finding, (start, end, id): &(u32, u32, String)| {
            let span = finding.span().unwrap();
            span.start < *end
                && *start < span.end
                && finding.pupil_ids.iter().any(|p| p.as_str() == id)
        };
        let mut say: Vec<String> = names
            .iter()
            .filter(|name| !pupils.iter().any(|finding| fits(finding, name)))
            .map(|(_, _, id)| format!("missed {id}"))
            .collect();
        missed += say.len();
        expected += names.len();
        found_in_all += pupils.len();
        for finding in pupils
            .iter()
            .filter(|finding| !names.iter().any(|name| fits(finding, name)))
        {
            false_ones += 1;
            say.push(format!("wrong {}={:?}", finding.rule, finding.text));
        }
        if !say.is_empty() {
            wrong.push(format!(
                "{} {} {text:?}: {}",
                row[0],
                row[1],
                say.join(", ")
            ));
        }
    }
    let share = |part: usize, whole: usize| part as f64 / whole as f64;
    let recall = 1.0 - share(missed, expected);
    let precision = 1.0 - share(false_ones, found_in_all);
    assert!(
        recall >= 0.98 && precision >= 0.97 && expected >= 200,
        "recall {recall:.3} precision {precision:.3} of {expected}:\n{}",
        wrong.join("\n")
    );
}

fn only(findings: &[Finding]) -> &Finding {
    assert_eq!(findings.len(), 1, "{findings:?}");
    &findings[0]
}

#[test]
fn an_empty_register_is_a_fault() {
    assert_eq!(
        Roster::build(&[], &[], &[]).unwrap_err(),
        RosterFault::Empty
    );
    let nameless = Pupil {
        legal_given: None,
        legal_family: Some(Redacted::new("FNU".to_owned())),
        preferred_given: None,
        preferred_family: None,
        former_family: None,
        ..pupils().remove(0)
    };
    assert_eq!(
        Roster::build(&[nameless], &[], &[]).unwrap_err(),
        RosterFault::Nameless
    );
    assert_eq!(roster().pupil_count(), 63);
}

#[test]
fn a_shared_name_lists_the_strictest_pupil_first() {
    let roster = roster();
    let findings = scan_all(&roster, true, &[(Surface::Text, "Oliver Bennett sang")]);
    let finding = only(&findings);
    assert_eq!(finding.pupil_ids, ["T47".into(), "T48".into()]);
    assert_eq!(finding.pupil_count, Some(2));
    let bella = scan_all(&roster, true, &[(Surface::Text, "Bella sang")]);
    assert_eq!(only(&bella).pupil_id, Some("T16".into()));
}

#[test]
fn a_class_in_the_caption_counts_for_a_name_in_the_text() {
    let texts = [
        (Surface::Text, "Amelia was wonderful"),
        (Surface::Caption, "Year 4 at the museum"),
    ];
    let findings = scan_all(&roster(), true, &texts);
    let finding = only(&findings);
    assert_eq!(finding.rule.as_str(), "pupil-name-class");
    assert_eq!(finding.pupil_ids, ["T02".into()]);
}

#[test]
fn a_story_says_nothing_about_a_name_beside_a_picture() {
    let text = (Surface::Text, "Tudors! Harry was a jester.");
    assert!(scan_all(&roster(), true, &[text]).is_empty());
    let pictured = [text, (Surface::Alt, "A hall with long tables")];
    let findings = scan_all(&roster(), true, &pictured);
    assert_eq!(only(&findings).pupil_id, Some("T46".into()));
}

#[test]
fn names_in_file_names_are_read() {
    let roster = roster();
    for (text, rule, words) in [
        ("oliver_smith_6B.jpg", "pupil-full-name", "oliver_smith"),
        ("IMG-oliversmith-2026.JPG", "pupil-full-name", "oliversmith"),
        ("amelia-4heron.png", "pupil-name-class", "amelia"),
        ("grace_y3.jpg", "pupil-name-class", "grace"),
        ("Smith_O.jpg", "pupil-name-initial", "Smith_O"),
        ("osmith.jpg", "pupil-name-initial", "osmith"),
        ("will-hunter.jpeg", "pupil-full-name", "will-hunter"),
        ("mr-jonah-kemp.jpg", "pupil-full-name", "jonah-kemp"),
        ("4Heron_JK.jpg", "pupil-initials-class", "JK"),
        ("3kestrel-ir.jpg", "pupil-initials-class", "ir"),
        ("rothwell_3.jpg", "pupil-family-class", "rothwell"),
        ("buddy.jpg", "pupil-given-name", "buddy"),
        ("imogenrothwel.png", "pupil-full-name", "imogenrothwel"),
    ] {
        let findings = scan_all(&roster, true, &[(Surface::Filename, text)]);
        assert_eq!(findings.len(), 1, "{text}");
        let finding = only(&findings);
        assert_eq!(finding.rule.as_str(), rule, "{text}");
        assert_eq!(finding.text.as_deref(), Some(words), "{text}");
    }
    for text in [
        "IMG_2041.jpg",
        "summer-fair-2026.jpg",
        "may_day.png",
        "year4-art-club.jpg",
        "WhatsApp Image 2026-05-01 at 10.11.12.jpeg",
        "4Heron_PE.jpg",
        "the-buddy-bench.jpg",
        "rothwell_7.jpg",
        "bell_tower.jpg",
    ] {
        let findings = scan_all(&roster, true, &[(Surface::Filename, text)]);
        assert!(findings.is_empty(), "{text} {findings:?}");
    }
}

#[test]
fn a_word_that_a_hidden_child_is_called_by_is_the_child_under_a_picture() {
    let roster = roster();
    for surface in [Surface::Alt, Surface::Caption] {
        for text in ["Buddy holding a cake", "Buddy in the sand pit", "Buddy"] {
            let findings = scan_all(&roster, true, &[(surface, text)]);
            let finding = only(&findings);
            assert_eq!(finding.rule.as_str(), "pupil-given-name", "{text}");
            assert_eq!(finding.pupil_id, Some("T62".into()), "{text}");
        }
        for text in ["A buddy and a bench", "Buddy bench day", "Our buddy bench"] {
            let findings = scan_all(&roster, true, &[(surface, text)]);
            assert!(findings.is_empty(), "{text} {findings:?}");
        }
    }
    assert!(scan_all(&roster, true, &[(Surface::Text, "Buddy in the sand pit")]).is_empty());
}

#[test]
fn a_word_alone_in_its_line_of_a_picture_is_the_hidden_child_who_is_called_by_it() {
    let roster = roster();
    for text in ["Buddy", "BUDDY", "Coats\nBuddy\nAmelia"] {
        let findings = scan_all(&roster, true, &[(Surface::Ocr, text)]);
        let child = findings.iter().any(|f| f.pupil_id == Some("T62".into()));
        assert!(child, "{text} {findings:?}");
    }
    for text in ["Buddy bench", "The buddy bench\nour rules", "find a buddy"] {
        let findings = scan_all(&roster, true, &[(Surface::Ocr, text)]);
        assert!(findings.is_empty(), "{text} {findings:?}");
    }
}

#[test]
fn a_title_or_a_place_makes_a_whole_name_less_sure_and_no_more() {
    let roster = roster();
    let confidence =
        |text: &str| only(&scan_all(&roster, true, &[(Surface::Text, text)])).confidence;
    let plain = confidence("Jonah Kemp won");
    for text in [
        "Coach Jonah Kemp won",
        "Mr Jonah Kemp won",
        "We gave the Jonah Kemp Award to all",
    ] {
        assert!(confidence(text) < plain, "{text}");
    }
}

#[test]
fn the_author_of_a_comment_is_left_alone() {
    let texts = [(Surface::Author, "Emily Carter")];
    assert!(scan_all(&roster(), false, &texts).is_empty());
    assert_eq!(scan_all(&roster(), true, &texts).len(), 1);
}

#[test]
fn a_handle_is_reported_as_one() {
    let findings = scan_all(&roster(), false, &[(Surface::Text, "ask @oliversmith7")]);
    assert_eq!(only(&findings).kind.as_deref(), Some("handle"));
}

#[test]
fn no_message_contains_the_words_found() {
    let roster = roster();
    for row in rows(CASES).filter(|row| row[2] != "-") {
        for finding in scan_all(&roster, true, &[(Surface::Text, &unescape(row[1]))]) {
            let words = finding.text.as_deref().unwrap().to_lowercase();
            let message = finding.message.to_lowercase();
            let told = words
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| word.chars().count() >= 3)
                .any(|word| message.split(' ').any(|said| said == word));
            assert!(!told, "{}", row[1]);
        }
    }
}

#[test]
fn links_and_metadata_are_read_like_file_names() {
    for (surface, text, words) in [
        (
            Surface::Link,
            "https://pics.example/2026/oliver-smith-wins",
            "oliver-smith",
        ),
        (Surface::Metadata, "Oliver_Smith;award", "Oliver_Smith"),
        (
            Surface::Ocr,
            "Certificate for\nOLIVER SMITH",
            "OLIVER SMITH",
        ),
        (Surface::Alt, "Oliver Smith holds a cup", "Oliver Smith"),
    ] {
        let findings = scan_all(&roster(), true, &[(surface, text)]);
        assert_eq!(findings.len(), 1, "{text}");
        assert_eq!(findings[0].rule.as_str(), "pupil-full-name", "{text}");
        assert_eq!(findings[0].text.as_deref(), Some(words), "{text}");
        assert_eq!(findings[0].surface, Some(surface));
    }
}

#[test]
fn whole_names_are_surer_than_misspelt_ones() {
    let roster = roster();
    let confidence =
        |text: &str| only(&scan_all(&roster, true, &[(Surface::Text, text)])).confidence;
    assert!(confidence("Oliver Smith won") > confidence("Olivr Smith won"));
    assert!(confidence("Oliver Smith won") > confidence("Ollie Smith won"));
}

#[test]
fn a_used_up_meter_is_a_failure_and_not_silence() {
    let meter = Budget {
        steps_per_check: 20,
    }
    .meter();
    let surfaces = [SurfaceText::new(
        Surface::Text,
        None,
        "Oliver Smith won the cup again",
    )];
    assert_eq!(
        scan_names(
            &surfaces,
            &roster(),
            &NameContext {
                draft: true,
                pictured: false
            },
            &meter
        ),
        Err(CheckFailure::OverBudget)
    );
}

#[test]
fn a_full_length_item_of_names_stays_within_the_budget() {
    let roster = roster();
    for unit in [
        "Oliver Smith ",
        "Patel Patel ",
        "o l i v e r ",
        "grace and ",
        "Smith-",
        "4 Heron Amelia ",
        "Oliver\u{200b}",
        "#Oliver",
        "1",
        "'s ",
    ] {
        let text: String = unit.chars().cycle().take(20_000).collect();
        let surfaces = [SurfaceText::new(Surface::Text, None, &text)];
        let meter = Budget {
            steps_per_check: 8_000_000,
        }
        .meter();
        let result = scan_names(
            &surfaces,
            &roster,
            &NameContext {
                draft: false,
                pictured: false,
            },
            &meter,
        );
        assert!(result.is_ok(), "{unit}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_and_every_span_fits(
        text in "\\PC{0,80}|([A-Za-z0-9'’.,#@_ \n\u{200b}éО🎉-]{0,12}(Oliver|smith|Grace|Will|May|Hart|Year 4|4 Heron|Mrs|O'Connor|al-|Masri|S\\.|Smith-Jones){0,3}){0,8}",
        draft in any::<bool>(),
    ) {
        let roster = roster();
        for surface in [Surface::Text, Surface::Filename] {
            let surface = SurfaceText::new(surface, None, &text);
            let meter = Budget::default().meter();
            let findings = scan_names(std::slice::from_ref(&surface), &roster, &NameContext { draft, pictured: false }, &meter).unwrap();
            for finding in findings {
                let span = finding.span().unwrap();
                prop_assert!(span.start < span.end && span.end as usize <= surface.char_count());
                prop_assert_eq!(surface.slice(span), finding.text.as_deref().unwrap());
                let unlisted = finding.rule.as_str() == "unlisted-child-name";
                let named = finding.category != Category::PupilName || finding.pupil_id.is_some();
                prop_assert!(named || unlisted);
            }
        }
    }
}

#[test]
fn a_child_on_no_list_is_a_small_finding_about_nobody() {
    let roster = roster();
    for (text, words) in [
        (
            "my daughter Chloe Watkins starts on Monday",
            "Chloe Watkins",
        ),
        (
            "We all cheered when Phoebe Tarn (Year 4) sang",
            "Phoebe Tarn",
        ),
        ("Year 4's Tabitha J won the cup", "Tabitha J"),
    ] {
        let findings = scan_all(&roster, false, &[(Surface::Text, text)]);
        assert_eq!(findings.len(), 1, "{text}");
        let finding = only(&findings);
        assert_eq!(finding.rule.as_str(), "unlisted-child-name", "{text}");
        assert_eq!(finding.text.as_deref(), Some(words));
        assert_eq!(
            (finding.severity, &finding.pupil_id),
            (Severity::Low, &None)
        );
    }
    for text in [
        "Charlotte Bronte in Year 6 this week",
        "my friend Chloe Watkins runs the stall",
        "Mrs Chloe Watkins in Year 4",
        "Phoebe Tarn opened the fair",
    ] {
        assert!(found(&roster, false, text).is_empty(), "{text}");
    }
}

#[test]
fn a_roster_is_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&roster());
}
