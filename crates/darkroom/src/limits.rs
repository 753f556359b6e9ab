//! What a process that touches hostile bytes may use. It sets this on itself and cannot raise it again.

use rustix::{
    process::{Resource, Rlimit, setrlimit},
    thread::set_no_new_privs,
};

/// A megabyte of address space.
pub(crate) const MB: u64 = 1024 * 1024;

/// Limits this process for the rest of its life.
///
/// # Errors
/// When the system refuses; then nothing hostile may be read.
pub(crate) fn limit_self(limits: &[(Resource, u64)]) -> std::io::Result<()> {
    set_no_new_privs(true)?;
    for (resource, limit) in limits {
        let limit = Rlimit {
            current: Some(*limit),
            maximum: Some(*limit),
        };
        setrlimit(*resource, limit)?;
    }
    Ok(())
}
