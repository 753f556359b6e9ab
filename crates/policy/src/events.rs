//! What an event from the school or a platform changes by itself (DOMAIN 5.2). Pure; the store applies it.

use schoolgate_model::{ItemKind, wire::EventType};

/// Which reviews an event closes. An escalated one never is: only a person's decision does that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClosesReview {
    /// None.
    Nothing,
    /// An open one in which nothing is held.
    Unheld,
    /// An open one.
    Open,
}

/// What an event changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventEffect {
    /// The response window stops.
    pub stops_clock: bool,
    /// The review is closed.
    pub closes: ClosesReview,
}

/// What an event does to its item. Nothing but a comment has a clock.
pub const fn event_effect(event: EventType, kind: ItemKind) -> EventEffect {
    let (stops_clock, closes) = match (kind, event) {
        (ItemKind::Comment, EventType::Acknowledged | EventType::Replied) => {
            (true, ClosesReview::Unheld)
        }
        (ItemKind::Comment, EventType::Hidden | EventType::Deleted) => (true, ClosesReview::Open),
        (
            ItemKind::Draft,
            EventType::Acknowledged | EventType::Replied | EventType::Hidden | EventType::Deleted,
        )
        | (
            _,
            EventType::Unhidden
            | EventType::ActionResult
            | EventType::Published
            | EventType::Unpublished
            | EventType::AccountSeen,
        ) => (false, ClosesReview::Nothing),
    };
    EventEffect {
        stops_clock,
        closes,
    }
}
