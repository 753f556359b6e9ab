//! `schoolgate init`: a whole folder or none, and never over anything.

use schoolgate_pipeline::Listed;
use schoolgate_school::{ScaffoldError, ServiceSettings, scaffold};

use crate::load_dir;

#[test]
fn a_new_folder_loads_and_holds_everything_until_there_are_pupils() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("new/config");
    let files = scaffold(&dir, "St \"Hilda's\" \\ School", "st-hildas").unwrap();
    assert_eq!(files.len(), 4);
    assert!(files.iter().all(|file| file.is_file()));
    let schools = load_dir(&dir).unwrap();
    let school = schools.only().unwrap();
    assert_eq!(school.name, "St \"Hilda's\" \\ School");
    assert!(matches!(school.roster, Listed::Missing(_)));
    assert_eq!(
        ServiceSettings::load(&dir, &|_| None).unwrap(),
        ServiceSettings::default()
    );
    let left: Vec<_> = std::fs::read_dir(root.path().join("new"))
        .unwrap()
        .collect();
    assert_eq!(left.len(), 1, "only the folder itself stays behind");
}

#[test]
fn every_switched_off_line_of_a_new_school_file_works() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("config");
    scaffold(&dir, "A", "a").unwrap();
    let file = dir.join("schools/a/school.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let switch = |line: &str| match line.strip_prefix('#') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '[') => {
            rest.to_owned()
        }
        _ => line.to_owned(),
    };
    let text: Vec<String> = text.lines().map(switch).collect();
    std::fs::write(&file, text.join("\n")).unwrap();
    let schools = load_dir(&dir).unwrap();
    let school = schools.only().unwrap();
    assert_eq!(school.accounts.len(), 1);
    assert_eq!(school.contacts.0.len(), 6);
    assert_eq!(school.window.closures.len(), 1);
}

#[test]
fn nothing_that_exists_is_touched() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("config");
    std::fs::create_dir(&dir).unwrap();
    std::fs::write(dir.join("mine"), "x").unwrap();
    assert!(matches!(
        scaffold(&dir, "A", "a"),
        Err(ScaffoldError::Exists(_))
    ));
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1);
    let file = root.path().join("file");
    std::fs::write(&file, "x").unwrap();
    assert!(matches!(
        scaffold(&file, "A", "a"),
        Err(ScaffoldError::Exists(_))
    ));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "x");
    assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 2);
}

#[test]
fn an_empty_folder_is_filled() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("config");
    std::fs::create_dir(&dir).unwrap();
    scaffold(&dir, "A", "a").unwrap();
    assert!(matches!(
        scaffold(&dir, "A", "a"),
        Err(ScaffoldError::Exists(_))
    ));
}

#[test]
fn names_that_cannot_be_used_write_nothing() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("config");
    assert!(matches!(
        scaffold(&dir, "A", "../a"),
        Err(ScaffoldError::Slug)
    ));
    assert!(matches!(scaffold(&dir, " ", "a"), Err(ScaffoldError::Name)));
    assert!(matches!(
        scaffold(&dir, "A\nB", "a"),
        Err(ScaffoldError::Name)
    ));
    assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 0);
}
