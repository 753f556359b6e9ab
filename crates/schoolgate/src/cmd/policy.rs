//! `policy check`: validates the configuration folder, every fault with its place.

use std::path::Path;

use clap::Subcommand;

use crate::exit::{Exit, Failure, complain, say};
use crate::runtime::load_schools;

/// What to do with the policy.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Reads every file of the configuration folder and lists each fault with file, line and column
    #[command(after_help = "Example:\n  schoolgate policy check --config fixtures/demo/config")]
    Check,
}

pub fn run(config: &Path, command: &Command) -> Result<Exit, Failure> {
    let Command::Check = command;
    let schools = load_schools(config)?;
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
    Ok(Exit::Success)
}
