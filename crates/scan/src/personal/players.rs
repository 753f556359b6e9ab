//! Account names of children where the text tells whose they are: lists of players ("Finn = finngall_fc"), and names that
//! hold the name of somebody told beside them ("Amber has posted it on @amberr.twirls").

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::PLATFORM,
    kind::Kind,
    page::Page,
    person::{bare, is_given, words},
    shown::is_counted,
};

/// Somebody and what they are called online: "Finn = finngall_fc", "Mabel plays as MabelMaths22".
static ENTRY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)([a-z][a-z'-]{1,14})(?: [a-z]\.?)?(?:'s (?:[a-z. ]{2,24}? )?(?:is|as|=|:))?(?: ?[=:\u{2013}\u{2014}-]{1,2}>? ?| \(| is | plays as | playing as | as | goes by | goes as | is on as | (?:is|who is) (?:on (?:it|there) )?as | uses | )@?([a-z0-9][a-z0-9._-]{4,24})(?-u:\b)").ok()
});

/// What is played or learnt online, besides the platforms everybody knows.
const ONLINE: &[&str] = &[
    "usernames",
    "user names",
    "online names",
    "player names",
    "gamertags",
    "gamer tags",
    "duolingo",
    "chess",
    "rock stars",
    "rockstars",
    "ttrs",
    "sumdog",
    "prodigy",
    "his channel",
    "her channel",
    "play at home",
    "play online",
];

/// Shortest name that an account may be known to hold.
const SHORTEST: usize = 4;

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if !page.has(PLATFORM) && !ONLINE.iter().any(|word| page.says(word)) {
        return;
    }
    let mut from = 0;
    while let Some((whole, who, name)) = ENTRY
        .iter()
        .find_map(|shape| shape.captures_at(page.text, from))
        .and_then(|captures| Some((captures.get(0)?, captures.get(1)?, captures.get(2)?)))
    {
        // the name of one entry may open the next: "rivals: Mabel plays as MabelMaths22"
        from = who.end();
        let trimmed = name.as_str().trim_end_matches(['.', '-', '_']);
        let bytes = name.start()..name.start() + trimmed.len();
        let beside = whole.as_str().len() == who.len() + 1 + name.len();
        let somebody = is_somebody(page, &who.range());
        let fits = if beside {
            holds_a_name(trimmed, bare(who.as_str()))
                && trimmed.len() > bare(who.as_str()).len() + 1
        } else {
            looks_made_up(page, &bytes)
                || holds_a_name(trimmed, who.as_str()) && trimmed.len() > who.len() + 2
        };
        let goes_on = page.text_after(bytes.end, 3);
        let goes_on = goes_on.starts_with(['@', '/', '(']) || goes_on.starts_with(" /");
        if somebody && fits && !goes_on && !page.in_link(&bytes) {
            found.push(Candidate::new(Kind::Handle, bytes, 0.75));
        }
    }
}

fn is_somebody(page: &Page<'_>, who: &Range<usize>) -> bool {
    let named = page.named_in(who).any(|named| !named.staff);
    (named || is_given(page, who.start, &page.text[who.clone()]))
        && (page.opens_with_capital(who.start) || !page.context.draft)
}

/// Whether letters and digits, a line below or a capital amid small letters make one word.
fn looks_made_up(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let name = &page.text[bytes.clone()];
    let letters = name.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let opens = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let host = [".com", ".uk", ".org", ".net", ".example", ".co", ".tv"]
        .iter()
        .any(|end| name.ends_with(end));
    opens
        && !host
        && letters >= 3
        && !is_counted(name)
        && (digits > 0 || name.contains('_') || is_camel(page.written(bytes.clone())))
}

/// Whether a capital stands amid small letters: "DragonIdris".
fn is_camel(written: &str) -> bool {
    let signs: Vec<char> = written.chars().collect();
    signs
        .windows(2)
        .any(|pair| pair[0].is_lowercase() && pair[1].is_uppercase())
}

/// Whether an account's name holds a person's name: "amberr.twirls" holds "amber".
fn holds_a_name(account: &str, name: &str) -> bool {
    name.len() >= SHORTEST && account.contains(name)
}

/// Whether an account's name opens with the given name of somebody in the same sentence.
pub(super) fn is_of_somebody_told(page: &Page<'_>, account: &Range<usize>) -> bool {
    let name = page.text[account.clone()].trim_start_matches('@');
    let sentence = page.sentence_of(account.start);
    let told = words(page, &(sentence.start..account.start));
    told.iter().enumerate().any(|(nth, &(at, word))| {
        let given = bare(word);
        // "thank you to Michael Rosen, @michaelrosenreads": who signs with a full name wants to be known
        let family = told.get(nth + 1).is_some_and(|(next, family)| {
            page.opens_with_capital(*next) && name.contains(bare(family))
        });
        given.len() >= SHORTEST
            && !family
            && name.len() > given.len() + 1
            && name.starts_with(given)
            && page.opens_with_capital(at)
            && (is_given(page, at, word)
                || page
                    .named_in(&(at..at + given.len()))
                    .any(|named| !named.staff))
    })
}

#[cfg(test)]
mod tests {
    use crate::personal::tests::told;

    fn accounts(text: &str) -> Vec<String> {
        told("handle", text)
    }

    #[test]
    fn accounts_are_known_by_whose_they_are() {
        for (text, told) in [
            (
                "Rocket League club, online names:\nFinn = finngall_fc\nJoshua = stormjosh2017\nIdris = DragonIdris",
                "DragonIdris",
            ),
            (
                "Chess.com usernames for home: Kate kateknight, Ruby RubyRook9.",
                "RubyRook9",
            ),
            (
                "Fortnite names: Leo is LeoTheLionX, Priya is pri_plays.",
                "LeoTheLionX",
            ),
            (
                "Amber has posted the routine on @amberr.twirls.wex so go and like it.",
                "@amberr.twirls.wex",
            ),
        ] {
            assert!(
                accounts(text).iter().any(|name| name == told),
                "{text}: {:?}",
                accounts(text)
            );
        }
    }

    #[test]
    fn builds_files_and_clubs_are_nobodys_accounts() {
        for text in [
            "Our Minecraft world has a Viking_Longhouse and a Roman_Villa.",
            "Chess club: Ruby beat Leo and Leo is Year6 champion.",
            "Rocket League: add one another before Friday.",
            "Roblox night: Ruby is player of the match.",
        ] {
            assert!(accounts(text).is_empty(), "{text}: {:?}", accounts(text));
        }
    }
}
