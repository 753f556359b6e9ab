//! Fresh ids: the one place of the binary that asks for randomness.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A row key: time-ordered, unique.
#[expect(
    clippy::disallowed_methods,
    reason = "the binary is the door that makes ids"
)]
pub fn new_key() -> String {
    Uuid::now_v7().to_string()
}

/// 256 random bits from the machine. Of a version 4 UUID 122 bits are random, so three of them are hashed into one.
#[expect(
    clippy::disallowed_methods,
    reason = "the binary is the door that makes secrets"
)]
pub fn new_secret() -> [u8; 32] {
    let drawn: Vec<u8> = (0..3).flat_map(|_| Uuid::new_v4().into_bytes()).collect();
    Sha256::digest(drawn).into()
}

/// A name for a loop's leases: unique among all processes.
pub fn new_owner(role: &str) -> String {
    format!("{role}-{}", new_key())
}
