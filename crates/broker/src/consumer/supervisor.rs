//! Builds the consuming connection, proves that it consumes, and builds it again. What is done with deliveries is not
//! decided here.

use super::{Incoming, Open};
use crate::{
    BrokerError, BrokerSettings, ConsumerState, Queue,
    link::{Link, Wrong, ask},
    settings::{CLOSE_LIMIT, IDLE_LIMIT, PROBE_EVERY},
    supervise::{Fault, is_stopped, pause, sleep_or_stop, stopped},
    topology::{self, Needs},
};
use lapin::{
    Channel,
    options::{BasicCancelOptions, BasicConsumeOptions, BasicQosOptions},
    types::FieldTable,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};
use tokio_stream::StreamExt as _;

/// How often the supervisor looks at what lapin knows.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// While a message that cannot be read is about: one delivery at a time, and short pauses, so that only that message
/// uses up its deliveries.
const CAREFUL_PREFETCH: u16 = 1;
/// A connection that lived so long has left the unreadable message behind.
const CAREFUL_FOR: Duration = Duration::from_secs(30);

/// See the head of the file.
pub(super) struct Supervisor {
    settings: BrokerSettings,
    queues: Vec<(Queue, u16)>,
    deliveries: mpsc::Sender<Incoming>,
    state: watch::Sender<ConsumerState>,
    stop: watch::Receiver<bool>,
    careful: Arc<AtomicBool>,
}

/// One queue on its channel.
struct Lane {
    queue: Queue,
    prefetch: u16,
    channel: Channel,
    tag: String,
    /// Since when messages wait at the broker although we could take more, and how many had come by then.
    idle: Option<(Instant, u32)>,
}

/// A connection with everything that is needed to watch it.
struct Built {
    open: Arc<Open>,
    lanes: Vec<Lane>,
    probe: Channel,
    /// How many deliveries had been settled at the last probe.
    settled: u64,
    // Dropping it ends the tasks that carry deliveries.
    _carriers: JoinSet<()>,
}

impl Supervisor {
    pub(super) fn new(
        settings: BrokerSettings,
        queues: Vec<(Queue, u16)>,
        deliveries: mpsc::Sender<Incoming>,
        state: watch::Sender<ConsumerState>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self {
            settings,
            queues,
            deliveries,
            state,
            stop,
            careful: Arc::new(AtomicBool::new(false)),
        }
    }

    pub(super) async fn run(mut self) {
        let mut attempt = 0;
        while !is_stopped(&self.stop) {
            let mut stop = self.stop.clone();
            let built = tokio::select! {
                built = self.build() => built,
                () = stopped(&mut stop) => break,
            };
            let fault = match built {
                Ok(mut built) => {
                    let begun = Instant::now();
                    let fault = self.watch(&mut built).await;
                    built.open.gone.store(true, Ordering::Release);
                    // The role may hold deliveries for long; the broker must not wait for that to give them out again.
                    built.open.link.cut();
                    if begun.elapsed() > PROBE_EVERY * 2 || self.careful.load(Ordering::Acquire) {
                        attempt = 0;
                    }
                    fault
                }
                Err(error) => Some(error.detail()),
            };
            let Some(fault) = fault else { break };
            if is_stopped(&self.stop) {
                // what was given up unsettled because the service stops is no fault
                break;
            }
            self.down(&fault, attempt);
            sleep_or_stop(pause(&self.settings.name, attempt), &mut self.stop).await;
            attempt = attempt.saturating_add(1);
        }
        self.state.send_modify(|state| {
            state.connected = false;
            state
                .queues
                .iter_mut()
                .for_each(|queue| queue.consuming = false);
        });
    }

    /// Connects, checks what must be there, consumes every queue and looks once whether it works.
    async fn build(&self) -> Result<Built, BrokerError> {
        let link = Link::dial(&self.settings, "consume").await?;
        let needs = Needs {
            exchanges: Vec::new(),
            queues: self.queues.iter().map(|(queue, _)| queue.name()).collect(),
        };
        topology::ensure(&link, &needs).await?;
        let probe = link.channel().await?;
        let in_hand = self.queues.iter().map(|_| AtomicU32::new(0)).collect();
        let come = self.queues.iter().map(|_| AtomicU32::new(0)).collect();
        let prefetch = self.queues.iter().map(|(_, n)| self.prefetch(*n)).collect();
        let open = Arc::new(Open {
            link,
            fault: Fault::new(),
            gone: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            in_hand,
            settled: AtomicU64::new(0),
            come,
            prefetch,
        });
        let mut lanes = Vec::new();
        let mut carriers = JoinSet::new();
        for (place, (queue, prefetch)) in self.queues.iter().enumerate() {
            let lane = self.consume(&open, *queue, *prefetch, place, &mut carriers);
            lanes.push(lane.await?);
        }
        let built = Built {
            open,
            lanes,
            probe,
            settled: 0,
            _carriers: carriers,
        };
        self.up();
        Ok(built)
    }

    fn prefetch(&self, usual: u16) -> u16 {
        if self.careful.load(Ordering::Acquire) {
            CAREFUL_PREFETCH
        } else {
            usual
        }
    }

    async fn consume(
        &self,
        open: &Arc<Open>,
        queue: Queue,
        prefetch: u16,
        place: usize,
        carriers: &mut JoinSet<()>,
    ) -> Result<Lane, BrokerError> {
        let prefetch = self.prefetch(prefetch);
        let refused = |wrong: Wrong| match wrong.code() {
            Some(403) => BrokerError::NotAllowed(format!("read {}", queue.name())),
            _ => wrong.into(),
        };
        let channel = open.link.channel().await?;
        ask(channel.basic_qos(prefetch, BasicQosOptions::default()))
            .await
            .map_err(refused)?;
        let consuming = channel.basic_consume(
            queue.name().into(),
            "".into(),
            BasicConsumeOptions::default(),
            FieldTable::default(),
        );
        let stream = ask(consuming).await.map_err(refused)?;
        let lane = Lane {
            queue,
            prefetch,
            channel,
            tag: stream.tag().to_string(),
            idle: None,
        };
        carriers.spawn(carry(
            stream,
            Arc::clone(open),
            (queue, place),
            self.deliveries.clone(),
            self.state.clone(),
            Arc::clone(&self.careful),
        ));
        Ok(lane)
    }

    /// Watches until something is wrong; `None` when the service stops, after what is in hand had its time.
    async fn watch(&mut self, built: &mut Built) -> Option<String> {
        let begun = Instant::now();
        let was_careful = self.careful.load(Ordering::Acquire);
        let mut probed_at: Option<Instant> = None;
        loop {
            if was_careful && begun.elapsed() > CAREFUL_FOR {
                self.careful.store(false, Ordering::Release);
                return Some(
                    "what could not be read is gone; back to the usual prefetch".to_owned(),
                );
            }
            if probed_at.is_none_or(|at| at.elapsed() >= PROBE_EVERY) {
                probed_at = Some(Instant::now());
                if let Err(error) = self.probe(built).await {
                    // A fault that somebody raised meanwhile says more than the question that it broke.
                    if built.open.fault.is_raised() {
                        return Some(built.open.fault.raised().await);
                    }
                    return Some(error.detail());
                }
            }
            tokio::select! {
                fault = built.open.fault.raised() => return Some(fault),
                () = stopped(&mut self.stop) => {
                    finish(built).await;
                    return None;
                }
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            if !built.open.link.is_up() {
                return Some("the connection is gone".to_owned());
            }
        }
    }

    /// Proves that we consume: the broker answers on the consuming channels, each queue is there and has a consumer, and
    /// no message waits while we could take it.
    async fn probe(&self, built: &mut Built) -> Result<(), BrokerError> {
        for (place, lane) in built.lanes.iter_mut().enumerate() {
            let name = lane.queue.name();
            let seen = topology::look_at(&built.probe, name)
                .await
                .map_err(|wrong| match wrong.code() {
                    Some(404) => BrokerError::Topology(format!("{name} has been deleted")),
                    _ => wrong.into(),
                })?;
            if seen.consumer_count() == 0 {
                return Err(BrokerError::Topology(format!(
                    "{name} has no consumer although we asked for one"
                )));
            }
            // Asking for the same prefetch again changes nothing and is answered on this very channel.
            ask(lane
                .channel
                .basic_qos(lane.prefetch, BasicQosOptions::default()))
            .await?;
            let free = built.open.in_hand(place) < u32::from(lane.prefetch);
            let come = built.open.come(place);
            let (now, waiting) = (Instant::now(), seen.message_count());
            lane.idle = match lane.idle {
                _ if waiting == 0 || !free => None,
                Some((since, before)) if before == come => Some((since, before)),
                _ => Some((now, come)),
            };
            if lane.idle.is_some_and(|(since, _)| now - since > IDLE_LIMIT) {
                return Err(BrokerError::Topology(format!(
                    "messages wait in {name} and do not come"
                )));
            }
            self.state.send_modify(|state| {
                if let Some(queue) = state.queues.get_mut(place) {
                    queue.waiting = waiting;
                }
            });
        }
        let settled = built.open.settled.load(Ordering::Acquire);
        let moving = built.open.all_in_hand() == 0 || settled != built.settled;
        built.settled = settled;
        self.state.send_modify(|state| {
            let now = Instant::now();
            state.last_probe_ok = Some(now);
            state.stuck_since = match state.stuck_since {
                _ if moving => None,
                since => since.or(Some(now)),
            };
        });
        Ok(())
    }

    fn up(&self) {
        self.state.send_modify(|state| {
            state.connected = true;
            state.detail = None;
            state.stuck_since = None;
            state.generation += 1;
            state
                .queues
                .iter_mut()
                .for_each(|queue| queue.consuming = true);
        });
        tracing::info!(connection = %self.settings.name, "consuming from the broker");
    }

    /// Tells a fault once, however often it comes again.
    fn down(&self, fault: &str, attempt: u32) {
        let new = self.state.send_if_modified(|state| {
            let new = state.connected || state.detail.as_deref() != Some(fault);
            state.connected = false;
            state
                .queues
                .iter_mut()
                .for_each(|queue| queue.consuming = false);
            state.last_probe_ok = None;
            state.detail = Some(fault.to_owned());
            new
        });
        if new {
            tracing::error!(connection = %self.settings.name, fault, attempt, "not consuming from the broker; trying again");
        }
    }
}

/// Carries deliveries from lapin to the role until the stream ends, which is always a fault: a server that cancels us,
/// or whose queue is deleted, ends the stream while connection and channel still look well.
async fn carry(
    mut stream: lapin::Consumer,
    open: Arc<Open>,
    (queue, place): (Queue, usize),
    deliveries: mpsc::Sender<Incoming>,
    state: watch::Sender<ConsumerState>,
    careful: Arc<AtomicBool>,
) {
    let why = loop {
        match stream.next().await {
            Some(Ok(delivery)) => {
                let incoming = Incoming::new(queue, place, delivery, &open);
                state.send_modify(|state| {
                    if let Some(queue) = state.queues.get_mut(place) {
                        queue.last_delivery_at = Some(Instant::now());
                    }
                });
                if deliveries.send(incoming).await.is_err() {
                    break "nobody takes deliveries any more".to_owned();
                }
            }
            Some(Err(error)) => {
                let wrong = Wrong::Said(error);
                if wrong.is_unreadable() {
                    careful.store(true, Ordering::Release);
                }
                break wrong.sentence();
            }
            None => break "the broker has cancelled our consumer".to_owned(),
        }
    };
    state.send_modify(|state| {
        if let Some(queue) = state.queues.get_mut(place) {
            queue.consuming = false;
        }
    });
    open.fail(|| format!("{} is not consumed: {why}", queue.name()));
}

/// Asks for no more, lets what is in hand be settled, then closes.
async fn finish(built: &Built) {
    built.open.closing.store(true, Ordering::Release);
    for lane in &built.lanes {
        let cancel = BasicCancelOptions::default();
        let _ = ask(lane.channel.basic_cancel(lane.tag.as_str().into(), cancel)).await;
    }
    let begun = Instant::now();
    while built.open.all_in_hand() > 0 && begun.elapsed() < CLOSE_LIMIT {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    built.open.link.close().await;
}
