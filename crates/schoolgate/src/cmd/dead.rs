//! `dead`: what could not be understood, listed, sent again or dropped: the broker's dead letters, and those that the
//! store keeps.

use std::path::Path;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use schoolgate_broker::{
    BrokerSettings,
    dead::{self, Which},
};
use schoolgate_school::service::ServiceSettings;
use serde_json::json;

use super::serving::Flags;
use crate::{
    exit::{Exit, Failure, Faults, say},
    runtime::{broker_settings, tokio_runtime},
};

/// What to do with them.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Shows which there are and why; never their words
    List(ListArguments),
    /// Sends them in again, for example after a school was added to the configuration
    Retry(WhichArguments),
    /// Removes them for good
    Drop(WhichArguments),
}

/// Arguments of `dead list`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  schoolgate dead list --config /etc/schoolgate --broker amqp://admin:secret@127.0.0.1:5672"
)]
pub struct ListArguments {
    #[command(flatten)]
    flags: Flags,
    /// How many are shown at most
    #[arg(long, default_value_t = 100)]
    limit: usize,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// Arguments of `dead retry` and `dead drop`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  schoolgate dead retry d-1042\n  schoolgate dead retry --all\n  schoolgate dead drop d-1042\n  schoolgate dead drop --all"
)]
pub struct WhichArguments {
    #[command(flatten)]
    flags: Flags,
    /// The message id, as `dead list` shows it
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    id: Option<String>,
    /// All that are there
    #[arg(long)]
    all: bool,
}

impl WhichArguments {
    fn which(&self) -> Which {
        self.id.clone().map_or(Which::All, Which::Id)
    }
}

pub fn run(config: &Path, command: &Command) -> Result<Exit, Failure> {
    let flags = match command {
        Command::List(arguments) => &arguments.flags,
        Command::Retry(arguments) | Command::Drop(arguments) => &arguments.flags,
    };
    let broker = broker(config, flags)?;
    let runtime = tokio_runtime()?;
    match command {
        Command::List(arguments) => {
            let letters = runtime.block_on(dead::list(&broker, arguments.limit))?;
            if letters.is_empty() && !arguments.json {
                say("There are no dead letters.")?;
            }
            for letter in letters {
                show(&letter, arguments.json)?;
            }
            Ok(Exit::Success)
        }
        Command::Retry(arguments) => {
            let done = runtime.block_on(dead::retry(&broker, &arguments.which()))?;
            tell(&done, "sent in again")
        }
        Command::Drop(arguments) => {
            let done = runtime.block_on(dead::drop(&broker, &arguments.which()))?;
            tell(&done, "dropped")
        }
    }
}

fn broker(config: &Path, flags: &Flags) -> Result<BrokerSettings, Failure> {
    let mut settings =
        ServiceSettings::load(config, &|name| std::env::var(name).ok()).map_err(Faults)?;
    flags.overlay(&mut settings)?;
    let broker = broker_settings(&settings, "admin")?
        .context("no broker is configured: name it with --broker amqp://...")?;
    Ok(broker)
}

fn show(letter: &dead::DeadLetter, as_json: bool) -> anyhow::Result<()> {
    let id = letter.message_id.as_deref().unwrap_or("(no id)");
    if as_json {
        say(json!({
            "id": letter.message_id,
            "type": letter.kind,
            "reason": letter.reason,
            "routing_key": letter.routing_key,
            "bytes": letter.body_bytes,
        }))?;
    } else {
        say(format_args!(
            "{id:<40} {:<10} {:>9} bytes  {}",
            letter.routing_key.as_deref().unwrap_or("-"),
            letter.body_bytes,
            letter.reason
        ))?;
    }
    Ok(())
}

fn tell(done: &dead::Done, what: &str) -> Result<Exit, Failure> {
    if done.done + done.left == 0 {
        return Err(anyhow::anyhow!(
            "there is no such dead letter; `schoolgate dead list` shows which there are"
        )
        .into());
    }
    say(format_args!("{} {what}", done.done))?;
    if done.left > 0 {
        say(format_args!(
            "{} left where they are: it is not known where they were going, or no queue takes them",
            done.left
        ))?;
        return Ok(Exit::No);
    }
    Ok(Exit::Success)
}
