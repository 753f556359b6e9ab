#![doc = include_str!("../README.md")]

mod letter;
mod mail;
mod press;
mod relay;
#[cfg(feature = "seeded-faults")]
mod seeded;
mod sweep;

pub use letter::{Letter, message_id};
pub use mail::Mailer;
pub use press::{Press, PressSettings};
pub use relay::{Relay, RelaySettings};
pub use sweep::Sweep;
