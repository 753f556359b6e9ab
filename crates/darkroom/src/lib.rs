#![doc = include_str!("../README.md")]

pub mod child;
mod room;
mod root;
mod store;

pub use room::{Darkroom, DarkroomSettings, Developed};
pub use root::MediaRoot;
pub use store::{MediaStore, sha256_hex};
