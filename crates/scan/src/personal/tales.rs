//! Animals with names, and people in books and plays: what is told of them is nobody's business.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    page::Page,
    person::{self, Told},
};

/// An animal that has a name.
static ANIMAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:fish|cat|dog|rabbit|hamster|tortoise|hen|chicken|snail|owl|hawk|vulture|pony|horse|lamb|goat|gecko|snake|lizard|gerbil|guinea pig|pet|donkey|duck|tadpole|spider|bear)s?,? (?:called|named|who is called)(?-u:\b)|(?-u:\b)(?:class|school|our|the) (?:fish|pet|rabbit|tortoise|hamster|gecko|snail|hen|hens|chickens|goldfish)(?-u:\b)").ok()
});

/// Words that tell of an animal or of a part in a play.
const PARTS: &[&str] = &[
    "therapy dog",
    "book club",
    "therapy lab",
    "therapy pony",
    "therapy horse",
    "therapy rabbit",
    "therapy cat",
    "therapy animal",
    "therapy pup",
    "guide dog",
    "school dog",
    "reading dog",
    "hamster",
    "guinea pig",
    "puppy",
    "kitten",
    "the vet",
    "to the vets",
    "teddy had",
    "teddy hospital",
    "role play",
    "novel",
    "story about",
    "book about",
    "role-play",
    "in our play",
    "in the play",
    "in our story",
    "in the story",
    "in the book",
    "in the secret garden",
    "plays the",
    "his crown",
    "tumbling after",
];

/// What somebody plays who is in no play.
static PLAYED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)plays the (?:violin|viola|cello|double bass|bass|piano|keyboard|organ|guitar|ukulele|banjo|harp|flute|recorder|clarinet|oboe|bassoon|sax[a-z]*|trumpet|cornet|trombone|tuba|horn|drums?|cymbals|steel pans|tabla|fiddle|pipes|bagpipes|whistle|accordion|fool|clown|game)(?-u:\b)").ok()
});

/// A book that is read, in words that no child's own doings share.
static BOOK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:read[- ]aloud|book club|class (?:novel|reader|text)|story ?time|book of the (?:week|month)|dahl|walliams|rowling|morpurgo|shakespeare'?s?|(?:finished|finish|started|begun|enjoyed|loved|reading|reread|read) (?:the|our|this|that) (?:[a-z]+ )?(?:book|novel|story|chapters?|poem|series)|(?:another|next|final|mountain|opening) chapters?|(?:panto(?:mime)?|play|plot) synopsis|synopsis|fairy ?tales?|once upon a time|pirate day|(?:main|favourite|best|book) characters?|wrote to say why|(?:from|in|of) page (?:one|[0-9]+)|on page (?:one|[0-9]+)|for prime minister)(?-u:\b)").ok()
});

/// Somebody about whom a class learns: "Usain Bolt has scoliosis. Year 5 wrote about him".
static STUDIED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:(?:wrote|written|write|writing|letters?) (?:a letter |letters )?(?:to|about) (?:him|her)|(?:now )?listen(?:ed|ing)? to (?:her|his|him)|(?:her|his) (?:songs|paintings|books|poems|music|letter is on|story is on|speech)|where (?:he|she) (?:painted|wrote|composed|trained)|(?:look at )?our (?:[a-z]+ )?(?:versions|portraits|biographies|fact ?files))(?-u:\b)").ok()
});

/// Whether somebody told of is known by what a class learns of them, here or in the next sentence.
pub(super) fn is_studied(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    let next = page.sentence_of(sentence.end.min(page.text.len()));
    let both = &page.text[sentence.start..next.end.max(sentence.end)];
    page.context.draft && STUDIED.iter().any(|studied| studied.is_match(both))
}

/// Whether a sentence, the one before or the one after is of a book that is read.
pub(super) fn is_amid_a_book(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    let before = page.sentence_before(sentence);
    let after = page.sentence_of(sentence.end.min(page.text.len()));
    let around = before.start..after.end.max(sentence.end);
    BOOK.iter()
        .any(|book| book.is_match(&page.text[around.clone()]))
        || reads_a_title(page, &around)
        || page
            .named_in(&around)
            .any(|named| is_a_title(page, &named.bytes))
}

/// "When I read Heidi at your age": a book that bears a child's name, and no child to whom somebody reads.
fn is_a_title(page: &Page<'_>, named: &Range<usize>) -> bool {
    let before = page.text_before(named.start, 24);
    let after = page.text_after(named.end, 8);
    ["i read ", "i reread ", "i re-read ", "we read "]
        .iter()
        .any(|read| before.ends_with(read))
        && !after.starts_with("'s")
        && !["her ", "his ", "the ", "a ", "an ", "one ", "to "]
            .iter()
            .any(|word| after.trim_start().starts_with(word))
}

/// "Year 4 are reading The Boy at the Back of the Class", "read Tracy Beaker": a verb and two capitals.
fn reads_a_title(page: &Page<'_>, around: &Range<usize>) -> bool {
    static READS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u:\b)(?:reads?|reading|studying|studied|watched|finished|exploring|explored|from) ([a-z]+ )([a-z]+)").ok()
    });
    let lists = ["with ", "to ", "by ", "and "];
    READS
        .iter()
        .flat_map(|reads| reads.captures_iter(&page.text[around.clone()]))
        .any(|read| {
            let (Some(whole), Some(first), Some(second)) = (read.get(0), read.get(1), read.get(2))
            else {
                return false;
            };
            let capital = |at: usize| page.opens_with_capital(around.start + at);
            let known = page
                .named_in(&(around.start + first.start()..around.start + second.end()))
                .next()
                .is_some();
            !whole.as_str().starts_with("from")
                && !lists.contains(&first.as_str())
                && capital(first.start())
                && capital(second.start())
                && !known
        })
}

/// Where one clause of a sentence ends and the next opens.
const CLAUSES: &[&str] = &[
    ",",
    ";",
    ":",
    " - ",
    " \u{2013} ",
    " \u{2014} ",
    " and ",
    " but ",
    " who ",
    " because ",
    " since ",
    " after ",
    " although ",
    " though ",
    " while ",
];

/// The words that show a world of stories or history, and the given names that belong to it.
static WORLDS: LazyLock<Vec<(Vec<String>, Vec<&'static str>)>> = LazyLock::new(|| {
    include_str!("../names/worlds.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .map(|(cues, people)| {
            let cues = cues.split_whitespace().map(|cue| cue.replace('_', " "));
            (cues.collect(), people.split_whitespace().collect())
        })
        .collect()
});

/// Whether everybody whom a sentence names belongs to a world of stories that the text shows.
fn is_of_a_world(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    let people = person::people(page, sentence);
    let given: Vec<&str> = people
        .iter()
        .filter(|person| person.told >= Told::Given)
        .map(|person| &page.text[person.bytes.clone()])
        .collect();
    !given.is_empty()
        && WORLDS.iter().any(|(cues, names)| {
            given.iter().all(|name| names.contains(name))
                && cues.iter().any(|cue| has_word(page, cue))
        })
}

/// Whether a word stands in the text whole.
fn has_word(page: &Page<'_>, word: &str) -> bool {
    page.says(word)
        && page
            .text
            .match_indices(word)
            .any(|(at, _)| page.stands_alone(&(at..at + word.len())))
}

/// Whether a sentence is about an animal or somebody in a play, who may have a child's name.
pub(super) fn is_of_animals_or_parts(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    let words = &page.text[sentence.clone()];
    ANIMAL.iter().any(|animal| animal.is_match(words))
        || PARTS.iter().any(|word| {
            page.says_in(sentence, word)
                && (*word != "plays the" || !PLAYED.iter().any(|played| played.is_match(words)))
        })
}

/// Whether what a sentence tells is told of an animal or a part in a play. Of a child whom the school knows only the clause
/// of the animal or the part is: "Mia plays the violin in the play, and her asthma ..." tells of Mia.
pub(super) fn is_a_tale(page: &Page<'_>, sentence: &Range<usize>, told: &Range<usize>) -> bool {
    let known = page
        .named_in(sentence)
        .any(|named| !named.staff && !is_a_title(page, &named.bytes));
    if !known && page.text.matches(" / ").count() >= 2 {
        return true;
    }
    if !known && is_amid_a_book(page, sentence) || is_of_a_world(page, sentence) {
        return true;
    }
    if !is_of_animals_or_parts(page, sentence) {
        return false;
    }
    let before = &page.text[sentence.start..told.start.max(sentence.start)];
    let after = &page.text[told.end.min(sentence.end)..sentence.end];
    let opening = |before: &str| {
        let ends = CLAUSES
            .iter()
            .filter_map(|end| Some(before.rfind(end)? + end.len()));
        ends.max().unwrap_or(0)
    };
    let mut start = opening(before);
    // "the troll, who is deaf": of whom stands before it
    if before[..start].ends_with(" who ") {
        let whose = before[..start - " who ".len()].trim_end_matches(',');
        start = opening(whose);
    }
    let end = CLAUSES.iter().filter_map(|end| after.find(end)).min();
    let clause = sentence.start + start..sentence.end - after.len() + end.unwrap_or(after.len());
    !known || is_of_animals_or_parts(page, &clause)
}
