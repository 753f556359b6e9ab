#![doc = include_str!("../README.md")]

mod bounded;
mod bucket;
pub mod child;
mod outside;
mod process;
mod room;
mod root;
mod shelves;
mod store;

pub use bounded::{Unread, read_file};
pub use bucket::BucketSettings;
pub use outside::{Asking, Fetcher, Gate};
pub use room::{Darkroom, DarkroomSettings, Developed};
pub use root::MediaRoot;
pub use schoolgate_media::{Likeness, Shelf};
pub use shelves::{Finding, Found, Shelves};
pub use store::{MediaStore, sha256_hex};
