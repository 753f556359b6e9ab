//! What is told of a child's family: prison, debt, illness, parents who live apart.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Candidate,
    kind::Kind,
    page::Page,
    person::{Told, is_given, is_no_name, is_public_prose, people},
    tales::is_a_tale,
};

/// What a parent tells of the child's other parent: "we are separated, his dad never gets the letters".
static PARENTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:(?:his|her|their|the kids'?|the children's) (?:dad|mum|father|mother|mam)(?-u:\b)[^.!?\n]{0,70}?(?:we are|we're|were|we have|we've|weve|now|been) (?:now |both |just )?(?:separated|divorced|divorcing|split(?: up)?|separating|not together)|(?:me|i) (?:and|n|&) (?:his|her|their|the kids'?|my [a-z]{2,10}'?s|[a-z]{3,12}'?s) (?:dad|mum|father|mother|mam) (?:are |have |have just |just |r |are now )?(?:separated|divorced|divorcing|split(?: up)?|separating|going through a divorce|getting divorced)|(?:his|her|their|the kids'?|[a-z]{2,12}'s) (?:dad|mum|father|mother|stepdad|stepmum)(?: is| has|'s|s)? (?:not (?:allowed|supposed|meant) (?:to|near|within|any contact)|has no (?:contact|access|rights)|isn'?t allowed|in prison|in jail|being deported|inside|banned from|has a (?:restraining|court) order|a court order|on bail|got a restraining order)|(?:restraining|non[- ]molestation|court|prohibited steps) order (?:against|on|for|stopping) (?:his|her|their|my) (?:dad|mum|father|mother|ex|partner))(?-u:\b)").ok()
});

/// What is told of a named child's family: "Keira's mum can't pay", "Leo's brother is in a young offenders".
static FAMILY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:police|social services|bailiffs)(?: car| van)?(?: (?:were|was|have been|has been|been|turned up|came|called|went|are|is|always|forever|never|again|keep|coming|go|off)){0,3} (?:at|round|to|round at|round to|outside) (?:the )?([a-z][a-z-]{2,15}?)(?:'s|s|s')(?: house| place| home)?(?-u:\b)|(?-u:\b)(?:([a-z][a-z-]{2,15}?)(?:'s|s|')|(?:his|her|their)) (?:mum|mummy|mam|mom|dad|daddy|da|mum and dad|parents|mother|father|brother|sister|stepdad|stepmum|step-dad|step-mum|family|folks|nan|uncle|carer|older brother|big brother)(?: and (?:dad|mum))?(?:'s|s)?(?-u:\b)[^.!?\n]{0,30}?(?-u:\b)(?:in prison|in jail|banged up|behind bars|(?:went|going|gone|sent|back) to (?:prison|jail)|(?:from|out of) (?:prison|jail)|lost custody|inside(?: for| again| now| atm| till| until|[.,!?]|$)|locked up|doing time|sent down|young offenders|arrested|on bail|in court|on benefits|on universal credit|lost (?:his|her|their) jobs?|out of work|laid off|made redundant|redundancy|can'?t (?:pay|afford)|cannot (?:pay|afford)|couldn'?t (?:pay|afford)|struggling (?:for|with) money|skint|broke|evicted|homeless|in debt|bailiffs|alcoholic|drinks|drinking|on drugs|drug|dealing|deported|divorc(?:ed|ing|e)|separat(?:ed|ing)|split(?:ting)? up|split|left (?:him|her|them) (?:for|last|and|when|in)|walked out|died|passed away|is dying|dying|has cancer|have cancer|cancer|has ms|has parkinson'?s|has dementia|chemo|stroke|heart attack|in hospital|in a hospice|sectioned|mental health|depressed|depression|suicide|hits|beats|violent|domestic|refuge|affair|illegal|overstayed|asylum|visa|restraining order|social services|social worker|food ?bank|tagged)(?-u:\b)").ok()
});

/// What is told of the families of named children.
pub(super) fn families(page: &Page<'_>, first: usize, found: &mut Vec<Candidate>) {
    for captures in FAMILY
        .iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let Some(whole) = captures.get(0) else {
            continue;
        };
        let sentence = page.sentence_of(whole.start());
        let known = match captures.get(1).or_else(|| captures.get(2)) {
            Some(name) => {
                is_given(page, name.start(), name.as_str())
                    || page.opens_with_capital(name.start()) && !is_no_name(name.as_str())
            }
            // "cos his dad's banged up, leave Reece alone"
            None if !page.context.draft => people(page, &sentence).iter().any(|person| {
                person.told == Told::Named
                    || person.told == Told::Given && person.bytes.end <= whole.start()
            }),
            // "Think of Theo and Ella. Their daddy died on Sunday"
            None => {
                let opens = page.text[sentence.start..whole.start()].trim().is_empty();
                let from = match opens {
                    true => page.sentence_before(&sentence).start,
                    false => sentence.start,
                };
                people(page, &(from..whole.start()))
                    .iter()
                    .any(|person| person.told >= Told::Given)
            }
        };
        let told = found[first..].iter().any(|earlier| {
            sentence.start <= earlier.bytes.start && earlier.bytes.end <= sentence.end
        });
        if known
            && !told
            && !is_public_prose(page, &sentence)
            && !is_a_tale(page, &sentence, &whole.range())
        {
            found.push(Candidate::new(Kind::Sensitive, whole.range(), 0.75));
        }
    }
}

/// What parents tell of living apart.
pub(super) fn parents(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for told in PARENTS.iter().flat_map(|shape| shape.find_iter(page.text)) {
        if is_a_tale(page, &page.sentence_of(told.start()), &told.range()) {
            continue;
        }
        found.push(Candidate::new(Kind::Sensitive, told.range(), 0.75));
    }
}
