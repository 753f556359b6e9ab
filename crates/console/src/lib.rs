#![doc = include_str!("../README.md")]

mod access;
mod asked;
mod connections;
mod decisions;
mod events;
mod limits;
mod pages;
mod password;
mod problem;
mod read;
mod submit;
#[cfg(test)]
mod tests;
mod view;
mod window;

use std::{pin::Pin, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, header},
    middleware::from_fn_with_state,
    routing::{get, post},
};
use schoolgate_darkroom::MediaStore;
use schoolgate_model::Clock;
use schoolgate_ops::ReadyCheck;
use schoolgate_school::{Schools, service::Token};
use schoolgate_store::Store;
use tokio::{net::TcpListener, sync::watch, time::MissedTickBehavior};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer};

use limits::{Desk, Limits};

pub use pages::is_address;
pub use password::{
    MIN_PASSWORD_CHARS, WeakPassword, check_own_password, check_password, hash_password,
    made_password,
};

/// The largest request body, bytes: 20,000 characters of text and a small picture as base64.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;
/// The longest `?wait=`.
pub const MAX_WAIT: Duration = Duration::from_secs(30);

/// How long open requests may keep a stopping service.
pub const CLOSING: Duration = Duration::from_secs(5);

/// What a picture is recognised by when it comes again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recognised {
    /// Its PDQ fingerprint, 64 hex digits.
    pub fingerprint: Option<String>,
    /// What else recognises it, as the list keeps it.
    pub likeness: Vec<u8>,
    /// The small grey copy that it is compared by.
    pub sketch: Vec<u8>,
}

/// Works out what recognises a clean copy, in a process that may fail; `None` = it did.
pub type Recognise =
    Arc<dyn Fn(Vec<u8>) -> Pin<Box<dyn Future<Output = Option<Recognised>> + Send>> + Send + Sync>;

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
    /// Makes 256 random bits: session and form tokens, salts, made passwords.
    pub new_secret: Arc<dyn Fn() -> [u8; 32] + Send + Sync>,
    /// What the address of the pages begins with for people, such as `https://desk.school.example`; `None` = they are
    /// used on this machine.
    pub public_url: Option<String>,
    /// Works out what recognises a picture that is listed here; `None` = only the same file is recognised.
    pub recognise: Option<Recognise>,
}

impl Console {
    /// Whether people reach the pages by https, so that the session's cookie may be bound to it.
    pub(crate) fn is_secure(&self) -> bool {
        self.public_url
            .as_deref()
            .is_some_and(|url| url.starts_with("https://"))
    }

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
        let sweeper = sweeper(self.store.clone(), Arc::clone(&self.clock), limits.sweep);
        let router = router(Desk::new(self, limits, told), ready);
        let stop = async move {
            stop.await;
            // who waits for a verdict is told to ask again later
            stopping.send_replace(true);
        };
        tokio::select! {
            () = connections::serve(listener, router, limits, stop) => {}
            () = sweeper => {}
        }
    }
}

/// Forgets sessions that are over and old failures, now and then, for ever.
async fn sweeper(store: Store, clock: Arc<dyn Clock>, every: Duration) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = store.purge_sign_ins(clock.now()).await {
            tracing::warn!(error = %error, "old sign-ins could not be removed");
        }
    }
}

/// What a page may load: files of ours, and nothing that stands in the page itself.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// For a year browsers ask for this host by https alone.
const ONLY_HTTPS: &str = "max-age=31536000";

fn router(desk: Desk, ready: ReadyCheck) -> Router {
    let header =
        |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    let is_secure = desk.console.is_secure();
    let api = Router::new()
        .route("/api/v1/drafts", post(submit::post_draft))
        .route("/api/v1/comments", post(submit::post_comment))
        .route("/api/v1/events", post(events::post_event))
        .route("/api/v1/items/{id}", get(read::get_item))
        .route("/api/v1/items/{id}/decisions", post(decisions::decide))
        .route("/api/v1/items/{id}/release", post(decisions::release))
        .route("/api/v1/media/{sha256}", get(read::get_media))
        .route("/api/v1/window", get(window::get_window))
        .layer(from_fn_with_state(desk.clone(), limits::place))
        .layer(from_fn_with_state(desk.clone(), access::guard))
        .with_state(desk.clone())
        .layer(header(header::REFERRER_POLICY, "no-referrer"));
    // with "no-referrer" a browser would not say where a form was posted from
    let pages = pages::routes(&desk).layer(header(header::REFERRER_POLICY, "same-origin"));
    let health =
        schoolgate_ops::health::routes(ready).layer(from_fn_with_state(desk, access::probe));
    let router = Router::new()
        .merge(api)
        .merge(pages)
        .merge(health)
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(header(header::CACHE_CONTROL, "no-store"))
        .merge(pages::files())
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(header(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ))
        .layer(header(
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ))
        .layer(header(
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ));
    match is_secure {
        true => router.layer(header(header::STRICT_TRANSPORT_SECURITY, ONLY_HTTPS)),
        false => router,
    }
}
