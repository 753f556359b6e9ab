//! `demo`: an invented school's day through the real receive, screening, store and outbox.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::Args;
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use schoolgate_model::{
    Clock as _, ItemKind, Outcome, SystemClock, Verdict, wire::parse_submission,
};
use schoolgate_school::{
    Schools,
    service::{MailRoute, MailSettings, ServiceSettings},
};
use schoolgate_store::{NewItem, Receipt, Store};

use crate::{
    demo_files, demo_people,
    exit::{Exit, Failure, complain, say},
    ids::new_key,
    runtime::{House, Parts, load_schools, stop_signal, tokio_runtime},
};

use super::{
    serve::serve,
    serving::{make_data, open_store},
};

/// The last day of the sample's times; they are moved so that it becomes today.
const SAMPLE_TODAY: Date = jiff::civil::date(2026, 11, 20);
/// How long the sample day may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Arguments of `demo`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  schoolgate demo --once\n  schoolgate demo --listen 127.0.0.1:8080"
)]
pub struct Arguments {
    /// Screens the sample day, prints the table of verdicts and ends
    #[arg(long)]
    once: bool,
    /// Where to listen afterwards; port 0 takes any free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Keeps the sample school, the store and the mails in this (new) folder instead of a temporary one
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let temporary = tempfile::Builder::new()
        .prefix("schoolgate-demo-")
        .tempdir()
        .context("no temporary folder")?;
    let folder = match &arguments.data {
        Some(data) => {
            fs::create_dir_all(data).with_context(|| format!("cannot make {}", data.display()))?;
            if fs::read_dir(data)?.next().is_some() {
                return Err(anyhow::anyhow!(
                    "{} is not empty; the demo wants a new folder",
                    data.display()
                )
                .into());
            }
            data.clone()
        }
        None => temporary.path().to_path_buf(),
    };
    demo_files::unpack(&folder)?;
    let schools = Arc::new(load_schools(&folder.join("config"))?);
    for warning in &schools.warnings {
        complain(&format!("warning: {warning}"));
    }
    let mut settings = ServiceSettings {
        data: folder.join("data"),
        listen: arguments
            .listen
            .parse()
            .context("--listen must look like 127.0.0.1:8080")?,
        media_root: Some(folder.clone()),
        mail: Some(MailSettings {
            route: MailRoute::Folder(folder.join("mail")),
            from: "Schoolgate <schoolgate@st-hildas.example>".to_owned(),
            user: None,
            password_file: None,
            public_url: Some(format!("http://{}", arguments.listen)),
        }),
        ..ServiceSettings::default()
    };
    let runtime = tokio_runtime()?;
    runtime.block_on(day(&settings, &schools, &folder, arguments.data.as_deref()))?;
    if !arguments.once {
        settings.listen = free_or_any(settings.listen);
        say("\nThe sample day is done; the service goes on. Ctrl-C ends it.")?;
        runtime.block_on(demo_people::add_all(&settings))?;
        demo_people::print_all(settings.listen)?;
        say("\nSend it something of your own:")?;
        say(format_args!(
            "  curl 'http://{}/api/v1/drafts?wait=5s' -H 'Content-Type: application/json' \\",
            settings.listen
        ))?;
        say(
            "       -d '{\"id\":\"try-1\",\"kind\":\"draft\",\"text\":\"Ring Jo on 07700 900123\"}'\n",
        )?;
        runtime.block_on(serve(&settings, schools, stop_signal()))?;
    }
    Ok(Exit::Success)
}

/// The wished address, or a free port of it where another program has it.
fn free_or_any(wished: SocketAddr) -> SocketAddr {
    let bound = std::net::TcpListener::bind(wished)
        .or_else(|_| std::net::TcpListener::bind(SocketAddr::new(wished.ip(), 0)));
    bound
        .and_then(|listener| listener.local_addr())
        .unwrap_or(wished)
}

async fn day(
    settings: &ServiceSettings,
    schools: &Arc<Schools>,
    folder: &Path,
    kept: Option<&Path>,
) -> anyhow::Result<()> {
    make_data(&settings.data)?;
    let (store, _lock) = open_store(settings).await?;
    let house = House {
        store: store.clone(),
        schools: Arc::clone(schools),
        settings: settings.clone(),
    };
    let started = SystemClock.now();
    let keys = send_day(&store, schools, folder).await?;
    let roles = house.start(Parts::ALL)?;
    let done = wait_until_done(&store).await;
    roles.stop().await;
    done?;
    let mut verdicts = Vec::with_capacity(keys.len());
    for key in &keys {
        verdicts.push(
            store
                .verdict_by_key(key)
                .await?
                .context("an item has no verdict")?
                .verdict,
        );
    }
    print_table(&verdicts)?;
    print_totals(&verdicts, &store, kept, started).await
}

/// Sends every sample item through the store's door, as HTTP intake does; gives the row keys in order.
async fn send_day(store: &Store, schools: &Schools, folder: &Path) -> anyhow::Result<Vec<String>> {
    let now = SystemClock.now();
    let today = now.to_zoned(TimeZone::UTC).date();
    let shift = SAMPLE_TODAY
        .until(today)
        .context("the clock is out of range")?
        .get_days();
    let mut keys = Vec::new();
    for file in ["drafts.jsonl", "comments.jsonl"] {
        let lines = fs::read_to_string(folder.join("day").join(file))
            .with_context(|| format!("cannot read {file}"))?;
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            let body = moved(line, shift)?;
            let submission = parse_submission(body.as_bytes())?;
            let school = schools
                .resolve(submission.school.as_deref())
                .context("the sample names an unknown school")?;
            let item =
                NewItem::from_submission(new_key(), &school, &submission, body.into_bytes(), now);
            match store.receive(&[item]).await?.into_iter().next() {
                Some(Receipt::New { key, .. } | Receipt::Duplicate { key, .. }) => keys.push(key),
                Some(Receipt::Conflict { .. }) | None => bail!("the sample day contradicts itself"),
            }
        }
    }
    Ok(keys)
}

/// Moves an item's times by whole days, so that the sample day is today.
fn moved(line: &str, days: i32) -> anyhow::Result<String> {
    let mut item: serde_json::Value = serde_json::from_str(line)?;
    for field in ["created_at", "publish_at"] {
        if let Some(at) = item.get(field).and_then(|at| at.as_str()) {
            let at: Timestamp = at.parse()?;
            item[field] = at
                .checked_add((i64::from(days) * 24).hours())?
                .to_string()
                .into();
        }
    }
    Ok(item.to_string())
}

async fn wait_until_done(store: &Store) -> anyhow::Result<()> {
    let finished = async {
        loop {
            let counts = store.counts().await?;
            if counts.waiting == 0 && counts.outbox_pending == 0 {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, finished)
        .await
        .context("the sample day did not finish in five minutes")?
}

fn print_table(verdicts: &[Verdict]) -> std::io::Result<()> {
    for (kind, title) in [(ItemKind::Draft, "Drafts"), (ItemKind::Comment, "Comments")] {
        say(format_args!("{title}\n{}", "-".repeat(title.len())))?;
        for verdict in verdicts.iter().filter(|verdict| verdict.kind == kind) {
            print_verdict(verdict)?;
        }
        say("")?;
    }
    Ok(())
}

fn print_verdict(verdict: &Verdict) -> std::io::Result<()> {
    let name = match verdict.revision {
        1 => verdict.id.to_string(),
        revision => format!("{} (revision {revision})", verdict.id),
    };
    let told: Vec<_> = verdict
        .alert
        .iter()
        .map(|audience| audience.code())
        .collect();
    let told = if told.is_empty() {
        String::new()
    } else {
        format!("  -> {}", told.join(", "))
    };
    let classes: Vec<_> = verdict.classes.iter().map(|class| class.code()).collect();
    say(format_args!(
        "{:<9} {name:<28} {}{told}",
        verdict.outcome.code().to_uppercase(),
        classes.join(", ")
    ))?;
    for (text, fix) in verdict.plain_reasons() {
        say(format_args!("            {text}"))?;
        if let (Some(fix), true) = (fix, verdict.outcome > Outcome::Approve) {
            say(format_args!("              {fix}"))?;
        }
    }
    Ok(())
}

async fn print_totals(
    verdicts: &[Verdict],
    store: &Store,
    kept: Option<&Path>,
    started: Timestamp,
) -> anyhow::Result<()> {
    say("Totals\n------")?;
    for kind in [ItemKind::Draft, ItemKind::Comment] {
        let count = |outcome| {
            verdicts
                .iter()
                .filter(|v| v.kind == kind && v.outcome == outcome)
                .count()
        };
        say(format_args!(
            "{:<9} {:>3} approved  {:>3} held  {:>3} escalated",
            format!("{}s", kind.code()),
            count(Outcome::Approve),
            count(Outcome::Hold),
            count(Outcome::Escalate)
        ))?;
    }
    let cleaned = verdicts
        .iter()
        .flat_map(|v| &v.media)
        .filter(|medium| medium.clean_sha256.is_some())
        .count();
    let emptied = verdicts
        .iter()
        .flat_map(|v| &v.media)
        .filter(|medium| !medium.removed.is_empty())
        .count();
    say(format_args!(
        "photos    {cleaned:>3} cleaned, {emptied} of them held details that were removed"
    ))?;
    let counts = store.counts().await?;
    say(format_args!(
        "alerts    {:>3} sent as mails without names or quotations",
        counts.outbox_sent
    ))?;
    if let Some(kept) = kept {
        say(format_args!(
            "          the mails are in {}",
            kept.join("mail").display()
        ))?;
    }
    let seconds = SystemClock.now().duration_since(started).as_secs_f64();
    say(format_args!("{} items in {seconds:.1} s", verdicts.len()))?;
    Ok(())
}
