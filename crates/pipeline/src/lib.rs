#![doc = include_str!("../README.md")]

mod abandoned;
mod content;
mod days;
mod detectors;
mod found;
mod looks;
mod picture;
mod reading;
mod roles;
mod screen;
mod snapshot;
mod subjects;

pub use abandoned::abandoned;
pub use content::Surfaces;
pub use detectors::{Case, DETECTORS, Detector};
pub use found::Found;
pub use screen::{
    Screening, WordsFirst, links_to_follow, screen, screen_with, urgent_text_alerts, words_first,
};
pub use snapshot::{Account, Contacts, Listed, PupilRecord, Snapshot, StaffRecords};
