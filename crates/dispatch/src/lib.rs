#![doc = include_str!("../README.md")]

mod letter;
mod mail;
mod relay;

pub use letter::{Letter, message_id};
pub use mail::Mailer;
pub use relay::{Relay, RelaySettings};
