//! Single kinds of files checked by themselves, for `policy check` and `doctor`: a broken register does not hide what
//! is wrong with a policy.

use std::path::Path;

use schoolgate_model::{ConfigFault, SchoolId};

use crate::{
    folder::Folder,
    policies::{SharedLayers, lexicon, own_layers, school_dir},
    school_toml::parse_school,
};

/// One file that was checked. No fault means that it is in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileCheck {
    /// The file, relative to the configuration folder.
    pub file: String,
    /// What is wrong with it.
    pub faults: Vec<ConfigFault>,
}

/// Checks every `policy.toml` of the folder: the trust's, then each school's on top of the layers below it.
///
/// # Errors
/// The folder has no school.
pub fn check_policy(config_dir: &Path) -> Result<Vec<FileCheck>, Vec<ConfigFault>> {
    let folder = Folder::new(config_dir);
    let slugs = folder.schools()?;
    let mut checks = Vec::new();
    let shared = SharedLayers::read(&folder);
    let trust = match &shared {
        Ok(shared) => shared.settings(None, None).err().unwrap_or_default(),
        Err(faults) => faults.clone(),
    };
    if exists(&folder, "policy.toml") || !trust.is_empty() {
        checks.push(FileCheck {
            file: "policy.toml".to_owned(),
            faults: trust.clone(),
        });
    }
    for slug in &slugs {
        let file = format!("{}/policy.toml", school_dir(slug));
        let mut faults = school_policy(&folder, slug, shared.as_ref().ok());
        faults.retain(|fault| !trust.contains(fault));
        if exists(&folder, &file) || !faults.is_empty() {
            checks.push(FileCheck { file, faults });
        }
    }
    Ok(checks)
}

/// Checks every `words.toml` of the folder.
///
/// # Errors
/// The folder has no school.
pub fn check_words(config_dir: &Path) -> Result<Vec<FileCheck>, Vec<ConfigFault>> {
    let folder = Folder::new(config_dir);
    let mut checks = Vec::new();
    for slug in folder.schools()? {
        let dir = school_dir(&slug);
        let file = format!("{dir}/words.toml");
        if !exists(&folder, &file) {
            continue;
        }
        let faults = lexicon(&folder, &dir).err().unwrap_or_default();
        checks.push(FileCheck { file, faults });
    }
    Ok(checks)
}

fn exists(folder: &Folder, file: &str) -> bool {
    !matches!(folder.bytes(file), Ok(None))
}

/// The faults of one school's policy. A preset that does not exist is a fault of `school.toml` and not repeated here;
/// a `words.toml` that does not load is, because the rules it defines cannot be known.
fn school_policy(
    folder: &Folder,
    slug: &SchoolId,
    shared: Option<&SharedLayers>,
) -> Vec<ConfigFault> {
    let dir = school_dir(slug);
    let school = format!("{dir}/school.toml");
    let preset = folder
        .text(&school)
        .ok()
        .flatten()
        .and_then(|text| parse_school(&school, &text).ok())
        .and_then(|school| school.preset);
    let layers = lexicon(folder, &dir)
        .and_then(|lexicon| own_layers(folder, &dir, preset.as_deref(), &lexicon));
    match (layers, shared) {
        (Err(faults), _) => faults,
        (Ok(_), None) => Vec::new(),
        (Ok((preset, school)), Some(shared)) => {
            shared.settings(preset, school).err().unwrap_or_default()
        }
    }
}
