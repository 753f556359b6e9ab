//! Mutated texts through the normaliser, every detector and the whole `screen`, and what must hold for any text.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use fastrand::Rng;
use schoolgate_model::{
    Budget, Finding, Item, LinkFacts, MediaFacts, Outcome, Surface, Verdict, wire::parse_submission,
};
use schoolgate_pipeline::{Listed, Snapshot, screen};
use schoolgate_scan::{
    LanguageContext, NameContext, PersonalContext, SurfaceText, fold, scan_classes, scan_language,
    scan_links, scan_names, scan_personal_data,
};

use super::{Fuzzed, guarded};
use crate::crowd;

/// Longest text that is made, in scalar values.
const LONGEST: usize = 3_000;

/// Pieces that mutations put in: what detectors look for, and what texts hide things with.
const PIECES: &[&str] = &[
    "\u{200B}",
    "\u{202E}",
    "\u{FE0F}",
    "\u{301}",
    "\u{FDFA}",
    "\u{0}",
    "\u{1F52A}",
    "\u{1F3EB}",
    "\u{1F1EC}\u{1F1E7}",
    "&amp;",
    "&#102;",
    "&#x1F52A;",
    "&zwnj;",
    "&",
    ";",
    "http://",
    "https://",
    "www.",
    ".com",
    "@",
    "#",
    "///",
    "://",
    "[.]",
    "xn--",
    "%40",
    "127.0.0.1",
    "0x7f",
    "[::1]",
    "07700 900123",
    "+44 (0)",
    "oh seven seven",
    "M1 1AE",
    "999 000 0018",
    "B801200005001",
    "QQ 12 34 56 A",
    "GB82 WEST 1234 5698 7654 32",
    "4111 1111 1111 1111",
    "12/03/2015",
    "SU 387 148",
    "51.5,-0.12",
    "f u c k",
    "f*ck",
    "sh1t",
    "k1ll y0urself",
    "ｆｕｌｌ",
    "𝓯𝓾𝓬𝓴",
    "кill",
    "my dad hits me",
    "I want to die",
    "well done",
    "Year 4",
    "4 Oak",
    "Mrs",
    "Amelia Hart",
    "Grace",
    "Will",
    "May",
    "'s",
    "-",
    "O'",
    "\n\n",
    "?",
    "!!!",
    "....",
    "    ",
    "\u{5D0}",
    "ß",
    "İ",
    "ŉ",
    "ﷺ",
    "\u{E0041}",
    "\u{10FFFF}",
    "ǅ",
];

/// Texts to work on until a moment, and the school to screen them for.
pub(super) struct Texts {
    seeds: Vec<Vec<char>>,
    snapshot: Snapshot,
    _folder: tempfile::TempDir,
}

impl Texts {
    /// Reads the texts to start from and makes a school of 300 pupils.
    ///
    /// # Errors
    /// When a file of fixtures/ cannot be read.
    pub(super) fn new(root: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        Ok(Self {
            seeds: seeds(root)?,
            snapshot: crowd::school(folder.path(), 300)?,
            _folder: folder,
        })
    }
}

impl Fuzzed for Texts {
    type Input = String;

    fn what(&self) -> &'static str {
        "texts through the normaliser, every detector and screen"
    }

    fn ending(&self) -> &'static str {
        "txt"
    }

    fn make(&self, rng: &mut Rng) -> String {
        mutated(rng, &self.seeds)
    }

    fn examine(&self, text: &String) -> Vec<String> {
        examine(text, &self.snapshot)
    }
}

/// Texts to start from: every text of fixtures/.
fn seeds(root: &Path) -> Result<Vec<Vec<char>>> {
    let mut seeds = Vec::new();
    for folder in ["text", "demo/day", "eval/tuned", "eval/aside"] {
        let folder = root.join("fixtures").join(folder);
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path
                .extension()
                .is_none_or(|extension| extension != "jsonl")
            {
                continue;
            }
            for line in fs::read_to_string(&path)?.lines() {
                let item: serde_json::Value = serde_json::from_str(line)?;
                seeds.extend(item["text"].as_str().map(|text| text.chars().collect()));
            }
        }
    }
    anyhow::ensure!(!seeds.is_empty(), "there is no text to start from");
    Ok(seeds)
}

/// A text made of one or two seeds with some mutations.
fn mutated(rng: &mut Rng, seeds: &[Vec<char>]) -> String {
    let mut text = seeds[rng.usize(..seeds.len())].clone();
    for _ in 0..rng.usize(1..8) {
        mutate(rng, &mut text, seeds);
        text.truncate(LONGEST);
    }
    text.into_iter().collect()
}

fn mutate(rng: &mut Rng, text: &mut Vec<char>, seeds: &[Vec<char>]) {
    let at = rng.usize(..=text.len());
    let to = (at + rng.usize(..12)).min(text.len());
    match rng.u8(..10) {
        0..=3 => {
            let piece = PIECES[rng.usize(..PIECES.len())];
            text.splice(at..at, piece.chars());
        }
        4 => drop(text.drain(at..to)),
        5 => {
            let other = &seeds[rng.usize(..seeds.len())];
            let from = rng.usize(..=other.len());
            text.splice(at.., other[from..].iter().copied());
        }
        6 => {
            let part: Vec<char> = text[at..to].to_vec();
            for _ in 0..rng.usize(1..40) {
                text.splice(at..at, part.iter().copied());
            }
        }
        7 => text[at..to].reverse(),
        8 => {
            let c = rng.char(..);
            text.insert(at, c);
        }
        _ => {
            let between = [' ', '.', '-', '\u{200B}', '*'][rng.usize(..5)];
            let spaced: Vec<char> = text[at..to].iter().flat_map(|c| [*c, between]).collect();
            text.splice(at..to, spaced);
        }
    }
}

/// Everything that is wrong with how this text is treated.
fn examine(text: &str, snapshot: &Snapshot) -> Vec<String> {
    let mut faults = Vec::new();
    guarded("normaliser", &mut faults, || normalised(text));
    guarded("surface", &mut faults, || {
        let surface = SurfaceText::new(Surface::Text, None, text);
        let mut faults = Vec::new();
        for (name, findings) in detected(&surface, snapshot) {
            faults.extend(
                findings
                    .iter()
                    .filter_map(|found| misplaced(name, found, &surface)),
            );
        }
        faults
    });
    for kind in ["draft", "comment"] {
        guarded("screen", &mut faults, || screened(kind, text, snapshot));
    }
    faults
}

/// Every byte of the folded text points into the original, and the places never run backwards.
fn normalised(text: &str) -> Vec<String> {
    let folded = fold(text);
    let scalars = text.chars().count();
    let mut last = 0;
    for (byte, c, _) in folded.chars() {
        let Some(span) = folded.span(byte..byte + c.len_utf8()) else {
            return vec!["normaliser: a character without a place".to_owned()];
        };
        if span.start < last || span.end <= span.start || span.end as usize > scalars {
            return vec!["normaliser: a place outside or out of order".to_owned()];
        }
        last = span.start;
    }
    Vec::new()
}

fn detected(surface: &SurfaceText, snapshot: &Snapshot) -> Vec<(&'static str, Vec<Finding>)> {
    let texts = std::slice::from_ref(surface);
    let meter = || Budget::default().meter();
    let mut found = vec![(
        "personal data",
        scan_personal_data(texts, &snapshot.own, &PersonalContext::default(), &meter())
            .unwrap_or_default(),
    )];
    let links = scan_links(
        texts,
        &LinkFacts::default(),
        &snapshot.links,
        true,
        &meter(),
    );
    found.push(("links", links.unwrap_or_default().findings));
    for draft in [true, false] {
        if let Listed::Loaded(roster) = &snapshot.roster {
            let context = NameContext {
                draft,
                pictured: draft,
            };
            let names = scan_names(texts, roster, &context, &meter());
            found.push(("names", names.unwrap_or_default()));
        }
        if let Listed::Loaded(lexicon) = &snapshot.lexicon {
            let context = LanguageContext { draft };
            let language = scan_language(texts, lexicon, &context, &meter());
            found.push(("language", language.unwrap_or_default()));
            let _ = scan_classes(surface, lexicon, &meter());
        }
    }
    found
}

/// A finding whose words are not where it says they are.
fn misplaced(name: &str, found: &Finding, surface: &SurfaceText) -> Option<String> {
    let rule = &found.rule;
    let span = found.span()?;
    if span.start >= span.end || span.end as usize > surface.char_count() {
        return Some(format!("{name}: {rule} has a span outside the text"));
    }
    if found
        .text
        .as_deref()
        .is_some_and(|text| text != surface.slice(span))
    {
        return Some(format!("{name}: {rule} has other words than its span"));
    }
    if !(0.0..=1.0).contains(&found.confidence) {
        return Some(format!("{name}: {rule} has a confidence outside 0 to 1"));
    }
    found
        .message
        .is_empty()
        .then(|| format!("{name}: {rule} does not say why"))
}

/// The whole road: no check may panic, and what was not checked is never approved.
fn screened(kind: &str, text: &str, snapshot: &Snapshot) -> Vec<String> {
    let line = serde_json::json!({"id": "f-1", "kind": kind, "text": text}).to_string();
    let Ok(submission) = parse_submission(line.as_bytes()) else {
        return vec!["an item of plain text was refused".to_owned()];
    };
    let now = jiff::Timestamp::UNIX_EPOCH;
    let item: Item = submission.into_item(snapshot.school.clone(), 1, now);
    let (media, links) = (MediaFacts::default(), LinkFacts::default());
    let verdict = screen(&item, &media, &links, snapshot, now, &Budget::default()).verdict;
    unsound(&verdict)
}

fn unsound(verdict: &Verdict) -> Vec<String> {
    let mut faults = Vec::new();
    for check in &verdict.checks {
        let detail = check.detail.as_deref().unwrap_or_default();
        if detail.contains("stopped unexpectedly") {
            faults.push(format!("{:?} panicked", check.name));
        }
        let failed = check.status == "failed";
        if failed && verdict.outcome == Outcome::Approve {
            faults.push(format!("approved although {:?} failed", check.name));
        }
    }
    if serde_json::to_string(verdict).is_err() {
        faults.push("a verdict that cannot be written".to_owned());
    }
    faults
}
