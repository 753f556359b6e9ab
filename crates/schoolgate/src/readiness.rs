//! What readiness means for each role: what must hold, in one sentence each. Serving the answer is `ops`'.

use std::{pin::Pin, sync::Arc, time::Duration};

use jiff::Timestamp;
use schoolgate_model::{Clock as _, SystemClock};
use schoolgate_ops::{Condition, ReadyCheck, metrics};
use schoolgate_school::Schools;
use schoolgate_store::{Backlog, Store, StoreError};
use tokio::task::AbortHandle;

use crate::runtime::{Links, late};

/// How long one question to the store may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a role's readiness looks at.
#[derive(Clone)]
pub struct Readiness {
    /// The store.
    pub store: Store,
    /// The schools, for a role that screens.
    pub schools: Option<Arc<Schools>>,
    /// The loops of the role.
    pub pulse: Vec<AbortHandle>,
    /// The role's links to the broker.
    pub links: Links,
    /// Whether mail is configured, for a role that sends it.
    pub mail: Option<bool>,
}

impl Readiness {
    /// The check that health routes ask.
    pub fn check(self) -> ReadyCheck {
        Arc::new(
            move || -> Pin<Box<dyn Future<Output = Vec<Condition>> + Send>> {
                let readiness = self.clone();
                Box::pin(async move { readiness.conditions().await })
            },
        )
    }

    async fn conditions(&self) -> Vec<Condition> {
        let now = SystemClock.now();
        let ping = patiently(self.store.ping(now)).await;
        let stopped = self.pulse.iter().any(AbortHandle::is_finished);
        let mut conditions = vec![
            condition("store", ping.err()),
            condition(
                "loops",
                stopped.then(|| "a loop has stopped; restart the service".to_owned()),
            ),
        ];
        if let Some(schools) = &self.schools {
            let mut lists = schools.missing_lists();
            lists.extend(schools.stale_lists(now));
            conditions.push(condition(
                "lists",
                (!lists.is_empty()).then(|| lists.join("; ")),
            ));
        }
        if let Some(has_mail) = self.mail {
            conditions.push(condition(
                "mail",
                (!has_mail).then(|| "no mail is configured: alerts wait".to_owned()),
            ));
        }
        conditions.extend(
            self.links
                .faults()
                .into_iter()
                .map(|(name, fault)| condition(name, fault)),
        );
        match patiently(self.store.backlog()).await {
            Ok(counts) => {
                show(&counts, now);
                if self.schools.is_some() {
                    let fault = late(counts.oldest_waiting, now, "an item");
                    conditions.push(condition("screening", fault));
                }
                if self.mail.is_some() {
                    let fault = late(counts.oldest_pending_alert, now, "an alert");
                    conditions.push(condition("alerts", fault));
                }
            }
            Err(fault) => conditions.push(condition("counts", Some(fault))),
        }
        conditions
    }
}

/// Asks the store, for as long as somebody who asks whether we are ready will wait.
async fn patiently<T>(asking: impl Future<Output = Result<T, StoreError>>) -> Result<T, String> {
    match tokio::time::timeout(PATIENCE, asking).await {
        Ok(answer) => answer.map_err(|error| error.to_string()),
        Err(_) => Err("the database does not answer".to_owned()),
    }
}

/// Hands the counts to the figures.
fn show(counts: &Backlog, now: Timestamp) {
    let age = |since: Option<Timestamp>| since.map(|at| now.duration_since(at).as_secs_f64());
    metrics::waiting("items", counts.waiting, age(counts.oldest_waiting));
    metrics::waiting(
        "effects",
        counts.outbox_pending,
        age(counts.oldest_pending_alert),
    );
    metrics::waiting("dead_letters", counts.dead_letters, None);
}

fn condition(name: &'static str, fault: Option<String>) -> Condition {
    Condition {
        name,
        ok: fault.is_none(),
        detail: fault.unwrap_or_else(|| "ok".to_owned()),
    }
}
