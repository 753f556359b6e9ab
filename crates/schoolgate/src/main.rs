#![doc = include_str!("../README.md")]

mod cmd;
mod demo_files;
mod demo_people;
mod exit;
mod ids;
mod readiness;
mod runtime;

use clap::Parser as _;

use crate::exit::Exit;

fn main() -> std::process::ExitCode {
    // the child reads hostile bytes: no arguments, no logs, no async runtime
    if std::env::args_os()
        .nth(1)
        .is_some_and(|argument| argument == "media-child")
    {
        return cmd::media_child::run();
    }
    let cli = cmd::Cli::parse();
    cli.start_logs();
    match cmd::run(cli) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.print();
            Exit::Usage.into()
        }
    }
}
