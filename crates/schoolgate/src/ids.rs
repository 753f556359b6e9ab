//! Fresh ids: the one place of the binary that asks for randomness.

use uuid::Uuid;

/// A row key: time-ordered, unique.
#[expect(
    clippy::disallowed_methods,
    reason = "the binary is the door that makes ids"
)]
pub fn new_key() -> String {
    Uuid::now_v7().to_string()
}

/// A name for a loop's leases: unique among all processes.
pub fn new_owner(role: &str) -> String {
    format!("{role}-{}", new_key())
}
