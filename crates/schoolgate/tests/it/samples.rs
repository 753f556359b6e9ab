//! Every sample configuration of the repository loads.

use std::path::Path;

#[test]
fn every_sample_configuration_loads() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/examples");
    let now = "2026-11-20T09:00:00Z".parse().unwrap();
    let mut loaded = 0;
    for entry in std::fs::read_dir(&examples)
        .expect("config/examples")
        .map(Result::unwrap)
    {
        if entry.path().is_dir() {
            let schools = schoolgate_school::load(&entry.path(), "test", now)
                .unwrap_or_else(|faults| panic!("{}: {}", entry.path().display(), faults[0]));
            assert!(!schools.by_slug.is_empty());
            schoolgate_school::service::ServiceSettings::load(&entry.path(), &|_| None)
                .unwrap_or_else(|faults| panic!("{}: {}", entry.path().display(), faults[0]));
            loaded += 1;
        }
    }
    assert!(loaded >= 3);
}
