#![doc = include_str!("../README.md")]

pub mod calendar;
pub mod change;
pub mod decide;
pub mod effects;
pub mod events;
mod forbidden;
pub mod kept_back;
pub mod person;
pub mod settings;
pub mod stages;
pub mod window;
mod wording;

pub use calendar::{BANK_HOLIDAYS, Calendar};
pub use change::{AuditEntry, Change, OutboxEntry, OutboxKind, ReviewState};
pub use decide::{Input, Ruling, Subject, Subjects, decide};
pub use effects::{About, effects, held_alerts, published_body, urgent_alerts, without_words};
pub use forbidden::forbids_pictures;
pub use person::{
    Decision, DecisionKind, EscalateTo, Matter, Person, PersonChange, Refusal, Restricted, Sight,
    person_change,
};
pub use settings::{
    BUILT_IN, Cell, EffectiveLine, FixedRule, KnownRules, NameWithImage, Need, PRESETS, PolicyFile,
    Route, Settings, Strength, Table, Word, preset,
};
pub use stages::{Running, Stage, StageDue, next_stage, stages_due};
pub use window::{
    AppliesTo, Closure, ResponseWindow, WindowMode, WindowSettings, london, response_window,
};
