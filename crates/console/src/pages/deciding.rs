//! What a person can do about an item, in the words of the buttons. What may be done is the policy's.

use schoolgate_model::ItemKind;
use schoolgate_policy::{
    DecisionKind, EscalateTo, Refusal,
    person::{may_decide, permitted},
};

use super::{
    opened::{Actor, Opened},
    words,
};

/// One button.
pub(crate) struct Action {
    pub(crate) code: &'static str,
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
    pub(crate) class: &'static str,
}

/// What the visitor can do about an item.
pub(crate) struct Deciding {
    pub(crate) title: &'static str,
    pub(crate) actions: Vec<Action>,
    pub(crate) escalate_to: Vec<(&'static str, &'static str)>,
    pub(crate) refusals: Vec<&'static str>,
    pub(crate) reach: Option<String>,
}

impl Deciding {
    pub(crate) fn of(opened: &Opened, actor: &Actor) -> Self {
        let (person, matter) = (actor.person(), opened.matter());
        let kinds = permitted(&person, &matter);
        let kind = matter.envelope.kind;
        let actions: Vec<Action> = [
            DecisionKind::Approve,
            DecisionKind::Reject,
            DecisionKind::Acknowledge,
        ]
        .into_iter()
        .filter(|decision| kinds.contains(decision))
        .map(|decision| action(decision, kind, matter.held))
        .collect();
        let mut escalate_to = match kinds.contains(&DecisionKind::Escalate) {
            true => EscalateTo::ALL
                .map(|to| (to.code(), escalation(to)))
                .to_vec(),
            false => Vec::new(),
        };
        if matter.restricted.is_some() {
            // senior leaders would be told of what they cannot open
            escalate_to.retain(|(code, _)| *code != EscalateTo::Slt.code());
        }
        let wanted = match kind {
            ItemKind::Draft => vec![DecisionKind::Approve],
            ItemKind::Comment if matter.held => vec![DecisionKind::Approve],
            ItemKind::Comment => Vec::new(),
        };
        let refusals: Vec<Refusal> = wanted
            .into_iter()
            .filter_map(|decision| may_decide(&person, &matter, decision).err())
            .filter(|refusal| !matches!(refusal, Refusal::Closed | Refusal::NothingHeld))
            .collect();
        let possible = !kinds.is_empty();
        Self {
            title: if possible {
                "Your decision"
            } else {
                "Decision"
            },
            actions,
            escalate_to,
            refusals: refusals.into_iter().map(Refusal::sentence).collect(),
            reach: possible.then(|| reach(opened)),
        }
    }

    pub(crate) fn is_possible(&self) -> bool {
        !self.actions.is_empty() || !self.escalate_to.is_empty()
    }
}

const fn action(decision: DecisionKind, kind: ItemKind, held: bool) -> Action {
    let (key, label) = match (decision, kind) {
        (DecisionKind::Approve, ItemKind::Comment) => ("a", "Approve: leave it up"),
        (DecisionKind::Approve, ItemKind::Draft) => ("a", "Approve"),
        (DecisionKind::Reject, ItemKind::Comment) => ("r", "Reject: hide it"),
        (DecisionKind::Reject, ItemKind::Draft) => ("r", "Reject"),
        (DecisionKind::Acknowledge, _) => ("c", "Acknowledge"),
        (DecisionKind::Escalate, _) => ("e", "Escalate"),
    };
    // where something is held, no button is nearer than another
    let is_main = matches!(decision, DecisionKind::Acknowledge) && !held;
    Action {
        code: decision.code(),
        key,
        label,
        class: if is_main { "main" } else { "" },
    }
}

const fn escalation(to: EscalateTo) -> &'static str {
    match to {
        EscalateTo::Slt => "Senior leadership",
        EscalateTo::Dsl => "The safeguarding lead, alone",
        EscalateTo::Head => "The head, alone",
    }
}

/// How far a decision reaches.
fn reach(opened: &Opened) -> String {
    let envelope = &opened.item.envelope;
    match envelope.kind {
        ItemKind::Draft => {
            "Your decision is recorded. The scheduling tool asks for it before it publishes."
                .to_owned()
        }
        ItemKind::Comment => {
            let platform = envelope.platform.as_deref().map(words::platform);
            format!(
                "Your decision is recorded, not sent: no platform is connected. Hide or answer the comment on {} yourself.",
                platform.as_deref().unwrap_or("the platform")
            )
        }
    }
}
