//! Exact positions: what3words, coordinates, grid references, plus codes, map links (DOMAIN 2.13); and where children
//! are at this moment.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{
        ALONE, CHILD, CHILDREN, COHORT, COORDS, EVENT, GOODS, GRID, HOME, IDENT, LIVE, MAPWORD,
        NOW, ORG, PLACE, PRIVATE, RECUR, VENUE, W3W,
    },
    kind::Kind,
    page::Page,
    person::{Told, people},
    shape::Shape,
};

static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:///|(?:w3w\.co|what3words\.com)/)(?:[a-z]+[.。・][a-z]+[.。・][a-z]+)|(?-u:\b)[a-z]{3,20}\.[a-z]{3,20}\.[a-z]{3,20}(?-u:\b)").ok()
});
static SAID: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:what3words|what ?3 ?words|what three words|w3w)(?: (?:for|of|to)(?: [a-z']{1,10}){1,3}?)?(?: is| are| was)? ?[:=-]? ?([a-z]{3,20}[ ,.]{1,2}[a-z]{3,20}[ ,.]{1,2}[a-z]{3,20})(?-u:\b)").ok()
});
/// Three words told aloud: "daring dot lion dot race".
static DOTTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)[a-z]{3,20} (?:dot|full stop|point) [a-z]{3,20} (?:dot|full stop|point) [a-z]{3,20}(?-u:\b)").ok()
});
static DECIMAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:geo:)?-?[0-9]{1,2}\.[0-9]{3,9} ?°? ?[ns]?(?: ?[,;/] ?| (?:and )?)(?:lon(?:g|gitude)?[:=]? ?)?-?[0-9]{1,3}\.[0-9]{3,9}(?: ?°? ?[ew](?-u:\b))?").ok()
});
static DEGREES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"[0-9]{1,2} ?[°º] ?[0-9]{1,2} ?['′] ?(?:[0-9]{1,2}(?:\.[0-9]+)? ?(?:"|''|″)? ?)?[ns],? ?[0-9]{1,3} ?[°º] ?[0-9]{1,2} ?['′] ?(?:[0-9]{1,2}(?:\.[0-9]+)? ?(?:"|''|″)? ?)?[ew]"#).ok()
});
static GRID_SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)[hnstj][a-hj-z] ?(?:[0-9]{3} ?[0-9]{3}|[0-9]{4} ?[0-9]{4}|[0-9]{5} ?[0-9]{5})(?-u:\b)").ok()
});
static PLUS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)[23456789cfghjmpqrvwx]{4,8}\+[23456789cfghjmpqrvwx]{2,3}(?-u:\b)").ok()
});
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:https?://)?(?:www\.)?(?:google\.[a-z.]{2,6}/maps|maps\.google\.[a-z.]{2,6}|goo\.gl/maps|maps\.app\.goo\.gl|maps\.apple\.com|strava\.com/(?:activities|routes|segments)|strava\.app\.link|openstreetmap\.org|osm\.org|waze\.com/ul|plus\.codes|streetmap\.co\.uk)[^\s]*").ok()
});

/// Words that invite everybody.
const INVITED: &[&str] = &[
    "parents are",
    "families are",
    "invited",
    "please come",
    "come and watch",
    "join us",
    "all welcome",
    "everyone",
    "support them",
    "cheer",
    "if ",
    "?",
    "not ",
    "years ago",
    "website",
    "online",
    "youtube",
    "facebook",
    "display",
    "hall",
    "top of the league",
    "leaderboard",
    "class photo",
    "top of the table",
    "top of the class",
    "story",
    "tiktok",
    "snapchat",
    "insta",
    "on the news",
    "full for",
    "in year ",
    "\"",
    "i can finally",
    "in my head",
    "in traffic",
];
pub(super) static AHEAD: LazyLock<String> = LazyLock::new(|| {
    const PLACE: &str = "(?:[a-z]{4,12}ing )?(?:at|in|outside|by|near|on|behind|under|opposite|inside|round the back of|along|down|next to) (?:the |a )?(?:[^.!?\n]|[0-9][.][0-9]){3,60}?";
    format!(
        r"(?-u:\b)(?:(?:(?:is|are|'re|s|'s) (?:all )?(?:staying|sleeping|asleep|bunking|tucked up|camping|based|lodging)|camped|pitched|bedded down)(?: over)? {PLACE} ?(?:until|till|til|tonight|all week|this week|for the night|for the week|from)|(?:are|r|is|'re|'s|s|we're|were|they're|theyre|hes|shes|im|i'm) (?:all |both |just |still |now |sat |stood |standing |waiting |currently |sitting )?(?:stood |sat |waiting |standing |sitting )?(?:on (?:his|her|their) own |alone |by (?:himself|herself|themselves) )?{PLACE} (?:right now|just now|at the moment|as we speak|as i type|as i write|as (?:you|u) read(?: this)?|as this goes out|while you read this|this (?:very )?(?:minute|moment|second)|(?:on (?:his|her|their) own )?(?:rn|atm)(?-u:\b)|on (?:his|her|their) own (?:right )?now|(?:right )?now,? (?:with|where|waiting|sheltering|having|eating|queu(?:e)?ing|watching|resting|looking|playing|sat|stood|until|till|til|if|on (?:his|her|their) own|by (?:himself|herself))|now(?:[,.!]|$))|(?:are|is) (?:now|currently|just) (?:on the (?:beach|coach|bus|minibus|train|ferry|boat|plane|way|road|motorway|m[0-9]+|a[0-9]+|pier|quay|platform|moor|field|sand)|at the (?:beach|station|services|museum|zoo|park|airport|farm|castle|pool|theatre|seaside)|in the (?:park|museum|zoo|queue|woods|forest|sea|pool|cafe|airport|station)|outside|walking|heading|waiting|arriving|passing|leaving|boarding|pulling into|coming into|crossing)(?-u:\b)|(?:just|have just|has just|we've just|weve just) (?:left|arrived|set off|got to|boarded|passed|pulled|got off|reached|landed) [^.!?\n]{{0,60}}?(?:with year|with y[0-9]|with reception|with nursery|with the (?:children|kids|team|choir|pupils))|(?:will be|are going to be|are) (?:walking|waiting|out walking|passing|playing out|at|in|by|near|outside) [^.!?\n]{{3,60}}? at [0-9]{{1,2}}(?:[.:][0-9]{{2}})? ?(?:am|pm)? (?:today|tomorrow|this afternoon)[^.!?\n]{{0,60}}(?:look out|wave|spot|say h|keep an eye|unaccompanied|without|alone)|(?:we're|we are|are now|is now) (?:now |all )?on (?:the|a|our) [^.!?\n]{{0,16}}(?:train|coach|ferry|plane|flight|boat|minibus)(?-u:\b)|(?:having|enjoying|loving) [^.!?\n]{{3,70}}? (?:right now|just now|at the moment|as we speak)|(?:at|in|on|by|outside) (?:the |a )?[^.!?\n]{{3,40}}? (?:right )?now with (?:year|y|yr|reception|nursery|class|the (?:children|kids|infants|juniors|class|choir|team)|all (?:the|of)|[1-9]|twenty|thirty)(?-u:\b)|(?:coach|bus|minibus|train|ferry|boat|tram)(?:es)? (?:has |have |is |are |'s |s )?(?:just |now |finally )*(?:pulled (?:out|in|into|up|away)|pulling (?:out|in|into|up|away)|left|leaving|set off|passed|passing|crossed|crossing|reached|stopped|boarding|arrived|arriving|stuck)[^.!?\n]{{3,60}}?(?:with (?:all|the whole|every|year|y[0-9]|class|our|[0-9]{{2}}|twenty|thirty)|aboard|on board)|(?:are|is|'re) (?:all )?(?:having|eating|enjoying|playing|exploring|resting|stopping|sheltering|paddling) [^.!?\n]{{0,30}}?(?:at|in|on|by|under|near|outside|beside) [^.!?\n]{{4,50}}? (?:until|till|til|and won't (?:leave|be back)(?: until| till)?) (?:about |around |gone |nearly )?(?:[0-9]|one|two|three|four|half|quarter|noon|midday|lunch)|(?:right now|at this moment|as we speak|currently|as i type)[, ]+[^.!?\n]{{2,40}}? (?:is|are|'re) (?:all )?(?:[a-z]{{4,12}}ing )?(?:at|in|on|by|under|near|outside|aboard|inside) (?:the |a )[^.!?\n]{{3,60}}|(?:seen|saw|spotted|passed) (?:your|ur|the|our) (?:lot|walking bus|class|kids|little ones|wee ones|children|infants|year [0-9]+)[^.!?\n]{{0,24}}? (?:stuck|sat|stood|waiting|parked|queuing|crossing|sheltering|lined up) [^.!?\n]{{4,60}}? (?:just now|(?:[a-z0-9]+ )?min(?:ute)?s? ago)|just (?:passed|seen|saw|spotted|walked past|driven past|drove past|gone past) (?:your|ur|the|our) (?:lot|walking bus|class|kids|coach|minibus|little ones|wee ones|children|infants|bus|year [0-9]+)[^.!?\n]{{0,24}}? (?:stuck|sat|stood|waiting|parked|queuing|crossing|sheltering|lined up|heading|walking) [^.!?\n]{{4,80}}|(?:meet|find|see) (?:us|reception|nursery|year [0-9]|the children|them) (?:at|by|in|outside) [^.!?\n]{{3,40}} now(?-u:\b))"
    )
});
/// A family's own ground: "at the Pritchards' farm".
static HOUSEHOLD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:the [a-z]{3,15}s'?|[a-z]{3,15}'s) (?:family )?(?:farm|house|garden|place|barn|field|yard|home|orchard|paddock|drive|cottage)(?-u:\b)|(?-u:\b)(?:the|our|their|his|her|my) (?:farmhouse|bungalow|caravan|back garden|front door|back gate)(?-u:\b)|(?-u:\b)at the [a-z]{3,15}s'[!.,]").ok()
});

/// Where a group stands while it waits: "are sat on the steps by the lock".
static WAITING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:are|is|'re|all) (?:all |both |now |currently )?(?:sat|stood|stuck|sitting|standing|queuing|camped|lined up|gathered|huddled|sheltering) (?:on|at|by|outside|in|under|near|behind|inside) [^.!?\n]{3,90}|(?-u:\b)(?:are|is|'re|all) (?:all |both |now |currently )?waiting (?:at|by|outside|in|under|near|behind|inside) [^.!?\n]{3,90}|(?-u:\b)(?:are|is|'re) (?:all )?(?:crossing|boarding|climbing|exploring|paddling|walking|heading|hiking) [^.!?\n]{3,90}").ok()
});

/// A house told by what stands near it: "the end cottage opposite the garage".
pub(super) const BY_SIGHT: &str = r"(?-u:\b)the (?:(?:end|last|first|corner|middle|big|little|blue|red|white|yellow|pink|green|thatched|old|only) ){1,2}(?:cottage|house|bungalow|flat|terrace|caravan|farmhouse|door)(?: with [a-z ]{3,24})?,? (?:opposite|next to|beside|behind|facing|just past|past|on the corner of|by|across from|at the end of|at the bottom of|at the top of) [^.,!?\n]{3,50}";

/// A group without a word of its own: "all thirty of 3 Kestrel".
static GROUP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:all (?:[0-9]{2}|twenty|thirty|forty|fifty|sixty|ninety)(?-u:\b)|[1-9] [a-z]{4,12}(?:,|\.|!| (?:are|is|will|have|has|on board|aboard)(?-u:\b))|(?:[0-9]{1,2}|ten|twelve|fifteen|twenty|thirty) of (?:our|the|us)(?-u:\b)|our (?:class|trip|party|walkers|skiers|campers|team|lot)|(?:your|ur) lot|walking bus|wee ones|little ones|campers|with all of [a-z]{4,12}|the whole of [a-z]{4,12}|all of [a-z]{4,12} (?:aboard|on board)|wave if you see)").ok()
});
/// Where the writer is at this moment: "im stood outside the scout hut", "we're sat in the cafe on Mill Road".
pub(super) const HERE: &str = r"(?-u:\b)(?:im|i'm|i am|we're|we are|were|weve been|we've been|theyre|they're|hes|shes|he's|she's) (?:all |both |just |still |now |currently )?(?:sat|stood|sitting|standing|waiting|parked up|stuck|camped|queuing) (?:here )?(?:on|at|by|outside|in|under|near|behind|inside|opposite) [^.!?\n]{3,90}";
static DEGREE_PAIR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?-u:\b)[0-9]{2}\.[0-9]{3,8} ?°? ?[ns],? ?[0-9]{1,3}\.[0-9]{3,8} ?°? ?[ew](?-u:\b)",
    )
    .ok()
});

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.has(W3W) || page.says("///") || page.says("w3w") {
        three_words(page, found);
        said_words(page, found);
    }
    if page.digits >= 4 {
        coordinates(page, found);
        grid(page, found);
    }
    if page.digits >= 2 && page.writes(b'+') {
        for shaped in PLUS.iter().flat_map(|shape| shape.find_iter(page.text)) {
            let full = shaped.as_str().find('+') == Some(8);
            let named = page.near(&shaped.range(), MAPWORD, 40, 20);
            if full || named {
                add(page, shaped.range(), if full { 0.9 } else { 0.7 }, found);
            }
        }
    }
    if page.writes(b'.') && page.writes(b'/') {
        for shaped in LINK.iter().flat_map(|shape| shape.find_iter(page.text)) {
            let end = shaped.as_str().trim_end_matches(['.', ',', ')', '!']).len();
            add(page, shaped.start()..shaped.start() + end, 0.9, found);
        }
    }
    if page.has(HOME) || page.says("'s place") {
        for shaped in Shape::HouseBySight
            .within(page)
            .into_iter()
            .flat_map(|shape| shape.find_iter(page.text))
        {
            let around = page.text_before(shaped.start(), 40);
            let lived = [
                "'s place",
                "'s house",
                " live",
                "ours",
                "our ",
                "he's at",
                "she's at",
                "hes at",
                "shes at",
                "they're at",
                "we're",
            ]
            .iter()
            .any(|word| around.contains(word));
            if lived {
                found.push(Candidate::new(Kind::Location, shaped.range(), 0.65));
            }
        }
    }
    if page.is_sentence_text() {
        if page.has(LIVE) {
            live(page, found);
        }
        if page.has(COHORT | CHILDREN | CHILD | NOW) || !page.named.is_empty() {
            whereabouts(page, found);
        }
    }
}

/// The classes and other groups of children that a sentence tells of; none where everybody is invited.
pub(super) fn groups(page: &Page<'_>, sentence: &Range<usize>) -> Vec<Range<usize>> {
    let words = &page.text[sentence.clone()];
    let invites = INVITED_TO_ALL.iter().chain(INVITED);
    let invited = page.cues_in(sentence, EVENT).next().is_some()
        || invites.into_iter().any(|word| words.contains(word));
    if invited {
        return Vec::new();
    }
    let told = page.cues_in(sentence, COHORT | CHILDREN);
    let shaped = GROUP.iter().flat_map(|group| group.find_iter(words));
    told.map(|cue| cue.bytes.clone())
        .chain(shaped.map(|group| sentence.start + group.start()..sentence.start + group.end()))
        .collect()
}

/// Where a group sleeps, travels or can be met today or tomorrow, told before it is over. What the school invites
/// families to is meant to be known.
fn whereabouts(page: &Page<'_>, found: &mut Vec<Candidate>) {
    here(page, found);
    let waiting = WAITING.iter().filter(|_| {
        page.has(NOW)
            || !page.context.draft
                && page.has(COHORT)
                && ["waiting", " alone", "no teacher", "one teacher", "no adult"]
                    .iter()
                    .any(|word| page.says(word))
    });
    for shaped in Shape::Ahead
        .within(page)
        .into_iter()
        .chain(waiting)
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let sentence = page.sentence_of(shaped.start());
        let words = &page.text[sentence.clone()];
        let group = page.cues_in(&sentence, COHORT | CHILD).next().is_some()
            || page.cues_in(&sentence, CHILDREN).next().is_some()
            || page.named_in(&sentence).any(|named| !named.staff)
            || words.contains("on her own")
            || words.contains("on his own")
            || words.contains("residential")
            || GROUP.iter().any(|group| group.is_match(words));
        let alone = page.cues_in(&sentence, ALONE).next().is_some();
        let office = [
            "by reception",
            "at reception",
            "in reception now",
            "from reception",
            "in charge",
        ]
        .iter()
        .any(|word| words.contains(word));
        let invited = office
            || shaped.as_str().contains(" until ")
                && page.cues_in(&sentence, RECUR).next().is_some()
            || page.cues_in(&sentence, EVENT).next().is_some()
            || INVITED
                .iter()
                .any(|word| words.contains(word) && !(alone && *word == "?"));
        // a grid reference is told by itself
        let exact = ["pitched", "camped"]
            .iter()
            .any(|camp| shaped.as_str().starts_with(camp))
            && shaped.as_str().bytes().filter(u8::is_ascii_digit).count() > 3;
        if group && !invited && !exact && shaped.end() <= sentence.end {
            let blank = words.len() - words.trim_start().len();
            let bytes = sentence.start + blank..sentence.start + words.trim_end().len();
            found.push(Candidate::new(Kind::LiveLocation, bytes, 0.6));
        }
    }
}

/// Children who are with the writer of a comment, and where: "im stood outside the scout hut wi six kids".
fn here(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.context.draft || !page.has(CHILDREN | COHORT) {
        return;
    }
    for shaped in Shape::Here
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let sentence = page.sentence_of(shaped.start());
        let words = &page.text[sentence.clone()];
        let past = ["we ", "they ", "you "]
            .iter()
            .any(|who| page.text_before(shaped.start(), 6).ends_with(who));
        let with = ["with ", "wi ", "w/ ", "all the ", "all of "]
            .iter()
            .any(|with| shaped.as_str().contains(with));
        let group = [
            " kids",
            " girls",
            " boys",
            " children",
            " lads",
            " little ones",
            " bairns",
            " weans",
            " class",
            " team",
            " cubs",
            " brownies",
            " beavers",
        ]
        .iter()
        .any(|group| shaped.as_str().contains(group));
        if with && group && !past && !words.contains("yesterday") && !words.contains("last ") {
            let bytes = shaped.start()..shaped.end().min(sentence.end);
            found.push(Candidate::new(Kind::LiveLocation, bytes, 0.6));
        }
    }
}

/// Words of an event that everybody may come to.
const INVITED_TO_ALL: &[&str] = &[
    "all welcome",
    "everyone welcome",
    "everyone is welcome",
    "open to all",
    "public welcome",
    "join us",
    "tickets",
    "parking",
    "car park",
    "visitors",
    "fair ",
    "fete",
    "fun run",
];

/// Adds a position, unless it is where a public event or an organisation can be found.
fn add(page: &Page<'_>, bytes: Range<usize>, confidence: f32, found: &mut Vec<Candidate>) {
    let sentence = page.sentence_of(bytes.start);
    // a mark on the map itself, where a group of children is and no event for all
    let mark = &page.text[bytes.clone()];
    let pair = !mark.contains('/') && mark.matches('.').count() == 2;
    let marked = mark.starts_with("///") || mark.find('+') == Some(8) || pair;
    let open = !INVITED_TO_ALL.iter().any(|word| page.text.contains(word));
    let group = page
        .cues_in(&sentence, COHORT | CHILDREN | NOW | LIVE)
        .next()
        .is_some()
        || page.text[sentence.clone()].contains("are there");
    let private = page.near(&bytes, PRIVATE | HOME | CHILD, 70, 50)
        || marked && open && group
        || page.named_in(&sentence).any(|named| !named.staff);
    let household = HOUSEHOLD.iter().any(|shape| {
        shape.is_match(page.text_before(bytes.start, 60))
            || shape.is_match(page.text_after(bytes.end, 40))
    });
    let known = people(page, &sentence)
        .iter()
        .any(|person| person.told >= Told::Given);
    let ours = !page.context.draft
        && [
            " we ",
            " our ",
            " us ",
            " i ",
            " party",
            "sleepover",
            "playdate",
            "campover",
        ]
        .iter()
        .any(|own| page.says_in(&sentence, own));
    let private = private || household || known || ours;
    let public = page.near(&bytes, VENUE | EVENT | ORG, 90, 70);
    let past = [
        "last week",
        "last month",
        "last year",
        "yesterday",
        "climbed",
        "visited",
        "we walked",
        "we went",
        "was found",
        "footpath",
        "bridleway",
        "trig point",
        "summit",
        "meridian",
        "ordnance survey",
        "equator",
    ];
    let over = past.iter().any(|word| page.says_in(&sentence, word));
    if !over && (private || !public) {
        found.push(Candidate::new(Kind::Location, bytes, confidence));
    }
}

fn three_words(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in WORDS.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let marked = shaped.as_str().contains('/');
        let host = shaped.as_str().starts_with("www.") || shaped.as_str().starts_with("what3words");
        if marked || page.near(&shaped.range(), W3W, 45, 20) && !host {
            add(page, shaped.range(), 0.95, found);
        }
    }
    if page.says(" dot ") || page.says(" point ") {
        for shaped in DOTTED.iter().flat_map(|shape| shape.find_iter(page.text)) {
            add(page, shaped.range(), 0.9, found);
        }
    }
}

/// "what three words for ours: index home raft"
fn said_words(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in SAID.iter().flat_map(|shape| shape.captures_iter(page.text)) {
        let (Some(whole), Some(words)) = (captures.get(0), captures.get(1)) else {
            continue;
        };
        let lead = &page.text[whole.start()..words.start()];
        let small = |word: &str| {
            matches!(
                word,
                "for" | "the" | "of" | "to" | "is" | "at" | "and" | "was" | "in" | "on"
            )
        };
        if words.as_str().split([' ', ',', '.']).any(small) {
            continue;
        }
        if lead.contains([':', '='])
            || lead.ends_with(" is ")
            || lead == "w3w "
            || words.as_str().contains('.')
        {
            add(page, words.range(), 0.75, found);
        }
    }
}

fn coordinates(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in DECIMAL.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let text = shaped.as_str();
        let exact = text
            .split('.')
            .skip(1)
            .all(|part| part.bytes().take_while(u8::is_ascii_digit).count() >= 4);
        let named = page.near(&shaped.range(), COORDS, 40, 20) || text.starts_with("geo:");
        if named || exact && in_the_isles(text) {
            add(page, shaped.range(), 0.88, found);
        }
    }
    for shaped in DEGREE_PAIR
        .iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        add(page, shaped.range(), 0.85, found);
    }
    for shaped in DEGREES.iter().flat_map(|shape| shape.find_iter(page.text)) {
        add(page, shaped.range(), 0.9, found);
    }
}

/// Whether the pair lies within the British Isles.
fn in_the_isles(text: &str) -> bool {
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit() && c != '.' && c != '-')
        .filter_map(|part| part.parse::<f64>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(north), Some(east)) => (49.8..=60.9).contains(&north) && (-8.7..=8.7).contains(&east),
        _ => false,
    }
}

fn grid(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in GRID_SHAPE
        .iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let bytes = shaped.range();
        let spaces = shaped.as_str().matches(' ').count();
        let upper = page.in_capitals(bytes.clone());
        if page.near(&bytes, GRID, 70, 20) {
            add(page, bytes, 0.92, found);
        } else if upper
            && spaces == 2
            && !page.near(&bytes, IDENT | GOODS, 30, 10)
            && (page.near(&bytes, COORDS | HOME | PLACE | PRIVATE, 40, 20)
                || [
                    "camp", "meet", "tonight", "tomorrow", "drop", "pick", "party", "find us",
                ]
                .iter()
                .any(|word| page.says_in(&page.sentence_of(bytes.start), word)))
        {
            add(page, bytes, 0.7, found);
        }
    }
}

/// "We are now at the museum with Year 4": children and a place, at this moment.
fn live(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let cues = page.cues.iter().filter(|cue| cue.classes & LIVE != 0);
    let mut last = 0;
    for cue in cues {
        let sentence = page.sentence_of(cue.bytes.start);
        if sentence.start < last {
            continue;
        }
        let alone = page.cues_in(&sentence, ALONE).next().is_some();
        let child = [" kid ", " child ", " boy ", " girl ", " lad "]
            .iter()
            .any(|word| page.says_in(&sentence, word));
        let group = page.cues_in(&sentence, COHORT | CHILD).next().is_some()
            || alone && (child || page.cues_in(&sentence, CHILDREN).next().is_some())
            || page.named_in(&sentence).any(|named| !named.staff)
            || page.context.draft && tells_of_a_class(page, &sentence);
        let now = page.cues_in(&sentence, NOW).next().is_some() || cue.bytes.len() > 12;
        let at_last = AT_LAST.contains(&&page.text[cue.bytes.clone()])
            && away(page, &(sentence.start..cue.bytes.start));
        let at_place = page
            .cues_in(&sentence, PLACE | VENUE)
            .any(|place| place.bytes.start >= cue.bytes.end || alone)
            || names_a_place(page, cue.bytes.end)
            || at_last;
        let before = &page.text[sentence.start..cue.bytes.start];
        let thing = before.ends_with(" is ")
            && page.text[cue.bytes.clone()].starts_with("now")
            && page
                .cues_in(
                    &(cue.bytes.start.saturating_sub(14)..cue.bytes.start),
                    COHORT,
                )
                .next()
                .is_none();
        // "are now at college": what stands between the cue and the place, and not what else the sentence tells
        let place = page
            .cues_in(&sentence, PLACE | VENUE)
            .find(|place| place.bytes.start >= cue.bytes.end)
            .map_or(
                cue.bytes.end + page.text_after(cue.bytes.end, 24).len(),
                |place| place.bytes.end,
            );
        let toward = cue.bytes.start..place.min(sentence.end);
        let elsewhere = [
            "website",
            "online",
            "sixth form",
            "college",
            " uni ",
            "university",
            "secondary",
            "saw ",
            "on sale",
            "on display",
            "available",
        ]
        .iter()
        .any(|word| page.says_in(&toward, word));
        if group
            && now
            && at_place
            && !elsewhere
            && !thing
            && !page.text[cue.bytes.start..sentence.end].contains('?')
        {
            last = sentence.end;
            let end = page.text[sentence.clone()].trim_end().len() + sentence.start;
            let arrived = page.text[cue.bytes.clone()].contains("arrive");
            let confidence = match (arrived, alone) {
                (_, true) => 0.85,
                (true, false) => 0.45,
                (false, false) => 0.65,
            };
            found.push(Candidate::new(
                Kind::LiveLocation,
                if alone || at_last {
                    sentence.start
                } else {
                    cue.bytes.start
                }..end,
                confidence,
            ));
        }
    }
}

/// What says that it is so now, after the place.
const AT_LAST: &[&str] = &[
    "right now",
    "as we speak",
    "as we type",
    "as i type",
    "at this very moment",
];

/// "in Tollgate Wood", "on the beach at Filey": a place with a name of its own.
fn away(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let leads = [" in ", " at ", " on "];
    let named = |lead: &&str| {
        let mut places = page.text[bytes.clone()].match_indices(*lead);
        places.any(|(at, _)| names_a_place(page, bytes.start + at + lead.len()))
    };
    leads.iter().any(named)
}

/// "Heron class", "Acorns are": a class by a name that no list holds.
fn tells_of_a_class(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    let capital = |end: usize| {
        let word = page.text_before(end, 14);
        let word = word.rsplit([' ', '\n']).next().unwrap_or_default();
        (word.len() > 3 && page.opens_with_capital(end - word.len())).then_some(word)
    };
    let text = &page.text[sentence.clone()];
    let mut classes = text.match_indices(" class ");
    let mut several = text.match_indices(" are ");
    classes.any(|(at, _)| capital(sentence.start + at).is_some())
        || several.any(|(at, _)| {
            at < 14 && capital(sentence.start + at).is_some_and(|word| word.ends_with('s'))
        })
}

/// Whether a capital opens one of the next words, as in "at Marlow Castle".
fn names_a_place(page: &Page<'_>, at: usize) -> bool {
    let after = page.text_after(at, 24);
    page.spaced(at..at + after.len())
        .take(4)
        .any(|(from, word)| {
            word != "year"
                && word.starts_with(|c: char| c.is_ascii_alphabetic())
                && page.opens_with_capital(from)
        })
}
