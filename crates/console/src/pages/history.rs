//! What has happened to an item, in order, in plain words.

use jiff::Timestamp;
use schoolgate_model::Verdict;
use schoolgate_policy::{DecisionKind, EscalateTo, Stage};
use schoolgate_store::{StoreError, StoredDecision};

use super::{lists::Names, opened::Opened, words};
use crate::Console;

/// One line.
pub(crate) struct Line {
    pub(crate) when: String,
    pub(crate) what: String,
    pub(crate) note: Option<String>,
}

/// Everything that is known, oldest first; for the author of a draft alone, what was decided about it.
pub(crate) async fn lines(
    console: &Console,
    opened: &Opened,
    only_own: bool,
    names: &Names,
    now: Timestamp,
) -> Result<Vec<Line>, StoreError> {
    let stored = &opened.view.verdict;
    let kind = stored.verdict.kind;
    let mut found = vec![
        (opened.view.item.created_at, "Written".to_owned(), None),
        (opened.view.item.arrived_at, "Received".to_owned(), None),
        (
            stored.recorded_at,
            format!(
                "Schoolgate read it: {}",
                words::outcome(stored.verdict.outcome, kind).to_lowercase()
            ),
            None,
        ),
    ];
    let for_them = |decision: &&StoredDecision| !only_own || is_for_author(decision);
    for decision in opened.view.decisions.iter().filter(for_them) {
        let note = decision.note.as_ref().map(|note| note.expose().clone());
        found.push((decision.at, sentence(decision, names), note));
    }
    let acknowledged = stored.window.as_ref().and_then(|window| {
        let at = window.acknowledged_at?;
        let by = window.acknowledged_by.as_deref()?;
        let decided = opened
            .view
            .decisions
            .iter()
            .any(|decision| decision.at == at);
        (!decided).then(|| (at, format!("Acknowledged by {}", names.of(by)), None))
    });
    found.extend(acknowledged);
    let key = &opened.view.item.key;
    if let Some(answer) = console.store.answer_of(key).await? {
        let said = format!("{} said who is in the pictures", names.of(&answer.actor));
        found.push((answer.at, said, None));
    }
    for reached in console.store.stages(key).await? {
        found.push((reached.at, stage(reached.stage).to_owned(), None));
    }
    found.sort_by_key(|(at, ..)| *at);
    Ok(found
        .into_iter()
        .map(|(at, what, note)| Line {
            when: words::moment(at, now),
            what,
            note,
        })
        .collect())
}

/// Which versions decided.
pub(crate) fn versions(verdict: &Verdict) -> String {
    let versions = &verdict.versions;
    format!(
        "Read by Schoolgate {} with policy {}, wordlists {}, register {}, calendar {}.",
        versions.schoolgate,
        versions.policy,
        versions.wordlists,
        versions.register,
        versions.calendar
    )
}

/// Whether the author of a draft may read a decision: that it went to the safeguarding lead or the head is theirs.
const fn is_for_author(decision: &StoredDecision) -> bool {
    matches!(
        decision.decision,
        DecisionKind::Approve | DecisionKind::Reject
    )
}

fn sentence(decision: &StoredDecision, names: &Names) -> String {
    let who = names.of(&decision.actor);
    match decision.to {
        Some(EscalateTo::Slt) => format!("{who} escalated it to senior leadership"),
        Some(EscalateTo::Dsl) => format!("{who} escalated it to the safeguarding lead"),
        Some(EscalateTo::Head) => format!("{who} escalated it to the head"),
        None => format!("{who} {} it", decided(decision.decision)),
    }
}

/// `approved`.
pub(crate) const fn decided(decision: DecisionKind) -> &'static str {
    match decision {
        DecisionKind::Approve => "approved",
        DecisionKind::Reject => "rejected",
        DecisionKind::Acknowledge => "acknowledged",
        DecisionKind::Escalate => "escalated",
    }
}

const fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Amber => "Half of the time to answer was gone",
        Stage::Red => "Little time to answer was left",
        Stage::Breach => "The time to answer was up",
    }
}
