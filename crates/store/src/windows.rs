//! The stages of response windows: what has been reached is found by a sweep, and written once however many sweep.

use jiff::Timestamp;
use schoolgate_model::{CommentClass, ItemKind, Severity, Verb, Verdict};
use schoolgate_policy::{
    AuditEntry, OutboxEntry, OutboxKind, ResponseWindow, Restricted, Running, Stage, StageDue,
    next_stage,
    person::{gravest_class, severity},
};
use serde_json::json;
use sqlx::FromRow;

use crate::{
    Store, StoreError, audit,
    codes::Place,
    outbox,
    record::{line, lock_item},
    sql::work,
    tx::{Tx, args},
};

/// A window that has reached a stage which nobody has recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueWindow {
    /// The item's row that carries the clock.
    pub item_key: String,
    /// The school's slug.
    pub school: String,
    /// Draft or comment.
    pub kind: ItemKind,
    /// The producer's id.
    pub id: String,
    /// The revision.
    pub revision: u32,
    /// What happened.
    pub verb: Verb,
    /// The platform.
    pub platform: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// The gravest class.
    pub class: CommentClass,
    /// The gravest finding.
    pub severity: Severity,
    /// Who alone may see it.
    pub restricted: Option<Restricted>,
    /// The window.
    pub window: ResponseWindow,
    /// When somebody acknowledged it: later than it was due, or it would not be here.
    pub acknowledged_at: Option<Timestamp>,
}

impl DueWindow {
    /// The window for `schoolgate_policy::stages_due`.
    pub fn running(&self) -> Running<'_> {
        Running {
            school: &self.school,
            kind: self.kind,
            id: &self.id,
            revision: self.revision,
            platform: self.platform.as_deref(),
            account: self.account.as_deref(),
            verb: self.verb,
            class: self.class,
            severity: self.severity,
            restricted: self.restricted,
            window: &self.window,
            acknowledged_at: self.acknowledged_at,
        }
    }
}

/// A stage as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredStage {
    /// Which.
    pub stage: Stage,
    /// When it was reached.
    pub at: Timestamp,
    /// How late that was noticed, in milliseconds.
    pub late_ms: i64,
    /// Nobody was told, because a later one had been reached too.
    pub superseded: bool,
}

#[derive(FromRow)]
struct DueRow {
    item_key: String,
    school: String,
    kind: String,
    id: String,
    revision: i64,
    verb: String,
    platform: Option<String>,
    account: Option<String>,
    received_at: i64,
    due_at: i64,
    mode: String,
    division: String,
    calendar_version: String,
    needs_response: i64,
    why: String,
    acknowledged_at: Option<i64>,
    restricted: Option<String>,
    body: String,
}

#[derive(FromRow)]
struct ClockRow {
    item_key: String,
    received_at: i64,
    due_at: i64,
    mode: String,
    division: String,
    calendar_version: String,
    needs_response: i64,
    why: String,
    inherited_from: Option<String>,
    acknowledged_at: Option<i64>,
    superseded_by: Option<String>,
}

#[derive(FromRow)]
struct StageRow {
    stage: String,
    at: i64,
    late_ms: i64,
    superseded: i64,
}

impl Store {
    /// Windows that have reached their next stage, the longest waiting first. One that cannot be understood is logged
    /// with its key and left out, so that it stops no other.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn windows_due(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DueWindow>, StoreError> {
        let mut tx = self.db.read().await?;
        let rows: Vec<DueRow> = tx.all(&work::WINDOWS_NEXT, args![now, limit]).await?;
        Ok(rows.into_iter().filter_map(readable).collect())
    }

    /// Writes stages with their effects, each once, and returns those that were new. What has been acknowledged in
    /// time meanwhile reaches no stage. A stage that was reached while nobody waited for words is alerted of when an
    /// edit asks for some.
    ///
    /// # Errors
    /// `UnknownItem`; the engine's faults.
    pub async fn record_stages(
        &self,
        item_key: &str,
        stages: &[StageDue],
        now: Timestamp,
    ) -> Result<Vec<Stage>, StoreError> {
        let mut tx = self.db.write().await?;
        let item = lock_item(&mut tx, item_key).await?;
        let Some(clock) = tx
            .opt::<ClockRow>(&work::WINDOW_CLOCK, args![item_key])
            .await?
        else {
            return Ok(Vec::new());
        };
        let mut new = Vec::new();
        let mut lines = Vec::new();
        for due in stages.iter().filter(|due| clock.reaches(due)) {
            if write_stage(&mut tx, &clock, due).await? {
                outbox::insert(&mut tx, item_key, &due.outbox, now).await?;
                if due.stage == Stage::Breach {
                    lines.push(line(&item, &breach(due, now)));
                }
                new.push(due.stage);
            } else {
                tell_late(&mut tx, &clock, due, now).await?;
            }
        }
        let next = next_of(&mut tx, &clock).await?;
        tx.exec(&work::WINDOW_NEXT, args![item_key, next]).await?;
        audit::append_all(&mut tx, &mut lines).await?;
        tx.commit().await?;
        Ok(new)
    }

    /// The stages that an item's clock has reached, with those that it reached under an earlier revision.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn stages(&self, item_key: &str) -> Result<Vec<StoredStage>, StoreError> {
        let mut tx = self.db.read().await?;
        let clock: Option<ClockRow> = tx.opt(&work::WINDOW_CLOCK, args![item_key]).await?;
        match clock {
            Some(clock) => recorded(&mut tx, clock.origin()).await,
            None => Ok(Vec::new()),
        }
    }
}

impl ClockRow {
    /// The revision whose clock it is: an edit does not make the same clock breach twice.
    fn origin(&self) -> &str {
        self.inherited_from.as_deref().unwrap_or(&self.item_key)
    }

    /// Whether a stage that somebody has found is still reached under the lock.
    fn reaches(&self, due: &StageDue) -> bool {
        self.superseded_by.is_none()
            && self
                .acknowledged_at
                .is_none_or(|acknowledged| acknowledged >= due.at.as_millisecond())
    }
}

async fn write_stage(tx: &mut Tx, clock: &ClockRow, due: &StageDue) -> Result<bool, StoreError> {
    let made = tx
        .exec(
            &work::STAGE_INSERT,
            args![
                clock.origin(),
                due.stage.code(),
                due.at,
                due.late_ms.max(0),
                due.superseded,
                due.outbox.iter().any(is_alert)
            ],
        )
        .await?;
    Ok(made == 1)
}

fn is_alert(row: &OutboxEntry) -> bool {
    row.kind == OutboxKind::Alert
}

/// Alerts of a stage that is written already but that nobody was told of. The world knows of it, so nothing is published.
async fn tell_late(
    tx: &mut Tx,
    clock: &ClockRow,
    due: &StageDue,
    now: Timestamp,
) -> Result<(), StoreError> {
    let alerts: Vec<OutboxEntry> = due
        .outbox
        .iter()
        .filter(|row| is_alert(row))
        .cloned()
        .collect();
    if alerts.is_empty() {
        return Ok(());
    }
    let told = tx
        .exec(&work::STAGE_TOLD, args![clock.origin(), due.stage.code()])
        .await?;
    if told == 1 {
        outbox::insert(tx, &clock.item_key, &alerts, now).await?;
    }
    Ok(())
}

async fn recorded(tx: &mut Tx, origin: &str) -> Result<Vec<StoredStage>, StoreError> {
    let rows: Vec<StageRow> = tx.all(&work::STAGES, args![origin]).await?;
    let place = Place {
        table: "window_stage",
        key: origin,
    };
    let mut stages = rows
        .into_iter()
        .map(|row| {
            Ok(StoredStage {
                stage: Stage::from_code(&row.stage).ok_or_else(|| place.wrong("stage"))?,
                at: place.time("at", row.at)?,
                late_ms: row.late_ms,
                superseded: row.superseded == 1,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    stages.sort_by_key(|stage| stage.stage);
    Ok(stages)
}

/// When the clock reaches the next stage that is not written yet.
async fn next_of(tx: &mut Tx, clock: &ClockRow) -> Result<Option<Timestamp>, StoreError> {
    if clock.superseded_by.is_some() {
        return Ok(None);
    }
    let done: Vec<Stage> = recorded(tx, clock.origin())
        .await?
        .into_iter()
        .map(|stage| stage.stage)
        .collect();
    let place = Place {
        table: "response_window",
        key: &clock.item_key,
    };
    let window = ResponseWindow {
        received_at: place.time("received_at", clock.received_at)?,
        due_at: place.time("due_at", clock.due_at)?,
        mode: place.mode(&clock.mode)?,
        division: clock.division.clone(),
        calendar_version: clock.calendar_version.clone(),
        needs_response: clock.needs_response == 1,
        why: clock.why.clone(),
    };
    let acknowledged_at = place.opt_time("acknowledged_at", clock.acknowledged_at)?;
    Ok(next_stage(&window, acknowledged_at, &done))
}

fn breach(due: &StageDue, now: Timestamp) -> AuditEntry {
    AuditEntry {
        at: now,
        actor: "clock".to_owned(),
        action: "window_breach".to_owned(),
        detail: json!({ "at": due.at, "late_ms": due.late_ms }).to_string(),
    }
}

fn readable(row: DueRow) -> Option<DueWindow> {
    let key = row.item_key.clone();
    match to_due(row) {
        Ok(due) => Some(due),
        Err(error) => {
            tracing::error!(item_key = key, error = %error, "a response window cannot be understood; nobody is told of its stages");
            None
        }
    }
}

fn to_due(row: DueRow) -> Result<DueWindow, StoreError> {
    let place = Place {
        table: "response_window",
        key: &row.item_key,
    };
    // A stage is told even where the verdict cannot be read: the clock does not depend on it.
    let verdict: Option<Verdict> = serde_json::from_str(&row.body).ok();
    Ok(DueWindow {
        kind: place.kind(&row.kind)?,
        revision: place.count("revision", row.revision)?,
        verb: place.verb(&row.verb)?,
        class: verdict.as_ref().map_or(CommentClass::Other, gravest_class),
        severity: verdict
            .as_ref()
            .and_then(severity)
            .unwrap_or(Severity::Info),
        restricted: place.restricted(row.restricted.as_deref())?,
        window: ResponseWindow {
            received_at: place.time("received_at", row.received_at)?,
            due_at: place.time("due_at", row.due_at)?,
            mode: place.mode(&row.mode)?,
            division: row.division,
            calendar_version: row.calendar_version,
            needs_response: row.needs_response == 1,
            why: row.why,
        },
        acknowledged_at: place.opt_time("acknowledged_at", row.acknowledged_at)?,
        item_key: row.item_key,
        school: row.school,
        id: row.id,
        platform: row.platform,
        account: row.account,
    })
}
