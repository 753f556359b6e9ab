//! Logins, passwords, PINs and codes that let a stranger in.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{DISCOUNT, PASSWORD},
    kind::Kind,
    page::Page,
    shape::Shape,
};

/// What may be a code: one word, a word with groups of digits after it, or words in quotation marks.
const CODE: &str = r"([^\s,;\x22)]{3,40}(?: [0-9]{3,4}){0,3}|[^\x22\n]{3,30}\x22)";

/// The label, perhaps what it opens, and a verb or a colon: "password for the blog is ...".
static TOLD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"^s?((?: (?:for|to|of|on|at|4|in)(?: [a-z0-9'-]{{1,15}}){{1,5}}?)?(?: (?:is|are|its|it's|was|will be|has changed to|changed to|=|as)(?: (?:now|still|just|always|simply))?(?: ?[:=>-]{{1,3}})?| ?[:=>-]{{1,3}}) ?[\x22'(]?){CODE}"
    ))
    .ok()
});

/// The label and the code side by side: "passcode 71Owls".
static BESIDE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"^s?( [\x22'(]?){CODE}")).ok());

/// What is said about a password without giving it.
pub(super) const TALK: &[&str] = &[
    "important",
    "network",
    "required",
    "needed",
    "private",
    "secret",
    "secure",
    "safe",
    "strong",
    "weak",
    "not",
    "the",
    "and",
    "sent",
    "available",
    "being",
    "your",
    "our",
    "changed",
    "reset",
    "expired",
    "wrong",
    "correct",
    "forgotten",
    "lost",
    "protected",
    "manager",
    "managers",
    "policy",
    "details",
    "please",
    "from",
    "for",
    "with",
    "you",
    "they",
    "will",
    "has",
    "have",
    "was",
    "were",
    "are",
    "can",
    "cannot",
    "must",
    "should",
    "does",
    "doesn't",
    "isn't",
    "won't",
    "stopped",
    "working",
    "issues",
    "problems",
    "help",
    "page",
    "screen",
    "box",
    "security",
    "different",
    "same",
    "new",
    "old",
    "one",
    "here",
    "there",
    "below",
    "above",
    "inside",
    "enclosed",
    "attached",
    "unchanged",
    "case",
    "case-sensitive",
    "shared",
    "per",
    "this",
    "that",
    "now",
    "still",
    "coming",
    "in",
    "on",
    "at",
    "to",
    "via",
    "available.",
    "posted",
    "given",
    "emailed",
    "printed",
    "stuck",
    "written",
    "up",
    "out",
    "badge",
    "badges",
    "number",
    "numbers",
    "code",
    "codes",
    "down",
    "only",
    "too",
    "also",
    "but",
    "who",
    "when",
    "where",
    "if",
    "access",
    "entry",
    "name",
    "account",
    "accounts",
    "letter",
    "book",
    "books",
    "diary",
    "diaries",
    "reading",
    "planner",
    "slips",
    "cards",
    "stickers",
    "sheets",
    "labels",
    "information",
    "info",
    "resets",
    "letters",
    "three",
    "two",
    "four",
    "random",
    "words",
    "use",
    "never",
    "always",
    "don't",
    "dont",
    "make",
    "choose",
    "pick",
    "keep",
    "think",
    "why",
    "how",
    "what",
    "which",
    "each",
    "every",
    "everyone",
    "children",
    "parents",
    "pupils",
    "anyone",
    "see",
    "ask",
    "check",
    "go",
    "click",
    "scan",
    "first",
    "surname",
    "today",
    "tomorrow",
    "what3words",
    "w3w",
    "year",
    "long",
    "short",
    "unique",
    "public",
];

/// Ways of telling a code that have no label directly before it.
pub(super) const FRAMES: &str = r"(?-u:\b)(?:use|using|enter|type(?: in)?|tap in|press|with|via|text)(?: the)?(?: [a-z]+)? code ?:? ?([a-z0-9]{4,12})(?-u:\b)|(?:wi-?fi|network|guest|router)[^.!?\n]{0,40}?(?-u:\b)key(?: is|:)? ([^\s,;]{5,30})|(?:user(?:name)?|login|name) [^\s,;]{2,24},? (?:and |with )?(?:the )?(?:word|password|pass|pw|pin) (?:is )?:?\x22?([^\s,;]{3,30})|(?:with|using|and) (?:his|her|their) (?:first )?name and ([a-z]+[0-9]{2,6})(?-u:\b)|code (?:to|for)(?: [a-z0-9']+){1,5}(?: is:?|(?: class| classroom| story| seesaw| dojo| tapestry| teams):) ([a-z0-9]{4,16}(?:-[a-z0-9]{3,6})?)(?-u:\b)|classroom(?: code)?: ?([a-z0-9]{6,8}|[a-z0-9]{3,4}-[a-z0-9]{3,4})(?-u:\b)|(?:with|using)(?: the)? password \x22?([a-z]{4,20})(?:[.!\x22]|$)|(?:sign[ -]?in|log[ -]?in|logs in|login|wi-?fi)(?: details)?(?: (?:for|to|on) [a-z ]{2,20}?)?(?: is| are)?:? ?([a-z0-9._@-]{2,40} ?/ ?[^\s,;]{4,30})|(?:padlock|lock|keypad|keysafe|key safe|gate|safe|alarm|(?:staff ?room|front|back|side|main|office|hall|classroom) door|shed|door)(?: code)?(?:(?: number)?(?: (?:on|for|to|at|of)(?: [a-z0-9']+){1,4})?)?(?: is|'s|:)? ?(#?[0-9]{4,6}[a-z#*]?|[a-z][0-9]{3,5}[a-z]?|(?:[0-9] ){3,5}[0-9])(?-u:\b|$|\s)|(?:boiler room|toilet|toilets|store ?room|cupboard|bike shed|pump room|garage|studio|annexe|mobile classroom)(?:'s| is| code is| door is| code)(?: code)?:? ?(#?[0-9]{4,6}[a-z#*]?)(?-u:\b|$|\s)|(?:pin|code|passcode|combination|number)(?:(?: [a-z0-9']+){0,9}? (?:is|:)|:| is)?(?: just| now| still| only| simply)? ?((?:[0-9][ -]){3,5}[0-9]|(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double) ){2,6}(?:zero|oh|one|two|three|four|five|six|seven|eight|nine))(?-u:\b)|(?:code|pin)(?: [a-z]+){0,3}(?: is|:) ?([a-z0-9]{3,5}(?:[ -][a-z0-9]{3,5}){1,3}|[0-9]{2} [0-9]{2})(?-u:\b)|(?:key|password|passcode|pass ?word|pass|code|pw|pin)(?: is| =|=|:)(?: =|:)? ?((?:[a-z0-9][ .-]){4,20}[a-z0-9])(?-u:\b)|(?:asks?|asked|prompted|prompts) (?:you )?for (?:the |a |your )?(?:[a-z]+ )?(?:key|password|passcode|code|pin),? (?:please )?(?:enter|type|use|put|it's|its|it is) ([a-z0-9!$&*#@_-]{4,30})";
/// A user's name and the word after it, for something that children log in to: "purple mash is 2ahmedl / frog12".
pub(super) const ACCOUNT: &str = r"(?-u:\b)(?:purple ?mash|sumdog|prodigy|mathseeds|oxford owl|easimaths|mathletics|ttrs|tt rock ?stars|times tables? rock ?stars|rock ?stars|spelling ?(?:shed|frame)|maths ?shed|ed ?shed|seesaw|class ?dojo|dojo|tapestry|google classroom|classroom|teams|zoom|sparx(?: maths| reader)?|bedrock|hegarty|century|kerboodle|duolingo|lexia|nessy|numbots|espresso|education city|my ?maths|doodle(?: ?maths)?|reading (?:eggs|plus)|bug club|accelerated reader|satchel|show my homework|parentpay|arbor|chromebook|ipad|tablet|laptop|scratch|tynker|seneca|quizlet|kahoot|blooket|timestables|homework (?:app|site)|learning (?:app|platform)|vle|portal|e-?portfolio|marvellous me|evidence me|school (?:gateway|cloud|spider|comms))(?-u:\b)[^.!?\n]{0,24}?(?: is| are|:|=|-| with| to| as| login| logon| details| user(?:name)?)? ?(?-u:\b)([a-z0-9._-]{3,24} ?(?:/|&|,|\+| and the (?:word|password|pass|pin) is | and | then | pass | pw | word ) ?[a-z0-9!._-]{3,24})(?-u:\b)";
/// What is typed in: "key C4790Y into the side door", "type WLQB DNRP".
pub(super) const TYPED: &str = r"(?-u:\b)(?:(?:use|using|uses|enter|type|with|put) \x22?([a-z]+[0-9!_-][a-z0-9!_-]{1,20}|[a-z0-9]*[0-9][a-z0-9]{2,20})\x22? as (?:the|your|their|his|her|a) (?:[a-z-]+ )?(?:password|code|pin|login|log-in|username|passcode|key)(?-u:\b)|(?:lock ?box|key ?safe|key ?box|padlock|combination lock|coded lock|keypad|alarm|locker|trolley|cabinet|cupboard|shed|store ?room)[^.!?\n]{0,40}?(?:opens with|opens on|is set to|set to|uses|with) (#?[a-z]?[0-9]{3,6}[a-z#*]?|[0-9](?:[- ][0-9]){3,5})(?-u:\b)|(?:key|tap|punch|type|enter|put|press|dial|input)(?: in)? (#?[a-z]?[0-9]{3,6}[a-z#*]?)(?: [a-z]+)? (?:in|into|on|at|for|to)(?-u:\b)|(?:key|tap|punch|type|enter|put|press|dial|input|hit|do)(?: in)? ((?:(?:star|hash) )?#?\*?[a-z]?(?:[0-9]{3,6}|[0-9](?: [0-9]){3,5})[a-z]?),? ?(?:and |then |& ?|followed by |plus )(?:press |hit |then )?(?:the )?(?:star|hash|tick|enter|green|bell|pound|#|\*)|(?:door|gate|keypad|lock|entry|side|back|buzzer|intercom)(?: [a-z]+){0,2}(?: is|'s|:)? ((?:star|hash|#|\*) ?[0-9](?: ?[0-9]){3,5}|[0-9](?: ?[0-9]){3,5},? (?:then |and )?(?:the )?(?:star|hash|tick))(?-u:\b)|(?:type|enter|key in|tap in|put in|join with|join using|log in with|sign in with|scan the code or type|code or type)(?: in)? ([a-z0-9]{3,6}(?:[ -][a-z0-9]{3,6}){0,3})(?-u:\b))";

/// The thing that a code opens comes first or between: "password for his chromebook shark44", "side door, code 7731".
pub(super) const OPENS: &str = r"(?-u:\b)(?:(?:password|passcode|login|log-in|pass ?word|pasword) (?:for|to|on) (?:his|her|my|the|our|their|your) (?:[a-z]+ ){1,2}([a-z]{2,16}[0-9!_-]{1,6}[a-z0-9!]{0,6})|(?:enter|door|gate|side|entrance|keypad|building|office|shed|hut|reception|barrier)[^.!?\n]{0,40}, ?code:? ([a-z]?[0-9]{4,6}[a-z#]?)|user(?:name)?:? ([a-z0-9._-]{3,24} ?/ ?[^\s,;]{4,30})|(?:key ?safe|key ?box|lock ?box|padlock|keypad|combination)(?: [a-z0-9']+){1,6}? (?:is|it's|its) (#?[a-z]?[0-9]{3,6}[a-z#*]?)|(?:is|are|its|it's|under|as|with|uses|use|:|=) ?([a-z0-9._@-]{3,24} ?/ ?[a-z]{4,16}[0-9]{1,5}[!?]?)|(?:type(?: in)?|enter|turn(?: it| the dial| the lock| the wheels)? to|set (?:it |the dial )?to|dial(?:led)? to|key in|punch in|tap in|combination(?: is|:)?|opens (?:with|on|to|at)) ?((?:[0-9][ ,-]{1,2}){3,7}[0-9])|(?:laptop|tablet|ipad|chromebook|computer|pc|whiteboard|till|projector|account|portal|drive|folder|phone|printer)[^.!?\n]{0,20} (?:opens|unlocks|logs? in|logs? on|starts|wakes up)(?: with| on| using| by typing)? ([a-z]{3,16}[!#*@$_0-9-]{1,6}[a-z0-9!]{0,8}))(?-u:\b|$|\s)";

pub(super) const WORD_AND_NUMBER: &str = r"(?-u:\b)(?:is|its|it's|use|put|try|be|then|with|by|and|plus|says|word) (?:still |now |just )?\x22?([a-z]{4,16}[#!*@$]?[0-9]{1,4}[!?*]{0,2}|[a-z]{3,12}[-_.][a-z0-9]{2,12}[0-9]{1,4}|[0-9]{4,6})(?-u:\b|$|\s)";

/// Whether the capitals or digits of a value are those of a code and not of words.
fn is_coded(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let value = &page.text[bytes.clone()];
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    value.len() >= 4
        && (page.in_capitals(bytes.clone()) || digits > 0 && !value.contains(' '))
        && digits < value.len()
}

/// Accounts told without "password", and codes told by the hand that types them.
fn typed(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in Shape::Opens
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let value = captures.iter().skip(1).flatten().next();
        let value = value.filter(|value| !page.near(&value.range(), DISCOUNT, 40, 28));
        // "Year5 / Autumn2" is where something lies
        let value = value.filter(|value| {
            let mut parts = value.as_str().split('/').map(str::trim);
            !value.as_str().contains('/') || !parts.all(super::keyed::is_counted_or_dated)
        });
        found.extend(value.map(|value| Candidate::new(Kind::Credential, value.range(), 0.75)));
    }
    for captures in Shape::Account
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let Some(value) = captures.get(1) else {
            continue;
        };
        let parts: Vec<&str> = value
            .as_str()
            .split(['/', '&', ',', '+', ' '])
            .filter(|part| part.len() > 2)
            .collect();
        let coded = |part: &&&str| {
            part.bytes().any(|byte| byte.is_ascii_digit())
                && part.bytes().any(|byte| byte.is_ascii_alphabetic())
                && !super::keyed::is_counted_or_dated(part)
        };
        let coded = parts.iter().filter(coded).count();
        let whole = captures.get(0).map_or("", |whole| whole.as_str());
        let slashed = value.as_str().contains('/')
            || value.as_str().contains(',')
                && ["details", "log", "user", "account"]
                    .iter()
                    .any(|told| whole.contains(told));
        let lower = !page.in_capitals(value.range());
        if coded >= 2 && lower || coded == 1 && slashed && lower {
            found.push(Candidate::new(Kind::Credential, value.range(), 0.75));
        }
    }
    for captures in Shape::Typed
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let Some(value) = captures.iter().skip(1).flatten().next() else {
            continue;
        };
        let opens = page.near(&value.range(), PASSWORD, 60, 50)
            || page.text_after(value.end(), 40).contains("door")
            || page.text_after(value.end(), 40).contains("gate")
            || ACCOUNT_WORD.iter().any(|word| page.says(word));
        let fits = if captures.get(1).is_some() || captures.get(2).is_some() {
            true
        } else if captures.get(4).or_else(|| captures.get(5)).is_some() {
            !page.says_in(&page.sentence_of(value.start()), "calculator")
        } else if captures.get(3).is_some() {
            opens
        } else {
            opens && is_coded(page, &value.range())
        };
        if fits && !page.near(&value.range(), DISCOUNT, 40, 28) {
            found.push(Candidate::new(Kind::Credential, value.range(), 0.75));
        }
    }
}

/// Where a code opens a class.
const ACCOUNT_WORD: &[&str] = &[
    "seesaw",
    "classroom",
    "class dojo",
    "teams",
    "zoom",
    "kahoot",
    "blooket",
    "join my class",
    "join the class",
];

/// Letters in groups of four, as apps print them for each child: "WMBK PLTE QVSZ".
static PRINTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)[a-z0-9]{4}(?:[ -][a-z0-9]{4}){2,3}(?-u:\b)").ok());

/// Codes that an app printed for a child.
fn printed(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if !page.has(PASSWORD) && !ACCOUNT_WORD.iter().any(|word| page.says(word)) {
        return;
    }
    let mut from = 0;
    while let Some(shaped) = PRINTED
        .iter()
        .find_map(|shape| shape.find_at(page.text, from))
    {
        from = shaped.start() + 4;
        let letters = shaped
            .as_str()
            .bytes()
            .filter(u8::is_ascii_alphabetic)
            .count();
        if page.in_capitals(shaped.range())
            && letters >= 6
            && !page.near(&shaped.range(), DISCOUNT, 40, 28)
        {
            from = shaped.end();
            found.push(Candidate::new(Kind::Credential, shaped.range(), 0.75));
        }
    }
}

/// The number of a meeting, and a number beside a key: "zoom 884 2201 7765", "key's in the box by the back door, 2907".
pub(super) const NUMBERED: &str = r"(?-u:\b)(?:(?:zoom|teams|meeting|webinar)(?: (?:id|meeting|call|link|room|number))*(?: is|:)? ?([0-9]{3}[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}(?:[ -][0-9]{1,4})?)|keys?(?:'s| is| are)?(?-u:\b)[^.!?\n]{0,50}(?:box|safe|door|gate|shed|porch|hook|lock|padlock),? (?:and )?(?:it's |its |code |dial |do |number )?#?([0-9]{4,6}))(?:[^0-9]|$)";

/// A code that a video meeting gives itself: "abc-defg-hij".
static MEETING: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)[a-z]{3}-[a-z]{4}-[a-z]{3}(?-u:\b)").ok());

/// Links that open a class or a meeting to whoever has them.
static INVITE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:https?://)?[a-z0-9.-]{3,60}/[^\s]{0,60}(?:invite|join)[^\s]{0,20}[/?=][^\s]{4,80}|(?:zoom\.us/j/|meet\.google\.com/[a-z]{3}-[a-z]{4}-|teams\.microsoft\.com/l/meetup-join/|classroom\.google\.com/c/)[^\s]{3,200}").ok()
});

/// What the frames find: digits, or letters and digits, or a word after a user's name.
fn frames(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in Shape::Frames
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let Some(value) = captures.iter().skip(1).flatten().next() else {
            continue;
        };
        let code = value.as_str();
        let digits = code.bytes().filter(u8::is_ascii_digit).count();
        let sentence = page.sentence_of(value.start());
        let shop = captures.get(1).is_some()
            && [
                "shop", "order", "checkout", "buy", "booking", "ticket", "save",
            ]
            .iter()
            .any(|word| page.says_in(&sentence, word));
        if shop {
            continue;
        }
        let words = code.contains(' ') && code.bytes().any(|byte| byte.is_ascii_lowercase());
        let capitals = page.in_capitals(value.range());
        let by_word =
            captures.get(3).is_some() || captures.get(7).is_some() || captures.get(8).is_some();
        let spelled = captures.get(11).or_else(|| captures.get(13)).is_some();
        let year =
            digits == 4 && code.len() == 4 && (code.starts_with("20") || code.starts_with("19"))
                || code.starts_with("07");
        let fits = match () {
            () if spelled => true,
            () if captures.get(12).is_some() => digits >= 3 && (capitals || !words),
            () if by_word => !TALK.contains(&code),
            () => digits >= 1 && !year,
        };
        if fits && !page.near(&value.range(), DISCOUNT, 40, 28) {
            let from = match (captures.get(3), captures.get(0)) {
                (Some(_), Some(whole)) => whole.start(),
                _ => value.start(),
            };
            // an address that somebody logs in with is part of the login
            let confidence = if code.contains('@') || captures.get(3).is_some() {
                0.96
            } else {
                0.8
            };
            found.push(Candidate::new(
                Kind::Credential,
                from..value.end(),
                confidence,
            ));
        }
    }
}

/// A word that is only made for a login: "conker!2024".
static MADE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)[a-z]{3,20}[!#$*@]{1,2}[0-9]{1,6}(?-u:\b)").ok());

/// What such a word opens, said at most so many bytes before it.
const OPENED: &[&str] = &[
    "wifi", "wi-fi", "password", "passcode", "login", "log in", "log on", "logon", "username",
];
const OPENED_REACH: usize = 120;

/// "Still StHildas-Kids / conker!2024": such a word some way behind what it opens.
fn made(page: &Page<'_>, values: &mut Vec<(Range<usize>, f32)>) {
    for word in MADE.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let before = page.text_before(word.start(), OPENED_REACH);
        if OPENED.iter().any(|opened| before.contains(opened)) {
            values.push((word.range(), 0.8));
        }
    }
}

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.writes(b'/') {
        for shaped in INVITE.iter().flat_map(|shape| shape.find_iter(page.text)) {
            found.push(Candidate::new(Kind::Credential, shaped.range(), 0.7));
        }
    }
    if page.says("meet") {
        let codes = MEETING.iter().flat_map(|shape| shape.find_iter(page.text));
        for shaped in codes.filter(|shaped| !shaped.as_str().contains("-year-")) {
            found.push(Candidate::new(Kind::Credential, shaped.range(), 0.7));
        }
    }
    printed(page, found);
    if page.digits >= 4 {
        for captures in Shape::CredentialNumbered
            .within(page)
            .into_iter()
            .flat_map(|shape| shape.captures_iter(page.text))
        {
            let value = captures.get(1).or_else(|| captures.get(2));
            let value = value.filter(|value| !value.as_str().starts_with("07"));
            found.extend(value.map(|value| Candidate::new(Kind::Credential, value.range(), 0.75)));
        }
    }
    if page.digits > 0 || page.has(PASSWORD) || page.says("type ") {
        typed(page, found);
    }
    if !page.has(PASSWORD)
        && ![
            "code", "door", "lock", "room", "toilet", "gate", "shed", "safe", "alarm", "wifi",
        ]
        .iter()
        .any(|word| page.says(word))
    {
        return;
    }
    frames(page, found);
    let mut values: Vec<(Range<usize>, f32)> = Vec::new();
    for cue in page.cues.iter().filter(|cue| cue.classes & PASSWORD != 0) {
        let after = page.text_after(cue.bytes.end, 110);
        let told = TOLD.iter().find_map(|shape| shape.captures(after));
        let captures = told.or_else(|| BESIDE.iter().find_map(|shape| shape.captures(after)));
        let label = &page.text[cue.bytes.clone()];
        let Some((lead, value)) = captures.and_then(|found| Some((found.get(1)?, found.get(2)?)))
        else {
            values.extend(further_on(page, cue.bytes.end, label).map(|bytes| (bytes, 0.75)));
            continue;
        };
        let start = cue.bytes.end + value.start();
        let trimmed = value.as_str().trim_end_matches(['.', '\'', '!', '?', ')']);
        let bytes = start..start + trimmed.len();
        if trimmed.is_empty()
            || label == "pin"
                && trimmed.contains('.')
                && page.text_after(bytes.end, 6).starts_with([',', ' '])
            || page.near(&cue.bytes, DISCOUNT, 28, 28)
            || spans_sentence(lead.as_str())
        {
            continue;
        }
        let bytes = bytes.start..after_slash(page, bytes.end);
        match confidence(page, label, lead.as_str(), trimmed, &bytes) {
            Some(confidence) => values.push((bytes, confidence)),
            None => {
                values.extend(further_on(page, cue.bytes.end, label).map(|bytes| (bytes, 0.75)))
            }
        }
    }
    changed(page, &mut values);
    if page.digits > 0 {
        made(page, &mut values);
    }
    join(values, found);
}

/// What may be a code after other words: "the same wifi password as last year, Puddle88", "class 3's code is QZTM PLRW".
static FURTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:, |: ?| is | it's | its | - | = ?|\(|\x22| now | still )\x22?([a-z]{4,8} [a-z]{4,8}|[a-z0-9][a-z0-9!_$&*#@-]{3,24})(?:[\x22).,!?;]|$|\s)").ok()
});

/// A code later in the sentence: letters and digits in one, capitals, or only digits where the label wants them.
fn further_on(page: &Page<'_>, from: usize, label: &str) -> Option<Range<usize>> {
    let end = page.sentence_of(from).end.min(from + 70);
    let rest = page.text_after(from, end.saturating_sub(from));
    let numeric = [
        "code",
        "pin",
        "lock",
        "keypad",
        "safe",
        "key",
        "alarm",
        "combination",
    ]
    .iter()
    .any(|word| label.contains(word));
    let mut at = 0;
    while let Some(value) = FURTHER
        .iter()
        .find_map(|shape| shape.captures_at(rest, at))
        .and_then(|captures| captures.get(1))
    {
        at = value.start() + 1;
        let code = value.as_str();
        let bytes = from + value.start()..from + value.end();
        let digits = code.bytes().filter(u8::is_ascii_digit).count();
        let letters = code.bytes().filter(u8::is_ascii_alphabetic).count();
        let year = digits == 4 && (code.starts_with("19") || code.starts_with("20"));
        let counted = ["year", "class", "yr", "ks", "room", "p", "y", "covid"]
            .iter()
            .any(|word| code.trim_end_matches(|c: char| c.is_ascii_digit()) == *word);
        let mixed = digits > 0
            && letters >= 2
            && code.len() >= 5
            && !counted
            && !code.contains(' ')
            && !code.starts_with(|c: char| c.is_ascii_digit());
        let capitals = digits == 0 && letters >= 6 && page.in_capitals(bytes.clone()) && numeric;
        let number = numeric && letters == 0 && (4..=6).contains(&digits) && !year;
        if (mixed || capitals || number)
            && !TALK.contains(&code)
            && !code.starts_with("password")
            && !page.near(&bytes, DISCOUNT, 40, 28)
        {
            return Some(bytes);
        }
    }
    None
}

/// "Same log in as last year, so it's wren26": a word with a number at its end, in a sentence about logging in.
fn changed(page: &Page<'_>, values: &mut Vec<(Range<usize>, f32)>) {
    for captures in Shape::WordAndNumber
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let Some(value) = captures.get(1) else {
            continue;
        };
        let sentence = page.sentence_of(value.start());
        let code = value.as_str();
        let plain = code.bytes().all(|byte| byte.is_ascii_digit());
        if plain && (code.starts_with("19") || code.starts_with("20")) {
            continue;
        }
        if super::shown::is_counted(code) && !plain {
            continue;
        }
        let told = page
            .cues_in(&(sentence.start..value.start()), PASSWORD)
            .any(|cue| {
                let label = &page.text[cue.bytes.clone()];
                let opens = ["pin", "code", "lock", "keypad", "safe"]
                    .iter()
                    .any(|word| label.contains(word));
                if plain {
                    opens && cue.bytes.end + 50 > value.start()
                } else {
                    cue.bytes.len() > 3
                }
            });
        let taken = values
            .iter()
            .any(|(bytes, _)| bytes.start < value.end() && value.start() < bytes.end);
        if told && !taken && !page.near(&value.range(), DISCOUNT, 40, 28) {
            values.push((value.range(), 0.7));
        }
    }
    values.sort_by_key(|(bytes, _)| bytes.start);
}

fn spans_sentence(lead: &str) -> bool {
    lead.contains('\n') || lead.contains('.')
}

fn confidence(
    page: &Page<'_>,
    label: &str,
    lead: &str,
    value: &str,
    bytes: &Range<usize>,
) -> Option<f32> {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let signs = value.bytes().any(|byte| {
        matches!(
            byte,
            b'!' | b'$' | b'%' | b'*' | b'&' | b'#' | b'_' | b'^' | b'?'
        )
    });
    let told = lead.contains([':', '='])
        || [" is", " are", " to ", " now"]
            .iter()
            .any(|word| lead.contains(word));
    if lead.contains("of the ") {
        return None;
    }
    let network = matches!(label, "wifi" | "wi-fi") && digits == 0;
    if label == "the code" && digits < 3 || network && lead.contains(" for ") {
        return None;
    }
    // "to pass on the cupboard is always open"
    let passed = label == "pass"
        && digits == 0
        && [" on ", " to ", " at ", " of ", " in "]
            .iter()
            .any(|lead_in| lead.starts_with(lead_in));
    if passed {
        return None;
    }
    let first = value.split(' ').next().unwrap_or(value);
    if TALK.contains(&first) || value.starts_with("http") || value.starts_with('£') {
        return None;
    }
    let time = value.len() <= 5 && value.contains([':', '.'])
        || value.ends_with("pm")
        || value.ends_with("am");
    let year = digits == 4 && letters == 0 && (value.starts_with("19") || value.starts_with("20"));
    let number_only = [
        "pin",
        "door",
        "gate",
        "alarm",
        "key",
        "entry",
        "lock",
        "combination",
        "padlock",
        "security",
        "otp",
        "verification",
        "meeting",
        "access",
        "one-time",
    ];
    let wants_number = number_only.iter().any(|word| label.starts_with(word))
        || label.ends_with("door")
        || label.ends_with("gate");
    let is_name = ["username", "user", "login", "log", "sign"]
        .iter()
        .any(|word| label.starts_with(word));
    match () {
        () if time && !label.starts_with("pass") => None,
        () if wants_number && digits >= 4 && (!year || told || label.contains("code")) => {
            Some(0.92)
        }
        () if wants_number && digits >= 3 && told => Some(0.85),
        () if wants_number && digits == 0 => None,
        () if digits > 0 && letters > 0 && value.len() >= 4 => {
            Some(if told || !is_name { 0.93 } else { 0.7 })
        }
        () if signs && letters > 2 && !is_name => Some(0.85),
        () if digits >= 4 && letters == 0 && (told || !is_name) && !year => Some(0.8),
        () if is_name => (told && lead.contains([':', '='])).then_some(0.6),
        () if digits == 0 && is_a_game(page, bytes) => None,
        () if lead.contains([':', '=', '"', '\'']) && letters >= 4 => Some(0.8),
        // "username: rmarsh3, password: owl"
        () if lead.contains([':', '='])
            && letters >= 3
            && label.starts_with("pass")
            && page.text_before(bytes.start, 60).contains("user") =>
        {
            Some(0.8)
        }
        () if told
            && letters >= 4
            && label.starts_with("pass")
            && !is_talk(lead)
            && (ends_here(page, bytes) || page.text_after(bytes.end, 12).starts_with(" same")) =>
        {
            Some(0.7)
        }
        () if matches!(label, "password" | "passcode" | "pass" | "pw")
            && letters >= 4
            && ends_here(page, bytes)
            && ["user", "meeting", "zoom", " id "]
                .iter()
                .any(|word| page.text_before(bytes.start, 60).contains(word)) =>
        {
            Some(0.8)
        }
        () if page.in_capitals(bytes.clone())
            && letters >= 5
            && (told || label.contains("code")) =>
        {
            Some(0.7)
        }
        () => None,
    }
}

/// Whether a word lets children into a den or a story.
fn is_a_game(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let sentence = page.sentence_of(bytes.start);
    [
        " den ",
        " den,",
        "treasure",
        "pirate",
        "castle",
        "story",
        "secret club",
        "villain",
        " lair",
        "fairy",
        "role play",
        "spies",
        "detective",
        "thief",
        "escape room",
    ]
    .iter()
    .any(|game| page.says_in(&sentence, game))
}

/// Whether the words between label and value tell of a password in a game or a saying.
fn is_talk(lead: &str) -> bool {
    [
        "day",
        "week",
        " was",
        " den",
        "success",
        "life",
        "happiness",
        "friendship",
        "heart",
        "learning",
    ]
    .iter()
    .any(|word| lead.contains(word))
}

/// Whether nothing more is said after the value, as after a word that is a password.
fn ends_here(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let after = page
        .text_after(bytes.end, 8)
        .trim_start_matches(['"', '\'']);
    let closes = after.trim_start_matches(['.', '!', ' ', ',']).is_empty()
        || after.starts_with(['.', ',', '\n', ';']);
    closes || after.starts_with(" and ") || after.starts_with(" if ")
}

/// The end of the second word of "benw14 / tiger9".
fn after_slash(page: &Page<'_>, end: usize) -> usize {
    let after = page.text_after(end, 40);
    let Some(second) = after.strip_prefix(" / ") else {
        return end;
    };
    let word = second
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(second.len());
    if word >= 3 { end + 3 + word } else { end }
}

/// A user name and its password, a meeting and its passcode: one finding.
fn join(values: Vec<(Range<usize>, f32)>, found: &mut Vec<Candidate>) {
    let mut joined: Option<(Range<usize>, f32)> = None;
    for (bytes, confidence) in values {
        match joined.as_mut() {
            Some((last, best)) if bytes.start <= last.end + 25 => {
                last.end = last.end.max(bytes.end);
                *best = best.max(confidence);
            }
            _ => {
                let before = joined.replace((bytes, confidence));
                found.extend(
                    before.map(|(bytes, best)| Candidate::new(Kind::Credential, bytes, best)),
                );
            }
        }
    }
    found.extend(joined.map(|(bytes, best)| Candidate::new(Kind::Credential, bytes, best)));
}
