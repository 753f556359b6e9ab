//! Account names of private people on social and gaming platforms (DOMAIN 2.12).

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{ADD, PLATFORM, PRIVATE},
    kind::Kind,
    page::{Named, Page},
    person::is_given_name,
    players,
};

static AFTER_PLATFORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:'s|s)?,?(?: ?(?:is|name|names|username|user|handle|tag|id|account|acc|code|profile|called|under|as|its|it's|on|at|me|him|her|my|his|now|and|to|too|everyone|everybody|every1|guys|all|if|u|you|want|wanna|new|one|add|please|pls|x|tho|for me|im|i'm|just|server)){0,6} ?[:=>-]{0,3} ?[\x22']?(@?[a-z0-9][a-z0-9._-]{2,29}(?:#[0-9]{4})?(?: (?:underscore|dot|dash) [a-z0-9._]{1,20}){0,2})").ok()
});
static MENTION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"@[a-z0-9][a-z0-9._]{2,29}").ok());
static TAGGED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)[a-z0-9][a-z0-9._]{2,31}#[0-9]{4}(?-u:\b)").ok());
static PROFILE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:snapchat\.com/add/|tiktok\.com/@|instagram\.com/|facebook\.com/|fb\.com/|twitch\.tv/|youtube\.com/@|t\.me/|discord\.gg/|(?-u:\b)u/)([a-z0-9][a-z0-9._-]{2,29})").ok()
});

static PLAYER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:(?:xbox(?: live)?|psn|playstation|gamer ?tag|roblox|fortnite|minecraft|steam|epic|nintendo)(?: (?:name|id|user|username|tag))?(?: is|:) ?([a-z]{3,15} [a-z]{3,15} ?[0-9]{1,4})(?-u:\b)|(?:friend code|switch code|sw code)(?: is|:)?(?: sw)? ?(sw[- ]?[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4}))").ok()
});
static IS_PLAYER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:is|as|under|called|mines|mine is|mine's|hes|shes|he's|she's|im|i'm|user|username|name) (@?[a-z0-9][a-z0-9._-]{3,29})").ok()
});

/// "Follow @ottilie.draws, she's in year 6": whose account it is.
static OF_A_CHILD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[ ,(-]*(?:she's|shes|he's|hes|she is|he is|my (?:son|daughter|lad|girl|boy|niece|nephew)|(?:is|that's|thats|its|it's) (?:my|his|her)|in (?:year|yr|y) ?[0-9])").ok()
});

static UNDERSCORED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)[a-z0-9.]*[a-z0-9]_[a-z0-9._]{1,24}(?-u:\b)").ok());

/// How much of the next sentence tells what somebody does online: "who is coach_dan? He has messaged four of them".
const NEXT: usize = 60;

/// How near a word such as "add me" or "my insta" must stand to an @name.
const NEAR: usize = 32;

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.has(PLATFORM) {
        after_platforms(page, found);
    }
    if page.writes(b'@') {
        mentions(page, found);
    }
    if page.writes(b'#') && page.digits >= 4 {
        for shaped in TAGGED.iter().flat_map(|shape| shape.find_iter(page.text)) {
            let named = page.near(&shaped.range(), PLATFORM | ADD, 40, 24);
            let confidence = if named { 0.95 } else { 0.6 };
            found.push(Candidate::new(Kind::Handle, shaped.range(), confidence));
        }
    }
    if page.has(PLATFORM) {
        named_players(page, found);
    }
    if page.writes(b'/') {
        profiles(page, found);
    }
    if page.writes(b'_') {
        underscored(page, found);
    }
}

/// "hit up @plugz_wm", "@ruthie.bakes does them, slide into her dms": whether a comment says that somebody can be written to
/// under a name that no one is `called`.
fn is_written_to(page: &Page<'_>, bytes: &Range<usize>, made_up: bool) -> bool {
    let asked = [
        "hit up ",
        "hmu ",
        "hmu at ",
        "dm ",
        "dms to ",
        "pm ",
        "inbox ",
        "slide to ",
    ]
    .iter()
    .any(|lead| page.text_before(bytes.start, 8).ends_with(lead));
    let sentence = page.sentence_of(bytes.start);
    let theirs = [
        "her dms",
        "his dms",
        "their dms",
        "her inbox",
        "his inbox",
        "dm her",
        "dm him",
        "pm her",
        "pm him",
    ]
    .iter()
    .any(|theirs| page.says_in(&sentence, theirs));
    made_up && !page.context.draft && (asked || theirs)
}

/// What the names of fields end with.
const FIELDS: &[&str] = &[
    "_name", "_no", "_id", "_type", "_code", "_date", "_number", "_url", "_key", "_at", "_time",
];

/// A name with an underscore in a sentence about a platform: nobody writes words so.
fn underscored(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in UNDERSCORED
        .iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let trimmed = shaped.as_str().trim_end_matches(['.', '_']);
        let bytes = shaped.start()..shaped.start() + trimmed.len();
        let before = page.text[..bytes.start].chars().next_back();
        let linked = before.is_some_and(|c| matches!(c, '@' | '/' | '.' | '#' | '=' | '?'))
            || page.text_after(bytes.end, 1).starts_with(['@', '/']);
        let sentence = page.sentence_of(bytes.start);
        // "can the school say who coach_dan is?"
        let asked = ["who ", "who is ", "who's ", "whos ", "called "]
            .iter()
            .any(|who| page.text_before(bytes.start, 8).ends_with(who));
        let made = [" a ", " an "]
            .iter()
            .any(|article| page.text_before(bytes.start, 4).ends_with(article));
        let titles = [
            "project",
            "games called",
            "file",
            "folder",
            "world",
            "build",
            "titled",
            "sprite",
        ]
        .iter()
        .any(|thing| page.says_in(&sentence, thing));
        let told = !made && !titles && page.cues_in(&sentence, PLATFORM).next().is_some()
            || is_somebody_online(page, &sentence, &bytes);
        // "real_name": what a program calls a field
        let after = page.text_after(bytes.end, 3);
        let field = after.starts_with("\":")
            || after.starts_with('=')
            || after.starts_with(':') && FIELDS.iter().any(|field| trimmed.ends_with(field));
        if told
            && !linked
            && !field
            && trimmed.contains('_')
            && !is_host(trimmed)
            && (!organisation(page, bytes.start) || asked)
        {
            found.push(Candidate::new(Kind::Handle, bytes, 0.65));
        }
    }
}

/// Somebody who writes to a child, told by the name of an account alone: "a guy called uncle_baz keeps sending him robux".
static ONLINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:called|named|calls? (?:him|her)self|goes by|account|profile|user|player|stranger|messag(?:e|es|ed|ing)|dms?|dm'?d|chat(?:s|ted|ting)?|texting|talk(?:s|ed|ing)? to|gifts?|gifted|robux|v-?bucks|skins|friend(?:s|ed)? request|add(?:ed)?|follow(?:ed|ing|s)?|blocked?|online|streams?|for (?:a )?(?:pics?|photos?|nudes))(?-u:\b)").ok()
});

/// Whether the sentence tells of somebody by their account, and of no file, network or login.
fn is_somebody_online(page: &Page<'_>, sentence: &Range<usize>, bytes: &Range<usize>) -> bool {
    let name = &page.text[bytes.clone()];
    let words = &page.text[sentence.clone()];
    let next = page.text_after(sentence.end, NEXT);
    let thing = [
        "wifi",
        "wi-fi",
        "network",
        "file",
        "folder",
        "log in",
        "login",
        "password",
        "photo",
        "image",
        "picture",
        "spreadsheet",
        "pdf",
    ]
    .iter()
    .any(|thing| words.contains(thing))
        || ["img_", "dsc_", "vid_", "doc_", "mvi_"]
            .iter()
            .any(|file| name.starts_with(file));
    let article = [" a ", " an "]
        .iter()
        .any(|article| page.text_before(bytes.start, 4).ends_with(article));
    !thing
        && !article
        && name.len() >= 5
        && ONLINE
            .iter()
            .any(|online| online.is_match(words) || online.is_match(next))
}

/// "Xbox live: Captain Crumpet 7", "Minecraft: Harvey is creeperking_h", "friend code SW-1234-5678-9012".
fn named_players(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in PLAYER
        .iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let Some(name) = captures.get(1).or_else(|| captures.get(2)) else {
            continue;
        };
        if !organisation(page, name.start()) {
            found.push(Candidate::new(Kind::Handle, name.range(), 0.75));
        }
    }
    for captures in IS_PLAYER
        .iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let Some(name) = captures.get(1) else {
            continue;
        };
        let trimmed = name.as_str().trim_end_matches('.');
        let signs = trimmed.trim_matches('.').contains(['_', '.', '-'])
            || is_camel(page.written(name.start()..name.start() + trimmed.len()))
            || trimmed.bytes().any(|byte| byte.is_ascii_digit());
        let letters = trimmed.bytes().any(|byte| byte.is_ascii_alphabetic());
        let code = trimmed.contains("..") || is_host(trimmed) || trimmed.ends_with('-');
        if signs && letters && !code && trimmed.len() >= 5 && !organisation(page, name.start()) {
            let bytes = name.start()..name.start() + trimmed.len();
            found.push(Candidate::new(Kind::Handle, bytes, 0.7));
        }
    }
}

fn profiles(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in PROFILE
        .iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let (Some(whole), Some(name)) = (captures.get(0), captures.get(1)) else {
            continue;
        };
        let around = page.text_before(whole.start(), 16);
        let mine = page.near(&whole.range(), PRIVATE | ADD, 28, 14)
            || page.near(&whole.range(), PLATFORM, 10, 0) && whole.as_str().contains('/')
            || ["im ", "i'm ", "i am "]
                .iter()
                .any(|own| around.ends_with(own))
            || page.text_after(whole.end(), 12).contains("me");
        // "is u/gasworks_trev": somebody is told by the account
        let direct = whole.as_str().starts_with("snapchat")
            || whole.as_str().starts_with("discord")
            || whole.as_str().starts_with("u/")
                && [" is", "'s", " as", "=", ":"]
                    .iter()
                    .any(|lead| around.trim_end().ends_with(lead));
        let ours =
            organisation(page, whole.start()) || ["p", "reel", "explore"].contains(&name.as_str());
        if (mine || direct) && !ours {
            found.push(Candidate::new(Kind::Handle, whole.range(), 0.8));
        }
    }
}

/// "add my snap jayb.09", "insta: @lowri_x", "gamertag is Foxy99".
fn after_platforms(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for cue in page.cues.iter().filter(|cue| cue.classes & PLATFORM != 0) {
        before_platform(page, cue.bytes.start, found);
        let after = page.text_after(cue.bytes.end, 70);
        let Some(name) = AFTER_PLATFORM
            .iter()
            .find_map(|shape| shape.captures(after))
            .and_then(|captures| captures.get(1))
        else {
            continue;
        };
        let start = cue.bytes.end + name.start();
        let trimmed = name.as_str().trim_end_matches(['.', '-']);
        let bytes = start..start + trimmed.len();
        if organisation(page, cue.bytes.start) || trimmed.len() < 3 {
            continue;
        }
        let lead = &after[..name.start()];
        let says_name = lead.contains(':')
            || lead.contains('=')
            || lead.contains(" is ")
            || lead.contains("name")
            || lead.contains("called");
        let written_as_one = trimmed.starts_with('@')
            || trimmed.contains('#')
            || trimmed.bytes().any(|byte| byte.is_ascii_digit())
                && trimmed.bytes().any(|byte| byte.is_ascii_alphabetic())
            || says_name && is_camel(page.written(bytes.clone()))
            || trimmed.contains(['_', ' '])
            || says_name && trimmed.contains('-')
            || trimmed.trim_matches('.').contains('.')
                && !trimmed.contains("..")
                && !is_host(trimmed);
        let private = page.near(&cue.bytes, PRIVATE | ADD, 24, 12);
        let confidence = match (written_as_one, says_name, private) {
            (true, _, true) => 0.93,
            (true, true, false) => 0.85,
            (true, false, false) => 0.6,
            (false, true, true)
                if !is_plain_word(trimmed)
                    && !lead.contains(" is ")
                    && !page
                        .text_after(bytes.end, 2)
                        .trim_start()
                        .starts_with(|c: char| c.is_ascii_lowercase()) =>
            {
                0.7
            }
            _ => continue,
        };
        found.push(Candidate::new(Kind::Handle, bytes, confidence));
    }
}

/// "add jelly_kat9 on snap", "she's called sparkle_9 on roblox".
fn before_platform(page: &Page<'_>, at: usize, found: &mut Vec<Candidate>) {
    let Some(before) = page.text_before(at, 60).strip_suffix(" on ") else {
        return;
    };
    let name = before.rsplit(' ').next().unwrap_or_default();
    let letters = name.bytes().any(|byte| byte.is_ascii_alphabetic());
    let signs = name
        .bytes()
        .any(|byte| byte.is_ascii_digit() || byte == b'_' || byte == b'.');
    let plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'@'));
    let end = at - 4;
    let start = end - name.len();
    let asked = page.near(&(start..end), ADD | PRIVATE, 16, 34)
        || ["called ", " as ", " is ", "name "]
            .iter()
            .any(|lead| before.contains(lead))
        || name.trim_matches('_').contains('_');
    if letters
        && (signs || is_camel(page.written(start..end)))
        && plain
        && !is_host(name)
        && !name.ends_with('.')
        && name.len() >= 5
        && asked
        && !organisation(page, start)
    {
        found.push(Candidate::new(Kind::Handle, start..end, 0.85));
    }
}

fn is_host(name: &str) -> bool {
    [
        ".com", ".uk", ".org", ".net", ".example", ".co", ".tv", ".gg",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

/// Whether an organisation speaks of its own account.
fn organisation(page: &Page<'_>, at: usize) -> bool {
    let before = page.text_before(at, 36);
    // a word that is cut is another word: "your"
    let before = match page.text[..at - before.len()].ends_with(char::is_alphanumeric) {
        true => before.split_once(' ').map_or("", |(_, whole)| whole),
        false => before,
    };
    let sentence = before.rfind(". ").map_or(0, |stop| stop + 2);
    let words = before[sentence..]
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut next = "";
    let mut other = false;
    words.rev().take(6).any(|word| {
        other |= is_somebody(word);
        if other {
            return false;
        }
        let of_one = word == "our"
            && (is_given_name(next)
                || matches!(
                    next,
                    "head"
                        | "year"
                        | "pupil"
                        | "student"
                        | "captain"
                        | "chess"
                        | "coder"
                        | "star"
                        | "own"
                        | "very"
                        | "ex"
                        | "former"
                        | "past"
                        | "skipper"
                        | "goalkeeper"
                        | "keeper"
                        | "son"
                        | "daughter"
                        | "lad"
                        | "girl"
                        | "boy"
                        | "kid"
                        | "eldest"
                        | "youngest"
                        | "little"
                        | "champion"
                        | "resident"
                        | "talented"
                        | "leaver"
                ));
        let next_word = next;
        next = word;
        if of_one {
            return false;
        }
        // "told us that a stranger called ..."
        if word == "us" && matches!(next_word, "that" | "about" | "know" | "a" | "there") {
            return false;
        }
        matches!(
            word,
            "us" | "our"
                | "school's"
                | "official"
                | "we"
                | "club"
                | "pta"
                | "school"
                | "library"
                | "museum"
                | "theatre"
                | "cafe"
                | "shop"
                | "council"
                | "charity"
                | "church"
                | "trust"
                | "zoo"
                | "gallery"
                | "company"
                | "association"
                | "society"
        )
    })
}

/// "Great code club, he's on it as ...": somebody who is no organisation.
fn is_somebody(word: &str) -> bool {
    matches!(
        word,
        "he" | "she" | "hes" | "shes" | "my" | "mine" | "his" | "her" | "him" | "i" | "im" | "me"
    )
}

/// Whether a capital stands amid small letters: "MoonPieMilo".
fn is_camel(written: &str) -> bool {
    let signs: Vec<char> = written.chars().collect();
    signs
        .windows(2)
        .any(|pair| pair[0].is_lowercase() && pair[1].is_uppercase())
}

fn is_plain_word(name: &str) -> bool {
    [
        "and", "the", "for", "but", "with", "you", "your", "not", "was", "has", "all", "they",
        "just", "good", "great", "lol", "please", "group", "page", "account", "video", "videos",
        "post", "live", "anyone", "everyone", "now", "too", "today", "messages", "photos",
        "pictures", "banned", "bad", "safety", "free", "full", "off", "over", "private", "public",
        "that", "what", "this", "there",
    ]
    .contains(&name)
}

/// Whether an account's name holds a given name or "dad": "@lads_dad_dave", "@carlyfromno9".
fn is_personal(name: &str) -> bool {
    let digits = name.bytes().any(|byte| byte.is_ascii_digit());
    let mut parts = name
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|part| !part.is_empty());
    let opens = (5..=name.len().min(9)).any(|length| name.get(..length).is_some_and(is_given_name));
    let several = name.contains(['_', '.']) || digits;
    several
        && parts.any(|part| {
            is_given_name(part)
                || matches!(
                    part,
                    "dad" | "mum" | "mummy" | "daddy" | "nan" | "nana" | "mrs" | "miss" | "auntie"
                )
        })
        || digits && opens
}

/// "@tegan_trevithick look its you": an account in a comment that is nothing but somebody's given and family name.
fn is_whole_name(page: &Page<'_>, bytes: &Range<usize>, named: &Named) -> bool {
    let name = &page.text[named.bytes.clone()];
    !page.context.draft
        && named.bytes.end == bytes.end
        && named.bytes.start <= bytes.start + 1
        && (name.contains(['_', '.']) || is_camel(page.written(named.bytes.clone())))
}

/// "add me @lowri_x", "my insta is @lowri_x". A mention alone is nobody's contact.
fn mentions(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in MENTION.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let address = page.text[..shaped.start()]
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric);
        let trimmed = shaped.as_str().trim_end_matches('.');
        let bytes = shaped.start()..shaped.start() + trimmed.len();
        let before = page.text_before(bytes.start, 40);
        let plays = before.ends_with(" as ")
            && [
                "stream", "plays", "posts", "known", "games", "sings", "bakes", "paints", "draws",
                "makes",
            ]
            .iter()
            .any(|act| before.contains(act));
        if address || !plays && organisation(page, bytes.start) {
            continue;
        }
        let add = page.near(&bytes, ADD, 24, 0);
        let platform = page.near(&bytes, PLATFORM, NEAR, 30);
        let mine = page.near(&bytes, PRIVATE, 24, 18);
        // "follow @wexbournefc" is said of clubs and shops
        let child = [" her own", " his own", "one of our", " our own"]
            .iter()
            .any(|own| page.text_before(bytes.start, 110).contains(own));
        let named = page.named_in(&bytes).any(|named| {
            !named.staff
                && (page.text[named.bytes.end..bytes.end].contains(|c: char| c.is_ascii_digit())
                    || is_whole_name(page, &bytes, named))
        });
        if named {
            found.push(Candidate::new(Kind::Handle, bytes, 0.7));
            continue;
        }
        if players::is_of_somebody_told(page, &bytes) {
            found.push(Candidate::new(Kind::Handle, bytes, 0.65));
            continue;
        }
        let personal = bytes.len() > 8 && trimmed.get(1..).is_some_and(is_personal);
        let signed = trimmed.contains('_') || trimmed.bytes().any(|byte| byte.is_ascii_digit());
        let of_a_child = (personal || signed)
            && OF_A_CHILD
                .iter()
                .any(|of| of.is_match(page.text_after(bytes.end, 40)));
        let child = child || of_a_child;
        if !mine && !child && page.text_before(bytes.start, 12).contains("follow") {
            continue;
        }
        let before = page.text_before(bytes.start, 24);
        let goes_by = child && page.context.draft
            || [
                "goes by ",
                "she is ",
                "he is ",
                "shes ",
                "hes ",
                "she's ",
                "he's ",
                "im ",
                "i'm ",
                "known as ",
                "reachable as ",
                "find me as ",
                "find me at ",
                "find me under ",
                "streams as ",
                "plays as ",
                "posts as ",
                "scratch as ",
                "twitch as ",
                "youtube as ",
            ]
            .iter()
            .any(|own| before.ends_with(own));
        let on_platform = page.text_after(bytes.end, 4) == " on "
            && page.near(&bytes, PLATFORM, 0, 24)
            || before.ends_with(" on ") && mine;
        let stranger = signed
            && [
                "account ",
                "account: ",
                "user ",
                "called ",
                "profile ",
                "named ",
                "stranger ",
                "by ",
            ]
            .iter()
            .any(|lead| before.ends_with(lead));
        // "@little_lamps_lou or @lou_lamps"
        let another = found.last().is_some_and(|last| {
            let between = page
                .text
                .get(last.bytes.end..bytes.start)
                .unwrap_or_default();
            last.kind == Kind::Handle && matches!(between, " or " | " and " | ", " | " / " | "/")
        });
        // "X: @hal_ormerod_bakes", "Instagram (so we can tag you): @tansy.and.toast"
        let entered = !page.context.draft
            && (before.ends_with(": ") && platform
                || before
                    .strip_suffix("x: ")
                    .is_some_and(|lead| !lead.ends_with(char::is_alphanumeric)));
        let goes_by = goes_by
            || is_written_to(page, &bytes, signed || trimmed.contains('.'))
            || plays
            || stranger
            || of_a_child
            || another
            || entered
            || on_platform && !page.context.draft;
        let confidence = match (add, platform, mine) {
            _ if goes_by => 0.75,
            (false, false, false) if personal && page.context.draft => 0.6,
            (true, _, _) | (_, true, _) if personal => 0.7,
            (_, true, true) | (true, true, _) => 0.9,
            (true, false, true) => 0.75,
            _ => continue,
        };
        found.push(Candidate::new(Kind::Handle, bytes, confidence));
    }
}
