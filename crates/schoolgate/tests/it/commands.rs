//! photo, window, policy, rules, init, doctor: what a person types and sees.

use std::{
    fs,
    path::Path,
    process::{Output, Stdio},
};

use serde_json::Value;

use crate::world::{copy_folder, demo_config, fixture, run, schoolgate};

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn inspect_reports_and_clean_proves() {
    let photo = fixture("demo/photos/sports-day-relay.jpg");
    let mut command = schoolgate();
    command.args(["photo", "inspect", "--json"]).arg(&photo);
    let output = run(&mut command, b"");
    assert_eq!(
        output.status.code(),
        Some(1),
        "something identifying was found"
    );
    let report: Value = serde_json::from_str(text(&output).lines().next().unwrap()).unwrap();
    let types: Vec<_> = report["metadata"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["type"].as_str().unwrap())
        .collect();
    for kind in ["gps", "device", "capture_time", "thumbnail"] {
        assert!(types.contains(&kind), "{kind} is reported");
    }

    let folder = tempfile::tempdir().unwrap();
    let mut command = schoolgate();
    command
        .args(["photo", "clean", "--out"])
        .arg(folder.path())
        .arg(&photo);
    let output = run(&mut command, b"");
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    let copy = folder.path().join("sports-day-relay.jpg");
    let mut command = schoolgate();
    command.args(["photo", "inspect"]).arg(&copy);
    let output = run(&mut command, b"");
    assert_eq!(
        output.status.code(),
        Some(0),
        "nothing identifying is left: {}",
        text(&output)
    );

    let mut command = schoolgate();
    command
        .args(["photo", "clean", "--out"])
        .arg(folder.path())
        .arg(&photo);
    let output = run(&mut command, b"");
    assert_eq!(output.status.code(), Some(3), "nothing is overwritten");
}

#[test]
fn of_many_pictures_the_broken_ones_are_refused_and_the_others_are_cleaned_as_alone() {
    let folder = tempfile::tempdir().unwrap();
    let photo = fs::read(fixture("demo/photos/sports-day-relay.jpg")).unwrap();
    let files: Vec<_> = (0..40)
        .map(|number| {
            let file = folder.path().join(format!("{number}.jpg"));
            let broken = &photo[..photo.len() / 2];
            let bytes = if number % 9 == 4 { broken } else { &photo };
            fs::write(&file, bytes).unwrap();
            file
        })
        .collect();
    let clean = |out: &Path, files: &[std::path::PathBuf]| {
        let mut command = schoolgate();
        command.args(["photo", "clean", "--sha256", "--out"]);
        run(command.arg(out).args(files), b"")
    };
    let (out, alone) = (folder.path().join("out"), folder.path().join("alone"));
    let output = clean(&out, &files);
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output).contains("36 clean copies written, 4 pictures refused."));
    assert_eq!(errors(&output).matches("ends too early").count(), 4);
    let one = clean(&alone, &files[..1]);
    assert_eq!(one.status.code(), Some(0));
    let copy = fs::read(alone.join("0.jpg")).unwrap();
    let hash = schoolgate_darkroom::sha256_hex(&copy);
    assert!(text(&one).contains(&format!("; sha256 {hash}")));
    // no draft is left behind
    let copies: Vec<_> = fs::read_dir(&out)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(copies.len(), 36);
    assert!(copies.iter().all(|file| fs::read(file).unwrap() == copy));
    assert_eq!(text(&output).matches(&hash).count(), 36);
}

/// The list of tags that exiftool, a reader we did not write, finds besides what every file has.
fn exiftool_leftovers(file: &Path) -> Vec<String> {
    let program = std::env::var_os("SCHOOLGATE_TEST_EXIFTOOL")
        .expect("run `cargo xtask test`: it finds exiftool");
    let output = std::process::Command::new(program)
        .args([
            "-a",
            "-G1",
            "-s",
            "-x",
            "System:all",
            "-x",
            "File:all",
            "-x",
            "Composite:all",
            "-x",
            "ExifTool:all",
        ])
        .arg(file)
        .output()
        .expect("exiftool runs");
    text(&output)
        .lines()
        .filter(|line| {
            !line.contains("[JFIF]") && !line.contains("Orientation") && !line.contains("[PNG]")
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn exiftool_finds_nothing_in_the_clean_copies_of_the_sample_photos() {
    let folder = tempfile::tempdir().unwrap();
    let photos: Vec<_> = fs::read_dir(fixture("demo/photos"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let before: usize = photos
        .iter()
        .map(|photo| exiftool_leftovers(photo).len())
        .sum();
    assert!(before > 100, "the originals are full of it");
    let mut command = schoolgate();
    command
        .args(["photo", "clean", "--out"])
        .arg(folder.path())
        .args(&photos);
    let output = run(&mut command, b"");
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    for photo in &photos {
        let copy = folder.path().join(photo.file_name().unwrap());
        let left = exiftool_leftovers(&copy);
        assert!(
            left.iter().all(|line| line.contains("ExifByteOrder")),
            "{}: {left:?}",
            copy.display()
        );
    }
}

#[test]
fn a_reader_who_has_seen_enough_is_no_fault() {
    for arguments in [
        &[
            "photo",
            "inspect",
            "fixtures/demo/photos/sports-day-relay.jpg",
        ][..],
        &["rules", "check", "--list"],
    ] {
        let mut command = schoolgate();
        command
            .args(arguments)
            .current_dir(fixture("").parent().unwrap());
        let mut running = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(running.stdout.take());
        let output = running.wait_with_output().unwrap();
        assert_eq!(errors(&output), "", "{arguments:?}");
    }
}

#[test]
fn a_file_that_is_no_picture_is_refused_in_plain_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.jpg");
    fs::write(&file, "these are notes").unwrap();
    let mut command = schoolgate();
    command.args(["photo", "inspect"]).arg(&file);
    let output = run(&mut command, b"");
    assert_eq!(output.status.code(), Some(3));
    assert!(
        errors(&output).contains("not a picture"),
        "{}",
        errors(&output)
    );
}

#[test]
fn window_due_gives_the_contract_fields() {
    let mut command = schoolgate();
    command
        .args([
            "window",
            "due",
            "--json",
            "--received",
            "2026-11-21T10:00:00Z",
            "--school",
            "st-hildas",
            "--config",
        ])
        .arg(demo_config());
    let output = run(&mut command, b"");
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    let due: Value = serde_json::from_str(&text(&output)).unwrap();
    assert_eq!(
        due["due_at"], "2026-11-24T00:00:00Z",
        "a Saturday comment is due at the end of Monday"
    );
    for field in ["received_at", "mode", "division", "why"] {
        assert!(
            due[field].as_str().is_some_and(|text| !text.is_empty()),
            "{field}"
        );
    }
    let mut command = schoolgate();
    command
        .args(["window", "due", "--received", "last Tuesday", "--config"])
        .arg(demo_config());
    assert_eq!(run(&mut command, b"").status.code(), Some(2));
}

#[test]
fn policy_check_names_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&demo_config(), folder.path());
    let mut command = schoolgate();
    command
        .args(["policy", "check", "--config"])
        .arg(folder.path());
    assert_eq!(run(&mut command, b"").status.code(), Some(0));

    fs::write(
        folder.path().join("schools/st-hildas/policy.toml"),
        "version = 1\n[draft]\nprofantiy = \"hold\"\n",
    )
    .unwrap();
    let mut command = schoolgate();
    command
        .args(["policy", "check", "--config"])
        .arg(folder.path());
    let output = run(&mut command, b"");
    assert_eq!(output.status.code(), Some(2));
    let said = errors(&output);
    assert!(
        said.contains("policy.toml:3:1") && said.contains("profanity"),
        "{said}"
    );
}

#[test]
fn rules_check_passes_and_lists_stable_ids() {
    let mut command = schoolgate();
    command.args(["rules", "check", "--list"]);
    let output = run(&mut command, b"");
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    let listed = text(&output);
    for id in [
        "pupil-full-name",
        "phone-number",
        "upn",
        "photo-metadata",
        "screening-incomplete",
    ] {
        assert!(
            listed
                .lines()
                .any(|line| line.starts_with(&format!("{id}\t"))),
            "{id}"
        );
    }
}

#[test]
fn init_writes_a_folder_that_loads_and_never_overwrites() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("mine");
    let init = || {
        let mut command = schoolgate();
        command
            .args([
                "init",
                "--name",
                "St Saviour's Primary School",
                "--slug",
                "st-saviours",
                "--config",
            ])
            .arg(&config);
        run(&mut command, b"")
    };
    let output = init();
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    let mut command = schoolgate();
    command.args(["policy", "check", "--config"]).arg(&config);
    let output = run(&mut command, b"");
    assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
    assert!(
        errors(&output).contains("held"),
        "it says that everything is held until there are pupils"
    );
    assert_eq!(init().status.code(), Some(2), "a second init refuses");
}

#[test]
fn doctor_says_what_is_wrong_and_how_to_mend_it() {
    let mut command = schoolgate();
    command
        .args(["doctor", "--json", "--config"])
        .arg(demo_config());
    let output = run(&mut command, b"");
    assert_eq!(
        output.status.code(),
        Some(1),
        "the sample folder has no mail"
    );
    let report: Value = serde_json::from_str(&text(&output)).unwrap();
    let faults: Vec<_> = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["ok"] == false)
        .collect();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(faults[0]["name"], "mail");
    assert!(
        faults[0]["mend"]
            .as_str()
            .is_some_and(|mend| mend.contains("smtp"))
    );

    let folder = tempfile::tempdir().unwrap();
    copy_folder(&demo_config(), folder.path());
    fs::write(
        folder.path().join("schoolgate.toml"),
        "[mail]\nfolder = \"mail\"\nfrom = \"schoolgate@st-hildas.example\"\n",
    )
    .unwrap();
    let mut command = schoolgate();
    command
        .current_dir(folder.path())
        .args(["doctor", "--config"])
        .arg(folder.path());
    let output = run(&mut command, b"");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let said = text(&output);
    assert!(said.contains("ok     pupil list (st-hildas: "), "{said}");
    let school = folder.path().join("schools/st-hildas/school.toml");
    let stale = format!(
        "{}\n[pictures]\nsynchronised = \"2020-01-01\"\n",
        fs::read_to_string(&school).unwrap()
    );
    fs::write(&school, stale).unwrap();
    let output = run(&mut command, b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("FAULT  pupil list: st-hildas: the pupil list is "));
}

#[test]
fn people_are_added_listed_and_disabled_and_passwords_never_stand_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let (config, data) = (folder.path().join("mine"), folder.path().join("data"));
    let ask = |words: &[&str], input: &str| {
        let mut command = schoolgate();
        command.args(words).arg("--config").arg(&config);
        command.arg("--data").arg(&data);
        let output = run(&mut command, input.as_bytes());
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), said + errors(&output).as_str())
    };
    let email = "office@st-saviours.example";
    let init = [
        "init",
        "--name",
        "St Saviour's",
        "--slug",
        "st-saviours",
        "--admin-email",
        email,
    ];
    let (code, said) = ask(&init, "");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("shown this once"), "{said}");

    let add = |email| {
        [
            "user", "add", "--name", "A Patel", "--role", "dsl", "--email", email,
        ]
    };
    let (code, said) = ask(&add("A.Patel@st-saviours.example"), "too short\n");
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("at least 12 characters") && !said.contains("too short"),
        "{said}"
    );
    let (code, said) = ask(&add("A.Patel@st-saviours.example"), "three odd words\n");
    assert_eq!(code, Some(0), "{said}");
    let (code, _) = ask(&add("a.patel@st-saviours.example"), "three odd words\n");
    assert_eq!(code, Some(1), "the address is taken");
    let (code, _) = ask(&add("nobody"), "three odd words\n");
    assert_eq!(code, Some(2), "no address");

    let (_, said) = ask(&["user", "list"], "");
    assert!(
        said.contains("administrator@all") && said.contains("dsl@st-saviours"),
        "{said}"
    );
    let disable = ["user", "disable", "--email", "a.patel@st-saviours.example"];
    assert_eq!(ask(&disable, "").0, Some(0));
    assert_eq!(
        ask(&disable, "").0,
        Some(1),
        "a second time changes nothing"
    );
    let password = ["user", "password", "--email", email];
    assert_eq!(ask(&password, "four quite odd words\n").0, Some(0));
    assert!(ask(&["user", "list"], "").1.contains("disabled"));
}
