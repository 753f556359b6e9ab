//! The order of the house, held by a test: which crate may import which, where the doors to the world are, and what
//! every crate and every file must carry. Reads manifests and first lines; how the code behaves is not judged here.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// One room of the house.
struct Room {
    /// The folder under `crates/`; the package is `schoolgate-<name>`.
    name: &'static str,
    /// How high it stands. Arrows point down; within a line nobody imports a neighbour.
    line: u8,
    /// Which rooms it may import, besides `model`, which every room above it may.
    imports: &'static [&'static str],
}

const fn room(name: &'static str, line: u8, imports: &'static [&'static str]) -> Room {
    Room {
        name,
        line,
        imports,
    }
}

/// The import table. A new crate gets its row here before its first line of code. `testkit` is not in it: it may import
/// anything and nobody may import it but tests and xtask.
const HOUSE: &[Room] = &[
    room("model", 0, &[]),
    room("media", 0, &[]),
    room("scan", 1, &[]),
    room("policy", 1, &[]),
    room("pipeline", 2, &["scan", "policy"]),
    room("school", 3, &["pipeline", "scan", "policy"]),
    room("store", 3, &["policy"]),
    room("broker", 3, &[]),
    room("fetch", 3, &[]),
    room("darkroom", 3, &["media"]),
    room("ops", 3, &[]),
    room(
        "intake",
        4,
        &[
            "pipeline", "school", "store", "broker", "fetch", "darkroom", "ops",
        ],
    ),
    room(
        "dispatch",
        4,
        &["policy", "school", "store", "broker", "fetch", "ops"],
    ),
    room(
        "console",
        4,
        &["policy", "pipeline", "school", "store", "darkroom", "ops"],
    ),
    room("connect", 4, &["policy", "store", "fetch", "ops"]),
    room(
        "schoolgate",
        5,
        &[
            "media", "scan", "policy", "pipeline", "school", "store", "broker", "fetch",
            "darkroom", "ops", "intake", "dispatch", "console", "connect",
        ],
    ),
];

/// Outside crates that stop at one door, so that the rest of the house does not know them.
const DOORS: &[(&str, &[&str])] = &[
    ("sqlx", &["store"]),
    ("lapin", &["broker"]),
    ("async-rs", &["broker"]),
    // the darkroom only chooses its TLS for object_store
    ("reqwest", &["fetch", "darkroom"]),
    ("object_store", &["darkroom"]),
    ("axum", &["console", "ops"]),
    ("lettre", &["dispatch"]),
];

/// The part that thinks: no runtime, no sockets.
const PURE: &[&str] = &["model", "media", "scan", "policy", "pipeline"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Normal,
    Dev,
}

/// Tells everything that is wrong with one crate's dependencies, one sentence each.
fn arrow_faults(name: &str, manifest: &Table) -> Vec<String> {
    let mut faults = Vec::new();
    for (section, dependency) in dependencies(manifest) {
        if let Some(target) = our_name(&dependency) {
            faults.extend(import_fault(name, section, target));
        }
        for (door, keepers) in DOORS {
            if dependency == *door && !keepers.contains(&name) {
                faults.push(format!(
                    "{name} depends on {door}; only {} may",
                    keepers.join(" and ")
                ));
            }
        }
        let runtime = dependency == "tokio" || dependency.starts_with("tokio-");
        if PURE.contains(&name) && runtime {
            faults.push(format!("{name} is pure and may not depend on {dependency}"));
        }
    }
    faults
}

/// The rooms without input and output that xtask's measuring, learning and fuzzing run directly.
const MEASURED: [&str; 5] = ["media", "model", "scan", "school", "pipeline"];

/// Judges one arrow between two of our own crates.
fn import_fault(name: &str, section: Section, target: &str) -> Option<String> {
    if target == "testkit" {
        // xtask is no part of the product: it runs the tests, and starts what they need with the kit.
        return (section == Section::Normal && name != "xtask").then(|| {
            format!("{name} imports testkit, which is for tests: make it a dev-dependency")
        });
    }
    let find = |wanted: &str| HOUSE.iter().find(|room| room.name == wanted);
    // The kit may build on anything, and xtask's chores (measuring, learning, fuzzing) run the pure rooms directly.
    if name == "testkit" || (name == "xtask" && MEASURED.contains(&target)) {
        return None;
    }
    let Some(from) = find(name) else {
        return Some(format!(
            "{name} imports {target}, but the import table has no row for {name}"
        ));
    };
    let Some(to) = find(target) else {
        return Some(format!(
            "{name} imports {target}, which is not in the import table"
        ));
    };
    if from.line == to.line {
        return Some(format!(
            "{name} imports its neighbour {target}: they meet in a lower line"
        ));
    }
    if from.line < to.line {
        return Some(format!(
            "{name} imports {target}, which stands above it: arrows point down"
        ));
    }
    let allowed = target == "model" || from.imports.contains(&target);
    (!allowed).then(|| {
        format!("{name} imports {target}, which its row of the import table does not list")
    })
}

/// Lists every dependency of a manifest by its real package name, those of single platforms too.
fn dependencies(manifest: &Table) -> Vec<(Section, String)> {
    let mut found = Vec::new();
    let platforms = manifest.get("target").and_then(Value::as_table);
    let tables = platforms
        .into_iter()
        .flat_map(|platforms| platforms.values().filter_map(Value::as_table))
        .chain([manifest]);
    for table in tables {
        for (key, section) in [
            ("dependencies", Section::Normal),
            ("build-dependencies", Section::Normal),
            ("dev-dependencies", Section::Dev),
        ] {
            let entries = table.get(key).and_then(Value::as_table);
            for (alias, value) in entries.into_iter().flatten() {
                let package = value.get("package").and_then(Value::as_str);
                found.push((section, package.unwrap_or(alias).to_owned()));
            }
        }
    }
    found
}

/// Returns the room's name if the package is one of ours.
fn our_name(package: &str) -> Option<&str> {
    if package == "schoolgate" || package == "xtask" {
        return Some(package);
    }
    package.strip_prefix("schoolgate-")
}

/// Tells what a crate does not inherit from the workspace, or is called wrongly.
fn heritage_faults(name: &str, manifest: &Table) -> Vec<String> {
    let inherits = |path: &[&str]| {
        let mut value = manifest.get(path[0]);
        for key in &path[1..] {
            value = value.and_then(|value| value.get(key));
        }
        let inherited = value.and_then(|value| value.get("workspace"));
        inherited.and_then(Value::as_bool) == Some(true)
    };
    let mut faults: Vec<String> = [
        &["lints"][..],
        &["package", "edition"],
        &["package", "license"],
        &["package", "rust-version"],
        &["package", "publish"],
    ]
    .into_iter()
    .filter(|path| !inherits(path))
    .map(|path| {
        format!(
            "{name} does not inherit {} from the workspace",
            path.join(".")
        )
    })
    .collect();
    let package = manifest
        .get("package")
        .and_then(|package| package.get("name"));
    let package = package.and_then(Value::as_str).unwrap_or_default();
    if our_name(package) != Some(name) {
        faults.push(format!(
            "the package in {name} is called {package:?}; it must be schoolgate-{name}"
        ));
    }
    faults
}

fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.ancestors().nth(2).context("no workspace above")?;
    Ok(root.to_path_buf())
}

fn read_manifest(folder: &Path) -> Result<Table> {
    let file = folder.join("Cargo.toml");
    let text = fs::read_to_string(&file).with_context(|| format!("{}", file.display()))?;
    text.parse().with_context(|| format!("{}", file.display()))
}

/// Reads every member's manifest, by the name of its folder.
fn manifests() -> Result<BTreeMap<String, Table>> {
    let root = root()?;
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(root.join("crates"))? {
        let folder = entry?.path();
        if folder.is_dir() {
            let name = folder.file_name().context("a folder has a name")?;
            found.insert(name.to_string_lossy().into_owned(), read_manifest(&folder)?);
        }
    }
    found.insert("xtask".to_owned(), read_manifest(&root.join("xtask"))?);
    Ok(found)
}

/// Lists every Rust file below a folder.
fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                rust_files(&path, files)?;
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_arrow_between_crates_is_in_the_import_table() -> Result<()> {
    let manifests = manifests()?;
    let faults: Vec<String> = manifests
        .iter()
        .flat_map(|(name, manifest)| arrow_faults(name, manifest))
        .collect();
    assert_none(&faults);
    Ok(())
}

#[test]
fn every_crate_has_its_row_and_inherits_the_rules_of_the_house() -> Result<()> {
    let mut faults = Vec::new();
    for (name, manifest) in manifests()? {
        let known = HOUSE.iter().any(|room| room.name == name);
        if !known && name != "testkit" && name != "xtask" {
            faults.push(format!("crates/{name} is not in the import table"));
        }
        faults.extend(heritage_faults(&name, &manifest));
        if name != "xtask"
            && !root()?
                .join("crates")
                .join(&name)
                .join("README.md")
                .is_file()
        {
            faults.push(format!("crates/{name} has no README.md"));
        }
    }
    assert_none(&faults);
    Ok(())
}

#[test]
fn unsafe_code_is_forbidden_in_the_whole_workspace() -> Result<()> {
    let manifest = read_manifest(&root()?)?;
    let mut lint = manifest.get("workspace");
    for key in ["lints", "rust", "unsafe_code"] {
        lint = lint.and_then(|value| value.get(key));
    }
    assert_eq!(lint.and_then(Value::as_str), Some("forbid"));
    Ok(())
}

#[test]
fn every_rust_file_begins_by_saying_what_lives_in_it() -> Result<()> {
    let mut files = Vec::new();
    for folder in ["crates", "xtask"] {
        rust_files(&root()?.join(folder), &mut files)?;
    }
    let mut faults = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file)?;
        if !(text.starts_with("//! ") || text.starts_with("#![doc")) {
            let file = file.strip_prefix(root()?)?.display();
            faults.push(format!("{file} does not begin with //!"));
        }
    }
    assert_none(&faults);
    Ok(())
}

#[test]
fn the_import_table_itself_only_points_down() {
    for from in HOUSE {
        for target in from.imports {
            let fault = import_fault(from.name, Section::Normal, target);
            assert_eq!(fault, None);
        }
    }
}

#[test]
fn a_wrong_arrow_is_named_in_a_sentence() -> Result<()> {
    let cases = [
        (
            "scan",
            "[dependencies]\nschoolgate-policy = '1'",
            "neighbour policy",
        ),
        (
            "media",
            "[dependencies]\nschoolgate-model = '1'",
            "neighbour model",
        ),
        (
            "policy",
            "[dev-dependencies]\nschoolgate-store = '1'",
            "stands above",
        ),
        (
            "console",
            "[dependencies]\nschoolgate-scan = '1'",
            "does not list",
        ),
        (
            "console",
            "[dependencies]\nschoolgate-intake = '1'",
            "neighbour intake",
        ),
        (
            "common",
            "[dependencies]\nschoolgate-model = '1'",
            "no row for common",
        ),
        (
            "store",
            "[dependencies]\nschoolgate-utils = '1'",
            "not in the import table",
        ),
        (
            "store",
            "[dependencies]\nschoolgate-testkit = '1'",
            "for tests",
        ),
        (
            "store",
            "[build-dependencies]\nschoolgate-testkit = '1'",
            "for tests",
        ),
        ("console", "[dependencies]\nsqlx = '1'", "only store may"),
        (
            "dispatch",
            "[dependencies]\naxum = '1'",
            "only console and ops may",
        ),
        (
            "intake",
            "[dependencies.mail]\npackage = 'lettre'",
            "only dispatch may",
        ),
        (
            "school",
            "[target.'cfg(unix)'.dependencies]\nreqwest = '1'",
            "only fetch and darkroom may",
        ),
        ("pipeline", "[dev-dependencies]\ntokio = '1'", "is pure"),
        (
            "xtask",
            "[dependencies]\nschoolgate-store = '1'",
            "no row for xtask",
        ),
    ];
    for (name, manifest, expected) in cases {
        let faults = arrow_faults(name, &manifest.parse()?);
        assert_eq!(faults.len(), 1, "{name}: {manifest}: {faults:?}");
        assert!(faults[0].contains(expected), "{faults:?}");
    }
    Ok(())
}

#[test]
fn arrows_that_the_table_lists_are_no_fault() -> Result<()> {
    let cases = [
        (
            "store",
            "[dependencies]\nschoolgate-policy = '1'\nsqlx = '1'",
        ),
        (
            "store",
            "[dev-dependencies]\nschoolgate-testkit = '1'\ntokio = '1'",
        ),
        (
            "darkroom",
            "[dependencies]\nschoolgate-media = '1'\nschoolgate-model = '1'",
        ),
        ("testkit", "[dependencies]\nschoolgate-store = '1'"),
        (
            "xtask",
            "[dependencies]\nschoolgate-testkit = '1'\nschoolgate-scan = '1'",
        ),
    ];
    for (name, manifest) in cases {
        assert_none(&arrow_faults(name, &manifest.parse()?));
    }
    Ok(())
}

#[test]
fn a_crate_that_sets_its_own_rules_is_named() -> Result<()> {
    let manifest = "[package]\nname = 'helpers'\nedition = '2021'\nlicense.workspace = true\n[lints]\nworkspace = false";
    let faults = heritage_faults("store", &manifest.parse()?);
    assert_eq!(faults.len(), 5, "{faults:?}");
    assert!(faults[0].contains("lints"), "{faults:?}");
    assert!(faults[4].contains("schoolgate-store"), "{faults:?}");
    Ok(())
}
