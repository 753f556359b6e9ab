#![doc = include_str!("../README.md")]

mod checks;
mod classes;
mod folder;
mod load;
mod lookup;
mod nearest;
mod people;
mod policies;
pub mod register;
mod scaffold;
pub mod school_toml;
pub mod service;
mod table;
mod toml_file;

pub use checks::{FileCheck, check_policy, check_words};
pub use classes::{ClassList, ListedPupil, found_by};
pub use load::{Schools, load};
pub use scaffold::{ScaffoldError, scaffold};
pub use service::ServiceSettings;
