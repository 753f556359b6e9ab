//! A storm over a house: items stream in while its processes, its broker and its database are killed at random moments
//! and started again. What it did is in the books' report.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use schoolgate_store::Store;
use schoolgate_testkit::{
    Network, PrivateBroker, PrivatePostgres, Running, SmtpMode, SmtpSink, free_port,
};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::{
    House, Kind, Listener, PATIENCE,
    items::{Post, variations},
    ledger::{Blows, Report, oracle},
    psql,
};
use crate::world::{address_in, http, post};

/// What is to come.
#[derive(Debug, Clone)]
pub struct Forecast {
    pub items: usize,
    /// Of them with pictures.
    pub pictures: usize,
    /// Of a hundred items, so many come by HTTP.
    pub by_http: usize,
    /// Items a second.
    pub rate: u32,
    pub roles: Vec<Kind>,
    /// How many kills fall on processes of which kinds, at random.
    pub kills: Vec<(Vec<Kind>, usize)>,
    /// Kills of the broker, and as many of the database.
    pub server_kills: usize,
    /// Rounds in which the intakes are killed at the worst moments: while the database, and while the broker, does not
    /// answer.
    pub worst_moments: usize,
    /// The longest pause between two kills; the usual one is half of it.
    pub pause: Duration,
    pub seed: u64,
    /// How long the house may take to come to rest after the last kill.
    pub patience: Duration,
}

/// A small fixed generator: a failing run can be repeated.
pub struct Dice(pub u64);

impl Dice {
    pub fn up_to(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit.max(1)
    }
}

/// One blow.
#[derive(Debug, Clone)]
enum Blow {
    Process(Vec<Kind>),
    Broker,
    Database,
    /// The database keeps everybody waiting; every intake is killed while it waits.
    Stalled,
    /// The same, and the broker hears nothing any more; every intake is killed before it does.
    Silent,
}

impl Forecast {
    /// Every blow, in the order of a throw of dice.
    fn blows(&self, dice: &mut Dice) -> Vec<Blow> {
        let mut blows: Vec<Blow> = Vec::new();
        for (kinds, count) in &self.kills {
            blows.extend(std::iter::repeat_n(Blow::Process(kinds.clone()), *count));
        }
        for at in (1..blows.len()).rev() {
            blows.swap(at, dice.up_to(at + 1));
        }
        for _ in 0..self.worst_moments {
            blows.splice(0..0, [Blow::Stalled, Blow::Silent]);
        }
        // the servers' are spread, so that each falls into a house that has come back from the one before
        let servers = 2 * self.server_kills;
        for n in 0..servers {
            let blow = if n.is_multiple_of(2) {
                Blow::Broker
            } else {
                Blow::Database
            };
            blows.insert((n + 1) * (blows.len() + 1) / (servers + 1), blow);
        }
        blows
    }
}

/// The servers that may be killed.
pub type Servers<'a> = Option<(&'a mut PrivateBroker, &'a mut PrivatePostgres)>;

/// The processes of a house. One that is killed or ends is started again at once, as a service manager does.
struct Crew<'h> {
    house: &'h House,
    door: u16,
    seats: Vec<(Kind, Running)>,
    blows: Blows,
}

impl<'h> Crew<'h> {
    fn start(house: &'h House, roles: &[Kind]) -> Self {
        let door = free_port().expect("a port");
        let begin = |kind: &Kind| (*kind, house.process(*kind, door));
        Self {
            house,
            door,
            seats: roles.iter().map(begin).collect(),
            blows: Blows::default(),
        }
    }

    fn kill(&mut self, kinds: &[Kind], dice: &mut Dice) {
        let victims: Vec<usize> = (0..self.seats.len())
            .filter(|at| kinds.contains(&self.seats[*at].0))
            .collect();
        let (kind, running) = &mut self.seats[victims[dice.up_to(victims.len())]];
        running.kill_nine().expect("the kill");
        *self.blows.kills.entry(*kind).or_default() += 1;
        *running = self.house.process(*kind, self.door);
    }

    fn kill_intakes(&mut self) {
        for (kind, running) in self
            .seats
            .iter_mut()
            .filter(|(kind, _)| *kind == Kind::Intake)
        {
            running.kill_nine().expect("the kill");
            *self.blows.kills.entry(*kind).or_default() += 1;
        }
    }

    /// Waits until every intake is at work: a kill before that would find nothing in hand.
    fn await_intakes(&mut self) {
        let intakes = self
            .seats
            .iter_mut()
            .filter(|(kind, _)| *kind == Kind::Intake);
        for (_, running) in intakes {
            let line = running
                .wait_for("http://", PATIENCE)
                .expect("an intake starts");
            let address = address_in(&line);
            let begun = Instant::now();
            while !http(&address, "GET", "/readyz", &[], b"")
                .is_ok_and(|answer| answer.status == 200)
            {
                assert!(begun.elapsed() < PATIENCE, "an intake is not ready");
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    }

    /// Keeps every item's row locked for a second; ends when the lock is gone.
    fn lock_items(&self) -> std::thread::JoinHandle<String> {
        let database = self.house.database.clone();
        let stall = "LOCK TABLE item IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(1)";
        std::thread::spawn(move || psql(&database, stall))
    }

    /// Messages are taken that cannot be committed; whoever has said that they are safe is killed for it.
    fn stall(&mut self) {
        self.await_intakes();
        let locked = self.lock_items();
        std::thread::sleep(Duration::from_millis(800));
        self.kill_intakes();
        locked.join().expect("the database was stalled");
        self.look_after();
    }

    /// Messages are taken, the network falls silent, then they can be committed: what is to be said about them does not
    /// reach the broker before the kill.
    fn silence(&mut self) {
        self.await_intakes();
        let locked = self.lock_items();
        std::thread::sleep(Duration::from_millis(600));
        self.house.network(Network::Silent);
        locked.join().expect("the database was stalled");
        std::thread::sleep(Duration::from_millis(700));
        self.kill_intakes();
        // what is on its way goes down with its connection
        self.house.network(Network::Cut);
        std::thread::sleep(Duration::from_millis(100));
        self.house.network(Network::Well);
        self.look_after();
    }

    fn look_after(&mut self) {
        for (kind, running) in &mut self.seats {
            if let Ok(status) = running.wait_exit(Duration::ZERO) {
                // signal 9 was ours
                self.blows.ended += usize::from(status.code().is_some());
                *running = self.house.process(*kind, self.door);
            }
        }
    }

    fn wait(&mut self, pause: Duration) {
        let until = Instant::now() + pause;
        while Instant::now() < until {
            self.look_after();
            std::thread::sleep(Duration::from_millis(50).min(until - Instant::now().min(until)));
        }
    }
}

/// Lets the storm pass over a house and opens the books.
pub fn storm(house: &House, forecast: &Forecast, mut servers: Servers<'_>) -> Report {
    let begun = Instant::now();
    let runtime = Runtime::new().expect("a runtime");
    let sink = runtime
        .block_on(SmtpSink::start(SmtpMode::Accept))
        .expect("a mail server");
    house.mail_to(sink.port());
    let items = variations("s", forecast.items, forecast.pictures);
    let truth = std::thread::spawn({
        let items = items.clone();
        move || oracle(&items)
    });
    if forecast.worst_moments > 0 {
        let _inside = runtime.enter();
        house.detour();
    }
    let listener = house.listen("storm", &["#"]);
    // what is sent before the first worker has made the queues is nobody's item yet
    drop(house.ready_role(Kind::Intake));
    let (by_http, by_broker): (Vec<_>, Vec<_>) = items
        .iter()
        .enumerate()
        .partition(|(n, _)| n % 100 < forecast.by_http);
    let posts: Vec<Post> = by_broker.iter().map(|(_, item)| Post::of(item)).collect();
    let mut crew = Crew::start(house, &forecast.roles);
    let door = knock(
        crew.door,
        by_http.into_iter().map(|(_, item)| item.clone()).collect(),
        forecast,
    );
    let sender = house.send("storm", &posts, Some(forecast.rate));

    let mut dice = Dice(forecast.seed);
    for blow in forecast.blows(&mut dice) {
        let longest = usize::try_from(forecast.pause.as_millis()).expect("a pause");
        crew.wait(Duration::from_millis(dice.up_to(longest) as u64));
        match (blow, &mut servers) {
            (Blow::Process(kinds), _) => crew.kill(&kinds, &mut dice),
            (Blow::Broker, Some((broker, _))) => {
                crew.blows.broker += 1;
                broker.kill_nine().expect("the kill");
                broker.start_again().expect("the broker is back");
            }
            (Blow::Database, Some((_, database))) => {
                crew.blows.database += 1;
                database.kill_nine().expect("the kill");
                database.start_again().expect("the database is back");
            }
            (Blow::Stalled, _) => crew.stall(),
            (Blow::Silent, _) => crew.silence(),
            (Blow::Broker | Blow::Database, None) => panic!("shared servers are not killed"),
        }
    }
    let confirmed = sender.wait(forecast.patience);
    door.join().expect("every item was taken at the door");
    let store = runtime.block_on(house.store());
    let rest = runtime.block_on(come_to_rest(
        &mut crew,
        &store,
        &listener,
        house,
        forecast.patience,
    ));

    let mut report = Report {
        items: items.len(),
        ..Report::default()
    };
    report.broken.extend(rest);
    let truth = truth.join().expect("the oracle");
    let id = |n: usize| by_broker[n].1["id"].as_str().expect("an id").to_owned();
    let confirmed: BTreeMap<String, f64> =
        confirmed.into_iter().map(|(n, at)| (id(n), at)).collect();
    let heard = listener.heard();
    report.hear(&heard, &truth, &confirmed);
    runtime.block_on(report.read(&store, &truth, &heard, &sink.mails()));
    runtime.block_on(store.close());
    let dispatches = forecast
        .roles
        .iter()
        .filter(|kind| **kind == Kind::Dispatch)
        .count();
    report.repeats_explained = crew.blows.repeats_explained(dispatches);
    report.blows = crew.blows.clone();
    report.wall = begun.elapsed();
    report
}

/// Knocks at the HTTP door with each item until it is taken, whatever happens behind it.
fn knock(door: u16, items: Vec<Value>, forecast: &Forecast) -> std::thread::JoinHandle<()> {
    let seconds = forecast.items as f64 / f64::from(forecast.rate);
    let pause = Duration::from_secs_f64(seconds / items.len().max(1) as f64);
    let deadline = Instant::now() + Duration::from_secs_f64(seconds) + forecast.patience;
    let address = format!("127.0.0.1:{door}");
    std::thread::spawn(move || {
        for item in items {
            let kind = item["kind"].as_str().expect("a kind").to_owned();
            while !post(&address, &item.to_string(), &kind, "")
                .is_ok_and(|answer| answer.status == 202)
            {
                assert!(
                    Instant::now() < deadline,
                    "an item was never taken at the door"
                );
                std::thread::sleep(Duration::from_millis(50));
            }
            std::thread::sleep(pause);
        }
    })
}

/// Waits until nothing waits anywhere and nothing more is heard. What is not at rest in the end is told.
async fn come_to_rest(
    crew: &mut Crew<'_>,
    store: &Store,
    listener: &Listener,
    house: &House,
    patience: Duration,
) -> Vec<String> {
    let begun = Instant::now();
    let mut before = 0;
    loop {
        crew.look_after();
        let counts = store.counts().await.expect("counts");
        let heard = listener.heard().len();
        let still = counts.waiting == 0 && counts.outbox_pending == 0 && heard == before;
        let queues = if still {
            house.queues()
        } else {
            vec!["not at rest".to_owned()]
        };
        if queues.is_empty() {
            return Vec::new();
        }
        if begun.elapsed() > patience {
            return vec![format!(
                "no rest after {patience:?}: {} items and {} effects wait; queues: {}",
                counts.waiting,
                counts.outbox_pending,
                queues.join(", ")
            )];
        }
        before = heard;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
