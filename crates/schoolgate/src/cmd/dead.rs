//! `dead`: what could not be understood, listed, sent again or dropped: the broker's dead letters, or, where no broker is
//! configured, those that the store keeps.

use std::path::Path;

use clap::{Args, Subcommand};
use schoolgate_broker::{
    BrokerSettings,
    dead::{self, Which},
};
use schoolgate_model::{Clock as _, SystemClock};
use schoolgate_school::service::ServiceSettings;
use schoolgate_store::{Retried, Store};
use serde_json::json;

use super::serving::Flags;
use crate::{
    exit::{Exit, Failure, Faults, say},
    ids::new_key,
    runtime::{broker_settings, tokio_runtime},
};

/// Who the audit trail says did it.
const ACTOR: &str = "cli";

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
    /// Those that the store keeps (what came by HTTP), although a broker is configured
    #[arg(long)]
    store: bool,
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
    /// Those that the store keeps (what came by HTTP), although a broker is configured
    #[arg(long)]
    store: bool,
}

impl WhichArguments {
    fn which(&self) -> Which {
        self.id.clone().map_or(Which::All, Which::Id)
    }
}

pub fn run(config: &Path, command: &Command) -> Result<Exit, Failure> {
    let (flags, of_store) = match command {
        Command::List(arguments) => (&arguments.flags, arguments.store),
        Command::Retry(arguments) | Command::Drop(arguments) => (&arguments.flags, arguments.store),
    };
    let mut settings =
        ServiceSettings::load(config, &|name| std::env::var(name).ok()).map_err(Faults)?;
    flags.overlay(&mut settings)?;
    let runtime = tokio_runtime()?;
    match broker_settings(&settings, "admin")?.filter(|_| !of_store) {
        Some(broker) => runtime.block_on(at_broker(&broker, command)),
        None => runtime.block_on(in_store(&settings, command)),
    }
}

async fn at_broker(broker: &BrokerSettings, command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::List(arguments) => {
            let letters = dead::list(broker, arguments.limit).await?;
            let shown = letters.into_iter().map(|letter| Shown {
                id: letter.message_id.unwrap_or_default(),
                to: letter.routing_key.unwrap_or_default(),
                bytes: letter.body_bytes,
                reason: letter.reason,
                detail: letter.detail,
            });
            show_all(shown.collect(), arguments.json)
        }
        Command::Retry(arguments) => {
            let done = dead::retry(broker, &arguments.which()).await?;
            tell(done.done, done.left, "sent in again")
        }
        Command::Drop(arguments) => {
            let done = dead::drop(broker, &arguments.which()).await?;
            tell(done.done, done.left, "dropped")
        }
    }
}

async fn in_store(settings: &ServiceSettings, command: &Command) -> Result<Exit, Failure> {
    let store = Store::open(settings.database_url().expose()).await?;
    let which = match command {
        Command::List(arguments) => {
            let limit = u32::try_from(arguments.limit).unwrap_or(u32::MAX);
            let letters = store.dead_letters(limit).await?;
            let shown = letters.into_iter().map(|letter| Shown {
                id: letter.key,
                to: letter.school.unwrap_or_default(),
                bytes: letter.body.len(),
                reason: letter.reason,
                detail: None,
            });
            return show_all(shown.collect(), arguments.json);
        }
        Command::Retry(arguments) | Command::Drop(arguments) => arguments.which(),
    };
    let keys = match which {
        Which::Id(key) => vec![key],
        Which::All => {
            let letters = store.dead_letters(u32::MAX).await?;
            letters.into_iter().map(|letter| letter.key).collect()
        }
    };
    let (mut done, mut left) = (0, 0);
    for key in keys {
        let now = SystemClock.now();
        if matches!(command, Command::Drop(_)) {
            done += usize::from(store.dead_letter_drop(&key, ACTOR, now).await?);
            continue;
        }
        match store
            .dead_letter_retry(&key, &new_key(), ACTOR, now)
            .await?
        {
            Retried::Received(_) => done += 1,
            Retried::Unusable => left += 1,
            Retried::Gone => {}
        }
    }
    let what = match command {
        Command::Drop(_) => "dropped",
        _ => "taken up again",
    };
    tell(done, left, what)
}

/// One dead letter as it is shown; never its words.
struct Shown {
    id: String,
    to: String,
    bytes: usize,
    reason: String,
    detail: Option<String>,
}

fn show_all(letters: Vec<Shown>, as_json: bool) -> Result<Exit, Failure> {
    if letters.is_empty() && !as_json {
        say("There are no dead letters.")?;
    }
    for Shown {
        id,
        to,
        bytes,
        reason,
        detail,
    } in letters
    {
        if as_json {
            say(json!({"id": id, "to": to, "bytes": bytes, "reason": reason, "detail": detail}))?;
        } else {
            let id = if id.is_empty() { "(no id)" } else { &id };
            let detail = detail.map_or_else(String::new, |detail| format!(": {detail}"));
            say(format_args!(
                "{id:<40} {to:<10} {bytes:>9} bytes  {reason}{detail}"
            ))?;
        }
    }
    Ok(Exit::Success)
}

fn tell(done: usize, left: usize, what: &str) -> Result<Exit, Failure> {
    if done + left == 0 {
        return Err(anyhow::anyhow!(
            "there is no such dead letter; `schoolgate dead list` shows which there are"
        )
        .into());
    }
    say(format_args!("{done} {what}"))?;
    if left > 0 {
        say(format_args!(
            "{left} left where they are: they still cannot be used (a conflicting revision must be sent with the next number), or it is not known where they were going"
        ))?;
        return Ok(Exit::No);
    }
    Ok(Exit::Success)
}
