//! The packs test themselves: every rule against its own examples, every id against all others.

use std::collections::HashMap;

use schoolgate_model::{Budget, CheckFailure, ConfigFault, Surface};

use super::{
    Direction, Lexicon, PackCheck, parallel,
    rule::{Context, Example, Rule},
};
use crate::surface::SurfaceText;

/// Fewest examples of each sort that a built-in rule has.
const EXAMPLES: usize = 2;

/// Everything that is wrong with the lexicon's rules.
pub(super) fn run(lexicon: &Lexicon) -> Vec<ConfigFault> {
    let mut faults = Vec::new();
    let mut seen: HashMap<&str, &str> = HashMap::new();
    for pattern in lexicon.built_in.contexts.iter().flat_map(Context::patterns) {
        if let Err(failure) = pattern.ready() {
            faults.push(ConfigFault::whole(
                "wordlists/contexts.toml",
                failure.describe(),
            ));
        }
    }
    let rules: Vec<&Rule> = lexicon.all_rules().collect();
    faults.extend(
        parallel::each(&rules, |rule| unready(rule))
            .into_iter()
            .flatten(),
    );
    for rule in rules {
        if let Some(other) = seen.insert(rule.id.as_str(), &rule.pack) {
            faults.push(ConfigFault::whole(
                file(rule),
                format!(
                    "the rule id `{}` is also used in the pack `{other}`",
                    rule.id.as_str()
                ),
            ));
        }
        if &*rule.pack == "school" {
            continue;
        }
        if let (true, None, Some(excuse)) = (rule.firm, &rule.harm, rule.excuses.first()) {
            faults.push(ConfigFault::at(
                file(rule),
                excuse.line,
                excuse.column,
                format!("the pack excuses `{}` and names no `harm`", excuse.text),
            ));
        }
        if rule.must_match.len() < EXAMPLES || rule.must_not_match.len() < EXAMPLES {
            faults.push(ConfigFault::whole(
                file(rule),
                format!(
                    "the rule `{}` needs two examples of each sort",
                    rule.id.as_str()
                ),
            ));
        }
        faults.extend(
            rule.must_match
                .iter()
                .filter_map(|text| check(lexicon, rule, text, true)),
        );
        faults.extend(
            rule.must_not_match
                .iter()
                .filter_map(|text| check(lexicon, rule, text, false)),
        );
    }
    faults
}

/// What cannot be run of the rule.
fn unready(rule: &Rule) -> Vec<ConfigFault> {
    let failures = rule.patterns().filter_map(|pattern| pattern.ready().err());
    failures
        .map(|failure| {
            let message = format!("rule `{}`: {}", rule.id.as_str(), failure.describe());
            ConfigFault::whole(file(rule), message)
        })
        .collect()
}

fn file(rule: &Rule) -> String {
    format!("wordlists/{}.toml", rule.pack)
}

fn check(lexicon: &Lexicon, rule: &Rule, example: &Example, expected: bool) -> Option<ConfigFault> {
    let id = rule.id.as_str();
    let text = &example.text;
    let what = match (matched(lexicon, rule, text), expected) {
        (Ok(Some(_)), true) | (Ok(None), false) => return None,
        (Ok(None), true) => format!("the rule `{id}` does not match its example `{text}`"),
        (Ok(Some(words)), false) => {
            format!("the rule `{id}` matches `{words}` in its counter-example `{text}`")
        }
        (Err(failure), _) => format!(
            "an example of `{id}` could not be run: {}",
            failure.describe()
        ),
    };
    Some(ConfigFault::at(
        file(rule),
        example.line,
        example.column,
        what,
    ))
}

/// The words of the example that the rule matches.
fn matched(lexicon: &Lexicon, rule: &Rule, text: &str) -> Result<Option<String>, CheckFailure> {
    let meter = Budget::default().meter();
    let surface = SurfaceText::new(Surface::Text, None, text);
    let prepared = lexicon.prepare(&surface, &meter)?;
    let hits = lexicon.hits(
        &prepared,
        rule.direction == Direction::Draft || rule.check == PackCheck::Topics,
        |other| std::ptr::eq(other, rule),
        &meter,
    )?;
    Ok(hits.first().map(|hit| surface.slice(hit.span).to_owned()))
}
