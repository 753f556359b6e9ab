//! `policy check`: validates the configuration folder, every fault with its place.

use std::path::Path;

use clap::Subcommand;
use schoolgate_school::service::ServiceSettings;

use crate::exit::{Exit, Failure, Faults, complain, say};
use crate::runtime::load_schools;

/// What to do with the policy.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Reads every file of the configuration folder and names faults by file, line and column; exit code 1 where a list that everything depends on is missing
    #[command(after_help = "Example:\n  schoolgate policy check --config fixtures/demo/config")]
    Check,
}

pub fn run(config: &Path, command: &Command) -> Result<Exit, Failure> {
    let Command::Check = command;
    let mut faults = ServiceSettings::load(config, &|_| None)
        .err()
        .unwrap_or_default();
    let schools = load_schools(config)
        .map_err(|Faults(found)| faults.extend(found))
        .ok();
    let Some(schools) = schools.filter(|_| faults.is_empty()) else {
        return Err(Faults(faults).into());
    };
    for warning in &schools.warnings {
        complain(&format!("warning: {warning}"));
    }
    for (slug, snapshot) in &schools.by_slug {
        say(format_args!(
            "{slug}: ok; policy {}, wordlists {}, register {}, calendar {}",
            snapshot.versions.policy,
            snapshot.versions.wordlists,
            snapshot.versions.register,
            snapshot.versions.calendar
        ))?;
    }
    let missing = schools.missing_lists();
    for what in &missing {
        complain(&format!(
            "fault: {what}; until it is there everything of that school is held"
        ));
    }
    Ok(if missing.is_empty() {
        Exit::Success
    } else {
        Exit::No
    })
}
