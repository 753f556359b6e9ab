//! `rules check`: lints and self-tests every wordlist; `--list` prints every rule id.

use std::{collections::BTreeMap, path::Path};

use clap::{Args, Subcommand};
use schoolgate_pipeline::Listed;
use schoolgate_policy::settings::KnownRules;
use schoolgate_scan::lexicon::Lexicon;

use crate::exit::{Exit, Failure, Faults, complain, say};
use crate::runtime::load_schools;

/// What to do with the rules.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tests every entry of the wordlists, and of each school's words.toml where --config has schools
    #[command(after_help = "Example:\n  schoolgate rules check\n  schoolgate rules check --list")]
    Check(Check),
}

/// Arguments of `rules check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Prints every rule id with a sentence
    #[arg(long)]
    list: bool,
}

pub fn run(config: &Path, command: &Command) -> Result<Exit, Failure> {
    let Command::Check(arguments) = command;
    let lexicon = Lexicon::built_in().map_err(Faults)?;
    let mut faults = lexicon.self_test();
    if config.join("schools").is_dir() {
        let schools = load_schools(config)?;
        for snapshot in schools.by_slug.values() {
            if let Listed::Loaded(own) = &snapshot.lexicon
                && own.version() != lexicon.version()
            {
                faults.extend(own.self_test());
            }
        }
    }
    if arguments.list {
        list(&lexicon)?;
    }
    for fault in &faults {
        complain(&format!("error: {fault}"));
    }
    let words = lexicon.rules().count();
    if faults.is_empty() {
        say(format_args!(
            "{} rules: all self-tests pass (wordlists {})",
            words,
            lexicon.version()
        ))?;
        return Ok(Exit::Success);
    }
    complain(&format!("{} faults in {words} rules", faults.len()));
    Ok(Exit::No)
}

fn list(lexicon: &Lexicon) -> std::io::Result<()> {
    let mut rules: BTreeMap<String, String> = KnownRules::all()
        .iter()
        .map(|rule| (rule.id.to_string(), rule.sentence.to_owned()))
        .collect();
    rules.extend(
        lexicon
            .rules()
            .map(|rule| (rule.id.to_string(), rule.message.to_string())),
    );
    for (id, about) in rules {
        say(format_args!("{id}\t{about}"))?;
    }
    Ok(())
}
