//! How much is done at once and how long anybody is waited for, so that no caller, slow or many, can take the service
//! from the others. The requests themselves are not here.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit, watch},
    time::timeout,
};

use crate::{CLOSING, Console, password::Hasher, problem::Problem};

/// The bounds of one listener.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Open connections; more wait in the system's queue.
    pub(crate) connections: usize,
    /// Requests in hand.
    pub(crate) requests: usize,
    /// How long a request waits for one of those places.
    pub(crate) queue: Duration,
    /// Requests that wait for a verdict; a part of `requests`, so that others always get through.
    pub(crate) waits: usize,
    /// Large bodies parsed at once; a body in parsing takes several times its size.
    pub(crate) parses: usize,
    /// From a connection's start, or its last answer, to the end of a request's head.
    pub(crate) head: Duration,
    /// From a request's head to the end of its body.
    pub(crate) body: Duration,
    /// How long a caller may take nothing of an answer.
    pub(crate) stall: Duration,
    /// How long open requests may keep a stopping service.
    pub(crate) closing: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 256,
            requests: 64,
            queue: Duration::from_secs(2),
            waits: 32,
            parses: 4,
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            stall: Duration::from_secs(30),
            closing: CLOSING,
        }
    }
}

/// What every handler gets: the console and its bounds.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) console: Console,
    pub(crate) limits: Limits,
    pub(crate) stopping: watch::Receiver<bool>,
    pub(crate) hasher: Hasher,
    requests: Arc<Semaphore>,
    waits: Arc<Semaphore>,
    parses: Arc<Semaphore>,
}

impl Desk {
    pub(crate) fn new(console: Console, limits: Limits, stopping: watch::Receiver<bool>) -> Self {
        Self {
            console,
            limits,
            stopping,
            hasher: Hasher::new(),
            requests: Arc::new(Semaphore::new(limits.requests)),
            waits: Arc::new(Semaphore::new(limits.waits)),
            parses: Arc::new(Semaphore::new(limits.parses)),
        }
    }

    /// A place among those who wait for a verdict.
    pub(crate) fn wait_place(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.waits)
            .try_acquire_owned()
            .map_err(|_| Problem::busy("too many requests wait for verdicts; nothing was taken"))
    }

    /// A place among the requests in hand; it is waited for, but not for long.
    pub(crate) async fn request_place(&self) -> Option<SemaphorePermit<'_>> {
        timeout(self.limits.queue, self.requests.acquire())
            .await
            .ok()?
            .ok()
    }

    /// A place among the large bodies in parsing; it is waited for.
    pub(crate) async fn parse_place(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.parses)
            .acquire_owned()
            .await
            .map_err(|_| Problem::busy("no more is taken"))
    }
}

/// Lets a request through when there is a place for it, or answers 429.
pub(crate) async fn place(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    match desk.request_place().await {
        Some(_place) => next.run(request).await,
        None => Problem::busy("too many requests at once; nothing was taken").into_response(),
    }
}
