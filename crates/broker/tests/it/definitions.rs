//! The definitions shipped under deploy/ are what the code declares, and each of their users can do its part and nothing
//! more.

use crate::world::*;
use lapin::{BasicProperties, Channel, Connection, options::*, types::FieldTable};
use schoolgate_broker::{BrokerSettings, Consumer, Exchange, Publisher, Queue, Subscriber, dead};
use schoolgate_testkit::PrivateBroker;
use serde_json::Value;
use std::{fs, path::PathBuf, process::Command};
use tokio::sync::watch;

fn shipped(file: &str) -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.join("../../deploy/rabbitmq").join(file)
}

/// The entries of one kind in one vhost, without the vhost, in an order that does not depend on where they came from.
fn entries(definitions: &Value, kind: &str, vhost: &str) -> Vec<String> {
    let all = definitions.get(kind).and_then(Value::as_array);
    let mut entries: Vec<String> = all
        .expect("a list")
        .iter()
        .filter(|entry| entry.get("vhost").and_then(Value::as_str) == Some(vhost))
        .map(|entry| {
            let mut entry = entry.clone();
            let fields = entry.as_object_mut().expect("an object");
            fields.remove("vhost");
            // Said by the queue's arguments as well, and not by every version.
            fields.remove("type").filter(|_| kind == "queues");
            entry.to_string()
        })
        .collect();
    entries.sort();
    entries
}

fn exported(broker: &PrivateBroker) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("definitions.json");
    let place = file.display().to_string();
    broker
        .ctl(&["export_definitions", &place])
        .expect("exported");
    let text = fs::read_to_string(file).expect("written");
    serde_json::from_str(&text).expect("JSON")
}

/// One thing that somebody might try.
#[derive(Debug, Clone, Copy)]
enum Try {
    Publish(Exchange),
    Read(&'static str),
    DeclareQueue(&'static str),
    DeclareExchange,
    Delete(&'static str),
    Purge(&'static str),
    ListenOn(&'static str),
}

const TRIES: &[Try] = &[
    Try::Publish(Exchange::In),
    Try::Publish(Exchange::Out),
    Try::Publish(Exchange::Dead),
    Try::Read("schoolgate.drafts"),
    Try::Read("schoolgate.comments"),
    Try::Read("schoolgate.events"),
    Try::Read("schoolgate.dead"),
    Try::ListenOn("schoolgate.out"),
    Try::ListenOn("schoolgate.in"),
    Try::DeclareQueue("listen.mine"),
    Try::DeclareQueue("schoolgate.more"),
    Try::DeclareExchange,
    Try::Delete("schoolgate.drafts"),
    Try::Purge("schoolgate.dead"),
];

/// What each user may do, in the order of `TRIES`: `y` or `-`.
const CELLS: &[(&str, &str)] = &[
    ("producer", "y-------------"),
    ("listener", "-------y-y----"),
    ("submit", "y------y------"),
    ("intake", "--yyyy--------"),
    ("dispatch", "-y------------"),
    ("serve", "-yyyyy--------"),
    // Whoever may drop dead letters may purge them.
    ("admin", "y-y---y------y"),
];

/// Tries one thing and tells whether the broker let it happen.
async fn is_let(connection: &Connection, thing: Try) -> bool {
    let channel = connection.create_channel().await.expect("a channel");
    match attempt(&channel, thing).await {
        Ok(()) => true,
        Err(error) => {
            let refused = matches!(error.kind(), lapin::ErrorKind::ProtocolError(said) if said.get_id() == 403);
            assert!(refused, "{thing:?}: {error:?}");
            false
        }
    }
}

async fn attempt(channel: &Channel, thing: Try) -> lapin::Result<()> {
    let none = FieldTable::default;
    match thing {
        Try::Publish(exchange) => {
            channel
                .confirm_select(ConfirmSelectOptions::default())
                .await?;
            let name = exchange.name().into();
            let (options, properties) =
                (BasicPublishOptions::default(), BasicProperties::default());
            let confirm = channel.basic_publish(name, "nothing".into(), options, b"", properties);
            confirm.await?.await.map(drop)
        }
        Try::Read(queue) => {
            let options = BasicConsumeOptions::default();
            let consuming = channel.basic_consume(queue.into(), "".into(), options, none());
            consuming.await.map(drop)
        }
        Try::DeclareQueue(queue) => {
            let declared =
                channel.queue_declare(queue.into(), QueueDeclareOptions::durable(), none());
            declared.await?;
            channel
                .queue_delete(queue.into(), QueueDeleteOptions::default())
                .await
                .map(drop)
        }
        Try::DeclareExchange => {
            let (kind, options) = (
                lapin::ExchangeKind::Fanout,
                ExchangeDeclareOptions::default(),
            );
            channel
                .exchange_declare("schoolgate.more".into(), kind, options, none())
                .await
        }
        Try::Delete(queue) => channel
            .queue_delete(queue.into(), QueueDeleteOptions::default())
            .await
            .map(drop),
        Try::Purge(queue) => channel
            .queue_purge(queue.into(), QueuePurgeOptions::default())
            .await
            .map(drop),
        Try::ListenOn(exchange) => {
            let own = QueueDeclareOptions {
                exclusive: true,
                auto_delete: true,
                ..QueueDeclareOptions::default()
            };
            let queue = channel.queue_declare("".into(), own, none()).await?;
            let (name, options) = (queue.name().clone(), QueueBindOptions::default());
            channel
                .queue_bind(name, exchange.into(), "#".into(), options, none())
                .await
        }
    }
}

/// A broker with the shipped definitions, and the address for each user.
fn imported() -> (PrivateBroker, impl Fn(&PrivateBroker, &str) -> String) {
    let broker = PrivateBroker::start().expect("a broker");
    let file = shipped("definitions.json").display().to_string();
    broker
        .ctl(&["import_definitions", &file])
        .expect("imported");
    let address = |broker: &PrivateBroker, user: &str| {
        let user = format!("schoolgate-{user}");
        broker
            .ctl(&["change_password", &user, "secret"])
            .expect("a password");
        broker.url_for(&user, "secret")
    };
    (broker, address)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shipped_definitions_are_what_the_code_declares() {
    let (broker, _) = imported();
    broker.ctl(&["add_vhost", "declared"]).expect("a vhost");
    let rights = ["declared", "schoolgate", ".*", ".*", ".*"];
    broker
        .ctl(&[&["set_permissions", "-p"][..], &rights[..]].concat())
        .expect("rights");
    let stop = watch::Sender::new(false);
    let there = broker.url().replace("%2f", "declared");
    for url in [there.as_str(), broker.url()] {
        let settings = BrokerSettings::new(url, "test");
        let (publisher, _) = Publisher::start(settings, &Exchange::ALL, stop.subscribe());
        publisher
            .wait_ready(AGAIN)
            .await
            .expect("the same declared on top is no fault");
    }
    let definitions = exported(&broker);
    for kind in ["exchanges", "queues", "bindings"] {
        let (ours, shipped) = (
            entries(&definitions, kind, "declared"),
            entries(&definitions, kind, "/"),
        );
        assert_eq!(ours, shipped, "{kind}");
        assert!(shipped.len() >= 3, "{kind}: {shipped:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_shipped_user_can_do_its_part_and_nothing_more() {
    let (broker, address) = imported();
    let mut wrong = Vec::new();
    for (user, row) in CELLS {
        let url = address(&broker, user);
        let (connection, _channel) = plain(&url).await;
        for (thing, cell) in TRIES.iter().zip(row.chars()) {
            let may = is_let(&connection, *thing).await;
            if may != (cell == 'y') {
                wrong.push(format!("{user} {thing:?}: {may}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roles_work_with_the_rights_of_their_shipped_users() {
    let (broker, address) = imported();
    let stop = watch::Sender::new(false);
    let settings = |user| BrokerSettings::new(address(&broker, user), "test");
    let queues = Queue::ALL.map(|queue| (queue, 5));
    let (mut consumer, _) = Consumer::start(settings("intake"), &queues, stop.subscribe());
    await_ready(&consumer).await;
    let mut publishers = Vec::new();
    for (user, exchange) in [
        ("submit", Exchange::In),
        ("intake", Exchange::Dead),
        ("dispatch", Exchange::Out),
    ] {
        let (publisher, _) = Publisher::start(settings(user), &[exchange], stop.subscribe());
        publisher.wait_ready(AGAIN).await.expect(user);
        publishers.push(publisher);
    }
    let mut listener = Subscriber::open(&settings("submit"), "#")
        .await
        .expect("listening");
    publishers[0]
        .publish(&draft("d-1"))
        .await
        .expect("submitted");
    let delivery = take(&mut consumer, 1).await.remove(0);
    let letter = schoolgate_broker::Outgoing::dead(&delivery, "d-1", "not_json");
    publishers[1].publish(&letter).await.expect("dead-lettered");
    delivery.ack().await.expect("acked");
    let out = schoolgate_broker::Outgoing::new(Exchange::Out, "verdict.x", "v", "t", vec![]);
    publishers[2].publish(&out).await.expect("published");
    let told = within(AGAIN, listener.next()).await.expect("told");
    assert_eq!(told.message_id.as_deref(), Some("v"));
    for _ in 0..25 {
        let letters = dead::list(&settings("admin"), 5).await.expect("listed");
        assert_eq!(letters.len(), 1);
    }
    let done = dead::retry(&settings("admin"), &dead::Which::All)
        .await
        .expect("retried");
    assert_eq!((done.done, done.left), (1, 0));
    let again = take(&mut consumer, 1).await;
    assert_eq!(schoolgate_broker::ack_all(again).await, 1);
}

#[test]
fn imported_users_cannot_sign_in_before_they_have_a_password_and_the_script_gives_them_one() {
    let (broker, _) = imported();
    let users = broker
        .ctl(&["list_users", "--no-table-headers"])
        .expect("listed");
    for (user, _) in CELLS {
        let name = format!("schoolgate-{user}");
        assert!(users.contains(&name), "{users}");
        let let_in = broker.ctl(&["authenticate_user", &name, ""]);
        assert!(let_in.is_err(), "{name}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut script = Command::new(shipped("set-passwords"));
    let done = script
        .arg(folder.path())
        .env("RABBITMQCTL", broker.control_script())
        .output();
    let done = done.expect("the script starts");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    for (user, _) in CELLS {
        let name = format!("schoolgate-{user}");
        let password = fs::read_to_string(folder.path().join(&name)).expect("written");
        let let_in = broker.ctl(&["authenticate_user", &name, password.trim()]);
        assert!(let_in.is_ok(), "{name}: {let_in:?}");
    }
}
