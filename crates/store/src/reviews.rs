//! One item for the person who has it open: everything about it, who else has it open, and the decision. A decision
//! counts only on the state that the person saw.

use jiff::Timestamp;
use schoolgate_model::{
    Audience, Envelope, ItemKind, Outcome, Redacted, SchoolId, Verdict, wire::parse_submission,
};
use schoolgate_policy::{
    DecisionKind, EscalateTo, Matter, PersonChange, Restricted, ReviewState, person::stands,
};
use sqlx::FromRow;

use crate::{
    Store, StoreError, StoredItem, StoredVerdict, audit,
    codes::Place,
    known,
    lease::lease_end,
    outbox,
    read::{self, ItemRow},
    record::{line, lock_item, rank, stop_clock},
    removed, restrictions,
    sql::work as sql,
    tx::{Tx, args},
};

/// A decision as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDecision {
    /// What was decided.
    pub decision: DecisionKind,
    /// To whom it was handed on.
    pub to: Option<EscalateTo>,
    /// The review's version that the person saw.
    pub review_version: u32,
    /// The account's id.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// The person's own words.
    pub note: Option<Redacted<String>>,
}

/// Who has an item open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The account's id.
    pub by: String,
    /// When that is forgotten.
    pub until: Timestamp,
}

/// Everything about one item that has a verdict. Who may see it is asked of `schoolgate_policy::person::may_see`.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewView {
    /// The item as received.
    pub item: StoredItem,
    /// The verdict with review and clock.
    pub verdict: StoredVerdict,
    /// Whether a person must say what becomes of it.
    pub held: bool,
    /// Who alone may see it.
    pub restricted: Option<Restricted>,
    /// The decisions on this revision, in order.
    pub decisions: Vec<StoredDecision>,
    /// Who has it open; also where that is over, see [`Claim::until`].
    pub claim: Option<Claim>,
    /// Whether one of its pictures has been removed since.
    pub lost_picture: bool,
}

impl ReviewView {
    /// Who, when, where, as the producer said it.
    ///
    /// # Errors
    /// `Inconsistent` where the stored body is no item.
    pub fn envelope(&self) -> Result<Envelope, StoreError> {
        let item = &self.item;
        let submission = parse_submission(&item.body)
            .map_err(|_| StoreError::inconsistent("item", "body", &item.key))?;
        let school = SchoolId::new(&item.school);
        let mut envelope = submission
            .into_item(school, item.revision, item.arrived_at)
            .envelope;
        envelope.verb = item.verb;
        Ok(envelope)
    }

    /// To whom a person handed it on and who did, unless somebody has decided since. Acknowledging decides nothing.
    pub fn handed(&self) -> Option<(EscalateTo, &str)> {
        let last = self
            .decisions
            .iter()
            .rev()
            .find(|decision| decision.decision != DecisionKind::Acknowledge)?;
        last.to.map(|to| (to, last.actor.as_str()))
    }

    /// Whether it is approved now: the newest revision, without a conflict, with all its pictures still there, by the
    /// machine or by the last word of a person.
    pub fn is_approved(&self) -> bool {
        let stored = &self.verdict;
        let stands = stored.is_latest && !stored.conflicted && !self.lost_picture;
        stands && approval(stored, &self.decisions).is_some()
    }

    /// The item as the policy asks for it: what somebody may see and decide, and what that changes. `approvers` is
    /// `schoolgate_policy::person::approvers`' answer.
    pub fn matter<'a>(&'a self, envelope: &'a Envelope, approvers: &'a [Audience]) -> Matter<'a> {
        let stored = &self.verdict;
        Matter {
            envelope,
            verdict: &stored.verdict,
            state: stored.review.state,
            version: stored.review.version,
            held: self.held,
            restricted: self.restricted,
            handed: self.handed(),
            clock_runs: stored.window.as_ref().is_some_and(|clock| {
                clock.acknowledged_at.is_none() && clock.superseded_by.is_none()
            }),
            conflicted: stored.conflicted,
            is_latest: stored.is_latest,
            approvers,
        }
    }
}

/// What `decide` did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// Everything was written, now or by an earlier call of the same person with the same decision.
    Written {
        /// The review's version now.
        version: u32,
    },
    /// The item has changed since the person looked; nothing was written.
    Stale {
        /// The review's version now.
        version: u32,
        /// Its state now.
        state: ReviewState,
        /// Who decided last; absent where the change was a machine's or the platform's.
        by: Option<String>,
    },
    /// A newer revision has arrived; nothing was written.
    NotLatest {
        /// The newest row.
        latest: String,
    },
    /// There is nothing left to decide; nothing was written.
    Closed,
    /// It has no verdict yet; nothing was written.
    NotScreened,
    /// One of its pictures has been removed, so it cannot be approved; nothing was written.
    RemovedPicture,
}

/// The answer to "still approved, now?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Release {
    /// Exactly this may be published.
    Approved {
        /// The account that approved it; absent where the machine did.
        by: Option<String>,
    },
    /// It may not.
    Refused(ReleaseRefusal),
}

/// Why something may not be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReleaseRefusal {
    /// There is no such item or revision.
    Unknown,
    /// It has no verdict yet.
    Waiting,
    /// A newer revision has arrived.
    NotLatest,
    /// Other content came for the same revision.
    Conflicted,
    /// Nobody has approved it, or somebody has rejected it.
    NotApproved,
    /// The pictures are not those that were approved, or one has no clean copy.
    OtherPictures,
    /// One of the pictures has been removed since.
    RemovedPicture,
    /// One of the pictures has been listed as not to be published since it was approved.
    ListedPicture,
}

impl ReleaseRefusal {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Waiting => "waiting",
            Self::NotLatest => "not_latest",
            Self::Conflicted => "conflicted",
            Self::NotApproved => "not_approved",
            Self::OtherPictures => "other_pictures",
            Self::RemovedPicture => "removed_picture",
            Self::ListedPicture => "listed_picture",
        }
    }
}

/// A review under its item's lock.
pub(crate) struct Review {
    pub(crate) state: ReviewState,
    pub(crate) version: u32,
    pub(crate) held: bool,
    pub(crate) restricted: Option<Restricted>,
    claim: Option<Claim>,
}

/// What becomes of a review.
pub(crate) struct ReviewChange {
    pub(crate) state: ReviewState,
    pub(crate) held: bool,
    pub(crate) restricted: Option<Restricted>,
    pub(crate) rank: i64,
}

#[derive(FromRow)]
struct ReviewRow {
    state: String,
    version: i64,
    held: i64,
    restricted: Option<String>,
    claimed_by: Option<String>,
    claimed_until: Option<i64>,
}

#[derive(FromRow)]
struct KeyRow {
    key: String,
}

#[derive(FromRow)]
struct DecisionRow {
    key: String,
    review_version: i64,
    decision: String,
    escalated_to: Option<String>,
    actor: String,
    at: i64,
    note: Option<String>,
}

/// Remembers which clean pictures a verdict names.
pub(crate) async fn note_media(
    tx: &mut Tx,
    key: &str,
    verdict: &Verdict,
) -> Result<(), StoreError> {
    let clean = verdict.media.iter().filter_map(|m| m.clean_sha256.as_ref());
    for sha256 in clean {
        tx.exec(&sql::MEDIA_INSERT, args![sha256, key]).await?;
    }
    Ok(())
}

/// The review of one row.
pub(crate) async fn row(tx: &mut Tx, key: &str) -> Result<Option<Review>, StoreError> {
    let Some(row) = tx.opt::<ReviewRow>(&sql::REVIEW_ROW, args![key]).await? else {
        return Ok(None);
    };
    let place = Place {
        table: "review",
        key,
    };
    let until = place.opt_time("claimed_until", row.claimed_until)?;
    Ok(Some(Review {
        state: place.review(&row.state)?,
        version: place.count("version", row.version)?,
        held: row.held == 1,
        restricted: place.restricted(row.restricted.as_deref())?,
        claim: row
            .claimed_by
            .zip(until)
            .map(|(by, until)| Claim { by, until }),
    }))
}

/// Changes a review that is still at `version`, which the item's lock sees to.
pub(crate) async fn change(
    tx: &mut Tx,
    key: &str,
    version: u32,
    change: &ReviewChange,
    now: Timestamp,
) -> Result<u32, StoreError> {
    let closed_at = (change.state == ReviewState::Closed).then_some(now);
    let changed = tx
        .exec(
            &sql::REVIEW_CHANGE,
            args![
                key,
                version,
                change.state.code(),
                closed_at,
                change.held,
                change.restricted.map(Restricted::code),
                change.rank
            ],
        )
        .await?;
    if changed == 1 {
        Ok(version.saturating_add(1))
    } else {
        Err(StoreError::inconsistent("review", "version", key))
    }
}

/// Everything about one item.
async fn view(tx: &mut Tx, key: &str) -> Result<Option<ReviewView>, StoreError> {
    let Some(item) = read::item(tx, key).await? else {
        return Ok(None);
    };
    let Some(verdict) = read::verdict_by_key(tx, key).await? else {
        return Ok(None);
    };
    let review = row(tx, key)
        .await?
        .ok_or_else(|| StoreError::inconsistent("review", "item_key", key))?;
    let decisions = decisions(tx, key).await?;
    let lost_picture = removed::shows_removed(tx, &item.school, &verdict.verdict).await?;
    Ok(Some(ReviewView {
        lost_picture,
        item,
        verdict,
        held: review.held,
        restricted: review.restricted,
        decisions: decisions
            .into_iter()
            .map(|(_, decision)| decision)
            .collect(),
        claim: review.claim,
    }))
}

async fn decisions(tx: &mut Tx, key: &str) -> Result<Vec<(String, StoredDecision)>, StoreError> {
    let rows: Vec<DecisionRow> = tx.all(&sql::DECISIONS, args![key]).await?;
    rows.into_iter().map(to_decision).collect()
}

fn to_decision(row: DecisionRow) -> Result<(String, StoredDecision), StoreError> {
    let place = Place {
        table: "decision",
        key: &row.key,
    };
    let to = row
        .escalated_to
        .as_deref()
        .map(|code| EscalateTo::from_code(code).ok_or_else(|| place.wrong("escalated_to")))
        .transpose()?;
    let decision = StoredDecision {
        decision: DecisionKind::from_code(&row.decision).ok_or_else(|| place.wrong("decision"))?,
        to,
        review_version: place.count("review_version", row.review_version)?,
        at: place.time("at", row.at)?,
        actor: row.actor,
        note: row.note.map(Redacted::new),
    };
    Ok((row.key, decision))
}

/// Whether the last word that a person has said about it is that it may go out or stay up.
pub(crate) async fn approved_last(tx: &mut Tx, key: &str) -> Result<bool, StoreError> {
    let all = decisions(tx, key).await?;
    let last = last_word(all.iter().map(|(_, decision)| decision));
    Ok(last.is_some_and(|last| last.decision == DecisionKind::Approve))
}

/// The last decision about what becomes of it.
fn last_word<'a>(
    decisions: impl DoubleEndedIterator<Item = &'a StoredDecision>,
) -> Option<&'a StoredDecision> {
    decisions
        .rev()
        .find(|decision| decision.decision != DecisionKind::Acknowledge)
}

/// The same decision of the same person on the same state, sent again because its answer was lost.
fn repeated(before: &[(String, StoredDecision)], change: &PersonChange) -> bool {
    before.iter().any(|(key, decision)| {
        *key == change.key
            && decision.actor == change.actor
            && decision.decision == change.decision.kind()
            && decision.to == change.decision.to()
    })
}

async fn write_decision(
    tx: &mut Tx,
    item: &ItemRow,
    review: &Review,
    decision: &PersonChange,
) -> Result<u32, StoreError> {
    let key = &item.key;
    let note = decision
        .note
        .as_ref()
        .map(|note| note.expose().replace('\0', "\u{FFFD}"));
    tx.exec(
        &sql::DECISION_INSERT,
        args![
            &decision.key,
            key,
            review.version,
            decision.decision.kind().code(),
            decision.decision.to().map(EscalateTo::code),
            &decision.actor,
            decision.at,
            note.as_deref()
        ],
    )
    .await?;
    if decision.stop_clock {
        stop_clock(tx, key, decision.at, &decision.actor).await?;
    }
    // Whatever is left open without being held waits for words.
    let changed = ReviewChange {
        state: decision.review,
        held: decision.held,
        restricted: Restricted::and(review.restricted, decision.restricted),
        rank: rank(decision.review, decision.held, true),
    };
    let version = change(tx, key, review.version, &changed, decision.at).await?;
    restrictions::spread(tx, item, changed.restricted).await?;
    outbox::insert(tx, key, &decision.outbox, decision.at).await?;
    audit::append_all(tx, &mut vec![line(item, &decision.audit)]).await?;
    Ok(version)
}

/// Whether a draft shows a picture that has been removed since. A comment is out whatever is decided about it.
async fn lost_a_picture(tx: &mut Tx, item: &ItemRow) -> Result<bool, StoreError> {
    if item.kind != ItemKind::Draft.code() {
        return Ok(false);
    }
    match read::verdict_by_key(tx, &item.key).await? {
        Some(stored) => removed::shows_removed(tx, &item.school, &stored.verdict).await,
        None => Ok(false),
    }
}

/// Whether the clean copies of the pictures are exactly these.
fn same_pictures(verdict: &StoredVerdict, hashes: &[String]) -> bool {
    let clean = verdict
        .verdict
        .media
        .iter()
        .map(|medium| medium.clean_sha256.as_deref());
    let Some(mut clean) = clean.collect::<Option<Vec<&str>>>() else {
        return false;
    };
    let mut asked: Vec<&str> = hashes.iter().map(String::as_str).collect();
    clean.sort_unstable();
    asked.sort_unstable();
    clean == asked
}

/// Who has approved it, by the last word that anybody has said: `Some(None)` is the machine.
fn approval(verdict: &StoredVerdict, decisions: &[StoredDecision]) -> Option<Option<String>> {
    match last_word(decisions.iter()) {
        Some(last) if last.decision == DecisionKind::Approve => Some(Some(last.actor.clone())),
        Some(_) => None,
        None => (verdict.verdict.outcome == Outcome::Approve).then_some(None),
    }
}

impl Store {
    /// Everything about one item; `None` where there is none or it has no verdict yet.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn review(&self, key: &str) -> Result<Option<ReviewView>, StoreError> {
        let mut tx = self.db.read().await?;
        view(&mut tx, key).await
    }

    /// The school's items that may be published now with this clean picture, and that are not for a few people alone.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn approved_with(
        &self,
        school: &str,
        clean_sha256: &str,
    ) -> Result<Vec<ReviewView>, StoreError> {
        let mut tx = self.db.read().await?;
        let rows: Vec<KeyRow> = tx
            .all(&sql::MEDIA_ITEMS, args![clean_sha256, school])
            .await?;
        let mut found = Vec::new();
        for row in rows {
            let view = view(&mut tx, &row.key).await?;
            found.extend(view.filter(|view| view.restricted.is_none() && view.is_approved()));
        }
        Ok(found)
    }

    /// Says that somebody has an item open. Returns who has it: the caller, or somebody else whose claim still runs.
    /// `None` where there is no review.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn claim_review(
        &self,
        key: &str,
        user: &str,
        now: Timestamp,
        ms: u32,
    ) -> Result<Option<Claim>, StoreError> {
        let mut tx = self.db.write().await?;
        tx.exec(
            &sql::REVIEW_CLAIM,
            args![key, user, now, lease_end(now, ms)],
        )
        .await?;
        let review = row(&mut tx, key).await?;
        tx.commit().await?;
        Ok(review.and_then(|review| review.claim))
    }

    /// Says that somebody has closed the item. False where the claim was somebody else's.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn release_review(&self, key: &str, user: &str) -> Result<bool, StoreError> {
        let mut tx = self.db.write().await?;
        let released = tx.exec(&sql::REVIEW_UNCLAIM, args![key, user]).await?;
        tx.commit().await?;
        Ok(released == 1)
    }

    /// Writes a decision and everything that it changes, or nothing. Only the state that the person saw can be
    /// decided: `expected_version` is the review's version on the screen.
    ///
    /// # Errors
    /// `UnknownItem`; the engine's faults.
    pub async fn decide(
        &self,
        key: &str,
        expected_version: u32,
        change: &PersonChange,
    ) -> Result<Decided, StoreError> {
        let mut tx = self.db.write().await?;
        let item = lock_item(&mut tx, key).await?;
        let Some(review) = row(&mut tx, key).await? else {
            return Ok(Decided::NotScreened);
        };
        let before = decisions(&mut tx, key).await?;
        if repeated(&before, change) {
            return Ok(Decided::Written {
                version: review.version,
            });
        }
        let latest = read::latest_key(&mut tx, &item).await?;
        let place = Place { table: "item", key };
        let kind = place.kind(&item.kind)?;
        if latest != key && !stands(kind, review.state, change.decision.kind()) {
            return Ok(Decided::NotLatest { latest });
        }
        if review.version != expected_version {
            let by = before
                .into_iter()
                .map(|(_, decision)| decision)
                .find(|decision| decision.review_version.saturating_add(1) == review.version);
            return Ok(Decided::Stale {
                version: review.version,
                state: review.state,
                by: by.map(|decision| decision.actor),
            });
        }
        if review.state == ReviewState::Closed {
            return Ok(Decided::Closed);
        }
        if change.decision.kind() == DecisionKind::Approve && lost_a_picture(&mut tx, &item).await?
        {
            return Ok(Decided::RemovedPicture);
        }
        let version = write_decision(&mut tx, &item, &review, change).await?;
        tx.commit().await?;
        Ok(Decided::Written { version })
    }

    /// Whether exactly this may be published now: the newest revision, approved by the machine or by a person, no
    /// conflict, and the pictures' clean copies with these hashes and no others.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn still_approved(
        &self,
        school: &str,
        kind: ItemKind,
        id: &str,
        revision: u32,
        hashes: &[String],
    ) -> Result<Release, StoreError> {
        let mut tx = self.db.read().await?;
        let refused = |why| Ok(Release::Refused(why));
        let Some(state) = read::state(&mut tx, school, kind, id, Some(revision)).await? else {
            return refused(ReleaseRefusal::Unknown);
        };
        let Some(verdict) = state.verdict else {
            return refused(ReleaseRefusal::Waiting);
        };
        if !verdict.is_latest {
            return refused(ReleaseRefusal::NotLatest);
        }
        if verdict.conflicted {
            return refused(ReleaseRefusal::Conflicted);
        }
        if removed::shows_removed(&mut tx, school, &verdict.verdict).await? {
            return refused(ReleaseRefusal::RemovedPicture);
        }
        let decisions: Vec<StoredDecision> = decisions(&mut tx, &verdict.item_key)
            .await?
            .into_iter()
            .map(|(_, decision)| decision)
            .collect();
        let Some(by) = approval(&verdict, &decisions) else {
            return refused(ReleaseRefusal::NotApproved);
        };
        let approved_at = last_word(decisions.iter()).map_or(verdict.recorded_at, |last| last.at);
        if known::shows_listed_since(&mut tx, school, &verdict.verdict, approved_at).await? {
            return refused(ReleaseRefusal::ListedPicture);
        }
        if same_pictures(&verdict, hashes) {
            Ok(Release::Approved { by })
        } else {
            refused(ReleaseRefusal::OtherPictures)
        }
    }
}
