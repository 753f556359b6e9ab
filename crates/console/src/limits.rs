//! How much is done at once and how long anybody is waited for, so that no caller, slow or many, can take the service
//! from the others. The requests themselves are not here.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, HttpBody as _},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit, watch},
    time::timeout,
};

use crate::{
    CLOSING, Console,
    password::Hasher,
    problem::Problem,
    submit::{SMALL_BODY_BYTES, read_body},
};

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
    /// Bodies that are large, or do not say how large, read at once.
    pub(crate) uploads: usize,
    /// Requests for pages in hand from people who are not signed in: they never take the others' places.
    pub(crate) strangers: usize,
    /// From a connection's start, or its last answer, to the end of a request's head.
    pub(crate) head: Duration,
    /// From a request's head to the end of its body.
    pub(crate) body: Duration,
    /// The same where the body is small.
    pub(crate) small_body: Duration,
    /// How long a caller may take nothing of an answer.
    pub(crate) stall: Duration,
    /// How often sessions that are over and old failures are removed.
    pub(crate) sweep: Duration,
    /// How long the page after an answer waits for the verdict.
    pub(crate) verdict: Duration,
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
            uploads: 16,
            strangers: 8,
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            small_body: Duration::from_secs(5),
            stall: Duration::from_secs(30),
            sweep: Duration::from_secs(60 * 60),
            verdict: Duration::from_secs(3),
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
    uploads: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
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
            uploads: Arc::new(Semaphore::new(limits.uploads)),
            strangers: Arc::new(Semaphore::new(limits.strangers)),
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

    /// A place among the requests for pages of those who are not signed in.
    pub(crate) async fn stranger_place(&self) -> Option<SemaphorePermit<'_>> {
        timeout(self.limits.queue, self.strangers.acquire())
            .await
            .ok()?
            .ok()
    }

    /// A place among the large bodies that are read.
    async fn upload_place(&self) -> Option<SemaphorePermit<'_>> {
        timeout(self.limits.queue, self.uploads.acquire())
            .await
            .ok()?
            .ok()
    }

    /// The request with its whole body. A small one must come soon; a large one, or one that does not say how large
    /// it is, takes a place of its own kind, so that who sends half of one holds nobody else up.
    async fn whole(&self, request: Request) -> Result<Request, Problem> {
        let size = request.body().size_hint().upper();
        let is_small = size.is_some_and(|size| size <= SMALL_BODY_BYTES as u64);
        let (parts, body) = request.into_parts();
        let unread = Request::from_parts(parts.clone(), body);
        let bytes = if is_small {
            read_body(unread, self.limits.small_body.min(self.limits.body)).await?
        } else {
            let place = self.upload_place().await;
            let _place = place.ok_or_else(|| {
                Problem::busy("too many large requests at once; nothing was taken")
            })?;
            read_body(unread, self.limits.body).await?
        };
        Ok(Request::from_parts(parts, Body::from(bytes)))
    }

    /// A place among the large bodies in parsing; it is waited for.
    pub(crate) async fn parse_place(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.parses)
            .acquire_owned()
            .await
            .map_err(|_| Problem::busy("no more is taken"))
    }
}

/// Lets a request through when it is whole and there is a place for it, or answers 408, 413 or 429.
pub(crate) async fn place(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let request = match desk.whole(request).await {
        Ok(request) => request,
        Err(problem) => return problem.into_response(),
    };
    match desk.request_place().await {
        Some(_place) => next.run(request).await,
        None => Problem::busy("too many requests at once; nothing was taken").into_response(),
    }
}
