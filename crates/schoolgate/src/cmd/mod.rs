//! The command line: one variant a command, one file a variant.

mod check;
mod console;
mod db;
mod dead;
mod demo;
mod doctor;
mod init;
pub mod media_child;
mod photo;
mod policy;
mod rules;
mod serve;
mod serving;
mod submit;
mod user;
mod window;
mod worker;

pub use user::{NewPerson, add as add_user, open_store as open_user_store};

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use schoolgate_ops::LogFormat;
use tracing::Level;

use self::serving::Logs;
use crate::exit::{Exit, Failure};

/// Stands between a UK school and the public: screens drafts and comments, explains, and alerts.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    after_help = "Start here:  schoolgate demo\n\nEvery command has its own help:  schoolgate check --help"
)]
pub struct Cli {
    /// The configuration folder
    #[arg(long, global = true, default_value = "config", value_name = "DIR")]
    pub config: PathBuf,
    /// How log lines look: text or json
    #[arg(long, global = true, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Starts logging. A command that serves starts it itself, when it knows its settings.
    pub fn start_logs(&self) {
        if !self.command.serves() {
            schoolgate_ops::start_logs(self.log_format.unwrap_or_default(), self.log_level());
        }
    }

    /// `SCHOOLGATE_LOG` (error, warn, info, debug, trace) sets the level of our own crates. Commands that serve
    /// say what they do; the others only what went wrong.
    pub fn log_level(&self) -> Level {
        let usual = if self.command.serves() {
            Level::INFO
        } else {
            Level::ERROR
        };
        std::env::var("SCHOOLGATE_LOG")
            .ok()
            .and_then(|level| level.parse().ok())
            .unwrap_or(usual)
    }
}

/// The commands that are built.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs a sample school's day through the real service, with nothing else installed
    Demo(demo::Arguments),
    /// Runs everything in one process for one box: store, screening, alerts and HTTP intake
    Serve(serve::Arguments),
    /// Runs one role against RabbitMQ and PostgreSQL; any number of copies
    #[command(subcommand)]
    Worker(worker::Command),
    /// Runs the console and the HTTP interface alone, against PostgreSQL
    Console(console::Arguments),
    /// Sends items in, by the broker or by HTTP, and prints the verdicts with --wait
    Submit(submit::Arguments),
    /// Lists, sends again or drops messages that could not be understood
    #[command(subcommand)]
    Dead(dead::Command),
    /// Looks after the store's tables
    #[command(subcommand)]
    Db(db::Command),
    /// Screens items from a file or standard input, one JSON object a line, with no service and no store
    Check(check::Arguments),
    /// Shows or removes the hidden details of pictures, takes pictures back, lists those never to be published
    #[command(subcommand)]
    Photo(photo::Command),
    /// Validates the configuration folder
    #[command(subcommand)]
    Policy(policy::Command),
    /// Tests and lists the rules
    #[command(subcommand)]
    Rules(rules::Command),
    /// Says when a comment is due
    #[command(subcommand)]
    Window(window::Command),
    /// Writes a configuration folder for one school, and the first administrator
    Init(init::Arguments),
    /// Adds, lists and disables the people who sign in to the console
    #[command(subcommand)]
    User(user::Command),
    /// Checks configuration, store, lists, mail and clock, and says how to mend each fault
    Doctor(doctor::Arguments),
}

impl Command {
    const fn serves(&self) -> bool {
        matches!(self, Self::Serve(_) | Self::Worker(_) | Self::Console(_))
    }
}

/// Runs the command.
///
/// # Errors
/// `Failure` for usage and configuration errors; everything else is an exit code.
pub fn run(cli: Cli) -> Result<Exit, Failure> {
    let logs = Logs {
        format: cli.log_format,
        level: cli.log_level(),
    };
    let config = cli.config;
    match cli.command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Serve(arguments) => serve::run(&config, &arguments, logs),
        Command::Worker(command) => worker::run(&config, &command, logs),
        Command::Console(arguments) => console::run(&config, &arguments, logs),
        Command::Submit(arguments) => submit::run(&config, &arguments),
        Command::Dead(command) => dead::run(&config, &command),
        Command::Db(command) => db::run(&config, &command),
        Command::Check(arguments) => check::run(&config, &arguments),
        Command::Photo(command) => photo::run(&config, command),
        Command::Policy(command) => policy::run(&config, &command),
        Command::Rules(command) => rules::run(&config, &command),
        Command::Window(command) => window::run(&config, &command),
        Command::Init(arguments) => init::run(&config, &arguments),
        Command::User(command) => user::run(&config, &command),
        Command::Doctor(arguments) => doctor::run(&config, &arguments),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_an_example() {
        fn examples(command: &clap::Command, path: &str) {
            for sub in command
                .get_subcommands()
                .filter(|sub| sub.get_name() != "help")
            {
                let path = format!("{path} {}", sub.get_name());
                if sub.get_subcommands().next().is_some() {
                    examples(sub, &path);
                } else {
                    let help = sub
                        .get_after_help()
                        .map(ToString::to_string)
                        .unwrap_or_default();
                    assert!(help.contains(&path), "`{path}` has no example in its help");
                }
            }
        }
        examples(&super::Cli::command(), "schoolgate");
    }
}
