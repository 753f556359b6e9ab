//! What waits for people, in the order in which it matters. Every list and count is cut to what its reader may see
//! in the statement itself, so that nothing restricted is loaded for anybody else.

use jiff::Timestamp;
use schoolgate_model::{CommentClass, ItemKind, Outcome, Redacted, Severity, Verb, Verdict};
use schoolgate_policy::{Restricted, ReviewState, Sight, person::severity};
use sqlx::FromRow;

use crate::{
    Store, StoreError,
    codes::Place,
    sql::work,
    tx::{Tx, args},
    users::folded,
};

/// The longest page.
pub const MAX_QUEUE_ROWS: u32 = 200;

/// One school and what its reader may see there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueScope {
    /// The school's slug.
    pub school: String,
    /// What the reader may see.
    pub sight: Sight,
}

/// Which list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueueList {
    /// What is open or escalated: escalated first, then held, then what waits for words by the time left, then the
    /// rest by due time.
    Waiting,
    /// Only what is escalated.
    Escalated,
    /// Only what a person must decide, escalated or not.
    Held,
    /// What is closed and was not superseded, last closed first.
    Done,
    /// The newest revisions of the drafts of one author (id or login), last arrived first; whatever their sight.
    Own {
        /// The author's names for themselves: id and login. Case does not count.
        authors: Vec<Redacted<String>>,
    },
}

/// What a screen asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueQuery {
    /// The schools and what the reader may see at each. None = nothing.
    pub scopes: Vec<QueueScope>,
    /// Only drafts or only comments.
    pub kind: Option<ItemKind>,
    /// Which list.
    pub list: QueueList,
}

/// A place in a list: the next page starts behind it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueueMark {
    rank: i64,
    at: i64,
    key: String,
}

impl QueueMark {
    /// The mark as text for an address.
    pub fn to_text(&self) -> String {
        format!("{}.{}.{}", self.rank, self.at, self.key)
    }

    /// The mark of such a text.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        Some(Self {
            rank: parts.next()?.parse().ok()?,
            at: parts.next()?.parse().ok()?,
            key: parts.next().filter(|key| !key.contains('\0'))?.to_owned(),
        })
    }
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRow {
    /// The item's row.
    pub key: String,
    /// The producer's id.
    pub id: String,
    /// The revision.
    pub revision: u32,
    /// What happened.
    pub verb: Verb,
    /// Draft or comment.
    pub kind: ItemKind,
    /// The school's slug.
    pub school: String,
    /// The platform.
    pub platform: Option<String>,
    /// The machine's answer; absent while an author's own draft is being screened.
    pub outcome: Option<Outcome>,
    /// What the comment is.
    pub classes: Vec<CommentClass>,
    /// The reasons in plain English, each once.
    pub reasons: Vec<String>,
    /// The gravest finding.
    pub severity: Option<Severity>,
    /// When the clock started, or it was written.
    pub received_at: Timestamp,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// Whether somebody waits for words.
    pub needs_response: bool,
    /// When somebody acknowledged it.
    pub acknowledged_at: Option<Timestamp>,
    /// Whether a person must say what becomes of it.
    pub held: bool,
    /// The state of the review.
    pub state: ReviewState,
    /// The review's version, to be sent back with a decision; 0 before there is one.
    pub version: u32,
    /// Who alone may see it.
    pub restricted: Option<Restricted>,
    /// Other content came for the same revision.
    pub conflicted: bool,
    /// Who has it open now; the account's id.
    pub claimed_by: Option<String>,
    /// Until when.
    pub claimed_until: Option<Timestamp>,
    /// Where the next page starts.
    pub mark: QueueMark,
}

/// How much waits, for one reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueCounts {
    /// Escalated.
    pub escalated: u64,
    /// Held drafts.
    pub held_drafts: u64,
    /// Held comments.
    pub held_comments: u64,
    /// Comments whose writer waits for words.
    pub needs_response: u64,
    /// Comments that only want to be acknowledged.
    pub rest: u64,
    /// Those of all these that are past their due time.
    pub overdue: u64,
}

#[derive(FromRow)]
struct Row {
    key: String,
    id: String,
    revision: i64,
    verb: String,
    kind: String,
    school: String,
    platform: Option<String>,
    created_at: i64,
    arrived_at: i64,
    conflicted_at: Option<i64>,
    outcome: Option<String>,
    body: Option<String>,
    received_at: Option<i64>,
    due_at: Option<i64>,
    needs_response: Option<i64>,
    acknowledged_at: Option<i64>,
    held: Option<i64>,
    state: Option<String>,
    version: Option<i64>,
    restricted: Option<String>,
    rank: Option<i64>,
    sort_at: Option<i64>,
    closed_at: Option<i64>,
    claimed_by: Option<String>,
    claimed_until: Option<i64>,
}

#[derive(FromRow)]
struct RankCount {
    rank: i64,
    kind: String,
    number: i64,
}

#[derive(FromRow)]
struct Number {
    number: i64,
}

/// A sight as the four numbers that the statements ask for.
fn numbers(sight: Sight) -> [i64; 4] {
    [sight.plain, sight.senior, sight.dsl, sight.head].map(i64::from)
}

impl Store {
    /// One page of a list, at most `limit` rows and never more than [`MAX_QUEUE_ROWS`].
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn queue(
        &self,
        query: &QueueQuery,
        now: Timestamp,
        limit: u32,
        after: Option<&QueueMark>,
    ) -> Result<Vec<QueueRow>, StoreError> {
        let limit = limit.min(MAX_QUEUE_ROWS);
        let mut tx = self.db.read().await?;
        let mut rows = Vec::new();
        for scope in &query.scopes {
            for row in page(&mut tx, query, scope, limit, after).await? {
                rows.push(to_row(row, &query.list, now)?);
            }
        }
        match &query.list {
            QueueList::Waiting | QueueList::Escalated | QueueList::Held => {
                rows.sort_by(|a, b| a.mark.cmp(&b.mark));
            }
            QueueList::Done | QueueList::Own { .. } => rows.sort_by(|a, b| b.mark.cmp(&a.mark)),
        }
        // Two names of one author, or a school named twice, may find the same row.
        rows.dedup_by(|a, b| a.key == b.key);
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(rows)
    }

    /// How much waits within these scopes.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn queue_counts(
        &self,
        scopes: &[QueueScope],
        now: Timestamp,
    ) -> Result<QueueCounts, StoreError> {
        let mut tx = self.db.read().await?;
        let mut counts = QueueCounts::default();
        for QueueScope { school, sight } in scopes {
            let [plain, senior, dsl, head] = numbers(*sight);
            let any = None::<&str>;
            let rows: Vec<RankCount> = tx
                .all(
                    &work::QUEUE_COUNTS,
                    args![school, any, plain, senior, dsl, head],
                )
                .await?;
            for row in rows {
                let number = row.number.unsigned_abs();
                match (row.rank, row.kind.as_str()) {
                    (0, _) => counts.escalated += number,
                    (1, "draft") => counts.held_drafts += number,
                    (1, _) => counts.held_comments += number,
                    (2, _) => counts.needs_response += number,
                    _ => counts.rest += number,
                }
            }
            let overdue: Number = tx
                .one(
                    &work::QUEUE_OVERDUE,
                    args![school, any, plain, senior, dsl, head, now],
                )
                .await?;
            counts.overdue += overdue.number.unsigned_abs();
        }
        Ok(counts)
    }
}

async fn page(
    tx: &mut Tx,
    query: &QueueQuery,
    scope: &QueueScope,
    limit: u32,
    after: Option<&QueueMark>,
) -> Result<Vec<Row>, StoreError> {
    let (school, kind) = (&scope.school, query.kind.map(ItemKind::code));
    let [plain, senior, dsl, head] = numbers(scope.sight);
    let (last_rank, fewest_held) = match &query.list {
        QueueList::Own { authors } => return own(tx, school, authors, limit, after).await,
        QueueList::Done => {
            let (at, key) = backwards(after);
            let args = args![school, kind, plain, senior, dsl, head, at, key, limit];
            return tx.all(&work::QUEUE_DONE, args).await;
        }
        QueueList::Waiting => (3_i64, 0_i64),
        QueueList::Escalated => (0, 0),
        QueueList::Held => (1, 1),
    };
    let (rank, at, key) = after.map_or((-1, 0, ""), |mark| (mark.rank, mark.at, &*mark.key));
    tx.all(
        &work::QUEUE_WAITING,
        args![
            school,
            kind,
            plain,
            senior,
            dsl,
            head,
            rank,
            at,
            key,
            limit,
            last_rank,
            fewest_held
        ],
    )
    .await
}

/// Where a list that runs backwards in time goes on.
fn backwards(after: Option<&QueueMark>) -> (i64, &str) {
    after.map_or((i64::MAX, ""), |mark| (mark.at, &*mark.key))
}

async fn own(
    tx: &mut Tx,
    school: &str,
    authors: &[Redacted<String>],
    limit: u32,
    after: Option<&QueueMark>,
) -> Result<Vec<Row>, StoreError> {
    let (at, key) = backwards(after);
    let mut rows = Vec::new();
    for author in authors {
        let author = folded(author.expose());
        if author.is_empty() || author.contains('\0') {
            continue;
        }
        let found: Vec<Row> = tx
            .all(&work::QUEUE_OWN, args![school, &author, at, key, limit])
            .await?;
        rows.extend(found);
    }
    Ok(rows)
}

fn to_row(row: Row, list: &QueueList, now: Timestamp) -> Result<QueueRow, StoreError> {
    let place = Place {
        table: "review",
        key: &row.key,
    };
    let verdict: Option<Verdict> = row
        .body
        .as_deref()
        .map(|body| serde_json::from_str(body).map_err(|_| place.wrong("body")))
        .transpose()?;
    let verdict = verdict.as_ref();
    let received_at = place
        .opt_time("received_at", row.received_at)?
        .or(verdict.map(|verdict| verdict.received_at));
    let claimed_until = place
        .opt_time("claimed_until", row.claimed_until)?
        .filter(|until| *until > now);
    Ok(QueueRow {
        revision: place.count("revision", row.revision)?,
        verb: place.verb(&row.verb)?,
        kind: place.kind(&row.kind)?,
        outcome: row
            .outcome
            .as_deref()
            .map(|code| place.outcome(code))
            .transpose()?,
        classes: verdict.map_or_else(Vec::new, |verdict| verdict.classes.clone()),
        reasons: verdict.map_or_else(Vec::new, plain_reasons),
        severity: verdict.and_then(severity),
        received_at: match received_at {
            Some(at) => at,
            None => place.time("created_at", row.created_at)?,
        },
        due_at: place.opt_time("due_at", row.due_at)?,
        needs_response: row.needs_response == Some(1),
        acknowledged_at: place.opt_time("acknowledged_at", row.acknowledged_at)?,
        held: row.held == Some(1),
        state: match row.state.as_deref() {
            Some(code) => place.review(code)?,
            None => ReviewState::Open,
        },
        version: place.count("version", row.version.unwrap_or(0))?,
        restricted: place.restricted(row.restricted.as_deref())?,
        conflicted: row.conflicted_at.is_some(),
        claimed_by: row.claimed_by.filter(|_| claimed_until.is_some()),
        claimed_until,
        mark: QueueMark {
            rank: match list {
                QueueList::Done | QueueList::Own { .. } => 0,
                _ => row.rank.unwrap_or(0),
            },
            at: match list {
                QueueList::Done => row.closed_at.unwrap_or(0),
                QueueList::Own { .. } => row.arrived_at,
                _ => row.sort_at.unwrap_or(0),
            },
            key: row.key.clone(),
        },
        key: row.key,
        id: row.id,
        school: row.school,
        platform: row.platform,
    })
}

fn plain_reasons(verdict: &Verdict) -> Vec<String> {
    verdict
        .plain_reasons()
        .into_iter()
        .map(|(text, _)| text.to_owned())
        .collect()
}
