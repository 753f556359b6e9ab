//! Publishing with confirms over a supervised connection of its own. One message is in flight a channel, so that a
//! message that comes back can belong to no other publish: with several in flight lapin attaches it to any of them.

use crate::{
    BrokerError, BrokerSettings, Exchange, LinkState, Outgoing,
    link::{Link, Wrong, ask},
    message::short,
    names::DEAD_QUEUE,
    settings::{BLOCKED_LIMIT, CLOSE_LIMIT, PROBE_EVERY, PUBLISH_LIMIT},
    supervise::{Fault, is_stopped, pause, sleep_or_stop, stopped},
    topology::{self, Needs},
};
use lapin::{
    BasicProperties, Channel, Confirmation,
    options::{BasicPublishOptions, ConfirmSelectOptions},
    types::ShortString,
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinHandle,
};

/// Messages in flight at once, and so channels of the connection.
const IN_FLIGHT: usize = 64;
/// How often the supervisor looks at what lapin knows.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Publishes over a connection that is rebuilt for ever. Clones share the connection.
#[derive(Debug, Clone)]
pub struct Publisher {
    current: watch::Receiver<Option<Arc<Open>>>,
    state: watch::Receiver<LinkState>,
}

/// A connection that is up.
#[derive(Debug)]
struct Open {
    link: Link,
    fault: Fault,
    slots: Semaphore,
    /// Channels with nothing in flight.
    free: Mutex<Vec<Channel>>,
}

impl Publisher {
    /// Starts the connection's supervisor, which ends when `stop` turns true. `exchanges` are those that will be
    /// published to, at least one: they are declared, or checked where the user may not declare, and asked after by the
    /// probe.
    pub fn start(
        settings: BrokerSettings,
        exchanges: &[Exchange],
        stop: watch::Receiver<bool>,
    ) -> (Self, JoinHandle<()>) {
        let (current, current_told) = watch::channel(None);
        let (state, state_told) = watch::channel(LinkState::default());
        let supervisor = Supervisor {
            settings,
            needs: Needs {
                exchanges: exchanges.to_vec(),
                // nothing else can be lost for want of a queue
                queues: exchanges
                    .contains(&Exchange::Dead)
                    .then_some(DEAD_QUEUE)
                    .into_iter()
                    .collect(),
            },
            current,
            state,
            stop,
        };
        let publisher = Self {
            current: current_told,
            state: state_told,
        };
        (publisher, tokio::spawn(supervisor.run()))
    }

    /// Publishes one message. `Ok` means that the broker has confirmed it and, to `schoolgate.in` and `schoolgate.dead`,
    /// that it is in a queue. Many may be in flight at once; takes 5 s at most.
    ///
    /// # Errors
    /// `NotConnected`, `Blocked`, `Refused`, `Unroutable`, `NotAllowed`, `TimedOut`, `TooLong` or `Stopped`; after each of
    /// them the message counts as not sent.
    pub async fn publish(&self, message: &Outgoing) -> Result<(), BrokerError> {
        let properties = message.wire_properties()?;
        let routing_key = short("the routing key", &message.routing_key)?;
        let open = self.current.borrow().clone();
        let Some(open) = open else {
            return Err(self.why_not());
        };
        if open.link.is_blocked() {
            return Err(BrokerError::Blocked);
        }
        let publishing = open.publish(message, routing_key, properties);
        match tokio::time::timeout(PUBLISH_LIMIT, publishing).await {
            Ok(answer) => answer,
            Err(_) if open.link.is_blocked() => Err(BrokerError::Blocked),
            Err(_) => {
                open.fault
                    .raise(|| "a message was not confirmed in time".to_owned());
                Err(BrokerError::TimedOut)
            }
        }
    }

    /// The state of the connection, for readiness.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<LinkState> {
        self.state.clone()
    }

    /// Waits until the connection is up.
    ///
    /// # Errors
    /// `NotConnected` with the sentence after `limit`, `Stopped` when the service stops.
    pub async fn wait_ready(&self, limit: Duration) -> Result<(), BrokerError> {
        let mut state = self.state.clone();
        let ready = state.wait_for(LinkState::ready);
        match tokio::time::timeout(limit, ready).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) => Err(BrokerError::Stopped),
            Err(_) => Err(self.why_not()),
        }
    }

    /// Why there is no connection now.
    fn why_not(&self) -> BrokerError {
        if self.current.has_changed().is_err() {
            return BrokerError::Stopped;
        }
        let detail = self.state.borrow().detail.clone();
        BrokerError::NotConnected(detail.unwrap_or_else(|| "still connecting".to_owned()))
    }
}

impl Open {
    /// Publishes on a channel that has nothing else in flight. A publish that is not waited for to its end takes its
    /// channel with it.
    async fn publish(
        &self,
        message: &Outgoing,
        routing_key: ShortString,
        properties: BasicProperties,
    ) -> Result<(), BrokerError> {
        let _slot =
            self.slots.acquire().await.map_err(|_| {
                BrokerError::NotConnected("the connection is being closed".to_owned())
            })?;
        let free = self.lock_free().pop();
        let channel = match free {
            Some(channel) if channel.status().connected() => channel,
            _ => self.new_channel().await?,
        };
        let options = BasicPublishOptions {
            mandatory: message.exchange.is_mandatory(),
            ..BasicPublishOptions::default()
        };
        let exchange = message.exchange.name().into();
        let body = message.body.expose();
        let sending = async {
            let confirm = channel.basic_publish(exchange, routing_key, options, body, properties);
            confirm.await?.await
        };
        let answer = sending.await.map_err(Wrong::Said);
        self.judge(message, channel, answer)
    }

    /// Only a confirm without a returned message is a success, and only then, or after a plain no, is the channel used
    /// again.
    fn judge(
        &self,
        message: &Outgoing,
        channel: Channel,
        answer: Result<Confirmation, Wrong>,
    ) -> Result<(), BrokerError> {
        match answer {
            Ok(Confirmation::Ack(None)) => {
                self.lock_free().push(channel);
                Ok(())
            }
            Ok(Confirmation::Nack(None)) => {
                self.lock_free().push(channel);
                Err(BrokerError::Refused)
            }
            Ok(Confirmation::Ack(Some(returned)) | Confirmation::Nack(Some(returned))) => {
                let id = returned.properties.message_id().as_ref();
                if message.exchange == Exchange::Dead {
                    // its queue is always there: building the connection anew declares it again
                    self.fault
                        .raise(|| "the queue of the dead letters is missing".to_owned());
                } else if id.is_some_and(|id| id.as_str() == message.message_id) {
                    self.lock_free().push(channel);
                } else {
                    self.fault
                        .raise(|| "another message than the one sent came back".to_owned());
                }
                Err(BrokerError::Unroutable)
            }
            Ok(Confirmation::NotRequested) => {
                self.fault
                    .raise(|| "the broker does not confirm".to_owned());
                Err(BrokerError::TimedOut)
            }
            Err(wrong) if wrong.code() == Some(403) => Err(BrokerError::NotAllowed(format!(
                "publish to {}",
                message.exchange.name()
            ))),
            Err(wrong) => {
                let sentence = wrong.sentence();
                self.fault
                    .raise(|| format!("publishing failed: {sentence}"));
                Err(BrokerError::NotConnected(sentence))
            }
        }
    }

    async fn new_channel(&self) -> Result<Channel, BrokerError> {
        let opened = async {
            let channel = self.link.channel().await?;
            ask(channel.confirm_select(ConfirmSelectOptions::default())).await?;
            Ok::<_, Wrong>(channel)
        };
        opened.await.map_err(|wrong| {
            if !self.link.is_blocked() {
                self.fault
                    .raise(|| format!("no channel could be opened: {}", wrong.sentence()));
            }
            wrong.into()
        })
    }

    fn lock_free(&self) -> std::sync::MutexGuard<'_, Vec<Channel>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Builds the connection, watches it, builds it again.
struct Supervisor {
    settings: BrokerSettings,
    needs: Needs,
    current: watch::Sender<Option<Arc<Open>>>,
    state: watch::Sender<LinkState>,
    stop: watch::Receiver<bool>,
}

impl Supervisor {
    async fn run(mut self) {
        let mut attempt = 0;
        while !is_stopped(&self.stop) {
            let mut stop = self.stop.clone();
            let built = tokio::select! {
                built = self.build() => built,
                () = stopped(&mut stop) => break,
            };
            let fault = match built {
                Ok((open, probe)) => {
                    let begun = Instant::now();
                    let open = Arc::new(open);
                    self.current.send_replace(Some(Arc::clone(&open)));
                    self.up();
                    let fault = self.watch(&open, probe).await;
                    self.current.send_replace(None);
                    open.slots.close();
                    open.link.cut();
                    if begun.elapsed() > PROBE_EVERY * 2 {
                        attempt = 0;
                    }
                    fault
                }
                Err(error) => Some(error.detail()),
            };
            let Some(fault) = fault else { break };
            self.down(&fault, attempt);
            sleep_or_stop(pause(&self.settings.name, attempt), &mut self.stop).await;
            attempt = attempt.saturating_add(1);
        }
        self.state.send_modify(|state| state.connected = false);
    }

    async fn build(&self) -> Result<(Open, Channel), BrokerError> {
        let link = Link::dial(&self.settings, "publish").await?;
        topology::ensure(&link, &self.needs).await?;
        let probe = link.channel().await?;
        let open = Open {
            link,
            fault: Fault::new(),
            slots: Semaphore::new(IN_FLIGHT),
            free: Mutex::new(Vec::new()),
        };
        Ok((open, probe))
    }

    /// Watches until something is wrong; `None` when the service stops, after what is in flight had its time.
    async fn watch(&mut self, open: &Open, probe: Channel) -> Option<String> {
        let mut blocked_since: Option<Instant> = None;
        let mut probed_at = Instant::now();
        loop {
            tokio::select! {
                fault = open.fault.raised() => return Some(fault),
                () = stopped(&mut self.stop) => {
                    self.finish(open).await;
                    return None;
                }
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            if !open.link.is_up() {
                return Some("the connection is gone".to_owned());
            }
            let blocked = open.link.is_blocked();
            self.tell_blocked(blocked);
            if blocked {
                let since = *blocked_since.get_or_insert_with(Instant::now);
                if since.elapsed() > BLOCKED_LIMIT {
                    return Some(BrokerError::Blocked.to_string());
                }
                continue;
            }
            blocked_since = None;
            if probed_at.elapsed() >= PROBE_EVERY {
                probed_at = Instant::now();
                for queue in &self.needs.queues {
                    if let Err(wrong) = topology::look_at(&probe, queue).await
                        && !open.link.is_blocked()
                    {
                        return Some(match wrong.code() {
                            Some(404) => format!("{queue} has been deleted"),
                            _ => wrong.sentence(),
                        });
                    }
                }
                for exchange in &self.needs.exchanges {
                    // Blocked while we asked: the answer comes when the block is over.
                    if let Err(error) = topology::check_exchange(&probe, *exchange).await
                        && !open.link.is_blocked()
                    {
                        return Some(error.detail());
                    }
                }
            }
        }
    }

    /// Lets what is in flight come to its end, then closes.
    async fn finish(&self, open: &Open) {
        let all = u32::try_from(IN_FLIGHT).unwrap_or(u32::MAX);
        let _ = tokio::time::timeout(CLOSE_LIMIT, open.slots.acquire_many(all)).await;
        open.link.close().await;
    }

    fn up(&self) {
        self.state.send_modify(|state| {
            state.connected = true;
            state.blocked = false;
            state.detail = None;
            state.generation += 1;
        });
        tracing::info!(connection = %self.settings.name, "publishing connection to the broker is up");
    }

    fn tell_blocked(&self, blocked: bool) {
        self.state.send_if_modified(|state| {
            let changed = state.blocked != blocked;
            state.blocked = blocked;
            state.detail = blocked.then(|| BrokerError::Blocked.to_string());
            changed
        });
    }

    /// Tells a fault once, however often it comes again.
    fn down(&self, fault: &str, attempt: u32) {
        let new = self.state.send_if_modified(|state| {
            let new = state.connected || state.detail.as_deref() != Some(fault);
            state.connected = false;
            state.blocked = false;
            state.detail = Some(fault.to_owned());
            new
        });
        if new {
            tracing::error!(connection = %self.settings.name, fault, attempt, "no publishing connection to the broker; trying again");
        }
    }
}
