//! Whatever breaks, we consume again within 30 s, or the state says so in a sentence. Never green and idle.

use crate::world::*;
use schoolgate_broker::{
    BrokerError, BrokerSettings, Consumer, Exchange, Outgoing, Publisher, Queue, ack_all,
};
use schoolgate_testkit::{FaultProxy, Network, PrivateBroker, free_port};
use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::sync::watch;

const DRAFTS: &[(Queue, u16)] = &[(Queue::Drafts, 10)];
const ALL: &[(Queue, u16)] = &[
    (Queue::Drafts, 10),
    (Queue::Comments, 10),
    (Queue::Events, 10),
];

/// Proves by a message that the queue is consumed, publishing for as long as that takes.
async fn prove(publisher: &Publisher, consumer: &mut Consumer, id: &str) {
    let begun = Instant::now();
    while publisher.publish(&draft(id)).await.is_err() {
        assert!(begun.elapsed() < AGAIN, "{:?}", publisher.state().borrow());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    loop {
        let batch = take(consumer, 1).await;
        let found = batch
            .iter()
            .any(|one| one.properties().message_id.as_deref() == Some(id));
        ack_all(batch).await;
        if found {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_queue_is_declared_and_consumed_again() {
    let world = World::new();
    let publisher = world.publisher().await;
    let (mut consumer, _) = world.consumer(ALL);
    await_ready(&consumer).await;
    for queue in Queue::ALL {
        let generation = consumer.state().borrow().generation;
        let delete = ["delete_queue", "-p", world.vhost.name(), queue.name()];
        world.vhost.ctl(&delete).expect("deleted");
        let new = |state: &schoolgate_broker::ConsumerState| state.generation > generation;
        let took = await_state(&consumer, AGAIN, |state| {
            new(state) && state.ready(Instant::now())
        });
        println!(
            "{} deleted: consuming again after {:?}",
            queue.name(),
            took.await
        );
    }
    prove(&publisher, &mut consumer, "after").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_connection_is_built_again_on_both_sides() {
    let world = World::new();
    let publisher = world.publisher().await;
    let (mut consumer, _) = world.consumer(DRAFTS);
    for round in 0..3 {
        await_ready(&consumer).await;
        let close = ["close_all_connections", "-p", world.vhost.name(), "test"];
        world.vhost.ctl(&close).expect("closed");
        let down = |state: &schoolgate_broker::ConsumerState| !state.connected;
        await_state(&consumer, AGAIN, down).await;
        prove(&publisher, &mut consumer, &format!("round-{round}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_the_broker_closes_is_consumed_again() {
    let world = World::new();
    let publisher = world.publisher().await;
    let (mut consumer, _) = world.consumer(DRAFTS);
    for (round, reason) in ["{amqp_error, precondition_failed, \"test\", none}", "kill"]
        .iter()
        .enumerate()
    {
        await_ready(&consumer).await;
        let generation = consumer.state().borrow().generation;
        let close = format!(
            "[exit(P, {reason}) || [{{pid, P}}, {{vhost, V}}, {{consumer_count, C}}] <- \
             rabbit_channel:info_all([pid, vhost, consumer_count]), V =:= <<\"{}\">>, C > 0].",
            world.vhost.name()
        );
        world.vhost.ctl(&["eval", &close]).expect("closed");
        let new = |state: &schoolgate_broker::ConsumerState| state.generation > generation;
        let took = await_state(&consumer, AGAIN, |state| {
            new(state) && state.ready(Instant::now())
        });
        println!(
            "channel closed ({reason}): consuming again after {:?}",
            took.await
        );
        prove(&publisher, &mut consumer, &format!("round-{round}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_configure_rights_works_with_what_is_there() {
    let world = World::new();
    let intake = world.vhost.user(
        "intake",
        "^$",
        "^schoolgate\\.dead$",
        "^schoolgate\\.(drafts|comments|events)$",
    );
    let settings = BrokerSettings::new(intake.expect("a user"), "intake");
    let (mut consumer, _) = Consumer::start(settings, ALL, world.stop());
    let told = |state: &schoolgate_broker::ConsumerState| {
        let detail = state.detail.as_deref().unwrap_or_default();
        !state.ready(Instant::now()) && detail.contains("deploy/rabbitmq/definitions.json")
    };
    await_state(&consumer, AGAIN, told).await;
    let publisher = world.publisher().await;
    await_ready(&consumer).await;
    prove(&publisher, &mut consumer, "d-1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_with_other_arguments_is_a_fault_that_says_so() {
    let world = World::new();
    let (_connection, channel) = plain(&world.vhost.url()).await;
    let options = lapin::options::QueueDeclareOptions::durable();
    let name = Queue::Drafts.name().into();
    let declared = channel.queue_declare(name, options, lapin::types::FieldTable::default());
    declared.await.expect("declared");
    let (consumer, _) = world.consumer(DRAFTS);
    let told = |state: &schoolgate_broker::ConsumerState| {
        let detail = state.detail.as_deref().unwrap_or_default();
        detail.contains("schoolgate.drafts") && detail.contains("other settings")
    };
    await_state(&consumer, AGAIN, told).await;
    assert!(!consumer.state().borrow().ready(Instant::now()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_taken_away_is_red_and_given_back_is_green() {
    let world = World::new();
    let publisher = world.publisher().await;
    let url = world
        .vhost
        .user("reader", "^$", "^$", ".*")
        .expect("a user");
    let user = format!("{}-reader", world.vhost.name());
    let (mut consumer, _) = Consumer::start(BrokerSettings::new(url, "t"), DRAFTS, world.stop());
    await_ready(&consumer).await;
    world.vhost.allow(&user, "^$", "^$", "^$").expect("taken");
    let close = ["close_all_connections", "-p", world.vhost.name(), "test"];
    world.vhost.ctl(&close).expect("closed");
    let red = |state: &schoolgate_broker::ConsumerState| {
        let detail = state.detail.as_deref().unwrap_or_default();
        !state.ready(Instant::now()) && detail.contains("no right")
    };
    await_state(&consumer, AGAIN, red).await;
    world.vhost.allow(&user, "^$", "^$", ".*").expect("given");
    await_ready(&consumer).await;
    prove(&publisher, &mut consumer, "d-1").await;
}

/// The broker counts our consumer, connection and channel are well, and it gives everything to somebody else: here
/// because the queue serves one consumer at a time and the first sits on what it has.
#[tokio::test(flavor = "multi_thread")]
async fn messages_that_wait_and_do_not_come_are_red() {
    use lapin::{options::*, types::*};
    let world = World::new();
    let (_connection, channel) = plain(&world.vhost.url()).await;
    let mut arguments = FieldTable::default();
    let quorum = AMQPValue::LongString(LongString::from("quorum"));
    arguments.insert("x-queue-type".into(), quorum);
    arguments.insert("x-single-active-consumer".into(), AMQPValue::Boolean(true));
    let name = || ShortString::from(Queue::Drafts.name());
    let declared = channel.queue_declare(name(), QueueDeclareOptions::durable(), arguments);
    declared.await.expect("declared");
    let one = channel.basic_qos(1, BasicQosOptions::default());
    one.await.expect("one at a time");
    let (options, none) = (BasicConsumeOptions::default(), FieldTable::default());
    let first = channel.basic_consume(name(), "first".into(), options, none);
    let _first = first.await.expect("consuming");
    for _ in 0..5 {
        let options = BasicPublishOptions::default();
        let properties = lapin::BasicProperties::default();
        let sent = channel.basic_publish("".into(), name(), options, b"{}", properties);
        sent.await.expect("sent").await.expect("confirmed");
    }
    let url = world
        .vhost
        .user("reader", "^$", "^$", ".*")
        .expect("a user");
    let (consumer, _) = Consumer::start(BrokerSettings::new(url, "t"), DRAFTS, world.stop());
    let red = |state: &schoolgate_broker::ConsumerState| {
        let detail = state.detail.as_deref().unwrap_or_default();
        !state.ready(Instant::now()) && detail.contains("wait in schoolgate.drafts")
    };
    let took = await_state(&consumer, AGAIN, red).await;
    println!("messages that do not come: red after {took:?}");
}

/// Starts both sides at an address where nothing good is, and waits for the sentence.
async fn check_dead_address(url: &str, sentence: &str) {
    let stop = watch::Sender::new(false);
    let settings = BrokerSettings::new(url, "test");
    let (consumer, consuming) = Consumer::start(settings.clone(), DRAFTS, stop.subscribe());
    let (publisher, publishing) =
        Publisher::start(settings.clone(), &[Exchange::In], stop.subscribe());
    let told = |state: &schoolgate_broker::ConsumerState| {
        state
            .detail
            .as_deref()
            .is_some_and(|detail| detail.contains(sentence))
    };
    let took = await_state(&consumer, Duration::from_secs(15), told).await;
    println!("{sentence}: told after {took:?}");
    assert!(!consumer.state().borrow().ready(Instant::now()));
    let error = publisher
        .publish(&draft("d"))
        .await
        .expect_err("not connected");
    assert!(matches!(&error, BrokerError::NotConnected(_)), "{error:?}");
    let waited = publisher
        .wait_ready(Duration::from_secs(11))
        .await
        .expect_err("not connected");
    assert!(waited.to_string().contains(sentence), "{waited}");
    let prefix = waited
        .to_string()
        .matches("not connected to the broker")
        .count();
    assert_eq!(prefix, 1, "{waited}");
    let asked = within(AGAIN, schoolgate_broker::dead::list(&settings, 1)).await;
    let asked = asked.expect_err("not connected").to_string();
    assert!(
        asked.contains(sentence) && !asked.contains("geheim"),
        "{asked}"
    );
    stop.send_replace(true);
    within(Duration::from_secs(2), consuming)
        .await
        .expect("no panic");
    within(Duration::from_secs(2), publishing)
        .await
        .expect("no panic");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_where_nothing_listens_is_told() {
    let port = free_port().expect("a port");
    let url = format!("amqp://u:geheim@127.0.0.1:{port}");
    check_dead_address(&url, "nothing listens at 127.0.0.1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_accepts_and_never_answers_is_told_and_leaves_no_thread_behind() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("bound").port();
    let url = format!("amqp://u:geheim@127.0.0.1:{port}");
    check_dead_address(&url, "does not answer as a RabbitMQ broker does").await;
    let url = format!("amqps://u:geheim@127.0.0.1:{port}");
    check_dead_address(&url, "does not answer").await;
    // Every connection that was tried has been ended from our side.
    listener.set_nonblocking(true).expect("non-blocking");
    let mut seen = 0;
    while let Ok((mut stream, _)) = listener.accept() {
        seen += 1;
        stream.set_nonblocking(false).expect("blocking");
        stream
            .set_read_timeout(Some(Duration::from_secs(2)))
            .expect("limit");
        let mut all = Vec::new();
        let ended = std::io::Read::read_to_end(&mut stream, &mut all);
        let reset = ended.as_ref().err().map(std::io::Error::kind);
        let ended = ended.is_ok() || reset == Some(std::io::ErrorKind::ConnectionReset);
        assert!(ended, "connection {seen} is still open");
    }
    assert!(seen >= 3, "{seen} connections");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_a_wrong_vhost_are_told() {
    let world = World::new();
    let url = world.vhost.url();
    let (scheme, rest) = url.split_once("schoolgate:").expect("a user");
    let (_, place) = rest.split_once('@').expect("a place");
    check_dead_address(
        &format!("{scheme}schoolgate:geheim@{place}"),
        "refuses this user or password",
    )
    .await;
    let nowhere = url.replace(world.vhost.name(), "nowhere");
    check_dead_address(&nowhere, "has no vhost").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_speaks_something_else_is_told() {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let greeting =
                b"220 mail.example ESMTP, and a good day to everybody who reads this\r\n";
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, greeting).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    check_dead_address(
        &format!("amqp://u:geheim@127.0.0.1:{port}"),
        "RabbitMQ broker",
    )
    .await;
}

/// Both sides through a proxy.
async fn behind_proxy(world: &World) -> (FaultProxy, Publisher, Consumer) {
    let url = world.vhost.url();
    let (user, rest) = url.split_once("127.0.0.1:").expect("loopback");
    let (port, vhost) = rest.split_once('/').expect("a vhost");
    let proxy = FaultProxy::start(port.parse().expect("a port")).expect("a proxy");
    let url = format!("{user}127.0.0.1:{}/{vhost}", proxy.port());
    let settings = BrokerSettings::new(url, "test");
    let (publisher, _) = Publisher::start(settings.clone(), &Exchange::ALL, world.stop());
    let (consumer, _) = Consumer::start(settings, DRAFTS, world.stop());
    publisher.wait_ready(AGAIN).await.expect("connected");
    await_ready(&consumer).await;
    (proxy, publisher, consumer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_network_is_noticed_within_25_s_and_got_over() {
    let world = World::new();
    let (proxy, publisher, mut consumer) = behind_proxy(&world).await;
    proxy.set(Network::Silent);
    let begun = Instant::now();
    let answer = publisher.publish(&draft("lost?")).await;
    assert_eq!(answer, Err(BrokerError::TimedOut));
    assert!(begun.elapsed() < Duration::from_secs(6));
    let red = |state: &schoolgate_broker::ConsumerState| !state.ready(Instant::now());
    let took = await_state(&consumer, Duration::from_secs(25), red).await;
    println!(
        "silent network noticed after {:?}",
        took + Duration::from_secs(5)
    );
    let down = publisher.wait_ready(Duration::from_secs(1)).await;
    assert!(
        matches!(down, Err(BrokerError::NotConnected(_))),
        "{down:?}"
    );
    tokio::time::sleep(Duration::from_secs(12)).await;
    proxy.set(Network::Well);
    println!("consuming again after {:?}", await_ready(&consumer).await);
    prove(&publisher, &mut consumer, "after").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_cuts_lose_nothing_that_was_confirmed() {
    const MESSAGES: usize = 400;
    let world = World::new();
    let (proxy, publisher, mut consumer) = behind_proxy(&world).await;
    let cutting = tokio::spawn(async move {
        for _ in 0..20 {
            tokio::time::sleep(Duration::from_millis(700)).await;
            proxy.set(Network::Cut);
            tokio::time::sleep(Duration::from_millis(50)).await;
            proxy.set(Network::Well);
        }
        proxy
    });
    let publishing = tokio::spawn(async move {
        for number in 0..MESSAGES {
            while publisher
                .publish(&draft(&format!("d-{number}")))
                .await
                .is_err()
            {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    });
    let (mut seen, mut deliveries) = (BTreeSet::new(), 0);
    let consuming = async {
        while seen.len() < MESSAGES {
            for delivery in consumer.next_batch(20, LINGER).await.expect("not stopped") {
                deliveries += 1;
                let id = delivery.properties().message_id.clone().unwrap_or_default();
                if delivery.ack().await.is_ok() {
                    seen.insert(id);
                }
            }
        }
    };
    within(Duration::from_secs(120), consuming).await;
    publishing.await.expect("no panic");
    drop(cutting.await.expect("no panic"));
    println!("{MESSAGES} messages, {deliveries} deliveries over 20 cuts");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_killed_three_times_loses_nothing_that_was_confirmed() {
    let mut broker = PrivateBroker::start().expect("a broker");
    let stop = watch::Sender::new(false);
    let settings = BrokerSettings::new(broker.url(), "test");
    let (publisher, _) = Publisher::start(settings.clone(), &[Exchange::In], stop.subscribe());
    let (mut consumer, _) = Consumer::start(settings, DRAFTS, stop.subscribe());
    publisher.wait_ready(AGAIN).await.expect("connected");
    let (done, told) = watch::channel(false);
    let confirmed = tokio::spawn(keep_publishing(publisher.clone(), told));
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    let noting = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Some(batch) = consumer.next_batch(20, LINGER).await {
            for delivery in batch {
                let id = delivery.properties().message_id.clone().unwrap_or_default();
                if delivery.ack().await.is_ok() {
                    noting.lock().expect("no panic").insert(id);
                }
            }
        }
    });
    for round in 0..3 {
        tokio::time::sleep(Duration::from_secs(2)).await;
        broker.kill_nine().expect("killed");
        broker.start_again().expect("started again");
        let begun = Instant::now();
        publisher.wait_ready(AGAIN).await.expect("connected again");
        let took = begun.elapsed();
        println!("kill {round}: publishing again {took:?} after the broker was ready");
    }
    done.send_replace(true);
    let confirmed = confirmed.await.expect("no panic");
    assert!(confirmed.len() > 100);
    let begun = Instant::now();
    loop {
        let missing = confirmed
            .difference(&seen.lock().expect("no panic"))
            .count();
        if missing == 0 {
            break;
        }
        let late = begun.elapsed() > Duration::from_secs(60);
        assert!(
            !late,
            "{missing} of {} confirmed never came",
            confirmed.len()
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    println!(
        "{} confirmed, none lost; all there after {:?}",
        confirmed.len(),
        begun.elapsed()
    );
}

/// Publishes until told, and returns the ids of what was confirmed.
async fn keep_publishing(publisher: Publisher, done: watch::Receiver<bool>) -> BTreeSet<String> {
    let mut confirmed = BTreeSet::new();
    for number in 0.. {
        if *done.borrow() {
            break;
        }
        let id = format!("d-{number}");
        let pause = match publisher.publish(&draft(&id)).await {
            Ok(()) => {
                confirmed.insert(id);
                Duration::from_millis(2)
            }
            Err(_) => Duration::from_millis(100),
        };
        tokio::time::sleep(pause).await;
    }
    confirmed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memory_alarm_blocks_publishing_and_not_consuming() {
    let broker = PrivateBroker::start().expect("a broker");
    let stop = watch::Sender::new(false);
    let settings = BrokerSettings::new(broker.url(), "test");
    let (publisher, _) = Publisher::start(settings.clone(), &[Exchange::In], stop.subscribe());
    let (mut consumer, _) = Consumer::start(settings, DRAFTS, stop.subscribe());
    publisher.wait_ready(AGAIN).await.expect("connected");
    for number in 0..20 {
        let message = draft(&format!("d-{number}"));
        publisher.publish(&message).await.expect("published");
    }
    let held = take(&mut consumer, 5).await;
    broker
        .ctl(&["set_vm_memory_high_watermark", "0.0000001"])
        .expect("alarm");
    let begun = Instant::now();
    while publisher.publish(&draft("blocked")).await != Err(BrokerError::Blocked) {
        assert!(begun.elapsed() < AGAIN);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(!publisher.state().borrow().ready());
    assert_eq!(ack_all(held).await, 5);
    for _ in 0..3 {
        let batch = take(&mut consumer, 5).await;
        assert_eq!(ack_all(batch).await, 5);
    }
    broker
        .ctl(&["set_vm_memory_high_watermark", "0.4"])
        .expect("over");
    prove(&publisher, &mut consumer, "after").await;
    let message = Outgoing::new(Exchange::In, "draft", "d", "t", vec![]);
    assert_eq!(publisher.publish(&message).await, Ok(()));
}
