//! How the program ends: the contract's exit codes and plain error sentences.

use std::{
    fmt,
    io::{self, Write as _},
};

use schoolgate_model::ConfigFault;

/// The contract's exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0.
    Success,
    /// 1: the answer is "no".
    No,
    /// 2: usage or configuration.
    Usage,
    /// 3: some input could not be read.
    PartlyRead,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Success => 0,
            Exit::No => 1,
            Exit::Usage => 2,
            Exit::PartlyRead => 3,
        })
    }
}

/// Faults in files that people wrote, as one error.
#[derive(Debug)]
pub struct Faults(pub Vec<ConfigFault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} faults in the configuration", self.0.len())
    }
}

impl std::error::Error for Faults {}

/// Why a command could not do its work.
#[derive(Debug)]
pub struct Failure(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl Failure {
    /// Whether only the reader of the output went away (`| head`), which is nobody's fault.
    pub fn is_closed_output(&self) -> bool {
        let bare = self.0.downcast_ref::<io::Error>();
        bare.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Writes the failure to standard error, a line each.
    pub fn print(&self) {
        match self.0.downcast_ref::<Faults>() {
            Some(Faults(faults)) => faults
                .iter()
                .for_each(|fault| complain(&format!("error: {fault}"))),
            None => complain(&format!("error: {:#}", self.0)),
        }
    }
}

/// Writes a line to standard error; a closed terminal is no reason to stop.
pub fn complain(line: &str) {
    drop(writeln!(io::stderr().lock(), "{line}"));
}

/// Writes a line to standard output.
///
/// # Errors
/// When nobody reads any more.
pub fn say(line: impl std::fmt::Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}
