#![doc = include_str!("../README.md")]

mod answer;
mod bounded;
mod bucket;
pub mod child;
mod folder;
mod heif;
mod limits;
mod looks;
mod outside;
mod process;
mod room;
mod root;
mod settings;
mod shelves;
mod store;
pub mod tool;
pub mod tray;

pub use bounded::{Unread, read_file};
pub use bucket::BucketSettings;
pub use child::Asked;
pub use folder::{FolderShelf, ShelfFault};
pub use outside::{Asking, Fetcher, Gate};
pub use room::{Darkroom, Developed};
pub use root::MediaRoot;
pub use schoolgate_media::{Likeness, Shelf};
pub use settings::DarkroomSettings;
pub use shelves::{Finding, Found, Shelves};
pub use store::{MediaStore, sha256_hex};
