//! Connections: taken, bounded, watched, and let go when the service stops. What is answered is not here.

use std::{
    future::Future,
    io,
    net::IpAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::Router;
use hyper::{
    Request,
    body::Incoming,
    rt::{Read, ReadBuf, ReadBufCursor, Write},
    server::conn::http1,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::{JoinError, JoinSet},
    time::{Instant, Sleep, sleep, timeout},
};

use crate::limits::Limits;

/// The most that a request's head may take, bytes; also how much of a body is read at once.
const BUFFER_BYTES: usize = 64 * 1024;
/// How long to wait when the system gives no connection, for instance because it is out of file handles.
const NO_CONNECTION: Duration = Duration::from_millis(500);
/// Who is still sending when it has been answered hears the answer only if its words are taken until it stops:
/// closing on unread bytes takes the answer back. So much silence is taken for its end,
const QUIET: Duration = Duration::from_millis(200);
/// and so long a speech is cut.
const LINGER: Duration = Duration::from_secs(2);
/// What remains of the closing time to end those by force who did not end by themselves.
const FORCE: Duration = Duration::from_millis(250);

/// Who is at the other end of the connection: the caller, or the proxy in front.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Serves `router` until `stop` resolves. Then nothing new is taken, what is in hand is finished, and what is not
/// finished in time is cut. When it returns, no connection is left.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(BUFFER_BYTES);
    let places = Arc::new(Semaphore::new(limits.connections));
    let closing = GracefulShutdown::new();
    let mut open = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            Some(ended) = open.join_next() => tell(ended),
            (stream, peer, place) = accept(&listener, &places) => {
                let caller = (router.clone(), peer);
                let talk = talk(http.clone(), stream, caller, limits.stall, closing.watcher());
                open.spawn(async move {
                    talk.await;
                    drop(place);
                });
            }
        }
    }
    drop((listener, router));
    let grace = limits.closing.saturating_sub(FORCE);
    if timeout(grace, closing.shutdown()).await.is_err() {
        tracing::warn!(open = open.len(), "connections were cut at the end");
    }
    open.shutdown().await;
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, Peer, Option<OwnedSemaphorePermit>) {
    // it is never closed, so there is always a place in the end
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, from)) => return (stream, Peer(from.ip()), place),
            Err(error) => {
                tracing::warn!(error = %error.kind(), "no connection could be taken");
                sleep(NO_CONNECTION).await;
            }
        }
    }
}

async fn talk(
    http: http1::Builder,
    stream: TcpStream,
    (router, peer): (Router, Peer),
    stall: Duration,
    watcher: Watcher,
) {
    // answers are small and written whole; without it the last packet of each can wait for an acknowledgement
    let _ = stream.set_nodelay(true);
    let stream = Patient {
        stream: TokioIo::new(stream),
        patience: stall,
        stalled: None,
        lingering: None,
    };
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        router.call(request)
    });
    let connection = http.serve_connection(stream, service);
    if let Err(error) = watcher.watch(connection).await {
        // a caller who went away or was too slow; the text is hyper's own
        tracing::debug!(error = %error, "a connection ended early");
    }
}

fn tell(ended: Result<(), JoinError>) {
    if ended.is_err() {
        tracing::error!("the handling of a connection broke off");
    }
}

/// A connection whose other end must take something of an answer now and then, and which hears its other end out.
struct Patient {
    stream: TokioIo<TcpStream>,
    patience: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
    lingering: Option<Lingering>,
}

/// After the last answer.
struct Lingering {
    until: Instant,
    quiet: Pin<Box<Sleep>>,
}

impl Patient {
    fn watch<T>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let patience = self.patience;
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Drops what still comes, until the other end closes, falls silent or goes on for too long.
    fn linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let lingering = self.lingering.get_or_insert_with(|| Lingering {
            until: Instant::now() + LINGER,
            quiet: Box::pin(sleep(QUIET)),
        });
        let mut room = [0; 8 * 1024];
        while Instant::now() < lingering.until {
            let mut dropped = ReadBuf::new(&mut room);
            let read = Pin::new(&mut self.stream).poll_read(context, dropped.unfilled());
            match read {
                Poll::Ready(Ok(())) if !dropped.filled().is_empty() => {
                    lingering.quiet.as_mut().reset(Instant::now() + QUIET);
                }
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return lingering.quiet.as_mut().poll(context),
            }
        }
        Poll::Ready(())
    }
}

impl Read for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl Write for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.watch(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.lingering.is_none() {
            let closed = Pin::new(&mut self.stream).poll_shutdown(context);
            ready!(self.watch(context, closed))?;
        }
        self.linger(context).map(Ok)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.watch(context, written)
    }
}
