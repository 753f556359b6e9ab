//! What one check reports: its findings, no more of them than a person can use, and its first failure.

use std::{cmp::Reverse, collections::HashSet};

use schoolgate_model::{CheckFailure, Finding, Item};

/// How many findings are collected before the ones that will not be reported are let go.
const MAX_COLLECTED: usize = 4 * Item::MAX_FINDINGS_PER_CHECK;

/// What a check found, and why it did not do its whole work, if it did not.
#[derive(Debug, Default)]
pub struct Found {
    /// What it found; kept even where it failed afterwards.
    pub findings: Vec<Finding>,
    /// The first failure.
    pub failure: Option<CheckFailure>,
    /// What the check never looks at, in a sentence for people, although it did its work.
    pub limit: Option<String>,
    /// How many findings were let go because graver ones fill the report.
    dropped: usize,
}

impl Found {
    /// Notes a failure; the first one stays.
    #[must_use]
    pub fn failed(mut self, failure: CheckFailure) -> Self {
        self.note(failure);
        self
    }

    /// As [`Found::failed`], in place.
    pub fn note(&mut self, failure: CheckFailure) {
        self.failure.get_or_insert(failure);
    }

    /// Adds findings. However many they are, only a bounded number is held at any time.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            self.findings.push(finding);
            if self.findings.len() >= MAX_COLLECTED {
                self.dropped += keep_gravest(&mut self.findings);
            }
        }
    }

    /// Adds what another scan of the same check found, and its failure.
    pub fn merge(&mut self, other: Self) {
        self.dropped += other.dropped;
        self.extend(other.findings);
        if let Some(failure) = other.failure {
            self.note(failure);
        }
    }

    /// At most [`Item::MAX_FINDINGS_PER_CHECK`] findings, in the order they were made. More is a failure that says how
    /// many there were, so nothing is approved on the strength of a list that is not whole.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        self.dropped += keep_gravest(&mut self.findings);
        if self.dropped == 0 {
            return self;
        }
        let many = format!(
            "it found {} things, and only the {} gravest are listed",
            self.findings.len() + self.dropped,
            self.findings.len()
        );
        match &mut self.failure {
            Some(CheckFailure::Oversize(what)) => {
                what.push_str("; ");
                what.push_str(&many);
            }
            _ => self.note(CheckFailure::Oversize(many)),
        }
        self
    }
}

impl From<Result<Vec<Finding>, CheckFailure>> for Found {
    fn from(result: Result<Vec<Finding>, CheckFailure>) -> Self {
        let mut found = Self::default();
        match result {
            Ok(findings) => found.extend(findings),
            Err(failure) => found.note(failure),
        }
        found
    }
}

/// Keeps what a report has room for, in order, and says how many went. One of each kind goes before any repetition,
/// because the policy answers to kinds: five hundred insults must not push out the one cry for help, nor the mentions
/// of one pupil the only mention of another.
fn keep_gravest(findings: &mut Vec<Finding>) -> usize {
    let excess = findings.len().saturating_sub(Item::MAX_FINDINGS_PER_CHECK);
    if excess == 0 {
        return 0;
    }
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&findings[*a], &findings[*b]);
        let by_severity = b.severity.cmp(&a.severity);
        by_severity.then_with(|| b.confidence.total_cmp(&a.confidence))
    });
    let mut seen = HashSet::new();
    let mut ranked: Vec<(bool, usize)> = order
        .into_iter()
        .map(|index| {
            let finding = &findings[index];
            let kind = (
                finding.category,
                &finding.rule,
                &finding.kind,
                &finding.pupil_ids,
            );
            (seen.insert(kind), index)
        })
        .collect();
    // Stable: within the firsts, and within the repetitions, the gravest stay in front.
    ranked.sort_by_key(|(first, _)| Reverse(*first));
    let mut kept = vec![false; findings.len()];
    for (_, index) in ranked.iter().take(Item::MAX_FINDINGS_PER_CHECK) {
        kept[*index] = true;
    }
    let mut kept = kept.into_iter();
    findings.retain(|_| kept.next().unwrap_or(false));
    excess
}

#[cfg(test)]
mod tests {
    use schoolgate_model::{Category, CheckName, RuleId, Severity};

    use super::*;

    fn finding(rule: &str, severity: Severity) -> Finding {
        Finding::new(
            CheckName::Language,
            RuleId::new(rule),
            Category::Insult,
            severity,
            0.9,
            "",
        )
    }

    fn rules(found: &Found) -> Vec<&str> {
        found.findings.iter().map(|f| f.rule.as_str()).collect()
    }

    #[test]
    fn up_to_the_limit_nothing_is_let_go() {
        let mut found = Found::default();
        found.extend((0..500).map(|_| finding("a", Severity::Low)));
        let found = found.bounded();
        assert_eq!((found.findings.len(), found.failure), (500, None));
    }

    #[test]
    fn beyond_the_limit_the_gravest_stay_in_order_and_the_number_is_told() {
        let mut found = Found::default();
        let of = |index: usize| match index % 100 {
            7 => finding("grave", Severity::Critical),
            _ => finding("mild", Severity::Low),
        };
        found.extend((0..30_000).map(of));
        assert!(found.findings.len() < MAX_COLLECTED, "memory stays bounded");
        let found = found.bounded();
        assert_eq!(found.findings.len(), Item::MAX_FINDINGS_PER_CHECK);
        let grave = rules(&found)
            .iter()
            .filter(|rule| **rule == "grave")
            .count();
        assert_eq!(grave, 300);
        assert_eq!(rules(&found)[0], "mild", "the order of the text is kept");
        assert_eq!(
            found.failure,
            Some(CheckFailure::Oversize(
                "it found 30000 things, and only the 500 gravest are listed".to_owned()
            ))
        );
    }

    #[test]
    fn a_single_finding_of_a_kind_is_not_pushed_out_by_repetitions() {
        let mut found = Found::default();
        found.extend((0..3_000).map(|_| finding("loud", Severity::Critical)));
        found.extend([finding("quiet", Severity::High)]);
        found.extend((0..3_000).map(|_| finding("loud", Severity::Critical)));
        assert!(rules(&found.bounded()).contains(&"quiet"));
    }

    #[test]
    fn what_was_cut_and_how_many_there_were_are_both_told() {
        let mut found = Found::default().failed(CheckFailure::Oversize("cut".to_owned()));
        found.extend((0..501).map(|_| finding("a", Severity::Low)));
        let Some(CheckFailure::Oversize(what)) = found.bounded().failure else {
            panic!("no failure");
        };
        assert!(what.starts_with("cut; it found 501"), "{what}");
    }
}
