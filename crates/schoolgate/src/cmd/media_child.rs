//! `media-child` and `media-tool`: the hidden processes that read pictures, and that start other programs which do.
//! Started by the service, not by people.

use std::{path::PathBuf, process::ExitCode};

use schoolgate_darkroom::{Asked, child, tool, tray};

/// Reads a picture from standard input, or those of a tray from their files, and answers on standard output.
pub fn run() -> ExitCode {
    silently(|| {
        if std::env::args_os()
            .nth(2)
            .is_some_and(|word| word == tray::WORD)
        {
            let paths: Vec<_> = std::env::args_os().skip(3).map(PathBuf::from).collect();
            return tray::run(&paths, std::io::stdout().lock());
        }
        let asked = Asked::parse(std::env::args().skip(2));
        let asked = asked.ok_or(std::io::ErrorKind::InvalidInput)?;
        let (input, output) = (std::io::stdin().lock(), std::io::stdout().lock());
        child::widen(&input);
        child::widen(&output);
        child::run(&asked, input, output)
    })
}

/// Limits itself and becomes the program that the arguments name.
pub fn launch() -> ExitCode {
    silently(|| tool::run(&std::env::args_os().skip(2).collect::<Vec<_>>()))
}

fn silently(work: impl FnOnce() -> std::io::Result<()>) -> ExitCode {
    std::panic::set_hook(Box::new(|_| {}));
    match work() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
