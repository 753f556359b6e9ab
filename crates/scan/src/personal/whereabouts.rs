//! Where one child or one grown-up is to be found, told in plain words: seen a minute ago by the bus stop, waiting with
//! somebody until they are fetched, living above a shop, away from an empty house, out along the same path at a fixed hour.
//!
//! What is seen in a picture, on a stage or on a pitch is no place where somebody can be met.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{CHILDREN, COHORT, RECUR},
    kind::Kind,
    landmarks::is_of_no_family,
    page::Page,
    person::{Person, Told, is_public_prose, people},
    shape::Shape,
    tales::is_a_tale,
};

/// Where people are met who are not at school.
const PLACE: &str = "(?:(?:in|on|at) (?:our|my) (?:porch|garden|drive|doorstep|front step|step|shed|kitchen|back garden|front room|shop|caf[eé])|(?:outside|by|at|in|on|under|behind|opposite|near|beside|next to|along|round|over|up|past) (?:the |that |a |them )?(?:[a-z0-9'-]+ ){0,3}?(?:bus (?:stop|shelter|station)|tram stop|library|shops?|chippy|chip shop|co-?op|greggs|mc ?donald'?s|maccies|aldi|tesco|lidl|asda|spar|subway|costa|kfc|starbucks|morrisons|sainsbury'?s|boots|station|canal|lock|towpath|river|bridge|underpass|park|rec|swings|slide|playground|skate ?park|bench|wall|memorial|market cross|market place|town hall|cafe|café|churchyard|lychgate|car park|pub|prom|pier|beach|bandstand|lifeboat station|leisure centre|baths|arcade|precinct|high street|[a-z]+ (?:street|road|lane|hill)|corner|crossing|roundabout|steps|stile|woods?|allotments|green|common|pond|lake|weir|garage|petrol station|fountain|clock tower|tower|bakery|post office|newsagents?|offy|off licence)(?-u:\\b))";

/// What somebody does who is there and stays there.
const STAYS: &str = "(?:sat|stood|sitting|standing|waiting|hanging (?:about|around|round)|crying|playing|wandering(?: about)?|stuck|sheltering|hiding|walking|stranded|asleep|all alone|alone|on (?:his|her|their) own|by (?:himself|herself|themselves|hisself))";

/// "Connor's sat on the wall outside Greggs", "just seen Harvey sat by himself on the swings".
pub(super) static THERE: LazyLock<String> = LazyLock::new(|| {
    format!(
        r"(?-u:\b)(?:'s|s|is|are|'re) (?:all |both |just |still |currently |now |only )*{STAYS}(?: [a-z']+){{0,5}}? {PLACE}|(?-u:\b)(?:(?:just|only just) (?:seen|saw|passed|walked past|gone past|driven past|drove past|spotted|clocked|bumped into)|thats?|that's|i (?:can|could) see|there'?s|theres)(?: [a-z']+){{1,6}}? {STAYS}(?: [a-z']+){{0,5}}? {PLACE}|(?-u:\b)(?:seen|saw|spotted|passed) (?:[a-z']+ ){{1,5}}(?:[0-9]+|a few|five|ten|two|couple of|a couple of) min(?:ute)?s ago[a-z ]{{0,14}} {PLACE}|(?-u:\b)(?:he's|she's|they're|hes|shes|is|are) on the (?:[0-9]{{1,2}}[.:][0-9]{{2}}|[a-z]?[0-9]{{1,3}}|train|bus|ferry|tram|wrong (?:bus|train|tram))(?: bus| train)?(?: to| for| towards| from)?(?: [a-z]+){{0,2}}?,? (?:by mistake|on (?:his|her|their) own|by (?:himself|herself)|alone|right now|now|[a-z ,]{{0,16}}(?:guard|driver|coach [a-z]))|(?-u:\b)(?:one|two|three|a couple|some) of (?:yours|your (?:lot|kids|children|year [0-9]+s?))[^.!?\n]{{0,60}}? (?:by|at|on|in|near|behind) the [a-z ]{{3,30}}|(?-u:\b)(?:is|are|'s) {PLACE}[^.!?\n]{{0,40}}(?:crying|on (?:his|her|their) own|by (?:himself|herself)|fyi|if (?:his|her) (?:mum|dad|nan)|until (?:his|her|their) (?:mum|dad|nan)s?|(?-u:\b)rn(?-u:\b)|right now|no coat|soaked|lost)"
    )
});

/// "Tell Rory's dad we've got him, we're in the queue on the prom".
pub(super) static WITH_US: LazyLock<String> = LazyLock::new(|| {
    format!(
        r"(?-u:\b)(?:we're|we are|were|she's|he's|hes|shes|she is|he is|i'?ve got (?:him|her|[a-z]+)|i have (?:him|her)|i'm|im|[a-z]+ is|[a-z]+'s) (?:all )?(?:here )?(?:with (?:me|us) )?(?:(?:at|in|by|on|under|near) the [a-z]+ of )?(?:the [a-z ]{{1,14}})?{PLACE}"
    )
});

/// Who is to fetch the child, or until when.
pub(super) const FETCHED: &str = r"(?-u:\b)(?:(?:till|til|until) (?:you|u|someone|somebody|his|her|mum|dad|nan)(?-u:\b)|(?:tell|show this to|show|let|to) [a-z-]{2,14}'s (?:mum|dad|nan|gran|mam|parents|family|carer|auntie)(?-u:\b)|^[a-z-]{2,14}'s (?:mum|dad|nan|gran|mam)(?:,|:)|who(?:ever)?'?s picking up|no rush|come and (?:get|fetch|find)|has anyone got [a-z-]{2,14}'s (?:mum|dad)'?s)";

/// Words of a picture, a stage, a pitch or of a time that is over.
static SHOWN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:photos?|pics?|pictures?|video|clip|film|row|front|stage|scene|act|play|panto|set|model|painting|drawing|drew|painted|built|poster|costume|dressed|dragon|story|book|chapter|poem|wrote|match|goal|scored|team|council|committee|last (?:year|summer|week|night|term)|yesterday|years ago|used to|when (?:he|she|i|we) (?:was|were)|every|always|on saturday|on sunday|tomorrow|come and|tickets|cheer|of life|dream|imagine|one day|award|all (?:last|summer)|back in)(?-u:\b)").ok()
});

/// A home by what stands beside it: "lives over the kebab shop", "is the house behind the chapel with the green van".
pub(super) static HOME: LazyLock<String> = LazyLock::new(|| {
    const BESIDE: &str = "(?:over|above|behind|next (?:door )?to|right next to|opposite|across from|beside|facing|backing on to|(?:two|three|four|five|a few|a couple of|couple of|[2-9]) doors? (?:down|up|along|away)?(?: ?from| past)?|round the back of|at the (?:end|top|bottom|far end) of|on the corner of|near|by|past|off)";
    const HOUSE: &str = "(?:house|flats?|bungalow|cottage|maisonettes?|terrace|caravan|farmhouse|lodge|end one|corner house)";
    format!(
        r"(?-u:\b)(?:lives|(?:they|who) live|living|stopping) (?:just |right |directly |literally |now |still )?{BESIDE} (?:the |a |our |that )?[^.,!?\n]{{3,40}}|(?-u:\b)(?:lives?|living|stays?|stopping|they'?re|hes|shes|he's|she's|is|are|moved|'s the one|is the one) (?:now )?(?:in(?:to)?|up in|down in|over in) (?:the|them|those|one of the) (?:[a-z]+ ){{0,2}}?{HOUSE} {BESIDE} [^.,!?\n]{{3,40}}|[a-z]'?s (?:house |place |gaff |flat )?(?:is|are)(?: up for sale,| for sale,| on the market,)? (?:the|that) (?:[a-z]+ )?(?:{HOUSE}|one) (?:with [a-z ]{{3,24}}? )?{BESIDE} [^.,!?\n]{{3,50}}|still (?:up |down |over |out |round )?(?:by|near|at|behind|opposite|in) the [a-z ]{{3,30}}?,? (?:are they|is he|is she|are you)(?-u:\b)|(?:at|from|outside) [a-z-]{{2,14}}'s[^.!?\n]{{0,20}}[:,] (?:the |tall |red |white |green |blue )+(?:[a-z]+ )?(?:{HOUSE}|hedge|gate|door)[^.!?\n]{{0,40}}"
    )
});

/// A house without its people: "she's away til the 14th so the cats have the house to themselves".
pub(super) const EMPTY: &str = r"(?-u:\b)(?:(?:away|abroad|off|off to [a-z]+(?: on)?(?: [a-z]+)?|in [a-z]+|at (?:the|their|his|her) caravan) (?:till|til|until|for (?:a|one|two|three|ten|seven|[0-9]+|the) (?:days|week|weeks|fortnight|month)|all (?:week|month|half term|summer))|fly(?:ing)? out|on holiday)(?-u:\b)[^.!?\n]{0,110}?(?:(?:house|place|flat|home)(?:'s| is| will be| to (?:themselves|itself|myself))|empty|(?:the|a) (?:cat|dog|rabbit|hanging basket|plant|bin)s?(?-u:\b)|key(?:'s| is| with| under))|(?-u:\b)(?:house|home|place|flat|cottage|bungalow|farmhouse)(?:'ll| will|'s| is)? (?:be |left )?(?:standing |stood |sitting |all )?(?:empty|dark|locked up) (?:from|until|till|til|for|all|while|over)(?-u:\b)[^.!?\n]{0,50}";

/// Somebody with a title, who is found by the same rules as a child.
static TITLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:(?:mr|mrs|miss|ms|mx|dr) [a-z][a-z-]{2,15}|(?:the )?(?:caretaker|headteacher|head|secretary|cook|lollipop (?:man|lady))(?:'?s)?|the [a-z]{3,14}s)(?-u:\b)").ok()
});

/// Moving about alone at an hour that comes again: "she runs: Tuesdays, six in the morning, towpath from the lock".
pub(super) const ROUND: &str = r"(?-u:\b)(?:(?:she's|he's|shes|hes|is always|are always|find (?:him|her)) (?:in|at|on|down|outside|propping up) [^.!?\n]{3,40}? (?:every|most|each)|(?:mr|mrs|miss|ms) [a-z-]+'s [a-z]+ is (?:always |usually |parked |there )*(?:outside|at|in|round|by)|walks (?:his|her|the) dogs?|walks|runs|jogs|swims|cycles|rides|drives home|parks up|drinks|fishes|leaves the house|gets off|gets the [a-z0-9]+ bus|goes running|goes swimming|is out walking)(?-u:\b)";

static HOUR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:(?:[0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven) (?:in the (?:morning|evening|afternoon)|at night|o'?clock|am|pm)|half (?:past )?(?:[0-9]|[a-z]+)|quarter (?:to|past) [a-z0-9]+|(?:about|around|at|bang on|from|after|till|til|until|gone) (?:gone |about )?(?:[0-9]{1,2}(?:[.:][0-9]{2})?|five|six|seven|eight|nine|ten)(?-u:\b)|[0-9]{1,2}[.:][0-9]{2}|first thing|after dark|before (?:school|work)|dawn|dusk)").ok()
});

static PATH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(r"(?-u:\b)(?:{PLACE}|(?:towpath|reservoir|lido|canal|park|moor|woods|seafront|beach|bypass|common|lane|cut|ginnel|railway line|footpath|lake)(?-u:\b))")).ok()
});

/// A round number of years of a grown-up: "Mrs Lowther hits the big six-oh on Saturday".
pub(super) static ROUND_YEARS: LazyLock<String> = LazyLock::new(|| {
    const DAY: &str = "(?:today|tomorrow|tonight|yesterday|(?:on |this |next |at )(?:the )?(?:mon|tues|wednes|thurs|fri|satur|sun|week)[a-z]*|next week|on the [0-9]{1,2}(?:st|nd|rd|th)?)";
    const OH: &str = "the big (?:two|three|four|five|six|seven|eight)[- ](?:oh|o|zero|0)";
    format!(
        r"(?-u:\b)(?:hits|turns|reaches|is turning|is) {OH} {DAY}|(?-u:\b){OH} (?:for|of) (?:mr|mrs|miss|ms|our|[a-z]+)(?-u:\b)[a-z ]{{0,20}}"
    )
});

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let comment = !page.context.draft;
    empty(page, found);
    if comment {
        there(page, found);
        rounds(page, found);
    } else {
        rooms(page, found);
        groups(page, found);
        seated(page, found);
    }
    homes(page, found);
    round_years(page, found);
}

/// Somebody known in the sentence, or in the one before where this one says "she".
fn somebody(page: &Page<'_>, sentence: &Range<usize>) -> Option<Person> {
    let known = |sentence: &Range<usize>| {
        people(page, sentence)
            .into_iter()
            .find(|person| person.told >= Told::Given)
    };
    known(sentence).or_else(|| {
        let words = page.text[sentence.clone()].trim_start();
        let pronoun = [
            "she", "he", "they", "still", "we're", "we are", "i've", "i'm", "im ",
        ]
        .iter()
        .any(|pronoun| words.starts_with(pronoun));
        let before = page.sentence_of(sentence.start.checked_sub(2)?);
        known(&before).filter(|_| pronoun)
    })
}

fn is_shown(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    SHOWN
        .iter()
        .any(|shown| shown.is_match(&page.text[sentence.clone()]))
        || is_public_prose(page, sentence)
}

fn add(
    page: &Page<'_>,
    kind: Kind,
    bytes: Range<usize>,
    confidence: f32,
    found: &mut Vec<Candidate>,
) {
    let sentence = page.sentence_of(bytes.start);
    // from the opening of the word in which a shape begins
    let start = page.text[sentence.start..bytes.start]
        .char_indices()
        .rev()
        .find(|(_, c)| !c.is_alphanumeric() && *c != '\'')
        .map_or(sentence.start, |(at, c)| sentence.start + at + c.len_utf8());
    let bytes = start..bytes.end.min(sentence.end);
    let taken = |earlier: &Candidate| earlier.kind == kind && earlier.overlaps(&bytes);
    if !is_a_tale(page, &sentence, &bytes) && !found.iter().any(taken) {
        found.push(Candidate::new(kind, bytes, confidence));
    }
}

/// A child who is somewhere at this moment.
fn there(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let fetched = Shape::Fetched
        .within(page)
        .is_some_and(|fetched| fetched.is_match(page.text));
    let shapes = Shape::There
        .within(page)
        .into_iter()
        .chain(Shape::WithUs.within(page).into_iter().filter(|_| fetched));
    for told in shapes.flat_map(|shape| shape.find_iter(page.text)) {
        let sentence = page.sentence_of(told.start());
        let known = told.as_str().contains(" of your") || somebody(page, &sentence).is_some();
        if is_shown(page, &sentence) || !known {
            continue;
        }
        add(page, Kind::LiveLocation, told.range(), 0.65, found);
    }
}

/// Where somebody lives, by what stands beside it.
fn homes(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for told in Shape::Home
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let sentence = page.sentence_of(told.start());
        let words = &page.text[sentence.clone()];
        let person = somebody(page, &sentence).is_some()
            || TITLED.iter().any(|titled| titled.is_match(words));
        let indoors = [
            "school",
            "playground",
            "room",
            "bin",
            "bins",
            "badger",
            "giant",
            "cloud",
            "peg",
            "table",
            "shelf",
            "desk",
            "hope",
            "fear",
            "dragon",
            "squirrel",
            "hedgehog",
            "fox",
        ]
        .iter()
        .any(|word| {
            words
                .split(|c: char| !c.is_alphanumeric())
                .any(|said| said == *word)
        });
        let nobodys = indoors || is_of_no_family(words) || is_public_prose(page, &sentence);
        if person && !nobodys {
            add(page, Kind::Location, told.range(), 0.65, found);
        }
    }
}

/// Where a group is to be found until an hour, or where it is all together now.
pub(super) const GROUP: &str = r"(?-u:\b)(?:can be|to be|be) found (?:behind|at|by|in|near|under|on|beside|inside) [^.!?\n]{3,50}? (?:until|till|til)(?-u:\b)|(?-u:\b)(?:all|everyone|everybody|safely|now) (?:safe )?(?:in|at|on|by|aboard) the [^.!?\n]{4,60}";

/// Where a group of the school is until an hour that is told, or where it has just landed.
fn groups(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let landed = [
        "landed",
        "touched down",
        "docked",
        "checked in",
        "through security",
    ]
    .iter()
    .any(|word| page.says(word));
    for told in Shape::Group
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let sentence = page.sentence_of(told.start());
        let found_there = told.as_str().contains(" found ");
        let group = page.cues_in(&sentence, CHILDREN | COHORT).next().is_some()
            || page.says_in(&sentence, " gang")
            || somebody(page, &sentence).is_some();
        let open = [
            "stall", "sale", "tickets", "raffle", "parents", "welcome", "display",
        ]
        .iter()
        .any(|word| page.says_in(&sentence, word));
        if group && !open && (found_there || landed) {
            add(page, Kind::LiveLocation, told.range(), 0.6, found);
        }
    }
}

/// A room or a tent, and what stands beside it.
pub(super) const ROOM: &str = r"(?-u:\b)(?:room|cabin|tent|dorm|lodge|pod|bunk ?house|chalet|hut)s?(?-u:\b)[^.!?\n]{0,30}?(?:ground floor|(?:nearest|closest to|next to|beside|facing|by) the (?:gate|road|lane|car park|entrance|fire exit|fire door)|straight on ?to|opens on ?to)[^.!?\n]{0,30}";

/// Where children sleep away from home, by the door or the road beside it.
fn rooms(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let away = [
        "residential",
        "camp",
        "night",
        "hostel",
        "bed by",
        "sleep",
        "outdoor centre",
    ]
    .iter()
    .any(|word| page.says(word));
    let rooms = Shape::Room.within(page).filter(|_| away);
    for told in rooms
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let sentence = page.sentence_of(told.start());
        let words = &page.text[sentence.clone()];
        let children = somebody(page, &sentence).is_some()
            || ["girls", "boys", "children", "year 5", "year 6", "group "]
                .iter()
                .any(|word| words.contains(word));
        if children {
            add(page, Kind::LiveLocation, told.range(), 0.65, found);
        }
    }
}

/// A house that stands empty while its people are away.
fn empty(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for told in Shape::Empty
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let sentence = page.sentence_of(told.start());
        let before = page.sentence_before(&sentence);
        let whole = before.start..sentence.end;
        let words = &page.text[sentence.clone()];
        let known = people(page, &whole)
            .iter()
            .any(|person| person.told >= Told::Given)
            || page.named_in(&whole).next().is_some()
            || TITLED.iter().any(|titled| titled.is_match(words))
            || !page.context.draft
                && ["we ", "we're", "our "]
                    .iter()
                    .any(|own| words.contains(own));
        let nobodys = [
            "office",
            "caretaker is",
            "school is",
            "site",
            "a post",
            "burglar",
            "your house",
            "your home",
        ]
        .iter()
        .any(|word| words.contains(word));
        if known && !nobodys {
            add(page, Kind::LiveLocation, told.range(), 0.6, found);
        }
    }
}

/// The paths of one grown-up or child, with their hours.
fn rounds(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if !page.has(RECUR) {
        return;
    }
    for told in Shape::Round
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let sentence = page.sentence_of(told.start());
        let words = &page.text[sentence.clone()];
        let next = page.text[told.end()..].trim_start();
        let leads = ["the ", "a ", "an ", "our ", "this ", "club", "it "]
            .iter()
            .any(|object| next.starts_with(object));
        let hour = HOUR.iter().find_map(|hour| hour.find(words));
        let seat = told.as_str().contains(' ').then_some(told.range());
        let path = PATH
            .iter()
            .find_map(|path| path.find(words))
            .map(|path| sentence.start + path.start()..sentence.start + path.end())
            .or(seat);
        let when = page.cues_in(&sentence, RECUR).next();
        let (Some(hour), Some(path), Some(when), false) = (hour, path, when, leads) else {
            continue;
        };
        let before = page.sentence_before(&sentence);
        let who = somebody(page, &sentence).is_some()
            || TITLED
                .iter()
                .any(|titled| titled.is_match(&page.text[before.start..sentence.end]));
        let at_school = [
            "hall",
            "class",
            "library",
            "gate",
            "playground",
            "office",
            "club",
            "choir",
            "lesson",
            "school",
        ]
        .iter()
        .any(|word| words.contains(word));
        if who && !at_school && !is_public_prose(page, &sentence) {
            let start = told
                .start()
                .min(sentence.start + hour.start())
                .min(path.start);
            let end = when
                .bytes
                .end
                .max(sentence.start + hour.end())
                .max(path.end);
            add(page, Kind::Routine, start..end, 0.65, found);
        }
    }
}

/// Somebody's round birthday with its day.
fn round_years(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for told in Shape::RoundYears
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let sentence = page.sentence_of(told.start());
        let titled = TITLED.iter().any(|titled| {
            titled
                .find_iter(&page.text[sentence.clone()])
                .any(|title| title.as_str().contains(' ') && !title.as_str().starts_with("the "))
        });
        if (titled || somebody(page, &sentence).is_some()) && !is_public_prose(page, &sentence) {
            add(page, Kind::Birthday, told.range(), 0.7, found);
        }
    }
}

/// Where a school's own post opens without saying who: "Sitting in the front row of the Alhambra with Year 6", "Queuing
/// outside the Science Museum with all thirty of Kestrel".
pub(super) static SEATED: LazyLock<String> = LazyLock::new(|| {
    const DOING: &str = "(?:sitting|sat|standing|stood|waiting|queuing|queueing|sheltering|lined up|camped|parked|perched|huddled|settled|squashed|tucked|picnicking|paddling|boarding|lunching)";
    const WHO: &str = "(?:year [0-9]{1,2}|years [0-9]|y[0-9]{1,2}|yr ?[0-9]{1,2}|reception|nursery|class|(?:all |the |our |my |some |both |these )+(?:of )?[a-z0-9' ]{0,20}?(?:children|kids|girls|boys|class|pupils|team|choir|infants|juniors|little ones|lot|school|band|orchestra|cast|[0-9]{2}|twenty|thirty|sixty|year [0-9]{1,2}s?)|[0-9]{2} (?:children|kids|pupils|excited|very|happy|tired)|(?:twenty|thirty|forty|sixty) (?:children|kids|pupils|excited|very|happy|tired))";
    format!(
        r"(?-u:\b)(?:(?:currently|now|just|all|happily|patiently|nervously|safely) )*{DOING} (?:here |up |down )?(?:in|on|at|outside|by|near|under|inside|aboard|beside|behind|for) [^.!?\n]{{3,70}}? with {WHO}(?-u:\b)"
    )
});

/// A group that is away, told while it is there by a post that opens with what it does.
fn seated(page: &Page<'_>, found: &mut Vec<Candidate>) {
    const OVER: &[&str] = &[
        "yesterday",
        "last ",
        "earlier",
        " was ",
        " were ",
        " had ",
        " on monday",
        " on tuesday",
        " on wednesday",
        " on thursday",
        " on friday",
        "throwback",
        "memor",
        " ago",
        "loved",
        "enjoyed",
        "this time ",
        "remember",
        " isn't",
        " is the best",
        " is one",
        " can be",
        " tomorrow",
        " next week",
        " next month",
        " next term",
        " next year",
    ];
    for shaped in Shape::Seated
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let sentence = page.sentence_of(shaped.start());
        let words = &page.text[sentence.clone()];
        let opens = page.text[sentence.start..shaped.start()]
            .chars()
            .all(|c| !c.is_alphanumeric());
        let still = shaped.as_str().contains("ing ")
            || [
                "waiting",
                "about to",
                "ready to",
                "ready for",
                "before",
                "right now",
            ]
            .iter()
            .any(|word| words.contains(word));
        let over = OVER.iter().any(|past| words.contains(past));
        let at = shaped.start()..shaped.end();
        if opens && still && !over && names_a_place_within(page, &at) {
            found.push(Candidate::new(Kind::LiveLocation, at, 0.6));
        }
    }
}

/// Whether a stretch has a capital after its first word, as "the front row of the Alhambra" has, before whoever is there.
fn names_a_place_within(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let words = &page.text[bytes.clone()];
    let place = words.rfind(" with ").map_or(words, |end| &words[..end]);
    let words = page.spaced(bytes.start..bytes.start + place.len());
    words.enumerate().any(|(nth, (at, word))| {
        nth > 1 && word.len() > 2 && page.opens_with_capital(at) && !is_of_the_school(word)
    })
}

/// Classes and rooms of a school that have capitals, too.
fn is_of_the_school(word: &str) -> bool {
    matches!(
        word,
        "year"
            | "reception"
            | "nursery"
            | "class"
            | "hall"
            | "library"
            | "room"
            | "assembly"
            | "christmas"
            | "english"
    )
}
