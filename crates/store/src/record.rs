//! The one write path: verdict, review, window, outbox and audit of one screening in one transaction, once.

use jiff::Timestamp;
use schoolgate_model::{Audience, ItemKind, Outcome};
use schoolgate_policy::{
    AuditEntry, Change, OutboxEntry, ResponseWindow, Restricted, ReviewState, kept_back,
    person::is_senior,
};
use serde::Serialize;
use sqlx::FromRow;

use crate::{
    Store, StoreError,
    audit::{self, Line},
    conflict::{self, Why},
    events,
    lease::{EarlierWindow, running_clock},
    outbox,
    read::ItemRow,
    receive::lock_head,
    removed, restrictions,
    reviews::{self, ReviewChange},
    sql::{self, work},
    tx::{Tx, args},
};

/// What `record` did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// Everything was written.
    Written,
    /// The item has a verdict already; nothing was changed.
    AlreadyThere,
}

#[derive(FromRow)]
struct Handed {
    escalated_to: String,
}

#[derive(FromRow)]
struct Newer {
    key: String,
}

impl Store {
    /// Writes everything that one screening changes, or nothing. An item never gets a second verdict, whoever
    /// calls, so a worker whose lease is over does no harm. Where a conflict lies on the item, what is written is at
    /// least a hold with an open review. An earlier revision's open review and window are superseded, its escalated
    /// review is not: what was said must still be answered for. An unacknowledged earlier clock runs on. What one
    /// revision keeps for the safeguarding lead or the head, all of them do, and they are told in place of others.
    ///
    /// # Errors
    /// `UnknownItem`; `Inconsistent` where the change is about another item; the engine's faults.
    pub async fn record(
        &self,
        key: &str,
        change: &Change,
        now: Timestamp,
    ) -> Result<Recorded, StoreError> {
        let mut tx = self.db.write().await?;
        let row = lock_item(&mut tx, key).await?;
        check_subject(&row, change)?;
        removed::clear_again(&mut tx, &row).await?;
        let why = if row.conflicted_at.is_some() {
            Some(Why::Conflict)
        } else if removed::shows_removed(&mut tx, &row.school, &change.verdict).await? {
            Some(Why::Removed)
        } else {
            handed_on(&mut tx, &row).await?.map(Why::HandedOn)
        };
        let held;
        let change = match why {
            Some(why) => {
                held = conflict::held(&mut tx, &row, change, why).await?;
                &held
            }
            None => change,
        };
        let written = tx
            .exec(
                &sql::VERDICT_INSERT,
                args![
                    key,
                    1_i64,
                    change.verdict.outcome.code(),
                    &to_json(&change.verdict, key)?,
                    now
                ],
            )
            .await?;
        if written == 0 {
            return Ok(Recorded::AlreadyThere);
        }
        reviews::note_media(&mut tx, key, &change.verdict).await?;
        tx.exec(&sql::ITEM_SCREENED, args![key]).await?;
        let newer = supersede(&mut tx, &row, now).await?;
        let due_at = match &change.window {
            Some(window) => Some(write_window(&mut tx, &row, window, newer.as_deref()).await?),
            None => None,
        };
        let own = Restricted::of(&change.verdict.alert);
        let others = restrictions::of_item(&mut tx, &row).await?;
        let only = Restricted::and(own, others);
        let review = Opening {
            due_at,
            newer: newer.as_deref(),
            only,
        };
        write_review(&mut tx, &row, change, &review, now).await?;
        restrictions::spread(&mut tx, &row, only).await?;
        match only.filter(|_| only != own) {
            Some(only) => {
                let told = kept_back::told_to_those_who_see_it(&change.outbox, only);
                outbox::insert(&mut tx, key, &told, now).await?
            }
            None => outbox::insert(&mut tx, key, &change.outbox, now).await?,
        };
        let mut lines = vec![line(&row, &change.audit)];
        events::apply_waiting(&mut tx, &row, now, &mut lines).await?;
        audit::append_all(&mut tx, &mut lines).await?;
        tx.commit().await?;
        Ok(Recorded::Written)
    }

    /// Puts urgent alerts out before the verdict is known; `record` skips what is already keyed. Returns how many
    /// were new.
    ///
    /// # Errors
    /// `UnknownItem`; the engine's faults.
    pub async fn propose(
        &self,
        key: &str,
        entries: &[OutboxEntry],
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut tx = self.db.write().await?;
        let row = lock_item(&mut tx, key).await?;
        let written = match restrictions::of_item(&mut tx, &row).await? {
            Some(only) => {
                let told = kept_back::readdressed(entries, only);
                outbox::insert(&mut tx, key, &told, now).await?
            }
            None => outbox::insert(&mut tx, key, entries, now).await?,
        };
        tx.commit().await?;
        Ok(written)
    }

    /// Stops the clock of one revision: somebody has acknowledged it. Where nothing is held, its review is closed. False
    /// where there is no clock, it was stopped before, or a newer revision carries it on; the audit line is written
    /// only when it is true.
    ///
    /// # Errors
    /// `UnknownItem`; the engine's faults.
    pub async fn acknowledge(&self, key: &str, audit: &AuditEntry) -> Result<bool, StoreError> {
        let mut tx = self.db.write().await?;
        let row = lock_item(&mut tx, key).await?;
        let stopped = stop_clock(&mut tx, key, audit.at, &audit.actor).await?;
        if stopped {
            close_review(&mut tx, key, Closing::Unheld, audit.at).await?;
            audit::append_all(&mut tx, &mut vec![line(&row, audit)]).await?;
        }
        tx.commit().await?;
        Ok(stopped)
    }
}

/// To whom a person has handed an earlier revision of this draft that is not decided yet. A comment is not ours to hold
/// back: it is out already.
async fn handed_on(tx: &mut Tx, row: &ItemRow) -> Result<Option<Audience>, StoreError> {
    if row.kind != ItemKind::Draft.code() {
        return Ok(None);
    }
    let found: Option<Handed> = tx
        .opt(
            &work::HANDED_EARLIER,
            args![&row.school, &row.kind, &row.id, row.revision, row.ordinal],
        )
        .await?;
    found
        .map(|handed| {
            Audience::from_code(&handed.escalated_to)
                .ok_or_else(|| StoreError::inconsistent("decision", "escalated_to", &row.key))
        })
        .transpose()
}

/// Locks the item's head, then reads the row as it is under the lock.
pub(crate) async fn lock_item(tx: &mut Tx, key: &str) -> Result<ItemRow, StoreError> {
    let unknown = || StoreError::UnknownItem {
        key: key.to_owned(),
    };
    let seen: ItemRow = tx
        .opt(&sql::ITEM_BY_KEY, args![key])
        .await?
        .ok_or_else(unknown)?;
    lock_head(tx, &seen.school, &seen.kind, &seen.id).await?;
    tx.opt(&sql::ITEM_BY_KEY, args![key])
        .await?
        .ok_or_else(unknown)
}

fn check_subject(row: &ItemRow, change: &Change) -> Result<(), StoreError> {
    let verdict = &change.verdict;
    let same = verdict.school.as_str() == row.school
        && verdict.kind.code() == row.kind
        && verdict.id.as_str() == row.id
        && i64::from(verdict.revision) == row.revision;
    if same {
        Ok(())
    } else {
        Err(StoreError::inconsistent("verdict", "item_key", &row.key))
    }
}

/// Closes what earlier revisions still had open. Returns the newest later revision that has a verdict already.
async fn supersede(
    tx: &mut Tx,
    row: &ItemRow,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let (school, kind, id) = (&row.school, &row.kind, &row.id);
    let (revision, ordinal) = (row.revision, row.ordinal);
    tx.exec(
        &sql::REVIEWS_SUPERSEDE,
        args![school, kind, id, revision, ordinal, now, &row.key],
    )
    .await?;
    tx.exec(
        &sql::WINDOWS_SUPERSEDE,
        args![school, kind, id, revision, ordinal, &row.key],
    )
    .await?;
    let newer: Option<Newer> = tx
        .opt(
            &sql::NEWER_SCREENED,
            args![school, kind, id, revision, ordinal],
        )
        .await?;
    Ok(newer.map(|newer| newer.key))
}

/// Where a review stands in its queue: escalated, held, waiting for words, the rest.
pub(crate) const fn rank(state: ReviewState, held: bool, waits_for_words: bool) -> i64 {
    match (state, held, waits_for_words) {
        (ReviewState::Escalated, _, _) => 0,
        (_, true, _) => 1,
        (_, false, true) => 2,
        (_, false, false) => 3,
    }
}

/// What a review is opened with that its change does not say.
struct Opening<'a> {
    due_at: Option<i64>,
    newer: Option<&'a str>,
    only: Option<Restricted>,
}

async fn write_review(
    tx: &mut Tx,
    row: &ItemRow,
    change: &Change,
    opening: &Opening<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let verdict = &change.verdict;
    let state = match (change.review, opening.newer) {
        (ReviewState::Open, Some(_)) => ReviewState::Closed,
        (state, _) => state,
    };
    let closed_at = (state == ReviewState::Closed).then_some(now);
    let held = state != ReviewState::Closed && verdict.outcome != Outcome::Approve;
    let waits = change
        .window
        .as_ref()
        .is_some_and(|window| window.needs_response);
    tx.exec(
        &sql::REVIEW_INSERT,
        args![
            &row.key,
            state.code(),
            now,
            closed_at,
            opening.newer,
            &row.school,
            &row.kind,
            held,
            is_senior(verdict),
            opening.only.map(Restricted::code),
            rank(state, held, waits),
            opening
                .due_at
                .unwrap_or_else(|| verdict.received_at.as_millisecond()),
        ],
    )
    .await?;
    Ok(())
}

/// Stops a running clock. False where there is none to stop.
pub(crate) async fn stop_clock(
    tx: &mut Tx,
    key: &str,
    at: Timestamp,
    by: &str,
) -> Result<bool, StoreError> {
    let stopped = tx
        .exec(&sql::WINDOW_ACKNOWLEDGE, args![key, at, by])
        .await?;
    Ok(stopped == 1)
}

/// Which open reviews are closed. An escalated one never is: only a person's decision does that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closing {
    /// Those in which nothing is held.
    Unheld,
    /// All.
    Open,
}

/// Closes an open review without a person's decision. Returns whether it did.
pub(crate) async fn close_review(
    tx: &mut Tx,
    key: &str,
    closing: Closing,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(review) = reviews::row(tx, key).await? else {
        return Ok(false);
    };
    let closes = review.state == ReviewState::Open && (closing == Closing::Open || !review.held);
    if closes {
        let change = ReviewChange {
            state: ReviewState::Closed,
            held: false,
            restricted: review.restricted,
            rank: rank(ReviewState::Closed, false, false),
        };
        reviews::change(tx, key, review.version, &change, now).await?;
    }
    Ok(closes)
}

/// Writes the window with the clock that counts, and hands an earlier clock on to revisions
/// that were screened before this one. Returns when it is due.
async fn write_window(
    tx: &mut Tx,
    row: &ItemRow,
    window: &ResponseWindow,
    newer: Option<&str>,
) -> Result<i64, StoreError> {
    let earlier = running_clock(tx, row)
        .await?
        .filter(|earlier| earlier.received_at <= window.received_at.as_millisecond());
    let clock = earlier.unwrap_or_else(|| EarlierWindow {
        item_key: row.key.clone(),
        received_at: window.received_at.as_millisecond(),
        due_at: window.due_at.as_millisecond(),
        mode: window.mode.code().to_owned(),
        division: window.division.clone(),
        calendar_version: window.calendar_version.clone(),
        why: window.why.clone(),
        inherited_from: None,
        acknowledged_at: None,
    });
    let origin = clock.inherited_from.as_deref().unwrap_or(&clock.item_key);
    let inherited = (origin != row.key).then_some(origin);
    tx.exec(
        &sql::WINDOW_INSERT,
        args![
            &row.key,
            clock.received_at,
            clock.due_at,
            &clock.mode,
            &clock.division,
            &clock.calendar_version,
            window.needs_response,
            &clock.why,
            inherited,
            newer,
            first_stage(&clock, window.needs_response).filter(|_| newer.is_none()),
        ],
    )
    .await?;
    tx.exec(
        &sql::WINDOWS_AFTER,
        args![
            &row.school,
            &row.kind,
            &row.id,
            row.revision,
            row.ordinal,
            clock.received_at,
            clock.due_at,
            &clock.mode,
            &clock.division,
            &clock.calendar_version,
            &clock.why,
            origin
        ],
    )
    .await?;
    tx.exec(
        &sql::REVIEWS_RESORT,
        args![
            &row.school,
            &row.kind,
            &row.id,
            row.revision,
            row.ordinal,
            clock.due_at
        ],
    )
    .await?;
    Ok(clock.due_at)
}

/// When a clock reaches its first stage.
fn first_stage(clock: &EarlierWindow, needs_response: bool) -> Option<i64> {
    let half = clock.received_at + (clock.due_at - clock.received_at) / 2;
    Some(if needs_response { half } else { clock.due_at })
}

pub(crate) fn line(row: &ItemRow, entry: &AuditEntry) -> Line {
    Line {
        school: row.school.clone(),
        item_key: Some(row.key.clone()),
        entry: entry.clone(),
    }
}

/// A value of ours as JSON. It can only fail where a map has keys that are no strings, which ours have not.
pub(crate) fn to_json<T: Serialize>(value: &T, key: &str) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::inconsistent("verdict", "body", key))
}
