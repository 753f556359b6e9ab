#![doc = include_str!("../README.md")]

pub mod fold;
pub mod language;
pub mod lexicon;
pub mod links;
pub mod names;
pub mod personal;
pub mod surface;

pub use fold::{Folded, fold};
pub use language::{LanguageContext, scan_classes, scan_language};
pub use lexicon::{Lexicon, RuleInfo, Subject};
pub use links::{LinkScan, LinkSettings, links_to_follow, scan_links};
pub use names::{NAME_RULES, NameContext, Roster, RosterFault, scan_names};
pub use personal::{OwnDetails, scan_personal_data};
pub use surface::SurfaceText;
