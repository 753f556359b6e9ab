//! How far each rule of the word lists is believed where the wording model reads the text otherwise: of the findings
//! that rules were not sure of, which stood in harmful texts? Logistic regression over what the model said of the text
//! without having learnt from it, how many other rules agreed, and one number for each rule.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use anyhow::{Result, anyhow};
use schoolgate_model::{Budget, Surface};
use schoolgate_scan::{
    LanguageContext, Lexicon, SurfaceText,
    language::{is_doubtable, scan_rules},
    wording::evidence,
};

use super::{Example, Said, count};

/// How strongly a rule's number is drawn to what all rules have in common, in findings.
const PRIOR: f64 = 3.0;
/// What all rules share: the model's slope, the others' weight, the weight of the rule's own confidence, and a number.
const SHARED: usize = 4;
const PASSES: usize = 4_000;
const STEP: f64 = 0.05;

/// A finding that a rule was not sure of.
struct Case {
    rule: usize,
    /// The model's opinion, the other rules, the rule's own confidence.
    evidence: [f64; 3],
    harmful: bool,
}

/// Gives the text of the file.
///
/// # Errors
/// When the word lists cannot be read, or a text is beyond every limit.
pub(super) fn learn(labelled: &[Example], said: &[Said]) -> Result<String> {
    let lexicon = Lexicon::built_in().map_err(|faults| anyhow!("{faults:?}"))?;
    // the first of a group is the text as a whole
    let mut harm: BTreeMap<usize, (usize, f64)> = BTreeMap::new();
    for said in said {
        harm.entry(said.group).or_insert((said.label, said.harm));
    }
    let mut rules: BTreeMap<String, usize> = BTreeMap::new();
    let mut cases = Vec::new();
    for (group, (label, harm)) in harm {
        let text = [SurfaceText::new(
            Surface::Text,
            None,
            labelled[group].text.as_str(),
        )];
        let context = LanguageContext { draft: false };
        let found = scan_rules(&text, &lexicon, &context, &Budget::default().meter())
            .map_err(|fault| anyhow!("{fault:?}"))?;
        let all: BTreeSet<&str> = found.iter().map(|found| found.rule.as_str()).collect();
        let others = all.len().saturating_sub(1);
        let mut doubtful: BTreeMap<&str, f64> = BTreeMap::new();
        for found in found.iter().filter(|found| is_doubtable(found)) {
            let sure = f64::from(found.confidence);
            let known = doubtful.entry(found.rule.as_str()).or_insert(sure);
            *known = known.max(sure);
        }
        for (rule, sure) in doubtful {
            let next = rules.len();
            cases.push(Case {
                rule: *rules.entry(rule.to_owned()).or_insert(next),
                evidence: evidence(harm, others, sure),
                harmful: label > 0,
            });
        }
    }
    Ok(render(&rules, &cases))
}

fn render(rules: &BTreeMap<String, usize>, cases: &[Case]) -> String {
    let fit = fit(rules.len(), cases);
    let mut out = "# How far each rule is believed where the wording model reads the text otherwise, in hundredths. Made by \
        `cargo xtask train`; do not edit.\n"
        .to_owned();
    let mut line = |name: &str, weight: f64| {
        let _ = writeln!(out, "{name}\t{:.0}", weight * 100.0);
    };
    line("model", fit.model);
    line("others", fit.others);
    line("sure", fit.sure);
    line("common", fit.common);
    for (rule, number) in rules {
        line(rule, fit.rules[*number]);
    }
    out
}

struct Fit {
    model: f64,
    others: f64,
    sure: f64,
    common: f64,
    rules: Vec<f64>,
}

/// Full-batch gradient steps, each number with its own pace (Adam).
fn fit(rules: usize, cases: &[Case]) -> Fit {
    let mut weights = vec![0.0; rules + SHARED];
    let mut first = weights.clone();
    let mut second = weights.clone();
    let scale = 1.0 / count(cases.len().max(1));
    for pass in 1..=PASSES {
        let mut gradient = vec![0.0; rules + SHARED];
        for case in cases {
            let at = case.rule + SHARED;
            let [model, others, sure] = case.evidence;
            let shared = [model, others, sure, 1.0];
            let sum: f64 = shared
                .iter()
                .zip(&weights)
                .map(|(value, weight)| value * weight)
                .sum();
            let sum = sum + weights[at];
            let error = 1.0 / (1.0 + (-sum).exp()) - f64::from(u8::from(case.harmful));
            for (slope, value) in gradient.iter_mut().zip(shared) {
                *slope += error * value;
            }
            gradient[at] += error;
        }
        let fade = |decay: f64| 1.0 - decay.powi(i32::try_from(pass).unwrap_or(i32::MAX));
        for (at, weight) in weights.iter_mut().enumerate() {
            let drawn = if at < SHARED {
                0.0
            } else {
                PRIOR * *weight / 4.0
            };
            let slope = (gradient[at] + drawn) * scale;
            first[at] = 0.9 * first[at] + 0.1 * slope;
            second[at] = 0.999 * second[at] + 0.001 * slope * slope;
            let pace = (second[at] / fade(0.999)).sqrt() + 1e-9;
            *weight -= STEP / (1.0 + count(pass) / 200.0) * first[at] / fade(0.9) / pace;
        }
    }
    let rules = weights.split_off(SHARED);
    Fit {
        model: weights[0],
        others: weights[1],
        sure: weights[2],
        common: weights[3],
        rules,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_is_mostly_wrong_is_believed_less() {
        let case = |rule, odds, harmful| Case {
            rule,
            evidence: [odds, 0.0, 1.0],
            harmful,
        };
        let cases: Vec<Case> = (0..40)
            .flat_map(|at| {
                let odds = f64::from(at % 5) - 2.0;
                [
                    case(0, odds, at % 8 != 0),
                    case(1, odds, at % 8 == 0 || odds > 1.0),
                ]
            })
            .collect();
        let fit = fit(2, &cases);
        assert!(fit.rules[0] > fit.rules[1] + 1.0, "{:?}", fit.rules);
        assert!(fit.model > 0.0, "{}", fit.model);
        let file = render(
            &[("good-rule".to_owned(), 0), ("bad-rule".to_owned(), 1)].into(),
            &cases,
        );
        assert!(
            file.contains("\nmodel\t") && file.contains("\nbad-rule\t"),
            "{file}"
        );
    }
}
