//! The plain page of the day's verdicts. It shows decisions and reasons, never an item's words, and of items for the
//! safeguarding lead or the head only that they exist.

use std::cmp::Reverse;

use axum::{
    Extension,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::{ToSpan as _, tz::TimeZone};
use schoolgate_model::{Audience, Outcome, Verdict};
use schoolgate_school::service::Right;

use crate::{Console, access::Caller, problem::Problem};

/// Rows shown at most.
const MAX_ROWS: u32 = 500;

pub(crate) async fn page(
    State(console): State<Console>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Problem> {
    let now = console.clock.now();
    let from = now.checked_sub(24.hours()).unwrap_or(now);
    let verdicts = console
        .store
        .verdicts_between(None, from, now, MAX_ROWS)
        .await
        .map_err(|error| Problem::store(&error))?;
    let counts = console
        .store
        .counts()
        .await
        .map_err(|error| Problem::store(&error))?;
    let mut visible: Vec<_> = verdicts
        .into_iter()
        .filter(|stored| caller.may(Right::Read, &stored.verdict.school))
        .collect();
    visible.sort_by_key(|stored| Reverse((stored.verdict.outcome, stored.verdict.received_at)));
    let mut rows = String::new();
    for stored in &visible {
        rows.push_str(&row(&stored.verdict));
    }
    let html = format!(
        include_str!("day.html"),
        waiting = counts.waiting,
        approved = counts.approve,
        held = counts.hold,
        escalated = counts.escalate,
        alerts_sent = counts.outbox_sent,
        alerts_pending = counts.outbox_pending,
        shown = visible.len(),
        rows = rows,
    );
    let mut response = html.into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    Ok(response)
}

fn row(verdict: &Verdict) -> String {
    let restricted = verdict
        .alert
        .iter()
        .any(|audience| matches!(audience, Audience::Dsl | Audience::Head));
    let reasons = if restricted {
        "<em>Restricted: for the safeguarding lead or the head only.</em>".to_owned()
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
    format!(
        "<tr><td><span class=\"{class}\">{word}</span></td><td>{kind}</td><th scope=\"row\">{id}</th><td data-label=\"Received\">{received}</td><td data-label=\"Due\">{due}</td><td>{reasons}</td></tr>\n",
        kind = verdict.kind.code(),
        id = escape(verdict.id.as_str()),
        received = local(verdict.received_at),
        due = verdict.due_at.map_or_else(|| "–".to_owned(), local),
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
}
