//! The plain page of the day's verdicts. It shows decisions and reasons, never an item's words, and of items for the
//! safeguarding lead or the head only that they exist.

use std::cmp::Reverse;

use axum::{
    Extension,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use schoolgate_model::{Outcome, SchoolId, Verdict};
use schoolgate_school::service::Right;
use schoolgate_store::{DayCounts, Store};

use crate::{
    access::Caller,
    limits::Desk,
    problem::Problem,
    view::{RESTRICTED, is_restricted},
};

/// Rows of one school shown at most.
const MAX_ROWS: u32 = 500;

pub(crate) async fn page(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Problem> {
    caller.demand_anywhere(Right::Read)?;
    let now = desk.console.clock.now();
    let from = now.checked_sub(24.hours()).unwrap_or(now);
    // the end is not included, and what was recorded just now is
    let to = now.checked_add(1.millisecond()).unwrap_or(now);
    let mut sections = String::new();
    for (school, snapshot) in &desk.console.schools.by_slug {
        if caller.may(Right::Read, school) {
            let day = Day::read(&desk.console.store, school, from, to)
                .await
                .map_err(|error| Problem::store(&error))?;
            sections.push_str(&day.section(&snapshot.name));
        }
    }
    if sections.is_empty() {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "there is no school here that this token may read",
        ));
    }
    let html = format!(include_str!("day.html"), sections = sections);
    let mut response = html.into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    Ok(response)
}

/// One school's day.
struct Day {
    counts: DayCounts,
    verdicts: Vec<Verdict>,
}

impl Day {
    async fn read(
        store: &Store,
        school: &SchoolId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Self, schoolgate_store::StoreError> {
        let counts = store.day_counts(school.as_str(), from, to).await?;
        let newest = store
            .verdicts_between(Some(school.as_str()), from, to, MAX_ROWS)
            .await?;
        let verdicts = newest.into_iter().map(|stored| stored.verdict).collect();
        Ok(Self {
            counts,
            verdicts: gravest_first(verdicts),
        })
    }

    fn section(&self, name: &str) -> String {
        let rows: String = self.verdicts.iter().map(row).collect();
        format!(
            include_str!("day_school.html"),
            school = escape(name),
            waiting = self.counts.waiting,
            approved = self.counts.approve,
            held = self.counts.hold,
            escalated = self.counts.escalate,
            alerts_sent = self.counts.alerts_sent,
            alerts_pending = self.counts.alerts_waiting,
            shown = self.verdicts.len(),
            more = self.more(),
            rows = rows,
        )
    }

    /// Says what is not shown, where that is something.
    fn more(&self) -> String {
        let count = |outcome| {
            self.verdicts
                .iter()
                .filter(|v| v.outcome == outcome)
                .count() as u64
        };
        let escalated = self
            .counts
            .escalate
            .saturating_sub(count(Outcome::Escalate));
        let held = self.counts.hold.saturating_sub(count(Outcome::Hold));
        let approved = self.counts.approve.saturating_sub(count(Outcome::Approve));
        if escalated + held + approved == 0 {
            return String::new();
        }
        format!(
            " <strong>Older ones are not shown: {escalated} escalated, {held} held, {approved} approved.</strong>"
        )
    }
}

/// The gravest first, and of these the newest.
fn gravest_first(mut verdicts: Vec<Verdict>) -> Vec<Verdict> {
    verdicts.sort_by_key(|verdict| Reverse((verdict.outcome, verdict.received_at)));
    verdicts
}

fn row(verdict: &Verdict) -> String {
    let reasons = if is_restricted(verdict) {
        format!("<em>{RESTRICTED}</em>")
    } else {
        let lines: String = verdict
            .plain_reasons()
            .into_iter()
            .map(|(text, fix)| {
                let fix = fix.map_or(String::new(), |fix| {
                    format!(" <span>{}</span>", escape(fix))
                });
                format!("<li>{}{fix}</li>", escape(text))
            })
            .collect();
        if lines.is_empty() {
            "Nothing found.".to_owned()
        } else {
            format!("<ul>{lines}</ul>")
        }
    };
    let (word, class) = match verdict.outcome {
        Outcome::Approve => ("Approved", "approve"),
        Outcome::Hold => ("Held", "hold"),
        Outcome::Escalate => ("Escalated", "escalate"),
    };
    let local = |at: jiff::Timestamp| {
        let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
        format!(
            "<time datetime=\"{at}\">{}</time>",
            at.to_zoned(zone).strftime("%a %-d %b %H:%M")
        )
    };
    // midnight ends a day: "Tue 00:00" would be read as some time on Tuesday
    let due = |at: jiff::Timestamp| {
        let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
        let there = at.to_zoned(zone);
        let ends = there.time() == jiff::civil::Time::midnight();
        match there.yesterday().ok().filter(|_| ends) {
            Some(day) => format!(
                "<time datetime=\"{at}\">end of {}</time>",
                day.strftime("%a %-d %b")
            ),
            None => local(at),
        }
    };
    format!(
        "<tr><td><span class=\"{class}\">{word}</span></td><td>{kind}</td><th scope=\"row\">{id}{revision}</th><td data-label=\"Received\">{received}</td><td data-label=\"Due\">{due}</td><td>{reasons}</td></tr>\n",
        kind = verdict.kind.code(),
        id = escape(verdict.id.as_str()),
        revision = match verdict.revision {
            1 => String::new(),
            edited => format!(" <small>revision {edited}</small>"),
        },
        received = local(verdict.received_at),
        due = verdict.due_at.map_or_else(|| "–".to_owned(), due),
    )
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_an_id_stays_text() {
        assert_eq!(
            escape("<img src=x onerror='a'>&\""),
            "&lt;img src=x onerror=&#39;a&#39;&gt;&amp;&quot;"
        );
    }

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

    #[test]
    fn the_page_says_how_many_are_not_shown() {
        let mut day = Day {
            counts: DayCounts {
                approve: 1,
                escalate: 1,
                ..DayCounts::default()
            },
            verdicts: vec![
                verdict("a", "escalate", "2026-11-20T09:00:00Z"),
                verdict("b", "approve", "2026-11-20T09:00:00Z"),
            ],
        };
        assert!(!day.section("St Hilda's").contains("not shown"));
        day.counts.escalate = 3;
        day.counts.approve = 501;
        let section = day.section("St Hilda's");
        assert!(
            section.contains("not shown: 2 escalated, 0 held, 500 approved"),
            "{section}"
        );
        assert!(section.contains("<h2>St Hilda&#39;s</h2>"));
    }
}
