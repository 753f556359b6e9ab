//! A fresh store per case, on either engine, and the things that cases are made of. No case lives here.

use std::{
    future::Future,
    sync::atomic::{AtomicU32, Ordering},
};

use jiff::{SignedDuration, Timestamp};
use schoolgate_model::{
    Audience, ItemId, ItemKind, Outcome, Redacted, SchoolId, Verb, Verdict, Versions,
};
use schoolgate_policy::{
    AuditEntry, Change, Decision, OutboxEntry, OutboxKind, PersonChange, ResponseWindow,
    Restricted, ReviewState, Sight, WindowMode,
};
use schoolgate_store::{NewItem, Share, Store};
use sqlx::{
    AssertSqlSafe, Connection, FromRow, PgConnection, SqliteConnection, postgres::PgRow,
    sqlite::SqliteRow,
};

pub const SCHOOL: &str = "st-judes";
pub const ALL: Share = Share::any(1_000);

/// A migrated store and its address.
pub struct World {
    pub store: Store,
    pub url: String,
}

impl World {
    /// Runs SQL behind the store's back.
    pub async fn tamper(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.url.starts_with("sqlite://") {
            let file = self.url.trim_start_matches("sqlite://");
            let mut raw = SqliteConnection::connect(file).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut raw).await.unwrap();
        } else {
            let mut raw = PgConnection::connect(&self.url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut raw).await.unwrap();
        }
    }
}

impl World {
    /// Reads rows behind the store's back.
    pub async fn look<T>(&self, sql: &str) -> Vec<T>
    where
        T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.url.starts_with("sqlite://") {
            let file = self.url.trim_start_matches("sqlite://");
            let mut raw = SqliteConnection::connect(file).await.unwrap();
            sqlx::query_as(sql).fetch_all(&mut raw).await.unwrap()
        } else {
            let mut raw = PgConnection::connect(&self.url).await.unwrap();
            sqlx::query_as(sql).fetch_all(&mut raw).await.unwrap()
        }
    }
}

pub async fn on_sqlite<F, Fut>(case: F)
where
    F: FnOnce(World) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/store.db", folder.path().display());
    run(url, case).await.unwrap();
}

pub async fn on_postgres<F, Fut>(case: F)
where
    F: FnOnce(World) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("SCHOOLGATE_TEST_POSTGRES").expect(
        "SCHOOLGATE_TEST_POSTGRES names no PostgreSQL server, so this half of the contract cannot run; \
         run `cargo xtask test`, which starts one",
    );
    let name = format!(
        "schoolgate_store_{}_{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    let base = server.trim_end_matches('/');
    let base = match base.splitn(4, '/').collect::<Vec<_>>()[..] {
        [scheme, "", host, _] => format!("{scheme}//{host}"),
        _ => base.to_owned(),
    };
    let admin = async |sql: String| {
        let mut raw = PgConnection::connect(&server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut raw)
            .await
            .unwrap();
    };
    admin(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    admin(format!(
        "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"
    ))
    .await;
    let outcome = run(format!("{base}/{name}"), case).await;
    admin(format!("DROP DATABASE {name} WITH (FORCE)")).await;
    outcome.unwrap();
}

async fn run<F, Fut>(url: String, case: F) -> Result<(), tokio::task::JoinError>
where
    F: FnOnce(World) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    let world = World {
        store: store.clone(),
        url,
    };
    let outcome = tokio::spawn(case(world)).await;
    store.close().await;
    outcome
}

/// A Friday morning, some seconds on.
pub fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
    start + SignedDuration::from_secs(seconds)
}

/// A message; `text` stands for the content and its hash. Keys count up in order of making.
pub fn message(id: &str, revision: Option<u32>, text: &str) -> NewItem {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NewItem {
        key: format!("key-{:06}", NEXT.fetch_add(1, Ordering::Relaxed)),
        school: SCHOOL.to_owned(),
        kind: ItemKind::Comment,
        id: id.to_owned(),
        revision,
        verb: Verb::Add,
        content_hash: format!("hash of {text}"),
        body: text.as_bytes().to_vec(),
        created_at: at(0),
        arrived_at: at(0),
        has_media: false,
        platform: Some("facebook".to_owned()),
        account: None,
        author: None,
        traceparent: None,
    }
}

/// Receives one message and returns its row's key.
pub async fn received(store: &Store, item: &NewItem) -> String {
    store.receive(std::slice::from_ref(item)).await.unwrap()[0]
        .key()
        .to_owned()
}

/// What a screening of `item` as `revision` changes.
pub fn change(item: &NewItem, revision: u32, outcome: Outcome) -> Change {
    let verdict = Verdict {
        id: ItemId::new(&item.id),
        kind: item.kind,
        revision,
        school: SchoolId::new(&item.school),
        outcome,
        reasons: Vec::new(),
        findings: Vec::new(),
        classes: Vec::new(),
        alert: Vec::new(),
        needs_response: Some(true),
        received_at: item.created_at,
        due_at: None,
        actions: Vec::new(),
        media: Vec::new(),
        checks: Vec::new(),
        versions: std::sync::Arc::new(Versions {
            schoolgate: "0.1.0".to_owned(),
            policy: "built-in".to_owned(),
            wordlists: "w1".to_owned(),
            register: "r1".to_owned(),
            calendar: "c1".to_owned(),
        }),
    };
    let body = serde_json::to_string(&verdict).unwrap();
    let routing_key = format!(
        "verdict.{}.{}.{}",
        item.kind.code(),
        outcome.code(),
        item.school
    );
    Change {
        review: match outcome {
            Outcome::Approve => ReviewState::Closed,
            Outcome::Hold => ReviewState::Open,
            Outcome::Escalate => ReviewState::Escalated,
        },
        window: None,
        outbox: vec![publish(
            &format!("{}:verdict:{revision}", item.key),
            &routing_key,
            &body,
        )],
        audit: audit(at(1), "machine", "screened"),
        verdict,
    }
}

pub fn publish(key: &str, routing_key: &str, body: &str) -> OutboxEntry {
    OutboxEntry {
        key: key.to_owned(),
        kind: OutboxKind::Publish,
        routing_key: routing_key.to_owned(),
        audience: None,
        urgent: false,
        body: body.to_owned(),
    }
}

pub fn alert(key: &str, urgent: bool) -> OutboxEntry {
    OutboxEntry {
        key: key.to_owned(),
        kind: OutboxKind::Alert,
        routing_key: format!("alert.dsl.{SCHOOL}"),
        audience: Some(schoolgate_model::Audience::Dsl),
        urgent,
        body: "{}".to_owned(),
    }
}

pub fn audit(when: Timestamp, actor: &str, action: &str) -> AuditEntry {
    AuditEntry {
        at: when,
        actor: actor.to_owned(),
        action: action.to_owned(),
        detail: "{}".to_owned(),
    }
}

/// A window of 24 hours from `received`.
pub fn window(received: Timestamp) -> ResponseWindow {
    ResponseWindow {
        received_at: received,
        due_at: received + SignedDuration::from_hours(24),
        mode: WindowMode::AsWritten,
        division: "england-and-wales".to_owned(),
        calendar_version: "c1".to_owned(),
        needs_response: true,
        why: "24 hours from receipt".to_owned(),
    }
}

/// Who alone is alerted, and so may see it.
pub fn alerting(mut change: Change, alert: &[Audience]) -> Change {
    change.verdict.alert = alert.to_vec();
    change
}

/// Receives and records one message; returns its row's key.
pub async fn recorded(store: &Store, item: &NewItem, change: &Change) -> String {
    let key = received(store, item).await;
    store.record(&key, change, at(1)).await.unwrap();
    key
}

/// A comment's change as the policy makes it: its review is open until somebody acknowledges it.
pub fn comment(item: &NewItem, outcome: Outcome, needs_response: bool) -> Change {
    let mut change = change(item, item.revision.unwrap_or(1), outcome);
    if outcome == Outcome::Approve {
        change.review = ReviewState::Open;
    }
    let mut clock = window(item.created_at);
    clock.needs_response = needs_response;
    change.verdict.needs_response = Some(needs_response);
    change.verdict.due_at = Some(clock.due_at);
    change.window = Some(clock);
    change
}

/// A person's decision on version `version` of a review, and what it leaves behind.
pub fn decision(
    key: &str,
    version: u32,
    actor: &str,
    decision: Decision,
    review: ReviewState,
) -> PersonChange {
    let name = format!("decision/{key}/{version}");
    PersonChange {
        decision,
        actor: actor.to_owned(),
        at: at(60),
        note: Some(Redacted::new("she rang".to_owned())),
        review,
        held: review == ReviewState::Escalated,
        stop_clock: review == ReviewState::Closed,
        restricted: decision
            .to()
            .and_then(|to| Restricted::of(&[to.audience()])),
        outbox: vec![publish(&name, "decision.comment.approve.st-judes", "{}")],
        audit: audit(at(60), actor, "decided"),
        key: name,
    }
}

/// What everybody with every role sees.
pub const ALL_SIGHT: Sight = Sight {
    plain: true,
    senior: true,
    dsl: true,
    head: true,
};
