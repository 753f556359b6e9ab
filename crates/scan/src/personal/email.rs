//! E-mail addresses, also those written with "(at)" and "dot" (DOMAIN 2.12).

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{ORG, PHONE, PRIVATE, VENUE},
    kind::Kind,
    page::Page,
    person::is_given_name,
    shape::Shape,
};

/// "grannyjean at gmail", "kev.hart77 on hotmail": the provider stands for the rest.
pub(super) static PROVIDER: LazyLock<String> = LazyLock::new(|| {
    let mail = "gmail|hotmail|outlook|yahoo|icloud|btinternet|googlemail|aol|protonmail";
    format!(
        r"(?-u:\b)(?:[a-z0-9][a-z0-9._-]{{2,40}} ?(?:at|@|\(at\)) ?(?:live|{mail})|[a-z]{{2,20}}(?:[._-][a-z0-9]{{1,20}}|[0-9]{{1,4}}){{1,3}} (?:on|over at|over on) (?:{mail}))(?-u:\b)"
    )
});
/// An address with spaces around its signs, after a word such as "email".
pub(super) const SPACED: &str = r"(?-u:\b)(?:e-?mail|reach me (?:on|at)|get me (?:on|at)|contact me (?:on|at)|write to me at|mail me)(?: address)?(?: is|:|,| at)? ?([a-z0-9][a-z0-9_-]{1,30}(?: ?\. ?[a-z0-9_-]{1,30}){0,2} ?(?:@| at ) ?[a-z0-9-]{2,40}(?: ?[.。] ?[a-z]{2,12}){1,3})(?-u:\b)";

/// Letter by letter: "d a n i @ icloud . com".
static LETTERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)[a-z0-9](?: ?[._-]? [a-z0-9]){3,40} ?@ ?[a-z0-9](?: ?[a-z0-9-]){2,30} ?\. ?(?:c ?o ?m|c ?o ?\. ?u ?k|o ?r ?g(?: ?\. ?u ?k)?|n ?e ?t|u ?k|e ?x ?a ?m ?p ?l ?e)(?-u:\b)").ok()
});

static PLAIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[a-z0-9][a-z0-9._%+'-]{0,63}@[a-z0-9-]{1,63}(?:[.。][a-z0-9-]{1,63}){1,5}").ok()
});

static SPELLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let at = r"(?:\s{0,2}[\[({<]\s?(?:at|@)\s?[\])}>]\s{0,2}|\sat\s|\s?@\s?)";
    let dot = r"(?:\s{0,2}[\[({<]\s?(?:dot|\.)\s?[\])}>]\s{0,2}|\sdot\s|\.)";
    Regex::new(&format!(
        r"(?-u:\b)[a-z0-9][a-z0-9._%+-]{{0,63}}(?:\sdot\s[a-z0-9_-]{{1,32}}){{0,2}}{at}[a-z0-9-]{{1,63}}(?:{dot}[a-z0-9-]{{2,24}}){{1,4}}(?-u:\b)"
    ))
    .ok()
});

/// Spaces around the signs and an ending that only addresses have: "jo88 @ mail . com".
static LOOSE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)[a-z0-9][a-z0-9._-]{1,40} ?[\[({<]?@[\])}>]? ?[a-z0-9-]{2,40}(?: ?\. ?[a-z]{2,12}){0,2} ?\. ?(?:com|uk|org|net|example)(?-u:\b)").ok()
});

/// "my gmail is jo.bloggs84": the rest goes without saying.
pub(super) const LOCAL: &str = r"(?-u:\b)(?:gmail|hotmail|outlook|yahoo|icloud|e-?mail)(?: address| one| account)?(?: is|'s|:) ?([a-z0-9]+(?:[._-][a-z0-9]+)+|[a-z]{3,20}[0-9]{1,5})(?-u:\b)";

/// Endings that an address without brackets and without "dot" must have, because "see you @ school.Bring a coat" is none.
const ENDINGS: &[&str] = &[
    "com", "uk", "org", "net", "example", "info", "io", "biz", "eu", "ie", "scot", "wales",
    "cymru", "london", "pl", "ro",
];

/// Mailboxes of an organisation, not of a person.
const ROLES: &[&str] = &[
    "absence",
    "admin",
    "admissions",
    "advice",
    "bookings",
    "booking",
    "boxoffice",
    "bursar",
    "careers",
    "childcare",
    "choir",
    "clerk",
    "club",
    "clubs",
    "community",
    "complaints",
    "contact",
    "contactus",
    "customerservices",
    "delivery",
    "dpo",
    "editor",
    "education",
    "enquiries",
    "enquiry",
    "events",
    "exams",
    "feedback",
    "finance",
    "friends",
    "fundraising",
    "general",
    "governors",
    "head",
    "headteacher",
    "hello",
    "help",
    "helpdesk",
    "hire",
    "hr",
    "info",
    "jobs",
    "kitchen",
    "learning",
    "library",
    "lettings",
    "mail",
    "marketing",
    "media",
    "membership",
    "museum",
    "news",
    "newsdesk",
    "newsletter",
    "no-reply",
    "noreply",
    "nursery",
    "office",
    "online",
    "order",
    "orders",
    "outreach",
    "payroll",
    "parents",
    "post",
    "press",
    "principal",
    "privacy",
    "pta",
    "reception",
    "recruitment",
    "registrations",
    "repairs",
    "reservations",
    "safeguarding",
    "sales",
    "school",
    "schools",
    "schooladmin",
    "schooloffice",
    "secretary",
    "send",
    "senco",
    "service",
    "services",
    "shop",
    "sport",
    "sports",
    "studentservices",
    "studio",
    "support",
    "swimming",
    "team",
    "teams",
    "theatre",
    "tickets",
    "transport",
    "trips",
    "uniform",
    "visit",
    "visits",
    "volunteer",
    "volunteering",
    "volunteers",
    "web",
    "webmaster",
    "welcome",
    "wraparound",
];

/// The same, of words that are family names too: nothing else may stand in the mailbox.
const DEPARTMENTS: &[&str] = &[
    "alumni",
    "art",
    "attendance",
    "behaviour",
    "boarding",
    "bullying",
    "bursaries",
    "cafe",
    "camps",
    "catering",
    "ccf",
    "centre",
    "chair",
    "chaplain",
    "chaplaincy",
    "computing",
    "concerns",
    "counselling",
    "data",
    "development",
    "dinners",
    "dofe",
    "donate",
    "drama",
    "dsl",
    "dt",
    "eal",
    "ehcp",
    "english",
    "estates",
    "events",
    "exams",
    "eyfs",
    "facilities",
    "foi",
    "foundation",
    "gardens",
    "gdpr",
    "geography",
    "giving",
    "governance",
    "governor",
    "history",
    "holidayclub",
    "hub",
    "humanities",
    "ict",
    "inclusion",
    "infants",
    "it",
    "juniors",
    "kidsclub",
    "languages",
    "legal",
    "lunches",
    "maths",
    "matron",
    "meals",
    "medical",
    "mfl",
    "minibus",
    "minutes",
    "music",
    "nurse",
    "oldboys",
    "oldgirls",
    "parentsassociation",
    "pastoral",
    "pe",
    "pfa",
    "phonics",
    "premises",
    "prep",
    "preschool",
    "prospectus",
    "psa",
    "pshe",
    "register",
    "registrar",
    "reports",
    "reunion",
    "reunions",
    "rugby",
    "sar",
    "scholarships",
    "science",
    "sendco",
    "senior",
    "sickness",
    "site",
    "sixth",
    "sixthform",
    "speakup",
    "swim",
    "tellus",
    "tours",
    "trust",
    "tuckshop",
    "wellbeing",
    "worried",
    "worry",
    "yearbook",
];

/// Whether nothing but departments and year groups stands in the name of a mailbox: "pe", "dsl", "sixthform", "year4".
fn is_of_a_department(mailbox: &str) -> bool {
    mailbox.split(['.', '-', '_']).all(|part| {
        let group = part.trim_end_matches(|c: char| c.is_ascii_digit());
        DEPARTMENTS.contains(&part)
            || ROLES.contains(&part)
            || group.len() < part.len() && matches!(group, "year" | "yr" | "y" | "class" | "form")
    })
}

/// Hosts where whoever writes does so at work.
const PUBLIC_BODIES: &[&str] = &[
    ".sch.uk",
    ".gov.uk",
    ".nhs.uk",
    ".police.uk",
    ".ac.uk",
    ".parliament.uk",
    ".gov.scot",
    ".gov.wales",
];

/// Words in the name of a firm's or a public body's host.
const FIRMS: &[&str] = &[
    "librar",
    "museum",
    "gallery",
    "theatre",
    "playhouse",
    "cinema",
    "council",
    "trust",
    "charity",
    "church",
    "parish",
    "club",
    "centre",
    "center",
    "hall",
    "farm",
    "school",
    "college",
    "academy",
    "nursery",
    "shop",
    "store",
    "books",
    "bakery",
    "cafe",
    "hotel",
    "zoo",
    "park",
    "leisure",
    "sports",
    "pool",
    "fire",
    "police",
    "rescue",
    "hospital",
    "clinic",
    "dental",
    "surgery",
    "pharmacy",
    "health",
    "coaches",
    "travel",
    "buses",
    "trains",
    "rail",
    "uniform",
    "schoolwear",
    "outfit",
    "photos",
    "photography",
    "catering",
    "kitchen",
    "camp",
    "adventure",
    "outdoor",
    "activities",
    "music",
    "dance",
    "drama",
    "arts",
    "events",
    "hire",
    "tickets",
    "festival",
    "news",
    "radio",
    "press",
    "media",
    "ltd",
    "group",
    "services",
    "partners",
    "associates",
    "foundation",
    "society",
    "association",
    "union",
    "rovers",
    "united",
    "fc",
    "rugby",
    "cricket",
    "scouts",
    "guides",
    "guild",
    "heritage",
    "castle",
    "abbey",
    "cathedral",
    "water",
    "energy",
    "bank",
    "insurance",
    "solicitors",
    "lettings",
    "garden",
    "florist",
    "vets",
    "studio",
];

/// Names of hosts where private people have their mail.
const PROVIDERS: &[&str] = &[
    "aol",
    "blueyonder",
    "bt",
    "demon",
    "ee",
    "email",
    "freeserve",
    "gmx",
    "hey",
    "lineone",
    "live",
    "mac",
    "me",
    "msn",
    "ntlworld",
    "o2",
    "orange",
    "plus",
    "plusnet",
    "pm",
    "sky",
    "supanet",
    "tesco",
    "tiscali",
    "tutanota",
    "vodafone",
    "wanadoo",
];

/// Words in the name of a host where private people have their mail.
const PRIVATE_HOSTS: &[&str] = &[
    "mail",
    "post",
    "box",
    "outlook",
    "yahoo",
    "icloud",
    "btinternet",
    "btopenworld",
    "virgin",
    "talktalk",
    "proton",
    "letter",
    "pupil",
    "student",
    "kids",
    "family",
    "house",
    "home",
];

/// Words up to this length end the name of a firm's host, or stand in it between hyphens; longer ones stand anywhere.
const SHORT: usize = 4;

/// Whether private people may have their mail at a host.
fn is_private_host(host: &str) -> bool {
    let label = host.split('.').next().unwrap_or(host);
    let named = label.replace("playhouse", "");
    label == "example"
        || host.ends_with(".me.uk")
        || host.split('.').any(|part| PROVIDERS.contains(&part))
        || PRIVATE_HOSTS.iter().any(|word| named.contains(word))
}

/// Whether the name of a host says what the firm does.
fn names_a_firm(host: &str) -> bool {
    let label = host.split('.').next().unwrap_or(host);
    FIRMS.iter().any(|firm| {
        label.ends_with(firm)
            || label.split('-').any(|part| part == *firm)
            || firm.len() > SHORT && label.contains(firm)
    })
}

/// Whether the mailbox is a firm's or a public body's: one plain word that is nobody's name, at a host of theirs.
fn is_of_a_firm(page: &Page<'_>, bytes: &Range<usize>, mailbox: &str, host: &str) -> bool {
    let word = mailbox.len() >= 3 && mailbox.bytes().all(|byte| byte.is_ascii_lowercase());
    let named = || {
        is_given_name(mailbox)
            || (3..mailbox.len()).any(|length| mailbox.get(..length).is_some_and(is_given_name))
    };
    word && !is_private_host(host)
        && (names_a_firm(host) || page.near(bytes, ORG | VENUE, 90, 40))
        && !page.near(bytes, PRIVATE, 60, 20)
        && !named()
}

/// Words in the host of a body that serves everybody.
const BODIES: &[&str] = &[
    "police",
    "council",
    "fire",
    "rescue",
    "nhs",
    "gov",
    "library",
    "libraries",
    "ambulance",
    "hospital",
    "university",
    "museum",
];

/// Whether the mailbox is a desk or a team of a public body: no name, initial or number in it.
fn is_of_a_public_body(mailbox: &str, host: &str) -> bool {
    let desk = mailbox.split(['.', '-', '_']).all(|part| {
        part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_lowercase()) && !is_given_name(part)
    });
    let label = host.split('.').next().unwrap_or(host);
    desk && label.split('-').any(|part| BODIES.contains(&part))
}

/// Whether a host keeps the mail of pupils.
fn is_of_pupils(host: &str) -> bool {
    host.split('.').any(|part| {
        matches!(
            part,
            "pupil" | "pupils" | "student" | "students" | "learners" | "kids"
        )
    })
}

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let text = page.text;
    if page.writes(b'@') {
        for shaped in PLAIN.iter().flat_map(|pattern| pattern.find_iter(text)) {
            add(page, shaped.start(), shaped.as_str(), found);
        }
        for shaped in LETTERS.iter().flat_map(|pattern| pattern.find_iter(text)) {
            add(page, shaped.start(), shaped.as_str(), found);
        }
        for shaped in LOOSE.iter().flat_map(|pattern| pattern.find_iter(text)) {
            if shaped.as_str().contains([' ', '[', '(', '{', '<']) {
                add(page, shaped.start(), shaped.as_str(), found);
            }
        }
    }
    if page.says("mail") || page.says("me ") {
        for captures in Shape::MailSpaced
            .within(page)
            .into_iter()
            .flat_map(|pattern| pattern.captures_iter(text))
        {
            if let Some(address) = captures.get(1) {
                add(page, address.start(), address.as_str(), found);
            }
        }
    }
    if page.says("mail") || page.says("outlook") || page.says("yahoo") || page.says("icloud") {
        for shaped in Shape::MailProvider
            .within(page)
            .into_iter()
            .flat_map(|pattern| pattern.find_iter(text))
        {
            let word = shaped.as_str().split([' ', '@']).next().unwrap_or_default();
            let plain = [
                "look", "looking", "arrives", "sent", "account", "address", "meet", "staff",
            ];
            if !plain.contains(&word) && page.near(&shaped.range(), PRIVATE | PHONE, 45, 20) {
                found.push(Candidate::new(Kind::Email, shaped.range(), 0.7));
            }
        }
        for captures in Shape::MailLocal
            .within(page)
            .into_iter()
            .flat_map(|pattern| pattern.captures_iter(text))
        {
            let local = captures.get(1).filter(|local| {
                let after = page.text_after(local.end(), 2);
                let goes_on =
                    after.starts_with([' ', '(']) && page.text_after(local.end(), 5).contains("at");
                !after.starts_with('@') && !goes_on
            });
            found.extend(local.map(|local| Candidate::new(Kind::Email, local.range(), 0.7)));
        }
    }
    if !(page.writes(b'@')
        || page.says(" dot ")
        || page.says("dot)")
        || page.says("dot]")
        || page.says(" at ") && page.writes(b'.')
        || page.says("at)")
        || page.says("at]"))
    {
        return;
    }
    for shaped in SPELLED.iter().flat_map(|pattern| pattern.find_iter(text)) {
        let whole = shaped.as_str();
        let ending = whole.rsplit('.').next().unwrap_or_default();
        // "on insta @jo.uk": an account's name after a word
        if whole.contains(" @") && !whole.contains(" @ ") {
            continue;
        }
        // "meet at school. bring a coat": without brackets it must say "dot" or end as addresses do
        let meant = whole.contains(['(', '[', '{', '<'])
            || whole.contains(" dot ")
            || whole.contains('@') && ENDINGS.contains(&ending)
            || ENDINGS.contains(&ending)
                && whole.split(" at ").next().is_some_and(|local| {
                    local.contains(|c: char| c == '.' || c == '_' || c.is_ascii_digit())
                });
        if meant {
            add(page, shaped.start(), whole, found);
        }
    }
}

fn add(page: &Page<'_>, start: usize, shaped: &str, found: &mut Vec<Candidate>) {
    let shaped = shaped.trim_end_matches(['.', '-', '\'']);
    let bytes = start..start + shaped.len();
    let address = undo_spelling(shaped);
    // an address in look-alike letters is somebody else's, whatever it folds to
    let plain = page.written(bytes.clone()).is_ascii();
    let own = plain && page.own.is_own_email(&address);
    let Some((local, host)) = address.split_once('@') else {
        return;
    };
    // what stands after a plus only sorts the mail of whoever stands before it
    let mailbox = local.split('+').next().unwrap_or(local);
    // a pupil's mailbox holds the pupil's name, whoever keeps it (DOMAIN 2.12)
    if own && !(is_of_pupils(host) && mailbox.contains(['.', '_', '-'])) {
        return;
    }
    let private = page.near(&bytes, PRIVATE, 40, 0);
    let parts = || mailbox.split(['.', '-', '_']);
    let desk = |part| ROLES.contains(&part);
    // "her home email, hello.marguerite@": more than the name of a desk
    let role = parts().any(desk) && !parts().any(is_given_name) && (!private || parts().all(desk))
        || is_of_a_department(mailbox) && !is_private_host(host);
    let pupil = ["pupil", "student"]
        .iter()
        .any(|word| address.contains(word));
    let at_work = PUBLIC_BODIES.iter().any(|body| host.ends_with(body));
    let confidence = match (role, pupil, at_work) {
        (true, _, _) => return,
        (_, true, _) => 0.97,
        _ if is_of_a_firm(page, &bytes, mailbox, host) => return,
        _ if is_of_a_public_body(mailbox, host) && !private => return,
        (_, _, true) if private => 0.6,
        (_, _, true) => return,
        _ => 0.95,
    };
    found.push(Candidate::new(Kind::Email, bytes, confidence));
}

fn undo_spelling(address: &str) -> String {
    let spaced: String = address
        .chars()
        .map(|c| {
            if matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>') {
                ' '
            } else {
                if c == '。' { '.' } else { c }
            }
        })
        .collect();
    let mut plain = String::new();
    for part in spaced.split_whitespace() {
        match part {
            "at" if !plain.contains('@') => plain.push('@'),
            "dot" => plain.push('.'),
            other => plain.push_str(other),
        }
    }
    plain
}
