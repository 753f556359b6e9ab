//! `submit`: sends items and events in, by the broker or by HTTP, each confirmed; with `--wait` it prints the verdicts.

use std::{
    collections::HashMap,
    fs,
    io::IsTerminal as _,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use schoolgate_broker::{BrokerSettings, Exchange, Outgoing, Publisher, Queue, Subscriber};
use schoolgate_fetch::Api;
use schoolgate_model::{
    ItemKind,
    wire::{WireError, parse_event, parse_submission},
};
use schoolgate_school::service::ServiceSettings;
use serde_json::json;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, timeout_at},
};

use super::serving::Flags;
use crate::{
    exit::{Exit, Failure, Faults, complain, say},
    ids::new_key,
    runtime::{broker_settings, tokio_runtime},
};

/// Messages in flight at once.
const IN_FLIGHT: usize = 200;
/// Requests in flight at once: the service keeps 64 and other callers want some.
const REQUESTS: usize = 8;
/// How often a message is offered before it counts as not taken.
const TRIES: u32 = 5;
/// The longest wait that one HTTP request asks for.
const MAX_REQUEST_WAIT: Duration = Duration::from_secs(25);

/// Arguments of `submit`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  schoolgate submit --broker amqp://producer:secret@127.0.0.1:5672 --wait fixtures/demo/day/drafts.jsonl\n  schoolgate submit --http http://127.0.0.1:8080 --wait fixtures/demo/day/drafts.jsonl"
)]
pub struct Arguments {
    /// The broker: amqp://... or amqps://...
    #[arg(long, value_name = "URL", conflicts_with = "http")]
    broker: Option<String>,
    /// The service's HTTP address, in place of a broker; its token is read from SCHOOLGATE_TOKEN
    #[arg(long, value_name = "URL")]
    http: Option<String>,
    /// Waits for the verdicts and prints them, a line each
    #[arg(long)]
    wait: bool,
    /// How long to wait for the last of them, seconds
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    patience: u64,
    /// One item or event a line; standard input where it is `-`
    file: PathBuf,
}

/// One line that can be sent.
struct Letter {
    line: usize,
    id: String,
    queue: Queue,
    body: Vec<u8>,
}

/// What was found in the file.
struct Post {
    letters: Vec<Letter>,
    unreadable: usize,
}

/// How sending went.
#[derive(Default)]
struct Tally {
    refused: usize,
    unanswered: usize,
}

pub fn run(config: &Path, arguments: &Arguments) -> Result<Exit, Failure> {
    let post = read(&arguments.file)?;
    let bar = bar(post.letters.len());
    let runtime = tokio_runtime()?;
    let unreadable = post.unreadable;
    let tally = match &arguments.http {
        Some(base) => {
            let token = std::env::var("SCHOOLGATE_TOKEN").ok().map(Into::into);
            let api = Api::new(base, token)?;
            runtime.block_on(by_http(api, post, arguments, &bar))?
        }
        None => {
            let broker = broker(config, arguments)?;
            runtime.block_on(by_broker(&broker, post, arguments, &bar))?
        }
    };
    bar.finish_and_clear();
    Ok(if tally.refused + tally.unanswered > 0 {
        Exit::No
    } else if unreadable > 0 {
        Exit::PartlyRead
    } else {
        Exit::Success
    })
}

fn broker(config: &Path, arguments: &Arguments) -> Result<BrokerSettings, Failure> {
    let mut settings =
        ServiceSettings::load(config, &|name| std::env::var(name).ok()).map_err(Faults)?;
    let flags = Flags {
        broker: arguments.broker.clone(),
        ..Flags::default()
    };
    flags.overlay(&mut settings)?;
    let broker = broker_settings(&settings, "submit")?
        .context("name a broker with --broker amqp://... or a service with --http http://...")?;
    Ok(broker)
}

fn read(file: &Path) -> Result<Post, Failure> {
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes)
            .context("cannot read standard input")?;
        bytes
    } else {
        fs::read(file).with_context(|| format!("cannot read {}", file.display()))?
    };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut post = Post {
        letters: Vec::new(),
        unreadable: 0,
    };
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match letter(index + 1, line.trim_ascii()) {
            Ok(letter) => post.letters.push(letter),
            Err(error) => {
                post.unreadable += 1;
                say(json!({"id": error.id, "line": index + 1, "error": error.message}))?;
            }
        }
    }
    Ok(post)
}

/// Reads one line as the service will, so that a mistake is told here and not found among the dead letters.
fn letter(line: usize, body: &[u8]) -> Result<Letter, WireError> {
    let (id, queue) = match parse_submission(body) {
        Ok(submission) => {
            let queue = match submission.kind {
                ItemKind::Draft => Queue::Drafts,
                ItemKind::Comment => Queue::Comments,
            };
            (submission.id.to_string(), queue)
        }
        Err(error) => match parse_event(body) {
            Ok(event) => (event.id, Queue::Events),
            Err(_) => return Err(error),
        },
    };
    Ok(Letter {
        line,
        id,
        queue,
        body: body.to_vec(),
    })
}

fn bar(length: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(length as u64);
    if let Ok(style) = ProgressStyle::with_template("{pos}/{len} sent {wide_bar} {eta}") {
        bar.set_style(style);
    }
    bar
}

async fn by_broker(
    broker: &BrokerSettings,
    post: Post,
    arguments: &Arguments,
    bar: &ProgressBar,
) -> anyhow::Result<Tally> {
    // listening begins before the first item is sent, so that no verdict is missed
    let listening = match arguments.wait {
        true => Some(Subscriber::open(broker, "verdict.#").await?),
        false => None,
    };
    let (close, closing) = watch::channel(false);
    let (publisher, supervisor) = Publisher::start(broker.clone(), &[Exchange::In], closing);
    publisher.wait_ready(Duration::from_secs(15)).await?;
    let mut awaited: HashMap<String, usize> = HashMap::new();
    for letter in post.letters.iter().filter(|l| l.queue != Queue::Events) {
        *awaited.entry(letter.id.clone()).or_default() += 1;
    }
    let deadline = Duration::from_secs(arguments.patience);
    let hearing = listening.map(|subscriber| tokio::spawn(hear(subscriber, awaited, deadline)));
    let tally = publish_all(&publisher, post, bar, arguments.wait).await?;
    // nobody listening is the same
    let _ = close.send(true);
    drop(tokio::time::timeout(Duration::from_secs(2), supervisor).await);
    match hearing {
        None => Ok(tally),
        Some(hearing) => {
            let unanswered = hearing.await.context("listening stopped unexpectedly")??;
            Ok(Tally {
                unanswered,
                ..tally
            })
        }
    }
}

async fn publish_all(
    publisher: &Publisher,
    post: Post,
    bar: &ProgressBar,
    quiet: bool,
) -> anyhow::Result<Tally> {
    let mut tally = Tally::default();
    let mut sending = JoinSet::new();
    let mut letters = post.letters.into_iter();
    loop {
        while sending.len() < IN_FLIGHT
            && let Some(letter) = letters.next()
        {
            let publisher = publisher.clone();
            sending.spawn(async move { publish(&publisher, letter).await });
        }
        let Some(done) = sending.join_next().await else {
            return Ok(tally);
        };
        bar.inc(1);
        match done.context("a sending task stopped unexpectedly")? {
            Ok(letter) if quiet => drop(letter),
            Ok(letter) => {
                say(json!({"id": letter.id, "line": letter.line, "status": "confirmed"}))?;
            }
            Err((letter, error)) => {
                tally.refused += 1;
                complain(&format!("line {}: not taken: {error}", letter.line));
            }
        }
    }
}

async fn publish(publisher: &Publisher, letter: Letter) -> Result<Letter, (Letter, anyhow::Error)> {
    let kind = format!("schoolgate.{}.v1", letter.queue.routing_key());
    let message = Outgoing::new(
        Exchange::In,
        letter.queue.routing_key(),
        if letter.id.len() <= 255 {
            letter.id.clone()
        } else {
            new_key()
        },
        kind,
        letter.body.clone(),
    );
    for attempt in 1.. {
        match publisher.publish(&message).await {
            Ok(()) => return Ok(letter),
            Err(error) if attempt >= TRIES => return Err((letter, error.into())),
            Err(_) => tokio::time::sleep(Duration::from_secs(u64::from(attempt))).await,
        }
    }
    Ok(letter)
}

/// Prints verdicts as they come; gives the number that did not come in time.
async fn hear(
    mut subscriber: Subscriber,
    mut awaited: HashMap<String, usize>,
    patience: Duration,
) -> anyhow::Result<usize> {
    let mut deadline = Instant::now() + patience;
    let mut seen = std::collections::HashSet::new();
    while !awaited.is_empty() {
        let told = match timeout_at(deadline, subscriber.next()).await {
            Ok(told) => told.context("the connection broke while verdicts were awaited")?,
            Err(_) => break,
        };
        // the same verdict may be published twice, under the same id
        if told.message_id.is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        let Some(id) = told.correlation_id else {
            continue;
        };
        if let Some(left) = awaited.get_mut(&id) {
            say(String::from_utf8_lossy(told.body.expose()))?;
            *left -= 1;
            if *left == 0 {
                awaited.remove(&id);
            }
            deadline = Instant::now() + patience;
        }
    }
    subscriber.close().await;
    let missing: usize = awaited.values().sum();
    if missing > 0 {
        complain(&format!(
            "no verdict came for {missing} items; an item that was sent before gets no second one"
        ));
    }
    Ok(missing)
}

async fn by_http(
    api: Api,
    post: Post,
    arguments: &Arguments,
    bar: &ProgressBar,
) -> anyhow::Result<Tally> {
    let mut tally = Tally::default();
    let wait = arguments
        .wait
        .then(|| Duration::from_secs(arguments.patience).min(MAX_REQUEST_WAIT));
    let mut sending = JoinSet::new();
    let mut letters = post.letters.into_iter();
    loop {
        while sending.len() < REQUESTS
            && let Some(letter) = letters.next()
        {
            let api = api.clone();
            sending.spawn(async move {
                let answer = request(&api, &letter, wait).await;
                (letter, answer)
            });
        }
        let Some(done) = sending.join_next().await else {
            return Ok(tally);
        };
        bar.inc(1);
        let (letter, answer) = done.context("a sending task stopped unexpectedly")?;
        match answer {
            Ok((200 | 202, body)) => say(String::from_utf8_lossy(&body))?,
            Ok((status, body)) => {
                tally.refused += 1;
                let why = problem(&body);
                complain(&format!("line {}: refused ({status}): {why}", letter.line));
            }
            Err(error) => {
                tally.refused += 1;
                complain(&format!("line {}: not taken: {error}", letter.line));
            }
        }
    }
}

async fn request(
    api: &Api,
    letter: &Letter,
    wait: Option<Duration>,
) -> anyhow::Result<(u16, Vec<u8>)> {
    let path = format!("{}s", letter.queue.routing_key());
    let wait = wait.filter(|_| letter.queue != Queue::Events);
    for attempt in 1.. {
        match api.post(&path, letter.body.clone(), wait).await {
            // too many at once, or the store is away for a moment
            Ok(answer) if matches!(answer.status, 429 | 503) && attempt < TRIES => {
                let pause = answer.retry_after.unwrap_or(Duration::from_secs(1));
                tokio::time::sleep(pause.min(Duration::from_secs(10))).await;
            }
            Ok(answer) => return Ok((answer.status, answer.body.into_inner())),
            Err(error) if attempt >= TRIES => return Err(error.into()),
            Err(_) => tokio::time::sleep(Duration::from_secs(u64::from(attempt))).await,
        }
    }
    bail!("not taken")
}

/// The sentence of an RFC 9457 problem.
fn problem(body: &[u8]) -> String {
    let detail = serde_json::from_slice::<serde_json::Value>(body)
        .ok()
        .and_then(|problem| Some(problem.get("detail")?.as_str()?.to_owned()));
    detail.unwrap_or_else(|| "no reason was given".to_owned())
}
