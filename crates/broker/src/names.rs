//! The names of the queue contract. What is declared with which arguments is in `topology`.

/// An exchange of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Exchange {
    /// `schoolgate.in`, direct: drafts, comments and events on their way in.
    In,
    /// `schoolgate.out`, topic: verdicts, decisions, actions, window stages and alert pointers.
    Out,
    /// `schoolgate.dead`, fanout: what could not be understood.
    Dead,
}

impl Exchange {
    /// Every exchange.
    pub const ALL: [Self; 3] = [Self::In, Self::Out, Self::Dead];

    /// Its name at the broker.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::In => "schoolgate.in",
            Self::Out => "schoolgate.out",
            Self::Dead => "schoolgate.dead",
        }
    }

    /// Whether a message that reaches no queue comes back. On `schoolgate.out` nobody may be listening, which is no
    /// fault; a message for `schoolgate.in` or `schoolgate.dead` that reaches no queue would be lost.
    #[must_use]
    pub const fn is_mandatory(self) -> bool {
        !matches!(self, Self::Out)
    }
}

/// A queue that intake consumes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Queue {
    /// `schoolgate.drafts`.
    Drafts,
    /// `schoolgate.comments`.
    Comments,
    /// `schoolgate.events`.
    Events,
}

impl Queue {
    /// Every queue that intake consumes.
    pub const ALL: [Self; 3] = [Self::Drafts, Self::Comments, Self::Events];

    /// Its name at the broker.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Drafts => "schoolgate.drafts",
            Self::Comments => "schoolgate.comments",
            Self::Events => "schoolgate.events",
        }
    }

    /// The routing key on `schoolgate.in` that leads to it.
    #[must_use]
    pub const fn routing_key(self) -> &'static str {
        match self {
            Self::Drafts => "draft",
            Self::Comments => "comment",
            Self::Events => "event",
        }
    }
}

/// The queue of dead letters, behind the exchange of the same name.
pub(crate) const DEAD_QUEUE: &str = "schoolgate.dead";
