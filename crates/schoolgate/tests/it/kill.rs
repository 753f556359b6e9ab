//! kill -9 of `serve` at random moments of the sample day: nothing lost, nothing doubled, nothing approved by accident.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use schoolgate_model::Audience;
use schoolgate_store::{AuditCheck, OutboxState, Store};
use schoolgate_testkit::{Running, SmtpMode, SmtpSink};

use crate::world::{
    address_in, check, copy_folder, demo_config, fixture, post, sample_day, schoolgate,
};

const KILLS: u32 = 30;

/// A small fixed generator: a failing run can be repeated.
struct Dice(u64);

impl Dice {
    fn up_to(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn start(config: &Path, data: &Path) -> (Running, String) {
    let mut command = schoolgate();
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--config"])
        .arg(config)
        .arg("--data")
        .arg(data)
        .arg("--media-root")
        .arg(fixture("demo"));
    let mut running = Running::start(&mut command).expect("serve starts");
    let line = running
        .wait_for("listening on", Duration::from_secs(60))
        .expect("serve says where it listens");
    (running, address_in(&line))
}

/// Sends every item until each was taken once, whatever happens to the service meanwhile.
fn feeder(address: Arc<Mutex<String>>, done: Arc<AtomicBool>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let deadline = Instant::now() + Duration::from_secs(420);
        for (line, item) in sample_day() {
            let kind = item["kind"].as_str().expect("a kind").to_owned();
            loop {
                assert!(Instant::now() < deadline, "an item was never taken");
                let target = address.lock().expect("the address").clone();
                match post(&target, &line, &kind, "") {
                    Ok(answer) if answer.status == 202 => break,
                    Ok(answer) => panic!(
                        "{}: {}",
                        answer.status,
                        String::from_utf8_lossy(&answer.body)
                    ),
                    Err(_) => std::thread::sleep(Duration::from_millis(20)),
                }
            }
            std::thread::sleep(Duration::from_millis(15));
        }
        done.store(true, Ordering::SeqCst);
    })
}

#[test]
fn thirty_kills_of_serve_lose_and_double_nothing() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sink = runtime
        .block_on(SmtpSink::start(SmtpMode::Accept))
        .expect("a mail server");
    let folder = tempfile::tempdir().expect("a folder");
    let (config, data) = (folder.path().join("config"), folder.path().join("data"));
    copy_folder(&demo_config(), &config);
    let settings = format!(
        "[mail]\nsmtp = \"smtp://127.0.0.1:{}\"\nfrom = \"schoolgate@st-hildas.example\"\n",
        sink.port()
    );
    fs::write(config.join("schoolgate.toml"), settings).expect("settings");

    let address = Arc::new(Mutex::new(String::from("127.0.0.1:1")));
    let done = Arc::new(AtomicBool::new(false));
    let mut dice = Dice(20_261_120);
    let mut feeding = None;
    for _ in 0..KILLS {
        let (mut running, listening) = start(&config, &data);
        *address.lock().expect("the address") = listening;
        feeding.get_or_insert_with(|| feeder(Arc::clone(&address), Arc::clone(&done)));
        std::thread::sleep(Duration::from_millis(dice.up_to(450)));
        running.kill_nine().expect("the kill");
    }
    let (running, listening) = start(&config, &data);
    *address.lock().expect("the address") = listening;
    feeding
        .expect("a feeder")
        .join()
        .expect("every item was taken");
    assert!(done.load(Ordering::SeqCst));

    let items = sample_day();
    let url = format!("sqlite://{}", data.join("schoolgate.db").display());
    runtime.block_on(async {
        let store = Store::open(&url).await.expect("the store opens");
        let deadline = Instant::now() + Duration::from_secs(240);
        loop {
            let counts = store.counts().await.expect("counts");
            if counts.waiting == 0 && counts.outbox_pending == 0 {
                break;
            }
            assert!(
                Instant::now() < deadline,
                "the day did not finish: {counts:?}"
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let verdicts = store
            .verdicts_between(None, Timestamp::MIN, Timestamp::MAX, 10_000)
            .await
            .expect("verdicts");
        let keys: BTreeSet<_> = verdicts
            .iter()
            .map(|v| {
                (
                    v.verdict.kind.code(),
                    v.verdict.id.to_string(),
                    v.verdict.revision,
                )
            })
            .collect();
        assert_eq!(
            verdicts.len(),
            items.len(),
            "every item has exactly one verdict"
        );
        assert_eq!(keys.len(), items.len(), "and no item has two");
        assert_no_accidental_approval(&verdicts);
        let chain = store
            .audit_verify("st-hildas")
            .await
            .expect("the audit trail is read");
        assert!(
            matches!(chain, AuditCheck::Intact { .. }),
            "the audit chain holds"
        );

        let rows = store.outbox_list(10_000).await.expect("outbox");
        let alerts: Vec<_> = rows.iter().filter(|row| is_mailed(row)).collect();
        assert!(alerts.len() >= 5, "the day has alerts");
        assert!(
            alerts.iter().all(|row| row.state == OutboxState::Sent),
            "every alert was sent"
        );
        assert_mails(&sink);
    });
    drop(running);
}

/// Authors are told by the verdict in their own tool; everybody else of the sample school gets a mail.
fn is_mailed(row: &schoolgate_store::OutboxRow) -> bool {
    row.audience
        .is_some_and(|audience| audience != Audience::Author)
}

/// What a run without faults would hold is never approved, and what it would escalate is never left lying: an item whose
/// reading was cut short twice is held or escalated for a person, with the safeguarding lead told where it is a comment.
fn assert_no_accidental_approval(verdicts: &[schoolgate_store::StoredVerdict]) {
    let lines: Vec<u8> = sample_day()
        .into_iter()
        .flat_map(|(line, _)| line.into_bytes().into_iter().chain([b'\n']))
        .collect();
    let (_, oracle, _) = check(&lines);
    let oracle: BTreeMap<_, _> = oracle
        .iter()
        .map(|v| {
            (
                (
                    v["id"].as_str().unwrap_or("").to_owned(),
                    v["revision"].as_u64(),
                ),
                v["outcome"].as_str().unwrap_or("").to_owned(),
            )
        })
        .collect();
    for stored in verdicts {
        let verdict = &stored.verdict;
        let expected = &oracle[&(verdict.id.to_string(), Some(u64::from(verdict.revision)))];
        match verdict.outcome.code() {
            "approve" => assert_eq!(
                expected, "approve",
                "{} was approved only because something broke",
                verdict.id
            ),
            "hold" if expected == "escalate" => {
                assert!(
                    verdict.alert.contains(&Audience::Dsl),
                    "{}: cut short, and the safeguarding lead was not told",
                    verdict.id
                );
            }
            _ => {}
        }
    }
}

/// A mail that came twice came with the same Message-ID, and no two alerts share one.
fn assert_mails(sink: &SmtpSink) {
    let mut by_content: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    let mut by_id: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for mail in sink.mails() {
        let content = (mail.to.clone(), mail.subject.clone(), mail.body.clone());
        by_content
            .entry(content.clone())
            .or_default()
            .insert(mail.message_id.clone());
        by_id.entry(mail.message_id).or_default().insert(content);
    }
    assert!(by_content.len() >= 5, "the day has alerts");
    for ids in by_content.values() {
        assert_eq!(
            ids.len(),
            1,
            "the same alert went out under two Message-IDs"
        );
    }
    for contents in by_id.values() {
        assert_eq!(
            contents.len(),
            1,
            "one Message-ID stands for one alert to one person"
        );
    }
}
