#![doc = include_str!("../README.md")]

mod decode;
mod outside;
mod receiver;
mod removal;
mod row;
mod screener;
#[cfg(feature = "seeded-faults")]
pub mod seeded;

pub use outside::{RemovedPictures, StoredShelves, WebPictures};
pub use receiver::Receiver;
pub use removal::{Places, Remover, remove_files};
pub use screener::{Screener, ScreenerSettings};
