#![doc = include_str!("../README.md")]

mod content;
mod detectors;
mod picture;
mod screen;
mod snapshot;

pub use content::Surfaces;
pub use detectors::{Case, DETECTORS, Detector, Found};
pub use screen::{Screening, abandoned, screen, screen_with, urgent_text_alerts};
pub use snapshot::{Account, Contacts, Listed, PupilRecord, Snapshot};
