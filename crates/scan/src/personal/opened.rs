//! What lets somebody in, told in other ways than by a label and a value side by side: numbers in words, a word and its
//! user in any order, pictures to choose, what to type after "choose join".

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{DIGITWORD, DISCOUNT},
    kind::Kind,
    page::Page,
    shape::Shape,
};

/// How far from the thing that it opens a code may be told.
const REACH: usize = 90;

/// Four to eight digits one by one, some of them in words, perhaps with a sign before and after: "C, then 1-9-0-6, then
/// the star", "7 4 double 1".
static SIGNS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const UNIT: &str = "(?:(?:double|triple|treble) )?(?:zero|oh|nought|naught|one|two|three|four|five|six|seven|eight|nine|[0-9])";
    Regex::new(&format!(
        r"(?-u:\b)(?:(?:[a-z]|star|hash),? (?:and )?then )?{UNIT}(?:(?:, |[ -])(?:then )?{UNIT}){{2,7}}(?:,? (?:and )?then (?:the )?(?:star|hash|tick|bell|key|green|enter|[a-z](?-u:\b)))?(?-u:\b)"
    ))
    .ok()
});

/// What such digits open.
static LOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:alarms?|pad ?locks?|key ?pads?|lock|lock ?box|key ?safe|key ?box|combination|pass ?code|door code|gate code|the code|code is|code to|pin|pin number|intercom|entry ?phone|buzzer|door entry|tumblers?|locker|barrier)(?-u:\b)").ok()
});

/// What stands right before the digits: "goes off with", "press hard:".
static LED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:(?-u:\b)(?:is|are|it's|its|with|on|to|by|at|enter|type|typing|press|pressing|tap|punch|punch in|key in|dial|dialling|use|uses|using|number|code|pin|combination|set|still|now|just)|[:=,(-]) ?\x22?$").ok()
});

/// A word that is a password by its looks: letters and digits in one.
const MIXED: &str = r"[a-z0-9][a-z0-9!_$#*@.-]{4,30}";

/// A code told after what asks for it.
pub(super) static TOLD: LazyLock<String> = LazyLock::new(|| {
    format!(
        r"(?-u:\b)(?:(?:the|our|its|it's|a|his|her|my|their|your|secret|class|magic|same|name:? [a-z0-9.@_-]{{3,30}},?) )?(?:key|word|secret|code|log-?in|pass|pw|pin)(?:[:=]|,| is| was| are| now| for| to| of|(?-u:\b))[^.!?\n]{{0,60}}?(?:: ?| is | are |, | = ?|=| - | now | says |\x22|key )\x22?({MIXED})|(?:choose|press|hit|tap|click|select)(?: on)? \x22?join\x22?[^.!?\n]{{0,40}}?(?:then|type|enter|with|put in|put|use|code|,|:)(?: the code| in)? ?({MIXED})|(?:user(?:name)?|login|log-in)(?: name)?(?: is|:|=)? ?({MIXED})|(?:secret|magic|log-?in|joining|entry) word(?: is|:|=)? ?({MIXED})"
    )
});

/// What a word of three or four pictures opens: "Join from home: panda, cake, boat, agent".
static PICTURES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:join|password|code|pictures|log ?in|sign in|get in|symbols|tap|press|choose)(?: [a-z']+){0,5}(?::| is| are|,) ?([a-z]{3,12}(?:(?:,| then|, then) [a-z]{3,12}){2,3}(?:,? (?:and |then |and then )[a-z]{3,12})?)(?:[.!;\n]|$)").ok()
});

/// Where a word is a password: what is logged in to, and no song, map or story.
static ENTERED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:padlet|classroom|wi-?fi|network|router|log(?:ged|s|ging)? ?-?(?:in|on)|sign(?:ed|s|ing)? ?-?(?:in|on)|username|user|account|app|site|website|cloud|portal|album|gallery|folder|drive|dojo|seesaw|tapestry|teams|zoom|kahoot|blooket|minecraft|scratch|chromebook|ipad|tablet|laptop|online|page|blog|live ?stream|stream|video|purple mash|times tables?|rock ?stars|numbots|reading eggs|nessy|epic|sumdog|spelling shed|get (?:in|on)|let you in|gets you in)(?-u:\b)").ok()
});

/// What has keys, codes and words that let nobody in.
static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:raffles?|tickets?|songs?|hymns?|choirs?|maps?|charts?|badges?|dress code|discount|voucher|shop|order|checkout|coupon|story|book|novel|chapter|character|film|play|pirate|spy|detective|escape room|treasure|puzzles?|riddles?|ciphers?|morse|maths|sums?|graphs?|piano|scale|major|minor|spelling list|strong|weak|example|e\.g|such as|never use|don't use|e-safety|online safety|internet safety|colour|paint|part|valve|model|isbn|invoice|reference|flight|train|fare|booking ref|train|course|exam|paper|module|unit|spec)(?-u:\b)").ok()
});

/// Without one of them no digits open anything.
const LOCKS: &[&str] = &[
    "alarm",
    "lock",
    "keypad",
    "key pad",
    "key box",
    "keybox",
    "safe",
    "tumbler",
    "combination",
    "code",
    "pin",
    "intercom",
    "entry",
    "buzzer",
    "barrier",
];

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let counted = page.has(DIGITWORD) || page.digits >= 4;
    if counted && LOCKS.iter().any(|lock| page.says(lock)) {
        signs(page, found);
    }
    if page.digits > 0 {
        mixed(page, found);
    }
    if page.says("minecraft") || page.says("picture password") || page.says("picture log") {
        pictures(page, found);
    }
}

fn says(shape: &LazyLock<Option<Regex>>, words: &str) -> bool {
    shape.iter().any(|shape| shape.is_match(words))
}

/// Whether a code opens something in a story or a lesson, or saves money.
pub(super) fn is_elsewhere(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let sentence = page.sentence_of(bytes.start);
    let before = page.text_before(sentence.start, REACH);
    let whole = sentence.start - before.len()..sentence.end;
    says(&OTHER, &page.text[whole.clone()]) || page.near(bytes, DISCOUNT, 40, 28)
}

fn signs(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in SIGNS.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let written = shaped.as_str();
        let count: usize = written
            .split(|c: char| !c.is_ascii_alphanumeric())
            .map(|word| match word {
                "double" => 1,
                "triple" | "treble" => 2,
                "zero" | "oh" | "nought" | "naught" | "one" | "two" | "three" | "four" | "five"
                | "six" | "seven" | "eight" | "nine" => 1,
                digit if digit.len() == 1 && digit.as_bytes()[0].is_ascii_digit() => 1,
                _ => 0,
            })
            .sum();
        let lead = page.text_before(shaped.start(), REACH);
        let lead = &lead[lead.rfind(['!', '?']).map_or(0, |end| end + 1)..];
        if (4..=8).contains(&count)
            && says(&LOCK, lead)
            && says(&LED, lead)
            && !is_elsewhere(page, &shaped.range())
        {
            found.push(Candidate::new(Kind::Credential, shaped.range(), 0.75));
        }
    }
}

/// Whether a word of letters and digits looks made up: "acorns-are-ace-26", "q7xw4ha", and not "year-6", "covid-19".
fn is_made_up(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let word = &page.text[bytes.clone()];
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let opens = word.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    let counted = [
        "year", "class", "room", "week", "page", "term", "stage", "level", "covid", "day", "key",
        "part", "unit", "form", "group", "team", "step", "ages", "aged", "mon", "tues", "weds",
        "thurs", "fri", "jan", "feb", "mar", "apr", "may", "june", "july", "aug", "sep", "sept",
        "oct", "nov", "dec",
    ]
    .contains(&opens);
    let ordinal = word.starts_with(|c: char| c.is_ascii_digit())
        && (letters <= 2 || word.contains(['-', '.', ':']));
    let link = word.contains('@') || word.contains("www") || word.contains(".co");
    (letters >= 3 || letters == 2 && digits >= 3)
        && digits > 0
        && !counted
        && !ordinal
        && !link
        && !page.in_link(bytes)
}

fn mixed(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in Shape::Told
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let (Some(whole), Some(value)) =
            (captures.get(0), captures.iter().skip(1).flatten().next())
        else {
            continue;
        };
        let word = value.as_str().trim_end_matches(['.', '!', '-', '*']);
        let bytes = value.start()..value.start() + word.len();
        let from = page.sentence_of(whole.start()).start;
        let before = page.text_before(from, 160);
        let around = &page.text[from - before.len()..bytes.end];
        if is_made_up(page, &bytes) && says(&ENTERED, around) && !is_elsewhere(page, &bytes) {
            let paired = captures.get(3).is_some()
                && !["word", "key", "pass", "pin", "secret", "code"]
                    .iter()
                    .any(|second| page.text_after(bytes.end, REACH).contains(second));
            if !paired {
                found.push(Candidate::new(Kind::Credential, bytes, 0.75));
            }
        }
    }
}

fn pictures(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in PICTURES
        .iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        if let Some(value) = captures.get(1) {
            found.push(Candidate::new(Kind::Credential, value.range(), 0.7));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::personal::tests::told;

    fn opened(text: &str) -> Vec<String> {
        told("credential", text)
    }

    #[test]
    fn what_lets_somebody_in_is_found_in_any_order() {
        for (text, told) in [
            (
                "The keypad by the nursery sticks, so press hard: C, then 1-9-0-6, then the star.",
                "C, then 1-9-0-6, then the star",
            ),
            (
                "If you borrow the hall the alarm goes off with oh four four two.",
                "oh four four two",
            ),
            (
                "the number for the padlock is 7 4 double 1, works every time",
                "7 4 double 1",
            ),
            (
                "Watch any time in the class Padlet. The key, for all who ask, is acorns-are-ace-26.",
                "acorns-are-ace-26",
            ),
            (
                "Here's what worked to log in to the reading cloud. Name: sienna.b Key: tRuMpet88",
                "tRuMpet88",
            ),
            (
                "Google Classroom is open. Hit the plus sign, choose join, then q7xw4ha and you're in.",
                "q7xw4ha",
            ),
            (
                "Our Minecraft Education world is live. Join from home: panda, cake, boat, agent.",
                "panda, cake, boat, agent",
            ),
            (
                "To get on Times Tables every child is user curlew4 and the secret word is the class pet: Gerald22.",
                "Gerald22",
            ),
        ] {
            let found = opened(text);
            assert!(
                found.iter().any(|found| found.contains(told)),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn codes_that_let_nobody_in_stay_clean() {
        for text in [
            "The song is in the key of F, and the alarm clock goes off at seven.",
            "Count down with us to the alarm: three, two, one, go!",
            "In the story the key is dragon77 and the door opens.",
            "A strong password has a number, such as the word purple22.",
            "The key on the map is B12-red for the barn, see the page.",
            "Our code of the week on the class blog is year-6 of course.",
            "Join us in the hall: songs, cakes, games, stalls.",
            "The combination of two, three and four makes nine.",
        ] {
            assert!(opened(text).is_empty(), "{text}: {:?}", opened(text));
        }
    }
}
