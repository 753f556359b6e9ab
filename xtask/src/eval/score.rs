//! Counting: labelled items and their verdicts to shares with an interval and, where one is promised, a goal.
//! A name or a personal detail counts as found where a finding of the right kind overlaps the labelled words.

use std::collections::BTreeSet;

use serde_json::Value;

/// An item with its labels, and what the machine said.
pub(super) struct Case {
    /// Which set it stands in.
    pub(super) set: &'static str,
    /// The item with `expect`, `names` and `personal_data`.
    pub(super) item: Value,
    /// The verdict.
    pub(super) verdict: Value,
}

/// What the human and the machine may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Approve,
    Hold,
    Escalate,
}

impl Outcome {
    fn of(value: &Value) -> Option<Self> {
        Some(match value.as_str()? {
            "approve" => Self::Approve,
            "hold" => Self::Hold,
            "escalate" => Self::Escalate,
            _ => return None,
        })
    }
}

impl Case {
    fn human(&self) -> Option<Outcome> {
        Outcome::of(&self.item["expect"])
    }

    /// An item without a verdict was not screened; that is never an approval.
    fn machine(&self) -> Outcome {
        Outcome::of(&self.verdict["outcome"]).unwrap_or(Outcome::Hold)
    }

    fn is(&self, kind: &str) -> bool {
        self.item["kind"] == kind
    }

    /// The findings of a category in the body.
    fn found(&self, category: &str) -> Vec<&Value> {
        let all = self.verdict["findings"].as_array().into_iter().flatten();
        all.filter(|found| found["category"] == category && found["surface"] == "text")
            .collect()
    }

    /// Where words stand in the body, in Unicode scalar values.
    fn places(&self, words: &str) -> Vec<(u64, u64)> {
        let text = self.item["text"].as_str().unwrap_or_default();
        let scalars = |text: &str| text.chars().count() as u64;
        text.match_indices(words)
            .map(|(at, _)| (scalars(&text[..at]), scalars(&text[..at]) + scalars(words)))
            .collect()
    }

    fn overlaps(&self, found: &Value, label: &Value) -> bool {
        let (start, end) = (found["start"].as_u64(), found["end"].as_u64());
        let (Some(start), Some(end)) = (start, end) else {
            return false;
        };
        self.places(label["text"].as_str().unwrap_or_default())
            .iter()
            .any(|(from, to)| start < *to && *from < end)
    }
}

/// A goal of a share.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Goal {
    None,
    AtLeast(f64),
    AtMost(f64),
}

/// One share with what it means.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    /// What is counted.
    pub(super) what: &'static str,
    good: usize,
    of: usize,
    goal: Goal,
}

impl Figure {
    /// Whether the goal is met; a goal without a single item is not.
    pub(super) fn is_met(&self) -> bool {
        match self.goal {
            Goal::None => true,
            _ if self.of == 0 => false,
            Goal::AtLeast(least) => ratio(self.good, self.of) >= least,
            Goal::AtMost(most) => ratio(self.good, self.of) <= most,
        }
    }

    pub(super) const fn has_goal(&self) -> bool {
        !matches!(self.goal, Goal::None)
    }

    /// How much worse the other one is.
    pub(super) fn behind(&self, other: &Self) -> f64 {
        let gap = ratio(self.good, self.of.max(1)) - ratio(other.good, other.of.max(1));
        if matches!(self.goal, Goal::AtMost(_)) {
            -gap
        } else {
            gap
        }
    }

    /// The line of the report.
    pub(super) fn line(&self) -> String {
        let (low, high) = wilson(self.good, self.of);
        let goal = match self.goal {
            Goal::None => String::new(),
            Goal::AtLeast(least) => format!(", goal >= {least}"),
            Goal::AtMost(most) => format!(", goal <= {most}"),
        };
        let mark = if self.is_met() { "     " } else { "BELOW" };
        format!(
            "{mark}  {:<52} {:.3}  ({} of {}, 95 % {low:.3} to {high:.3}{goal})",
            self.what,
            ratio(self.good, self.of.max(1)),
            self.good,
            self.of
        )
    }
}

fn share(
    what: &'static str,
    goal: Goal,
    cases: &[Case],
    wanted: impl Fn(&Case) -> bool,
    good: impl Fn(&Case) -> bool,
) -> Figure {
    let of: Vec<_> = cases.iter().filter(|case| wanted(case)).collect();
    Figure {
        what,
        good: of.iter().filter(|case| good(case)).count(),
        of: of.len(),
        goal,
    }
}

const EVERYDAY: [&str; 4] = ["drafts", "comments", "urgent", "personal"];

/// The figures of a half, those with a goal and those that only inform.
pub(super) fn figures(cases: &[Case]) -> Vec<Figure> {
    let approve = |case: &Case| case.human() == Some(Outcome::Approve);
    let bad = |case: &Case| case.human() > Some(Outcome::Approve);
    let urgent = |case: &Case| case.human() == Some(Outcome::Escalate);
    let passed = |case: &Case| case.machine() == Outcome::Approve;
    let looked = |case: &Case| case.machine() > Outcome::Approve;
    let escalated = |case: &Case| case.machine() == Outcome::Escalate;
    let everyday = |case: &Case| EVERYDAY.contains(&case.set);
    let of = |set: &'static str| move |case: &Case| case.set == set;
    let names = tally(cases, "names", "pupil_name", same_pupil);
    let personal = tally(cases, "personal_data", "personal_data", |found, label| {
        found["type"] == label["type"]
    });
    let share = |what, goal, wanted: &dyn Fn(&Case) -> bool, good: &dyn Fn(&Case) -> bool| {
        share(what, goal, cases, wanted, good)
    };
    let mut figures = vec![
        names.recall("pupil names: found, of those written", Goal::AtLeast(0.98)),
        names.precision("pupil names: right, of those found", Goal::AtLeast(0.97)),
        personal.f1("personal data: F1 by type and place", Goal::AtLeast(0.97)),
        personal.recall("personal data: found, of what is written", Goal::None),
        personal.precision("personal data: right, of what is found", Goal::None),
        share(
            "urgent: escalated, of what must be",
            Goal::AtLeast(0.97),
            &urgent,
            &escalated,
        ),
        share(
            "urgent: seen by a person, of what must escalate",
            Goal::None,
            &urgent,
            &looked,
        ),
        share(
            "harmless: escalated",
            Goal::AtMost(0.02),
            &approve,
            &escalated,
        ),
        share(
            "clean drafts: approved",
            Goal::AtLeast(0.97),
            &|case| everyday(case) && case.is("draft") && approve(case),
            &passed,
        ),
        share(
            "clean comments: approved",
            Goal::AtLeast(0.97),
            &|case| everyday(case) && case.is("comment") && approve(case),
            &passed,
        ),
        share(
            "drafts: held, of what must be",
            Goal::None,
            &|case| everyday(case) && case.is("draft") && bad(case),
            &looked,
        ),
        share(
            "comments: held, of what must be",
            Goal::None,
            &|case| everyday(case) && case.is("comment") && bad(case),
            &looked,
        ),
        share(
            "trap lines: held",
            Goal::AtMost(0.02),
            &of("traps"),
            &looked,
        ),
        share(
            "harmless paragraphs: held",
            Goal::AtMost(0.0),
            &of("harmless"),
            &looked,
        ),
        share(
            "statements about an identity: held",
            Goal::AtMost(0.0),
            &|case| of("identity")(case) && approve(case),
            &looked,
        ),
        share(
            "hate without and with slurs: held",
            Goal::None,
            &|case| of("identity")(case) && bad(case),
            &looked,
        ),
        share(
            "disguised abuse: held",
            Goal::AtLeast(0.85),
            &|case| of("evasion")(case) && bad(case),
            &looked,
        ),
        share(
            "abuse carried by emoji: held",
            Goal::AtLeast(0.85),
            &|case| of("emoji")(case) && bad(case),
            &looked,
        ),
        share(
            "innocent look-alikes and emoji: approved",
            Goal::AtLeast(0.97),
            &|case| (of("evasion")(case) || of("emoji")(case)) && approve(case),
            &passed,
        ),
    ];
    figures.extend(about_comments(cases));
    figures
}

/// What else a moderator's list depends on.
fn about_comments(cases: &[Case]) -> Vec<Figure> {
    let bad = |case: &Case| case.human() > Some(Outcome::Approve);
    vec![
        share(
            "comments: class right",
            Goal::None,
            cases,
            |case| case.item["classes"].is_array(),
            class_right,
        ),
        share(
            "comments: whether an answer is wanted, right",
            Goal::None,
            cases,
            |case| case.is("comment") && case.item["needs_response"].is_boolean(),
            |case| case.item["needs_response"] == case.verdict["needs_response"],
        ),
        share(
            "held or escalated: the right people told",
            Goal::None,
            cases,
            |case| bad(case) && case.item["alert"].is_array(),
            |case| words(&case.item["alert"]).is_subset(&words(&case.verdict["alert"])),
        ),
    ]
}

fn class_right(case: &Case) -> bool {
    let (human, machine) = (
        words(&case.item["classes"]),
        words(&case.verdict["classes"]),
    );
    !human.is_disjoint(&machine) || human == machine
}

fn words(list: &Value) -> BTreeSet<&str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// The pupils that a finding could mean include the labelled one.
fn same_pupil(found: &Value, label: &Value) -> bool {
    let Some(pupil) = label["pupil"].as_str() else {
        return true;
    };
    found["pupil_id"] == pupil || words(&found["pupil_ids"]).contains(pupil)
}

/// What was written, found, and right.
struct Tally {
    written: usize,
    hit: usize,
    found: usize,
    right: usize,
}

fn tally(
    cases: &[Case],
    label: &str,
    category: &str,
    same: impl Fn(&Value, &Value) -> bool,
) -> Tally {
    let mut tally = Tally {
        written: 0,
        hit: 0,
        found: 0,
        right: 0,
    };
    for case in cases {
        let Some(labels) = case.item[label].as_array() else {
            continue;
        };
        let found = registered(case, category);
        let fits = |found: &Value, label: &Value| same(found, label) && case.overlaps(found, label);
        tally.written += labels.len();
        tally.hit += labels
            .iter()
            .filter(|label| found.iter().any(|found| fits(found, label)))
            .count();
        tally.found += found.len();
        tally.right += found
            .iter()
            .filter(|found| labels.iter().any(|label| fits(found, label)))
            .count();
    }
    tally
}

/// The findings of a category; of names those of pupils of the register only.
fn registered<'c>(case: &'c Case, category: &str) -> Vec<&'c Value> {
    let mut found = case.found(category);
    found.retain(|found| category != "pupil_name" || found["pupil_id"].is_string());
    found
}

impl Tally {
    fn recall(&self, what: &'static str, goal: Goal) -> Figure {
        Figure {
            what,
            good: self.hit,
            of: self.written,
            goal,
        }
    }

    fn precision(&self, what: &'static str, goal: Goal) -> Figure {
        Figure {
            what,
            good: self.right,
            of: self.found,
            goal,
        }
    }

    /// Twice what is right, of everything that was written or found: the harmonic mean of recall and precision where a
    /// label is met by one finding.
    fn f1(&self, what: &'static str, goal: Goal) -> Figure {
        Figure {
            what,
            good: self.hit + self.right,
            of: self.written + self.found,
            goal,
        }
    }
}

/// How often a name finding of each confidence is right.
pub(super) fn reliability(cases: &[Case]) -> Vec<String> {
    let mut bins = [(0_usize, 0_usize); 10];
    for case in cases {
        let Some(labels) = case.item["names"].as_array() else {
            continue;
        };
        for found in registered(case, "pupil_name") {
            let confidence = found["confidence"].as_f64().unwrap_or_default();
            let right = labels
                .iter()
                .any(|label| same_pupil(found, label) && case.overlaps(found, label));
            let bin = (0..9).rev().find(|bin| confidence >= tenth(bin + 1));
            let bin = &mut bins[bin.map_or(0, |bin| bin + 1)];
            bin.0 += usize::from(right);
            bin.1 += 1;
        }
    }
    let mut lines = vec!["  reliability of name findings: confidence, share right".to_owned()];
    for (at, (right, of)) in bins.iter().enumerate().filter(|(_, (_, of))| *of > 0) {
        let (low, high) = wilson(*right, *of);
        lines.push(format!(
            "    {:.1} to {:.1}   {:.3}  ({right} of {of}, 95 % {low:.3} to {high:.3})",
            tenth(at),
            tenth(at + 1),
            ratio(*right, *of)
        ));
    }
    lines
}

fn tenth(of: usize) -> f64 {
    ratio(of, 10)
}

/// Precision and recall of "a person must look", recall of escalation, and how many harmless items pass.
pub(super) fn plain(cases: &[Case]) -> Vec<String> {
    let looked = |outcome: Outcome| outcome >= Outcome::Hold;
    let mut lines = Vec::new();
    for kind in ["draft", "comment"] {
        let pairs: Vec<(Outcome, Outcome)> = cases
            .iter()
            .filter(|case| case.is(kind))
            .filter_map(|case| Some((case.human()?, case.machine())))
            .collect();
        let count = |test: &dyn Fn(Outcome, Outcome) -> bool| {
            pairs
                .iter()
                .filter(|(human, machine)| test(*human, *machine))
                .count()
        };
        let both = count(&|human, machine| looked(human) && looked(machine));
        let rows = [
            (
                "held, of what must be held",
                both,
                count(&|human, _| looked(human)),
            ),
            (
                "must be held, of what is held",
                both,
                count(&|_, machine| looked(machine)),
            ),
            (
                "escalated, of what must be escalated",
                count(&|human, machine| human == Outcome::Escalate && machine == human),
                count(&|human, _| human == Outcome::Escalate),
            ),
            (
                "approved, of what is harmless",
                count(&|human, machine| !looked(human) && !looked(machine)),
                count(&|human, _| !looked(human)),
            ),
        ];
        for (what, good, of) in rows.into_iter().filter(|(_, _, of)| *of > 0) {
            let (low, high) = wilson(good, of);
            lines.push(format!(
                "  {kind}s: {what:<42} {:.3}  ({good} of {of}, 95 % {low:.3} to {high:.3})",
                ratio(good, of)
            ));
        }
    }
    lines
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the sets have a few thousand items"
)]
fn ratio(good: usize, of: usize) -> f64 {
    good as f64 / of as f64
}

/// The 95 % interval of a share (Wilson's score interval), which is honest for small counts.
#[expect(
    clippy::cast_precision_loss,
    reason = "the sets have a few thousand items"
)]
fn wilson(good: usize, of: usize) -> (f64, f64) {
    if of == 0 {
        return (0.0, 1.0);
    }
    let (n, p, z) = (of as f64, ratio(good, of), 1.96_f64);
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn case(set: &'static str, item: Value, verdict: Value) -> Case {
        Case { set, item, verdict }
    }

    fn figure(cases: &[Case], what: &str) -> Figure {
        let figures = figures(cases);
        figures
            .into_iter()
            .find(|figure| figure.what == what)
            .unwrap()
    }

    #[test]
    fn the_interval_is_wilsons() {
        let (low, high) = wilson(9, 10);
        assert!(
            (low - 0.596).abs() < 0.001 && (high - 0.982).abs() < 0.001,
            "{low} {high}"
        );
        assert!(wilson(10, 10).1 > 0.999 && wilson(0, 10).0 < 0.001);
    }

    #[test]
    fn shares_count_what_they_say_and_a_missing_verdict_is_no_approval() {
        let item = |expect: &str| json!({"id": "1", "kind": "draft", "text": "", "expect": expect});
        let said = |outcome: &str| json!({"outcome": outcome});
        let cases = [
            case("drafts", item("hold"), said("hold")),
            case("drafts", item("hold"), said("approve")),
            case("urgent", item("escalate"), said("hold")),
            case("drafts", item("approve"), said("hold")),
            case("drafts", item("approve"), json!({"error": "no"})),
            case("drafts", item("approve"), said("approve")),
        ];
        let counted = |what| {
            let figure = figure(&cases, what);
            (figure.good, figure.of, figure.is_met())
        };
        assert_eq!(counted("clean drafts: approved"), (1, 3, false));
        assert_eq!(counted("drafts: held, of what must be"), (2, 3, true));
        assert_eq!(counted("urgent: escalated, of what must be"), (0, 1, false));
        assert_eq!(counted("trap lines: held"), (0, 0, false));
        let lines = plain(&cases).join("\n");
        for share in ["2 of 3", "2 of 4", "0 of 1", "1 of 3"] {
            assert!(lines.contains(share), "{share} in {lines}");
        }
    }

    #[test]
    fn names_count_by_person_and_place() {
        let item = json!({"id": "1", "kind": "comment", "text": "Zoë and Amelia H won", "expect": "hold",
            "names": [{"text": "Zoë", "pupil": "P1"}, {"text": "Amelia H", "pupil": "P2"}]});
        let name = |start: u32, end: u32, id: &str| {
            json!({"category": "pupil_name", "surface": "text", "start": start, "end": end, "confidence": 0.95,
                "pupil_id": id, "pupil_ids": [id]})
        };
        let verdict = json!({"outcome": "hold",
            "findings": [name(0, 3, "P9"), name(8, 14, "P2"), name(17, 20, "P2")]});
        let cases = [case("comments", item, verdict)];
        let found = figure(&cases, "pupil names: found, of those written");
        assert_eq!((found.good, found.of), (1, 2));
        let right = figure(&cases, "pupil names: right, of those found");
        assert_eq!((right.good, right.of), (1, 3));
        let table = reliability(&cases).join("\n");
        assert!(table.contains("0.9 to 1.0   0.333  (1 of 3"), "{table}");
    }

    #[test]
    fn a_gap_is_how_much_worse_the_other_half_is() {
        let figure = |good, goal| Figure {
            what: "x",
            good,
            of: 100,
            goal,
        };
        let gap = |tuned, aside, goal| figure(tuned, goal).behind(&figure(aside, goal));
        assert!((gap(99, 95, Goal::AtLeast(0.9)) - 0.04).abs() < 1e-9);
        assert!((gap(1, 5, Goal::AtMost(0.02)) - 0.04).abs() < 1e-9);
    }
}
