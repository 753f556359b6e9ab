//! `doctor`: looks at everything the service needs and says how to mend each fault.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use jiff::{Timestamp, civil::date, tz::TimeZone};
use schoolgate_broker::Publisher;
use schoolgate_model::{Audience, Clock as _, PictureSettings, SchoolId, SystemClock};
use schoolgate_scan::lexicon::Lexicon;
use schoolgate_school::{
    Schools,
    service::{MailRoute, ServiceSettings},
};
use schoolgate_store::Store;
use serde_json::json;
use tokio::sync::watch;

use super::{photo, serving::Flags};
use crate::{
    exit::{Exit, Failure, Faults, say},
    runtime::{
        broker_settings, darkroom, folder_shelf, late, load_schools, media_store, tokio_runtime,
    },
};

/// Arguments of `doctor`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  schoolgate doctor --config my-school\n  schoolgate doctor --config my-school --data /var/lib/schoolgate --json"
)]
pub struct Arguments {
    /// One JSON object
    #[arg(long)]
    json: bool,
    /// The folder of the service's store, where serve was given one
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The service's database, where serve was given one
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The service's broker, where serve was given one
    #[arg(long, value_name = "URL")]
    broker: Option<String>,
}

/// One thing looked at.
struct Line {
    name: &'static str,
    /// What is worth saying where there is no fault.
    said: Option<String>,
    fault: Option<String>,
    mend: String,
}

impl Line {
    fn new(name: &'static str, fault: Option<String>, mend: impl Into<String>) -> Self {
        Self {
            name,
            said: None,
            fault,
            mend: mend.into(),
        }
    }
}

pub fn run(config: &Path, arguments: &Arguments) -> Result<Exit, Failure> {
    let now = SystemClock.now();
    let mut lines = vec![clock(now), wordlists()];
    let mut settings = match ServiceSettings::load(config, &|name| std::env::var(name).ok()) {
        Ok(settings) => Some(settings),
        Err(faults) => {
            lines.extend(faults.iter().map(|fault| {
                Line::new("settings", Some(fault.to_string()), "mend schoolgate.toml")
            }));
            None
        }
    };
    if let Some(settings) = &mut settings {
        lines.extend(
            settings
                .door_faults()
                .iter()
                .map(|fault| Line::new("door", Some(fault.to_string()), "mend schoolgate.toml")),
        );
        let flags = Flags {
            data: arguments.data.clone(),
            database: arguments.database.clone(),
            broker: arguments.broker.clone(),
            ..Flags::default()
        };
        flags.overlay(settings)?;
    }
    let runtime = tokio_runtime()?;
    let mut slugs = Vec::new();
    match load_schools(config) {
        Ok(schools) => {
            slugs.extend(schools.by_slug.keys().map(ToString::to_string));
            school_lines(&schools, now, &mut lines);
            runtime.block_on(listed_pictures(&schools, &mut lines))?;
        }
        Err(Faults(faults)) => {
            lines.extend(
                faults.iter().map(|fault| {
                    Line::new("schools", Some(fault.to_string()), "mend the file named")
                }),
            );
        }
    }
    lines.push(runtime.block_on(picture_reader()));
    if let Some(settings) = &settings {
        runtime.block_on(service_lines(settings, &slugs, now, &mut lines));
    }
    let sound = lines.iter().all(|line| line.fault.is_none());
    print(&lines, arguments.json, sound)?;
    Ok(if sound { Exit::Success } else { Exit::No })
}

fn print(lines: &[Line], as_json: bool, sound: bool) -> std::io::Result<()> {
    if as_json {
        let checks: Vec<_> = lines
            .iter()
            .map(|line| json!({"name": line.name, "ok": line.fault.is_none(), "detail": line.said, "fault": line.fault, "mend": line.fault.as_ref().map(|_| &line.mend)}))
            .collect();
        return say(json!({"ok": sound, "checks": checks}));
    }
    for line in lines {
        match &line.fault {
            None => match &line.said {
                None => say(format_args!("ok     {}", line.name))?,
                Some(said) => say(format_args!("ok     {} ({said})", line.name))?,
            },
            Some(fault) => say(format_args!(
                "FAULT  {}: {fault}\n       mend: {}",
                line.name, line.mend
            ))?,
        }
    }
    say(if sound {
        "Everything looks right."
    } else {
        "There is something to mend."
    })
}

fn clock(now: Timestamp) -> Line {
    let built = date(2026, 11, 1)
        .to_zoned(TimeZone::UTC)
        .map(|at| at.timestamp())
        .unwrap_or(Timestamp::UNIX_EPOCH);
    let fault =
        (now < built).then(|| "the machine's clock is before this program was made".to_owned());
    Line::new(
        "clock",
        fault,
        "set the clock, for example with `timedatectl set-ntp true`",
    )
}

fn wordlists() -> Line {
    let faults = Lexicon::built_in().map_or_else(|faults| faults, |lexicon| lexicon.self_test());
    let fault = faults
        .first()
        .map(|first| format!("{} faults, the first: {first}", faults.len()));
    Line::new(
        "wordlists",
        fault,
        "install a released version of the program; its wordlists are part of it",
    )
}

/// How old a school's pupil list is, and whether pictures are still checked against it.
fn pupil_list(slug: &SchoolId, pictures: &PictureSettings, now: Timestamp) -> Line {
    let said = match (pictures.list_age_days(now), pictures.list_max_age_days) {
        (None, _) => format!("{slug}: nobody knows how old the pupil list is"),
        (Some(age), None) => format!("{slug}: {age} days old; no limit is set"),
        (Some(age), Some(most)) => format!("{slug}: {age} days old, {most} allowed"),
    };
    let fault = pictures
        .stale_list(now)
        .map(|why| format!("{slug}: {why}; pictures are held"));
    Line {
        said: Some(said),
        ..Line::new(
            "pupil list",
            fault,
            "export the register anew, or set [pictures] list_max_age_days and synchronised in school.toml",
        )
    }
}

fn school_lines(schools: &Schools, now: Timestamp, lines: &mut Vec<Line>) {
    lines.push(Line::new("schools", None, ""));
    for missing in schools.missing_lists() {
        lines.push(Line::new(
            "register",
            Some(missing),
            "export it from your management information system; until then everything is held",
        ));
    }
    for warning in &schools.warnings {
        lines.push(Line::new(
            "configuration",
            Some(warning.to_string()),
            "mend the file named",
        ));
    }
    for (slug, snapshot) in &schools.by_slug {
        lines.push(pupil_list(slug, &snapshot.pictures, now));
        for audience in [
            Audience::Dsl,
            Audience::Slt,
            Audience::Head,
            Audience::Dpo,
            Audience::Press,
        ] {
            if snapshot.contacts.resolve(audience).is_empty() {
                let fault = format!("{slug}: nobody would be told for `{}`", audience.code());
                lines.push(Line::new(
                    "contacts",
                    Some(fault),
                    "add people to [contacts] in school.toml; `slt` or `head` catch the rest",
                ));
            }
        }
    }
}

/// The pictures that schools never publish: each that cannot be compared with is a fault.
async fn listed_pictures(schools: &Schools, lines: &mut Vec<Line>) -> anyhow::Result<()> {
    let shelf = folder_shelf(schools)?;
    for slug in schools.by_slug.keys() {
        for fault in shelf.faults(slug).await {
            lines.push(Line::new(
                "listed pictures",
                Some(format!("{}: {}", fault.file, fault.why)),
                "replace the file with a picture that opens, or take it away; until then every picture is held",
            ));
        }
    }
    Ok(())
}

async fn picture_reader() -> Line {
    // a 1 x 1 grey PNG
    const PIXEL: &[u8] = &[
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44,
        0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a,
        0x7e, 0x9b, 0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x68,
        0x00, 0x00, 0x00, 0x82, 0x00, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0x00, 0x00, 0x00, 0x00, 0x49,
        0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
    ];
    let fault = match darkroom(None, None) {
        Ok(darkroom) => match darkroom.develop(PIXEL.to_vec()).await {
            Ok(developed) => developed.read.clean.err().map(|fault| fault.describe()),
            Err(fault) => Some(fault.describe()),
        },
        Err(error) => Some(error.to_string()),
    };
    Line::new(
        "picture reader",
        fault,
        "the program must be able to start itself and use 768 MB of memory",
    )
}

/// Why the broker cannot be used; absent where it can, or none is configured.
async fn broker_fault(settings: &ServiceSettings) -> Option<String> {
    let broker = match broker_settings(settings, "doctor") {
        Ok(broker) => broker?,
        Err(error) => return Some(error.to_string()),
    };
    let (close, closing) = watch::channel(false);
    let (publisher, supervisor) = Publisher::start(broker, &[], closing);
    let answer = publisher.wait_ready(Duration::from_secs(10)).await;
    // nobody listening is the same
    let _ = close.send(true);
    drop(tokio::time::timeout(Duration::from_secs(1), supervisor).await);
    answer.err().map(|error| error.to_string())
}

async fn service_lines(
    settings: &ServiceSettings,
    slugs: &[String],
    now: Timestamp,
    lines: &mut Vec<Line>,
) {
    if settings.broker.is_some() {
        lines.push(Line::new(
            "broker",
            broker_fault(settings).await,
            "check the address, the user's password and rights, and that RabbitMQ is up",
        ));
    }
    lines.push(Line::new(
        "mail",
        settings
            .mail
            .is_none()
            .then(|| "no mail is configured: alerts wait in the outbox".to_owned()),
        "set [mail] smtp (or folder) in schoolgate.toml",
    ));
    if let Some(fault) = mail_fault(settings).await {
        lines.push(Line::new(
            "mail",
            Some(fault),
            "check [mail] smtp in schoolgate.toml and that the server is up",
        ));
    }
    lines.push(Line::new(
        "data folder",
        data_fault(&settings.data),
        "name a folder that the service may write to with --data",
    ));
    lines.push(Line::new(
        "media store",
        media_fault(settings).await,
        "check [media] in schoolgate.toml, the disk or the bucket, and that the service's user may write there",
    ));
    let database = settings.data.join("schoolgate.db");
    if settings.database.is_none() && !database.exists() {
        // nothing has been served yet
        lines.push(Line::new("store", None, ""));
        return;
    }
    let looked = async {
        let store = Store::open(settings.database_url().expose()).await?;
        store.schema_version().await?;
        for slug in slugs {
            let count = photo::outdated(&store, slug).await?;
            if count > 0 {
                let said = format!(
                    "{slug}: {count} listed by another version of this program cannot be compared with"
                );
                lines.push(Line::new("listed pictures", Some(said), photo::LIST_ANEW));
            }
        }
        store.counts().await
    };
    match looked.await {
        Err(error) => {
            let mend = "check --data and --database, the disk, and that the database server is up; `schoolgate serve` brings an older store up to date";
            lines.push(Line::new("store", Some(error.to_string()), mend));
        }
        Ok(counts) => {
            lines.push(Line::new("store", None, ""));
            lines.push(Line::new(
                "alerts",
                late(counts.oldest_pending_alert, now, "an alert"),
                "check mail and [contacts]; alerts are tried again by themselves",
            ));
            lines.push(Line::new(
                "screening",
                late(counts.oldest_waiting, now, "an item"),
                "check that `schoolgate serve` is running and what its log says",
            ));
        }
    }
}

/// Why clean copies cannot be kept, given back and removed. A data folder that is not there yet is looked at elsewhere.
async fn media_fault(settings: &ServiceSettings) -> Option<String> {
    if settings.bucket.is_none() && !settings.data.exists() {
        return None;
    }
    let media = match media_store(settings) {
        Ok(media) => media,
        Err(error) => return Some(format!("{error:#}")),
    };
    match tokio::task::spawn_blocking(move || media.check()).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(format!("clean copies of pictures cannot be kept: {error}")),
        Err(_) => Some("the media store stopped".to_owned()),
    }
}

/// Why the data folder, or the nearest folder above it that exists, cannot be written.
fn data_fault(data: &Path) -> Option<String> {
    let Some(there) = data
        .ancestors()
        .find(|folder| folder.exists() || folder.as_os_str().is_empty())
    else {
        return Some(format!("{} is nowhere", data.display()));
    };
    let there = if there.as_os_str().is_empty() {
        Path::new(".")
    } else {
        there
    };
    let tried = tempfile::tempfile_in(there).err()?;
    Some(format!(
        "{} cannot be written ({})",
        there.display(),
        tried.kind()
    ))
}

/// Whether the mail server answers at all.
async fn mail_fault(settings: &ServiceSettings) -> Option<String> {
    let MailRoute::Smtp(smtp) = &settings.mail.as_ref()?.route else {
        return None;
    };
    let address = smtp
        .split_once("://")
        .map_or(smtp.as_str(), |(_, rest)| rest)
        .trim_end_matches('/')
        .to_owned();
    let connect = tokio::net::TcpStream::connect(address);
    match tokio::time::timeout(Duration::from_secs(5), connect).await {
        Ok(Ok(_)) => None,
        Ok(Err(error)) => Some(format!(
            "the mail server does not answer ({})",
            error.kind()
        )),
        Err(_) => Some("the mail server does not answer in 5 s".to_owned()),
    }
}
