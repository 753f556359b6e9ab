//! Same inbox key, other content: nobody can say which of the two is meant, so the item is a hold (CONTRACT 4).
//! Before the verdict, `record` turns an approval into a hold; after it, the next version of the verdict does, whether
//! the machine or a person had approved it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schoolgate_model::{Audience, ItemKind, Outcome, Reason, RuleId, Verb, Verdict};
use schoolgate_policy::{
    About, AuditEntry, Change, OutboxEntry, OutboxKind, ReviewState, held_alerts, kept_back,
    published_body,
};
use serde_json::Value;
use sqlx::FromRow;

use crate::{
    StoreError,
    audit::{self, Line},
    codes::Place,
    outbox,
    read::ItemRow,
    receive::NewItem,
    record::to_json,
    reviews, sql,
    tx::{Tx, args},
};

/// The dead letter's reason, the audit line's action.
pub const CONFLICTING_REVISION: &str = "conflicting_revision";

/// Why the record makes a machine's approval a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// Other content came under the same revision.
    Conflict,
    /// One of its pictures was taken back for good.
    Removed,
    /// A person has handed an earlier revision of the draft on, and it is not decided: rewriting it is no way round.
    HandedOn(Audience),
}

impl Why {
    const fn rule(self) -> RuleId {
        match self {
            Self::Conflict => RuleId::fixed("conflicting-revision"),
            Self::Removed => RuleId::fixed("removed-picture"),
            Self::HandedOn(_) => RuleId::fixed("earlier-revision-handed-on"),
        }
    }

    /// What is wrong and what helps. Who looks at it is not the author's business.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Conflict => (
                "Two messages with the same revision number but different content arrived, so it is not clear which one \
                 is meant.",
                "Send the intended content again with the next revision number.",
            ),
            Self::Removed => (
                "A picture in this post has been removed and may not be used again.",
                "Take the picture out and send the post again.",
            ),
            Self::HandedOn(_) => (
                "A colleague is looking at an earlier version of this post.",
                "Wait until they have decided.",
            ),
        }
    }
}

#[derive(FromRow)]
struct Current {
    version: i64,
    body: String,
}

#[derive(FromRow)]
struct Published {
    key: String,
    body: String,
}

#[derive(FromRow)]
struct Standing {
    key: String,
}

/// Where an item came from.
#[derive(FromRow)]
struct Origin {
    platform: Option<String>,
    account: Option<String>,
}

/// What a conflict found.
#[derive(Default)]
struct Before {
    outcome: Option<Outcome>,
    /// A person had approved it.
    approved: bool,
}

/// What a batch leaves to its end, because others lock the same rows in another order than that of the items.
#[derive(Default)]
pub(crate) struct Afterwards {
    /// The audit lines.
    pub(crate) lines: Vec<Line>,
    conflicted: BTreeMap<String, Timestamp>,
    superseded: BTreeSet<String>,
}

impl Afterwards {
    /// Writes it: items by key, effects by key, and each school's chain, which is locked to the end.
    pub(crate) async fn write(mut self, tx: &mut Tx) -> Result<(), StoreError> {
        for (key, at) in &self.conflicted {
            tx.exec(&sql::ITEM_CONFLICTED, args![key, *at]).await?;
        }
        for key in &self.superseded {
            tx.exec(&sql::OUTBOX_SUPERSEDE, args![key]).await?;
        }
        audit::append_all(tx, &mut self.lines).await
    }
}

/// Keeps the conflicting body and makes the item a hold; nothing the second time.
pub(crate) async fn mark(
    tx: &mut Tx,
    key: &str,
    revision: u32,
    item: &NewItem,
    after: &mut Afterwards,
) -> Result<(), StoreError> {
    let now = item.arrived_at;
    let fresh = tx
        .exec(
            &sql::DEAD_INSERT,
            args![
                &item.key,
                &item.school,
                key,
                CONFLICTING_REVISION,
                &item.content_hash,
                item.body.as_slice(),
                now,
            ],
        )
        .await?;
    if fresh == 0 {
        return Ok(());
    }
    after.conflicted.entry(key.to_owned()).or_insert(now);
    let before = hold_verdict(tx, key, (item.verb, now), Why::Conflict, after).await?;
    tx.exec(&sql::REVIEW_CONFLICT, args![key]).await?;
    tracing::warn!(item_key = key, revision, "a conflicting revision arrived");
    let detail = serde_json::json!({
        "revision": revision,
        "outcome_before": before.outcome.map_or("none", Outcome::code),
        "approval_withdrawn": before.approved,
    });
    after.lines.push(Line {
        school: item.school.clone(),
        item_key: Some(key.to_owned()),
        entry: AuditEntry {
            at: now,
            actor: "machine".to_owned(),
            action: CONFLICTING_REVISION.to_owned(),
            detail: detail.to_string(),
        },
    });
    Ok(())
}

/// Makes an approval that is already recorded a hold, reopens its review and notes it; nothing where nothing was approved.
pub(crate) async fn hold_again(
    tx: &mut Tx,
    row: &ItemRow,
    why: Why,
    now: Timestamp,
    after: &mut Afterwards,
) -> Result<(), StoreError> {
    let key = &row.key;
    let verb = Place { table: "item", key }.verb(&row.verb)?;
    let before = hold_verdict(tx, key, (verb, now), why, after).await?;
    if before.outcome != Some(Outcome::Approve) && !before.approved {
        return Ok(());
    }
    tx.exec(&sql::REVIEW_CONFLICT, args![key]).await?;
    let detail = serde_json::json!({
        "reason": why.rule().as_str(),
        "outcome_before": before.outcome.map_or("none", Outcome::code),
    });
    after.lines.push(Line {
        school: row.school.clone(),
        item_key: Some(key.clone()),
        entry: AuditEntry {
            at: now,
            actor: "machine".to_owned(),
            action: "approval_withdrawn".to_owned(),
            detail: detail.to_string(),
        },
    });
    Ok(())
}

/// Replaces an approval that is already recorded, the machine's or a person's, and says so to the world.
async fn hold_verdict(
    tx: &mut Tx,
    key: &str,
    (verb, now): (Verb, Timestamp),
    why: Why,
    after: &mut Afterwards,
) -> Result<Before, StoreError> {
    let Some(current) = tx.opt::<Current>(&sql::VERDICT_CURRENT, args![key]).await? else {
        return Ok(Before::default());
    };
    let old: Verdict = serde_json::from_str(&current.body)
        .map_err(|_| StoreError::inconsistent("verdict", "body", key))?;
    if why == Why::Removed && old.reasons.iter().any(|reason| reason.rule == why.rule()) {
        // a sweep looks several times
        return Ok(Before::default());
    }
    let review = reviews::row(tx, key)
        .await?
        .ok_or_else(|| StoreError::inconsistent("review", "item_key", key))?;
    let before = Before {
        outcome: Some(old.outcome),
        // An approval that an earlier conflict has withdrawn left something held.
        approved: !review.held && reviews::approved_last(tx, key).await?,
    };
    if old.outcome != Outcome::Approve && !before.approved {
        return Ok(before);
    }
    let verdict = held_verdict(&old, why);
    let version = current.version + 1;
    tx.exec(&sql::VERDICT_RETIRE, args![key]).await?;
    let written = tx
        .exec(
            &sql::VERDICT_INSERT,
            args![
                key,
                version,
                verdict.outcome.code(),
                &to_json(&verdict, key)?,
                now
            ],
        )
        .await?;
    if written != 1 {
        return Err(StoreError::inconsistent("verdict", "version", key));
    }
    let published = tx
        .opt::<Published>(&sql::OUTBOX_VERDICT, args![key])
        .await?;
    let standing: Vec<Standing> = tx.all(&sql::OUTBOX_STANDING, args![key]).await?;
    let standing = standing.into_iter().map(|row| row.key);
    after.superseded.extend(standing);
    let number =
        u32::try_from(version).map_err(|_| StoreError::inconsistent("verdict", "version", key))?;
    let mut rows = vec![publication(&verdict, published.as_ref(), number, key)?];
    let alerts = alerts(tx, key, verb, &verdict, number).await?;
    rows.extend(match review.restricted {
        Some(only) => kept_back::told_to_those_who_see_it(&alerts, only),
        None => alerts,
    });
    outbox::insert(tx, key, &rows, now).await?;
    Ok(before)
}

/// The hold as it is published. Its key is that of the first publication with the version behind it.
fn publication(
    verdict: &Verdict,
    published: Option<&Published>,
    version: u32,
    key: &str,
) -> Result<OutboxEntry, StoreError> {
    let first = published.map_or_else(
        || format!("verdict:{key}"),
        |row| {
            let behind = format!(":v{}", version - 1);
            row.key.strip_suffix(&behind).unwrap_or(&row.key).to_owned()
        },
    );
    Ok(OutboxEntry {
        key: format!("{first}:v{version}"),
        kind: OutboxKind::Publish,
        routing_key: routing_key(verdict),
        audience: None,
        urgent: false,
        body: public_body(
            verdict,
            version,
            published.map(|row| row.body.as_str()),
            key,
        )?,
    })
}

/// The alerts for whoever a verdict names.
async fn alerts(
    tx: &mut Tx,
    key: &str,
    verb: Verb,
    verdict: &Verdict,
    version: u32,
) -> Result<Vec<OutboxEntry>, StoreError> {
    let from: Origin = tx.one(&sql::ITEM_ORIGIN, args![key]).await?;
    let about = About {
        school: verdict.school.as_str(),
        kind: verdict.kind,
        id: verdict.id.as_str(),
        revision: verdict.revision,
        verb,
        platform: from.platform.as_deref(),
        account: from.account.as_deref(),
    };
    Ok(held_alerts(about, verdict, version))
}

/// The change that is recorded for an item which must be held, whatever the machine found.
pub(crate) async fn held(
    tx: &mut Tx,
    row: &ItemRow,
    change: &Change,
    why: Why,
) -> Result<Change, StoreError> {
    let key = row.key.as_str();
    let mut change = change.clone();
    let before = change.verdict.alert.len();
    change.verdict = held_verdict(&change.verdict, why);
    let told = change.verdict.alert.len() == before;
    if change.review == ReviewState::Closed {
        change.review = ReviewState::Open;
    }
    for entry in &mut change.outbox {
        if entry.kind == OutboxKind::Publish && entry.routing_key.starts_with("verdict.") {
            entry.routing_key = routing_key(&change.verdict);
            entry.body = public_body(&change.verdict, 1, Some(&entry.body), key)?;
        }
    }
    if !told {
        let place = Place { table: "item", key };
        let verb = place.verb(&row.verb)?;
        let alerts = alerts(tx, key, verb, &change.verdict, 1).await?;
        change.outbox.extend(alerts);
    }
    Ok(change)
}

fn held_verdict(verdict: &Verdict, why: Why) -> Verdict {
    let mut verdict = verdict.clone();
    verdict.outcome = verdict.outcome.max(Outcome::Hold);
    if let Why::HandedOn(to) = why {
        if !verdict.alert.contains(&to) {
            verdict.alert.push(to);
        }
    } else if verdict.alert.is_empty() {
        // whoever sent it, or whoever works through the queue, must sort it out
        verdict.alert.push(match verdict.kind {
            ItemKind::Draft => Audience::Author,
            ItemKind::Comment => Audience::Moderator,
        });
    }
    let (rule, (text, fix)) = (why.rule(), why.words());
    if verdict.reasons.iter().all(|reason| reason.rule != rule) {
        verdict.reasons.push(Reason {
            rule,
            clause: None,
            text: text.to_owned(),
            fix: Some(fix.to_owned()),
            findings: Vec::new(),
        });
    }
    verdict
}

fn routing_key(verdict: &Verdict) -> String {
    format!(
        "verdict.{}.{}.{}",
        verdict.kind.code(),
        verdict.outcome.code(),
        verdict.school
    )
}

/// The verdict for the broker. What was published before is changed in the places that matter, so that nothing shows
/// that policy kept back; without it policy makes it anew (CONTRACT 3).
fn public_body(
    verdict: &Verdict,
    version: u32,
    before: Option<&str>,
    key: &str,
) -> Result<String, StoreError> {
    if let Some(Value::Object(mut body)) = before.and_then(|text| serde_json::from_str(text).ok())
        && body.contains_key("outcome")
    {
        let broken = |_| StoreError::inconsistent("verdict", "body", key);
        body.insert("version".to_owned(), Value::from(version));
        body.insert("outcome".to_owned(), Value::from(verdict.outcome.code()));
        body.insert(
            "reasons".to_owned(),
            serde_json::to_value(&verdict.reasons).map_err(broken)?,
        );
        return Ok(Value::Object(body).to_string());
    }
    Ok(published_body(verdict, version))
}
