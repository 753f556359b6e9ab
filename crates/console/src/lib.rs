#![doc = include_str!("../README.md")]

mod access;
mod api;
mod day;
mod problem;

use std::{future::IntoFuture as _, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderValue, header},
    routing::{get, post},
};
use schoolgate_darkroom::MediaStore;
use schoolgate_model::Clock;
use schoolgate_ops::ReadyCheck;
use schoolgate_school::{Schools, service::Token};
use schoolgate_store::Store;
use tokio::net::TcpListener;
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer};

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
    /// Serves until `stop` resolves, then finishes what it has in hand for at most [`CLOSING`].
    pub async fn serve(
        self,
        listener: TcpListener,
        ready: ReadyCheck,
        stop: impl Future<Output = ()>,
    ) {
        let (gone, closing) = tokio::sync::oneshot::channel::<()>();
        let server =
            axum::serve(listener, router(self, ready)).with_graceful_shutdown(async move {
                // an error means that the sender is gone, which is the signal
                let _ = closing.await;
            });
        let server = tokio::spawn(server.into_future());
        stop.await;
        drop(gone);
        if tokio::time::timeout(CLOSING, server).await.is_err() {
            tracing::warn!("a connection was still open at the end");
        }
    }
}

fn router(console: Console, ready: ReadyCheck) -> Router {
    let header =
        |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    let api = Router::new()
        .route("/", get(day::page))
        .route("/api/v1/drafts", post(api::post_draft))
        .route("/api/v1/comments", post(api::post_comment))
        .route("/api/v1/items/{id}", get(api::get_item))
        .route("/api/v1/media/{sha256}", get(api::get_media))
        .layer(axum::middleware::from_fn_with_state(
            console.clone(),
            access::guard,
        ))
        .with_state(console);
    Router::new()
        .merge(api)
        .merge(schoolgate_ops::health::routes(ready))
        .fallback(problem::not_found)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "no-referrer"))
        .layer(header(header::CACHE_CONTROL, "no-store"))
}
