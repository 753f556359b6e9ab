//! Acknowledging the harmless rest together: first a page that says how many and which, then each one as a decision of
//! its own, on the state that was shown.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use schoolgate_model::{Outcome, wire::parse_submission};
use schoolgate_policy::{Decision, person_change};
use schoolgate_store::Decided;

use super::{
    done::Done,
    fault::{PageFault, html},
    form::Posted,
    lists::{self, List, PAGE_ROWS},
    marks::preview,
    opened,
    shell::{Section, Shell},
    visitor::Visitor,
    words,
};
use crate::{Console, limits::Desk};

struct Tick {
    value: String,
    text: String,
    meta: String,
}

#[derive(Template)]
#[template(path = "bulk.html")]
struct BulkPage {
    shell: Shell,
    back: &'static str,
    count: String,
    rows: Vec<Tick>,
}

/// What would be acknowledged.
pub(crate) async fn page(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, PageFault> {
    let console = &desk.console;
    let now = console.clock.now();
    let limit = u32::try_from(PAGE_ROWS).unwrap_or(u32::MAX);
    let rows = lists::rows(console, &visitor, List::CommentsRest, limit, None).await?;
    if rows.is_empty() {
        return Ok(Redirect::to(List::CommentsRest.href()).into_response());
    }
    let mut ticks = Vec::with_capacity(rows.len());
    for row in rows {
        let item = console.store.item(&row.key).await?;
        let said = item.and_then(|item| parse_submission(&item.body).ok());
        let text = said.map_or_else(String::new, |said| preview(&said.content.text, 200));
        let classes = words::classes(&row.classes);
        ticks.push(Tick {
            value: format!("{}@{}", row.key, row.version),
            text: if text.is_empty() {
                "No words".to_owned()
            } else {
                text
            },
            meta: format!(
                "{} {}",
                classes.join(", "),
                words::moment(row.received_at, now)
            ),
        });
    }
    let (shell, _) = lists::frame(console, &visitor, Section::Comments).await?;
    Ok(html(&BulkPage {
        shell,
        back: List::CommentsRest.href(),
        count: words::count(ticks.len() as u64, "comment"),
        rows: ticks,
    }))
}

/// Acknowledges the ticked ones. What has changed meanwhile, or may not be acknowledged, is left.
pub(crate) async fn acknowledge(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    posted: Posted,
) -> Result<Redirect, PageFault> {
    let (mut count, mut left) = (0_u32, 0_u32);
    for value in posted.all("item").take(PAGE_ROWS) {
        match one(&desk.console, &visitor, value).await? {
            true => count += 1,
            false => left += 1,
        }
    }
    tracing::info!(count, left, "acknowledged together");
    Ok(Redirect::to(&format!(
        "{}&done={}&count={count}&left={left}",
        List::CommentsRest.href(),
        Done::AllAcknowledged.code()
    )))
}

async fn one(console: &Console, visitor: &Visitor, value: &str) -> Result<bool, PageFault> {
    let Some((key, version)) = value.rsplit_once('@') else {
        return Err(PageFault::BadForm);
    };
    let version: u32 = version.parse().map_err(|_| PageFault::BadForm)?;
    let Some((opened, actor)) = opened::by_visitor(console, visitor, key).await? else {
        return Ok(false);
    };
    let matter = opened.matter();
    // only what nobody must decide about and nobody waits for is ever acknowledged in one go
    let waits = matter.clock_runs && matter.verdict.needs_response == Some(true);
    let is_harmless = matter.verdict.outcome == Outcome::Approve && !matter.held && !waits;
    if !is_harmless || matter.version != version {
        return Ok(false);
    }
    let now = console.clock.now();
    let Ok(change) = person_change(&actor.person(), &matter, Decision::Acknowledge, None, now)
    else {
        return Ok(false);
    };
    let decided = console.store.decide(key, version, &change).await?;
    Ok(matches!(decided, Decided::Written { .. }))
}
