//! Wordlists and policies of the folder: compiled-in below preset below trust below school.

use std::sync::{Arc, LazyLock};

use schoolgate_model::{ConfigFault, SchoolId};
use schoolgate_policy::settings::{BUILT_IN, KnownRules, PolicyFile, Settings, preset};
use schoolgate_scan::lexicon::{Lexicon, Subject};

use crate::folder::Folder;

/// Compiling the packs costs tenths of a second; they are the same for every school and every reload.
static WORDLISTS: LazyLock<Result<Arc<Lexicon>, Vec<ConfigFault>>> =
    LazyLock::new(|| Lexicon::built_in().map(Arc::new));

/// The compiled-in wordlists.
///
/// # Errors
/// The faults of the packs; a test of theirs keeps them free of any.
pub(crate) fn built_in_lexicon() -> Result<Arc<Lexicon>, Vec<ConfigFault>> {
    WORDLISTS.clone()
}

/// The wordlists of one school: the shared ones, with its own words on top where it has any.
pub(crate) fn lexicon(folder: &Folder, dir: &str) -> Result<Arc<Lexicon>, Vec<ConfigFault>> {
    let shared = built_in_lexicon()?;
    let file = format!("{dir}/words.toml");
    match folder.text(&file).map_err(|fault| vec![fault])? {
        None => Ok(shared),
        Some(text) => shared.with_words(&file, &text).map(Arc::new),
    }
}

/// What policy lines may name, given these wordlists.
fn known_rules(lexicon: &Lexicon) -> KnownRules {
    lexicon
        .rules()
        .fold(KnownRules::new([]), |known, rule| match rule.subject {
            Subject::Category(category) => known.with_rule(rule.id.as_str(), category),
            // What a class does is set by the class; its rules are not policy's to name.
            Subject::Class(_) => known,
        })
}

/// The layers that every school of the folder shares.
#[derive(Debug)]
pub(crate) struct SharedLayers {
    built_in: PolicyFile,
    trust: Option<PolicyFile>,
}

impl SharedLayers {
    /// Reads the trust's `policy.toml`, where there is one.
    pub(crate) fn read(folder: &Folder) -> Result<Self, Vec<ConfigFault>> {
        let known = known_rules(&*built_in_lexicon()?);
        Ok(Self {
            built_in: PolicyFile::parse("policy.toml (built in)", BUILT_IN, &known)?,
            trust: policy_file(folder, "policy.toml", &known)?,
        })
    }

    /// The policy in force for one school.
    pub(crate) fn settings(
        &self,
        preset: Option<PolicyFile>,
        school: Option<PolicyFile>,
    ) -> Result<Settings, Vec<ConfigFault>> {
        Settings::layer(self.built_in.clone(), preset, self.trust.clone(), school)
    }
}

/// A school's own layers: its preset and its `policy.toml`.
pub(crate) fn own_layers(
    folder: &Folder,
    dir: &str,
    preset_name: Option<&str>,
    lexicon: &Lexicon,
) -> Result<(Option<PolicyFile>, Option<PolicyFile>), Vec<ConfigFault>> {
    let known = known_rules(lexicon);
    let preset = preset_name
        .and_then(|name| preset(name).map(|text| (format!("presets/{name}.toml"), text)))
        .map(|(file, text)| PolicyFile::parse(&file, text, &known))
        .transpose()?;
    let school = policy_file(folder, &format!("{dir}/policy.toml"), &known)?;
    Ok((preset, school))
}

fn policy_file(
    folder: &Folder,
    file: &str,
    known: &KnownRules,
) -> Result<Option<PolicyFile>, Vec<ConfigFault>> {
    match folder.text(file).map_err(|fault| vec![fault])? {
        None => Ok(None),
        Some(text) => PolicyFile::parse(file, &text, known).map(Some),
    }
}

/// The folder of one school, as faults name it.
pub(crate) fn school_dir(slug: &SchoolId) -> String {
    format!("schools/{slug}")
}
