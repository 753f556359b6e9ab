//! Whatever the broker or the database does to a worker, it works again or says that it does not, within half a minute;
//! and a worker that is asked to stop stops, with nothing left behind.

use std::time::{Duration, Instant};

use schoolgate_testkit::BrokerVhost;
use serde_json::{Value, json};

use crate::rig::{
    House, Kind, Listener, PATIENCE, Role, is_verdict,
    items::{Post, variations},
    own_servers,
};

/// How soon a worker must be at work again, or red.
const SOON: Duration = Duration::from_secs(30);
/// How soon one must have stopped that was asked to.
const STOP: Duration = Duration::from_secs(10);

fn item(kind: &str, id: &str) -> Value {
    json!({"id": id, "kind": kind, "revision": 1, "school": "st-hildas", "platform": "facebook",
        "author": {"id": "S07", "name": "Ms D Albright"}, "text": "Thank you all for a lovely fair."})
}

fn posts(items: &[Value]) -> Vec<Post> {
    items.iter().map(Post::of).collect()
}

/// An intake and a dispatch at work, and somebody who listens.
fn at_work(house: &House) -> (Listener, Role, Role) {
    house.mail_to_folder();
    let listener = house.listen("verdicts", &["verdict.#"]);
    let (intake, dispatch) = (house.role(Kind::Intake), house.role(Kind::Dispatch));
    intake.wait_ready(PATIENCE);
    dispatch.wait_ready(PATIENCE);
    (listener, intake, dispatch)
}

/// A draft and a comment that are sent now get their verdicts, or the intake is red; what became of them. Those that no
/// queue was there for are dead letters, so others are sent until some are through.
fn proof(house: &House, listener: &Listener, intake: &Role, case: &str) -> String {
    let begun = Instant::now();
    for round in 0.. {
        let ids = ["draft", "comment"].map(|kind| (kind, format!("{case}-{round}-{kind}")));
        let items = ids.clone().map(|(kind, id)| item(kind, &id));
        let name = format!("{case}-{round}");
        house.send(&name, &posts(&items), None).wait(PATIENCE);
        let sent = Instant::now();
        while sent.elapsed() < Duration::from_secs(3) {
            let heard = listener.heard();
            let has = |id: &str| heard.iter().any(|note| is_verdict(note, id));
            let seconds = begun.elapsed().as_secs_f32();
            if ids.iter().all(|(_, id)| has(id)) {
                return format!("{case}: at work again, verdicts after {seconds:.1} s");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let (ready, said) = intake.readiness();
        if !ready {
            return format!("{case}: red after {:.1} s", begun.elapsed().as_secs_f32());
        }
        assert!(begun.elapsed() < SOON, "{case}: green and idle: {said}");
    }
    String::new()
}

/// Erlang for the broker: something done to each channel of a virtual host that consumes.
fn to_channels(vhost: &BrokerVhost, what: &str) {
    let program = format!(
        "[{what} || [{{pid, P}}, {{vhost, V}}, {{consumer_count, C}}] <- \
         rabbit_channel:info_all([pid, vhost, consumer_count]), V =:= <<\"{}\">>, C > 0].",
        vhost.name()
    );
    vhost.ctl(&["eval", &program]).expect("the broker obeys");
}

#[test]
fn whatever_the_broker_takes_away_an_intake_consumes_again() {
    let house = House::shared();
    let (listener, intake, dispatch) = at_work(&house);
    let vhost = house.vhost.as_ref().expect("a vhost");
    let queue = |kind: &str| format!("schoolgate.{kind}");
    let delete = |name: &str| {
        let arguments = ["delete_queue", "-p", vhost.name(), name];
        vhost.ctl(&arguments).expect("deleted");
    };
    // the broker cancels the consumer of a queue that is deleted
    let cases: [(&str, &dyn Fn()); 5] = [
        ("drafts-cancelled", &|| delete(&queue("drafts"))),
        ("comments-cancelled", &|| delete(&queue("comments"))),
        ("channel-closed", &|| {
            to_channels(
                vhost,
                "exit(P, {amqp_error, precondition_failed, \"test\", none})",
            );
        }),
        ("channel-vanished", &|| to_channels(vhost, "exit(P, kill)")),
        ("connections-closed", &|| {
            let arguments = ["close_all_connections", "-p", vhost.name(), "test"];
            vhost.ctl(&arguments).expect("closed");
        }),
    ];
    for (case, cut) in cases {
        cut();
        println!("{}", proof(&house, &listener, &intake, case));
        intake.wait_ready(SOON);
        let again = format!("{case}-again");
        house
            .send(&again, &posts(&[item("comment", &again)]), None)
            .wait(PATIENCE);
        listener.wait_verdict(&again, SOON);
    }
    // what was sent while a queue was away has gone nowhere
    let letters = house.peek("schoolgate.dead");
    println!(
        "{} dead letters of the moments without a queue",
        letters.len()
    );
    if !letters.is_empty() {
        let status = house.command(&["dead", "retry", "--all"]).status();
        assert!(status.expect("it runs").success());
    }
    for letter in letters {
        let id = letter["message_id"].as_str().expect("an id");
        listener.wait_verdict(id, SOON);
    }
    drop((intake, dispatch));
}

#[test]
fn an_intake_without_rights_is_red_until_they_are_back() {
    let mut house = House::shared();
    let vhost = house.vhost.as_ref().expect("a vhost");
    let url = vhost.user("intake", ".*", ".*", ".*").expect("a user");
    let user = format!("{}-intake", vhost.name());
    house.intakes_use(&url);
    let (listener, intake, dispatch) = at_work(&house);
    let vhost = house.vhost.as_ref().expect("a vhost");
    vhost.allow(&user, "^$", "^$", "^$").expect("revoked");
    println!("{}", proof(&house, &listener, &intake, "rights-revoked"));
    // a consumer that is there may go on; after its connection has gone it may not begin again
    let close = ["close_all_connections", "-p", vhost.name(), "test"];
    vhost.ctl(&close).expect("closed");
    let begun = Instant::now();
    loop {
        let (ready, said) = intake.readiness();
        if !ready && said.to_string().contains("has no right to") {
            break;
        }
        assert!(begun.elapsed() < SOON, "red, with the cause: {said}");
        std::thread::sleep(Duration::from_millis(100));
    }
    println!(
        "without rights: red, and says why, after {:.1?}",
        begun.elapsed()
    );
    let waiting = item("comment", "while-red");
    house
        .send("while-red", &posts(&[waiting]), None)
        .wait(PATIENCE);
    vhost.allow(&user, ".*", ".*", ".*").expect("granted");
    println!("with rights: green after {:.1?}", intake.wait_ready(SOON));
    listener.wait_verdict("while-red", SOON);
    drop(dispatch);
}

#[test]
fn a_broker_or_a_database_that_goes_and_comes_back_costs_nothing() {
    let (mut broker, mut database) = own_servers();
    let house = House::private(&broker, &database);
    let (listener, intake, dispatch) = at_work(&house);
    proof(&house, &listener, &intake, "before");

    broker.kill_nine().expect("the kill");
    for role in [&intake, &dispatch] {
        let red = role.wait_readiness(false, SOON);
        println!("broker away: {} red after {red:.1?}", role.kind.name());
    }
    broker.start_again().expect("the broker is back");
    for role in [&intake, &dispatch] {
        println!(
            "broker back: {} green after {:.1?}",
            role.kind.name(),
            role.wait_ready(SOON)
        );
    }
    println!("{}", proof(&house, &listener, &intake, "broker-back"));

    database.kill_nine().expect("the kill");
    let items = variations("away", 50, 0);
    house.send("away", &posts(&items), None).wait(PATIENCE);
    println!(
        "database away: red after {:.1?}",
        intake.wait_readiness(false, SOON)
    );
    std::thread::sleep(Duration::from_secs(5));
    let depth = |queue: &str| {
        house
            .depth(&format!("schoolgate.{queue}"))
            .expect("the queue is there")
    };
    assert_eq!(
        depth("drafts") + depth("comments"),
        items.len(),
        "nothing is acknowledged unsaved"
    );
    assert_eq!(depth("dead"), 0, "and nothing is given up");
    database.start_again().expect("the database is back");
    println!("database back: green after {:.1?}", intake.wait_ready(SOON));
    listener.wait_until("the verdicts of all that waited", PATIENCE, |heard| {
        let has = |item: &Value| {
            heard
                .iter()
                .any(|note| note["correlation_id"] == item["id"])
        };
        items.iter().all(has)
    });
}

#[test]
fn a_worker_that_is_asked_to_stop_under_load_stops_and_loses_nothing() {
    let house = House::shared();
    let (listener, intake, dispatch) = at_work(&house);
    let items = variations("stop", 600, 6);
    let sender = house.send("stop", &posts(&items), Some(60));
    let mut roles = [intake, dispatch, house.ready_role(Kind::Console)];
    for _ in 0..2 {
        for role in &mut roles {
            std::thread::sleep(Duration::from_millis(700));
            role.running.terminate().expect("asked");
            let begun = Instant::now();
            let status = role.running.wait_exit(STOP).expect("it stops");
            assert_eq!(
                status.code(),
                Some(0),
                "{}: {}",
                role.kind.name(),
                role.running.stderr()
            );
            println!("{} stopped after {:.1?}", role.kind.name(), begun.elapsed());
            *role = house.role(role.kind);
        }
    }
    sender.wait(PATIENCE);
    let heard = listener.wait_until("every verdict", PATIENCE, |heard| {
        heard.len() >= items.len()
    });
    let of = |item: &Value| {
        heard
            .iter()
            .filter(|note| note["correlation_id"] == item["id"])
            .count()
    };
    assert!(
        items.iter().all(|item| of(item) == 1),
        "one verdict each, none repeated"
    );
}
