//! The policy's answers as reasons: one for each rule and word, gravest first, with the findings behind it.

use std::collections::BTreeMap;

use schoolgate_model::{Category, Finding, ItemKind, Reason, Surface};

use super::{Cause, Judged};
use crate::{
    settings::{Word, rules},
    wording::{class_wording, wording},
};

/// The reasons of a ruling. What the policy approves without a word is no reason, except a class that somebody is
/// told of.
pub(super) fn of(kind: ItemKind, judged: &[Judged<'_>], findings: &[Finding]) -> Vec<Reason> {
    let mut order: Vec<&Judged<'_>> = judged
        .iter()
        .filter(|judged| worth_saying(judged))
        .collect();
    // Stable: within a word the findings keep their order.
    order.sort_by_key(|judged| std::cmp::Reverse(judged.word));
    let mut places: BTreeMap<(&str, Word, bool), usize> = BTreeMap::new();
    let mut groups: Vec<(&Judged<'_>, Vec<usize>)> = Vec::new();
    for judged in order {
        let key = (
            judged.rule.as_str(),
            judged.word,
            matches!(judged.cause, Cause::Class(_)),
        );
        match places.get(&key).and_then(|place| groups.get_mut(*place)) {
            Some((_, indices)) => indices.extend(&judged.findings),
            None => {
                places.insert(key, groups.len());
                groups.push((judged, judged.findings.clone()));
            }
        }
    }
    groups
        .into_iter()
        .map(|(judged, mut indices)| {
            indices.sort_unstable();
            indices.dedup();
            reason(kind, judged, indices, findings)
        })
        .collect()
}

fn worth_saying(judged: &Judged<'_>) -> bool {
    judged.word >= Word::Hint
        || (matches!(judged.cause, Cause::Class(_)) && judged.cell.audiences().next().is_some())
}

fn reason(
    kind: ItemKind,
    judged: &Judged<'_>,
    indices: Vec<usize>,
    findings: &[Finding],
) -> Reason {
    let words = match judged.cause {
        Cause::Class(class) => class_wording(class),
        Cause::Finding(category) => {
            let kinds: Vec<&str> = indices
                .iter()
                .filter_map(|index| findings.get(*index)?.kind.as_deref())
                .collect();
            wording(
                kind,
                judged.rule.as_str(),
                category,
                &kinds,
                judged.doubtful,
            )
        }
    };
    let causes = causes(judged, &indices, findings);
    let beside = match kind {
        ItemKind::Draft => beside_picture(judged.rule.as_str(), &indices, findings),
        ItemKind::Comment => None,
    };
    Reason {
        rule: judged.rule.clone(),
        clause: Some(
            judged
                .cell
                .clause
                .clone()
                .unwrap_or_else(|| "Social media policy".to_owned()),
        ),
        text: if causes.is_empty() {
            words.text
        } else {
            format!("{} {causes}", words.text)
        },
        fix: beside.map(str::to_owned).or(words.fix),
        findings: indices,
    }
}

/// What helps where a name next to a picture stands in one place only, and that is not among the author's words.
fn beside_picture(rule: &str, indices: &[usize], findings: &[Finding]) -> Option<&'static str> {
    let of_pictures = [
        rules::NAME_WITH_IMAGE,
        rules::GIVEN_NAME_WITH_IMAGE,
        rules::NAME_WITH_IMAGE_WITHOUT_CONSENT,
    ];
    if !of_pictures.contains(&rule) {
        return None;
    }
    let mut places = indices.iter().map(|index| findings.get(*index)?.surface);
    let first = places.next()??;
    if places.any(|place| place != Some(first)) {
        return None;
    }
    match first {
        Surface::Ocr => Some(
            "The name can be read in the picture itself, perhaps on a badge, a peg or a certificate. Crop it away, or use another picture.",
        ),
        Surface::Filename => {
            Some("The name stands in the picture's file name. Rename the file and send it again.")
        }
        Surface::Metadata => Some(
            "The name stands in the picture's file or in its album, not in your words. It is taken out of the copy; a colleague makes sure that the picture may go out.",
        ),
        _ => None,
    }
}

/// How many different causes a reason names.
const MAX_CAUSES: usize = 4;

/// Why checks did not finish, each cause once: a teacher must know which picture to save again and how.
fn causes(judged: &Judged<'_>, indices: &[usize], findings: &[Finding]) -> String {
    if judged.cause != Cause::Finding(Category::ScreeningIncomplete) {
        return String::new();
    }
    let mut said: Vec<&str> = Vec::new();
    for finding in indices.iter().filter_map(|index| findings.get(*index)) {
        let incomplete = finding.category == Category::ScreeningIncomplete;
        if incomplete && !said.contains(&finding.message.as_str()) {
            said.push(&finding.message);
        }
    }
    said.iter()
        .take(MAX_CAUSES)
        .map(|message| format!("{}.", capital(message.trim_end_matches('.'))))
        .collect::<Vec<_>>()
        .join(" ")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
