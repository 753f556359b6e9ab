//! `check`: items in, verdicts out, a line each, in the same order, with no service and no store.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use schoolgate_darkroom::Darkroom;
use schoolgate_model::{
    Budget, Clock as _, LinkFacts, MediaFacts, MediumFault, Outcome, SystemClock, Verdict,
    wire::parse_submission,
};
use schoolgate_pipeline::{screen, words_first};
use schoolgate_school::Schools;
use serde_json::json;

use crate::{
    exit::{Exit, Failure, complain},
    runtime::{folder_shelf, load_schools, looking_settings, tokio_runtime},
};

/// The longest line that is read, bytes; a longer one is answered with an error and skipped without being kept.
const MAX_LINE_BYTES: usize = 16 * 1024 * 1024;
/// What some editors and spreadsheets put at the start of a UTF-8 file. It is no part of the first item.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// How answers look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON verdict a line
    Jsonl,
    /// A few readable lines an item
    Text,
}

/// From which outcome on the exit code is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Held or escalated
    Hold,
    /// Escalated
    Escalate,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  schoolgate check --config fixtures/demo/config --media-root fixtures/demo fixtures/demo/day/drafts.jsonl\n  echo '{\"id\":\"d-1\",\"kind\":\"draft\",\"text\":\"Well done Year 4\"}' | schoolgate check --config fixtures/demo/config --format text"
)]
pub struct Arguments {
    /// How answers look
    #[arg(long, value_enum, default_value = "jsonl")]
    format: Format,
    /// The folder that pictures' paths are relative to; by default the folder of FILE or the current one
    #[arg(long, value_name = "DIR")]
    media_root: Option<PathBuf>,
    /// Ends with exit code 1 when an item is held (or escalated)
    #[arg(long, value_enum)]
    fail_on: Option<FailOn>,
    /// The file to read; standard input where left out or `-`
    file: Option<PathBuf>,
}

pub fn run(config: &Path, arguments: &Arguments) -> Result<Exit, Failure> {
    let schools = load_schools(config)?;
    for warning in &schools.warnings {
        complain(&format!("warning: {warning}"));
    }
    let file = arguments
        .file
        .as_deref()
        .filter(|file| *file != Path::new("-"));
    let input: Box<dyn BufRead> = match file {
        Some(path) => Box::new(BufReader::new(
            File::open(path).with_context(|| format!("cannot read {}", path.display()))?,
        )),
        None => Box::new(io::stdin().lock()),
    };
    let beside = file
        .and_then(Path::parent)
        .filter(|folder| !folder.as_os_str().is_empty());
    let root = arguments
        .media_root
        .clone()
        .or_else(|| beside.map(Path::to_path_buf))
        .unwrap_or_else(|| ".".into());
    let (shelf, runtime) = (folder_shelf(&schools)?, tokio_runtime()?);
    for slug in schools.by_slug.keys() {
        for fault in runtime.block_on(shelf.faults(slug)) {
            complain(&format!("warning: {}: {}", fault.file, fault.why));
        }
    }
    let checker = Checker {
        darkroom: Darkroom::new(looking_settings(&schools, vec![shelf], root, None)?),
        schools,
        runtime,
        format: arguments.format,
    };
    let seen = checker.stream(input, BufWriter::new(io::stdout().lock()))?;
    Ok(seen.exit(arguments.fail_on))
}

struct Checker {
    schools: Schools,
    darkroom: Darkroom,
    runtime: tokio::runtime::Runtime,
    format: Format,
}

/// What the run saw.
#[derive(Debug, Default)]
struct Seen {
    worst: Option<Outcome>,
    unreadable: bool,
}

impl Seen {
    fn exit(&self, fail_on: Option<FailOn>) -> Exit {
        let limit = fail_on.map(|fail_on| match fail_on {
            FailOn::Hold => Outcome::Hold,
            FailOn::Escalate => Outcome::Escalate,
        });
        match limit {
            _ if self.unreadable => Exit::PartlyRead,
            Some(limit) if self.worst.is_some_and(|worst| worst >= limit) => Exit::No,
            _ => Exit::Success,
        }
    }
}

/// Why a line is not an item.
struct BadLine {
    id: Option<String>,
    error: String,
}

impl Checker {
    fn stream(&self, mut input: impl BufRead, mut output: impl Write) -> io::Result<Seen> {
        let mut seen = Seen::default();
        let mut line = Vec::new();
        let mut number = 0_u64;
        while let Some(whole) = read_line(&mut input, &mut line)? {
            number += 1;
            if number == 1 && line.starts_with(BYTE_ORDER_MARK) {
                line.drain(..BYTE_ORDER_MARK.len());
            }
            if whole && line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let answer = if whole {
                self.answer(&line)
            } else {
                let error = format!("the line is longer than {} MB", MAX_LINE_BYTES / 1_048_576);
                Err(BadLine { id: None, error })
            };
            match answer {
                Ok(verdict) => {
                    seen.worst = seen.worst.max(Some(verdict.outcome));
                    self.write(&verdict, &mut output)?;
                }
                Err(bad) => {
                    seen.unreadable = true;
                    let refusal = json!({"id": bad.id, "line": number, "error": bad.error});
                    writeln!(output, "{refusal}")?;
                }
            }
            output.flush()?;
        }
        Ok(seen)
    }

    fn answer(&self, line: &[u8]) -> Result<Verdict, BadLine> {
        let submission = parse_submission(line).map_err(|error| BadLine {
            id: error.id,
            error: error.message,
        })?;
        let id = Some(submission.id.to_string());
        let school = self
            .schools
            .resolve(submission.school.as_deref())
            .ok_or_else(|| BadLine {
                id: id.clone(),
                error: match submission.school {
                    Some(_) => "`school` is not a school of this configuration".to_owned(),
                    None => "`school` is needed where several schools are configured".to_owned(),
                },
            })?;
        let snapshot = self.schools.get(&school).ok_or_else(|| BadLine {
            id,
            error: "unknown school".to_owned(),
        })?;
        let now = SystemClock.now();
        let revision = submission.revision.unwrap_or(1);
        let item = submission.into_item(school, revision, now);
        let facts = if item.content.media.is_empty() {
            MediaFacts::default()
        } else if words_first(&item, snapshot, now, &Budget::default()).forbids_pictures {
            MediaFacts::without(&item.content.media, &MediumFault::Withheld)
        } else {
            self.runtime.block_on(self.darkroom.facts(&item))
        };
        Ok(screen(
            &item,
            &facts,
            &LinkFacts::default(),
            snapshot,
            now,
            &Budget::default(),
        )
        .verdict)
    }

    fn write(&self, verdict: &Verdict, mut output: impl Write) -> io::Result<()> {
        if self.format == Format::Jsonl {
            serde_json::to_writer(&mut output, verdict)?;
            return writeln!(output);
        }
        let word = verdict.outcome.code().to_uppercase();
        let codes = |codes: Vec<&str>, before: &str| match codes.is_empty() {
            true => String::new(),
            false => format!("{before}{}", codes.join(", ")),
        };
        let classes = codes(
            verdict.classes.iter().map(|class| class.code()).collect(),
            "  ",
        );
        let told = codes(
            verdict
                .alert
                .iter()
                .map(|audience| audience.code())
                .collect(),
            "  -> ",
        );
        writeln!(
            output,
            "{word:<9} {} {}{classes}{told}",
            verdict.kind.code(),
            verdict.id
        )?;
        if let Some(due) = verdict.due_at {
            let words = if verdict.needs_response == Some(true) {
                ", needs an answer"
            } else {
                ""
            };
            writeln!(output, "          due {due}{words}")?;
        }
        for (text, fix) in verdict.plain_reasons() {
            writeln!(output, "          - {text}")?;
            if let Some(fix) = fix {
                writeln!(output, "            {fix}")?;
            }
        }
        for limit in verdict.not_checked() {
            writeln!(output, "          note: {limit}")?;
        }
        Ok(())
    }
}

/// Reads a line without its end into `line`; `Some(false)` = it was too long and has been skipped, `None` = the end.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    let mut any = false;
    let mut whole = true;
    loop {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() {
            return Ok(any.then_some(whole));
        }
        any = true;
        let newline = available.iter().position(|byte| *byte == b'\n');
        let taken = newline.unwrap_or(available.len());
        if whole && line.len() + taken > MAX_LINE_BYTES {
            whole = false;
            *line = Vec::new();
        }
        if whole {
            line.extend_from_slice(&available[..taken]);
        }
        let consumed = newline.map_or(taken, |at| at + 1);
        input.consume(consumed);
        if newline.is_some() {
            return Ok(Some(whole));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_whole_and_too_long_ones_are_skipped() {
        let long = "x".repeat(MAX_LINE_BYTES + 1);
        let text = format!("a\n\n{long}\nb");
        let mut input = BufReader::with_capacity(4096, text.as_bytes());
        let mut line = Vec::new();
        let mut lines = Vec::new();
        while let Some(whole) = read_line(&mut input, &mut line).unwrap() {
            lines.push((whole, line.len()));
        }
        assert_eq!(lines, [(true, 1), (true, 0), (false, 0), (true, 1)]);
    }
}
