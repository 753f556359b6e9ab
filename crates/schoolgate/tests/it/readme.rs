//! The README's example of a producer runs as printed.

use std::{fs, path::Path, process::Command};

use crate::rig::{House, Kind};

/// The Python block of the README.
fn example() -> String {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let text = fs::read_to_string(readme).expect("the README");
    let (_, rest) = text
        .split_once("```python\n")
        .expect("the README has a Python example");
    rest.split_once("```").expect("it ends").0.to_owned()
}

#[test]
fn the_readmes_producer_gets_its_verdict() {
    let house = House::shared();
    house.mail_to_folder();
    let _intake = house.ready_role(Kind::Intake);
    let _dispatch = house.ready_role(Kind::Dispatch);
    let file = house.file("producer.py");
    fs::write(&file, example()).expect("the example is written");
    let python = std::env::var("SCHOOLGATE_TEST_PYTHON").expect("run `cargo xtask test`");
    let output = Command::new(python)
        .arg(&file)
        .env("BROKER", &house.broker)
        .output()
        .expect("Python runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(said.trim(), "approve");
}
