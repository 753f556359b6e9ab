//! What an excuse of an urgent rule must look like: it names the harmless thing, or it is refused.
//! Which hits an excuse takes away is decided in `compiled`.

use schoolgate_model::ConfigFault;

use super::{
    pack::{RuleSyntax, Source},
    rule::Phrases,
};

/// Words that name nothing.
pub(crate) const FUNCTION_WORDS: &[&str] = &[
    "a", "about", "after", "again", "all", "always", "am", "an", "and", "any", "are", "as", "at",
    "back", "be", "because", "been", "before", "but", "by", "came", "can", "cant", "come", "could",
    "did", "didnt", "do", "does", "doesnt", "doing", "dont", "down", "every", "for", "from", "get",
    "gets", "getting", "go", "going", "gonna", "good", "got", "had", "has", "have", "he", "her",
    "here", "hers", "herself", "hes", "him", "himself", "his", "i", "if", "im", "in", "into", "is",
    "isnt", "it", "its", "ive", "just", "me", "more", "my", "myself", "never", "no", "not", "now",
    "of", "off", "on", "one", "or", "our", "out", "over", "really", "said", "say", "she", "shes",
    "should", "so", "some", "than", "that", "thats", "the", "their", "them", "then", "there",
    "theres", "these", "they", "theyre", "this", "those", "through", "to", "today", "too", "up",
    "us", "very", "want", "wanted", "was", "we", "went", "were", "what", "when", "where", "which",
    "who", "will", "with", "wont", "would", "wouldnt", "you", "your", "youre", "yours",
];

/// Excuses of an urgent rule that would excuse anything: open at the end, or made of the rule's own words and of
/// words that name nothing. `own` are the words of the rule's patterns.
pub(crate) fn check(
    syntax: &RuleSyntax,
    own: &[String],
    phrases: &Phrases,
    source: Source<'_>,
) -> Vec<ConfigFault> {
    let hint = "name the harmless thing or the idiom: `hit the target`, `splash * paint`";
    let mut faults = Vec::new();
    for phrase in &syntax.unless {
        let written = phrase.get_ref().trim();
        if written.ends_with(" *") {
            let fault = source.fault(phrase, format!("the excuse `{written}` is open at its end"));
            faults.push(fault.hint(hint));
        } else if !written
            .split(' ')
            .any(|word| names_something(word, syntax, own, phrases))
        {
            let fault = source.fault(
                phrase,
                format!("the excuse `{written}` names nothing harmless"),
            );
            faults.push(fault.hint(hint));
        }
    }
    faults
}

/// Whether the word is neither a function word nor one of the rule's own.
fn names_something(word: &str, syntax: &RuleSyntax, own: &[String], phrases: &Phrases) -> bool {
    if let Some(name) = word.strip_prefix('<') {
        return phrases.has(name.trim_end_matches('>'));
    }
    let word = word.trim_matches('*');
    let term = |term: &str| term.split(' ').any(|part| part == word);
    word.len() > 1
        && !FUNCTION_WORDS.contains(&word)
        && !own.iter().any(|own| own == word)
        && !syntax.terms.iter().any(|known| term(known.get_ref()))
}
