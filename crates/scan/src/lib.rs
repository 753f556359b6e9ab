#![doc = include_str!("../README.md")]

mod entities;
pub mod fold;
mod hashing;
pub mod hints;
pub mod language;
pub mod lexicon;
pub mod links;
pub mod names;
pub mod personal;
pub mod surface;
mod tongue;
pub mod wording;

pub use fold::{Folded, fold};
pub use hints::{HINT_RULES, HintContext, scan_hints, scan_picture_hints};
pub use language::{
    CommentCues, LanguageContext, scan_classes, scan_language, scan_tongues, scan_topics,
};
pub use lexicon::{Lexicon, RuleInfo, Subject};
pub use links::{LinkScan, LinkSettings, links_to_follow, scan_links};
pub use names::{NAME_RULES, NameContext, Roster, RosterFault, scan_names};
pub use personal::{OwnDetails, PersonalContext, personal_rules, scan_personal_data};
pub use surface::SurfaceText;
