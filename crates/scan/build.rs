//! Lists the files of `wordlists/`, so that a new pack is one new file and nothing else.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../wordlists");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".toml").map(str::to_owned));
    }
    names.sort_unstable();
    let phrases = |name: &str| name == "phrases" || name.starts_with("phrases-");
    let (shared, packs): (Vec<String>, Vec<String>) = names
        .into_iter()
        .filter(|name| name != "contexts" && name != "tongues")
        .partition(|name| phrases(name));
    let list = |names: &[String]| -> Result<String, std::fmt::Error> {
        let mut list = String::new();
        for name in names {
            writeln!(list, "    {},", entry(name))?;
        }
        Ok(list)
    };
    let code = format!(
        "/// Every pack: its file and its text.\nconst PACKS: &[(&str, &str)] = &[\n{}];\n\
         /// The phrases that patterns share.\nconst PHRASES: &[(&str, &str)] = &[\n{}];\n\
         /// The topics that change what words mean.\nconst CONTEXTS: (&str, &str) = {};\n",
        list(&packs)?,
        list(&shared)?,
        entry("contexts"),
    );
    fs::write(Path::new(&env::var("OUT_DIR")?).join("wordlists.rs"), code)?;
    println!("cargo::rerun-if-changed=../../wordlists");
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

/// A file's name and text as a tuple expression.
fn entry(name: &str) -> String {
    format!(
        "(\"wordlists/{name}.toml\", include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/../../wordlists/{name}.toml\")))"
    )
}
