#![doc = include_str!("../README.md")]

mod access;
mod asked;
mod connections;
mod day;
mod limits;
mod problem;
mod read;
mod submit;
#[cfg(test)]
mod tests;
mod view;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderValue, header},
    middleware::from_fn_with_state,
    routing::{get, post},
};
use schoolgate_darkroom::MediaStore;
use schoolgate_model::Clock;
use schoolgate_ops::ReadyCheck;
use schoolgate_school::{Schools, service::Token};
use schoolgate_store::Store;
use tokio::{net::TcpListener, sync::watch};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer};

use limits::{Desk, Limits};

/// The largest request body, bytes: 20,000 characters of text and a small picture as base64.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;
/// The longest `?wait=`.
pub const MAX_WAIT: Duration = Duration::from_secs(30);

/// How long open requests may keep a stopping service.
pub const CLOSING: Duration = Duration::from_secs(5);

/// What the handlers share.
#[derive(Clone)]
pub struct Console {
    /// The store.
    pub store: Store,
    /// The schools.
    pub schools: Arc<Schools>,
    /// Clean copies.
    pub media: MediaStore,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes row keys: UUIDv7 text.
    pub new_key: Arc<dyn Fn() -> String + Send + Sync>,
    /// Who may do what; empty = loopback only, no token asked.
    pub tokens: Arc<Vec<Token>>,
}

impl Console {
    /// Serves until `stop` resolves, then finishes what it has in hand for at most [`CLOSING`]. When it returns,
    /// everything that it was given is dropped, whoever was still connected.
    pub async fn serve(
        self,
        listener: TcpListener,
        ready: ReadyCheck,
        stop: impl Future<Output = ()>,
    ) {
        self.serve_within(Limits::default(), listener, ready, stop)
            .await;
    }

    async fn serve_within(
        self,
        limits: Limits,
        listener: TcpListener,
        ready: ReadyCheck,
        stop: impl Future<Output = ()>,
    ) {
        let (stopping, told) = watch::channel(false);
        let router = router(Desk::new(self, limits, told), ready);
        let stop = async move {
            stop.await;
            // who waits for a verdict is told to ask again later
            stopping.send_replace(true);
        };
        connections::serve(listener, router, limits, stop).await;
    }
}

fn router(desk: Desk, ready: ReadyCheck) -> Router {
    let header =
        |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    let api = Router::new()
        .route("/", get(day::page))
        .route("/api/v1/drafts", post(submit::post_draft))
        .route("/api/v1/comments", post(submit::post_comment))
        .route("/api/v1/items/{id}", get(read::get_item))
        .route("/api/v1/media/{sha256}", get(read::get_media))
        .layer(from_fn_with_state(desk.clone(), limits::place))
        .layer(from_fn_with_state(desk.clone(), access::guard))
        .with_state(desk.clone());
    let health =
        schoolgate_ops::health::routes(ready).layer(from_fn_with_state(desk, access::probe));
    Router::new()
        .merge(api)
        .merge(health)
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "no-referrer"))
        .layer(header(header::CACHE_CONTROL, "no-store"))
}
