//! Every sample folder of the repository loads, and so does the demo school.

use schoolgate_model::SchoolId;
use schoolgate_pipeline::Listed;
use schoolgate_school::{ServiceSettings, load};

use crate::{now, repository, shown};

/// Loads a folder of the repository: its slugs and its number of pupils, with no warning.
fn check(folder: &str, expected: &[(&str, usize)]) {
    let dir = repository().join(folder);
    let schools = load(&dir, "0", now())
        .map_err(|faults| shown(&faults))
        .unwrap();
    let found: Vec<(&str, usize)> = schools
        .by_slug
        .iter()
        .map(|(slug, school)| (slug.as_str(), school.pupils.len()))
        .collect();
    assert_eq!(found, expected);
    for school in schools.by_slug.values() {
        assert!(matches!(school.roster, Listed::Loaded(_)));
        assert!(school.has_do_not_publish_list);
    }
    ServiceSettings::load(&dir, &|_| None)
        .map_err(|faults| shown(&faults))
        .unwrap();
}

fn warnings(folder: &str) -> Vec<String> {
    shown(
        &load(&repository().join(folder), "0", now())
            .unwrap()
            .warnings,
    )
}

#[test]
fn the_one_school_example_loads_and_says_only_that_nobody_is_told() {
    check("config/examples/one-school", &[("larkmere", 5)]);
    let warnings = warnings("config/examples/one-school");
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains("alerts reach nobody"));
}

#[test]
fn the_trust_example_loads_without_a_warning() {
    check(
        "config/examples/trust",
        &[("rowan-vale", 5), ("thornby", 5)],
    );
    assert_eq!(warnings("config/examples/trust"), [""; 0]);
}

#[test]
fn the_production_example_loads_and_its_tokens_are_for_its_school() {
    check("config/examples/production", &[("larkmere", 5)]);
    assert_eq!(warnings("config/examples/production"), [""; 0]);
    let dir = repository().join("config/examples/production");
    let settings = ServiceSettings::load(&dir, &|_| None).unwrap();
    assert!(
        settings
            .token_faults(|school| *school == SchoolId::from("larkmere"))
            .is_empty()
    );
    assert_eq!(settings.tokens.len(), 2);
    assert!(settings.mail.is_some());
}

#[test]
fn the_demo_school_loads() {
    let rows = std::fs::read_to_string(
        repository().join("fixtures/demo/config/schools/st-hildas/pupils.csv"),
    )
    .unwrap()
    .lines()
    .count();
    check("fixtures/demo/config", &[("st-hildas", rows - 1)]);
    assert_eq!(warnings("fixtures/demo/config"), [""; 0]);
}
