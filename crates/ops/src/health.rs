//! Liveness, readiness and figures over HTTP. What readiness means is told by the role that serves it; who may ask is
//! told by whoever mounts the routes.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
    routing::get,
};
use serde_json::json;
use tokio::net::TcpListener;

use crate::metrics;

/// How long an answer is given again. Asking the conditions writes to the store, and anybody who may ask may ask often.
const FRESH: Duration = Duration::from_secs(1);
/// How old an answer may get while the next one is on its way.
const STALE: Duration = Duration::from_secs(2);

/// One thing that must hold for the service to be ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Short name, such as `store`.
    pub name: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// What is stale or missing; no names, no text.
    pub detail: String,
}

/// Asks the role for its conditions.
pub type ReadyCheck =
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Vec<Condition>> + Send>> + Send + Sync>;

/// `/healthz` (the event loop turns), `/readyz` (200 or 503, with every condition) and `/metrics`. The conditions are asked
/// once a second at most.
pub fn routes(ready: ReadyCheck) -> Router {
    let recent = Arc::new(Recent::new(ready));
    let for_metrics = Arc::clone(&recent);
    let readyz = move || {
        let recent = Arc::clone(&recent);
        async move { answer(&recent.conditions().await) }
    };
    let figures = move || {
        let recent = Arc::clone(&for_metrics);
        async move {
            let page = metrics::page(&recent.conditions().await);
            (
                [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
                page,
            )
        }
    };
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(figures))
}

/// Serves the routes alone, for a role without a console, until `stop` resolves.
///
/// # Errors
/// When the listener breaks.
pub async fn serve(
    listener: TcpListener,
    ready: ReadyCheck,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, routes(ready))
        .with_graceful_shutdown(stop)
        .await
}

/// The conditions as they were a moment ago.
struct Recent {
    ready: ReadyCheck,
    last: Mutex<Last>,
}

#[derive(Default)]
struct Last {
    answer: Option<(Instant, Vec<Condition>)>,
    asked_at: Option<Instant>,
}

impl Last {
    /// The answer that may still be given at `now`, or nothing, and then the caller asks.
    fn usable(&mut self, now: Instant) -> Option<Vec<Condition>> {
        let asking = self
            .asked_at
            .is_some_and(|at| now.duration_since(at) < FRESH);
        let limit = if asking { STALE } else { FRESH };
        let answer = self
            .answer
            .as_ref()
            .filter(|(at, _)| now.duration_since(*at) < limit)
            .map(|(_, conditions)| conditions.clone());
        if answer.is_none() {
            self.asked_at = Some(now);
        }
        answer
    }
}

impl Recent {
    fn new(ready: ReadyCheck) -> Self {
        Self {
            ready,
            last: Mutex::default(),
        }
    }

    async fn conditions(&self) -> Vec<Condition> {
        let usable = self.last().usable(Instant::now());
        if let Some(conditions) = usable {
            return conditions;
        }
        let conditions = (self.ready)().await;
        self.last().answer = Some((Instant::now(), conditions.clone()));
        conditions
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Last> {
        // nothing in here can be half-written
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn answer(conditions: &[Condition]) -> impl IntoResponse + use<> {
    let all = conditions.iter().all(|condition| condition.ok);
    let status = if all {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let lines: Vec<_> = conditions
        .iter()
        .map(|condition| json!({"name": condition.name, "ok": condition.ok, "detail": condition.detail}))
        .collect();
    (status, Json(json!({"ready": all, "conditions": lines})))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(ok: bool) -> Vec<Condition> {
        vec![Condition {
            name: "store",
            ok,
            detail: String::new(),
        }]
    }

    #[test]
    fn an_answer_is_given_again_for_a_second_and_then_asked_for_anew() {
        let start = Instant::now();
        let after = |millis| start + Duration::from_millis(millis);
        let mut last = Last::default();
        assert_eq!(last.usable(start), None, "nobody has asked yet");
        last.answer = Some((start, condition(true)));
        assert_eq!(last.usable(after(999)), Some(condition(true)));
        assert_eq!(last.usable(after(1_000)), None, "this caller asks");
        assert_eq!(
            last.usable(after(1_001)),
            Some(condition(true)),
            "meanwhile the others get what there is"
        );
        assert_eq!(
            last.usable(after(2_000)),
            None,
            "but not for long: an old yes is no yes"
        );
        last.answer = Some((after(2_100), condition(false)));
        assert_eq!(last.usable(after(2_200)), Some(condition(false)));
    }
}
