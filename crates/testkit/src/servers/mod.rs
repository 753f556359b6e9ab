//! Private servers on loopback: started in a folder of their own, killed and started again where a test asks for it, and
//! gone in the end whatever becomes of the process that started them. `cargo xtask test` starts one of each for all tests;
//! a test that kills its server starts one for itself.

pub mod keeper;
pub mod postgres;
pub mod private;
pub mod rabbitmq;

use anyhow::{Context as _, Result};
use std::{fs, fs::File, io::Read as _, path::Path, time::Duration};

const POLL: Duration = Duration::from_millis(25);

/// Returns 128 random bits in hexadecimal. A superuser of a database may run programs, so even a private loopback
/// server on a shared machine gets a password.
fn secret() -> Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .context("cannot read random bytes")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Returns the last lines of a log.
fn tail(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(15);
    lines[from..].join("\n")
}
