//! Single sentences on the register of the demonstration school, each with exactly the findings that it must have.

use super::*;

const CASES: &str = include_str!("../../../../../fixtures/registers/demo_cases.tsv");

#[test]
fn every_sentence_on_the_demonstration_register_gives_exactly_what_it_says() {
    let roster = demo();
    let mut wrong = Vec::new();
    for row in rows(CASES) {
        let mut got = found(&roster, row[0] == "d", row[1]).join(" | ");
        if got.is_empty() {
            got.push('-');
        }
        if got != row[2] {
            wrong.push(format!("{:?}\n   want {}\n   got  {got}", row[1], row[2]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn pupil(id: usize, given: &str, family: &str) -> Pupil {
    Pupil {
        id: format!("P{id}").as_str().into(),
        upn: None,
        legal_given: name(given),
        legal_middle: None,
        legal_family: name(family),
        preferred_given: None,
        preferred_family: None,
        former_family: None,
        year: word("4"),
        class: word("4 Heron"),
        do_not_publish: Some(false),
        consents: Consents::default(),
    }
}

#[test]
fn a_household_is_known_however_many_bear_its_name() {
    let others = (0..60).map(|at| {
        let given = format!("Q{}va", char::from(b'a' + (at % 26) as u8));
        pupil(at, &given, "Vaughan")
    });
    let mut pupils: Vec<Pupil> = others.collect();
    pupils.push(pupil(99, "Idris", "Vaughan"));
    pupils.extend((100..160).map(|at| pupil(at, "Idris", "Cole")));
    let roster = Roster::build(&pupils, &[], &[]).unwrap();
    let text = "What a day for the Vaughans! Idris won the sack race.";
    let findings = scan_all(&roster, true, &[(Surface::Text, text)]);
    let household = findings
        .iter()
        .find(|f| f.text.as_deref() == Some("Vaughans"));
    let pupils = &household.expect("the family is found").pupil_ids;
    assert_eq!(
        pupils.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
        ["P99"]
    );
}
