//! The sides: what else a text can be, each learnt by itself from those texts of which somebody said so in the third
//! column: `praise`, `query`, `complaint`, `journalist` (several, or `other` for none of them) of a harmless text, `asks` (who
//! writes tells of harm or seeks help) or `does` (who writes does it) of another one. What is `public` is told by the folder.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use schoolgate_scan::wording::{SIDE_ASKS, SIDES};

use super::{Example, Text, Weights, learn as fit, shares, telling};

/// One side, learnt.
pub(super) struct Side {
    name: &'static str,
    weights: Vec<f64>,
    bias: f64,
    /// Texts that have it, and where asked for how it was told of texts that were not learnt from: right, missed, wrongly
    /// said.
    texts: usize,
    told: Option<[usize; 3]>,
}

impl Side {
    pub(super) fn report(&self) -> String {
        let told = self.told.map(|[right, missed, wrong]| {
            format!("; unseen: {right} told, {missed} missed, {wrong} wrongly")
        });
        let told = told.unwrap_or_default();
        format!("  {:<18} {} texts{told}", self.name, self.texts)
    }
}

/// Reads the third column.
///
/// # Errors
/// A word that is none of them.
pub(super) fn said(column: &str) -> Result<[Option<bool>; SIDES.len()]> {
    let mut said = [None; SIDES.len()];
    let words: BTreeSet<&str> = column.split_whitespace().collect();
    for word in &words {
        match *word {
            "does" => said[SIDE_ASKS] = Some(false),
            "asks" => said[SIDE_ASKS] = Some(true),
            "praise" | "query" | "complaint" | "journalist" | "other" => {
                for (side, name) in said.iter_mut().zip(&SIDES[..SIDE_ASKS]) {
                    *side = Some(words.contains(name));
                }
            }
            _ => bail!("`{word}` is no side of a text"),
        }
    }
    Ok(said)
}

/// Learns every side; to `check` how it is told of texts that were not learnt from takes five times as long.
pub(super) fn learn(
    examples: &[Example],
    texts: &[Text],
    features: usize,
    check: bool,
) -> Vec<Side> {
    let mut seen = BTreeSet::new();
    // the first of a group is the text as a whole
    let whole: Vec<&Text> = texts
        .iter()
        .filter(|text| seen.insert(text.group))
        .collect();
    let has = |at: usize, text: &Text| examples[text.group].sides[at];
    each_by_itself(&SIDES, &has, &whole, features, check)
}

/// Learns each of several things that a text can be, by itself, from the texts of which `has` says whether they are.
pub(super) fn each_by_itself(
    names: &[&'static str],
    has: &(impl Fn(usize, &Text) -> Option<bool> + Sync),
    texts: &[&Text],
    features: usize,
    check: bool,
) -> Vec<Side> {
    let one = |at: usize| side(names[at], |text| has(at, text), texts, features, check);
    let one = &one;
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..names.len())
            .map(|at| scope.spawn(move || one(at)))
            .collect();
        let ended = running.into_iter().enumerate();
        ended
            .map(|(at, running)| running.join().unwrap_or_else(|_| one(at)))
            .collect()
    })
}

fn side(
    name: &'static str,
    has: impl Fn(&Text) -> Option<bool>,
    texts: &[&Text],
    features: usize,
    check: bool,
) -> Side {
    let mut known: Vec<Text> = texts
        .iter()
        .filter_map(|text| {
            Some(Text {
                label: usize::from(has(text)?),
                group: text.group,
                features: text.features.clone(),
            })
        })
        .collect();
    let telling = telling(&known, features);
    for (feature, value) in known.iter_mut().flat_map(|text| &mut text.features) {
        *value *= telling[*feature];
    }
    let told = check.then(|| unseen(&known, features));
    let all: Vec<&Text> = known.iter().collect();
    let (weights, bias, _) = fit(&all, features, &[0, 1]);
    let weights = weights.iter().zip(telling);
    Side {
        name,
        weights: weights
            .map(|(row, telling)| (row[1] - row[0]) * telling)
            .collect(),
        bias: bias[1] - bias[0],
        texts: known.iter().filter(|text| text.label == 1).count(),
        told,
    }
}

/// How well it is told of texts that were not learnt from.
fn unseen(known: &[Text], features: usize) -> [usize; 3] {
    const PARTS: usize = 4;
    let mut told = [0; 3];
    for part in 0..PARTS {
        let (aside, rest): (Vec<&Text>, Vec<&Text>) =
            known.iter().partition(|text| text.group % PARTS == part);
        let (mut weights, bias, _) = fit(&rest, features, &[0, 1]);
        weights.push(bias);
        for text in aside {
            match (text.label, shares(&weights, text, 2)[1] >= 0.5) {
                (1, true) => told[0] += 1,
                (1, false) => told[1] += 1,
                (_, true) => told[2] += 1,
                _ => {}
            }
        }
    }
    told
}

/// The weights of the labels with those of the sides beside them.
pub(super) fn beside(
    mut weights: Weights,
    mut bias: Vec<f64>,
    sides: &[Side],
) -> (Weights, Vec<f64>) {
    for side in sides {
        for (row, weight) in weights.iter_mut().zip(&side.weights) {
            row.push(*weight);
        }
        bias.push(side.bias);
    }
    (weights, bias)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_column_says_what_holds_and_what_does_not() {
        assert_eq!(said("").unwrap(), [None; SIDES.len()]);
        assert_eq!(
            said("query praise").unwrap(),
            [
                Some(true),
                Some(true),
                Some(false),
                Some(false),
                None,
                None,
                None
            ]
        );
        assert_eq!(
            said("other").unwrap(),
            [
                Some(false),
                Some(false),
                Some(false),
                Some(false),
                None,
                None,
                None
            ]
        );
        assert_eq!(
            said("does").unwrap(),
            [None, None, None, None, Some(false), None, None]
        );
        assert!(said("prase").is_err());
    }
}
