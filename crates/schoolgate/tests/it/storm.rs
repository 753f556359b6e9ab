//! Kills at random moments over every role, the broker and the database: nothing lost, nothing doubled, nothing approved
//! by accident. And bad workers, to prove that the harness sees what it says it sees.

use std::{path::Path, time::Duration};

use crate::rig::{
    House, Kind,
    ledger::Report,
    own_servers,
    weather::{Forecast, storm},
};

const SEED: u64 = 20_261_121;

/// A number that `cargo xtask faults` may set.
fn setting(name: &str, usual: usize) -> usize {
    let given = std::env::var(format!("SCHOOLGATE_FAULTS_{name}")).ok();
    given.map_or(usual, |text| text.parse().expect("a number"))
}

#[test]
fn a_hundred_kills_of_everything_lose_and_double_nothing() {
    let everybody = vec![Kind::Intake, Kind::Dispatch, Kind::Console];
    let (items, kills) = (setting("ITEMS", 5_000), setting("KILLS", 100));
    let seed = setting("SEED", usize::try_from(SEED).expect("it fits")) as u64;
    println!("seed {seed}");
    let pause = Duration::from_millis(1_500);
    let storm_seconds = (kills as f64 * 0.85 + 40.0).max(10.0);
    let forecast = Forecast {
        items,
        pictures: 30.min(items),
        by_http: 4,
        rate: ((items as f64 / storm_seconds).ceil() as u32).max(1),
        roles: vec![
            Kind::Intake,
            Kind::Intake,
            Kind::Intake,
            Kind::Dispatch,
            Kind::Dispatch,
            Kind::Console,
        ],
        kills: vec![(everybody, kills)],
        server_kills: 3,
        worst_moments: 0,
        pause,
        seed,
        patience: Duration::from_secs(150),
    };
    let (mut broker, mut database) = own_servers();
    let house = House::private(&broker, &database);
    let report = storm(&house, &forecast, Some((&mut broker, &mut database)));
    println!("{report}");
    assert!(report.is_clean(), "{report}");
}

/// A small storm at the worst moments: against a good worker, or one with a fault.
fn small(fault: Option<&str>) -> Report {
    let mut house = House::shared();
    if let Some(fault) = fault {
        let program = std::env::var("SCHOOLGATE_TEST_SEEDED").expect(
            "SCHOOLGATE_TEST_SEEDED names no program; run `cargo xtask test`, which builds the bad workers",
        );
        house = house.played_by(Path::new(&program), "SCHOOLGATE_SEEDED_FAULT", fault);
    }
    let forecast = Forecast {
        items: 800,
        pictures: 0,
        by_http: 0,
        rate: 42,
        roles: vec![Kind::Intake, Kind::Intake, Kind::Dispatch, Kind::Dispatch],
        kills: vec![(vec![Kind::Intake], 2)],
        server_kills: 0,
        worst_moments: 3,
        pause: Duration::from_millis(1_000),
        seed: SEED,
        patience: Duration::from_secs(60),
    };
    let report = storm(&house, &forecast, None);
    println!("{}: {report}", fault.unwrap_or("the good worker"));
    report
}

/// The first storm that catches a bad worker. Blows fall by the clock: a machine busy elsewhere may let one go by.
fn caught(fault: &str, seen: impl Fn(&Report) -> bool) -> Report {
    let mut storms = (0..3).map(|_| small(Some(fault)));
    storms
        .find(seen)
        .unwrap_or_else(|| panic!("no storm caught a worker with the fault {fault}"))
}

#[test]
fn the_good_worker_stands_in_the_small_storm() {
    let report = small(None);
    assert!(report.is_clean(), "{report}");
}

#[test]
fn a_worker_that_acknowledges_first_is_caught_losing_items() {
    let report = caught("ack-first", |report| !report.lost.is_empty());
    assert!(report.doubled.is_empty(), "{report}");
}

#[test]
fn a_worker_without_an_inbox_is_caught_doubling_items() {
    let report = caught("no-inbox", |report| !report.doubled.is_empty());
    assert!(report.lost.is_empty(), "{report}");
}

#[test]
fn a_worker_that_publishes_after_its_commit_is_caught_losing_verdicts() {
    let unpublished = |line: &String| line.ends_with("no verdict was published");
    let report = caught("commit-then-publish", |report| {
        report.lost.iter().any(unpublished)
    });
    assert!(
        report.lost.iter().all(unpublished),
        "the record has every verdict: {report}"
    );
}

#[test]
fn a_worker_without_leases_is_caught_repeating_itself() {
    let report = caught("no-lease", |report| {
        report.repeats > report.repeats_explained
    });
    assert!(report.lost.is_empty(), "{report}");
}
