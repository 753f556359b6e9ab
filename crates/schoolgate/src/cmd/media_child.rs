//! `media-child`: the hidden process that reads pictures. Started by the service, not by people.

use std::process::ExitCode;

/// Reads a picture from standard input and answers on standard output.
pub fn run() -> ExitCode {
    std::panic::set_hook(Box::new(|_| {}));
    match schoolgate_darkroom::child::run(std::io::stdin().lock(), std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
