//! `cargo xtask bench`: speed as ratios within one run, one thread, so that the machine cancels out. Needs the release
//! build of this program; `cargo xtask bench` makes it and runs it.

use std::{hint::black_box, path::Path, time::Instant};

use anyhow::{Context, Result};
use cap::Cap;
use rustrict::CensorStr as _;
use schoolgate_model::{
    Budget, Item, LinkFacts, MediaFacts, Meter, Surface, wire::parse_submission,
};
use schoolgate_pipeline::{Listed, Snapshot, screen};
use schoolgate_scan::{
    LanguageContext, Lexicon, LinkSettings, NameContext, OwnDetails, PersonalContext, Roster,
    SurfaceText, fold, scan_language, scan_links, scan_names, scan_personal_data,
};

use crate::{crowd, lookalike, photo_speed};

/// Counts what is allocated, for the size of an index.
#[global_allocator]
static ALLOCATED: Cap<std::alloc::System> = Cap::new(std::alloc::System, usize::MAX);

/// How often every measurement is taken; the fastest counts, because noise only ever adds.
const ROUNDS: usize = 7;

/// The report, and whether every goal was met.
pub struct Report {
    /// Lines to print.
    pub lines: Vec<String>,
    /// Whether every goal was met.
    pub good: bool,
}

impl Report {
    /// Adds a line about something that has a goal.
    pub fn goal(&mut self, met: bool, line: &str) {
        self.good &= met;
        let mark = if met { "     " } else { "BELOW" };
        self.lines.push(format!("{mark}  {line}"));
    }
}

/// Measures.
///
/// # Errors
/// When the sample items or the generated register cannot be read.
pub fn run(root: &Path) -> Result<Report> {
    let mut report = Report {
        lines: Vec::new(),
        good: true,
    };
    let texts = comments(root)?;
    whole_comment(&texts, &mut report)?;
    large_register(&texts, &mut report)?;
    linear(&mut report)?;
    lookalike::run(&mut report, || ALLOCATED.allocated());
    photo_speed::run(root, &mut report)?;
    Ok(report)
}

/// The comments of the sets, as they were written.
fn comments(root: &Path) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for file in ["demo/day/comments.jsonl", "eval/tuned/comments.jsonl"] {
        let path = root.join("fixtures").join(file);
        let lines = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        for line in lines.lines() {
            let item: serde_json::Value = serde_json::from_str(line)?;
            texts.extend(item["text"].as_str().map(str::to_owned));
        }
    }
    Ok(texts)
}

/// The whole text screening of a comment against 1,500 pupils, beside one profanity pass.
fn whole_comment(texts: &[String], report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let snapshot = crowd::school(folder.path(), 1_500)?;
    let items = items(texts, &snapshot)?;
    let pass = fastest(|| {
        for text in texts {
            black_box(text.as_str().is_inappropriate());
        }
    });
    let whole = fastest(|| screen_all(&items, &snapshot));
    let bytes: usize = texts.iter().map(String::len).sum();
    let each = |seconds: f64| seconds * 1e6 / share(texts.len());
    report.lines.push(format!(
        "{} comments of {} bytes on average; a profanity pass (rustrict) {:.1} us, the whole screening {:.1} us each",
        texts.len(),
        bytes / texts.len().max(1),
        each(pass),
        each(whole)
    ));
    let ratio = whole / pass;
    report.goal(
        ratio <= 2.0,
        &format!("whole screening of a comment, 1,500 pupils : profanity pass = {ratio:.2} (goal <= 2, stretch 1)"),
    );
    Ok(())
}

fn items(texts: &[String], snapshot: &Snapshot) -> Result<Vec<Item>> {
    let now = jiff::Timestamp::UNIX_EPOCH;
    texts
        .iter()
        .enumerate()
        .map(|(at, text)| {
            let line = serde_json::json!({"id": format!("c-{at}"), "kind": "comment", "text": text,
                "author": {"id": "9001", "name": "A Parent"}});
            let submission = parse_submission(line.to_string().as_bytes())
                .map_err(|error| anyhow::anyhow!(error.message))?;
            Ok(submission.into_item(snapshot.school.clone(), 1, now))
        })
        .collect()
}

fn screen_all(items: &[Item], snapshot: &Snapshot) {
    let now = jiff::Timestamp::UNIX_EPOCH;
    for item in items {
        let (media, links) = (MediaFacts::default(), LinkFacts::default());
        black_box(screen(
            item,
            &media,
            &links,
            snapshot,
            now,
            &Budget::default(),
        ));
    }
}

/// The name check against a thousand and a million pupils, and the size of the larger index.
fn large_register(texts: &[String], report: &mut Report) -> Result<()> {
    let surfaces: Vec<SurfaceText> = texts.iter().map(|text| surface(text)).collect();
    let folder = tempfile::tempdir()?;
    let mut snapshot = crowd::school(folder.path(), 1_000)?;
    let items = items(texts, &snapshot)?;
    let small = fastest(|| screen_all(&items, &snapshot));
    let pupils = crowd::pupils(1_000_000);
    let before = ALLOCATED.allocated();
    let began = Instant::now();
    let roster = Roster::build(&pupils, &[], &[]).map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    let built = began.elapsed().as_secs_f64();
    let bytes = ALLOCATED.allocated().saturating_sub(before);
    drop(pupils);
    let names = |roster: &Roster| {
        fastest(|| {
            for surface in &surfaces {
                let meter = Budget::default().meter();
                let context = NameContext {
                    draft: false,
                    pictured: false,
                };
                let texts = std::slice::from_ref(surface);
                let _ = black_box(scan_names(texts, roster, &context, &meter));
            }
        })
    };
    let mut lines = Vec::new();
    if let Listed::Loaded(few) = &snapshot.roster {
        lines.push(format!(
            "the name check alone, 1,000,000 : 1,000 pupils = {:.2}",
            names(&roster) / names(few)
        ));
    }
    snapshot.roster = Listed::Loaded(roster.into());
    let large = fastest(|| screen_all(&items, &snapshot));
    report.lines.extend(lines);
    let ratio = large / small;
    report.goal(
        ratio <= 1.5,
        &format!(
            "whole screening of a comment, 1,000,000 : 1,000 pupils = {ratio:.2} (goal <= 1.5)"
        ),
    );
    let megabytes = share(bytes) / 1e6;
    report.goal(
        megabytes < 400.0,
        &format!(
            "index of 1,000,000 pupils: {megabytes:.0} MB (goal < 400), built in {built:.1} s"
        ),
    );
    Ok(())
}

fn surface(text: &str) -> SurfaceText {
    SurfaceText::new(Surface::Text, None, text)
}

/// What is no work at all, nanoseconds a byte.
const COPYING: f64 = 20.0;

/// Texts that are made to be slow.
const NASTY: &[(&str, &str)] = &[
    ("separators", ".-_/ ,;:"),
    ("one letter", "a"),
    ("hosts", "a.a.a.a."),
    ("schemes", "http://http://"),
    ("single letters", "f u c k "),
    ("drawn-out letters", "fuuuuuuuck"),
    ("stars", "f*ck*"),
    ("almost names", "Amelia Hartt Ameli Hart Amelia-Har "),
    ("given names", "Grace Will May Rose Amelia "),
    ("capitals", "A B C D E "),
    ("digits", "0770 0900 12"),
    ("almost addresses", "a@a.a@"),
    ("links", "www.a.http://"),
    ("almost harm", "kill kil my your him going to "),
    ("marks", "e\u{301}\u{302}\u{200B}"),
    ("entities", "&amp;&#102;&"),
    ("emoji", "\u{1F52A}\u{1F3EB}\u{1F1EC}"),
    ("hashtags", "#AbCdEfGh"),
];

type Scan<'s> = (&'static str, Box<dyn Fn(&str) + 's>);

/// The detectors on texts that are made to be slow: a hundred times the text may cost a hundred times the time.
fn linear(report: &mut Report) -> Result<()> {
    let lexicon = Lexicon::built_in().map_err(|_| anyhow::anyhow!("the word lists do not load"))?;
    let pupils = crowd::pupils(1_500);
    let roster = Roster::build(&pupils, &[], &[]).map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    let own = OwnDetails::default();
    let links = LinkSettings::default();
    let endless = || {
        Budget {
            steps_per_check: u64::MAX,
        }
        .meter()
    };
    let scan = |text: &str, scan: &dyn Fn(&[SurfaceText], &Meter)| {
        scan(&[surface(text)], &endless());
    };
    let scans: Vec<Scan<'_>> = vec![
        ("normaliser", Box::new(|text| drop(black_box(fold(text))))),
        (
            "names",
            Box::new(|text| {
                scan(text, &|texts, meter| {
                    let _ = black_box(scan_names(
                        texts,
                        &roster,
                        &NameContext {
                            draft: true,
                            pictured: false,
                        },
                        meter,
                    ));
                });
            }),
        ),
        (
            "personal data",
            Box::new(|text| {
                scan(text, &|texts, meter| {
                    let _ = black_box(scan_personal_data(
                        texts,
                        &own,
                        &PersonalContext::default(),
                        meter,
                    ));
                });
            }),
        ),
        (
            "links",
            Box::new(|text| {
                scan(text, &|texts, meter| {
                    let facts = LinkFacts::default();
                    let _ = black_box(scan_links(texts, &facts, &links, false, meter));
                });
            }),
        ),
        (
            "language",
            Box::new(|text| {
                scan(text, &|texts, meter| {
                    let context = LanguageContext { draft: true };
                    let _ = black_box(scan_language(texts, &lexicon, &context, meter));
                });
            }),
        ),
    ];
    for (name, scan) in &scans {
        let mut worst = (0.0, "", 0.0);
        for (shape, piece) in NASTY {
            let [small, large] = [10_000, 1_000_000].map(|bytes: usize| {
                let text = piece.repeat(bytes / piece.len());
                let rounds = 1_000_000 / bytes;
                once(|| (0..rounds.max(1)).for_each(|_| scan(&text)))
            });
            let growth = large / small;
            // copying costs a few nanoseconds a byte, more of them where the text leaves the cache
            if growth > worst.0 && large * 1e3 > COPYING {
                worst = (growth, shape, large * 1e9 / 1e6);
            }
        }
        let (growth, shape, nanoseconds) = worst;
        report.goal(
            growth <= 2.0,
            &format!(
                "{name}: 1 MB costs {growth:.2} times what 100 x 10 kB cost at worst ({shape}, {nanoseconds:.0} ns a byte; goal <= 2)"
            ),
        );
    }
    Ok(())
}

/// The fastest of several runs, seconds.
fn fastest(work: impl Fn()) -> f64 {
    (0..ROUNDS)
        .map(|_| once(&work))
        .fold(f64::INFINITY, f64::min)
}

fn once(work: impl Fn()) -> f64 {
    let began = Instant::now();
    work();
    began.elapsed().as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "a count to divide by")]
fn share(count: usize) -> f64 {
    count as f64
}
