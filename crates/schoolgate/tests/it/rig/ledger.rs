//! The books: what was sent and confirmed, what a run without faults would say about it, and what was heard. What is
//! missing, doubled, or approved by accident is counted here, and every repeat must have its reason.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    time::Duration,
};

use schoolgate_model::Audience;
use schoolgate_policy::OutboxKind;
use schoolgate_store::{AuditCheck, OutboxRow, OutboxState, Store};
use schoolgate_testkit::ReceivedMail;
use serde_json::Value;

use super::Kind;
use crate::world::{check, demo_config};

/// Effects that one dispatch has in hand at most: a batch of messages, and the alerts of its slots.
const IN_HAND: usize = 100 + 8;

/// What befell the house.
#[derive(Debug, Clone, Default)]
pub struct Blows {
    pub kills: BTreeMap<Kind, usize>,
    pub broker: usize,
    pub database: usize,
    /// Processes that ended by themselves, as those do that start while the database is away.
    pub ended: usize,
}

impl Blows {
    fn of(&self, kind: Kind) -> usize {
        self.kills.get(&kind).copied().unwrap_or(0)
    }

    /// Repeats that these blows explain: a dispatch that is killed, or cut off from broker or database, sends what it had
    /// in hand again.
    pub fn repeats_explained(&self, dispatches: usize) -> usize {
        (self.of(Kind::Dispatch) + (self.broker + self.database) * dispatches) * IN_HAND
    }
}

/// The answer of the books.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub items: usize,
    pub blows: Blows,
    /// Confirmed items of which no verdict was heard, and alerts that nobody got.
    pub lost: Vec<String>,
    /// Effects that came under two ids, verdicts about what was never sent, second verdicts in the record.
    pub doubled: Vec<String>,
    /// Approvals that a run without faults does not give.
    pub wrongly_approved: Vec<String>,
    /// Anything else that must not be.
    pub broken: Vec<String>,
    /// Messages that came again under the same id, and how many of them the blows explain.
    pub repeats: usize,
    pub repeats_explained: usize,
    /// Mails that came again under the same id.
    pub mails: usize,
    pub mail_repeats: usize,
    /// The longest time from a confirm to the verdict.
    pub worst_gap: f64,
    pub wall: Duration,
}

impl Report {
    /// Whether the house stood.
    pub fn is_clean(&self) -> bool {
        self.lost.is_empty()
            && self.doubled.is_empty()
            && self.wrongly_approved.is_empty()
            && self.broken.is_empty()
            && self.repeats <= self.repeats_explained
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Blows {
            broker,
            database,
            ended,
            ..
        } = self.blows;
        write!(
            f,
            "{} items; kills: intake {}, dispatch {}, console {}, broker {broker}, database {database} ({ended} ended by themselves); \
             lost {}, doubled {}, wrongly approved {}, otherwise broken {}; repeats {} (explained up to {}), mails {} with {} repeats; \
             worst gap {:.1} s, wall {:.0} s",
            self.items,
            self.blows.of(Kind::Intake),
            self.blows.of(Kind::Dispatch),
            self.blows.of(Kind::Console),
            self.lost.len(),
            self.doubled.len(),
            self.wrongly_approved.len(),
            self.broken.len(),
            self.repeats,
            self.repeats_explained,
            self.mails,
            self.mail_repeats,
            self.worst_gap,
            self.wall.as_secs_f64(),
        )?;
        let lists = [
            &self.lost,
            &self.doubled,
            &self.wrongly_approved,
            &self.broken,
        ];
        for line in lists.into_iter().flat_map(|list| list.iter().take(5)) {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}

/// What a run without faults says about each item: its outcome by id.
pub fn oracle(items: &[Value]) -> BTreeMap<String, String> {
    let lines: Vec<u8> = items
        .iter()
        .flat_map(|item| format!("{item}\n").into_bytes())
        .collect();
    let (_, verdicts, errors) = check(&lines);
    assert_eq!(verdicts.len(), items.len(), "{errors}");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    verdicts
        .iter()
        .map(|v| (text(&v["id"]), text(&v["outcome"])))
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Report {
    /// Looks through everything that was heard on `schoolgate.out`.
    pub fn hear(
        &mut self,
        heard: &[Value],
        oracle: &BTreeMap<String, String>,
        confirmed: &BTreeMap<String, f64>,
    ) {
        // an effect is what it is about, whatever id it came under
        let mut effects: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut bodies: BTreeMap<String, &Value> = BTreeMap::new();
        let mut first: BTreeMap<String, f64> = BTreeMap::new();
        for note in heard {
            let (key, body) = (text(&note["routing_key"]), &note["body"]);
            let word = key.split('.').next().unwrap_or_default().to_owned();
            let (id, message_id) = (text(&note["correlation_id"]), text(&note["message_id"]));
            let audience = if word == "alert" {
                key.split('.').nth(1).unwrap_or_default()
            } else {
                ""
            };
            let effect = format!(
                "{word} {id} {} {} {audience}",
                body["revision"], body["class"]
            );
            effects
                .entry(effect.clone())
                .or_default()
                .insert(message_id.clone());
            if let Some(earlier) = bodies.insert(message_id.clone(), body) {
                // the broker says itself when it was the one who delivers again
                self.repeats += usize::from(note["redelivered"] != true);
                if earlier != body {
                    self.broken
                        .push(format!("{message_id} came with two contents"));
                }
            }
            if word != "verdict" {
                continue;
            }
            if body["revision"] != 1 || !oracle.contains_key(&id) {
                self.doubled.push(format!("{effect}: never sent"));
            }
            if body["outcome"] == "approve"
                && oracle.get(&id).is_none_or(|expected| expected != "approve")
            {
                self.wrongly_approved.push(id.clone());
            }
            let at = note["at"].as_f64().unwrap_or(f64::MAX);
            first
                .entry(id)
                .and_modify(|first| *first = first.min(at))
                .or_insert(at);
        }
        for (effect, ids) in effects.iter().filter(|(_, ids)| ids.len() > 1) {
            self.doubled.push(format!("{effect}: {} ids", ids.len()));
        }
        for (id, at) in confirmed {
            match first.get(id) {
                Some(first) => self.worst_gap = self.worst_gap.max(first - at),
                None => self.lost.push(format!("{id}: no verdict was published")),
            }
        }
    }

    /// Looks through the house's own record: one current verdict an item, every effect carried out, the audit unbroken.
    pub async fn read(
        &mut self,
        store: &Store,
        oracle: &BTreeMap<String, String>,
        heard: &[Value],
        mails: &[ReceivedMail],
    ) {
        let (from, to) = (jiff::Timestamp::MIN, jiff::Timestamp::MAX);
        let verdicts = store
            .verdicts_between(None, from, to, 100_000)
            .await
            .expect("verdicts");
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for verdict in &verdicts {
            *seen.entry(verdict.verdict.id.to_string()).or_default() += 1;
        }
        for id in oracle.keys() {
            match seen.get(id) {
                None => self.lost.push(format!("{id}: no verdict in the record")),
                Some(1) => {}
                Some(count) => self
                    .doubled
                    .push(format!("{id}: {count} verdicts in the record")),
            }
        }
        let rows = store.outbox_list(200_000).await.expect("outbox");
        for row in rows.iter().filter(|row| row.state != OutboxState::Sent) {
            self.broken
                .push(format!("{} is {}", row.key, row.state.code()));
        }
        let attempts: BTreeMap<&str, usize> = rows
            .iter()
            .map(|row| (row.key.as_str(), row.attempts as usize))
            .collect();
        let mut deliveries: BTreeMap<String, usize> = BTreeMap::new();
        for note in heard.iter().filter(|note| note["redelivered"] != true) {
            *deliveries.entry(text(&note["message_id"])).or_default() += 1;
        }
        for (id, count) in deliveries {
            // an attempt is counted before the message leaves, so that a repeat can always be explained
            if attempts
                .get(id.as_str())
                .is_none_or(|attempts| *attempts < count)
            {
                self.broken.push(format!(
                    "{id} came {count} times, more often than it was tried"
                ));
            }
        }
        self.post(&rows, mails);
        for school in store.audit_schools().await.expect("schools") {
            let chain = store
                .audit_verify(&school)
                .await
                .expect("the audit is read");
            if !matches!(chain, AuditCheck::Intact { .. }) {
                self.broken
                    .push(format!("the audit chain of {school} is broken"));
            }
        }
    }

    /// Every alert reached its people by mail, each under one Message-ID.
    fn post(&mut self, rows: &[OutboxRow], mails: &[ReceivedMail]) {
        let schools = schoolgate_school::load(&demo_config(), "0", jiff::Timestamp::UNIX_EPOCH)
            .expect("the schools");
        let mut expected: BTreeMap<String, (String, String)> = BTreeMap::new();
        let mut possible = BTreeSet::new();
        for row in rows.iter().filter(|row| row.kind == OutboxKind::Alert) {
            let Some(audience) = row
                .audience
                .filter(|audience| *audience != Audience::Author)
            else {
                continue;
            };
            let snapshot = schools.get(&schoolgate_model::SchoolId::new(row.school.as_str()));
            let contacts = &snapshot.expect("the school").contacts;
            let id = |person: &String| {
                schoolgate_dispatch::message_id(&row.key, person, "st-hildas.example")
            };
            for person in contacts.resolve(audience) {
                expected.insert(id(person), (row.key.clone(), person.clone()));
            }
            // the leaders are told as well of an alert that was tried often in vain
            let leaders = [Audience::Slt, Audience::Head].map(|leader| contacts.resolve(leader));
            possible.extend(
                leaders
                    .into_iter()
                    .flatten()
                    .filter(|_| row.attempts > 2)
                    .map(id),
            );
        }
        let mut came: BTreeSet<&str> = BTreeSet::new();
        for mail in mails {
            let id = mail.message_id.as_str();
            self.mail_repeats += usize::from(!came.insert(id));
            let is_asked_for = expected
                .get(id)
                .is_some_and(|(_, person)| mail.to.contains(person));
            if !is_asked_for && !possible.contains(id) {
                self.doubled
                    .push(format!("a mail that no alert asks for: {id}"));
            }
        }
        self.mails = mails.len();
        for (id, (key, _)) in &expected {
            if !came.contains(id.as_str()) {
                self.lost.push(format!("{key}: one of its mails"));
            }
        }
    }
}
