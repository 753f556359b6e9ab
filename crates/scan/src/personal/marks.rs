//! Results of one child: marks, levels, attendance, and lists of them.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    kind::Kind,
    page::Page,
    person::{is_given, is_given_name, is_no_name, is_public_prose},
    shape::Shape,
};

/// Results of one person: a mark, a level, a percentage of attendance.
pub(super) const MARK: &str = r"(?:from [0-9]{1,2}[.:][0-9]{1,2}[a-z' ]{0,24} to [0-9]{1,2}[.:][0-9]{1,2}|from [0-9]{1,2} ?(?:%|per ?cent)? to [0-9]{1,3} ?(?:%|per ?cent)|reading age[^.!?\n]{0,12}[0-9]|retest|full marks in (?:his|her|their) |[0-9]{2,3} (?:in|on|for) (?:his |her |their )?(?:sats|maths|reading|writing|english|spag|mocks?(?-u:\b)|end of year)|attendance[^.!?\n]{0,80}[0-9]{1,3} ?(?:%|per ?cent)|(?-u:\b)[0-9]{1,2} ?% attendance|(?:got|scored|achieved|managed|only got)(?: only| just| a| an)? (?:[0-9]{2,3}(?: ?%| out of [0-9]+|/[0-9]+)?|[a-u](?: |\*)|grade [0-9a-u]|level [0-9])[^.!?\n]{0,30}(?:sats|test|exam|assessment|mock|mocks|gcse|maths|english|reading|phonics|spag)|(?:got|scored|managed|only got)(?: only| just)? [0-9]{1,3}(?: out of |/)[0-9]{2,3}(?: ?%| in | for | on | and | but |[.,!]|$)|(?:got |reached |hit |to |on |at |is )?greater depth(?: in| for| across| at)? (?:all|reading|writing|maths|his|her|english|spag|science|every)|(?:got|scored) (?:below |under |above |over )?[0-9]{2,3} (?:in|on|for) (?:the |his |her )?(?:phonics|spag|sats?|maths|reading|english|spelling|grammar|arithmetic|times tables|baseline|mock|cats?)(?-u:\b)|(?:bottom|lowest|lower) (?:[a-z]+ )?(?:set|group|table|stream)(?-u:\b)|(?:did not|didn'?t|failed to|hasn'?t|has not|yet to) (?:reach|meet|achieve|make|met|reached|achieved)[^.!?\n]{0,12}(?:expected|standard|target|grade|level|progress)|predicted (?:an? )?[0-9a-u](?:,| but| and got|[.!])|(?:moved|dropped|gone|going|went|put) (?:up |down )?(?:from|to|into|in) (?:set [1-9]|the (?:bottom|lowest|top) (?:set|group|table))|got (?:an? )?[0-9u][+-]? (?:in|for) (?:his |her )?(?:maths|english|science|reading|writing|history|geography|french|spanish|art|music|re|pe)(?-u:\b)|moved (?:down|up) to (?:set|the)|can(?:'?t|not| barely| hardly) (?:even |still )?(?:read|write|count|spell)(?-u:\b)|(?:no|a|his|her|another|[0-9]|two|three) (?:red|yellow|amber) cards?(?: this| today| for|[.!])|(?:failed|(?:didn'?t|did not|hasn'?t|not) pass(?:ed)?|passed|resat|retook) (?:his|her|their|the)(?: [a-z0-9]+){0,2} (?:sats|test|exam|assessment|mocks|gcse|gcses|maths|english|phonics|check|screening|times tables)|(?:is|at|below|working|still)(?: only| at| just)? (?:working towards|greater depth|age[- ]related)|reading age of|(?:scraped|just missed|only just got|just got|missed|nearly got) (?:a |the |his |her )?pass(?:ed)? (?:in|on|mark)|phonics (?:retake|resit|check|screening) with [0-9]{1,2})";

/// So many out of so many, which is a result where a test is spoken of.
pub(super) const COUNTED: &str = r"(?-u:\b)(?:(?:got|scored|managed|with|had|a) (?:a |only |just )?)?[0-9]{1,3}(?: out of |/)[0-9]{2,3}(?-u:\b)";

/// Who sits a test once more has not passed it: "will have another go in June".
pub(super) const AGAIN: &str = r"(?-u:\b)(?:(?:will|can|gets? to|is going to|has to|needs to|must|is due to|is) )?(?:(?:be )?(?:having|have|has|get|gets|getting|take|takes|taking) (?:it again|another (?:go|try|attempt|shot|crack)|a second (?:go|try|attempt|shot|chance))|(?:try|trying|sit|sitting|take|taking|do|doing) (?:it |the (?:test|check|paper) )?again|(?:re-?sit|re-?take|re-?do)(?:s|ting|ing)?(?: it)?)(?: in [a-z]+| next [a-z]+)?(?-u:\b)";

/// Who speaks of themselves or to everybody: "I can't read that page".
const SPEAKERS: &[&str] = &["i", "we", "you", "they"];

/// What follows a count of children: "29 out of 30 passed".
const OF_MANY: &[&str] = &[
    " passed",
    " of our",
    " children",
    " pupils",
    " reached",
    " met ",
    " have ",
    " did ",
    " were ",
    " are ",
    " in the class",
    " families",
    " parents",
];

/// Whether a text may give a result at all.
pub(super) fn may_be_given(page: &Page<'_>) -> bool {
    [Shape::Mark, Shape::MarkAgain, Shape::MarkCounted]
        .iter()
        .any(|shape| shape.may_match(page))
}

/// The stretches of a sentence that give a result.
pub(super) fn marks(page: &Page<'_>, words: &str) -> impl Iterator<Item = Range<usize>> {
    let counts = words.contains(" out of ") || words.contains('/');
    let again = [" again", "another ", "second ", "re"]
        .iter()
        .any(|word| words.contains(word));
    let tested = (counts || again)
        && Shape::Results
            .within(page)
            .into_iter()
            .any(|results| results.is_match(words));
    let counted = Shape::MarkCounted
        .within(page)
        .into_iter()
        .filter(move |_| counts && tested)
        .flat_map(move |count| count.find_iter(words))
        .filter(move |count| {
            !OF_MANY
                .iter()
                .any(|many| words[count.end()..].starts_with(many))
        });
    Shape::Mark
        .within(page)
        .into_iter()
        .chain(
            Shape::MarkAgain
                .within(page)
                .into_iter()
                .filter(move |_| again && tested),
        )
        .flat_map(move |mark| mark.find_iter(words))
        .chain(counted)
        .filter(move |mark| {
            let before = words[..mark.start()].trim_end().rsplit(' ').next();
            !before.is_some_and(|who| SPEAKERS.contains(&who))
        })
        .map(|mark| mark.range())
}

/// Whether a sentence counts points of a game or money raised.
pub(super) fn is_sport(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    if page.says_in(sentence, "attendance") {
        return false;
    }
    [
        "seconds",
        " race",
        "goals",
        "points",
        " lengths",
        "metres",
        " raised",
        "house",
        "league",
        " team",
        "penalt",
        "sponsor",
        "darts",
        "bowling",
        "quiz",
        "raffle",
        "hoops",
        "golf",
        "cricket",
        "rounders",
        "egg and spoon",
        "cycling",
        "bikeability",
        "driving",
        "swimming",
        "piano",
        "karate",
        "lifesaving",
        "bake",
    ]
    .iter()
    .any(|word| page.says_in(sentence, word))
}

/// A name and a mark beside each other in a list of results: "Reading ages: Zara 11.2, Dominic 7.4".
pub(super) const LISTED: &str = r"(?-u:\b)([a-z][a-z'-]{2,15})(?: [a-z]\.?)? ?(?:[-:=(]|got|is at|is|was|on)? ?((?:below |above |at )?(?:[0-9]{1,3}(?:[.:][0-9]{1,2})?(?: ?%|/[0-9]{2,3}| out of [0-9]{2,3})?|(?:wts|exs|gds|wt|wa|gd|bare|pks)(?-u:\b)|[1-9][abc](?-u:\b)|[0-9]y ?[0-9]{1,2}m))";

/// What makes figures beside names the results of children.
pub(super) const RESULTS: &str = r"(?-u:\b)(?:reading ages?|spelling ages?|sats?|test (?:results?|scores?|marks?)|scores? (?:out of|for)|exam (?:results?|marks?)|assessment(?:s| results?| scores?)|(?:maths|english|spag|spellings?|phonics|reading|reasoning|arithmetic|grammar|writing|science|history|geography|french|mental maths|mock|baseline|cat|cats|times tables?|end of (?:year|term|unit|topic)|practice|qualifying|entrance|eleven plus|11\+)(?: (?:test|check|exam|mock|paper|screening|assessment|quiz))?(?: (?:results?|scores?|marks?|levels?|grades?)|(?: (?:tests?|checks?|exams?|mocks?|papers?|screening|assessment)):?)|attendance|standardised scores?|scaled scores?|levels?:|grades?:|percentages?|predicted|target grades?|working (?:at|towards|below))(?-u:\b)";

/// Fields of a pupil's record: "FSM yes / SEN K / attendance 88.2".
static FIELDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:(?:fsm|free school meals|pupil premium|pp|eal|lac|cla|send?)(?: status)?[ :=-]{1,3}(?:yes|y|k|e|s|ehcp)|(?:attendance|exclusions?|behaviour points?)[ :=-]{1,3}[0-9]{1,3}(?:\.[0-9])?%?|ethnicity[ :=-]{1,3}[a-z]+(?: [a-z]+)?)(?-u:\b)").ok()
});

/// What a record tells beside the number of the pupil whose it is: support, meals and attendance.
pub(super) fn recorded(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let pupils = [Kind::Upn, Kind::Uln, Kind::NhsNumber];
    let whose = found.iter().filter(|number| pupils.contains(&number.kind));
    let mut starts: Vec<usize> = whose.map(|number| number.bytes.start).collect();
    starts.sort_unstable();
    let mut start = 0;
    for line in page.text.split_inclusive('\n') {
        let end = start + line.len();
        let next = starts.partition_point(|at| *at < start);
        if starts.get(next).is_some_and(|at| *at < end) {
            let fields = FIELDS.iter().flat_map(|field| field.find_iter(line));
            found.extend(fields.map(|field| {
                let bytes = start + field.start()..start + field.end();
                Candidate::new(Kind::Sensitive, bytes, 0.8)
            }));
        }
        start = end;
    }
}

/// Whether a share is lower than that of any class.
fn is_low(entry: &str) -> bool {
    let share = entry.rsplit([' ', '(', ':', '=']).next().unwrap_or(entry);
    let share = share.trim_end_matches(['%', ' ']);
    share.parse().is_ok_and(|share: f32| share < 85.0)
}

/// Whether a name stands after the figure of a year: "2 Wren".
fn follows_figure(page: &Page<'_>, at: usize) -> bool {
    page.text_before(at, 4)
        .trim_end()
        .ends_with(|c: char| c.is_ascii_digit())
}

/// Results of named children in a list, one finding for each.
pub(super) fn listed(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if !Shape::Results.may_match(page) || !Shape::MarkListed.may_match(page) {
        return;
    }
    for sentence in page.sentences() {
        let words = &page.text[sentence.clone()];
        let results = Shape::Results
            .within(page)
            .into_iter()
            .any(|results| results.is_match(words));
        // a league of classes, which are called after what children are called after too
        let league = words.contains("attendance")
            && ["league", "cup", "table", "trophy"]
                .iter()
                .any(|prize| words.contains(prize))
            && !words.contains('%');
        if is_sport(page, &sentence) || !results || league || is_public_prose(page, &sentence) {
            continue;
        }
        let shares = words.matches('%').count();
        let entries = || {
            Shape::MarkListed
                .within(page)
                .into_iter()
                .flat_map(|shape| shape.captures_iter(words))
        };
        let classes = shares > 1
            && entries()
                .filter(|entry| entry[0].ends_with('%') && !is_given_name(&entry[1]))
                .count()
                * 2
                >= shares;
        // where classes have figures, "2 Wren 96%", a name without one is a child's
        let figured = entries()
            .filter_map(|entry| entry.get(1))
            .any(|name| follows_figure(page, sentence.start + name.start()));
        for captures in entries() {
            let (Some(whole), Some(name)) = (captures.get(0), captures.get(1)) else {
                continue;
            };
            let at = sentence.start + name.start();
            // "our attendance officer Denise on 0117 496 0287": the digits go on; "Malik (2 Wren)": so does the class
            let rest = &words[whole.end()..];
            let classed = whole.as_str().contains('(')
                && whole.as_str().ends_with(|c: char| c.is_ascii_digit())
                && rest
                    .trim_start()
                    .starts_with(|c: char| c.is_ascii_lowercase());
            if classed || rest.starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            let share = whole.as_str().ends_with('%');
            let class = follows_figure(page, at)
                || share
                    && (classes && !(figured && is_low(whole.as_str()))
                        || !is_given_name(name.as_str()));
            // no class comes so seldom
            let low = words.contains("attend")
                && share
                && shares == 1
                && is_low(whole.as_str())
                && !is_no_name(name.as_str());
            if (low || !class && is_given(page, at, name.as_str())) && page.opens_with_capital(at) {
                let bytes = at..sentence.start + whole.end();
                found.push(Candidate::new(Kind::Sensitive, bytes, 0.8));
            }
        }
    }
}
