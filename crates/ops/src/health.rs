//! Liveness and readiness over HTTP. What readiness means is told by the role that serves it.

use std::{future::Future, pin::Pin, sync::Arc};

use axum::{Json, Router, http::StatusCode, response::IntoResponse, routing::get};
use serde_json::json;

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

/// `/healthz` (the event loop turns) and `/readyz` (200 or 503, with every condition).
pub fn routes(ready: ReadyCheck) -> Router {
    let readyz = move || {
        let ready = Arc::clone(&ready);
        async move { answer(&ready().await) }
    };
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(readyz))
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
