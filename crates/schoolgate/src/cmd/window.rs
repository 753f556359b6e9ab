//! `window due`: when a comment is due, and why.

use std::path::Path;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use jiff::{Timestamp, tz::TimeZone};
use schoolgate_policy::window::response_window;
use serde_json::json;

use crate::exit::{Exit, Failure, say};
use crate::runtime::load_schools;

/// What to ask about the response window.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prints the due time of a comment received at a given time
    #[command(
        after_help = "Example:\n  schoolgate window due --received 2026-11-21T10:00:00Z --school st-hildas --config fixtures/demo/config"
    )]
    Due(Due),
}

/// Arguments of `window due`.
#[derive(Debug, Args)]
pub struct Due {
    /// When the comment was received, RFC 3339 such as 2026-11-21T10:00:00Z
    #[arg(long, value_name = "TIME")]
    received: String,
    /// The school's slug; may be left out where one school is configured
    #[arg(long, value_name = "SLUG")]
    school: Option<String>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(config: &Path, command: &Command) -> Result<Exit, Failure> {
    let Command::Due(arguments) = command;
    let received: Timestamp = arguments
        .received
        .parse()
        .context("--received is not a time such as 2026-11-21T10:00:00Z (with Z or an offset)")?;
    let schools = load_schools(config)?;
    let school = schools
        .resolve(arguments.school.as_deref())
        .with_context(|| {
            let slugs: Vec<_> = schools.by_slug.keys().map(ToString::to_string).collect();
            format!(
                "--school must name one of the configured schools: {}",
                slugs.join(", ")
            )
        })?;
    let snapshot = schools.get(&school).context("unknown school")?;
    let window = response_window(received, true, &snapshot.window, &snapshot.calendar);
    if arguments.json {
        say(json!({
            "received_at": window.received_at,
            "due_at": window.due_at,
            "mode": window.mode.code(),
            "division": window.division,
            "why": window.why,
        }))?;
    } else {
        let zone = TimeZone::get("Europe/London").context("no time zone data")?;
        let local = |at: Timestamp| {
            at.to_zoned(zone.clone())
                .strftime("%a %-d %b %Y %H:%M %Z")
                .to_string()
        };
        say(format_args!(
            "received  {}  ({})",
            local(window.received_at),
            window.received_at
        ))?;
        say(format_args!(
            "due       {}  ({})",
            local(window.due_at),
            window.due_at
        ))?;
        say(format_args!("why       {}", window.why))?;
        say(format_args!(
            "mode      {}, bank holidays of {}",
            window.mode.code(),
            window.division
        ))?;
    }
    Ok(Exit::Success)
}
