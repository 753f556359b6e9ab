//! Alerts on their way out: fast, without content, once by their key, and never lost while mail is down.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use schoolgate_store::{OutboxState, Store};
use schoolgate_testkit::{ReceivedMail, Running, SmtpMode, SmtpSink};
use serde_json::json;

use crate::world::{address_in, copy_folder, demo_config, post, schoolgate};

const DISCLOSURE: &str =
    "please help, my uncle hits me every night and i am scared to go home, from Oliver Pemberton";

fn serve(folder: &Path, mail: &str) -> (Running, String) {
    let config = folder.join("config");
    copy_folder(&demo_config(), &config);
    std::fs::write(config.join("schoolgate.toml"), mail).unwrap();
    let mut command = schoolgate();
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--config"])
        .arg(&config)
        .arg("--data")
        .arg(folder.join("data"));
    let mut running = Running::start(&mut command).unwrap();
    let line = running
        .wait_for("listening on", Duration::from_secs(60))
        .unwrap();
    (running, address_in(&line))
}

fn smtp(port: u16) -> String {
    format!("[mail]\nsmtp = \"smtp://127.0.0.1:{port}\"\nfrom = \"schoolgate@st-hildas.example\"\n")
}

fn send_disclosure(address: &str) {
    let item = json!({"id": "c-77", "kind": "comment", "platform": "facebook", "account": "StHildasWexbourne",
        "author": {"id": "1", "name": "Oliver Pemberton"}, "text": DISCLOSURE})
    .to_string();
    let answer = post(address, &item, "comment", "?wait=20s").unwrap();
    assert_eq!(
        answer.json()["outcome"],
        "escalate",
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    assert!(
        answer.json()["alert"]
            .as_array()
            .unwrap()
            .contains(&json!("dsl"))
    );
}

#[test]
fn an_urgent_alert_is_there_in_seconds_and_says_nothing_of_the_item() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sink = runtime.block_on(SmtpSink::start(SmtpMode::Accept)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (_running, address) = serve(folder.path(), &smtp(sink.port()));
    let sent = Instant::now();
    send_disclosure(&address);
    runtime
        .block_on(sink.wait_for(1, Duration::from_secs(10)))
        .unwrap();
    let mails = sink.mails();
    assert!(!mails.is_empty() && sent.elapsed() < Duration::from_secs(10));
    let mail = &mails[0];
    assert!(
        mail.to
            .iter()
            .any(|to| to.contains("a.patel@st-hildas.example")),
        "the safeguarding lead is told: {:?}",
        mail.to
    );
    let all = format!("{} {} {}", mail.subject, mail.raw_headers, mail.body);
    assert!(all.contains("c-77"), "it points at the item: {all}");
    for secret in ["Oliver", "Pemberton", "uncle", "scared", "hits me"] {
        assert!(!all.contains(secret), "the mail says {secret}");
    }
}

#[test]
fn a_mail_server_that_refuses_or_goes_silent_gets_the_same_message_again() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for mode in [SmtpMode::Refuse(1), SmtpMode::DropAfterData(1)] {
        let sink = runtime.block_on(SmtpSink::start(mode)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (running, address) = serve(folder.path(), &smtp(sink.port()));
        send_disclosure(&address);
        let url = format!(
            "sqlite://{}",
            folder.path().join("data/schoolgate.db").display()
        );
        let rows = runtime.block_on(async {
            let store = Store::open(&url).await.unwrap();
            let deadline = Instant::now() + Duration::from_secs(60);
            loop {
                let counts = store.counts().await.unwrap();
                if counts.waiting == 0 && counts.outbox_pending == 0 {
                    return store.outbox_list(100).await.unwrap();
                }
                assert!(Instant::now() < deadline, "the alert was never sent");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        let alerts: Vec<_> = rows.iter().filter(|row| row.audience.is_some()).collect();
        assert!(alerts.iter().all(|row| row.state == OutboxState::Sent));
        assert!(
            alerts.iter().any(|row| row.attempts > 1),
            "it was tried more than once"
        );
        let distinct = |what: fn(ReceivedMail) -> (Vec<String>, String)| {
            let mut all: Vec<_> = sink.mails().into_iter().map(what).collect();
            all.sort();
            all.dedup();
            all.len()
        };
        let letters = distinct(|mail| (mail.to, mail.body));
        assert_eq!(letters, 2, "both people of the audience have it");
        assert_eq!(
            distinct(|mail| (mail.to, mail.message_id)),
            letters,
            "a repeated mail has the Message-ID of the first"
        );
        drop(running);
    }
}

#[test]
fn without_a_mail_server_the_alert_waits_and_goes_out_later() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (mut running, address) = serve(folder.path(), "");
    send_disclosure(&address);
    running.kill_nine().unwrap();
    let sink = runtime.block_on(SmtpSink::start(SmtpMode::Accept)).unwrap();
    let (_running, _) = serve(folder.path(), &smtp(sink.port()));
    runtime
        .block_on(sink.wait_for(1, Duration::from_secs(30)))
        .unwrap();
    assert!(
        !sink.mails().is_empty(),
        "the alert that waited was sent after the restart"
    );
}

#[test]
fn a_mailbox_that_is_refused_does_not_cost_the_others_their_alert() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let refused = "a.patel@st-hildas.example";
    let sink = runtime
        .block_on(SmtpSink::start(SmtpMode::RefuseRecipient(refused)))
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (_running, address) = serve(folder.path(), &smtp(sink.port()));
    send_disclosure(&address);
    runtime
        .block_on(sink.wait_for(1, Duration::from_secs(15)))
        .unwrap();
    assert!(
        sink.mails()[0]
            .to
            .iter()
            .any(|to| to == "p.shah@st-hildas.example"),
        "the deputy has it"
    );
    // the refused one is tried again, and the deputy is not written to twice
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(sink.mails().len(), 1);
    sink.set_mode(SmtpMode::Accept);
    runtime
        .block_on(sink.wait_for(2, Duration::from_secs(30)))
        .unwrap();
    assert!(
        sink.mails()[1].to.iter().any(|to| to == refused),
        "and in the end so has the lead"
    );
}
