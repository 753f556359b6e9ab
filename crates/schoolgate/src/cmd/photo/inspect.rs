//! `photo inspect`: the report, for people and for programs.

use std::path::{Path, PathBuf};

use clap::Args;
use schoolgate_darkroom::{Asked, Darkroom};
use schoolgate_model::{MediumFault, MetadataFact, MetadataKind, ReadMedium};
use schoolgate_policy::person::is_unseen;
use serde_json::{Value, json};

use super::{count, develop, many};
use crate::exit::{Exit, Failure, complain, say};

/// Entries of one kind that are shown to people; programs get all of them.
const MOST_SHOWN: usize = 8;

/// Arguments of `photo inspect`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// One JSON object a picture
    #[arg(long)]
    json: bool,
    /// The PDQ fingerprint, 64 hexadecimal digits, instead of the report; with --json in it
    #[arg(long)]
    hash: bool,
    /// The pictures
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// What the pictures came to.
#[derive(Default)]
struct Tally {
    telling: usize,
    silent: usize,
    unread: usize,
}

pub(super) async fn run(darkroom: &Darkroom, arguments: &Arguments) -> Result<Exit, Failure> {
    let mut tally = Tally::default();
    let asked = Asked {
        likeness: arguments.hash,
        ..Asked::COPY
    };
    let work = |file: PathBuf| {
        let darkroom = darkroom.clone();
        async move {
            let developed = develop(&darkroom, &file, asked).await?;
            Ok(developed.read)
        }
    };
    many::each(&arguments.files, work, |file, result| match result {
        Ok(read) => {
            match read.metadata.is_empty() {
                true => tally.silent += 1,
                false => tally.telling += 1,
            }
            tell(file, &read, arguments)
        }
        Err(why) => {
            tally.unread += 1;
            if arguments.json {
                say(json!({"file": file, "error": why}))?;
            }
            complain(&format!("error: {}: {why}", file.display()));
            Ok(())
        }
    })
    .await?;
    let for_people = !arguments.json && !arguments.hash;
    if for_people && arguments.files.len() > 1 {
        say(tally.words())?;
    }
    Ok(match (tally.unread, tally.telling) {
        (1.., _) => Exit::PartlyRead,
        (0, 1..) if !arguments.hash => Exit::No,
        _ => Exit::Success,
    })
}

impl Tally {
    fn words(&self) -> String {
        let all = count(
            self.telling + self.silent + self.unread,
            "picture",
            "pictures",
        );
        format!(
            "{all}: {} more than the picture shows, {} nothing, {} could not be read.",
            count(self.telling, "says", "say"),
            count(self.silent, "says", "say"),
            self.unread
        )
    }
}

fn tell(file: &Path, read: &ReadMedium, arguments: &Arguments) -> std::io::Result<()> {
    match (arguments.json, arguments.hash) {
        (true, hash) => say(report_json(file, read, hash)),
        (false, true) => tell_hash(file, read, arguments.files.len() > 1),
        (false, false) => report_text(file, read),
    }
}

fn tell_hash(file: &Path, read: &ReadMedium, with_name: bool) -> std::io::Result<()> {
    let fingerprint = read.looks.fingerprint.as_ref();
    match (fingerprint, with_name) {
        (Some((hash, _)), false) => say(hash),
        (Some((hash, _)), true) => say(format_args!("{hash}  {}", file.display())),
        (None, _) => {
            complain(&format!("error: {}: it has no fingerprint", file.display()));
            Ok(())
        }
    }
}

fn report_json(file: &Path, read: &ReadMedium, hash: bool) -> Value {
    let entries: Vec<_> = read
        .metadata
        .iter()
        .map(|fact| json!({"type": fact.kind.code(), "tag": fact.tag, "text": fact.text.as_ref().map(|text| text.expose())}))
        .collect();
    let clean = read.clean.as_ref();
    let mut report = json!({
        "file": file,
        "format": read.format,
        "width": read.width,
        "height": read.height,
        "moving": read.moving,
        "sha256": read.sha256,
        "metadata": entries,
        "clean_sha256": clean.ok().map(|clean| clean.sha256.clone()),
        "re_encoded": clean.ok().map(|clean| clean.re_encoded),
        "cannot_clean": clean.err().map(MediumFault::describe),
    });
    if hash {
        let fingerprint = read.looks.fingerprint.as_ref();
        report["hash"] = json!(fingerprint.map(|(hash, _)| hash));
        report["hash_quality"] = json!(fingerprint.map(|(_, quality)| quality));
    }
    report
}

fn report_text(file: &Path, read: &ReadMedium) -> std::io::Result<()> {
    let what = if read.moving {
        "film or animation"
    } else {
        "picture"
    };
    say(format_args!(
        "{}: {} {what}, {} x {} pixels",
        file.display(),
        read.format.to_uppercase(),
        read.width,
        read.height
    ))?;
    let mut kinds: Vec<MetadataKind> = read.metadata.iter().map(|fact| fact.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() {
        say("  The file gives nothing away besides the picture itself.")?;
    } else {
        say("  Do not post this file as it is. Besides the picture it gives away:")?;
    }
    for kind in kinds {
        say(format_args!("  - {}", kind.plain()))?;
        tell_kind(&read.metadata, kind)?;
    }
    match &read.clean {
        Ok(copy) if copy.re_encoded => say(format_args!(
            "  A clean copy can be made: schoolgate photo clean --out DIR FILE. It will be a {} with its pixels compressed anew.",
            copy.format.to_uppercase()
        )),
        Ok(_) => say("  A clean copy can be made: schoolgate photo clean --out DIR FILE"),
        Err(fault) => {
            let why = fault.describe();
            say(format_args!(
                "  No clean copy can be made: {}.",
                why.trim_end_matches('.')
            ))
        }
    }
}

fn tell_kind(facts: &[MetadataFact], kind: MetadataKind) -> std::io::Result<()> {
    let of_kind = || facts.iter().filter(|fact| fact.kind == kind);
    for fact in of_kind().take(MOST_SHOWN) {
        let text = fact
            .text
            .as_ref()
            .map_or("(data)", |text| text.expose().as_str());
        say(format_args!(
            "      {}: {}",
            printable(&fact.tag),
            printable(text)
        ))?;
    }
    match of_kind().count().saturating_sub(MOST_SHOWN) {
        0 => Ok(()),
        more => say(format_args!("      and {more} more; --json shows all")),
    }
}

/// A terminal must not obey what a picture's file says.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if is_unseen(c) { ' ' } else { c })
        .take(160)
        .collect()
}
