#![doc = include_str!("../README.md")]

pub mod clock;
pub mod consent;
pub mod coverage;
pub mod facts;
pub mod fault;
pub mod finding;
pub mod ids;
pub mod item;
pub mod people;
pub mod pictures;
pub mod redact;
pub mod register;
pub mod scrub;
pub mod verdict;
pub mod wire;

pub use clock::{Clock, SystemClock};
pub use consent::{
    Consent, ConsentMedium, ConsentQuestion, ConsentRecord, Consents, NameForm, Purpose,
};
pub use coverage::{Budget, CheckFailure, CheckName, CheckResult, CheckStatus, Coverage, Meter};
pub use facts::{
    CleanCopy, KnownList, KnownPicture, LinkFact, LinkFacts, LinkFault, LinkHop, LookFault, Looks,
    MediaFacts, MediumFacts, MediumFault, MetadataFact, MetadataKind, PictureWords, ReadMedium,
};
pub use fault::ConfigFault;
pub use finding::{Category, Finding, PupilRefs, Severity, Span, Surface};
pub use ids::{ItemId, MediaId, PupilId, RuleId, SchoolId, StaffId};
pub use item::{
    Author, Content, DeclaredStaff, Envelope, Item, ItemKind, MediaRef, MediaSource, Verb,
};
pub use people::Role;
pub use pictures::{PictureSettings, ReadWords};
pub use redact::Redacted;
pub use register::{Pupil, Staff};
pub use verdict::{
    Audience, CheckLine, CommentClass, MediumVerdict, Outcome, Reason, Verdict, Versions,
};
