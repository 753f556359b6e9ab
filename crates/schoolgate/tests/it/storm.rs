//! Kills at random moments over every role, the broker and the database: nothing lost, nothing doubled, nothing approved
//! by accident. And bad workers, to prove that the harness sees what it says it sees.

use std::time::Duration;

use crate::rig::{
    House, Kind,
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
