#![doc = include_str!("../README.md")]

mod cmd;
mod demo_files;
mod demo_people;
mod exit;
mod ids;
mod readiness;
mod runtime;

use std::ffi::OsStr;

use clap::Parser as _;

use crate::exit::Exit;

fn main() -> std::process::ExitCode {
    // these read hostile bytes: no logs, no async runtime
    match std::env::args_os()
        .nth(1)
        .as_deref()
        .and_then(OsStr::to_str)
    {
        Some("media-child") => return cmd::media_child::run(),
        Some("media-tool") => return cmd::media_child::launch(),
        _ => {}
    }
    let cli = cmd::Cli::parse();
    cli.start_logs();
    match cmd::run(cli) {
        Ok(exit) => exit.into(),
        Err(failure) if failure.is_closed_output() => Exit::Success.into(),
        Err(failure) => {
            failure.print();
            Exit::Usage.into()
        }
    }
}
