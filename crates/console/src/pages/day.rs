//! The plain page of the day's verdicts: decisions and reasons, never an item's words. Of what is for the
//! safeguarding lead or the head alone, nobody else learns even that it exists.

use std::cmp::Reverse;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use jiff::{Timestamp, ToSpan as _};
use schoolgate_model::{Outcome, Verdict};
use schoolgate_policy::{Restricted, Sight, person::is_senior};
use schoolgate_store::StoreError;

use super::{
    fault::{PageFault, html},
    lists,
    shell::{Section, Shell},
    visitor::Visitor,
    words,
};
use crate::{Console, limits::Desk};

/// Rows of one school shown at most.
const MAX_ROWS: u32 = 500;

struct Row {
    outcome: &'static str,
    outcome_code: &'static str,
    kind: &'static str,
    item: String,
    received: String,
    due: String,
    reasons: Vec<(String, Option<String>)>,
}

struct SchoolDay {
    name: String,
    numbers: Vec<(&'static str, u64)>,
    caption: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "day.html")]
struct DayPage {
    shell: Shell,
    now: String,
    schools: Vec<SchoolDay>,
}

pub(crate) async fn page(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, PageFault> {
    let console = &desk.console;
    let now = console.clock.now();
    let seen = visitor.schools_seen(&console.schools);
    if seen.is_empty() {
        return Err(PageFault::Forbidden);
    }
    let mut schools = Vec::with_capacity(seen.len());
    for school in &seen {
        let sight = visitor.sight_at(school);
        schools.push(day(console, school, sight, now).await?);
    }
    let (shell, _) = lists::frame(console, &visitor, Section::Day).await?;
    Ok(html(&DayPage {
        shell,
        now: words::moment(now, now),
        schools,
    }))
}

async fn day(
    console: &Console,
    school: &schoolgate_model::SchoolId,
    sight: Sight,
    now: Timestamp,
) -> Result<SchoolDay, StoreError> {
    let from = now.checked_sub(24.hours()).unwrap_or(now);
    // the end is not included, and what was recorded just now is
    let to = now.checked_add(1.millisecond()).unwrap_or(now);
    let newest = console
        .store
        .verdicts_between(Some(school.as_str()), from, to, MAX_ROWS)
        .await?;
    let full = newest.len() == MAX_ROWS as usize;
    let mut visible = Vec::new();
    for stored in newest {
        // what was escalated to somebody alone after its screening shows only in the review
        let view = console.store.review(&stored.item_key).await?;
        let restricted = view.map_or(Restricted::of(&stored.verdict.alert), |view| {
            view.restricted
        });
        if sight.covers(is_senior(&stored.verdict), restricted) {
            visible.push(stored.verdict);
        }
    }
    let count = |outcome| {
        visible
            .iter()
            .filter(|verdict| verdict.outcome == outcome)
            .count() as u64
    };
    let numbers = vec![
        ("Clear", count(Outcome::Approve)),
        ("Held", count(Outcome::Hold)),
        ("Escalated", count(Outcome::Escalate)),
    ];
    let shown = words::count(visible.len() as u64, "item");
    let more = if full {
        " There are more than are shown."
    } else {
        ""
    };
    Ok(SchoolDay {
        name: super::item::school_name(console, school),
        numbers,
        caption: format!("{shown}, those that need a person first, then the newest.{more}"),
        rows: gravest_first(visible)
            .iter()
            .map(|verdict| row(verdict, now))
            .collect(),
    })
}

/// The gravest first, and of these the newest.
fn gravest_first(mut verdicts: Vec<Verdict>) -> Vec<Verdict> {
    verdicts.sort_by_key(|verdict| Reverse((verdict.outcome, verdict.received_at)));
    verdicts
}

fn row(verdict: &Verdict, now: Timestamp) -> Row {
    let reasons = verdict.plain_reasons().into_iter();
    Row {
        outcome: words::outcome(verdict.outcome, verdict.kind),
        outcome_code: verdict.outcome.code(),
        kind: verdict.kind.code(),
        item: match verdict.revision {
            1 => verdict.id.to_string(),
            edited => format!("{}, revision {edited}", verdict.id),
        },
        received: words::moment(verdict.received_at, now),
        due: verdict
            .due_at
            .map_or_else(|| "–".to_owned(), |due| words::due(due, now).exact),
        reasons: reasons
            .map(|(text, fix)| (text.to_owned(), fix.map(str::to_owned)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(id: &str, outcome: &str, received_at: &str) -> Verdict {
        serde_json::from_value(serde_json::json!({
            "id": id, "kind": "comment", "revision": 1, "school": "st-hildas", "outcome": outcome, "reasons": [],
            "findings": [], "alert": [], "received_at": received_at, "checks": [],
            "versions": {"schoolgate": "1", "policy": "1", "wordlists": "1", "register": "1", "calendar": "1"},
        }))
        .unwrap()
    }

    #[test]
    fn the_gravest_come_first_and_of_these_the_newest() {
        let sorted = gravest_first(vec![
            verdict("approved", "approve", "2026-11-20T12:00:00Z"),
            verdict("escalated early", "escalate", "2026-11-20T08:00:00Z"),
            verdict("held", "hold", "2026-11-20T11:00:00Z"),
            verdict("escalated late", "escalate", "2026-11-20T10:00:00Z"),
        ]);
        let order: Vec<_> = sorted.iter().map(|verdict| verdict.id.as_str()).collect();
        assert_eq!(
            order,
            ["escalated late", "escalated early", "held", "approved"]
        );
    }
}
